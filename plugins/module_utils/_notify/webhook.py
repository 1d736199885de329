# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message as JSON to an address of the user's: signed, and sent again with the same key if it may be lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from .._common.errors import OptionsError
from .._outgoing.text import brief
from .mail import DeliveryError
from .message import Message

try:
    import requests
except ImportError:  # the documentation must be readable without the library
    requests = None  # type: ignore[assignment]

WEBHOOK_OPTIONS: dict[str, Any] = {
    # It often holds a token.
    "url": {"type": "str", "required": True, "no_log": True},
    "secret": {"type": "str", "no_log": True},
    "timeout": {"type": "int", "default": 10},
    "validate_certs": {"type": "bool", "default": True},
}
SCHEMA = 1
#: So often it is tried, with pauses of 1, 2, ... seconds between.
ATTEMPTS = 4
#: Answers after which it is tried again (RFC 9110, RFC 6585).
_AGAIN = (408, 425, 429, 500, 502, 503, 504)


def check_webhook(options: Mapping[str, Any]) -> None:
    """Raise OptionsError for an invalid address, or if the library for it is missing."""
    if requests is None:
        raise OptionsError("channels: a webhook needs the Python library requests", "pip install requests")
    parts = urlsplit(options["url"])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OptionsError("channels: the url of a webhook must begin with https:// (or http://)")


def body_of(message: Message, key: str) -> bytes:
    """What is sent, see docs/notify.md."""
    content = {
        "schema": SCHEMA,
        "id": key,
        "title": message.subject,
        "text": message.text,
        "severity": message.severity,
        "link": message.link,
        "changes": list(message.changes),
        "standing": list(message.standing),
        "hosts": list(message.hosts),
    }
    return json.dumps(content).encode()


def signature(secret: str, body: bytes) -> str:
    """The value of X-Invmon-Signature: HMAC-SHA256 (RFC 2104) of the body."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def send_webhook(
    message: Message, options: Mapping[str, Any], key: str, pause: Callable[[float], None] = time.sleep
) -> None:
    """Send the message until it is taken.

    :param key: the same for each attempt, so that the receiver knows one that it has already (Idempotency-Key).

    Raises DeliveryError, which names the host only.
    """
    body = body_of(message, key)
    headers = {"Content-Type": "application/json", "Idempotency-Key": key, "User-Agent": "invmon.network"}
    if options["secret"]:
        headers["X-Invmon-Signature"] = signature(options["secret"], body)
    where = f"The webhook at {urlsplit(options['url']).hostname}"
    why = ""
    for number in range(ATTEMPTS):
        if number:
            pause(2.0 ** (number - 1))
        try:
            # Nothing of the answer is read but its status. A redirect would take the message elsewhere.
            with requests.post(
                options["url"], data=body, headers=headers, timeout=options["timeout"], allow_redirects=False,
                verify=options["validate_certs"], stream=True,
            ) as answer:  # fmt: skip
                if answer.ok and not answer.is_redirect:
                    return
                why = f"answered with {answer.status_code} {brief(answer.reason, 60)}"
                if answer.status_code not in _AGAIN:
                    break
        except requests.RequestException as error:
            # Its text has the whole address.
            why = f"could not be reached: {type(error).__name__}"
    raise DeliveryError(f"{where} {why}")
