# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that lay secrets open: they work, and each run warns once."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._common.env_file import read_env_file
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._outgoing.once import take_warnings
from ansible_collections.invmon.network.tests.attacks.hostile_netbox import HostileNetBox, hostile_netbox
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, run_playbook
from ansible_collections.invmon.network.tests.sandbox.certificates import self_signed
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin

TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def _nothing_noted() -> Iterator[None]:
    take_warnings()
    yield
    take_warnings()


@pytest.fixture
def netbox(tmp_path: Path) -> Iterator[HostileNetBox]:
    """An honest one behind a certificate that nobody signed, with devices of which none answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    seed = one_site(5)
    for number, device in enumerate(seed["devices"], 1):
        device["primary_ip4"] = f"127.0.0.{number}/8"
    with start_standin(seed) as standin, hostile_netbox(standin.url, context) as one:
        yield one


@pytest.mark.attack(
    "An attacker on the path",
    tried="an https NetBox whose certificate is not checked, and a .env file that everybody may read: an inventory of"
    " five devices, collected in five forks, and uploaded",
    came="the run goes on as configured, and warns of each of the two once",
)
def test_each_risky_setting_is_reported_once_a_run(netbox: HostileNetBox, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"NETBOX_INSTANCE_URL={netbox.url}\nNETBOX_API_TOKEN={TOKEN}\nNETBOX_VERIFY_SSL=false\n")
    env_file.chmod(0o644)
    inventory = tmp_path / "my.netbox_devices.yml"
    inventory.write_text(yaml.safe_dump({"plugin": "invmon.network.netbox_devices", "env_file": str(env_file)}))
    variables = {"invmon_env_file": str(env_file), "snmp_community": "public", "snmp_versions": ["2"], "snmp_port": 9}
    variables |= {"snmp_timeout": 0.1, "snmp_retries": 1, "snmp_backend": "snmp"}
    for more in ({}, {"invmon_batch": True}):
        outcome = run_playbook(
            *(ROOT / "playbooks" / "inventory.yml", "-i", str(inventory), "-e", json.dumps(variables | more)),
            INVMON_COLLECTED=str(tmp_path / "collected"),
        )
        said = " ".join(outcome.text.split())
        assert len(outcome.failed) == 5, outcome.text
        assert said.count("is not checked (validate_certs, NETBOX_VERIFY_SSL)") == 1, outcome.text
        assert said.count("Other users can read the file") == 1, outcome.text


@pytest.mark.parametrize("host", ["netbox.example.org", "192.0.2.1", "[2001:db8::1]", "10.0.0.1:8000"])
def test_a_token_in_clear_over_a_network_is_reported(host: str) -> None:
    NetBox(f"http://{host}", TOKEN)
    (said,) = take_warnings()
    assert f"http://{host}" in said
    assert "without encryption" in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://127.9.9.9", "http://[::1]", "http://localhost:1", "https://netbox"]
)
def test_on_this_machine_or_encrypted_nothing_is_reported(url: str) -> None:
    NetBox(url, TOKEN)
    NetBox(url.replace("https://netbox", "http://localhost"), TOKEN, validate_certs=False)
    assert take_warnings() == []


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        *(
            (0o600, ""),
            (0o640, ""),
            (0o400, ""),
            (0o644, "can read the"),
            (0o660, "can change the"),
            (0o602, "can change the"),
        ),
        (0o666, "can read and change the"),
    ],
)
def test_a_file_of_secrets_that_others_may_use_is_reported(mode: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[2J.env"
    path.write_text("SNMP_COMMUNITY=canary-community\n")
    path.chmod(mode)
    assert read_env_file(str(path)) == {"SNMP_COMMUNITY": "canary-community"}
    found = take_warnings()
    assert [word for word in found if said in word] == found
    assert len(found) == (1 if said else 0)
    assert all(sentence.isprintable() and "canary" not in sentence for sentence in found)
