# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter inventory_delta with scans: in each form in which there are scans, and never one with an inventory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.invmon.network.plugins.filter.inventory_delta import inventory_delta
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import keep
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._discovery.scans import at, host, scan

OLD, NEW = scan(0, host("10.0.0.5"), id="a"), scan(9, host("10.0.0.6"), id="b")


def test_two_scans_are_compared_in_whatever_form_they_are(tmp_path: Path) -> None:
    found = inventory_delta(to_json(OLD), to_json(NEW))
    assert [(one["fate"], one["ip"], one["time"]) for one in found] == [
        ("new", "10.0.0.6", at(9)),
        ("silent", "10.0.0.5", at(9)),
    ]
    assert inventory_delta(str(keep(tmp_path, OLD)), to_json(NEW)) == found
    whole = to_json(NEW)
    discovery = {"schema": 1, "scan": {key: whole[key] for key in whole if key != "hosts"}, "hosts": whole["hosts"]}
    assert inventory_delta(to_json(OLD), json.loads(json.dumps(discovery))) == found


@pytest.mark.parametrize(
    ("older", "newer", "words"),
    [
        (to_json(OLD), [], "the newer is not a scan"),
        ("2026-11-22", to_json(NEW), "the older is not a scan"),
        (to_json(NEW), to_json(OLD), "must have begun before"),
        ({**to_json(OLD), "hosts": [5]}, to_json(NEW), r"the older.scan.hosts\[0\] is 5"),
        ({**to_json(OLD), "started": "yesterday"}, to_json(NEW), "not ISO 8601"),
    ],
)
def test_what_cannot_be_compared_is_refused(older: Any, newer: Any, words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        inventory_delta(older, newer)
