# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects of MIBs are serial numbers of hardware, and of what, by their names and descriptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ansible_collections.invmon.network.plugins.module_utils._devices.categories import category_in_words
from ansible_collections.invmon.network.plugins.module_utils._drafts.mib_tree import MibObject, MibTree
from ansible_collections.invmon.network.plugins.module_utils._drafts.names import is_leaf_name, is_serial_name
from ansible_collections.invmon.network.plugins.module_utils._snmp.enterprises import ENTERPRISES, enterprise_of
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid

_DESCRIPTION = re.compile(r"\b(?:serial[ -]?(?:number|num|no|nr)\b|service tag\b)", re.I)
#: A serial number that is only mentioned comes later in a description.
_EARLY = 90
#: Something else whose description mentions the number.
_OTHER_NAME = re.compile(r"Addr|Mac\b|MAC|Port|Interface|Date|Time|Asset|Descr|Part|Label|Info$|User|Slot")
_NO_SYNTAX = frozenset(
    {
        *("", "SEQUENCE OF", "SEQUENCE", "BITS", "TimeTicks", "IpAddress", "NetworkAddress", "OBJECT IDENTIFIER"),
        *("Counter", "Counter32", "Counter64", "Gauge", "Gauge32"),
    }
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
#: Parts that are not in the device itself, and sensors, by words of the object or its entry; then as profiles do.
_KINDS = (
    ("transceiver", re.compile(r"transceiver|xcvr|gbic|[qx]?sfp|xfp|cfp\d?|optic|ddm|\bdom\b|pluggable", re.I)),
    ("remote", re.compile(r"\bon[tu]\b|\bcpe\b|neighbou?r|remote|\bcm\b|client|station|peer|subscriber|gpon", re.I)),
    ("battery", re.compile(r"batter|\bbat\b", re.I)),
    ("storageDrive", re.compile(r"disk|drive|\bhdd\b|\bssd\b", re.I)),
    ("memory", re.compile(r"memory|\bd?imm\b", re.I)),
    ("sensor", re.compile(r"sensor|probe", re.I)),
    ("module", re.compile(r"\b(?:card|board|blade|slot|module|linecard|fru)\b", re.I)),
    ("chassis", re.compile(r"chassis|\bunit\b|system|\bsys\b|device|product|equipment|\bbox\b|ident", re.I)),
)
#: What a row has next to its serial that makes it more than a number.
_BESIDE = re.compile(r"model|part|product|vendor|manufact|sku|catalog|order", re.I)


@dataclass(frozen=True)
class SerialObject:
    """One OID that is a serial number, with what its modules call it."""

    oid: Oid
    objects: tuple[MibObject, ...]
    kind: str
    described: bool  #: a part number, model or maker is next to it

    @property
    def enterprise(self) -> int:
        """Its number; 0 of a standard MIB."""
        return enterprise_of(self.oid) or 0

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found.name for found in self.objects))

    @property
    def description(self) -> str:
        return self.objects[0].definition.description


def serial_objects(tree: MibTree) -> Iterator[SerialObject]:
    """All of them, in the order of their OIDs."""
    beside: dict[Oid, bool] = {}
    for oid, found in sorted(tree.objects.items()):
        named = tuple(one for one in found if is_serial(one, tree))
        if named:
            above = oid[:-1]
            if above not in beside:
                beside[above] = any(_is_beside((*above, number), tree) for number in range(1, 64))
            yield SerialObject(oid, named, kind_of(named[0], tree), beside[above])


def is_serial(found: MibObject, tree: MibTree) -> bool:
    """A leaf whose name, or else the begin of its description, is that of a serial number."""
    definition = found.definition
    if definition.syntax in _NO_SYNTAX or definition.indexes or not is_leaf_name(definition.name):
        return False
    by_name = is_serial_name(definition.name)
    described = _DESCRIPTION.search(definition.description[:_EARLY]) and not _OTHER_NAME.search(definition.name)
    if not by_name and not described:
        return False
    syntax = tree.base_syntax(found)
    if syntax in _NO_SYNTAX or tree.labels(found):
        return False
    # A number that is only described as one counts something.
    return by_name or syntax == "OCTET STRING" or "String" in syntax


def kind_of(found: MibObject, tree: MibTree) -> str:
    """What it is the serial of, in a word of the categories of items; "remote", "sensor", "memory"; or "other"."""
    entry = tree.entry_of(found.oid)
    texts = [spaced(found.definition.name), found.definition.description[:_EARLY]]
    texts += [spaced(entry.definition.name)] if entry else []
    for text in texts:
        for kind, pattern in _KINDS:
            if pattern.search(text):
                return kind
        if category := category_in_words([text]):
            return category
    return "other"


def spaced(name: str) -> str:
    """A name as words: "chassisSerialNum" -> "chassis Serial Num"."""
    return " ".join(_WORD.findall(name))


def _is_beside(oid: Oid, tree: MibTree) -> bool:
    return any(_BESIDE.search(found.definition.name) for found in tree.objects.get(oid, []))


def enterprise_names(tree: MibTree, numbers: Iterable[int]) -> Mapping[int, str]:
    """What most modules call an enterprise."""
    names = {0: "standard MIBs"}
    for number in numbers:
        found = Counter(one.definition.name for one in tree.objects.get((*ENTERPRISES, number), []))
        if found:
            names[number] = found.most_common(1)[0][0]
    return names
