# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in filled with the rows that years of older scripts leave behind, and runs of hygiene and restore on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._tasks.hygiene import ARGUMENT_SPEC, tidy
from ansible_collections.invmon.network.plugins.module_utils._tasks.restore import ARGUMENT_SPEC as RESTORE_SPEC
from ansible_collections.invmon.network.plugins.module_utils._tasks.restore import restore
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn

PROBES = "plugins/inventory-monitor/probes/"
SEED: dict[str, Any] = {
    "manufacturers": [{"name": "Acme", "slug": "acme"}],
    "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
    "roles": [{"name": "Router", "slug": "router"}],
    "sites": [{"name": "Brno", "slug": "brno"}, {"name": "Praha", "slug": "praha"}],
    "tags": [{"name": "Spare", "slug": "spare"}, {"name": "Seen", "slug": "seen"}],
    "devices": [
        {"id": number, "name": f"r{number}", "device_type": "box", "role": "router", "site": site}
        for number, site in ((1, "brno"), (2, "brno"), (3, "praha"))
    ],
}


def day(number: float) -> str:
    """The midnight before a day, in months of 28 days from January 2026; 1.5 is the first noon."""
    whole = int(number)
    month, of_month = divmod(whole - 1, 28)
    minutes = int((number - whole) * 1440)
    return f"2026-{month + 1:02}-{of_month + 1:02}T{minutes // 60:02}:{minutes % 60:02}:00Z"


def old(serial: str = "SN1", first: float = 1, last: float | None = None, **other: Any) -> dict[str, Any]:
    """A row of the older scripts, seen from the day `first` to the day `last`."""
    return {
        "serial": serial,
        "name": "Slot 1",
        "part": "PART-1",
        "category": "module",
        "description": "a part",
        "device": 1,
        "site": 1,
        "location": None,
        "device_descriptor": "r1",
        "site_descriptor": "Brno",
        "creation_time": day(first),
        "time": day(first if last is None else last),
        **other,
    }


def ours(serial: str = "SN1", first: float = 1, last: float | None = None, **other: Any) -> dict[str, Any]:
    """A row that this collection wrote."""
    return old(serial, first, last, **{"discovered_data": {"invmon": {"v": 1, "slot": "Slot 1"}}, **other})


class House:
    """A NetBox to tidy up."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin = standin
        self.folder = folder
        self.netbox = NetBox(standin.url, standin.token, timeout=5, backoff=0.01)

    def add(self, *rows: dict[str, Any]) -> list[int]:
        return [row["id"] for row in self.netbox.post_bulk(PROBES, list(rows))]

    def params(self, **options: Any) -> dict[str, Any]:
        given = {"url": self.standin.url, "token": self.standin.token, "export_to": str(self.folder), **options}
        defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
        return {**defaults, **given}

    def tidy(self, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        return tidy(self.params(**options), check_mode=check_mode, diff=True)

    def rows(self) -> list[dict[str, Any]]:
        return self.netbox.get_all(PROBES)

    def spans(self) -> list[tuple[Any, ...]]:
        """id, serial, name, category, first and last time of each row."""
        keys = ("id", "serial", "name", "category", "creation_time", "time")
        return [tuple(row[key] for key in keys) for row in self.rows()]

    def writes(self) -> list[tuple[str, int]]:
        return [
            (entry["method"], entry["rows"])
            for entry in self.standin.requests()
            if entry["method"] != "GET" and entry["path"].endswith("/probes/")
        ]


def text_of(result: dict[str, Any]) -> str:
    """The diff of a result."""
    return "".join(block["prepared"] for block in result["diff"])


def restore_params(house: House, path: str, **options: Any) -> dict[str, Any]:
    """The options of netbox_restore for this house."""
    defaults = {name: spec.get("default") for name, spec in RESTORE_SPEC.items()}
    return {**defaults, "url": house.standin.url, "token": house.standin.token, "path": path, **options}


def bring_back(house: House, path: str, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """Run netbox_restore."""
    return restore(restore_params(house, path, **options), check_mode=check_mode, diff=True, pause=0.01)


class Killed(BaseException):
    """What kill -9 looks like from within: nothing of ours may catch it."""


def is_killed(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any], number: int, after: bool) -> bool:
    """Do something, killed at its nth request, before or after NetBox carried it out; False if it ended before."""
    real, count = NetBox._content, 0

    def call(self: NetBox, *arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == number and not after:
            raise Killed
        reply = real(self, *arguments, **options)
        if count == number:
            raise Killed
        return reply

    with monkeypatch.context() as patched:
        patched.setattr(NetBox, "_content", call)
        try:
            act()
        except Killed:
            return True
    return False
