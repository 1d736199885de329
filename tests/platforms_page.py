# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/platforms.md, the list of all profiles, from the head of each and from what recordings there are of it.

python tests/run.py tests/platforms_page.py            # writes the page
python tests/run.py tests/platforms_page.py --check    # only checks whether the committed page is current
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import Profile, shipped
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._recordings.expectation import expectation_path
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import load_recording
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import replay_session
from ansible_collections.invmon.network.tests.generated import write_or_check
from ansible_collections.invmon.network.tests.mibs import facts
from ansible_collections.invmon.network.tests.recordings.build import recordings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "platforms.md"
HEAD = """# Platforms

The collection reads ENTITY-MIB from every device. For what is not in it there are {number} profiles. The platform is
recognised from what the device reports; `snmp_platform` sets it where you know better, and NetBox's platform is a hint.
How a profile is written: [profiles.md](profiles.md). This page: `python tests/run.py tests/platforms_page.py`.

The last column counts the recordings that the tests read of each platform, by where they come from: **real** devices;
devices that were described in a public **report**, made again with other values; and boxes that we invented with
the tables of their **MIB**. A platform of which there is no real recording may differ in what its MIB leaves open:
[yours is welcome](profiles.md#a-new-platform). There are {recordings} in all.

| platform | what | other words for it | recordings |
|---|---|---|---|
"""
#: Kinds of provenance, in the order in which they are listed, and their word on the page.
KINDS = {"real": "real", "from a report": "report", "from MIB": "MIB"}


def row(profile: Profile, kinds: Counter[str]) -> str:
    aliases = ", ".join(profile.head.aliases)
    return f"| `{profile.name}` | {sentence(profile)} | {aliases} | {in_words(kinds)} |\n"


def in_words(kinds: Counter[str]) -> str:
    """How many recordings there are of each kind of provenance."""
    return ", ".join(f"{kinds[kind]} {word}" for kind, word in KINDS.items() if kinds[kind]) or "none"


def provenances() -> dict[str, Counter[str]]:
    """Of each platform that a recording is read as, how many recordings there are of each kind of provenance."""
    found: dict[str, Counter[str]] = {}
    for path in sorted(recordings().glob("*.snmprec*")):
        with replay_session(load_recording(path)) as session:
            platform = read_device(session.agent).platform
        kind = json.loads(expectation_path(path).read_text(encoding="utf-8"))["provenance"]["kind"]
        found.setdefault(platform, Counter())[kind] += 1
    return found


def sentence(profile: Profile) -> str:
    """The first sentence of the comment at the head of the file."""
    lines = re.match(r"---\n((?:#.*\n)*)", Path(profile.origin).read_text(encoding="utf-8"))
    text = " ".join(line.removeprefix("#").strip() for line in (lines[1] if lines else "").splitlines())
    # To the first stop outside parentheses.
    found = re.match(r"(?:\([^)]*\)|[^(.:;]|[.:;](?=\S))+", text)
    return (found[0] if found else text).replace("|", "/")


def page() -> str:
    known = [profile for profile in shipped() if profile.head.matches]
    found = provenances()
    head = HEAD.format(number=len(known), recordings=in_words(sum(found.values(), Counter())))
    rows = (row(profile, found.get(profile.name, Counter())) for profile in sorted(known, key=_name))
    return head + "".join(rows) + facts.section()


def _name(profile: Profile) -> str:
    return profile.name


def main() -> int:
    return write_or_check(PAGE, page(), "platforms_page.py")


if __name__ == "__main__":
    sys.exit(main())
