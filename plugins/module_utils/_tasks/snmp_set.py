# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_set does: variables of a device are given values, all of them or none.

As with reading (snmp_reading.py), names are looked up on the controller: options become an Order, the Order is carried
out here or by the module on another host, and what came of it becomes the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import InvmonError
from .._common.typed_json import from_json, to_json
from .._mib.library import Mib
from .._mib.values import TYPES, describe, label
from .._outgoing.secrets import Secrets, secret_values
from .._snmp import writes
from .._snmp.budget import Limits
from .._snmp.credentials import read_options
from .._snmp.errors import SnmpError
from .._snmp.questions import Reply, cell_of
from .._snmp.transport import VarBind
from .._snmp.writes import Done, Order, state_of, write
from .apart import apart
from .snmp_options import check_positive, host_of
from .snmp_reading import AnswerError, question_of
from .snmp_set_options import ARGUMENT_SPEC, Row, Wanted, row_of, variables_of
from .snmp_set_restoring import restoring

#: error-status in words, for what a SET can have (RFC 3416, 4.2.5; the first four also RFC 1157).
REFUSALS = {
    "tooBig": "the message is too big for it; a SET is not split, so that all is set or nothing: set less in one task",
    "noSuchName": "it has no such variable that these credentials may write",
    "badValue": "the value has the wrong type, size or range for it",
    "readOnly": "it can only be read",
    "genErr": "a general error",
    "noAccess": "these credentials may not write it: use those of a user or community that may",
    "wrongType": "the agent has another type for it",
    "wrongLength": "the agent allows another length",
    "wrongEncoding": "the agent could not decode the value",
    "wrongValue": "the agent does not allow this value",
    "noCreation": "it does not exist, and the agent cannot create it",
    "inconsistentValue": "the value is not allowed in the present state of the device or of the row",
    "resourceUnavailable": "the agent lacks the memory or room for it",
    "commitFailed": "the agent failed while it set the values",
    "undoFailed": "the agent failed, and could not take everything back: some values may be set",
    "authorizationError": "these credentials may not do this",
    "notWritable": "the agent cannot change it",
    "inconsistentName": "it cannot be created in the present state of the device",
}
#: Seconds around the work, as for reading.
_AROUND = 120


class SetError(InvmonError):
    """Variables were not set, or not as it was wanted."""

    reason = "not_set"


