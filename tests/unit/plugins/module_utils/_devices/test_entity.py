# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ENTITY-MIB: which rows become items, what they are called, where they are, and what is reported about the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.interfaces import (
    ALIAS_MAPPING,
    IF_TABLE,
    IF_X_TABLE,
    LP_MAPPING,
)

Read = Callable[..., dict[str, Any]]

CHASSIS, CONTAINER, PSU, FAN, SENSOR, MODULE, PORT, STACK = 3, 5, 6, 7, 8, 9, 10, 11
IF_INDEX = (1, 3, 6, 1, 2, 1, 2, 2, 1, 1)


def row(physical_class: int, parent: int, serial: str | bytes = "", **cells: Any) -> dict[str, Any]:
    return {"class": physical_class, "contained_in": parent, "serial": serial, **cells}


def read_rows(read: Read, rows: dict[int, dict[str, Any]], *others: Any, **device: Any) -> dict[str, Any]:
    return read((ENTITY, {(key,): cells for key, cells in rows.items()}), *others, **device)


def items(inventory: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["index"]: item for item in inventory["items"]}


def test_a_row_is_reported_with_all_its_fields(read: Read) -> None:
    psu = row(PSU, 1, "DTM214001HA  ", name="PSU 1", descr="3200W", model="PWR-3200 ", position=0, is_fru=1)
    more = {"mfg_name": "ACME", "hardware_rev": "V02", "firmware_rev": "N/A", "alias": "left", "asset_id": "A-7"}
    psu |= {**more, "mfg_date": b"\x07\xe7\x0a\x0f\x00\x00\x00\x00"}
    found = read_rows(read, {1: row(CHASSIS, 0, "FJL1", name="Box"), 12: psu})
    assert items(found)["12"] == {
        **{"serial": "DTM214001HA", "index": "12", "source": "entPhysicalTable", "part": "PWR-3200", "name": "PSU 1"},
        **{"description": "3200W", "category": "powerSupply", "category_rule": "entPhysicalClass"},
        **{"manufacturer": "ACME", "hardware_rev": "V02"},
        **{"is_fru": True, "alias": "left", "asset_id": "A-7", "manufactured": "2023-10-15", "parent": "1"},
        **{"ancestors": ["1"], "position": 0, "path": "Box / PSU 1"},
    }
    assert found["complete"] is True


def test_a_placeholder_is_listed_as_rejected_and_its_unit_as_uncovered(read: Read) -> None:
    fan = row(CONTAINER, 1, "N/A", descr="Fan Tray 1", model="FAN-7000-F", is_fru=1)
    found = read_rows(read, {1: row(CHASSIS, 0, "JPE1"), 7: fan})
    rejected = {"serial": "N/A", "reason": "placeholder", "index": "7", "name": "Fan Tray 1"}
    assert found["rejected"] == [{**rejected, "source": "entPhysicalTable"}]
    assert found["coverage"] == ["field-replaceable unit without a serial: Fan Tray 1 (FAN-7000-F)"]


def test_an_empty_slot_and_a_port_are_no_units_without_a_serial(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, "JPE1"), 2: row(MODULE, 1, is_fru=1), 3: row(PORT, 1, is_fru=1, model="x")}
    assert read_rows(read, rows)["coverage"] == []


def test_a_device_without_any_serial_says_so(read: Read) -> None:
    assert "lists no serial numbers" in read_rows(read, {1: row(CHASSIS, 0)})["coverage"][0]
    assert "is not present" in read()["coverage"][0]


def test_old_ios_reports_the_serial_in_its_description(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, descr="2621 chassis, Hw Serial#: JMX0724L0QF, Hw Revision: 0x100"), 2: row(MODULE, 1)}
    assert [item["serial"] for item in read_rows(read, rows)["items"]] == ["JMX0724L0QF"]


