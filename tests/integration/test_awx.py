# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/awx.md gives to paste: credential types, survey, and the playbook that sets AWX up."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.inventory.netbox_devices import ENVIRONMENT
from ansible_collections.invmon.network.plugins.module_utils.snmp_options import SNMP_ARGUMENTS
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from awx import BOXES, PAGE, SEED, Awx, awx_inventory, credential_type, injected, network
from conftest import Night
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from runner import AWX, ROOT, Job, run_jobs, surroundings

PASSPHRASES = ("sandbox-auth-1", "sandbox-priv-1")
#: Stands for each module of awx.awx, and notes what it was asked for.
STUB = """
import json, os
from ansible.plugins.action import ActionBase

class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        with open(os.environ["ASKED"], "a") as file:
            file.write(json.dumps([self._task.action.rpartition(".")[2], self._task.args]) + "\\n")
        return {"changed": True}
"""


@pytest.mark.parametrize("name", ["netbox", "snmp"])
def test_a_credential_type_is_as_awx_takes_it_and_injects_what_the_collection_reads(name: str) -> None:
    kind = credential_type(name)
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    assert kind["kind"] == "cloud"
    assert set(kind["inputs"].get("required", ())) <= set(fields)
    assert all({"id", "label", "type"} <= set(field) for field in fields.values())
    secret = {key for key, field in fields.items() if field.get("secret")}
    assert secret == {key for key in fields if re.search("token|passphrase|community", key)}
    rules = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    example: dict[str, Any] = dict.fromkeys(fields, "EXAMPLE") | {"tower": {"filename": "FILE"}}
    for text in [*kind["injectors"]["env"].values(), *kind["injectors"].get("file", {}).values()]:
        assert rules.from_string(text).render(example)
    read = {word for spec in SNMP_ARGUMENTS.values() if "fallback" in spec for word in spec["fallback"][1]}
    assert set(kind["injectors"]["env"]) <= read | set(ENVIRONMENT.values()) | {"REQUESTS_CA_BUNDLE"}


def test_what_the_credential_types_inject_is_all_that_a_job_needs_and_no_secret_is_shown(
    night: Night, tmp_path: Path
) -> None:
    with_v3, with_community = "rtr-isr-brno", "sw-nexus-brno"
    addresses = {agent.name: agent.address for agent in night.sandbox.network.plan.agents}
    hosts = {name: {"ansible_host": addresses[name]} for name in (with_v3, with_community)}
    snmp = injected(
        "snmp",
        **{"versions": "", "username": "inventory", "community": "public", "privacy_protocol": ""},
        **{"auth_protocol": "SHA-256", "auth_passphrase": PASSPHRASES[0], "privacy_passphrase": PASSPHRASES[1]},
    )
    netbox = injected("netbox", tmp_path, url=night.sandbox.netbox_url, token=night.sandbox.token, ca="")
    assert netbox["NETBOX_VERIFY_SSL"] == "true"
    everywhere = {"snmp_port": night.sandbox.network.port, "collect_save_to": ""}
    survey = {question["variable"]: question["default"] for question in read("survey.yml")["spec"]}
    job = Job("job", {"all": {"hosts": list(hosts)}, "_meta": {"hostvars": hosts}}, snmp | netbox, everywhere | survey)
    outcome = run_jobs(tmp_path, job)["job"]
    assert outcome.status == "successful", outcome.text
    assert {probe["device_descriptor"] for probe in night.probes()} == set(hosts)
    command = json.loads((tmp_path / "job" / "node" / "artifacts" / "1" / "command").read_text())["command"]
    for shown in (outcome.text, str(command)):
        assert [secret for secret in (*PASSPHRASES, night.sandbox.token) if secret in shown] == []


def test_a_certificate_of_ones_own_authority_reaches_requests_and_the_check_is_off_only_by_the_box(
    tmp_path: Path,
) -> None:
    own = injected("netbox", tmp_path, url="https://netbox", token="t", ca="PEM", unchecked=True)
    assert Path(own["REQUESTS_CA_BUNDLE"]).read_text() == "PEM"
    assert own["NETBOX_VERIFY_SSL"] == "false"
    assert injected("netbox", tmp_path, url="https://netbox", token="t")["REQUESTS_CA_BUNDLE"] == ""


