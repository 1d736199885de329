# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan, then apply: what a user sees of both, by real HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.diff import diff_blocks
from ansible_collections.invmon.network.plugins.module_utils._probes.plan_file.file import PlanFileError
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.planned import run_plan
from ansible_collections.invmon.network.plugins.module_utils._tasks.probe_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import PROBES, run, upload
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.apply.test_apply import SEED
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    device,
    night,
    record,
    reports,
)

OLD = [record("A1", "Slot 1"), record("A2", "Slot 2"), record("A3", "Slot 3")]
#: A1 another software, A2 another part, A3 as it was, A4 new
NEW = [
    record("A1", "Slot 1", software_rev="2.0"),
    record("A2", "Slot 2", part="PART-2"),
    record("A3", "Slot 3"),
    record("A4", "Slot 4"),
]


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with start_standin(SEED) as one:
        yield one


HELD = {"why": "too much", "answer": "-e upload_release=r1", "whole_run": False}


class Desk:
    """One device, the plan for its next night, and what is done with it."""

    def __init__(self, standin: StandIn, path: Path) -> None:
        self.standin = standin
        self.path = path
        self.diff = ""
        with NetBox(standin.url, standin.token) as netbox:
            for row in netbox.get_all(PROBES):
                netbox.delete_bulk(PROBES, [row["id"]])
        self.collect(OLD, 0)

    def collect(self, records: list[dict[str, Any]], number: int, **options: Any) -> dict[str, Any]:
        with NetBox(self.standin.url, self.standin.token) as netbox:
            plan, outcome = run(netbox, reports([device(records=records)]), night(number), pause=0.01, **options)
        self.diff = "".join(block["prepared"] for block in diff_blocks(plan))
        return outcome

    def plan(self, records: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        return self.collect(NEW if records is None else records, 5, check_mode=True, plan_file=str(self.path))

    def apply(self, **options: Any) -> dict[str, Any]:
        with NetBox(self.standin.url, self.standin.token) as netbox:
            plan, outcome = run_plan(netbox, str(self.path), pause=0.01, **options)
        self.diff = "".join(block["prepared"] for block in diff_blocks(plan))
        return outcome

    def edit(self, change: Callable[[dict[str, Any]], Any]) -> None:
        content = json.loads(self.path.read_text())
        change(content)
        self.path.write_text(json.dumps(content))

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        with NetBox(self.standin.url, self.standin.token) as netbox:
            found: dict[str, list[dict[str, Any]]] = {}
            for row in netbox.get_all(PROBES):
                found.setdefault(row["serial"], []).append(row)
            return found

    def patch(self, serial: str, **data: Any) -> None:
        with NetBox(self.standin.url, self.standin.token) as netbox:
            netbox.patch_bulk(PROBES, [{"id": self.rows()[serial][-1]["id"], **data}])


@pytest.fixture
def desk(standin: StandIn, tmp_path: Path) -> Desk:
    return Desk(standin, tmp_path / "plan.json")


def reasons(outcome: dict[str, Any]) -> dict[str, str]:
    failed = outcome["devices"]["r1"].get("failed", ())
    return {serial: group["reason"] for group in failed for serial in group["serials"]}


def test_a_plan_is_readable_private_and_without_secrets_and_writes_nothing(desk: Desk, standin: StandIn) -> None:
    before = desk.rows()
    desk.plan()
    assert desk.rows() == before
    assert os.stat(desk.path).st_mode & 0o777 == 0o600
    text = desk.path.read_text()
    assert standin.token not in text
    assert text.isascii()
    assert '"fate": "created"' in text
    assert json.loads(text)["invmon_plan"] == 2
    assert list(desk.path.parent.iterdir()) == [desk.path]


def test_a_plan_is_applied_and_shown_in_the_same_words(desk: Desk) -> None:
    planned = desk.plan()
    shown = desk.diff
    applied = desk.apply()
    assert desk.diff == shown != ""
    assert applied["changed"] is True
    assert applied["devices"] == planned["devices"]
    assert applied["run_time"] == planned["run_time"]
    assert {serial: len(found) for serial, found in desk.rows().items()} == {"A1": 1, "A2": 2, "A3": 1, "A4": 1}
    assert desk.collect(NEW, 6)["changed"] is False


def test_a_real_run_writes_its_plan_as_well(desk: Desk) -> None:
    desk.collect(NEW, 5, plan_file=str(desk.path))
    assert "A4" in desk.rows()
    before = desk.rows()
    outcome = desk.apply()
    assert (outcome["changed"], outcome["failed_hosts"], desk.diff) == (False, {}, "")
    assert outcome["devices"]["r1"]["notes"] == ["4 of this plan's rows are in NetBox already"]
    assert desk.rows() == before


def test_steps_are_refused_one_by_one_and_the_rest_is_written(desk: Desk) -> None:
    desk.plan()
    desk.patch("A1", comments="a person was here")
    desk.patch("A2", time="2026-11-22T03:00:00Z")
    outcome = desk.apply()
    assert set(reasons(outcome)) == {"A1", "A2"}
    assert "row in NetBox was edited after the plan was made" in reasons(outcome)["A1"]
    assert "it was seen at 2026-11-22T03:00:00Z, after the plan was made" in reasons(outcome)["A2"]
    assert outcome["devices"]["r1"]["outcome"] == "partial"
    assert outcome["devices"]["r1"]["created"] == ["A4"]
    assert "2 rows not written" in outcome["failed_hosts"]["r1"]
    assert any("not written  1 row, A1 first: refused" in line for line in outcome["summary"])
    assert outcome["summary"][0].endswith("2 rows not written.")
    rows = desk.rows()
    assert (len(rows["A2"]), rows["A1"][0]["comments"]) == (1, "a person was here")
    assert "A1" not in desk.diff
    assert "A4" in desk.diff


def test_a_part_that_another_run_wrote_meanwhile_is_not_written_again(desk: Desk) -> None:
    desk.plan()
    desk.collect([*OLD, record("A4", "Slot 9")], 1)
    why = reasons(desk.apply())
    assert "NetBox has a newer row of it" in why["A4"]
    assert len(desk.rows()["A4"]) == 1


def test_a_row_that_was_deleted_meanwhile_is_not_revived(desk: Desk) -> None:
    desk.plan()
    with NetBox(desk.standin.url, desk.standin.token) as netbox:
        netbox.delete_bulk(PROBES, [desk.rows()["A1"][0]["id"]])
    assert "was deleted after the plan was made" in reasons(desk.apply())["A1"]
    assert "A1" not in desk.rows()


def test_a_part_that_was_seen_meanwhile_is_not_counted_as_missing(desk: Desk) -> None:
    planned = desk.plan(OLD[1:])
    assert [part["serial"] for part in planned["devices"]["r1"]["not_seen"]] == ["A1"]
    desk.collect(OLD, 1)
    outcome = desk.apply()
    assert "not_seen" not in outcome["devices"]["r1"]
    assert desk.diff == ""
    assert "missing" not in desk.rows()["A1"][0]["discovered_data"]["invmon"]


def test_check_mode_reports_what_would_be_refused_and_writes_nothing(desk: Desk) -> None:
    desk.plan()
    desk.patch("A1", comments="a person was here")
    before, text = desk.rows(), desk.path.read_text()
    outcome = desk.apply(check_mode=True)
    assert set(reasons(outcome)) == {"A1"}
    assert outcome["devices"]["r1"]["created"] == ["A4"]
    assert (desk.rows(), desk.path.read_text()) == (before, text)


def test_a_row_with_a_serial_in_quotes_is_that_of_its_part_when_the_plan_is_applied(tmp_path: Path) -> None:
    """Rows of the older scripts: the row is taken over under its id, unless somebody edited it meanwhile."""
    old = {"time": "2026-11-19T03:00:00Z", "device": "r1", "site": "brno", "name": "Slot 1", "part": "PART-1"}
    seed = {**SEED, "probes": [{**old, "serial": f'"{serial}" '} for serial in ("A1", "A2")]}
    with start_standin(seed) as standin, NetBox(standin.url, standin.token) as netbox:
        path = str(tmp_path / "plan.json")
        run(netbox, reports([device(records=NEW[:2])]), night(5), check_mode=True, plan_file=path)
        quoted = {row["serial"].strip(' "'): row["id"] for row in netbox.get_all(PROBES)}
        netbox.patch_bulk(PROBES, [{"id": quoted["A1"], "comments": "a person was here"}])
        _plan, outcome = run_plan(netbox, path, pause=0.01)
        why = reasons(outcome)
        assert set(why) == {"A1"}
        assert "edited after the plan was made" in why["A1"]


def plan_deletion(desk: Desk) -> None:
    desk.collect(OLD[1:], 1, policy=Policy(gone_after=1, gone_after_hours=0))
    policy = Policy(gone_action="delete", gone_age=1)
    planned = desk.collect(OLD[1:], 5, check_mode=True, plan_file=str(desk.path), policy=policy)
    assert planned["devices"]["r1"]["deleted"] == ["A1"]


def test_rows_of_a_gone_part_are_deleted_as_planned_and_once(desk: Desk) -> None:
    plan_deletion(desk)
    assert desk.apply()["devices"]["r1"]["deleted"] == ["A1"]
    assert "A1" not in desk.rows()
    assert desk.apply()["failed_hosts"] == {}


def test_a_row_that_somebody_edited_is_not_deleted(desk: Desk) -> None:
    plan_deletion(desk)
    desk.patch("A1", comments="it lies on the shelf")
    assert set(reasons(desk.apply())) == {"A1"}
    assert "A1" in desk.rows()


def test_a_deletion_is_not_called_done_where_netbox_does_not_answer(desk: Desk) -> None:
    plan_deletion(desk)
    desk.edit(lambda plan: plan.update(netbox="http://127.0.0.1:1"))
    with NetBox("http://127.0.0.1:1", "t" * 40, timeout=1, backoff=0.01) as netbox:
        _plan, outcome = run_plan(netbox, str(desk.path), pause=0.01)
    assert set(reasons(outcome)) == {"A1", "A2", "A3"}


def test_if_netbox_does_not_answer_all_steps_are_refused_with_the_reason(desk: Desk) -> None:
    desk.plan()
    desk.edit(lambda plan: plan.update(netbox="http://127.0.0.1:1"))
    with NetBox("http://127.0.0.1:1", "t" * 40, timeout=1, backoff=0.01) as netbox:
        _plan, outcome = run_plan(netbox, str(desk.path), pause=0.01)
    assert set(reasons(outcome)) == {"A1", "A2", "A3", "A4"}
    assert "refused: the names of these devices cannot be read from NetBox: " in reasons(outcome)["A1"]
    assert outcome["devices"]["r1"]["outcome"] == "failed"


def test_a_step_that_was_taken_out_of_the_file_is_not_done(desk: Desk) -> None:
    desk.plan()
    desk.edit(lambda plan: plan["plan"]["devices"][0]["steps"].pop())
    assert desk.apply()["failed_hosts"] == {}
    assert "A4" not in desk.rows()


def test_a_serial_that_was_padded_by_hand_is_written_once_however_often_the_plan_is_applied(desk: Desk) -> None:
    """NetBox trims what it is sent."""
    desk.plan()

    def pad(plan: dict[str, Any]) -> None:
        step = step_of(plan, "A4")
        step["serial"] = step["data"]["serial"] = " A4 "

    desk.edit(pad)
    desk.apply()
    desk.apply()
    assert len(desk.rows()["A4"]) == 1


def device_of(plan: dict[str, Any]) -> dict[str, Any]:
    return plan["plan"]["devices"][0]


def steps_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return device_of(plan)["steps"]


def step_of(plan: dict[str, Any], serial: str) -> dict[str, Any]:
    return next(step for step in steps_of(plan) if step["serial"] == serial)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plan: plan.update(netbox="https://other.example.org"), "for NetBox at https://other.example.org, not"),
        (lambda plan: plan.update(invmon_plan=1), "written by another release"),
        (lambda plan: plan.pop("invmon_plan"), "is not a plan of netbox_probe"),
        (lambda plan: plan.update(extra=1), 'it has the unknown key "extra"'),
        (lambda plan: plan["plan"].pop("time"), "plan.time is missing"),
        (lambda plan: plan["plan"].update(time="soon"), 'plan.time: "soon" is not an ISO 8601 time'),
        (lambda plan: plan["plan"].update(devices={}), "plan.devices is an object, not a list"),
        (lambda plan: plan["plan"]["devices"][0].update(colour="red"), 'plan.devices[0] has the unknown key "colour"'),
        (lambda plan: plan["plan"]["devices"][0].update(held=HELD), "is held, or was not read, has steps"),
        (lambda plan: plan["plan"]["devices"][0].update(altered={}), "plan.devices[0].altered.known is missing"),
        (lambda plan: steps_of(plan)[0].update(force=True), 'plan.devices[0].steps[0] has the unknown key "force"'),
        (lambda plan: steps_of(plan)[0].update(**{"\x1b[2J": 1}), r'steps[0] has the unknown key "\x1b[2J"'),
        (lambda plan: steps_of(plan)[0].update(fate="vanished"), 'steps[0].fate is "vanished", not "adopted" or '),
        (lambda plan: steps_of(plan)[0].update(id=99), "steps[0]: found.id is not id"),
        (lambda plan: steps_of(plan)[0].update(id=True), "steps[0].id is true, not a whole number"),
        (lambda plan: steps_of(plan)[0].pop("found"), "steps[0]: found is missing"),
        (lambda plan: steps_of(plan)[0].update(host="r2"), "a step of another host"),
        (lambda plan: steps_of(plan)[0]["data"].update(device=2), 'steps[0].data has the unknown key "device"'),
        (lambda plan: steps_of(plan)[0]["data"].update(time="soon"), 'data.time: "soon" is not an ISO 8601 time'),
        (lambda plan: steps_of(plan)[-1]["data"].update(device=2), "data.device is not device_id"),
        (lambda plan: steps_of(plan)[-1]["data"].update(serial="Z9"), "serial and slot are not those of data"),
        (lambda plan: steps_of(plan)[-1].update(slot="Slot 9"), "serial and slot are not those of data"),
        (lambda plan: step_of(plan, "A3")["data"].update(name="other"), 'refreshed does not send "name"'),
        (lambda plan: step_of(plan, "A2")["data"].update(part="other"), "changes.part: data has another value"),
        (lambda plan: device_of(plan).update(title="r2"), "title is not the name of its first place"),
        (lambda plan: device_of(plan).update(places=[]), "device 1, which is no place of its host"),
        (
            lambda plan: device_of(plan)["places"].append({"device_id": "2"}),
            'places[1].device_id is "2", not a',
        ),
        (lambda plan: plan["made"].update(by=7), "made.by is 7, not text"),
        (lambda plan: steps_of(plan)[-1]["data"].update(site="1"), 'data.site is "1", not a whole number'),
    ],
)
def test_a_file_that_is_not_this_plan_is_refused_by_name(
    desk: Desk, change: Callable[[dict[str, Any]], Any], words: str
) -> None:
    desk.plan()
    desk.edit(change)
    before = desk.rows()
    with pytest.raises(PlanFileError) as caught:
        desk.apply()
    assert words in str(caught.value)
    assert str(desk.path) in str(caught.value)
    assert desk.rows() == before


