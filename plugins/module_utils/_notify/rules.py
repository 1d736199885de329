# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which events are sent to which channel, by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._common.errors import OptionsError
from .._common.near import did_you_mean
from .._outgoing.text import printable
from .events import FATES, KINDS, NOTICE, SEVERITIES, Event
from .scan_events import SCANS

RULE_OPTIONS: dict[str, Any] = {
    "channels": {"type": "list", "elements": "str", "required": True},
    "sites": {"type": "list", "elements": "str"},
    "tags": {"type": "list", "elements": "str"},
    "roles": {"type": "list", "elements": "str"},
    "events": {"type": "list", "elements": "str"},
    "categories": {"type": "list", "elements": "str"},
    "severity": {"type": "str", "choices": list(SEVERITIES), "default": NOTICE},
    "heartbeat": {"type": "bool", "default": False},
}


class Device(NamedTuple):
    """What NetBox knows of a device, for rules."""

    role: str | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rule:
    """Which events are sent to these channels; None: any."""

    channels: Sequence[str]
    sites: frozenset[str] | None
    tags: frozenset[str] | None
    roles: frozenset[str] | None
    events: frozenset[str] | None
    categories: frozenset[str] | None
    severity: str
    heartbeat: bool  #: a message is sent although nothing happened

    def takes(self, event: Event, about: Callable[[str], Device]) -> bool:
        """Whether the event is one of this rule."""
        if SEVERITIES.index(event.severity) < SEVERITIES.index(self.severity):
            return False
        if self.events is not None and event.word not in self.events:
            return False
        if self.sites is not None and event.site not in self.sites:
            return False
        if self.categories is not None and event.category not in self.categories:
            return False
        devices = [about(name) for name in (event.device, *event.devices) if name]
        if self.roles is not None and not any(one.role in self.roles for one in devices):
            return False
        return self.tags is None or any(one.tags & self.tags for one in devices)


def read_rules(given: Sequence[Mapping[str, Any]] | None, channels: Iterable[str]) -> list[Rule]:
    """The rules of the options. Without any, all events are sent to every channel. Raises OptionsError."""
    names = list(channels)
    if not given:
        return [Rule(names, None, None, None, None, None, NOTICE, False)]
    return [_rule(one, names) for one in given]


def _rule(given: Mapping[str, Any], channels: Sequence[str]) -> Rule:
    for name in given["channels"]:
        if name not in channels:
            hint = did_you_mean(name, channels)
            raise OptionsError(f'rules: there is no channel "{printable(name)}".{hint}')
    words = [*FATES, *KINDS, *SCANS]
    for word in given.get("events") or ():
        if word not in words:
            hint = did_you_mean(word, words)
            raise OptionsError(f'rules: there is no event "{printable(word)}".{hint}')

    def some(name: str) -> frozenset[str] | None:
        return frozenset(given[name]) if given.get(name) else None

    return Rule(
        channels=tuple(given["channels"]),
        sites=some("sites"),
        tags=some("tags"),
        roles=some("roles"),
        events=some("events"),
        categories=some("categories"),
        severity=given.get("severity") or NOTICE,
        heartbeat=bool(given.get("heartbeat")),
    )


def sorted_out(
    rules: Iterable[Rule], events: Sequence[Event], about: Callable[[str], Device]
) -> dict[str, tuple[list[Event], bool]]:
    """Channel -> its events in their order, each once, and whether it wants a message without any."""
    wanted: dict[str, list[Rule]] = {}
    for rule in rules:
        for channel in rule.channels:
            wanted.setdefault(channel, []).append(rule)
    return {
        channel: (
            [event for event in events if any(rule.takes(event, about) for rule in some)],
            any(rule.heartbeat for rule in some),
        )
        for channel, some in wanted.items()
    }
