# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Old names that still work: of an option, in its argument spec (Ansible's `deprecated_aliases`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: The release of this collection that no longer accepts the old names.
REMOVED_IN = "1.0.0"

#: Called for each old name that was given, with the old name, the new one, and whether the new one was given as well.
Notice = Callable[[str, str, bool], None]


def old_name(name: str) -> dict[str, Any]:
    """Part of the argument spec of an option that was called so."""
    deprecated = {"name": name, "version": REMOVED_IN, "collection_name": "invmon.network"}
    return {"aliases": [name], "deprecated_aliases": [deprecated]}


def by_names(options: Mapping[str, Any], argument_spec: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The options, those that are given by an alias under their name. An old name (old_name()) is left as it is."""
    found = dict(options)
    for name, spec in argument_spec.items():
        old = {alias["name"] for alias in spec.get("deprecated_aliases", ())}
        for alias in spec.get("aliases", ()):
            if alias in found and alias not in old and name not in found:
                found[name] = found.pop(alias)
    return found


def by_new_names(
    options: Mapping[str, Any], argument_spec: Mapping[str, Mapping[str, Any]], notice: Notice
) -> dict[str, Any]:
    """The options with the present name of each. Where both are given, the new name counts."""
    found = dict(options)
    for new, spec in argument_spec.items():
        for alias in spec.get("deprecated_aliases", ()):
            old = str(alias["name"])
            if old in found:
                notice(old, new, new in found)
                value = found.pop(old)
                found.setdefault(new, value)
    return found
