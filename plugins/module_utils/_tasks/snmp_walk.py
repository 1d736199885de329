# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_walk does: all variables of some subtrees of a device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._mib.library import Mib
from .._mib.names import oid_of
from .._mib.values import describe, label
from .._snmp.errors import OptionError
from .._snmp.questions import Answer, Question, varbind_of
from .snmp_reading import READING_ARGUMENTS

#: How often a GETBULK of one subtree may be repeated.
MOST_REPETITIONS = 320
#: Subtrees in one task.
MOST_SUBTREES = 1000

ARGUMENT_SPEC: dict[str, Any] = {
    **READING_ARGUMENTS,
    "oids": {"type": "list", "elements": "str", "required": True, "aliases": ["oid"]},
    "max_repetitions": {"type": "int", "default": 0},
    "output": {"type": "str", "choices": ["list", "dict"], "default": "list"},
}


class WalkReading:
    """Subtrees by GETBULK; by GETNEXT in SNMPv1."""

    def __init__(self, params: Mapping[str, Any], mib: Mib) -> None:
        self._names: list[str] = list(dict.fromkeys(params["oids"]))
        self._mib = mib
        self._as_dict = params["output"] == "dict"
        if not 1 <= len(self._names) <= MOST_SUBTREES:
            raise OptionError(f"oids has {len(self._names)} entries: name 1 to {MOST_SUBTREES:,}.")
        walk = [list(oid_of(name, mib)) for name in self._names]
        self.question = Question(walk=walk, max_repetitions=repetitions(params))

    def result(self, answer: Answer) -> dict[str, Any]:
        variables = [describe(varbind_of(cell), self._mib) for walked in answer.walk for cell in walked.cells]
        cut = [
            f"{name} (after {len(walked.cells)} variables: {walked.error})"
            for name, walked in zip(self._names, answer.walk, strict=True)
            if walked.error
        ]
        result: dict[str, Any] = {"incomplete": f"not read completely: {', '.join(cut)}"} if cut else {}
        if self._as_dict:
            return {"found": {label(one): one["value"] for one in variables}, **result}
        return {"variables": variables, **result}


def repetitions(params: Mapping[str, Any]) -> int:
    """The option max_repetitions, checked. Raises OptionError."""
    most = params["max_repetitions"]
    if not 0 <= most <= MOST_REPETITIONS:
        raise OptionError(f"max_repetitions is {most}, and must be between 0 and {MOST_REPETITIONS}.")
    return int(most)
