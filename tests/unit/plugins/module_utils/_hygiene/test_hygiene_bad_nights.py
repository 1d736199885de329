# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hygiene when NetBox, the disk or another writer comes in between."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._hygiene.export import ExportError
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxError, NetBoxPermissionError
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._hygiene.hygiene_model import (
    PROBES,
    SEED,
    House,
    day,
    is_killed,
    old,
    ours,
)

FAN: dict[str, Any] = {"name": "Fan 1", "category": "fan"}


def fill(house: House) -> None:
    """Something for each rule, most of it with more than one row."""
    house.add(*(ours("TWIN", 1, last) for last in (4, 9, 6)))
    house.add(*(old("FAN", number, **(FAN if number % 2 else {})) for number in range(1, 9)))
    house.add(*(old("SFP", number, name=f"Te{number % 2}") for number in range(1, 9)))
    house.add(old('"PAD"', 1, 2), old("PAD", 3, 4), old("LOST", 1, 2, device=None), old("LOST", 5, 6))
    house.add(*(ours("OLD", number, name=f"Slot {number}") for number in range(1, 6)))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with start_standin(SEED) as standin:
        house = House(standin, tmp_path / "exports")
        fill(house)
        standin.forget()
        yield house


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_request_the_next_run_completes_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, after: bool
) -> None:
    with start_standin(SEED) as standin:
        undisturbed = House(standin, tmp_path)
        fill(undisturbed)
        undisturbed.tidy(thin_older_than=10)
        expected = undisturbed.rows()
    number, again = 0, True
    while again:
        number += 1
        with start_standin(SEED) as standin:
            house = House(standin, tmp_path)
            fill(house)
            before = {row["id"]: row for row in house.rows()}
            again = is_killed(monkeypatch, partial(house.tidy, thin_older_than=10, chunk_size=3), number, after)
            lost = {number: row for number, row in before.items() if number not in {row["id"] for row in house.rows()}}
            assert exported(tmp_path).keys() >= lost.keys()
            house.tidy(thin_older_than=10)
            url = re.compile(r"http://127\.0\.0\.1:\d+")
            assert url.sub("", json.dumps(house.rows())) == url.sub("", json.dumps(expected)), f"request {number}"
    assert number > 10


def exported(folder: Path) -> dict[int, Any]:
    lines = [json.loads(text) for path in folder.glob("*.jsonl") for text in path.read_text().splitlines()]
    return {line["row"]["id"]: line["row"] for line in lines if "row" in line}


def test_every_change_comes_before_the_first_deletion_and_never_to_the_same_row(house: House) -> None:
    house.tidy(chunk_size=3)
    methods = [method for method, _rows in house.writes()]
    assert methods == sorted(methods, reverse=True)
    assert {"PATCH", "DELETE"} == set(methods)


def meanwhile(monkeypatch: pytest.MonkeyPatch, method: str, act: Callable[[], object], nth: int = 1) -> None:
    """Let somebody act just before the nth request of that method."""
    real, count = NetBox._content, 0

    def call(self: NetBox, asked: str, *arguments: Any, **options: Any) -> Any:
        nonlocal count
        if asked == method:
            count += 1
            if count == nth:
                monkeypatch.setattr(NetBox, "_content", real)
                act()
                monkeypatch.setattr(NetBox, "_content", call)
        return real(self, asked, *arguments, **options)

    monkeypatch.setattr(NetBox, "_content", call)


def test_a_row_that_is_changed_after_it_was_read_is_not_deleted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, "PATCH", lambda: house.netbox.patch_bulk(PROBES, [{"id": 2, "comments": "look at this"}]))
    result = house.tidy()
    assert [(row["id"], row["reason"]) for row in result["failed_rows"]] == [
        (2, "it was changed during this run; run again")
    ]
    assert result["failed"] is True
    assert next(row for row in house.rows() if row["id"] == 2)["comments"] == "look at this"
    assert house.tidy()["failed_rows"] == []
    assert next(row for row in house.rows() if row["id"] == 1)["comments"] == "look at this"


