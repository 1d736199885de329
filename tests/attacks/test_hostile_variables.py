# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of a user who may launch a job: what the check before the first device reports about them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC as FACTS
from ansible_collections.invmon.network.plugins.module_utils._tasks.hygiene import ARGUMENT_SPEC as HYGIENE
from ansible_collections.invmon.network.plugins.module_utils._tasks.probe_options import ARGUMENT_SPEC as PROBE
from ansible_collections.invmon.network.plugins.module_utils._tasks.report import ARGUMENT_SPEC as REPORT
from ansible_collections.invmon.network.plugins.module_utils._tasks.restore import ARGUMENT_SPEC as RESTORE
from ansible_collections.invmon.network.plugins.plugin_utils._run.check_options import wrong_value
from ansible_collections.invmon.network.plugins.plugin_utils._run.check_plan import check_plan
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import known_variables
from ansible_collections.invmon.network.plugins.plugin_utils._run.run import Run
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, run_playbook
from ansible_collections.invmon.network.tests.recordings.build import recordings

# Templates are left out: who may set a variable of Ansible's may have it evaluated, whatever reads it.
HOSTILE = "\x1b[2J\x9b5n\u202e\r\nok: [r9]"
SECRET = "short-1"


@pytest.mark.attack(
    "names and values of variables",
    tried="names and values of extra variables with escape sequences, line breaks, megabytes, and a secret"
    " where none can be; an answer that is left open where a recording is masked",
    came="each is one cut, printable sentence, no secret is shown, the recording is masked",
)
def test_what_is_reported_of_a_variable_is_printable_and_short(tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"box": {"snmp_community": "public"}}}}))
    wrong = {
        f"snmp_{HOSTILE}": "x",
        f"upload_{'y' * 100_000}": "x",
        "upload_gone": HOSTILE,
        "invmon_batch_size": [HOSTILE, "z" * 1_000_000],
        "snmp_tables": {"skip": [HOSTILE], HOSTILE: 1},
        "snmp_platform": HOSTILE,
        "snmp_auth_passphrase": SECRET,
        "hygiene_rules": [HOSTILE],
    }
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    arguments = ("-i", str(tmp_path / "hosts.yml"), "-e", f"@{tmp_path / 'wrong.json'}", "--tags", "collect")
    outcome = run_playbook(ROOT / "playbooks" / "inventory.yml", *arguments)
    assert outcome.status == 2
    assert "snmp_auth_passphrase" in outcome.text
    assert [char for char in ("\x1b", "\x9b", "\u202e") if char in outcome.text] == []
    assert ("\nok: [r9]" in outcome.text, SECRET in outcome.text) == (False, False)
    assert max(map(len, outcome.text.splitlines())) < 5_000


@pytest.mark.attack(
    "names and values of variables",
    tried="names and values of extra variables with escape sequences, line breaks, megabytes, and a secret"
    " where none can be; an answer that is left open where a recording is masked",
    came="each is one cut, printable sentence, no secret is shown, the recording is masked",
)
@pytest.mark.parametrize("answer", ['""', "null", '"mabye"'], ids=["empty", "null", "no boolean"])
def test_a_recording_is_masked_whatever_is_answered_but_no(tmp_path: Path, answer: str) -> None:
    recording = recordings() / "asa.snmprec"
    serial = json.loads(recording.with_name("asa.expected.json").read_text())["records"][0]["serial"]
    (tmp_path / "hosts.yml").write_text(
        yaml.safe_dump({"all": {"hosts": {"box": {"snmp_replay_from": str(recording)}}}})
    )
    arguments = ("-i", str(tmp_path / "hosts.yml"), "-e", f'{{"record_masked": {answer}, "record_to": "{tmp_path}"}}')
    outcome = run_playbook(ROOT / "playbooks" / "record.yml", *arguments)
    written = tmp_path / "box.snmprec"
    assert written.exists() == ("mabye" not in answer), outcome.text
    assert not written.exists() or serial not in written.read_text()


#: What a device would have reported.
FORGED = {
    "items": [{"serial": "FORGED1", "index": "1", "source": "entPhysicalTable"}],
    **{"complete": True, "tables": {}, "members": [], "collected_at": "2026-11-29T21:00:00Z"},
}


@pytest.mark.attack(
    "extra variables in the place of results",
    tried="-e with what was collected (parts that no device has), with the result of the upload (so that nothing is"
    " written), with the id, the site and the chassis of another device, and with the devices that hygiene is for",
    came="the run ends before a device is asked, and names each of them",
)
@pytest.mark.parametrize("playbook", ["inventory", "hygiene"])
def test_no_variable_takes_the_place_of_what_a_run_finds_out(tmp_path: Path, playbook: str) -> None:
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"box": {"snmp_community": "public"}}}}))
    who: dict[str, Any] = {
        "netbox_device_id": 5,
        "netbox_site": {"id": 5},
        "netbox_virtual_chassis": {},
        "netbox_device_name": "r5",
    }
    of_playbook: dict[str, dict[str, Any]] = {
        "inventory": {
            "collect_result": {"ansible_facts": {"entity_inventory": FORGED}},
            **{"upload_result": {}, "upload_record": {}, "netbox_shares_address_with": []},
        },
        "hygiene": {"ids": [5], "names": ["r5"], "hosts_asked": [], "hygiene": {"summary": ["all is well"]}},
    }
    forged = of_playbook[playbook] | who
    environment = {"NETBOX_INSTANCE_URL": "http://127.0.0.1:9", "NETBOX_API_TOKEN": "x" * 40}
    arguments = ["-i", str(tmp_path / "hosts.yml"), "-e", json.dumps(forged), "--limit", "box"]
    arguments += ["--tags", "upload"] if playbook == "inventory" else []
    outcome = run_playbook(ROOT / "playbooks" / f"{playbook}.yml", *arguments, **environment)
    assert outcome.status == 2
    assert f"{len(forged)} errors" in outcome.text
    assert [name for name in forged if f"{name} is set with -e" not in outcome.text] == []
    assert "Summary" not in outcome.text


