# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Do the tests notice a mistake? Breaks one place of a room at a time, in a copy, and runs the tests that concern it.

    make mutants ROOM=_probes/plan N=20 SEED=1

ROOM is a folder below plugins/module_utils or plugins/plugin_utils, or one below plugins/ (action, filter). SEED
chooses the places: the same seed gives the same mutants of the same code. First the unit tests of the room are run,
then, if the mutant lived, the other unit tests, the recordings and the fuzzing that import the file. What lived is
printed with its diff: either a test is missing, or nobody can notice the change (it is *equivalent*). The exit status
is 0 in either case. The integration tests are not run, unless you name some (--plays FILE ...): what actions and
callbacks do is mostly seen there.

A tool of our own: mutmut 3 puts a trampoline into each function and finds modules by their path (no collection's
namespace); cosmic-ray neither samples nor drops statements, and brings forty packages.
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ansible_collections.invmon.network.tests.mutations import Mutation, mutations
from ansible_collections.invmon.network.tests.rooms import ROOT, Imports, room_tests

#: Where the tests are that may notice what those of the room did not.
WIDER = (Path("tests/unit"), Path("tests/recordings"), Path("tests/fuzz"))
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0")
#: Seconds of processor time that a run of tests may take: so many times what it takes with the unbroken code, and more.
TIMES, MORE = 3, 20


class Place(NamedTuple):
    """One mutation of one file."""

    path: Path
    source: str  #: the file as it is
    mutation: Mutation

    @property
    def broken(self) -> str:
        return self.mutation.apply(self.source)


def main() -> int:
    arguments = _arguments()
    folder = _folder(arguments.room)
    paths = sorted(path.relative_to(ROOT) for path in folder.glob("*.py"))
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in paths}
    places = [Place(path, source, one) for path, source in sources.items() for one in mutations(source)]
    chosen = random.Random(arguments.seed).sample(places, min(arguments.count, len(places)))
    print(f"{arguments.room}: {len(chosen)} of {len(places)} mutants, seed {arguments.seed}", flush=True)
    if arguments.list:
        for number, place in enumerate(chosen, 1):
            _show(number, place)
        return 0
    lived = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder_name:
        trial = Trial(Path(folder_name) / "checkout", arguments.quick, tuple(arguments.plays))
        for number, place in enumerate(chosen, 1):
            noticed = trial.noticed_by(place)
            lived += not noticed
            print(
                f"{number:3} {noticed or 'LIVED':<9} {place.path}:{place.mutation.line} {place.mutation.kind}",
                flush=True,
            )
            if not noticed:
                _show(number, place)
    print(f"{arguments.room}: {len(chosen)} sampled, {len(chosen) - lived} detected, {lived} lived")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", help="such as _probes/plan, _run, action")
    parser.add_argument("-n", "--count", type=int, default=20, help="how many mutants (20)")
    parser.add_argument("-s", "--seed", type=int, default=1, help="chooses the mutants (1)")
    parser.add_argument(
        "--quick", action="store_true", help="only the unit tests of the room: more lives, in less time"
    )
    parser.add_argument(
        "--plays", nargs="*", type=Path, default=(), metavar="FILE", help="integration tests to run last"
    )
    parser.add_argument("--list", action="store_true", help="only show them")
    return parser.parse_args()


def _folder(room: str) -> Path:
    for top in ("plugins/module_utils", "plugins/plugin_utils", "plugins"):
        if (folder := ROOT / top / room).is_dir():
            return folder
    sys.exit(f"there is no room {room!r} below plugins/")


def _show(number: int, place: Place) -> None:
    before, after = place.source.splitlines(), place.broken.splitlines()
    name = f"{place.path} ({place.mutation.kind})"
    diff = difflib.unified_diff(before, after, f"{number} {name}", name, lineterm="", n=2)
    print("".join(f"    {line}\n" for line in diff), flush=True)


class Ground(NamedTuple):
    """What a mutant is measured by."""

    options: tuple[str, ...]  #: the test files, without the tests that fail anyway
    limit: float  #: seconds of processor time


class Trial:
    """A copy of the checkout in which one file at a time is broken."""

    def __init__(self, checkout: Path, quick: bool = False, plays: tuple[Path, ...] = ()) -> None:
        self._checkout = checkout
        self._quick, self._plays = quick, plays
        self._imports = Imports()
        self._grounds: dict[tuple[Path, ...], Ground] = {}
        _copy(checkout)

    def noticed_by(self, place: Place) -> str:
        """Whose tests notice it: `room`, `wider`, `plays`, or `time` (the limit ended them); nothing if none does."""
        room = room_tests(place.path)
        stages: list[tuple[str, tuple[Path, ...]]] = [("room", tuple(room))] if room else []
        wider = [one for one in self._imports.tests(place.path, WIDER) if one not in room]
        if wider and not self._quick:
            stages.append(("wider", tuple(wider)))
        if self._plays:
            stages.append(("plays", self._plays))
        for name, tests in stages:
            ground = self._grounds.get(tests) or self._grounds.setdefault(tests, self._ground(tests))
            with self._broken(place):
                status = self._run((*PYTEST, "-x", *ground.options), ground.limit)[0]
            if status:
                return "time" if status < 0 else name
        return ""

    @contextmanager
    def _broken(self, place: Place) -> Iterator[None]:
        self._write(place.path, place.broken)
        try:
            yield
        finally:
            self._write(place.path, place.source)

    def _write(self, path: Path, source: str) -> None:
        """Python recognises a changed file by its size and second: what was compiled of it goes as well."""
        target = self._checkout / path
        target.write_text(source, encoding="utf-8")
        Path(importlib.util.cache_from_source(str(target))).unlink(missing_ok=True)

    def _ground(self, tests: tuple[Path, ...]) -> Ground:
        """How these tests do with the unbroken code."""
        before = _processor_seconds()
        names = tuple(map(str, tests))
        text = self._run((*PYTEST, *names), None)[1]
        failing = re.findall(r"^(?:FAILED|ERROR) (\S+(?:\[.*?\](?= - |$))?)", text, re.MULTILINE)
        if failing:
            print(f"NOT USED, for they fail without any mutant: {', '.join(failing)}", flush=True)
        without = tuple(f"--deselect={name}" for name in failing)
        return Ground((*names, *without), TIMES * (_processor_seconds() - before) + MORE)

    def _run(self, command: tuple[str, ...], limit: float | None) -> tuple[int, str]:
        """The exit status of pytest, negative if it was ended for its time; and what it printed."""

        def limited() -> None:
            if limit:
                resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))

        started = time.monotonic()
        # Waiting costs no processor time, so there is a limit on the clock as well, for a machine that does other work.
        clock = 10 * limit if limit else None
        try:
            done = subprocess.run(
                command, cwd=self._checkout, capture_output=True, timeout=clock, preexec_fn=limited, check=False
            )
        except subprocess.TimeoutExpired:
            return -int(time.monotonic() - started), ""
        text = done.stdout.decode(errors="replace")
        if done.returncode in (3, 4):
            sys.exit(f"pytest could not run {' '.join(command)}:\n{text}{done.stderr.decode(errors='replace')}")
        return (0 if done.returncode == 5 else done.returncode), text  # 5: no test is left


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _copy(checkout: Path) -> None:
    """The files of the checkout, as they are now, and the link by which they are a collection."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = ROOT / name, checkout / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    link = checkout / ".build/collections/ansible_collections/invmon/network"
    link.parent.mkdir(parents=True)
    link.symlink_to("../../../..")


if __name__ == "__main__":
    raise SystemExit(main())
