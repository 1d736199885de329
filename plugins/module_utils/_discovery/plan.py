# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From verdicts to a plan: what is written to NetBox. Pure: no request, no clock.

New objects are made for hosts that are certain. Of an object that exists only empty values and values that we wrote are
changed, and nothing is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from ipaddress import ip_network

from .._outgoing.text import brief
from .._outgoing.words import count
from .._scan.finding import CONTRADICTING, SEEN
from .._scan.host import CERTAINTIES, Host
from .background import Background
from .contradictions import DNS_NAME, STATUS
from .journal import ADDRESS_TYPE, Entry, comments_of
from .known import Known, Vrf
from .netbox_targets import CONTAINER
from .places import Places
from .plan_data import Change, NewAddress, NewDevice, Plan, Skipped
from .plan_devices import plan_device
from .snapshot import DYNAMIC, Address, Prefix
from .verdicts import Compared, Match, Verdict
from .wishes import DEVICES, EMPTY, NOTHING, OURS, Gone, Wishes

#: As NetBox checks it.
_DNS_NAME = re.compile(r"([0-9A-Za-z_-]+|\*)(\.[0-9A-Za-z_-]+)*")
_DNS_LENGTH = 255


def make_plan(
    compared: Compared, background: Background, wishes: Wishes, scanned: str, gone: Iterable[Gone] = ()
) -> Plan:
    """The plan. scanned: when the scan began, for the journal."""
    if wishes.register == NOTHING:
        return Plan()
    planner = _Planner(compared.known, compared.places, background, wishes, scanned)
    for match, verdict in compared.matches:
        if verdict is not None and match.host.state in (SEEN, CONTRADICTING):
            planner.add(match, verdict)
    for one in gone:
        planner.add_gone(one)
    return _braked(planner.plan(), wishes)


def _braked(plan: Plan, wishes: Wishes) -> Plan:
    """A firewall that answers for all of its addresses, or a wrong network, would fill NetBox with objects."""
    new, known = plan.new_objects, plan.known_addresses
    if wishes.release or new <= wishes.brake_objects or 100 * new <= wishes.brake_share * known:
        return plan
    return replace(
        plan,
        held=(
            f"{count(new, 'new object')}, more than {wishes.brake_objects}, and more than {wishes.brake_share} % of the"
            f" {count(known, 'address', 'addresses')} that NetBox has in these networks. Nothing is written. If this is"
            " correct: -e discover_release=true"
        ),
    )


