# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every form of a report is made of: the nights, the inventory, and where each part was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .._discovery.overview import Overview
from .._history.from_rows import Span
from .._history.nights import Night
from .._history.parts import PartState


@dataclass(frozen=True)
class Report:
    """What a report is made of."""

    nights: Sequence[Night]  #: oldest first; the last one is the night of the report
    parts: Sequence[PartState] = ()  #: the inventory, in its order
    lives: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    netbox: str | None = None  #: address for links
    notes: Sequence[str] = ()  #: what is wrong with the report itself: a damaged file, a NetBox that did not answer
    now: datetime = field(default_factory=lambda: datetime.now().astimezone())
    title: str = "Inventory"
    discovery: Overview | None = None  #: the last scan of networks; None: none is on record
    has_inventory: bool = True  #: False if it was not read: that there are no parts proves nothing

    @property
    def links(self) -> str | None:
        """The address that links begin with: of the web, nothing that a browser would run."""
        return self.netbox if self.netbox and self.netbox.startswith(("http://", "https://")) else None

    @property
    def shown_nights(self) -> Sequence[Night]:
        """The nights that can be compared with each other, oldest first.

        A dry run wrote nothing. A run of some hosts only says nothing about the whole network, unless all runs are of
        some. A run that began in the future had a wrong clock.
        """
        end = self.now + timedelta(days=1)
        known = [one for one in self.nights if not (one.is_dry or one.record.get("period") or one.started > end)]
        whole = [one for one in known if not one.is_partial]
        return sorted(whole or known, key=lambda night: night.started)

    @property
    def record(self) -> Mapping[str, Any]:
        """The record of the night that the report is about; empty without any."""
        return self.nights[-1].record if self.nights else {}
