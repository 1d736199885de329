# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows are pluggable optics and cable ends. entPhysicalClass has no word for them: agents say port, module,
container, other or nothing, so it is decided by what a pluggable is: a part of its own, in a cage, without ports.

A form factor in a text may be that of the part, or of what is plugged into it, and a number before it a count of ports,
of lanes, or a place. Places are taken out first (without_place). Then a count before the form factor is of
ports ("48x25GbE (SFP)", "4XQSFP28 PIC"), one behind it is of lanes ("QSFP-4X10G-LR"), if it is one that has several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Words of form factors (SFF-8024, table 4-1) as agents spell them: SFP, SFP+, SFP28, QSFP28-DD, XFP, CFP2, GBIC, ...
_FORM_FACTOR = re.compile(
    r"(?:(?<![A-Za-z])|(?<=\dG)|(?<=\dGE))"
    r"(?:(?P<lanes>(?:micro)?QSFP(?P<rate>10|14|28|56|112|\+|_?P(?:LUS)?|[124]?00?G)?(?P<double>[-_]?DD(?:800)?)?|QDD"
    r"|SFP(?:28|56|112|\+)?-?DD|DSFP"
    r"|OSFP(?:800|-?XD)?|CFP[248]?(?:-[AD]CO)?|CXP|CDFP|CPAK)"
    r"|[eC]?SFP(?:10|28|30|56|112|\+|_?P(?:LUS)?|(?:1|10|25)G)?|XFP-?E?|GBIC|XENPAK|XPAK|X2)"
    r"(?![A-Za-z0-9])",
    re.I,
)
#: What a QSFP carries in Gb/s, by the number in its name; others of several lanes carry more.
_CARRIES = {"+": 56, "10": 56, "14": 56, "28": 128, "56": 224, "112": 448}
_CARRIES_MORE = 1600
_MOST_LANES = 12
_PLUGGABLE = re.compile(r"transceiver|xcvr|pluggable optic|optic(s|al) module", re.I)
#: IEEE 802.3 names of media: 1000BaseSX, 10GBASE-LR, 100GBASE-CWDM4; and those of agents: 10GE CU2M, 100GE-LR4
_MEDIUM = re.compile(
    r"\b(?:10/){0,2}(?:10+ ?G?|(?:2\.5|5|25|40|50|200|400|800) ?G)BASE-?[A-Z]{1,4}\d{0,2}\b"
    r"|\b\d{1,3}GE (A?CU|AOC)\d|\b\d{1,3}GE-(?:[SLEZ]R|LRM|FR|DR|CWDM|PSM|AOC)",
    re.I,
)
#: Order codes that only pluggables have.
_ORDER_CODE = re.compile(
    r"(Q?SFP|OSFP|QDD|XFP|CFP\d?|CPAK|GLC|XENPAK|DWDM-(SFP|XFP|GBIC|X2)|CWDM-(SFP|GBIC)|WS-G54\d\d|X2-10GB|ONS-S[CEI])"
    r"[-+\d]",
    re.I,
)
#: Where a part sits, in its own text: "Chassis 1 Slot 1 Port 20", "(slot:1-port:25)", "Rack 1 Slot A". The number of
#: "Slot 48-port SFP" is no place.
_PLACE = re.compile(
    r"\b(?:chassis|member|rack|switch|shelf|node|stack|sub-?slot|slot|port|unit|frame|cabinet|fpc|pic|mic)"
    r"(?:[ _#:=.-]{1,2}(?:[A-Z]?\d{1,4}(?:[/.:]\d{1,4}){0,4}|(?-i:[A-L]))|\d{1,4}(?:[/.:]\d{1,4}){0,4})"
    r"(?![A-Za-z0-9])(?![ -]?(?:ports?|slots?)\b(?![ :#=.-]{0,2}[A-Z]?\d))"
    # A card is a place where a port of it follows: "Linecard-1 Port-50".
    r"|\b(?:line ?card|card|board|module|blade|lc|iom|mda|nim)[ _#:.-]{0,2}\d{1,3}(?:/\d{1,3}){0,3}"
    r"(?=[ ,/:;_-]{1,3}(?:slot|sub-?slot|port|pic)\b)",
    re.I,
)
#: A text that counts ports or names a cage is not about what is plugged in: "8-port SFP+ module", "SFP container".
_HOLDER = re.compile(
    r"\b\d{1,3}p\b|\bcontainer|\bcage|\bbay\b|\bcarrier\b|(?<![/:\d])\d{1,3}[ -]?(ports?|slots?)\b(?![:-]\d)"
    r"|\b(?:dual|quad|two|four|eight|twelve|sixteen)[ -]ports?\b",
    re.I,
)
#: A count of something: "48x25GbE", "6xGE", "20x 1GE", "4XQSFP28", "-24GE".
_COUNT = re.compile(
    r"(?<![A-Za-z0-9.])(?P<count>\d{1,3}) ?[x*\u00d7] ?"
    r"(?:(?P<speed>\d{1,4})(?:/\d{1,4}){0,3} ?[GM]|(?=[XT]?GE\b|[QCO]?SFP|XFP|GBIC))"
    r"|-(?P<ports>\d{1,3}) ?GE\b",
    re.I,
)
#: A container that is called after the port or interface of the pluggable in it: "TenGigabitEthernet3/0/8 Container".
_CAGE_OF = re.compile(
    r"(?:ethernet|gig[a-z]*|\b(?:te|gi|fa|fi|fo|hu|twe|eth|[gx]e|et)-?) ?\d{1,4}(?:/\d{1,4}){1,4}"
    r"|ethernet container|\bport[ _#:-]{0,2}\d|(?<!drive )(?<!disk )(?<!fan )\bcage\b",
    re.I,
)
#: Other parts that name a form factor in passing.
_OTHER_PART = re.compile(
    r"line ?card|supervisor|switch\b|\brouter\b|\badapter\b|\bcontroller\b|\b(board|card|blade)\b|routing engine"
    r"|\b(network|interface|uplink|expansion|extension|extender|flexible|stacking|management) (module|card)|sub-?card\b"
    r"|\b(PIC|MIC|FPC|MDA|IOM|NIM|SPA|MPA)\b|\b(E?HWIC|WIC|SM|EPA)-\d|\bfan\b|power supply|sensor|processor",
    re.I,
)

