# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known about a run before it asks a device, and what a check of it finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ansible.module_utils.parsing.convert_bool import boolean

from .given_variables import Given
from .known_variables import Known
from .run_tags import Tags, leave

#: What needs the connection to NetBox.
WITH_NETBOX = ("upload", "hygiene", "restore")


class Findings(NamedTuple):
    """What a check found, a sentence each, without secrets and fit for a terminal."""

    errors: Sequence[str] = ()  #: the run must not begin
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Run:
    """A run of a playbook."""

    #: What the playbook does (see the module run_check). Tags may leave out the tasks of `collect` or `upload`.
    parts: Collection[str] = ()
    #: Value of a variable as a task of the play sees it, templates filled in; None if it is not set, or to nothing.
    variable: Callable[[str], Any] = lambda name: None
    #: A value with its templates filled in; None for empty text. Raises AnsibleError if that cannot be done.
    fill: Callable[[Any], Any] = lambda value: value
    #: The variables that a person set, and where.
    given: Collection[Given] = ()
    #: Whether a group has a host in the play.
    has_hosts: Callable[[str], bool] = lambda group: True
    #: Why nothing could be written to NetBox, a sentence each. True: the run speaks with one NetBox alone.
    netbox_problems: Callable[[bool], Sequence[str]] = lambda one: ()
    only_tags: Sequence[str] = ()
    skip_tags: Sequence[str] = ()
    #: Tags of the playbooks on the command line. Called only if the run was given tags.
    tags: Callable[[], Tags] = lambda: Tags(frozenset())

    def does(self, part: str) -> bool:
        """Whether this run does this part of the playbook; "run" is all of it, "netbox" what needs NetBox."""
        if part == "run":
            return True
        if part == "netbox":
            return any(map(self.does, WITH_NETBOX)) or (self.does("discover") and self.compares)
        return part in self.parts and leave(part, self.only_tags, self.skip_tags)

    @property
    def compares(self) -> bool:
        """Whether a discovery is compared with NetBox: unless it is told not to."""
        wanted = self.variable("discover_netbox")
        return wanted is None or bool(boolean(wanted, strict=False))

    def reads(self, known: Known) -> bool:
        """Whether this run reads the variable."""
        return any(map(self.does, known.parts))

    def concerns(self, one: Given) -> bool:
        """Whether the play has a host for which this variable is set."""
        return one.group is None or self.has_hosts(one.group)

    def sets(self, names: Iterable[str], scopes: Iterable[str]) -> bool:
        """Whether one of these variables is set to something in one of the scopes of given_variables."""
        wanted, among = frozenset(names), frozenset(scopes)
        return any(one.name in wanted and one.scope in among and one.value != "" for one in self.given)