@dataclass
class _Planner:
    """A plan while it is made."""

    known: Known
    places: Places
    background: Background
    wishes: Wishes
    scanned: str
    addresses: dict[tuple[Vrf, str], NewAddress] = field(default_factory=dict)
    devices: dict[tuple[int, str], NewDevice] = field(default_factory=dict)  #: by site and name
    changes: dict[int, Change] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  #: addresses of hosts that were seen

    def plan(self) -> Plan:
        return Plan(
            create_tag=self.background.tag_id is None,
            addresses=tuple(self.addresses.values()),
            devices=tuple(self.devices.values()),
            changes=tuple(self.changes.values()),
            entries=tuple(self.entries),
            skipped=tuple(self.skipped),
            known_addresses=len(self.known.snapshot.addresses),
        )

    def add(self, match: Match, verdict: Verdict) -> None:
        """One host that was seen."""
        self.seen.update(match.host.addresses or (match.host.ip,))
        self._journal(match)
        if reason := self._objection(match, verdict):
            if match.not_in_netbox:
                self.skipped.append(Skipped(match.host.ip, reason))
            return
        self._change(match)
        made = [self._new_address(match, ip) for ip in match.not_in_netbox]
        if self.wishes.register == DEVICES:
            self._new_device(match, next((one for one in made if one and one.ip == match.host.ip), None))

    def _new_device(self, match: Match, address: NewAddress | None) -> None:
        device = plan_device(match, address, self.known, self.background, self.wishes, self.scanned)
        if isinstance(device, NewDevice):
            # NetBox takes a name once at each site, whatever its case.
            twin = self.devices.setdefault((device.site_id, device.name.casefold()), device)
            device = "" if twin is device else f"no device: {twin.ip} has the same sysName, {brief(twin.name, 80)}"
        if device:
            self.skipped.append(Skipped(match.host.ip, device))

    def add_gone(self, gone: Gone) -> None:
        """A host that is gone: our records of its address get the status that the user chose."""
        if not self.wishes.gone_status:
            return
        place = self.places.of(gone.ip, gone.network)
        for record in self.known.addresses(gone.ip) if gone.ip not in self.seen else ():
            if place.has_vrf and record.vrf_id != place.vrf_id:
                continue
            if self._is_ours(record) and record.status != self.wishes.gone_status and self._wrote(record, "status"):
                why = f"gone since {gone.since}" if gone.since else "gone"
                self._set(record, {"status": self.wishes.gone_status}, why, None)

    def _objection(self, match: Match, verdict: Verdict) -> str:
        """Why a host is not registered; empty: it is."""
        host = match.host
        if match.ambiguous:
            return verdict.note
        if host.state == CONTRADICTING:
            return "the sources of the scan contradict each other"
        if CERTAINTIES.index(host.certainty or CERTAINTIES[-1]) > CERTAINTIES.index(self.wishes.certainty):
            return (
                f"it is {host.certainty or 'not certain'}, and only hosts that are {self.wishes.certainty} are wanted"
            )
        if match.is_dynamic:
            return "addresses change hands in its network (DHCP)"
        record = match.record
        expected = {DNS_NAME}
        if record is not None and self._is_ours(record) and self._wrote(record, "status"):
            expected.add(STATUS)  # the host was gone, and is back
        others = [one.text for one in verdict.contradictions if one.about not in expected]
        return f"it contradicts NetBox: {others[0]}" if others else ""

    def _new_address(self, match: Match, ip: str) -> NewAddress | None:
        prefix, reason = self._prefix(match, ip)
        if prefix is None:
            self.skipped.append(Skipped(ip, reason))
            return None
        network = ip_network(prefix.prefix)
        dns_name = _dns_name(match.host) if ip == match.host.ip else ""
        written = {"dns_name": dns_name, "status": self.wishes.status}
        sentence = f"Scan of {self.scanned}: {ip} answered, and NetBox did not have it."
        address = NewAddress(
            ip=ip,
            prefix_length=network.prefixlen,
            vrf_id=prefix.vrf_id,
            vrf=prefix.vrf,
            tenant_id=prefix.tenant_id,
            tenant=prefix.tenant,
            prefix=prefix.prefix,
            comments=comments_of(sentence, match.host.sources, written),
            **written,
        )
        # Two hosts of a scan do not have the same address, but a scan may come from a file.
        return self.addresses.setdefault(address.key, address)

    def _prefix(self, match: Match, ip: str) -> tuple[Prefix | None, str]:
        """The narrowest prefix of an address, else why it has none that serves."""
        place, known = match.place if ip == match.host.ip else self.places.of(ip), self.known
        tables = {place.vrf_id} if place.has_vrf else known.vrfs_of(ip)
        if len(tables) > 1 and None not in tables:
            return None, "several VRFs have a prefix for it: scan it by NetBox's prefix (netbox_prefixes)"
        vrf = None if None in tables or not tables else next(iter(tables))
        found = known.prefixes(vrf, ip)
        if not found or found[0].status == CONTAINER:
            what = "only a container" if found else "no prefix"
            return None, f"{what} of NetBox holds it: create its prefix"
        one = known.range_of(vrf, ip)
        if one is not None and one.populated:
            return None, f"the range {one.first}-{one.last} is marked as populated: NetBox takes no addresses in it"
        return found[0], ""

    def _change(self, match: Match) -> None:
        """What a host that answers changes of the records of its addresses."""
        for record in match.records:
            after: dict[str, str] = {}
            if record.ip == match.host.ip and self._may_name(match, record):
                after["dns_name"] = _dns_name(match.host)
            if self._is_ours(record) and record.status == self.wishes.gone_status and self._wrote(record, "status"):
                after["status"] = self.wishes.status
            after = {key: value for key, value in after.items() if value and value != _value(record, key)}
            if after:
                self._set(record, after, "answers", match.host)

    def _may_name(self, match: Match, record: Address) -> bool:
        """Whether the dns_name of a record is empty, or ours."""
        if self.wishes.dns_names not in (OURS, EMPTY) or record.status in DYNAMIC or match.place.dhcp:
            return False
        if self._is_ours(record):
            return self._wrote(record, "dns_name")
        return self.wishes.dns_names == EMPTY and not record.dns_name

    def _is_ours(self, record: Address) -> bool:
        return self.wishes.tag in record.tags

    def _wrote(self, record: Address, key: str) -> bool:
        """Whether the value that NetBox has is the last one that we wrote."""
        values = self.background.written.get((ADDRESS_TYPE, record.id), {})
        return key in values and values[key] == _value(record, key)

    def _set(self, record: Address, after: dict[str, str], why: str, host: Host | None) -> None:
        earlier = self.changes.get(record.id)
        after = {**(earlier.after if earlier else {}), **after}
        sentence = f"Scan of {self.scanned}: {record.ip} {why}."
        self.changes[record.id] = Change(
            id=record.id,
            ip=record.ip,
            before={key: _value(record, key) for key in after},
            after=after,
            why=why,
            comments=comments_of(sentence, host.sources if host else (), after),
        )

    def _journal(self, match: Match) -> None:
        """The entries that an earlier run did not come to. Only values that are as we write them are ours."""
        for record in match.records:
            if not self._is_ours(record) or (ADDRESS_TYPE, record.id) in self.background.written:
                continue
            ours = {"status": self.wishes.status}
            if record.ip == match.host.ip:
                ours["dns_name"] = _dns_name(match.host)
            values = {key: value for key, value in ours.items() if value == _value(record, key)}
            sentence = f"Scan of {self.scanned}: {record.ip} answered."
            self.entries.append(Entry(ADDRESS_TYPE, record.id, comments_of(sentence, match.host.sources, values)))


def _value(record: Address, key: str) -> str:
    return record.status if key == "status" else record.dns_name


def _dns_name(host: Host) -> str:
    """The name that the DNS has for the address of a host, if the DNS has that address for the name as well."""
    name = host.reverse_dns.strip().rstrip(".").lower()
    fits = len(name) <= _DNS_LENGTH and _DNS_NAME.fullmatch(name) is not None
    return name if host.reverse_dns_confirmed and fits else ""
