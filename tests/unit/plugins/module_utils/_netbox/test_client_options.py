# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the client about an address or a token that cannot work, before anything is sent."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.address import base_url
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError

TOKEN = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://netbox.example.org", "https://netbox.example.org"),
        ("https://netbox.example.org/", "https://netbox.example.org"),
        ("https://netbox.example.org/api", "https://netbox.example.org"),
        ("https://netbox.example.org/api/", "https://netbox.example.org"),
        ("https://netbox.example.org//api//", "https://netbox.example.org"),
        (" http://tools.example.org:8080/netbox/ ", "http://tools.example.org:8080/netbox"),
        ("http://tools.example.org/netbox/api/", "http://tools.example.org/netbox"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://api", "http://api"),
        ("HTTPS://NetBox.Example.org:443/NetBox", "https://netbox.example.org/NetBox"),
        ("http://[2001:DB8::1]:80/api", "http://[2001:db8::1]"),
    ],
)
def test_an_address_is_understood_however_it_is_written(given: str, meant: str) -> None:
    assert base_url(given) == meant


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "NETBOX_INSTANCE_URL"),
        ("  ", "NETBOX_INSTANCE_URL"),
        ("netbox.example.org", "does not begin with http:// or https://"),
        ("netbox:8000", "does not begin with http:// or https://"),
        ("ftp://netbox", "does not begin with http:// or https://"),
        ("https://", "not a web address"),
        ("https://net box", "not a web address"),
        ("https://netbox:80x", "not a web address"),
        ("https://[::1", "not a web address"),
        ("https://netbox/?next=1", "without ? or #"),
    ],
)
def test_a_wrong_address_is_reported_in_one_sentence(given: str | None, said: str) -> None:
    with pytest.raises(NetBoxOptionError, match=said.replace("?", r"\?")):
        NetBox(given, TOKEN)


@pytest.mark.parametrize(
    "address",
    [
        *("https://me:hunter22@netbox", "me:hunter22@netbox", "https:/me:hunter22@netbox", "https//me:hunter22@netbox"),
        *("https://me:hunter22/x@netbox", "https://me:hunter22?@netbox", "ftp://me:hunter22@netbox"),
        *("https://me:1/hunter22@netbox", "https://[me:hunter22@netbox", "https://me@netbox:hunter22"),
        *("https://netbox/?token=hunter22", "netbox?token=hunter22", "https://netbox/#hunter22", "https://:hunter22@"),
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(NetBoxOptionError) as caught:
        NetBox(address, TOKEN)
    assert "hunter22" not in str(caught.value)


def test_a_wrong_address_cannot_steer_a_terminal() -> None:
    with pytest.raises(NetBoxOptionError) as caught:
        NetBox("https://netbox\x1b[2J\u202e", TOKEN)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("token", [None, "", " \n", "Token 0123456789", "secret\nX-Other: 1", "sécret01", "sec ret"])
def test_a_token_that_cannot_be_one_is_refused_and_not_repeated(token: str | None) -> None:
    with pytest.raises(NetBoxOptionError) as caught:
        NetBox("http://netbox", token)
    assert not token or not token.strip() or token not in str(caught.value)


def test_a_token_is_never_shown() -> None:
    netbox = NetBox("http://netbox", TOKEN)
    assert TOKEN not in repr(netbox) + repr(netbox.api.http_session) + repr(netbox.api.http_session.auth)


def test_a_missing_ca_file_is_reported_before_the_first_request() -> None:
    with pytest.raises(NetBoxOptionError, match="ca_path"):
        NetBox("https://netbox", TOKEN, ca_path="/nowhere/ca.pem")


def test_a_time_limit_of_nothing_is_refused() -> None:
    with pytest.raises(NetBoxOptionError, match="timeout"):
        NetBox("https://netbox", TOKEN, timeout=0)
