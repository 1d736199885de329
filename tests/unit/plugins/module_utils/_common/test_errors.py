# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of all errors: what a task says of one, and that it stays as it was made."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import InvmonError
from ansible_collections.invmon.network.plugins.module_utils._common.task import run_task
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxThrottled

PLUGINS = Path(__file__).resolve().parents[5] / "plugins"
#: Exceptions that the code around them catches: they are never the text of a failed task.
INTERNAL = {
    *("BadJson", "BadRecord", "BerError", "BrokenReply", "CpuTimeSpent", "Moved", "ReplyBroken", "ReplyTooLarge"),
    *("ReplyTooSlow", "TooLarge", "TooMuchJson", "WrongShape", "_DoesNotFit", "_MissingType", "_Wrong"),
    # Of what is scanned and received.
    *(
        "DecryptionError",
        "DnsFailure",
        "DnsNotAsked",
        "NoNotification",
        "ProgramError",
        "ReportError",
        "_NotSet",
        "_Refused",
    ),
    # Ansible's own, for a task that has failed.
    "Failure",
}


def test_an_error_says_what_happened_and_what_to_do_and_does_not_change() -> None:
    error = NetBoxThrottled("NetBox is asked too often", "run later", retry_after=7.0)
    assert (str(error), error.reason) == ("NetBox is asked too often: run later.", "throttled")
    assert (error.passing, error.maybe_done, error.retry_after) == (True, False, 7.0)
    for name in ("sentence", "maybe_done", "anything"):
        with pytest.raises(AttributeError):
            setattr(error, name, "x")
    with pytest.raises(NetBoxThrottled) as found:
        raise error from ValueError("why")
    assert isinstance(found.value.__cause__, ValueError)


def test_any_error_of_ours_fails_a_task_by_its_text_and_a_bug_says_where_it_is() -> None:
    def raising(error: Exception) -> dict[str, object]:
        def work(_params: object) -> dict[str, object]:
            raise error

        return run_task(dict, {}, work, warn=False)

    ours = raising(InvmonError("r1 is on fire", "call somebody"))
    assert ours == {"failed": True, "msg": "r1 is on fire: call somebody.", "reason": "error"}
    assert raising(OSError("no space left"))["msg"] == "no space left"
    bug = raising(KeyError("x"))
    assert (bug["msg"], "reason" in bug) == ("KeyError: 'x' (a bug: please report it)", False)
    assert any(__file__ in frame for frame in bug["where"])  # type: ignore[attr-defined]


def test_every_exception_is_an_error_of_ours_or_known_to_be_caught() -> None:
    """So that what catches InvmonError catches all that a user may read."""
    bases: dict[str, set[str]] = {}
    for path in PLUGINS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    ours, errors = {"InvmonError"}, {"Exception", "BaseException", "ValueError", "OSError", "AnsibleActionFail"}
    for _round in range(4):
        ours |= {name for name, above in bases.items() if above & ours}
        errors |= {name for name, above in bases.items() if above & errors}
    assert "SnmpTimeout" in ours
    assert {name for name in errors & bases.keys() if name not in ours} == INTERNAL
