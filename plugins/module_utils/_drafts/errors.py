# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why there is no draft."""

from __future__ import annotations

from .._common.errors import InvmonError


class DraftError(InvmonError):
    """The device shows nothing that a profile could read: the message has what was compared, and what to do."""

    reason = "profile"
