# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The YAML of profiles: read within limits, with the lines of mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from .._common.errors import InvmonError
from .._common.private_files import PrivateFileError, read_regular
from .profile import Key

try:
    import yaml
except ImportError:
    # Where a task is delegated to, the profiles come as data.
    yaml = None  # type: ignore[assignment]

#: A profile at most: octets of its file; values, where each alias counts as what it refers to; lists and mappings in
#: each other.
LARGEST = 2**20
MOST_VALUES = 50_000
DEEPEST = 20


class ProfileFileError(InvmonError, ValueError):
    """A profile cannot be used; the message names file, line and key."""

    reason = "profile"


def text_of(file: Path) -> str:
    """The text of a profile. Raises ProfileFileError, OSError."""
    try:
        return read_regular(file, LARGEST).decode("utf-8")
    except PrivateFileError as error:
        raise ProfileFileError(f"profiles: {error}") from None
    except UnicodeDecodeError as error:
        raise ProfileFileError(f"{file}: not UTF-8 text: {error}") from None


def refuse_repeated(origin: str, text: str) -> None:
    """YAML lets the last of two keys of one name win, without a word."""
    waiting = [yaml.compose(text, Loader=_loader())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        if not isinstance(node, yaml.MappingNode):
            continue
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value)
            if name in first:
                raise ProfileFileError(f"{origin}:{line}: {name} is given twice, first in line {first[name]}")
            first[name] = line
            waiting.append(value)


def bounded(origin: str, text: str) -> None:
    """Refuse a text that becomes much more than it looks: lists in lists in lists, aliases of aliases of aliases.

    Looks at the text piece by piece: to load it would take the memory, or the stack. Raises ProfileFileError.
    """
    sizes: dict[str, int] = {}  # of what has an anchor
    around: list[tuple[str | None, int]] = []  # lists and mappings that are not at their end: anchor, size so far
    for event in _events(origin, text):
        size, anchor = 1, getattr(event, "anchor", None)
        if isinstance(event, yaml.CollectionStartEvent):
            around.append((anchor, size))
            anchor = None
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = around.pop()
        elif isinstance(event, yaml.AliasEvent):
            # A value that contains itself has no size yet.
            size, anchor = sizes.get(str(anchor), MOST_VALUES), None
        if isinstance(event, (yaml.AliasEvent, yaml.ScalarEvent, yaml.CollectionEndEvent)) and around:
            around[-1] = (around[-1][0], around[-1][1] + size)
        if anchor:
            sizes[anchor] = size
        line = f"{origin}:{event.start_mark.line + 1}"
        if len(around) > DEEPEST:
            raise ProfileFileError(f"{line}: not a profile: nested deeper than {DEEPEST} levels")
        if around and around[-1][1] > MOST_VALUES:
            raise ProfileFileError(f"{line}: not a profile: more than {MOST_VALUES:,} values, with aliases expanded")


def _events(origin: str, text: str) -> Iterator[Any]:
    """The pieces of a YAML text, up to a mistake, of which parsed() speaks."""
    if yaml is not None:
        with suppress(yaml.YAMLError):
            yield from yaml.parse(text, Loader=_loader())


def parsed(origin: str, text: str) -> Any:
    """The value of a YAML text; call bounded() before. Raises ProfileFileError."""
    if yaml is None:
        raise ProfileFileError(f"{origin}: reading a profile needs PyYAML: pip install PyYAML")
    try:
        return yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = str(getattr(error, "problem", None) or error)
        if "cannot start any token" in problem and "\t" in text:
            problem = "a tab; indent YAML with spaces"
        raise ProfileFileError(f"{origin}{line}: not YAML: {problem}") from None


def _loader() -> Any:
    """The loader in C, where there is one: it is ten times as fast."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def place(origin: str, keys: tuple[Key, ...]) -> str:
    """ "FILE:LINE: " of the key, as far as it can be found."""
    try:
        node = yaml.compose(text_of(Path(origin)), Loader=_loader())
    except (OSError, AttributeError, ValueError):
        return f"{origin}: "
    line = node.start_mark.line if node else 0
    for key in keys:
        line, node = _below(node, key, line)
        if node is None:
            break
    return f"{origin}:{line + 1}: "


def _below(node: Any, key: Key, line: int) -> tuple[int, Any]:
    """(line, node) of a key of a mapping, or of an entry of a list; (line, None) where it has none."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return name.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark.line, node.value[key]
    return line, None
