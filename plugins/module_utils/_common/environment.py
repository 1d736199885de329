# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that fall back to the environment or to a .env file, under the names that the older tool's users have."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleFallbackNotFound

from .env_file import read_env_file


def first_of(values: Mapping[str, str], names: Iterable[str]) -> str | None:
    """The first of these variables that is set to something; an empty one counts as not set."""
    return next((values[name] for name in names if values.get(name, "").strip()), None)


def first_set(*names: str) -> str:
    """first_of() the environment, for the `fallback` of an argument spec."""
    value = first_of(os.environ, names)
    if value is None:
        raise AnsibleFallbackNotFound
    return value


def from_environment(*names: str) -> tuple[Any, list[str]]:
    """The `fallback` entry of an argument spec for an option that these environment variables can fill."""
    return (first_set, list(names))


def with_env_file(arguments: Mapping[str, Any], argument_spec: Mapping[str, Any]) -> dict[str, Any]:
    """arguments, completed from the file arguments["env_file"].

    An option that is given wins, then the environment, then the file. Raises what read_env_file raises.
    """
    values = read_env_file(str(arguments["env_file"]))
    completed = dict(arguments)
    for option, spec in argument_spec.items():
        names = spec["fallback"][1] if "fallback" in spec else []
        if completed.get(option) is not None or first_of(os.environ, names) is not None:
            continue
        value = first_of(values, names)
        if value is not None:
            completed[option] = value
    return completed
