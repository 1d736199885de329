# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Optics: every form factor, however its lanes, its speed and its place are written, in a row of any class."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.interfaces import ALIAS_MAPPING, IF_X_TABLE
from ansible_collections.invmon.network.plugins.module_utils._devices.transceivers import is_transceiver
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

Read = Callable[..., dict[str, Any]]

OTHER, UNKNOWN, CHASSIS, CONTAINER, MODULE, PORT = 1, 2, 3, 5, 9, 10
IF_INDEX = (1, 3, 6, 1, 2, 1, 2, 2, 1, 1)

ONE_LANE = ("SFP", "SFP+", "SFP_PLUS", "SFP10G", "SFP28", "SFP56", "eSFP", "CSFP", "XFP", "GBIC", "X2", "XENPAK")
LANES = (
    *("QSFP", "QSFP+", "QSFPPLUS", "QSFP40G", "QSFP28", "QSFP56", "QSFP112", "QSFP-DD", "QSFP28-DD", "QSFP56-DD"),
    *("QSFPDD", "QDD", "OSFP", "CFP", "CFP2", "CFP2-DCO", "CFP4", "CFP8", "CXP", "CPAK", "microQSFP", "SFP-DD", "DSFP"),
)
SPEEDS = ("-10GE-LR", "-10G-SR", " 10GBASE-LR", "-25GE-SR", " 1000BaseSX", "-100GE-LR4", "-100GBASE-LR4", "-ZR", "")
BREAKOUTS = (
    *(
        "-4X10G-LR",
        "-4X10G-AOC3M",
        "-2X100G",
        "-2x400G-FR4",
        "-4SFP25G-CU2M",
        "-8x50G",
        "-2X100GBASE-SR4",
        "-2X100-LR4",
    ),
    *(" 4x25G AOC", " 10x10G SR", " to 4xSFP28 breakout cable"),
)
BEFORE = (
    *(
        "",
        "Chassis 1 ",
        "Chassis 1 Slot 1 Port 20 ",
        "Member 2 Slot 0 Port 5 ",
        "Switch 1 ",
        "Shelf 2 Slot 3 ",
        "Node 3 ",
    ),
    *("Stack 1 ", "Unit 1 Port A1 ", "Slot A ", "slot:1-port:25 ", "Rack 1 Frame 2 ", "Linecard-1 Port-50 "),
    *("Module 2/Port 1: ", "Line Card 3 Slot 1 Port 2 "),
)
BEHIND = ("", " @ 0/0/1", " in Rack 1 Slot 3 Port 7", " (slot:1-port:50)", " chassis 2 port 1/1/3", " node0")


def kinds() -> list[str]:
    return [form + rest for form, rest in (*product((*ONE_LANE, *LANES), SPEEDS), *product(LANES, BREAKOUTS))]


def test_each_form_factor_is_a_pluggable_however_its_lanes_and_its_place_are_written() -> None:
    for kind, (before, behind) in product(kinds(), (*zip(BEFORE, ("",) * 99, strict=False), *product(("",), BEHIND))):
        text = f"{before}{kind}{behind}"
        assert is_transceiver("module", [text], None), text
        assert is_transceiver("other", ["Optics", text], None), text


COUNTED = (
    *("8-port SFP+ module", "4x10G Uplink Module", "48x25GbE (SFP)", "4XQSFP28 PIC", "6xGE,2xGE SFP Base PIC"),
    *("48x10/25G/32G + 6x40/100G Ethernet Module", "WS-X6848-SFP CEF720 48 port 1000mb SFP Rev. 2.0"),
    *("Chassis 1 WS-X6908-10G DCEF2T 8 port 10GE Rev. 1.2", "Slot 48-port SFP", "Slot 1 8-port SFP+"),
    *("Switch 1 Slot 1 8x10G Uplink Module", "4x40G QSFP+", "2x100GbE QSFP28", "4x25GbE (SFP28)", "1x SFP+ 10G"),
    *("2 x SFP + 2 x RJ45", "dual-port QSFP28 mezzanine", "PIC 4x10GE SFP+", "32x QSFP28", "4x10G QSFP+ module"),
    *("24x10GE SFP+ Line card", "16 port SFP", "LPU 8*10GE SFP+", "NIM-ES2-4 GE SFP", "SFP+ 4x10G"),
)


def test_a_part_that_counts_its_ports_is_no_pluggable() -> None:
    for text in COUNTED:
        assert not is_transceiver("module", [text], None), text
        assert not is_transceiver("module", ["Chassis 1 Slot 2", text], None), text


@given(
    st.integers(1, 96),
    st.sampled_from([*ONE_LANE, *LANES]),
    st.sampled_from(
        ["{n}-port {form} module", "{n} port {form}", "{n}x{form}", "{n}X{form} PIC", "{n}-port {form}-10G"]
    ),
    st.sampled_from(BEFORE),
)
def test_so_many_ports_of_a_form_factor_are_no_pluggable(n: int, form: str, text: str, before: str) -> None:
    if form != "X2" or "x" not in text.lower():
        assert not is_transceiver("module", [before + text.format(n=n, form=form)], None)


