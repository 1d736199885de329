# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of input that were once read wrongly, as properties: what no serial is, whose one is, and what a part is."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import Collection, System
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.interfaces import IF_X_TABLE
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._parts.kinds import Counter
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Read = Callable[..., dict[str, Any]]
Rows = dict[tuple[int, ...], dict[str, Any]]

CHASSIS, CONTAINER, PSU, MODULE, PORT = 3, 5, 6, 9, 10
CISCO: dict[str, Any] = {"object_id": (1, 3, 6, 1, 4, 1, 9, 1, 110), "description": "Cisco IOS Software, 3600"}
CHASSIS_ID = (1, 3, 6, 1, 4, 1, 9, 3, 6, 3, 0)
TPLINK = (1, 3, 6, 1, 4, 1, 11863)

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def box_row(serial: str = "FJL12399", **cells: Any) -> dict[str, Any]:
    return {"class": CHASSIS, "contained_in": 0, "serial": serial, "name": "Box", **cells}


def records(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {record["serial"]: record for record in merge_by_serial(found["items"])}


# What no serial is


@quick
@given(
    kind=st.sampled_from(["ticks", "counter32", "counter64", "ip", "opaque", "oid", "int", "gauge32", "octets"]),
    number=st.integers(1_000_003, 2**31 - 1),
)
def test_only_octets_and_plain_numbers_are_serials(box: Any, kind: str, number: int) -> None:
    octets = number.to_bytes(4, "big")
    values: dict[str, Any] = {"ip": octets, "opaque": b"\x9f\x78\x04" + octets, "oid": (1, 3, 6, 1, number)}
    values["octets"] = f"AB{number}".encode()
    scalar = (*TPLINK, 6, 1, 1, 8, 0)
    for prefix, tables in (((*TPLINK, 1), ()), ((0, 0), ((ENTITY, {(1,): box_row()}),))):
        transport = box(*tables, object_id=prefix)
        oid = (*ENTITY.column("serial"), 1) if tables else scalar
        transport._recording.varbinds[oid] = VarBind(oid, kind, values.get(kind, number))
        transport._recording.oids = sorted(transport._recording.varbinds)
        found = read_device(Agent(transport)).to_dict()
        if kind in ("octets", "int", "gauge32"):
            expected = f"AB{number}" if kind == "octets" else str(number)
            assert [item["serial"] for item in found["items"]] == [expected]
        else:
            assert found["items"] == []
            assert len(found["rejected"]) == 1


ANYTHING = st.one_of(
    st.text(string.printable, max_size=40),
    st.from_regex(r"(19|20)[0-9]{2}-[0-1][0-9]-[0-3][0-9]( [0-2][0-9]:[0-5][0-9])?", fullmatch=True),
    st.from_regex(r"[Vv]?[0-9]{1,2}(\.[0-9]{1,3}){1,3}", fullmatch=True),
    st.from_regex(r"(0x)?[0-9a-f]{4,16}", fullmatch=True),
    st.from_regex(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", fullmatch=True),
    st.from_regex(r"[A-Z]{2,5}-[0-9]{4}-[0-9]{6}", fullmatch=True),
    st.from_regex(r"(EUR|\$) ?[0-9]{1,5}\.[0-9]{2}", fullmatch=True),
    st.sampled_from(["up(1)", "Serial interface", "2 serial ports", "Dual Serial WAN", "Serial: V.35", "RS232 serial"]),
    st.integers(0, 2**31 - 1),
)
TEXTS = ("descr", "name", "hardware_rev", "firmware_rev", "software_rev", "mfg_name", "model", "alias", "asset_id")


@settings(quick, max_examples=150)
@given(cells=st.dictionaries(st.sampled_from(TEXTS), ANYTHING, min_size=1), physical_class=st.integers(0, 12))
def test_no_other_column_reports_a_serial(read: Read, cells: dict[str, Any], physical_class: int) -> None:
    known = {(1,): box_row(), (2,): {"class": physical_class, "contained_in": 1, "is_fru": 1, **cells}}
    assert [item["serial"] for item in read((ENTITY, known))["items"]] == ["FJL12399"]
    silent = {(1,): box_row("", **cells), (2,): {"class": physical_class, "contained_in": 1, **cells}}
    assert read((ENTITY, silent))["items"] == []


@pytest.mark.parametrize("seed", range(3))
def test_no_column_of_any_profile_reports_a_serial_but_those_that_it_calls_so(read: Read, seed: int) -> None:
    chance, profiles = random.Random(seed), shipped()
    values = ["2021-03-04", "1.2.3", "deadbeef01", "00:11:22:33:44:55", "INV-2021-004711", "EUR 12.30", "GS-24", "x y"]
    values += ["FOC1234X0AB", "4711X99AB", 1, 2, 3, 47, 871234500]  # type: ignore[list-item]
    for name in profiles.names():
        layout = profiles.layout(name)
        serials = {(*t.entry, t.columns[c].oid[0]) for t in layout.tables for c in t.read(t.names("serial"))}
        serials |= {group.columns[c].oid for group in layout.scalars for c in group.read(group.names("serial"))}
        tables = []
        for source in layout.tables:
            index = tuple(chance.randint(1, 4) for _name in source.index or "1")
            others = [c for c in source.table.columns if source.table.column(c) not in serials]
            tables.append((source.table, {index: {column: chance.choice(values) for column in others}}))
        own = [column.oid for group in layout.scalars for column in group.columns.values() if column.oid]
        scalars = {oid: chance.choice(values) for oid in own if not {oid, oid[:-1], oid[:-2], oid[:-3]} & serials}
        found = read(*tables, scalars=scalars, platform=name, certain=True)
        assert [(item["serial"], item["source"]) for item in found["items"]] == [], name


@quick
@given(
    st.one_of(
        st.from_regex(r"(INV|IT|AST|ASSET|A|DE-BER)[-_ ]?(20[0-9]{2}-)?[0-9]{3,6}", fullmatch=True),
        st.from_regex(r"[0-9]{1,6}", fullmatch=True),
        st.from_regex(r"[a-z]{3,8}-sw-[0-9]{1,2}", fullmatch=True),
        st.sampled_from(["Property of ACME 4711", "room 12", "core-1.example.net", "lease until 2027-01"]),
    )
)
def test_an_operators_number_is_no_serial_wherever_it_stands(read: Read, number: str) -> None:
    scalars = {CHASSIS_ID: number}
    rows = {(1,): box_row("", descr="3640 chassis", asset_id=number, alias=number)}
    found = read((ENTITY, rows), scalars=scalars, **CISCO)
    assert found["items"] == []
    assert any(row["source"] == "chassisId" for row in found["rejected"])


@pytest.mark.parametrize("serial", ["FTX1234A0BC", "JMX0724L0QF", "10293847", "69012345678"])
def test_a_chassis_id_of_ciscos_shape_is_the_serial(read: Read, serial: str) -> None:
    assert [item["serial"] for item in read(scalars={CHASSIS_ID: serial}, **CISCO)["items"]] == [serial]


# Whose a serial is


@quick
@given(
    lanes=st.integers(2, 8),
    chassis=st.sampled_from(["", "FJL12399"]),
    others=st.booleans(),
    optic=st.sampled_from(
        [
            {"model": "MCP7F00-A002R"},
            {"is_fru": 1},
            {"descr": "QSFP28 or later for etp1"},
            {"model": "QSFP-100G-PSM4", "is_fru": 1, "mfg_name": "ACME"},
        ]
    ),
)
def test_the_lanes_of_a_pluggable_are_one_pluggable_and_no_chassis(
    read: Read, lanes: int, chassis: str, others: bool, optic: dict[str, Any]
) -> None:
    rows: Rows = {(1,): box_row(chassis, model="BOX-32")}
    for lane in range(lanes):
        port = {"class": PORT, "contained_in": 1, "serial": "MT2099VS00117", "name": f"Ethernet{lane}", "is_fru": 2}
        rows[(100 + lane,)] = port | optic
    if others:
        rows[(200,)] = {"class": PORT, "contained_in": 1, "serial": "INJAX0099812", "name": "Ethernet99"}
    found = read((ENTITY, rows), (IF_X_TABLE, {}))
    told = records(found)
    assert told["MT2099VS00117"]["category"] == "transceiver"
    assert told["MT2099VS00117"]["interface"] == "Ethernet0"
    assert {serial for serial, record in told.items() if record["category"] == "chassis"} == {chassis} - {""}
    assert any("chassis serial" in said for said in found["coverage"]) == (not chassis)
    assert not any("several places" in said for said in found["coverage"])


@pytest.mark.parametrize("ports", [3, 6, 24, 48])
def test_what_all_ports_of_a_silent_chassis_say_is_the_chassis(read: Read, ports: int) -> None:
    rows: Rows = {(1,): box_row("", model="AC-24")}
    rows |= {
        (n + 2,): {"class": PORT, "contained_in": 1, "serial": "AC93240001", "name": f"Ethernet1/0/{n}", "is_fru": 2}
        for n in range(ports)
    }
    (record,) = records(read((ENTITY, rows))).values()
    assert (record["category"], record["part"]) == ("chassis", "AC-24")


def cages(serials: list[str], model: str = "SFP-10G-LR", caged: bool = True) -> Rows:
    rows: Rows = {(1,): box_row()}
    for n, serial in enumerate(serials, start=1):
        if caged:
            rows[(n * 10,)] = {"class": CONTAINER, "contained_in": 1, "name": f"Te1/0/{n} Container"}
        parent = n * 10 if caged else 1
        port = {"class": PORT, "contained_in": parent, "serial": serial, "name": f"Te1/0/{n}", "model": model}
        rows[(n * 10 + 1,)] = {**port, "is_fru": 1}
    return rows


@pytest.mark.parametrize("caged", [True, False])
@pytest.mark.parametrize(("count", "model"), [(4, "SFP-10G-LR"), (2, "SFP-10G-SR"), (3, "GLC-SX-MMD")])
def test_several_optics_of_one_serial_are_one_record_and_said(read: Read, count: int, model: str, caged: bool) -> None:
    if model.startswith("SFP") or caged:
        found = read((ENTITY, cages(["WT99010001"] * count, model, caged)))
        assert list(records(found)) == ["FJL12399", "WT99010001"]
        (said,) = found["coverage"]
        assert f"{count} optics in {count} ports (Te1/0/1, Te1/0/2" in said


@pytest.mark.parametrize("model", ["SFP-H10GB-CU3M", "QSFP-4SFP10G-AOC", "SFP-10G-DAC", "X"])
def test_the_two_ends_of_a_cable_are_nothing_to_speak_of(read: Read, model: str) -> None:
    assert read((ENTITY, cages(["TED99C0DAC"] * 2, model)))["coverage"] == []


def test_two_power_supplies_of_one_serial_are_reported(read: Read) -> None:
    rows: Rows = {(1,): box_row()}
    rows |= {(n,): {"class": PSU, "contained_in": 1, "serial": "1GA99", "name": f"PSU {n}"} for n in (2, 3)}
    (said,) = read((ENTITY, rows))["coverage"]
    assert "2 power supplies in 2 places (PSU 2, PSU 3)" in said


OPTIC_TABLE = """
name: maker
match: [{object_id: 1.3.6.1.4.1.55555.7}]
tables:
  optics:
    entry: 1.3.6.1.4.1.55555.7.1.1
    columns: {interface: 1, serial: 2}
    category: transceiver
"""


@pytest.mark.parametrize(("ours", "theirs", "count"), [("K7Q44100", "FINIK7Q44100", 1), ("K7Q44100", "FINK7Q44100", 2)])
def test_an_optic_with_and_without_the_letters_of_its_maker_is_one(
    read: Read, tmp_path: Any, ours: str, theirs: str, count: int
) -> None:
    (tmp_path / "maker.yml").write_text(OPTIC_TABLE)
    profiles = shipped().with_own(tmp_path)
    source = profiles.layout("maker").table("optics")
    assert source is not None
    for entity, vendor in ((ours, theirs), (theirs, ours)):
        tables = ((ENTITY, cages([entity])), (source.table, {(1,): {"interface": "Te1/0/1", "serial": vendor}}))
        found = records(read(*tables, object_id=(1, 3, 6, 1, 4, 1, 55555, 7), profiles=profiles))
        assert len(found) == count + 1
        assert "K7Q44100" in found


def test_a_serial_in_one_rows_description_is_read_while_others_have_theirs_in_the_column(read: Read) -> None:
    rows: Rows = {
        (1,): box_row("", descr="3640 chassis, Hw Serial#: 31899974, Hw Revision: 0x00"),
        (2,): {"class": MODULE, "contained_in": 1, "serial": "JAB0699ABCD", "descr": "Two port FE"},
        (3,): {"class": MODULE, "contained_in": 1, "descr": "One port E1, Hw Serial#: 4711X99, Hw Revision: 1.0"},
        (4,): {"class": PORT, "contained_in": 1, "descr": "Serial: RS232"},
    }
    found = read((ENTITY, rows), scalars={CHASSIS_ID: "INV-2021-004711"}, **CISCO)
    assert set(records(found)) == {"31899974", "JAB0699ABCD", "4711X99"}
    rows[(1,)] = box_row()
    assert set(records(read((ENTITY, rows)))) == {"FJL12399", "JAB0699ABCD", "4711X99"}


@pytest.mark.parametrize(
    ("description", "serial", "part"),
    [
        (
            "D-LINK DGS-F3008P-4S HW V1 Firmware V5.2.1 SerialNo H3008P299400085, L2 Switch",
            "H3008P299400085",
            "DGS-F3008P-4S",
        ),
        ("ACME GS-24, S/N: AB12399X", "AB12399X", "GS-24"),
        ("Firmware 1.2 Model: XR-9 Serial#: 99A0117", "99A0117", "XR-9"),
        ("GX-8 router SN XJ12399A7, build 12", "XJ12399A7", "GX-8"),
        ("Some appliance v1.2.3, Serial Number = 2179900000123", "2179900000123", None),
    ],
)
def test_a_labelled_serial_in_sysdescr_is_the_chassis_where_nothing_better_is(
    read: Read, description: str, serial: str, part: str | None
) -> None:
    (item,) = read(description=description)["items"]
    assert (item["serial"], item.get("part"), item["category"]) == (serial, part, "chassis")
    known = read((ENTITY, {(1,): box_row()}), description=description)
    assert [item["serial"] for item in known["items"]] == ["FJL12399"]
    beside = read((ENTITY, {(2,): {"class": PSU, "serial": "PS12399"}}), description=description)
    assert {item["serial"] for item in beside["items"]} == {"PS12399", serial}


def test_a_small_business_switch_that_reports_its_serial_in_its_unit_alone_is_found(read: Read) -> None:
    source = shipped().layout("cisco").table("rlPhdUnitGenParamTable")
    assert source is not None
    unit = {(1,): {"serial": "PSZ12399ABC", "part": "SG300-10"}}
    (item,) = read((source.table, unit), object_id=(1, 3, 6, 1, 4, 1, 9, 6, 1, 83, 10, 1))["items"]
    assert (item["serial"], item["part"], item["category"]) == ("PSZ12399ABC", "SG300-10", "chassis")


# Members of stacks


@quick
@given(
    word=st.sampled_from(["Chassis", "Switch", "Unit", "Member", "Node", "Rack", "Frame", "Stack", "Slot", "switch"]),
    between=st.sampled_from([" ", "-", " #", "_", ": "]),
    numbers=st.lists(st.integers(0, 16), min_size=2, max_size=4, unique=True),
    behind=st.sampled_from(["", " WS-C6509-E", " C9300-48P", " - X460-G2-24", " (FRU)", " S5735-L48T4X"]),
    column=st.sampled_from(["name", "descr"]),
)
def test_the_members_of_a_stack_have_the_numbers_before_their_models(
    read: Read, word: str, between: str, numbers: list[int], behind: str, column: str
) -> None:
    rows: Rows = {
        (n * 100,): {**box_row(f"SMC1239{n:02d}X", position=-1), column: f"{word}{between}{member}{behind}"}
        for n, member in enumerate(numbers, start=1)
    }
    rows |= {(n * 100 + 1,): {"class": PSU, "contained_in": n * 100, "serial": f"PS1239{n}"} for n in range(1, 3)}
    outside = f"{word}{between}{numbers[0]} Power Supply 2"
    rows[(999,)] = {"class": PSU, "contained_in": 0, "serial": "PS12399", "name": outside}
    found = read((ENTITY, rows))
    assert {m["serial"]: m["number"] for m in found["members"]} == {
        f"SMC1239{n:02d}X": member for n, member in enumerate(numbers, start=1)
    }
    assert records(found)["PS12392"]["member"] == numbers[1]
    assert records(found)["PS12399"]["member"] == numbers[0]


HUAWEI = {"object_id": (1, 3, 6, 1, 4, 1, 2011, 2, 23, 763), "description": "S5735 Huawei Versatile Routing Platform"}


def boards(chassis: str, count: int, power: bool, kind: str = "MPU Board {n}") -> Rows:
    rows: Rows = {(1,): box_row(chassis)}
    for n in range(count):
        slot = 100 * (n + 1)
        rows[(slot,)] = {"class": CONTAINER, "contained_in": 1, "name": f"Board slot {n}", "position": n}
        name = kind.format(n=n, letter="AB"[n % 2])
        board = {"class": MODULE, "contained_in": slot, "serial": f"4E23999A{n}1", "name": name, "position": 0}
        rows[(slot + 1,)] = board
        rows[(slot + 2,)] = {"class": PORT, "contained_in": slot + 1, "name": f"XGigabitEthernet{n}/0/1"}
        if power:
            psu = {"class": MODULE, "contained_in": slot + 1, "serial": f"21023999P{n}", "name": f"POWER Card {n}/PWR1"}
            rows[(slot + 3,)] = psu
    return rows


@pytest.mark.parametrize(
    ("chassis", "power", "listed"),
    [("4E23999A01", False, False), ("", True, False), ("", False, True), ("", True, True)],
)
def test_each_board_of_a_stack_of_fixed_boxes_is_a_chassis(read: Read, chassis: str, power: bool, listed: bool) -> None:
    source = shipped().layout("huawei_vrp").table("hwStackMemberInfoTable")
    assert source is not None
    members = (source.table, {(0,): {"role": 1}, (1,): {"role": 2}} if listed else {})
    found = read((ENTITY, boards(chassis, 2, power)), members, **HUAWEI)
    told = records(found)
    assert [told[f"4E23999A{n}1"]["category"] for n in (0, 1)] == ["chassis", "chassis"]
    roles = ["master", "standby"] if listed else [None, None]
    assert [(m["number"], m["serial"], m["role"]) for m in found["members"]] == [
        (0, "4E23999A01", roles[0]),
        (1, "4E23999A11", roles[1]),
    ]
    if power:
        assert [told[f"21023999P{n}"]["member"] for n in (0, 1)] == [0, 1]


@pytest.mark.parametrize(
    "rows",
    [
        boards("CHASSIS99", 2, False),
        boards("4E23999A01", 2, False, kind="{letter} Board {n}"),
        boards("", 1, True),
        boards("4E23999A01", 1, True),
    ],
)
def test_the_boards_of_a_chassis_that_takes_boards_are_modules(read: Read, rows: Rows) -> None:
    found = read((ENTITY, rows), **HUAWEI)
    assert found["members"] == []
    assert {item["category"] for item in found["items"] if item["index"].endswith("01") and item["index"] != "1"} == {
        "module"
    }


# What a part is


@quick
@given(number=st.integers(0, 2**31 - 1), column=st.sampled_from(["part", "description", "manufacturer"]))
def test_the_number_of_an_enumeration_is_no_part_and_no_description(
    read: Read, tmp_path: Any, number: int, column: str
) -> None:
    (tmp_path / "enum.yml").write_text(
        "name: enum\nmatch: [{object_id: 1.3.6.1.4.1.55555.8}]\ntables:\n  units:\n    entry: 1.3.6.1.4.1.55555.8.1.1\n"
        "    columns: {serial: 1, kind: 2, again: {of: kind, match: '^(.*)$'}, text: 3}\n"
        f"    {column}: ['{{kind}}', '{{again}}', '{{text}}']\n    name: 'Unit {{kind}}'\n"
        "    hardware_rev: '{kind}'\n"
    )
    profiles = shipped().with_own(tmp_path)
    source = profiles.layout("enum").table("units")
    assert source is not None
    rows = {(1,): {"serial": "AB12399", "kind": number, "text": "GS-24"}, (2,): {"serial": "AB12398", "kind": "4711"}}
    found = records(read((source.table, rows), object_id=(1, 3, 6, 1, 4, 1, 55555, 8), profiles=profiles))
    assert found["AB12399"][column] == "GS-24"
    assert found["AB12399"]["name"] == f"Unit {number}"
    assert found["AB12399"]["hardware_rev"] == str(number)
    assert found["AB12398"][column] == "4711"


def test_an_integer_in_a_column_of_texts_is_no_model_and_no_name(read: Read) -> None:
    rows: Rows = {(1,): box_row(model=47, mfg_name=9, descr=3, hardware_rev=2)}
    (item,) = read((ENTITY, rows))["items"]
    assert not {"part", "manufacturer", "description"} & item.keys()
    assert item["hardware_rev"] == "2"


def test_a_model_that_is_the_hex_of_hex_is_decoded_or_left_out(read: Read) -> None:
    for model, part in (("POL540", "POL540"), ("\x01\x02\x03\x04", None)):
        twice = model.encode().hex().encode().hex()
        (item,) = read((ENTITY, {(1,): box_row(model=twice)}))["items"]
        assert item.get("part") == part


PRINTER = (1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 1)


def test_a_printer_that_is_device_0_is_described_as_device_1_or_by_its_maker(read: Read) -> None:
    layout = shipped().layout("printer")
    general, devices = layout.table("prtGeneralTable"), layout.table("hrDeviceTable")
    assert general is not None
    assert devices is not None
    rows = (general.table, {(0,): {"serial": "CN999B0117", "label": ""}})
    described = (devices.table, {(1,): {"description": "HP Officejet Pro 8600 N911g"}})
    maker = {
        (1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 1, 3, n, 0): text for n, text in ((2, "HP 8600"), (3, "CN999B0117"))
    }
    other = {**maker, (1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 1, 3, 3, 0): "CN000A0000"}
    for tables, scalars, part in (
        ((rows, described), {}, "HP Officejet Pro 8600 N911g"),
        ((rows,), maker, "HP 8600"),
        ((rows,), other, None),
    ):
        (item,) = read(*tables, object_id=PRINTER, scalars=scalars)["items"]
        assert (item["serial"], item.get("part")) == ("CN999B0117", part)


def test_a_count_is_no_serial_though_an_equal_number_is() -> None:
    collection = Collection(System(), "acme")
    for number, good in ((943865001, True), (Counter(943865001), False), (943865001, True)):
        assert collection.judge(number).good == good
