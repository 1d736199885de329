# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the tables look like and wherever the agent cuts its replies: a walk brings what is there."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp.gets import get_many
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import Recording, ReplayTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.walks import Pace, walk_columns

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import given
from hypothesis import strategies as st

COLUMNS = [(1, 3, 1, 1, number) for number in (1, 2, 3, 30, 4)] + [(1, 3, 2, 1, 1)]
INDEXES = st.lists(st.integers(0, 40), min_size=1, max_size=3).map(tuple)
CELLS = st.dictionaries(st.tuples(st.sampled_from(COLUMNS), INDEXES), st.binary(max_size=30), max_size=120)


@given(cells=CELLS, wanted=st.sets(st.sampled_from(COLUMNS), min_size=1), octets=st.integers(1, 2000))
def test_a_walk_brings_every_cell_of_its_columns_and_no_other(
    cells: dict[tuple[tuple[int, ...], tuple[int, ...]], bytes], wanted: set[tuple[int, ...]], octets: int
) -> None:
    recording = Recording("test")
    for (column, index), value in cells.items():
        recording.varbinds[(*column, *index)] = VarBind((*column, *index), "octets", value)
    recording.oids = sorted(recording.varbinds)
    transport = ReplayTransport(recording, octets)
    walked = walk_columns(transport, wanted, Pace())
    assert all(cursor.complete for cursor in walked.values())
    found = {(column, index): v.value for column, cursor in walked.items() for index, v in cursor.cells.items()}
    assert found == {cell: value for cell, value in cells.items() if cell[0] in wanted}
    got = get_many(transport, list(recording.oids), Pace())
    assert got.varbinds == recording.varbinds
    assert not got.errors
