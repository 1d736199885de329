# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tasks find NetBox: what the inventory left, variables, the environment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._netbox.source import NetBoxSource, Sources
from ansible_collections.invmon.network.plugins.plugin_utils._inventory import netbox_sources
from ansible_collections.invmon.network.plugins.plugin_utils._inventory.netbox_sources import (
    check_sources,
    netbox_of,
    register,
)

A, B, EVIL = "https://a.example", "https://b.example", "https://evil.example"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netbox_sources, "_registered", {})
    for name in ("NETBOX_INSTANCE_URL", "NETBOX_API_TOKEN", "NETBOX_VERIFY_SSL"):
        monkeypatch.delenv(name, raising=False)


def sources(options: dict[str, Any] | None = None, on_command_line: Iterable[str] = (), **variables: Any) -> Sources:
    return netbox_sources.sources_for(options or {}, variables.get, on_command_line)


def test_a_task_reaches_netbox_as_the_inventory_did() -> None:
    register("a.netbox_devices.yml", NetBoxSource(A, "of-a", False, "/ca.pem", 7))
    found = sources().find()
    assert found.as_options() == {
        "url": A,
        "token": "of-a",
        "validate_certs": False,
        "ca_path": "/ca.pem",
        "timeout": 7,
    }
    assert sources(netbox_timeout=3).find(A).timeout == 3


@pytest.mark.parametrize("given_by", ["variable", "command line", "task"])
def test_an_address_of_another_kind_gets_no_token_of_inventory_environment_or_env_file(
    monkeypatch: pytest.MonkeyPatch, given_by: str
) -> None:
    register("a.netbox_devices.yml", NetBoxSource(A, "of-a"))
    monkeypatch.setenv("NETBOX_API_TOKEN", "no-address")
    options = {"url": EVIL} if given_by == "task" else {}
    known = sources(options, ["netbox_url"] if given_by == "command line" else [], netbox_url=EVIL)
    with pytest.raises(NetBoxOptionError, match="no token for NetBox at https://evil"):
        known.find(EVIL)


def test_a_token_of_ones_own_goes_with_an_address_of_ones_own() -> None:
    register("a.netbox_devices.yml", NetBoxSource(A, "of-a"))
    both: dict[str, Any] = {"netbox_url": EVIL, "netbox_token": "mine"}
    assert sources(on_command_line=both, **both).find(EVIL).token == "mine"
    assert sources({"url": EVIL, "token": "mine"}).find().token == "mine"
    assert sources(netbox_tokens={f"{B}/": "of-b"}).find(B).token == "of-b"


def test_the_token_of_a_file_of_variables_does_not_go_to_the_address_of_the_command_line() -> None:
    with pytest.raises(NetBoxOptionError, match="no token"):
        sources(on_command_line=["netbox_url"], netbox_url=EVIL, netbox_token="of the vault").find(EVIL)
    register("a.netbox_devices.yml", NetBoxSource(A, "of-a"))
    assert sources(netbox_token="of the vault").find(A).token == "of the vault"


def test_variables_lay_open_the_token_that_they_give_and_no_other() -> None:
    assert sources(netbox_tokens={B: "of-b"}, netbox_validate_certs=False).find(B).validate_certs is False
    both: dict[str, Any] = {"netbox_url": B, "netbox_token": "mine"}
    assert sources(on_command_line=both, netbox_validate_certs="no", **both).find(B).validate_certs is False
    register("a.netbox_devices.yml", NetBoxSource(A, "of-a"))
    with pytest.raises(NetBoxOptionError, match=r"for a token from the inventory file a\.netbox_devices\.yml"):
        sources(netbox_validate_certs=False).find(A)
    assert sources(netbox_validate_certs=True, netbox_ca_path="/ca.pem").find(A).ca_path == "/ca.pem"


def test_two_files_with_two_tokens_for_one_netbox_are_refused() -> None:
    register("a.netbox_devices.yml", NetBoxSource(A, "one"))
    register("a.netbox_devices.yml", NetBoxSource(A, "renewed"))
    with pytest.raises(NetBoxOptionError, match="have different tokens"):
        register("b.netbox_devices.yml", NetBoxSource(A, "other"))


def test_a_host_belongs_to_the_netbox_that_it_came_from() -> None:
    assert (
        netbox_of({"netbox_device_url": f"{A}/netbox/dcim/devices/3/", "netbox_url": f"{A}/netbox/"}) == f"{A}/netbox"
    )
    assert netbox_of({"netbox_url": f"{B}/api"}) == B
    assert netbox_of({}) is None
    with pytest.raises(NetBoxOptionError, match="whose ids belong to other devices"):
        netbox_of({"netbox_device_url": f"{A}/dcim/devices/3/", "netbox_url": B})


def test_what_cannot_be_written_is_reported_before_a_device_is_asked() -> None:
    hosts = {
        "a1": {"netbox_device_url": f"{A}/dcim/devices/3/"},
        "b1": {"netbox_device_url": f"{B}/dcim/devices/3/"},
    }

    def problems(*names: str, **variables: Any) -> list[str]:
        return check_sources(names, hosts.__getitem__, lambda: sources(**variables))

    assert [text for text in problems("a1", "b1") if "not given" in text and A in text] != []
    register("a.netbox_devices.yml", NetBoxSource(A, "of-a"))
    assert problems("a1") == []
    (only,) = problems("a1", "b1")
    assert f"no token for NetBox at {B}" in only
    assert problems("a1", "b1", netbox_tokens={B: "of-b"}) == []
    (wrong,) = problems("a1", netbox_tokens="of-b")
    assert "netbox_tokens must be" in wrong
    assert "of-b" not in wrong
