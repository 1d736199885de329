# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bases of the actions that ask one device: options that host variables fill, and what reads variables of it (see
module_utils/_tasks/snmp_reading.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._common.renamed import by_names
from ...module_utils._common.typed_json import to_json
from ...module_utils._mib.library import Mib
from ...module_utils._tasks.snmp_reading import Reading, answer_apart, mib_of, result_of
from .action_base import InvmonActionBase
from .snmp_arguments import completed, name_variables


class SnmpAction(InvmonActionBase):
    """A subclass names its `argument_spec`."""

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Host variables fill what the task leaves open."""

        def variable(name: str) -> Any:
            value = task_vars.get(name)
            return None if value is None else self._templar.template(value)

        return completed(str(task_vars.get("inventory_hostname")), self.given(), self.argument_spec, variable)

    def done(self, result: dict[str, Any], task_vars: dict[str, Any]) -> None:
        name_variables(result, by_names(self._task.args, self.argument_spec))


class SnmpReadingAction(SnmpAction):
    """A subclass makes a Reading of checked options."""

    def reading(self, params: Mapping[str, Any], mib: Mib) -> Reading:
        """Raises InvmonError for options that cannot be used."""
        raise NotImplementedError

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        self._params = params
        self._reading = self.reading(params, mib_of(params))
        # Names, and folders with MIBs, mean nothing there.
        return {**params, "question": to_json(self._reading.question), "mib_dirs": []}

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        return result_of(self._reading, answer_apart(params, self._reading.question), self._params)

    def from_elsewhere(self, result: dict[str, Any]) -> dict[str, Any]:
        return result_of(self._reading, result, self._params)
