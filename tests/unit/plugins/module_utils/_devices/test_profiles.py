# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: what is written is what is read, and a mistake is reported with its place."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import System
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.interfaces import IF_X_TABLE
from ansible_collections.invmon.network.plugins.module_utils._devices.profile import READERS as NAMES
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import (
    ProfileFileError,
    Profiles,
    claim,
    from_data,
    shipped,
)
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_parser import bare, parse_head
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_yaml import refuse_repeated
from ansible_collections.invmon.network.plugins.module_utils._devices.recognition import choose
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import READERS, read_device
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import SerialRules
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent, Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording, ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind

Read = Callable[..., dict[str, Any]]

ACME = (1, 3, 6, 1, 4, 1, 99999)
HEAD = """
match:
  - object_id: 1.3.6.1.4.1.99999
"""
SLOTS = """
tables:
  acmeSlotTable:
    entry: 1.3.6.1.4.1.99999.1.1.1
    index: [unit, slot]
    columns: {serial: 2, name: 3, type: {id: 4, map: {1: fan, 2: powerSupply}, else: module}, state: 5, model: 6}
    part: "{model}"
    category: "{type}"
    unless: {state: 9}
"""
SLOT_TABLE = Table("acmeSlotTable", (*ACME, 1, 1, 1), {"serial": 2, "name": 3, "type": 4, "state": 5, "model": 6})


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """write(text, ...) -> a folder with the profiles acme.yml, acme2.yml, ..."""

    def writer(*texts: str) -> Path:
        for number, text in enumerate(texts, start=1):
            name = "acme" if number == 1 else f"acme{number}"
            (tmp_path / f"{name}.yml").write_text(f"---\n{text}", encoding="utf-8")
        return tmp_path

    return writer


