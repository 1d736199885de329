# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""values.py backwards: what users write for a value, as a variable that is sent, checked by its MIB before that.

Whatever describe() returns as the value or the text of a variable is understood, and makes the same variable.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

from .._outgoing.text import brief
from .._snmp.pdu import LARGEST
from .._snmp.transport import Oid, VarBind, dotted
from . import addresses, dates, hints
from .errors import MibError
from .library import Mib
from .names import oid_of
from .nodes import BITS, Node, Syntax

#: Base types of SMIv2 -> kind of a VarBind (transport.py).
_KINDS = {
    **{"INTEGER": "int", "Integer32": "int", "Unsigned32": "gauge32", "Gauge32": "gauge32", "Counter32": "counter32"},
    **{"Counter64": "counter64", "TimeTicks": "ticks", "OCTET STRING": "octets", "BITS": "octets"},
    **{"OBJECT IDENTIFIER": "oid", "IpAddress": "ip", "Opaque": "opaque"},
}
#: What users call a type -> kind.
TYPES = {
    **{"integer": "int", "unsigned": "gauge32", "gauge": "gauge32", "counter": "counter32", "counter64": "counter64"},
    **{"timeticks": "ticks", "text": "octets", "hex": "octets", "base64": "octets", "bits": "octets"},
    **{"oid": "oid", "ipaddress": "ip", "opaque": "opaque"},
}
#: Kind -> what users call it, for a value that was read; octets are text or hex.
_WORDS = {kind: word for word, kind in TYPES.items() if kind != "octets"}
_WHOLE = re.compile(r"[+-]?\d{1,20}", re.ASCII)
#: up(1): the word, or the number.
_WORD_AND_NUMBER = re.compile(r"([A-Za-z][\w-]*)\((-?\d{1,10})\)", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,10}\.\d{1,9}", re.ASCII)
#: A bit of a text of BITS beyond this one is a mistake.
_MOST_BITS = 1024
_SMALLEST = -(2**31)
#: Textual conventions whose octets people write in several ways: 00:1b:21, 00-1b-21, 001b.2100.
_MAC = frozenset({"MacAddress", "PhysAddress"})


class _Wrong(ValueError):
    """The text says why a value is none, after "which"."""


def written(oid: Oid, value: Any, word: str, node: Node | None, mib: Mib, checked: bool = True) -> VarBind:
    """The variable with a value.

    :param word: one of TYPES; empty: the type that the MIB defines.
    :param node: the object that the variable is of; None if no MIB defines it.
    :param checked: whether type, words, range and size have to be those of the MIB.

    Raises MibError that names the variable and quotes the value.
    """
    syntax = node.syntax if node else None
    name = node.name if node else dotted(oid)
    if not word and syntax is None:
        raise MibError(f"{name}: no known MIB defines its type. Give `type` (one of {', '.join(TYPES)}).")
    kind = TYPES[word] if word else _KINDS.get(syntax.base, "") if syntax else ""
    known = _KINDS.get(syntax.base) if syntax else kind
    if checked and syntax and kind != known:
        raise MibError(f"{name} is {_type_text(syntax)} by its MIB, and not {word}. Correct it, or set `force: true`.")
    try:
        content = _content(value, word, kind, syntax if kind == known else None, mib)
        if checked and syntax:
            _check(content, syntax)
        _check_kind(content, kind)
    except _Wrong as error:
        raise MibError(f"{name}: '{brief(value, 80)}' is no value of it: {error}.") from None
    except (ValueError, TypeError, OverflowError):
        expected = word or (_type_text(syntax) if syntax else kind)
        raise MibError(f"{name}: '{brief(value, 80)}' is no {expected}.") from None
    return VarBind(oid, kind, content)


def as_written(varbind: VarBind) -> dict[str, Any]:
    """The keys oid, type and value, of which written() makes this variable again. Not for one without a value."""
    value: Any = varbind.value
    word = _WORDS.get(varbind.kind, "")
    if isinstance(value, tuple) or (isinstance(value, bytes) and varbind.kind == "ip"):
        value = dotted(value)
    elif isinstance(value, bytes):
        text = _plain(value) if varbind.kind == "octets" else None
        word = word or ("hex" if text is None else "text")
        value = value.hex() if text is None else text
    return {"oid": dotted(varbind.oid), "type": word, "value": value}


