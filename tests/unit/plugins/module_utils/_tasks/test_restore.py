# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netbox_restore by real HTTP: what hygiene did is undone, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._hygiene.export import ExportError
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._hygiene.hygiene_model import (
    PROBES,
    SEED,
    House,
    bring_back,
    day,
    is_killed,
    old,
    ours,
    text_of,
)

POST = r"/probes/\?$"


@pytest.fixture(params=["4.6", "4.4"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with start_standin(SEED, version=request.param) as standin:
        house = House(standin, tmp_path / "exports")
        house.add(
            ours("SN1", 1, 4, comments="mine", tags=[{"slug": "spare"}]),
            ours("SN1", 2, 9, discovered_data={"invmon": {"v": 1, "slot": "Slot 1"}, "mine": [{"url": "x"}]}),
            ours("SN1", 1, 4),
            old('"SN2"', 1, 2),
            old("SN3", 1, 2, device=None),
            ours("SN4", 1, 2),
        )
        yield house


def contents(house: House) -> list[str]:
    """Every row with all that can be written to it, without ids, in an order of their own."""
    rows = [{key: value for key, value in row.items() if key not in ("id", "url", "display")} for row in house.rows()]
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def test_all_that_hygiene_did_is_undone(house: House) -> None:
    before = contents(house)
    export = house.tidy()["export"]
    assert contents(house) != before
    result = bring_back(house, export)
    assert contents(house) == before
    assert [(row["was"], row["id"]) for row in result["created_rows"]] == [(2, 7), (3, 8)]
    assert (result["changed_rows"], result["refused_rows"]) == (3, [])


def test_a_second_restore_does_nothing(house: House) -> None:
    export = house.tidy()["export"]
    bring_back(house, export)
    before = house.rows()
    again = bring_back(house, export)
    assert (again["changed"], again["untouched_rows"], again["diff"]) == (False, 5, [])
    assert house.rows() == before


def test_a_row_that_was_refreshed_after_its_restore_is_not_created_again(house: House) -> None:
    export = house.tidy()["export"]
    new = bring_back(house, export)["created_rows"][0]["id"]
    house.netbox.patch_bulk(PROBES, [{"id": new, "time": day(20)}])
    assert bring_back(house, export)["created_rows"] == []


def test_check_mode_says_the_same_and_writes_nothing(house: House) -> None:
    export = house.tidy()["export"]
    house.standin.forget()
    checked = bring_back(house, export, check_mode=True)
    assert house.writes() == []
    done = bring_back(house, export)
    assert text_of(checked) == text_of(done) != ""
    assert (checked["changed_rows"], len(checked["created_rows"])) == (done["changed_rows"], len(done["created_rows"]))


def test_a_row_that_somebody_changed_since_is_refused_alone(house: House) -> None:
    export = house.tidy()["export"]
    house.netbox.patch_bulk(PROBES, [{"id": 4, "serial": "OTHER"}])
    house.netbox.delete_bulk(PROBES, [5])
    result = bring_back(house, export)
    assert {row["id"]: row["reason"].split(";")[0] for row in result["refused_rows"]} == {
        4: "its serial changed later",
        5: "it was deleted later",
    }
    assert len(result["created_rows"]) == 2
    assert any(row["serial"] == "OTHER" for row in house.rows())


def test_the_night_that_passed_since_is_not_undone(house: House) -> None:
    export = house.tidy()["export"]
    house.netbox.patch_bulk(PROBES, [{"id": 1, "time": day(30)}])
    assert bring_back(house, export)["refused_rows"] == []
    row = next(row for row in house.rows() if row["id"] == 1)
    assert (row["time"], row["discovered_data"].get("mine")) == (day(30), None)


def test_a_row_whose_device_is_gone_is_refused_and_the_others_come_back(house: House) -> None:
    house.add(ours("X", 1, 4, device=2), ours("X", 1, 4, device=2))
    export = house.tidy()["export"]
    house.netbox._call("DELETE", "dcim/devices/2/")
    result = bring_back(house, export)
    assert [row["was"] for row in result["created_rows"]] == [2, 3]
    (refused,) = result["refused_rows"]
    assert refused["id"] == 8
    assert "Related object not found" in refused["reason"]


@pytest.mark.parametrize("kind", ["drop_after_write", "reset_after_write", "502html", "truncate"])
def test_a_post_without_a_clear_answer_creates_nothing_twice(house: House, kind: str) -> None:
    before = contents(house)
    export = house.tidy()["export"]
    house.standin.plan(kind, method="POST", path=POST)
    result = bring_back(house, export, timeout=1)
    assert contents(house) == before
    assert len(result["created_rows"]) == 2
    assert all(row["id"] for row in result["created_rows"])


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_request_the_next_restore_completes_it(
    monkeypatch: pytest.MonkeyPatch, house: House, after: bool
) -> None:
    before, number, again = contents(house), 0, True
    while again:
        number += 1
        export = house.tidy()["export"]
        again = is_killed(monkeypatch, partial(bring_back, house, export, chunk_size=1), number, after)
        assert bring_back(house, export)["refused_rows"] == []
        assert contents(house) == before, f"request {number}"
    assert number > 6


def test_an_export_is_read_only_by_its_owner_and_holds_every_touched_row_whole(house: House) -> None:
    before = {row["id"]: row for row in house.rows()}
    path = Path(house.tidy()["export"])
    assert path.stat().st_mode & 0o777 == 0o600
    _header, *lines = [json.loads(text) for text in path.read_text().splitlines()]
    assert {line["row"]["id"]: line["row"] for line in lines} == {number: before[number] for number in range(1, 6)}
    assert house.standin.token not in path.read_text()


def test_a_last_line_that_was_cut_off_is_passed_over(house: House) -> None:
    path = Path(house.tidy()["export"])
    path.write_text(path.read_text() + '{"does": "delete", "row": {"id"')
    assert len(bring_back(house, str(path))["created_rows"]) == 2


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace('"does":"delete"', '"does":"drop"', 1), "Line 3"),
        (lambda text: "hello\n" + text, "not an export of hygiene"),
        (lambda text: text.replace('"invmon_export": 1', '"invmon_export": 2'), "newer release"),
        (lambda text: text.replace("http://127.0.0.1", "http://127.0.0.2"), "any_address"),
        (lambda text: "", "not an export of hygiene"),
    ],
)
def test_a_file_that_is_not_the_right_one_writes_nothing(house: House, damage: Any, words: str) -> None:
    path = Path(house.tidy()["export"])
    path.write_text(damage(path.read_text()))
    house.standin.forget()
    with pytest.raises(ExportError, match=words):
        bring_back(house, str(path))
    assert house.writes() == []


def test_the_same_netbox_under_another_name_is_accepted_on_request(house: House) -> None:
    path = Path(house.tidy()["export"])
    path.write_text(path.read_text().replace("http://127.0.0.1", "http://127.0.0.2", 1))
    assert bring_back(house, str(path), any_address=True)["changed"] is True


def test_when_a_device_was_read_since_is_kept_and_the_rest_is_restored(house: House) -> None:
    """The nightly job writes it in the row of a chassis."""
    export = house.tidy()["export"]
    row = next(one for one in house.rows() if one["serial"] == "SN1")
    ours_now = {**row["discovered_data"]["invmon"], "read": "2026-01-20T00:00:00Z"}
    data = {**row["discovered_data"], "invmon": ours_now}
    house.netbox.patch_bulk(PROBES, [{"id": row["id"], "time": day(30), "discovered_data": data}])
    result = bring_back(house, export)
    assert result["refused_rows"] == []
    restored = next(one for one in house.rows() if one["id"] == row["id"])
    assert restored["discovered_data"]["invmon"]["read"] == "2026-01-20T00:00:00Z"
    assert "mine" not in restored["discovered_data"]
