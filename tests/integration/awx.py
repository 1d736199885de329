# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small network, a NetBox that knows it, and an AWX between them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.tests.integration.runner import AWX, Job, run_jobs, surroundings
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn
from jinja2.sandbox import ImmutableSandboxedEnvironment

PAGE, INVENTORY = AWX.parent / "awx.md", "devices.netbox_devices.yml"
#: Device -> its box. AWX takes the hosts in the order of their names: core-1 and edge-1 are the first of two slices.
BOXES = {"core-1": "isr4k", "core-2": "nxos", "edge-1": "arista", "edge-2": "asa"}
#: Text of NetBox passes through AWX's inventory on its way into the job: it must stay text.
SITE = "Brno {{ 7*7 }}"
COMMUNITY = "public"
LIKE_ALL = {"device_type": "box", "role": "router", "site": "brno", "tags": ["inventory"]}
SEED = {
    "manufacturers": [{"name": "Acme", "slug": "acme"}],
    "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
    "roles": [{"name": "Router", "slug": "router"}],
    "sites": [{"name": SITE, "slug": "brno"}],
    "tags": [{"name": "Inventory", "slug": "inventory"}],
    "devices": [
        {"name": name, "primary_ip4": f"127.22.0.{number}/24", **LIKE_ALL} for number, name in enumerate(BOXES, 1)
    ],
}


def agent(box: str, changes: Mapping[str, str]) -> FaultAgent:
    """The recording, served, with other serials."""
    varbinds = load_recording(recordings() / f"{box}.snmprec").varbinds.values()
    serials = re.compile(b"|".join(map(str.encode, changes)) or b"(?!)")

    def changed(value: Any) -> Any:
        return serials.sub(lambda found: changes[found[0].decode()].encode(), value)

    return FaultAgent((v.oid, v.kind, changed(v.value) if isinstance(v.value, bytes) else v.value) for v in varbinds)


@contextmanager
def network(changes: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[dict[str, int]]:
    """The devices; name -> UDP port."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(agent(box, (changes or {}).get(name, {}))).port for name, box in BOXES.items()}


def awx_inventory(standin: StandIn, folder: Path) -> dict[str, Any]:
    """What AWX's update of an inventory source stores."""
    source = AWX / "project" / INVENTORY
    command = [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(source), "--list", "--export"]
    environment = surroundings(folder) | netbox_credential(standin)
    listing = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(listing.stdout)


def credential_type(name: str) -> dict[str, Any]:
    return yaml.safe_load((AWX / f"credential_type_{name}.yml").read_text())


def injected(name: str, folder: Path | None = None, **inputs: Any) -> dict[str, str]:
    """What AWX puts into the environment of a job: a credential of our type, rendered by AWX's rules.

    Fields that are empty are not defined, a checkbox that nobody touched is false, and a choice that was left open is
    the first one. Files are written into `folder`.
    """
    kind = credential_type(name)
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    values: dict[str, Any] = {key: False for key, field in fields.items() if field["type"] == "boolean"}
    values |= {key: value or (fields[key].get("choices") or [value])[0] for key, value in inputs.items()}
    values = {key: value for key, value in values.items() if value != ""}
    environment = ImmutableSandboxedEnvironment()
    template = kind["injectors"].get("file", {}).get("template")
    if template and folder:
        path = folder / "injected"
        path.write_text(environment.from_string(template).render(values))
        values["tower"] = {"filename": str(path)}
    return {key: environment.from_string(text).render(values) for key, text in kind["injectors"]["env"].items()}


def netbox_credential(standin: StandIn) -> dict[str, str]:
    return injected("netbox", url=standin.url, token=standin.token)


class Awx:
    """A NetBox of its own, and jobs against it."""

    def __init__(self, standin: StandIn, folder: Path, inventory: Mapping[str, Any]) -> None:
        self.standin = standin
        self.folder = folder
        self.inventory = inventory

    def job(self, ports: Mapping[str, int], number: int = 1, count: int = 1, **more: Any) -> Job:
        """A slice; `more` as Job has it, with variables of the environment next to the credentials."""
        snmp = {**injected("snmp", community=COMMUNITY), "SNMP_TIMEOUT": "1", "SNMP_RETRIES": "1"}
        environment = {**netbox_credential(self.standin), **snmp, **more.pop("environment", {})}
        name = more.pop("name", f"slice-{number}")
        return Job(name, self._slice(ports, number, count), environment, **more)

    def _slice(self, ports: Mapping[str, int], number: int, count: int) -> dict[str, Any]:
        """AWX's script of a slice: every count-th host, with all its variables."""
        # As if it had been read from the NetBox of this test.
        text = json.dumps(self.inventory["_meta"]["hostvars"])
        variables = json.loads(re.sub(r"http://127\.0\.0\.1:\d+", self.standin.url, text))
        names = sorted(variables)[number - 1 :: count]
        ours = {"snmp_host": "127.0.0.1"}
        hostvars = {name: {**variables[name], **ours, "snmp_port": ports[name]} for name in names}
        return {"all": {"hosts": names}, "_meta": {"hostvars": hostvars}}

    def night(self, ports: Mapping[str, int], *together: Sequence[int], count: int = 2) -> None:
        """Run slices: those of one group at the same moment, the groups one after the other."""
        for group in together:
            outcomes = run_jobs(self.folder, *(self.job(ports, number, count) for number in group))
            for outcome in outcomes.values():
                assert outcome.status == "successful", outcome.text

    def rows(self) -> list[dict[str, Any]]:
        with NetBox(self.standin.url, self.standin.token) as netbox:
            return netbox.get_all(PROBES)

    def a_day_ago(self) -> list[dict[str, Any]]:
        """Make what stands the rows of last night: what two runs see within an hour tells nothing of a move."""
        with NetBox(self.standin.url, self.standin.token) as netbox:
            earlier = [
                {"id": row["id"], **{key: _earlier(row[key]) for key in ("time", "creation_time")}}
                for row in netbox.get_all(PROBES)
            ]
            netbox.patch_bulk(PROBES, earlier)
        return self.rows()

    def devices(self) -> set[str]:
        return {row["device_descriptor"] for row in self.rows()}


def _earlier(moment: str) -> str:
    return (datetime.fromisoformat(moment.replace("Z", "+00:00")) - timedelta(days=1)).isoformat()