PART = {"serial": "A1", "device_id": 1, "slot": "Slot 1", "path": "Slot 1", "part": None, "category": None}
PART |= {"since": "2026-11-20T03:00:00Z", "n": 1, "first": "2026-11-20T03:00:00Z"}


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("not_seen", "A1"),
        ("not_seen", PART),  # whether it is new is missing
        ("not_seen", PART | {"new": True, "n": "1"}),
        ("not_seen", PART | {"new": True, "colour": "red"}),
        ("gone", PART | {"new": 1}),
        ("still_gone", PART),  # since when is missing
        ("still_gone", PART | {"gone": 7}),
        ("skipped", {"serial": "A1"}),
        ("skipped", {"serial": 1, "reason": "why"}),
        ("places", {"device_id": 1, "device": None}),
        ("notes", 7),
        ("notes", ["a note"]),
        ("steps", "A1"),
        ("withheld", {}),
    ],
)
def test_a_wrong_entry_of_a_list_is_refused_with_its_place(desk: Desk, key: str, entry: Any) -> None:
    desk.plan()
    number = len(device_of(json.loads(desk.path.read_text()))[key])
    desk.edit(lambda plan: device_of(plan)[key].append(entry))
    with pytest.raises(PlanFileError) as caught:
        desk.apply(check_mode=True)
    assert f"plan.devices[0].{key}" in str(caught.value)
    assert f"[{number}]" in str(caught.value) or not isinstance(entry, dict)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\udcff", '{"invmon_plan": 1'])
