# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MIBs of the user: compiled once, also by several forks at a time, and what is wrong with one is named.

The MIBs here are invented. They import from standard ones, whose texts are not at hand.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._mib import user_mibs
from ansible_collections.invmon.network.plugins.module_utils._mib.compiler import Compiled, compile_mibs
from ansible_collections.invmon.network.plugins.module_utils._mib.errors import MibError
from ansible_collections.invmon.network.plugins.module_utils._mib.indexes import index_of
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib, standard
from ansible_collections.invmon.network.plugins.module_utils._mib.names import oid_of
from ansible_collections.invmon.network.plugins.module_utils._mib.texts import text_of
from ansible_collections.invmon.network.plugins.module_utils._mib.user_mibs import user_mib
from ansible_collections.invmon.network.plugins.module_utils._mib.values import describe
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind, dotted

ACME = """
ACME-MIB DEFINITIONS ::= BEGIN
IMPORTS
    MODULE-IDENTITY, OBJECT-TYPE, NOTIFICATION-TYPE, enterprises FROM SNMPv2-SMI
    TEXTUAL-CONVENTION, MacAddress FROM SNMPv2-TC
    SnmpAdminString FROM SNMP-FRAMEWORK-MIB
    ifIndex, ifEntry FROM IF-MIB
    entPhysicalIndex FROM ENTITY-MIB;
acme MODULE-IDENTITY LAST-UPDATED "202601010000Z" ORGANIZATION "Acme" CONTACT-INFO "none" DESCRIPTION "A test."
    ::= { enterprises 99999 }
AcmeColour ::= TEXTUAL-CONVENTION STATUS current DESCRIPTION "" SYNTAX INTEGER { red(1), green(2) }
AcmeTemperature ::= TEXTUAL-CONVENTION DISPLAY-HINT "d-1" STATUS current DESCRIPTION "" SYNTAX INTEGER (-500..1500)
acmePortTable OBJECT-TYPE SYNTAX SEQUENCE OF AcmePortEntry MAX-ACCESS not-accessible STATUS current DESCRIPTION ""
    ::= { acme 2 }
acmePortEntry OBJECT-TYPE SYNTAX AcmePortEntry MAX-ACCESS not-accessible STATUS current DESCRIPTION ""
    AUGMENTS { ifEntry } ::= { acmePortTable 1 }
AcmePortEntry ::= SEQUENCE { acmePortColour AcmeColour, acmePortMac MacAddress, acmePortHeat AcmeTemperature }
acmePortColour OBJECT-TYPE SYNTAX AcmeColour MAX-ACCESS read-create STATUS current DESCRIPTION ""
    ::= { acmePortEntry 1 }
acmePortMac OBJECT-TYPE SYNTAX MacAddress MAX-ACCESS read-only STATUS current DESCRIPTION "" ::= { acmePortEntry 2 }
acmePortHeat OBJECT-TYPE SYNTAX AcmeTemperature MAX-ACCESS read-only STATUS current DESCRIPTION ""
    ::= { acmePortEntry 3 }
acmeSlotTable OBJECT-TYPE SYNTAX SEQUENCE OF AcmeSlotEntry MAX-ACCESS not-accessible STATUS current DESCRIPTION ""
    ::= { acme 3 }
acmeSlotEntry OBJECT-TYPE SYNTAX AcmeSlotEntry MAX-ACCESS not-accessible STATUS current DESCRIPTION ""
    INDEX { entPhysicalIndex, IMPLIED acmeSlotName } ::= { acmeSlotTable 1 }
AcmeSlotEntry ::= SEQUENCE { acmeSlotName SnmpAdminString, acmeSlotUsed INTEGER }
acmeSlotName OBJECT-TYPE SYNTAX SnmpAdminString MAX-ACCESS not-accessible STATUS current DESCRIPTION ""
    ::= { acmeSlotEntry 1 }
acmeSlotUsed OBJECT-TYPE SYNTAX INTEGER MAX-ACCESS read-only STATUS current DESCRIPTION "" ::= { acmeSlotEntry 2 }
acmeAlarm NOTIFICATION-TYPE OBJECTS { ifIndex, acmePortColour } STATUS current DESCRIPTION "" ::= { acme 0 1 }
END
"""
#: SMIv1, with a trap of RFC 1215.
OLD = """
OLD-MIB DEFINITIONS ::= BEGIN
IMPORTS enterprises, Counter FROM RFC1155-SMI
    DisplayString, ifIndex FROM RFC1213-MIB
    TRAP-TYPE FROM RFC-1215
    OBJECT-TYPE FROM RFC-1212;
old OBJECT IDENTIFIER ::= { enterprises 88888 }
oldName OBJECT-TYPE SYNTAX DisplayString (SIZE (0..31)) ACCESS read-only STATUS mandatory DESCRIPTION "" ::= { old 1 }
oldTrap TRAP-TYPE ENTERPRISE old VARIABLES { ifIndex } DESCRIPTION "" ::= 7
END
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INVMON_MIBS", str(tmp_path / "kept"))
    mibs = tmp_path / "mibs"
    mibs.mkdir()
    (mibs / "acme.my").write_text(ACME + OLD)
    (mibs / "README").write_text("no MIB at all")
    return mibs


@pytest.fixture
def _pysmi() -> None:
    pytest.importorskip("pysmi")


@pytest.mark.usefixtures("_pysmi")
def test_names_types_and_indexes_of_own_mibs_are_known(folder: Path) -> None:
    mib, problems = user_mib([folder])
    assert problems == []
    assert dotted(oid_of("ACME-MIB::acmeAlarm", mib)) == "1.3.6.1.4.1.99999.0.1"
    assert dotted(oid_of("oldTrap", mib)) == "1.3.6.1.4.1.88888.0.7"
    assert mib.find("acmeAlarm").objects == ("IF-MIB::ifIndex", "acmePortColour")
    assert [part.name for part in index_of(mib.find("acmePortEntry"), mib)] == ["ifIndex"]
    slots = index_of(mib.find("acmeSlotEntry"), mib)
    assert [(part.name, part.implied) for part in slots] == [("entPhysicalIndex", False), ("acmeSlotName", True)]
    described = {
        name: describe(VarBind(oid_of(name, mib), kind, value), mib)["text"]
        for name, kind, value in (
            ("acmePortColour.1", "int", 2),
            ("acmePortMac.1", "octets", bytes(6)),
            ("acmePortHeat.1", "int", -15),
            ("oldName.0", "octets", b"old"),
            ("sysName.0", "octets", b"as before"),
        )
    }
    assert described == {
        "acmePortColour.1": "green(2)",
        "acmePortMac.1": "00:00:00:00:00:00",
        "acmePortHeat.1": "-1.5",
        "oldName.0": "old",
        "sysName.0": "as before",
    }


@pytest.mark.usefixtures("_pysmi")
def test_a_mib_may_import_from_every_standard_one() -> None:
    mib = standard()
    texts = {name: text_of(name, mib) for name in mib.module_names()}
    result = compile_mibs(texts, texts)
    assert result.problems == []
    for name, facts in result.modules.items():
        module = mib.module(name)
        assert module
        for node in module.nodes():
            if node.name[0].islower():
                assert facts["objects"][node.name]["oid"] == dotted(node.oid)


@pytest.mark.usefixtures("_pysmi")
def test_they_are_compiled_once_and_again_when_they_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[set[str]] = []

    def counted(texts: Mapping[str, str], names: Iterable[str], known: Mib | None) -> Compiled:
        compiled.append(set(texts))
        return compile_mibs(texts, names, known)

    monkeypatch.setattr(user_mibs, "compile_mibs", counted)
    for _turn in range(2):
        user_mib([folder])
    assert compiled == [{"ACME-MIB", "OLD-MIB"}]
    (folder / "acme.my").write_text(ACME.replace("red(1)", "blue(1)"))
    mib, _problems = user_mib([folder])
    assert len(compiled) == 2
    colour = mib.find("acmePortColour").syntax
    assert colour
    assert colour.enum == {1: "blue", 2: "green"}


def _compiled_by_a_fork(folder: Path) -> tuple[int, str]:
    mib, _problems = user_mib([folder])
    return len(list(mib.module_names())), mib.find("acmeAlarm").full_name


@pytest.mark.usefixtures("_pysmi")
def test_forks_that_need_them_at_the_same_moment_all_get_the_whole(folder: Path, tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        found = pool.map(_compiled_by_a_fork, [folder] * 8)
    assert len(set(found)) == 1
    kept = [path for path in (tmp_path / "kept").iterdir() if path.is_dir()]
    assert len(kept) == 1
    assert not kept[0].name.startswith(".")


@pytest.mark.usefixtures("_pysmi")
def test_a_broken_mib_costs_only_itself_and_is_named(folder: Path) -> None:
    (folder / "broken.mib").write_text("BROKEN-MIB DEFINITIONS ::= BEGIN what END")
    (folder / "needs.mib").write_text(
        "NEEDS-MIB DEFINITIONS ::= BEGIN IMPORTS other FROM OTHER-MIB; mine OBJECT IDENTIFIER ::= { other 1 } END"
    )
    mib, problems = user_mib([folder])
    assert mib.find("acmeAlarm")
    assert any("The MIB BROKEN-MIB cannot be compiled" in problem for problem in problems)
    assert any("The MIB OTHER-MIB" in problem and "is in none of the folders" in problem for problem in problems)
    # As long as nothing changed, it is said each time.
    assert user_mib([folder])[1] == problems


def test_without_pysmi_the_message_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pysmi", "pysmi.codegen", "pysmi.codegen.jsondoc"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MibError, match=r"pysmi is not installed here .*install it with pip"):
        user_mib([folder])


def test_folders_that_cannot_serve_are_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MibError, match="nowhere of mib_dirs is not a folder"):
        user_mib([tmp_path / "nowhere"])
    with monkeypatch.context() as patch:
        patch.setattr(user_mibs, "MOST_OCTETS", 100)
        with pytest.raises(MibError, match=r"mib_dirs: .*acme.my is not read"):
            user_mib([folder])
    monkeypatch.setattr(user_mibs, "MOST_FILES", 1)
    with pytest.raises(MibError, match="have more than 1 files"):
        user_mib([folder])


@pytest.mark.usefixtures("_pysmi")
def test_facts_that_other_users_may_have_written_are_not_read(folder: Path, tmp_path: Path) -> None:
    user_mib([folder])
    (tmp_path / "kept").chmod(0o777)
    with pytest.raises(MibError, match="other users can write it"):
        user_mib([folder])
