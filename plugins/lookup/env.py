# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup invmon.network.env."""

from __future__ import annotations

DOCUMENTATION = r"""
name: env
short_description: A variable of the environment, or of a .env file
version_added: 0.1.0
description:
  - Returns the first of the named variables that is set to something, from the environment, else from O(env_file).
  - An empty variable counts as not set. Without any of them the result is empty text.
  - Nothing of the file is put into the environment of a process.
options:
  _terms:
    description: Names of variables.
    type: list
    elements: str
    required: true
  env_file:
    description:
      - A file with lines such as V(NAME=value), as the older C(inventory-monitor-scripts) read it.
      - Empty for none.
    type: str
    default: ""
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Models that the older tool excluded
  ansible.builtin.debug:
    msg: "{{ lookup('invmon.network.env', 'entPhysicalModelName_excludes', env_file='.env') }}"
"""

RETURN = r"""
_raw:
  description: The value, one text.
  type: list
  elements: str
"""

import os
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..module_utils._common.env_file import EnvFileError, read_env_file
from ..module_utils._common.environment import first_of
from ..module_utils._outgoing.text import printable


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: Any = None, **kwargs: Any) -> list[str]:
        self.set_options(var_options=variables, direct=kwargs)
        return [first_value(terms, self.get_option("env_file"))]


def first_value(names: list[str], env_file: str | None) -> str:
    """The first of the names that is set, in the environment before the file."""
    value = first_of(os.environ, names)
    if value is None and env_file:
        try:
            value = first_of(read_env_file(env_file), names)
        except EnvFileError as error:
            raise AnsibleError(printable(error)) from None
    return value or ""