def test_a_file_that_was_cut_off_is_refused(desk: Desk, text: str) -> None:
    desk.path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(PlanFileError, match=r"is not JSON|is nested deeper"):
        desk.apply()


def test_a_plan_that_cannot_be_written_stops_the_run_before_anything_is(desk: Desk, tmp_path: Path) -> None:
    before = desk.rows()
    with pytest.raises(PlanFileError, match="cannot be written to "):
        desk.collect(NEW, 5, plan_file=str(tmp_path / "missing" / "plan.json"))
    assert desk.rows() == before
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(PlanFileError, match="Is a directory"):
        desk.collect(NEW, 5, plan_file=str(folder))
    assert list(tmp_path.iterdir()) == [folder]
    with pytest.raises(PlanFileError, match=r"not applied\. There is no file"):
        desk.apply()


def test_a_plan_contains_who_made_it_and_its_digest_is_shown_when_it_is_made_and_applied(desk: Desk) -> None:
    planned = desk.plan()
    digest = planned["plan"]["digest"]
    assert f"Plan: {desk.path}, digest {digest}." in " ".join(planned["summary"])
    assert planned["plan"]["made"]["at"] == planned["run_time"]
    applied = desk.apply(digest=digest)
    assert (applied["plan"]["digest"], applied["plan"]["changed"]) == (digest, False)
    made = applied["plan"]["made"]
    text = " ".join(applied["summary"])
    assert f"digest {digest}, made " in text
    assert f" by {made['by']} on {made['on']}." in text
    assert text.startswith("Inventory, applying a plan: 1 device.")
    assert applied["warnings"] == []