#: Classes that a pluggable never has; a sensor's serial is that of the part it measures (see entity_optics.py).
_NEVER = frozenset({"chassis", "stack", "backplane", "powerSupply", "fan", "cpu", "battery", "storageDrive", "sensor"})


def is_transceiver(category: str, texts: Iterable[str | None], part: str | None, cage: str | None = None) -> bool:
    """True for a row with a serial of its own that is a pluggable optic or cable end.

    category: its entPhysicalClass word. texts: its name and description. part: its model. cage: name and description
    of the container or port that it sits in, None where it sits in something else.
    """
    if category in _NEVER:
        return False
    if category == "port":
        # A fixed port has no label of its own: what it reports is plugged into it.
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
    if any(_counts_ports(text) for text in said):
        return False
    return any(_FORM_FACTOR.search(text) or _MEDIUM.search(text) for text in said) or is_cage(cage)


def may_be_transceiver(category: str, texts: Iterable[str | None]) -> bool:
    """False for a row whose words or class make it something else, whatever contains it."""
    said = [without_place(text) for text in texts if text]
    other = any(_HOLDER.search(text) or _OTHER_PART.search(text) or _counts_ports(text) for text in said)
    return category not in _NEVER and not other


def without_place(text: str) -> str:
    """A description without the place of the part: "QSFP+-40G-LR4 @ 0/1/0", "Chassis 1 Slot 1 Port 20 SFP+"."""
    return _PLACE.sub(" ", text.partition(" @ ")[0])


def is_cage(text: str | None) -> bool:
    """The text names a place for pluggables: "SFP container", "subslot 0/0 transceiver container 1", "Te3/0/8"."""
    return names_pluggable(text) or bool(_CAGE_OF.search(text or ""))


def is_form_factor(text: str) -> bool:
    """Whether a text is the word of a form factor and nothing else: SFP28, QSFP112, CFP2."""
    return _FORM_FACTOR.fullmatch(text) is not None


def names_pluggable(text: str | None) -> bool:
    """The text has a word for pluggables, or for a form factor of them."""
    return bool(_PLUGGABLE.search(text or "") or _FORM_FACTOR.search(text or ""))


def has_one_lane(texts: Iterable[str | None]) -> bool:
    """The texts of a pluggable name a form factor of one lane: it cannot be broken out into several ports."""
    forms = [form for text in texts if text and (form := _FORM_FACTOR.search(text))]
    return bool(forms) and not any(form["lanes"] for form in forms)


def _counts_ports(text: str) -> bool:
    form = _FORM_FACTOR.search(text)
    return any(not _is_of_lanes(count, form, text) for count in _COUNT.finditer(text))


def _is_of_lanes(count: re.Match[str], form: re.Match[str] | None, text: str) -> bool:
    """Whether a count is of the lanes of one pluggable, by the position of its form factor and what that can carry."""
    behind = form is not None and form.end() <= count.start() + 1
    if count["ports"]:
        return behind  # "SFP-10GE-LR" is a speed
    lanes = int(count["count"])
    if form is None or not form["lanes"] or not 1 < lanes <= _MOST_LANES:
        return False
    if behind:
        return True  # also "QSFP28 to 4xSFP28"
    if count["speed"] is None or re.search(r"\bmodule\b", text, re.I):
        return False
    carries = _CARRIES_MORE if form["double"] else _CARRIES.get(form["rate"] or "", _CARRIES_MORE)
    return lanes * int(count["speed"]) <= carries
