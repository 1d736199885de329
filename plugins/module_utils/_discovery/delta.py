# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changed from scan to scan: pure, without a clock, and the same in whatever order a scan has its hosts.

Nothing is concluded from silence alone. A host is silent in a scan if every source that ever saw it was asked to the
end for its address and said nothing; it is gone after several such scans over several days. A source that failed or was
cut off was not asked, and a scan in which one was not asked does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar

from .._common.typed_json import Rules, written
from .._history.record import moment
from .._scan.finding import CONTRADICTING, NOT_ASKED, SEEN, SILENT, TCP
from .._scan.host import Host, Scan
from .asked import Asked, number
from .lives import GONE, Life, Place, Sight, compared_fields, sightings, sights_of, was_seen
from .same_host import Match, matches

#: What happened to a host.
NEW, RETURNED, CHANGED, MOVED = "new", "returned", "changed", "moved"
FATES = (NEW, RETURNED, CONTRADICTING, GONE, SILENT, MOVED, CHANGED)
#: States over several scans.
STATES = (SEEN, CONTRADICTING, SILENT, GONE, NOT_ASKED)

#: A run of every night does not begin at the same second.
_JITTER = timedelta(hours=1)


@dataclass(frozen=True)
class Patience:
    """When a silent host is gone."""

    runs: int = 3  #: after so many scans that prove it silent, at least 2
    days: float = 2  #: and so many days from the first to the last of them

    def __post_init__(self) -> None:
        if self.runs < 2 or self.days < 0:
            raise ValueError("a host is gone after two scans at least")

    def is_over(self, silences: Sequence[str]) -> bool:
        if len(silences) < self.runs:
            return False
        return moment(silences[-1]) - moment(silences[0]) >= timedelta(days=self.days) - _JITTER


