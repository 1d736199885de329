# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection like network_cli, which a process of its own keeps open; here it never opens."""

from __future__ import annotations

DOCUMENTATION = """
name: persistent
short_description: A persistent connection to a host that nobody can log in to
description: For tests of tasks that need no connection.
author: invmon.network contributors (@invmon)
options:
  host: {description: Where., vars: [{name: ansible_host}]}
  persistent_command_timeout: {type: int, description: Seconds., default: 1}
  persistent_connect_timeout: {type: int, description: Seconds., default: 1}
  persistent_log_messages: {type: boolean, description: Unused., default: false}
"""

from typing import Any

from ansible.plugins.connection import NetworkConnectionBase


class Connection(NetworkConnectionBase):
    transport = "persistent"
    force_persistence = True

    def _connect(self) -> Any:
        raise ConnectionError("nobody can log in here")