@pytest.fixture
def ask(read: Read, write: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """ask(profile, *tables, ...) -> the collection of an ACME device that is read by this profile."""

    def asker(text: str, *tables: Any, **device: Any) -> dict[str, Any]:
        profiles = shipped().with_own(write(HEAD + text))
        return read(*tables, profiles=profiles, object_id=(*ACME, 1), **device)

    return asker


def serials(found: dict[str, Any]) -> list[str]:
    return [item["serial"] for item in found["items"]]


# The collection's own profiles


def test_each_profile_of_ours_is_valid() -> None:
    assert set(READERS) == set(NAMES)
    for name, profile in shipped().by_name.items():
        layout = shipped().layout(name)
        assert Path(profile.origin).stem == name
        refuse_repeated(profile.origin, Path(profile.origin).read_text(encoding="utf-8"))
        # Of the others only what comes before their tables is read.
        assert parse_head(profile.content(), name) == profile.head, f"{name}: match, aliases and the like come first"
        assert all("serial" in source.fields for source in layout.scalars), f"{name}: a group tells nothing"


def test_no_two_profiles_of_ours_claim_the_same_devices() -> None:
    claims = [(claim(match), profile.name) for profile in shipped() for match in profile.head.matches]
    for (one, first), (other, second) in itertools.combinations(claims, 2):
        assert one != other or first == second, f"{first} and {second} both claim {one}"


def test_no_word_means_two_platforms() -> None:
    words = [(word, profile.name) for profile in shipped() for word in (bare(profile.name), *profile.head.aliases)]
    for (one, first), (other, second) in itertools.combinations(words, 2):
        assert one != other, f"{one} means {first} and {second}: an alias of its own name says nothing"


def test_profiles_travel_as_data_to_where_there_are_no_files() -> None:
    there = from_data(json.loads(json.dumps(shipped().to_data())))
    assert {name: there.layout(name) for name in there.by_name} == {n: shipped().layout(n) for n in shipped().by_name}


# A user's own


def test_an_own_profile_reads_a_device_that_nobody_knew(ask: Callable[..., dict[str, Any]]) -> None:
    rows = {
        (1, 1): {"serial": "ACME0001", "name": "Fan 1", "type": 1, "state": 1, "model": "AF-1"},
        (1, 2): {"serial": "ACME0002  ", "name": "PS", "type": 2, "state": 1, "model": "N/A"},
        (1, 3): {"serial": "ACME0003", "name": "CPU", "type": 77, "state": 1},
        (1, 4): {"serial": "ACME0004", "name": "gone", "type": 2, "state": 9},
    }
    found = ask(SLOTS, (SLOT_TABLE, rows))
    told = [(item["serial"], item.get("part"), item["category"], item["name"]) for item in found["items"]]
    assert told == [
        ("ACME0001", "AF-1", "fan", "Fan 1"),
        ("ACME0002", None, "powerSupply", "PS"),
        ("ACME0003", None, "module", "CPU"),
    ]
    assert found["platform"] == "acme"
    assert found["items"][0]["path"] == "Chassis / Fan 1"
    assert found["items"][0]["category_rule"] == "acmeSlotTable"


def test_an_own_profile_replaces_ours_of_the_same_name(write: Callable[..., Path]) -> None:
    profiles = shipped().with_own(write("name: junos\nmatch: [{object_id: 1.3.6.1.4.1.99999}]"))
    assert profiles.by_name["junos"].head.reader == "profile"
    assert choose(System(object_id=(*ACME, 1)), profiles).name == "junos"


def test_an_own_profile_wins_over_ours_for_the_same_devices(write: Callable[..., Path]) -> None:
    profiles = shipped().with_own(write("match: [{object_id: 1.3.6.1.4.1.9}]"))
    assert choose(System(object_id=(1, 3, 6, 1, 4, 1, 9, 1, 1)), profiles).name == "acme"


def test_a_profile_can_include_another_one(read: Read, write: Callable[..., Path]) -> None:
    scalars = "scalars: {acmeSerial: {oids: {serial: 1.3.6.1.4.1.99999.9.0}}}"
    profiles = shipped().with_own(write(f"{HEAD}include: [acme2]", scalars))
    device = {"object_id": (*ACME, 1), "scalars": {(*ACME, 9, 0): "BOX00001"}}
    assert serials(read(profiles=profiles, **device)) == ["BOX00001"]
    assert "acme2" not in profiles.names()


def slots(old: str, new: str) -> str:
    """The profile of the slots with something in it replaced."""
    assert old in SLOTS
    return HEAD + SLOTS.replace(old, new)


#: text of a profile; what the line that is named holds; what is said
MISTAKES = [
    (f"{HEAD}tabels: {{}}", "tabels", "unknown key 'tabels': did you mean tables?"),
    ("match:\n  - object_id: 1.3.6.x", "1.3.6.x", "'1.3.6.x' is not an OID"),
    ("match:\n  - object_id: 1.3", "object_id", "1.3 is not an OID"),
    ("match:\n  - {}", "{}", "an empty rule would match every device"),
    ("match:\n  - description: '['", "description", "not a regular expression"),
    ("name: Ac me", "name", "'Ac me' is not a name"),
    (f"{HEAD}reader: magic", "reader", "unknown reader 'magic'"),
    (f"{HEAD}include: [nobody]", "include", "there is no profile 'nobody'"),
    (f"{HEAD}include: [acme]", "include", "acme includes acme in turn"),
    (slots('part: "{model}"', 'part: "{modle}"'), "modle", "unknown value 'modle': did you mean model?"),
    (slots('category: "{type}"', "category: blower"), "blower", "unknown category 'blower'"),
    (
        slots("2: powerSupply", "2: powerSuply"),
        "powerSuply",
        "unknown category 'powerSuply': did you mean powerSupply?",
    ),
    (slots("else: module", "else: blade"), "blade", "unknown category 'blade': known are backplane, battery"),
    (slots("unless: {state: 9}", "unless: {status: 9}"), "status", "unknown value 'status'"),
    (slots("serial: 2", "serial: two"), "serial: two", "'two' is not a column"),
    (slots("serial: 2", "snr: 2"), "acmeSlotTable", "it has no serial"),
    (slots("name: 3", "name: {of: model, from: a.b}"), "of: model", "needs one of id"),
    (slots("name: 3", "name: {from: nowhere.x, index: [slot]}"), "nowhere", "unknown table 'nowhere'"),
    (slots("name: 3", "name: {from: acmeSlotTable.x, index: [slot]}"), "from", "unknown column 'x'"),
    (slots("name: 3", "name: {of: label}, label: {of: name}"), "label", "name depends on itself"),
    (slots("name: 3", "name: {from: acmeSlotTable.name, index: [unit]}"), "from", "name depends on itself"),
    (f"{HEAD}tables: [1, 2]", "tables", "must be a mapping"),
    (f"{HEAD}aliases: [x]\naliases: [y]", "aliases: [y]", "aliases is given twice, first in line 5"),
    (f"{HEAD}tables:\n\tacme: {{}}", "acme", "a tab; indent YAML with spaces"),
    ("match:\n  - {object_id: 1.3.6.1.4.1.9\nname: x", "name: x", "not YAML"),
]


@pytest.mark.parametrize(
    ("text", "line", "problem"), MISTAKES, ids=[problem[:40] for _text, _line, problem in MISTAKES]
)
def test_a_mistake_is_reported_with_its_file_and_line(
    text: str, line: str, problem: str, write: Callable[..., Path]
) -> None:
    folder = write(text)
    with pytest.raises(ProfileFileError) as told:
        shipped().with_own(folder)
    assert problem in str(told.value)
    place = re.search(r"acme\.yml:(\d+): ", str(told.value))
    assert place
    assert line in (folder / "acme.yml").read_text(encoding="utf-8").splitlines()[int(place[1]) - 1]


def test_a_map_may_have_words_of_void_rows_and_words_that_name_a_category(write: Callable[..., Path]) -> None:
    text = slots("2: powerSupply}", "2: Rectifier 48 V, 3: Empty}").replace("{state: 9}", "{type: empty}")
    assert "acme" in shipped().with_own(write(text)).names()


def test_two_own_profiles_must_not_claim_the_same_devices(write: Callable[..., Path]) -> None:
    with pytest.raises(ProfileFileError, match=r"acme.yml and .*acme2.yml both claim sysObjectID 1.3.6.1.4.1.99999"):
        shipped().with_own(write(HEAD, HEAD))


def test_a_folder_without_profiles_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ProfileFileError, match="contains no profile"):
        shipped().with_own(tmp_path)
    with pytest.raises(ProfileFileError, match=r"there is no file or folder .*missing.yml"):
        shipped().with_own(tmp_path / "missing.yml")
    (tmp_path / "empty.yml").write_text("---\n", encoding="utf-8")
    with pytest.raises(ProfileFileError, match=r"empty.yml: it is empty"):
        shipped().with_own(tmp_path)


