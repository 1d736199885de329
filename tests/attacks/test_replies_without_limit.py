# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of NetBox that never end: in octets, in time, in pages, in depth."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox import lists, session
from ansible_collections.invmon.network.plugins.module_utils._netbox.breaker import Breaker
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import (
    NetBoxError,
    NetBoxTooMuch,
    NetBoxTooSlow,
    NetBoxUncertain,
    NotNetBox,
)
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import read_latest
from ansible_collections.invmon.network.tests.attacks.hostile_netbox import (
    Attack,
    HostileNetBox,
    Visit,
    drip,
    drip_in_chunks,
    drip_in_the_head,
    endless,
    ever_new_pages,
    fixed,
    gzip_bomb,
    hostile_netbox,
    interim_replies,
    packed,
    rows,
)

SITES = "dcim/sites/"
#: Seconds between two pieces, and times as long for the whole: no piece is late, however busy the machine is.
TIMEOUT, WHOLE = 20.0, 0.025


@pytest.fixture(scope="module")
def server() -> Iterator[HostileNetBox]:
    with hostile_netbox() as netbox:
        yield netbox


@pytest.fixture
def hostile(server: HostileNetBox) -> HostileNetBox:
    server.forget()
    return server


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "WHOLE_REPLY", WHOLE)


def ask(hostile: HostileNetBox, timeout: float = 30) -> NetBox:
    return NetBox(hostile.url, hostile.token, timeout=timeout, backoff=0.01)


@pytest.mark.attack(
    "A reply without end",
    tried="a body that never ends, plain or packed (some kB on the wire for each MiB), as a good reply and as an error",
    came="the reply is given up at 64 MiB after unpacking, an error at 256 KiB, with a message",
)
@pytest.mark.parametrize("attack", [endless, gzip_bomb])
def test_a_reply_that_never_ends_is_given_up(hostile: HostileNetBox, attack: Callable[..., Attack]) -> None:
    hostile.answer(attack())
    with pytest.raises(NetBoxTooMuch, match=r"more than 64 MiB.*check what answers at that address"):
        ask(hostile).get_all(SITES)
    assert len(hostile.asked) == 1
    hostile.answer(attack(status=400))
    with pytest.raises(NetBoxError, match="rejected GET") as caught:
        ask(hostile).get(SITES)
    assert len(str(caught.value)) < 1000
    hostile.answer(attack(status=302))
    with pytest.raises(NotNetBox, match="redirects to nowhere"):
        ask(hostile).get(SITES)
    assert hostile.sent < 3 * session.REPLY_OCTETS


@pytest.mark.attack(
    "A reply that drips",
    tried="one octet now and then, before any time-out per piece: in the body, in its chunks, in a header, as interim"
    " replies (100 Continue)",
    came="the whole request ends after ten times the time-out, is not sent again, with a message",
)
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("attack", [drip, drip_in_chunks, drip_in_the_head, interim_replies])
def test_a_reply_that_drips_ends_with_its_time(hostile: HostileNetBox, attack: Callable[..., Attack]) -> None:
    hostile.answer(attack())
    with pytest.raises(NetBoxTooSlow, match=r"its complete reply after 0\.5 s \(0\.025 times the option timeout\)"):
        ask(hostile, TIMEOUT).get_all(SITES)
    assert len(hostile.asked) == 1
    assert hostile.sent > 0  # it did come, piece by piece


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("address", ["http://netbox.invalid", "https://netbox.invalid"])
def test_a_proxy_that_drips_ends_with_its_time(
    hostile: HostileNetBox, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, hostile.url)
    hostile.answer(drip_in_the_head())
    with pytest.raises(NetBoxTooSlow):
        NetBox(address, hostile.token, timeout=TIMEOUT).get(SITES)
    assert len(hostile.asked) == 1


