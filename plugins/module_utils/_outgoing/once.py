# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings about the run as a whole, such as a certificate that is not checked: shown once, whichever task finds it.

These warnings leave with the result of the task that this process works on, or from an inventory plugin
directly. Ansible's main process prints each sentence once a run, however many tasks of however many forks bring it: so
a sentence must name neither a host nor a task.
"""

from __future__ import annotations

_noted: dict[str, None] = {}


def warn_once(sentence: str) -> None:
    """Note a warning."""
    _noted[sentence] = None


def take_warnings() -> list[str]:
    """What was noted since it was taken last, in order."""
    sentences = list(_noted)
    _noted.clear()
    return sentences
