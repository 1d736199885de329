# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_trap_listen does: wait for notifications that match, up to a time limit."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._common.errors import OptionsError
from .._mib.library import Mib
from .._outgoing.words import count as counted
from .._outgoing.words import listed
from .._snmp.credentials import read_options
from .._traps.described import described
from .._traps.engine import OwnEngine, own_engine_id
from .._traps.listener import Bounds, Listener
from .._traps.matching import Wanted, read_wanted
from .._traps.receiver import Receiver
from .snmp_options import SNMP_ARGUMENTS

_VARIABLE: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "equals": {"type": "raw"},
    "regex": {"type": "str"},
    "exists": {"type": "bool"},
}
ARGUMENT_SPEC: dict[str, Any] = {
    **SNMP_ARGUMENTS,
    "versions": {**SNMP_ARGUMENTS["versions"], "default": ["3", "2", "1"]},
    "mib_dirs": {"type": "list", "elements": "path", "default": []},
    "listen_address": {"type": "str", "default": "127.0.0.1"},
    "listen_port": {"type": "int", "default": 1162},
    "sources": {"type": "list", "elements": "str", "default": []},
    "notifications": {"type": "list", "elements": "str", "default": []},
    "variables": {"type": "list", "elements": "dict", "default": [], "options": _VARIABLE},
    "count": {"type": "int", "default": 1},
    "max_seconds": {"type": "int", "default": 60},
    "per_source": {"type": "int", "default": 100},
    "dedupe_seconds": {"type": "int", "default": 0},
    "mib_folders": {"type": "list", "elements": "str"},
}
#: Notifications of one task, and seconds.
MOST, LONGEST = 1000, 86_400
#: Other notifications, and sources, that a result has.
_NAMED = 20


@dataclass
class _Found:
    matched: list[dict[str, Any]] = field(default_factory=list)
    others: Counter[tuple[str, str]] = field(default_factory=Counter)  #: source and name of those that did not match


def listen(params: Mapping[str, Any]) -> dict[str, Any]:
    """The result of the task. Raises InvmonError."""
    _check(params)
    mib = Mib([Path(folder) for folder in params["mib_folders"] or ()])
    wanted = read_wanted(params["sources"], params["notifications"], params["variables"], mib)
    receiver = Receiver(read_options(params).attempts, own_engine(params["listen_port"]))
    bounds = Bounds(per_source=params["per_source"], dedupe=params["dedupe_seconds"])
    listener, found = Listener(receiver, bounds), _Found()
    asyncio.run(_wait(listener, params, wanted, mib, found))
    return _result(params, listener, found)


def own_engine(port: int) -> OwnEngine:
    """The engine that answers informs: the same for each start on this host and port."""
    return OwnEngine(own_engine_id(f"{socket.gethostname()}:{port}"))


def _check(params: Mapping[str, Any]) -> None:
    limits = {
        "count": (1, MOST),
        "max_seconds": (1, LONGEST),
        "listen_port": (1, 65_535),
        "per_source": (0, 1_000_000),
        "dedupe_seconds": (0, LONGEST),
    }
    for name, (least, most) in limits.items():
        if not least <= params[name] <= most:
            raise OptionsError(f"{name} is {params[name]}", f"give {least:,} to {most:,}")


async def _wait(listener: Listener, params: Mapping[str, Any], wanted: Wanted, mib: Mib, found: _Found) -> None:
    listener.open(params["listen_address"], params["listen_port"])
    try:
        async with asyncio.timeout(params["max_seconds"]):
            while len(found.matched) < params["count"]:
                arrived = await listener.get()
                about = described(arrived, mib)
                if wanted.fits(arrived, about):
                    found.matched.append(about)
                elif len(found.others) < _NAMED or (about["source"], about["text"]) in found.others:
                    found.others[about["source"], about["text"]] += 1
    except TimeoutError:
        pass
    finally:
        listener.close()


def _result(params: Mapping[str, Any], listener: Listener, found: _Found) -> dict[str, Any]:
    counters = listener.counters
    result: dict[str, Any] = {
        "changed": False,
        "notifications": found.matched,
        "notification": found.matched[0] if found.matched else None,
        "others": [{"source": at[0], "notification": at[1], "count": n} for at, n in found.others.most_common()],
        "not_taken": counters.named(_NAMED),
        "statistics": {**counters.as_data(), "matched": len(found.matched)},
    }
    missing = params["count"] - len(found.matched)
    if missing:
        result |= {"failed": True, "reason": "timeout", "msg": _message(params, result)}
    return result


def _message(params: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """Why it failed, and what arrived instead."""
    where = f"{params['listen_address']} port {params['listen_port']}"
    matched = len(result["notifications"])
    got = f"{matched} of {params['count']} notifications" if matched else "No notification that matches"
    sentences = [f"{got} arrived at {where} in {counted(params['max_seconds'], 'second')}."]
    if others := [f"{one['notification']} from {one['source']}" for one in result["others"]]:
        sentences.append(f"Others that did not match: {listed(others, 5)}.")
    if refused := [f"{one['source']} ({one['reason']}: {one['count']})" for one in result["not_taken"]]:
        sentences.append(f"Not taken: {listed(refused, 5)}.")
    if not (others or refused):
        sentences.append("Nothing else arrived either.")
    sentences.append(
        "Check that the device sends to this address and port, that nothing filters it, and the credentials."
    )
    return " ".join(sentences)
