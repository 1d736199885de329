# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as CSV, Markdown and metrics: read back by those who will read it, with hostile text in every field."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from ansible_collections.invmon.network.plugins.module_utils._history.nights import Night
from ansible_collections.invmon.network.plugins.module_utils._report.csv_text import (
    changes_csv,
    inventory_csv,
    standing_csv,
)
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.plugins.module_utils._report.markdown import markdown_text
from ansible_collections.invmon.network.plugins.module_utils._report.prometheus import metrics_text
from ansible_collections.invmon.network.tests.page.made import NOW, busy, change, hostile, inventory, item, record


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_part_is_one_row_with_all_of_its_fields() -> None:
    parts = inventory(3)
    found = rows(inventory_csv(parts))
    assert [one["serial"] for one in found] == [one.serial for one in parts]
    assert found[0]["device_id"] == "1"
    assert set(found[0]) >= {"site", "device", "slot", "part", "first_seen", "last_seen", "state"}


def test_a_replaced_part_has_both_serials_in_columns_of_their_own() -> None:
    (found,) = rows(changes_csv([change("replaced", "NEW", before={"serial": "OLD", "part": "P"})]))
    assert (found["before_serial"], found["serial"], found["fate"]) == ("OLD", "NEW", "replaced")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    text = changes_csv([change("new", f"{start}HYPERLINK(1)", device=f"{start}x", before={"a": 1})])
    text += standing_csv([item("note", text=f"{start}1", devices=[f"{start}1"])])
    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert any(cell.startswith("'") for cell in cells)


@pytest.mark.parametrize("text", ["a;=1+1", 'a;"=1+1', "a; @x", "a;-1;+2"])
def test_no_formula_begins_after_a_semicolon_which_separates_cells_in_many_countries(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(inventory_csv([replace(inventory(1, 1)[0], slot=text)])))
    cells = [cell.strip().lstrip('"') for cell in row["slot"].split(";")]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_line_break_or_control_character_of_a_device_stays_in_its_cell_and_is_seen() -> None:
    (found,) = rows(changes_csv([change("new", "A\nB\x1b[31m", device='say "x", y')]))
    assert found["serial"] == "A\\nB\\x1b[31m"
    assert found["device"] == 'say "x", y'


def test_a_byte_order_mark_is_there_when_asked_for() -> None:
    assert inventory_csv([], bom=True).startswith("\ufeffserial,")
    assert inventory_csv([]).startswith("serial,")


def test_markdown_names_changes_and_what_is_open_and_counts_the_rest() -> None:
    text = markdown_text(busy(), most_changes=2, most_open=3)
    assert "## Night of 29 Nov 2026" in text
    assert "| `Brno / sw-stack-brno` | `TenGigabitEthernet1/1/1` | replaced |" in text
    assert "`AVD9301L0X1` → `AVD9311L0X9`" in text
    assert "and 2 more." in text
    assert "- and 3 more" in text


def test_markdown_of_hostile_text_has_no_link_no_html_and_no_mention() -> None:
    markdown_it = pytest.importorskip("markdown_it")
    html = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown_text(hostile()))
    tags = set(re.findall(r"</?([a-zA-Z0-9]+)", html))
    assert tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "ul", "li", "em"}
    (row, *_others) = re.findall(r"<tr>.*?</tr>", html, flags=re.DOTALL)[1:]
    assert row.count("<td>") == 5


def test_metrics_are_what_prometheus_reads() -> None:
    parser = pytest.importorskip("prometheus_client.parser")
    families = {family.name: family for family in parser.text_string_to_metric_families(metrics_text(busy()))}
    values = {tuple(one.labels.values()): one.value for one in families["invmon_devices"].samples}
    assert values[("complete",)] == 297
    assert families["invmon_run_state"].samples[1].value == 1
    assert families["invmon_inventory_parts"].samples[0].value == 480
    assert all(family.documentation for family in families.values())


def test_the_last_success_is_that_of_the_last_run_that_wrote() -> None:
    nights = [Night(record(2)), Night(record(1, check_mode=True)), Night(record(0.5, state="failed", error="down"))]
    text = metrics_text(Report(nights, now=NOW))
    (success,) = re.findall(r"^invmon_last_success_timestamp_seconds (\S+)", text, flags=re.MULTILINE)
    (last,) = re.findall(r"^invmon_last_run_timestamp_seconds (\S+)", text, flags=re.MULTILINE)
    assert float(last) - float(success) == pytest.approx(1.5 * 86400)


def test_the_last_success_is_of_the_whole_network_and_not_of_the_future() -> None:
    nights = [Night(record(1)), Night(record(-900)), Night(record(hosts={"run": 3, "inventory": 300}))]
    text = metrics_text(Report(nights, now=NOW))
    ended = (NOW - timedelta(days=1) + timedelta(minutes=6)).timestamp()
    assert f"invmon_last_success_timestamp_seconds {ended:.15g}\n" in text


def test_no_metric_is_named_after_what_a_device_sent() -> None:
    parser = pytest.importorskip("prometheus_client.parser")
    text = metrics_text(hostile())
    assert list(parser.text_string_to_metric_families(text))
    assert "<script>" not in text


def test_without_any_run_there_are_no_metrics_of_one() -> None:
    text = metrics_text(Report([], inventory(1), now=NOW))
    assert "invmon_last_run" not in text
    assert "invmon_inventory_parts 12" in text
