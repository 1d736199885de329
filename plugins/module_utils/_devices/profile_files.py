# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profiles of the collection and of the user: found in files, chosen by what a device reports of itself."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .._common.errors import InvmonError
from .._common.near import near
from .._patterns.cost import why_costly
from .._snmp.transport import Oid
from .profile import Head, Key, Layout, Match, ProfileError
from .profile_heads import head_of, plain_head
from .profile_parser import bare, parse_head, parse_layout
from .profile_yaml import ProfileFileError, bounded, parsed, place, refuse_repeated, text_of

#: The collection's own. They do not travel with a module that is sent to another host: see Profiles.to_data().
FOLDER = Path(__file__).resolve().parent / "profiles"
ENDINGS = (".yml", ".yaml")
#: The platform of every device that no profile recognises: ENTITY-MIB and the system group.
GENERIC = "generic"


class UnknownPlatform(InvmonError, ValueError):
    """A platform was asked for that no profile describes."""

    reason = "platform"


@dataclass
class Profile:
    """One profile: its head, and the rest when it is needed."""

    head: Head
    origin: str  #: its file; its name, where it came as data
    _content: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        return self.head.name

    def content(self) -> Mapping[str, Any]:
        """All of it, as it was written; the file is read once. Raises ProfileFileError, OSError."""
        if self._content is None:
            self._content = parsed(self.origin, text_of(Path(self.origin)))
        return self._content


@dataclass
class Profiles:
    """All profiles by name; where two recognise a device equally well, the later one counts."""

    by_name: Mapping[str, Profile]
    own: frozenset[str] = frozenset()  #: names of those that a user wrote
    #: The rules of `match` by their object_id, () where one has none; each with its profile and the profile's place.
    #: Without `answers`: a device is asked for them later.
    by_prefix: dict[Oid, list[tuple[int, Profile, Match]]] = field(init=False, default_factory=dict)
    _words: dict[str, Profile] = field(init=False, default_factory=dict)  #: by bare() names and other words for them
    _layouts: dict[str, Layout] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, profile in enumerate(self):
            for match in profile.head.matches:
                if not match.answers:
                    self.by_prefix.setdefault(match.object_id, []).append((number, profile, match))
            self._words.update(dict.fromkeys(profile.head.aliases, profile))
        self._words.update({bare(profile.name): profile for profile in self})

    def __iter__(self) -> Iterator[Profile]:
        return iter(self.by_name.values())

    def names(self) -> list[str]:
        """Names of the platforms, sorted; without profiles that only serve to be included."""
        return [*sorted(profile.name for profile in self if profile.head.matches), GENERIC]

    def find(self, word: str) -> Profile:
        """The profile of a name, or of another word for it. Raises UnknownPlatform, which names similar words."""
        wanted = bare(word)
        if wanted in self._words:
            return self._words[wanted]
        alike = dict.fromkeys(self._words[other].name for other in near(wanted, self._words))
        hint = f"did you mean {' or '.join(alike)}? " if alike else ""
        raise UnknownPlatform(
            f"unknown platform {word!r}: {hint}Leave it out to have the device recognised; docs/platforms.md lists all"
        )

    def layout(self, name: str) -> Layout:
        """Where a platform keeps its parts, what it includes among it. Raises ProfileFileError."""
        if name not in self._layouts:
            self._layouts[name] = self._with_included(name, ())
        return self._layouts[name]

    def _with_included(self, name: str, outer: tuple[str, ...]) -> Layout:
        profile = self.by_name[name]
        try:
            layout = parse_layout(profile.content())
        except ProfileError as error:
            raise _error(profile, error) from None
        for other in profile.head.include:
            if other not in self.by_name:
                raise _error(profile, ProfileError(("include",), f"there is no profile {other!r}"))
            if other in (name, *outer):
                raise _error(profile, ProfileError(("include",), f"{other} includes {name} in turn"))
            more = self._with_included(other, (*outer, name))
            own = {source.name for source in (*layout.scalars, *layout.tables)}
            layout = Layout(
                entity=layout.entity,
                scalars=(*layout.scalars, *(group for group in more.scalars if group.name not in own)),
                tables=(*layout.tables, *(table for table in more.tables if table.name not in own)),
                coverage={**more.coverage, **layout.coverage},
            )
        return layout

    def with_own(self, path: Path) -> Profiles:
        """These, with those of a file or folder before them: what has the same name is replaced.

        Every one is checked whole. Raises ProfileFileError, OSError.
        """
        return self.adding(list(load(path)))

    def adding(self, own: Sequence[Profile]) -> Profiles:
        """These, with a user's own before them. Raises ProfileFileError."""
        _refuse_equals(own)
        added = {profile.name: profile for profile in own}
        others = {name: profile for name, profile in self.by_name.items() if name not in added}
        merged = Profiles({**others, **added}, self.own | frozenset(added))
        for profile in own:
            merged.layout(profile.name)
            _refuse_costly(profile)
        return merged

    def doubts(self) -> Iterator[str]:
        """What is probably a slip in a user's own profiles, though nothing is wrong in itself: a sentence each.

        What they name and a device does not have is reported of each device: see profile_reader.doubts().
        """
        included = {other for profile in self for other in profile.head.include}
        for name in sorted(self.own):
            profile = self.by_name[name]
            if not profile.head.matches and name not in included:
                yield (
                    f"{profile.origin}: it has no match, so it is used only where snmp_platform names it or another "
                    "profile includes it."
                )

    def to_data(self) -> dict[str, Any]:
        """Plain data that from_data() takes: for a host that has no files of ours."""
        return {name: dict(profile.content()) for name, profile in self.by_name.items()}


