# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of docs/discovery.md, as they are on the page, in the network that tests/lab makes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import SOURCES
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT
from ansible_collections.invmon.network.tests.lab.fixtures import lab, name_servers, services
from ansible_collections.invmon.network.tests.lab.lab import ADDRESSES, Lab
from ansible_collections.invmon.network.tests.lab.names import NameServer

__all__ = ["lab", "name_servers", "services"]

PAGE = (ROOT / "docs" / "discovery.md").read_text(encoding="utf-8")
#: The network of the page, and that of the lab with the same hosts.
#: The steps that are run here. The others differ from these in their sources only.
RUN = (2, 4, 6)
ON_PAGE, IN_LAB = "192.0.2.0/26", "10.80.0.0/26"


def command_of(step: int) -> list[str]:
    """The command of a step, without its prompt."""
    (section,) = re.findall(rf"^### {step}\. .*?(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    (line,) = re.findall(r"^\$ (ansible-playbook .*)$", section, re.MULTILINE)
    return shlex.split(line)


def environment_file() -> str:
    """The file .env of the page, for the network of the lab."""
    (text,) = re.findall(r"^\$ cat \.env\n((?:[A-Z_]+=.*\n)+)", PAGE, re.MULTILINE)
    assert f"CIDR={ON_PAGE}\n" in text
    return str(text.replace(ON_PAGE, IN_LAB))


def start(step: int, folder: Path) -> subprocess.Popen[str]:
    place = folder / str(step)
    place.mkdir()
    (place / ".env").write_text(environment_file())
    (place / ".env").chmod(0o600)
    tool, *arguments = command_of(step)
    more = ["-e", f"report_history={place}/history", "-e", f"discover_dns_servers={ADDRESSES['names']}"]
    if "report_directory=/srv/discovery" in arguments:
        arguments[arguments.index("report_directory=/srv/discovery")] = f"report_directory={place}/report"
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "NETBOX_", "SNMP_", "INVMON_"))}
    clean |= {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"), "ANSIBLE_NOCOLOR": "1"}
    return subprocess.Popen(
        [str(Path(sys.executable).with_name(tool)), *arguments, *more],
        cwd=place,
        env=clean | {"HOME": str(place), "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def said(
    services: Lab, name_servers: dict[str, NameServer], tmp_path_factory: pytest.TempPathFactory
) -> dict[int, tuple[int, str, Path]]:
    """Of some steps the exit status, what was printed, and the folder. They run at the same time."""
    folder = tmp_path_factory.mktemp("steps")
    running = {step: services.inside(start, step, folder) for step in RUN}
    found = {}
    for step, child in running.items():
        text, _nothing = child.communicate(timeout=120)
        found[step] = (child.returncode, text, folder / str(step))
    return found


def hosts_of(text: str) -> set[str]:
    return set(re.findall(r"^  (10\.80\.0\.\d+)", text, re.MULTILINE))


def test_each_step_adds_a_source_to_the_one_before() -> None:
    before: set[str] = set()
    for step in range(1, 6):
        command = command_of(step)
        (sources,) = [word.partition("=")[2].split(",") for word in command if word.startswith("discover_sources=")]
        assert set(sources) <= set(SOURCES)
        assert set(sources) > before - {"neighbours"}
        assert [word for word in command if not word.startswith("discover_sources=")] == [
            *("ansible-playbook", "invmon.network.discover", "-e", "invmon_env_file=.env"),
            *("-e", "discover_netbox=false", "-e"),
        ]
        before = set(sources)


def test_a_step_is_a_command_that_works_and_sees_what_its_sources_can(said: dict[int, tuple[int, str, Path]]) -> None:
    for step, (status, text, _folder) in said.items():
        assert status == 0, f"step {step}:\n{text}"
        assert "Discovery: 62 addresses in 1 network" in text, f"step {step}:\n{text}"
    seen = {step: hosts_of(text) for step, (_status, text, _folder) in said.items()}
    assert ADDRESSES["icmp_only"] in seen[2]
    assert ADDRESSES["arp_only"] in seen[4] - seen[2]
    assert ADDRESSES["tcp_only"] in seen[4] - seen[2]
    fourth = " ".join(said[4][1].split())
    assert "port 22: SSH-2.0-Cisco-1.25" in fourth
    assert "MAC 00:1b:54:00:00:13 (Cisco" in fourth
    assert "plain.lab.example" in fourth
    assert {path.name for path in (said[6][2] / "report").iterdir()} >= {
        "discovery.json",
        "discovery.csv",
        "index.html",
    }
