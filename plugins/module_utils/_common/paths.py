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


def with_own_paths(params: Mapping[str, Any], given: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Validated params, with as_path() of what was given in place of what Ansible made of it."""
    paths = {name: given.get(name) for name, option in spec.items() if option.get("type") == "path"}
    return {**params, **{name: as_path(value) for name, value in paths.items() if isinstance(value, str)}}


def _place(found: re.Match[str]) -> str:
    name = found[1] or found[2]
    return os.environ.get(name, found[0]) if name in _PLACES else found[0]
