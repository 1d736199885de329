# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scalars that come with a walk: what costs no request of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .transport import EXCEPTIONS, Oid, VarBind


@dataclass
class Singles:
    """Scalars that the first GETBULK of a walk asks for as well, as its non-repeaters (RFC 3416, section 4.2.3)."""

    wanted: list[Oid]
    found: dict[Oid, VarBind | None] = field(default_factory=dict)  #: None: the agent has none; absent: not known

    @property
    def before(self) -> list[Oid]:
        """What GETNEXT is asked for, to get them."""
        return [oid[:-1] for oid in self.wanted]

    def take(self, reply: Sequence[VarBind]) -> None:
        """What follows is a scalar itself, or something behind it where the agent does not have it."""
        for oid, varbind in zip(self.wanted, reply, strict=False):
            if varbind.kind in EXCEPTIONS or varbind.oid >= oid:
                self.found[oid] = varbind if varbind.oid == oid and varbind.kind not in EXCEPTIONS else None
