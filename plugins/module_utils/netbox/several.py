# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task that writes to several NetBoxes: what concerns each of them, and one result for the task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .policy import Policy


def policy_for(policy: Policy, some: Iterable[Mapping[str, Any]], devices: Iterable[Mapping[str, Any]]) -> Policy:
    """The policy without the names of devices of another NetBox, which are none of this one: no slips of the pen.

    some: those of the devices that belong to this NetBox.
    """
    foreign = _names(devices) - _names(some)
    release, accept = (
        tuple(name for name in given if name not in foreign) for given in (policy.release, policy.accept)
    )
    return replace(policy, release=release, accept=accept)


def _names(devices: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(device[key]) for device in devices for key in ("name", "device_name") if device.get(key)}


def joined(results: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """One result of the results for several NetBoxes, by address.

    Lists follow one another, numbers are added, and what is a dictionary by device or serial is one of all. The
    summary tells of each NetBox by itself. What stands the same in all, such as the time of the run, stays.
    """
    whole: dict[str, Any] = {}
    for url, result in results:
        told = {**result, "summary": [f"NetBox at {url}:", *(f"  {line}" for line in result["summary"])]}
        for key, value in told.items():
            whole[key] = _added(whole[key], value) if key in whole else value
    return whole


def _added(one: Any, other: Any) -> Any:
    if isinstance(one, bool):
        return one or other
    if isinstance(one, (int, float, list)):
        return one + other
    if isinstance(one, dict):
        return {**one, **{key: _both(one, key, value) for key, value in other.items()}}
    return one


def _both(one: Mapping[str, Any], key: str, value: Any) -> Any:
    """The value of a key of which another NetBox says something as well: the devices that show a serial, as a list."""
    return [*one[key], *value] if isinstance(one.get(key), list) and isinstance(value, list) else value
