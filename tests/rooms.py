# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests concern a file: those of the folder that mirrors its room, and those that import it, directly or not.

Used by `make check` (tests/check.py) and `make mutants` (tests/mutants.py). Paths are relative to the checkout.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "ansible_collections.invmon.network."
UNITS = Path("tests/unit")


def room_tests(path: Path) -> list[Path]:
    """The unit tests of the room of a file below plugins/: those of its folder and of the folders in it, and, of a
    room within another (_probes/plan), those that are directly in the folder of the outer one."""
    folder = UNITS / path.parent
    found = {test.relative_to(ROOT) for test in (ROOT / folder).rglob("test_*.py")}
    for outer in folder.parents:
        if not outer.name.startswith("_"):
            break
        found |= {test.relative_to(ROOT) for test in (ROOT / outer).glob("test_*.py")}
    return sorted(found)


class Imports:
    """Who imports whom, among our own files below plugins/ and tests/."""

    def __init__(self, root: Path = ROOT) -> None:
        self._importers: dict[Path, set[Path]] = defaultdict(set)
        for top in ("plugins", "tests"):
            for path in sorted((root / top).rglob("*.py")):
                importer = path.relative_to(root)
                for target in _imported(root, path):
                    self._importers[target].add(importer)

    def distances(self, path: Path) -> dict[Path, int]:
        """Each file that imports `path`, with the number of imports between them (1: directly)."""
        found: dict[Path, int] = {}
        edge, distance = {path}, 0
        while edge:
            distance += 1
            edge = {importer for one in edge for importer in self._importers[one]} - set(found) - {path}
            found |= dict.fromkeys(edge, distance)
        return found

    def tests(self, path: Path, within: Iterable[Path] = (UNITS,)) -> list[Path]:
        """The test files that import `path`, directly or not, nearest first."""
        folders = tuple(within)
        found = self.distances(path)
        return sorted(
            (one for one in found if is_test(one) and any(one.is_relative_to(folder) for folder in folders)),
            key=lambda one: (found[one], one),
        )


@cache
def our_imports() -> Imports:
    """Those of the checkout, read once."""
    return Imports()


def is_test(path: Path) -> bool:
    """Does pytest collect this file?"""
    return path.name.startswith("test_") and path.suffix == ".py" and path.parts[0] == "tests"


def _imported(root: Path, path: Path) -> Iterator[Path]:
    """Our own files that a file imports by a relative or an absolute import, or finds in its own folder of tests."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        elif (node.module or "").startswith(PACKAGE):
            folder = root.joinpath(*(node.module or "").removeprefix(PACKAGE).split("."))
        else:
            continue
        for candidate in (folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)):
            if candidate.exists():
                yield candidate.relative_to(root)
