# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad nights: each ends in one sentence that says what to do, and nothing is written twice."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import (
    NetBoxCertificateError,
    NetBoxError,
    NetBoxNotFound,
    NetBoxPermissionError,
    NetBoxPluginMissing,
    NetBoxRejected,
    NetBoxServerError,
    NetBoxThrottled,
    NetBoxTimeout,
    NetBoxTokenError,
    NetBoxUncertain,
    NetBoxUnreachable,
    NotNetBox,
)
from ansible_collections.invmon.network.plugins.module_utils._netbox.version import check_version
from ansible_collections.invmon.network.tests.sandbox.certificates import self_signed
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._netbox.scripted_http import Scripted, scripted

TOKEN = "0123456789abcdef0123456789abcdef01234567"
PROBES = "plugins/inventory-monitor/probes/"
PROBE = {
    "name": "Fan",
    "serial": "F1",
    "time": "2026-11-20T03:00:00Z",
    "creation_time": "2026-11-20T03:00:00Z",
    "device": None,
    "site": None,
    "location": None,
}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin() as one:
        yield one


@pytest.fixture
def script() -> Iterator[Scripted]:
    with scripted() as one:
        yield one


def client(url: str, token: str = TOKEN, timeout: float = 5) -> NetBox:
    return NetBox(url, token, timeout=timeout, backoff=0.01)


def stored(standin: StandIn) -> int:
    return client(standin.url).get(PROBES, {"limit": 1})["count"]


def test_a_port_that_refuses_names_the_address_and_the_reason() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(NetBoxUnreachable, match=f"{address} cannot be reached .*refused"):
        check_version(client(address))


def test_a_name_that_does_not_resolve_is_reported() -> None:
    with pytest.raises(NetBoxUnreachable, match=r"http://netbox.invalid cannot be reached"):
        check_version(client("http://netbox.invalid"))


def test_a_netbox_that_never_answers_ends_in_a_timeout(standin: StandIn) -> None:
    standin.plan("latency", times=-1, seconds=1.5)
    with pytest.raises(NetBoxTimeout, match=r"did not answer within 0.2 s.*timeout"):
        client(standin.url, timeout=0.2).get("dcim/devices/")


def test_a_reading_is_repeated_until_it_succeeds(standin: StandIn) -> None:
    for kind in ("502html", "reset", "close"):
        standin.plan(kind, method="GET")
    assert client(standin.url).get("dcim/devices/")["count"] == 0
    assert len(standin.requests("GET")) == 4


def test_a_cut_reply_is_read_again(standin: StandIn) -> None:
    standin.plan("truncate", method="GET")
    assert client(standin.url).get("dcim/devices/")["count"] == 0


def test_repetitions_come_to_an_end_and_are_counted(standin: StandIn) -> None:
    standin.plan("502html", times=-1)
    netbox = client(standin.url)
    with pytest.raises(NetBoxServerError, match="502 Bad Gateway"):
        netbox.get("dcim/devices/")
    assert netbox.requests == len(standin.requests()) == 4


@pytest.mark.parametrize("kind", ["500", "502html", "503html", "reset", "close", "html"])
def test_a_post_without_a_clear_answer_is_never_sent_again(standin: StandIn, kind: str) -> None:
    standin.plan(kind, method="POST")
    with pytest.raises(NetBoxUncertain):
        client(standin.url).post_bulk(PROBES, [PROBE])
    assert len(standin.requests("POST")) == 1


@pytest.mark.parametrize("kind", ["drop_after_write", "reset_after_write", "truncate"])
def test_a_post_that_was_done_but_not_answered_is_not_done_twice(standin: StandIn, kind: str) -> None:
    standin.plan(kind, method="POST", seconds=1.0)
    with pytest.raises(NetBoxUncertain, match=r"may or may not be written|empty or cut"):
        client(standin.url, timeout=0.3).post_bulk(PROBES, [PROBE])
    assert stored(standin) == 1


def test_a_post_that_netbox_refused_to_start_is_sent_again(standin: StandIn) -> None:
    standin.plan("429", method="POST", seconds=0)
    standin.plan("deadlock", method="POST")
    assert [row["serial"] for row in client(standin.url).post_bulk(PROBES, [PROBE])] == ["F1"]
    assert stored(standin) == 1


def test_a_change_of_rows_is_repeated_after_a_deadlock(standin: StandIn) -> None:
    netbox = client(standin.url)
    (row,) = netbox.post_bulk(PROBES, [PROBE])
    standin.plan("deadlock", method="PATCH")
    netbox.patch_bulk(PROBES, [{"id": row["id"], "time": "2026-11-21T03:00:00Z"}])
    assert netbox.get(f"{PROBES}{row['id']}/")["time"] == "2026-11-21T03:00:00Z"


