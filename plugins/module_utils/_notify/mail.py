# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message as a mail: text and HTML, with the events as CSV files."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from typing import Any

from .._common.errors import InvmonError, OptionsError
from .._outgoing.text import brief, printable
from .message import Message

NONE, STARTTLS, TLS = SECURITY = ("none", "starttls", "tls")
PORTS = {NONE: 25, STARTTLS: 587, TLS: 465}

MAIL_OPTIONS: dict[str, Any] = {
    "to": {"type": "list", "elements": "str", "required": True},
    "sender": {"type": "str", "required": True},
    "host": {"type": "str", "default": "localhost"},
    "port": {"type": "int"},
    "security": {"type": "str", "choices": list(SECURITY), "default": STARTTLS},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "int", "default": 30},
}


class DeliveryError(InvmonError):
    """A channel did not take a message; the text says why, without secrets."""

    reason = "delivery"


def check_mail(options: Mapping[str, Any]) -> None:
    """Raise OptionsError for a mail that could not be sent, or that would send a password in clear."""
    for text in (*options["to"], options["sender"]):
        _address(text)
    if not options["to"]:
        raise OptionsError("channels: a mail needs at least one address in to")
    if options["password"] and options["security"] == NONE:
        raise OptionsError("channels: a password is not sent without TLS", "set security to starttls or tls")


def _address(text: str) -> Address:
    """Only an address alone: whatever else a mail server might read in it is refused."""
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError):
        raise OptionsError(f'channels: "{printable(text)}" is not a mail address') from None
    if not found.domain or not text.isprintable():
        raise OptionsError(f'channels: "{printable(text)}" is not a mail address')
    return found


def make_mail(message: Message, options: Mapping[str, Any], html: str | None, attach: bool = True) -> EmailMessage:
    """The mail, ready to be sent."""
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = _address(options["sender"])
    mail["To"] = [_address(text) for text in options["to"]]
    mail["Date"] = localtime()
    mail["Message-ID"] = make_msgid(domain=_address(options["sender"]).domain)
    # RFC 3834: automatic responders do not reply to it.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, content in message.attachments().items() if attach else ():
        mail.add_attachment(content, subtype="csv", filename=name)
    return mail


def send_mail(message: Message, options: Mapping[str, Any], html: str | None, attach: bool = True) -> None:
    """Hand the mail to the server. Raises DeliveryError."""
    mail = make_mail(message, options, html, attach)
    port = options["port"] or PORTS[options["security"]]
    where = f"The mail server {printable(options['host'])} (port {port})"
    try:
        with _connected(options, port) as server:
            if options["username"]:
                server.login(options["username"], options["password"] or "")
            refused = server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        raise DeliveryError(f"{where} refused {_refusals(error.recipients)}") from None
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(f"{where} refused the user: {error.smtp_code} {_words(error.smtp_error)}") from None
    except smtplib.SMTPResponseException as error:
        raise DeliveryError(f"{where} refused the mail: {error.smtp_code} {_words(error.smtp_error)}") from None
    except (smtplib.SMTPException, OSError) as error:
        # SMTPException is an OSError: both name what failed, and hold no password.
        raise DeliveryError(f"{where} did not take the mail: {brief(error, 200)}") from None
    if refused:
        raise DeliveryError(f"{where} sent it, but refused {_refusals(refused)}")


def _connected(options: Mapping[str, Any], port: int) -> smtplib.SMTP:
    context = _context(options)
    if options["security"] == TLS:
        return smtplib.SMTP_SSL(options["host"], port, timeout=options["timeout"], context=context)
    server = smtplib.SMTP(options["host"], port, timeout=options["timeout"])
    try:
        if options["security"] == STARTTLS:
            server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _context(options: Mapping[str, Any]) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=options["ca_path"])
    if not options["validate_certs"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _refusals(found: Mapping[str, tuple[int, bytes]]) -> str:
    return ", ".join(f"{printable(to)} ({code} {_words(said)})" for to, (code, said) in found.items())


def _words(said: bytes | str) -> str:
    return brief(said.decode("utf-8", "replace") if isinstance(said, bytes) else said, 200)


#: Makes the HTML of a mail.
HtmlRenderer = Callable[[Message], str]
