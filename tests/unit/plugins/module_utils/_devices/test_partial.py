# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table that breaks off in one night: what is read of the others must not look like a change of the parts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices import entity, interfaces
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import Collection
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import (
    Recording,
    ReplayTransport,
    load_recording,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind
from ansible_collections.invmon.network.tests.recordings.build import recordings

pytestmark = pytest.mark.slow

RECORDINGS = recordings()
#: Each test is a process of its own under ansible-test: one for each recording would take minutes.
CHUNKS = [sorted(RECORDINGS.glob("*.snmprec"))[start::20] for start in range(20)]
#: Without the system group no device is there.
SYSTEM = (1, 3, 6, 1, 2, 1, 1)
#: What the upload compares where both nights know it.
COMPARED = ("name", "part", "description", "category", "path", "interface", "position")


class Breaking(ReplayTransport):
    """Falls silent for one subtree, after some requests for it."""

    def __init__(self, recording: Recording, root: Oid, after: int) -> None:
        super().__init__(recording)
        self._root, self._left = root, after

    def _check(self, oids: Sequence[Oid]) -> None:
        if any(oid[: len(self._root)] == self._root for oid in oids):
            self._left -= 1
            if self._left < 0:
                raise SnmpTimeout("no answer")

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        self._check(oids)
        return super().get(oids)

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        self._check(oids)
        return super().get_next(oids)

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        self._check(oids)
        return super().get_bulk(oids, max_repetitions, non_repeaters)


def _read(transport: ReplayTransport) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    return _records(read_device(Agent(transport)))


def _records(collection: Collection) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    found = collection.to_dict()
    return found, {record["serial"]: record for record in merge_by_serial(found["items"])}


def _told(agent: Agent, recording: Recording) -> list[Oid]:
    """What the reader asked for and got: each column and scalar, and each table as a whole."""
    asked = [oid for oid in agent.asked() if oid[: len(SYSTEM)] != SYSTEM]
    there = {oid for oid in asked for place in (bisect_left(recording.oids, oid),) if _below(recording, place, oid)}
    return sorted(there | {oid[:-1] for oid in there if oid[-1]})


def _below(recording: Recording, place: int, oid: Oid) -> bool:
    return place < len(recording.oids) and recording.oids[place][: len(oid)] == oid


def _certain(found: dict[str, Any], record: dict[str, Any]) -> bool:
    """By the rule of the upload: no table that the record came from broke off."""
    return all(found["tables"].get(row["source"], {"complete": True})["complete"] for row in record["merged_from"])


@pytest.mark.parametrize("paths", CHUNKS, ids=[chunk[0].stem for chunk in CHUNKS])
@pytest.mark.parametrize("after", [0, 1])
def test_a_table_that_falls_silent_invents_no_change_of_a_part(paths: list[Path], after: int) -> None:
    for path in paths:
        nothing_is_invented(path, after)


def nothing_is_invented(path: Path, after: int) -> None:
    recording = load_recording(path)
    agent = Agent(ReplayTransport(recording))
    _whole, records = _records(read_device(agent))
    for root in _told(agent, recording):
        found, partial = _read(Breaking(recording, root, after))
        assert set(partial) <= set(records), f"{path.stem}, {root}: a serial was invented"
        for serial, record in partial.items():
            if _certain(found, record):
                known = {key: record[key] for key in COMPARED if record.get(key) and records[serial].get(key)}
                assert known == {key: records[serial][key] for key in known}, f"{path.stem}, {root}, {serial}"


def test_the_text_gives_the_interface_where_there_is_no_alias_but_not_where_it_was_not_read(box: Any) -> None:
    rows = {(1,): {"serial": "FNS12345678", "class": 10, "name": "GigabitEthernet1/0/1", "descr": "SFP"}}
    aliases = {(1, 0): {"identifier": (1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 7)}}
    names = (interfaces.IF_X_TABLE, {(7,): {"name": "Gi1"}})
    tables = ((entity.ENTITY, rows), (interfaces.ALIAS_MAPPING, aliases), names)
    assert read_device(Agent(box(*tables))).items[0].interface == "Gi1"
    assert read_device(Agent(box(*tables[:1]))).items[0].interface == "GigabitEthernet1/0/1"
    silent = Breaking(box(*tables)._recording, interfaces.ALIAS_MAPPING.entry, 0)
    assert read_device(Agent(silent)).items[0].interface is None, "another word for Gi1 would look like a move"
