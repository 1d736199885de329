# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a TCP service sends by itself, as one line of clean text."""

from __future__ import annotations

import re

from ..._outgoing.text import brief

#: Octets that are looked at of a banner, reads of it, and characters that are kept.
MOST_OCTETS, MOST_READS, LONGEST = 512, 4, 200

#: Ports of protocols in which the client speaks first: to wait for a banner there would be in vain.
CLIENT_FIRST = frozenset((80, 102, 161, 179, 389, 443, 445, 502, 623, 3389, 5060, 8000, 8008, 8080, 8443, 8888, 9443))

#: Negotiation of Telnet (RFC 854, 855): options wanted and refused, with or without parameters.
_TELNET = re.compile(rb"\xff(?:\xfa[^\xff]*(?:\xff\xf0)?|[\xfb-\xfe].|[\xf0-\xf9])", re.DOTALL)
#: How a Telnet command that was cut off ends.
_CUT_TELNET = re.compile(rb"\xff[\xfa-\xfe]?\Z")


def banner_text(data: bytes) -> str:
    """The first line with text in what a service sent; octets that are not text are shown as \\x00. May be empty."""
    data = _CUT_TELNET.sub(b"", _TELNET.sub(b"", data[:MOST_OCTETS]))
    for line in data.splitlines():
        if text := brief(line.decode("utf-8", "backslashreplace"), LONGEST):
            return text
    return ""


def is_complete(data: bytes) -> bool:
    """Whether there is a complete line with text: it is not worth waiting for more."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r"))
    return len(data) >= MOST_OCTETS or bool(banner_text(data[: max(end, 0)]))
