# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What our action plugins share: the work runs inside Ansible's worker, where a module would start a second Python."""

from __future__ import annotations

import traceback
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.action import ActionBase

from ..module_utils.environment import with_env_file
from ..module_utils.secrets import without_secrets


class InvmonActionBase(ActionBase):
    """A task whose work is done here, or by the module of the same name when it is delegated to another host.

    A subclass names its `argument_spec` and `spec_options` (mutually_exclusive and the like) and says in work() what
    to do. work() returns a plain result, or raises one of `expected_errors`, whose text becomes the task's message.
    """

    #: option -> host variable that fills it where the task leaves it open. Read here, for twenty templates in the
    #: arguments of a task cost more than reading a device does.
    variables: dict[str, str] = {}

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_diff = True

    argument_spec: dict[str, Any] = {}
    spec_options: dict[str, Any] = {}
    expected_errors: tuple[type[Exception], ...] = ()

    def work(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Do the task with validated params; honours self._task.check_mode and self._task.diff."""
        raise NotImplementedError

    def prepare(self, params: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Fill params from what only the controller knows (host variables, files), before work() or the module."""
        return params

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        result = super().run(tmp, task_vars)
        secrets: set[str] = set()
        try:
            params = self._validated(secrets, task_vars)
            params = self.prepare(params, task_vars)
            if self._runs_elsewhere():
                return self._execute_module(module_args=params, task_vars=task_vars)
            result.update(self.work(params, task_vars))
        except self.expected_errors as error:
            result.update(failed=True, msg=str(error), reason=getattr(error, "reason", "error"))
        except AnsibleError as error:
            # Wrong options, and variables that hold an undefined one.
            raise AnsibleActionFail(remove_values(error.message, secrets)) from None
        except Exception as error:
            # A bug of ours on one device must fail that device alone, with what is needed to report it.
            text = remove_values(f"{type(error).__name__}: {error}", secrets)
            result.update(failed=True, msg=f"{text} (a bug: please report it)", where=_frames(error))
        return without_secrets(result, secrets)

    def _validated(self, secrets: set[str], task_vars: dict[str, Any]) -> dict[str, Any]:
        """The options, from the task, host variables, the environment and the env_file; secrets are noted."""
        arguments = {**self._from_variables(task_vars), **self._task.args}
        if arguments.get("env_file"):
            arguments = with_env_file(arguments, self.argument_spec)
        validation = ArgumentSpecValidator(self.argument_spec, **self.spec_options).validate(arguments)
        secrets |= validation._no_log_values
        if validation.error_messages:
            raise AnsibleActionFail(f"{self._task.action}: {'; '.join(validation.error_messages)}")
        return validation.validated_parameters

    def _from_variables(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Options that host variables give; a variable that holds an undefined one is an error that names it."""
        found = {}
        for option, variable in self.variables.items():
            if option not in self._task.args and task_vars.get(variable) is not None:
                value = self._templar.template(task_vars[variable])
                if value is not None and value != "":
                    found[option] = value
        return found

    def _runs_elsewhere(self) -> bool:
        """True when the task is delegated to another host, such as a poller near the devices."""
        return bool(self._task.delegate_to) and self._connection.transport != "local"


def _frames(error: BaseException) -> list[str]:
    """Where an unexpected error came from, without the values of any variable."""
    return [f"{f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(error.__traceback__)][-5:]
