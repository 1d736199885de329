# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows are pluggable optics and cable ends. entPhysicalClass has no word for them: agents say port, module,
container, other or nothing, so it is told from what a pluggable is: a part of its own, in a cage, without ports."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Words of form factors (SFF-8024, table 4-1) as agents spell them: SFP, SFP+, SFP28, QSFP28-DD, XFP, CFP2, GBIC, ...
_FORM_FACTOR = re.compile(
    r"(?<![A-Za-z])((micro)?Q?SFP(28|56|112|\+)?(-?DD)?|OSFP|DSFP|XFP-?E?|GBIC|CFP[248]?|CXP|CPAK|XENPAK|XPAK|X2)"
    r"(?![A-Za-z0-9])",
    re.I,
)
_PLUGGABLE = re.compile(r"transceiver|xcvr|pluggable optic|optic(s|al) module", re.I)
#: IEEE 802.3 names of media: 1000BaseSX, 10GBASE-LR, 100GBASE-CWDM4
_MEDIUM = re.compile(r"\b(10/)*10+ ?G?BASE-?[A-Z]{1,2}\d{0,2}\b|\b\d{1,3}GE (A?CU|AOC)\d", re.I)
#: Order codes that stand for pluggables alone.
_ORDER_CODE = re.compile(
    r"(Q?SFP|OSFP|XFP|CFP\d?|CPAK|GLC|XENPAK|DWDM-(SFP|XFP|GBIC|X2)|CWDM-(SFP|GBIC)|WS-G54\d\d|X2-10GB|ONS-S[CEI])[-+\d]",
    re.I,
)
#: A text that counts ports or names a cage is not about what is plugged in: "48x25GbE (SFP)", "8-port SFP+ module".
_HOLDER = re.compile(
    r"\b\d{1,3} ?x ?(?=\d|Q?SFP|[XCO]S?FP)|\b\d{1,3}p\b|\bcontainer|\bcage|\bbay\b|\bcarrier\b"
    r"|(?<!slot )(?<!unit )(?<![/:\d])\d{1,3}[ -]?(ports?|slots?)\b(?![:-]\d)"
    r"|-\d{1,3} ?GE\b",
    re.I,
)
#: Other parts that name a form factor in passing.
_OTHER_PART = re.compile(
    r"line ?card|supervisor|switch\b(?! ?\d)|\brouter\b|\badapter\b|\bcontroller\b|\b(board|card|blade)\b"
    r"|\b(network|interface|uplink|expansion|extension|extender|flexible|stacking) (module|card)|sub-?card\b"
    r"|\b(PIC|MIC|FPC|MDA|IOM|NIM|SPA|MPA)\b|\b(E?HWIC|WIC|SM|EPA)-\d|\bfan\b|power supply|sensor|processor",
    re.I,
)

#: Classes that a pluggable never has; a sensor's serial is that of the part it measures (see entity.py).
_NEVER = frozenset({"chassis", "stack", "backplane", "powerSupply", "fan", "cpu", "battery", "storageDrive", "sensor"})


def is_transceiver(category: str, texts: Iterable[str | None], part: str | None, cage: str | None = None) -> bool:
    """True for a row with a serial of its own that is a pluggable optic or cable end.

    category: its entPhysicalClass word. texts: its name and description. part: its model. cage: name and description
    of the container or port that it sits in, None where it sits in something else.
    """
    if category in _NEVER:
        return False
    if category == "port":
        # A fixed port has no label of its own: what is told there is plugged into it.
        return True
    said = [without_place(text) for text in texts if text]
    if any(_HOLDER.search(text) for text in said):
        return False
    if any(_PLUGGABLE.search(text) for text in said):
        return True
    if any(_OTHER_PART.search(text) for text in said):
        return False
    if part and _ORDER_CODE.match(part):
        return True
    return any(_FORM_FACTOR.search(text) or _MEDIUM.search(text) for text in said) or is_cage(cage)


def without_place(text: str) -> str:
    """A description without the place behind it: "QSFP+-40G-LR4 @ 0/1/0", "... @ /Chassis[0]/Fpc[0]/Pic[0]/Port[0]"."""
    return text.partition(" @ ")[0]


def is_cage(text: str | None) -> bool:
    """The text names a place for pluggables: "SFP container", "subslot 0/0 transceiver container 1"."""
    return bool(text) and bool(_PLUGGABLE.search(text or "") or _FORM_FACTOR.search(text or ""))
