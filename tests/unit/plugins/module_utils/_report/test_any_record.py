# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A record of the history either is refused, with the reason, or every form of the report can be made of it."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._history.nights import History, read_history
from ansible_collections.invmon.network.plugins.module_utils._notify.events import events_of
from ansible_collections.invmon.network.plugins.module_utils._notify.message import make_message
from ansible_collections.invmon.network.plugins.module_utils._report.csv_text import changes_csv, standing_csv
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.plugins.module_utils._report.markdown import markdown_text
from ansible_collections.invmon.network.plugins.module_utils._report.prometheus import metrics_text
from ansible_collections.invmon.network.plugins.module_utils._tasks.report import to_json
from ansible_collections.invmon.network.plugins.plugin_utils._page.page import render, render_mail
from ansible_collections.invmon.network.tests.page.made import NOW, busy_night, change, inventory, item, moment, record

#: What a mutation puts where something else was.
WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 5, 10**30, 1.5, "", "x", "2026-11-29", "0001-01-01T00:00:00+14:00", [], [None], ["x"], [[]],
    {}, {"x": None}, {"kind": 5}, {"count": "x"},
)  # fmt: skip


def every_output(report: Report) -> str:
    """All that is made of a report, one after the other."""
    events = events_of(report.record, report.now)
    message = make_message(report, events, 50, "https://reports.example.com/")
    texts = [render(report), markdown_text(report), metrics_text(report), json.dumps(to_json(report))]
    texts += [changes_csv(report.record.get("changes") or ()), standing_csv(report.record.get("standing") or ())]
    return "\n".join([*texts, message.text, render_mail(message), *message.attachments().values()])


def history_of(folder: Path, *records: Any) -> History:
    for number, one in enumerate(records):
        path = folder / f"20261129T0200{number:02}Z-x.json"
        path.write_text(json.dumps(one), encoding="utf-8")
        path.chmod(0o600)
    return read_history(folder)


def full() -> dict[str, Any]:
    """A record in which each list has something, and each item all of its keys."""
    run = busy_night()
    run["changes"] += [
        change("returned", "R1", evidence={"missing": {"since": moment(4), "n": 2}, "also_on": ["a", "b"], "n": 1}),
        change("swapped", "S1", evidence={"with": "S2"}, before={"slot": "1"}, after={"slot": "2"}),
        change("changed", "C1", before={"name": "a", "site": 1}, after={"name": None, "site": 2}),
        change("held", "H1", evidence={"would": "new", "reason": "why"}),
        change("not_seen", "N1", before={"time": moment(1)}, evidence={"replaced_by": "N2", "n": 1}),
    ]
    run["standing"] += [
        item("not_seen", serial="N3", slot="1", since=moment(2), evidence={"n": 2, "last_seen": moment(3)}),
        item("not_written", serial="N4", count=2), item("skipped", serial="N5"), item("note"),
        item("conflict", devices=["a", "b"], device_count=2, serial="K", device=None, evidence={"serials": ["K"]}),
        item("nothing known", evidence={"enterprise": 9}, answer="Add a profile"),
    ]  # fmt: skip
    awx = {"job_id": 4, "job_slice_count": 2, "workflow_job_id": 7}
    return {**run, "awx": awx, "hosts": {"run": 3, "inventory": 300}}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of each value in plain data."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def mutated(value: Any, path: tuple[Any, ...], new: Any, remove: bool) -> Any:
    whole = copy.deepcopy(value)
    if not path:
        return new
    holder = whole
    for step in path[:-1]:
        holder = holder[step]
    if remove:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return whole


def test_a_record_is_refused_with_the_reason_or_every_output_is_made_of_it(tmp_path: Path) -> None:
    chance = random.Random(13)
    parts, refused, made = inventory(1, 2), 0, 0
    for number, path in enumerate(3 * places(full())):
        folder = tmp_path / str(number)
        folder.mkdir()
        wrong = mutated(full(), path, chance.choice(WRONG), remove=chance.random() < 0.3)
        history = history_of(folder, wrong, *([full()] if number % 2 else []))
        if history.damaged:
            assert "is not a run record: " in history.damaged[0] or "has schema" in history.damaged[0]
            refused += 1
        assert every_output(Report(history.nights, parts, now=NOW)), path
        made += 1
    assert refused > 50
    assert made - refused > 50


@pytest.mark.parametrize(
    ("path", "new", "words"),
    [
        (("changes", 0, "serial"), 5, "changes[0].serial is 5, not text"),
        (("changes", 0), [], "changes[0] is a list, not an object"),
        (("standing", 4, "serial"), None, "standing[4] is about a part, and has no device or no serial"),
        (("standing", 0, "evidence"), "x", 'standing[0].evidence is "x", not an object'),
        (("readings", "complete"), -1, 'it has a number that cannot be: "complete"'),
        (("started",), "yesterday", "it has a time that is not ISO 8601: started"),
        (("ended",), "0001-01-01T00:00:00+14:00", "it has a time that cannot be: ended"),
        (("awx", "workflow_job_id"), [], "awx.workflow_job_id is a list"),
    ],
)
def test_the_message_names_what_is_wrong(tmp_path: Path, path: tuple[Any, ...], new: Any, words: str) -> None:
    (damaged,) = history_of(tmp_path, mutated(full(), path, new, remove=False)).damaged
    assert words in damaged


@pytest.mark.parametrize(
    "key", [key for key in full() if key not in ("schema", "started", "ended", "devices", "readings", "parts")]
)
def test_a_record_of_an_older_version_may_lack_any_other_key(tmp_path: Path, key: str) -> None:
    history = history_of(tmp_path, mutated(full(), (key,), None, remove=True))
    assert history.damaged == []
    assert every_output(Report(history.nights, now=NOW))


def test_a_newer_version_may_have_more_keys(tmp_path: Path) -> None:
    history = history_of(tmp_path, record(new_key=[1], changes=[change("teleported", new_key={"x": [1]})]))
    assert history.damaged == []
    assert every_output(Report(history.nights, now=NOW))
