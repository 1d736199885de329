# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The merge: one record per serial, the right row wins, and the order of the items plays no part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import from_json, to_json
from ansible_collections.invmon.network.plugins.module_utils._parts.item import Item
from ansible_collections.invmon.network.plugins.module_utils._parts.merge import CLASS_PRIORITY, merge_items
from hypothesis import given
from hypothesis import strategies as st


def merge_records(rows: Iterable[dict[str, Any]], *options: Any, **more: Any) -> list[dict[str, Any]]:
    """The records of items, all as plain data."""
    items = from_json(list[Item], list(rows), "items")
    return [to_json(record) for record in merge_items(items, *options, **more)]


def row(index: int | str, **fields: Any) -> dict[str, Any]:
    return {"serial": "S1", "index": str(index), "source": "entPhysicalTable", "category": "module", **fields}


def winner(*rows: dict[str, Any], **options: Any) -> tuple[str, str]:
    (record,) = merge_records(rows, **options)
    return record["index"], record["rule"]


def test_a_serial_that_is_alone_is_not_decided() -> None:
    assert winner(row(1)) == ("1", "single")


def test_a_supervisor_does_not_hide_the_chassis_that_it_is_built_into() -> None:
    assert winner(row(22, is_fru=True), row(149, category="chassis", is_fru=False)) == ("149", "chassis")


def test_an_idprom_row_does_not_rename_the_fan_above_it() -> None:
    fan = row(20481, category="fan", name="0/FT0", is_fru=True)
    idprom = row(20487, category="module", name="0/FT0-IDPROM", is_fru=False, ancestors=["20481", "1"])
    assert winner(fan, idprom) == ("20481", "field-replaceable")


def test_a_row_inside_another_loses_where_none_is_replaceable() -> None:
    assert winner(row(5, category="other"), row(4, ancestors=["5"])) == ("5", "outermost")


def test_a_slot_that_repeats_the_serial_of_its_content_names_nothing() -> None:
    psu = row(4, category="powerSupply", ancestors=["5"])
    assert winner(row(5, category="container"), psu) == ("4", "no slot")
    # A tray of class container is a part itself where only its own memory repeats it.
    idprom = row(4, name="0/FT0-IDPROM", ancestors=["5"])
    assert winner(row(5, category="container", name="0/FT0"), idprom) == ("5", "no IDPROM")


def test_rows_that_contain_each_other_still_give_one_record() -> None:
    assert winner(row(1, ancestors=["2"]), row(2, ancestors=["1"])) == ("1", "first name")


def test_an_ancestor_of_another_table_is_no_ancestor() -> None:
    assert winner(row(5, source="other", category="fan"), row(4, category="port", ancestors=["5"])) == (
        "5",
        "specific class",
    )


def test_side_by_side_the_class_decides_then_the_model_then_the_vendors_table_then_the_name() -> None:
    assert winner(row(1, category="sensor"), row(2, category="port")) == ("2", "no slot")
    assert winner(row(1, category="backplane"), row(2, category="port")) == ("2", "class priority")
    assert winner(row(1), row(2, category="fan")) == ("2", "specific class")
    assert winner(row(1), row(2, part="X")) == ("2", "has a model")
    assert winner(row(1), row("7.1.0.0", source="jnxContentsTable")) == ("7.1.0.0", "vendor's table")
    assert winner(row(10), row(9)) == ("9", "first name")
    assert winner(row(9, name="Slot 10"), row(10, name="Slot 2")) == ("10", "first name")


def test_an_agent_that_renumbers_its_rows_moves_no_part_to_another_slot() -> None:
    names = ["PSU 1", "PSU 2", "PSU 10"]
    told = [
        merge_records(
            [row(index, name=name, category="powerSupply") for index, name in zip(indexes, names, strict=True)]
        )
        for indexes in ((1, 2, 3), (3, 1, 2), (2, 3, 1))
    ]
    assert [[record["name"] for record in records] for records in told] == [["PSU 1"]] * 3


