# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which a device is reached; documented in doc_fragments/snmp.py, checked in _snmp/credentials.py, and
here those that every task checks alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._common.environment import from_environment
from .._snmp.errors import OptionError

#: For the argument spec of every module that asks a device.
SNMP_ARGUMENTS: dict[str, Any] = {
    "host": {"type": "str"},
    "port": {"type": "int", "default": 161},
    "versions": {
        "type": "list",
        "elements": "str",
        "default": ["3", "2"],
        "fallback": from_environment("SNMP_VERSION"),
    },
    "community": {"type": "str", "no_log": True, "fallback": from_environment("SNMP_COMMUNITY")},
    "username": {"type": "str", "fallback": from_environment("SNMP_USER")},
    "security_level": {"type": "str", "fallback": from_environment("SNMP_SECURITY")},
    "auth_protocol": {"type": "str", "fallback": from_environment("SNMP_AUTH_METHOD")},
    "auth_passphrase": {"type": "str", "no_log": True, "fallback": from_environment("SNMP_AUTH")},
    "privacy_protocol": {"type": "str", "fallback": from_environment("SNMP_PRIVACY_METHOD")},
    "privacy_passphrase": {"type": "str", "no_log": True, "fallback": from_environment("SNMP_PRIVACY")},
    "context_name": {"type": "str", "default": ""},
    "auth_key": {"type": "str", "no_log": True},
    "privacy_key": {"type": "str", "no_log": True},
    "engine_id": {"type": "str"},
    "context_engine_id": {"type": "str"},
    "credentials": {"type": "list", "elements": "str"},
    "credential_sets": {"type": "dict", "no_log": True},
    "timeout": {"type": "float", "default": 2.0, "fallback": from_environment("SNMP_TIMEOUT")},
    "retries": {"type": "int", "default": 2, "fallback": from_environment("SNMP_RETRIES")},
    "max_in_flight": {"type": "int", "default": 1},
    "any_source": {"type": "bool", "default": False},
    "downgrade": {"type": "bool", "default": True},
    "networks": {"type": "list", "elements": "str", "default": []},
    "backend": {"type": "str", "choices": ["auto", "builtin", "easysnmp", "snmp"], "default": "auto"},
    "env_file": {"type": "path"},
    # Not from a variable: see entity_arguments.py.
    "credential_networks": {
        "type": "list",
        "elements": "str",
        "default": [],
        "fallback": from_environment("SNMP_NETWORKS"),
    },
}


def host_of(params: Mapping[str, Any]) -> str:
    """The address or name of the device. Raises OptionError where it is missing."""
    if not params.get("host"):
        raise OptionError("host is missing: give the address or name of the device.")
    return str(params["host"])


def check_positive(params: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises OptionError for the first of these options that is less than 1."""
    for name in names:
        if params[name] < 1:
            raise OptionError(f"{name} is {params[name]}, and must be at least 1.")
