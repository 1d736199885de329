# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's fixtures for its own tests."""

from __future__ import annotations

from ansible_collections.invmon.network.tests.lab.fixtures import lab, name_servers, services

__all__ = ["lab", "name_servers", "services"]
