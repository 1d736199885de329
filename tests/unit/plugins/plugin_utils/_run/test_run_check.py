# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of/plugin_utils/_run/run_check.py and its checks: what ends a run before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.invmon.network.plugins.module_utils._snmp import backend_easysnmp, backend_snmp
from ansible_collections.invmon.network.plugins.plugin_utils._run.given_variables import ALL, EXTRA, SOME, Given
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import known_variables, own_variables
from ansible_collections.invmon.network.plugins.plugin_utils._run.run import Findings, Run
from ansible_collections.invmon.network.plugins.plugin_utils._run.run_check import check_run
from ansible_collections.invmon.network.plugins.plugin_utils._run.run_tags import Tags

TAGS = Tags(frozenset({"collect", "upload"}))
COMMUNITY = Given("snmp_community", "public", ALL, "for all hosts")


def check(*given: Given, parts: Sequence[str] = ("collect", "upload"), **about: Any) -> Findings:
    """What the checks find where these variables are set, and a community unless there are credentials."""
    effective = {"snmp_community": "public"}
    for scope in (ALL, EXTRA):
        effective |= {one.name: one.value for one in given if one.scope == scope}
    usual = {"variable": lambda name: filled(effective.get(name)), "fill": fill, "tags": lambda: TAGS}
    return check_run(Run(parts=parts, given=given, **{**usual, **about}))


def fill(value: Any) -> Any:
    """As the action does it, where no template can be filled in."""
    if "{{" in str(value):
        raise AnsibleError("'it' is undefined")
    return value if str(value).strip() else None


def filled(value: Any) -> Any:
    with suppress(AnsibleError):
        return fill(value)
    return None


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SNMP_COMMUNITY", "SNMP_USER", "SNMP_VERSION", "SNMP_RETRIES"):
        monkeypatch.delenv(name, raising=False)