@dataclass(frozen=True, kw_only=True)
class HostChange:
    """What became of one host in one scan."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    fate: str = field(metadata=written(omit_default=False))  #: one of FATES
    time: str  #: when the scan began
    ip: str
    hostname: str = ""
    network: str = ""
    mac: str = ""
    since: str = ""  #: of silent, gone, returned: the first scan that proved it silent
    last_seen: str = ""  #: the last scan that saw it before
    before: dict[str, Any] = field(default_factory=dict)  #: the fields that differ
    after: dict[str, Any] = field(default_factory=dict)
    #: Of silent and gone: `runs`, `sources` (which saw it before, and said nothing now), `scans` (when each began).
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KnownHost:
    """A host by all scans that were compared."""

    host: Host  #: as in the last scan; if that does not have it, as it was seen last
    state: str  #: one of STATES
    first_seen: str = ""  #: when the scan began; empty: it never was
    last_seen: str = ""
    since: str = ""  #: since when it is silent, contradicting or gone
    silent_runs: int = 0  #: scans since then that prove it silent


@dataclass
class Followed:
    """The result of follow()."""

    hosts: list[KnownHost] = field(default_factory=list)  #: ordered by address
    changes: list[HostChange] = field(default_factory=list)  #: of the last scan, ordered by fate and address


def follow(scans: Iterable[Scan], patience: Patience | None = None) -> Followed:
    """The hosts of these scans, and what changed from the others to the last one."""
    ordered = sorted(scans, key=lambda one: (moment(one.started), one.id))
    found = _Following(patience or Patience())
    for scan in ordered:
        found.add(scan)
    return found.result() if ordered else Followed()


class _Following:
    """What is known of the hosts after each scan."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._lives: list[Life] = []
        self._asked: list[Asked] = []  #: of the scans before
        self._changes: list[HostChange] = []
        self._of_host: dict[int, Life] = {}  #: id() of a host of the last scan -> its life

    def add(self, scan: Scan) -> None:
        """The next scan."""
        asked = Asked(scan)
        seen = sights_of(filter(was_seen, scan.hosts), asked)
        sights = [one for one in seen if one.is_recognisable]
        found = matches(self._lives, sights)
        self._changes, self._of_host = [], {}
        met = [(self._meet(one, [sights[number] for number in one.sights], asked), one) for one in found]
        known = {number for one in found for number in one.lives}
        missed = [life for number, life in enumerate(self._lives) if number not in known]
        self._miss(missed, asked, {one.host.network for one in seen if not one.is_recognisable})
        absorbed = {number for one in found for number in one.lives[1:]}
        self._lives = [life for number, life in enumerate(self._lives) if number not in absorbed]
        self._lives += [life for life, one in met if not one.lives]
        self._settle_places([(life, [sights[number] for number in one.sights]) for life, one in met])
        self._asked.append(asked)

    def result(self) -> Followed:
        """By all scans that were added."""
        asked = self._asked[-1]
        owners = {place: life for life in self._lives if not life.dhcp for place in life.places}
        hosts, shown = [], set[int]()
        for host in asked.scan.hosts:
            life = self._of_host.get(id(host))
            if life is None and not was_seen(host):
                (sight,) = sights_of([host], asked)
                life = next((owners[place] for place in sight.places if place in owners), None)
            shown.add(id(life))
            hosts.append(_known(host, life))
        hosts += [_known(None, life) for life in self._lives if id(life) not in shown]
        return Followed(
            sorted(hosts, key=lambda one: (*number(one.host.ip), one.host.network, one.last_seen)),
            sorted(self._changes, key=lambda one: (FATES.index(one.fate), *number(one.ip), one.network)),
        )

    def _meet(self, match: Match, sights: Sequence[Sight], asked: Asked) -> Life:
        """The life of a host that was seen, with what this scan adds to it."""
        shown, now = min(sights, key=lambda one: one.order), asked.scan.started
        if match.lives:
            life, *others = (self._lives[number] for number in match.lives)
            for other in others:
                life.absorb(other)
            self._compare(life, shown, sights, asked)
        else:
            life = Life(shown, now, now)
            if self._was_asked(shown):
                self._say(NEW, life, now, shown)
        contradicting = next((one for one in sights if one.host.state == CONTRADICTING), None)
        if contradicting is None:
            life.state, life.since = SEEN, ""
        elif life.state != CONTRADICTING:
            life.state, life.since = CONTRADICTING, now
            self._say(CONTRADICTING, life, now, contradicting)
        life.sight, life.last_seen, life.silences = shown, now, []
        for one in sorted(sights, key=lambda one: one.order, reverse=True):
            life.learn(one)  # what the one with the lowest order shows, counts
        life.learn_ports(*_ports(life, sights, asked))
        self._of_host |= {id(one.host): life for one in sights}
        return life

    def _compare(self, life: Life, shown: Sight, sights: Sequence[Sight], asked: Asked) -> None:
        """What is another about a host since it was seen last."""
        now = asked.scan.started
        if life.state in (SILENT, GONE):
            self._say(RETURNED, life, now, shown, since=life.since, evidence={"was": life.state})
        places = {place for one in sights for place in one.places}
        if not life.dhcp and not shown.dhcp and not life.places & places:
            before, after = ({"addresses": _addresses(some)} for some in (life.places, places))
            self._say(MOVED, life, now, shown, before=before, after=after)
        before, after = differences(life, sights, *_ports(life, sights, asked))
        if after:
            self._say(CHANGED, life, now, shown, before=before, after=after)

    def _was_asked(self, sight: Sight) -> bool:
        """Whether an earlier scan would have found it: where none had asked before, nothing is new."""
        network = sight.host.network
        if sight.dhcp or not network:
            return any(not network or network in one.networks for one in self._asked)
        return any(one.covers_with_any(scope, address) for one in self._asked for scope, address in sight.places)

    def _miss(self, lives: Iterable[Life], asked: Asked, unrecognised: set[str]) -> None:
        """Hosts that this scan did not see. unrecognised: DHCP networks in which any of them may be one that it saw."""
        unheard = sights_of((host for host in asked.scan.hosts if not was_seen(host)), asked)
        listed = {(one.scope, address) for one in unheard for _source, address in sightings(one.host)}
        for life in lives:
            hidden = life.dhcp and life.sight.host.network in unrecognised
            if not hidden and not life.places & listed and life.is_silent_in(asked):
                life.silences.append(asked.scan.started)
                self._count(life, asked.scan.started)
            elif life.state not in (SILENT, GONE) and life.is_target_of(asked):
                life.state, life.since = NOT_ASKED, ""

    def _count(self, life: Life, now: str) -> None:
        """One more scan has proved it silent."""
        evidence = {"runs": len(life.silences), "sources": sorted(life.seen_by), "scans": life.silences[:]}
        if life.state not in (SILENT, GONE):
            life.state, life.since = SILENT, life.silences[0]
            self._say(SILENT, life, now, life.sight, since=life.since, evidence=evidence)
        if life.state == SILENT and self._patience.is_over(life.silences):
            life.state = GONE
            self._say(GONE, life, now, life.sight, since=life.since, evidence=evidence)

    def _say(self, fate: str, life: Life, now: str, sight: Sight, **more: Any) -> None:
        host, last_seen = sight.host, "" if fate == NEW else life.last_seen
        self._changes.append(
            HostChange(
                fate=fate, time=now, ip=host.ip, hostname=host.hostname, network=host.network, mac=sight.mac,
                last_seen=last_seen, **more,
            )
        )  # fmt: skip

    def _settle_places(self, met: Iterable[tuple[Life, Sequence[Sight]]]) -> None:
        """Who has which address now: an address belongs to the host that was seen at it last."""
        taken: dict[Place, Life] = {}
        for life, sights in met:
            places = {place for one in sights for place in one.places}
            life.keep_places(places if life.dhcp or not life.places & places else life.places | places)
            if not life.dhcp:
                taken |= dict.fromkeys(places, life)
        for life in self._lives:
            life.places = {place for place in life.places if life.dhcp or taken.get(place, life) is life}


