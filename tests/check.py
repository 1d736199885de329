# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of `make check`: the unit tests that concern what differs from the main branch, else all that are fast.

    python tests/run.py tests/check.py [--base main]

Of a changed file of plugins/ these are the tests of its room, and the fast ones of the files that import it directly;
of a changed test or model of tests/unit the tests themselves; of a profile or a recording all recordings; of a variable
of a role or playbook the test of the page that lists them. Where that finds none (nothing changed, or what changed
concerns everything), all fast unit tests are run. What is left out is printed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from ansible_collections.invmon.network.tests.rooms import ROOT, UNITS, is_test, our_imports, room_tests

#: Not in any selection: their processes, playbooks and servers take minutes.
ELSEWHERE = "contract integration attacks"
#: A file whose change concerns every test.
EVERYTHING = (Path("pyproject.toml"), Path("requirements.txt"), Path("tests/requirements.txt"))
ARCHITECTURE = UNITS / "plugins" / "test_architecture.py"
#: It imports every module by its name.
ARGUMENT_SPECS = UNITS / "plugins" / "test_argument_specs.py"
#: Read with the profiles by tests of their own, all of them: a profile may take the devices of another.
RECORDINGS = Path("tests/recordings")
PROFILES = Path("plugins/module_utils/_devices/profiles")
VARIABLES = UNITS / "plugins" / "plugin_utils" / "_run" / "test_variables_page.py"
#: Where variables are described.
SPECS = (Path("roles"), Path("playbooks"), Path("tests/variables_page.yml"))
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the unit tests that concern what changed.")
    parser.add_argument("--base", default="main", help="the branch with which the checkout is compared")
    parser.add_argument("--list", action="store_true", help="only say which tests those are")
    arguments = parser.parse_args()
    files = changed(arguments.base)
    whole, fast = selection(files)
    every = {path.relative_to(ROOT) for path in (ROOT / UNITS).rglob("test_*.py")}
    chosen = whole | fast
    if not chosen or set(EVERYTHING) & files:
        whole, fast = whole - every, every
        print(f"{len(files)} files differ from {arguments.base}: all fast unit tests.")
    else:
        units = f"{len(chosen & every)} of {len(every)} files of unit tests"
        print(f"{len(files)} files differ from {arguments.base}: {units}.")
    elsewhere = f"make {ELSEWHERE}"
    if chosen <= every:
        elsewhere = f"make recordings {ELSEWHERE}"
    else:
        print("A profile or a recording is among them: all recordings are read.")
    print(f"Left out: {len(every - whole - fast)} other files, the slow tests of {len(fast)}; {elsewhere}.", flush=True)
    if arguments.list:
        print(*sorted(whole), *(f"{path} (fast)" for path in sorted(fast)), sep="\n")
        return 0
    return max(_pytest(whole), _pytest(fast, "-m", "not slow"))


def changed(base: str) -> set[Path]:
    """The files that differ from where this branch left the base, committed or not; those that were deleted too."""
    found = subprocess.run(["git", "merge-base", "HEAD", base], cwd=ROOT, capture_output=True, text=True, check=False)
    since = found.stdout.strip() or "HEAD"
    names = _git("diff", "--name-only", "-z", since) + _git("ls-files", "-z", "--others", "--exclude-standard")
    return {Path(name) for name in names}


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name]


def selection(files: Iterable[Path]) -> tuple[set[Path], set[Path]]:
    """The test files of which all tests concern these files, and those of which the fast ones do."""
    imports = our_imports()
    whole: set[Path] = set()
    fast: set[Path] = set()
    for path in files:
        near = {test for test, distance in imports.distances(path).items() if distance == 1 and _is_unit(test)}
        if _is_unit(path) and (ROOT / path).exists():
            whole.add(path)
        elif path.parts[0] == "plugins":
            whole |= set(room_tests(path))
            fast |= near | {ARCHITECTURE, ARGUMENT_SPECS}
        elif path.is_relative_to("tests"):
            fast |= near
        elif path.suffix == ".md":
            fast.add(ARCHITECTURE)
        if path.is_relative_to(PROFILES) or path.is_relative_to(RECORDINGS):
            whole |= {test.relative_to(ROOT) for test in (ROOT / RECORDINGS).glob("test_*.py")}
        if any(path.is_relative_to(folder) for folder in SPECS):
            fast.add(VARIABLES)
    return whole, fast - whole


def _is_unit(path: Path) -> bool:
    return is_test(path) and path.is_relative_to(UNITS)


def _pytest(tests: Iterable[Path], *options: str) -> int:
    names = sorted(map(str, tests))
    if not names:
        return 0
    done = subprocess.run([*PYTEST, *options, *names], cwd=ROOT, check=False)
    return 0 if done.returncode == 5 else done.returncode  # 5: each of them is a slow one


if __name__ == "__main__":
    raise SystemExit(main())