def test_a_device_is_asked_by_the_poller_of_its_group(tmp_path: Path) -> None:
    with start_standin(SEED) as standin, network() as ports:
        awx = Awx(standin, tmp_path, awx_inventory(standin, tmp_path))
        assert awx.inventory["site_brno"]["hosts"] == sorted(BOXES)
        plugins = {"ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests" / "integration" / "connection_plugins")}
        remote = {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable}
        job = awx.job(ports, playbook="inventory_by_pollers.yml", arguments="-vvv", environment=plugins)
        variables = job.inventory["_meta"]["hostvars"]
        for device in ("core-1", "core-2"):
            # How the shop's other playbooks reach them; this environment has no such plugin, nor the password.
            others = {"ansible_connection": "network_cli", "ansible_become": True, "ansible_become_method": "enable"}
            variables[device] |= others | {"ansible_password": "{{ vault_password }}"}
        variables["core-1"]["poller"] = "poller-brno"
        variables["poller-brno"] = remote
        job.inventory["near"] = {"hosts": ["poller-brno"]}
        job.extra_vars = {"invmon_hosts": "core-*"}
        outcome = run_jobs(tmp_path, job)["slice-1"]
        assert outcome.status == "successful", outcome.text
        assert awx.devices() == {"core-1", "core-2"}
    asked_by = dict(re.findall(r"^ok: \[(core-.) -> ([\w-]+)", outcome.text, re.MULTILINE))
    assert asked_by == {"core-1": "poller-brno", "core-2": "localhost"}
    assert "AnsiballZ_snmp_entity_facts" in outcome.text


def read(name: str) -> Any:
    return yaml.safe_load((AWX / name).read_text())


def test_the_survey_asks_for_variables_that_there_are() -> None:
    spec = read("survey.yml")["spec"]
    roles = [ROOT / "roles" / name / "meta" / "argument_specs.yml" for name in ("collect", "upload")]
    known = {key for path in roles for key in yaml.safe_load(path.read_text())["argument_specs"]["main"]["options"]}
    playbook = (ROOT / "playbooks" / "inventory.yml").read_text()
    assert {question["variable"] for question in spec} <= known | set(re.findall(r"invmon_\w+", playbook))
    for question in spec:
        assert {"question_name", "variable", "type", "required"} <= set(question)
        assert (question["required"], question["default"]) == (False, "")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all execution nodes share."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def asked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, Any]]]:
    """What the playbook asks AWX for: the modules and their arguments, in order."""
    folder = tmp_path_factory.mktemp("setup")
    tasks = read("setup.yml")[0]["tasks"]
    stub = folder / "collections" / "ansible_collections" / "awx" / "awx" / "plugins"
    for place in ("action", "modules"):
        (stub / place).mkdir(parents=True)
        for name in {word.rpartition(".")[2] for task in tasks for word in task if word.startswith("awx.awx.")}:
            (stub / place / f"{name}.py").write_text(STUB)
    secrets = dict.fromkeys(("netbox_token", "snmp_auth_passphrase", "snmp_privacy_passphrase"), "secret-1")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(AWX / "setup.yml")]
    environment = surroundings(folder) | {
        "ASKED": str(folder / "asked"),
        "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
    }
    command += ["-e", json.dumps(secrets | {"shared": str(shared)})]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "secret-1" not in result.stdout
    return [tuple(json.loads(line)) for line in (folder / "asked").read_text().splitlines()]


def one(asked: list[tuple[str, dict[str, Any]]], module: str, name: str) -> dict[str, Any]:
    (found,) = [arguments for kind, arguments in asked if kind == module and arguments["name"] == name]
    return found


