# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nightly job on the sandbox: real ansible-playbook, real UDP, real HTTP."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.sandbox.sandbox import COLLECTED, INVENTORY, Sandbox


class Night:
    """The nightly job against one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.inventory = str(sandbox.folder / INVENTORY)
        self.bad = {agent.name for agent in sandbox.network.plan.agents if agent.fault}

    def run(self, *arguments: str, **environment: str) -> Outcome:
        where = {"INVMON_COLLECTED": str(self.sandbox.folder / COLLECTED)}
        playbook = ROOT / "playbooks" / "inventory.yml"
        return run_playbook(playbook, "-i", self.inventory, *arguments, **where | environment)

    def standin(self, what: str, data: Any = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self.sandbox.netbox_url}/_standin/{what}", data=body)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def faults(self) -> set[str]:
        """The kinds of planned faults that did happen."""
        return {request["fault"] for request in self.standin("requests")} - {None}

    def netbox(self, path: str, method: str = "GET", data: Any = None) -> Any:
        headers = {"Authorization": f"Token {self.sandbox.admin_token}", "Content-Type": "application/json"}
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(
            f"{self.sandbox.netbox_url}/api/{path}", data=body, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def probes(self) -> list[dict[str, Any]]:
        return self.netbox("plugins/inventory-monitor/probes/?limit=1000&ordering=id")["results"]

    def forget(self) -> None:
        """Delete all probes and faults, as on the first night."""
        self.standin("reset", {})
        probes = self.probes()
        if probes:
            self.netbox("plugins/inventory-monitor/probes/", "DELETE", [{"id": probe["id"]} for probe in probes])
        self.standin("reset", {})
