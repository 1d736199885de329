# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another user puts where an export of hygiene is to be restored from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._hygiene.export import LONGEST_LINE, ExportError
from ansible_collections.invmon.network.tests.attacks.local_user import TAMPERED, foreign
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._hygiene.hygiene_model import (
    SEED,
    House,
    bring_back,
    old,
    ours,
)


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with start_standin(SEED) as one:
        yield one


@pytest.fixture
def house(standin: StandIn, tmp_path: Path) -> House:
    """A NetBox that was tidied up."""
    one = House(standin, tmp_path / "exports")
    rows = [row["id"] for row in one.rows()]
    if rows:
        one.netbox.delete_bulk("plugins/inventory-monitor/probes/", rows)
    one.add(ours("SN1", 1, 4), ours("SN1", 2, 9), ours("SN1", 1, 4), old('"SN2"', 1, 2))
    return one


def refused(house: House, path: Path) -> str:
    """The message about the file; nothing of it is restored."""
    house.standin.forget()
    with pytest.raises(ExportError) as caught:
        bring_back(house, str(path))
    assert house.writes() == []
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.attack(
    "A file in the place of an export",
    tried="a FIFO, a device, a folder, a terabyte, deep nesting, odd numbers, cut off, binary, writable by others",
    came="it is refused at once by name, and nothing is restored",
)
@pytest.mark.parametrize("how", [how for how in TAMPERED if how != "cut off"])
def test_a_file_that_is_no_export_of_ours_is_refused(how: str, house: House) -> None:
    path = Path(house.tidy()["export"])
    TAMPERED[how][0](path)
    refused(house, path)


@pytest.mark.attack(
    "An export of another user",
    tried="a good export that belongs to another user",
    came="nothing is restored",
)
def test_a_foreign_export_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(house.tidy()["export"])
    foreign(path, monkeypatch)
    assert "it belongs to" in refused(house, path)


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "an id that is true": lambda line: line["row"].update(id=True),
    "a serial that is an object": lambda line: line["row"].update(serial={"__ansible_type": "TrustedAsTemplate"}),
    "an invalid time": lambda line: line["row"].update(time="soon"),
    "a time before time": lambda line: line["row"].update(time="0001-01-01T00:00:00+14:00"),
    "no time": lambda line: line["row"].update(time=None),
    "no name": lambda line: line["row"].pop("name"),
    "an unknown key": lambda line: line.update(does="change", sent={"owner": 1}),
    "tags that are texts": lambda line: line["row"].update(tags=["spare"]),
    "a change without what was sent": lambda line: (line.update(does="change"), line.pop("sent", None)),
    "another deed": lambda line: line.update(does="drop"),
    "a key that no line has": lambda line: line.update(force=True),
    "a deep value": lambda line: line["row"].update(discovered_data=json.loads("[" * 60 + "]" * 60)),
    "a line without end": lambda line: line["row"].update(comments="x" * (LONGEST_LINE + 1)),
}


@pytest.mark.attack(
    "An export with something else in it",
    tried="keys and types that no row has, times before time, lines without end",
    came="it is refused whole, by the line and what is wrong with it",
)
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_export_is_refused_by_its_line(change: str, house: House) -> None:
    path = Path(house.tidy()["export"])
    header, first, *others = path.read_text().splitlines()
    line = json.loads(first)
    CHANGES[change](line)
    path.write_text("\n".join([header, json.dumps(line), *others, ""]))
    assert "Line 2 of " in refused(house, path)


@pytest.mark.attack(
    "The header of an export as terminal output",
    tried="an address of NetBox with escape sequences and a megabyte of text",
    came="it is shown cut and with its escapes spelt out",
)
def test_the_header_is_not_printed_raw(house: House) -> None:
    path = Path(house.tidy()["export"])
    header, *others = path.read_text().splitlines()
    forged = {**json.loads(header), "netbox": "\x1b[2J" + "x" * 2**20}
    path.write_text("\n".join([json.dumps(forged), *others, ""]))
    shown = refused(house, path)
    assert shown.isprintable()
    assert len(shown) < 1000
