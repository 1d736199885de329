# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox of the integration tests: one for all of them that ask for it in a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.sandbox.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield Night(sandbox)


@pytest.fixture
def night(sandbox_night: Night) -> Night:
    """The sandbox with an empty probe table."""
    sandbox_night.forget()
    return sandbox_night
