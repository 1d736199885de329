# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults and nonsense: no agent makes a reader raise, loop, or hand back what is not plain data."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.interfaces import (
    ALIAS_MAPPING,
    IF_X_TABLE,
    LP_MAPPING,
)
from ansible_collections.invmon.network.plugins.module_utils._devices.junos import (
    CONTAINERS,
    CONTENTS,
    FRUS,
    VC_MEMBERS,
)
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._devices.sros import CHASSIS, FLASH, HARDWARE, PORTS
from ansible_collections.invmon.network.plugins.module_utils._parts.item import CATEGORIES
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import judge
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent, Table
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpPduError, SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Read = Callable[..., dict[str, Any]]

VALUES = st.one_of(
    st.integers(-1, 16),
    st.integers(),
    st.binary(max_size=20),
    st.sampled_from([b"N/A", b"SERIAL1", b"SERIAL2", b"SERIAL3", b"QSFP @ 0/1/2", b"FPC @ 1/*/*", b"Switch 2", b""]),
    st.lists(st.integers(0, 4), max_size=12).map(tuple),
    st.sampled_from([(1, 3, 6, 1, 2, 1, 2, 2, 1, 1, n) for n in range(3)]),
)


def rows_of(table: Table, length: int) -> st.SearchStrategy[dict[tuple[int, ...], dict[str, Any]]]:
    """Rows of a table, now and then with an index of another length."""
    index = st.one_of(
        st.lists(st.integers(0, 7), min_size=length, max_size=length),
        st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=5),
    ).map(tuple)
    cells = st.dictionaries(st.sampled_from(sorted(table.columns)), VALUES, min_size=1)
    return st.dictionaries(index, cells, max_size=8)


EVERYBODY = [(ENTITY, 1), (ALIAS_MAPPING, 2), (LP_MAPPING, 2), (IF_X_TABLE, 1)]
JUNOS = [(ENTITY, 1), (CONTENTS, 4), (CONTAINERS, 1), (FRUS, 4), (VC_MEMBERS, 1)]
SROS = [(HARDWARE, 2), (FLASH, 3), (PORTS, 2), (CHASSIS, 1), (IF_X_TABLE, 1)]


def tables_of(platform: str) -> list[tuple[Table, int]]:
    """What a platform reads, with the length of each table's index."""
    layout = shipped().layout(platform)
    return [*EVERYBODY, *((source.table, len(source.index) or 1) for source in layout.tables)]


def plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(entry) for key, entry in value.items())
    if isinstance(value, list):
        return all(plain(entry) for entry in value)
    return value is None or type(value) in (str, int, bool)


@pytest.mark.parametrize(
    ("platform", "tables"), [("cisco_ios", tables_of("cisco_ios")), ("junos", JUNOS), ("sros", SROS)]
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_rows_make_a_reader_fail(read: Read, data: st.DataObject, platform: str, tables: list[Any]) -> None:
    rows = [(table, data.draw(rows_of(table, length))) for table, length in tables]
    nothing_is_wrong_with(read(*rows, platform=platform, certain=True), platform)


#: Each test is a process of its own under ansible-test: 250 of them would take a minute.
CHUNKS = [shipped().names()[start::10] for start in range(10)]


@pytest.mark.slow
@pytest.mark.parametrize("platforms", CHUNKS, ids=[chunk[0] for chunk in CHUNKS])
def test_no_rows_make_a_profile_fail(read: Read, platforms: list[str]) -> None:
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def try_one(data: st.DataObject, platform: str) -> None:
        # Some platforms know a hundred tables, of which a device has a few.
        known = tables_of(platform)
        tables = data.draw(st.lists(st.sampled_from(known), max_size=5, unique_by=lambda pair: pair[0].entry))
        rows = [(table, data.draw(rows_of(table, length))) for table, length in tables]
        scalars = [column.oid for group in shipped().layout(platform).scalars for column in group.columns.values()]
        values = {oid: data.draw(VALUES) for oid in scalars[:20] if oid}
        nothing_is_wrong_with(read(*rows, platform=platform, certain=True, scalars=values), platform)

    for platform in platforms:
        try_one(platform=platform)


def nothing_is_wrong_with(found: dict[str, Any], platform: str) -> None:
    """A collection is plain data, whose items are parts with a serial of their own place."""
    assert found["platform"] == platform or not shipped().layout(platform).tables
    assert plain(found)
    json.dumps(found)
    keys = [(item["source"], item["index"]) for item in found["items"]]
    assert len(keys) == len(set(keys))
    for item in found["items"]:
        assert item["category"] in CATEGORIES
        # An INTEGER is judged as a number: 11111 is as good as any.
        assert item["serial"].isdigit() or judge(item["serial"]) == (item["serial"], None)
        assert item["index"] not in item.get("ancestors", [])
    records = merge_by_serial(found["items"])
    assert plain(records)
    assert len({record["serial"] for record in records}) == len(records)


class Faulty:
    """A transport that fails whatever asks below a prefix."""

    def __init__(self, transport: ReplayTransport, prefix: Oid, error: Exception) -> None:
        self.max_message = transport.max_message
        self.requests = 0
        self.bulk = True
        self.threads = False
        self._transport = transport
        self._prefix = prefix
        self._error = error

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        self._check(oids)
        return self._transport.get(oids)

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        self._check(oids)
        return self._transport.get_next(oids)

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        self._check(oids)
        return self._transport.get_bulk(oids, max_repetitions, non_repeaters)

    def close(self) -> None:
        """Nothing is open."""

    def _check(self, oids: Sequence[Oid]) -> None:
        if any(oid[: len(self._prefix)] == self._prefix for oid in oids):
            raise self._error


BOX = {
    (1,): {"class": 3, "contained_in": 0, "serial": "FJL1", "name": "Box", "descr": "a box"},
    (2,): {"class": 10, "contained_in": 1, "serial": "AAA1", "name": "Gi0/1"},
}


@pytest.mark.parametrize(
    ("table", "complete"), [(ALIAS_MAPPING, True), (LP_MAPPING, True), (IF_X_TABLE, True), (ENTITY, False)]
)
def test_an_error_in_one_table_leaves_the_others_and_is_reported(table: Table, complete: bool, box: Any) -> None:
    agent = Agent(Faulty(box((ENTITY, BOX)), table.entry, SnmpPduError("genErr", "genErr")))
    found = read_device(agent).to_dict()
    assert found["complete"] is complete
    if complete:
        assert [item["serial"] for item in found["items"]] == ["FJL1", "AAA1"]
    else:
        assert found["tables"]["entPhysicalTable"]["error"]


def test_one_column_that_cannot_be_read_keeps_what_the_others_tell(box: Any) -> None:
    broken = Faulty(box((ENTITY, BOX)), ENTITY.column("model"), SnmpPduError("genErr", "genErr"))
    found = read_device(Agent(broken)).to_dict()
    assert [item["serial"] for item in found["items"]] == ["FJL1", "AAA1"]
    assert found["complete"] is False


def test_a_dead_device_raises_its_error(box: Any) -> None:
    with pytest.raises(SnmpTimeout):
        read_device(Agent(Faulty(box(), (), SnmpTimeout("no answer"))))


def test_each_platform_reads_a_device_that_has_nothing(read: Read) -> None:
    for platform in shipped().names():
        found = read(platform=platform)
        assert (found["items"], found["complete"]) == ([], True)