def read_row(read: Read, cells: dict[str, Any], alias: int, logical: int) -> dict[str, Any]:
    """A device with one pluggable, row 20 in row 10, and the alias of one of the rows to interface 7."""
    rows = {
        (1,): {"class": CHASSIS, "contained_in": 0, "serial": "FJL12399", "name": "Box"},
        (5,): {"class": MODULE, "contained_in": 1, "serial": "LC1239999", "name": "Card", "descr": "Line card"},
        (10,): {"class": CONTAINER, "contained_in": 5, "name": "cage 3"},
        (20,): {"contained_in": 10, "serial": "AVD12399X0A", **cells},
        (21,): {"class": PORT, "contained_in": 20, "name": "port"},
    }
    aliases = (ALIAS_MAPPING, {(alias, logical): {"identifier": (*IF_INDEX, 7)}})
    found = read((ENTITY, rows), aliases, (IF_X_TABLE, {(7,): {"name": "Te1/3"}}))
    return next(record for record in merge_by_serial(found["items"]) if record["serial"] == "AVD12399X0A")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(kinds()),
    before=st.sampled_from(BEFORE),
    behind=st.sampled_from(BEHIND),
    physical_class=st.sampled_from([OTHER, UNKNOWN, CONTAINER, MODULE, PORT, 0, 77, None]),
    column=st.sampled_from(["name", "descr", "model"]),
    alias=st.sampled_from([20, 10, 21]),
    logical=st.sampled_from([0, 1, 4711]),
)
@example(
    kind="QSFP112", before="", behind="", physical_class=MODULE, column="name", alias=20, logical=1
)  # a word like that of an interface
def test_a_pluggable_is_reported_with_its_interface_whatever_its_class(
    read: Read,
    kind: str,
    before: str,
    behind: str,
    physical_class: int | None,
    column: str,
    alias: int,
    logical: int,
) -> None:
    text = kind if column == "model" else before + kind + behind
    cells = {column: text, **({} if physical_class is None else {"class": physical_class})}
    if column == "model":
        cells["name"] = "Transceiver"
    record = read_row(read, cells, alias, logical)
    assert (record["category"], record.get("interface")) == ("transceiver", "Te1/3")


@pytest.mark.parametrize(
    ("cage", "alias"),
    [
        ({"class": PORT, "name": "25"}, None),
        (
            {"class": CONTAINER, "descr": "TenGigabitEthernet Container", "name": "TenGigabitEthernet3/0/8 Container"},
            None,
        ),
        ({"class": CONTAINER, "name": "Port 25"}, None),
        ({"class": CONTAINER, "name": "cage 3"}, None),
        ({"class": CONTAINER, "name": "bay"}, 20),
        ({"class": CONTAINER, "name": "bay"}, 10),
        ({"class": MODULE, "name": "card", "serial": "CARD12399"}, 20),
    ],
)
def test_a_part_that_nothing_calls_a_pluggable_is_one_in_a_port_or_where_an_interface_is_its_own(
    read: Read, cage: dict[str, Any], alias: int | None
) -> None:
    rows = {
        (1,): {"class": CHASSIS, "contained_in": 0, "serial": "FJL12399", "name": "Box"},
        (10,): {"contained_in": 1, **cage},
        (20,): {"class": MODULE, "contained_in": 10, "serial": "AM0799S117", "descr": "GE SX", "model": "QFBR-5798L"},
        (30,): {"class": MODULE, "contained_in": 1, "serial": "SUP12399", "descr": "Supervisor", "model": "SUP"},
        (31,): {"class": MODULE, "contained_in": 1, "serial": "NM0012399", "descr": "Something", "model": "NM"},
    }
    aliases = {(key, 0): {"identifier": (*IF_INDEX, key)} for key in (alias, 30) if key}
    names = {(key,): {"name": f"Te1/{key}"} for key in (10, 20, 30)}
    found = read((ENTITY, rows), (ALIAS_MAPPING, aliases), (IF_X_TABLE, names))
    told = {item["serial"]: (item["category"], item.get("interface")) for item in found["items"]}
    assert told["AM0799S117"] == ("transceiver", f"Te1/{alias}" if alias else None)
    assert told["SUP12399"] == told["NM0012399"] == ("module", None)


def test_the_alias_of_a_card_makes_no_pluggable_of_what_sits_in_it(read: Read) -> None:
    rows = {
        (1,): {"class": CHASSIS, "contained_in": 0, "serial": "FJL12399", "name": "Box"},
        (10,): {"class": MODULE, "contained_in": 1, "serial": "CARD12399", "name": "card"},
        (20,): {"class": MODULE, "contained_in": 10, "serial": "DB12399A", "descr": "Daughter"},
    }
    found = read((ENTITY, rows), (ALIAS_MAPPING, {(10, 0): {"identifier": (*IF_INDEX, 1)}}))
    assert {item["category"] for item in found["items"] if item["index"] != "1"} == {"module"}


@pytest.mark.parametrize(
    ("texts", "interface"),
    [
        ({"name": "Chassis 1 Transceiver Te1/7/2"}, "Te1/7/2"),
        ({"descr": "Chassis 1 X2 Transceiver 10Gbase-LR Te1/7/2", "name": "x"}, "Te1/7/2"),
        ({"name": "Transceiver(slot:1-port:25)", "descr": "SFP-10G-SR"}, None),
        ({"descr": "QSFP @ 0/1/2"}, None),
    ],
)
def test_the_interface_may_be_behind_the_words_of_a_pluggable(
    read: Read, texts: dict[str, str], interface: str | None
) -> None:
    rows = {
        (1,): {"class": CHASSIS, "contained_in": 0, "serial": "FJL12399", "name": "Box"},
        (2,): {"class": MODULE, "contained_in": 1, "serial": "AVD12399X0A", **texts},
    }
    assert read((ENTITY, rows))["items"][1].get("interface") == interface
