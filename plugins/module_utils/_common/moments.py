# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instants in data that is read back."""

from __future__ import annotations

from datetime import UTC, datetime

from .typed_json import WrongShape, shown


def moment(where: str, text: str) -> datetime:
    """The instant that an ISO 8601 time names, in UTC; without a zone it means UTC.

    where: what the time is, for the message. Raises WrongShape.
    """
    try:
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise WrongShape(f"{where}: {shown(text)} is not an ISO 8601 time") from None
