# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of devices, of NetBox, of files and of users, made fit for terminals, logs and other jobs.

What a device said becomes data by labels.device_text(); this is for the output of a run.
"""

from __future__ import annotations

import json
import re
from typing import Any

#: A name that a shell, Ansible's -e and a list with commas all take as it is.
_PLAIN_NAME = re.compile(r"[\w.@#:/+-]+")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .,@#:/+_-]")
_TEMPLATE = re.compile(r"\{(?=[{%#])")
_NO_TEMPLATE = re.compile(r"\{ (?=[{%#])")


def printable(value: Any) -> str:
    """Text that cannot move the cursor, colour the terminal or turn the writing direction: such characters escaped."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def brief(value: Any, length: int) -> str:
    """Text for one line of a message: printable, blanks and line breaks as one blank, cut after `length` characters."""
    # A text of megabytes is not looked at whole.
    text = printable(" ".join(str(value)[: 8 * length].split()))
    return text if len(text) <= length else text[: length - 1] + "…"


def no_template(text: str) -> str:
    """The text such that who loads it as a variable of Ansible evaluates nothing in it."""
    return _TEMPLATE.sub("{ ", text)


def to_be_given(name: str) -> str:
    """A name as a user may copy it for an option that is a list: core-1. One that would be more, such as "a,all", or
    "a upload_gone=delete" behind -e, is a list in JSON in which no shell finds anything: ["a,all"]."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    return f'["{_NOT_PLAIN.sub(_escaped, name)}"]'


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    return f"\\u{ord(char):04x}" if char.isascii() else json.dumps(char)[1:-1]


def as_it_was(text: str) -> str:
    """A text that no_template() has changed, for display: not for a variable."""
    return _NO_TEMPLATE.sub("{", text)
