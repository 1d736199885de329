# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages about scans of networks: who is unknown, contradicts NetBox or is gone, each once; to a real web server."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import ScanRecord
from ansible_collections.invmon.network.plugins.module_utils._discovery.overview import Overview, overview
from ansible_collections.invmon.network.plugins.module_utils._notify.deliver import (
    NOTIFY_OPTIONS,
    check_channels,
    notify,
)
from ansible_collections.invmon.network.plugins.module_utils._notify.message import make_message
from ansible_collections.invmon.network.plugins.module_utils._notify.rules import Device
from ansible_collections.invmon.network.plugins.module_utils._notify.scan_events import scan_events
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.plugins.module_utils._scan.host import SourceUse
from ansible_collections.invmon.network.tests.page.made import NOW
from ansible_collections.invmon.network.tests.page.made_scans import discovery, hostile_discovery, records, scan_of
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._notify.servers import Hook, web_server


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as running:
        yield running


def send(hook: Hook, found: Overview | None, folder: Path | None = None, days: float = 0, **rules: Any) -> list[Any]:
    """Notify of a scan; returns what the web server got in all, as data."""
    given: dict[str, Any] = {"channels": [{"name": "hook", "webhook": {"url": hook.url}}]}
    if rules:
        given["rules"] = [{"channels": ["hook"], **rules}]
    validated = ArgumentSpecValidator(NOTIFY_OPTIONS).validate(given)
    assert validated.error_messages == []
    check_channels(validated.validated_parameters)
    report = Report([], discovery=found, now=NOW + timedelta(days=days), title="Campus")
    _messages, warnings = notify(report, validated.validated_parameters, folder, lambda _name: Device(), None)
    assert warnings == []
    return [json.loads(body) for _headers, body in hook.requests]


def words(found: Overview | None) -> list[str]:
    return [one.word for one in scan_events(found, NOW)]


def test_a_message_names_hosts_with_what_is_known_of_them_and_has_them_as_data(hook: Hook) -> None:
    (body,) = send(hook, discovery())
    assert body["title"] == "Campus: 3 unknown hosts, 1 contradicting host, 1 gone host, 1 incomplete scan"
    assert "10.20.0.77: unknown to NetBox: Axis Communications AB" in body["text"]
    assert "10.20.0.14 sw-014: contradicting: NetBox has the serial number FOC1111X0ZZ" in body["text"]
    assert "10.20.0.12 sw-012: gone: last seen 26 Nov, silent in 3 scans" in body["text"]
    assert "54 addresses were not asked, because the deadline came first" in body["text"]
    assert [one["ip"] for one in body["hosts"]] == [
        "10.20.0.12",
        "10.20.0.14",
        "10.20.0.77",
        "10.20.0.91",
        "10.20.0.120",
    ]
    assert (body["changes"], body["standing"]) == ([], [])


def test_a_mail_has_the_hosts_as_a_csv_file() -> None:
    found = discovery()
    message = make_message(Report([], discovery=found, now=NOW), scan_events(found, NOW), most=2)
    (text,) = (content for name, content in message.attachments().items() if name == "hosts.csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(one["ip"], one["state"]) for one in rows[:2]] == [("10.20.0.12", "gone"), ("10.20.0.14", "seen")]
    assert len(rows) == 5
    assert "and 3 more" in message.text


def test_nothing_is_sent_twice_and_an_open_contradiction_again_after_some_days(hook: Hook, tmp_path: Path) -> None:
    assert len(send(hook, discovery(), tmp_path)) == 1
    assert len(send(hook, discovery(), tmp_path, days=1)) == 1
    again = send(hook, discovery(), tmp_path, days=8)
    assert [one["title"] for one in again[1:]] == ["Campus: 1 contradicting host"]


def test_an_unknown_host_that_sleeps_is_no_news_when_it_wakes(hook: Hook, tmp_path: Path) -> None:
    def night(number: int, sleeps: bool) -> Sequence[ScanRecord]:
        some = records()[:number]
        last = some[-1]
        awake = tuple(one for one in last.scan.hosts if one.ip != "10.20.0.77")
        kept = tuple(one for one in last.verdicts if one.ip != "10.20.0.77")
        return [*some[:-1], replace(last, scan=replace(last.scan, hosts=awake), verdicts=kept)] if sleeps else some

    only: dict[str, Any] = {"events": ["unknown_host"]}
    assert len(send(hook, overview(night(3, sleeps=False)), tmp_path, **only)) == 1
    assert len(send(hook, overview(night(4, sleeps=True)), tmp_path, days=1, **only)) == 1
    assert len(send(hook, overview(night(5, sleeps=False)), tmp_path, days=2, **only)) == 1


def test_a_silent_host_is_no_event_and_a_gone_one_has_its_evidence() -> None:
    assert "10.20.0.13" not in " ".join(one.text for one in scan_events(discovery(), NOW))
    assert words(overview(records()[:6])).count("gone_host") == 0
    assert words(discovery()).count("gone_host") == 1


def test_who_comes_and_goes_in_a_dhcp_network_is_no_event() -> None:
    found = discovery()
    assert {row.verdict.verdict for row in found.rows if row.verdict and row.is_dynamic} == {"unknown"}
    phones = replace(scan_of(9), id="before"), *(replace(scan_of(8 - day), hosts=()) for day in range(4))
    gone = overview([ScanRecord(scan=one, compared=True) for one in phones])
    assert gone is not None
    assert "gone" in {row.known.state for row in gone.rows if row.is_dynamic}
    for some in (found, gone):
        assert not [one for one in scan_events(some, NOW) if one.data.get("ip", "").startswith("10.20.4.")]


def test_a_scan_without_a_source_or_without_an_end_failed() -> None:
    scan = scan_of(1)
    useless = replace(scan, sources=(SourceUse(source="icmp", used=False, missing="a privilege: run as root"),))
    (event,) = scan_events(overview([ScanRecord(scan=replace(useless, hosts=()))]), NOW)
    assert (event.word, "icmp: a privilege: run as root" in event.text) == ("failed_scan", True)
    assert words(overview([ScanRecord(scan=replace(scan, complete=False))])) == ["failed_scan"]
    assert words(overview([ScanRecord(scan=replace(scan, complete=False, stopped="deadline"))])) == ["incomplete_scan"]
    assert words(overview([ScanRecord(scan=scan)])) == []
    assert words(None) == []


def test_rules_choose_events_of_scans_by_name_severity_and_site(hook: Hook) -> None:
    send(hook, discovery(), events=["gone_host"])
    send(hook, discovery(), severity="warning", sites=["Brno"])
    send(hook, discovery(), sites=["Praha"])
    titles = [json.loads(body)["title"] for _headers, body in hook.requests]
    assert titles == ["Campus: 1 gone host", "Campus: 3 unknown hosts, 1 contradicting host, 1 gone host"]
    with pytest.raises(OptionsError, match="unknown_host"):
        send(hook, discovery(), events=["unknown_hosts"])


def test_hostile_text_of_a_host_is_one_line_of_a_message(hook: Hook) -> None:
    (body,) = send(hook, hostile_discovery())
    assert "\u202e" not in body["text"]
    assert "\x1b" not in body["text"]
    assert all(line.startswith("- ") for line in body["text"].splitlines()[3:] if line and not line.endswith(":"))