class SetTask:
    """One task."""

    def __init__(self, params: Mapping[str, Any], mib: Mib, check: bool = False) -> None:
        """Raises MibError, OptionError."""
        self._mib, self._host = mib, params["host"]
        self._secrets = Secrets(secret_values(params, ARGUMENT_SPEC)).with_remembered()
        row = row_of(params, mib) if params["row"] else Row(variables_of(params, mib))
        self._wanted: list[Wanted] = row.wanted
        self._names = [label(describe(one.varbind, mib)) for one in row.wanted]
        self.order = Order(
            cells=[cell_of(one.varbind) for one in row.wanted],
            rules=[one.rule for one in row.wanted],
            read=[list(oid) for oid in row.others],
            how=row.how,
            check=check,
        )

    def result(self, done: Done, diff: bool) -> dict[str, Any]:
        """Raises ValueError for what no device can have answered."""
        before = [None if reply.cell is None else state_of(reply) for reply in done.before]
        is_known = bool(done.after) and all(reply.cell is not None for reply in done.after)
        after = [state_of(reply) for reply in done.after] if is_known else before
        would = done.outcome == writes.WOULD
        shown = [one.varbind if place in done.differing else before[place] for place, one in enumerate(self._wanted)]
        result = {
            "changed": self._has_changed(done, before, after, is_known),
            "outcome": done.outcome,
            "variables": self._variables(done, before, shown if would else after),
            **restoring(self._wanted, done, before, after if is_known else None, self._mib, self._secrets),
            **({"created_by": done.how} if done.how else {}),
            **({"diff": self._diff(before, shown if would else after)} if diff else {}),
        }
        return result | self._problem(done, after)

    def _has_changed(self, done: Done, before: list[Any], after: list[Any], is_known: bool) -> bool:
        if done.outcome in (writes.SILENT, writes.REFUSED) and not is_known:
            return done.outcome == writes.SILENT
        return done.outcome == writes.WOULD or before != after

    def _variables(self, done: Done, before: list[VarBind | None], now: list[VarBind | None]) -> list[dict[str, Any]]:
        found = []
        for place, one in enumerate(self._wanted):
            described = describe(now[place] or one.varbind, self._mib)
            value = described["value"] if now[place] else None
            kept = {key: described[key] for key in ("oid", "module", "name", "index", "type")}
            texts = {"before": self._text(before[place]), "wanted": self._text(one.varbind)}
            found.append({**kept, **texts, "after": self._text(now[place]), "value": value})
            found[-1]["changed"] = place in done.differing and before[place] != now[place]
        return found

    def _text(self, varbind: VarBind | None) -> str | None:
        return None if varbind is None else str(describe(varbind, self._mib)["text"])

    def _diff(self, before: list[VarBind | None], after: list[VarBind | None]) -> dict[str, str]:
        return {
            "before_header": str(self._host),
            "after_header": str(self._host),
            "before": self._lines(before),
            "after": self._lines(after),
        }

    def _lines(self, state: list[VarBind | None]) -> str:
        texts = [self._text(varbind) for varbind in state]
        named = zip(self._names, texts, strict=True)
        return "".join(f"{name} = {'(does not exist)' if text is None else text}\n" for name, text in named)

    def _problem(self, done: Done, after: list[VarBind | None]) -> dict[str, Any]:
        text = ""
        if done.outcome == writes.UNREAD:
            unread = [f"{name} ({one.error})" for name, one in self._named(done.before) if one.cell is None]
            text = f"{self._host}: nothing was set, because it could not be read before: {', '.join(unread[:8])}."
        elif done.outcome == writes.REFUSED:
            text = self._refused(done)
        elif done.outcome == writes.SILENT:
            text = self._silent(done)
        elif done.outcome == writes.DIFFERENT:
            text = f"{self._host} accepted the values, but has others: {'; '.join(self._others(after)[:8])}."
        if text:
            return {"failed": True, "msg": text, "reason": SetError.reason}
        if done.outcome == writes.DONE and done.refusal:
            return {"unanswered": f"The SET was not answered ({done.refusal}); reading again shows that it was done."}
        return {}

    def _others(self, after: list[VarBind | None]) -> list[str]:
        """What the agent has instead of what is wanted."""
        found = []
        for name, one, now in zip(self._names, self._wanted, after, strict=True):
            if not writes.holds(one.varbind, one.rule, now):
                texts = [self._text(now), self._text(one.varbind)]
                if now and texts[0] == texts[1]:
                    texts = [f"{texts[0]} ({TYPES[varbind.kind]})" for varbind in (now, one.varbind)]
                found.append(f"{name} is {'not there' if now is None else texts[0]}, and not {texts[1]}")
        return found

    def _named(self, replies: list[Reply]) -> list[tuple[str, Reply]]:
        return list(zip(self._names, replies, strict=True))

    def _refused(self, done: Done) -> str:
        what = self._names[done.blamed] if done.blamed >= 0 else "this"
        meaning = REFUSALS.get(done.refusal)
        why = f"{done.refusal} ({meaning})" if meaning else done.refusal
        changed = [name for name, was, now in zip(self._names, done.before, done.after, strict=False) if was != now]
        end = f"Some values differ from before: {', '.join(changed)}" if changed else "Nothing was set"
        if any(reply.cell is None for reply in done.after):
            end = "It could not be read again"
        return f"{self._host} refused to set {what}: {why}. {end}."

    def _silent(self, done: Done) -> str:
        why = f"{self._host}: the SET was not answered ({done.refusal})"
        if not done.after or any(reply.cell is None for reply in done.after):
            return f"{why}, and reading again was not answered either: it is unknown whether anything was set."
        changed = [name for name, was, now in zip(self._names, done.before, done.after, strict=True) if was != now]
        if not changed:
            return f"{why}, and reading again shows nothing changed. Run the task again."
        return f"{why}, and reading again shows that not everything is as wanted; changed: {', '.join(changed)}."


def done_there(params: Mapping[str, Any]) -> dict[str, Any]:
    """What the module does on the other host: the order that the action filled in."""
    return done_apart(params, question_of(params, Order))


def done_apart(params: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """{"done": what came of it as JSON}. Raises SnmpError."""
    check_positive(params, ["max_seconds"])
    host = host_of(params)
    limits = Limits(seconds=params["max_seconds"])

    def work() -> dict[str, Any]:
        return {"done": to_json(write(host, read_options(params), order, limits))}

    return apart(params, work, params["max_seconds"] + _AROUND)


def result_of(task: SetTask, made: Mapping[str, Any], params: Mapping[str, Any], diff: bool) -> dict[str, Any]:
    """The result of a task.

    :param made: what done_apart() returned, here or on another host, which may return anything.
    """
    if "done" not in made:
        return dict(made)
    try:
        done = from_json(Done, made["done"], "the answer")
        done.check(task.order)
        result = task.result(done, diff)
    except (ValueError, RecursionError) as error:
        if isinstance(error, SnmpError):
            raise
        raise AnswerError(f"What the poller returned for {params['host']} is no answer of a device: {error}.") from None
    kept = {key: made[key] for key in ("warnings", "invocation") if key in made}
    return kept | result | {"backend": done.backend, "attempt": done.attempt, "statistics": done.statistics}
