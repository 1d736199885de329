# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a device was read, as one word: each device has exactly one, so that their counts add up.

What became of its parts in NetBox is another question, see outcome.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Every table that its platform needs was read to its end, and there are parts in it.
WHOLE = "whole"
#: It reported parts, and some table was not read to its end.
PART = "in part"
#: It answered whatever it was asked, and reported no part: no ENTITY-MIB, no profile, or no serial number at all.
NOTHING = "nothing known"
#: Nobody answered.
NOT_REACHED = "not reached"
#: It answered, and refuses the credentials.
REFUSED = "refused"
#: It was not read for another reason: a wrong option, a broken reply, an address that two devices have, an error in
#: place of the first part.
NOT_READ = "not read"
#: This run did not ask it, and no earlier collection is kept that can be used.
NOT_ASKED = "not asked"
#: This run did not ask it, and what an earlier run collected is in NetBox already.
UPLOADED = "uploaded before"

#: In the order in which they are counted.
READINGS = (WHOLE, PART, NOTHING, NOT_REACHED, REFUSED, NOT_READ, NOT_ASKED, UPLOADED)

#: The one word of an error (_snmp/errors.py, collected.py) -> the reading.
_REASONS = {
    "timeout": NOT_REACHED,
    "unreachable": NOT_REACHED,
    "authentication": REFUSED,
    "not collected": NOT_ASKED,
}


#: In the error of a table that broke off only because another one did (see _devices/collection.py).
BROKEN_WITH = "which was not read to its end"


def reading_of(device: Mapping[str, Any]) -> str:
    """The reading of a device dict as the netbox_probe module documents it."""
    if device.get("uploaded") and not device.get("error"):
        return UPLOADED
    if device.get("records"):
        return WHOLE if is_complete(device) else PART
    if device.get("error"):
        return _REASONS.get(str(device.get("reason")), NOT_READ)
    if not is_complete(device):
        return NOT_READ if device.get("tables") else NOT_ASKED
    # Parts that the user excludes are parts all the same.
    return WHOLE if device.get("rows") else NOTHING


def is_complete(device: Mapping[str, Any]) -> bool:
    """True if the device answered and every table that its platform needs was read to its end."""
    return device.get("complete") is True and not device.get("error")


def broken_tables(device: Mapping[str, Any]) -> dict[str, str]:
    """The tables that broke off, the optional ones (interface names) included, in the order in which they were asked
    for: name -> why, "" if nobody knows."""
    tables = device.get("tables") or {}
    broken = {name: table.get("error") for name, table in tables.items() if not table.get("complete", True)}
    return {name: str(error or "") for name, error in broken.items()}
