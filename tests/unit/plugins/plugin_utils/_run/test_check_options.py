# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of/plugin_utils/_run/check_options.py: what is wrong with a value, with the name that the user wrote."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.plugin_utils._run.check_options import (
    wrong_hygiene,
    wrong_plan,
    wrong_policy,
    wrong_value,
)
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import known_variables
from ansible_collections.invmon.network.plugins.plugin_utils._run.option_names import in_variables

SECRET = "gloucester-42"
WRONG: list[tuple[str, Any, str]] = [
    ("upload_gone", "tagg", "report, tag, comment, delete"),
    ("upload_gone_after", "two", "int"),
    ("upload_apply_plan", "treu", "bool"),
    ("upload_saved_max_age", 0, "above 0"),
    ("upload_refresh_after", -1, "from 0"),
    ("merge_strategy", "class", "containment"),
    ("invmon_batch_size", "abc", "'abc' is neither a number of devices nor a share"),
    ("invmon_batch_size", 0, "neither a number"),
    ("invmon_batch_size", ["10", "-5"], "'-5'"),
    ("invmon_batch_size", True, "neither a number"),
    ("invmon_batch", "treu", "bool"),
    *(("invmon_batch", value, "neither a bool nor auto") for value in ("y", "1.0", "\u0663")),
    ("invmon_batch", -5, "'-5' is neither a bool nor auto nor a number of devices"),
    ("collect_at_a_time", 0, "at least 1"),
    ("collect_at_a_time", "all", "int"),
    ("netbox_timeout", "soon", "float"),
    ("netbox_validate_certs", "flase", "bool"),
    ("snmp_port", 70000, "between 1 and 65535"),
    ("snmp_port", "snmp", "int"),
    ("snmp_versions", [4], "1, 2c, 3"),
    ("snmp_versions", [], "empty list"),
    ("snmp_security_level", "private", "authPriv"),
    ("snmp_auth_protocol", "SHA1024", "SHA-512"),
    ("snmp_privacy_protocol", "RC4", "AES-256"),
    ("snmp_auth_passphrase", "short", "8 characters"),
    ("snmp_username", "u" * 33, "32 octets"),
    ("snmp_timeout", -1, "3600 seconds"),
    ("snmp_retries", 11, "between 1 and 10"),
    ("snmp_max_in_flight", 9, "between 1 and 4"),
    ("snmp_backend", "net-snmp", "easysnmp"),
    ("snmp_platform", "cisco_nxs", "did you mean cisco_nxos"),
    ("snmp_platform", "bogus", "docs/platforms.md"),
    ("snmp_profiles", "/nowhere/profiles", "no file or folder"),
    ("snmp_accept_serials", ["/(/"], "not a regular expression"),
    ("snmp_reject_serials", ["/[/"], "not a regular expression"),
    ("snmp_tables", {"skip": ["entAliasMapingTable"]}, "Did you mean entAliasMappingTable"),
    ("snmp_tables", {"skipp": ["entAliasMappingTable"]}, "skipp"),
    ("snmp_tables", {"max_rows": 0}, "max_rows is 0"),
    ("snmp_tables", "entAliasMappingTable", "dict"),
    ("invmon_env_file", "/nowhere/.env", "no file /nowhere/.env"),
    ("hygiene_rules", ["twin"], "twins"),
]
RIGHT: list[tuple[str, Any]] = [
    *(("invmon_batch_size", value) for value in (1, "1000", "30%", "100%", [1, "5", "30%"])),
    *(("invmon_batch", value) for value in (True, False, "true", "No", "auto", 0, 1, "500")),
    *(("snmp_versions", value) for value in ("3,2", 2, [3, "2c"], ["1"])),
    *(("snmp_port", value) for value in ("161", 1161)),
    *(("snmp_security_level", value) for value in ("authPriv", "noauthnopriv")),
    *(("snmp_tables", value) for value in ({"skip": ["entAliasMappingTable", "jnxFruTable", "fgHaStatsTable"]}, {})),
    *(("upload_release", value) for value in ("a, b", ["a"], "all")),
    ("snmp_platform", "ios-xe"),
    ("snmp_accept_serials", "N123"),
    ("merge_exclude_models", ["A", "B"]),
    ("invmon_hosts", ["a", "!b"]),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG, ids=lambda value: str(value)[:30])
def test_a_value_that_cannot_be_used_is_one_sentence_with_the_name_of_the_variable(
    name: str, value: Any, words: str
) -> None:
    sentence = wrong_value(name, value, known_variables()[name])
    assert sentence
    assert name in sentence
    assert words in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(("name", "value"), RIGHT, ids=lambda value: str(value)[:30])
def test_a_value_that_the_task_takes_is_not_wrong(name: str, value: Any) -> None:
    assert wrong_value(name, value, known_variables()[name]) is None


def test_no_sentence_shows_a_secret_or_moves_the_cursor() -> None:
    for name, known in known_variables().items():
        for value in ({SECRET: SECRET}, [SECRET], SECRET, "a\x1b[2Jb" * 200):
            sentence = wrong_value(name, value, known) or ""
            assert not (known.is_secret and SECRET in sentence)
            assert "\x1b" not in sentence
            assert len(sentence) <= 300


def test_values_that_do_not_go_together_are_named_as_the_user_wrote_them() -> None:
    assert wrong_policy({}) is None
    assert "upload_gone: tag needs upload_gone_tag" in str(wrong_policy({"upload_gone": "tag"}))
    assert "upload_gone: delete needs upload_gone_age" in str(wrong_policy({"upload_gone": "delete"}))
    assert "upload_run_brake_share must be a percentage" in str(wrong_policy({"upload_run_brake_share": 101}))
    assert "remove invmon_batch_size" in str(wrong_plan({"upload_plan_file": "p.json", "invmon_batch_size": 10}))
    assert "upload_plan_file" in str(wrong_plan({"upload_apply_plan": "yes"}))
    assert wrong_plan({"upload_plan_file": "p.json", "upload_apply_plan": True}) is None
    assert "'upload_gone_after' is of type" in str(wrong_policy({"upload_gone_after": "two"}))
    assert "'hygiene_thin_older_than' is of type" in str(wrong_hygiene({"hygiene_thin_older_than": "long"}))
    assert "hygiene_sites is an empty list" in str(wrong_hygiene({"hygiene_sites": []}))
    assert "hygiene_thin_older_than must be from 1" in str(wrong_hygiene({"hygiene_thin_older_than": "0"}))
    assert wrong_hygiene({"hygiene_sites": ["brno"], "hygiene_thin_older_than": 730}) is None


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("port: 1 is not a port.", "snmp_port: 1 is not a port."),
        ("The port is closed, says the port.", "snmp_port is closed, says the port."),
        ("Give the option port, or run.", "Give the variable snmp_port, or run."),
        ("The option port is wrong.", "The variable snmp_port is wrong."),
        ("x: argument 'port' is of type str", "x: argument 'snmp_port' is of type str"),
        ("x: value of port must be 1", "x: value of snmp_port must be 1"),
        ("port and gone_tag, port.gone_tag", "snmp_port and upload_gone_tag, port.gone_tag"),
    ],
)
def test_the_name_of_an_option_becomes_that_of_its_variable_and_english_stays(sentence: str, said: str) -> None:
    assert in_variables(sentence, {"port": "snmp_port", "gone_tag": "upload_gone_tag"}) == said