# What the words of a profile do


def test_scalars_are_the_chassis_and_entity_mib_knows_its_model(ask: Callable[..., dict[str, Any]]) -> None:
    profile = "scalars: {acmeSerial: {oids: {serial: 1.3.6.1.4.1.99999.9.0, other: 1.3.6.1.4.1.99999.8.0}}}"
    rows = {(1,): {"class": 3, "contained_in": 0, "serial": "", "model": "BOX-9", "descr": "a box"}}
    found = ask(profile, (ENTITY, rows), scalars={(*ACME, 9, 0): "BOX00001"})
    assert [(item["serial"], item["part"], item["category"]) for item in found["items"]] == [
        ("BOX00001", "BOX-9", "chassis")
    ]


def test_two_serials_of_one_chassis_are_both_kept_and_said(ask: Callable[..., dict[str, Any]]) -> None:
    profile = "scalars: {acmeSerial: {oids: {serial: 1.3.6.1.4.1.99999.9.0}}}"
    rows = {(1,): {"class": 3, "contained_in": 0, "serial": "OTHER001"}}
    found = ask(profile, (ENTITY, rows), scalars={(*ACME, 9, 0): "BOX00001"})
    assert sorted(serials(found)) == ["BOX00001", "OTHER001"]
    assert [row["serial"] for row in found["chassis"]] == ["BOX00001", "OTHER001"]
    assert found["coverage"] == [
        "contradicting chassis serials: acmeSerial reports BOX00001, row 1 of entPhysicalTable OTHER001; all are listed"
    ]
    classless = {(1,): {"class": 9, "contained_in": 0, "serial": "OTHER001"}}
    again = ask(profile, (ENTITY, classless), scalars={(*ACME, 9, 0): "BOX00001"})
    assert "row 1 of entPhysicalTable OTHER001" in again["coverage"][0]


def test_a_chassis_inside_a_chassis_contradicts_nobody(ask: Callable[..., dict[str, Any]]) -> None:
    profile = "scalars: {acmeSerial: {oids: {serial: 1.3.6.1.4.1.99999.9.0}}}"
    rows = {
        (1,): {"class": 3, "contained_in": 0, "serial": "BOX00001"},
        (2,): {"class": 3, "contained_in": 1, "serial": "INNER001"},
    }
    assert ask(profile, (ENTITY, rows), scalars={(*ACME, 9, 0): "BOX00001"})["coverage"] == []


