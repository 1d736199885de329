# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever NetBox, or a file of the cache, gives as devices becomes hosts of one shape, each with a name of its own, or
is refused."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import WrongShape
from ansible_collections.invmon.network.plugins.module_utils._inventory.device_rows import LENGTH, device_rows
from ansible_collections.invmon.network.plugins.module_utils._inventory.devices import Selection, hosts_of, warnings_of
from ansible_collections.invmon.network.plugins.module_utils._inventory.host_names import host_names
from ansible_collections.invmon.network.plugins.plugin_utils._inventory.inventory_cache import packed, unpacked
from hypothesis import example, given
from hypothesis import strategies as st

URL = "https://netbox.example"
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=6,
)
words = st.none() | st.text(st.characters(codec=None), max_size=5) | st.sampled_from(["all", "localhost", "r1", "r1@x"])
named = st.none() | st.fixed_dictionaries({}, optional={"id": st.integers(), "name": words, "slug": words})
#: A row as NetBox writes them; of a hostile one each value may be anything.
fields: dict[str, st.SearchStrategy[Any]] = {
    "name": words,
    "display": words,
    "serial": words,
    "site": named,
    "location": named,
    "role": named,
    "status": st.none() | st.fixed_dictionaries({"value": words}),
    "device_type": st.none() | st.fixed_dictionaries({"id": st.integers(), "manufacturer": named}),
    "primary_ip4": st.none() | st.fixed_dictionaries({"address": st.none() | st.ip_addresses().map(str)}),
    "tags": st.none() | st.lists(st.fixed_dictionaries({"slug": words}), max_size=2),
    "virtual_chassis": st.none() | st.fixed_dictionaries({"id": st.integers(1, 3), "master": named}),
    "vc_position": st.none() | st.integers(),
}
rows = st.lists(
    st.fixed_dictionaries({"id": st.integers(1, 99)}, optional=fields), max_size=5, unique_by=lambda row: row["id"]
)
broken = {key: one | anything for key, one in fields.items()}
hostile_rows = st.lists(st.fixed_dictionaries({"id": st.integers(1, 9) | anything}, optional=broken), max_size=3)


@given(anything | hostile_rows)
@example([{"id": 1, "primary_ip4": {"address": "-oProxyCommand=id"}}])
@example([{"id": 1, "name": "x" * (LENGTH + 1)}])
@example([{"id": True}])
@example([{"id": 1}, {"id": 1}])
def test_rows_of_any_shape_are_hosts_or_refused(found: Any) -> None:
    try:
        good = device_rows(found)
    except WrongShape:
        return
    assert device_rows(good) == good
    hosts = hosts_of(good, good, URL, [4, 6])
    warnings_of(good, hosts, Selection())
    json.dumps([host.variables for host in hosts]).encode("ascii")
    assert all(host.name.isprintable() for host in hosts)


@given(rows, st.sets(st.sampled_from(["all", "localhost", "r1", "r1@x", "r1@nowhere", "#1", "#2", "#2.2", "device-3"])))
@example([{"id": 1, "name": "all", "site": {"slug": "\x1b[2J"}}], {"all"})
def test_each_device_has_a_name_that_nobody_else_has(found: list[dict[str, Any]], taken: set[str]) -> None:
    try:
        good = device_rows(found)
    except WrongShape:
        return  # a tag without a slug
    names = host_names(good, taken)
    assert names.keys() == {row["id"] for row in good}
    assert len(set(names.values())) == len(names)
    assert not set(names.values()) & taken
    assert all(name.isprintable() for name in names.values())
    assert host_names(good[::-1], taken) == names
    # What another source has named keeps its name.
    assert host_names(good, {*taken, *names.values()}, names) == names


@given(rows)
def test_what_the_cache_keeps_is_what_it_gives_back(found: list[dict[str, Any]]) -> None:
    try:
        good = device_rows(found)
    except WrongShape:
        return
    assert unpacked(json.loads(json.dumps(packed(good, good)))) == (good, good)


@given(anything | st.fixed_dictionaries({"text": anything.map(json.dumps) | st.text()}))
def test_another_content_of_the_cache_is_refused(kept: Any) -> None:
    try:
        unpacked(kept)
    except WrongShape:
        return
    raise AssertionError(kept)
