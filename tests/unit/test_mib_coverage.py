# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make mib-coverage`: a MIB of ours, as odd as real ones, held against a profile of ours."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import Profiles, load
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_reader import Module, read_text
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_tree import MibTree
from ansible_collections.invmon.network.tests.mib_coverage import table, write
from ansible_collections.invmon.network.tests.mibs.coverage import (
    Finding,
    counted,
    findings,
    load_exclusions,
)
from ansible_collections.invmon.network.tests.mibs.profile_faults import profile_faults
from ansible_collections.invmon.network.tests.mibs.profile_oids import serial_oids
from ansible_collections.invmon.network.tests.mibs.serial_objects import serial_objects

#: Odd on purpose: a comma missing in IMPORTS, a parent that is in no module, a comment in a comment, a wrong ACCESS.
MIB = """
-- A box ------ "of ours"
OUR-BOX-MIB DEFINITIONS ::= BEGIN
IMPORTS OBJECT-TYPE FROM SNMPv2-SMI DisplayString FROM SNMPv2-TC ourRoot FROM OUR-ROOT-MIB;
CardType ::= TEXTUAL-CONVENTION
    STATUS current
    DESCRIPTION "Kinds of cards ::= none"
    SYNTAX INTEGER { none(0), line(1), fan(2) }
boxSerialNumber OBJECT-TYPE
    SYNTAX DisplayString (SIZE (0..32))  ACCESS read-only STATUS current
    DESCRIPTION "The serial number of the chassis."
    ::= { ourRoot 1 }
cardTable OBJECT-TYPE SYNTAX SEQUENCE OF CardEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "Cards." ::= { ourRoot 2 }
cardEntry OBJECT-TYPE SYNTAX CardEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "A card." INDEX { cardSlot } ::= { cardTable 1 }
CardEntry ::= SEQUENCE { cardSlot INTEGER, cardType CardType, cardSn DisplayString }
cardSlot OBJECT-TYPE SYNTAX INTEGER (1..8) MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "Slot." ::= { cardEntry 1 }
cardType OBJECT-TYPE SYNTAX CardType MAX-ACCESS read-only STATUS current
    DESCRIPTION "Kind of card." ::= { cardEntry 2 }
cardSn OBJECT-TYPE SYNTAX DisplayString MAX-ACCESS read-only STATUS current
    DESCRIPTION "Its number." ::= { cardEntry 3 }
cardVendor OBJECT-TYPE SYNTAX DisplayString MAX-ACCESS read-only STATUS current
    DESCRIPTION "Who made it." ::= { cardEntry 4 }
certSerialNumber OBJECT-TYPE SYNTAX DisplayString MAX-ACCESS read-only STATUS current
    DESCRIPTION "The serial number of the certificate." ::= { ourRoot 3 }
trapSerialNumber OBJECT-TYPE SYNTAX DisplayString MAX-ACCESS accessible-for-notify STATUS current
    DESCRIPTION "Of what sent the trap." ::= { ourRoot 4 }
serialPortSpeed OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-only STATUS current DESCRIPTION "In baud." ::= { ourRoot 5 }
system OBJECT IDENTIFIER ::= { ourRoot 8 }
systemSerialNumber OBJECT-TYPE SYNTAX DisplayString MAX-ACCESS read-only STATUS current DESCRIPTION "" ::= { system 1 }
onlineUserNum OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-only STATUS current DESCRIPTION "How many." ::= { ourRoot 6 }
END
OUR-ROOT-MIB DEFINITIONS ::= BEGIN
our OBJECT IDENTIFIER ::= { enterprises 4294967 }
ourRoot OBJECT IDENTIFIER ::= { our products(1) 7 }
END
"""

RIGHT = """---
name: ours
match: [{object_id: 1.3.6.1.4.1.4294967}]
scalars:
  box: {oids: {serial: 1.3.6.1.4.1.4294967.1.7.1.0}}
  system: {oids: {serial: 1.3.6.1.4.1.4294967.1.7.8.1.0}}
"""
OPEN = """---
name: ours
match: [{object_id: 1.3.6.1.4.1.4294967}]
tables:
  cardTable: {entry: 1.3.6.1.4.1.4294967.1.*.2.1, index: [slot], columns: {serial: 3, part: COLUMN}}
"""
WRONG = """---
name: ours
match: [{object_id: 1.3.6.1.4.1.4294967}]
scalars:
  box: {oids: {serial: 1.3.6.1.4.1.4294967.1.7.1.0, part: 1.3.6.1.4.1.4294967.1.7.9.0}}
tables:
  cardTable:
    entry: 1.3.6.1.4.1.4294967.1.7.2.1
    index: [shelf, slot]
    columns: {part: 2, serial: 3, hardware_rev: 4}
"""


