# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.invmon.network.tests.recordings.valid_profiles import require_valid_profiles


def pytest_configure(config: pytest.Config) -> None:
    require_valid_profiles(config)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--recordings", metavar="FOLDER", help="test the recordings of this folder instead of ours")
