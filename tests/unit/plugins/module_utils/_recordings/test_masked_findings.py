# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first stage of masking: what there is to hide, and what is known to be harmless."""

from __future__ import annotations

from ansible_collections.invmon.network.plugins.module_utils._recordings.look_alikes import LookAlikes
from ansible_collections.invmon.network.plugins.module_utils._recordings.masked_findings import (
    Findings,
    cells_of,
    find,
)
from ansible_collections.invmon.network.plugins.module_utils._recordings.masking import mask
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind

ENTITY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
VENDOR = (1, 3, 6, 1, 4, 1, 99999, 1, 1, 1)
DEVICE = [
    VarBind((1, 3, 6, 1, 2, 1, 1, 1, 0), "octets", b"Frobnicator 9000, S/N: FOC1234X0AB"),
    VarBind((1, 3, 6, 1, 2, 1, 1, 5, 0), "octets", b"core-7.brno.example.org"),
    VarBind((*ENTITY, 11, 1), "octets", b" JAE9876Y1CD\x00"),
    VarBind((*ENTITY, 11, 2), "octets", b"fan tray"),
    VarBind((*ENTITY, 11, 3), "octets", b"73481902"),
    VarBind((*ENTITY, 13, 1), "octets", b"FROB-9000-X"),
    VarBind((*VENDOR, 1, 1), "ip", bytes((10, 20, 30, 40))),
    VarBind((*VENDOR, 2, 1), "octets", bytes.fromhex("0011a2b3c4d5")),
]


def findings(**known: tuple[str, ...]) -> Findings:
    return find(cells_of(DEVICE, {}), known.get("serials", ()), known.get("names", ()), known.get("parts", ()))


def test_serials_are_found_in_their_column_behind_a_label_and_by_the_reader() -> None:
    found = findings(serials=("ABC", "READER01"))
    assert found.serials == [b"73481902", b"FOC1234X0AB", b"JAE9876Y1CD", b"READER01"]
    assert found.accepted == {b"ABC", b"READER01"}
    assert found.numbers == {73481902: b"73481902"}


def test_names_are_the_host_and_its_domain_and_those_that_were_given() -> None:
    assert findings(names=("r1.lab", "192.0.2.1")).names == {
        b"core-7.brno.example.org": b"device",
        b"core-7": b"device",
        b"brno.example.org": b"example.net",
        b"r1.lab": b"device",
        b"r1": b"device",
        b"lab": b"example.net",
    }


def test_words_of_the_vendor_are_harmless_and_serials_and_names_are_none_of_them() -> None:
    found = findings(parts=("PWR-C1",))
    assert {b"frobnicator", b"frob", b"pwr", b"c1"} <= found.vendor_words
    assert not {b"foc1234x0ab", b"core"} & found.vendor_words
    assert found.addresses == {bytes((10, 20, 30, 40)), bytes.fromhex("0011a2b3c4d5")}


def test_serials_are_known_in_any_case_and_as_a_dump() -> None:
    known, looks = findings().known, LookAlikes(b"key")
    other = looks.text(b"JAE9876Y1CD")
    assert known.replaced(b"x jae9876y1cd y", looks) == b"x " + other.lower() + b" y"
    assert known.replaced(b"4a:41:45:39:38:37:36:59:31:43:44", looks) == other.hex(":").encode()
    assert known.blanked(b"up since core-7 booted") == b"up since   booted"


def test_the_same_key_gives_the_same_recording_and_another_key_another() -> None:
    once, again, other = (mask(DEVICE, key=key) for key in (b"one", b"one", b"other"))
    assert once == again
    assert [varbind.value for varbind in once.varbinds[:1]] != [varbind.value for varbind in other.varbinds[:1]]
