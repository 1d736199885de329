# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NetBox's url, token and certificate check, all checked before anything is sent."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from .._outgoing.once import warn_once
from .._outgoing.text import brief
from .errors import NetBoxOptionError

#: The port of an address that names none.
_PORTS = {"http": 80, "https": 443}


def base_url(url: str | None) -> str:
    """NetBox's address without /api and without a slash at its end, the same text for the same address (scheme and
    host in small letters, no default port); raises NetBoxOptionError."""
    text = (url or "").strip()
    if not text:
        raise NetBoxOptionError("NetBox's address is not given: set the option url, or NETBOX_INSTANCE_URL.")
    shown = _shown_address(text)
    wrong = NetBoxOptionError(f"The url{shown} is not a web address: write it like https://netbox.example.org.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if "@" in text:
        raise NetBoxOptionError(
            "The url must not contain a user, a password or any other @: NetBox's API needs only a token."
        )
    if parts.scheme not in ("http", "https") or "://" not in text:
        raise NetBoxOptionError(
            f"The url{shown} does not begin with http:// or https://: write it like https://netbox.example.org."
        )
    if not host or not text.isprintable() or any(char.isspace() for char in text):
        raise wrong
    if parts.query or parts.fragment:
        raise NetBoxOptionError(f"The url{shown} must end with NetBox's path, without ? or #.")
    path = re.sub(r"/+api$", "", parts.path.rstrip("/"))
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    return f"{parts.scheme}://{place}{path.rstrip('/')}"


def _shown_address(text: str) -> str:
    """An address as a message may repeat it, after a blank; nothing of one that may hold a password.

    In an invalid one a password may be anywhere before an @, and a token after a ? or #; and a text without
    a scheme may be the token, if the two were interchanged.
    """
    return "" if "@" in text or "://" not in text else f" {brief(re.split('[?#]', text)[0], 100)}"


def checked_token(token: str | None) -> str:
    """The token without blanks around it. Raises NetBoxOptionError, which never contains it."""
    text = (token or "").strip()
    if not text:
        raise NetBoxOptionError("NetBox's API token is not given: set the option token, or NETBOX_API_TOKEN.")
    if not re.fullmatch(r"[!-~]+", text):
        raise NetBoxOptionError(
            "The token contains a blank or a character that no token has: give only the token, without the word Token"
            " or Bearer, quotes or line breaks."
        )
    return text


def warn_of_risks(url: str, validate_certs: bool) -> None:
    """Warn, once a run, of what exposes the token on the network."""
    parts = urlsplit(url)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        warn_once(
            f"The token goes to NetBox at {url} without encryption, as do NetBox's replies: others on the network"
            " can read it and change them. Use https://."
        )
    elif parts.scheme == "https" and not validate_certs:
        warn_once(
            f"The certificate of NetBox at {url} is not checked (validate_certs, NETBOX_VERIFY_SSL): others on the"
            " way can take the token and answer in NetBox's place. Name the file of your CA with ca_path instead."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def verification(validate_certs: bool, ca_path: str | None) -> bool | str:
    """What requests calls `verify`."""
    if not validate_certs:
        return False
    if not ca_path:
        return True
    path = os.path.expanduser(ca_path)
    if not os.path.exists(path):
        raise NetBoxOptionError(f"There is no file of CA certificates at {path} (option ca_path).")
    return path
