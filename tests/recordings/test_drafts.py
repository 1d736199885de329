# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts of profiles of all recordings, each as if no profile knew the device (`make drafts` lists them).

The counts are those that were reached: a change that makes a draft worse for one kind of device makes it better for
another, or is none. Raise them when more drafts are right.
"""

from __future__ import annotations

from collections import Counter

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import from_text
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_parser import parse_layout
from ansible_collections.invmon.network.tests.drafts import INCOMPLETE, MORE, RIGHT, WRONG, Trial, trials
from ansible_collections.invmon.network.tests.recordings.build import recordings

#: So many drafts are right at least, and this share of all reads a column that the profile does not at most.
LEAST_RIGHT, MOST_WRONG = 190, 0.12

#: Ten vendors whose profile was taken away: tables of modules and optics, scalars alone, power supplies, indexes by
#: slot and by ifIndex, an agent of Net-SNMP.
TEN = {
    "mikrotik": RIGHT,
    "a10-thunder": RIGHT,
    "huawei-istack": RIGHT,
    "h3c-comware": RIGHT,
    "ciena-6500": RIGHT,
    "fortigate-cluster": RIGHT,
    "eaton-epdu": RIGHT,
    "checkpoint-net-snmp": RIGHT,
    "zte-c600": RIGHT,
    "snmpsim-juniper-mx960": INCOMPLETE,
}


@pytest.fixture(scope="module")
def found() -> dict[str, Trial]:
    return {one.name: one for one in trials(recordings())}


def test_no_fewer_drafts_are_right_and_no_more_read_a_wrong_column(found: dict[str, Trial]) -> None:
    counts = Counter(one.verdict for one in found.values())
    assert counts[RIGHT] >= LEAST_RIGHT, counts
    assert counts[WRONG] <= MOST_WRONG * counts.total(), counts
    assert counts[MORE] < counts[INCOMPLETE] < counts[RIGHT]


def test_each_draft_is_a_profile_and_has_no_serial_number_in_it(found: dict[str, Trial]) -> None:
    for one in found.values():
        parse_layout(from_text(f"{one.name}.yml", one.text, one.name).content())
        assert not [serial for serial in one.wanted | one.read if len(serial) > 6 and serial in one.text], one.name


@pytest.mark.parametrize("name", TEN)
def test_the_draft_of_ten_vendors_is_as_it_was(name: str, found: dict[str, Trial]) -> None:
    assert found[name].verdict == TEN[name], (found[name].missing, found[name].more, found[name].text)
