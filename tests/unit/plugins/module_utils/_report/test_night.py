# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a run, at any width."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._report.layout import table
from ansible_collections.invmon.network.plugins.module_utils._report.night import Line, summary
from ansible_collections.invmon.network.plugins.module_utils._report.words import moment
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 29, 2, 6, tzinfo=UTC)
SEEN = "2026-11-27T02:00:04Z"

CHANGES: list[dict[str, Any]] = [
    {
        "fate": "replaced", "site": "Brno", "device": "sw-stack-brno", "device_id": 1, "slot": "Te1/1/1",
        "serial": "AVD9311L0X9", "part": "SFP-10G-LR", "category": "transceiver",
        "before": {"serial": "AVD9301L0X1", "part": "SFP-10G-LR"},
        "after": {"serial": "AVD9311L0X9", "part": "SFP-10G-LR"},
    },
    {
        "fate": "gone", "site": "Ostrava", "device": "rtr-7750", "device_id": 2, "slot": "MDA 2/1",
        "serial": "NK9380M0A03", "part": "3HE17771AARB01", "category": "module", "before": {"time": SEEN},
        "evidence": {"n": 2, "since": SEEN},
    },
    *(
        {
            "fate": "gone", "site": "Ostrava", "device": "rtr-7750", "device_id": 2, "slot": f"2/1/{number}",
            "serial": f"N938S0F0{number}", "category": "transceiver", "before": {"time": SEEN},
            "evidence": {"n": 2, "since": SEEN, "within": "NK9380M0A03"},
        }
        for number in (3, 4)
    ),
]  # fmt: skip
STANDING: list[dict[str, Any]] = [
    {
        "kind": "held", "site": "Plzen", "device": "fx-plzen", "since": SEEN, "earlier": True,
        "text": "9 of 15 known parts are different", "answer": "-e upload_release=fx-plzen",
    },
    {"kind": "unreachable", "device": "sw-dead", "text": "v3: no answer; v2c: no answer. Is it up?", "since": SEEN},
    {
        "kind": "incomplete", "device": "sw-midtable",
        "text": "not read completely: entPhysicalTable (after 151 rows: no answer)",
    },
    {"kind": "coverage", "text": "optics: Junos has no ENTITY-MIB", "devices": ["rtr-mx"], "earlier": True},
]  # fmt: skip
RUN: dict[str, Any] = {
    "check_mode": True,
    "seconds": 41.2,
    "readings": {"complete": 296, "incomplete": 2, "unreachable": 2},
    "outcomes": {"held": 1},
    "parts": {"seen": 4095, "created": 1, "changed": 0},
    "changes": CHANGES,
    "standing": STANDING,
    "requests": 58,
}


def said(width: int, run: dict[str, Any] | None = None, **options: Any) -> list[str]:
    return [line.text for line in summary(run or RUN, width, now=NOW, **options)]


@pytest.mark.parametrize(
    ("fate", "word"),
    [
        *((fate, fate) for fate in ("new", "replaced", "changed", "moved", "swapped", "returned", "gone", "deleted")),
        ("not_seen", "not seen"),
    ],
)
def test_a_part_is_named_whatever_became_of_it(fate: str, word: str) -> None:
    change = {**CHANGES[0], "fate": fate, "before": {"device": "sw-1", "slot": "Te1/1/9", "time": SEEN}}
    lines = said(109, {**RUN, "changes": [change]})
    assert any(f"  {word}  " in line and "Te1/1/1" in line for line in lines), lines


def test_the_end_of_a_run_names_what_changed_what_is_open_and_who_needs_a_look() -> None:
    assert said(109) == [
        "Inventory, dry run: 300 devices in 41 s, 296 complete, 2 incomplete, 2 unreachable. 1 held. Nothing was",
        "written.",
        "",
        "Would change 4 parts on 2 devices",
        "  Brno / sw-stack-brno  Te1/1/1  replaced  SFP-10G-LR      AVD9301L0X1 -> AVD9311L0X9",
        "  Ostrava / rtr-7750    MDA 2/1  gone      3HE17771AARB01  NK9380M0A03, last seen 27 Nov, with 2 optics in",
        "                                                           it: N938S0F03, N938S0F04",
        "",
        "Still open",
        "  Plzen / fx-plzen    held  27 Nov  9 of 15 known parts are different. Release: -e upload_release=fx-plzen",
        "",
        "Needs attention",
        "  sw-dead      unreachable  v3: no answer; v2c: no answer. Is it up? Last written 27 Nov.",
        "  sw-midtable  incomplete   not read completely: entPhysicalTable (after 151 rows: no answer); missing parts",
        "                            are not counted",
        "",
        "4,095 parts seen again. NetBox: 58 requests.",
        "This was a dry run: 1 row would be written, none was.",
    ]


