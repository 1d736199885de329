# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as pytest fixtures. A conftest.py that needs them imports them: `from ...tests.lab.fixtures import lab`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.invmon.network.tests.lab.lab import Lab
from ansible_collections.invmon.network.tests.lab.namespaces import why_not


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The network of tests/lab/lab.py, one for all tests of a process."""
    if reason := why_not():
        pytest.skip(f"this test needs network namespaces: {reason}")
    with Lab() as running:
        yield running
