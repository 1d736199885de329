# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_notify does: a trap or an inform to some receivers. Names are looked up on the controller."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvmonError
from .._common.typed_json import from_json, to_json
from .._mib.dates import ticks_text
from .._mib.library import Mib
from .._mib.values import describe
from .._snmp.credentials import read_options
from .._snmp.errors import OptionError
from .._snmp.users import engine_id_of
from .._traps.described import name_of
from .._traps.engine import OwnEngine, own_engine_id
from .._traps.notices import Notice, Receiving, Sent, check, notify
from .snmp_notify_options import MOST_TARGETS, notification_of
from .snmp_reading import AnswerError, question_of


class NotifyError(InvmonError):
    """A notification did not get to all of its receivers."""

    reason = "not_notified"


class NotifyTask:
    """One task."""

    def __init__(self, params: Mapping[str, Any], mib: Mib, dry: bool = False) -> None:
        """Raises MibError, OptionError."""
        self._mib, self._dry = mib, dry
        self._found = notification_of(params, mib)
        self._engine = own_engine(params)
        for receiver in receivers_of(params):
            check(receiver, self._found, self._engine)
        self.notice = Notice.of(self._found, dry)

    def result(self, sent: list[Sent]) -> dict[str, Any]:
        targets = [_shown(one, self._found.confirmed) for one in sent]
        failed = [f"{one.host} port {one.port} ({one.error})" for one in sent if one.error]
        name = name_of(self._found, self._mib)
        result: dict[str, Any] = {
            "changed": any(one.sent for one in sent) or (self._dry and any(not one.error for one in sent)),
            "targets": targets,
            "notification": {
                **name,
                "inform": self._found.confirmed,
                "uptime": self._found.uptime,
                "uptime_text": ticks_text(self._found.uptime or 0),
                "variables": [describe(one, self._mib) for one in self._found.varbinds],
            },
        }
        if own := next((one.engine_id for one in sent if one.engine_id), ""):
            result["own_engine_id"] = own
        if failed:
            others = len(sent) - len(failed)
            which = f"; {others} of {len(sent)} targets got it" if others and not self._dry else ""
            result |= {"failed": True, "reason": NotifyError.reason}
            result["msg"] = f"{name['text']} could not be sent to {', '.join(failed[:8])}{which}."
        return result


def _shown(one: Sent, inform: bool) -> dict[str, Any]:
    shown = {"host": one.host, "address": one.address, "port": one.port, "version": one.version}
    shown |= {"credentials": one.credentials} if one.credentials else {}
    shown |= {"sent": one.sent, **({"acknowledged": one.acknowledged} if inform else {}), "seconds": one.seconds}
    return shown | ({"error": one.error, "reason": one.reason} if one.error else {})


def own_engine(params: Mapping[str, Any]) -> OwnEngine:
    """The authoritative engine of our traps of SNMPv3; by default the same one each time on this host."""
    given = engine_id_of(params, "own_engine_id")
    return OwnEngine.by_clock(given or own_engine_id(f"{socket.gethostname()} notify"))


def receivers_of(params: Mapping[str, Any]) -> list[Receiving]:
    """The option `targets`. Raises OptionError."""
    targets = params["targets"]
    if not 1 <= len(targets) <= MOST_TARGETS:
        raise OptionError(f"targets has {len(targets)} entries: name 1 to {MOST_TARGETS}.")
    found = []
    for target in targets:
        if not 1 <= target["port"] <= 65535:
            raise OptionError(f"targets: the port {target['port']} is not between 1 and 65535.")
        named = {"credentials": [target["credentials"]]} if target.get("credentials") else {}
        options = read_options({**params, **named})
        found.append(Receiving(target["host"], target["port"], options.attempts[0], options))
    return found


def sent_there(params: Mapping[str, Any]) -> dict[str, Any]:
    """What the module does on the other host: what the action filled in, sent."""
    return send_notice(params, question_of(params, Notice))


def send_notice(params: Mapping[str, Any], notice: Notice) -> dict[str, Any]:
    """{"sent": a Sent for each target as JSON}. Raises OptionError."""
    sent = notify(receivers_of(params), notice.notification(), own_engine(params), notice.check)
    return {"sent": [to_json(one) for one in sent]}


def result_of(task: NotifyTask, made: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a task.

    :param made: what send_notice() returned, here or on another host, which may return anything.
    """
    if "sent" not in made:
        return dict(made)
    try:
        sent = from_json(list[Sent], made["sent"], "the answer")
        if len(sent) != len(params["targets"]):
            raise ValueError("it does not belong to the targets")
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"What the poller returned is no answer about notifications: {error}.") from None
    return {key: made[key] for key in ("warnings", "invocation") if key in made} | task.result(sent)
