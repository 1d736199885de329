# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and OIDs of MIBs: found in folders of facts, each module read when a name or an OID of it is looked up.

A folder holds, in JSON:

- MODULE.json: {"module": "IF-MIB", "types": {NAME: syntax}, "objects": {NAME: node}}; see nodes.py
- oids.json: {OID: "MODULE ..."}: in which modules the nodes right below an OID are
- names.json: {NAME: "MODULE ..."}: in which modules a name is, the preferred one first

So a task that uses numbers reads oids.json and the modules of its answers; names.json is read for a name without its
module. The folder `standard` is made by tests/standard_mibs.py; those of the user's MIBs by user_mibs.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from .._common.near import did_you_mean
from .._outgoing.text import brief
from .._snmp.transport import Oid, dotted
from .errors import MibError
from .nodes import IMPLIED, OF_MODULE, Node, Syntax, numbers

STANDARD = Path(__file__).resolve().parent / "standard"
OIDS, NAMES = "oids.json", "names.json"


class MibModule:
    """The facts of one MIB module."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.name: str = data["module"]
        self.names: Mapping[str, Mapping[str, Any]] = data["objects"]
        self._types: Mapping[str, Mapping[str, Any]] = data["types"]
        self._syntaxes: dict[str, Syntax] = {}
        self._nodes: dict[str, Node] = {}
        self._by_oid: dict[str, str] = {}

    def node(self, name: str) -> Node | None:
        """The node of this name."""
        if name not in self._nodes and name in self.names:
            self._nodes[name] = self._read(name, self.names[name])
        return self._nodes.get(name)

    def at(self, oid: str) -> Node | None:
        """The node with exactly this OID."""
        if not self._by_oid:
            # The first name wins: a module that defines one OID twice calls it by an old name further down.
            self._by_oid = {data["oid"]: name for name, data in reversed(list(self.names.items()))}
        name = self._by_oid.get(oid)
        return self.node(name) if name else None

    def nodes(self) -> Iterator[Node]:
        """All nodes."""
        for name in self.names:
            if node := self.node(name):
                yield node

    def type_names(self) -> Iterable[str]:
        """The names of the types that syntax() knows."""
        return self._types.keys()

    def syntax(self, name: str) -> Syntax | None:
        """A textual convention of this module, or one that it uses."""
        if name not in self._syntaxes and name in self._types:
            self._syntaxes[name] = Syntax.read(self._types[name], name)
        return self._syntaxes.get(name)

    def _read(self, name: str, data: Mapping[str, Any]) -> Node:
        return Node(
            name=name,
            module=self.name,
            oid=numbers(data["oid"]),
            kind=data.get("kind", "node"),
            syntax=self._syntax_of(data),
            access=data.get("access", ""),
            index=tuple(data.get("index", ())),
            augments=data.get("augments", ""),
            objects=tuple(data.get("objects", ())),
        )

    def _syntax_of(self, data: Mapping[str, Any]) -> Syntax | None:
        given = data.get("syntax")
        if isinstance(given, str):
            return self.syntax(given)
        return Syntax.read(given) if given else None


class Mib:
    """All modules of some folders, the first folder preferred."""

    def __init__(self, folders: Sequence[Path] = (STANDARD,)) -> None:
        self._folders = tuple(folders)
        self._modules: dict[str, MibModule | None] = {}
        self._last: Node | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of facts, the preferred one first."""
        return self._folders

    def find(self, name: str) -> Node:
        """The node of a name, with or without its module: "IF-MIB::ifDescr", "ifDescr".

        Raises MibError, which names those that are like it.
        """
        module, _colons, short = name.rpartition(OF_MODULE)
        if module:
            return self._in_module(module, short)
        for candidate in self._modules_of(short):
            found = self.module(candidate)
            node = found.node(short) if found else None
            if node:
                return node
        known = {known for folder in self._folders for known in _json(folder, NAMES)}
        raise MibError(
            f"'{brief(name, 80)}' is the name of no object in the known MIBs.{did_you_mean(short, known)} "
            "Correct it, use the OID in numbers, or set mib_dirs to the folder with its MIB."
        )

    def module(self, name: str) -> MibModule | None:
        """A module by its name."""
        if name not in self._modules:
            texts = (_text(folder, f"{name}.json") for folder in self._folders if _is_file_name(name))
            text = next((text for text in texts if text is not None), None)
            self._modules[name] = MibModule(json.loads(text)) if text else None
        return self._modules[name]

    def module_names(self) -> list[str]:
        """The names of all modules."""
        found = {path.stem for folder in self._folders for path in folder.glob("*.json")}
        return sorted(found - {Path(OIDS).stem, Path(NAMES).stem})

    def at(self, oid: Oid) -> Node | None:
        """The node that an OID belongs to: the one with its longest known beginning."""
        last = self._last
        if last and oid[: len(last.oid)] == last.oid:
            return last
        text = dotted(oid)
        while text:
            parent, _dot, _number = text.rpartition(".")
            for name in self._modules_below(parent):
                module = self.module(name)
                node = module.at(text) if module else None
                if node and not self._is_instance(node):
                    # Nothing is below a variable but its values, so the next value of a walk is likely here too.
                    self._last = node if node.is_variable else None
                    return node
            text = parent
        return None

    def children(self, node: Node) -> list[Node]:
        """The nodes right below a node, in the order of their numbers: the columns of a row."""
        depth = len(node.oid) + 1
        found: dict[Oid, Node] = {}
        for name in self._modules_below(dotted(node.oid)):
            for child in self._of(name):
                if len(child.oid) == depth and child.oid[:-1] == node.oid:
                    found.setdefault(child.oid, child)
        return [found[oid] for oid in sorted(found)]

    def related(self, node: Node, reference: str) -> Node:
        """The node that another one names in its INDEX, AUGMENTS or OBJECTS clause. Raises MibError."""
        name = reference.removeprefix(IMPLIED)
        return self.find(name if OF_MODULE in name else f"{node.module}{OF_MODULE}{name}")

    def _is_instance(self, node: Node) -> bool:
        """Whether a node is only another name of a value: sysUpTimeInstance, of sysUpTime.0."""
        if node.kind != "node" or node.oid[-1]:
            return False
        above = self.at(node.oid[:-1])
        return above is not None and above.is_variable and above.oid == node.oid[:-1]

    def _in_module(self, module: str, short: str) -> Node:
        found = self.module(module)
        if not found:
            known = did_you_mean(module, self.module_names())
            raise MibError(
                f"The MIB {brief(module, 80)} is not known.{known} Correct its name, or set mib_dirs to the folder "
                "with it."
            )
        node = found.node(short)
        if not node:
            raise MibError(f"{module} has no object {brief(short, 80)}.{did_you_mean(short, found.names)}")
        return node

    def _of(self, name: str) -> Iterable[Node]:
        module = self.module(name)
        return module.nodes() if module else ()

    def _modules_of(self, name: str) -> list[str]:
        return [module for folder in self._folders for module in _json(folder, NAMES).get(name, "").split()]

    def _modules_below(self, oid: str) -> list[str]:
        return [module for folder in self._folders for module in _json(folder, OIDS).get(oid, "").split()]


@cache
def standard() -> Mib:
    """The MIBs that the collection brings."""
    return Mib()


@cache
def _json(folder: Path, name: str) -> Mapping[str, str]:
    """One of the two tables of a folder."""
    text = _text(folder, name)
    return json.loads(text) if text else {}


def _text(folder: Path, name: str) -> bytes | None:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError:
        return None


def _is_file_name(name: str) -> bool:
    """Whether a name of a module is one: a user writes it, and it becomes the name of a file."""
    return name.replace("-", "").replace("_", "").isalnum() and name.isascii()