def test_a_server_that_asks_for_more_patience_than_we_have_is_not_waited_for(script: Scripted) -> None:
    script.json({"detail": "slow down"}, 429, Retry_After="86400")
    with pytest.raises(NetBoxThrottled, match="limits the rate"):
        client(script.url).get("dcim/devices/")
    assert len(script.asked) == 1


def test_a_retry_after_that_is_a_date_is_understood(script: Scripted) -> None:
    script.json({"detail": "slow down"}, 429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")
    script.json({"count": 0})
    assert client(script.url).get("dcim/devices/") == {"count": 0}


def test_a_wrong_token_says_what_netbox_says(standin: StandIn) -> None:
    with pytest.raises(NetBoxTokenError, match=r"does not accept the token.*Invalid v1 token"):
        client(standin.url, "f" * 40).get("dcim/devices/")


def test_a_wrong_token_is_reported_by_graphql_as_well(script: Scripted) -> None:
    script.page("Invalid v1 token", 403)  # as NetBox sends it: plain words called text/html
    with pytest.raises(NetBoxTokenError, match="Invalid v1 token"):
        client(script.url).graphql("{ a }")


def test_a_v2_token_at_an_old_netbox_is_explained() -> None:
    with start_standin(version="4.4") as old, pytest.raises(NetBoxTokenError, match=r"NetBox 4.5 or newer"):
        client(old.url, "nbt_abc.def").get("dcim/devices/")


@pytest.mark.parametrize(
    ("act", "permission"),
    [
        (lambda netbox: netbox.get("dcim/devices/"), "dcim.view_device"),
        (lambda netbox: netbox.get(f"{PROBES}1/"), "inventory_monitor.view_probe"),
        (lambda netbox: netbox.post_bulk(PROBES, [PROBE]), "inventory_monitor.add_probe.*write-enabled"),
        (lambda netbox: netbox.patch_bulk(PROBES, [{"id": 1}]), "inventory_monitor.change_probe.*write-enabled"),
        (lambda netbox: netbox.delete_bulk(PROBES, [1]), "inventory_monitor.delete_probe.*write-enabled"),
        (lambda netbox: netbox.get("dcim/racks/"), "view.*/api/dcim/racks/"),
    ],
)
def test_a_missing_permission_is_named(standin: StandIn, act: Callable[[NetBox], object], permission: str) -> None:
    standin.plan("403", times=-1)
    with pytest.raises(NetBoxPermissionError, match=permission):
        act(client(standin.url))


def test_a_row_that_netbox_rejects_is_named_with_its_fault(standin: StandIn) -> None:
    rows = [PROBE, {**PROBE, "serial": ""}]
    with pytest.raises(NetBoxRejected, match="row 2: serial: This field may not be blank") as caught:
        client(standin.url).post_bulk(PROBES, rows)
    assert caught.value.errors == [{}, {"serial": ["This field may not be blank."]}]
    assert not caught.value.maybe_done


def test_data_that_the_database_refuses_are_not_uncertain(standin: StandIn) -> None:
    with pytest.raises(NetBoxServerError) as caught:
        client(standin.url).post_bulk(PROBES, [{**PROBE, "discovered_data": {"a": "\x00"}}])
    assert caught.value.exception == "DataError"
    assert stored(standin) == 0


def test_what_is_no_json_is_not_sent(standin: StandIn) -> None:
    with pytest.raises(NetBoxRejected, match="as JSON"):
        client(standin.url).post_bulk(PROBES, [{**PROBE, "discovered_data": {"a": float("nan")}}])
    assert standin.requests("POST") == []


def test_a_deleted_object_and_a_wrong_address_are_distinguished(standin: StandIn) -> None:
    with pytest.raises(NetBoxNotFound, match="No Probe matches"):
        client(standin.url).get(f"{PROBES}99/")
    with pytest.raises(NotNetBox, match="path prefix"):
        client(standin.url + "/wrong").get("dcim/devices/")
    with pytest.raises(NotNetBox, match="plugin is not installed"):
        client(standin.url).get("plugins/inventory_monitor/probes/")


def test_a_netbox_without_the_plugin_is_reported(script: Scripted) -> None:
    script.json({"netbox-version": "4.6.8", "plugins": {}})
    with pytest.raises(NetBoxPluginMissing, match=r"NetBox 4\.6\.8 .*inventory_monitor"):
        check_version(client(script.url))


def test_a_plugin_that_was_never_tried_is_warned_of(script: Scripted) -> None:
    script.json({"netbox-version": "5.0.0", "plugins": {"inventory_monitor": "15.1.0"}})
    assert "15.1.0" in str(check_version(client(script.url)).warning)


def test_a_login_page_is_recognised_by_its_title(script: Scripted) -> None:
    script.page("<html><head><title>Corporate\n Login</title></head></html>")
    with pytest.raises(NotNetBox, match='a web page titled "Corporate Login"'):
        client(script.url).get("dcim/devices/")


def test_a_proxy_that_refuses_is_not_taken_for_netbox(script: Scripted) -> None:
    script.page("<html><title>Forbidden</title></html>", 403)
    with pytest.raises(NotNetBox, match="a proxy in front of NetBox"):
        client(script.url).get("dcim/devices/")


def test_a_request_too_large_for_the_proxy_is_reported(script: Scripted) -> None:
    script.page("<html><title>413 Request Entity Too Large</title></html>", 413)
    with pytest.raises(NetBoxRejected, match="fewer rows"):
        client(script.url).post_bulk(PROBES, [PROBE])


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_redirect_is_never_followed(script: Scripted, method: str) -> None:
    script.json({}, 301, Location="https://netbox.example.org/api/dcim/devices/")
    netbox = client(script.url)
    with pytest.raises(NotNetBox, match=r"redirects to https://netbox\.example\.org"):
        netbox.get("dcim/devices/") if method == "get" else netbox.post_bulk(PROBES, [PROBE])
    assert len(script.asked) == 1


@pytest.mark.parametrize("body", [[], "text", None, 7])
def test_json_of_the_wrong_shape_is_an_error(script: Scripted, body: object) -> None:
    script.json(body)
    with pytest.raises(NotNetBox):
        client(script.url).get("dcim/devices/")
    with pytest.raises(NotNetBox):
        client(script.url).get_all("dcim/devices/")


def test_a_post_that_ends_as_a_list_of_old_rows_is_uncertain(script: Scripted) -> None:
    script.json({"count": 1, "results": [{"id": 1}]})
    with pytest.raises(NetBoxUncertain):
        client(script.url).post_bulk(PROBES, [PROBE])


def test_a_reply_that_echoes_the_token_does_not_reach_the_log(script: Scripted) -> None:
    script.json({"detail": f"Could not parse key from token {TOKEN}"}, 403)
    with pytest.raises(NetBoxTokenError) as caught:
        client(script.url).get("dcim/devices/")
    assert TOKEN not in str(caught.value)


def test_control_characters_of_a_reply_do_not_reach_the_terminal(script: Scripted) -> None:
    script.json({"detail": "red \x1b[31malert\r\nok: [r1]"}, 400)
    with pytest.raises(NetBoxRejected) as caught:
        client(script.url).get("dcim/devices/")
    assert str(caught.value).isprintable()


def test_a_netrc_does_not_replace_the_token(script: Scripted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(netrc))
    script.json({"count": 0})
    client(script.url).get("dcim/devices/")
    assert script.asked[0]["headers"]["Authorization"] == f"Token {TOKEN}"


def test_a_v2_token_is_sent_as_bearer_and_by_pynetbox_as_well(script: Scripted) -> None:
    script.json({"netbox-version": "4.6.8"})
    netbox = client(script.url, "nbt_key.secret")
    netbox.get("status/")
    netbox.api.status()
    assert [one["headers"]["Authorization"] for one in script.asked] == ["Bearer nbt_key.secret"] * 2


def test_pynetbox_gets_our_errors_and_is_counted(standin: StandIn) -> None:
    netbox = client(standin.url, "f" * 40)
    with pytest.raises(NetBoxTokenError):
        netbox.api.dcim.devices.get(1)
    assert netbox.requests == 1


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return self_signed(tmp_path)


@pytest.fixture
def tls_script(certificate: Path) -> Iterator[Scripted]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with scripted(context) as one:
        one.json({"count": 0})
        yield one


def test_an_untrusted_certificate_says_which_options_help(tls_script: Scripted) -> None:
    with pytest.raises(NetBoxCertificateError, match=r"self-signed.*ca_path.*validate_certs"):
        client(tls_script.url).get("dcim/devices/")


def test_a_certificate_is_accepted_by_its_ca_or_unchecked(
    tls_script: Scripted, certificate: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    # A bundle of the environment must not win over the user's own options.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.with_name("absent.pem")))
    for options in ({"ca_path": str(certificate)}, {"validate_certs": False}):
        assert NetBox(tls_script.url, TOKEN, **options).get("dcim/devices/") == {"count": 0}
    assert [one for one in recwarn if "certificate verification" in str(one.message)] == []


def test_https_to_a_port_without_tls_is_reported(script: Scripted) -> None:
    script.json({})
    with pytest.raises(NetBoxError, match=r"(?i)tls"):
        client(script.url.replace("http:", "https:")).get("dcim/devices/")
