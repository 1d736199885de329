# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of a run: for a tag that no task has, Ansible runs nothing and reports success."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.playbook import Playbook
from ansible.playbook.block import Block
from ansible.utils.collection_loader._collection_finder import _get_collection_playbook_path

from ...module_utils._common.near import did_you_mean

#: Tags of Ansible's own.
SPECIAL = frozenset({"all", "always", "never", "tagged", "untagged"})
#: Tags that a user does not ask for by name.
UNLISTED = frozenset({"always", "never"})


@dataclass(frozen=True)
class Tags:
    """The tags of playbooks."""

    names: frozenset[str]
    #: False where tasks are included while the playbook runs: what these have is not known before.
    all_known: bool = True


def tags_of_playbooks(paths: Iterable[str], variable_manager: Any, loader: Any) -> Tags:
    """The tags of all plays and tasks of the playbooks, as `--list-tags` finds them, whatever this run leaves out.

    :param paths: as on the command line of ansible-playbook. One that cannot be loaded again leaves the tags unknown.
    """
    names: set[str] = set()
    all_known = True
    for path in paths:
        try:
            resource = _get_collection_playbook_path(path)
            playbook = Playbook.load(resource[1] if resource else path, variable_manager, loader)
            for play in playbook.get_plays():
                names.update(map(str, play.tags))
                for task in _tasks(play.compile()):
                    names.update(map(str, task.tags))
                    all_known = all_known and task.action not in (*C._ACTION_INCLUDE_TASKS, *C._ACTION_INCLUDE_ROLE)
        except (AnsibleError, OSError):
            all_known = False
    return Tags(frozenset(names), all_known)


def _tasks(blocks: Iterable[Any]) -> Iterator[Any]:
    for one in blocks:
        if isinstance(one, Block):
            yield from _tasks((*one.block, *one.rescue, *one.always))
        else:
            yield one


def unknown_tags(option: str, asked: Iterable[str], tags: Tags) -> list[str]:
    """A sentence for each tag that was asked for with the option (`--tags`, `--skip-tags`) and that no task has."""
    listed = sorted(tags.names - UNLISTED)
    has = f"The tags of this playbook are {', '.join(listed)}." if listed else "This playbook has no tags."
    return [
        f"{option} {tag}: no task has this tag.{did_you_mean(tag, listed)} {has}"
        for tag in dict.fromkeys(map(str, asked))
        if tag not in tags.names | SPECIAL
    ]


def leave(tag: str, only: Sequence[str], skip: Sequence[str]) -> bool:
    """Whether a task with this tag runs under these `--tags` and `--skip-tags` (Ansible's rules)."""
    wanted = not only or bool({"all", "tagged", tag} & set(only))
    return wanted and not {"all", "tagged", tag} & set(skip)
