# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mistake in a profile of ours ends a run of tests before it begins: else most of them fail, far from the place."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import ProfileFileError, shipped


def require_valid_profiles(config: pytest.Config) -> None:
    """Raises pytest.UsageError with the file, line and key of the first mistake."""
    if hasattr(config, "workerinput"):
        return  # A process of xdist, whose parent has looked.
    try:
        profiles = shipped()
        for name in profiles.by_name:
            profiles.layout(name)
    except ProfileFileError as error:
        raise pytest.UsageError(str(error)) from None
