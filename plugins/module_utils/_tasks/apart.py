# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in a process of its own where a C library asks the device: a library that hangs or crashes costs this device
then, and not Ansible's worker, with which the whole run would hang or end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .._common.pool import work_through
from .._common.task import attempt
from .._outgoing.once import take_warnings, warn_once
from .._snmp import backend_easysnmp
from .._snmp.credentials import read_options
from .._snmp.users import User


def apart(params: Mapping[str, Any], work: Callable[[], Mapping[str, Any]], seconds: float) -> dict[str, Any]:
    """What work() returns, here or in another process; its errors are results that failed where it is another one.

    :param params: the options of the connection.
    :param seconds: after which the other process is ended.
    """
    if not _asks_by_c(params):
        return dict(work())
    (done,) = work_through(lambda _job: _as_text(work), [None], processes=1, seconds=seconds)
    if done.result is None:
        return {"failed": True, "msg": f"{params['host']} could not be read: {done.error}.", "reason": "process"}
    result, for_all = json.loads(done.result)
    for sentence in for_all:
        warn_once(sentence)
    return dict(result)


def _asks_by_c(params: Mapping[str, Any]) -> bool:
    """Whether it is easysnmp that asks (SNMPv1 and SNMPv2c need no library)."""
    if params["backend"] != "easysnmp" or backend_easysnmp.library() is None:
        return False
    return any(isinstance(attempt, User) for attempt in read_options(params).attempts)


def _as_text(work: Callable[[], Mapping[str, Any]]) -> str:
    """The result, and the warnings that are shown once a run, as JSON text."""
    return json.dumps([attempt(work), take_warnings()])
