# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The value of a variable as data for users: typed, with its name, and as text only where it is text.

Every result of the SNMP modules, and every variable of a notification, is made of describe().
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Callable
from typing import Any

from .._snmp.transport import EXCEPTIONS, Oid, VarBind, dotted
from . import dates, hints
from .library import Mib
from .nodes import BITS, Syntax

#: Kind of a VarBind (transport.py) -> its type as SMIv2 calls it (RFC 2578, 7.1; RFC 3416, 3).
TYPES = {
    "int": "INTEGER",
    "octets": "OCTET STRING",
    "oid": "OBJECT IDENTIFIER",
    "ip": "IpAddress",
    "counter32": "Counter32",
    "gauge32": "Gauge32",
    "ticks": "TimeTicks",
    "opaque": "Opaque",
    "counter64": "Counter64",
    "null": "NULL",
    "noSuchObject": "noSuchObject",
    "noSuchInstance": "noSuchInstance",
    "endOfMib": "endOfMibView",
}
#: Why there is no value, in words. noSuchName is the error of SNMPv1 for both of the first two.
ABSENT = {
    "noSuchObject": "the agent has no such object",
    "noSuchInstance": "the agent has this object, but not this instance",
    "endOfMib": "nothing follows in the agent's MIB view",
    "noSuchName": "the agent has no such variable",
}
#: What a text may contain besides printable characters.
_WHITE = re.compile(r"[\t\r\n]")
#: net-snmp's Opaque with a number in it: the tag, and how struct reads the number.
_OPAQUE_NUMBERS = {b"\x9f\x78\x04": ">f", b"\x9f\x79\x08": ">d"}


def describe(varbind: VarBind, mib: Mib) -> dict[str, Any]:
    """A variable as users get it.

    Keys that are always there: oid; module and name of the object, and index, what follows it in the OID; type; value
    (number, text, list of texts, or null); text, the value as people write it. Where it applies: enum, the word of a
    number; base64, the octets where `value` is not exactly their UTF-8 text; absent, why there is no value.
    """
    node = mib.at(varbind.oid)
    found: dict[str, Any] = {
        "oid": dotted(varbind.oid),
        "module": node.module if node else "",
        "name": node.name if node else "",
        "index": dotted(varbind.oid[len(node.oid) :]) if node else dotted(varbind.oid),
        "type": TYPES.get(varbind.kind, varbind.kind),
    }
    return found | value_of(varbind, node.syntax if node else None, mib)


def label(variable: dict[str, Any]) -> str:
    """The name of a described variable with its index, as net-snmp writes it: ifDescr.1; the OID if it has no name."""
    name, index = variable["name"], variable["index"]
    return f"{name}.{index}" if name and index else name or variable["oid"]


def value_of(varbind: VarBind, syntax: Syntax | None, mib: Mib) -> dict[str, Any]:
    """The keys value, text, and enum, base64 or absent where they apply."""
    value = varbind.value
    if varbind.kind in EXCEPTIONS or varbind.kind in ABSENT:
        return {"value": None, "text": "", "absent": ABSENT[varbind.kind]}
    if isinstance(value, tuple):
        return {"value": dotted(value), "text": oid_text(value, mib)}
    if isinstance(value, bytes):
        return _OCTETS.get(varbind.kind, _octets)(value, syntax)
    if isinstance(value, int):
        return _number(value, varbind.kind, syntax)
    return {"value": None, "text": ""}


def oid_text(oid: Oid, mib: Mib) -> str:
    """An OID by the name that it begins with: IF-MIB::ifIndex.3; in numbers if that is only a root of the tree."""
    node = mib.at(oid)
    if not node or len(node.oid) < _SHORTEST_NAMED:
        return dotted(oid)
    rest = dotted(oid[len(node.oid) :])
    return f"{node.full_name}.{rest}" if rest else node.full_name


#: Numbers of an OID whose name says more than iso.org.dod does: zeroDotZero, and from 1.3.6.1 on.
_SHORTEST_NAMED = 2


def _number(value: int, kind: str, syntax: Syntax | None) -> dict[str, Any]:
    if kind == "ticks":
        return {"value": value, "text": dates.ticks_text(value)}
    if syntax and value in syntax.enum:
        return {"value": value, "text": f"{syntax.enum[value]}({value})", "enum": syntax.enum[value]}
    text = hints.integer_text(value, syntax.hint) if syntax and syntax.hint else None
    return {"value": value, "text": str(value) if text is None else text}


def _octets(value: bytes, syntax: Syntax | None) -> dict[str, Any]:
    if syntax and syntax.base == BITS:
        return _bits(value, syntax)
    if syntax and syntax.name == dates.DATE_AND_TIME and (moment := dates.iso(value)):
        return {"value": moment, "text": moment, **_base64(value)}
    text = plain_text(value)
    hint = syntax.hint if syntax else ""
    if hint and (hinted := hints.octets_text(value, hint)) is not None and _is_text(hinted):
        # By a hint such as 255a the text is just the octets.
        return {"value": hinted, "text": hinted, **({} if hinted == text and text.isprintable() else _base64(value))}
    if text is not None and not (hint and hint[-1] not in "at"):
        # A line break is escaped in a result (printable()).
        return {"value": text, "text": text, **({} if text.isprintable() else _base64(value))}
    return {"value": hex_text(value), "text": hex_text(value), **_base64(value)}


def plain_text(value: bytes) -> str | None:
    """The text that the octets are in UTF-8; None if they are not printable text."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if _is_text(text) else None


def hex_text(value: bytes) -> str:
    """Octets that are no text: 0x00ff."""
    return "0x" + value.hex() if value else ""


def _is_text(text: str) -> bool:
    return text.isprintable() or _WHITE.sub("", text).isprintable()


def _base64(value: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode("ascii")}


def _bits(value: bytes, syntax: Syntax) -> dict[str, Any]:
    """The bits that are set, the first one of the first octet being number 0 (RFC 2578, 7.1.4)."""
    numbers = [at * 8 + bit for at, octet in enumerate(value) for bit in range(8) if octet & 0x80 >> bit]
    words = [syntax.enum.get(number, str(number)) for number in numbers]
    text = " ".join(f"{word}({number})" for word, number in zip(words, numbers, strict=True))
    return {"value": words, "text": text, **_base64(value)}


def _address(value: bytes, _syntax: Syntax | None) -> dict[str, Any]:
    text = ".".join(map(str, value)) if len(value) == 4 else hex_text(value)
    return {"value": text, "text": text}


def _opaque(value: bytes, _syntax: Syntax | None) -> dict[str, Any]:
    """The number in it, if net-snmp put one there; NaN and infinity, which JSON does not have, only as text."""
    form = _OPAQUE_NUMBERS.get(value[:3])
    if form and len(value) == 3 + struct.calcsize(form):
        (number,) = struct.unpack(form, value[3:])
        if form == ">f" and math.isfinite(number):
            # As short as a float of 32 bits allows: 0.1, not 0.10000000149011612.
            number = float(f"{number:.7g}")
        return {"value": number if math.isfinite(number) else None, "text": f"{number:g}", **_base64(value)}
    return {"value": hex_text(value), "text": hex_text(value), **_base64(value)}


_OCTETS: dict[str, Callable[[bytes, Syntax | None], dict[str, Any]]] = {"ip": _address, "opaque": _opaque}
