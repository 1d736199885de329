# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Category of a row without a useful entPhysicalClass: decided by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._parts.item import PHYSICAL_CLASSES
from .transceivers import without_place

#: Words of descriptions and names. The order matters: a "power supply fan" is a fan, a "chassis fan tray" as well.
_WORDS = tuple(
    (re.compile(words, re.I), category)
    for words, category in (
        (r"\bfans?\b|fan ?tray|blower|cooling", "fan"),
        (r"power ?suppl|\bPSU?\d*\b|\bPEM\b|\bPSM\b|\bPDM\b|power (entry )?module|power card|rectifier", "powerSupply"),
        (r"sensor", "sensor"),
        (r"back ?plane|mid ?plane", "backplane"),
        (r"\bchassis\b", "chassis"),
        (r"batter(y|ies)\b", "battery"),
        (r"\b(hard|solid.state) ?(disk|drive)|\bSSD\b|\bHDD\b|compact ?flash", "storageDrive"),
        (r"\bstack\b", "stack"),
        (
            r"routing engine|control board|line ?card|supervisor|\bmodule\b|\bcard\b|\bboard\b|processor"
            r"|\b(FPC|PIC|MIC|CB|SFB|SIB|RE|MDA|IOM|CPM|SFM|MPC|SCB|FEB|CIP|FPM)\b",
            "module",
        ),
    )
)


def category_of(physical_class: int | None, texts: Iterable[str | None]) -> str:
    """The word for an entPhysicalClass; where that is missing, 0 or unknown(2), by the texts.

    Numbers that IANA-ENTITY-MIB does not have are decided by the texts too, and are "other" if these name none.
    """
    known = PHYSICAL_CLASSES.get(physical_class or 0)
    if known and known != "unknown":
        return known
    return category_in_words(texts) or ("other" if physical_class and not known else "unknown")


def category_in_words(texts: Iterable[str | None]) -> str | None:
    """The category that the first text with one names, None if none does.

    The place of a part decides what it is only where nothing else does: "Chassis 1 Slot 1 Fan", "Chassis 1".
    """
    said = [text for text in texts if text]
    return _in_words(map(without_place, said)) or _in_words(text.partition(" @ ")[0] for text in said)


def _in_words(texts: Iterable[str]) -> str | None:
    for text in texts:
        for pattern, category in _WORDS:
            if pattern.search(text):
                return category
    return None
