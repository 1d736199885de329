# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every regular expression of the collection, and how it is used: those of the code, and those of its profiles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.invmon.network.plugins.module_utils._devices.categories import _WORDS
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import patterns, shipped
from ansible_collections.invmon.network.plugins.module_utils._recordings.masked_columns import _NAMES

PLUGINS = Path(__file__).resolve().parents[5] / "plugins"
#: Expressions that are made in a loop, from texts of the code.
_MADE_THERE = {"devices/categories.py": _WORDS, "snmp/masked_columns.py": _NAMES}
#: How expressions are used that stand in tuples.
_HANDED_ON = {"serials.py": "fullmatch"}
#: Methods of re.Pattern; whoever uses an expression in a way that is not seen is taken to use one that costs most.
_METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


class Expression(NamedTuple):
    where: str
    pattern: re.Pattern[Any]
    method: str


def expressions() -> list[Expression]:
    """All of them, each once for each way in which it is used."""
    found = [expression for file in sorted(PLUGINS.rglob("*.py")) for expression in _of_file(file)]
    found += [Expression(name, pattern, "search") for name, made in _MADE_THERE.items() for pattern, _word in made]
    for profile in shipped():
        found += [Expression(f"{profile.origin} {keys}", pattern, "search") for keys, pattern in patterns(profile)]
    return found


def _of_file(file: Path) -> Iterator[Expression]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {}  # of an expression -> the expression
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (made := _made(node.value)):
            names[node.targets[0].id] = made
    uses: dict[int, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            uses.setdefault(id(names[node.value.id]), set()).add(node.attr)
    handed_on = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    handed_on -= {
        node.value.id for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    other = _HANDED_ON.get(file.name, "sub")
    for name, call in names.items():
        methods = uses.get(id(call), set()) & {*_METHODS} or {other}
        for method in methods | ({other} if name in handed_on else set()):
            yield Expression(f"{file.name} {name}", _compiled(call), method)
    named = {id(call) for call in names.values()}
    for node in ast.walk(tree):
        if (made := _made(node)) and id(made) not in named:
            method = made.func.attr if isinstance(made.func, ast.Attribute) else ""
            yield Expression(f"{file.name}:{made.lineno}", _compiled(made), method if method in _METHODS else "sub")


def _made(node: ast.AST) -> ast.Call | None:
    """re.SOMETHING("...") with an expression that stands there."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return None
    ours = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
    return (
        node if ours and node.func.attr in ("compile", *_METHODS) and isinstance(node.args[0], ast.Constant) else None
    )


def _compiled(call: ast.Call) -> re.Pattern[Any]:
    assert isinstance(call.args[0], ast.Constant)
    flags = 0
    for argument in (*call.args[1:], *(keyword.value for keyword in call.keywords)):
        for name in re.findall(r"re\.([A-Z]+)\b", ast.unparse(argument)):
            flags |= getattr(re, name)
    return re.compile(call.args[0].value, flags)
