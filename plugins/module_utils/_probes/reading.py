# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a device was read, as one word: each device has exactly one, so that their counts add up.

What happened to its parts in NetBox is in outcome.py.
"""

from __future__ import annotations

from .._parts.device_report import DeviceReport

#: Every table that its platform needs was read completely, and there are parts in it.
COMPLETE = "complete"
#: It reported parts, and some table was not read completely.
INCOMPLETE = "incomplete"
#: It answered every request, and reported no part: no ENTITY-MIB, no profile, or no serial number at all.
NOTHING = "nothing known"
#: It did not answer.
UNREACHABLE = "unreachable"
#: It answered, and refused the credentials.
REFUSED = "refused"
#: It was not read for another reason: a wrong option, a broken reply, an address that two devices have, an error in
#: place of the first part.
NOT_READ = "not read"
#: This run did not ask it, and no earlier collection is kept that can be used.
NOT_ASKED = "not asked"
#: This run did not ask it, and what an earlier run collected is in NetBox already.
UPLOADED = "uploaded before"

#: In the order in which they are counted.
READINGS = (COMPLETE, INCOMPLETE, NOTHING, UNREACHABLE, REFUSED, NOT_READ, NOT_ASKED, UPLOADED)

#: The one word of an error (_snmp/errors.py, collected.py) -> the reading.
_REASONS = {
    "timeout": UNREACHABLE,
    "unreachable": UNREACHABLE,
    "authentication": REFUSED,
    "not collected": NOT_ASKED,
}


#: In the error of a table that broke off only because another one did (see _devices/collection.py).
BROKEN_WITH = "which was not read completely"


def reading_of(report: DeviceReport) -> str:
    """The reading of a device."""
    if was_uploaded(report):
        return UPLOADED
    if report.records or report.unusable:
        return COMPLETE if is_complete(report) else INCOMPLETE
    if report.error:
        return _REASONS.get(report.reason or "", NOT_READ)
    if not is_complete(report):
        return NOT_READ if report.tables else NOT_ASKED
    # Parts that the user excludes are parts all the same.
    return COMPLETE if report.rows else NOTHING


def was_uploaded(report: DeviceReport) -> bool:
    """True if an earlier upload wrote all that was collected of it."""
    return bool(report.uploaded) and not report.error


def is_complete(report: DeviceReport) -> bool:
    """True if the device answered and every table that its platform needs was read completely."""
    return report.complete and not report.error


def broken_tables(report: DeviceReport) -> dict[str, str]:
    """The tables that were not read completely, the optional ones (interface names) included, in the order in which
    they were read: name -> why, "" if that is not known."""
    return {name: table.error or "" for name, table in (report.tables or {}).items() if not table.complete}
