# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports for tests: of networks of any size, of nights that went well, badly, or not at all."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._history.from_rows import Span
from ansible_collections.invmon.network.plugins.module_utils._history.nights import Night
from ansible_collections.invmon.network.plugins.module_utils._history.parts import NOT_SEEN, SEEN, PartState
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report

NOW = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)
NETBOX = "https://netbox.example.com"
#: What a device may send that must neither run nor load anything, nor leave its place.
HOSTILE = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    '"><svg onload=window.ran=1>',
    "</script><script>window.ran=1</script>",
    "javascript:window.ran=1",
    "{{ 7*7 }}{% raw %}",
    "\u202egnp.exe",
    "\x1b[31mred\x00",
    "<!--", "]]>", "&lt;b&gt;", "\u2028\u2029", "=HYPERLINK(\"http://x\")",
)  # fmt: skip

_KINDS = (
    ("chassis", "Chassis", "C9300-48P", "Cisco"),
    ("module", "Slot {n}", "C9300-NM-8X", "Cisco"),
    ("powerSupply", "Power Supply {n}", "PWR-C1-715WAC", "Cisco"),
    ("transceiver", "TenGigabitEthernet1/1/{n}", "SFP-10G-LR", "CISCO-FINISAR"),
    ("transceiver", "et-0/0/{n}", "QSFP-100G-LR4", "Juniper Networks"),
    ("fan", "Fan Tray {n}", "FAN-T2", "Juniper Networks"),
)


def moment(days: float) -> str:
    """So many days before now, ISO 8601."""
    return (NOW - timedelta(days=days)).isoformat().replace("+00:00", "Z")


def inventory(devices: int, parts_each: int = 12, seed: int = 1) -> list[PartState]:
    """A network of so many devices."""
    chance = random.Random(seed)
    found = []
    for number in range(devices):
        for place in range(parts_each):
            category, slot, part, maker = _KINDS[0] if place == 0 else chance.choice(_KINDS[1:])
            missing = chance.random() < 0.002
            found.append(
                PartState(
                    serial=f"{maker[:3].upper()}{chance.randrange(16**8):08X}",
                    device_id=number + 1,
                    device=f"sw-{number:04}.example.net",
                    site=("Praha", "Brno", "Ostrava", "Plzeň")[number % 4],
                    slot=slot.format(n=place),
                    part=f"{part}-{chance.randrange(20)}",
                    name=slot.format(n=place),
                    category=category,
                    manufacturer=maker,
                    first_seen=moment(chance.randrange(30, 900)),
                    last_seen=moment(chance.choice([0.2] * 20 + [3, 12, 50])),
                    state=NOT_SEEN if missing else SEEN,
                    missing_since=moment(1) if missing else None,
                )
            )
    return found


def record(days: float = 0.2, **other: Any) -> dict[str, Any]:
    """The record of a run; a calm one where nothing else is said."""
    began = NOW - timedelta(days=days)
    return {
        "schema": 1,
        "collection": "0.2.0",
        "check_mode": False,
        "state": "ok",
        "error": None,
        "started": began.isoformat(),
        "ended": (began + timedelta(minutes=6)).isoformat(),
        "seconds": {"collect": 200.0, "upload": 160.0, "total": 360.0},
        "devices": {"asked": 300, "written": 300, "held": 0},
        "readings": {"complete": 300},
        "not_whole": {},
        "parts": {"seen": 4090, "created": 0},
        "changes": [],
        "standing": [],
        "changes_left_out": 0,
        "standing_left_out": 0,
        "slowest": {"sw-slow": 31.5, "sw-b": 2.25},
        "netbox": {"requests": 31},
        "awx": {},
        **other,
    }


def change(fate: str, serial: str = "SN1", **other: Any) -> dict[str, Any]:
    """A record of `changes`."""
    return {
        "fate": fate, "time": moment(0.2), "site": "Brno", "device": "sw-stack-brno", "device_id": 1,
        "slot": "TenGigabitEthernet1/1/1", "serial": serial, "part": "SFP-10G-LR", "category": "transceiver", **other,
    }  # fmt: skip


def item(kind: str, **other: Any) -> dict[str, Any]:
    """A record of `standing`."""
    return {"kind": kind, "site": "Brno", "device": "sw-stack-brno", "text": "v3: no answer", **other}


