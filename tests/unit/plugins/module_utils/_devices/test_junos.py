# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Junos: JUNIPER-MIB and ENTITY-MIB joined on the serial, virtual chassis, and what cannot be reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.junos import (
    CONTAINERS,
    CONTENTS,
    FRUS,
    NO_ENTITY,
    NO_OPTICS,
    VC_MEMBERS,
)

Read = Callable[..., dict[str, Any]]

BOX = (1, 3, 6, 1, 4, 1, 2636, 3, 1)
SLOTS = {
    **{(1,): {"within": 0, "descr": "chassis frame"}, (2,): {"within": 1, "descr": "PEM slot"}},
    **{(4,): {"within": 1, "descr": "FAN slot"}, (7,): {"within": 1, "descr": "FPC slot"}},
    **{(8,): {"within": 7, "descr": "PIC slot"}, (20,): {"within": 7, "descr": "MIC slot"}},
}
POWER, FAN, FPC_TYPE, PIC_TYPE, POWER_SUPPLY_MODULE = 7, 13, 3, 11, 18

Contents: TypeAlias = "dict[tuple[int, ...], tuple[str, str, str, int | None]]"


def read_box(read: Read, contents: Contents, *others: Any, serial: str = "JN11F7072AFA") -> dict[str, Any]:
    """contents: index -> description, serial, part, FRU type."""
    rows = {
        index: {"descr": descr, "serial": own, "part": part} for index, (descr, own, part, _type) in contents.items()
    }
    frus = {index: {"name": row[0], "type": row[3]} for index, row in contents.items() if row[3]}
    scalars = {(*BOX, 2, 0): "Juniper MX960 Router", (*BOX, 3, 0): serial}
    tables = [(CONTENTS, rows), (CONTAINERS, SLOTS if contents else {}), *others]
    if frus:
        tables.append((FRUS, frus))
    return read(*tables, object_id=(1, 3, 6, 1, 4, 1, 2636, 1, 1, 1, 2, 21), scalars=scalars)


MX: Contents = {
    (1, 1, 0, 0): ("midplane", "S/N ACAB6845", "710-030012", None),
    (2, 1, 0, 0): ("PEM 0", "QCS1607N02A", "740-027760", POWER),
    (4, 1, 0, 0): ("Top Fan Tray", "S/N ACAD7454", "740-031521", FAN),
    (4, 1, 1, 0): ("Top Tray Fan 1", "S/N ACAD7454", "740-031521", FAN),
    (7, 1, 0, 0): ("FPC: MPC Type 2 3D @ 0/*/*", "CAAC3131", "750-031089", FPC_TYPE),
    (8, 1, 1, 0): ("PIC: 10x 1GE(LAN) SFP @ 0/0/*", "BUILTIN", "BUILTIN", PIC_TYPE),
    (20, 1, 1, 0): ("MIC: 3D 20x 1GE(LAN) SFP @ 0/0/*", "CAAC6485", "750-028392", None),
}


