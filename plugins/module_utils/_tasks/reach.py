# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each device of an inventory was reached: by which credentials, as which platform, and what it reports.

A device is read as the inventory reads it: what it cannot report, and whether its tables end, is not known otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from .._common.typed_json import Rules, to_json, written
from .._parts.device_report import DeviceReport
from .._parts.inventory import Attempt
from .._parts.merge import merge_items
from .._probes.outcome.standing import nothing_known
from .._probes.plan.as_read import read_device
from .._probes.reading import COMPLETE, NOTHING, READINGS

#: Version of the JSON.
SCHEMA = 1

ARGUMENT_SPEC: dict[str, Any] = {"file": {"type": "path"}}


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How one device was reached, and what can be read of it. Only what is known is written."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True)

    host: str  #: in the inventory
    reading: str = field(metadata=written(omit_default=False))  #: one of READINGS
    attempt: Attempt | None = None  #: the credentials that it answered to; None also of a recording
    platform: str = ""  #: the name of its profile
    system_name: str = ""  #: sysName
    object_id: str = ""  #: sysObjectID
    seconds: float | None = None
    requests: int | None = None
    parts: int = 0  #: records, one for each serial number
    cannot: tuple[str, ...] = ()  #: what it does not report over SNMP, sentences
    text: str = ""  #: what is wrong, a sentence
    answer: str = ""  #: what to do, where the sentence does not end with it

    @property
    def failed(self) -> bool:
        """Whether the inventory would count the device as failed. One whose parts are not known has answered."""
        return self.reading not in (COMPLETE, NOTHING)


def reached(report: DeviceReport) -> Reached:
    """How the device was reached, from what was collected of it in this run."""
    records = tuple(merge_items(report.items))
    device = read_device(replace(report, items=(), records=records, rows=len(report.items)))
    unknown = nothing_known(device) if device.reading == NOTHING else {}
    system, statistics = report.system, report.statistics
    return Reached(
        host=report.name,
        reading=device.reading,
        attempt=report.attempt,
        platform=report.platform or "",
        system_name=(system and system.name) or "",
        object_id=(system and system.object_id) or "",
        seconds=statistics.seconds if statistics else None,
        requests=statistics.requests if statistics else None,
        parts=len(records),
        cannot=() if unknown else device.coverage,
        text=unknown.get("text") or device.incomplete or device.error or "",
        answer=unknown.get("answer", ""),
    )


def reach(reports: Iterable[DeviceReport], seconds: float | None) -> tuple[dict[str, Any], dict[str, str]]:
    """The result of a run as data, and the devices that failed, each with its reading.

    :param seconds: how long the devices were asked; None if that is not known.
    """
    found = [reached(report) for report in reports]
    readings = Counter(one.reading for one in found)
    data = {
        "schema": SCHEMA,
        "seconds": seconds,
        "readings": {word.replace(" ", "_"): readings[word] for word in READINGS},
        "hosts": [to_json(one) for one in found],
    }
    return data, {one.host: one.reading for one in found if one.failed}
