# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for any findings: order plays no part, no address is lost or doubled, silence takes no host away."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Evidence, Finding, SnmpBasics
from ansible_collections.invmon.network.plugins.module_utils._scan.host import REASONS, Host
from ansible_collections.invmon.network.plugins.module_utils._scan.known import KnownAddress
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._scan.found import (
    AGENT,
    ECHOED,
    FILTERED,
    MACS,
    OPENED,
    QUIET,
    RESET,
    address,
    in_table,
    joined,
    near,
)
from hypothesis import given, settings
from hypothesis import strategies as st

ENGINES = ("80001f8880aabbccdd01", "80001f8880aabbccdd02")
SERIALS = ("FOC1234X0AB", "FOC1234X0AC", "FOC1234X0AD", "N/A")
NUMBERS = st.integers(1, 40)

basics = st.builds(
    SnmpBasics,
    sys_name=st.sampled_from(["", "sw-1", "sw-1.example.com", "sw-1.example.net", "sw-2"]),
    engine_id=st.sampled_from(["", *ENGINES]),
    serials=st.lists(st.sampled_from(SERIALS), max_size=2, unique=True).map(tuple),
    macs=st.lists(st.sampled_from([*MACS[:3], "00:00:5e:00:01:01"]), max_size=2, unique=True).map(tuple),
    addresses=st.lists(NUMBERS.map(address), max_size=3, unique=True).map(tuple),
)
signs = st.lists(
    st.sampled_from([ECHOED, QUIET, OPENED, RESET, FILTERED, AGENT, near(MACS[1]), near(MACS[2]), in_table(MACS[3])]),
    max_size=3,
).map(tuple)
agents = st.builds(Finding, ip=NUMBERS.map(address), evidence=signs, snmp=st.none() | basics)
#: With a run of resets, so that the rule of whole networks has something to decide.
some = st.builds(
    lambda found, resets: [*found, *(Finding(ip=address(100 + number), evidence=(RESET,)) for number in range(resets))],
    st.lists(agents, max_size=14, unique_by=lambda finding: finding.ip),
    st.integers(0, 20),
)
entries = st.lists(
    st.builds(KnownAddress, address=NUMBERS.map(address), device_id=st.integers(1, 3), primary=st.booleans()),
    max_size=8,
)


def addresses(host: Host) -> tuple[str, ...]:
    return host.addresses or (host.ip,)


@given(some, entries, st.randoms(use_true_random=False))
def test_the_order_of_the_findings_plays_no_part(
    found: list[Finding], known: list[KnownAddress], random: object
) -> None:
    hosts = joined(found, known)
    random.shuffle(found)  # type: ignore[attr-defined]
    random.shuffle(known)  # type: ignore[attr-defined]
    assert joined(found, known) == hosts


@given(some, entries)
def test_each_address_is_in_one_host(found: list[Finding], known: list[KnownAddress]) -> None:
    hosts = joined(found, known)
    assert sorted(ip for host in hosts for ip in addresses(host)) == sorted(finding.ip for finding in found)
    evidence = [one for host in hosts for one in host.sources]
    assert len(evidence) == sum(len(finding.evidence) for finding in found)


@given(some, entries)
def test_each_join_has_a_reason(found: list[Finding], known: list[KnownAddress]) -> None:
    for host in joined(found, known):
        assert host.ip in addresses(host)
        assert {join.address for join in host.joined} == set(addresses(host)) - {host.ip}
        assert all(join.reason in REASONS and join.value for join in (*host.joined, *host.doubtful))
        assert not {join.address for join in host.doubtful} & set(addresses(host))


@given(some, entries)
def test_no_host_has_two_serials_that_no_agent_reports_together(
    found: list[Finding], known: list[KnownAddress]
) -> None:
    for host in joined(found, known):
        sets = [set(one.snmp.serials) - {"N/A"} for one in found if one.snmp and one.ip in addresses(host)]
        sets = [serials for serials in sets if serials]
        together = set(sets[0]) if sets else set()
        for _round in sets:
            together |= set().union(*(serials for serials in sets if serials & together))
        assert together == set().union(*sets)


@settings(max_examples=150)
@given(some, entries, st.lists(st.tuples(st.integers(0, 40), st.sampled_from([QUIET, FILTERED])), max_size=30))
def test_more_silence_never_takes_a_host_away(
    found: list[Finding], known: list[KnownAddress], silence: list[tuple[int, Evidence]]
) -> None:
    seen = {ip for host in joined(found, known) if host.state == "seen" for ip in addresses(host)}
    more = list(found)
    for number, quiet in silence:
        if number < len(found):
            more[number] = replace(more[number], evidence=(*more[number].evidence, quiet))
        elif all(finding.ip != address(150 + number) for finding in more):
            more.append(Finding(ip=address(150 + number), evidence=(quiet,)))
    assert seen <= {ip for host in joined(more, known) if host.state == "seen" for ip in addresses(host)}
