# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MIBs, as their texts are, compiled by pysmi. Only for MIBs of the user and for tests/standard_mibs.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._outgoing.text import brief
from .compiled import Documents, facts
from .errors import MibError

#: pysmi's word for a module whose text is in none of the folders.
_MISSING = "missing"


@dataclass
class Compiled:
    """What came of some MIBs."""

    modules: dict[str, dict[str, Any]] = field(default_factory=dict)  #: facts of each module
    problems: list[str] = field(default_factory=list)  #: a sentence about each module that could not be compiled


def compile_mibs(folders: Sequence[Path], names: Iterable[str], imports: Mapping[str, str] | None = None) -> Compiled:
    """The facts of these modules, and of those that they import.

    :param imports: texts of further modules, which are only read as far as others import from them.

    Raises MibError if pysmi is not installed.
    """
    documents, statuses = _documents(folders, names, imports or {})
    result = Compiled()
    for name in documents:
        if imports and name in imports:
            continue
        result.modules[name], missing = facts(name, documents)
        if missing:
            result.problems.append(f"{name} uses types that no known MIB defines: {brief(', '.join(missing), 80)}.")
    for name, status in statuses.items():
        if status == _MISSING:
            importing = [other for other, document in documents.items() if name in document.get("imports", {})]
            wanted = f", which {brief(', '.join(importing), 80)} imports," if importing else ""
            result.problems.append(f"The MIB {brief(name, 80)}{wanted} is in none of the folders of mib_dirs.")
        elif str(status) == "failed" or str(status) == "unprocessed":
            result.problems.append(f"The MIB {brief(name, 80)} cannot be compiled: {_reason(status)}.")
    return result


def _documents(
    folders: Sequence[Path], names: Iterable[str], imports: Mapping[str, str]
) -> tuple[Documents, Mapping[str, Any]]:
    """pysmi's document of each module, and its status of each."""
    try:
        from pysmi.codegen.jsondoc import JsonCodeGen
        from pysmi.compiler import MibCompiler
        from pysmi.parser.dialect import smi_v1_relaxed
        from pysmi.parser.smi import parserFactory
        from pysmi.reader import CallbackReader, FileReader
        from pysmi.writer import CallbackWriter
    except ImportError as error:
        raise MibError(
            f"MIBs cannot be compiled, because pysmi is not installed here ({error}): install it with pip, or use "
            "OIDs in numbers"
        ) from None
    documents: dict[str, dict[str, Any]] = {}
    compiler = MibCompiler(
        parserFactory(**smi_v1_relaxed)(),
        JsonCodeGen(),
        CallbackWriter(lambda name, text, _context: documents.update({name: json.loads(text)})),
    )
    compiler.add_sources(*(FileReader(str(folder), recursive=False) for folder in folders))
    if imports:
        compiler.add_sources(CallbackReader(lambda name, _context: imports.get(name, "")))
    # Without a look for newer files: nothing that was compiled before is here.
    statuses = compiler.compile(*names, genTexts=False, rebuild=True, ignoreErrors=True)
    return documents, statuses


def _reason(status: Any) -> str:
    return brief(getattr(status, "error", "") or status, 200)
