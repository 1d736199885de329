# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of netbox_probe by real HTTP, on good days and on bad ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.apply import apply_plan
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.diff import diff_blocks
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.device_plan import Plan
from ansible_collections.invmon.network.plugins.module_utils._probes.plan.step import Update
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import prepare, run
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    device,
    night,
    record,
    reports,
)

PROBES = "/inventory-monitor/probes/"
SEED = {**one_site(120), "tags": [{"name": "Core", "slug": "core"}, {"name": "Gone", "slug": "gone"}]}


@pytest.fixture(params=["4.6", "4.4"])
def standin(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with start_standin(SEED, version=request.param) as one:
        yield one


class Night:
    """Runs against one stand-in, with time limits and pauses fit for a test."""

    def __init__(self, standin: StandIn, timeout: float = 5) -> None:
        self.standin = standin
        self.timeout = timeout
        self.log: list[dict[str, Any]] = []
        self.diff = ""

    def __call__(self, devices: list[dict[str, Any]], number: int = 0, **options: Any) -> dict[str, Any]:
        before = len(self.standin.requests())
        with NetBox(self.standin.url, self.standin.token, timeout=self.timeout, backoff=0.01) as netbox:
            plan, outcome = run(netbox, reports(devices), night(number), pause=0.01, **options)
        self.log = self.standin.requests()[before:]
        self.diff = "".join(block["prepared"] for block in diff_blocks(plan))
        assert outcome["requests"] >= len(self.log)
        return outcome

    def rows(self) -> list[dict[str, Any]]:
        with NetBox(self.standin.url, self.standin.token) as netbox:
            return netbox.get_all("plugins/inventory-monitor/probes/")

    def serials(self) -> Counter[str]:
        return Counter(row["serial"] for row in self.rows())


@pytest.fixture
def upload(standin: StandIn) -> Night:
    return Night(standin)


def parts(count: int, prefix: str = "S") -> list[dict[str, Any]]:
    return [record(f"{prefix}{number:03}", f"Slot {number}") for number in range(count)]


def asked(log: list[dict[str, Any]]) -> Counter[str]:
    """How many requests read with all columns, look at a few, and write."""
    words = {"GET": "read", "POST": "create", "PATCH": "change"}
    return Counter("look" if entry["path"] == "/graphql/" else words[entry["method"]] for entry in log)


def test_a_second_night_changes_nothing_and_moves_each_time(upload: Night) -> None:
    first = upload([device(records=parts(3))])
    assert first["changed"] is True
    assert first["devices"]["r1"]["created"] == ["S000", "S001", "S002"]
    second = upload([device(records=parts(3))], 1)
    assert (second["changed"], second["refreshed"]) == (False, 3)
    assert upload.diff == ""
    assert {row["time"][:10] for row in upload.rows()} == {"2026-11-21"}
    assert {row["creation_time"][:10] for row in upload.rows()} == {"2026-11-20"}


def test_up_to_50_devices_a_read_and_100_rows_a_write_and_no_connection_is_idle(upload: Night) -> None:
    network = [device(number, parts(5, f"D{number}-")) for number in range(1, 121)]
    upload(network)
    # What was created is looked at once more, for runs beside this one; 4.4 cannot do that, so it is read. A look-up of
    # new serials is one look more, and that lists may be cut is read once.
    again = {"look": 4, "read": 4 if upload.standin.release.netbox.startswith("4.4") else 1}
    assert asked(upload.log) == {"read": 4 + again["read"], "look": 1 + again["look"], "create": 8}
    assert {entry["rows"] for entry in upload.log if entry["path"].endswith(PROBES)} == {0, 75}
    # Parts that are seen for the second time: twins that the first run left would be found now, and never again.
    assert upload(network, 1)["refreshed"] == 600
    assert asked(upload.log) == {"read": 4 + again["read"], "look": again["look"], "change": 8}
    assert upload(network, 2)["refreshed"] == 600
    assert asked(upload.log) == {"read": 4, "change": 8}
    # 25 parts are not worth more than one request.
    assert upload(network[:5], 3)["refreshed"] == 25
    assert asked(upload.log) == {"read": 1, "change": 1}


def test_lists_that_netbox_cuts_hide_no_part_that_moved(upload: Night) -> None:
    upload.standin.limit_lists(4)
    upload([device(1, parts(60)), device(2)])
    outcome = upload([device(2, parts(9))], 1)
    moved = outcome["devices"]["r2"]["moved"]
    assert {(part["serial"], part["from"]["device"]) for part in moved} == {(f"S{n:03}", "r1") for n in range(9)}
    assert "created" not in outcome["devices"]["r2"]


def test_check_mode_reads_and_plans_and_sends_no_write(upload: Night, standin: StandIn) -> None:
    upload([device(records=parts(3))])
    standin.forget()
    changed = [device(records=[record("S000", "Slot 0", part="OTHER"), *parts(3)[1:2], record("NEW")])]
    checked = upload(changed, 1, check_mode=True)
    foreseen = upload.diff
    assert {entry["path"] for entry in upload.log if entry["method"] != "GET"} == {"/graphql/"}
    assert checked["changed"] is True
    done = upload(changed, 1)
    assert upload.diff == foreseen
    assert {key: done["devices"][key] for key in done["devices"]} == checked["devices"]


def test_a_part_that_moved_to_another_device_has_its_origin(upload: Night) -> None:
    upload([device(1, [record("OPTIC", "Te1")]), device(2)])
    outcome = upload([device(1), device(2, [record("OPTIC", "Te9")])], 1)
    (moved,) = outcome["devices"]["r2"]["moved"]
    assert (moved["serial"], moved["from"]["device"], moved["from"]["slot"]) == ("OPTIC", "r1", "Te1")
    assert outcome["devices"]["r1"]["not_seen"][0]["now_on"] == "r2"


def test_a_part_that_is_gone_is_no_change_unless_its_row_gets_a_tag_or_comment(upload: Night) -> None:
    upload([device(records=parts(3))])
    assert upload([device(records=parts(2))], 1)["changed"] is False
    outcome = upload([device(records=parts(2))], 2)
    assert (outcome["changed"], [part["serial"] for part in outcome["devices"]["r1"]["gone"]]) == (False, ["S002"])
    upload([device(records=parts(1))], 3, policy=Policy("tag", gone_tag="gone"))
    outcome = upload([device(records=parts(1))], 4, policy=Policy("tag", gone_tag="gone"))
    assert outcome["changed"] is True
    assert {row["serial"]: [tag["slug"] for tag in row["tags"]] for row in upload.rows()}["S001"] == ["gone"]
    assert upload([device(records=parts(1))], 5, policy=Policy("tag", gone_tag="gone"))["changed"] is False


def test_a_gone_tag_that_netbox_lacks_stops_the_run_before_anything_is_written(upload: Night) -> None:
    with pytest.raises(NetBoxOptionError, match='no tag with the slug "none"'):
        upload([device(records=parts(1))], policy=Policy("tag", gone_tag="none"))
    assert upload.rows() == []


def test_a_slip_in_the_name_to_release_is_a_warning_and_the_device_stays_held(upload: Night) -> None:
    upload([device(1, parts(10))])
    outcome = upload([device(1, parts(4))], 1, policy=Policy(release=("r11",)))
    assert outcome["warnings"] == ['release: no device of this upload has the name "r11". Did you mean r1?']
    assert "held" in outcome["failed_hosts"]["r1"]


def gone_for_long(upload: Night) -> Policy:
    """NetBox with one part that is gone: S002, and the policy that deletes its rows."""
    upload([device(records=[*parts(2), record("S002", "Slot 9")])])
    upload([device(records=parts(3))], 1)
    for number in (2, 3):
        upload([device(records=parts(2))], number)
    return Policy("delete", gone_age=10)


def test_the_rows_of_a_part_that_is_gone_for_long_are_deleted_last(upload: Night) -> None:
    policy = gone_for_long(upload)
    assert upload.serials() == {"S000": 1, "S001": 1, "S002": 2}
    outcome = upload([device(records=parts(2))], 20, policy=policy, check_mode=True)
    assert (outcome["devices"]["r1"]["deleted"], upload.serials()["S002"]) == (["S002"], 2)
    assert "- Slot 2  S002  rows deleted, gone: not seen 2 times" in upload.diff
    outcome = upload([device(records=parts(2))], 20, policy=policy)
    assert (outcome["changed"], outcome["devices"]["r1"]["deleted"]) == (True, ["S002"])
    assert upload.serials() == {"S000": 1, "S001": 1}
    assert [entry["method"] for entry in upload.log if entry["method"] != "GET"][-2:] == ["PATCH", "DELETE"]


def test_a_part_that_another_run_saw_again_meanwhile_is_not_deleted(upload: Night, standin: StandIn) -> None:
    policy = gone_for_long(upload)
    with NetBox(standin.url, standin.token) as netbox:
        plan, _warnings = prepare(netbox, reports([device(records=parts(2))]), night(20), policy)
        upload([device(records=parts(3))], 19)
        applied = apply_plan(netbox, plan)
    assert upload.serials()["S002"] == 3
    assert [(step.serial, "are kept" in reason) for step, reason in applied.failed] == [("S002", True)]


@pytest.mark.parametrize("fault", ["403", "500", "502html"])
def test_rows_that_netbox_does_not_delete_are_reported_and_the_next_run_deletes_them(
    upload: Night, standin: StandIn, fault: str
) -> None:
    policy = gone_for_long(upload)
    standin.plan(fault, method="DELETE", path=PROBES, times=-1)
    outcome = upload([device(records=parts(2))], 20, policy=policy)
    assert outcome["devices"]["r1"]["outcome"] == "partial"
    assert outcome["devices"]["r1"]["failed"][0]["serials"] == ["S002"]
    standin.forget()
    upload([device(records=parts(2))], 21, policy=policy)
    assert upload.serials() == {"S000": 1, "S001": 1}


def test_without_graphql_everything_is_written_with_a_warning(upload: Night, standin: StandIn) -> None:
    standin.plan("403", path="/graphql/", times=-1)
    outcome = upload([device(records=parts(2))])
    assert outcome["devices"]["r1"]["outcome"] == "written"
    assert "cannot be looked up" in outcome["warnings"][0]


def test_a_row_that_netbox_refuses_is_named_and_all_others_are_written(upload: Night) -> None:
    """A location that was deleted a moment ago: NetBox answers 400 for the bulk."""
    lost = device(2, parts(3, "L"), location_id=99, location_name="gone")
    outcome = upload([device(1, parts(40)), lost])
    assert upload.serials() == Counter(f"S{number:03}" for number in range(40))
    assert outcome["devices"]["r1"]["outcome"] == "written"
    assert outcome["devices"]["r2"]["outcome"] == "failed"
    assert [group["serials"] for group in outcome["devices"]["r2"]["failed"]] == [["L000", "L001", "L002"]]
    assert "location" in outcome["failed_hosts"]["r2"]


def test_an_update_that_netbox_refuses_is_narrowed_to_its_row(upload: Night, standin: StandIn) -> None:
    """The reply to a bulk PATCH does not say which row it dislikes."""
    upload([device(records=parts(20))])
    with NetBox(standin.url, standin.token) as netbox:
        plan, _warnings = prepare(netbox, reports([device(records=parts(20))]), night(1))
        steps: list[Any] = list(plan.devices[0].steps)
        steps[7] = replace(steps[7], data={**steps[7].data, "description": None})
        applied = apply_plan(netbox, Plan(time=plan.time, devices=(replace(plan.devices[0], steps=tuple(steps)),)))
    ((step, reason),) = applied.failed
    assert step.serial == "S007"
    assert "may not be null" in reason
    assert sum(row["time"].startswith("2026-11-21") for row in upload.rows()) == 19


def test_a_device_that_was_deleted_fails_alone(upload: Night) -> None:
    network = [device(number, parts(1, f"D{number}-")) for number in (1, 2, 3, 999, 4)]
    outcome = upload(network)
    assert set(outcome["failed_hosts"]) == {"r999"}
    assert "deleted" in outcome["failed_hosts"]["r999"]
    assert sum(upload.serials().values()) == 4


def test_a_row_that_was_deleted_during_the_run_is_reported(upload: Night, standin: StandIn) -> None:
    upload([device(records=parts(2))])
    with NetBox(standin.url, standin.token) as netbox:
        plan, _warnings = prepare(netbox, reports([device(records=parts(2))]), night(1))
        netbox.delete_bulk("plugins/inventory-monitor/probes/", [upload.rows()[0]["id"]])
        applied = apply_plan(netbox, plan)
    ((step, reason),) = applied.failed
    assert step.serial == "S000"
    assert "deleted" in reason


def test_a_row_of_another_tool_does_not_stand_in_for_one_that_was_deleted_during_the_run(upload: Night) -> None:
    """It contains nothing of what we know of the part."""
    upload([device(records=parts(2))])
    with NetBox(upload.standin.url, upload.standin.token) as netbox:
        plan, _warnings = prepare(netbox, reports([device(records=parts(2))]), night(1))
        row = upload.rows()[0]
        theirs = {key: value for key, value in row.items() if key not in ("id", "url", "display", "tags")}
        theirs |= {**{key: row[key]["id"] for key in ("device", "site")}, "discovered_data": {"theirs": 1}}
        netbox.delete_bulk("plugins/inventory-monitor/probes/", [row["id"]])
        netbox.post_bulk("plugins/inventory-monitor/probes/", [theirs])
        applied = apply_plan(netbox, plan)
    ((step, reason),) = applied.failed
    assert step.serial == "S000"
    assert "deleted" in reason


def test_a_row_that_another_run_deleted_as_a_twin_is_no_failure(upload: Night, standin: StandIn) -> None:
    """Both runs wrote the part at the same moment; the other one tidied up while this one was writing."""
    upload([device(records=parts(1))])
    with NetBox(standin.url, standin.token) as netbox:
        twin = {key: value for key, value in upload.rows()[0].items() if key not in ("id", "url", "display", "tags")}
        twin |= {key: twin[key]["id"] for key in ("device", "site")}
        (kept,) = netbox.post_bulk("plugins/inventory-monitor/probes/", [twin])
        plan, _warnings = prepare(netbox, reports([device(records=parts(1))]), night(1))
        netbox.patch_bulk("plugins/inventory-monitor/probes/", [{"id": kept["id"], "time": "2026-11-21T03:00:00Z"}])
        (step,) = plan.devices[0].steps
        assert isinstance(step, Update)
        netbox.delete_bulk("plugins/inventory-monitor/probes/", [step.id])
        applied = apply_plan(netbox, plan)
    assert applied.failed == []
    assert upload.serials() == {"S000": 1}


@pytest.mark.parametrize("kind", ["drop_after_write", "reset_after_write", "truncate"])
def test_rows_whose_answer_got_lost_are_not_written_twice(upload: Night, standin: StandIn, kind: str) -> None:
    standin.plan(kind, method="POST", path=PROBES, seconds=1.0)
    upload.timeout = 0.5
    outcome = upload([device(records=parts(5))])
    assert upload.serials() == Counter(f"S{number:03}" for number in range(5))
    assert outcome["devices"]["r1"]["outcome"] == "written"
    assert len(outcome["devices"]["r1"]["created"]) == 5
    assert len(standin.requests("POST", PROBES)) == 1
    # For the plan, for the lost answer, and for runs beside this one: where lists are cut, or (4.4) the rows.
    assert asked(upload.log)["read"] == 3


@pytest.mark.parametrize("kind", ["429", "deadlock", "502html", "503html", "reset", "close", "500"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_passing_trouble_costs_nothing(upload: Night, standin: StandIn, kind: str, method: str) -> None:
    if method == "PATCH":
        upload([device(records=parts(5))])
    standin.plan(kind, method=method, path=PROBES)
    outcome = upload([device(records=parts(5))], 1)
    assert outcome["failed_hosts"] == {}
    assert upload.serials() == Counter(f"S{number:03}" for number in range(5))
    assert {row["time"][:10] for row in upload.rows()} == {"2026-11-21"}


def test_when_netbox_dies_in_the_middle_what_was_written_counts_and_the_rest_is_named(
    upload: Night, standin: StandIn
) -> None:
    standin.plan("reset", path=PROBES, nth=6, times=-1)  # four reads, one write
    outcome = upload([device(number, parts(10, f"D{number}-")) for number in range(1, 51)], chunk_size=100)
    standin.forget()
    written = {serial for found in outcome["devices"].values() for serial in found.get("created", ())}
    assert written == set(upload.serials())
    assert len(written) in (62, 63)
    groups = [group for found in outcome["devices"].values() for group in found.get("failed", ())]
    assert len({serial for group in groups for serial in group["serials"]}) == 500 - len(written)
    again = upload([device(number, parts(10, f"D{number}-")) for number in range(1, 51)])
    assert again["failed_hosts"] == {}
    assert set(upload.serials().values()) == {1}


@pytest.mark.parametrize(("kind", "word"), [("403", "permission"), ("html", "web page"), ("reset", "broke")])
def test_a_netbox_that_does_not_answer_is_asked_few_times_and_the_devices_are_named(
    upload: Night, standin: StandIn, kind: str, word: str
) -> None:
    standin.plan(kind, times=-1)
    outcome = upload([device(number, parts(1)) for number in range(1, 121)])
    assert len(outcome["failed_hosts"]) == 120
    assert word in outcome["failed_hosts"]["r77"]
    assert len(upload.log) <= 16
    assert any("120 devices  not written" in line for line in outcome["summary"])
    assert outcome["summary"][0].endswith("120 devices not written.")


def test_a_netbox_that_fails_before_the_last_look_is_reported_once_and_not_asked_for_each_device(
    upload: Night, standin: StandIn
) -> None:
    standin.plan("reset", method="GET", path=PROBES, nth=5, times=-1)
    outcome = upload([device(number, parts(1, f"D{number}-")) for number in range(1, 121)])
    assert (len(outcome["warnings"]), outcome["failed_hosts"]) == (1, {})
    assert "120 devices" in outcome["warnings"][0]
    # For the plan; then one more on each connection at most, and its repetitions.
    assert asked(upload.log)["read"] <= 4 + 4 * 4


def test_a_missing_permission_to_write_is_met_once_not_for_each_bulk(upload: Night, standin: StandIn) -> None:
    standin.plan("403", method="POST", path=PROBES, times=-1)
    outcome = upload([device(number, parts(20, f"D{number}-")) for number in range(1, 121)])
    assert len(standin.requests("POST", PROBES)) <= 4
    assert len(outcome["failed_hosts"]) == 120
    assert "add_probe" in outcome["failed_hosts"]["r1"]


@pytest.mark.parametrize("kind", ["deadlock", "500", "502html"])
def test_the_only_row_that_netbox_rolls_back_each_time_is_named_and_not_sent_for_ever(
    upload: Night, standin: StandIn, kind: str
) -> None:
    """There is nothing left to halve."""
    standin.plan(kind, method="POST", path=PROBES, times=-1)
    outcome = upload([device(records=parts(1))])
    assert outcome["devices"]["r1"]["outcome"] == "failed"
    assert [group["serials"] for group in outcome["devices"]["r1"]["failed"]] == [["S000"]]
    assert "500" in outcome["failed_hosts"]["r1"] or "502" in outcome["failed_hosts"]["r1"]
    assert len(standin.requests("POST", PROBES)) <= 4
    assert upload.rows() == []
    standin.forget()
    assert upload([device(records=parts(1))], 1)["devices"]["r1"]["created"] == ["S000"]


def test_a_netbox_that_fails_each_write_is_not_hammered(upload: Night, standin: StandIn) -> None:
    standin.plan("500", method="POST", path=PROBES, times=-1)
    outcome = upload([device(number, parts(20, f"D{number}-")) for number in range(1, 121)], chunk_size=50)
    assert len(standin.requests("POST", PROBES)) <= 12 + 3  # those that were under way when it was enough
    assert len(outcome["failed_hosts"]) == 120


def test_the_newest_place_is_found_among_more_rows_than_netbox_gives_at_once(upload: Night, standin: StandIn) -> None:
    """NetBox 4.6 cuts the list at 1,000 rows silently, here before the newest ones."""
    history = {"name": "x", "device": 2, "site": 1, "location": None, "device_descriptor": "r2"}
    with NetBox(standin.url, standin.token) as netbox:
        for serial in ("H1", "H2"):
            times = [f"2026-0{month}-{day:02}T00:00:00Z" for month in (1, 2) for day in range(1, 28)]
            rows = [{**history, "serial": serial, "time": t, "creation_time": t} for t in times * 10]
            netbox.post_bulk("plugins/inventory-monitor/probes/", rows)
        newest = "2026-10-01T00:00:00Z"
        last = {**history, "serial": "H2", "time": newest, "creation_time": newest, "device": 3}
        netbox.post_bulk("plugins/inventory-monitor/probes/", [{**last, "device_descriptor": "r3"}])
    outcome = upload([device(1, [record("H1"), record("H2")])])
    origins = {moved["serial"]: moved["from"]["device"] for moved in outcome["devices"]["r1"]["moved"]}
    assert origins == {"H1": "r2", "H2": "r3"}


def test_a_device_by_name_is_looked_up_with_its_site(upload: Night) -> None:
    by_hand = {"name": "R7", "complete": True, "records": [record()]}
    assert upload([by_hand])["failed_hosts"] == {}
    (row,) = upload.rows()
    assert (row["device"]["id"], row["site"]["name"], row["device_descriptor"]) == (7, "Brno", "r7")


def test_a_device_of_which_the_id_cannot_be_looked_up_is_named(upload: Night, standin: StandIn) -> None:
    """Its site is known, its id is not: nothing can be written, which is reported."""
    by_hand = {"name": "r7", "site_id": 1, "complete": True, "records": [record()]}
    standin.plan("500", method="GET", path="/dcim/devices/", times=-1)
    outcome = upload([by_hand, device(records=parts(2))])
    assert set(outcome["failed_hosts"]) == {"r7"}
    assert len(upload.rows()) == 2


@pytest.mark.parametrize("name", ["nobody", "twin"])
def test_a_name_that_netbox_does_not_know_or_knows_twice_is_an_error_of_that_device(name: str) -> None:
    twins = [
        {"name": "twin", "device_type": "box", "role": "router", "site": site, "id": number}
        for site, number in (("brno", 901), ("praha", 902))
    ]
    seed = {
        **SEED,
        "sites": [*SEED["sites"], {"name": "Praha", "slug": "praha"}],
        "devices": [*SEED["devices"], *twins],
    }
    with start_standin(seed) as standin:
        outcome = Night(standin)([{"name": name, "complete": True, "records": [record()]}, device(1, parts(1))])
    assert list(outcome["failed_hosts"]) == [name]
    assert "device_id" in outcome["failed_hosts"][name]


def test_what_people_and_devices_write_is_stored_as_it_is(upload: Night) -> None:
    hostile = "{{ 7*7 }} <b> =cmd \x1b[31m \u202e"
    upload([device(records=[record("A", description=hostile, alias=hostile)])])
    (row,) = upload.rows()
    assert row["description"] == hostile
    assert row["discovered_data"]["invmon"]["alias"] == hostile
    assert upload([device(records=[record("A", description=hostile, alias=hostile)])], 1)["changed"] is False