@pytest.mark.usefixtures("hurried")
def test_a_post_whose_reply_drips_may_be_written(hostile: HostileNetBox) -> None:
    hostile.answer(drip())
    with pytest.raises(NetBoxUncertain, match="may or may not be written") as caught:
        ask(hostile, TIMEOUT).post_bulk(SITES, [{"name": "a"}])
    assert caught.value.reason == "timeout"
    assert len(hostile.asked) == 1


@pytest.mark.attack(
    "A list without end",
    tried="each page has a next one with a new offset, for ever: with a small count, with one of thousands of millions,"
    " and with empty pages",
    came="the first page says how many pages there are; what has more after twice as many is given up, with a sentence",
)
@pytest.mark.parametrize("count", [0, 3, 10**12])
def test_a_list_that_never_ends_is_given_up(
    hostile: HostileNetBox, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGES_MAX", 200)
    hostile.answer(ever_new_pages(count))
    with pytest.raises(NetBoxTooMuch, match=rf"counts {count:,} rows of dcim/sites/, and has more after"):
        ask(hostile).get_all(SITES)
    assert len(hostile.asked) <= 200
    with pytest.raises(NetBoxTooMuch):
        list(ask(hostile).pages(SITES))
    hostile.answer(ever_new_pages(count, of=0))
    with pytest.raises(NotNetBox, match="an empty page that has a next page"):
        ask(hostile).get_all(SITES)


def test_a_list_of_ever_larger_rows_is_given_up(hostile: HostileNetBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LIST_OCTETS", 100_000)
    hostile.answer(ever_new_pages(10**6, of=1000))
    with pytest.raises(NetBoxTooMuch, match=r"the last one had 1,000 rows and [0-9,]+ octets"):
        ask(hostile).get_all(SITES)
    assert len(hostile.asked) < 10


DEEP = b'{"a":' * 50 + b"1" + b"}" * 50
JSON = {
    "nested": (b"[" * 100_000, "nested deeper than 40 levels"),
    "nested, and whole": (b'{"a":' * 200 + b"1" + b"}" * 200, "nested deeper than 40 levels"),
    "many values": (b"[" + b"[]," * 4_000_000 + b"[]]", "more than 4,000,000 values"),
    "twice": (b'{"count": 0, "results": [], "count": 7}', "an object with the same key twice"),
    "not a number": (b'{"count": NaN}', "a number that is not finite"),
    "infinite": (b'{"count": 1e999}', "a number that is not finite"),
    "huge number": (b'{"count": ' + b"9" * 5000 + b"}", "empty or cut"),
    "half a character": (b'{"count": 0, "results": [{"id": 1, "name": "\\ud800"}]}', "an incomplete character"),
    "no utf-8": (b'{"count": "\xff"}', "empty or cut"),
}


@pytest.mark.attack(
    "JSON that no NetBox writes",
    tried="deep nesting, millions of empty lists, the same key twice, NaN, infinite and huge numbers, half characters",
    came="the reply is not used, with the reason; as an error's body it is taken as no JSON",
)
@pytest.mark.parametrize("kind", JSON)
def test_json_that_no_netbox_writes_is_not_used(hostile: HostileNetBox, kind: str) -> None:
    body, said = JSON[kind]
    hostile.answer(fixed(body))
    for act in (NetBox.get, NetBox.get_all, lambda netbox, path: list(netbox.pages(path))):
        with pytest.raises((NotNetBox, NetBoxTooMuch), match=said):
            act(ask(hostile), SITES)
    hostile.answer(fixed(body, 400))
    with pytest.raises(NetBoxError, match="rejected"):
        ask(hostile).get(SITES)


@pytest.mark.parametrize("count", [None, "7", 1.5, True, -1, [], {"a": 1}])
def test_a_count_that_is_no_number_is_not_used(hostile: HostileNetBox, count: object) -> None:
    hostile.answer(rows({"id": 1}, count=count))
    with pytest.raises(NotNetBox, match="an invalid count"):
        ask(hostile).get_all(SITES)


@pytest.mark.parametrize("row", [None, 7, "text", [], {}, {"id": None}, {"id": "1"}, {"id": True}, {"id": [1]}])
def test_rows_without_an_id_are_not_used(hostile: HostileNetBox, row: object) -> None:
    hostile.answer(rows(row))
    with pytest.raises(NotNetBox, match=r"invalid rows \(a row has no id\)"):
        ask(hostile).get_all(SITES)


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "compress", "\x1b[2J" * 1000])
def test_a_packing_that_was_not_asked_for_is_not_unpacked(hostile: HostileNetBox, encoding: str) -> None:
    hostile.answer(packed(b"{}", encoding))
    with pytest.raises(NotNetBox, match=r"packed as .*: check the url") as caught:
        ask(hostile).get(SITES)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_a_packed_reply_is_read_and_a_damaged_one_is_not(hostile: HostileNetBox) -> None:
    found = [{"id": number, "discovered_data": {"text": "x" * 20_000}} for number in range(1000)]
    page = json.dumps({"count": 1000, "next": None, "results": found}).encode()
    hostile.answer(packed(page, "gzip"))
    assert ask(hostile).get_all(SITES) == found
    for body, said in ((gzip.compress(page)[:-9], "and cut"), (b"no gzip at all", "and damaged")):
        hostile.answer(fixed(body, Content_Encoding="gzip"))
        with pytest.raises(NotNetBox, match=said):
            ask(hostile).get_all(SITES)