def test_of_several_serials_the_first_good_one_counts(ask: Callable[..., dict[str, Any]]) -> None:
    profile = (
        "scalars: {acmeSerial: {oids: {a: 1.3.6.1.4.1.99999.8.0, b: 1.3.6.1.4.1.99999.9.0}, serial: ['{a}', '{b}']}}"
    )
    scalars = {(*ACME, 8, 0): "N/A", (*ACME, 9, 0): "BOX00001"}
    assert serials(ask(profile, scalars=scalars)) == ["BOX00001"]


def test_a_part_without_a_serial_is_reported_where_the_row_is_not_void(ask: Callable[..., dict[str, Any]]) -> None:
    rows = {
        (1, 1): {"serial": "", "name": "PS 1", "state": 1, "model": "AP-1"},
        (1, 2): {"serial": "", "name": "PS 2", "state": 9, "model": "AP-1"},
        (1, 3): {"serial": "N/A", "name": "PS 3", "state": 1},
    }
    found = ask(SLOTS, (SLOT_TABLE, rows))
    assert found["items"] == []
    assert [text for text in found["coverage"] if "PS" in text] == [
        "field-replaceable unit without a serial: PS 1 (AP-1)"
    ]
    assert found["rejected"] == [
        {"serial": "N/A", "reason": "placeholder", "index": "1.3", "name": "PS 3", "source": "acmeSlotTable"}
    ]


OPTICS = """
tables:
  acmeOpticTable:
    entry: 1.3.6.1.4.1.99999.2.1.1
    index: [if_index]
    columns: {serial: 2, part: 3, vendor: 4}
    manufacturer: "{vendor}"
    category: transceiver
coverage:
  transceiver: "optics: none is told"
"""
OPTIC_TABLE = Table("acmeOpticTable", (*ACME, 2, 1, 1), {"serial": 2, "part": 3, "vendor": 4})


def test_an_optic_known_by_ifindex_has_its_interfaces_name(ask: Callable[..., dict[str, Any]]) -> None:
    optics = {(7,): {"serial": "OPT00001", "part": "SFP-10G-LR", "vendor": "FINISAR"}}
    found = ask(OPTICS, (OPTIC_TABLE, optics), (IF_X_TABLE, {(7,): {"name": "xe-0/0/7"}}))
    item = found["items"][0]
    assert (item["interface"], item["name"], item["path"]) == ("xe-0/0/7", "xe-0/0/7", "Chassis / xe-0/0/7")
    assert found["coverage"] == []
    assert ask(OPTICS)["coverage"][0] == "optics: none is told"


ENTITY_BESIDE = """
tables:
  acmeBoardTable:
    entry: 1.3.6.1.4.1.99999.3.1.1
    describes: entPhysicalTable
    columns: {serial: 2, board: 3, kind: {id: 4, map: {1: fan}}}
    part: "{board}"
    category: "{kind}"
"""
BOARD_TABLE = Table("acmeBoardTable", (*ACME, 3, 1, 1), {"serial": 2, "board": 3, "kind": 4})


def test_a_table_next_to_entity_mib_fills_what_is_empty_there(ask: Callable[..., dict[str, Any]]) -> None:
    rows = {
        (1,): {"class": 3, "contained_in": 0, "serial": "BOX00001", "name": "Box"},
        (2,): {"class": 9, "contained_in": 1, "serial": "", "name": "Fan"},
        (3,): {"class": 9, "contained_in": 1, "serial": "CARD0001", "name": "Card", "model": "C-1"},
    }
    boards = {
        (1,): {"serial": "BOX00001", "board": "B-1"},
        (2,): {"serial": "FAN00001", "board": "F-1", "kind": 1},
        (3,): {"serial": "ACME-CARD0001", "board": "C-9"},
        (9,): {"serial": "LOST0001", "board": "L-1"},
    }
    found = ask(ENTITY_BESIDE, (ENTITY, rows), (BOARD_TABLE, boards))
    told = {item["serial"]: (item["part"], item["category"], item["source"]) for item in found["items"]}
    assert told == {
        "BOX00001": ("B-1", "chassis", "entPhysicalTable"),
        "FAN00001": ("F-1", "module", "entPhysicalTable"),
        "CARD0001": ("C-1", "module", "entPhysicalTable"),
        "LOST0001": ("L-1", "module", "acmeBoardTable"),
    }
    assert found["coverage"] == [
        "contradicting serials for Card: entPhysicalTable reports CARD0001, acmeBoardTable reports ACME-CARD0001; "
        "the first is listed"
    ]
    better = ask(ENTITY_BESIDE + "    prefer: [serial]\n", (ENTITY, rows), (BOARD_TABLE, boards))
    assert "ACME-CARD0001" in serials(better)
    preferred = ask(ENTITY_BESIDE + "    prefer: [part, category]\n", (ENTITY, rows), (BOARD_TABLE, boards))
    told = {item["serial"]: (item["part"], item["category"], item["category_rule"]) for item in preferred["items"]}
    assert told["CARD0001"] == ("C-9", "module", "entPhysicalClass")
    assert told["FAN00001"] == ("F-1", "fan", "acmeBoardTable")
    rows[(2,)]["class"] = 2  # unknown
    classless = ask(ENTITY_BESIDE, (ENTITY, rows), (BOARD_TABLE, boards))
    assert {item["serial"]: item["category"] for item in classless["items"]}["FAN00001"] == "fan"


