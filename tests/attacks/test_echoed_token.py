# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that repeats the token it was sent, in a message that people read and logs keep."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import (
    NetBoxError,
    NetBoxRejected,
    NotNetBox,
)
from ansible_collections.invmon.network.tests.attacks.hostile_netbox import (
    HostileNetBox,
    echo,
    fixed,
    hostile_netbox,
    rows,
)

TOKENS = ["0f3bc2a497d8e6150f3bc2a497d8e615aa55bb66", "nbt_k3yk3yk3yk3y.s3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3tab"]
DEVICES = "dcim/devices/"

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "capitals": str.upper,
    "JSON in JSON": lambda text: json.dumps(json.dumps({"Authorization": text})),
    "JSON escapes": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "URL": lambda text: "".join(f"%{ord(char):02X}" for char in text),
    "URL, what must be": quote,
    "HTML": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "HTML, what must be": html.escape,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of all headers": lambda text: base64.b64encode(f"Accept: */*\nAuthorization: {text}\n".encode()).decode(),
    "hexadecimal dump": lambda text: text.encode().hex(" "),
    "in lines": lambda text: "\n".join(text[at : at + 16] for at in range(0, len(text), 16)),
    "behind so much that the message is cut in it": lambda text: "x" * 260 + text,
    "without its beginning": lambda text: text[-20:],
}


@pytest.fixture(scope="module")
def server() -> Iterator[HostileNetBox]:
    with hostile_netbox() as netbox:
        yield netbox


@pytest.fixture(params=TOKENS, ids=["v1", "v2"])
def hostile(server: HostileNetBox, request: pytest.FixtureRequest) -> HostileNetBox:
    server.forget()
    server.token = request.param
    return server


def ask(hostile: HostileNetBox) -> NetBox:
    return NetBox(hostile.url, hostile.token, backoff=0.001)


def shown(error: BaseException) -> str:
    """All that anybody could make a message of."""
    return f"{error} {error!r} {vars(error)} {error.__cause__} {error.__context__}"


def pieces(text: str) -> set[str]:
    """What nobody may read: ten characters of it in a row, also as base64, hexadecimal, and escaped."""
    forms = [text, text.encode().hex(), "".join(f"%{ord(char):02x}" for char in text)]
    forms += ["".join(write.format(ord(char)) for char in text) for write in ("&#{};", "\\u{:04x}")]
    forms += [base64.b64encode(b"\0" * before + text.encode()).decode()[4:-4] for before in range(3)]
    return {form[at : at + 12].casefold() for form in forms for at in range(len(form) - 11)}


def assert_hidden(error: BaseException, token: str) -> None:
    told = shown(error).replace("\n", "").replace("\\\\", "\\").casefold()
    assert not [piece for piece in pieces(token) if piece in told.replace(" ", "") or piece in told], told


@pytest.mark.attack(
    "A token in an error",
    tried="NetBox, or a proxy, repeats the header Authorization in an error (400 to 502, a redirect, a row's error of a"
    " bulk request, GraphQL): as it is, escaped, in base64, in hexadecimal, wrapped, cut",
    came="it is replaced by asterisks, in messages and in all that is kept of the reply",
)
@pytest.mark.parametrize("form", FORMS)
def test_an_echoed_token_is_in_no_error(hostile: HostileNetBox, form: str) -> None:
    for status in (400, 403, 404, 429, 502):
        hostile.answer(echo(FORMS[form], status))
        with pytest.raises(NetBoxError) as caught:
            ask(hostile).get(DEVICES)
        assert_hidden(caught.value, hostile.token)
    header = f"{'Bearer' if hostile.token.startswith('nbt_') else 'Token'} {hostile.token}"
    said = FORMS[form](header)
    hostile.answer(fixed(json.dumps([{}, {"serial": [said]}, {said: [said]}]), 400))
    with pytest.raises(NetBoxRejected) as rejected:
        ask(hostile).post_bulk(DEVICES, [{}, {}, {}])
    assert_hidden(rejected.value, hostile.token)
    hostile.answer(fixed(json.dumps({"errors": [{"message": said}], "data": None})))
    with pytest.raises(NetBoxError) as caught:
        ask(hostile).graphql("{ a }")
    assert_hidden(caught.value, hostile.token)
    hostile.answer(fixed(f"<html><title>{said}</title></html>", 403, Content_Type="text/html"))
    with pytest.raises(NotNetBox) as caught_page:
        ask(hostile).get(DEVICES)
    assert_hidden(caught_page.value, hostile.token)
    hostile.answer(fixed(b"", 302, Location=f"https://login.invalid/?back={quote(said)}"))
    with pytest.raises(NotNetBox, match="redirects to https://login") as caught_redirect:
        ask(hostile).get(DEVICES)
    assert_hidden(caught_redirect.value, hostile.token)


@pytest.mark.attack(
    "A token as data",
    tried="a device whose name is the token that was sent",
    came="the reply is not used: the name would be printed by Ansible itself",
)
def test_a_good_reply_that_holds_the_token_is_not_used(hostile: HostileNetBox) -> None:
    hostile.answer(rows({"id": 1, "name": f"rtr-{hostile.token}"}))
    with pytest.raises(NotNetBox, match="which holds the token that it was sent") as caught:
        ask(hostile).get_all(DEVICES)
    assert_hidden(caught.value, hostile.token)
