# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether data that others write, such as replies of NetBox, has what we use of it. What else it has does not matter.

The kind of a value: a type, a function that checks it, several of these in brackets, [kind] for a list, or {key: kind}
for an object that has at least these keys. Data that we write ourselves is read by typed_json.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def holds(value: Any, kind: Any) -> bool:
    """True if the value is of that kind."""
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
