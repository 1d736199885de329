# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a column or scalar is probably: by its values, by what else the device reports, and by its name in a MIB."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .._devices.values import day
from .._parts.kinds import is_plain
from .._parts.labels import device_text, labelled_serial
from .._parts.serials import Verdict, is_placeholder, judge
from .._snmp.agent import Index, Value
from .._snmp.transport import Oid
from .device import Device
from .looks import (
    NEVER,
    is_description,
    is_maker,
    is_measure,
    is_place,
    is_revision,
    is_software,
    model_weight,
    outline,
    serial_odds,
)
from .names import absent_numbers, categories_of, role_by_name

#: From these weights on a guess is certain; certain enough to be used; and worth a comment. A serial number is used if
#: it is more likely than not: it has to pass judge() as well, and the user compares the records with the device.
CERTAIN, SURE, LIKELY, POSSIBLE = 0.85, 0.6, 0.5, 0.3
#: Worth a comment where nothing else in the device looks like a serial number.
REMOTE = 0.08
#: What is left of the weight of a guess by values where a MIB calls the column otherwise.
_UNNAMED = 0.6
#: Cells that are looked at.
_MOST_CELLS = 2_000
#: Of the cells with a text, so many may be no serials.
_FEW = 0.2
#: Digits of an INTEGER that may be a serial number.
_LEAST_DIGITS = 6
#: So many small numbers that all are keys of another table are hardly so by chance.
_TELLING = 4
#: Cells that show whether a column repeats itself.
_SEVERAL = 3


@dataclass(frozen=True)
class Guess:
    """What a column may be, how certainly (0 to 1), and why."""

    role: str
    weight: float
    reason: str


@dataclass(frozen=True)
class Column:
    """A column with its cells, or a scalar with its one value."""

    oid: Oid  #: of a scalar with its instance
    cells: Mapping[Index, Value]
    name: str = ""  #: in a MIB; empty where none has it
    labels: Mapping[int, str] = field(default_factory=dict)  #: of an enumeration, in a MIB

    @cached_property
    def texts(self) -> Sequence[str]:
        """The texts that are some, clean."""
        found = [device_text(value) for value in self._values if isinstance(value, bytes) and is_plain(value)]
        return [text for text in found if text and not is_placeholder(text)]

    @cached_property
    def verdicts(self) -> Sequence[Verdict]:
        """What judge() makes of the cells, but for those that have none."""
        found = [judge(value) for value in self._values]
        return [verdict for verdict in found if verdict.serial and verdict.reason not in _NONE]

    @cached_property
    def has_placeholders(self) -> bool:
        """Whether some rows have a word for "none" (BUILTIN, N/A), as columns of serials have."""
        return any(judge(value).reason == "placeholder" for value in self._values)

    @cached_property
    def numbers(self) -> Sequence[int]:
        """The plain INTEGERs."""
        return [value for value in self._values if isinstance(value, int) and is_plain(value)]

    @cached_property
    def serials(self) -> frozenset[str]:
        """The different texts that can be serials."""
        return frozenset(verdict.serial for verdict in self.verdicts if not verdict.reason)

    @cached_property
    def outline(self) -> str:
        """The most frequent shape of its serials: AAA9999A9AA."""
        return Counter(map(outline, sorted(self.serials))).most_common(1)[0][0] if self.serials else ""

    @cached_property
    def _values(self) -> Sequence[Value]:
        return [value for value, _number in zip(self.cells.values(), range(_MOST_CELLS), strict=False)]


#: Reasons of judge() for which a cell counts as empty.
_NONE = frozenset({"placeholder", "redacted", "one character", "factory constant"})


