# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user decided about parts that are gone; the netbox_probe module explains each option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import NetBoxOptionError

#: What is done to the row of a part that becomes gone.
GONE_ACTIONS = ("report", "tag", "comment")

POLICY_OPTIONS: dict[str, dict[str, Any]] = {
    "gone": {"type": "str", "choices": list(GONE_ACTIONS), "default": "report"},
    "gone_after": {"type": "int", "default": 2},
    "gone_after_days": {"type": "int"},
    "gone_tag": {"type": "str"},
}


@dataclass(frozen=True)
class Policy:
    """The options that a plan depends on; the defaults are those of the module."""

    gone: str = "report"
    gone_after: int = 2  #: complete collections in a row without the part
    gone_after_days: int | None = None  #: days since the first of them; None: only their number counts
    gone_tag: str | None = None  #: slug of a tag of NetBox


def read_policy(params: Mapping[str, Any]) -> Policy:
    """The policy of validated params. Raises NetBoxOptionError."""
    policy = Policy(**{name: params[name] for name in POLICY_OPTIONS if params.get(name) is not None})
    if policy.gone_after < 1:
        raise NetBoxOptionError(f"gone_after must be at least 1, not {policy.gone_after}.")
    if policy.gone_after_days is not None and policy.gone_after_days < 0:
        raise NetBoxOptionError(f"gone_after_days must not be negative, as {policy.gone_after_days} is.")
    if policy.gone == "tag" and not policy.gone_tag:
        raise NetBoxOptionError("gone: tag needs gone_tag, the slug of a tag that stands in NetBox.")
    return policy
