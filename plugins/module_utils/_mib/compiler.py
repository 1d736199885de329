# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MIBs, as their texts are, compiled by pysmi. Only for MIBs of the user and for tests/standard_mibs.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._outgoing.text import brief
from .compiled import Documents, facts
from .errors import MibError
from .library import Mib
from .texts import text_of

#: pysmi's words for modules of which it made nothing.
_MISSING, _FAILED = "missing", frozenset({"failed", "unprocessed"})
#: Modules that define the language itself (SMIv1), from which nothing is needed.
_LANGUAGE = frozenset({"RFC-1212", "RFC-1215", "RFC1155-SMI", "RFC1065-SMI"})


@dataclass
class Compiled:
    """What came of some MIBs."""

    modules: dict[str, dict[str, Any]] = field(default_factory=dict)  #: facts of each module
    problems: list[str] = field(default_factory=list)  #: a sentence about each that could not be compiled completely


def compile_mibs(texts: Mapping[str, str], names: Iterable[str], known: Mib | None = None) -> Compiled:
    """The facts of these modules.

    :param texts: of modules, by their names; those of the modules that others import from among them.
    :param known: modules that others may import from without their texts.

    Raises MibError if pysmi is not installed.
    """
    wanted = list(names)
    documents, statuses = _documents(texts, wanted, known)
    result = Compiled()
    for name in wanted:
        if name in documents:
            result.modules[name], missing = facts(name, documents)
            if missing:
                shown = brief(", ".join(missing), 80)
                result.problems.append(f"The MIB {brief(name, 80)} uses types that no known MIB defines: {shown}.")
    for name, status in statuses.items():
        if status == _MISSING and name not in _LANGUAGE:
            importing = [other for other, document in documents.items() if name in document.get("imports", {})]
            by = f", from which {brief(', '.join(importing), 80)} imports," if importing else ""
            result.problems.append(f"The MIB {brief(name, 80)}{by} is in none of the folders of mib_dirs.")
        elif status in _FAILED:
            reason = brief(getattr(status, "error", "") or "unknown", 200)
            result.problems.append(f"The MIB {brief(name, 80)} cannot be compiled: {reason}.")
    return result


def _documents(
    texts: Mapping[str, str], names: Iterable[str], known: Mib | None
) -> tuple[Documents, Mapping[str, Any]]:
    """pysmi's document of each module, and its status of each."""
    try:
        from pysmi.codegen.jsondoc import JsonCodeGen
        from pysmi.compiler import MibCompiler
        from pysmi.parser.dialect import smi_v1_relaxed
        from pysmi.parser.smi import parserFactory
        from pysmi.reader import CallbackReader
        from pysmi.writer import CallbackWriter
    except ImportError as error:
        raise MibError(
            f"MIBs cannot be compiled, because the Python library pysmi is not installed here ({error})",
            "install it with pip, or use OIDs in numbers and no mib_dirs",
        ) from None
    documents: dict[str, dict[str, Any]] = {}
    compiler = MibCompiler(
        parserFactory(**smi_v1_relaxed)(),
        JsonCodeGen(),
        CallbackWriter(lambda name, text, _context: documents.update({name: json.loads(text)})),
    )
    compiler.add_sources(CallbackReader(lambda name, _context: texts.get(name, "")))
    if known:
        compiler.add_sources(CallbackReader(lambda name, _context: text_of(name, known)))
    return documents, compiler.compile(*names, genTexts=False, rebuild=True, ignoreErrors=True)
