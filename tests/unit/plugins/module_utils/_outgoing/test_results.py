# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._outgoing.results import fit_line, fit_to_leave
from ansible_collections.invmon.network.plugins.module_utils._outgoing.secrets import Secrets, remember

PASSPHRASE = "sandbox-auth-1"


def fit(result: dict[str, Any], *secrets: str) -> dict[str, Any]:
    return fit_to_leave(result, Secrets(secrets))


@pytest.mark.parametrize(
    "result",
    [
        {"msg": f"wrong: {PASSPHRASE}"},
        {"warnings": [PASSPHRASE]},
        {"devices": {"r1": {"failed": [{"reason": f"it says {PASSPHRASE}", "serials": ["A1"]}]}}},
        {"diff": [{"prepared": f"r1:\n! {PASSPHRASE}\n"}]},
        {"invocation": {"module_args": {"path": f"/tmp/{PASSPHRASE}"}}},
    ],
)
def test_a_secret_leaves_nowhere_in_a_result(result: dict[str, Any]) -> None:
    assert "sandbox" not in str(fit(result, PASSPHRASE))


def test_a_secret_that_no_option_gave_leaves_no_result_either() -> None:
    remember("remembered-token-1")
    assert "remembered" not in str(fit({"devices": {"r1": {"error": "it says remembered-token-1"}}}))


def test_a_community_that_is_also_a_word_of_a_part_does_not_eat_the_part() -> None:
    facts = {"entity_inventory": {"items": [{"serial": "FOC1", "name": "TenGigabitEthernet1/1/1"}]}}
    for key in ("ansible_facts", "scan", "netbox"):
        assert fit({key: facts}, "Ethernet")[key] == facts
    batch = {"devices": {"ethernet-1": {"ansible_facts": facts}}}
    assert fit(batch, "Ethernet") == batch


def test_a_short_secret_does_not_garble_every_sentence() -> None:
    assert fit({"msg": "r1 answered in part"}, "a") == {"msg": "r1 answered in part"}


def every_text(value: Any) -> Iterator[str]:
    """The texts and keys of a result, as they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from every_text(one)
    elif isinstance(value, list):
        for one in value:
            yield from every_text(one)


@pytest.mark.parametrize(
    "text", ["\x1b[2J", "\x9b5n", "a\u202eb\u2066", "one\r\ntwo", "\x00", "\ud800", "\u2028", "\u200b"]
)
def test_no_text_of_a_result_steers_a_terminal_or_begins_a_line(text: str) -> None:
    shown = fit({"msg": text, "devices": {text: {"from": [{"device": text, text: {text: 1}}]}}, "summary": [text]})
    texts = list(every_text(shown))
    assert len(texts) == 11
    assert [one for one in texts if not one.isprintable()] == []
    assert "\\" in shown["msg"]


def test_a_diff_keeps_its_own_line_breaks_alone() -> None:
    assert fit({"diff": [{"prepared": "r1:\n+ a\x1bb\n"}]}) == {"diff": [{"prepared": "r1:\n+ a\\x1bb\n"}]}


def test_figures_and_what_needs_nothing_stay_as_they_are() -> None:
    result = {"changed": True, "seconds": 0.5, "number": None, "list": [1, "ž"]}
    assert fit(result, PASSPHRASE) == result


def test_a_line_next_to_the_results_and_a_result_hide_what_the_process_was_told_to_hide() -> None:
    remember("canary-of-the-environment")
    assert fit_line("a\x1bb canary-of-the-environment") == "a\\x1bb ********"
    assert fit({"msg": "canary-of-the-environment"}) == {"msg": "********"}
