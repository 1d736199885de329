# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding secrets in text, in whatever form a server or a library repeats them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

#: What replaces a secret in a sentence.
MASK = "********"
#: What Ansible itself shows in place of an option that is secret.
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

#: A v3 passphrase has at least 8 characters (RFC 3414, 11.2) and a NetBox token 40; a community may have one, and is
#: not looked for then: every sentence would lose its "a". No sentence of ours names a secret; this is the second lock.
SHORTEST = 8
#: So many letters and digits of a secret in a row are hidden as well: it may have been cut or wrapped.
_PIECE = 12

#: How the keys of secrets end, in an object that has secrets and other values.
_SECRET_KEYS = ("community", "passphrase", "password", "secret", "token", "key")

#: One character, as JSON, C, a URL or HTML may write it, also if that was escaped again. Signs are of no interest, so
#: that their names are one sign. The text is a stranger's: nothing here reads on for more than a few characters.
_CHARACTER = re.compile(
    r"\\{1,4}u\{?([0-9a-f]{4})\}?|\\{1,4}x([0-9a-f]{2})|%(?:25){0,4}([0-9a-f]{2})"
    r"|&(?:amp;){0,4}#(?:x0{0,4}([0-9a-f]{1,6})|0{0,4}([0-9]{1,7}));?|(&(?:amp|lt|gt|quot|apos);)|(.)",
    re.IGNORECASE | re.DOTALL,
)
_HEXADECIMAL, _DECIMAL, _SIGN = (1, 2, 3, 4), 5, 6

#: Secrets that this process uses in addition to those of a task's options, such as a token of the environment.
_remembered: set[str] = set()

#: Letters and digits of a text, each with where it begins and ends there.
Letters = list[tuple[str, int, int]]


class Secrets:
    """Values that must not be shown, and how they are found in text.

    Letters and digits are compared, in any case, whatever is between them: so a secret is also found that was
    wrapped, spaced out, quoted, escaped (JSON, URL, HTML, any mixture), or written as hexadecimal or base64 (as in a
    header of HTTP), and pieces of it.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._exact = {value for value in values if len(value) >= SHORTEST}
        self._folded = {form for value in self._exact for form in _forms(value)}

    def __repr__(self) -> str:
        return f"<{len(self._exact)} secrets>"

    def __bool__(self) -> bool:
        return bool(self._exact)

    def with_remembered(self) -> Secrets:
        """These, and those of remember()."""
        return Secrets(self._exact | _remembered) if _remembered - self._exact else self

    def hidden(self, text: str) -> str:
        """The text with MASK in place of each secret."""
        if not self._exact or len(text) < SHORTEST:
            return text
        for value in self._exact:
            text = text.replace(value, MASK)
        folded = _fold(text)
        spans = list(self._spans(text, _as_it_is)) if any(form in folded for form in self._folded) else []
        if any(sign in text for sign in "\\%&"):
            spans += self._spans(text, _decoded)
        return _without(text, spans) if spans else text

    def _spans(self, text: str, read: Callable[[str], Letters]) -> Iterator[tuple[int, int]]:
        """Where secrets are, for one way to read the text."""
        letters = read(text)
        folded = "".join(letter for letter, _begin, _end in letters)
        for form in self._folded:
            at = folded.find(form)
            while at >= 0:
                yield letters[at][1], letters[at + len(form) - 1][2]
                at = folded.find(form, at + 1)


def remember(secret: str) -> None:
    """Hide this, too, in whatever leaves this process."""
    _remembered.add(secret)


def secret_values(params: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[str]:
    """The values of those options that are secret by their argument spec, suboptions among them.

    Of a secret option that is an object without suboptions, the values whose keys are names of secrets: not all that is
    next to a passphrase is one. Not values in lists: the code that parses them knows which are secret.
    """
    for name, option in spec.items():
        value = params.get(name)
        if option.get("no_log") and isinstance(value, (str, int)):
            yield str(value)
        elif option.get("no_log") and isinstance(value, Mapping):
            yield from secrets_in(value)
        elif option.get("options"):
            for inner in value if isinstance(value, list) else [value]:
                yield from secret_values(inner or {}, option["options"])


def secrets_in(value: Mapping[Any, Any]) -> Iterator[str]:
    """The values in an object, at any depth, whose keys are names of secrets: community, auth_passphrase, token."""
    level = [value]
    while level:
        for key, inner in level.pop().items():
            if isinstance(inner, Mapping):
                level.append(inner)
            elif isinstance(inner, (str, int)) and str(key).endswith(_SECRET_KEYS):
                yield str(inner)


def without_secret_options(params: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a task as they may be shown: those that are secret by their argument spec, or that have suboptions
    which are, are HIDDEN; also where they are given by an alias."""
    spec = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    return {name: HIDDEN if value and _is_secret(spec.get(name, {})) else value for name, value in params.items()}


def _is_secret(option: Mapping[str, Any]) -> bool:
    return bool(option.get("no_log")) or any(_is_secret(inner) for inner in option.get("options", {}).values())


def _forms(secret: str) -> Iterator[str]:
    """The letters and digits by which a secret is found; none for one with too few of them."""
    decoded = "".join(letter for letter, _begin, _end in _decoded(secret))  # it may itself look like escapes
    for plain in (_fold(secret), decoded):
        if len(plain) >= SHORTEST:
            yield from (plain[start : start + _PIECE] for start in range(max(1, len(plain) - _PIECE + 1)))
    octets = secret.encode("utf-8", "surrogateescape")
    yield octets.hex()
    for before in range(3):
        # Its position in the text that was encoded is unknown; its neighbours share the first and last characters.
        encoded = base64.b64encode(bytes(before) + octets).decode("ascii")
        form = _fold(encoded[-(-8 * before // 6) : 8 * (before + len(octets)) // 6])
        if len(form) >= SHORTEST:
            yield form


def _fold(text: str) -> str:
    """The letters of _as_it_is() alone."""
    return "".join(filter(str.isalnum, text)).casefold()


def _as_it_is(text: str) -> Letters:
    return [(letter, at, at + 1) for at, char in enumerate(text) if char.isalnum() for letter in char.casefold()]


def _decoded(text: str) -> Letters:
    """The letters with all escapes decoded."""
    letters: Letters = []
    for match in _CHARACTER.finditer(text):
        group = match.lastindex or 0
        found = match[group]
        if group in _HEXADECIMAL:
            found = _character(int(found, 16))
        elif group == _DECIMAL:
            found = _character(int(found))
        elif group == _SIGN:
            continue
        letters += ((letter, match.start(), match.end()) for letter in found.casefold() if found.isalnum())
    return letters


def _character(number: int) -> str:
    return chr(number) if number < 0x110000 else ""


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with MASK in place of what these spans cover."""
    pieces: list[str] = []
    done = 0
    for begin, end in sorted(spans):
        if end <= done:
            continue
        if begin > done or not pieces:
            pieces += [text[done:begin], MASK]
        done = end
    return "".join([*pieces, text[done:]])
