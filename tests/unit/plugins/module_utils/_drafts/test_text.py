# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a draft: a profile of which every line may be uncommented, and nothing of the device's texts in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import from_text
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_parser import parse_layout
from ansible_collections.invmon.network.plugins.module_utils._drafts.device import Device
from ansible_collections.invmon.network.plugins.module_utils._drafts.draft import draft_of
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_names import MibNames, mib_names
from ansible_collections.invmon.network.plugins.module_utils._drafts.text import is_unchanged, text_of
from ansible_collections.invmon.network.plugins.module_utils._mib.errors import MibError
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid

VENDOR: Oid = (1, 3, 6, 1, 4, 1, 64999)
SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
#: Line breaks of all kinds, what ends a comment or begins a key, a template, colours of a terminal.
HOSTILE = b"evil\nmatch:\r\n- x\xe2\x80\xa8 \xc2\x85 {{ 7*7 }} \x1b[31m #: \"' \xff"

MIB = """
ACME-MIB DEFINITIONS ::= BEGIN
IMPORTS enterprises FROM RFC1155-SMI;
acme OBJECT IDENTIFIER ::= { enterprises 64999 }
acmeCardTable OBJECT-TYPE SYNTAX SEQUENCE OF AcmeCardEntry ACCESS not-accessible STATUS mandatory ::= { acme 3 }
acmeCardEntry OBJECT-TYPE SYNTAX AcmeCardEntry ACCESS not-accessible STATUS mandatory INDEX { acmeCardNo }
    ::= { acmeCardTable 1 }
acmeCardNo OBJECT-TYPE SYNTAX INTEGER ACCESS read-only STATUS mandatory ::= { acmeCardEntry 1 }
acmeCardSerialNumber OBJECT-TYPE SYNTAX Odd ACCESS read-only STATUS mandatory ::= { acmeCardEntry 2 }
acmeCardAssemblyCode OBJECT-TYPE SYNTAX Odd ACCESS read-only STATUS mandatory ::= { acmeCardEntry 3 }
acmeCardKind OBJECT-TYPE SYNTAX INTEGER { other(1), lineCard(2), powerSupply(3), fanTray(4) }
    ACCESS read-only STATUS mandatory ::= { acmeCardEntry 4 }
acmeCardState OBJECT-TYPE SYNTAX INTEGER { ok(1), failed(2), notPresent(3) }
    ACCESS read-only STATUS mandatory ::= { acmeCardEntry 5 }
acmeCardShelfSerialNumber OBJECT-TYPE SYNTAX Odd ACCESS read-only STATUS mandatory ::= { acmeCardEntry 6 }
END
"""


def device(rows: list[dict[int, Any]], object_id: Oid = (*VENDOR, 1, 4), **scalars: bytes) -> Device:
    found: dict[Oid, Any] = {(*SYSTEM, 1, 0): b"Acme Rocket", (*SYSTEM, 2, 0): object_id}
    for number, row in enumerate(rows, 1):
        found.update({(*VENDOR, 3, 1, column, number): value for column, value in row.items()})
    found.update({(*VENDOR, 2, number, 0): value for number, value in enumerate(scalars.values(), 1)})
    return Device(dict(sorted(found.items())))


CARDS = [
    {1: 1, 2: b"ACM80A00011", 3: b"RKT-LC8", 4: HOSTILE},
    {1: 2, 2: b"ACM80A00012", 3: b"RKT-LC8", 4: b"x"},
    {1: 3, 2: b"ACM80A00013", 3: b"RKT-FAN", 4: b"y"},
]


def test_the_draft_is_a_profile_that_reads_the_table() -> None:
    box = device(CARDS)
    draft = draft_of(box)
    text = text_of(draft, box)
    profile = from_text("draft.yml", text, "draft")
    (table,) = parse_layout(profile.content()).tables
    assert (table.entry, table.columns["serial"].oid, table.columns["model"].oid) == ((*VENDOR, 3, 1), (2,), (3,))
    assert profile.head.matches[0].object_id == (*VENDOR, 1, 4)
    assert draft.serials == {"ACM80A00011", "ACM80A00012", "ACM80A00013"}
    assert "3 values, all different, like AAA99A99999" in text
    assert is_unchanged(text)
    assert not is_unchanged(text.replace("RKT", "RKU").replace("model: 3", "model: 4"))


