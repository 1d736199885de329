# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way out: the result of each task of ours passes fit_to_leave() before Ansible shows or keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .secrets import Secrets
from .text import printable

#: Keys of a result below which stands data that is written to NetBox: it is left exactly as it is. Options are never
#: put there, and a community such as "Ethernet" would eat pieces of names. Its texts are clean (see serials.clean).
DATA = frozenset({"ansible_facts"})
#: Keys below which texts have several lines.
_LINES = frozenset({"diff"})


def fit_to_leave(result: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """The result of a task as it may be shown, logged and kept: texts printable, on one line, without secrets.

    Secrets that this process remembers are hidden as well.
    Keys are names by which others find what stands there: they are made printable, as the names of hosts are.
    """
    return _fitting(result, secrets.with_remembered(), lines=False)


def _fitting(found: Mapping[Any, Any], secrets: Secrets, lines: bool) -> dict[Any, Any]:
    return {
        printable(key) if isinstance(key, str) else key: value
        if key in DATA
        else _fit(value, secrets, lines or key in _LINES)
        for key, value in found.items()
    }


def _fit(value: Any, secrets: Secrets, lines: bool) -> Any:
    if isinstance(value, str):
        return _text(value, secrets, lines)
    if isinstance(value, Mapping):
        return _fitting(value, secrets, lines)
    if isinstance(value, (list, tuple)):
        return [_fit(inner, secrets, lines) for inner in value]
    return value


def _text(text: str, secrets: Secrets, lines: bool) -> str:
    """The same object where nothing is to be done: Ansible knows by it what is no template."""
    shown = secrets.hidden(text)
    if lines:
        return shown if shown.isprintable() else "\n".join(printable(line) for line in shown.split("\n"))
    return printable(shown)
