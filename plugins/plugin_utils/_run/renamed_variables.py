# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Old names of variables. They still work: this table is the one place that lists them.

Python reads a variable through reading(). A template in a playbook or role names the old ones after the new one, in the
order of this table (a test looks); the check before the run warns of those, see with_new_names().
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from ...module_utils._common.renamed import Notice
from .given_variables import Given
from .notices import deprecated_variable

#: The value of a variable by its name; None where it is not set.
Variable = Callable[[str], Any]


class Successor(NamedTuple):
    """What a variable is called now."""

    name: str
    #: The only part of a playbook (see the module run_check) that reads the old name, a word such as `output` that may
    #: be anybody's elsewhere. None: whatever reads the new name.
    part: str | None = None


RENAMED = {
    "env_file": Successor("invmon_env_file"),
    "invmon_serial": Successor("invmon_batch_size"),
    "collect_save_to": Successor("invmon_collected"),
    "upload_saved": Successor("invmon_collected"),
    "collect_record_to": Successor("record_to"),
    "record_dir": Successor("record_to", "record"),
    "collect_record_masked": Successor("record_masked"),
    "collect_record_expected": Successor("record_expected"),
    "recordings": Successor("replay_from", "replay"),
    "output": Successor("replay_to", "replay"),
    "upload_strategy": Successor("merge_strategy"),
    "upload_exclude_models": Successor("merge_exclude_models"),
    "exclude_models": Successor("merge_exclude_models", "replay"),
    "netbox_verify_ssl": Successor("netbox_validate_certs"),
}


def _by_new_name() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for old, successor in RENAMED.items():
        found[successor.name].append(old)
    return dict(found)


#: new name -> old names, the one that counts first
OLD_NAMES = _by_new_name()


def reading(variable: Variable, parts: Collection[str] = (), notice: Notice = deprecated_variable) -> Variable:
    """The same variables, each also by its old names. A new name that is set to anything counts first.

    :param parts: what the playbook does, for old names that only one playbook reads.
    :param notice: called for each old name that is found.
    """

    def read(name: str) -> Any:
        value = present = variable(name)
        for old in OLD_NAMES.get(name, ()):
            if RENAMED[old].part in (None, *parts) and (there := variable(old)) is not None:
                notice(old, name, present is not None)
                value = there if value is None else value
        return value

    return read


def with_new_names(given: Iterable[Given], parts: Collection[str], notice: Notice) -> list[Given]:
    """The variables that a person set, by their present names.

    :param notice: called for each old name that is set, once.
    """
    given = list(given)
    names = {one.name for one in given}
    found, noticed = [], set()
    for one in given:
        successor = RENAMED.get(one.name)
        if successor is None:
            found.append(one)
            continue
        if successor.part not in (None, *parts):
            continue
        if one.name not in noticed and one.value != "":
            noticed.add(one.name)
            notice(one.name, successor.name, successor.name in names)
        found.append(one._replace(name=successor.name))
    return found
