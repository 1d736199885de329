# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/awx.md gives to paste: credential types, survey, and the playbook that sets AWX up."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.plugins.inventory.netbox_devices import ENVIRONMENT
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_options import SNMP_ARGUMENTS
from ansible_collections.invmon.network.tests.integration.awx import (
    BOXES,
    PAGE,
    SEED,
    Awx,
    awx_inventory,
    credential_type,
    injected,
    network,
)
from ansible_collections.invmon.network.tests.integration.awx_api import Controller, controller_api, variables_of
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.runner import AWX, ROOT, Job, run_jobs, surroundings
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

PASSPHRASES = ("sandbox-auth-1", "sandbox-priv-1")
#: The community package that holds awx.awx, and where that collection is kept between two runs of the tests.
PACKAGE, COLLECTIONS = "ansible==11.13.0", ROOT / ".build" / "awx"
SECRETS = {"netbox_token": "secret-1", "snmp_auth_passphrase": "secret-2", "snmp_privacy_passphrase": "secret-3"}


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
        versions="",
        username="inventory",
        community="public",
        privacy_protocol="",
        auth_protocol="SHA-256",
        auth_passphrase=PASSPHRASES[0],
        privacy_passphrase=PASSPHRASES[1],
    )
    netbox = injected("netbox", tmp_path, url=night.sandbox.netbox_url, token=night.sandbox.token, ca="")
    assert netbox["NETBOX_VERIFY_SSL"] == "true"
    everywhere = {"snmp_port": night.sandbox.network.port, "invmon_collected": ""}
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


