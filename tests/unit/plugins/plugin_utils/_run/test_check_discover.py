# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first errors of a new user of discovery, found before NetBox is read and before a packet is sent."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.plugin_utils._run import check_discover as code
from ansible_collections.invmon.network.plugins.plugin_utils._run.check_discover import check_discover
from ansible_collections.invmon.network.plugins.plugin_utils._run.run import Findings, Run


def check(**variables: Any) -> Findings:
    return check_discover(Run(parts=["discover"], variable=variables.get))


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CIDR", "TCP_SAMPLE_PORTS", "TIMEOUT_MS", "CONCURRENCY", "SNMP_COMMUNITY", "SNMP_USER"):
        monkeypatch.delenv(name, raising=False)


GOOD = {"discover_targets": ["192.0.2.0/24"], "discover_sources": ["icmp"]}


def test_a_run_with_targets_may_begin() -> None:
    assert check(**GOOD) == Findings([], [])


def test_other_playbooks_are_not_concerned() -> None:
    assert check_discover(Run(parts=["collect"])) == Findings()


def test_nothing_to_scan_is_an_error_that_names_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    (error,) = check(discover_sources=["icmp"]).errors
    assert error.startswith("There is nothing to scan: set discover_targets (or CIDR in the environment)")
    assert check(discover_sources=["icmp"], discover_netbox_prefixes={"tag": "discover"}).errors == []
    monkeypatch.setenv("CIDR", "192.0.2.0/24")
    assert check(discover_sources=["icmp"]).errors == []


def test_a_public_network_needs_a_confirmation_and_the_variable_is_named() -> None:
    (error,) = check(**GOOD | {"discover_targets": ["8.8.8.0/29"]}).errors
    assert "8.8.8" in error
    assert "discover_authorized" in error
    assert check(**GOOD | {"discover_targets": ["8.8.8.0/29"], "discover_authorized": True}).errors == []


def test_too_many_addresses_and_a_wrong_limit_are_errors() -> None:
    (error,) = check(**GOOD | {"discover_targets": ["10.0.0.0/16"]}).errors
    assert "discover_max_addresses" in error
    (error,) = check(**GOOD | {"discover_timeout_ms": 5}).errors
    assert error.startswith("discover_timeout_ms is 5")


@pytest.mark.parametrize("name", ["discover_netbox_prefixes", "discover_netbox_ip_ranges", "discover_register"])
def test_what_needs_netbox_contradicts_a_run_without_it(name: str) -> None:
    value: Any = "devices" if name == "discover_register" else {"tag": "discover"}
    (error,) = check(**GOOD | {"discover_netbox": False, name: value}).errors
    assert error.startswith(f"{name} is set, and discover_netbox is false")


def test_without_netbox_no_netbox_is_needed() -> None:
    assert Run(parts=["discover"]).does("netbox")
    assert not Run(parts=["discover"], variable={"discover_netbox": "false"}.get).does("netbox")


def test_a_library_that_is_missing_is_a_warning_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "find_spec", lambda name: None)
    (warning,) = check(**GOOD | {"discover_sources": ["icmp", "tcp"]}).warnings
    assert warning.endswith("pip install icmplib.")


def test_missing_credentials_are_a_warning_for_the_sources_that_need_them() -> None:
    (warning,) = check(**GOOD | {"discover_sources": ["icmp", "snmp", "routers"]}).warnings
    assert warning.startswith("routers, snmp cannot be used: There are no SNMP credentials")
    assert check(**GOOD | {"discover_sources": ["snmp"], "snmp_community": "x"}).warnings == []
