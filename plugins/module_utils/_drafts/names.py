# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the name of an object in a MIB shows about its values: serial numbers, models, revisions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._devices.categories import category_in_words
from .._parts.item import CATEGORIES

#: powerSupply is power Supply.
_WORD_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])|[_-]")
#: "chassisSerialNumber", "cardSerNum", "moduleSerial", "serviceTag"; but not "serialPortSpeed", "onlineUserNum".
_SERIAL = re.compile(
    r"(?i:serial)(?:[_-]?(?i:number|numb?|no|nbr|nr|id|code|text|string)|N|Nm)?(?i:name)?(?:$|\d|[_-])"
    r"|(?i:serial)[_-]?(?i:number|numb?|no|nbr|nr|id|code)(?=[A-Z])"
    r"|(?:^s|[a-z\d_-]S|_s)er(?i:num|no|nbr)(?:[A-Z\d_-]|$)|(?:^ser|S[Ee][Rr])[_-]?(?:NUM|NO|NBR)|(?i:service_?tag)"
)
_SERIAL_END = re.compile(r"(?:[a-z\d](?:SN|Sn|SNum|SNo|SerNr|SerNb|SvcTag)|_sn|_SN)$")
#: Rows, indexes and what a user sets are named by these words.
_NO_LEAF = re.compile(
    r"(?:Index|Table|Entry|Count|Valid|Status|State|Length|Len|Type|Version|Rev|(?<!Number)(?<!Tag)Name|Model)$"
)
#: Serial numbers of what is not hardware, or not in this device; see serial_objects.py of the tests.
_OTHERS = re.compile(
    r"cert|zone|soa|license|licence|subscri|session|sim(?:card)?(?=serial)|client|station|neighbou?r|remote|peer|lldp|cdp",
    re.I,
)
#: What else an object may be, by a word of its name; the first that fits.
_ROLES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.I), role)
    for words, role in (
        (r"ifindex$|interfaceindex$", "if_index"),
        (r"(?:manufactur\w*|mfg|production|build)[_-]?date$|date[_-]?of[_-]?manufacture", "manufactured"),
        (r"(?:manufactur|vendor|mfr|mfg|maker)(?:er)?(?:[_-]?name)?$|vendorname", "manufacturer"),
        (
            r"part[_-]?(?:num|no|nr|code)|order(?:ing)?[_-]?(?:num|no|code|info)|catalog|vendorpn|[a-z]PN$|sku",
            "part_number",
        ),
        (r"model|product[_-]?(?:name|id|num|no|code|type)|typename|hwtype|[a-z]pid$", "model"),
        (r"(?:firm\w*|fw|boot\w*|fpga|cpld)[_-]?(?:rev|ver|version)", "firmware_rev"),
        (r"(?:soft\w*|sw|os|nos|image)[_-]?(?:rev|ver|version)", "software_rev"),
        (r"(?:hard\w*|hw|board|pcb|card|vendor)[_-]?(?:rev|ver|version)|revision$|[a-z]rev$|hwversion", "hardware_rev"),
        (r"asset", "asset_id"),
        (r"alias|userlabel", "alias"),
        (r"descr", "descr"),
        (r"(?:slot|position|bay)(?:num|no|number|index|id)?$", "position"),
        (r"name$|label$", "name"),
    )
)


#: Words of an enumeration for a row without a part, and names of a TruthValue that is false for one.
_ABSENT = re.compile(
    r"absent|empty|vacant|removed|unplugged|missing|(?:not|un|non)[_-]?(?:present|installed|inserted|equipped|populated|exist)",
    re.I,
)
_PRESENCE = re.compile(r"present$|presence$|installed$|equipped$|inserted$|exists?$|populated$", re.I)
_TRUTH = {1: "true", 2: "false"}


def absent_numbers(name: str, labels: Mapping[int, str]) -> list[int]:
    """The numbers of an enumeration that mean that there is no part in the row."""
    if dict(labels) == _TRUTH and _PRESENCE.search(name):
        return [2]
    return sorted(number for number, label in labels.items() if _ABSENT.search(label))


def categories_of(labels: Mapping[int, str]) -> dict[int, str]:
    """The numbers of an enumeration whose words name a category of parts."""
    by_word = {category.casefold(): category for category in CATEGORIES - {"other", "unknown"}}
    found = {}
    for number, label in sorted(labels.items()):
        plain = re.sub("[^a-z]", "", label.casefold())
        category = by_word.get(plain) or category_in_words([_WORD_BORDER.sub(" ", label)])
        if category:
            found[number] = category
    return found


def is_serial_name(name: str) -> bool:
    """Whether a leaf of this name is a serial number."""
    return is_leaf_name(name) and bool(_SERIAL.search(name) or _SERIAL_END.search(name))


def is_qualified(name: str, plain: str) -> bool:
    """Whether a name is another one with a word in it, as cardChassisSerialNumber is: then it is of something else."""
    if not plain or len(name) <= len(plain):
        return False
    return any(name.startswith(plain[:cut]) and name.endswith(plain[cut:]) for cut in range(1, len(plain)))


def is_leaf_name(name: str) -> bool:
    """False for the names of tables, entries, counts, states and the like."""
    return not _NO_LEAF.search(name)


def role_by_name(name: str) -> str | None:
    """What a column or scalar of this name is in a draft; "other" for the serial number of something else; None where
    the name shows nothing."""
    if is_serial_name(name):
        return "other" if _OTHERS.search(name) else "serial"
    return next((role for pattern, role in _ROLES if pattern.search(name)), None)