UNITS = """
tables:
  acmeUnitTable:
    entry: 1.3.6.1.4.1.99999.4.1.1
    index: [member]
    columns: {serial: 2, model: 3, role: {id: 4, map: {1: master, 2: member}}}
    part: "{model}"
    name: "Unit {member}"
    category: chassis
    members: true
  acmeSlotTable:
    entry: 1.3.6.1.4.1.99999.1.1.1
    index: [member, slot]
    columns: {serial: 2, name: 3, unit_model: {from: acmeUnitTable.model, index: [member]}}
    description: "in a {unit_model}"
    parent: {table: acmeUnitTable, index: [member]}
"""
UNIT_TABLE = Table("acmeUnitTable", (*ACME, 4, 1, 1), {"serial": 2, "model": 3, "role": 4})


def test_members_of_a_stack_are_numbered_and_hold_their_parts(ask: Callable[..., dict[str, Any]]) -> None:
    units = {(n,): {"serial": f"UNIT000{n}", "model": "U-1", "role": n} for n in (1, 2)}
    slots = {(2, 1): {"serial": "SLOT0001", "name": "PS 1"}}
    found = ask(UNITS, (UNIT_TABLE, units), (SLOT_TABLE, slots))
    assert [(m["number"], m["serial"], m["role"]) for m in found["members"]] == [
        (1, "UNIT0001", "master"),
        (2, "UNIT0002", "member"),
    ]
    part = found["items"][-1]
    assert (part["member"], part["path"], part["description"]) == (2, "Unit 2 / PS 1", "in a U-1")
    assert part["parent"] == "2"


def test_a_part_that_is_named_by_its_interface_keeps_the_names_of_what_contains_it(
    ask: Callable[..., dict[str, Any]],
) -> None:
    profile = UNITS.replace("name: 3, ", "port: 3, ", 1) + '    if_index: "{port}"\n'
    units, slots = {(2,): {"serial": "UNIT0002", "model": "U-1", "role": 1}}, {(2, 1): {"serial": "OPT0001", "name": 7}}
    found = ask(profile, (UNIT_TABLE, units), (SLOT_TABLE, slots), (IF_X_TABLE, {(7,): {"name": "Gi2/1"}}))
    part = found["items"][-1]
    assert (part["name"], part["interface"], part["path"]) == ("Gi2/1", "Gi2/1", "Unit 2 / Gi2/1")


def test_an_own_profile_that_no_device_can_match_is_reported_before_a_device_is_asked(
    write: Callable[..., Path],
) -> None:
    body = "scalars: {acmeSerial: {oids: {serial: 1.3.6.1.4.1.99999.9.1.0}}}"
    path = write(body)
    (doubt,) = shipped().with_own(path).doubts()
    assert doubt.startswith(f"{path / 'acme.yml'}: it has no match, so it is used only where snmp_platform names it")
    assert list(shipped().with_own(write("match: [{object_id: 1.3.6.1.4.1.99999}]\n" + body)).doubts()) == []


