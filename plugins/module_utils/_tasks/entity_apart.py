# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_entity_facts does, in a process of its own where a C library asks the device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._recordings.limits import LIMITS as RECORDING
from .apart import apart
from .entity_facts import entity_facts

#: Seconds for what is done around the reading: finding the address, attempts that are not answered, files.
_AROUND = 120


def entity_facts_apart(params: Mapping[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """What entity_facts() returns; its errors are results that failed where another process reads."""
    if params.get("replay_from"):
        return entity_facts(params, check_mode)
    seconds = 2 * params["tables"]["max_seconds"] + (RECORDING.seconds if params.get("record_to") else 0) + _AROUND
    return apart(params, lambda: entity_facts(params, check_mode), seconds)