#: The variables of a discovery, as a user gives them to setup.yml.
DISCOVERY = {"discover_netbox_prefixes": {"tag": "discover"}, "discover_register": "devices"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all execution nodes share."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="session")
def awx_collection() -> Path:
    """The folder of collections with the real modules of awx.awx, out of the community package."""
    if not (COLLECTIONS / "ansible_collections" / "awx" / "awx" / "MANIFEST.json").exists():
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", PACKAGE]
        COLLECTIONS.mkdir(parents=True, exist_ok=True)
        result = subprocess.run([*download, "--dest", str(COLLECTIONS)], capture_output=True, text=True, check=False)
        if result.returncode:
            pytest.skip(f"the modules of AWX could not be had ({PACKAGE}): {result.stderr[-300:]}")
        (wheel,) = COLLECTIONS.glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.startswith("ansible_collections/awx/awx/"):
                    archive.extract(name, COLLECTIONS)
        wheel.unlink()
    return COLLECTIONS


def set_up(url: str, folder: Path, collections: Path, **variables: Any) -> str:
    """Run setup.yml as the page says; what it printed."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(AWX / "setup.yml")]
    environment = surroundings(folder) | {
        "CONTROLLER_HOST": url,
        "CONTROLLER_OAUTH_TOKEN": "token",
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }
    command += ["-e", json.dumps(SECRETS | variables)]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert not [secret for secret in SECRETS.values() if secret in result.stdout + result.stderr]
    return result.stdout


def somebody_elses(controller: Controller) -> None:
    """Another organization of the same AWX, which gave its things the same names."""
    organization = controller.create("organizations", {"name": "Other"})["id"]
    scm = controller.find("credential_types", name="Source Control")[0]["id"]
    for name in ("NetBox", "SNMP", "Repository of invmon"):
        controller.create("credentials", {"name": name, "organization": organization, "credential_type": scm})
    for kind, name in (("inventories", "Devices of NetBox"), ("projects", "Repository of invmon")):
        controller.create(kind, {"name": name, "organization": organization})
    mine = {kind: controller.find(kind, organization=organization)[0]["id"] for kind in ("inventories", "projects")}
    for name in ("Inventory", "Inventory, plan", "Inventory, apply"):
        fields = {"inventory": mine["inventories"], "project": mine["projects"], "playbook": "inventory.yml"}
        controller.create("job_templates", {"name": name, **fields})
    controller.create("workflow_job_templates", {"name": "Inventory, looked at", "organization": organization})


@pytest.fixture(scope="module")
def made(shared: Path, awx_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Controller:
    """What is in AWX after the set-up, and after a second one."""
    folder = tmp_path_factory.mktemp("setup")
    notification = {"type": "webhook", "configuration": {"url": "https://noc.example.com", "headers": {}}}
    with controller_api({path.name for path in (AWX / "project").iterdir()}) as (url, controller):
        somebody_elses(controller)
        for number in range(2):
            text = set_up(
                url,
                folder,
                awx_collection,
                shared=str(shared),
                slices=2,
                notification=notification,
                discovery=DISCOVERY,
            )
            if number:
                assert re.search(r"changed=0 ", text), text
                assert controller.changes == []
            controller.changes.clear()
    return controller


def one(controller: Controller, kind: str, name: str) -> dict[str, Any]:
    """Our thing of that name, not the one of the other organization."""
    ours = controller.find("organizations", name="Network")[0]["id"]
    (found,) = [
        thing
        for thing in controller.find(kind)
        if name in (thing["name"], thing.get("identifier")) and thing.get("organization") in (ours, None)
    ]
    return found


def test_the_setup_makes_the_types_unchanged_and_each_thing_is_of_our_organization(made: Controller) -> None:
    for name in ("netbox", "snmp"):
        kind = credential_type(name)
        type_ = one(made, "credential_types", kind["name"])
        assert (type_["inputs"], type_["injectors"]) == (kind["inputs"], kind["injectors"])
        assert one(made, "credentials", kind["name"])["credential_type"] == type_["id"]
    nightly = one(made, "job_templates", "Inventory")
    assert nightly["inventory"] == one(made, "inventories", "Devices of NetBox")["id"]
    assert nightly["project"] == one(made, "projects", "Repository of invmon")["id"]
    credentials = made.links["job_templates", nightly["id"], "credentials"]
    assert sorted(credentials) == sorted(one(made, "credentials", name)["id"] for name in ("NetBox", "SNMP"))
    assert made.surveys[nightly["id"]] == read("survey.yml")
    assert variables_of(nightly)["invmon_allow_empty"] is True  # it has slices
    assert one(made, "schedules", "Every night")["unified_job_template"] == nightly["id"]
    (told,) = made.links["job_templates", nightly["id"], "notification_templates_error"]
    assert told == one(made, "notification_templates", "Inventory")["id"]


def test_a_discovery_is_a_template_without_slices_and_its_workflow_takes_new_devices_to_the_inventory(
    made: Controller, shared: Path
) -> None:
    discovery = one(made, "job_templates", "Discovery")
    assert (discovery["playbook"], discovery["job_slice_count"]) == ("discover.yml", 1)
    assert variables_of(discovery) == {**DISCOVERY, "report_history": f"{shared}/history"}
    nodes = {name: one(made, "workflow_job_template_nodes", name) for name in ("discover", "update", "inventory")}
    assert {name: node["unified_job_template"] for name, node in nodes.items()} == {
        "discover": discovery["id"],
        "update": one(made, "inventory_sources", "NetBox")["id"],
        "inventory": one(made, "job_templates", "Inventory")["id"],
    }
    for before, after in (("discover", "update"), ("update", "inventory")):
        assert made.links["workflow_job_template_nodes", nodes[before]["id"], "success_nodes"] == [nodes[after]["id"]]


def test_a_commit_reaches_the_next_job_and_the_paths_of_others_stay_exposed(made: Controller, shared: Path) -> None:
    assert one(made, "projects", "Repository of invmon")["scm_update_on_launch"] is True
    source = one(made, "inventory_sources", "NetBox")
    assert (source["update_on_launch"], (AWX / "project" / source["source_path"]).exists()) == (True, True)
    assert made.settings["AWX_ISOLATION_SHOW_PATHS"] == ["/etc/pki:/etc/pki:O", f"{shared}:{shared}:z"]


def test_the_plan_is_removed_when_it_was_applied_and_when_nobody_wanted_it(made: Controller) -> None:
    nodes = {node["identifier"]: node for node in made.find("workflow_job_template_nodes")}
    names = {node["id"]: key for key, node in nodes.items()}
    following = {
        (names[number], kind): [names[other] for other in others]
        for (thing, number, kind), others in made.links.items()
        if thing == "workflow_job_template_nodes" and others
    }
    # The workflow that discovers, then reads what is new.
    assert following.pop(("discover", "success_nodes")) == ["update"]
    assert following.pop(("update", "success_nodes")) == ["inventory"]
    assert following == {
        ("plan", "always_nodes"): ["look"],
        ("look", "success_nodes"): ["apply"],
        ("look", "failure_nodes"): ["denied"],
        ("apply", "success_nodes"): ["remove"],
    }
    jobs = {key: node["unified_job_template"] for key, node in nodes.items()}
    removing = one(made, "job_templates", "Inventory, remove the plan")
    assert {jobs["remove"], jobs["denied"]} == {removing["id"]}
    assert jobs["plan"] == one(made, "job_templates", "Inventory, plan")["id"]
    approval = made.find("workflow_approval_templates")[0]
    assert (jobs["look"], approval["timeout"]) == (approval["id"], 86400)


def job_of(template: Mapping[str, Any], awx: Awx, ports: Mapping[str, int], **given: Any) -> Job:
    """What AWX makes of a job template when a workflow starts it."""
    flags = {"--check": template["job_type"] == "check", "--diff": template.get("diff_mode", False)}
    words = [flag for flag, wanted in flags.items() if wanted]
    words += ["--forks", str(template["forks"])] + (["-t", template["job_tags"]] if "job_tags" in template else [])
    extra = {**variables_of(template), **given}
    name = template["name"].replace(", ", "-").replace(" ", "-")
    more = {"extra_vars": extra, "arguments": " ".join(words), "playbook": template["playbook"]}
    return awx.job(ports, name=name, **more)


def notification(artifacts: Mapping[str, Any]) -> str:
    """The message of the page, by AWX's rules: what is not defined is an error."""
    (text,) = re.findall(r"^\{\{ job\.name .*$", PAGE.read_text(), re.MULTILINE)
    job = {"name": "Inventory", "status": "failed", "artifacts": artifacts}
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text).render(job=job, url="https://awx")


