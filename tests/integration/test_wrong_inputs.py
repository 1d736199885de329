# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a run as a whole ends it before the first device is asked, in one list. No device is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings

#: Nothing listens there; a run that asks would take seconds and say so.
HOSTS = {"all": {"hosts": {"box-1": {"ansible_host": "127.0.0.1"}, "box-2": {"ansible_host": "127.0.0.1"}}}}
NOTIFY = {"name": "Tell them", "hosts": "all", "gather_facts": False, "tags": ["notify"]}


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Run a playbook of the collection, or one of somebody's own, on an inventory of two hosts."""

    def run(playbook: str | Path, *arguments: str, **environment: str) -> Outcome:
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump(HOSTS))
        path = ROOT / "playbooks" / f"{playbook}.yml" if isinstance(playbook, str) else playbook
        return run_playbook(path, "-i", str(tmp_path / "hosts.yml"), *arguments, **environment)

    return run


def flat(outcome: Outcome) -> str:
    """The text on one line, whether Ansible shows results as YAML or as JSON."""
    return " ".join(outcome.text.split()).replace("''", "'")


def test_a_tag_that_no_task_has_is_no_success_and_leaves_a_record(run: Any, tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    outcome = run("inventory", "--tags", "uplaod", "--skip-tags", "slow", "-e", f"invmon_run_record={record}")
    assert outcome.status == 2
    assert "--tags uplaod: no task has this tag. Did you mean upload?" in flat(outcome)
    assert "--skip-tags slow: no task has this tag. The tags of this playbook are collect, report, " in flat(outcome)
    assert "Read the hardware" not in outcome.text
    told = json.loads(record.read_text())
    assert (told["state"], "--tags uplaod" in told["error"]) == ("failed", True)


def test_the_tags_of_a_playbook_that_has_ours_in_it_are_tags_too(run: Any, tmp_path: Path) -> None:
    playbook = tmp_path / "night.yml"
    ours = {"import_playbook": "invmon.network.inventory"}
    tell = {"name": "Tell them", "ansible.builtin.debug": {"msg": "told"}}
    playbook.write_text(yaml.safe_dump([ours, NOTIFY | {"tasks": [tell]}]))
    assert '"msg": "told"' in flat(run(playbook, "--tags", "notify")).replace("msg: told", '"msg": "told"')
    assert "tags of this playbook are collect, notify, report, upload" in flat(run(playbook, "--tags", "notfiy"))
    # What is included while the playbook runs may have any tag.
    playbook.write_text(yaml.safe_dump([ours, NOTIFY | {"tasks": [{"ansible.builtin.include_tasks": "more.yml"}]}]))
    outcome = run(playbook, "--tags", "more")
    assert (outcome.status, "--tags more: no task has this tag" in outcome.text) == (0, True)


def test_all_that_is_wrong_is_listed_at_once_before_anybody_is_asked(run: Any) -> None:
    wrong = {"upload_gone": "tagg", "invmon_batch_size": "abc", "snmp_tables": {"skip": ["entPhysicalTabel"]}}
    outcome = run("inventory", "-e", json.dumps(wrong | {"upload_brake_share": "", "collect_at_a_time": None}))
    assert outcome.status == 2
    for words in (
        "upload_gone must be one of: report, tag, comment, delete",
        "invmon_batch_size: 'abc' is neither",
        "Did you mean entPhysicalTable",
        "There are no SNMP credentials",
        "NetBox's address is not given",
    ):
        assert words in flat(outcome), outcome.text
    assert ("brake_share" in outcome.text, "at_a_time" in outcome.text) == (False, False)
    assert "Read the hardware" not in outcome.text
    assert len(outcome.text.splitlines()) < 40


def test_names_that_nothing_reads_are_warnings_and_errors_of_a_strict_run(run: Any, tmp_path: Path) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text("snmp_comunity: public\ninvmon_batch: true\n")
    # No device is asked: every tag but those of preparation is left out.
    slip = ("-e", "uplaod_gone=tag", "--skip-tags", "collect,upload")
    outcome = run("inventory", *slip)
    assert outcome.status == 0, outcome.text
    assert "uplaod_gone is not a variable of this collection: did you mean upload_gone" in outcome.text
    assert "snmp_comunity (for all hosts) is not a variable of this collection" in outcome.text
    assert "invmon_batch (for all hosts) is read before" in outcome.text
    outcome = run("inventory", *slip, "-e", "invmon_strict=true")
    assert (outcome.status, "3 errors" in outcome.text) == (2, True)


@pytest.mark.parametrize(
    ("playbook", "slip", "meant"),
    [
        ("inventory", "merge_stategy", "merge_strategy"),
        ("record", "record_maskd", "record_masked"),
        ("replay", "replay_form", "replay_from"),
        ("hygiene", "hygeine_sites", "hygiene_sites"),
        ("restore", "restore_any_adress", "restore_any_address"),
    ],
)
def test_no_playbook_passes_over_a_slip_of_the_pen(
    run: Any, tmp_path: Path, playbook: str, slip: str, meant: str
) -> None:
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "host_vars" / "box-1.yml").write_text("snmp_comunity: public\n")
    own = {"import_playbook": f"invmon.network.{playbook}", "vars": {"invmon_strickt": True}}
    (tmp_path / "own.yml").write_text(yaml.safe_dump([own]))
    # Strict, so that it ends before it asks or writes anything.
    outcome = run(tmp_path / "own.yml", "-e", f"{slip}=x", "-e", "invmon_strict=true")
    said = flat(outcome)
    assert outcome.status == 2
    assert f"{slip} is not a variable of this collection: did you mean {meant}" in said
    assert "invmon_strickt (in the play) is not a variable of this collection: did you mean invmon_strict" in said
    assert "snmp_comunity (for the host box-1) is not a variable of this collection: did you mean snmp_comm" in said