def test_a_cycle_and_a_missing_parent_break_nothing(read: Read) -> None:
    rows = {
        1: row(CHASSIS, 0, "FJL1", name="Box"),
        2: row(MODULE, 3, "AAA1", name="a"),
        3: row(MODULE, 2, "BBB1", name="b"),
        4: row(MODULE, 4, "CCC1", name="c"),
        5: row(CHASSIS, 999, "FEX1", name="FEX 101"),
    }
    found = items(read_rows(read, rows))
    assert found["2"]["ancestors"] == ["3"]
    assert found["3"]["ancestors"] == ["2"]
    assert "parent" not in found["4"]
    assert "parent" not in found["5"]
    assert found["5"]["path"] == "FEX 101"


def test_an_agent_with_the_serial_column_alone_gives_its_serial_as_the_chassis(read: Read) -> None:
    found = read_rows(read, {1: {"serial": "JAD1234"}})
    assert [(item["serial"], item["category"]) for item in found["items"]] == [("JAD1234", "chassis")]


@pytest.mark.parametrize(
    ("physical_class", "descr", "category"),
    [
        (0, "Fan Tray 0", "fan"),
        (0, "Power Supply 1 Fan", "fan"),
        (0, "PSM slot 0", "powerSupply"),
        (0, "Chassis", "chassis"),
        (2, "Routing Engine slot 0", "module"),
        (2, "something", "unknown"),
        (77, "something", "other"),
        (77, "Line card", "module"),
        (15, "disk", "storageDrive"),
    ],
)
def test_a_class_that_says_nothing_is_derived_from_the_words(
    read: Read, physical_class: int, descr: str, category: str
) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1"), 2: row(physical_class, 1, "AAA1", descr=descr)}
    assert items(read_rows(read, rows))["2"]["category"] == category


@pytest.mark.parametrize(
    ("physical_class", "texts"),
    [
        (PORT, {"name": "TenGigabitEthernet1/3/0/1", "descr": "10GE CU1.5M"}),
        (PORT, {"name": "GigabitEthernet0/51", "descr": "unsupported"}),
        (MODULE, {"name": "subslot 0/0 transceiver 0", "descr": "GE SX"}),
        (MODULE, {"name": "Transceiver(slot:1-port:25)", "descr": "Transceiver(slot:1-port:25)"}),
        (MODULE, {"name": "TenGigE0/0/0/0", "descr": "Cisco SFP+ 10G LR Pluggable Optics Module"}),
        (MODULE, {"name": "0/0-PORT-2", "descr": "some optic", "model": "QSFP-100G-LR4-S"}),
        (CONTAINER, {"descr": "Xcvr for Ethernet1", "model": "SFM10G-SR"}),
        (0, {"name": "QSFP-100G-CWDM4", "descr": "QSFP-100G-CWDM4 @ /Chassis[0]/Fpc[0]/Pic[0]/Port[0]"}),
        (MODULE, {"descr": "QSFP+-40G-LR4 @ 0/1/0"}),
        (1, {"descr": "1000BASE-LX", "name": "Gi1"}),
    ],
)
def test_a_pluggable_is_a_transceiver_whatever_its_class(
    read: Read, physical_class: int, texts: dict[str, str]
) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1"), 2: row(physical_class, 1, "AAA1", **texts)}
    assert items(read_rows(read, rows))["2"]["category"] == "transceiver"


@pytest.mark.parametrize(
    ("physical_class", "texts", "category"),
    [
        (CHASSIS, {"descr": "48x25GbE (SFP) & 6x100GbE (QSFP) Ethernet Switch"}, "chassis"),
        (MODULE, {"descr": "48-port 10GE SFP+ Line Card"}, "module"),
        (MODULE, {"descr": "PIC: 4x40G QSFP+ @ 0/1/*"}, "module"),
        (CONTAINER, {"descr": "MIC: 3D 20x 1GE(LAN) SFP @ 0/0/*", "model": "MIC-3D-20GE-SFP"}, "container"),
        (MODULE, {"descr": "Supervisor with SFP uplinks"}, "module"),
        (FAN, {"descr": "SFP cage fan"}, "fan"),
        (MODULE, {"descr": "SPA-1X10GE", "name": "subslot 0/1"}, "module"),
    ],
)
def test_a_part_that_holds_pluggables_is_not_one(
    read: Read, physical_class: int, texts: dict[str, str], category: str
) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1"), 2: row(physical_class, 1, "AAA1", **texts)}
    assert items(read_rows(read, rows))["2"]["category"] == category


