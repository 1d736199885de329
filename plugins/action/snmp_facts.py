# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_facts inside Ansible's worker; its documentation is in the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._mib.library import Mib
from ..module_utils._tasks.snmp_facts import ARGUMENT_SPEC, FactsReading, facts_reading, with_one_try
from ..plugin_utils._actions.snmp_action import SnmpReadingAction


class ActionModule(SnmpReadingAction):
    argument_spec = ARGUMENT_SPEC

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        return with_one_try(super().arguments(task_vars))

    def reading(self, params: Mapping[str, Any], mib: Mib) -> FactsReading:
        return facts_reading(params, mib)
