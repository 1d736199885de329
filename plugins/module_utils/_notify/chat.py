# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message to a chat (Slack, Mattermost, Teams, Matrix, ...) by Apprise, which knows some hundred services.

Apprise is optional: importing it takes half a second and 30 MB, so it is loaded only when such a channel is used.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from .._common.errors import OptionsError
from .._outgoing.text import brief
from .events import ALERT, NOTICE, WARNING
from .mail import DeliveryError
from .message import Message

#: Severity -> Apprise's type, by which a service chooses colour and sign.
_TYPES = {NOTICE: "info", WARNING: "warning", ALERT: "failure"}


def apprise() -> ModuleType:
    """The library. Raises OptionsError where it is not installed."""
    try:
        import apprise as found
    except ImportError:
        raise OptionsError("A channel with url needs the Python library apprise", "pip install apprise") from None
    # It logs addresses that it cannot use, with their tokens: they would be in Ansible's log (ANSIBLE_LOG_PATH).
    logging.getLogger("apprise").propagate = False
    return found


def check_chat(url: str, name: str) -> None:
    """Raise OptionsError for an address that Apprise does not know."""
    if not apprise().Apprise().add(url):
        raise OptionsError(f"channels: the url of {name} is none that Apprise knows, such as slack://...")


def send_chat(message: Message, channel: Mapping[str, Any]) -> None:
    """Raises DeliveryError; the address is not in it."""
    library = apprise()
    service = library.Apprise()
    service.add(channel["url"])
    with library.LogCapture(level=logging.WARNING, fmt="%(message)s") as log:
        text = message.text.removesuffix("\n")
        done = service.notify(
            title=message.subject,
            body=text,
            notify_type=_TYPES[message.severity],
            body_format=library.NotifyFormat.TEXT,
        )
        why = brief(log.getvalue().strip(), 200)
    if not done:
        raise DeliveryError(f"The service did not take the message{f': {why}' if why else ''}")
