# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of devices and of NetBox, made fit for a terminal."""

from __future__ import annotations

from typing import Any


def printable(value: Any) -> str:
    """Text that cannot move the cursor, colour the terminal or turn the writing direction: such characters escaped."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
