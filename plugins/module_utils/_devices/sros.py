# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nokia SR OS (7750, 7705, ...): no ENTITY-MIB; hardware, flash cards and optics are in three TIMETRA tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .._parts.item import TRANSCEIVER, Item
from .._snmp.agent import Agent, Index, Table, Value
from .._snmp.transport import dotted
from .collection import MOST_UNITS, Collection
from .interfaces import IF_X_TABLE, if_names
from .profile import Layout
from .profile_reader import read_sources
from .profile_reading import first_columns
from .tree import Tree
from .values import TableRow, date_and_time, joined, mmddyyyy, number, part_number, position, revision, text, truth

_BASE = (1, 3, 6, 1, 4, 1, 6527, 3, 1, 2, 2)

#: TIMETRA-CHASSIS-MIB, indexed by tmnxChassisIndex and tmnxHwIndex
HARDWARE = Table(
    "tmnxHwTable",
    (*_BASE, 1, 8, 1),
    {
        **{"part": 4, "serial": 5, "date": 6, "class": 7, "name": 8, "alias": 9, "asset_id": 10, "is_fru": 12},
        **{"contained_in": 13, "position": 14, "firmware_rev": 20, "software_rev": 21},
    },
)
#: indexed by chassis, slot and flash id
FLASH = Table("tmnxCpmFlashTable", (*_BASE, 3, 7, 1), {"serial": 3, "firmware_rev": 4, "model": 5, "hw_index": 8})
#: TIMETRA-PORT-MIB, indexed by chassis and tmnxPortPortID, which is the ifIndex
PORTS = Table(
    "tmnxPortTable",
    (*_BASE, 4, 2, 1),
    {"name": 6, "type": 25, "model": 29, "date": 32, "serial": 45, "vendor_part": 46},
)
CHASSIS = Table("tmnxChassisTable", (*_BASE, 1, 3, 1), {"type": 4}, required=False)
CHASSIS_TYPES = Table("tmnxChassisTypeTable", (*_BASE, 1, 6, 1), {"name": 2}, required=False)

#: TmnxHwClass, as far as it is not "module"
CATEGORIES = {
    **{1: "other", 2: "unknown", 3: "chassis", 4: "container", 5: "powerSupply", 6: "fan", 7: "sensor"},
    **{12: "storageDrive", 13: "port", 21: "container"},
}
#: ioModule, cpmModule, fabricModule, mdaModule, ccm, alarmInputModule, pcm, powerShelfController, cpmCarrier, xioModule
MODULES = frozenset({8, 9, 10, 11, 15, 19, 20, 22, 23, 24})
#: TmnxTransceiverType, for people
TRANSCEIVER_TYPES = {
    **{1: "GBIC", 2: "soldered MSA", 3: "SFP", 5: "XENPAK", 6: "XFP", 9: "XPAK", 10: "X2", 11: "DWDM SFP", 12: "QSFP"},
    **{13: "QSFP+", 14: "CFP", 15: "CXP", 16: "100G LH MSA", 17: "CFP2 or QSFP28", 18: "CFP4", 19: "CDFP"},
    **{20: "CFP2-ACO", 21: "CFP8", 23: "microQSFP", 24: "QSFP-DD", 25: "CFP2-DCO", 26: "SFP-DD", 27: "DSFP"},
}

_SMALL = ("class", "contained_in", "is_fru", "position")
_DETAILS = ("part", "date", "name", "alias", "asset_id", "firmware_rev", "software_rev")
_OPTIC_DETAILS = ("name", "type", "model", "date", "vendor_part")
#: "ALC-LUC 3EM23141AC01 CRPQABUFAA", "3HE00027CAAA01 ALA IPUIAELDAB": Nokia's part number among other codes
_NOKIA_PART = re.compile(r"\b3(?:HE|EM|FE|AL)\d{5}[A-Z]{2}\w*")


@dataclass
class _Chassis:
    """Rows of tmnxHwTable by index."""

    rows: dict[Index, dict[str, Value]] = field(default_factory=dict)
    serials: dict[Index, str] = field(default_factory=dict)
    tree: Tree = field(default_factory=lambda: Tree({}))

    def name(self, index: Index) -> str | None:
        return text(self.rows.get(index, {}), "name")

    def ancestors(self, index: Index) -> list[Index]:
        return [_index(key) for key in self.tree.ancestors(_key(index))]

    def path(self, index: Index) -> str | None:
        """None where a name on the way is missing: an index is not a name."""
        names = [self.name(place) for place in [*reversed(self.ancestors(index)), index]]
        return joined(name or "" for name in names) if all(names) else None


