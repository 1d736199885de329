# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that is not this one, for Ansible: modules are shipped to it and run by its own Python."""

from __future__ import annotations

DOCUMENTATION = """
name: poller
short_description: The local connection under another name
description: For tests of tasks that are delegated to another host.
author: invmon.network contributors (@invmon)
extends_documentation_fragment: connection_pipelining
"""

from ansible.plugins.connection.local import Connection as LocalConnection


class Connection(LocalConnection):
    """The local connection, which our action plugins must not know for what it is."""

    transport = "poller"
