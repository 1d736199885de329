# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that are paths: no secret of the environment gets into them.

Ansible fills in every $NAME in an option of the type path. A path is named in messages, in results and on the disk, and
who may set a variable need not be who may see the credentials of the job, which are in its environment.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

#: Variables of the environment that say where something is.
_PLACES = frozenset({"HOME", "PWD", "TMPDIR", "USER"})
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})", re.ASCII)


def as_path(text: str) -> str:
    """The path, with ~ and with those $NAME filled in that are places; what else looks like one is part of the path."""
    return os.path.expanduser(_VARIABLE.sub(_place, text))


def without_paths(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The argument spec with texts in place of paths, for Ansible's validation, which would fill them in."""
    return {name: _without_path(option) for name, option in spec.items()}


def with_paths(params: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Params that were validated by without_paths(spec), with as_path() of each path."""
    return {name: _with_path(value, spec.get(name, {})) for name, value in params.items()}


def _without_path(option: Mapping[str, Any]) -> dict[str, Any]:
    texts = {key: "str" for key in ("type", "elements") if option.get(key) == "path"}
    inner = {"options": without_paths(option["options"])} if option.get("options") else {}
    return {**option, **texts, **inner}


def _with_path(value: Any, option: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        one = {**option, "type": option.get("elements")}
        return [_with_path(inner, one) for inner in value]
    if isinstance(value, dict) and option.get("options"):
        return with_paths(value, option["options"])
    return as_path(value) if isinstance(value, str) and option.get("type") == "path" else value


def _place(found: re.Match[str]) -> str:
    name = found[1] or found[2]
    return os.environ.get(name, found[0]) if name in _PLACES else found[0]
