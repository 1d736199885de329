# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the task inventory_report: which run it is about, and what it says where NetBox did not answer."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._history.documents import BadDocument, compared
from ansible_collections.invmon.network.plugins.module_utils._netbox import session
from ansible_collections.invmon.network.plugins.module_utils._tasks.report import ARGUMENT_SPEC, report
from ansible_collections.invmon.network.tests.page.made import NOW, change, record
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._notify.servers import web_server

#: Nobody listens there.
NOWHERE = {"url": "http://127.0.0.1:9", "token": "x" * 40, "timeout": 1}
WEBHOOK = [{"name": "noc", "webhook": {"url": "http://127.0.0.1:9/"}}]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.time, "sleep", lambda _seconds: None)


def run(folder: Path, **options: Any) -> dict[str, Any]:
    spec = ArgumentSpecValidator(ARGUMENT_SPEC)
    given = {"directory": str(folder / "report"), "history": str(folder / "history"), "inventory": False, **options}
    given = {"formats": ["json", "csv", "markdown", "prometheus"], **given}
    found = spec.validate({name: value for name, value in given.items() if value is not None})
    assert found.error_messages == []
    return report(found.validated_parameters)


def made(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    return found


def test_the_report_is_about_this_run_though_a_clock_was_ahead_during_an_earlier_one(tmp_path: Path) -> None:
    run(tmp_path, record=record(-900, changes=[change("new", "FUTURE")]))
    run(tmp_path, record=record(changes=[change("new", "NOW")]))
    assert [one["serial"] for one in made(tmp_path)["changes"]] == ["NOW"]
    run(tmp_path, record=record(changes=[change("new", "AGAIN")]), history_files=1)
    assert [one["serial"] for one in made(tmp_path)["changes"]] == ["AGAIN"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [({}, "schema is missing"), (record(changes=[5]), "changes[0] is 5"), (record(schema=9), "has schema 9")],
)
def test_a_record_that_is_none_is_refused_and_nothing_is_kept(tmp_path: Path, bad: Any, words: str) -> None:
    with pytest.raises(OptionsError, match="record") as caught:
        run(tmp_path, record=bad or {"x": 1})
    assert words in str(caught.value)
    assert not (tmp_path / "history").exists()


def test_an_inventory_that_could_not_be_read_is_none_and_not_an_empty_one(tmp_path: Path) -> None:
    result = run(tmp_path, record=record(), inventory=True, **NOWHERE)
    assert "The parts in this NetBox are not in this report" in result["warnings"][0]
    assert made(tmp_path)["inventory"] is None
    assert not (tmp_path / "report" / "inventory.csv").exists()
    with pytest.raises(BadDocument, match="without an inventory"):
        compared([], str(tmp_path / "report" / "report.json"))


def test_netbox_is_not_read_for_messages_alone(tmp_path: Path) -> None:
    with web_server() as hook:
        channels = [{"name": "noc", "webhook": {"url": hook.url}}]
        only_messages = {"directory": None, "formats": None, "channels": channels}
        result = run(tmp_path, record=record(changes=[change("new")]), inventory=True, **only_messages, **NOWHERE)
    assert result["warnings"] == []
    assert len(hook.requests) == 1


def test_what_changed_since_a_date_is_not_said_without_netbox(tmp_path: Path) -> None:
    with pytest.raises(OptionsError, match="What changed since 2026-10-31 is not known"):
        run(tmp_path, since="2026-10-31", **NOWHERE)


def test_a_history_that_cannot_be_written_and_a_page_that_cannot_be_silence_nothing(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("a file where the folder should be")
    result = run(tmp_path, record=record(changes=[change("new", "NOW")]))
    assert "The record of this run cannot be kept" in result["warnings"][0]
    assert [one["serial"] for one in made(tmp_path)["changes"]] == ["NOW"]
    (tmp_path / "report" / "report.md").unlink()
    (tmp_path / "report" / "report.md").mkdir()
    with web_server() as hook:
        channels = [{"name": "noc", "webhook": {"url": hook.url}}]
        with pytest.raises(OSError, match=r"report\.md"):
            run(tmp_path, record=record(changes=[change("new", "NOW")]), channels=channels)
        assert len(hook.requests) == 1


def test_a_report_about_the_past_sends_no_message_and_writes_no_metrics(tmp_path: Path) -> None:
    run(tmp_path, record=record(3))
    (tmp_path / "report" / "invmon.prom").unlink()
    past = (NOW - timedelta(days=1)).isoformat()
    result = run(tmp_path, as_of=past, channels=WEBHOOK)
    assert "No message is sent" in result["warnings"][0]
    assert not (tmp_path / "report" / "invmon.prom").exists()
