# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told of what, when, and how: with a real mail server and a real web server."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._history.nights import Night
from ansible_collections.invmon.network.plugins.module_utils._notify import webhook
from ansible_collections.invmon.network.plugins.module_utils._notify.deliver import (
    NOTIFY_OPTIONS,
    check_channels,
    notify,
)
from ansible_collections.invmon.network.plugins.module_utils._notify.rules import Device
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.plugins.plugin_utils._page.page import render_mail
from ansible_collections.invmon.network.tests.page.made import HOSTILE, NOW, change, hostile, item, moment, record
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._notify.servers import (
    Hook,
    Mailbox,
    certificate_in,
    mail_server,
    web_server,
)

DEVICES = {"sw-a": Device("access", frozenset({"campus"})), "core-1": Device("core", frozenset({"backbone"}))}


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setattr(webhook.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(webhook.send_webhook, "__defaults__", (lambda _seconds: None,))
    with web_server() as running:
        yield running


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


def options(*channels: dict[str, Any], **other: Any) -> dict[str, Any]:
    given = ArgumentSpecValidator(NOTIFY_OPTIONS).validate({"channels": list(channels), **other})
    assert given.error_messages == []
    found: dict[str, Any] = given.validated_parameters
    check_channels(found)
    return found


def mail_to(box: Mailbox, **other: Any) -> dict[str, Any]:
    mail = {"to": ["noc@example.com"], "sender": "invmon@example.com", "host": "127.0.0.1", "port": box.port}
    return {"name": "noc", "mail": {**mail, "security": "none", **other}}


def to_hook(hook: Hook, name: str = "hook", **other: Any) -> dict[str, Any]:
    return {"name": name, "webhook": {"url": f"{hook.url}/token-SECRET", **other}}


def tell(params: dict[str, Any], run: dict[str, Any], folder: Path | None = None, days: float = 0, **other: Any) -> Any:
    report = Report([Night(run)], now=NOW + timedelta(days=days), title="Campus")
    return notify(report, params, folder, lambda name: DEVICES.get(name, Device()), render_mail, **other)


def said(hook: Hook) -> list[str]:
    """The titles of what the web server got."""
    return [json.loads(body)["title"] for _headers, body in hook.requests]


def test_a_mail_has_counts_in_its_subject_text_html_and_the_events_as_csv(box: Mailbox) -> None:
    run = record(changes=[change("replaced", "NEW", before={"serial": "OLD"}), change("gone", "G1")])
    messages, warnings = tell(options(mail_to(box), link="https://reports.example.com/"), run)
    assert warnings == []
    assert messages[0]["sent"] is True
    (mail,) = box.mails
    assert mail["Subject"] == "Campus: 1 gone, 1 replaced"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Brno / sw-stack-brno TenGigabitEthernet1/1/1: replaced SFP-10G-LR OLD -> NEW" in text
    assert "https://reports.example.com/" in text
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<a href="https://reports.example.com/">' in html
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "changes.csv"
    assert "OLD" in attached.get_content()


def test_a_night_in_which_nothing_happened_is_silent_but_for_a_heartbeat(hook: Hook) -> None:
    params = options(to_hook(hook))
    assert tell(params, record()) == ([], [])
    params = options(to_hook(hook), rules=[{"channels": ["hook"], "heartbeat": True}])
    tell(params, record())
    assert said(hook) == ["Campus: nothing happened"]


@pytest.mark.parametrize("kind", ["incomplete", "not asked", "no_identity", "coverage", "rejected", "not_seen"])
def test_what_proves_nothing_is_never_an_event(hook: Hook, kind: str) -> None:
    tell(options(to_hook(hook)), record(standing=[item(kind, serial="X")]))
    assert hook.requests == []


def test_a_serial_that_many_devices_share_makes_no_event(hook: Hook) -> None:
    shared = item("no_identity", devices=["a", "b", "c"], evidence={"serials": ["BUILTIN"]}, device=None)
    tell(options(to_hook(hook)), record(changes=[change("gone", "BUILTIN")], standing=[shared]))
    assert hook.requests == []


def test_what_was_not_proven_is_a_section_of_its_own(hook: Hook) -> None:
    standing = [item("incomplete", device="sw-a"), item("incomplete", device="sw-b")]
    tell(options(to_hook(hook)), record(changes=[change("new")], standing=standing))
    text = json.loads(hook.requests[0][1])["text"]
    assert "Not proven, so nothing is concluded about their parts:\n- 2 incomplete" in text


def test_an_open_item_is_sent_again_only_when_it_changed_or_after_days_or_when_it_came_back(
    hook: Hook, tmp_path: Path
) -> None:
    params = options(to_hook(hook), repeat_days=7)
    held, other = record(standing=[item("held", text="a")]), record(standing=[item("held", text="b")])
    sent = []
    for run, day in ((held, 0), (held, 1), (other, 2), (other, 3), (other, 9.5), (record(), 10), (other, 11)):
        before = len(hook.requests)
        tell(params, run, tmp_path, day)
        sent.append(len(hook.requests) - before)
    assert sent == [1, 0, 1, 0, 1, 0, 1]


def test_a_change_is_sent_once_though_a_second_slice_and_a_second_report_are_about_the_same_night(
    hook: Hook, tmp_path: Path
) -> None:
    first = record(changes=[change("new", "A", time=moment(0.2))])
    both = record(changes=[change("new", "A", time=moment(0.2)), change("new", "B", time=moment(0.2))])
    again = record(-1, changes=[change("new", "A", time=moment(-0.8))])
    for run in (first, both, both, again):
        tell(options(to_hook(hook)), run, tmp_path)
    assert [json.loads(body)["changes"][0]["serial"] for _headers, body in hook.requests] == ["A", "B", "A"]


def test_a_part_that_became_gone_is_no_news_again_the_next_night(hook: Hook, tmp_path: Path) -> None:
    tell(options(to_hook(hook)), record(changes=[change("gone", "A", device="sw-a", slot="1")]), tmp_path)
    still = record(standing=[item("gone", serial="A", device="sw-a", slot="1", since=moment(1), text=None, count=1)])
    tell(options(to_hook(hook)), still, tmp_path, days=1)
    tell(options(to_hook(hook)), still, tmp_path, days=8)
    assert said(hook) == ["Campus: 1 gone", "Campus: 1 gone"]


def test_a_card_that_is_still_gone_is_one_event_with_what_was_in_it(hook: Hook) -> None:
    card = item("gone", serial="CARD", part="MDA", slot="2", since=moment(1), text=None)
    optic = item("gone", serial="OPTIC", category="transceiver", slot="2/1", text=None, evidence={"within": "CARD"})
    tell(options(to_hook(hook)), record(standing=[card, optic]))
    assert said(hook) == ["Campus: 1 gone"]
    body = json.loads(hook.requests[0][1])
    assert "with 1 optic in it: OPTIC" in body["text"]
    assert [one["serial"] for one in body["standing"]] == ["CARD", "OPTIC"]


def test_a_message_that_was_not_taken_is_tried_again_the_next_night_and_named_without_secrets(
    hook: Hook, tmp_path: Path
) -> None:
    params, run = options(to_hook(hook)), record(standing=[item("held")])
    hook.statuses[:] = [503]
    messages, warnings = tell(params, run, tmp_path)
    assert warnings == ["Channel hook: The webhook at 127.0.0.1 answered with 503 Service Unavailable."]
    assert messages[0]["sent"] is False
    assert "SECRET" not in json.dumps([messages, warnings])
    hook.statuses[:] = [200]
    tell(params, run, tmp_path, 1)
    assert said(hook)[-1] == "Campus: 1 held"


def test_a_torn_note_of_what_was_sent_repeats_and_says_so(hook: Hook, tmp_path: Path) -> None:
    params, run = options(to_hook(hook)), record(standing=[item("held")])
    for torn in ("{", '{"schema": 1, "sent": {"hook": {"x": 1}}}', "[]"):
        (tmp_path / "notified.json").write_text(torn)
        (tmp_path / "notified.json").chmod(0o600)
        _messages, warnings = tell(params, run, tmp_path)
        assert "Open items are sent again." in warnings[0]
    assert len(hook.requests) == 3


def test_a_clock_that_jumped_back_silences_nothing_for_long(hook: Hook, tmp_path: Path) -> None:
    params, run = options(to_hook(hook)), record(standing=[item("held")])
    tell(params, run, tmp_path, 400)
    tell(params, run, tmp_path, 0)
    assert len(hook.requests) == 2


@pytest.mark.parametrize(
    ("rule", "heard"),
    [
        ({}, {"A", "CORE", "GONE", "core-1"}),
        ({"sites": ["Praha"]}, {"CORE", "core-1"}),
        ({"tags": ["campus"]}, {"A", "GONE"}),
        ({"roles": ["core"]}, {"CORE", "core-1"}),
        ({"events": ["gone", "held"]}, {"GONE", "core-1"}),
        ({"categories": ["module"]}, {"CORE"}),
        ({"severity": "alert"}, {"GONE", "core-1"}),
        ({"sites": ["Praha"], "severity": "alert"}, {"core-1"}),
    ],
)
def test_a_rule_chooses_by_site_tag_role_event_category_and_severity(
    hook: Hook, rule: dict[str, Any], heard: set[str]
) -> None:
    run = record(
        changes=[
            change("new", "A", device="sw-a"),
            change("moved", "CORE", device="core-1", site="Praha", category="module"),
            change("gone", "GONE", device="sw-a"),
        ],
        standing=[item("held", device="core-1", site="Praha")],
    )
    tell(options(to_hook(hook), rules=[{"channels": ["hook"], **rule}]), run)
    sent = json.loads(hook.requests[0][1])
    found = {one["serial"] for one in sent["changes"]} | {one["device"] for one in sent["standing"]}
    assert found == heard


def test_two_rules_for_one_channel_make_one_message_with_each_event_once(hook: Hook) -> None:
    rules = [{"channels": ["hook"], "events": ["gone"]}, {"channels": ["hook", "other"], "severity": "alert"}]
    tell(options(to_hook(hook), to_hook(hook, "other"), rules=rules), record(changes=[change("gone", "G")]))
    assert said(hook) == ["Campus: 1 gone", "Campus: 1 gone"]


def test_more_events_than_a_message_should_have_are_counted_the_worst_are_named(hook: Hook) -> None:
    changes = [change("new", f"SN{number}", device=f"d{number}") for number in range(262)]
    changes.append(change("gone", "LOST"))
    tell(options({**to_hook(hook), "most": 51}), record(changes=changes))
    text = json.loads(hook.requests[0][1])["text"]
    assert "LOST" in text.split("Changed:")[0]
    assert "- and 212 more" in text
    assert text.count("\n- ") == 52


def test_a_dry_run_says_each_message_and_sends_none(hook: Hook, box: Mailbox, tmp_path: Path) -> None:
    messages, _warnings = tell(
        options(to_hook(hook), mail_to(box)), record(changes=[change("new")]), tmp_path, check_mode=True
    )
    assert [(one["channel"], one["sent"], one["subject"]) for one in messages] == [
        ("hook", False, "Campus: 1 new"),
        ("noc", False, "Campus: 1 new"),
    ]
    assert hook.requests == []
    assert box.mails == []
    assert list(tmp_path.iterdir()) == []


def test_a_webhook_is_signed_and_each_attempt_has_the_same_key(hook: Hook) -> None:
    hook.statuses[:] = [503, 500, 200]
    tell(options(to_hook(hook, secret="s3cret")), record(changes=[change("new")]))
    assert len(hook.requests) == 3
    assert len({headers["Idempotency-Key"] for headers, _body in hook.requests}) == 1
    headers, body = hook.requests[-1]
    expected = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert headers["X-Invmon-Signature"] == f"sha256={expected}"


@pytest.mark.parametrize("status", [302, 400, 404])
def test_an_answer_that_will_not_get_better_is_not_asked_for_again_and_no_redirect_is_followed(
    hook: Hook, status: int
) -> None:
    hook.statuses[:] = [status]
    _messages, (warning,) = tell(options(to_hook(hook)), record(changes=[change("new")]))
    assert len(hook.requests) == 1
    assert str(status) in warning


def test_apprise_sends_to_a_chat_and_its_failure_is_named(hook: Hook) -> None:
    pytest.importorskip("apprise")
    address = hook.url.replace("http://", "json://")
    params = options({"name": "chat", "url": f"{address}/path"})
    tell(params, record(standing=[item("held")]))
    sent = json.loads(hook.requests[0][1])
    assert sent["title"] == "Campus: 1 held"
    assert sent["type"] == "failure"
    hook.statuses[:] = [500]
    _messages, (warning,) = tell(params, record(standing=[item("held")]))
    assert warning.startswith("Channel chat: The service did not take the message")


def test_the_address_of_a_chat_is_in_no_log(tmp_path: Path) -> None:
    pytest.importorskip("apprise")
    handler = logging.FileHandler(tmp_path / "ansible.log")  # on the root, as Ansible's own
    logging.getLogger().addHandler(handler)
    try:
        for url in ("foo://SECRET", "workflows://SECRET"):
            with pytest.raises(OptionsError) as caught:
                options({"name": "chat", "url": url})
            assert "SECRET" not in str(caught.value)
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert "SECRET" not in (tmp_path / "ansible.log").read_text(encoding="utf-8")


def test_mail_by_starttls_with_a_password(tmp_path: Path) -> None:
    certificate = certificate_in(tmp_path)
    with mail_server(certificate, "pass-word") as box:
        secure = {"security": "starttls", "ca_path": str(certificate[0]), "host": "localhost"}
        login = {"username": "inventory", "password": "pass-word"}
        run = record(changes=[change("new")])
        assert tell(options(mail_to(box, **secure, **login)), run)[1] == []
        _messages, (warning,) = tell(options(mail_to(box, **secure, username="inventory", password="no")), run)
        assert "refused the user: 535" in warning
        _messages, (warning,) = tell(options(mail_to(box, security="starttls", **login)), run)
        assert "certificate" in warning.lower()
    assert len(box.mails) == 1


def test_a_recipient_who_is_refused_and_a_server_that_is_not_there_are_named(box: Mailbox) -> None:
    run = record(changes=[change("new")])
    box.refused = ("gone@example.com",)
    _messages, (warning,) = tell(options(mail_to(box, to=["noc@example.com", "gone@example.com"])), run)
    assert "gone@example.com (550 no such user)" in warning
    assert len(box.mails) == 1
    _messages, (warning,) = tell(options(mail_to(box, port=1)), run)
    assert "127.0.0.1 (port 1) did not take the mail" in warning


def test_hostile_text_is_text_in_subject_body_html_and_csv(box: Mailbox) -> None:
    report = hostile()
    params = options({**mail_to(box), "most": 500})
    notify(report, params, None, lambda name: Device(), render_mail)
    (mail,) = box.mails
    assert "\n" not in mail["Subject"]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "\u202e" not in text
    assert "\x1b" not in text
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= {
        "html", "head", "meta", "title", "body", "p", "b", "h3", "ul", "li", "a",
    }  # fmt: skip
    assert len(HOSTILE) > 10


@pytest.mark.parametrize(
    ("channels", "rules", "words"),
    [
        ([{"name": "a", "webhook": {"url": "ftp://x"}}], None, "must begin with https://"),
        ([{"name": "a", "mail": {"to": ["a b"], "sender": "x@y.z"}}], None, '"a b" is not a mail address'),
        ([{"name": "a", "mail": {"to": ["a@b.c\nBcc: d@e.f"], "sender": "x@y.z"}}], None, "is not a mail address"),
        ([{"name": "a", "url": "nonsense://x"}], None, "is none that Apprise knows"),
        ([{"name": "a", "webhook": {"url": "http://x"}} for _number in "12"], None, 'two with the name "a"'),
        ([{"name": "noc", "webhook": {"url": "http://x"}}], [{"channels": ["nocc"]}], "Did you mean noc?"),
        (
            [{"name": "n", "webhook": {"url": "http://x"}}],
            [{"channels": ["n"], "events": ["gon"]}],
            "Did you mean gone",
        ),
        (
            [{"name": "a", "mail": {"to": ["a@b.c"], "sender": "x@y.z", "security": "none", "password": "p"}}],
            None,
            "a password is not sent without TLS",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_sent(channels: Any, rules: Any, words: str) -> None:
    with pytest.raises(OptionsError, match=re.escape(words)):
        options(*channels, **({"rules": rules} if rules else {}))


def test_the_moment_of_an_old_loss_is_said(hook: Hook) -> None:
    gone = item("gone", serial="G1", part="SFP", slot="Te1/1", since=moment(40), evidence={"last_seen": moment(50)})
    tell(options(to_hook(hook)), record(standing=[gone]))
    assert "Brno / sw-stack-brno Te1/1: gone since 20 Oct: SFP G1" in json.loads(hook.requests[0][1])["text"]
