# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Typed data survives JSON unchanged, and data of another shape is refused with the place and what is wrong there."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypedDict

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import (
    Rules,
    WrongShape,
    from_json,
    to_json,
    written,
)
from hypothesis import given
from hypothesis import strategies as st


@dataclass(frozen=True)
class Part:
    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    serial: str
    is_fru: bool | None = None
    position: int | None = None
    weight: float = 0.0
    ancestors: tuple[str, ...] = ()
    category: str = field(default="unknown", metadata=written(omit_default=False))
    origin: str | None = field(default=None, metadata=written(key="from"))

    def __post_init__(self) -> None:
        if not self.serial:
            raise ValueError("has no serial")


@dataclass(frozen=True)
class Device:
    name: str
    action: Literal["create", "delete"]
    parts: list[Part]
    tables: dict[str, dict[str, int]]
    main: Part | None = None
    by_slot: Mapping[str, Part] = field(default_factory=dict)
    coordinates: list[tuple[int, ...]] = field(default_factory=list)
    anything: Any = None
    value: str | list[int] | dict[str, bool] | None = None


@dataclass(frozen=True)
class Loose:
    JSON: ClassVar[Rules] = Rules(extra="ignored", null_is_missing=True)

    name: str = "?"


@dataclass(frozen=True)
class Named:
    JSON: ClassVar[Rules] = Rules(null_is_missing=True)

    name: str


@dataclass(frozen=True)
class Whole:
    JSON: ClassVar[Rules] = Rules(all_keys=True)

    name: str = "?"
    note: str | None = field(default=None, metadata=written(omit_default=True))


_TEXT = st.text(max_size=5)
_PARTS = st.builds(
    Part,
    serial=st.text(min_size=1, max_size=5),
    is_fru=st.none() | st.booleans(),
    position=st.none() | st.integers(),
    weight=st.floats(allow_nan=False, allow_infinity=False),
    ancestors=st.lists(_TEXT, max_size=2).map(tuple),
    category=_TEXT,
    origin=st.none() | _TEXT,
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)
_DEVICES = st.builds(
    Device,
    name=_TEXT,
    action=st.sampled_from(["create", "delete"]),
    parts=st.lists(_PARTS, max_size=3),
    tables=st.dictionaries(_TEXT, st.dictionaries(_TEXT, st.integers(), max_size=2), max_size=2),
    main=st.none() | _PARTS,
    by_slot=st.dictionaries(_TEXT, _PARTS, max_size=2),
    coordinates=st.lists(st.lists(st.integers(), max_size=2).map(tuple), max_size=2),
    anything=st.none() | st.booleans() | st.integers() | st.lists(_TEXT, max_size=2),
    value=st.none() | _TEXT | st.lists(st.integers(), max_size=2) | st.dictionaries(_TEXT, st.booleans(), max_size=2),
)


