# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fuzzing of what comes from outside: replies, variables of devices, files.

`make test` runs each test some hundred times with the same examples every time (profile `bounded`, a few seconds for
all of them); `make fuzz` looks for new ones for minutes (profile `long`), and remembers in .hypothesis what it found,
so that the next run begins with it. A test uses plain `@given(...)`: `@settings` of its own would overrule the profile.

A find becomes an `@example(...)` beside its `@given(...)`, with the mend.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

BOUNDED, LONG = "bounded", "long"

settings.register_profile(BOUNDED, max_examples=100, derandomize=True, database=None, deadline=None)
settings.register_profile(
    LONG, max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def pytest_configure(config: pytest.Config) -> None:
    # Profiles are read where a test is defined, which is after this and before other folders' tests are.
    settings.load_profile(config.getoption("--hypothesis-profile") or BOUNDED)
