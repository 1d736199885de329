# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked: each address once, in the narrowest network; nothing that is excluded, public or too much."""

from __future__ import annotations

import ipaddress
from itertools import islice
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import InvmonError, OptionsError
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Network
from ansible_collections.invmon.network.plugins.module_utils._scan.ranges import parse_range
from ansible_collections.invmon.network.plugins.module_utils._scan.targets import Targets, expand, networks_of
from hypothesis import given, settings
from hypothesis import strategies as st


def targets(*texts: str, exclude: tuple[str, ...] = (), **options: object) -> Targets:
    options = {"max_addresses": 2**17, **options}
    return Targets(networks_of(texts), exclude=[parse_range(text) for text in exclude], **options)  # type: ignore[arg-type]


def prefix(network: str, **known: object) -> Network:
    return Network(network=network, prefix_length=int(network.rpartition("/")[2]), kind="prefix", **known)  # type: ignore[arg-type]


NETWORKS = st.builds(
    lambda number, length: str(ipaddress.ip_network((0x0A000000 + number, length), strict=False)),
    st.integers(0, 0x3FF),
    st.integers(22, 32),
)
RANGES = st.tuples(st.integers(0, 0x3FF), st.integers(0, 0x3FF)).map(
    lambda ends: f"{ipaddress.ip_address(0x0A000000 + min(ends))}-{ipaddress.ip_address(0x0A000000 + max(ends))}"
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(NETWORKS, RANGES), min_size=1, max_size=6), st.lists(RANGES, max_size=3))
def test_each_address_is_asked_once_and_counted_in_one_network(texts: list[str], exclude: list[str]) -> None:
    found = targets(*texts, exclude=tuple(exclude))
    asked = list(found)
    assert len(set(asked)) == len(asked) == found.total == sum(network.addresses for network in found.networks)
    excluded = [parse_range(text) for text in exclude]
    inside = [parse_range(text) for text in texts]
    for address in asked:
        one = parse_range(address)
        assert any(around.holds(one) for around in inside)
        assert not any(around.holds(one) for around in excluded)
        network = found.network_of(address)
        assert network is not None
        narrowest = min(around.size for around in inside if around.holds(one))
        assert parse_range(network.network).size == narrowest


@settings(max_examples=40, deadline=None)
@given(st.lists(NETWORKS, min_size=1, max_size=4), st.integers(0, 0x3FF))
def test_what_was_asked_before_is_not_asked_again(texts: list[str], cut: int) -> None:
    before = f"10.0.0.0-{ipaddress.ip_address(0x0A000000 + cut)}"
    rest = targets(*texts, skip=[parse_range(before)])
    assert set(rest) == {one for one in targets(*texts) if not parse_range(before).holds(parse_range(one))}
    assert [network.addresses for network in rest.networks] == [
        network.addresses for network in targets(*texts).networks
    ]


@pytest.mark.parametrize(
    ("text", "first", "last", "total"),
    [
        ("192.0.2.0/24", "192.0.2.1", "192.0.2.254", 254),
        ("192.0.2.0/30", "192.0.2.1", "192.0.2.2", 2),
        ("192.0.2.0/255.255.255.252", "192.0.2.1", "192.0.2.2", 2),
        ("192.0.2.0/31", "192.0.2.0", "192.0.2.1", 2),
        ("192.0.2.0/32", "192.0.2.0", "192.0.2.0", 1),
        ("192.0.2.0-192.0.2.255", "192.0.2.0", "192.0.2.255", 256),
        ("2001:db8::/126", "2001:db8::", "2001:db8::3", 4),
    ],
)
def test_network_and_broadcast_addresses_are_left_out(text: str, first: str, last: str, total: int) -> None:
    asked = list(targets(text))
    assert (asked[0], asked[-1], len(asked)) == (first, last, total)
    assert targets(text).networks[0].prefix_length in (24, 30, 31, 32, 126)


def test_a_large_network_takes_no_time_and_no_memory() -> None:
    found = targets("10.0.0.0/8", max_addresses=2**24)
    assert found.total == 2**24 - 2
    # Several subnets in turn, so that none waits for its packets per second.
    assert list(islice(found, 9)) == [*(f"10.0.{number}.{number == 0:d}" for number in range(8)), "10.0.0.2"]


def test_a_broadcast_address_of_a_narrower_network_is_not_asked_for_the_wider_one() -> None:
    asked = set(targets("10.0.0.0/22", "10.0.1.0/24"))
    assert "10.0.0.255" in asked
    assert "10.0.1.255" not in asked