@pytest.fixture(scope="module")
def tree() -> MibTree:
    modules: dict[str, Module] = {}
    read_text(MIB, modules)
    return MibTree(modules)


def profiles(text: str, folder: Path) -> Profiles:
    (folder / "ours.yml").write_text(text, encoding="utf-8")
    return Profiles({profile.name: profile for profile in load(folder)})


def found(tree: MibTree, folder: Path) -> list[Finding]:
    return findings(serial_objects(tree), serial_oids(profiles(RIGHT, folder)), load_exclusions())


def test_each_serial_is_read_excluded_with_a_reason_or_missing(tree: MibTree, tmp_path: Path) -> None:
    states = {finding.found.names[0]: (finding.state, finding.found.kind) for finding in found(tree, tmp_path)}
    assert states == {
        "OUR-BOX-MIB::boxSerialNumber": ("read", "chassis"),
        "OUR-BOX-MIB::cardSn": ("missing", "module"),
        "OUR-BOX-MIB::certSerialNumber": ("excluded", "other"),
        "OUR-BOX-MIB::trapSerialNumber": ("excluded", "other"),
        "OUR-BOX-MIB::systemSerialNumber": ("read", "chassis"),
    }
    reasons = [finding.excluded for finding in found(tree, tmp_path) if finding.excluded]
    assert "certificate" in reasons[0]
    assert "MAX-ACCESS" in reasons[1]


def test_the_table_fits_a_terminal_and_the_file_has_every_object(tree: MibTree, tmp_path: Path) -> None:
    these = found(tree, tmp_path)
    lines = list(table("kind", counted(these, lambda finding: finding.found.kind)))
    assert max(map(len, lines)) <= 80
    assert lines[-1].split() == ["total", "5", "2", "2", "1", "66"]
    write(tmp_path / "all.csv", these)
    assert "1.3.6.1.4.1.4294967.1.7.2.1.3,OUR-BOX-MIB::cardSn,module,True,missing" in (tmp_path / "all.csv").read_text()


def test_a_profile_that_contradicts_its_mib_is_found(tree: MibTree, tmp_path: Path) -> None:
    assert not list(profile_faults(profiles(RIGHT, tmp_path), tree))
    faults = {(fault.value, fault.problem, fault.certain) for fault in profile_faults(profiles(WRONG, tmp_path), tree)}
    assert faults == {
        ("part", "1.3.6.1.4.1.4294967.1.7.9.0 is in no MIB", False),
        ("", "index has 2 names, and by INDEX 1", True),
        ("part", "OUR-BOX-MIB::cardType is an enumeration and needs a map", True),
        ("hardware_rev", "OUR-BOX-MIB::cardVendor is not called a version, but is read as hardware_rev", False),
    }


def test_an_open_number_of_a_profile_stands_for_one_number_of_a_mib(tree: MibTree, tmp_path: Path) -> None:
    these = findings(serial_objects(tree), serial_oids(profiles(OPEN.replace("COLUMN", "4"), tmp_path)), [])
    assert [one.found.names for one in these if one.read_by] == [("OUR-BOX-MIB::cardSn",)]
    above = OPEN.replace("*.2.1", "*.2").replace("serial: 3", "serial: 1").replace("COLUMN", "4")
    assert not [
        one for one in findings(serial_objects(tree), serial_oids(profiles(above, tmp_path)), []) if one.read_by
    ]
    (fault,) = profile_faults(profiles(OPEN.replace("COLUMN", "2"), tmp_path), tree)
    assert (fault.value, fault.problem) == ("part", "OUR-BOX-MIB::cardType is an enumeration and needs a map")


def test_an_exclusion_needs_a_reason(tmp_path: Path) -> None:
    (tmp_path / "exclusions.yml").write_text("- name: x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="reason"):
        load_exclusions(tmp_path / "exclusions.yml")


def test_one_kind_of_reason_is_one_entry() -> None:
    kinds = Counter(
        (one.reason, bool(one.words), one.name is None, one.description is None, bool(one.below))
        for one in load_exclusions()
    )
    assert not [reason for (reason, *_keys), times in kinds.items() if times > 1]
