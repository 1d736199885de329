# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The heads of our profiles are read line by line: that must give what YAML gives, or be left to YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.plugins.module_utils._devices.collection import System
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_heads import head_of, plain_head
from ansible_collections.invmon.network.plugins.module_utils._devices.recognition import choose

RULE = "match:\n  - object_id: 1.3.6.1.4.1.99999\n"
PLAIN = [
    RULE,
    RULE + '    description: \'A "box"|\\d+\'\n  - description: "Acme\\\\b # 1" # why\naliases: [a, 3com, b_c]\n',
    "# words\n\nname: acme # ours\n" + RULE + "  # in between\n  - answers: 1.3.6.1.4.1.99999.1.0\nreader: ios\n",
    RULE + "aliases: [one, two,\n          three]\ninclude: [other]\ntables:\n  match: no head any more\n",
]
OTHER = [
    RULE + "aliases: [yes, acme]\n",
    RULE + "aliases: [on]\n",
    RULE + "aliases: [0x1f, acme]\n",
    RULE + "aliases: [1_000]\n",
    RULE + "aliases:\n  - acme\n",
    RULE + "aliases: [acme,\nother]\n",
    RULE + "    description: 'it''s'\n",
    RULE + '    description: "a\\tb"\n',
    RULE + "    description: Acme\n",
    RULE + "    description: 'Acme'# no comment\n",
    RULE + "unknown: acme\n",
    RULE + "name: acme\n  - object_id: 1.3.6.1.4.1.99998\n",
    RULE + "---\n",
    RULE + "\taliases: [acme]\n",
    "match:\n    object_id: 1.3.6.1.4.1.99999\n",
    "match:\nreader: ios\n",
    "match: []\n",
    "match:\n  - {object_id: 1.3.6.1.4.1.99999}\n",
    "match:\n  - object_id: 1.3\n",
    "name: 'acme'\n" + RULE,
    "name: null\n" + RULE,
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_lines_are_what_yaml_makes_of_them(text: str) -> None:
    found = plain_head(f"---\n{text}")
    assert found == yaml.safe_load(head_of(f"---\n{text}"))
    assert found


@pytest.mark.parametrize("text", OTHER)
def test_whatever_else_there_is_is_left_to_yaml(text: str) -> None:
    assert not plain_head(f"---\n{text}")
    assert not plain_head(text), "without a start of the document"


def test_nearly_all_of_ours_are_plain() -> None:
    """The others cost every run five times as much."""
    other = [
        name
        for name, profile in shipped().by_name.items()
        if profile.head.matches and not plain_head(Path(profile.origin).read_text(encoding="utf-8"))
    ]
    assert len(other) <= len(shipped().by_name) / 20, f"write their heads as in docs/profiles.md: {', '.join(other)}"


def test_the_longest_prefix_wins_whatever_else_there_is() -> None:
    rules = [
        (match.object_id, profile.name)
        for profile in shipped()
        for match in profile.head.matches
        if match.object_id and not match.description
    ]
    for oid, name in rules:
        found = choose(System(object_id=(*oid, 4294967295, 1)), shipped()).name
        assert found == name, f"a device below {'.'.join(map(str, oid))}"
