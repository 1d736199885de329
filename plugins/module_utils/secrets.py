# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which secrets may be replaced in data without harm."""

from __future__ import annotations

from collections.abc import Iterable

#: A v3 passphrase has at least 8 characters (RFC 3414, 11.2) and a NetBox token 40; a community may have one.
SHORTEST_MASKABLE = 8


def maskable(secrets: Iterable[str]) -> set[str]:
    """The secrets that can be replaced wherever they stand.

    Ansible masks by substring. A short community ("9300") would eat pieces of part numbers and serials, and a record
    that was changed so would be written to NetBox: such a secret is kept out of results by never putting it there,
    for no message of ours names one.
    """
    return {secret for secret in secrets if len(secret) >= SHORTEST_MASKABLE}