def test_the_notification_has_a_text_also_of_a_job_that_left_no_record() -> None:
    assert notification({}) == "Inventory failed, devices: not asked https://awx"


def test_what_was_planned_waits_for_the_approval_in_the_shared_folder_and_is_applied_then(
    made: Controller, shared: Path, tmp_path: Path
) -> None:
    with start_standin(SEED) as standin, network() as ports:
        awx = Awx(standin, tmp_path, awx_inventory(standin, tmp_path))
        plan, apply = (one(made, "job_templates", f"Inventory, {word}") for word in ("plan", "apply"))
        alone = run_jobs(tmp_path, job_of(plan, awx, ports))["Inventory-plan"]
        assert (alone.status, list(shared.iterdir())) == ("failed", [])
        assert "'awx_workflow_job_id' is undefined" in alone.text
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
        remove = job_of(one(made, "job_templates", "Inventory, remove the plan"), awx, ports, awx_workflow_job_id=7)
        assert run_jobs(tmp_path, remove)[remove.name].status == "successful"
        assert list(shared.iterdir()) == []


def test_a_device_that_there_is_not_in_the_survey_is_no_green_job_but_in_a_slice_it_may_be_another_ones(
    night: Night,
) -> None:
    unknown = night.run("-e", "invmon_hosts=rtr-isr-bnro")
    assert unknown.status != 0
    assert 'no device of the inventory matches "rtr-isr-bnro". Did you mean rtr-isr-brno?' in unknown.text
    assert night.run("-e", "invmon_hosts=rtr-isr-bnro", "-e", "invmon_allow_empty=true").status == 0
