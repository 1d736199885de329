# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_facts: the facts of community.general.snmp_facts, out of what a device returns over real UDP."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked, run_task
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._mib.names import oid_of
from ansible_collections.invmon.network.plugins.module_utils._outgoing.secrets import without_secret_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_facts import (
    ARGUMENT_SPEC,
    FactsReading,
    with_one_try,
)
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_reading import answer_apart, result_of
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent

MIB = Mib()
V6 = "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1"


def variable(name: str, kind: str, value: Any) -> tuple[tuple[int, ...], str, Any]:
    return (oid_of(name, MIB), kind, value)


DEVICE = [
    variable("sysDescr.0", "octets", b"Cisco IOS\r\nCompiled \x1b[31mtoday\0"),
    variable("sysObjectID.0", "oid", (1, 3, 6, 1, 4, 1, 9, 1, 716)),
    variable("sysUpTime.0", "ticks", 42388),
    variable("sysName.0", "octets", "Žižkov".encode()),
    variable("ifIndex.1", "int", 1),
    variable("ifDescr.1", "octets", b"Gi1"),
    variable("ifMtu.1", "int", 1500),
    variable("ifSpeed.1", "gauge32", 4294967295),
    variable("ifPhysAddress.1", "octets", bytes.fromhex("000a305a52a1")),
    variable("ifAdminStatus.1", "int", 1),
    variable("ifOperStatus.1", "int", 7),
    variable("ifAlias.1", "octets", b"uplink"),
    variable("ifHighSpeed.1", "gauge32", 10000),
    variable("ifHCInOctets.1", "counter64", 2**63),
    variable("ipAdEntIfIndex.192.0.2.1", "int", 1),
    variable("ipAdEntNetMask.192.0.2.1", "ip", b"\xff\xff\xff\x00"),
    # The newer table has the same address, a broadcast address, one of IPv6, and one without a prefix.
    variable("ipAddressIfIndex.1.4.192.0.2.1", "int", 1),
    variable("ipAddressIfIndex.1.4.192.0.2.255", "int", 1),
    variable("ipAddressType.1.4.192.0.2.255", "int", 3),
    variable(f"ipAddressIfIndex.{V6}", "int", 1),
    variable(f"ipAddressPrefix.{V6}", "oid", oid_of(f"ipAddressPrefixOrigin.1.{V6}.64", MIB)),
    variable("ipAddressIfIndex.1.4.10.0.0.1", "int", 9),
    variable("ipAddressPrefix.1.4.10.0.0.1", "oid", (0, 0)),
]


def facts(agent: FaultAgent) -> dict[str, Any]:
    access = {"host": agent.address, "port": agent.port, "version": "v2c", "community": "public", "timeout": 1}

    def work(params: dict[str, Any]) -> dict[str, Any]:
        task = FactsReading()
        return result_of(task, answer_apart(params, task.question), params)

    return run_task(lambda: access, ARGUMENT_SPEC, work)


def test_the_facts_have_the_names_and_shapes_that_playbooks_know() -> None:
    with FaultAgent(DEVICE) as agent:
        result = facts(agent)
    assert result["complete"]
    assert result["ansible_facts"] == {
        "ansible_sysdescr": "Cisco IOS\nCompiled \\x1b[31mtoday",
        "ansible_sysobjectid": "1.3.6.1.4.1.9.1.716",
        "ansible_sysuptime": 42388,
        "ansible_syscontact": "",
        "ansible_sysname": "Žižkov",
        "ansible_syslocation": "",
        "ansible_all_ipv4_addresses": ["10.0.0.1", "192.0.2.1"],
        "ansible_all_ipv6_addresses": ["2001:db8::1"],
        "ansible_interfaces": {
            "1": {
                **{"ifindex": "1", "name": "Gi1", "mtu": "1500", "speed": "4294967295", "mac": "000a305a52a1"},
                **{"adminstatus": "up", "operstatus": "lowerLayerDown", "description": "uplink"},
                **{"highspeed": 10000, "in_octets": 2**63},
                "ipv4": [{"address": "192.0.2.1", "netmask": "255.255.255.0"}],
                "ipv6": [{"address": "2001:db8::1", "prefix": "64"}],
            },
            "9": {"ipv4": [{"address": "10.0.0.1", "netmask": ""}]},
        },
    }


def test_a_device_that_has_nothing_has_all_the_facts_empty() -> None:
    with FaultAgent([variable("1.3.6.1.9.1", "int", 1)]) as agent:
        result = facts(agent)["ansible_facts"]
    assert result["ansible_sysname"] == ""
    assert result["ansible_sysuptime"] == 0
    assert result["ansible_interfaces"] == {}


def test_the_options_of_community_general_are_taken_by_their_names() -> None:
    theirs = {
        **{"host": "192.0.2.1", "version": "v3", "level": "authPriv", "username": "u", "integrity": "sha"},
        **{"authkey": "auth-secret-1", "privacy": "aes", "privkey": "priv-secret-1", "timeout": 3, "retries": 0},
    }
    params, secrets, errors = checked(with_one_try(theirs), ARGUMENT_SPEC)
    assert errors == []
    options = read_options(params)
    (user,) = options.attempts
    assert (user.version, user.security_level, options.retries, options.timeout) == ("3", "authPriv", 1, 3.0)
    assert "auth-secret-1" not in str(params.keys())
    assert secrets.hidden("auth-secret-1 and priv-secret-1") == "******** and ********"
    shown = without_secret_options(theirs, ARGUMENT_SPEC)
    assert "secret-1" not in str(shown)


@pytest.mark.parametrize("version", ["v2", "v2c"])
def test_their_versions_are_understood(version: str) -> None:
    params, _secrets, errors = checked({"host": "h", "version": version, "community": "public"}, ARGUMENT_SPEC)
    assert errors == []
    assert [attempt.version for attempt in read_options(params).attempts] == ["2c"]


def test_their_names_take_precedence_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("SNMP_AUTH", "of-the-environment")
    (tmp_path / "one.env").write_text("SNMP_PRIVACY=of-the-file")
    given = {"username": "u", "version": "v3", "authkey": "of-the-task", "privkey": "of-the-task", "host": "h"}
    params, _secrets, errors = checked({**given, "env_file": str(tmp_path / "one.env")}, ARGUMENT_SPEC)
    assert errors == []
    assert (params["auth_passphrase"], params["privacy_passphrase"]) == ("of-the-task", "of-the-task")
