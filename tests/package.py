# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the collection whole as a user gets it? Build it, install it into an empty folder, run the dry run from there.

    python tests/run.py tests/package.py

Nothing of the checkout is on Ansible's paths, so a file that galaxy.yml leaves out is missed here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

from ansible_collections.invmon.network.tests.sandbox.sandbox import INVENTORY, Sandbox

#: All that belongs in the archive, by its first folder or name: what is used, and what users read.
FOLDERS = {"changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "roles", "tests"}
PAGES = {"CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"}
FILES = PAGES | {"MANIFEST.json", "FILES.json", "requirements.txt", "bindep.txt"}
#: What is there of two of these folders.
OF_CHANGELOGS, OF_TESTS = {"changelogs/changelog.yaml", "changelogs/config.yaml"}, {"tests/config.yml"}
#: Never anywhere in it: what only a checkout has.
STRANGERS = {".git", ".build", ".venv", ".sandbox", "__pycache__"}
#: Octets. Without the tests and their recordings it has under this; half of it is facts of MIBs, and pictures.
LARGEST = 2_000_000


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
        if wrong := contents(archive):
            return wrong
        if wrong := install_again(folder, collections, archive) or install_from_git(folder):
            return wrong
        return dry_run(folder, collections, archive)


def contents(archive: Path) -> int:
    """The archive has what is used and read, and nothing else of the checkout; links of its pages lead somewhere."""
    with tarfile.open(archive) as opened:
        names = {member.name: member.isfile() for member in opened.getmembers()}
        pages = {name: _text(opened, name) for name in names if name.endswith(".md")}
    files = {name for name, is_file in names.items() if is_file}
    strangers = sorted(name for name in files if not _belongs(name))
    for name in strangers:
        print(f"package: {name} is in the archive and does not belong there (galaxy.yml, build_ignore)")
    missing = sorted((FILES | OF_CHANGELOGS | OF_TESTS) - files)
    for name in missing:
        print(f"package: {name} is missing in the archive (galaxy.yml, build_ignore)")
    dead = [
        f"{page}: {link}"
        for page, text in sorted(pages.items())
        for link in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
        if os.path.normpath(Path(page).parent / link) not in names
    ]
    for link in dead:
        print(f"package: a link to what is not in the archive: {link}")
    if archive.stat().st_size > LARGEST:
        print(f"package: {archive.name} has {archive.stat().st_size} bytes; what is it that users do not need?")
    return int(bool(strangers or missing or dead) or archive.stat().st_size > LARGEST)


def _belongs(name: str) -> bool:
    parts = Path(name).parts
    if set(parts) & STRANGERS:
        return False
    if parts[0] in ("changelogs", "tests"):
        return name in OF_CHANGELOGS | OF_TESTS
    return parts[0] in FOLDERS if len(parts) > 1 else name in FILES


def _text(archive: tarfile.TarFile, name: str) -> str:
    """A page as it is shown: without comments."""
    opened = archive.extractfile(name)
    return re.sub(r"<!--.*?-->", "", opened.read().decode(), flags=re.DOTALL) if opened else ""


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
        if f"ansible-galaxy collection {command[0]} " not in (ROOT / "README.md").read_text(encoding="utf-8"):
            print(f"package: the README does not show ansible-galaxy collection {command[0]}")
            return 1
    if changed.read_bytes() != (ROOT / "README.md").read_bytes():
        print("package: a second install left the older build in place")
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
