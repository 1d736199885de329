# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of NetBox, and somebody who may set variables but not see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_commands import ROOT, ansible

GOOD = "https://netbox.example.org"
TOKEN = "c0ffee00" * 5


@pytest.fixture
def evil() -> Iterator[StandIn]:
    with start_standin(one_site(1)) as one:
        yield one


@pytest.mark.attack(
    "Another address for the token",
    tried="-e netbox_url=ATTACKER in restore, hygiene and the nightly job, with the token of the .env file, of the"
    " environment with its address, and of the environment without one",
    came="the run ends before a device is asked; the attacker's server gets no request",
)
@pytest.mark.parametrize(
    ("playbook", "giver"),
    [
        ("inventory", "env_file"),
        ("hygiene", "environment without address"),
        ("restore", "environment"),
    ],
)
def test_a_token_does_not_follow_a_variable(tmp_path: Path, evil: StandIn, giver: str, playbook: str) -> None:
    both = {"NETBOX_INSTANCE_URL": GOOD, "NETBOX_API_TOKEN": TOKEN}
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in both.items()))
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text(yaml.safe_dump({"env_file": str(tmp_path / ".env")}))
    environment = {
        "environment": both,
        "environment without address": {"NETBOX_API_TOKEN": TOKEN},
    }.get(giver, {})
    (tmp_path / "hosts.ini").write_text("r1 ansible_host=127.0.0.1\n")
    (tmp_path / "rows.jsonl").write_text("{}\n")
    run = ansible(
        tmp_path,
        "ansible-playbook",
        *("-i", "hosts.ini", str(ROOT / "playbooks" / f"{playbook}.yml")),
        *("-e", f"netbox_url={evil.url}", "-e", f"restore_from={tmp_path}/rows.jsonl"),
        **environment,
    )
    said = " ".join((run.stdout + run.stderr).split())
    assert run.returncode == 2, said
    assert f"There is no token for NetBox at {evil.url}" in said
    assert evil.requests() == []
    assert "Ask the device" not in said
    assert TOKEN not in said