def busy_night() -> dict[str, Any]:
    """A night with something of each kind."""
    changes = [
        change("replaced", "AVD9311L0X9", before={"serial": "AVD9301L0X1", "part": "SFP-10G-LR"},
               after={"serial": "AVD9311L0X9", "part": "SFP-10G-LR"}),
        change("not_seen", "NK9380M0A03", device="rtr-7750", device_id=2, site="Ostrava", slot="Slot 2 / MDA 2/1",
               part="3HE17771AARB01", category="module", before={"time": moment(1.2)}),
        change("not_seen", "N938S0F03", device="rtr-7750", device_id=2, site="Ostrava", slot="2/1/1",
               before={"time": moment(1.2)}, evidence={"within": "NK9380M0A03"}),
        change("moved", "MOVED1", device="sw-b", device_id=3, before={"device": "sw-a", "slot": "Te1/1/2"},
               after={"device": "sw-b", "slot": "Te1/1/1"}),
        change("new", "NEW1", slot="Te1/1/4"),
    ]  # fmt: skip
    standing = [
        item("held", device="core-1", text="5 of 9 parts are not as they were", answer="-e upload_release=core-1"),
        item("refused", device="fw-1", text="v3: the agent refuses the user"),
        item("unreachable", device="sw-dead", text="v3: no answer", since=moment(3)),
        item("incomplete", device="sw-mid", text="not read to the end: entPhysicalTable"),
        item("gone", serial="GONE1", part="SFP-10G-SR", slot="Te1/1/8", since=moment(2), evidence={"n": 3}),
        item("no_identity", devices=["a", "b", "c"], device_count=3, serial="BUILTIN", device=None, text=None),
        item("coverage", devices=["mx-1"], device_count=1, device=None, text="optics: this Junos has no ENTITY-MIB"),
        item("rejected", devices=["mx-1"], device_count=1, device=None, text="placeholder", count=87),
    ]
    return record(
        state="attention",
        changes=changes,
        standing=standing,
        devices={"asked": 300, "written": 296, "held": 1},
        readings={"complete": 297, "incomplete": 1, "refused": 1, "unreachable": 1},
        not_whole={"timeout": {"count": 1}},
    )


def _calmer_night(days: int) -> dict[str, Any]:
    """A night some days ago, each with other numbers."""
    unreachable, changed = (0, 1, 0, 2, 1)[days % 5], (0, 2, 0, 1, 7, 0, 3)[days % 7]
    return record(
        days,
        parts={"seen": 4000 + 3 * (30 - days)},
        readings={"complete": 300 - unreachable, "unreachable": unreachable},
        changes=[change("new", f"SN{number}") for number in range(changed)],
    )


def busy(devices: int = 40) -> Report:
    """A report with every section."""
    nights = [Night(_calmer_night(days)) for days in range(30, 0, -1) if days not in (9, 17)]
    spans = [Span("GONE1", "sw-old", 7, "Te1/1/8", NOW - timedelta(days=400), NOW - timedelta(days=2), gone=NOW)]
    return Report([*nights, Night(busy_night())], inventory(devices), {"GONE1": spans}, NETBOX, now=NOW)


def hostile() -> Report:
    """Hostile text in every field."""
    parts, changes, standing = [], [], []
    for number, text in enumerate(HOSTILE):
        fields = dict.fromkeys(("serial", "device", "site", "slot", "part", "name", "category", "manufacturer"), text)
        parts.append(PartState(device_id=number + 1, last_seen=moment(0.2), first_seen=moment(9), **fields))
        changes.append(change("replaced", text, site=text, device=text, slot=text, part=text, before={"serial": text}))
        changes.append(change(text, text, site=text, device=text))
        standing += [item(kind, text=text, device=text, site=text, answer=text) for kind in ("held", "refused", "note")]
        standing.append(item("coverage", text=text, devices=[text], device_count=1, device=None))
    run = record(changes=changes, standing=standing, error=HOSTILE[0], collection=HOSTILE[1])
    return Report([Night(run)], parts, netbox="javascript:window.ran=1", notes=HOSTILE, title=HOSTILE[0], now=NOW)
