# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way out: the result of each task of ours passes fit_to_leave() before Ansible shows or keeps it.

What leaves otherwise (an inventory plugin's warnings and errors, what callbacks say) passes fit_line().
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .secrets import Secrets
from .text import printable

#: Keys of a result with the data that is written to NetBox, or compared with it: it is left exactly as it is. Options
#: are never put there, and a community such as "Ethernet" would eat pieces of names. Its texts are clean (see
#: labels.clean). The last two are of netscan.
_DATA = frozenset({"ansible_facts", "scan", "netbox"})
#: Key of a result below which texts have several lines.
_LINES = "diff"
#: Key of a result below which, by the names of hosts, there may be a result of each: of snmp_entity_batch.
_DEVICES = "devices"

#: What Ansible's own serialisation begins its keys with: in what it reads back (a fact cache, a module's result, a file
#: of variables) such an object is not data, but a template that it trusts, or a secret to decrypt; others are dropped.
_ANSIBLES = ("__ansible", "_ansible_")


def fit_line(text: Any) -> str:
    """A line that leaves otherwise than in a result, as it may be shown."""
    return _text(str(text), Secrets().with_remembered(), lines=False)


def fit_to_leave(result: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    """The result of a task as it may be shown, logged and kept: texts printable, on one line, without secrets, and
    nothing that Ansible takes for its own.

    Secrets that this process remembers are hidden as well.
    Keys are names by which other code finds values: they are made printable, as the names of hosts are.
    """
    secrets = secrets.with_remembered()
    return {printable(key): _below(key, value, secrets) for key, value in result.items()}


def _below(key: str, value: Any, secrets: Secrets) -> Any:
    """The value below a key of a result. Further down keys are the names of hosts and the like, and mean nothing."""
    if key in _DATA:
        return without_ansibles_keys(value)
    if key == _DEVICES and isinstance(value, Mapping):
        return {
            _key(printable(host)): fit_to_leave(one, secrets) if isinstance(one, Mapping) else _fit(one, secrets)
            for host, one in value.items()
        }
    return _fit(value, secrets, lines=key == _LINES)


def without_ansibles_keys(value: Any) -> Any:
    """The value with a blank before each key of an object that Ansible would take for its own: a serial, the name of a
    host, a key in NetBox's JSON. The same object if there is nothing to change, which is nearly always so."""
    level = [value]
    while level:
        objects = [one for one in level if isinstance(one, Mapping)]
        if any(_key(key) is not key for one in objects for key in one):
            return _renamed(value)
        lists = [one for one in level if isinstance(one, (list, tuple))]
        inner = [child for one in (*(one.values() for one in objects), *lists) for child in one]
        level = [child for child in inner if isinstance(child, (Mapping, list, tuple))]
    return value


def _renamed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): _renamed(inner) for key, inner in value.items()}
    return [_renamed(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _key(key: Any) -> Any:
    return f" {key}" if isinstance(key, str) and key.startswith(_ANSIBLES) else key


def _fit(value: Any, secrets: Secrets, lines: bool = False) -> Any:
    if isinstance(value, str):
        return _text(value, secrets, lines)
    if isinstance(value, Mapping):
        return {
            _key(printable(key)) if isinstance(key, str) else key: _fit(inner, secrets, lines)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_fit(inner, secrets, lines) for inner in value]
    return value


def _text(text: str, secrets: Secrets, lines: bool) -> str:
    """The same object if it needs no change: by it Ansible knows what is not a template."""
    shown = secrets.hidden(text)
    if lines:
        return shown if shown.isprintable() else "\n".join(printable(line) for line in shown.split("\n"))
    return printable(shown)
