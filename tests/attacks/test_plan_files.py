# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that is to write elsewhere than it shows, or that is not ours at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.diff import diff_blocks
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.file import PlanFileError
from ansible_collections.invmon.network.plugins.module_utils._tasks.planned import run_plan
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import PROBES, run
from ansible_collections.invmon.network.tests.attacks.local_user import TAMPERED, foreign
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    device,
    night,
    record,
    reports,
)

Plan = dict[str, Any]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with start_standin(one_site(3)) as one:
        yield one


class Desk:
    """A plan for new parts of r1 and r2, and what comes of it."""

    def __init__(self, standin: StandIn, path: Path) -> None:
        self.standin, self.path = standin, path
        with NetBox(standin.url, standin.token) as netbox:
            rows = [row["id"] for row in netbox.get_all(PROBES)]
            if rows:
                netbox.delete_bulk(PROBES, rows)
            devices = [device(1, [record("OLD1")]), device(2, [record("OLD2")])]
            run(netbox, reports(devices), night(0), pause=0.01)
            devices = [device(number, [record(f"OLD{number}"), record(f"NEW{number}")]) for number in (1, 2)]
            run(netbox, reports(devices), night(1), check_mode=True, plan_file=str(path))
        self.before = self.rows()
        self.diff = ""

    def edit(self, change: Callable[[Plan], Any]) -> None:
        content = json.loads(self.path.read_text())
        change(content)
        self.path.write_text(json.dumps(content))

    def apply(self, **options: Any) -> dict[str, Any]:
        with NetBox(self.standin.url, self.standin.token) as netbox:
            plan, outcome = run_plan(netbox, str(self.path), pause=0.01, **options)
        self.diff = "".join(block["prepared"] for block in diff_blocks(plan))
        return outcome

    def rows(self) -> dict[str, list[int]]:
        """Serial -> the devices on which it is."""
        with NetBox(self.standin.url, self.standin.token) as netbox:
            found: dict[str, list[int]] = {}
            for row in netbox.get_all(PROBES):
                found.setdefault(row["serial"], []).append(row["device"]["id"])
            return found


@pytest.fixture
def desk(standin: StandIn, tmp_path: Path) -> Desk:
    return Desk(standin, tmp_path / "plan.json")


def host(plan: Plan, number: int = 1) -> dict[str, Any]:
    return plan["plan"]["devices"][number - 1]


def new_part(plan: Plan) -> dict[str, Any]:
    return next(step for step in host(plan)["steps"] if step["serial"] == "NEW1")


def elsewhere(plan: Plan) -> None:
    """The new part of r1 is filed under r3, which the plan does not show."""
    new_part(plan)["device_id"] = new_part(plan)["data"]["device"] = 3


def as_a_member(plan: Plan) -> None:
    elsewhere(plan)
    host(plan)["places"].append({"device_id": 3, "device": "r3"})


def under_its_name(plan: Plan) -> None:
    """r1 is shown, and is r3's id."""
    host(plan)["places"][0]["device_id"] = 3
    host(plan)["not_seen"] = []
    host(plan)["steps"] = [new_part(plan)]
    elsewhere(plan)


def of_another_host(plan: Plan) -> None:
    new_part(plan)["device_id"] = new_part(plan)["data"]["device"] = 2
    host(plan)["places"].append({"device_id": 2, "device": "r2"})


def another_serial(plan: Plan) -> None:
    new_part(plan)["data"]["serial"] = "FORGED"


def a_quiet_change(plan: Plan) -> None:
    """The part that was seen again, which the diff does not show, gets another name."""
    step = next(step for step in host(plan)["steps"] if step["serial"] == "OLD1")
    step["data"]["name"] = "forged"


def data_of_others(plan: Plan) -> None:
    step = next(step for step in host(plan)["steps"] if step["serial"] == "OLD1")
    step["data"]["discovered_data"] = {"invmon": {"v": 1}, "theirs": "forged"}