def test_what_is_found_inherits_from_the_narrowest_network_of_netbox() -> None:
    networks = [
        prefix("10.0.0.0/16", vrf_id=1, vrf="campus", tenant_id=4, tenant="all"),
        prefix("10.0.5.0/24", vrf_id=1, vrf="campus", tenant_id=5, tenant="labs", netbox_id=7),
        *networks_of(["10.0.5.8", "10.0.9.0/28"]),
    ]
    found = Targets(networks, max_addresses=2**16)
    host, part = found.network_of("10.0.5.8"), found.network_of("10.0.9.3")
    assert host
    assert part
    assert (host.network, host.prefix_length, host.tenant, host.vrf) == ("10.0.5.8/32", 24, "labs", "campus")
    assert (part.network, part.prefix_length, part.tenant, part.netbox_id) == ("10.0.9.0/28", 16, "all", None)


def test_a_network_of_several_vrfs_is_not_asked() -> None:
    networks = [prefix("10.0.0.0/24", vrf_id=1), prefix("10.0.0.0/24", vrf_id=2), prefix("10.0.1.0/24", vrf_id=2)]
    found = Targets(networks)
    assert found.ambiguous == ("10.0.0.0/24",)
    assert {network.network for network in found.networks} == {"10.0.1.0/24"}


def test_of_a_large_ipv6_network_known_addresses_are_asked() -> None:
    known = ["2001:db8:1::53", "2001:db8:2::1", "2001:db8:1::7"]
    found = Targets([prefix("2001:db8:1::/64")], known=known, exclude=[parse_range("2001:db8:1::7")])
    assert list(found) == ["2001:db8:1::53"]
    assert found.network_of("2001:db8:1::beef") is not None, "a neighbour that a table has is a target"
    assert found.network_of("2001:db8:1::7") is None, "but not one that is excluded"
    assert found.network_of("2001:db8:2::1") is None


@pytest.mark.parametrize(
    "own", ["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "169.254.3.4", "127.0.0.1", "fd00::1"]
)
def test_private_networks_need_no_word(own: str) -> None:
    assert list(targets(own)) == [own]


@pytest.mark.parametrize("public", ["8.8.8.8", "172.32.0.1", "192.0.0.1", "2001:4860::1", "9.255.255.254-10.0.0.1"])
def test_public_addresses_need_one(public: str) -> None:
    with pytest.raises(OptionsError, match="authorized"):
        targets(public)
    assert targets(public, authorized=True).total >= 1


def test_a_public_address_that_is_excluded_needs_none() -> None:
    assert list(targets("9.255.255.254-10.0.0.1", exclude=("9.0.0.0/8",))) == ["10.0.0.0", "10.0.0.1"]


@pytest.mark.parametrize(
    "nowhere", ["0.0.0.0/8", "224.0.0.1", "255.255.255.255", "ff02::1", "::ffff:10.0.0.1", "fe80::1"]
)
def test_what_is_no_address_of_a_host_is_refused(nowhere: str) -> None:
    with pytest.raises(OptionsError, match="no address of a host"):
        targets(nowhere, authorized=True, max_addresses=2**24)


def test_more_addresses_than_the_limit_are_refused_with_their_number_and_the_option() -> None:
    with pytest.raises(OptionsError, match=r"8,188 addresses.*set max_addresses to 8188"):
        targets("10.0.0.0/20", "10.1.0.0/20", max_addresses=4096)


def test_a_slash_64_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(OptionsError, match=r"2001:db8::/64 .*neighbour tables"):
        targets("2001:db8::/64", max_addresses=4096)


def test_files_have_a_target_a_line(tmp_path: Path) -> None:
    file = tmp_path / "targets.txt"
    file.write_text("# core\n192.0.2.0/30   # two\n\n192.0.2.9\n", encoding="utf-8")
    assert expand(["192.0.2.77", str(file)], "targets") == ["192.0.2.77", "192.0.2.0/30", "192.0.2.9"]
    assert expand([f"file:{file}"], "exclude") == ["192.0.2.0/30", "192.0.2.9"]


def test_a_file_does_not_name_another(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(f"{tmp_path}/two\n", encoding="utf-8")
    with pytest.raises(OptionsError, match="names another file"):
        expand([f"{tmp_path}/one"], "targets")
    with pytest.raises(InvmonError, match="There is no file"):
        expand([f"{tmp_path}/two"], "targets")


@pytest.mark.parametrize(
    "text", ["10.0.0.1/24", "router-1", "10.0.0.9-10.0.0.1", "\x1b[2J10.0.0.1", "{{ lookup('x') }}"]
)
def test_what_is_no_target_is_named(text: str) -> None:
    with pytest.raises(OptionsError, match="is not a target") as raised:
        targets(text)
    assert str(raised.value).isprintable()
