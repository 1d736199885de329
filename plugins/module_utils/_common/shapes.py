# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand in a file that is read back: nothing of it is taken on trust.

The kind of a value is a type hint, or several in brackets, of which it is one. A dataclass stands for an object with
its fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from .._outgoing.text import printable
from .typed_json import WrongShape


@cache
def kinds_of(owner: Any, sparse: bool = False) -> dict[str, Any]:
    """The kinds of a dataclass's fields, as check_keys() takes them. sparse: those with a default may be missing."""
    hints = get_type_hints(owner)
    found = {}
    for field in fields(owner):
        optional = sparse and (field.default is not MISSING or field.default_factory is not MISSING)
        found[f"{field.name}?" if optional else field.name] = hints[field.name]
    return found


def moment(where: str, text: str) -> datetime:
    """The instant that an ISO 8601 time names, in UTC; without a zone it means UTC. Raises WrongShape."""
    try:
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise WrongShape(f"{where}: {shown(text)} is not an ISO 8601 time") from None


def check_keys(where: str, value: Any, kinds: Mapping[str, Any]) -> None:
    """Raise WrongShape unless the value is an object with these keys; a key that ends with ? may be missing."""
    if not isinstance(value, dict):
        raise WrongShape(f"{where}: not an object")
    known = {key.rstrip("?"): kind for key, kind in kinds.items()}
    for key, inner in value.items():
        if key not in known:
            raise WrongShape(f"{where}: unknown key {shown(key)}")
        if not fits(inner, known[key]):
            raise WrongShape(f"{where}.{key}: a value of the wrong type")
    for key in kinds:
        if key not in value and f"{key}?" not in kinds and not key.endswith("?"):
            raise WrongShape(f"{where}: {key} is missing")


def fits(value: Any, kind: Any) -> bool:
    """True if the JSON value is one of this type hint; a dataclass stands for the object of its fields."""
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if origin is Any:
        return True
    if isinstance(kind, tuple) or origin is UnionType:
        return any(fits(value, one) for one in inner or kind)
    if is_dataclass(origin):
        hints: dict[str, Any] = kinds_of(origin)  # type: ignore[arg-type]
        same = isinstance(value, dict) and value.keys() == hints.keys()
        return same and all(fits(value[key], hint) for key, hint in hints.items())
    # For Python, True is a number.
    if not isinstance(value, origin) or (isinstance(value, bool) and origin is not bool):
        return False
    if origin is list and inner:
        return all(fits(one, inner[0]) for one in value)
    return not (origin is dict and inner) or all(fits(one, inner[1]) for one in value.values())


def holds(value: Any, kind: Any) -> bool:
    """True if the value is of that kind, whatever else an object may hold: for what others write.

    kind: a type, a function that says so, several of these in brackets, [kind] for a list, or {key: kind} for an object
    that has at least these keys.
    """
    if isinstance(kind, type):
        # For Python, True is a number.
        return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if isinstance(kind, tuple):
        return any(holds(value, one) for one in kind)
    if isinstance(kind, list):
        return isinstance(value, list) and all(holds(one, kind[0]) for one in value)
    if isinstance(kind, Mapping):
        return isinstance(value, dict) and all(key in value and holds(value[key], inner) for key, inner in kind.items())
    return bool(kind(value))


def all_hold(values: Sequence[Any], kind: Any) -> bool:
    """holds() for thousands of values, of which many are alike: a tenth of the time."""
    if isinstance(kind, type):
        return set(map(type, values)) <= {kind}
    if isinstance(kind, tuple) and len(kind) == 2 and kind[1] is type(None):
        return all_hold([value for value in values if value is not None], kind[0])
    if isinstance(kind, list):
        return all_hold(values, list) and all_hold([one for value in values for one in value], kind[0])
    if isinstance(kind, Mapping):
        inner = kind.items()
        return all_hold(values, dict) and all(
            all(key in value for value in values) and all_hold([value[key] for value in values], one)
            for key, one in inner
        )
    try:
        return all(holds(value, kind) for value in set(values))
    except TypeError:  # lists and objects are not alike
        return all(holds(value, kind) for value in values)


def shown(text: Any) -> str:
    """A text of the file, as a sentence may show it."""
    return f'"{printable(text)[:60]}"'
