# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The marks of the unit tests, also for ansible-test, which does not read pyproject.toml; and how properties are tried:

with the same examples each time, so that `make test` fails for what a change has done and not by chance. `make
properties` looks for new examples. A find becomes an `@example(...)` beside its `@given(...)`, with the mend.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

REPEATED = "repeated"

# No deadline: a test asserts no time.
settings.register_profile(REPEATED, derandomize=True, database=None, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    # Profiles are read where a test is defined, which is after this.
    settings.load_profile(config.getoption("--hypothesis-profile", None) or REPEATED)
    config.addinivalue_line("markers", "slow: takes seconds; left out by `make check` where its room has no change")