def differences(
    life: Life, sights: Sequence[Sight], open_now: set[int], closed_now: set[int]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ from what was learnt before, as they were and as they are."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for sight in sorted(sights, key=lambda one: one.order, reverse=True):
        fields = compared_fields(sight)
        for name, value in fields.items():
            old = life.fields.get(name)
            # Of a stack of which fewer members answered, nothing is another.
            if old and old != value and not (name == "serials" and set(value) <= set(old)):
                before[name], after[name] = old, value
        mac = life.mac_at.get((sight.scope, sight.host.ip))
        if mac and sight.mac and mac != sight.mac:
            before["mac"], after["mac"] = mac, sight.mac
            if sight.host.vendor != life.sight.host.vendor and life.sight.mac == mac:
                before["vendor"], after["vendor"] = life.sight.host.vendor, sight.host.vendor
    if open_now & life.closed_ports or closed_now & life.open_ports:
        before["ports"], after["ports"] = sorted(life.open_ports), sorted((life.open_ports | open_now) - closed_now)
    return before, after


def _ports(life: Life, sights: Sequence[Sight], asked: Asked) -> tuple[set[int], set[int]]:
    """The ports that are open, and those that are known to be not: that were asked at each of its addresses."""
    places = {place for one in sights for place in one.places}
    opened = {port for one in sights for port in one.host.ports}
    if not life.places <= places or not all(asked.covers(*place, TCP) for place in places):
        return opened, set()
    return opened, set(asked.scan.tcp_ports) - opened


def _addresses(places: Iterable[Place]) -> list[str]:
    return sorted({address for _scope, address in places}, key=number)


def _known(host: Host | None, life: Life | None) -> KnownHost:
    """host: as the last scan has it. life: None: no scan saw it, or it cannot be recognised."""
    if life is None:
        if host is None:
            raise ValueError("a host is in a scan or in a life")
        return KnownHost(host=host, state=host.state)
    if host is None:
        state, alive = (SILENT, False) if life.state in (SILENT, GONE) else (life.state, None)
        host = replace(life.sight.host, state=state, alive=alive, rtt_ms=None, sources=(), certainty="")
    return KnownHost(
        host=host, state=host.state if was_seen(host) else life.state, first_seen=life.first_seen,
        last_seen=life.last_seen, since=life.since, silent_runs=len(life.silences),
    )  # fmt: skip