@pytest.mark.parametrize("width", [80, 60, 40])
def test_narrow_terminals_get_the_same_in_more_lines(width: int) -> None:
    assert " ".join(" ".join(said(width)).split()).replace(" / ", " / ") == " ".join(" ".join(said(300)).split())
    assert max(len(line) for line in said(width)) <= width
    # What a person types stands on one line.
    assert any("-e upload_release=fx-plzen" in line for line in said(width))


def test_a_dry_run_says_so_in_its_first_and_in_its_last_line_and_a_real_one_does_not() -> None:
    lines = said(200)
    assert ["dry run" in line for line in (lines[0], lines[-1])] == [True, True]
    real = said(200, {**RUN, "check_mode": False})
    assert not [line for line in real if "dry run" in line or "ould" in line]
    assert "Changed 4 parts on 2 devices" in real


def test_with_v_what_is_known_every_night_is_said_as_well() -> None:
    assert not [line for line in said(100) if "Junos" in line]
    assert "  optics: Junos has no ENTITY-MIB: rtr-mx" in said(100, verbose=True)


def test_a_night_with_many_changes_names_the_first_ones_and_where_the_others_are() -> None:
    many = [{**CHANGES[0], "fate": "new", "serial": f"S{number}", "slot": f"{number}"} for number in range(90)]
    run = {**RUN, "changes": many, "changes_left_out": 10}
    assert "Would change 100 parts on 1 device" in said(100, run)
    assert "  and 60 more; --diff shows all" in said(100, run)
    assert "  and 60 more; see run.json" in said(100, run, file="run.json")
    assert "  and 10 more; --diff shows all" in said(100, run, verbose=True)


def test_parts_that_are_gone_for_long_are_counted_and_named_with_v() -> None:
    old = {
        "kind": "gone", "device": "r1", "slot": "1", "serial": "OLD", "since": "2026-09-01T00:00:00Z", "earlier": True,
        "evidence": {"n": 2, "last_seen": "2026-08-30T00:00:00Z"},
    }  # fmt: skip
    run = {**RUN, "standing": [old, {**old, "serial": "NEW", "evidence": {"n": 2, "last_seen": SEEN}}]}
    assert [serial for serial in ("OLD", "NEW") if any(serial in line for line in said(100, run))] == ["NEW"]
    assert any("and 1 part last seen more than 30 days ago" in line for line in said(100, run))
    assert any("OLD" in line for line in said(100, run, verbose=True))


def test_an_upload_that_failed_itself_says_why() -> None:
    run = {**RUN, "error": "there is no token", "changes": [], "standing": [], "readings": {}}
    assert said(100, run)[0] == "Inventory, dry run: nothing was written. there is no token"


EVIL = st.text(st.characters(), max_size=30)


@given(EVIL, EVIL, st.integers(40, 120))
def test_nothing_that_others_say_reaches_the_terminal_raw(one: str, two: str, width: int) -> None:
    change = {
        **CHANGES[1],
        "site": one,
        "device": two,
        "slot": one,
        "serial": two or "S",
        "part": one,
        "before": {"time": two},
    }
    item = {**STANDING[0], "text": one, "device": two, "answer": one, "since": two}
    kinds = [
        {**item, "kind": kind} for kind in ("held", "unreachable", "conflict", "note", "gone", "coverage", "skipped")
    ]
    standing = [{**kind, "earlier": False, "serial": two or "S", "slot": one, "devices": [one]} for kind in kinds]
    for line in summary({**RUN, "changes": [change], "standing": standing}, width, verbose=True, now=NOW):
        assert isinstance(line, Line)
        assert line.text.isprintable()


@given(st.lists(st.tuples(*[st.text("ab 机", max_size=20)] * 4), min_size=1, max_size=6), st.integers(30, 90))
def test_a_table_loses_no_word_at_any_width(rows: list[tuple[str, str, str, str]], width: int) -> None:
    said_words = " ".join(table([[f"d{number}", *row] for number, row in enumerate(rows)], width)).split()
    assert said_words == [word for number, row in enumerate(rows) for word in [f"d{number}", *" ".join(row).split()]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-29T01:00:00Z", "01:00"),
        ("2026-11-28T23:59:00Z", "28 Nov"),
        ("2025-11-29T01:00:00Z", "29 Nov 2025"),
        ("2026-12-24T01:00:00Z", "24 Dec"),
        ("soon", "soon"),
        ("0001-01-01T00:00:00Z", "1 Jan 1"),
        (None, "None"),
    ],
)
def test_a_moment_is_said_as_people_do(text: Any, words: str) -> None:
    assert moment(text, NOW) == words
