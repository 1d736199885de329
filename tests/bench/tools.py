# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two programs that are held against each other: the collection's playbook, and the older tool from PyPI."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.tests.bench import recorder

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLAYBOOK = ROOT / "playbooks" / "inventory.yml"
COLLECTIONS = ROOT / ".build" / "collections"

OLDER = "inventory-monitor-scripts"
OLDER_VERSION = "1.0.0"

#: The account of SNMPv3 that the bench's agents know.
V3_USER, V3_AUTH, V3_PRIVACY = "bench", "bench-auth-1", "bench-priv-1"  # agents.ACCOUNT


def clean_environment() -> dict[str, str]:
    """What a user has set for his own NetBox must not reach the bench, nor the bench's data his NetBox."""
    ours = ("ANSIBLE_", "NETBOX_", "SNMP", "INVMON_", "BENCH_", "PARALLEL_JOBS")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@dataclass
class Collection:
    """The playbook of this checkout, as a user runs it: ansible.cfg, inventory file, group variables."""

    folder: Path
    forks: int
    extra: Sequence[str] = ()
    variables: dict[str, Any] = field(default_factory=dict)

    name = "invmon.network"

    def prepare(self, url: str, token: str, tag: str, port: int, v3: bool = False) -> None:
        """Write its files."""
        write_env(self.folder / "bench.env", url, token, tag, v3)
        env_file = str(self.folder / "bench.env")
        write_yaml(
            self.folder / "bench.netbox_devices.yml",
            {
                "plugin": "invmon.network.netbox_devices",
                "env_file": env_file,
                "keyed_groups": [{"key": "netbox_platform.slug", "prefix": "platform"}],
            },
        )
        for moment in ("1-before", "3-after"):
            (self.folder / f"{moment}.bench_stamp").write_text("", encoding="ascii")
        everywhere = {
            "invmon_env_file": env_file,
            "snmp_port": port,
            "invmon_collected": str(self.folder / "collected"),
            **self.variables,
        }
        write_yaml(self.folder / "group_vars" / "all.yml", everywhere)
        shutil.rmtree(self.folder / "collected", ignore_errors=True)

    def command(self, *options: str) -> list[str]:
        """The command line."""
        sources = ("1-before.bench_stamp", "bench.netbox_devices.yml", "3-after.bench_stamp")
        inventory = [word for source in sources for word in ("-i", str(self.folder / source))]
        tool = str(Path(sys.executable).with_name("ansible-playbook"))
        return [tool, *inventory, "--forks", str(self.forks), str(PLAYBOOK), *self.extra, *options]

    def environment(self) -> dict[str, str]:
        """Its environment: the checkout as the installed collection, and the bench's stamps."""
        for name in ("stamps.jsonl", "requests.jsonl"):
            (self.folder / name).unlink(missing_ok=True)
        return {
            **clean_environment(),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_INVENTORY_PLUGINS": str(HERE / "inventory_plugins"),
            "ANSIBLE_INVENTORY_ENABLED": "bench_stamp,invmon.network.netbox_devices",
            "ANSIBLE_NOCOLOR": "1",
            "BENCH_STAMPS": str(self.folder / "stamps.jsonl"),
            recorder.VARIABLE: str(self.folder / "requests.jsonl"),
        }

    def stamps(self) -> list[dict[str, Any]]:
        """What the stamps of the last run say, in order."""
        path = self.folder / "stamps.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def requests(self) -> list[dict[str, Any]]:
        """What the last run asked of NetBox."""
        return recorder.read(self.folder / "requests.jsonl")

    def collected(self) -> dict[str, Any]:
        """What the devices say they were asked, out of what the last run (not a dry one) collected."""
        files = (self.folder / "collected").glob("*.json")
        kept = [json.loads(path.read_text(encoding="utf-8").splitlines()[0]) for path in files]
        if not kept:
            return {}
        asked = [one["statistics"] for one in kept]
        return {
            "devices": len(kept),
            "complete": sum(1 for one in kept if one["complete"]),
            "requests": statistics.median(one["requests"] for one in asked),
            "requests_most": max(one["requests"] for one in asked),
            "varbinds": statistics.median(one["varbinds"] for one in asked),
            "seconds": statistics.median(one["seconds"] for one in asked),
            "seconds_most": max(one["seconds"] for one in asked),
        }