def records(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {record["serial"]: record for record in merge_by_serial(found["items"])}


def test_categories_come_from_the_fru_type_and_else_from_the_slot(read: Read) -> None:
    found = records(read_box(read, MX))
    assert {serial: record["category"] for serial, record in found.items()} == {
        "JN11F7072AFA": "chassis",
        "ACAB6845": "backplane",
        "QCS1607N02A": "powerSupply",
        "ACAD7454": "fan",
        "CAAC3131": "module",
        "CAAC6485": "module",
    }


def test_the_tray_names_the_record_and_not_a_fan_in_it(read: Read) -> None:
    record = records(read_box(read, MX))["ACAD7454"]
    assert (record["name"], record["rule"], record["part"]) == ("Top Fan Tray", "outermost", "740-031521")


def test_built_in_parts_are_rejected_and_a_mic_stands_in_its_fpc(read: Read) -> None:
    found = read_box(read, MX)
    assert [row["serial"] for row in found["rejected"]] == ["BUILTIN"]
    mic = records(found)["CAAC6485"]
    assert mic["parent"] == "7.1.0.0"
    assert mic["path"] == "Chassis / FPC: MPC Type 2 3D @ 0/*/* / MIC: 3D 20x 1GE(LAN) SFP @ 0/0/*"


def test_a_word_of_the_box_description_is_the_model_where_there_is_no_better(read: Read) -> None:
    assert records(read_box(read, MX))["JN11F7072AFA"]["part"] == "MX960"
    entity = (ENTITY, {(1,): {"class": 3, "contained_in": 0, "serial": "JN11F7072AFA", "model": "710-030012"}})
    assert records(read_box(read, MX, entity))["JN11F7072AFA"]["part"] == "710-030012"


def test_both_mibs_give_one_record_per_serial(read: Read) -> None:
    card = {
        "class": 5,
        "contained_in": 0,
        "serial": "S/N CAAC3131",
        "name": "MX-MPC2-3D",
        "mfg_name": "Juniper",
        "is_fru": 1,
    }
    optic = {"class": 10, "contained_in": 8, "serial": "AGC1", "name": "SFP-T @ 0/0/5", "model": "740-013111"}
    found = records(read_box(read, MX, (ENTITY, {(8,): card, (9,): optic})))
    fpc = found["CAAC3131"]
    assert (fpc["source"], fpc["category"], fpc["part"], fpc["manufacturer"]) == (
        "jnxContentsTable",
        "module",
        "750-031089",
        "Juniper",
    )
    assert (found["AGC1"]["category"], found["AGC1"]["part"]) == ("transceiver", "740-013111")


def test_a_part_that_has_a_part_number_and_no_serial_is_reported(read: Read) -> None:
    contents = {**MX, (2, 2, 0, 0): ("PEM 1", "", "740-027760", POWER), (10, 1, 0, 0): ("FPM Board", "", "", None)}
    assert "field-replaceable unit without a serial: PEM 1 (740-027760)" in read_box(read, contents)["coverage"]
    assert not any("FPM" in sentence for sentence in read_box(read, contents)["coverage"])


def test_what_junos_cannot_report_of_its_optics_is_reported(read: Read) -> None:
    assert read_box(read, MX)["coverage"] == [NO_ENTITY]
    found = read_box(read, MX, (ENTITY, {(2,): {"class": 9, "contained_in": 0, "serial": "X111"}}))
    assert found["coverage"] == [NO_OPTICS]


def cluster(frames: bool, prefix: str = "node{n} ") -> Contents:
    contents: Contents = {}
    for n, serial in enumerate(("CW3199AF0099", "CW3199AF0123")):
        before = prefix.format(n=n)
        if frames:
            contents[(1, n + 1, 0, 0)] = (f"{before}midplane", serial, "650-065040", None)
        contents[(9, 2 * n + 1, 0, 0)] = (f"{before}Routing Engine", serial, "650-065040", 6)
        contents[(2, 4 * n + 1, 0, 0)] = (f"{before}PEM 0", f"PS99{n}", "740-1", POWER)
    return contents


@pytest.mark.parametrize("serial", ["CW3199AF0099", "CW3199AF0123"])
@pytest.mark.parametrize("frames", [True, False])
def test_each_node_of_a_cluster_is_a_chassis_whichever_answers(read: Read, frames: bool, serial: str) -> None:
    found = read_box(read, cluster(frames), serial=serial)
    told = records(found)
    for n, chassis in enumerate(("CW3199AF0099", "CW3199AF0123")):
        assert (told[chassis]["category"], told[chassis]["name"], told[chassis]["member"]) == ("chassis", f"node{n}", n)
        assert told[chassis]["part"] == "650-065040"
        assert (told[f"PS99{n}"]["member"], told[f"PS99{n}"]["path"]) == (n, f"node{n} / node{n} PEM 0")
    assert [(m["number"], m["serial"]) for m in found["members"]] == [(0, "CW3199AF0099"), (1, "CW3199AF0123")]
    assert not any("contradict" in said for said in found["coverage"])


def test_the_midplane_of_a_box_and_two_routing_engines_make_no_cluster(read: Read) -> None:
    engines: Contents = {(9, n + 1, 0, 0): (f"Routing Engine {n}", f"RE99{n}", "740-2", 6) for n in range(2)}
    found = read_box(read, {**MX, **engines})
    assert found["members"] == []
    assert records(found)["RE991"]["category"] == "module"
    assert records(found)["ACAB6845"]["category"] == "backplane"


VC: Contents = {
    (1, 1, 0, 0): ("", "XR01", "", None),
    (2, 2, 1, 0): ("Power Supply 0 @ 1/0/*", "1F01", "740-1", POWER),
    (7, 1, 0, 0): ("FPC: EX4300 @ 0/*/*", "XR01", "650-1", FPC_TYPE),
    (7, 2, 0, 0): ("FPC: EX4300 @ 1/*/*", "XR02", "650-1", FPC_TYPE),
    (8, 2, 2, 0): ("PIC: 4x40G QSFP+ @ 1/1/*", "XR02", "650-1", None),
}
MEMBERS = (
    VC_MEMBERS,
    {(n,): {"serial": f"XR0{n + 1}", "role": n + 1, "model": "ex4300-48mp"} for n in range(3)},
)


def test_members_of_a_virtual_chassis_are_chassis_that_hold_their_parts(read: Read) -> None:
    found = read_box(read, VC, MEMBERS, serial="XR01")
    assert [(m["number"], m["serial"], m["role"]) for m in found["members"]] == [
        (0, "XR01", "master"),
        (1, "XR02", "backup"),
        (2, "XR03", "linecard"),
    ]
    by_serial = records(found)
    assert {by_serial[serial]["category"] for serial in ("XR01", "XR02", "XR03")} == {"chassis"}
    assert {serial: record["member"] for serial, record in by_serial.items()} == {
        "XR01": 0,
        "XR02": 1,
        "XR03": 2,
        "1F01": 1,
    }
    assert by_serial["1F01"]["path"] == "FPC: EX4300 @ 1/*/* / Power Supply 0 @ 1/0/*"
    assert by_serial["XR02"]["part"] == "650-1"
    assert by_serial["XR03"]["part"] == "ex4300-48mp"


def test_slots_are_no_members_where_there_is_no_virtual_chassis(read: Read) -> None:
    assert not any("member" in item for item in read_box(read, MX)["items"])


def test_evolved_gets_its_categories_from_the_fru_of_the_same_name(read: Read) -> None:
    frus = {
        (1, 1, 0, 0): {"name": "Chassis", "type": 1},
        (12, 1, 0, 0): {"name": "CB slot 0", "type": 5},
        (22, 1, 0, 0): {"name": "Slot 22", "type": POWER_SUPPLY_MODULE},
    }
    rows = {
        (1,): {"class": 0, "contained_in": 0, "serial": "JN11F7072AFA", "descr": "Chassis", "name": "QFX5130"},
        (51,): {"class": 0, "contained_in": 0, "serial": "JN11F7072AFA", "descr": "CB slot 0", "name": "QFX5130-CHAS"},
        (73,): {"class": 0, "contained_in": 4, "serial": "1ED7", "descr": "Slot 22", "name": "JPSU-1600W"},
    }
    found = records(read_box(read, {}, (ENTITY, rows), (FRUS, frus)))
    assert {serial: record["category"] for serial, record in found.items()} == {
        "JN11F7072AFA": "chassis",
        "1ED7": "powerSupply",
    }
    assert found["JN11F7072AFA"]["name"] == "QFX5130"
