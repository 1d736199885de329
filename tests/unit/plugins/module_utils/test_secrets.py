# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.invmon.network.plugins.module_utils.secrets import without_secrets


def test_a_sentence_loses_a_secret():
    result = without_secrets({"msg": "wrong: sandbox-auth-1", "warnings": ["sandbox-auth-1"]}, {"sandbox-auth-1"})
    assert "sandbox" not in str(result)


def test_a_community_that_is_also_a_word_of_a_part_does_not_eat_the_part():
    facts = {"entity_inventory": {"items": [{"serial": "FOC1", "name": "TenGigabitEthernet1/1/1"}]}}
    assert without_secrets({"ansible_facts": facts}, {"Ethernet"})["ansible_facts"] == facts


def test_a_short_secret_does_not_garble_every_sentence():
    assert without_secrets({"msg": "r1 answered in part"}, {"a"}) == {"msg": "r1 answered in part"}
