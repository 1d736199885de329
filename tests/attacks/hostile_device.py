# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a hostile device in a process of its own, of which it is known afterwards what it took."""

from __future__ import annotations

import json
import multiprocessing
import resource
from typing import Any, NamedTuple

from ansible_collections.invmon.network.plugins.module_utils._common.errors import InvmonError
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import (
    ARGUMENT_SPEC,
    entity_facts,
)
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent

#: Seconds of processor time after which the system ends the process, whatever it does.
_END = 60


class Read(NamedTuple):
    """The result."""

    result: dict[str, Any]  #: of the task, which is {"failed": True, "msg": ...} after an error
    megabytes: float  #: that reading needed more than the process had before

    @property
    def inventory(self) -> dict[str, Any]:
        return dict(self.result["ansible_facts"]["entity_inventory"])


def read(agent: FaultAgent | None = None, tables: dict[str, Any] | None = None, **options: Any) -> Read:
    """Ask the agent, or read what options["replay_from"] names, with these limits and options."""
    access = {"host": agent.address, "port": agent.port} if agent else {}
    given = {**access, "community": "public", "versions": ["2"], "timeout": 2, "retries": 2, "tables": tables or {}}
    ours, its = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_read, args=(its, given | options))
    process.start()
    its.close()
    try:
        return Read(*json.loads(ours.recv()))
    except EOFError:
        process.join()
        raise AssertionError(f"the process ended with {process.exitcode}: it took {_END} s, or crashed") from None
    finally:
        process.join()


def _read(connection: Any, given: dict[str, Any]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_END, _END))
    before = _megabytes()
    params, _secrets, errors = checked(given, ARGUMENT_SPEC)
    assert not errors, errors
    try:
        result = entity_facts(params)
    except (InvmonError, OSError) as error:
        result = {"failed": True, "msg": str(error)}
    connection.send(json.dumps([result, _megabytes() - before]))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
