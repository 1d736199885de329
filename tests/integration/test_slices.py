# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slices of a job as AWX runs them: each with a part of the inventory, none knowing of the others."""

from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.tests.integration.awx import SEED, SITE, Awx, awx_inventory, network
from ansible_collections.invmon.network.tests.integration.runner import run_jobs
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin

#: The night of changes: what is read in place of a serial. AGS9310T0X1 goes from core-1 to core-2 and JAF9350S0P1 from
#: edge-2 to edge-1, so from each slice to the other; ART9340P0S2 of core-2 and EEWT93200P2 of edge-1 change places.
CHANGES = {
    "core-1": {"AGS9310T0X1": "AGS9310T0X9"},
    "core-2": {"AVD9340S0X1": "AGS9310T0X1", "ART9340P0S2": "EEWT93200P2"},
    "edge-1": {"XCW93190L002": "JAF9350S0P1", "EEWT93200P2": "ART9340P0S2"},
    "edge-2": {"JAF9350S0P1": "JAF9350S0P9"},
}
#: Serial of a part that moved -> where it is then.
MOVED = {"AGS9310T0X1": "core-2", "JAF9350S0P1": "edge-1", "ART9340P0S2": "edge-1", "EEWT93200P2": "core-2"}
#: Those that gave their place to one that moved in.
GONE = {"AVD9340S0X1", "XCW93190L002"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What AWX's update of an inventory source stores: read once, as good for each NetBox of these tests."""
    folder = tmp_path_factory.mktemp("update")
    with start_standin(SEED) as standin:
        return awx_inventory(standin, folder)


def state(rows: Iterable[Mapping[str, Any]], mornings: Iterable[datetime] = ()) -> list[str]:
    """What the rows say, ids apart; of a moment only in which night it was.

    Left out is what a slice cannot know, see docs/awx.md: that a part which left went to a device of another slice,
    if that one has not reported it yet; that two parts changed places; and by which of its names the other device calls
    the slot.
    """
    known = ("name", "serial", "part", "category", "description", "comments", "time", "creation_time", "tags")
    keys = (*known, "device_descriptor", "site_descriptor", "location_descriptor")
    texts = []
    for row in rows:
        mark = json.loads(json.dumps(mark_of(row)))
        mark.get("missing", {}).pop("to", None)
        began = mark["began"]
        began.pop("with", None)
        began["fate"] = began["fate"].replace("swapped", "moved")
        began.get("from", {}).pop("slot", None)
        seen = [row[key] for key in keys]
        text = json.dumps([seen, mark], sort_keys=True)
        texts.append(MOMENT.sub(lambda found: f"night {_night(found[0], mornings)}", text))
    return sorted(texts)


def mark_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is ours in a row."""
    return row["discovered_data"]["invmon"]


def _night(moment: str, mornings: Iterable[datetime]) -> int:
    return sum(moment_of(moment) > morning for morning in mornings) + 1


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass
class FirstNight:
    """What one job for all devices left in NetBox."""

    database: Path
    inventory: Mapping[str, Any]
    rows: list[dict[str, Any]]
    end: datetime

    @contextmanager
    def continued(self, folder: Path) -> Iterator[Awx]:
        """A NetBox that begins with it."""
        folder.mkdir()
        copy = shutil.copy(self.database, folder / "netbox.db")
        with start_standin(SEED, database=str(copy)) as standin:
            yield Awx(standin, folder, self.inventory)


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory, inventory: dict[str, Any]) -> FirstNight:
    folder = tmp_path_factory.mktemp("first")
    database = folder / "netbox.db"
    with start_standin(SEED, database=str(database)) as standin, network() as ports:
        awx = Awx(standin, folder, inventory)
        awx.night(ports, [1], count=1)
        rows = awx.a_day_ago()
    return FirstNight(database, inventory, rows, max(moment_of(row["time"]) for row in rows))


@pytest.fixture
def awx(tmp_path: Path, inventory: dict[str, Any]) -> Iterator[Awx]:
    """A NetBox without probes."""
    with start_standin(SEED) as standin:
        yield Awx(standin, tmp_path, inventory)


def test_slices_at_once_write_what_one_job_writes(first_night: FirstNight, awx: Awx) -> None:
    with network() as ports:
        awx.night(ports, [1, 2])
    assert state(awx.rows()) == state(first_night.rows)
    assert {row["site_descriptor"] for row in awx.rows()} == {SITE}


@pytest.fixture(scope="module")
def changed_night(first_night: FirstNight, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What one job for all devices makes of the changes."""
    with first_night.continued(tmp_path_factory.mktemp("changed") / "job") as awx, network(CHANGES) as ports:
        awx.night(ports, [1], count=1)
        came = [row for row in awx.rows() if mark_of(row)["began"]["fate"] != "created"]
        assert {row["serial"]: row["device_descriptor"] for row in came} == MOVED
        return state(awx.rows(), [first_night.end])


@pytest.mark.parametrize("first", [1, 2])
def test_a_part_that_moves_to_a_device_of_another_slice_has_moved_whoever_writes_first(
    first: int, first_night: FirstNight, changed_night: list[str], tmp_path: Path
) -> None:
    with first_night.continued(tmp_path / "awx") as awx, network(CHANGES) as ports:
        awx.night(ports, [first], [3 - first])
        assert state(awx.rows(), [first_night.end]) == changed_night
        if first == 1:
            # Whoever wrote too early to know where its part went has looked for it by the night after.
            awx.night(ports, [1, 2])
            left = {row["serial"]: mark_of(row)["missing"] for row in awx.rows() if "missing" in mark_of(row)}
            assert {serial: missing["to"] for serial, missing in left.items() if "to" in missing} == MOVED
            # Twice not seen, and within minutes: not gone.
            counts = {
                serial: (missing["n"], "gone" in missing) for serial, missing in left.items() if "to" not in missing
            }
            assert counts == dict.fromkeys(GONE, (2, False))


def test_a_slice_that_a_limit_leaves_empty_fails_alone_and_one_that_a_pattern_leaves_empty_does_not(awx: Awx) -> None:
    with network() as ports:
        limited = {number: awx.job(ports, number, 2, arguments="--limit core-1") for number in (1, 2)}
        asked = awx.job(ports, 2, 2, name="pattern", extra_vars={"invmon_hosts": "core-1", "invmon_allow_empty": True})
        outcomes = run_jobs(awx.folder, *limited.values(), asked)
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "slice-1": "successful",
        "slice-2": "failed",
        "pattern": "successful",
    }
    assert "no hosts to target" in outcomes["slice-2"].text
    assert awx.devices() == {"core-1"}


