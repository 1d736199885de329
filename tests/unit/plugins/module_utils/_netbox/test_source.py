# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token goes to the address that it was given with, and to no other one."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._netbox.source import Sources, given, surroundings

A, B, C = "https://a.example", "https://b.example", "https://c.example"


def test_each_netbox_gets_the_token_that_was_given_with_its_address() -> None:
    sources = Sources([given("file", {"url": A, "token": "of-a"}), given("environment", {"url": B, "token": "of-b"})])
    assert (sources.find(A).token, sources.find(B).token) == ("of-a", "of-b")
    assert [source.url for source in sources.known()] == [A, B]


def test_another_address_gets_no_token_and_the_sentence_says_whose_there_are() -> None:
    sources = Sources([given("the environment", {"url": A, "token": "secret-of-a"}), given("x", {"token": "secret-x"})])
    with pytest.raises(NetBoxOptionError) as caught:
        sources.find(C)
    assert f"that of the environment is for {A}" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_address_of_its_own_without_a_token_does_not_get_that_of_another() -> None:
    sources = Sources([given("file", {"url": C}), given("environment", {"url": A, "token": "of-a"})])
    with pytest.raises(NetBoxOptionError, match="no token for NetBox at https://c"):
        sources.find()


def test_a_token_without_an_address_serves_the_address_of_the_inventory_file() -> None:
    places = [given("file", {"url": A, "timeout": 5}), given("environment", {"token": "t", "validate_certs": "no"})]
    source = Sources(places).find()
    assert (source.url, source.token, source.timeout, source.validate_certs) == (A, "t", 5, False)
    with pytest.raises(NetBoxOptionError):
        Sources(places).find(B)


def test_a_token_without_an_address_does_not_go_to_that_of_a_variable() -> None:
    places = [given("the task", {"url": C}, vouches=False), given("environment", {"token": "t"})]
    with pytest.raises(NetBoxOptionError, match="environment is for no address"):
        Sources(places).find()


def test_settings_that_were_given_with_another_address_do_not_count() -> None:
    off = given("environment", {"url": B, "token": "of-b", "validate_certs": "false"})
    assert Sources([given("file", {"url": A, "token": "of-a"}), off]).find().validate_certs is True


def test_a_variable_cannot_lay_open_the_token_of_another_place() -> None:
    off = given("the variables", {"validate_certs": False}, vouches=False)
    task, environment = given("the task", {}, vouches=False), given("environment", {"url": A, "token": "t"})
    with pytest.raises(NetBoxOptionError, match="NETBOX_VERIFY_SSL"):
        Sources([task, off, environment]).find()
    own = given("the variable", {"url": A, "token": "mine", "validate_certs": False}, vouches=False)
    assert Sources([task, own, environment]).find(A).validate_certs is False


def test_it_must_be_said_which_of_several_is_meant() -> None:
    places = [given("task", {}, vouches=False), given("x", {"url": A, "token": "t"}), given("y", {"url": B})]
    with pytest.raises(NetBoxOptionError, match=f"several NetBoxes, {A} and {B}"):
        Sources(places).find()
    with pytest.raises(NetBoxOptionError, match="NETBOX_INSTANCE_URL"):
        Sources(places[:1]).find()


def test_the_same_address_however_it_is_written_is_one() -> None:
    sources = Sources([given("x", {"url": "HTTPS://A.Example:443/api/", "token": "t"})])
    assert sources.find(f"{A}/").token == "t"


def test_the_environment_comes_before_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    of_file = {"NETBOX_INSTANCE_URL": A, "NETBOX_API_TOKEN": "file", "NETBOX_VERIFY_SSL": "0"}
    monkeypatch.setenv("NETBOX_INSTANCE_URL", " ")
    monkeypatch.delenv("NETBOX_API_TOKEN", raising=False)
    source = Sources(surroundings(".env", of_file)).find()
    assert (source.url, source.token, source.validate_certs) == (A, "file", False)
    monkeypatch.setenv("NETBOX_INSTANCE_URL", B)
    with pytest.raises(NetBoxOptionError, match=f"no token for NetBox at {B}.*the file .env is for {A}"):
        Sources(surroundings(".env", of_file)).find()
    monkeypatch.setenv("NETBOX_API_TOKEN", "environment")
    assert Sources(surroundings(".env", of_file)).find().token == "environment"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"validate_certs": "flase"}, 'must be true or false, not "flase"'),
        ({"timeout": "soon"}, "seconds"),
        ({"url": "netbox"}, "http://"),
    ],
)
def test_what_makes_no_sense_is_reported(values: dict[str, str], said: str) -> None:
    with pytest.raises(NetBoxOptionError, match=said):
        given("the file", values)


def test_a_token_is_not_shown_with_its_source() -> None:
    sources = Sources([given("x", {"url": A, "token": "secret"})])
    assert "secret" not in repr(sources.find()) + repr(given("x", {"url": A, "token": "secret"}))
