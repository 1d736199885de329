# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_get does: some variables of a device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._mib.library import Mib
from .._mib.names import instance_of, oid_of
from .._mib.values import describe, label
from .._snmp.errors import OptionError
from .._snmp.questions import Answer, Question, Reply, varbind_of
from .snmp_reading import READING_ARGUMENTS

ARGUMENT_SPEC: dict[str, Any] = {
    **READING_ARGUMENTS,
    "oids": {"type": "list", "elements": "str", "required": True, "aliases": ["oid"]},
    "operation": {"type": "str", "choices": ["get", "getnext"], "default": "get"},
}
#: Variables in one task.
MOST_OIDS = 10_000


class GetReading:
    """Variables by GET, or those behind them by GETNEXT."""

    def __init__(self, params: Mapping[str, Any], mib: Mib) -> None:
        self._names: list[str] = params["oids"]
        self._mib = mib
        if not 1 <= len(self._names) <= MOST_OIDS:
            raise OptionError(f"oids has {len(self._names)} entries: name 1 to {MOST_OIDS:,}.")
        following = params["operation"] == "getnext"
        oids = [list((oid_of if following else instance_of)(name, mib)) for name in self._names]
        self.question = Question(following=oids) if following else Question(get=oids)

    def result(self, answer: Answer) -> dict[str, Any]:
        replies = answer.following or answer.get
        variables = [self._variable(name, reply) for name, reply in zip(self._names, replies, strict=True)]
        unread = [f"{variable['asked']} ({variable['error']})" for variable in variables if "error" in variable]
        found = {label(one): one["value"] for one in variables if not {"error", "absent"} & one.keys()}
        incomplete = f"not read: {', '.join(unread[:8])}{', ...' if len(unread) > 8 else ''}" if unread else None
        return {"variables": variables, "found": found, **({"incomplete": incomplete} if incomplete else {})}

    def _variable(self, name: str, reply: Reply) -> dict[str, Any]:
        if reply.cell is None:
            return {"asked": name, "error": reply.error or "", "value": None, "text": ""}
        return {"asked": name, **describe(varbind_of(reply.cell), self._mib)}
