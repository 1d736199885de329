# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback invmon.network.progress: from Ansible's events to a tally, and from there to the screen."""

from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: aggregate
short_description: How far the collecting of hardware is, while it runs
version_added: 0.2.0
description:
  - Counts the devices that M(invmon.network.snmp_entity_facts) and M(invmon.network.snmp_entity_batch) have asked, and
    shows how many of how many are done, how many failed, how many parts were found, at which rate, and how long the
    rest will take.
  - On a terminal this is one line at the bottom that stays there while Ansible writes above it. It has colours where
    the Python library C(rich) is installed. Without it, or with E(NO_COLOR), it is plain.
  - Elsewhere (AWX, CI, a pipe, C(TERM=dumb)) it is a line of text every few seconds.
  - After the recap it prints the summary of the run, which the task M(invmon.network.run_record) prints otherwise, and
    names the slowest devices. If the run uploads nothing, it also names the devices that are not complete.
  - Works with any stdout callback. If that callback is neither C(ansible.builtin.default) nor derived from it, stdout
    is left to it (it may be JSON for a program), and lines go to stderr.
requirements:
  - Enable it, C(callbacks_enabled = invmon.network.progress) in the section C([defaults]) of C(ansible.cfg), or
    C(ANSIBLE_CALLBACKS_ENABLED=invmon.network.progress) in the environment.
options:
  style:
    description:
      - V(auto) is the live line on a terminal and lines elsewhere.
      - V(lines) is lines everywhere.
      - V(summary) prints nothing before the end.
    type: str
    choices: [auto, lines, summary]
    default: auto
    ini:
      - {section: callback_invmon_progress, key: style}
    env:
      - name: INVMON_PROGRESS_STYLE
  interval:
    description: Seconds between two lines, where there is no live line.
    type: float
    default: 10
    ini:
      - {section: callback_invmon_progress, key: interval}
    env:
      - name: INVMON_PROGRESS_INTERVAL
  hide_ok:
    description:
      - While the line is live, leave out the C(ok) lines of devices that were read, which would be thousands.
      - Devices that failed are always shown. With C(-v) all are. The log (C(ANSIBLE_LOG_PATH)) has all in any case.
    type: bool
    default: true
    ini:
      - {section: callback_invmon_progress, key: hide_ok}
    env:
      - name: INVMON_PROGRESS_HIDE_OK
  slowest:
    description: How many of the slowest devices are named at the end.
    type: int
    default: 5
    ini:
      - {section: callback_invmon_progress, key: slowest}
    env:
      - name: INVMON_PROGRESS_SLOWEST
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
# ansible.cfg
#
# [defaults]
# callbacks_enabled = invmon.network.progress
#
# [callback_invmon_progress]
# interval = 30
"""

import atexit
from typing import Any

from ansible.plugins.callback import CallbackBase

from ..plugin_utils._progress import screen
from ..plugin_utils._progress.progress_show import Show
from ..plugin_utils._run.last_lines import last_lines
from ..plugin_utils._run.run_record import records_in

#: Tasks that report devices (see progress_pipe).
COLLECTING = ("invmon.network.snmp_entity_facts", "invmon.network.snmp_entity_batch")


class CallbackModule(CallbackBase):
    """Ansible looks for this name.

    It has no method for a device that went well: a method that takes a result makes Ansible copy the whole result for
    it. The workers report what went well.
    """

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "invmon.network.progress"
    CALLBACK_NEEDS_ENABLED = True

    def set_options(self, *args: Any, **kwargs: Any) -> None:
        super().set_options(*args, **kwargs)
        self._show = Show(
            self._display,
            style=self.get_option("style"),
            interval=self.get_option("interval"),
            hide_ok=self.get_option("hide_ok"),
        )
        self._play: Any = None
        self._said: dict[str, Any] = {}  #: the statistics of which the summary was printed
        screen.look_at_stdout()
        screen.say_after_recap()
        # Ctrl-C does not come to an end with statistics.
        atexit.register(self._show.interrupted)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        # Each batch of a play (serial) begins like a play.
        self._show.pause()
        self._play = play

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        if not _collects(task):
            self._show.other_task()

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self._show.other_task()

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        if _collects(task):
            if not self._show.running:
                self._show.resume(self._hosts())
            self._show.start(host.get_name())

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if _collects(result.task):
            self._show.failed(result.host.get_name(), result)

    v2_runner_on_unreachable = v2_runner_on_failed

    def v2_runner_on_skipped(self, result: Any) -> None:
        if _collects(result.task):
            self._show.skipped(result.host.get_name())

    def v2_playbook_on_stats(self, stats: Any) -> None:
        # Each playbook of a command ends with its statistics and with those of the playbooks before it.
        statistics = {
            name: one for name, one in (stats.custom.get("_run") or {}).items() if self._said.get(name) != one
        }
        self._said |= statistics
        self._show.finish(self.get_option("slowest"), records_in(statistics), last_lines(statistics))

    def _hosts(self) -> list[str]:
        """All hosts of the play, also those of its other batches (serial)."""
        inventory = self._play.get_variable_manager()._inventory
        return [host.get_name() for host in inventory.get_hosts(self._play.hosts, ignore_restrictions=True)]


def _collects(task: Any) -> bool:
    return (task.resolved_action or task.action) in COLLECTING