def test_what_stands_in_a_cage_is_a_transceiver(read: Read) -> None:
    cage = row(CONTAINER, 1, descr="subslot 0/0 transceiver container 0")
    rows = {1: row(CHASSIS, 0, "FJL1"), 2: cage, 3: row(MODULE, 2, "AAA1", descr="GE T")}
    assert items(read_rows(read, rows))["3"]["category"] == "transceiver"


def test_a_card_with_parts_inside_is_no_transceiver(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1"), 2: row(MODULE, 1, "CARD1", descr="SFP unit"), 3: row(PORT, 2, "AAA1")}
    found = items(read_rows(read, rows))
    assert (found["2"]["category"], found["3"]["category"]) == ("module", "transceiver")


def test_the_serial_on_the_sensors_of_an_optic_is_that_optic(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1"), 192: row(PORT, 1, name="1/1")}
    rows |= {19200 + n: row(SENSOR, 192, "FNS1", name=f"1/1 Sensor {n}", mfg_name="ACME") for n in range(3)}
    rows |= {30: row(MODULE, 1, "CARD1"), 31: row(SENSOR, 30, "CARD1")}
    found = items(read_rows(read, rows))
    assert {found[str(19200 + n)]["category"] for n in range(3)} == {"transceiver"}
    # All of them report the same: the texts of one are worth a request.
    assert [found[str(19200 + n)].get("manufacturer") for n in range(3)] == ["ACME", None, None]
    assert found["31"]["category"] == "sensor"


def test_a_fixed_port_that_repeats_the_serial_of_its_switch_is_a_port(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1"), 2: row(PORT, 1, "FJL1", name="Gi0/1")}
    assert items(read_rows(read, rows))["2"]["category"] == "port"


def optic(parent: int = 5, **cells: Any) -> dict[int, dict[str, Any]]:
    return {
        1: row(CHASSIS, 0, "FJL1"),
        5: row(CONTAINER, 1),
        6: row(MODULE, parent, "AAA1", model="SFP-10G-LR", **cells),
    }


@pytest.mark.parametrize("mapped", [6, 5, 7])
def test_the_interface_is_that_of_the_part_its_cage_or_its_first_port(read: Read, mapped: int) -> None:
    rows = {**optic(), 7: row(PORT, 6)}
    aliases = (ALIAS_MAPPING, {(mapped, 0): {"identifier": (*IF_INDEX, 42)}})
    names = (IF_X_TABLE, {(42,): {"name": "Te1/1"}})
    assert items(read_rows(read, rows, aliases, names))["6"]["interface"] == "Te1/1"


def test_an_interface_without_ifname_is_called_by_ifdescr(read: Read) -> None:
    aliases = (ALIAS_MAPPING, {(6, 0): {"identifier": (*IF_INDEX, 42)}})
    found = read_rows(read, optic(), aliases, (IF_TABLE, {(42,): {"descr": "port 42"}}))
    assert items(found)["6"]["interface"] == "port 42"


def test_without_an_alias_the_text_gives_the_interface(read: Read) -> None:
    assert items(read_rows(read, optic(name="TenGigE0/0/0/0")))["6"]["interface"] == "TenGigE0/0/0/0"
    assert items(read_rows(read, optic(descr="Xcvr for Ethernet49/1")))["6"]["interface"] == "Ethernet49/1"
    assert "interface" not in items(read_rows(read, optic(name="some optic 1")))["6"]


def test_a_logical_entity_with_one_part_is_its_interface_one_with_many_is_not(read: Read) -> None:
    names = (IF_X_TABLE, {(42,): {"name": "Te1/1"}, (1,): {"name": "InLoopBack0"}})
    single = (LP_MAPPING, {(42, 6): {"physical": 6}})
    assert items(read_rows(read, optic(), single, names))["6"]["interface"] == "Te1/1"
    shared = (LP_MAPPING, {(1, 6): {"physical": 6}, (1, 5): {"physical": 5}})
    assert "interface" not in items(read_rows(read, optic(), shared, names))["6"]


def stack(**members: dict[str, Any]) -> dict[int, dict[str, Any]]:
    rows = {1: row(STACK, 0, name="Stack")}
    for number, cells in enumerate(members.values(), start=1):
        rows[number * 1000] = row(CHASSIS, 1, f"FCW{number}", model="C9300", **cells)
        rows[number * 1000 + 1] = row(PSU, number * 1000, f"PSU{number}")
    return rows


@pytest.mark.parametrize(
    "members",
    [
        {"a": {"position": 1, "name": "x"}, "b": {"position": 2, "name": "y"}},
        {"a": {"position": 0, "name": "Switch 1"}, "b": {"position": 1, "name": "Switch 2"}},
        {"a": {"position": 0, "name": "1"}, "b": {"position": 2, "name": "2"}},
        {"a": {"position": -1, "name": "C9404R"}, "b": {"position": -1, "name": "C9404R"}},
    ],
)
def test_members_of_a_stack_are_numbered_by_one_scheme(read: Read, members: dict[str, Any]) -> None:
    found = read_rows(read, stack(**members))
    assert [(member["number"], member["serial"]) for member in found["members"]] == [(1, "FCW1"), (2, "FCW2")]
    assert items(found)["2001"]["member"] == 2


def test_a_rack_may_have_the_number_0(read: Read) -> None:
    found = read_rows(read, stack(a={"name": "Rack 0"}, b={"name": "Rack 1"}))
    assert [member["number"] for member in found["members"]] == [0, 1]


def test_members_are_numbered_by_their_ports_where_nothing_else_tells(read: Read) -> None:
    rows = stack(a={"name": "C9300"}, b={"name": "C9300"})
    rows |= {n * 1000 + 9: row(PORT, n * 1000, f"OPT{n}", name=f"GigabitEthernet{5 - n}/0/1") for n in (1, 2)}
    found = read_rows(read, rows)
    assert [(member["number"], member["serial"]) for member in found["members"]] == [(3, "FCW2"), (4, "FCW1")]


def test_members_that_contradict_each_other_get_no_number_and_keep_their_serials(read: Read) -> None:
    found = read_rows(read, stack(a={"name": "Switch 1"}, b={"name": "Switch 1"}))
    assert found["members"] == []
    assert len(found["items"]) == 4
    assert "contradicting numbers" in found["warnings"][0]


def test_chassis_side_by_side_are_a_stack_only_if_they_are_numbered(read: Read) -> None:
    frames = {n: row(CHASSIS, 0, f"FRAME{n}", position=n) for n in (1, 2)}
    assert [member["number"] for member in read_rows(read, frames)["members"]] == [1, 2]
    others = read_rows(read, {n: row(CHASSIS, 0, f"ACCESS{n}", name="AP") for n in (1, 2)})
    assert (others["members"], others["warnings"]) == ([], [])


def test_a_satellite_is_no_member_of_a_stack(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, "FOX1"), 2: row(CHASSIS, 4711, "FEX1")}
    assert read_rows(read, rows)["members"] == []


def test_of_rows_that_repeat_a_serial_the_texts_of_one_are_read(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1"), 2: row(FAN, 1, "DCH1", name="FT0", mfg_name="ACME")}
    rows[3] = row(MODULE, 2, "DCH1", name="FT0-IDPROM", model="FAN-FW", mfg_name="ACME")
    found = items(read_rows(read, rows))
    assert found["2"]["manufacturer"] == "ACME"
    assert found["3"]["part"] == "FAN-FW"
    assert "manufacturer" not in found["3"]


def test_the_member_that_leads_is_reported_completely_though_the_stack_repeats_its_serial(read: Read) -> None:
    rows = {1: row(STACK, 0, "FCW1", name="c93xx Stack"), 1000: row(CHASSIS, 1, "FCW1", name="Switch 1")}
    rows[1000] |= {"hardware_rev": "V02", "software_rev": "17.09.04a", "position": 1}
    found = items(read_rows(read, rows))["1000"]
    assert (found["hardware_rev"], found["software_rev"], found["position"]) == ("V02", "17.09.04a", 1)


def test_a_path_holds_no_index_which_the_next_reboot_may_change(read: Read) -> None:
    nights = []
    for slot in (20, 7020):
        psu = row(PSU, slot, "DTM21400", name="PSU")
        rows = {1: row(CHASSIS, 0, "FJL12345", name="Box"), slot: row(CONTAINER, 1), 30: psu}
        nights.append(items(read_rows(read, rows))["30"]["path"])
    assert nights == ["Box / PSU", "Box / PSU"]


@pytest.mark.parametrize(
    "text",
    [
        *("SFP+ Network Module", "SFP Expansion Module", "10G SFP+ Uplink Module", "2-slot SFP+ Flexible Module"),
        *("MPA 20xGE SFP", "NIM-ES2-4 GE SFP", "FlexE QSFP28 Subcard", "8-port SFP line card"),
    ],
)
def test_a_module_that_takes_pluggables_is_not_one(read: Read, text: str) -> None:
    rows = {1: row(CHASSIS, 0, "FJL1", name="Box"), 2: row(MODULE, 1, "NM0001", name="Slot 1", descr=text)}
    assert items(read_rows(read, rows))["2"]["category"] == "module"


def test_what_holds_cages_is_no_pluggable_whatever_it_is_called(read: Read) -> None:
    rows = {
        1: row(CHASSIS, 0, "FJL1", name="Box"),
        2: row(MODULE, 1, "NM0001", name="1/1", descr="SFP28"),
        3: row(CONTAINER, 2, "", name="cage 1"),
    }
    assert items(read_rows(read, rows))["2"]["category"] == "module"
    del rows[3]
    assert items(read_rows(read, rows))["2"]["category"] == "transceiver"


def test_an_optic_that_only_its_sensors_report_is_called_after_its_port(read: Read) -> None:
    rows = {
        1: row(CHASSIS, 0, "FJL1", name="Box"),
        2: row(PORT, 1, "", name="SFP 1/1", descr="a port"),
        3: row(SENSOR, 2, "OPT0001", name="Temperature", descr="in degrees"),
    }
    optic = items(read_rows(read, rows))["3"]
    assert (optic["category"], optic["name"], optic["path"]) == ("transceiver", "SFP 1/1", "Box / SFP 1/1")
    assert optic["description"] == "a port"


def test_rows_that_each_contain_the_next_are_read_all_the_same(read: Read) -> None:
    rows = {n: row(MODULE, n - 1, f"SN{n:06d}", name=f"Part {n}") for n in range(1, 300)}
    found = items(read_rows(read, rows))
    assert len(found) == 299
    assert len(found["299"]["ancestors"]) == 64


def test_texts_that_are_no_serials_are_named_up_to_a_limit(read: Read) -> None:
    rows = {n: row(PORT, 0, "N/A", name=f"Port {n}") for n in range(1, 202)}
    rejected = read_rows(read, rows)["rejected"]
    assert len(rejected) == 201
    assert rejected[0]["name"] == "Port 1"
    assert rejected[-1]["name"] is None


def test_in_a_long_table_a_part_in_a_row_that_holds_nothing_as_a_rule_has_its_place(read: Read) -> None:
    rows = {1: row(CHASSIS, 0, "CH44120001", name="Chassis")}
    rows |= {key: row(SENSOR, 1, name=f"Sensor {key}") for key in range(2, 200)}
    rows[300] = row(MODULE, 199, "LC44120007", name="Card")
    found = items(read_rows(read, rows))
    assert found["300"]["path"] == "Chassis / Sensor 199 / Card"
    assert found["300"]["ancestors"] == ["199", "1"]
