# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_entity_facts does, in a process of its own where a C library asks the device: a library that
hangs or crashes costs this device then, and not Ansible's worker, with which the whole run would hang or end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._common.pool import work_through
from .._common.task import attempt
from .._outgoing.once import take_warnings, warn_once
from .._recordings.recorder import LIMITS as RECORDING
from .._snmp import backend_easysnmp
from .._snmp.credentials import read_options
from .._snmp.users import User
from .entity_facts import entity_facts

#: Seconds for what is done around the reading: finding the address, attempts that are not answered, files.
_AROUND = 120


def entity_facts_apart(params: Mapping[str, Any], check_mode: bool = False) -> dict[str, Any]:
    """What entity_facts() returns; its errors are results that failed where another process reads."""
    if params.get("replay_from") or not _asks_by_c(params):
        return entity_facts(params, check_mode)
    seconds = 2 * params["tables"]["max_seconds"] + (RECORDING.seconds if params.get("record_to") else 0) + _AROUND
    (done,) = work_through(lambda check: _read(params, check), [check_mode], processes=1, seconds=seconds)
    if done.result is None:
        return {"failed": True, "msg": f"{params['host']} could not be read: {done.error}.", "reason": "process"}
    result, for_all = json.loads(done.result)
    for sentence in for_all:
        warn_once(sentence)
    return dict(result)


def _asks_by_c(params: Mapping[str, Any]) -> bool:
    """Whether it may be easysnmp that asks (SNMPv1 and SNMPv2c need no library)."""
    if backend_easysnmp.library() is None or params["backend"] == "snmp":
        return False
    return any(isinstance(attempt, User) for attempt in read_options(params).attempts)


def _read(params: Mapping[str, Any], check_mode: bool) -> str:
    """The result, and the warnings that are shown once a run, as JSON text."""
    return json.dumps([attempt(lambda: entity_facts(params, check_mode)), take_warnings()])
