# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of our modules to the variables that set them in the playbooks."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: How a sentence about something in an option begins: "credential_sets: core: ...". The words after it are keys there.
_INSIDE = re.compile(r"\A(?P<option>[a-z]\w*): [\w.-]+: ")
#: What precedes the name of an option in our sentences and in Ansible's, unless it is their first word.
_BEFORE = r"(?:\AThe )?option |argument '|value of |\AThe "


def in_variables(sentence: str, variables: Mapping[str, str]) -> str:
    """A sentence about options as one about the variables that gave them.

    Our sentences about an option begin with its name ("port: ...", "The url ..."), or call it "the option NAME"; those
    of Ansible call it "argument 'NAME'" or "value of NAME". Elsewhere only a name that is no English word is one.

    :param variables: option -> variable
    """

    def variable(found: re.Match[str]) -> str:
        said, word = found["said"] or "", found["word"]
        if word not in variables or not (said or found.start() == 0 or "_" in word):
            return found[0]
        return f"{'' if said == 'The ' else said.replace('option', 'variable')}{variables[word]}"

    inside = _INSIDE.match(sentence)
    if inside:
        return variables.get(inside["option"], inside["option"]) + sentence[inside.end("option") :]
    return re.sub(rf"(?<![\w.])(?P<said>{_BEFORE})?(?P<word>[a-z]\w*)", variable, sentence)
