# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was sent to a channel before: an open item is sent again only when it changed, or after some days.

One file beside the history. Without it, as in a container that forgets, every open item is sent each night.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .._common.files import write_whole
from .._common.private_files import MissingFile, PrivateFileError, read_json
from .events import Event

FILE = "notified.json"
SCHEMA = 1
_OCTETS = 16 * 2**20


class SentBefore:
    """Channel -> key of an item -> (its state, when it was sent)."""

    def __init__(self, path: Path | None) -> None:
        """path: None keeps nothing. A file that cannot be read counts as empty, and is named in `warning`."""
        self.warning: str | None = None
        self._path = path
        self._sent: dict[str, dict[str, list[str]]] = {}
        if path is not None:
            self._sent = self._read(path)

    def _read(self, path: Path) -> dict[str, dict[str, list[str]]]:
        try:
            found = read_json(path, _OCTETS)
        except MissingFile:
            return {}
        except PrivateFileError as error:
            self.warning = f"{error} Open items are sent again."
            return {}
        if not _is_valid(found):
            self.warning = f"{path} is not what was sent before. Open items are sent again."
            return {}
        sent: dict[str, dict[str, list[str]]] = found["sent"]
        return sent

    def new(self, channel: str, events: Iterable[Event], now: datetime, repeat_days: int) -> list[Event]:
        """The events that were not sent to this channel, or open items that were not sent for so many days.

        A change is sent once, though several slices of a job, and a second report, are about the same night.
        """
        before = self._sent.get(channel, {})
        return [
            event
            for event in events
            if (event.key not in before if event.is_change else _is_due(before.get(event.key), event, now, repeat_days))
        ]

    def remember(self, channel: str, sent: Sequence[Event], open_now: Iterable[Event], now: datetime) -> None:
        """What was sent to a channel; items that are settled are forgotten, so that they are news if they come back."""
        keys = {event.key for event in open_now}
        found = {key: value for key, value in self._sent.get(channel, {}).items() if key in keys}
        moment = now.astimezone(UTC).isoformat(timespec="seconds")
        found |= {event.key: [event.state, moment] for event in sent}
        self._sent[channel] = found

    def save(self) -> None:
        """Raises OSError that names the file."""
        if self._path is not None:
            write_whole(self._path, json.dumps({"schema": SCHEMA, "sent": self._sent}).encode())


def _is_due(before: Sequence[str] | None, event: Event, now: datetime, repeat_days: int) -> bool:
    if before is None or before[0] != event.state:
        return True
    # A clock that jumped back does not silence an item for longer than it says.
    age = now - datetime.fromisoformat(before[1])
    return repeat_days > 0 and (age >= timedelta(days=repeat_days) or age < -timedelta(days=1))


def _is_valid(found: Any) -> bool:
    if not isinstance(found, Mapping) or found.get("schema") != SCHEMA or not isinstance(found.get("sent"), Mapping):
        return False
    try:
        for items in found["sent"].values():
            for state, moment in items.values():
                datetime.fromisoformat(moment) - datetime.now(UTC)
                if not isinstance(state, str):
                    return False
    except (AttributeError, TypeError, ValueError):
        return False
    return True
