# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables by their old names: each does what its new name does, and is warned of once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.plugins.plugin_utils._run.renamed_variables import RENAMED
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings

#: Devices of the sandbox's NetBox, here read from recordings.
DEVICES = {"rtr-isr-brno": "asa.snmprec", "sw-stack-brno": "nxos.snmprec"}


def records_of(recording: str) -> list[dict[str, Any]]:
    return json.loads((recordings() / recording.replace(".snmprec", ".expected.json")).read_text())["records"]


def check_notices(outcome: Outcome, *names: str) -> None:
    """Each of these old names is warned of once, and no other."""
    said = " ".join(outcome.text.split())
    counted = {old: said.count(f"The variable {old} is now called {new.name}.") for old, new in RENAMED.items()}
    assert counted == {old: int(old in names) for old in RENAMED}, outcome.text
    assert "Both are given" not in said


def test_each_old_name_does_what_the_new_one_does_and_is_warned_of_once(night: Night, tmp_path: Path) -> None:
    hosts = {name: {"snmp_replay_from": str(recordings() / recording)} for name, recording in DEVICES.items()}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    serials = [record["serial"] for recording in DEVICES.values() for record in records_of(recording)]
    model = next(record["part"] for record in records_of("nxos.snmprec") if record.get("part"))

    def run(playbook: str, variables: dict[str, Any], *arguments: str) -> Outcome:
        inventory = ("-i", str(tmp_path / "hosts.yml"), "-e", json.dumps(variables))
        return run_playbook(ROOT / "playbooks" / f"{playbook}.yml", *inventory, *arguments)

    collecting = {
        "invmon_serial": 1,
        "collect_save_to": str(tmp_path / "saved"),
        "collect_record_to": str(tmp_path / "recorded"),
        "collect_record_masked": False,
        "collect_record_expected": True,
    }
    outcome = run("inventory", collecting, "--tags", "collect")
    assert outcome.status == 0, outcome.text
    check_notices(outcome, *collecting)
    assert outcome.text.count("PLAY [Inventory]") == 2
    assert {path.stem for path in (tmp_path / "saved").iterdir()} == set(DEVICES)
    written = "".join(path.read_text() for path in (tmp_path / "recorded").glob("*.snmprec"))
    assert [serial for serial in serials if serial not in written] == []
    assert {path.name for path in (tmp_path / "recorded").glob("*.json")} == {f"{d}.expected.json" for d in DEVICES}

    uploading = {
        "env_file": str(night.sandbox.folder / "sandbox.env"),
        "upload_saved": str(tmp_path / "saved"),
        "upload_exclude_models": model,
        "upload_strategy": "class_priority",
        "netbox_verify_ssl": True,
    }
    refused = run("inventory", {**uploading, "netbox_verify_ssl": False}, "--tags", "upload")
    assert (refused.status, "disable the check of NetBox's certificate" in refused.text) == (2, True)
    outcome = run("inventory", uploading, "--tags", "upload")
    assert outcome.status == 0, outcome.text
    check_notices(outcome, *uploading)
    rows = night.probes()
    assert {row["device"]["name"] for row in rows} == set(DEVICES)
    assert model not in {row["part"] for row in rows}

    outcome = run("record", {"record_dir": str(tmp_path / "sent"), "record_masked": False})
    assert outcome.status == 0, outcome.text
    assert "Look through each file" not in outcome.text
    check_notices(outcome, "record_dir")
    assert {path.suffix for path in (tmp_path / "sent").iterdir()} == {".snmprec", ".json"}

    replaying = {"recordings": str(tmp_path / "recorded"), "output": str(tmp_path / "read"), "exclude_models": model}
    outcome = run("replay", replaying)
    assert outcome.status == 0, outcome.text
    check_notices(outcome, *replaying)
    read = [record for path in (tmp_path / "read").iterdir() for record in json.loads(path.read_text())]
    assert {record["serial"] for record in read} < set(serials)
    assert model not in {record["part"] for record in read}


def test_the_new_name_counts_where_both_are_given_and_words_of_others_are_theirs(tmp_path: Path) -> None:
    recording = str(recordings() / "asa.snmprec")
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"box": {"snmp_replay_from": recording}}}}))
    variables = {"collect_save_to": str(tmp_path / "old"), "invmon_collected": str(tmp_path / "new")}
    # Of the playbook replay only.
    variables |= {"output": "theirs", "recordings": "theirs", "record_dir": str(tmp_path / "theirs")}
    arguments = ("-i", str(tmp_path / "hosts.yml"), "-e", json.dumps(variables), "--tags", "collect")
    outcome = run_playbook(ROOT / "playbooks" / "inventory.yml", *arguments)
    said = " ".join(outcome.text.split())
    assert outcome.status == 0, outcome.text
    assert said.count("is now called") == 1
    assert said.count("Both are given: the value of invmon_collected is used.") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"hosts.yml", "new"}


def test_the_old_name_of_an_option_of_a_task_works_and_is_warned_of_once(tmp_path: Path) -> None:
    reached = {"url": "http://127.0.0.1:9", "token": "x" * 40}
    task = {"invmon.network.netbox_hygiene": {**reached, "verify_ssl": "flase"}, "ignore_errors": True}
    both = {"invmon.network.netbox_hygiene": {**reached, "verify_ssl": "flase", "validate_certs": True}}
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [task, task, both]}
    (tmp_path / "own.yml").write_text(yaml.safe_dump([play]))
    outcome = run_playbook(tmp_path / "own.yml")
    said = " ".join(outcome.text.split())
    assert said.count("The option verify_ssl is now called validate_certs. This feature") == 1
    assert said.count("validate_certs (NETBOX_VERIFY_SSL) must be true or false") == 2
    assert said.count("Both are given: the value of validate_certs is used.") == 1
    assert "http://127.0.0.1:9" in said.rpartition("TASK")[2]
