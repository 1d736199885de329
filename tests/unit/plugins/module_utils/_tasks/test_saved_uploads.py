# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collections that an earlier run left behind: what netbox_probe says of their age, and which of them it marks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import Collection, System
from ansible_collections.invmon.network.plugins.module_utils._tasks import saved_collections
from ansible_collections.invmon.network.plugins.module_utils._tasks.probe_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import upload
from ansible_collections.invmon.network.plugins.module_utils._tasks.saved_collections import AskedDevice
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

HOSTS = {f"r{number}": {"netbox_device_id": number, "ansible_host": f"192.0.2.{number}"} for number in (1, 2, 3)}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(one_site(3)) as one:
        yield one


class Night:
    """What was collected of three devices, and its uploads."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin = standin
        self.folder = folder

    def keep(self, host: str, hours_ago: float, *serials: str, complete: bool = True) -> None:
        when = (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat(timespec="seconds")
        items = [
            {"serial": serial, "index": serial, "source": "entPhysicalTable", "name": serial} for serial in serials
        ]
        whole = Collection(System(), "generic").to_dict()
        inventory = {**whole, "items": items, "collected_at": when, "complete": complete}
        whose = AskedDevice.of({"host": host, "device_id": int(host[1:])}, {"host": HOSTS[host]["ansible_host"]})
        saved_collections.keep(self.folder / f"{host}.json", inventory, whose)

    def upload(self, check_mode: bool = False) -> dict[str, Any]:
        devices = merge_by_serial(collected_devices(list(HOSTS), HOSTS, saved=str(self.folder)))
        options = {"devices": devices, "url": self.standin.url, "token": self.standin.token}
        params = ArgumentSpecValidator(ARGUMENT_SPEC).validate(options).validated_parameters
        return upload(params, check_mode)


@pytest.fixture
def night(standin: StandIn, tmp_path: Path) -> Night:
    one = Night(standin, tmp_path)
    one.keep("r1", 2, "A1")
    one.keep("r2", 5, "A2")
    one.keep("r3", 1, "A3", complete=False)
    return one


def test_the_age_of_what_is_written_is_reported(night: Night) -> None:
    result = night.upload(check_mode=True)
    assert "Not read in this run: 3 devices, collected 60 minutes to 5 hours ago." in result["summary"]
    assert result["devices"]["r2"]["collected_at"] < result["devices"]["r1"]["collected_at"]


def test_what_is_written_whole_is_marked_and_the_rest_is_tried_again(night: Night) -> None:
    night.upload(check_mode=True)
    first = night.upload()
    assert set(first["failed_hosts"]) == {"r3"}, "it answered in part"
    before = len(night.standin.requests("POST", "/probes/"))
    second = night.upload()
    assert set(second["failed_hosts"]) == {"r3"}
    assert [name for name, told in second["devices"].items() if told.get("uploaded_before")] == ["r1", "r2"]
    assert "Uploaded before, and not read since: r1, r2." in second["summary"]
    assert second["summary"][0] == "Inventory: 3 devices, 1 incomplete, 2 uploaded before."
    assert len(night.standin.requests("POST", "/probes/")) == before
    night.keep("r1", 0.1, "A1", "B1")
    assert night.upload()["devices"]["r1"]["created"] == ["B1"]


def test_what_netbox_did_not_take_is_not_marked(night: Night) -> None:
    night.standin.plan("403", method="POST", path=r"/probes/\?$", times=-1)
    assert set(night.upload()["failed_hosts"]) == {"r1", "r2", "r3"}
    night.standin.forget()
    assert night.upload()["devices"]["r1"]["created"] == ["A1"]


def test_a_file_that_cannot_be_marked_is_a_warning(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale(*_args: Any) -> None:
        raise OSError(116, "Stale file handle", "r1.json")

    monkeypatch.setattr(saved_collections, "mark_uploaded", stale)
    result = night.upload()
    assert result["devices"]["r1"]["outcome"] == "written"
    (warning,) = result["warnings"]
    assert "2 of the saved collections could not be marked" in warning
    assert "Stale file handle" in warning
