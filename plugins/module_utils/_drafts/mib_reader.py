# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tolerant reader of MIB texts: names, OIDs, syntax, indexes and descriptions of objects.

A compiler refuses a module for one odd line, and everything that imports it; public collections have many such lines.
This reader takes what it recognises from each text and ignores the rest. `_mib` with pysmi remains what names values
for users.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

#: Larger files are no MIB.
_MOST_BYTES = 16 * 2**20

_STRING_OR_COMMENT = re.compile(r'"[^"]*"|--[^\n]*')
_MODULE = re.compile(r"\bDEFINITIONS\s*(?:\w+ TAGS\s*)?::=\s*BEGIN")
#: What is before it: the name, and some give an OID to the module.
_MODULE_NAME = re.compile(r"([A-Za-z][\w-]*)\s*(?:\{[^}]*\}\s*)?$")
_IMPORTS = re.compile(r"\bIMPORTS\b([^;]*);")
_FROM = re.compile(r"([^;]*?)\bFROM\s+([A-Za-z][\w-]*)")
_MACROS = (
    "OBJECT-TYPE|OBJECT\\s+IDENTIFIER|MODULE-IDENTITY|OBJECT-IDENTITY|NOTIFICATION-TYPE|OBJECT-GROUP"
    "|NOTIFICATION-GROUP|MODULE-COMPLIANCE|AGENT-CAPABILITIES"
)
_ASSIGNMENT = re.compile(rf"([A-Za-z][\w-]*)\s+({_MACROS})\b((?:[^:]++|:(?!:=))*+)::=\s*\{{([^}}]*)\}}")
_SYNTAX_TEXT = r"([A-Za-z][\w-]*(?:\s+(?:STRING|IDENTIFIER|OF\s+[\w-]+))?(?:\s*\{[^}]*\})?)"
_SYNTAX = re.compile(rf"\bSYNTAX\s+{_SYNTAX_TEXT}")
#: A type, and what a textual convention is made of.
_TYPE = re.compile(rf"\b([A-Z][\w-]*)\s*::=\s*(?:TEXTUAL-CONVENTION\b((?:[^:]++|:(?!:=))*+)|{_SYNTAX_TEXT})")
_ACCESS = re.compile(r"\b(?:MAX-)?ACCESS\s+([\w-]+)")
_DESCRIPTION = re.compile(r'\bDESCRIPTION\s+"(\d+)"')
_INDEX = re.compile(r"\b(INDEX|AUGMENTS)\s*\{([^}]*)\}")
_PATH_PART = re.compile(r"([A-Za-z][\w-]*)\s*\(\s*(\d+)\s*\)|([A-Za-z][\w.-]*)|(\d+)")
_LABEL = re.compile(r"([A-Za-z][\w-]*)\s*\(\s*(-?\d+)\s*\)")


class Definition(NamedTuple):
    """What a module assigns to a name."""

    name: str
    path: tuple[str | int, ...]  #: as it is written: the name of the parent, and numbers
    syntax: str  #: the type's name: "INTEGER", "OCTET STRING", "SEQUENCE OF", "DisplayString"; "" of a node
    labels: tuple[tuple[int, str], ...]  #: of an enumeration: its numbers and names
    access: str
    description: str
    indexes: tuple[str, ...]  #: names of objects; of AUGMENTS the other entry, with `augments`
    augments: bool

    @property
    def is_row(self) -> bool:
        """A table, or an entry of one."""
        return self.syntax == "SEQUENCE OF" or bool(self.indexes)

    @property
    def is_leaf(self) -> bool:
        """A scalar or a column."""
        return bool(self.syntax) and not self.is_row


@dataclass
class Module:
    """One module, or several revisions of it: a name may have several definitions."""

    name: str
    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    imports: dict[str, set[str]] = field(default_factory=dict)  #: name -> modules
    types: dict[str, tuple[str, tuple[tuple[int, str], ...]]] = field(default_factory=dict)  #: name -> syntax, labels

    def add(self, definition: Definition) -> None:
        """Add a definition, unless another revision has the same."""
        known = self.definitions.setdefault(definition.name, [])
        if not any(other[1:4] == definition[1:4] for other in known):
            known.append(definition)


def read_folders(folders: Iterable[Path]) -> dict[str, Module]:
    """All modules of all files below these folders, by name; equal texts are read once."""
    modules: dict[str, Module] = {}
    seen: set[int] = set()
    for path in sorted(file for folder in folders for file in folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        if "DEFINITIONS" in text and hash(text) not in seen:
            seen.add(hash(text))
            read_text(text, modules)
    return modules


def read_text(text: str, modules: dict[str, Module]) -> None:
    """Add the modules of one text."""
    strings: list[str] = []

    def outside(found: re.Match[str]) -> str:
        if found[0].startswith("--"):
            return " "
        strings.append(found[0][1:-1])
        return f'"{len(strings) - 1}"'

    bare = _STRING_OR_COMMENT.sub(outside, text)
    heads = list(_MODULE.finditer(bare))
    ends = [*(head.start() for head in heads[1:]), len(bare)]
    for head, end in zip(heads, ends, strict=False):
        name = _MODULE_NAME.search(bare[max(0, head.start() - 300) : head.start()])
        if name:
            _read_module(bare[head.end() : end], strings, modules.setdefault(name[1], Module(name[1])))


def _read_module(body: str, strings: list[str], module: Module) -> None:
    imports = _IMPORTS.search(body)
    if imports:
        for names, other in _FROM.findall(imports[1]):
            for name in re.findall(r"[\w-]+", names):
                module.imports.setdefault(name, set()).add(other)
        body = body[: imports.start()] + body[imports.end() :]
    for found in _TYPE.finditer(body):
        written = found[3] or _first(_SYNTAX, found[2])
        if written and not written.startswith(("SEQUENCE", "CHOICE")):
            module.types.setdefault(found[1], _syntax(written))
    for found in _ASSIGNMENT.finditer(body):
        module.add(_definition(found, strings))


def _definition(found: re.Match[str], strings: list[str]) -> Definition:
    body = found[3] if found[2] == "OBJECT-TYPE" else ""
    syntax, labels = _syntax(_first(_SYNTAX, body))
    description = _first(_DESCRIPTION, body)
    index = _INDEX.search(body)
    return Definition(
        found[1],
        tuple(_path(found[4])),
        syntax,
        labels,
        _first(_ACCESS, body),
        " ".join(strings[int(description)].split())[:2000] if description else "",
        tuple(re.findall(r"[\w-]+", index[2].replace("IMPLIED", ""))) if index else (),
        bool(index and index[1] == "AUGMENTS"),
    )


def _syntax(written: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The type's name, and the labels of an enumeration; BITS have none, for they are octets."""
    name, _brace, inside = written.partition("{")
    name = " ".join(name.split())
    labels = tuple((int(number), label) for label, number in _LABEL.findall(inside)) if name != "BITS" else ()
    return ("SEQUENCE OF" if name.startswith("SEQUENCE OF") else name), labels


def _path(written: str) -> Iterator[str | int]:
    for number_of, found in enumerate(_PATH_PART.finditer(written)):
        if found[2] and number_of:
            yield int(found[2])
        elif found[4]:
            yield int(found[4])
        else:
            # Some write MODULE.name.
            yield (found[1] or found[3]).rpartition(".")[2]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