def test_a_failing_slice_leaves_the_others_alone_and_the_next_night_makes_up_for_it(
    first_night: FirstNight, awx: Awx
) -> None:
    wrong_token = "f" * 40
    with network() as ports, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        dead = awx.job({**ports, "core-2": silent.getsockname()[1]}, 2, 3)
        refused = awx.job(ports, 3, 3, environment={"NETBOX_API_TOKEN": wrong_token})
        outcomes = run_jobs(awx.folder, awx.job(ports, 1, 3), dead, refused)
        assert [outcome.status for outcome in outcomes.values()] == ["successful", "failed", "failed"]
        assert awx.devices() == {"core-1", "edge-2"}
        assert re.search(r"core-2 +unreachable", outcomes["slice-2"].text)
        assert "does not accept the token" in outcomes["slice-3"].text
        assert wrong_token not in outcomes["slice-3"].text
        first = max(moment_of(row["time"]) for row in awx.rows())
        awx.night(ports, [1, 2, 3], count=3)
    later = {row["device_descriptor"] for row in awx.rows() if moment_of(row["creation_time"]) > first}
    assert later == {"core-2", "edge-1"}
    assert contents(awx.rows()) == contents(first_night.rows)


def contents(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Which parts are where, without any moment."""
    keys = ("device_descriptor", "serial", "name", "part", "category", "description")
    return sorted(str([row[key] for key in keys]) for row in rows)