@pytest.mark.attack(
    "a secret of the environment in a path",
    tried="$AWS_SECRET_ACCESS_KEY and ${NETBOX_API_TOKEN} in every option of ours that is a path, and in the variables"
    " of a nightly job, whose messages name the files",
    came="the paths have these words in them as they are; neither output nor files have a secret",
)
def test_no_path_is_filled_in_with_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"AWS_SECRET_ACCESS_KEY": "canary-of-the-cloud", "NETBOX_API_TOKEN": "c0ffee00" * 5}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    hostile = "~/$AWS_SECRET_ACCESS_KEY/${NETBOX_API_TOKEN}/$HOME"
    home = str(Path.home())
    for spec in (FACTS, PROBE, HYGIENE, RESTORE, REPORT):
        paths = {name for name, option in spec.items() if option.get("type") == "path"} - {"env_file"}
        params = checked(dict.fromkeys(paths, hostile), spec).params
        assert {params[name] for name in paths} == {f"{home}/$AWS_SECRET_ACCESS_KEY/${{NETBOX_API_TOKEN}}/{home}"}
    for name in ("invmon_env_file", "snmp_profiles"):
        said = wrong_value(name, hostile, known_variables()[name])
        assert "$AWS_SECRET_ACCESS_KEY" in (said or "")
    for apply in (False, True):
        given = {"upload_plan_file": hostile, "upload_apply_plan": apply}
        (said,) = check_plan(Run(parts=["upload"], variable=given.get)).errors
        assert "$AWS_SECRET_ACCESS_KEY/${NETBOX_API_TOKEN}" in said
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"box": {}}}}))
    folder = f"/proc/{hostile[2:-6]}"
    names = ("collect_dump", "invmon_collected", "record_to", "invmon_run_record", "snmp_replay_from")
    arguments = ("-i", str(tmp_path / "hosts.yml"), "-e", json.dumps(dict.fromkeys(names, folder)), "-v")
    outcome = run_playbook(
        ROOT / "playbooks" / "inventory.yml", *arguments, NETBOX_INSTANCE_URL="http://127.0.0.1:9", **secrets
    )
    assert folder in outcome.text
    assert not [value for value in secrets.values() if value in outcome.text]


@pytest.mark.attack(
    "a secret of the environment in a path",
    tried="$AWS_SECRET_ACCESS_KEY and ${NETBOX_API_TOKEN} in every option of ours that is a path, and in the variables"
    " of a nightly job, whose messages name the files",
    came="the paths have these words in them as they are; neither output nor files have a secret",
)
@pytest.mark.parametrize("where", ["localhost", "poller"])
def test_no_path_is_filled_in_with_a_secret_of_a_poller(tmp_path: Path, where: str) -> None:
    """A module has its options checked by Ansible on the poller, which fills in paths from that environment."""
    secret = "canary-of-the-cloud"
    poller = {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"box": {}, "poller": poller}}}))
    hostile = "/proc/$AWS_SECRET_ACCESS_KEY/${AWS_SECRET_ACCESS_KEY}"
    source = {"url": "http://127.0.0.1:9", "token": "x" * 40, "ca_path": hostile}
    tasks: list[dict[str, Any]] = [
        {"invmon.network.inventory_report": {"devices": [{"name": "r1", "records": []}], "directory": hostile}},
        # A path in a list of options.
        {"invmon.network.netbox_probe": {"devices": [], "url": "https://127.0.0.1:9", **source, "sources": [source]}},
    ]
    plays = [{"hosts": "box", "gather_facts": False, "tasks": [{**task, "delegate_to": where}]} for task in tasks]
    for play in plays:
        (tmp_path / "play.yml").write_text(yaml.safe_dump([play]))
        outcome = run_playbook(
            tmp_path / "play.yml", "-i", str(tmp_path / "hosts.yml"), "-vvv", AWS_SECRET_ACCESS_KEY=secret
        )
        assert secret not in outcome.text
        assert "$AWS_SECRET_ACCESS_KEY" in outcome.text


def test_a_path_in_the_options_of_an_option_is_not_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-of-the-cloud")
    spec = {
        "one": {"type": "dict", "options": {"path": {"type": "path"}}},
        "several": {"type": "list", "elements": "dict", "options": {"path": {"type": "path"}}},
        "paths": {"type": "list", "elements": "path"},
    }
    hostile = {"path": "$AWS_SECRET_ACCESS_KEY"}
    given = {"one": hostile, "several": [hostile], "paths": [hostile["path"], "~/x"]}
    assert checked(given, spec).params == {**given, "paths": [hostile["path"], str(Path.home() / "x")]}


def test_one_place_fills_in_paths() -> None:
    plugins = ROOT / "plugins"
    found = {path.name for path in plugins.rglob("*.py") if "expandvars" in path.read_text(encoding="utf-8")}
    # Ansible's own cache fills its folder in so; ours looks at the same one, and does not name what it found there.
    assert found == {"inventory_cache.py"}
