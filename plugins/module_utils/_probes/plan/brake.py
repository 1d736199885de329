# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The brake: if more of the known parts changed or disappeared than one night explains, a person looks first.

Known are the parts that NetBox's rows, written by this collection, showed when the device was last read. New parts, a
first run, rows of the older scripts, and another site or location (NetBox sets these, not the device) never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ..._common.typed_json import Rules, written
from ..._outgoing.text import printable, to_be_given
from ..policy import ALL, Policy
from .step import Create, Step

#: The brake of the whole run counts from so many parts on, and on so many devices: one has a brake of its own.
RUN_PARTS = 20
RUN_DEVICES = 2
#: A share of a device's parts that lets everything pass.
_NO_BRAKE = 100
#: So many devices are named as those with the most.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Altered:
    """How many of the known parts of a device would be changed, or away."""

    JSON: ClassVar[Rules] = Rules(all_keys=True)

    known: int = 0
    changed: int = 0  #: in another state, or in another slot
    away: int = 0  #: not seen any more, or on another device
    #: parts that it reports, new ones too, or that another device reports in its place
    reported: int = field(default=0, metadata=written(key="told"))

    def __add__(self, other: Altered) -> Altered:
        """The number of both together."""
        return Altered(
            self.known + other.known,
            self.changed + other.changed,
            self.away + other.away,
            self.reported + other.reported,
        )

    @property
    def number(self) -> int:
        """Parts that would not be as they were."""
        return self.changed + self.away

    @property
    def silent(self) -> bool:
        """True if the device answers and reports nothing: it cannot have lost its own chassis."""
        return bool(self.away) and not self.reported

    def exceeds(self, share: int, parts: int) -> bool:
        """True from so many parts on, if they are more than this share (per cent) of the known ones."""
        return self.number >= parts and self.number * 100 > share * self.known

    def words(self) -> str:
        """For a person."""
        kinds = [f"{self.changed} changed"] if self.changed else []
        kinds += [f"{self.away} not seen or on another device"] if self.away else []
        return f"{self.number} of {self.known} known parts are different ({', '.join(kinds)})"


#: The variables of the role upload with which a person lets a held device pass.
RELEASE, ACCEPT = "upload_release", "upload_accept"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing of a device, or of a run, is written until a person has looked."""

    JSON: ClassVar[Rules] = Rules(all_keys=True)

    why: str
    answer: str  #: what to type if it is right
    whole_run: bool = False

    @property
    def sentence(self) -> str:
        """All of it, where nothing else is shown."""
        what = "held, the whole run" if self.whole_run else "held"
        return f"{what}: {self.why}. Nothing of it is written. If this is correct: {self.answer}"


def to_type(variable: str, name: str) -> str:
    """The option of ansible-playbook that gives a role this name of a device, and nothing else, whatever the name."""
    given = to_be_given(name)
    return f"-e {variable}={given}" if given == name else f"""-e '{{"{variable}": {given}}}'"""


@dataclass(frozen=True)
class Holds:
    """Which hosts are held, and whether the whole run is."""

    hosts: Mapping[str, Hold] = field(default_factory=dict)
    run: Hold | None = None


def alters(step: Step | None) -> bool:
    """True if a step changes the state of a known part because of what the device reported."""
    if not isinstance(step, Create) or step.fate not in ("changed", "swapped"):
        return False
    return bool(set(step.changes or ()) - {"site", "location"})


def brake(found: Mapping[str, Altered], names: Mapping[str, Iterable[str]], policy: Policy) -> Holds:
    """Decide who is held.

    found: host -> what would be altered. names: host -> all names by which the user may release it.
    """
    open_hosts = [host for host in sorted(found) if not policy.lets_pass(names[host])]
    reasons = {host: _why(found[host], policy) for host in open_hosts}
    hosts = {host: Hold(why, to_type(RELEASE, host)) for host, why in reasons.items() if why}
    total = sum((found[host] for host in open_hosts), Altered())
    concerned = [host for host in open_hosts if found[host].number]
    if len(concerned) < RUN_DEVICES or not total.exceeds(policy.run_brake_share, RUN_PARTS):
        return Holds(hosts)
    most = sorted(concerned, key=lambda host: (-found[host].number, host))[:_NAMED]
    named = ", ".join(f"{printable(host)} ({found[host].number})" for host in most)
    why = f"{total.words()}, more than {policy.run_brake_share} %, most of them on {named}"
    run = Hold(why, to_type(RELEASE, ALL), whole_run=True)
    return Holds({host: hosts.get(host, run) for host in open_hosts}, run)


def _why(altered: Altered, policy: Policy) -> str | None:
    """Why a device is held; None if it is not."""
    if altered.silent and policy.brake_share < _NO_BRAKE:
        return f"it answers, but reports none of its {altered.known} known parts and no other part"
    if altered.exceeds(policy.brake_share, policy.brake_parts):
        return f"{altered.words()}, more than {policy.brake_share} %"
    return None