def _plain(value: bytes) -> str | None:
    """Text that a result of a task keeps as it is; None for other octets."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _type_text(syntax: Syntax) -> str:
    return f"{syntax.name} ({syntax.base})" if syntax.name else syntax.base


def _content(value: Any, word: str, kind: str, syntax: Syntax | None, mib: Mib) -> bytes | int | Oid:
    if kind == "oid":
        return oid_of(_text(value), mib)
    if kind == "ip":
        return ipaddress.IPv4Address(_text(value)).packed
    if kind == "opaque":
        return _hexadecimal(_text(value))
    if kind == "octets":
        if word:
            return _BY_HAND[word](value, syntax)
        return _by_syntax(value, syntax) if syntax else _text(value).encode("utf-8")
    return _number(value, kind, syntax)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _Wrong("write it as text, in quotes")
    return str(value)


def _number(value: Any, kind: str, syntax: Syntax | None) -> int:
    words = {word: number for number, word in syntax.enum.items()} if syntax else {}
    if isinstance(value, bool):
        if not {"true", "false"} <= words.keys():
            raise _Wrong("true and false are of a TruthValue only")
        return words["true" if value else "false"]
    if isinstance(value, int):
        return value
    text = str(value).strip()
    if text in words:
        return words[text]
    both = _WORD_AND_NUMBER.fullmatch(text)
    if both and words.get(both[1]) == int(both[2]):
        return int(both[2])
    if kind == "ticks" and (ticks := dates.ticks_of(text)) is not None:
        return ticks
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and syntax and syntax.hint:
        return _by_hint(text, syntax.hint)
    raise _Wrong(f"it is one of {', '.join(words)}" if words else "it is a whole number")


def _by_hint(text: str, hint: str) -> int:
    """12.34, which the hint d-2 writes for 1234."""
    found = int(text.replace(".", ""))
    if hints.integer_text(found, hint) != text:
        raise _Wrong(f"its display hint is {hint}")
    return found


def _by_syntax(value: Any, syntax: Syntax) -> bytes:
    """Octets, as describe() writes those of this type."""
    if syntax.base == BITS:
        return _bits(value, syntax)
    text = _text(value)
    if syntax.name == dates.DATE_AND_TIME and (moment := dates.octets_of(text)) is not None:
        return moment
    if syntax.name in _MAC and not text.startswith("0x"):
        return _hexadecimal(re.sub(r"[:.-]", "", text)) if len(text) > 2 else hints.octets_of(text, "1x:") or b""
    if addresses.is_address(syntax) and not text.startswith("0x"):
        return _address(text)
    is_text = not syntax.hint or syntax.hint[-1] in "at"
    if text.startswith("0x") and not (syntax.hint and is_text):
        return _hexadecimal(text)
    octets = hints.octets_of(text, syntax.hint) if syntax.hint and text else text.encode("utf-8")
    if octets is None:
        raise _Wrong(f"its display hint is {syntax.hint} (or give it with `type: hex`, or as text with `type: text`)")
    return octets


def _address(text: str) -> bytes:
    """An InetAddress, whose kind is in another variable: as what it looks like, else as a name."""
    address, _percent, zone = text.partition("%")
    try:
        packed = ipaddress.ip_address(address).packed
    except ValueError:
        return text.encode("ascii")
    return packed + int(zone).to_bytes(4, "big") if zone else packed


def _hexadecimal(text: Any, _syntax: Syntax | None = None) -> bytes:
    return bytes.fromhex(str(text).strip().removeprefix("0x").replace(":", ""))


def _base64(text: Any, _syntax: Syntax | None) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error:
        raise _Wrong("it is not in base64") from None


def _bits(value: Any, syntax: Syntax | None) -> bytes:
    """The named bits (RFC 3417, 8): as many octets as the MIB names bits of."""
    words = {word: number for number, word in syntax.enum.items()} if syntax else {}
    if isinstance(value, str) and value.startswith("0x"):
        return _hexadecimal(value)
    given = value.split() if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)):
        raise _Wrong("it is a list of bits")
    numbers = [_bit(one, words) for one in given]
    last = max([*numbers, *words.values()], default=-1)
    octets = bytearray(last // 8 + 1)
    for number in numbers:
        octets[number // 8] |= 0x80 >> number % 8
    return bytes(octets)


def _bit(given: Any, words: Mapping[str, int]) -> int:
    both = _WORD_AND_NUMBER.fullmatch(str(given))
    number = words.get(both[1] if both else str(given))
    if number is None and (isinstance(given, int) or str(given).isdecimal()):
        number = int(given)
    if number is None or not 0 <= number < _MOST_BITS:
        raise _Wrong(f"its bits are {', '.join(words)}" if words else "a bit is a number from 0")
    return number


_BY_HAND: dict[str, Callable[[Any, Syntax | None], bytes]] = {
    "text": lambda value, _syntax: _text(value).encode("utf-8"),
    "hex": _hexadecimal,
    "base64": _base64,
    "bits": _bits,
}


def _check(content: bytes | int | Oid, syntax: Syntax) -> None:
    """Raises _Wrong for what the MIB does not allow."""
    if syntax.base == BITS:
        unknown = [bit for bit in _set_bits(content) if bit not in syntax.enum]
        if unknown:
            raise _Wrong(f"the MIB names no bit {unknown[0]}")
        return
    if isinstance(content, int) and syntax.enum:
        if content not in syntax.enum:
            raise _Wrong(f"it is one of {', '.join(f'{word}({number})' for number, word in syntax.enum.items())}")
        return
    if isinstance(content, tuple) or not syntax.limits:
        return
    size = content if isinstance(content, int) else len(content)
    if not any(low <= size <= high for low, high in syntax.limits):
        allowed = " or ".join(str(low) if low == high else f"{low} to {high}" for low, high in syntax.limits)
        raise _Wrong(f"it has {size} octets, and not {allowed}" if isinstance(content, bytes) else f"it is {allowed}")


def _set_bits(content: bytes | int | Oid) -> list[int]:
    octets = content if isinstance(content, bytes) else b""
    return [at * 8 + bit for at, octet in enumerate(octets) for bit in range(8) if octet & 0x80 >> bit]


def _check_kind(content: bytes | int | Oid, kind: str) -> None:
    """Raises _Wrong for what the protocol cannot send."""
    if isinstance(content, int):
        low, high = (0, LARGEST[kind]) if kind in LARGEST else (_SMALLEST, -_SMALLEST - 1)
        if not low <= content <= high:
            raise _Wrong(f"it is {low} to {high}")
