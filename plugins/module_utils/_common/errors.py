# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of every error that a user may read.

What catches InvmonError catches all of them. Exceptions that their own module catches (a broken packet, a wrong type in
JSON) are not among them.
"""

from __future__ import annotations

from typing import Any


class InvmonError(Exception):
    """An error whose text is all that a user needs: what happened, to which device, row or file, and what to do.

    It is immutable. None of its texts contains a secret.
    """

    #: one word, for counting and grouping; the `reason` of a failed task
    reason: str = "error"
    #: what happened, without "what to do" if that is given on its own
    sentence: str
    #: what to do, beginning in lower case and without a full stop; empty if the sentence already contains it
    todo: str

    def __init__(self, sentence: str, todo: str = "", **facts: Any) -> None:
        """facts: attributes that a subclass declares; None keeps the value of its class."""
        super().__init__(sentence, todo)
        known = {name: value for name, value in facts.items() if value is not None}
        self.__dict__.update(known, sentence=sentence, todo=todo)

    def __str__(self) -> str:
        return f"{self.sentence}: {self.todo}." if self.todo else self.sentence

    def __setattr__(self, name: str, value: Any) -> None:
        # Python itself sets __traceback__, __cause__ and the like.
        if not name.startswith("__"):
            raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")
        super().__setattr__(name, value)


class OptionsError(InvmonError):
    """The options of a task are wrong; nothing was done."""

    reason = "option"