def guesses(column: Column, device: Device, least: float = POSSIBLE) -> list[Guess]:
    """What a column may be, the most certain first. least: from which weight on a serial is worth a comment."""
    if column.labels:
        return list(_of_enumeration(column))
    named = role_by_name(column.name) if column.name else None
    found = [guess for find in _FINDERS if (guess := find(column, device))]
    if column.name:
        # What a MIB calls it counts more than its values.
        others = [one for one in found if one.role != named]
        found = [
            Guess(one.role, one.weight * _UNNAMED, f"{one.reason}; the MIB calls it {column.name}") for one in others
        ]
        if named and named != "other" and column.cells:
            found.append(Guess(named, 1.0, f"the MIB calls it {column.name}"))
    worth = [one for one in found if one.weight >= (least if one.role == "serial" else POSSIBLE)]
    return sorted(worth, key=lambda one: -one.weight)


def _of_enumeration(column: Column) -> Iterator[Guess]:
    """A column of numbers whose words a MIB has: the kind of a part, or whether there is one."""
    if len(categories_of(column.labels)) > 1:
        yield Guess("category", 0.9, f"the words of {column.name} name kinds of parts")
    if absent_numbers(column.name, column.labels):
        yield Guess("state", 0.8, f"{column.name} shows whether there is a part")


def _serial(column: Column, device: Device) -> Guess | None:
    verdicts = column.verdicts
    good = [verdict.serial for verdict in verdicts if not verdict.reason]
    if not good or len(verdicts) - len(good) > _FEW * len(verdicts):
        return None
    known = [serial for serial in good if serial in device.entity_serials]
    if known:
        return Guess("serial", 1.0, f"{len(known)} of {len(good)} values are serial numbers in ENTITY-MIB")
    if column.numbers and not column.texts:
        return _serial_number(good)
    if labelled_serial(device.description) in good:
        return Guess("serial", 1.0, "sysDescr has it as its serial number")
    if 2 * len([text for text in column.texts if labelled_serial(text)]) > len(column.texts):
        return Guess("serial", 0.95, "most texts have a label before them, such as S/N")
    texts = set(good)
    odds = sum(NEVER if _is_of_system(serial, device) else serial_odds(serial) for serial in texts) / len(texts)
    odds += _of_rows(good) + (0.8 if column.has_placeholders else 0.0)
    weight = min(0.95, 1 / (1 + math.exp(-max(NEVER, odds))))
    shape = f"like {column.outline}"
    different = len(set(good))
    how = "all different" if different == len(good) else f"{different} different"
    return Guess("serial", weight, f"one value, {shape}" if len(good) == 1 else f"{len(good)} values, {how}, {shape}")


def _of_rows(good: Sequence[str]) -> float:
    """What the values show together: each part has its own serial, and those of a vendor are equally long."""
    if len(good) == 1:
        return 0.0
    different = len(set(good)) / len(good)
    together = min(2.5, 0.4 * len(good)) if different == 1 else -1.0 if different > 0.5 else -3.0
    return together + (0.4 if len({len(serial) for serial in good}) == 1 else 0.0)


def _serial_number(good: Sequence[str]) -> Guess | None:
    """Of INTEGERs: large ones that are all different may be serials, and anything else."""
    if len(set(good)) < len(good) or min(map(len, good)) < _LEAST_DIGITS:
        return None
    what = "a large number" if len(good) == 1 else f"{len(good)} large numbers, all different"
    return Guess("serial", 0.4, f"{what}: a serial number, or a count")


def _is_of_system(text: str, device: Device) -> bool:
    """A text that the device has elsewhere, so that it is no serial: in sysDescr or sysName, or as an interface."""
    return text in device.description or text == device.name or text in device.interface_names


def _model(column: Column, device: Device) -> Guess | None:
    if not column.texts:
        return None
    described = [text for text in column.texts if _is_model_in(text, device.description)]
    if len(described) > len(column.texts) // 2:
        return Guess("model", 0.9, "sysDescr has it too")
    weight = sum(map(model_weight, column.texts)) / len(column.texts)
    repeats = len(column.texts) >= _SEVERAL and len(set(column.texts)) < len(column.texts)
    reason = "letters and digits of a model" + (", some rows have the same" if repeats else "")
    return Guess("model", min(0.84, weight + (0.15 if repeats else 0.0)), reason)


def _is_model_in(text: str, description: str) -> bool:
    """A word of sysDescr with a digit, but for versions and whole sentences."""
    known = len(text) > 2 and text in description and any(map(str.isdigit, text))
    return known and not is_software(text) and not is_revision(text) and not is_description(text)