def test_what_the_winner_does_not_say_comes_from_the_other_rows() -> None:
    rows = [row(1, is_fru=True, name="PSU 1"), row(2, part="PWR-1", name="other", manufacturer="ACME", ancestors=["1"])]
    (record,) = merge_records(rows)
    assert (record["part"], record["manufacturer"], record["name"]) == ("PWR-1", "ACME", "PSU 1")
    assert "ancestors" not in record
    assert record["merged_from"] == [
        {"source": "entPhysicalTable", "index": "1", "name": "PSU 1", "category": "module"},
        {"source": "entPhysicalTable", "index": "2", "name": "other", "category": "module"},
    ]


def test_an_interface_is_not_lent_to_a_chassis() -> None:
    rows = [row(1, category="chassis"), row(2, category="transceiver", interface="Gi1")]
    assert "interface" not in merge_records(rows)[0]
    assert merge_records([row(1, category="port", is_fru=True), rows[1]])[0]["interface"] == "Gi1"


def test_an_optic_that_another_row_knows_is_called_one() -> None:
    rows = [row(1, category="container", is_fru=True), row(2, category="transceiver", ancestors=["1"])]
    assert merge_records(rows)[0]["category"] == "transceiver"
    assert merge_records([row(1, category="unknown", is_fru=True), row(2, category="fan")])[0]["category"] == "fan"


def test_the_plain_class_priority_ignores_what_contains_what() -> None:
    fan = row(20481, category="fan", is_fru=True)
    idprom = row(20487, category="module", is_fru=False, ancestors=["20481"])
    assert winner(fan, idprom, strategy="class_priority") == ("20487", "class priority")
    assert winner(row(1, category="stack"), row(2, category="sensor"), strategy="class_priority")[0] == "1"
    assert winner(row(1, category="stack"), row(2), strategy="class_priority")[0] == "2"


@pytest.mark.parametrize("models", [["STACK-T1", "X"], "STACK-T1, X", ("STACK-T1",)])
def test_excluded_models_are_left_out_by_their_whole_name(models: Any) -> None:
    items = [row(1, part="STACK-T1"), {**row(2, part="STACK-T1-50CM"), "serial": "S2"}]
    assert [record["serial"] for record in merge_records(items, exclude_models=models)] == ["S2"]


def test_an_unknown_strategy_is_reported() -> None:
    with pytest.raises(ValueError, match="unknown strategy 'best': choose one of containment, class_priority"):
        merge_records([], strategy="best")


def test_records_stand_in_the_order_of_their_rows() -> None:
    items = [{**row(index), "serial": f"S{index}"} for index in ("10", "9", "7.10.0", "7.9.0")]
    assert [record["index"] for record in merge_records(items)] == ["7.9.0", "7.10.0", "9", "10"]


ITEMS = st.lists(
    st.fixed_dictionaries(
        {
            "serial": st.sampled_from(["A1", "B2", "C3"]),
            "index": st.integers(1, 9).map(str),
            "source": st.sampled_from(["entPhysicalTable", "jnxContentsTable"]),
            "category": st.sampled_from([word for word in CLASS_PRIORITY if word] + ["unknown", "stack"]),
        },
        optional={
            "part": st.sampled_from(["P1", "P2"]),
            "name": st.text(max_size=3),
            "is_fru": st.booleans(),
            "ancestors": st.lists(st.integers(1, 9).map(str), max_size=3),
            "interface": st.just("Gi1"),
        },
    ),
    max_size=12,
)


@given(ITEMS, st.randoms(use_true_random=False), st.sampled_from(["containment", "class_priority"]))
def test_the_order_of_the_items_plays_no_part(items: list[dict[str, Any]], random: Any, strategy: str) -> None:
    shuffled = random.sample(items, len(items))
    assert merge_records(items, strategy) == merge_records(shuffled, strategy)


@given(ITEMS)
def test_each_serial_gives_one_record_that_names_all_its_rows(items: list[dict[str, Any]]) -> None:
    records = merge_records(items)
    assert sorted(record["serial"] for record in records) == sorted({item["serial"] for item in items})
    assert sum(len(record["merged_from"]) for record in records) == len(items)
