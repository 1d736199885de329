# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what pysmi makes of a MIB (its JSON) to the facts that library.py reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .nodes import IMPLIED, NUMBERS, OF_MODULE

#: pysmi's document of a module, by the module's name.
Documents = Mapping[str, Mapping[str, Any]]

_KINDS = frozenset({"scalar", "column", "table", "row"})
_BASES = {"Bits": "BITS", "Gauge": "Gauge32", "Counter": "Counter32", "NetworkAddress": "IpAddress"}
_BASE_TYPES = frozenset({*NUMBERS, "OCTET STRING", "OBJECT IDENTIFIER", "IpAddress", "BITS", "Opaque"})
#: Textual conventions of textual conventions.
_DEEPEST = 16


class _MissingType(Exception):
    """A textual convention that no document defines: its name."""


def facts(name: str, documents: Documents) -> tuple[dict[str, Any], list[str]]:
    """The facts of one module, and the types that no document defines; an object of such a type has no syntax."""
    document = documents[name]
    types: dict[str, Any] = {}
    objects: dict[str, Any] = {}
    missing: dict[str, None] = {}
    for key, data in document.items():
        if data.get("class") == "textualconvention":
            with _noted(missing):
                types[key] = _resolved(key, name, documents)
        elif "oid" in data:
            found = _node(name, data, document)
            objects[data.get("name", key)] = found
            if found.get("kind") in ("scalar", "column"):
                with _noted(missing):
                    found["syntax"] = _syntax(name, data["syntax"], documents, types)
    return {"module": name, "types": types, "objects": objects}, list(missing)


@contextmanager
def _noted(missing: dict[str, None]) -> Iterator[None]:
    try:
        yield
    except _MissingType as error:
        missing[str(error)] = None


def oids_and_names(modules: Iterable[Mapping[str, Any]]) -> tuple[dict[str, str], dict[str, str]]:
    """The tables oids.json and names.json of a folder with these modules, the preferred one first."""
    oids: dict[str, dict[str, None]] = {}
    names: dict[str, dict[str, None]] = {}
    for facts_of_one in modules:
        module = facts_of_one["module"]
        for name, data in facts_of_one["objects"].items():
            oids.setdefault(data["oid"].rpartition(".")[0], {})[module] = None
            names.setdefault(name, {})[module] = None
    return _joined(oids), _joined(names)


def _joined(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {key: " ".join(modules) for key, modules in sorted(table.items())}


def _node(module: str, data: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"oid": data["oid"]}
    kind = "notification" if data["class"] == "notificationtype" else data.get("nodetype", "")
    if kind in _KINDS or kind == "notification":
        found["kind"] = kind
    if kind in ("scalar", "column"):
        found["access"] = data.get("maxaccess", "")
    if data.get("indices"):
        found["index"] = [
            (IMPLIED if part.get("implied") else "") + _reference(module, part, document) for part in data["indices"]
        ]
    if data.get("augmention"):
        found["augments"] = _reference(module, data["augmention"], document)
    if data.get("objects") and kind == "notification":
        found["objects"] = [_reference(module, part, document) for part in data["objects"]]
    return found


def _reference(module: str, part: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """A name in a clause, with its module if that is another one."""
    name, home = str(part["object"]), str(part.get("module", module))
    if home == module and name.replace("-", "_") not in document:
        # pysmi takes the row of an AUGMENTS clause for one of the same module.
        home = next((other for other, names in document.get("imports", {}).items() if name in names), module)
    return name if home == module else f"{home}{OF_MODULE}{name}"


def _syntax(module: str, data: Mapping[str, Any], documents: Documents, types: dict[str, Any]) -> Any:
    """The syntax of an object: the name of a type, which is added to the types of the module, or one of its own."""
    name, refined = data["type"], _refined(data)
    if _base(name) in _BASE_TYPES:
        return {"base": _base(name), **refined}
    # pysmi resolves what a module imports no further than its name.
    types.setdefault(name, _resolved(name, module, documents))
    return {**types[name], "name": name, **refined} if refined else name


def _resolved(name: str, module: str, documents: Documents) -> dict[str, Any]:
    """A textual convention down to its base type; what is nearer to the object wins."""
    found: dict[str, Any] = {}
    for _step in range(_DEEPEST):
        home = _home(name, module, documents)
        data = documents[home][name]
        if data.get("displayhint"):
            found.setdefault("hint", data["displayhint"])
        for key, value in _refined(data["type"]).items():
            found.setdefault(key, value)
        name, module = data["type"]["type"], home
        if _base(name) in _BASE_TYPES:
            return {"base": _base(name), **found}
    raise _MissingType(name)


def _home(name: str, module: str, documents: Documents) -> str:
    """The module that defines a type which another one uses."""
    if name in documents[module]:
        return module
    for home, symbols in documents[module].get("imports", {}).items():
        if name in symbols and name in documents.get(home, {}):
            return str(home)
    raise _MissingType(name)


def _base(name: str) -> str:
    return _BASES.get(name, name)


def _refined(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a type adds to the one that it is made of."""
    constraints = data.get("constraints", {})
    found: dict[str, Any] = {}
    if constraints.get("enumeration") or data.get("bits"):
        words = constraints.get("enumeration") or data["bits"]
        found["enum"] = {str(number): word for word, number in sorted(words.items(), key=lambda pair: int(pair[1]))}
    limits = constraints.get("size") or constraints.get("range")
    if limits:
        found["limits"] = [[int(one["min"]), int(one["max"])] for one in limits]
    return found
