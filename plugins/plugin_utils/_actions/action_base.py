# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What our action plugins share: the work runs inside Ansible's worker, where a module would start a second Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ...module_utils._common.errors import OptionsError
from ...module_utils._common.lifeline import end_with_ansible
from ...module_utils._common.renamed import by_new_names
from ...module_utils._common.task import run_task
from ...module_utils._outgoing.text import printable
from .._inventory.netbox_sources import DEVICE_URL
from .._run.notices import deprecated_option


class Failure(AnsibleActionFail):
    """A failed task of which the message is complete.

    Ansible prints an error with each failed task, and under it the lines of the playbook or role that contain the
    task. Those are ours, and do not explain why a device does not answer: without the error, a failed task is one line.
    """

    @property
    def omit_exception_key(self) -> bool:
        return True


@contextmanager
def _ansibles_errors() -> Iterator[None]:
    """Ansible's errors as ours: wrong options, and variables that hold an undefined one."""
    try:
        yield
    except AnsibleError as error:
        raise OptionsError(error.message) from error


class InvmonActionBase(ActionBase):
    """A task whose work is done here, or by the module of the same name when it is delegated to another host.

    A subclass names its `argument_spec` and `spec_options` (mutually_exclusive and the like) and does the
    task in work(), which returns a plain result, or raises an InvmonError, whose text becomes the task's message.
    """

    TRANSFERS_FILES = False
    #: Where a shop reaches the same hosts by a persistent connection (network_cli), none is opened for a task of ours.
    _requires_connection = False
    _supports_check_mode = True
    _supports_diff = True

    argument_spec: dict[str, Any] = {}
    spec_options: dict[str, Any] = {}

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do the task with validated params; honours self._task.check_mode and self._task.diff."""
        raise NotImplementedError

    def arguments(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """The options as they are given, before they are checked."""
        return self.given()

    def given(self) -> dict[str, Any]:
        """The options of the task by their present names; each old name is warned of."""
        return by_new_names(self._task.args, self.argument_spec, deprecated_option)

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Fill checked params from what only the controller knows (files), before work() or the module."""
        return params

    def from_elsewhere(self, result: dict[str, Any]) -> dict[str, Any]:
        """The result of the module on another host, checked: that one may return anything."""
        return result

    def done(self, result: dict[str, Any], task_vars: dict[str, Any]) -> None:
        """Called with the result before Ansible gets it, whether the task failed or not."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        end_with_ansible()
        result = {**super().run(tmp, task_vars), **self._attempt(task_vars)}
        self.done(result, task_vars)
        if not result.get("failed") or self._is_judged_by_ansible() or _is_foreign(result):
            return result
        # Of a task that ends by an exception, Ansible forgets what the result warns of.
        for warning in result.pop("warnings", None) or ():
            # Of a module on another host they are Ansible's own objects.
            Display().warning(warning if isinstance(warning, str) else str(warning.event.msg))
        raise Failure(str(result.pop("msg", "it failed")), result=result)

    def _attempt(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """The result, also of a task that failed."""

        def arguments() -> dict[str, Any]:
            with _ansibles_errors():
                return self.arguments(task_vars)

        def work(params: dict[str, Any]) -> Mapping[str, Any]:
            with _ansibles_errors():
                return self._work(params, task_vars)

        return run_task(arguments, self.argument_spec, work, self.spec_options, name=self._task.action)

    def _work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> Mapping[str, Any]:
        params = self.prepare(params, task_vars)
        if not self._runs_elsewhere():
            return self.work(params, task_vars)
        self._check_elsewhere(task_vars)
        # To a module, an option that is null is one that was given.
        given = {name: value for name, value in params.items() if value is not None}
        in_background = bool(self._task.async_val)
        return self.from_elsewhere(
            self._execute_module(module_args=given, task_vars=task_vars, wrap_async=in_background)
        )

    def _is_judged_by_ansible(self) -> bool:
        """True if the task has conditions of its own for failing: Ansible looks at those in a result only."""
        return bool(self._task.failed_when or self._task.until or self._task.retries)

    def _runs_elsewhere(self) -> bool:
        """True when the task is delegated to another host, such as a poller near the devices."""
        return bool(self._task.delegate_to) and self._connection.transport != "local"

    def _check_elsewhere(self, task_vars: dict[str, Any]) -> None:
        """Refuse to send what the task holds, credentials among it, to a host whose address NetBox's editors decide.

        Such a host may be a poller of another source as well: to Ansible two hosts of one name are one.
        """
        host = str(self._task.delegate_to)
        variables = (task_vars.get("ansible_delegated_vars") or {}).get(host) or {}
        if variables.get(DEVICE_URL) is not None:
            raise AnsibleActionFail(
                f"{printable(host)} is a device of NetBox, whose editors set its address, and is sent no credentials:"
                " keep pollers in an inventory source of their own, listed before that of NetBox, and delegate to"
                " these."
            )


def with_host(result: dict[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """The result with the host in each warning: Ansible prints warnings without it, and a task runs on many."""
    host = task_vars.get("inventory_hostname")
    return {**result, "warnings": [f"{host}: {warning}" for warning in result.get("warnings", ())]}


def _is_foreign(result: Mapping[str, Any]) -> bool:
    """True if the task failed for no reason of ours: Python is missing on the poller, or the module broke."""
    return "exception" in result and "reason" not in result