def test_a_job_of_awx_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWX_HOST", "https://awx")
    monkeypatch.setenv("JOB_ID", "4711")
    desk.plan()
    assert ", job 4711." in " ".join(desk.apply()["summary"])


def test_a_plan_that_exists_is_kept_unless_it_may_be_replaced(desk: Desk) -> None:
    desk.plan()
    before = desk.path.read_text()
    with pytest.raises(PlanFileError, match=r"already exists.*upload_apply_plan=true.*upload_plan_replace=true"):
        desk.collect(OLD, 5, check_mode=True, plan_file=str(desk.path))
    with pytest.raises(PlanFileError, match="already exists"):
        desk.collect(NEW, 5, plan_file=str(desk.path))
    assert desk.path.read_text() == before
    assert "A4" not in desk.rows()
    desk.collect(OLD, 5, check_mode=True, plan_file=str(desk.path), plan_replace=True)
    assert desk.path.read_text() != before


def test_a_file_in_the_way_is_seen_before_netbox_is_asked(desk: Desk) -> None:
    desk.plan()
    options = {"devices": [device()], "url": "http://127.0.0.1:1", "token": "x" * 40, "plan_file": str(desk.path)}
    params = ArgumentSpecValidator(ARGUMENT_SPEC).validate(options).validated_parameters
    with pytest.raises(PlanFileError, match="already exists"):
        upload(params, check_mode=True)


