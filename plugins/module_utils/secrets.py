# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping secrets out of results, without harm to what devices said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.common.parameters import remove_values

#: Keys of a result that hold sentences; everything else is data.
SENTENCES = ("msg", "warnings", "where", "incomplete")

#: A v3 passphrase has at least 8 characters (RFC 3414, 11.2) and a NetBox token 40; a community may have one.
SHORTEST_MASKABLE = 8


def without_secrets(result: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    """The result with asterisks for secrets in its sentences.

    No sentence of ours names a secret; this is the second lock. Data has none, because options are never put there,
    and it is left alone: Ansible masks by substring, so that a community such as "Ethernet" would eat pieces of
    names, and a record that was changed so would be written to NetBox. Nor is a short secret worth masking: every
    sentence would lose its "a".
    """
    maskable = {secret for secret in secrets if len(secret) >= SHORTEST_MASKABLE}
    masked = {key: remove_values(result[key], maskable) for key in SENTENCES if key in result}
    return {**result, **masked}
