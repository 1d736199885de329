# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests `make check` runs for a change, and what `make mutants` breaks."""

from __future__ import annotations

import ast
from pathlib import Path

from ansible_collections.invmon.network.tests.check import ARCHITECTURE, ARGUMENT_SPECS, VARIABLES, selection
from ansible_collections.invmon.network.tests.mutations import mutations

SERIALS = Path("plugins/module_utils/_parts/serials.py")
UNITS = Path("tests/unit/plugins/module_utils")

SOURCE = '''"""A docstring, of which nothing is changed."""
LIMIT = 3


def allowed(values: list[int], most: int = LIMIT) -> bool:
    """Nothing here either: 1 < 2."""
    if not values:
        raise ValueError("nothing to look at")
    return len(values) <= most and max(values, default=0) in range(0, 10)
'''


def test_a_change_is_tested_by_its_room_and_by_the_fast_tests_of_what_imports_it() -> None:
    whole, fast = selection([SERIALS])
    assert UNITS / "_parts" / "test_serials.py" in whole
    assert {path.parent for path in whole} == {UNITS / "_parts"}
    assert {ARCHITECTURE, ARGUMENT_SPECS} <= fast
    assert UNITS / "_recordings" / "test_masking.py" in fast, "it imports judge() of serials.py"
    assert UNITS / "_probes" / "test_moves.py" not in whole | fast


def test_a_room_within_another_is_tested_by_the_tests_next_to_it() -> None:
    whole, _fast = selection([Path("plugins/module_utils/_probes/plan/plan.py")])
    assert {UNITS / "_probes" / "test_moves.py", UNITS / "_probes" / "plan" / "test_plan.py"} <= whole
    assert not any("apply" in path.parts for path in whole)


def test_a_change_of_a_test_or_of_its_model_selects_the_tests() -> None:
    whole, fast = selection([UNITS / "_probes" / "test_moves.py", UNITS / "_probes" / "probe_model.py"])
    assert whole == {UNITS / "_probes" / "test_moves.py"}
    assert UNITS / "_probes" / "plan" / "test_plan.py" in fast


def test_a_profile_or_a_recording_is_tested_by_all_recordings() -> None:
    recordings = Path("tests/recordings")
    for path in (Path("plugins/module_utils/_devices/profiles/a10.yml"), recordings / "sources" / "mikrotik.yml"):
        whole, _fast = selection([path])
        assert recordings / "test_recordings.py" in whole
    whole, _fast = selection([Path("plugins/module_utils/_devices/profiles/a10.yml")])
    assert UNITS / "_devices" / "test_profiles.py" in whole


def test_a_described_variable_is_tested_by_its_page() -> None:
    for name in ("roles/collect/meta/argument_specs.yml", "playbooks/inventory.meta.yml", "tests/variables_page.yml"):
        _whole, fast = selection([Path(name)])
        assert VARIABLES in fast


def test_each_mutation_changes_the_code_and_leaves_it_code() -> None:
    found = mutations(SOURCE)
    assert mutations(SOURCE) == found, "the same seed must choose the same ones"
    changed = [one.apply(SOURCE) for one in found]
    whole = ast.dump(ast.parse(SOURCE))
    assert all(ast.dump(ast.parse(text)) != whole for text in changed)
    assert all("Nothing here either: 1 < 2." in text and "of which nothing" in text for text in changed)
    kinds = {"comparison", "and/or", "dropped not", "dropped statement", "return None", "constant", "dropped argument"}
    assert kinds <= {one.kind for one in found}
    assert {one.line for one in found} == {2, 7, 8, 9}
