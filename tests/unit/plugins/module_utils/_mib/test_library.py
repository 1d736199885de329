# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and OIDs: those of the standard MIBs, and what a user may write for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._mib import library
from ansible_collections.invmon.network.plugins.module_utils._mib.errors import MibError
from ansible_collections.invmon.network.plugins.module_utils._mib.library import STANDARD, Mib
from ansible_collections.invmon.network.plugins.module_utils._mib.names import instance_of, node_of, oid_of
from ansible_collections.invmon.network.plugins.module_utils._mib.nodes import numbers
from ansible_collections.invmon.network.plugins.module_utils._mib.values import describe
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind, dotted

MIB = Mib()


@pytest.mark.parametrize(
    ("text", "oid"),
    [
        ("1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.5.0"),
        (".1.3.6.1", "1.3.6.1"),
        (" sysName.0 ", "1.3.6.1.2.1.1.5.0"),
        ("IF-MIB::ifDescr.3", "1.3.6.1.2.1.2.2.1.2.3"),
        ("RFC1213-MIB::ifDescr", "1.3.6.1.2.1.2.2.1.2"),
        ("mib-2.1", "1.3.6.1.2.1.1"),
        ("iso.3.6", "1.3.6"),
        ('vacmGroupName.3."wes"', "1.3.6.1.6.3.16.1.2.1.3.3.3.119.101.115"),
        ("nlmConfigLogEntryLimit.'ab'", "1.3.6.1.2.1.92.1.1.3.1.3.97.98"),
        ("cefcFRUInserted", "1.3.6.1.4.1.9.9.117.2.0.3"),
        ("entConfigChange", "1.3.6.1.2.1.47.2.0.1"),
        ("jnxFruInsertion", "1.3.6.1.4.1.2636.4.1.6"),
    ],
)
def test_what_a_user_writes_is_an_oid(text: str, oid: str) -> None:
    assert dotted(oid_of(text, MIB)) == oid


def test_a_scalar_of_which_the_instance_was_forgotten_has_it() -> None:
    assert dotted(instance_of("sysName", MIB)) == "1.3.6.1.2.1.1.5.0"
    assert dotted(instance_of("sysName.0", MIB)) == "1.3.6.1.2.1.1.5.0"
    assert dotted(instance_of("ifDescr", MIB)) == "1.3.6.1.2.1.2.2.1.2"
    # Numbers are taken as they are.
    assert dotted(instance_of("1.3.6.1.2.1.1.5", MIB)) == "1.3.6.1.2.1.1.5"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sysNmae.0", "Did you mean sysName"),
        ("IF-MIB::ifDesc", "IF-MIB has no object ifDesc. Did you mean ifDescr"),
        ("IF-MB::ifDescr", "The MIB IF-MB is not known. Did you mean IF-MIB"),
        ("../../etc/passwd::x", "neither an OID nor a name"),
        ("x::y", "The MIB x is not known"),
        ("1.3.6.1.x", "neither an OID nor a name"),
        ("", "neither an OID nor a name"),
        ("sysName..0", "neither an OID nor a name"),
        ("sysName.-1", "neither an OID nor a name"),
        ("sysName." + "9" * 5000, "neither an OID nor a name"),
        ("1." + "9" * 5000, "neither an OID nor a name"),
        ("1.٣", "neither an OID nor a name"),
        ("1." * 200 + "1", "neither an OID nor a name"),
        ("1.3.99999999999", "neither an OID nor a name"),
        ("\x1b[31msysName", "neither an OID nor a name"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(text: str, says: str) -> None:
    with pytest.raises(MibError) as error:
        oid_of(text, MIB)
    assert says in str(error.value)
    assert str(error.value).isprintable()


def test_numbers_need_no_mib_at_all(tmp_path: Path) -> None:
    nothing = Mib([tmp_path])
    assert dotted(oid_of("1.3.6.1.2.1.1.5.0", nothing)) == "1.3.6.1.2.1.1.5.0"
    assert nothing.at((1, 3, 6)) is None
    with pytest.raises(MibError):
        oid_of("sysName.0", nothing)


def test_a_task_with_numbers_reads_the_facts_of_what_was_returned_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    text = library._text

    def noted(folder: Path, name: str) -> bytes | None:
        read.append(name)
        return text(folder, name)

    library._json.cache_clear()
    monkeypatch.setattr(library, "_text", noted)
    mib = Mib()
    oid_of("1.3.6.1.2.1.1.5.0", mib)
    assert read == []
    describe(VarBind((1, 3, 6, 1, 2, 1, 1, 5, 0), "octets", b"core-1"), mib)
    assert read == ["oids.json", "SNMPv2-MIB.json"]


def test_every_node_of_the_standard_mibs_is_found_by_its_name_and_by_its_oid() -> None:
    assert len(MIB.module_names()) > 60
    for name in MIB.module_names():
        module = MIB.module(name)
        assert module
        for node in module.nodes():
            assert MIB.find(node.full_name) is node
            found = MIB.at(node.oid)
            # Several names may have one OID, but none lies nearer.
            assert found
            assert found.oid in (node.oid, node.oid[:-1])
            assert node.is_variable == (node.syntax is not None), node.full_name
            for reference in (*node.index, *filter(None, [node.augments]), *node.objects):
                assert MIB.related(node, reference), (node.full_name, reference)


def test_names_are_found_without_their_module_too() -> None:
    for name in ("ifXTable", "entPhysicalTable", "lldpRemTable", "dot1qTpFdbTable", "ipAddressTable", "hrStorageTable"):
        node = node_of(name, MIB)
        assert node
        assert node.kind == "table"


def test_the_facts_hold_no_text_of_a_mib() -> None:
    for path in STANDARD.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert "DESCRIPTION" not in text
        assert not any(word in text for word in (" the ", " of ", "Copyright"))


def test_numbers_and_dotted_are_opposite() -> None:
    assert numbers(dotted((1, 3, 6, 4294967295))) == (1, 3, 6, 4294967295)