def nothing(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment of a playbook without a task: what Ansible takes to begin and to end."""
    play = {"name": "Nothing", "hosts": "localhost", "gather_facts": False, "tasks": []}
    write_yaml(folder / "nothing.yml", [play])
    tool = str(Path(sys.executable).with_name("ansible-playbook"))
    environment = {**clean_environment(), "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_NOCOLOR": "1"}
    return [tool, "-i", "localhost,", str(folder / "nothing.yml")], environment


@dataclass
class Older:
    """The older tool in a virtual environment of its own."""

    folder: Path
    venv: Path
    jobs: int = 0  #: 0: its own default

    name = OLDER

    def prepare(self, url: str, token: str, tag: str, port: int, v3: bool = False) -> None:
        """Write its files. It has no option for the port: net-snmp, which it uses, takes it out of snmp.conf."""
        write_env(self.folder / "older.env", url, token, tag, v3)
        conf = self.folder / "snmp"
        conf.mkdir(exist_ok=True)
        (conf / "snmp.conf").write_text(f"defaultPort {port}\n", encoding="ascii")

    def command(self, *options: str) -> list[str]:
        """The command line."""
        jobs = ["--parallel-jobs", str(self.jobs)] if self.jobs else []
        env_file = ["--env-file", str(self.folder / "older.env")]
        return [str(self.venv / "bin" / "python"), "-m", "inventory_monitor.main", *env_file, *jobs, *options]

    def environment(self) -> dict[str, str]:
        """Its environment."""
        return {**clean_environment(), "SNMPCONFPATH": str(self.folder / "snmp"), "PYTHONUNBUFFERED": "1"}


def install_older(venv: Path, log: Path) -> str:
    """Install the older tool, if it is not there yet; returns why that cannot be, or an empty string."""
    stamp = venv / f".{OLDER}-{OLDER_VERSION}"
    if stamp.exists():
        return ""
    venv.parent.mkdir(parents=True, exist_ok=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    with log.open("wb") as output:
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(venv)],
            [*pip, f"{OLDER}=={OLDER_VERSION}"],
            [str(venv / "bin" / "python"), "-c", "import easysnmp, inventory_monitor.main"],
        ):
            if subprocess.run(command, stdout=output, stderr=output, check=False).returncode:
                return f"{OLDER} {OLDER_VERSION} cannot be installed here, see {log}"
    stamp.touch()
    return ""


def write_env(path: Path, url: str, token: str, tag: str, v3: bool) -> None:
    """A .env file by the names of the older tool, which both read."""
    values = {
        "NETBOX_INSTANCE_URL": url,
        "NETBOX_API_TOKEN": token,
        "NETBOX_TAGS": tag,
        "SNMP_VERSION": "3" if v3 else "2",
        "SNMP_COMMUNITY": "public",
        "SNMP_TIMEOUT": "1",
        "SNMP_RETRIES": "1",
    }
    if v3:
        values |= {
            **{"SNMP_USER": V3_USER, "SNMP_SECURITY": "authPriv", "SNMP_AUTH_METHOD": "SHA", "SNMP_AUTH": V3_AUTH},
            **{"SNMP_PRIVACY_METHOD": "AES", "SNMP_PRIVACY": V3_PRIVACY},
        }
    write_private(path, "".join(f"{name}={value}\n" for name, value in values.items()))


def write_yaml(path: Path, content: Any) -> None:
    """Write YAML that only its owner reads."""
    path.parent.mkdir(exist_ok=True)
    write_private(path, yaml.safe_dump(content, sort_keys=False))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads: there may be a token in it."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
