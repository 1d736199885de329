# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks hygiene and restore as anyone types them, on the sandbox."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook

PROBES = "plugins/inventory-monitor/probes/"


class Tidy:
    """The two playbooks, with the token that the sandbox gives to whoever plays with it."""

    def __init__(self, night: Night, folder: Path) -> None:
        self.night = night
        self.folder = folder
        self.environment = {
            "NETBOX_INSTANCE_URL": night.sandbox.netbox_url,
            "NETBOX_API_TOKEN": night.sandbox.token,
            "PWD": str(folder),
        }

    def hygiene(self, *arguments: str) -> Outcome:
        given = ("-i", self.night.inventory, "-e", f"hygiene_export_to={self.folder}", *arguments)
        return run_playbook(ROOT / "playbooks" / "hygiene.yml", *given, **self.environment)

    def restore(self, *arguments: str) -> Outcome:
        return run_playbook(ROOT / "playbooks" / "restore.yml", *arguments, **self.environment)

    def exports(self) -> list[str]:
        return [path.name for path in self.folder.glob("*.jsonl")]

    def contents(self) -> list[Any]:
        return sorted(str({**row, "id": 0, "url": "", "display": ""}) for row in self.night.probes())


@pytest.fixture
def tidy(night: Night, tmp_path: Path) -> Tidy:
    """What the older scripts left behind of two devices."""
    names = ("rtr-mx-ostrava", "sw-stack-brno")
    found = {name: night.netbox(f"dcim/devices/?name={name}")["results"][0] for name in names}
    rows: list[dict[str, Any]] = []
    for name, device in found.items():
        fan: dict[str, Any] = {
            "device": device["id"],
            "device_descriptor": name,
            "site": device["site"]["id"],
            "location": None,
            "serial": f"FAN-{name}",
        }
        for number in range(1, 5):
            names_of_fan = (
                {"name": "Fan 1", "category": "fan"} if number % 2 else {"name": "Slot 1", "category": "module"}
            )
            stamp = f"2026-01-0{number}T03:00:00Z"
            rows.append({**fan, **names_of_fan, "time": stamp, "creation_time": stamp})
        rows.append({**rows[-1], "device": None, "serial": f'"PSU-{name}"'})
    night.netbox(PROBES, "POST", rows)
    return Tidy(night, tmp_path)


def serials(night: Night) -> list[str]:
    return sorted(probe["serial"] for probe in night.probes())


def test_the_table_is_tidied_up_shown_first_and_brought_back(tidy: Tidy) -> None:
    before = tidy.contents()
    checked = tidy.hygiene("--check", "--diff")
    assert checked.status == 0, checked.text
    assert (tidy.contents(), tidy.exports()) == (before, [])
    done = tidy.hygiene("--diff")
    assert done.status == 0, done.text
    assert done.line("rows") == "rows: 10 read, 4 changed, 6 deleted"
    assert "~ FAN-rtr-mx-ostrava  #" in checked.text
    assert shown(checked.text) == shown(done.text) != []
    assert serials(tidy.night) == ["FAN-rtr-mx-ostrava", "FAN-sw-stack-brno", "PSU-rtr-mx-ostrava", "PSU-sw-stack-brno"]
    assert "changed=0" in tidy.hygiene("--diff").text
    (export,) = tidy.exports()
    assert "6 would be created again" in tidy.restore("-e", f"restore_from={export}", "--check").text
    restored = tidy.restore("-e", f"restore_from={export}", "--diff")
    assert restored.status == 0, restored.text
    assert tidy.contents() == before
    assert "changed=0" in tidy.restore("-e", f"restore_from={export}").text


def shown(text: str) -> list[str]:
    """The lines of the diff."""
    return [line for line in text.splitlines() if re.match(r"[~+!-] |    \w", line)]


def test_a_limit_tidies_up_these_devices_only(tidy: Tidy) -> None:
    outcome = tidy.hygiene("--limit", "sw-stack-brno")
    assert outcome.status == 0, outcome.text
    assert serials(tidy.night).count("FAN-sw-stack-brno") == 1
    assert serials(tidy.night).count("FAN-rtr-mx-ostrava") == 4
    assert "DEPRECATION" not in outcome.text


def test_without_an_inventory_the_environment_says_where_netbox_is(tidy: Tidy) -> None:
    outcome = run_playbook(
        *(ROOT / "playbooks" / "hygiene.yml", "-e", f"hygiene_export_to={tidy.folder}"), **tidy.environment
    )
    assert outcome.status == 0, outcome.text
    assert len(tidy.night.probes()) == 4


def test_a_token_that_may_not_delete_says_what_to_grant(tidy: Tidy) -> None:
    tidy.environment["NETBOX_API_TOKEN"] = tidy.night.sandbox.nightly_token
    outcome = tidy.hygiene()
    assert outcome.status == 2
    assert "extras.view_journalentry" in outcome.text
    assert "Traceback" not in outcome.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-e", "hygiene_thin_older_than=0"), "hygiene_thin_older_than must be from 1"),
        (("-e", '{"hygiene_rules": ["dust"]}'), "rules"),
        (("-e", '{"hygiene_sites": ["nowhere"]}'), "nowhere"),
    ],
)
def test_a_wrong_option_is_one_sentence(tidy: Tidy, arguments: tuple[str, ...], words: str) -> None:
    outcome = tidy.hygiene(*arguments)
    assert outcome.status == 2
    assert words in outcome.text
    assert "Traceback" not in outcome.text
    assert len(tidy.night.probes()) == 10


@pytest.mark.parametrize(
    ("arguments", "words"), [((), "Say which file"), (("-e", "restore_from=nothing.jsonl"), "There is no file")]
)
def test_a_missing_file_is_one_sentence(tidy: Tidy, arguments: tuple[str, ...], words: str) -> None:
    outcome = tidy.restore(*arguments)
    assert outcome.status == 2
    assert words in outcome.text
    assert "Traceback" not in outcome.text


def test_both_modules_run_on_another_host_that_reaches_netbox(tidy: Tidy) -> None:
    poller = {"ansible_connection": "poller", "ansible_python_interpreter": sys.executable}
    hosts = {"all": {"hosts": {"box": {}, "poller": poller}}}
    access = {"url": tidy.environment["NETBOX_INSTANCE_URL"], "token": tidy.environment["NETBOX_API_TOKEN"]}
    tasks: list[dict[str, Any]] = [
        {"invmon.network.netbox_hygiene": {**access, "export_to": str(tidy.folder)}, "register": "hygiene"},
        {"invmon.network.netbox_restore": {**access, "path": "{{ hygiene.export }}"}},
    ]
    play = {"hosts": "box", "gather_facts": False, "tasks": [{**task, "delegate_to": "poller"} for task in tasks]}
    (tidy.folder / "hosts.yml").write_text(yaml.safe_dump(hosts))
    (tidy.folder / "play.yml").write_text(yaml.safe_dump([play]))
    before = tidy.contents()
    outcome = run_playbook(tidy.folder / "play.yml", "-i", str(tidy.folder / "hosts.yml"), "-v")
    assert outcome.status == 0, outcome.text
    assert '"summary": ["rows: 10 read, 4 changed, 6 deleted"' in outcome.text
    assert (len(tidy.exports()), tidy.contents()) == (1, before)
    assert access["token"] not in outcome.text
