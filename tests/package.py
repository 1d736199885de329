# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the collection whole as a user gets it? Build it, install it into an empty folder, run the dry run from there.

    python tests/run.py tests/package.py

Nothing of the checkout is on Ansible's paths, so a file that galaxy.yml leaves out is missed here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

from ansible_collections.invmon.network.tests.sandbox.sandbox import INVENTORY, Sandbox

#: Never in the package: what only a checkout has.
STRANGERS = (".git", ".build", ".venv", ".sandbox", "__pycache__")


def run(*command: str, folder: Path, collections: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of this Python's environment in `folder`, with an Ansible that knows only `collections`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "NETBOX_"))}
    environment |= {"ANSIBLE_COLLECTIONS_PATH": str(collections), "ANSIBLE_HOME": str(folder / "home")}
    tool = str(Path(sys.executable).with_name(command[0]))
    return subprocess.run(
        [tool, *command[1:]], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collections = folder / "collections"
        built = run("ansible-galaxy", "collection", "build", str(ROOT), folder=folder, collections=collections)
        if built.returncode:
            return fail("ansible-galaxy collection build", built)
        (archive,) = folder.glob("*.tar.gz")
        installed = run(
            *("ansible-galaxy", "collection", "install", str(archive), "-p", str(collections)),
            folder=folder,
            collections=collections,
        )
        if installed.returncode:
            return fail("ansible-galaxy collection install", installed)
        strangers = [path for path in collections.rglob("*") if any(part in STRANGERS for part in path.parts[-2:])]
        if strangers:
            print(
                f"package: {strangers[0].name} is in the package and does not belong there (galaxy.yml, build_ignore)"
            )
            return 1
        if wrong := install_again(folder, collections, archive) or install_from_git(folder):
            return wrong
        return dry_run(folder, collections, archive)


def install_again(folder: Path, collections: Path, archive: Path) -> int:
    """A newer build of the same version takes the place of the older one, by the README's commands."""
    changed = collections / "ansible_collections" / "invmon" / "network" / "README.md"
    changed.write_text("older")
    for command in (
        ("build", "--force", "--output-path", str(folder), str(ROOT)),
        ("install", "--force", str(archive), "-p", str(collections)),
    ):
        result = run("ansible-galaxy", "collection", *command, folder=folder, collections=collections)
        if result.returncode:
            return fail(f"ansible-galaxy collection {' '.join(command[:2])}", result)
        if f"collection {' '.join(command[:2])}" not in (ROOT / "README.md").read_text(encoding="utf-8"):
            print(f"package: the README does not show ansible-galaxy collection {' '.join(command[:2])}")
            return 1
    if changed.read_bytes() != (ROOT / "README.md").read_bytes():
        print("package: a second install left the older build in place")
        return 1
    if archive.name not in changed.read_text(encoding="utf-8"):
        print(f"package: the README installs another version than {archive.name}")
        return 1
    return 0


def install_from_git(folder: Path) -> int:
    """As git+https does it, from the last commit of this checkout."""
    collections = folder / "from-git"
    source = ("ansible-galaxy", "collection", "install", f"git+file://{ROOT}", "-p", str(collections))
    result = run(*source, folder=folder, collections=collections)
    installed = collections / "ansible_collections" / "invmon" / "network" / "meta" / "ee-requirements.txt"
    return 0 if installed.exists() else fail("ansible-galaxy collection install git+file://", result)


def dry_run(folder: Path, collections: Path, archive: Path) -> int:
    """The demo's first step, by the names that an installed collection has."""
    with Sandbox(folder / "sandbox") as sandbox:
        result = run(
            *("ansible-playbook", "-i", str(sandbox.folder / INVENTORY), "invmon.network.inventory"),
            *("--check", "--diff", "--forks", "10"),
            folder=folder,
            collections=collections,
        )
    said = ("Inventory, dry run: ", "This was a dry run: ")
    summary = [line for line in result.stdout.splitlines() if line.startswith(said)]
    # 2: some devices failed, as the sandbox has them.
    if result.returncode != 2 or len(summary) < 2:
        return fail("the dry run with the installed collection", result)
    print(f"package: {archive.name} builds, installs and runs by itself: {'; '.join(summary)}")
    return 0


def fail(what: str, result: subprocess.CompletedProcess[str]) -> int:
    print(f"package: {what} failed ({result.returncode}):\n{result.stdout[-4000:]}\n{result.stderr[-4000:]}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
