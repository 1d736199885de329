# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings of several sources about one address, added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime

from .finding import ANSWERED, FAILED, LINKS, LISTED, NOT_ASKED, REFUSED, Evidence, Finding, Port

#: Evidence that something is, or was, at an address.
SIGNS = (ANSWERED, REFUSED, LISTED)


def now() -> str:
    """The time of an evidence: ISO 8601, UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def has_sign(finding: Finding) -> bool:
    return any(one.result in SIGNS for one in finding.evidence)


def added(earlier: Finding | None, later: Finding) -> Finding:
    """Both findings about an address as one. What is known already stays; of two about the same, the later counts."""
    if earlier is None:
        return later
    filled = {
        one.name: getattr(later, one.name)
        for one in fields(Finding)
        if one.name not in ("ip", "evidence", "ports", "names") and getattr(earlier, one.name) in (None, "")
    }
    return replace(
        earlier,
        **filled,
        evidence=_evidence((*earlier.evidence, *later.evidence)),
        ports=_ports((*earlier.ports, *later.ports)),
        names=tuple(dict.fromkeys((*earlier.names, *later.names))),
    )


def without_silence(finding: Finding) -> Finding:
    """The finding without evidence of silence: of an address whose time was cut short, silence means nothing."""
    return replace(finding, evidence=tuple(one for one in finding.evidence if one.result in SIGNS))


def asked_by(finding: Finding) -> set[str]:
    """The sources that really asked the address."""
    return {one.source for one in finding.evidence if one.result not in (NOT_ASKED, FAILED)}


def all_failed(finding: Finding) -> bool:
    """Whether every source that was to ask the address could not be used: then nothing is known of it, not even
    silence."""
    return bool(finding.evidence) and all(one.result == FAILED for one in finding.evidence)


def _evidence(all_of_it: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Without repetitions, as when a table is read again: of the same source about the same, the later one counts."""
    return tuple({_about(one): one for one in all_of_it}.values())


def _about(one: Evidence) -> tuple[str, ...]:
    # A neighbour that is connected by two ports is listed twice by the same switch.
    detail = one.detail if one.source == LINKS else ""
    return one.source, one.result, one.by, one.address, one.mac, detail


def _ports(all_of_them: Iterable[Port]) -> tuple[Port, ...]:
    """Each number once: the later state, with what was learnt of it."""
    found: dict[int, Port] = {}
    for port in all_of_them:
        before = found.get(port.number)
        learnt = {one.name: getattr(port, one.name) for one in fields(Port) if getattr(port, one.name)}
        found[port.number] = replace(before, **learnt) if before else port
    return tuple(found[number] for number in sorted(found))