def test_a_part_seen_between_the_two_readings_is_left_for_the_next_run(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The third GET reads the rows whole; the first read the table, the second the devices of lost rows.
    meanwhile(monkeypatch, "GET", lambda: house.netbox.patch_bulk(PROBES, [{"id": 2, "time": day(20)}]), nth=4)
    result = house.tidy()
    assert [row["serial"] for row in result["failed_rows"]] == ["TWIN"]
    assert {row["id"] for row in house.rows()} >= {1, 2, 3}
    house.tidy()
    assert next(row for row in house.rows() if row["id"] == 1)["time"] == day(20)


def test_a_row_that_comes_back_after_its_deletion_is_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    real = NetBox.delete_bulk
    monkeypatch.setattr(NetBox, "delete_bulk", lambda self, path, ids: real(self, path, [n for n in ids if n != 3]))
    result = house.tidy()
    assert [row["id"] for row in result["failed_rows"]] == [3]
    assert "exists again" in result["failed_rows"][0]["reason"]


def permitted(*names: str) -> dict[str, Any]:
    return {**SEED, "tokens": [{"token": "a" * 40, "user": "u", "superuser": False, "permissions": list(names)}]}


VIEW = ("inventory_monitor.view_probe", "dcim.view_device", "extras.view_journalentry")
ADD, CHANGE, DELETE = (f"inventory_monitor.{verb}_probe" for verb in ("add", "change", "delete"))


@pytest.mark.parametrize("missing", VIEW)
def test_a_missing_permission_to_read_is_named(tmp_path: Path, missing: str) -> None:
    with start_standin(permitted(ADD, *(name for name in VIEW if name != missing))) as standin:
        house = House(standin, tmp_path)
        house.add(old("SN1", 1, 2, device=None))
        with pytest.raises(NetBoxPermissionError, match=re.escape(missing)):
            house.tidy()


@pytest.mark.parametrize(("granted", "missing"), [((), CHANGE), ((CHANGE,), DELETE)])
def test_a_missing_permission_to_write_is_named_once_and_asked_once(
    tmp_path: Path, granted: tuple[str, ...], missing: str
) -> None:
    with start_standin(permitted(ADD, *VIEW, *granted)) as standin:
        house = House(standin, tmp_path)
        fill(house)
        standin.forget()
        result = house.tidy(chunk_size=1)
        assert result["failed"] is True
        assert missing in result["msg"]
        assert standin.requests("PATCH" if missing == CHANGE else "DELETE").__len__() == 1


def test_nothing_is_touched_if_the_rows_cannot_be_exported(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="export_to"):
        house.tidy(export_to=str(tmp_path / "file"))
    assert house.writes() == []


@pytest.mark.parametrize("kind", ["500", "deadlock", "502html", "403", "html", "truncate", "close", "drop_after_write"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_trouble_in_the_middle_loses_nothing_and_the_next_run_completes_it(
    house: House, kind: str, method: str
) -> None:
    house.standin.plan(kind, method=method, path="/probes/", nth=2, times=1, seconds=0.1)
    before = {row["id"]: row for row in house.rows()}
    params = house.params(chunk_size=3, timeout=1)
    with suppress(NetBoxError):
        house.tidy(chunk_size=3, timeout=1)
    left = {row["id"] for row in house.rows()}
    assert before.keys() - left <= exported(Path(params["export_to"])).keys()
    house.standin.forget()
    house.tidy()
    assert house.tidy()["changed"] is False
    assert [span[:2] for span in house.spans()][:3] == [(1, "TWIN"), (4, "FAN"), (12, "SFP")]


def test_when_rows_cannot_be_read_any_more_what_was_begun_is_ended_and_the_rest_is_reported(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible_collections.invmon.network.plugins.module_utils._tasks.hygiene.IDS_PER_READ", 4)
    # GETs of probes: the table, the whole rows of the first batch, then those of the second.
    house.standin.plan("403", method="GET", path="/probes/", nth=3)
    result = house.tidy()
    assert (result["failed"], bool(result["export"])) == (True, True)
    assert "more steps are left for the next run" in result["msg"]
    assert result["changed_rows"] == 1
    house.tidy()
    assert house.tidy()["changed"] is False


def test_a_netbox_that_is_gone_is_not_asked_for_each_chunk(house: House) -> None:
    house.standin.plan("403", method="PATCH", times=-1)
    house.tidy(chunk_size=1)
    assert len(house.standin.requests("PATCH")) == 1


@pytest.mark.slow
def test_a_large_table_is_read_in_pages_and_only_what_is_touched_is_read_again(tmp_path: Path) -> None:
    with start_standin(SEED) as standin:
        house = House(standin, tmp_path)
        for start in range(0, 3000, 500):
            house.add(*(ours(f"S{number}", 1, 2) for number in range(start, start + 500)))
        house.add(ours("S7", 1, 3))
        standin.forget()
        assert house.tidy()["deleted_rows"] == 1
        # four pages, devices and journal none and one, whole rows, before and after the deletion
        assert len(standin.requests("GET")) == 4 + 1 + 3
        assert house.writes() == [("PATCH", 1), ("DELETE", 1)]
