# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules that read variables have in common: options, asking the device, what was incomplete.

Reading has three steps. A Reading makes a question of the options (names become OIDs); the device is asked, here or by
the module on another host; the Reading makes the result of the answer (values get their names and types). The first
and the last are done on the controller, which has the MIBs, so a poller needs neither MIBs nor pysmi.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from .._common.errors import InvmonError
from .._common.interrupts import CpuTimeSpent, limited_cpu
from .._common.typed_json import WrongShape, from_json, to_json
from .._mib.library import Mib, standard
from .._mib.user_mibs import user_mib
from .._outgoing.once import warn_once
from .._snmp.budget import Limits
from .._snmp.credentials import read_options
from .._snmp.errors import OptionError, SnmpLimitError
from .._snmp.questions import Answer, Question, ask
from .apart import apart
from .snmp_options import SNMP_ARGUMENTS, check_positive, host_of

T = TypeVar("T")

#: Options of each of these modules; documented in doc_fragments/snmp.py (READING).
READING_ARGUMENTS: dict[str, Any] = {
    **SNMP_ARGUMENTS,
    "mib_dirs": {"type": "list", "elements": "path", "default": []},
    "max_rows": {"type": "int", "default": 10_000},
    "max_values": {"type": "int", "default": 100_000},
    "max_octets": {"type": "int", "default": 8 * 1024 * 1024},
    "max_seconds": {"type": "int", "default": 120},
    "fail_when_incomplete": {"type": "bool", "default": True},
    "question": {"type": "dict"},
}
#: MIBs that could not be compiled, in warnings.
_PROBLEMS = 5
#: Seconds for what is done around the reading: finding the address, attempts that are not answered.
_AROUND = 120
#: Seconds of processor time for asking. 100,000 values take two.
_CPU_SECONDS = 60.0
#: The Python that Ansible found on the other host, so that it does not look again.
_INTERPRETER = "discovered_interpreter"
_LIMITS = ("max_rows", "max_values", "max_octets", "max_seconds")


class Reading(Protocol):
    """One task."""

    question: Question

    def result(self, answer: Answer) -> dict[str, Any]:
        """The result of the task. Raises ValueError for an answer that cannot be one."""


class AnswerError(InvmonError):
    """What the other host returned is no answer."""

    reason = "error"


def mib_of(params: Mapping[str, Any]) -> Mib:
    """The MIBs for a task. Raises MibError."""
    folders = [Path(folder).expanduser() for folder in params.get("mib_dirs") or ()]
    if not folders:
        return standard()
    mib, problems = user_mib(folders)
    for sentence in problems[:_PROBLEMS]:
        warn_once(sentence)
    if len(problems) > _PROBLEMS:
        warn_once(f"{len(problems) - _PROBLEMS} more MIBs of mib_dirs could not be compiled completely.")
    return mib


def question_of(params: Mapping[str, Any], kind: type[T]) -> T:
    """What the action filled in for the module on the other host. Raises OptionError."""
    if not params.get("question"):
        raise OptionError("question is filled in by the action of this module: run it as a task of a playbook.")
    try:
        return from_json(kind, params["question"], "question")
    except WrongShape as error:
        raise OptionError(f"{error}.") from None


def answer_there(params: Mapping[str, Any]) -> dict[str, Any]:
    """What the module does on the other host: the question that the action filled in, asked."""
    return answer_apart(params, question_of(params, Question))


def answer_apart(params: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """{"answer": the Answer as JSON}; in a process of its own where a C library asks, a result that failed instead."""
    return apart(params, lambda: {"answer": to_json(_ask(params, question))}, params["max_seconds"] + _AROUND)


def result_of(reading: Reading, asked: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a task whose device was asked.

    :param asked: what answer_apart() returned, here or on another host, which may return anything.
    """
    if "answer" not in asked:
        return dict(asked)
    try:
        answer = from_json(Answer, asked["answer"], "the answer")
        answer.check(reading.question)
        result = reading.result(answer)
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"What the poller returned for {params['host']} is no answer of a device: {error}.") from None
    return _kept(asked, result) | _with_outcome(result, params) | _how(answer)


def _kept(asked: Mapping[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """What Ansible adds to the result of a module, as far as it is not about the device; facts go into the result's."""
    facts = asked.get("ansible_facts")
    found = {k: v for k, v in facts.items() if str(k).startswith(_INTERPRETER)} if isinstance(facts, Mapping) else {}
    if found:
        result["ansible_facts"] = {**result.get("ansible_facts", {}), **found}
    return {key: asked[key] for key in ("warnings", "invocation") if key in asked}


def _with_outcome(result: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    incomplete = result.get("incomplete")
    if incomplete:
        result["msg"] = f"{params['host']} is incomplete: {incomplete}."
        result["failed"] = params["fail_when_incomplete"]
    return {"changed": False, "complete": not incomplete, **result}


def _how(answer: Answer) -> dict[str, Any]:
    """How the device was asked."""
    return {"backend": answer.backend, "attempt": answer.attempt, "statistics": answer.statistics}


def _ask(params: Mapping[str, Any], question: Question) -> Answer:
    host = host_of(params)
    try:
        with limited_cpu(_CPU_SECONDS):
            return ask(host, read_options(params), question, _limits(params))
    except CpuTimeSpent:
        raise SnmpLimitError(
            f"{host} could not be read: decoding its replies takes more than {_CPU_SECONDS:g} s of CPU time."
        ) from None


def _limits(params: Mapping[str, Any]) -> Limits:
    check_positive(params, _LIMITS)
    given = {name.removeprefix("max_"): params[name] for name in _LIMITS}
    return Limits(**given, cpu_seconds=math.inf)
