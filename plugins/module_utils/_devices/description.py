# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chassis from sysDescr, where a device has nothing better: some have their serial only there."""

from __future__ import annotations

import re

from .._parts.item import Item
from .._parts.labels import device_text, labelled_serial
from .._parts.serials import is_placeholder
from .._snmp.agent import Agent, TableStatus
from .collection import Collection
from .entity_table import ENTITY

SOURCE = "sysDescr"

#: "Model: GS-24", "Product Name = GS-24", "P/N 800-1234"
_LABELLED_MODEL = re.compile(
    r"\b(?:model|product|part|type|p/?n)(?: ?(?:name|no|number|id))?\.? ?[:=#] ?([\w./+-]{3,})", re.I
)
#: These words are followed by versions and other things.
_BEHIND = re.compile(
    r"\b(?:hw|hardware|sw|software|fw|firmware|ver|version|rev|revision|release|kernel|rom|boot|serial|s/?n|mac)\b",
    re.I,
)
#: A model: letters and a digit, in one word.
_MODEL = re.compile(r"(?=[A-Za-z/+.-]*\d)[A-Za-z][\w/+.-]{3,}")
#: Words with a digit that are not models.
_NO_MODEL = re.compile(r"v?\d+(\.\d+)+.*|ipv[46]|i[3-6]86|x86.*|802\.\w+|.*base-?\w{1,4}|l[234]\w?", re.I)


def read_description(agent: Agent, collection: Collection) -> None:
    """Add the chassis whose serial is in sysDescr, after a label, where no chassis is known."""
    if agent.fell_silent() or (ENTITY.name in agent.tables and agent.broke_off(ENTITY)):
        return  # the next collection may have something better
    if any(item.category == "chassis" for item in collection.items):
        return
    description = device_text(collection.system.description)
    serial = labelled_serial(description)
    if serial is None or any(item.serial == serial for item in collection.items):
        return
    found = collection.serial(serial, "0", "Chassis", SOURCE)
    if not found:
        return
    model = model_of(description, collection.system.name)
    collection.items.append(
        Item(found, "0", SOURCE, model, "Chassis", description, "chassis", category_rule=SOURCE, path="Chassis")
    )
    collection.scalars.add(SOURCE)
    collection.tables.setdefault(SOURCE, TableStatus(rows=1))


def model_of(description: str, name: str = "") -> str | None:
    """The model that a description names: labelled, or the first word that looks like one, and is not its sysName."""
    if " " not in description:
        return description
    labelled = _LABELLED_MODEL.search(description)
    if labelled and not is_placeholder(labelled[1]):
        return labelled[1]
    before = _BEHIND.split(description, maxsplit=1)[0]
    words = (word.strip(".,;:()") for word in re.split(r"[\s,;()]+", before))
    return next((w for w in words if _MODEL.fullmatch(w) and not _NO_MODEL.fullmatch(w) and w != name), None)
