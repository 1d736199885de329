# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a release: version, changelog, checks of the archive, commit and tag. Nothing is pushed.

    make release VERSION=0.2.0 [DRY=1]           python tests/release.py 0.2.0 [--dry-run]
    make version VERSION=0.3.0                   python tests/release.py 0.3.0 --version-only

The work is done in a worktree of its own; the checkout gets the commit and the tag when everything has succeeded, and
stays as it is otherwise. With --dry-run it always stays, and the changelog is printed. With --version-only, only the
version is set in every file that names it, for the changes after a release.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
#: Targets of make that must pass on the commit of the release.
CHECKS = ("lint", "docs", "docs-site", "repository", "package", "galaxy")
#: How files name the version, apart from galaxy.yml: that of the archive, and of an image built with it.
MENTIONS = re.compile(r"(?:invmon-network-|registry\.example\.com/invmon:)(\d+\.\d+\.\d+)")


class ReleaseError(Exception):
    """Why there is no release, with what to do."""


def pages(root: Path) -> list[Path]:
    """The files that may name the version, apart from galaxy.yml."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md")), *sorted((root / "docs" / "awx").rglob("*.yml"))]


def mentions(root: Path) -> dict[str, set[str]]:
    """File -> the versions that it names; only files that name one."""
    found = {str(page.relative_to(root)): page.read_text(encoding="utf-8") for page in pages(root)}
    named = {page: set(MENTIONS.findall(text)) for page, text in found.items() if MENTIONS.search(text)}
    return {"galaxy.yml": {galaxy_version(root)}} | named


def galaxy_version(root: Path) -> str:
    return str(yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def set_version(root: Path, version: str) -> None:
    """Write `version` wherever a version is named."""
    galaxy = root / "galaxy.yml"
    text = galaxy.read_text(encoding="utf-8")
    galaxy.write_text(re.sub(r"^version: .*$", f"version: {version}", text, flags=re.MULTILINE), encoding="utf-8")
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        changed = MENTIONS.sub(lambda found: found[0].removesuffix(found[1]) + version, text)
        if changed != text:
            page.write_text(changed, encoding="utf-8")


def run(*command: str, folder: Path) -> str:
    """Run a command in `folder`, with the tools of this Python's environment first. Raises ReleaseError."""
    # Without what a make that called this would hand on to the one that is called here.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)} failed ({done.returncode}):\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def numbers(version: str) -> tuple[int, ...]:
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise ReleaseError(f"{version!r} is not a version such as 0.2.0.")
    return tuple(map(int, version.split(".")))


def check(root: Path, version: str) -> None:
    """Raise ReleaseError if `version` cannot be released from this checkout."""
    wanted = numbers(version)
    if changed := run("git", "status", "--porcelain", folder=root):
        raise ReleaseError(f"Some changes are not committed. Commit or remove them:\n{changed.rstrip()}")
    released = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    last = max(released, key=numbers)
    if wanted <= numbers(last):
        raise ReleaseError(f"{version} is not newer than {last}, the last release in changelogs/changelog.yaml.")
    if run("git", "tag", "--list", version, folder=root):
        raise ReleaseError(f"The tag {version} already exists.")
    if not any((root / "changelogs" / "fragments").glob("*.yml")):
        raise ReleaseError("changelogs/fragments is empty: there is nothing to release.")


@contextmanager
def worktree(root: Path) -> Iterator[Path]:
    """A worktree of the last commit, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "release"
        run("git", "worktree", "add", "--quiet", "--detach", str(tree), folder=root)
        try:
            yield tree
        finally:
            run("git", "worktree", "remove", "--force", str(tree), folder=root)


def commit(tree: Path, version: str) -> None:
    """Set the version, write the changelog, and commit both."""
    set_version(tree, version)
    run("antsibull-changelog", "lint", folder=tree)
    run("antsibull-changelog", "release", "--version", version, folder=tree)
    run("git", "add", "--all", folder=tree)
    run("git", "commit", "--quiet", "--message", f"Release {version}", folder=tree)


def release(root: Path, version: str, checks: list[str], dry: bool) -> None:
    """Release `version` from the checkout `root`. Raises ReleaseError, and then nothing has changed."""
    check(root, version)
    with worktree(root) as tree:
        commit(tree, version)
        if checks:
            print(f"Release {version}: {', '.join(checks)} ...", flush=True)
            run("make", *checks, f"VENV={Path(sys.executable).parents[1]}", folder=tree)
        if dry:
            print(run("antsibull-changelog", "generate", "--output", "/dev/stdout", "--only-latest", folder=tree))
            print(f"Release {version}, dry run: everything would succeed; nothing was kept.")
            return
        made = run("git", "rev-parse", "HEAD", folder=tree).strip()
    run("git", "merge", "--quiet", "--ff-only", made, folder=root)
    run("git", "tag", "--annotate", "--message", f"Release {version}", version, folder=root)
    branch = run("git", "branch", "--show-current", folder=root).strip() or "HEAD"
    print(f"Release {version} is committed and tagged. To publish it: git push origin {branch} {version}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="the version, such as 0.2.0")
    parser.add_argument("--dry-run", action="store_true", help="show what the release would be, keep nothing")
    parser.add_argument("--version-only", action="store_true", help="set the version in the checkout, nothing else")
    parser.add_argument("--checks", default=" ".join(CHECKS), help="targets of make that must pass (%(default)s)")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (%(default)s)")
    options = parser.parse_args()
    try:
        if options.version_only:
            numbers(options.version)
            set_version(options.root, options.version)
        else:
            release(options.root, options.version, options.checks.split(), options.dry_run)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
