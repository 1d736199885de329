# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of parts as they are sent to NetBox, for tests that read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def row(serial: str, device: int, hour: int) -> dict[str, Any]:
    """A row of a part on a device, with the time so many hours after BEGIN."""
    time = (BEGIN + timedelta(hours=hour)).isoformat()
    nowhere = {"site": None, "location": None}
    return {"serial": serial, "name": "n", "device": device, "time": time, "creation_time": time, **nowhere}
