# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MIBs of the user: read from folders, compiled once, and kept as facts as those of the collection are.

What was compiled is kept below FOLDER, in a folder that the content of all the MIBs names, so that a changed MIB is
compiled again, and an unchanged one is not. It is written beside and renamed: a fork finds all of it or nothing. One
fork compiles, the others wait for it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .._common.files import write_whole
from .._common.private_files import PrivateFileError, read_regular
from .._outgoing.text import printable
from .compiled import oids_and_names
from .compiler import compile_mibs
from .errors import MibError
from .library import NAMES, OIDS, STANDARD, Mib, standard

#: Where facts are kept: the environment variable that names the folder, and the usual one.
VARIABLE, FOLDER = "INVMON_MIBS", "~/.ansible/invmon/mibs"
#: Files in the folders of a user, and octets of one and of all of them.
MOST_FILES, MOST_OCTETS, MOST_OCTETS_OF_ALL = 5_000, 8 * 2**20, 128 * 2**20
#: Part of what names a folder of facts; raised when they change their form.
_FORM = b"1"
_PROBLEMS = "problems.json"
#: Contents of which the facts are kept: the newest ones.
_KEPT = 20

_MODULE = re.compile(r"^[ \t]*([A-Z][A-Za-z0-9-]{0,63})\s+DEFINITIONS\s*(?:[A-Z]+\s+TAGS\s*)?::=\s*BEGIN\b", re.M)


def user_mib(folders: Sequence[Path]) -> tuple[Mib, list[str]]:
    """The MIBs of the folders and those of the collection; and a sentence about each that could not be compiled.

    Raises MibError: a folder cannot be read, or nothing can be compiled here.
    """
    texts = texts_in(folders)
    # Of the MIBs of the collection too: those of the user import from them.
    digest = hashlib.sha256(_FORM + (STANDARD / NAMES).read_bytes())
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + hashlib.sha256(texts[name].encode()).digest())
    root = Path(os.environ.get(VARIABLE) or FOLDER).expanduser()
    kept = root / digest.hexdigest()[:32]
    try:
        if not kept.is_dir():
            with _alone(root):
                if not kept.is_dir():
                    _compile(texts, kept)
                    _forget_old(root)
        _check_owner(root)
        problems = json.loads((kept / _PROBLEMS).read_bytes())
    except OSError as error:
        raise MibError(
            f"Compiled MIBs cannot be kept in {printable(root)}: {error.strerror or error}",
            f"correct that, or name another folder in the environment variable {VARIABLE}",
        ) from None
    return Mib([kept, STANDARD]), list(problems)


def texts_in(folders: Sequence[Path]) -> dict[str, str]:
    """The texts of the modules in the folders, by their names; the first one of a name.

    Raises MibError.
    """
    found: dict[str, str] = {}
    octets = files = 0
    for folder in folders:
        if not folder.is_dir():
            raise MibError(f"{printable(folder)} of mib_dirs is not a folder", "name folders with MIBs")
        for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
            try:
                content = read_regular(path, MOST_OCTETS)
            except PrivateFileError as error:
                raise MibError(f"mib_dirs: {error}") from None
            octets, files = octets + len(content), files + 1
            if octets > MOST_OCTETS_OF_ALL or files > MOST_FILES:
                raise MibError(
                    f"The folders of mib_dirs have more than {MOST_FILES:,} files or {MOST_OCTETS_OF_ALL:,} octets",
                    "copy the MIBs that you need, and those that they import, to a folder of their own",
                )
            for name, text in _modules(content.decode("utf-8", "replace")):
                found.setdefault(name, text)
    return found


def _modules(text: str) -> Iterator[tuple[str, str]]:
    """The modules of a file: usually one. None in a file that is no MIB."""
    begins = list(_MODULE.finditer(text))
    for place, begin in enumerate(begins):
        end = begins[place + 1].start() if place + 1 < len(begins) else len(text)
        yield begin[1], text[begin.start() : end]


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """While no other process compiles."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _compile(texts: Mapping[str, str], kept: Path) -> None:
    result = compile_mibs(texts, list(texts), standard())
    modules = [result.modules[name] for name in sorted(result.modules)]
    beside = Path(tempfile.mkdtemp(prefix=".new.", dir=kept.parent))
    try:
        for module in modules:
            _write(beside / f"{module['module']}.json", module)
        for name, table in zip((OIDS, NAMES), oids_and_names(modules), strict=True):
            _write(beside / name, table)
        _write(beside / _PROBLEMS, result.problems)
        beside.rename(kept)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _write(path: Path, data: object) -> None:
    write_whole(path, json.dumps(data).encode())


def _forget_old(root: Path) -> None:
    """Remove what was compiled of former contents, and what a killed process left."""
    folders = [path for path in root.iterdir() if path.is_dir()]
    old = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]
    for path in old:
        with suppress(OSError):
            shutil.rmtree(path)


def _check_owner(root: Path) -> None:
    """Facts decide what is asked for: no other user may have written them. Raises MibError, OSError."""
    found = root.stat()
    if found.st_uid not in (os.geteuid(), 0) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise MibError(
            f"Compiled MIBs are not read from {printable(root)}, because other users can write it",
            f"chmod go-w it, or name another folder in the environment variable {VARIABLE}",
        )