def test_a_run_with_nothing_wrong_reports_nothing() -> None:
    assert check(COMMUNITY, Given("ansible_user", "x", ALL), Given("my_snmp_port", 1, EXTRA)) == ([], [])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("snmp_communty", "snmp_community"),
        ("snmp_vesions", "snmp_versions"),
        ("uplaod_gone", "upload_gone"),
        ("upload_goneafter", "upload_gone_after"),
        ("colect_dump", "collect_dump"),
        ("invmon_bacth_size", "invmon_batch_size"),
        ("netbx_token", "netbox_token"),
        ("hygeine_rules", "hygiene_rules"),
        ("record_maskd", "record_masked"),
        ("restore_form", "restore_from"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_the_name_that_was_meant(name: str, meant: str) -> None:
    for one in (Given(name, "x", EXTRA), Given(name, None, SOME, "for the host r1")):
        ((sentence,), errors) = reversed(check(one))
        assert sentence.startswith(name)
        assert meant in sentence
        assert ("for the host r1" in sentence) == bool(one.where)
        assert not errors


def test_every_known_name_with_one_letter_missing_is_noticed() -> None:
    for name in known_variables():
        slip = name[:-1]
        if "_" in name and slip not in known_variables():
            assert name in "".join(check(Given(slip, "x", EXTRA)).warnings), name


@pytest.mark.parametrize(
    "name", ["snap", "snapshot_dir", "uploader", "network_os", "ansible_host", "record", "smtp_port"]
)
def test_what_is_no_name_of_ours_is_somebody_elses(name: str) -> None:
    assert check(Given(name, "x", EXTRA)).warnings == []


def test_a_variable_of_ones_own_that_makes_one_of_ours_is_read() -> None:
    own = Given("snmp_secret_of_brno", "x", SOME, "for the group brno", "brno")
    assert "snmp_secret_of_brno" in check(own).warnings[0]
    assert check(own, Given("snmp_community", "{{ snmp_secret_of_brno }}", ALL, "for all hosts")).warnings == []
    assert check(own, Given("invmon_ignore_variables", "snmp_secret_*, x", EXTRA)).warnings == []
    assert check(own, Given("invmon_ignore_variables", ["snmp_secret_of_brno"], EXTRA)).warnings == []


def test_many_unknown_names_are_counted_and_what_the_inventory_plugin_sets_is_not() -> None:
    many = [Given(f"snmp_x{number}", 1, EXTRA) for number in range(25)]
    assert len(check(*many).warnings) == 11
    assert "15 more" in check(*many).warnings[-1]
    assert check(Given("netbox_site", None, SOME, "for the host r1")).warnings == []


def test_a_secret_in_clear_is_reported_in_awx_which_keeps_it_in_its_inventory() -> None:
    clear = Given("snmp_auth_passphrase", "canary-1", SOME, "for the group core", "core", clear=True)
    host = Given("snmp_community", None, SOME, "for the host r1", clear=True)
    template = Given("snmp_privacy_passphrase", "{{ lookup('env', 'X') }}", SOME, "for the group core", "core")
    in_awx = Given("awx_job_id", 7, EXTRA)
    no_secret = Given("snmp_username", "inventory", SOME, "for the group core", "core", clear=True)
    said = check(clear, host, template, no_secret, in_awx).warnings
    assert [sentence.partition(" ")[0] for sentence in said] == ["snmp_auth_passphrase", "snmp_community"]
    assert "(for the group core) is in AWX's inventory in clear" in said[0]
    assert "canary-1" not in "".join(said)
    assert check(clear, host, template).warnings == []


def test_strict_makes_an_error_of_every_warning() -> None:
    errors, warnings = check(Given("snmp_communty", "x", EXTRA), Given("invmon_strict", "yes", EXTRA))
    assert (len(errors), warnings) == (1, [])


def test_a_variable_in_a_place_that_is_not_read_is_named() -> None:
    batch = Given("invmon_batch", True, ALL, "for all hosts")
    assert "invmon_batch (for all hosts) is read before" in check(batch).warnings[0]
    gone = Given("upload_gone", "tag", SOME, "for the group brno", "brno")
    assert "upload_gone (for the group brno) applies to the whole run" in check(gone).warnings[0]
    assert check(gone, parts=["collect"]).warnings == []


def test_a_wrong_value_ends_the_run_where_it_is_one_for_all_and_is_reported_of_some() -> None:
    assert "snmp_port" in check(Given("snmp_port", 0, EXTRA)).errors[0]
    assert "(for all hosts)" in check(Given("snmp_port", 0, ALL, "for all hosts")).errors[0]
    some = Given("snmp_port", 0, SOME, "for the group brno", "brno")
    assert check(some).errors == []
    assert "(for the group brno)" in check(some).warnings[0]
    assert check(some, has_hosts=lambda group: False) == ([], [])
    # The command line counts.
    assert check(some, Given("snmp_port", 161, EXTRA)) == ([], [])


def test_values_of_what_this_run_does_not_do_do_not_matter() -> None:
    wrong = [Given("upload_gone", "tagg", EXTRA), Given("hygiene_rules", ["x"], EXTRA)]
    assert check(*wrong, only_tags=["collect"]).errors == []
    assert len(check(*wrong).errors) == 1
    assert len(check(*wrong, parts=["hygiene"]).errors) == 1


@pytest.mark.parametrize("value", ["", "  ", None])
def test_what_a_survey_leaves_open_counts_as_not_given(value: Any) -> None:
    asked = known_variables().keys() - own_variables() - {"snmp_community"}
    assert check(*(Given(name, value, EXTRA) for name in asked)).errors == []


def test_what_the_run_finds_out_itself_is_no_extra_variable_and_may_be_one_of_a_host() -> None:
    assert "netbox_device_id is set with -e" in check(Given("netbox_device_id", 5, EXTRA)).errors[0]
    assert check(Given("netbox_device_id", None, SOME, "for the host r1")) == ([], [])
    assert check(Given("restored", {}, EXTRA)).errors == []
    assert len(check(Given("collect_result", {}, EXTRA), only_tags=["upload"]).errors) == 1


def test_what_cannot_be_filled_in_is_wrong_where_it_is_read_once_a_run() -> None:
    plan = Given("upload_plan_file", "plan-{{ awx_workflow_job_id }}.json", EXTRA)
    assert check(plan).errors == ["upload_plan_file: 'it' is undefined"]
    assert check(plan, only_tags=["collect"]).errors == []
    assert check(COMMUNITY, Given("snmp_port", "{{ port_of_brno }}", ALL, "for all hosts")).errors == []


def test_a_wrong_value_of_the_environment_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNMP_RETRIES", "eleven")
    (sentence,) = check(COMMUNITY).errors
    assert "SNMP_RETRIES in the environment" in sentence
    assert check(COMMUNITY, Given("snmp_retries", 1, EXTRA)).errors == []


def without(*names: str, **values: Any) -> Any:
    return values.get


def test_no_credentials_at_all_are_one_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (sentence,) = check(variable=without()).errors
    assert sentence.startswith("There are no SNMP credentials")
    (sentence,) = check(variable=without(snmp_username="u", snmp_security_level="authPriv")).errors
    assert sentence.startswith("snmp_auth_passphrase is missing")
    # Some host or group has its own; a recording needs none; nor does a run that asks nobody.
    assert check(Given("snmp_community", None, SOME, "for the host r1"), variable=without()).errors == []
    assert check(Given("snmp_replay_from", None, SOME, "for the host r1"), variable=without()).errors == []
    assert check(variable=without(), only_tags=["upload"]).errors == []
    (tmp_path / "plan.json").touch(0o600)
    assert check(variable=without(upload_apply_plan=True, upload_plan_file=str(tmp_path / "plan.json"))).errors == []
    (tmp_path / ".env").write_text("SNMP_COMMUNITY=public\n")
    assert check(variable=without(invmon_env_file=str(tmp_path / ".env"))).errors == []
    monkeypatch.setenv("SNMP_COMMUNITY", "public")
    assert check(variable=without()).errors == []


SETS = {"core": {"username": "u", "auth_passphrase": "{{ vault }}"}, "old": {"community": "gloucester-42"}}


def test_a_credential_set_that_is_not_there_or_not_used_is_found_before_the_first_device() -> None:
    sets = Given("snmp_credential_sets", SETS, ALL)
    both = Given("snmp_credentials", ["core", "old"], ALL, "for all hosts")
    assert check(COMMUNITY, sets, both) == ([], [])
    for_all = check(COMMUNITY, sets, both._replace(value=["old", "cor"]))
    assert for_all.errors[0] == "snmp_credentials: cor is not one of snmp_credential_sets. Did you mean core?"
    of_some = Given("snmp_credentials", "olde", SOME, "for the group r1", "r1")
    assert check(COMMUNITY, sets, both, of_some).warnings == [
        "snmp_credentials: olde is not one of snmp_credential_sets. Did you mean old? (for the group r1)"
    ]
    assert check(COMMUNITY, sets, both, of_some, has_hosts=lambda group: False).warnings == []
    assert check(COMMUNITY, sets, both._replace(scope=EXTRA), of_some).warnings == [], "the group has no say"
    (unused,) = check(COMMUNITY, sets, both._replace(value="core")).warnings
    assert unused.startswith("snmp_credential_sets: old is not used")
    assert len(check(COMMUNITY, sets).warnings) == 2, "no host names any"
    # A host's own file may name it, or define another.
    own = Given("snmp_credentials", None, SOME, "for the host r1")
    assert check(COMMUNITY, sets, both._replace(value="core"), own).warnings == []
    of_host = Given("snmp_credential_sets", None, SOME, "for the host r1")
    assert check(COMMUNITY, sets, of_host, both._replace(value="lab", scope=SOME)).warnings == []


def test_a_credential_set_that_cannot_be_used_is_named_with_its_key() -> None:
    wrong = {"core": {"username": "u", "privacy_passphrase": "gloucester-42"}}
    names = Given("snmp_credentials", ["core"], ALL)
    (sentence,) = check(COMMUNITY, names, Given("snmp_credential_sets", wrong, ALL)).errors
    assert sentence.startswith("snmp_credential_sets: core: auth_passphrase is missing")
    in_awx = {"awx_job_id": "1", "snmp_community": "public", "snmp_credentials": "core"}
    clear = Given("snmp_credential_sets", SETS, ALL, "for all hosts", clear=True)
    warnings = check(clear, variable=in_awx.get).warnings
    assert any(
        one.startswith("snmp_credential_sets (for all hosts) is in AWX's inventory in clear") for one in warnings
    )


def test_a_library_for_snmpv3_that_is_asked_for_and_missing_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_easysnmp, "library", lambda: None)
    user = Given("snmp_username", "u", EXTRA)
    assert check(user).errors == []
    (sentence,) = check(user, Given("snmp_backend", "easysnmp", EXTRA)).errors
    assert sentence.startswith("snmp_backend: the Python library easysnmp, for SNMPv3, is not installed")
    monkeypatch.setattr(backend_snmp, "AVAILABLE", False)
    assert check(user).errors == [], "what comes with Ansible is enough"
    assert check(COMMUNITY, Given("snmp_backend", "snmp", EXTRA)).errors == []


def test_no_netbox_is_one_error_of_who_needs_it() -> None:
    def nowhere(one: bool) -> list[str]:
        return ["The url is not a web address: port.", f"one NetBox: {one}"]

    about: dict[str, Any] = {"netbox_problems": nowhere}
    assert check(COMMUNITY, **about).errors == ["netbox_url is not a web address: port.", "one NetBox: False"]
    assert check(COMMUNITY, Given("upload_plan_file", "p", EXTRA), **about).errors[1] == "one NetBox: True"
    assert check(COMMUNITY, **about, only_tags=["collect"]).errors == []
    assert check(parts=["restore"], **about).errors[1] == "one NetBox: True"


def test_the_same_sentence_of_two_checks_is_reported_once() -> None:
    def twice(run: Run) -> Findings:
        return Findings(["a", "b"], ["c"])

    checks: Iterable[Any] = (twice, twice)
    assert check_run(Run(), checks) == (["a", "b"], ["c"])