def test_a_secret_that_cannot_be_used_is_not_shown(run: Any) -> None:
    secret = {"snmp_auth_passphrase": "4Xq", "netbox_token": "gloucester 42", "netbox_url": "http://127.0.0.1:9"}
    outcome = run("inventory", "-vvv", "-e", json.dumps(secret))
    assert "snmp_auth_passphrase is shorter than 8 characters" in outcome.text
    assert "netbox_token contains a blank" in outcome.text
    assert ("4Xq" in outcome.text, "gloucester 42" in outcome.text) == (False, False)


@pytest.mark.parametrize("batch", ["false", "true"], ids=["a task each", "one task"])
def test_a_value_of_one_device_fails_that_device_with_the_name_of_the_variable(
    run: Any, tmp_path: Path, batch: str
) -> None:
    (tmp_path / "host_vars").mkdir()
    recording = recordings() / "eltek-smartpack2.snmprec"
    (tmp_path / "host_vars" / "box-1.yml").write_text("snmp_port: 70000\nsnmp_community: public\n")
    (tmp_path / "host_vars" / "box-2.yml").write_text(f"snmp_replay_from: {recording}\n")
    outcome = run("inventory", "--tags", "collect", "-e", "invmon_collected=", "-e", f"invmon_batch={batch}")
    assert "snmp_port: 70000 is not between 1 and 65535" in flat(outcome)
    assert outcome.failed == {"box-1"}, outcome.text


def test_the_upload_refuses_a_play_of_somebody_that_would_run_it_for_each_host(run: Any, tmp_path: Path) -> None:
    play = {"hosts": "all", "gather_facts": False, "strategy": "host_pinned", "roles": ["invmon.network.upload"]}
    (tmp_path / "own.yml").write_text(yaml.safe_dump([play]))
    outcome = run(tmp_path / "own.yml", NETBOX_INSTANCE_URL="http://127.0.0.1:9", NETBOX_API_TOKEN="x")
    assert "The play has the strategy host_pinned, which runs this task before all hosts are read" in flat(outcome)
    assert outcome.status == 2
