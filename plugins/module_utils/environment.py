# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that fall back to the environment or to a .env file, under the names that the older tool's users have."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleFallbackNotFound

from .env_file import read_env_file


def first_set(*names: str) -> str:
    """The first of these environment variables that is set to something; an empty one counts as not set.

    For the `fallback` of an argument spec.
    """
    for name in names:
        if os.environ.get(name, "").strip():
            return os.environ[name]
    raise AnsibleFallbackNotFound


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
        if completed.get(option) is not None or any(os.environ.get(name, "").strip() for name in names):
            continue
        value = next((values[name] for name in names if values.get(name, "").strip()), None)
        if value is not None:
            completed[option] = value
    return completed