@cache
def shipped() -> Profiles:
    """The collection's own profiles. Read once: in a run of Ansible by the parent, before it forks."""
    return load_heads(FOLDER) if FOLDER.is_dir() else Profiles({})


def load_heads(folder: Path) -> Profiles:
    """The profiles of a folder whose files are trusted as ours are: nothing but their heads is read yet."""
    return Profiles({profile.name: profile for profile in _heads(folder)})


def from_data(data: Mapping[str, Any]) -> Profiles:
    """Profiles as to_data() gave them."""
    made = [Profile(_head(name, content, name), name, content) for name, content in data.items()]
    return Profiles({profile.name: profile for profile in made})


def load(path: Path) -> Iterator[Profile]:
    """The profiles of a file, or of all YAML files of a folder. Raises ProfileFileError, OSError."""
    if not path.exists():
        raise ProfileFileError(f"profiles: there is no file or folder {path} (seen from {Path.cwd()})")
    files = _files(path) if path.is_dir() else [path]
    if not files:
        raise ProfileFileError(f"profiles: {path} contains no profile (NAME.yml); subfolders are not read")
    for file in files:
        yield from_text(str(file), text_of(file), file.stem)


def from_text(origin: str, text: str, default_name: str) -> Profile:
    """The profile that a text is. origin: its file, for messages. Raises ProfileFileError."""
    bounded(origin, text)
    data = parsed(origin, text)
    if data is None:
        raise ProfileFileError(f"{origin}: it is empty")
    refuse_repeated(origin, text)
    return Profile(_head(default_name, data, origin), origin, data)


def _heads(folder: Path) -> Iterator[Profile]:
    """The profiles of our folder, of each only what comes before its tables: a run needs all heads, and few bodies.

    They are as trusted as the code beside them: how text_of() reads a user's file takes four times as long. 600 of them
    must not take more than 30 ms, so this spares a Path for each.
    """
    with os.scandir(folder) as entries:
        files = sorted((entry.name, entry.path) for entry in entries if entry.name.endswith(ENDINGS))
    for name, file in files:
        with open(file, "rb", buffering=0) as opened:
            text = opened.read().decode("utf-8")
        data = plain_head(text) or parsed(file, head_of(text)) or {}
        yield Profile(_head(name.rpartition(".")[0], data, file), file)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in ENDINGS)


def _head(default_name: str, data: Any, origin: str) -> Head:
    try:
        return parse_head(data, default_name)
    except ProfileError as error:
        raise ProfileFileError(place(origin, error.keys) + str(error)) from None


def _error(profile: Profile, error: ProfileError) -> ProfileFileError:
    return ProfileFileError(place(profile.origin, error.keys) + str(error))


def _refuse_equals(profiles: Iterable[Profile]) -> None:
    """Two of a user's own profiles must not claim the same devices, nor bear one name."""
    seen: dict[object, Profile] = {}
    for profile in profiles:
        claims: list[object] = [profile.name, *map(claim, profile.head.matches)]
        for key in claims:
            other = seen.setdefault(key, profile)
            if other is not profile:
                what = f"are both named {key}" if key == profile.name else f"both claim {_in_words(key)}"
                raise ProfileFileError(f"{other.origin} and {profile.origin} {what}: change one of them")


def _refuse_costly(profile: Profile) -> None:
    """Its expressions meet texts of devices, which anybody may write. (Those of the collection are tested.)"""
    for keys, pattern in patterns(profile):
        if problem := why_costly(pattern):
            raise _error(profile, ProfileError(keys, f"{pattern.pattern!r}: {problem}"))


def patterns(profile: Profile) -> Iterator[tuple[tuple[Key, ...], re.Pattern[str]]]:
    """The regular expressions of a profile, each with the keys that lead to it."""
    for number, match in enumerate(profile.head.matches):
        if match.description:
            yield ("match", number, "description"), match.description
    layout = parse_layout(profile.content())
    sections = (("scalars", "oids", layout.scalars), ("tables", "columns", layout.tables))
    for section, columns, sources in sections:
        for source in sources:
            if source.shape:
                yield (section, source.name, "shape"), source.shape
            for name, column in source.columns.items():
                if column.match:
                    yield (section, source.name, columns, name, "match"), column.match


def claim(match: Match) -> tuple[Oid, str, Oid]:
    """What a rule claims, comparable."""
    return (match.object_id, match.description.pattern if match.description else "", match.answers)


def _in_words(key: Any) -> str:
    object_id, description, answers = key
    said = [
        f"sysObjectID {'.'.join(map(str, object_id))}" if object_id else "",
        f"sysDescr {description!r}" if description else "",
        f"what answers {'.'.join(map(str, answers))}" if answers else "",
    ]
    return " and ".join(part for part in said if part)
