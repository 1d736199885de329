# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked at once, before the first device is asked: one check is one function from a Run to its Findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ansible.module_utils.parsing.convert_bool import boolean

from .run_tags import Tags, leave, unknown_tags


class Findings(NamedTuple):
    """What a check found, a sentence each, without secrets and fit for a terminal."""

    errors: Sequence[str] = ()  #: the run must not begin
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Run:
    """What there is to know of a run before it asks anybody."""

    #: What the playbook does: some of PARTS of the action. A part of the name of a tag runs only if the tags leave it.
    parts: frozenset[str]
    #: Value of a variable as a task of the play sees it, templates filled in; None if it is not set, or to nothing.
    variable: Callable[[str], Any] = field(default=lambda name: None)
    only_tags: Sequence[str] = ()
    skip_tags: Sequence[str] = ()
    #: Tags of the playbooks on the command line. Called only if the run was given tags.
    tags: Callable[[], Tags] = field(default=lambda: Tags(frozenset()))
    #: Why nothing could be written to NetBox, a sentence each. True: the run speaks with one NetBox alone.
    netbox_problems: Callable[[bool], Sequence[str]] = field(default=lambda one: ())

    def does(self, part: str) -> bool:
        """Whether this run does this part of the playbook."""
        return part in self.parts and leave(part, self.only_tags, self.skip_tags)


def check_tags(run: Run) -> Findings:
    """A tag that no task has: Ansible would run nothing, and the run would look well."""
    only = [tag for tag in run.only_tags if tag != "all"]
    if not only and not run.skip_tags:
        return Findings()
    tags = run.tags()
    found = unknown_tags("--tags", only, tags) + unknown_tags("--skip-tags", run.skip_tags, tags)
    return Findings(errors=found) if tags.all_known else Findings(warnings=found)


def check_netbox(run: Run) -> Findings:
    """A NetBox, or its token, that nobody names: what devices say could not be written."""
    if run.does("upload"):
        # A plan is for one NetBox.
        plan = run.variable("upload_plan_file") or boolean(run.variable("upload_apply_plan") or False, strict=False)
        return Findings(errors=run.netbox_problems(bool(plan)))
    if run.does("hygiene") or run.does("restore"):
        return Findings(errors=run.netbox_problems(True))
    return Findings()


#: All checks, in the order in which a person would correct what they find.
CHECKS: tuple[Callable[[Run], Findings], ...] = (check_tags, check_netbox)


def check_run(run: Run, checks: Iterable[Callable[[Run], Findings]] = CHECKS) -> Findings:
    """What all checks find, each sentence once."""
    found = [check(run) for check in checks]
    errors = list(dict.fromkeys(sentence for one in found for sentence in one.errors))
    warnings = list(dict.fromkeys(sentence for one in found for sentence in one.warnings))
    return Findings(errors, warnings)
