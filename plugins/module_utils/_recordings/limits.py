# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What recording one device may cost; apart from the recorder, which most runs do not import."""

from __future__ import annotations

from .._snmp.budget import Limits

#: A recording is more than what a reader asks for, and is made on request.
LIMITS = Limits(rows=500_000, seconds=3600, values=1_000_000, octets=128 * 1024 * 1024, cpu_seconds=3600)