def test_a_device_that_has_another_name_by_now_is_not_written(desk: Desk) -> None:
    desk.plan()
    before = desk.rows()
    with NetBox(desk.standin.url, desk.standin.token) as netbox:
        netbox.patch_bulk("dcim/devices/", [{"id": 1, "name": "renamed"}])
        try:
            why = reasons(desk.apply())
        finally:
            netbox.patch_bulk("dcim/devices/", [{"id": 1, "name": "r1"}])
    assert set(why) == {"A1", "A2", "A3", "A4"}
    assert "device 1 in NetBox is renamed, but the plan is for r1" in why["A1"]
    assert desk.rows() == before


def test_the_plan_shows_the_name_in_netbox_whatever_the_inventory_calls_the_device(desk: Desk) -> None:
    with NetBox(desk.standin.url, desk.standin.token) as netbox:
        one = device(records=NEW) | {"name": "alias", "device_name": "alias", "site_id": 1}
        run(netbox, reports([one]), night(5), check_mode=True, plan_file=str(desk.path))
    found = json.loads(desk.path.read_text())["plan"]["devices"][0]
    assert (found["name"], found["title"], found["places"]) == ("alias", "r1", [{"device_id": 1, "device": "r1"}])
    assert desk.apply()["failed_hosts"] == {}