def test_what_only_serves_as_a_last_resort_is_not_asked_otherwise(ask: Callable[..., dict[str, Any]]) -> None:
    profile = SLOTS + "    fallback: true\n"
    rows = (SLOT_TABLE, {(1, 1): {"serial": "ACME0001", "name": "x"}})
    assert serials(ask(profile, rows)) == ["ACME0001"]
    found = ask(profile, rows, (ENTITY, {(1,): {"class": 3, "serial": "BOX00001"}}))
    assert serials(found) == ["BOX00001"]
    assert "acmeSlotTable" not in found["tables"]


def test_the_first_row_can_be_the_only_one(ask: Callable[..., dict[str, Any]]) -> None:
    rows = {(1, 1): {"serial": "N/A"}, (1, 2): {"serial": "ACME0002"}, (1, 3): {"serial": "ACME0003"}}
    assert serials(ask(SLOTS + "    rows: first\n", (SLOT_TABLE, rows))) == ["ACME0002"]


def test_an_appliance_that_says_nothing_of_itself_is_known_by_what_it_answers(
    read: Read, write: Callable[..., Path]
) -> None:
    profile = (
        "match: [{answers: 1.3.6.1.4.1.99999.9.0}]\nscalars: {acmeSerial: {oids: {serial: 1.3.6.1.4.1.99999.9.0}}}"
    )
    profiles: Profiles = shipped().with_own(write(profile))
    linux = {"object_id": (1, 3, 6, 1, 4, 1, 8072, 3, 2, 10), "description": "Linux gw 4.19.0"}
    found = read(profiles=profiles, scalars={(*ACME, 9, 0): "BOX00001"}, **linux)
    assert (serials(found), found["platform"]) == (["BOX00001"], "acme")
    lonely = read(profiles=profiles, **linux)
    nobody = (
        "all parts: ENTITY-MIB is not present, and no profile knows this device (sysObjectID 1.3.6.1.4.1.8072.3.2.10)"
        "; the playbook profile drafts one"
    )
    assert lonely["coverage"] == [nobody]


def test_what_an_own_profile_names_in_vain_is_reported(ask: Callable[..., dict[str, Any]]) -> None:
    profile = SLOTS + "scalars: {acmeSerial: {oids: {serial: 1.3.6.1.4.1.99999.9.1}}}\n"
    assert ask(profile)["warnings"] == [
        "profile acme: acmeSlotTable has no row below 1.3.6.1.4.1.99999.1.1.1",
        "profile acme: acmeSerial has no value; the OID of a scalar ends with .0",
    ]
    rows = {(1, 1): {"serial": "", "name": "PS", "state": 1}}
    assert "profile acme: acmeSlotTable has 1 rows, none with a serial" in ask(SLOTS, (SLOT_TABLE, rows))["warnings"]
    assert ask(SLOTS, (SLOT_TABLE, {(1, 1): {"serial": "ACME0001"}}))["warnings"] == []


def test_texts_that_are_all_rejected_are_not_called_missing(ask: Callable[..., dict[str, Any]]) -> None:
    rows = {(1, 1): {"serial": "N/A"}, (1, 2): {"serial": "ACME0002"}}
    found = ask(SLOTS, (SLOT_TABLE, rows), rules=SerialRules(reject=["/./"]))
    assert found["coverage"] == [
        "all parts: 2 texts in serial columns, none is a serial number (1 placeholder, 1 rule)"
    ]


def test_rules_of_the_user_count_for_every_table(ask: Callable[..., dict[str, Any]]) -> None:
    rows = {(1, 1): {"serial": "N/A"}, (1, 2): {"serial": "SPARE-1"}, (1, 3): {"serial": "ACME0003"}}
    rules = SerialRules(accept=["n/a"], reject=["/^spare/", "ACME000"])
    found = ask(SLOTS, (SLOT_TABLE, rows), rules=rules)
    assert serials(found) == ["N/A", "ACME0003"]
    assert [(row["serial"], row["reason"]) for row in found["rejected"]] == [("SPARE-1", "rule")]
    entity = {(1,): {"class": 3, "serial": "SPARE-2"}, (2,): {"class": 9, "serial": "N/A"}}
    assert serials(ask("", (ENTITY, entity), rules=rules)) == ["N/A"]


FALLBACK = """
scalars:
  acmeAssetId: {oids: {serial: 1.3.6.1.4.1.99999.9.0}, fallback: true}
"""


