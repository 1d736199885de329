# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors about names and MIBs."""

from __future__ import annotations

from .._common.errors import InvmonError


class MibError(InvmonError):
    """A name that no MIB defines, a MIB that cannot be read, or an index that does not fit its table."""

    reason = "mib"