@pytest.mark.attack(
    "Retry-After as a weapon",
    tried="²³, negative, fractional, empty, NaN, inf, 400 digits, dates of the years 1 and 99999, no date at all",
    came="what is no number of seconds and no date is passed over; too long a wait ends with a sentence",
)
@pytest.mark.parametrize(
    "value",
    [
        *("²³", "-5", "1.5", "", "NaN", "inf", "9" * 400, "0x10", "1_0", "tomorrow", "\xff"),
        *("Fri, 01 Jan 0001 00:00:00 -9900", "Fri, 31 Dec 99999 23:59:59 GMT", "Wed, 21 Oct 2015 07:28:00"),
    ],
)
def test_a_strange_retry_after_harms_nothing(hostile: HostileNetBox, value: str) -> None:
    hostile.answer(fixed(b'{"detail": "slow down"}', 429, Retry_After=value.encode().decode("latin-1")))
    with pytest.raises(NetBoxError, match="limits the rate"):
        ask(hostile).get(SITES)
    assert len(hostile.asked) in (1, session.TRIES)


def test_connections_are_used_again_after_good_replies_and_errors_alike(hostile: HostileNetBox) -> None:
    hostile.answer(rows({"id": 1}))
    hostile.answer(fixed(b'{"detail": "no"}', 400), path="/bad/")
    netbox = ask(hostile)
    for _turn in range(3):
        assert netbox.get_all(SITES) == [{"id": 1}]
        with pytest.raises(NetBoxError):
            netbox.get("bad/")
    assert hostile.connections == 1


@pytest.mark.attack(
    "A row with megabytes in it",
    tried="an editor of NetBox who writes deep JSON into one row: each reply that holds it is more than is read",
    came="that device alone is not written, and the sentence says where to look; the others are",
)
def test_a_row_that_is_too_much_costs_its_device_alone(hostile: HostileNetBox) -> None:
    def attack(visit: Visit) -> None:
        asked = parse_qs(urlsplit(visit.path).query)["device_id"]
        visit.reply(DEEP if "3" in asked else b'{"count": 0, "next": null, "results": []}')

    hostile.answer(attack)
    found = read_latest(ask(hostile), range(1, 101), Breaker())
    assert found.unreadable.keys() == {3}
    assert "nested deeper than 40 levels" in found.unreadable[3]
    assert "check the JSON in the rows' discovered_data" in found.unreadable[3]


def test_a_netbox_that_is_too_much_for_each_device_is_not_asked_for_each(hostile: HostileNetBox) -> None:
    hostile.answer(fixed(DEEP))
    found = read_latest(ask(hostile), range(1, 101), Breaker())
    assert len(found.unreadable) == 100
    assert len(hostile.asked) < 60  # of 199
