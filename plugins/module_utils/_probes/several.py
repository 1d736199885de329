# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task that writes to several NetBoxes: what concerns each of them, and one result for the task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._parts.device_report import DeviceReport
from .policy import Policy

#: What a result lists, each with the NetBox that it is about.
LISTS = ("changes", "standing")
#: What the summary of one NetBox needs beside these.
COUNTS = ("readings", "outcomes", "parts", "first_read", "collected", "requests", "check_mode")


def policy_for(policy: Policy, some: Iterable[DeviceReport], devices: Iterable[DeviceReport]) -> Policy:
    """The policy without the names of devices of another NetBox, which are none of this one: no slips of the pen.

    some: those of the devices that belong to this NetBox.
    """
    foreign = _names(devices) - _names(some)
    release, accept = (
        tuple(name for name in given if name not in foreign) for given in (policy.release, policy.accept)
    )
    return replace(policy, release=release, accept=accept)


def _names(devices: Iterable[DeviceReport]) -> set[str]:
    return {name for device in devices for name in (device.name, device.device_name) if name}


def joined(results: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """One result of the results for several NetBoxes, by address.

    Lists follow one another, numbers are added, and what is a dictionary by device or serial is one of all. The
    summary is about each NetBox by itself, for which `netboxes` has the counts of each, and each change and each item
    that is open has its `netbox`. What is the same in all, such as the time of the run, stays.
    """
    whole: dict[str, Any] = {}
    for url, result in results:
        found = {**result, "summary": [f"NetBox at {url}:", *(f"  {line}".rstrip() for line in result["summary"])]}
        found |= {key: [{**one, "netbox": url} for one in result[key]] for key in LISTS}
        found["netboxes"] = {url: {key: result[key] for key in COUNTS if key in result}}
        for key, value in found.items():
            whole[key] = added(whole[key], value) if key in whole else value
    return whole


def added(one: Any, other: Any) -> Any:
    """Two values of one key together: numbers and lists are added, dictionaries key by key, of the rest the first.

    None is no value.
    """
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, bool):
        return one or other
    if isinstance(one, dict):
        return {**one, **{key: added(one[key], value) if key in one else value for key, value in other.items()}}
    return one + other if isinstance(one, (int, float, list)) else one
