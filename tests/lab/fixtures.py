# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as pytest fixtures. A conftest.py that needs them imports them: `from ...tests.lab.fixtures import lab`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.invmon.network.tests.lab.lab import Lab
from ansible_collections.invmon.network.tests.lab.names import NameServer, start_name_servers
from ansible_collections.invmon.network.tests.lab.namespaces import why_not
from ansible_collections.invmon.network.tests.lab.services import start_services


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The network of tests/lab/lab.py, one for all tests of a process."""
    if reason := why_not():
        pytest.skip(f"this test needs network namespaces: {reason}")
    with Lab() as running:
        yield running


@pytest.fixture(scope="session")
def name_servers(lab: Lab) -> dict[str, NameServer]:
    """The name servers of tests/lab/names.py."""
    return start_name_servers(lab)


@pytest.fixture(scope="session")
def services(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """The lab with the services of tests/lab/services.py."""
    start_services(lab, tmp_path_factory.mktemp("certificates"))
    return lab
