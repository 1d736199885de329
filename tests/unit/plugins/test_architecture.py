# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture in docs/architecture.md, held against the imports of the code."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLUGINS, PAGE = ROOT / "plugins", ROOT / "docs" / "architecture.md"


def drawn() -> dict[str, set[str]]:
    """Room -> the rooms that it may import."""
    lines = re.findall(r"^([a-z_/]+) +─▶ ?([a-z_/ ]*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {room: set(targets.split()) for room, targets in lines}


def room_of(path: Path) -> str:
    parts = path.relative_to(PLUGINS).parts
    if parts[0] != "module_utils":
        return parts[0]
    return "/".join(parts[1:-1])


def imported(path: Path) -> set[Path]:
    """The files of ours that a file imports."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        found |= {folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)}
    return {one for one in found if one.exists()}


def test_no_room_imports_one_that_the_page_does_not_draw() -> None:
    arrows: dict[str, set[str]] = defaultdict(set)
    for path in PLUGINS.rglob("*.py"):
        arrows[room_of(path)] |= {room_of(one) for one in imported(path)} - {room_of(path)}
    rooms = drawn()
    assert {room for room in arrows if room != "doc_fragments"} == set(rooms)
    assert {
        room: targets - rooms.get(room, set()) for room, targets in arrows.items() if targets - rooms.get(room, set())
    } == {}
    assert {room: targets - arrows[room] for room, targets in rooms.items() if targets - arrows[room]} == {}, (
        "not there"
    )


def test_every_file_that_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
    named = re.findall(r"`((?:tests|docs)/[\w./-]+|_[a-z]+/[\w./]*)`", text)
    places = (ROOT, PLUGINS / "module_utils")
    assert named
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_nothing_imports_in_a_circle() -> None:
    """A room stands below what it imports: the arrows of the page can be laid out from the bottom up."""
    waiting, laid = drawn(), set[str]()
    while ready := {room for room, targets in waiting.items() if targets <= laid}:
        laid |= ready
        waiting = {room: targets for room, targets in waiting.items() if room not in ready}
    assert waiting == {}


def test_all_of_the_shared_code_is_private() -> None:
    shared = [
        path.relative_to(PLUGINS).parts
        for top in ("module_utils", "plugin_utils")
        for path in PLUGINS.glob(f"{top}/**/*.py")
    ]
    assert [parts for parts in shared if len(parts) < 3 or not parts[1].startswith("_")] == []


def test_tests_find_the_collection_by_its_name() -> None:
    """Everything is imported as ansible_collections.invmon.network...; only the launcher of scripts sets the path."""
    files = {path.relative_to(ROOT / "tests"): path for path in (ROOT / "tests").rglob("*.py")}
    changing = {str(name) for name, path in files.items() if re.search(r"sys\.path(\[| ?\+?=|\.)", path.read_text())}
    assert changing == {"run.py"}