def test_the_setup_makes_the_types_as_they_stand_and_what_refers_to_another_thing_finds_it(asked: Any) -> None:
    for name in ("netbox", "snmp"):
        kind = credential_type(name)
        made = one(asked, "credential_type", kind["name"])
        assert (made["inputs"], made["injectors"]) == (kind["inputs"], kind["injectors"])
        given = one(asked, "credential", kind["name"])
        assert set(given["inputs"]) <= {field["id"] for field in kind["inputs"]["fields"]}
    names = {(module, arguments["name"]) for module, arguments in asked}
    assert ("job_template", one(asked, "schedule", "Every night")["unified_job_template"]) in names
    for template in (arguments for module, arguments in asked if module == "job_template"):
        assert {("project", template["project"]), ("inventory", template["inventory"])} <= names
        assert {("credential", name) for name in template["credentials"]} <= names
        assert ("execution_environment", template["execution_environment"]) in names
        assert (AWX / "project" / template["playbook"]).exists()
    nodes = {
        node["identifier"]: node
        for node in one(asked, "workflow_job_template", "Inventory, looked at")["workflow_nodes"]
    }
    jobs = {node["unified_job_template"]["name"] for node in nodes.values() if node["identifier"] != "look"}
    assert {("job_template", name) for name in jobs} <= names
    following = [
        target["identifier"] for node in nodes.values() for kind in node.get("related", {}).values() for target in kind
    ]
    assert following == ["look", "apply"]


def job_of(template: Mapping[str, Any], awx: Awx, ports: Mapping[str, int], **given: Any) -> Job:
    """What AWX makes of a job template when a workflow starts it."""
    flags = {"--check": template["job_type"] == "check", "--diff": template.get("diff_mode", False)}
    words = [flag for flag, wanted in flags.items() if wanted]
    words += ["--forks", str(template["forks"])] + (["-t", template["job_tags"]] if "job_tags" in template else [])
    extra = {**template["extra_vars"], **given}
    return awx.job(ports, name=template["name"].replace(", ", "-"), extra_vars=extra, arguments=" ".join(words))


def notification(artifacts: Mapping[str, Any]) -> str:
    """The message of the page, by AWX's rules: what is not defined is an error."""
    (text,) = re.findall(r"^\{\{ job\.name .*$", PAGE.read_text(), re.MULTILINE)
    job = {"name": "Inventory", "status": "failed", "artifacts": artifacts}
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text).render(job=job, url="https://awx")


def test_the_notification_has_a_text_also_of_a_job_that_left_no_record() -> None:
    assert notification({}) == "Inventory failed, devices: not asked https://awx"


def test_what_was_planned_waits_for_the_approval_in_the_shared_folder_and_is_applied_then(
    asked: Any, shared: Path, tmp_path: Path
) -> None:
    with start_standin(SEED) as standin, network() as ports:
        awx = Awx(standin, tmp_path, awx_inventory(standin, tmp_path))
        plan, apply = (one(asked, "job_template", f"Inventory, {word}") for word in ("plan", "apply"))
        planned = run_jobs(tmp_path, job_of(plan, awx, ports, awx_workflow_job_id=7))["Inventory-plan"]
        assert planned.status == "successful", planned.text
        assert (awx.rows(), [path.name for path in shared.iterdir()]) == ([], ["plan-7.json"])
        assert planned.artifacts["invmon_run"]["check_mode"] is True
        assert "'asked': 4" in notification(planned.artifacts)
        other = run_jobs(tmp_path, job_of(apply, awx, ports, awx_workflow_job_id=8))["Inventory-apply"]
        assert (other.status, awx.rows()) == ("failed", [])
        assert re.search(r"There is no file \S+plan-8.json", other.text)
        # AWX hands the artifacts of a node to those that follow.
        artifacts = {name: value for name, value in planned.artifacts.items() if name != "invmon_run"}
        changed = job_of(apply, awx, ports, awx_workflow_job_id=7, **artifacts | {"upload_plan_digest": "0" * 32})
        assert run_jobs(tmp_path, changed)["Inventory-apply"].status == "failed"
        assert awx.rows() == []
        applied = run_jobs(tmp_path, job_of(apply, awx, ports, awx_workflow_job_id=7, **artifacts))["Inventory-apply"]
        assert applied.status == "successful", applied.text
        assert awx.devices() == set(BOXES)
        shown = [re.findall(r"^[+~!-] .*$", outcome.text, re.MULTILINE) for outcome in (planned, applied)]
        assert shown[0] == shown[1] != []
