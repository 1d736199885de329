# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options of snmp_entity_facts to what reads a device: limits, profiles, and rules of serials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .._devices.profile_files import Profiles, from_data, shipped
from .._devices.recognition import known_platform
from .._parts.serials import SerialRules
from .._snmp.budget import Limits
from .._snmp.errors import OptionError


def limits_of(tables: Mapping[str, Any]) -> Limits:
    """The limits that the option `tables` sets. Raises OptionError."""
    given = {name.removeprefix("max_"): value for name, value in tables.items() if name.startswith("max_")}
    for name, value in given.items():
        if value < 1:
            raise OptionError(f"tables: max_{name} is {value}, and must be at least 1.")
    return Limits(**given, skip=frozenset(tables["skip"]))


def for_reader(params: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of read_device() that the options set."""
    given = params.get("platform")
    profiles = read_profiles(params)
    hint = given or known_platform(params.get("platform_hint"), profiles)
    return {"platform": hint, "certain": bool(given), "profiles": profiles}


def read_profiles(params: Mapping[str, Any]) -> Profiles:
    """The collection's profiles and the user's own. Raises ProfileFileError, OSError."""
    if params.get("profile_data"):
        return from_data(params["profile_data"])
    own = params.get("profiles")
    return shipped().with_own(Path(own).expanduser()) if own else shipped()


def with_profiles(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options for a module on another host, with all profiles in them: only Python travels with a module."""
    return {**params, "profile_data": read_profiles(params).to_data()}


def serial_rules(params: Mapping[str, Any], without: Sequence[str] = ()) -> SerialRules:
    """The user's rules of serials but for some. Raises OptionError that names the option."""
    rules = {}
    for name in ("accept", "reject"):
        rules[name] = [rule for rule in params.get(f"{name}_serials") or [] if rule not in without]
        try:
            SerialRules(**{name: rules[name]})
        except ValueError as error:
            raise OptionError(f"{name}_serials: {error}") from None
    return SerialRules(**rules)