def test_no_text_of_the_device_is_in_the_draft() -> None:
    box = device([{**row, 5: HOSTILE} for row in CARDS], a=b"ACM40A00001", b=HOSTILE)
    text = text_of(draft_of(box), box)
    assert not re.search(r"evil|ACM\d|RKT|Rocket|7\*7", text)
    assert text.isascii()
    assert all(line.isprintable() for line in text.split("\n"))


def test_two_columns_that_look_like_serials_are_commented_out_with_the_reason_and_may_be_uncommented() -> None:
    rows = [{2: f"ACM80A000{n}".encode(), 3: f"7733A{n}0009144".encode(), 9: b"RKT-LC8"} for n in (11, 12, 13)]
    box = device(rows)
    draft = draft_of(box)
    text = text_of(draft, box)
    assert not draft.active
    assert "# Not read: column 2 and column 3 look like serial numbers equally: keep the right one." in text
    assert parse_layout(from_text("draft.yml", text, "draft").content()).tables == ()
    block = text[text.index("# tables:") : text.index("# Unchanged")]
    lines = [line.replace("# ", "", 1) for line in block.splitlines() if "Not read" not in line]
    (table,) = parse_layout(from_text("draft.yml", "\n".join(lines), "draft").content()).tables
    assert table.columns["serial"].oid == (2,)


def test_an_agent_of_no_vendor_is_recognised_by_what_it_answers() -> None:
    box = device(CARDS, object_id=(1, 3, 6, 1, 4, 1, 8072, 3, 2, 10))
    draft = draft_of(box)
    (match,) = from_text("draft.yml", text_of(draft, box), "draft").head.matches
    assert match.answers == (*VENDOR, 3, 1, 2, 1)
    assert not match.object_id


def test_what_entity_mib_has_already_is_not_read_again() -> None:
    entity: dict[Oid, Any] = {(1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, n): row[2] for n, row in enumerate(CARDS, 1)}
    box = Device({**entity, **device(CARDS).variables})
    text = text_of(draft_of(box), box)
    assert "# Not read: ENTITY-MIB has all of its serial numbers." in text


def test_names_of_a_mib_decide_where_values_do_not(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "acme.txt").write_text(MIB)
    texts = [{2: f"CARD-{n}-OF-ME", 3: f"ACM80A0001{n}", 6: f"ACM40A0000{n}"} for n in (1, 2, 3)]
    rows = [
        {1: n, 4: n + 1, 5: n, **{column: text.encode() for column, text in row.items()}}
        for n, row in enumerate(texts, 1)
    ]
    box = device(rows)
    assert "acmeCardSerialNumber" not in text_of(draft_of(box), box)
    names = mib_names(tmp_path)
    draft = draft_of(box, names)
    text = text_of(draft, box)
    assert draft.active[0].name == "acmeCardTable"
    assert draft.serials == {"CARD-1-OF-ME", "CARD-2-OF-ME", "CARD-3-OF-ME"}
    (table,) = parse_layout(from_text("draft.yml", text, "draft").content()).tables
    assert table.columns["category"].words == {"2": "module", "3": "powerSupply", "4": "fan"}
    assert table.unless == {"state": frozenset({"3"})}
    assert "# index: [acmeCardNo]" in text
    assert "      serial: 2  # the MIB calls it acmeCardSerialNumber" in text
    assert names.object_of((*VENDOR, 3, 1, 2, 7, 7)) == ((*VENDOR, 3, 1, 2), True)
    assert not MibNames()


def test_two_tables_of_one_name_are_two_keys() -> None:
    box = device(CARDS)
    draft = draft_of(box)
    (found,) = draft.sources
    both = replace(draft, sources=[replace(found, name="card/a"), replace(found, name="card:a")])
    tables = parse_layout(from_text("draft.yml", text_of(both, box), "draft").content()).tables
    assert [table.name for table in tables] == ["card_a", "card_a_2"]


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(MibError, match="is not a folder"):
        mib_names(tmp_path / "missing")
    (tmp_path / "letter.txt").write_text("Dear reader")
    with pytest.raises(MibError, match=r"no file below .* is a MIB"):
        mib_names(tmp_path)