def _descr(column: Column, _device: Device) -> Guess | None:
    return _share("descr", column, is_description, 0.8, "several words")


def _manufacturer(column: Column, device: Device) -> Guess | None:
    first = device.description.split()[:1]
    if column.texts and first and all(text.casefold() == first[0].casefold() for text in column.texts):
        return Guess("manufacturer", 0.9, "sysDescr begins with it")
    return _share("manufacturer", column, is_maker, 0.9, "names of companies")


def _software(column: Column, device: Device) -> Guess | None:
    if column.texts and all(is_software(text) and text in device.description for text in column.texts):
        return Guess("software_rev", 0.9, "a version that sysDescr has too")
    return _share("software_rev", column, is_software, 0.5, "versions; of software, firmware or hardware")


def _revision(column: Column, _device: Device) -> Guess | None:
    return _share("hardware_rev", column, is_revision, 0.5, "short codes, as revisions have")


def _manufactured(column: Column, _device: Device) -> Guess | None:
    octets = [value for value in column.cells.values() if isinstance(value, bytes) and is_plain(value)]
    days = [value for value in octets if day(value)]
    enough = column.cells and len(days) > (1 - _FEW) * len(column.cells)
    return Guess("manufactured", 0.5, "days; of manufacture, or of something else") if enough else None


def _interface(column: Column, device: Device) -> Guess | None:
    texts = column.texts
    if texts and device.interface_names and all(text in device.interface_names for text in texts):
        return Guess("interface", 0.9, "all values are names of interfaces (ifName, ifDescr)")
    return None


def _if_index(column: Column, device: Device) -> Guess | None:
    return if_index_guess(column.numbers, device, "its values") if len(column.cells) > 1 else None


def if_index_guess(numbers: Sequence[int], device: Device, what: str) -> Guess | None:
    """Whether these numbers are ifIndexes."""
    found = are_keys(numbers, device.interfaces)
    if found is None:
        return None
    weight = 0.8 if found else 0.4
    return Guess("if_index", weight, f"{what} are ifIndexes" + ("" if found else ", as any small numbers are"))


def are_keys(numbers: Sequence[int], known: frozenset[int]) -> bool | None:
    """Whether these numbers are rows of another table; False: they may be, but small numbers count anything; None: they
    are not."""
    if not numbers or len(set(numbers)) < len(numbers) or not known.issuperset(numbers):
        return None
    return max(numbers) > 2 * len(known) or len(numbers) >= max(_TELLING, len(known) // 2)


def _name(column: Column, device: Device) -> Guess | None:
    texts = column.texts
    if len(texts) < 2 or len(set(texts)) < len(texts) or all(map(is_measure, texts)):
        return None
    if all(map(is_place, texts)):
        return Guess("name", 0.9, "all different, places with a number")
    named = [text for text in texts if any(map(str.isdigit, text)) and any(map(str.isalpha, text)) and len(text) <= 40]
    if len(named) < len(texts) or not _counts(texts):
        return None
    return Guess("name", 0.7, "all different, the same words with other numbers")


def _counts(texts: Sequence[str]) -> bool:
    """The same text but for numbers of up to three digits: Slot 1, Slot 2; 1/1, 1/2."""
    bare = {"".join("#" if c.isdigit() else c for c in text).replace("##", "#").replace("##", "#") for text in texts}
    return len(bare) <= max(1, len(texts) // 2)


def _share(role: str, column: Column, holds: Callable[[str], bool], weight: float, reason: str) -> Guess | None:
    """A guess where this holds for nearly all texts."""
    fitting = [text for text in column.texts if holds(text)]
    if not fitting or len(fitting) < (1 - _FEW) * len(column.texts):
        return None
    return Guess(role, weight, reason)


_FINDERS: tuple[Callable[[Column, Device], Guess | None], ...] = (
    *(_serial, _model, _descr, _manufacturer, _software, _revision, _manufactured, _interface, _if_index, _name),
)