@given(_DEVICES)
def test_what_is_written_is_read_back_equal(device: Device) -> None:
    text = json.dumps(to_json(device))
    assert from_json(Device, json.loads(text), "device") == device


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """(container, key) of each value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in list(inner):
        yield value, key
        yield from _places(child)


@given(_DEVICES, st.data())
def test_a_mutation_is_read_as_it_stands_or_refused(device: Device, data: st.DataObject) -> None:
    mutated = copy.deepcopy(to_json(device))
    container, key = data.draw(st.sampled_from(list(_places(mutated))))
    change = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "remove":
        del container[key]
    elif change == "add" and isinstance(container, dict):
        container[data.draw(_TEXT)] = data.draw(_JSON)
    else:
        container[key] = data.draw(_JSON)
    found, refused = None, ""
    try:
        found = from_json(Device, mutated, "device")
    except WrongShape as error:
        refused = str(error)
    assert refused.isprintable()
    assert refused.startswith("device") if found is None else from_json(Device, to_json(found), "device") == found


def test_defaults_are_left_out_where_the_class_says_so() -> None:
    assert to_json(Part("A1")) == {"serial": "A1", "category": "unknown"}
    assert to_json(Part("A1", is_fru=False, origin="r1")) == {
        "serial": "A1",
        "is_fru": False,
        "category": "unknown",
        "from": "r1",
    }


def _device(**changes: Any) -> dict[str, Any]:
    return {"name": "r1", "action": "create", "parts": [{"serial": "A1"}], "tables": {}, **changes}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parts": [{"serial": "A1"}, {"serial": 5}]}, "d[3].parts[1].serial is 5, not text"),
        ({"parts": [{"category": "fan"}]}, "d[3].parts[0].serial is missing"),
        ({"parts": [{"serial": ""}]}, "d[3].parts[0] has no serial"),
        ({"parts": [{"serial": "A1", "shade": 1}]}, 'd[3].parts[0] has the unknown key "shade"'),
        ({"parts": [{"serial": "A1", "origin": "r1"}]}, 'd[3].parts[0] has the unknown key "origin"'),
        ({"parts": [{"serial": "A1", "from": 1}]}, "d[3].parts[0].from is 1, not text or null"),
        ({"parts": {"serial": "A1"}}, "d[3].parts is an object, not a list"),
        ({"parts": ["A1"]}, 'd[3].parts[0] is "A1", not an object'),
        ({"parts": None}, "d[3].parts is null, not a list"),
        ({"parts": [{"serial": "A1", "position": True}]}, "d[3].parts[0].position is true, not a whole number or null"),
        ({"parts": [{"serial": "A1", "position": 1.0}]}, "d[3].parts[0].position is 1.0, not a whole number or null"),
        ({"parts": [{"serial": "A1", "is_fru": 1}]}, "d[3].parts[0].is_fru is 1, not true or false or null"),
        ({"parts": [{"serial": "A1", "weight": float("nan")}]}, "d[3].parts[0].weight is nan, not a finite number"),
        ({"parts": [{"serial": "A1", "weight": True}]}, "d[3].parts[0].weight is true, not a number"),
        ({"action": "update"}, 'd[3].action is "update", not "create" or "delete"'),
        ({"action": ["create"]}, 'd[3].action is a list, not "create" or "delete"'),
        (
            {"tables": {"entPhysicalTable": {"rows": "5"}}},
            'd[3].tables.entPhysicalTable.rows is "5", not a whole number',
        ),
        ({"tables": {"a b\x1b[0m": 1}}, 'd[3].tables["a b\\x1b[0m"] is 1, not an object'),
        ({"tables": {1: {}}}, "d[3].tables has the key 1, which is not text"),
        ({"main": {"serial": "A1", "from": 7}}, "d[3].main.from is 7, not text or null"),
        ({"coordinates": [[1, 2], [1, "x"]]}, 'd[3].coordinates[1][1] is "x", not a whole number'),
        ({"value": 5}, "d[3].value is 5, not text or a list or an object or null"),
        ({"value": [1, None]}, "d[3].value[1] is null, not a whole number"),
        ({"x" * 1000: 1}, f'd[3] has the unknown key "{"x" * 60}"'),
        ({"name": 10**80}, f"d[3].name is 1{'0' * 59}, not text"),
    ],
)
def test_what_is_wrong_is_named_with_its_path(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongShape) as refused:
        from_json(Device, _device(**changes), "d[3]")
    assert str(refused.value) == message


def test_each_field_without_default_must_be_there() -> None:
    for name in ("name", "action", "parts", "tables"):
        data = _device()
        del data[name]
        with pytest.raises(WrongShape, match=rf"^device\.{name} is missing$"):
            from_json(Device, data, "device")


def test_a_class_may_ignore_what_others_have_in_addition() -> None:
    assert from_json(Loose, {"name": "r1", "shade": 1}, "device") == Loose("r1")
    with pytest.raises(WrongShape, match=r"^device is a list, not an object$"):
        from_json(Loose, [], "device")


def test_a_class_may_take_null_for_no_key() -> None:
    assert from_json(Loose, {"name": None}, "device") == Loose()
    with pytest.raises(WrongShape, match=r"^device\.name is missing$"):
        from_json(Named, {"name": None}, "device")


def test_a_class_may_want_each_key_that_is_always_written() -> None:
    assert from_json(Whole, {"name": "r1"}, "") == Whole("r1")
    with pytest.raises(WrongShape, match=r"^name is missing$"):
        from_json(Whole, {"note": "x"}, "")


def test_other_kinds_than_classes_are_read_too() -> None:
    assert from_json(list[Loose], [{"name": "a"}, {}], "devices") == [Loose("a"), Loose()]
    with pytest.raises(WrongShape, match=r"^devices\[1\] is null, not an object$"):
        from_json(list[Loose], [{}, None], "devices")


class Sent(TypedDict):
    """What a request sends: each key is there or not, whatever its value."""

    name: str


class SentMore(Sent, total=False):
    site: int | None


@dataclass(frozen=True, kw_only=True)
class Create:
    action: Literal["create"] = "create"
    data: SentMore


@dataclass(frozen=True, kw_only=True)
class Delete:
    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    action: Literal["delete"] = field(default="delete", metadata=written(omit_default=False))
    id: int
    note: str | None = None


@dataclass(frozen=True)
class Steps:
    steps: tuple[Create | Delete, ...]
    last: Create | Delete | None = None


def test_classes_are_distinguished_by_a_field_of_each() -> None:
    steps = Steps((Delete(id=1), Create(data={"name": "A", "site": None}), Create(data={"name": "B"})), Delete(id=2))
    data = {
        "steps": [
            {"action": "delete", "id": 1},
            {"action": "create", "data": {"name": "A", "site": None}},
            {"action": "create", "data": {"name": "B"}},
        ],
        "last": {"action": "delete", "id": 2},
    }
    assert to_json(steps) == data
    assert from_json(Steps, json.loads(json.dumps(data)), "plan") == steps


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"id": 1}, "plan.steps[0].action is missing"),
        ({"action": "undo"}, 'plan.steps[0].action is "undo", not "create" or "delete"'),
        ({"action": "delete", "id": "1"}, 'plan.steps[0].id is "1", not a whole number'),
        ({"action": "delete", "id": 1, "data": {}}, 'plan.steps[0] has the unknown key "data"'),
        ({"action": "create", "data": {"site": 1}}, "plan.steps[0].data.name is missing"),
        ({"action": "create", "data": {"name": "A", "rack": 1}}, 'plan.steps[0].data has the unknown key "rack"'),
        ({"action": "create", "data": {"name": "A", "site": True}}, "is true, not a whole number or null"),
        ({"action": "create", "data": []}, "plan.steps[0].data is a list, not an object"),
        ("create", 'plan.steps[0] is "create", not an object'),
    ],
)
def test_what_is_wrong_is_reported_of_the_class_that_is_meant(step: Any, message: str) -> None:
    with pytest.raises(WrongShape) as refused:
        from_json(Steps, {"steps": [step]}, "plan")
    assert message in str(refused.value)
    if isinstance(step, dict):
        with pytest.raises(WrongShape) as refused:
            from_json(Steps, {"steps": [], "last": step}, "plan")
        assert message.replace("steps[0]", "last") in str(refused.value)


def test_classes_that_nothing_distinguishes_are_an_error_of_the_program() -> None:
    either: Any = Delete | Loose
    with pytest.raises(TypeError):
        from_json(either, {}, "x")


class _Text(str):
    """As Ansible's own, which carry where they came from."""


class _Object(dict[str, Any]):
    pass


class _Number(int):
    pass


def test_variables_of_ansible_are_taken_as_what_they_are() -> None:
    part = {"serial": _Text("A1"), "position": _Number(1)}
    found = from_json(Device, _Object(_device(action=_Text("create"), parts=(part,))), "device")
    assert found == Device("r1", "create", [Part("A1", position=1)], {})
    assert found.action.__class__ is str


@pytest.mark.parametrize("kind", [tuple[int, str], dict[int, str], set[str], bytes])
def test_a_hint_that_json_cannot_hold_is_an_error_of_the_program(kind: Any) -> None:
    with pytest.raises(TypeError):
        from_json(kind, None, "x")
