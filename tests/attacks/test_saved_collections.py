# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another user puts where `--tags upload` looks for a collection."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import Collection, System
from ansible_collections.invmon.network.plugins.module_utils._tasks import saved_collections
from ansible_collections.invmon.network.plugins.module_utils._tasks.saved_collections import AskedDevice
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices
from ansible_collections.invmon.network.tests.attacks.local_user import TAMPERED, foreign

ITEM = {"serial": "FOC1", "index": "1", "source": "entPhysicalTable"}
HOSTVARS = {name: {"netbox_device_id": number} for number, name in enumerate(("bad", "good"), 1)}


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """The collection of one of two devices."""
    inventory = Collection(System(), "generic").to_dict()
    inventory |= {"items": [ITEM], "collected_at": datetime.now(UTC).isoformat()}
    for name, variables in HOSTVARS.items():
        whose = AskedDevice.of({"host": name, "device_id": variables["netbox_device_id"]}, {"host": name})
        saved_collections.keep(tmp_path / f"{name}.json", inventory, whose)
    return tmp_path / "bad.json"


def fails_alone(path: Path) -> str:
    """The message about it; the other device is as it was."""
    devices = merge_by_serial(json.dumps(collected_devices(list(HOSTVARS), HOSTVARS, saved=str(path.parent))))
    told = {device["name"]: device for device in json.loads(devices)}
    assert [record["serial"] for record in told["good"]["records"]] == ["FOC1"]
    assert (told["bad"]["records"], told["bad"]["complete"]) == ([], False)
    assert str(path) in told["bad"]["error"]
    return str(told["bad"]["error"])


@pytest.mark.attack(
    "A file in the place of a saved collection",
    tried="a FIFO, a device, a folder, a terabyte, deep nesting, odd numbers, cut off, binary, writable by others",
    came="the upload goes on at once; that device fails, with the file's name and the reason",
)
@pytest.mark.parametrize("how", TAMPERED)
def test_a_bad_file_fails_one_device(how: str, bad: Path) -> None:
    tamper, words = TAMPERED[how]
    tamper(bad)
    assert words in fails_alone(bad)


@pytest.mark.attack(
    "A saved collection of another user",
    tried="a collection, good in itself, that belongs to another user",
    came="it is not read; that device fails",
)
def test_a_foreign_file_is_not_read(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give one file of two away")
    foreign(bad, monkeypatch)
    assert "it belongs to" in fails_alone(bad)


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no list of items": lambda told: told.update({"items": {"__ansible_type": "X"}}),
    "an item that is a text": lambda told: told["items"].append("FOC2"),
    "an item without a serial": lambda told: told["items"].append({**ITEM, "serial": ""}),
    "a serial that is an object": lambda told: told["items"].append({**ITEM, "serial": {"__ansible_unsafe": "x"}}),
    "a key that no item has": lambda told: told["items"].append({**ITEM, "__ansible_type": "TrustedAsTemplate"}),
    "a member without a number": lambda told: told["members"].append({"serial": "x", "model": None, "role": None}),
    "an invalid table": lambda told: told["tables"].update(entPhysicalTable={"complete": "yes"}),
    "no time": lambda told: told.update(collected_at="soon"),
    "a time before time": lambda told: told.update(collected_at="0001-01-01T00:00:00+14:00"),
    "another version": lambda told: told.update(invmon_collection=2),
    "nobody's": lambda told: told.pop("of"),
    "another user's": lambda told: told["of"].update(host="good"),
}


@pytest.mark.attack(
    "A saved collection with something else in it",
    tried="keys and types that no collection has, Ansible's own among them, and times before time",
    came="it is refused; that device fails",
)
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_is_refused(change: str, bad: Path) -> None:
    told = json.loads(bad.read_text())
    CHANGES[change](told)
    bad.write_text(json.dumps(told))
    fails_alone(bad)
