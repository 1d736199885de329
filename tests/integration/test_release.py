# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release by one command, in a repository of its own: what it commits and announces, and what stops it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.runner import ROOT
from ansible_collections.invmon.network.tests.release import (
    ReleaseError,
    check,
    galaxy_version,
    mentions,
    numbers,
    release,
    set_version,
)

#: What a release reads and writes.
PARTS = ("changelogs", "docs", "galaxy.yml", "meta", "playbooks", "plugins", "README.md", "roles")
LAST = max(yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text())["releases"], key=numbers)
#: The version that comes next; right after a release galaxy.yml still has the last one.
NEXT = galaxy_version(ROOT) if galaxy_version(ROOT) != LAST else f"{numbers(LAST)[0] + 1}.0.0"


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit: the collection as it is now."""
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(name, "A Maintainer")
    for name in ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "maintainer@example.com")
    root = tmp_path / "checkout"
    root.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__", ".plugin-cache.yaml"))
        else:
            shutil.copy(source, root / part)
    (root / ".gitignore").write_text("__pycache__/\n/changelogs/.plugin-cache.yaml\n")
    (root / "changelogs" / "fragments" / "one.yml").write_text("bugfixes: [Something was mended.]\n")
    set_version(root, LAST)
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "As it is")
    return root


def announced(changelog: str) -> set[str]:
    """The plugins, modules, roles and playbooks that a changelog lists as new."""
    return {name.replace("\\", "") for name in re.findall(r"^\* (invmon\\\.network\\\.\S+) ", changelog, re.MULTILINE)}


def test_a_release_is_a_commit_and_a_tag_whose_changelog_announces_everything(checkout: Path) -> None:
    release(checkout, NEXT, checks=[], dry=False)
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "show", "--no-patch", "--format=%s", NEXT).endswith(f"Release {NEXT}")
    assert git(checkout, "rev-parse", f"{NEXT}^{{commit}}") == git(checkout, "rev-parse", "main")
    assert {version for versions in mentions(checkout).values() for version in versions} == {NEXT}
    assert list((checkout / "changelogs" / "fragments").glob("*.yml")) == []
    changelog = (checkout / "CHANGELOG.md").read_text()
    assert "Something was mended" in changelog.partition(f"## v{NEXT}".replace(".", "\\."))[2]
    plugins = (
        path.stem
        for kind in ("callback", "filter", "inventory", "lookup", "modules")
        for path in (checkout / "plugins" / kind).glob("[!_]*.py")
    )
    # NAME.meta.yml documents the variables of the playbook NAME.yml.
    playbooks = {path.name.partition(".")[0] for path in (checkout / "playbooks").glob("*.yml")}
    roles = {path.name for path in (checkout / "roles").iterdir()}
    assert announced(changelog) == {f"invmon.network.{name}" for name in (*plugins, *playbooks, *roles)}


def test_a_release_that_fails_leaves_everything_as_it_was(checkout: Path) -> None:
    (checkout / "changelogs" / "fragments" / "one.yml").write_text("bugfixes: {not: a list}\n")
    git(checkout, "commit", "--quiet", "--all", "--message", "A fragment that antsibull-changelog refuses")
    before = git(checkout, "rev-parse", "HEAD")
    with pytest.raises(ReleaseError, match=r"one\.yml"):
        release(checkout, NEXT, checks=[], dry=False)
    assert git(checkout, "rev-parse", "HEAD") == before
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "tag", "--list") == ""
    assert len(git(checkout, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize(
    ("version", "spoil", "message"),
    [
        ("0.2", "", "not a version"),
        (LAST, "", f"not newer than {LAST}"),
        (NEXT, "touch new.txt", "not committed"),
        (NEXT, f"git tag {NEXT}", "already exists"),
        (NEXT, "git rm -q changelogs/fragments/*.yml && git commit -qm none", "nothing to release"),
    ],
)
def test_what_cannot_be_released_is_refused(checkout: Path, version: str, spoil: str, message: str) -> None:
    subprocess.run(spoil, shell=True, cwd=checkout, check=True)
    with pytest.raises(ReleaseError, match=message):
        check(checkout, version)
