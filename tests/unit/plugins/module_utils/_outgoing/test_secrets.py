# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote

import pytest
from ansible_collections.invmon.network.plugins.module_utils._outgoing.secrets import (
    HIDDEN,
    MASK,
    Secrets,
    secret_values,
    without_secret_options,
)

TOKEN = "0f3bc2a497d8e6150f3bc2a497d8e615aa55bb66"
V2 = "nbt_k3yk3yk3yk3y.s3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3tab"
PASSPHRASE = 'pa"ss<wo&rd>/%41\\x'
SPEC = {"token": {"type": "str", "no_log": True}, "url": {"type": "str"}, "devices": {"type": "list", "no_log": True}}


def every_character(text: str, how: str) -> str:
    return "".join(how.format(ord(char)) for char in text)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS = {
    "as it is": TOKEN,
    "capitals": TOKEN.upper(),
    "header": f"Authorization: Token {TOKEN}",
    "quoted": json.dumps({"token": TOKEN}),
    "json escapes": every_character(TOKEN, "\\u{:04x}"),
    "json escapes, escaped again": every_character(TOKEN, "\\\\u{:04X}"),
    "c escapes": every_character(TOKEN, "\\x{:02x}"),
    "url": every_character(TOKEN, "%{:02X}"),
    "url, encoded again": every_character(TOKEN, "%25{:02x}"),
    "html": every_character(TOKEN, "&#{};"),
    "html, hexadecimal": every_character(TOKEN, "&#x{:x};"),
    "half of it escaped": TOKEN[:20] + every_character(TOKEN[20:], "%{:02X}"),
    "hexadecimal": TOKEN.encode().hex(),
    "hexadecimal dump": TOKEN.encode().hex(" "),
    "base64": encoded(TOKEN),
    "base64 of a header": encoded(f"Authorization: Token {TOKEN}\r\n"),
    "base64 of a user": encoded(f"me:{TOKEN}"),
    "base64 behind one more": encoded(f"a:{TOKEN}@x"),
    "base64 for a url": base64.urlsafe_b64encode(f"??{TOKEN}>>".encode()).decode(),
    "wrapped": "\n".join([TOKEN[:16], TOKEN[16:32], TOKEN[32:]]),
    "spaced out": " ".join(TOKEN),
    "with signs that nobody sees": "\u200b".join(TOKEN),
    "cut off": f"Token {TOKEN[:24]}…",
    "its end": f"…{TOKEN[-13:]}",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_token_is_hidden_however_it_is_written(form: str) -> None:
    shown = Secrets([TOKEN]).hidden(f"NetBox says ({FORMS[form]}) no")
    assert MASK in shown
    assert shown.startswith("NetBox says (")
    assert shown.endswith(") no")
    # What may stand beside it is the name of the header, also as base64.
    assert len(shown.replace(MASK, "")) < len("NetBox says () no") + 40
    assert TOKEN[:12] not in shown.casefold()


@pytest.mark.parametrize("form", [V2, V2.split(".")[1], V2.split("_")[1].split(".")[0], encoded(f"Bearer {V2}")])
def test_each_part_of_a_v2_token_is_hidden(form: str) -> None:
    assert Secrets([V2]).hidden(f"[{form}]").replace(MASK, "") in ("[]", "[nbt_]") or form.startswith("Q")
    assert "s3cr3t" not in Secrets([V2]).hidden(form)


@pytest.mark.parametrize("write", [str, lambda text: json.dumps(text)[1:-1], quote, html.escape, repr, encoded])
def test_a_passphrase_with_signs_is_hidden_however_it_is_escaped(write: object) -> None:
    assert callable(write)
    shown = Secrets([PASSPHRASE]).hidden(f"<<{write(PASSPHRASE)}>>")
    assert MASK in shown
    assert "ss" not in shown


def test_a_secret_of_few_letters_is_hidden_as_it_is() -> None:
    assert Secrets(["!§$%&/()="]).hidden("a !§$%&/()= b") == f"a {MASK} b"


@pytest.mark.parametrize("text", ["rtr-7750: 3 not seen any more", "0123456789", "", "Token", "50%25 of \\u0041"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert Secrets([TOKEN, "x"]).hidden(text) is text


def test_many_secrets_are_hidden_side_by_side() -> None:
    assert Secrets([TOKEN, "0123456789"]).hidden(f"{TOKEN}, 0123456789, {TOKEN}") == f"{MASK}, {MASK}, {MASK}"


def test_the_secrets_themselves_are_not_shown() -> None:
    assert repr(Secrets([TOKEN])) == "<1 secrets>"


def test_options_are_shown_without_those_that_are_secret() -> None:
    params = {"token": TOKEN, "url": "http://netbox", "devices": [{"options": {"community": "sandbox-c"}}]}
    assert without_secret_options(params, SPEC) == {"token": HIDDEN, "url": "http://netbox", "devices": HIDDEN}
    assert without_secret_options({"token": None}, SPEC) == {"token": None}


def test_single_values_and_suboptions_are_secrets() -> None:
    assert list(secret_values({"token": 12345678, "url": "u", "devices": ["a"]}, SPEC)) == ["12345678"]
    spec = {"sources": {"type": "list", "elements": "dict", "options": {"url": {}, "token": {"no_log": True}}}}
    params = {"sources": [{"url": "u", "token": TOKEN}, {"url": "v", "token": None}]}
    assert list(secret_values(params, spec)) == [TOKEN]
    assert list(secret_values({"sources": None}, spec)) == []
    # Of an object by names of the user's own, what its keys say; the words next to it are in many sentences.
    sets = {
        "core": {"username": "inventory", "auth_passphrase": TOKEN, "auth_protocol": "SHA-256"},
        "old": {"community": 1},
    }
    sets |= {"community": None, "nested": {"of": {"privacy_key": V2}}}
    assert sorted(secret_values({"sets": sets}, {"sets": {"type": "dict", "no_log": True}})) == sorted([TOKEN, V2, "1"])
    assert without_secret_options(params, spec) == {"sources": HIDDEN}
