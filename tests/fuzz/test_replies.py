# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever NetBox answers, our own code turns it into one line of a message."""

from __future__ import annotations

from typing import Any

from ansible_collections.invmon.network.plugins.module_utils.netbox.replies import words_of
from hypothesis import given
from hypothesis import strategies as st

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_errors_of_any_shape_become_words(errors: Any) -> None:
    assert isinstance(words_of(errors), str)