class Silent(ReplayTransport):
    """Does not answer for what lies below one OID."""

    def __init__(self, recording: Recording, below: tuple[int, ...]) -> None:
        super().__init__(recording)
        self._below = below

    def get(self, oids: Sequence[tuple[int, ...]]) -> list[VarBind]:
        self._check(oids)
        return super().get(oids)

    def get_next(self, oids: Sequence[tuple[int, ...]]) -> list[VarBind]:
        self._check(oids)
        return super().get_next(oids)

    def get_bulk(self, oids: Sequence[tuple[int, ...]], *rest: int, **more: int) -> list[VarBind]:
        self._check(oids)
        return super().get_bulk(oids, *rest, **more)

    def _check(self, oids: Sequence[tuple[int, ...]]) -> None:
        if any(oid[: len(self._below)] == self._below for oid in oids):
            raise SnmpTimeout("no answer")


def test_nothing_takes_the_place_of_a_table_that_fell_silent(box: Any, write: Callable[..., Path]) -> None:
    profiles = shipped().with_own(write(HEAD + FALLBACK))
    rows = {(1,): {"class": 3, "contained_in": 0, "serial": "BOX00001"}}
    device = box((ENTITY, rows), object_id=(*ACME, 1), scalars={(*ACME, 9, 0): "ASSET-4711"})
    whole = read_device(Agent(device), profiles=profiles)
    assert [item.serial for item in whole.items] == ["BOX00001"]
    found = read_device(Agent(Silent(device._recording, ENTITY.entry)), profiles=profiles)
    assert (found.items, found.complete) == ([], False), "the asset id is no serial of tonight"


def test_nobody_else_is_asked_for_while_a_table_is_silent(box: Any, write: Callable[..., Path]) -> None:
    """Else a box that another platform's question happens to fit would have another serial for one night."""
    other = "match: [{answers: 1.3.6.1.4.1.88888.1.0}]\nscalars: {otherBox: {oids: {serial: 1.3.6.1.4.1.88888.1.0}}}\n"
    profiles = shipped().with_own(write(HEAD + SLOTS, other))
    told = {(1, 3, 6, 1, 4, 1, 88888, 1, 0): "OTHER0001"}
    entity = (ENTITY, {(1,): {"class": 3, "contained_in": 0}})
    bare = box(entity, object_id=(*ACME, 1), scalars=told)
    assert [item.serial for item in read_device(Agent(bare), profiles=profiles).items] == ["OTHER0001"]
    whole = box(entity, (SLOT_TABLE, {(1, 1): {"serial": "ACME0001"}}), object_id=(*ACME, 1), scalars=told)
    found = read_device(Agent(Silent(whole._recording, SLOT_TABLE.entry)), profiles=profiles)
    assert (found.items, found.complete) == ([], False)


@pytest.mark.parametrize(("silent", "serial"), [("OPTIC_TABLE", "ACME0001"), ("SLOT_TABLE", "OPT00001")])
def test_trouble_in_one_table_takes_no_part_of_another(
    box: Any, write: Callable[..., Path], silent: str, serial: str
) -> None:
    """A column that a device does not have voids nothing, also in a night in which another table breaks off."""
    profiles = shipped().with_own(write(HEAD + SLOTS + OPTICS.split("tables:")[1].split("coverage:")[0]))
    slots = (SLOT_TABLE, {(1, 1): {"serial": "ACME0001", "name": "Fan"}})
    optics = (OPTIC_TABLE, {(7,): {"serial": "OPT00001", "part": "SFP"}})
    device = box(slots, optics, object_id=(*ACME, 1))
    broken: Table = {"OPTIC_TABLE": OPTIC_TABLE, "SLOT_TABLE": SLOT_TABLE}[silent]
    found = read_device(Agent(Silent(device._recording, broken.entry)), profiles=profiles)
    assert [item.serial for item in found.items] == [serial]
    assert not found.complete
    errors = {name: status["error"] for name, status in found.to_dict()["tables"].items()}
    (other,) = {OPTIC_TABLE.name, SLOT_TABLE.name} - {broken.name}
    assert "no answer" in errors[broken.name]
    assert broken.name in errors[other], "a part that is missing from the other table may be told by this one"


def test_the_documented_example_is_a_profile(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[5] / "docs" / "profiles.md").read_text(encoding="utf-8")
    example = page.split("```yaml", 1)[1].split("```", 1)[0]
    assert yaml.safe_load(example)["name"] == "mikrotik"
    (tmp_path / "example.yml").write_text(example, encoding="utf-8")
    shipped().with_own(tmp_path)
