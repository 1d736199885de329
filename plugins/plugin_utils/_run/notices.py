# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deprecation warnings. Ansible shows each text once in a run, whichever task or worker it comes from."""

from __future__ import annotations

from ansible.utils.display import Display


def deprecated_option(old: str, new: str, both: bool) -> None:
    """Warn that the option has a new name. Both: it was given by the new name as well, and that is the one used."""
    _deprecated("option", old, new, both)


def deprecated_variable(old: str, new: str, both: bool) -> None:
    """The same for a variable."""
    _deprecated("variable", old, new, both)


def _deprecated(kind: str, old: str, new: str, both: bool) -> None:
    text = f"The {kind} {old} is now called {new}."
    if both:
        text += f" Both are given: the value of {new} is used."
    # REMOVED_IN, as a literal: ansible-test reads it.
    Display().deprecated(text, version="1.0.0", collection_name="invmon.network")
