# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The item as plain data."""

from __future__ import annotations

from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.plugins.module_utils._parts.item import CATEGORIES, PHYSICAL_CLASSES, Item


def test_what_a_device_does_not_say_is_left_out() -> None:
    item = Item("FJL1", "1", "entPhysicalTable", is_fru=False, position=0)
    assert to_json(item) == {
        **{"serial": "FJL1", "index": "1", "source": "entPhysicalTable", "category": "unknown"},
        **{"is_fru": False, "position": 0},
    }


def test_each_class_of_the_mib_is_a_category_and_so_is_a_transceiver() -> None:
    assert {*PHYSICAL_CLASSES.values(), "transceiver"} == CATEGORIES
    assert len(PHYSICAL_CLASSES) == 15