def read_sros(agent: Agent, collection: Collection, layout: Layout) -> None:
    """Hardware, flash cards, optics, those in ports that are shut down too; the layout may add one's own tables."""
    agent.read(
        *((HARDWARE, ("serial", *_SMALL)), (FLASH, tuple(FLASH.columns)), (PORTS, ("serial",)), (CHASSIS, ("type",))),
        *first_columns(layout),
    )
    flash = agent.columns(FLASH, ("serial", "hw_index"))
    chassis = _read_hardware(agent, collection, [_place(index, row) for index, row in flash.items()])
    descriptions = _chassis_types(agent, chassis)
    collection.items.extend(_hardware(chassis, index, descriptions.get(index)) for index in sorted(chassis.serials))
    collection.items.extend(_read_flash(agent, collection, chassis))
    collection.items.extend(_read_optics(agent, collection, chassis))
    _report_units(agent, collection, chassis)
    collection.tie(HARDWARE.name, FLASH.name, PORTS.name)
    read_sources(agent, collection, layout)


def _report_units(agent: Agent, collection: Collection, chassis: _Chassis) -> None:
    """Report the replaceable units that have a part number and no serial; without one it is an empty slot."""
    bare = [index for index, row in sorted(chassis.rows.items()) if truth(row, "is_fru")]
    bare = [index for index in bare if index not in chassis.serials]
    rows = agent.rows(HARDWARE, ("part",), bare[:MOST_UNITS])
    parts = {index: part for index, row in sorted(rows.items()) if (part := part_number(row, "part"))}
    names = agent.rows(HARDWARE, ("name",), parts)
    for index, part in parts.items():
        collection.cover_unit(text(names.get(index, {}), "name") or dotted(index), part)


def _key(index: Index) -> int:
    """One number for (tmnxChassisIndex, tmnxHwIndex), which are both of 32 bits."""
    return index[0] << 32 | index[1]


def _index(key: int) -> Index:
    return (key >> 32, key & 0xFFFFFFFF)


def _place(index: Index, row: TableRow) -> Index:
    """The row of tmnxHwTable that a flash card is."""
    return (index[0], number(row, "hw_index") or 0)


def _read_hardware(agent: Agent, collection: Collection, flash: list[Index]) -> _Chassis:
    chassis = _Chassis()
    for index, row in agent.columns(HARDWARE, ("serial", *_SMALL)).items():
        if len(index) == 2:
            chassis.rows[index] = dict(row)
    parents = {_key(index): _key((index[0], number(row, "contained_in") or 0)) for index, row in chassis.rows.items()}
    chassis.tree = Tree(dict(parents))
    raw = {index: row["serial"] for index, row in chassis.rows.items() if row.get("serial")}
    above = {place for index in [*raw, *flash] for place in chassis.ancestors(index)}
    wanted: dict[Index, Sequence[str]] = dict.fromkeys(sorted(raw), _DETAILS)
    for index in sorted(above.union(flash) & chassis.rows.keys()):
        wanted.setdefault(index, ("name",))
    _ask_texts(agent, collection, chassis, wanted)
    for index, details in agent.cells(HARDWARE, wanted).items():
        chassis.rows[index].update(details)
    for index in sorted(raw):
        serial = collection.serial(raw[index], dotted(index), chassis.name(index), HARDWARE.name)
        if serial:
            chassis.serials[index] = serial
    return chassis


def _ask_texts(agent: Agent, collection: Collection, chassis: _Chassis, wanted: Mapping[Index, Sequence[str]]) -> None:
    """All that will be asked of rows that are known by now, in shared requests. wanted: of tmnxHwTable."""
    units = [index for index, row in sorted(chassis.rows.items()) if truth(row, "is_fru")]
    bare = [index for index in units if wanted.get(index) != _DETAILS][:MOST_UNITS]
    ports = agent.columns(PORTS, ("serial",))
    found = {index: collection.judge(row.get("serial")) for index, row in sorted(ports.items()) if len(index) == 2}
    optics = [index for index, verdict in found.items() if verdict.good]
    types = {number(row, "type") for row in agent.columns(CHASSIS, ("type",)).values()}
    agent.ask(
        (HARDWARE, {**wanted, **{index: ("part", *wanted.get(index, ())) for index in bare}}),
        (PORTS, dict.fromkeys(optics, _OPTIC_DETAILS)),
        (CHASSIS_TYPES, {(one,): ("name",) for one in sorted(filter(None, types))}),
    )


def _category(index: Index, row: TableRow) -> str:
    """By tmnxHwClass; where the column is missing, by the class in the top octet of tmnxHwIndex."""
    hw_class = number(row, "class") or index[1] >> 24
    return CATEGORIES.get(hw_class) or ("module" if hw_class in MODULES else "other")