@pytest.mark.attack(
    "A plan that writes elsewhere than it shows",
    tried="a step under r1 for the id of r3 or r2, with and without an entry in r1's places; another serial; a change"
    " of a part that is not shown; keys of others",
    came="the plan or the step is refused, and r3 gets nothing",
)
@pytest.mark.parametrize("change", [elsewhere, of_another_host, another_serial, a_quiet_change])
def test_a_plan_that_contradicts_itself_is_refused_completely(change: Callable[[Plan], None], desk: Desk) -> None:
    desk.edit(change)
    with pytest.raises(PlanFileError, match="was changed or damaged, so nothing was written"):
        desk.apply()
    assert desk.rows() == desk.before


@pytest.mark.attack(
    "A plan that writes elsewhere than it shows",
    tried="a step under r1 for the id of r3 or r2, with and without an entry in r1's places; another serial; a change"
    " of a part that is not shown; keys of others",
    came="the plan or the step is refused, and r3 gets nothing",
)
@pytest.mark.parametrize("change", [as_a_member, under_its_name, data_of_others])
def test_a_step_that_netbox_contradicts_is_refused(change: Callable[[Plan], None], desk: Desk) -> None:
    desk.edit(change)
    outcome = desk.apply()
    assert "refused: " in outcome["failed_hosts"]["r1"]
    after = desk.rows()
    assert 3 not in {device_id for found in after.values() for device_id in found}
    assert after["NEW2"] == [2], "the other device is written"
    with NetBox(desk.standin.url, desk.standin.token) as netbox:
        assert "forged" not in str(netbox.get_all(PROBES))


@pytest.mark.attack(
    "A plan under --limit",
    tried="--limit r2 with a plan for r1 and r2",
    came="only r2 is written, and who was left out is named",
)
def test_a_limit_filters_by_where_is_written(desk: Desk) -> None:
    outcome = desk.apply(hosts=[{"name": "anything", "device_id": 2}])
    assert desk.rows() == {**desk.before, "NEW2": [2]}
    assert (list(outcome["devices"]), outcome["plan"]["left_out"]) == (["r2"], ["r1"])
    assert "r1" not in desk.diff
    assert "Not for the hosts of this run: r1." in " ".join(outcome["summary"])


@pytest.mark.attack(
    "A plan that was changed after its review",
    tried="a step taken out, the digest of the file corrected or not, and the digest that was looked at given",
    came="the plan is refused, with both digests; without a digest a change is a warning",
)
def test_a_changed_plan_is_not_the_one_that_was_looked_at(desk: Desk) -> None:
    looked_at = json.loads(desk.path.read_text())["digest"]
    desk.edit(lambda plan: host(plan)["steps"].pop())
    with pytest.raises(PlanFileError) as caught:
        desk.apply(digest=looked_at)
    assert looked_at in str(caught.value)
    assert desk.rows() == desk.before
    (warning,) = desk.apply(check_mode=True)["warnings"]
    assert "was changed after it was made" in warning
    own = desk.apply(check_mode=True)["plan"]["digest"]
    desk.edit(lambda plan: plan.update(digest=own))
    with pytest.raises(PlanFileError):
        desk.apply(digest=looked_at)
    assert desk.apply(digest=f" {own.upper()}\n")["plan"]["changed"] is False


@pytest.mark.attack(
    "A file in the place of a plan",
    tried="a FIFO, a device, a folder, a terabyte, deep nesting, odd numbers, cut off, binary, writable by others",
    came="it is refused at once by name, and nothing is written",
)
@pytest.mark.parametrize("how", TAMPERED)
def test_a_file_that_is_no_plan_of_ours_is_refused(how: str, desk: Desk) -> None:
    tamper, words = TAMPERED[how]
    tamper(desk.path)
    with pytest.raises(PlanFileError, match=words or None):
        desk.apply()
    assert desk.rows() == desk.before


@pytest.mark.attack(
    "A plan of another user",
    tried="a good plan that belongs to another user",
    came="it is not applied",
)
def test_a_foreign_plan_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign(desk.path, monkeypatch)
    with pytest.raises(PlanFileError, match="it belongs to"):
        desk.apply()
    assert desk.rows() == desk.before