def test_members_of_a_stack_are_written_and_a_limit_must_hold_them_too(standin: StandIn, tmp_path: Path) -> None:
    seed = one_site(2)
    seed["virtual_chassis"] = [{"name": "stack", "master": "r1"}]
    for number, member in enumerate(seed["devices"], 1):
        member |= {"virtual_chassis": "stack", "vc_position": number}
    members = [{"id": number, "name": f"r{number}", "position": number, "serial": ""} for number in (1, 2)]
    stack = device(records=[record("B1", member=1), record("B2", member=2)])
    stack |= {"virtual_chassis": {"id": 1, "members": members}, "members": []}
    path = str(tmp_path / "plan.json")
    with start_standin(seed) as own, NetBox(own.url, own.token) as netbox:
        run(netbox, reports([stack]), night(0), check_mode=True, plan_file=path)
        alone = [{"name": "r1", "device_id": 1}]
        _plan, outcome = run_plan(netbox, path, check_mode=True, hosts=alone)
        assert reasons(outcome) == {"B2": "refused: r2 is not among the hosts of this run"}
        whole = [{**alone[0], "virtual_chassis": {"members": members}}]
        assert run_plan(netbox, path, hosts=whole)[1]["failed_hosts"] == {}
        assert {(row["serial"], row["device"]["id"]) for row in netbox.get_all(PROBES)} == {("B1", 1), ("B2", 2)}


def test_what_the_plan_could_not_read_is_no_failure_of_who_carries_it_out(desk: Desk) -> None:
    with NetBox(desk.standin.url, desk.standin.token) as netbox:
        devices = [device(records=NEW, complete=False), {"name": "r2", "device_id": 2, "error": "no answer"}]
        devices.append({"name": "unknown to NetBox", "device_id": 4711})
        _plan, planned = run(netbox, reports(devices), night(5), check_mode=True, plan_file=str(desk.path))
    assert set(planned["failed_hosts"]) == {"r1", "r2", "unknown to NetBox"}
    applied = desk.apply(hosts=devices)
    assert applied["failed_hosts"] == {}
    assert (applied["plan"]["not_planned"], applied["plan"]["left_out"]) == (["r2", "unknown to NetBox"], [])
    assert "A4" in desk.rows()


@pytest.mark.parametrize(
    "host", [{"name": "r1"}, {"name": "x", "device_id": 1}, {"name": "x", "device_name": "r1", "device_id": None}]
)
def test_hosts_are_found_by_id_or_by_name(desk: Desk, host: dict[str, Any]) -> None:
    desk.plan()
    assert desk.apply(hosts=[host], check_mode=True)["plan"]["left_out"] == []
    assert desk.apply(hosts=[{"name": "r1", "device_id": 3}], check_mode=True)["plan"]["left_out"] == ["r1"]


def test_apply_needs_a_plan_and_nothing_else() -> None:
    with pytest.raises(NetBoxOptionError, match="name the plan with plan_file"):
        upload({"apply": True})
    with pytest.raises(NetBoxOptionError, match="leave out devices"):
        upload({"apply": True, "plan_file": "plan.json", "devices": []})
    for option in ("plan_digest", "apply_to"):
        params = ArgumentSpecValidator(ARGUMENT_SPEC).validate({"devices": [], option: "[]"}).validated_parameters
        with pytest.raises(NetBoxOptionError, match="set apply as well"):
            upload(params)
