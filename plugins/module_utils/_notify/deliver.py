# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the report of a night to messages: what is sent to which channel, and the result of each delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._common.errors import OptionsError
from .._outgoing.text import printable
from .._report.data import Report
from . import sent_before
from .chat import check_chat, send_chat
from .events import Event, events_of
from .mail import MAIL_OPTIONS, DeliveryError, HtmlRenderer, check_mail, send_mail
from .message import Message, make_message
from .rules import RULE_OPTIONS, Device, read_rules, sorted_out
from .scan_events import scan_events
from .sent_before import SentBefore
from .webhook import WEBHOOK_OPTIONS, check_webhook, send_webhook

CHANNEL_OPTIONS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "mail": {"type": "dict", "options": MAIL_OPTIONS},
    "webhook": {"type": "dict", "options": WEBHOOK_OPTIONS},
    "url": {"type": "str", "no_log": True},
    "attach": {"type": "bool", "default": True},
    "most": {"type": "int", "default": 50},
}

NOTIFY_OPTIONS: dict[str, Any] = {
    "channels": {
        "type": "list",
        "elements": "dict",
        "options": CHANNEL_OPTIONS,
        "mutually_exclusive": [["mail", "webhook", "url"]],
        "required_one_of": [["mail", "webhook", "url"]],
    },
    "rules": {"type": "list", "elements": "dict", "options": RULE_OPTIONS},
    "repeat_days": {"type": "int", "default": 7},
    "link": {"type": "str"},
}


@dataclass(frozen=True)
class Delivery:
    """A message for a channel, and what became of it."""

    channel: str
    message: Message
    error: str | None = None

    def to_dict(self, sent: bool) -> dict[str, Any]:
        """For the result of a task."""
        found = {"channel": self.channel, "subject": self.message.subject, "sent": sent and self.error is None}
        return found | ({"error": self.error} if self.error else {"text": self.message.text.splitlines()})


def check_channels(params: Mapping[str, Any]) -> None:
    """Raise OptionsError for channels and rules that cannot be used: before anything is written or sent."""
    channels = params["channels"] or ()
    names = [channel["name"] for channel in channels]
    if twice := [name for name in names if names.count(name) > 1]:
        raise OptionsError(f'channels: there are two with the name "{printable(twice[0])}"')
    for channel in channels:
        if channel["mail"]:
            check_mail(channel["mail"])
        elif channel["webhook"]:
            check_webhook(channel["webhook"])
        else:
            check_chat(channel["url"], printable(channel["name"]))
    read_rules(params["rules"], names)


def notify(
    report: Report,
    params: Mapping[str, Any],
    folder: Path | None,
    about: Callable[[str], Device],
    html: HtmlRenderer | None,
    check_mode: bool = False,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Send the events of the report's night to the channels; in check mode only return the messages.

    :param folder: where it is kept what was sent before (the history); None: nowhere.
    :param about: a device by its name, for rules.

    Returns the messages as plain data, and warnings: of messages that were not taken, once each. Raises nothing.
    """
    channels = {channel["name"]: channel for channel in params["channels"] or ()}
    before = SentBefore(folder / sent_before.FILE if folder else None)
    warnings = [before.warning] if before.warning else []
    events = [*events_of(report.record, report.now), *scan_events(report.discovery, report.now)]
    deliveries = []
    for name, wanted, due in _due(params, channels, events, about, before, report):
        message = make_message(report, due, channels[name]["most"], params["link"])
        error = None if check_mode else _sent(message, channels[name], report, html)
        deliveries.append(Delivery(name, message, error))
        if error:
            warnings.append(f"Channel {printable(name)}: {error}.")
        else:
            before.remember(name, due, wanted, report.now)
    if not check_mode and (failed := _saved(before)):
        warnings.append(failed)
    return [one.to_dict(sent=not check_mode) for one in deliveries], warnings


def _due(
    params: Mapping[str, Any],
    channels: Mapping[str, Any],
    events: Sequence[Event],
    about: Callable[[str], Device],
    before: SentBefore,
    report: Report,
) -> Iterator[tuple[str, list[Event], list[Event]]]:
    """(channel, all of its events, those that are news to it) of each channel that gets a message."""
    for name, (wanted, heartbeat) in sorted_out(read_rules(params["rules"], channels), events, about).items():
        due = before.new(name, wanted, report.now, params["repeat_days"])
        if due or heartbeat:
            yield name, wanted, due
        else:
            before.remember(name, (), wanted, report.now)


def _sent(message: Message, channel: Mapping[str, Any], report: Report, html: HtmlRenderer | None) -> str | None:
    """Why the message was not taken; None if it was."""
    try:
        if channel["mail"]:
            send_mail(message, channel["mail"], html(message) if html else None, channel["attach"])
        elif channel["webhook"]:
            key = hashlib.sha256(
                f"{report.record.get('started')} {channel['name']} {message.text}".encode()
            ).hexdigest()
            send_webhook(message, channel["webhook"], key[:32])
        else:
            send_chat(message, channel)
    except (DeliveryError, OptionsError) as error:
        return str(error).removesuffix(".")
    return None


def _saved(before: SentBefore) -> str | None:
    try:
        before.save()
    except OSError as error:
        return f"What was sent cannot be kept, and will be sent again: {error}"
    return None
