# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking credentials out of a recording: some vendors list them in tables of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._snmp.transport import Oid, VarBind
from .masked_findings import SHORTEST

_MASK = b"***"


def without_credentials(varbinds: Iterable[VarBind], secrets: Iterable[str]) -> list[VarBind]:
    """The variables with these words replaced in their values, and without those whose OID holds one (an index).

    A word of fewer than four characters would be found in what has nothing to do with it: it is replaced where it is
    all of a value.
    """
    known = {secret.encode() for secret in secrets if secret}
    words = [secret for secret in known if len(secret) >= SHORTEST]
    in_value = re.compile(rb"(?<![0-9A-Za-z])(?:" + _any_of(words) + rb")(?![0-9A-Za-z])") if words else None
    in_oid = re.compile(_any_of(words)) if words else None
    left = []
    for varbind in varbinds:
        value = varbind.value
        if isinstance(value, bytes) and value in known:
            value = _MASK
        if isinstance(value, bytes) and in_value:
            value = in_value.sub(_MASK, value)
        if not (in_oid and in_oid.search(_as_octets(varbind.oid))):
            left.append(varbind._replace(value=value))
    return left


def _any_of(words: Iterable[bytes]) -> bytes:
    return b"|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _as_octets(oid: Oid) -> bytes:
    """One octet for each number, so that a text within an index can be found; 255 for what is no character."""
    return bytes(min(number, 255) for number in oid)
