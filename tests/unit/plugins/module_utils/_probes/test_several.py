# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task for the devices of two NetBoxes that have the same ids: each in its own, and one result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.plugins.module_utils._report.night import by_netbox, summary
from ansible_collections.invmon.network.plugins.module_utils._tasks.probe_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import upload
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import device, record

TAG = [{"name": "Gone", "slug": "gone"}]


@pytest.fixture
def two() -> Iterator[list[StandIn]]:
    """Two NetBoxes; the tag is in the first only."""
    with ExitStack() as stack:
        seeds = [one_site(2) | {"tags": TAG}, one_site(2)]
        yield [stack.enter_context(start_standin(seed)) for seed in seeds]


def write(two: list[StandIn], **options: Any) -> dict[str, Any]:
    """Device 1 of the first NetBox, devices 1 and 2 of the second; the serial SAME on the first device of each."""
    devices = [
        device(1, [record("A1"), record("SAME", "Slot 2")]) | {"name": "a", "netbox_url": two[0].url},
        device(1, [record("B1"), record("SAME", "Slot 2")]) | {"name": "b", "netbox_url": f"{two[1].url}/api/"},
        device(2, [record("B2")]) | {"name": "b2", "device_name": "r2", "netbox_url": two[1].url},
    ]
    sources = [{"url": standin.url, "token": standin.token} for standin in two]
    given = {"devices": devices, "sources": sources, **options}
    validated = ArgumentSpecValidator(ARGUMENT_SPEC).validate(given)
    assert validated.error_messages == []
    return upload(validated.validated_parameters)


def serials(standin: StandIn) -> dict[str, int]:
    with NetBox(standin.url, standin.token) as netbox:
        return {row["serial"]: row["device"]["id"] for row in netbox.get_all(PROBES)}


def test_each_device_is_written_to_its_own_netbox(two: list[StandIn]) -> None:
    result = write(two, release=["a", "b2"])
    assert result["requests"] == sum(len(standin.requests()) for standin in two)
    assert serials(two[0]) == {"A1": 1, "SAME": 1}
    assert serials(two[1]) == {"B1": 1, "SAME": 1, "B2": 2}
    assert {name: found["outcome"] for name, found in result["devices"].items()} == dict.fromkeys(
        ("a", "b", "b2"), "written"
    )
    again = write(two, run_time="2090-01-01T00:00:00Z")
    assert (again["changed"], again["refreshed"]) == (False, 5)
    # One serial in two NetBoxes is no conflict, and a name that is another NetBox's is no slip of the pen.
    assert (result["conflicts"], result["failed_hosts"], result["warnings"]) == ({}, {}, [])
    assert [line for line in result["summary"] if line and not line.startswith(" ")] == [
        f"NetBox at {standin.url}:" for standin in two
    ]
    assert [next(line.text for line in summary(one, 90)) for one in by_netbox({**result, "seconds": None})] == [
        f"Inventory of NetBox at {two[0].url}: 1 device, 1 complete.",
        f"Inventory of NetBox at {two[1].url}: 2 devices, 2 complete.",
    ]


def test_what_one_netbox_refuses_does_not_hide_what_the_other_took(two: list[StandIn]) -> None:
    result = write(two, gone="tag", gone_tag="gone")
    assert serials(two[0]) == {"A1": 1, "SAME": 1}
    assert serials(two[1]) == {}
    assert set(result["failed_hosts"]) == {"b", "b2"}
    assert "NetBox has no tag" in result["failed_hosts"]["b"]


def test_nothing_is_written_where_the_token_of_one_is_not_known(two: list[StandIn]) -> None:
    with pytest.raises(NetBoxOptionError, match=f"no token for NetBox at {two[1].url}"):
        write(two, sources=[{"url": two[0].url, "token": two[0].token}])
    with pytest.raises(NetBoxOptionError, match="A plan is for one NetBox"):
        write(two, plan_file="plan.json")
    assert serials(two[0]) == serials(two[1]) == {}
