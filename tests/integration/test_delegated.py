# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task delegated to a poller near the devices: the module is shipped there and runs in the Python of the poller."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import Outcome, run_playbook

#: Of the sandbox: an IOS-XE stack by SNMPv3, and a Nexus by a community that is too short to be masked in data.
V3_BOX, V2_BOX = "127.10.0.1", "127.10.0.5"
COMMUNITY, AUTH, PRIVACY = "public", "sandbox-auth-1", "sandbox-priv-1"
SHIPPED = "AnsiballZ_snmp_entity_facts"


@pytest.fixture
def ask(night: Night, tmp_path: Path) -> Any:
    """Run one snmp_entity_facts task at -vvv, delegated to a host of the name that is given."""

    def run(device: str, delegate_to: str, **arguments: Any) -> Outcome:
        hosts = {
            "box": {"ansible_host": device},
            "poller": {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable},
        }
        task = {
            "invmon.network.snmp_entity_facts": {"port": night.sandbox.network.port, **arguments},
            "delegate_to": delegate_to,
        }
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
        (tmp_path / "play.yml").write_text(yaml.safe_dump([{"hosts": "box", "gather_facts": False, "tasks": [task]}]))
        return run_playbook(tmp_path / "play.yml", "-i", str(tmp_path / "hosts.yml"), "-vvv")

    return run


def _kept(path: Path) -> dict[str, Any]:
    """A collection, without what differs between any two."""
    return {k: v for k, v in json.loads(path.read_text()).items() if k not in ("collected_at", "statistics", "system")}


@pytest.mark.parametrize("check", ["v2", "v3"])
def test_a_poller_finds_what_the_controller_finds_and_shows_no_secret(ask: Any, tmp_path: Path, check: str) -> None:
    access = {
        "v2": {"versions": ["2"], "community": COMMUNITY},
        "v3": {
            **{"versions": ["3"], "username": "inventory", "auth_protocol": "SHA-256", "auth_passphrase": AUTH},
            **{"privacy_protocol": "AES", "privacy_passphrase": PRIVACY},
        },
    }[check]
    device = {"v2": V2_BOX, "v3": V3_BOX}[check]
    here = ask(device, "localhost", save_to=str(tmp_path / "here.json"), **access)
    there = ask(device, "poller", save_to=str(tmp_path / "there.json"), **access)
    assert (here.status, there.status) == (0, 0), there.text
    assert SHIPPED not in here.text
    assert SHIPPED in there.text
    assert "[box -> poller]" in there.text
    assert _kept(tmp_path / "there.json") == _kept(tmp_path / "here.json")
    assert _kept(tmp_path / "there.json")["items"]
    for outcome in (here, there):
        assert [secret for secret in (COMMUNITY, AUTH, PRIVACY) if secret in outcome.text] == []
        assert "DEPRECATION" not in outcome.text


def test_what_fails_on_a_poller_is_one_sentence_without_a_secret(ask: Any) -> None:
    outcome = ask(V2_BOX, "poller", port=9, versions=["2"], community=COMMUNITY, timeout=0.2, retries=1)
    assert outcome.failed == {"box"}
    assert f"{V2_BOX} (port 9) could not be read" in outcome.text
    assert '"reason": "' in outcome.text
    assert COMMUNITY not in outcome.text
    assert "Traceback" not in outcome.text
