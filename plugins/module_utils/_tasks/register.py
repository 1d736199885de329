# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of netbox_register: read NetBox, compare, plan, and (unless in check mode) apply."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._common.errors import OptionsError
from .._discovery.apply import apply_plan
from .._discovery.apply_data import Applied
from .._discovery.background import Background, read_background
from .._discovery.delta import follow
from .._discovery.given import scan_of
from .._discovery.history import read_scans
from .._discovery.lives import GONE
from .._discovery.outcome import diff_of, failure, plan_json, summary
from .._discovery.plan import make_plan
from .._discovery.plan_data import Plan
from .._discovery.read import read_snapshot
from .._discovery.verdicts import as_json, compare, verdict_counts
from .._discovery.wishes import NOTHING, Gone, Wishes
from .._netbox.client import NetBox
from .._netbox.options import open_netbox
from .._outgoing.once import warn_once
from .._scan.host import Scan
from .gone_options import patience_of
from .register_options import wishes_of


def register(params: Mapping[str, Any], check_mode: bool = False, diff: bool = False) -> dict[str, Any]:
    """The result of netbox_register for its validated params. Raises NetBoxError or OptionsError where nothing was
    written; objects that could not be written are listed in `not_written`."""
    wishes = wishes_of(params)
    scan = scan_of(params["scan"])
    gone = _gone(params, wishes, scan)
    with open_netbox(params, connections=1) as netbox:
        snapshot = read_snapshot(netbox, _networks(scan))
        compared = compare(scan, snapshot)
        writes = wishes.register != NOTHING
        background = read_background(netbox, snapshot, wishes) if writes else Background()
        plan = make_plan(compared, background, wishes, scan.started, gone)
        applied = None if check_mode else _applied(netbox, plan, wishes, background, params)
        result: dict[str, Any] = {
            "changed": bool(applied.done) if applied is not None else not (plan.is_empty or plan.held),
            "verdicts": as_json(compared.verdicts),
            "counts": verdict_counts(compared.verdicts),
            "plan": plan_json(plan),
            "written": [vars(one) for one in applied.done] if applied else [],
            "not_written": [vars(one) for one in applied.failed] if applied else [],
            "summary": summary(plan, applied, wishes),
            "requests": netbox.requests,
        }
    if why := failure(plan, applied):
        result |= {"failed": True, "msg": why, "reason": "held" if plan.held else "not_written"}
    return result | ({"diff": diff_of(plan)} if diff else {})


def _applied(netbox: NetBox, plan: Plan, wishes: Wishes, background: Background, params: Mapping[str, Any]) -> Applied:
    return apply_plan(netbox, plan, wishes.tag, background, params["chunk_size"])


def _networks(scan: Scan) -> list[str]:
    """The networks of the scan, and the addresses of hosts outside of them."""
    return [
        *(one.network for one in scan.networks),
        *(ip for host in scan.hosts for ip in host.addresses or (host.ip,)),
    ]


def _gone(params: Mapping[str, Any], wishes: Wishes, scan: Scan) -> list[Gone]:
    """The hosts that are gone by the scans on record and this one. Raises OptionsError."""
    if not wishes.gone_status or wishes.register == NOTHING:
        return []
    if not params.get("history"):
        raise OptionsError(
            "gone_status needs the scans on record", "set history (report_history) to the folder in which they are"
        )
    earlier = read_scans(Path(params["history"]))
    for sentence in earlier.damaged:
        warn_once(sentence)
    scans = [one for one in earlier.scans if (one.started, one.id) != (scan.started, scan.id)]
    return [
        Gone(ip=ip, network=one.host.network, since=one.since, runs=one.silent_runs)
        for one in follow([*scans, scan], patience_of(params)).hosts
        if one.state == GONE
        for ip in one.host.addresses or (one.host.ip,)
    ]
