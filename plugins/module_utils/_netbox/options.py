# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say how NetBox is reached; doc_fragments/netbox.py explains them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.renamed import old_name
from .client import NetBox
from .errors import NetBoxOptionError
from .source import NetBoxSource, Sources, given, surroundings

#: How one NetBox is reached. What is not given is looked for in the environment and in env_file, but never a token for
#: the address of another one (see source.py).
ONE_NETBOX: dict[str, dict[str, Any]] = {
    "url": {"type": "str"},
    "token": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", **old_name("verify_ssl")},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float"},
}
#: Part of the argument spec of each module that talks with NetBox.
CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {**ONE_NETBOX, "env_file": {"type": "path"}}


def sources_of(params: Mapping[str, Any]) -> Sources:
    """Where NetBox is, by a task's validated options, the environment and the env_file.

    Raises NetBoxOptionError and EnvFileError.
    """
    known = [given("the option sources", source) for source in params.get("sources") or ()]
    return Sources([given("the task", params), *known, *surroundings(params.get("env_file"))])


def open_netbox(params: Mapping[str, Any], connections: int = 4) -> NetBox:
    """The client for a task's validated options. Raises NetBoxOptionError and EnvFileError. Sends nothing."""
    return connect(sources_of(params).find(), connections)


def connect(source: NetBoxSource, connections: int = 4) -> NetBox:
    """The client for one NetBox. Raises NetBoxOptionError. Sends nothing."""
    return NetBox(
        source.url,
        source.token,
        validate_certs=source.validate_certs,
        ca_path=source.ca_path,
        timeout=source.timeout,
        connections=connections,
    )


def within(name: str, value: int, low: int, high: int) -> int:
    """The value of an option; raises NetBoxOptionError if it is not from low to high."""
    if not low <= value <= high:
        raise NetBoxOptionError(f"{name} must be from {low} to {high}, not {value}.")
    return value