def _hardware(chassis: _Chassis, index: Index, description: str | None) -> Item:
    row = chassis.rows[index]
    above = chassis.ancestors(index)
    return Item(
        serial=chassis.serials[index],
        index=dotted(index),
        source=HARDWARE.name,
        part=part_number(row, "part"),
        name=chassis.name(index) or description,
        description=description,
        category=_category(index, row),
        category_rule="tmnxHwClass",
        firmware_rev=revision(row, "firmware_rev"),
        software_rev=revision(row, "software_rev"),
        is_fru=truth(row, "is_fru"),
        alias=text(row, "alias"),
        asset_id=text(row, "asset_id"),
        manufactured=mmddyyyy(row, "date"),
        parent=dotted(above[0]) if above else None,
        ancestors=tuple(dotted(place) for place in above),
        position=position(row, "position"),
        path=chassis.path(index),
    )


def _chassis_types(agent: Agent, chassis: _Chassis) -> dict[Index, str]:
    """Chassis rows -> what the type of their chassis is called: "7750 SR-7s"."""
    found = [index for index in chassis.serials if _category(index, chassis.rows[index]) == "chassis"]
    rows = agent.rows(CHASSIS, ("type",), [(index[0],) for index in found])
    types = {index[0]: number(row, "type") for index, row in rows.items()}
    wanted = [(chassis_type,) for chassis_type in types.values() if chassis_type]
    names = agent.rows(CHASSIS_TYPES, ("name",), wanted) if wanted else {}
    found_names = {index: text(names.get((types.get(index[0]) or 0,), {}), "name") for index in found}
    return {index: name for index, name in found_names.items() if name}


def _read_flash(agent: Agent, collection: Collection, chassis: _Chassis) -> list[Item]:
    rows = agent.columns(FLASH, tuple(FLASH.columns))
    items = []
    for index, row in sorted(rows.items()):
        place = _place(index, row)
        name = chassis.name(place)
        serial = collection.serial(row.get("serial"), dotted(index), name, FLASH.name)
        if serial:
            item = Item(
                serial,
                dotted(index),
                FLASH.name,
                part_number(row, "model"),
                name,
                category="storageDrive",
                category_rule=FLASH.name,
                firmware_rev=revision(row, "firmware_rev"),
                path=chassis.path(place) if place in chassis.rows else None,
            )
            items.append(item)
    return items


def _read_optics(agent: Agent, collection: Collection, chassis: _Chassis) -> list[Item]:
    """Ports have a vendor serial where a pluggable is in; tmnxPortSFPEquipped is not reliable."""
    rows = agent.columns(PORTS, ("serial",))
    serials = {}
    for index, row in sorted(rows.items()):
        serial = collection.serial(row.get("serial"), dotted(index), None, PORTS.name)
        if serial and len(index) == 2:
            serials[index] = serial
    details = agent.rows(PORTS, _OPTIC_DETAILS, sorted(serials))
    nameless = [index[1] for index in serials if not text(details.get(index, {}), "name")]
    names = if_names(agent, nameless) if nameless else {}
    if nameless:
        collection.tie(PORTS.name, IF_X_TABLE.name)
    root = next((chassis.name(i) for i in sorted(chassis.serials) if _category(i, chassis.rows[i]) == "chassis"), None)
    return [_optic(index, serials[index], details.get(index, {}), names.get(index[1]), root) for index in serials]


def _optic(index: Index, serial: str, row: TableRow, if_name: str | None, root: str | None) -> Item:
    port = text(row, "name") or if_name
    return Item(
        serial=serial,
        index=dotted(index),
        source=PORTS.name,
        part=_optic_part(row),
        name=port or _optic_description(row),
        description=_optic_description(row),
        category=TRANSCEIVER,
        category_rule=PORTS.name,
        manufactured=date_and_time(row, "date"),
        path=f"{root} / {port}" if root and port else port,
        interface=port,
    )


def _optic_part(row: TableRow) -> str | None:
    """Nokia's part number out of the model number; else the model number; else what the vendor calls it."""
    model = part_number(row, "model")
    nokia = _NOKIA_PART.search(model or "")
    return nokia[0] if nokia else model or part_number(row, "vendor_part")


def _optic_description(row: TableRow) -> str | None:
    """The form factor, and the vendor's part number where that is another."""
    form = TRANSCEIVER_TYPES.get(number(row, "type") or 0)
    said = [form, part_number(row, "vendor_part")]
    if said[1] == _optic_part(row):
        said.pop()
    return ", ".join(part for part in said if part) or None
