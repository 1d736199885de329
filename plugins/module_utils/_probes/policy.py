# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user decided about parts that are gone, and about the brake; netbox_probe explains each option."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._common.near import near as near_words
from .._netbox.errors import NetBoxOptionError
from .._outgoing.text import printable

#: What is done to the row of a part that becomes gone.
GONE_ACTIONS = ("report", "tag", "comment", "delete")

POLICY_OPTIONS: dict[str, dict[str, Any]] = {
    "gone": {"type": "str", "choices": list(GONE_ACTIONS), "default": "report"},
    "gone_after": {"type": "int", "default": 2},
    "gone_after_hours": {"type": "int", "default": 12},
    "gone_after_days": {"type": "int"},
    "gone_tag": {"type": "str"},
    "gone_age": {"type": "int"},
    "brake_share": {"type": "int", "default": 30},
    "brake_parts": {"type": "int", "default": 5},
    "run_brake_share": {"type": "int", "default": 20},
    "release": {"type": "list", "elements": "str", "default": []},
    "accept": {"type": "list", "elements": "str", "default": []},
    "refresh_after": {"type": "float", "default": 20.0},
}
#: In `release`: every device, and the whole run.
ALL = "all"
#: Longest refresh_after: a year.
MOST_REFRESH_HOURS = 8760


@dataclass(frozen=True)
class Policy:
    """The options that a plan depends on; the defaults are those of the module."""

    gone_action: str = "report"  #: the option `gone`: what is done to the row of a part that becomes gone
    gone_after: int = 2  #: complete collections in a row without the part
    gone_after_hours: int = 12  #: hours from the first to the last of them, at least
    gone_after_days: int | None = None  #: days since the first of them; None: only their number counts
    gone_tag: str | None = None  #: slug of a tag of NetBox
    gone_age: int | None = None  #: days since a gone part was last seen, after which its rows are deleted
    brake_share: int = 30  #: per cent of a device's known parts that may be altered in one run
    brake_parts: int = 5  #: fewer altered parts than this hold no device
    run_brake_share: int = 20  #: per cent of all known parts of a run
    release: Sequence[str] = ()  #: devices that the brake lets pass
    accept: Sequence[str] = ()  #: devices that may be another box than NetBox knows; the brake lets them pass as well
    #: hours after which the row of an unchanged part is written again, by the next run at the latest; 0: by each run
    refresh_after: float = 20.0

    def lets_pass(self, names: Iterable[str]) -> bool:
        """True if the brake does not count a device of these names."""
        return ALL in self.release or self.accepts(names) or bool(set(names) & set(self.release))

    def accepts(self, names: Iterable[str]) -> bool:
        """True if a device of these names may be another box."""
        return bool(set(names) & set(self.accept))

    def unmatched(self, names: Iterable[str]) -> list[str]:
        """A warning for each name in `release` and `accept` that is not among these: a typing error."""
        names = {str(name) for name in names}
        given = [("release", name) for name in self.release if name != ALL] + [("accept", name) for name in self.accept]
        unknown = [(option, name) for option, name in dict.fromkeys(given) if name and name not in names]
        return [
            f'{option}: no device of this upload has the name "{printable(name)}".{_near(name, names)}'
            for option, name in unknown
        ]


def _near(name: str, names: Iterable[str]) -> str:
    """The names that may be meant: those of which it is the beginning (without its domain), or similar ones."""
    known = {one.casefold(): one for one in sorted(names)}
    word = name.casefold()
    near = [other for other in known if other.startswith(f"{word}.")] or near_words(word, known, 2)
    return f" Did you mean {' or '.join(printable(known[other]) for other in near[:2])}?" if near else ""


def read_policy(params: Mapping[str, Any]) -> Policy:
    """The policy of validated params. Raises NetBoxOptionError."""
    given = {name: params[name] for name in POLICY_OPTIONS if params.get(name) is not None}
    for name in ("release", "accept"):
        given[name] = tuple(str(one).strip() for one in given.get(name, ()))  # "r1, r2" of the command line
    policy = Policy(gone_action=given.pop("gone", "report"), **given)
    if not 0 <= policy.refresh_after <= MOST_REFRESH_HOURS:
        raise NetBoxOptionError(
            f"refresh_after must be from 0 (each run writes all rows) to {MOST_REFRESH_HOURS} hours, not "
            f"{policy.refresh_after:g}."
        )
    if policy.gone_after < 1:
        raise NetBoxOptionError(f"gone_after must be at least 1, not {policy.gone_after}.")
    if policy.gone_after_hours < 0:
        raise NetBoxOptionError(f"gone_after_hours must not be negative, not {policy.gone_after_hours}.")
    if policy.gone_after_days is not None and policy.gone_after_days < 0:
        raise NetBoxOptionError(f"gone_after_days must not be negative, not {policy.gone_after_days}.")
    if policy.gone_action == "tag" and not policy.gone_tag:
        raise NetBoxOptionError("gone: tag needs gone_tag, the slug of a tag that exists in NetBox.")
    if policy.gone_action == "delete" and (policy.gone_age is None or policy.gone_age < 1):
        raise NetBoxOptionError("gone: delete needs gone_age, the days (1 or more) since the part was last seen.")
    for name in ("brake_share", "run_brake_share"):
        share = getattr(policy, name)
        if not 0 <= share <= 100:
            raise NetBoxOptionError(f"{name} must be a percentage from 0 to 100 (100: no brake), not {share}.")
    if policy.brake_parts < 1:
        raise NetBoxOptionError(f"brake_parts must be at least 1, not {policy.brake_parts}.")
    return policy
