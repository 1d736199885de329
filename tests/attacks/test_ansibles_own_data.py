# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data that looks like Ansible's own serialisation, so that what is read back would be a template, or break the run."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible._internal._datatag._tags import TrustedAsTemplate
from ansible._internal._json._profiles import _cache_persistence, _legacy
from ansible.module_utils._internal._json._profiles import _module_modern_m2c
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._outgoing.results import fit_to_leave
from ansible_collections.invmon.network.plugins.module_utils._outgoing.secrets import Secrets
from ansible_collections.invmon.network.tests.integration.playbook_runs import run_playbook
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import device, record

PROBES = "plugins/inventory-monitor/probes/"


def template(marker: Path) -> dict[str, Any]:
    """A template that would leave a file behind, as Ansible writes one that it trusts."""
    text = "{{ lookup('ansible.builtin.pipe', 'touch " + str(marker) + "') }}"
    return {"__ansible_type": "_AnsibleTaggedStr", "value": text, "tags": [{"__ansible_type": "TrustedAsTemplate"}]}


def entity(column: int, row: int, text: str) -> str:
    return f"1.3.6.1.2.1.47.1.1.1.1.{column}.{row}|4x|{text.encode().hex()}"


def recorded(path: Path, text: str) -> Path:
    """A device whose every text is this one, with a part whose serial is a key of Ansible's."""
    lines = [
        f"1.3.6.1.2.1.1.1.0|4x|{text.encode().hex()}",
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1",
        "1.3.6.1.2.1.1.3.0|67|100",
        f"1.3.6.1.2.1.1.5.0|4x|{text.encode().hex()}",
        entity(2, 1, text),
        "1.3.6.1.2.1.47.1.1.1.1.5.1|2|3",
        entity(7, 1, text),
        entity(11, 1, "FOC12345678"),
        entity(13, 1, text),
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.attack(
    "A device whose texts are templates in Ansible's own form, and a fact cache",
    tried="an object with __ansible_type and the tag TrustedAsTemplate as every text of a device; jsonfile, read back",
    came="it stays text, and nothing is run",
)
def test_texts_of_a_device_are_still_texts_after_a_fact_cache(tmp_path: Path) -> None:
    marker = tmp_path / "pwned"
    text = json.dumps(template(marker))
    recording = recorded(tmp_path / "r1.snmprec", text)
    read = {"invmon.network.snmp_entity_facts": {"replay_from": str(recording)}}
    # Each value is filled in once more, as a template of a user would.
    show = {"ansible.builtin.debug": {"msg": "{{ ansible_facts.entity_inventory | to_json | length }}"}}
    again = {"ansible.builtin.debug": {"msg": "{{ ansible_facts.entity_inventory['items'][0].name }}"}}
    cache = {
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts"),
        "ANSIBLE_LOCALHOST_WARNING": "0",
    }
    for name, tasks in (("first", [read, show]), ("second", [show, again])):
        (tmp_path / f"{name}.yml").write_text(
            yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
        )
        outcome = run_playbook(tmp_path / f"{name}.yml", "-i", "localhost,", **cache)
        assert outcome.status == 0, outcome.text
    (kept,) = (tmp_path / "facts").iterdir()
    assert "__ansible_type" in kept.read_text()
    assert "TrustedAsTemplate" in outcome.text, "it is shown as it is"
    assert not marker.exists()


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for inner in value.values() for key in keys_of(inner))}
    return {key for inner in value for key in keys_of(inner)} if isinstance(value, list) else set()


def texts_of(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts_of(inner)]
    return [text for inner in value for text in texts_of(inner)] if isinstance(value, list) else [value]


@pytest.mark.attack(
    "Objects of NetBox or of a file in Ansible's own form",
    tried="templates that are trusted, vaulted texts and internal keys, in results, facts and statistics, at any depth",
    came="what each of Ansible's own readers gives back is plain data",
)
@pytest.mark.parametrize("profile", [_cache_persistence, _legacy, _module_modern_m2c])
@pytest.mark.parametrize("place", ["result", "ansible_facts", "ansible_stats", "key"])
def test_objects_of_others_are_plain_data_for_ansible(place: str, profile: Any, tmp_path: Path) -> None:
    forged: Any = {
        "template": template(tmp_path / "pwned"),
        "vault": {"__ansible_vault": "$ANSIBLE_VAULT;1.1;AES256\n6162"},
        "unsafe": [{"__ansible_unsafe": "x"}, ({"_ansible_no_log": True},)],
    }
    nested: dict[str, Any] = {
        "result": {"devices": {"r1": {"changes": forged}}},
        "ansible_facts": {"ansible_facts": {"entity_inventory": {"tables": forged}}},
        "ansible_stats": {"ansible_stats": {"data": forged}},
        "key": {"conflicts": {"__ansible_type": ["r1", "r2"], "__ansible_vault": ["r1"]}},
    }[place]
    leaves = fit_to_leave({"changed": False, **nested}, Secrets())
    text = json.dumps(leaves, cls=profile.Encoder)
    read = json.loads(text, cls=profile.Decoder)
    assert not any(key.startswith(("__ansible", "_ansible_")) for key in keys_of(read))
    assert not any(TrustedAsTemplate.is_tagged_on(text) for text in texts_of(read))
    assert json.loads(json.dumps(read)) == json.loads(json.dumps(leaves))


@pytest.mark.attack(
    "A serial that is a key of Ansible's, on its way back from another host",
    tried="a part with the serial __ansible_type, and objects of Ansible's in NetBox's rows; the upload delegated",
    came="all parts are written",
)
def test_a_serial_does_not_stop_the_upload(tmp_path: Path) -> None:
    first = [record("__ansible_type", "Slot 1"), record("B1", "Slot 2")]
    second = [record("__ansible_type", "Slot 3"), record("B1", "Slot 4", part="OTHER")]
    hosts = {"all": {"hosts": {"poller": {"ansible_connection": "poller"}}}}
    hosts["all"]["hosts"]["poller"]["ansible_python_interpreter"] = sys.executable
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump(hosts))
    with start_standin(one_site(1)) as standin, NetBox(standin.url, standin.token) as netbox:
        for number, records in enumerate((first, second)):
            task = {"url": standin.url, "token": standin.token, "devices": json.dumps([device(1, records)])}
            tasks = [{"invmon.network.netbox_probe": task, "delegate_to": "poller", "register": "upload"}]
            tasks += [{"ansible.builtin.debug": {"msg": "{{ upload.failed_hosts }}"}}]
            play = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
            (tmp_path / "play.yml").write_text(yaml.safe_dump(play))
            outcome = run_playbook(tmp_path / "play.yml", "-i", str(tmp_path / "hosts.yml"))
            assert outcome.status == 0, outcome.text
            if number == 0:
                forged = {"v": 1, "slot": template(tmp_path / "pwned"), "interface": {"_ansible_no_log": True}}
                rows = netbox.get_all(PROBES)
                netbox.patch_bulk(PROBES, [{"id": row["id"], "discovered_data": {"invmon": forged}} for row in rows])
        assert {row["serial"] for row in netbox.get_all(PROBES)} == {"__ansible_type", "B1"}
        assert len(netbox.get_all(PROBES)) == 4
    assert not (tmp_path / "pwned").exists()
