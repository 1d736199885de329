# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognition: the device's own values, then the hint, then what is left; and how complete a collection is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import Collection, System
from ansible_collections.invmon.network.plugins.module_utils._devices.entity_table import ENTITY
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import UnknownPlatform, shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.recognition import choose, known_platform
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import TableStatus

Read = Callable[..., dict[str, Any]]

ENTERPRISES = (1, 3, 6, 1, 4, 1)


@pytest.mark.parametrize(
    ("description", "object_id", "platform"),
    [
        ("Cisco IOS Software, C2960X Software", (9, 1, 1208), "cisco_ios"),
        ("IOS (tm) C2600 Software (C2600-I-M)", (9, 1, 186), "cisco_ios"),
        ("Cisco IOS Software [Dublin], Catalyst L3 Switch Software (CAT9K_IOSXE)", (9, 1, 2871), "cisco_iosxe"),
        ("Cisco IOS Software, IOS-XE Software, Catalyst 4500", (9, 1, 875), "cisco_iosxe"),
        ("Cisco IOS XR Software (NCS-5500), Version 7.4.1", (9, 1, 2571), "cisco_iosxr"),
        ("Cisco NX-OS(tm) nxos.7.0.3.I7.8.bin", (9, 12, 3, 1, 3, 1163), "cisco_nxos"),
        ("Cisco Adaptive Security Appliance Version 9.8(2)", (9, 1, 2313), "cisco_asa"),
        ("Catalyst 1200 Series Smart Switch", (9, 1, 3211), "cisco"),
        ("", (9, 1, 1), "cisco"),
        ("Juniper Networks, Inc. qfx5130-32cd , kernel JUNOS 22.2R3-EVO", (2636, 1, 1, 1, 4, 82, 28), "junos"),
        ("hostname.example.org", (2636, 1, 1, 1, 4, 63, 9), "junos"),
        ("TiMOS-C-23.10.R3 cpm/hops64 Nokia 7750 SR", (6527, 1, 3, 17), "sros"),
        ("TiMOS-B-9.0.R9 both/hops Nokia 7705 SAR", (6527, 6, 1, 1, 2, 1), "sros"),
        ("a thing that nobody has heard of", (99999, 1), "generic"),
        ("", (), "generic"),
    ],
)
def test_a_device_is_recognised_by_what_it_says(description: str, object_id: tuple[int, ...], platform: str) -> None:
    system = System(description=description, object_id=(*ENTERPRISES, *object_id))
    assert choose(system, shipped()).name == platform


@pytest.mark.parametrize(
    ("slug", "platform"),
    [
        *((slug, "cisco_iosxe") for slug in ("ios-xe", "iosxe", "cisco-ios-xe", "Cisco IOS-XE", "cisco_iosxe")),
        *((slug, "cisco_iosxr") for slug in ("ios-xr", "cisco-iosxr", "iosxr")),
        *(("ios", "cisco_ios"), ("cisco-ios", "cisco_ios"), ("nx-os", "cisco_nxos"), ("cisco-asa", "cisco_asa")),
        *(("junos", "junos"), ("juniper-junos", "junos"), ("junos-evo", "junos")),
        *(("sros", "sros"), ("sr-os", "sros"), ("nokia-sros", "sros"), ("timos", "sros"), ("generic", "generic")),
    ],
)
def test_the_slugs_that_people_use_are_understood(slug: str, platform: str) -> None:
    assert shipped().find(slug).name == platform
    assert known_platform(slug, shipped()) == platform


def test_an_unknown_platform_names_what_is_near() -> None:
    with pytest.raises(UnknownPlatform, match=r"unknown platform 'ios-xee': did you mean cisco_iosxe"):
        shipped().find("ios-xee")
    for nonsense in ("###", "bogus", "linux", "any", "x"):
        with pytest.raises(UnknownPlatform, match=f"unknown platform '{nonsense}': Leave it out"):
            shipped().find(nonsense)
    for name in shipped().names():
        with pytest.raises(UnknownPlatform, match=rf"did you mean .*\b{name}\b"):
            shipped().find(f"{name}xq")
    assert known_platform("plan9 from outer space", shipped()) is None
    assert known_platform(None, shipped()) is None
    assert len(set(shipped().names())) == len(shipped().names())


def test_a_device_that_contradicts_the_hint_wins_with_a_warning(read: Read) -> None:
    device = {"description": "Cisco IOS Software", "object_id": (*ENTERPRISES, 9, 1, 1)}
    found = read(platform="junos", **device)
    assert found["platform"] == "cisco_ios"
    assert "given as junos, but the device identifies itself as cisco_ios" in found["warnings"][0]
    # IOS and IOS-XE are read alike: NetBox may say either.
    assert read(platform="ios-xe", **device)["warnings"] == []


def test_a_platform_that_is_certain_is_followed_with_a_warning(read: Read) -> None:
    device = {"description": "Cisco IOS Software", "object_id": (*ENTERPRISES, 9, 1, 1)}
    found = read(platform="junos", certain=True, **device)
    assert found["platform"] == "junos"
    assert found["warnings"] == ["the platform was given as junos, but the device identifies itself as cisco_ios"]


def test_the_hint_decides_where_the_device_reports_nothing_or_only_its_vendor(read: Read) -> None:
    assert read(platform="nxos", object_id=(*ENTERPRISES, 9, 1, 1))["platform"] == "cisco_nxos"
    assert read(platform="sros", description="router")["platform"] == "sros"
    assert read(platform="sros", description="router")["warnings"] == []


def test_the_system_group_is_reported_as_plain_data(read: Read) -> None:
    found = read(description='"Cisco IOS Software\r\nCompiled"', object_id=(*ENTERPRISES, 9, 1, 1))
    assert found["system"] == {
        "name": "r1",
        "description": "Cisco IOS Software Compiled",
        "object_id": "1.3.6.1.4.1.9.1.1",
        "uptime": 1234,
    }
    assert found["schema"] == 1


def test_a_collection_is_plain_data_that_json_can_hold(read: Read) -> None:
    found = read((ENTITY, {(1,): {"class": 3, "contained_in": 0, "serial": "FJL1"}}))
    assert json.loads(json.dumps(found)) == found
    assert found["tables"]["entPhysicalTable"] == {"rows": 1, "complete": True, "error": None, "required": True}


def test_a_collection_is_complete_only_if_each_required_table_is() -> None:
    broken = TableStatus(rows=3, complete=False, error="timeout", required=True)
    optional = TableStatus(complete=False, error="genErr", required=False)
    assert Collection(System(), "generic", tables={"a": TableStatus(), "b": optional}).complete is True
    assert Collection(System(), "generic", tables={"a": TableStatus(), "b": broken}).complete is False
