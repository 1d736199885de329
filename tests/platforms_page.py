# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/platforms.md, the list of all profiles, from what stands at the head of each.

python tests/run.py tests/platforms_page.py            # writes the page
python tests/run.py tests/platforms_page.py --check    # only says whether what is committed is what the profiles say
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import Profile, shipped

PAGE = Path(__file__).resolve().parent.parent / "docs" / "platforms.md"
HEAD = """# Platforms

What the collection knows beside ENTITY-MIB, which it reads from every device: {number} profiles. The platform is found
from what the device says of itself; `snmp_platform` names it where you know better, and NetBox's platform is a hint.
How a profile is written: [profiles.md](profiles.md). This page: `python tests/run.py tests/platforms_page.py`.

| platform | what | other words for it |
|---|---|---|
"""


def row(profile: Profile) -> str:
    aliases = ", ".join(profile.head.aliases)
    return f"| `{profile.name}` | {sentence(profile)} | {aliases} |\n"


def sentence(profile: Profile) -> str:
    """The first sentence of the comment at the head of the file."""
    lines = re.match(r"---\n((?:#.*\n)*)", Path(profile.origin).read_text(encoding="utf-8"))
    text = " ".join(line.removeprefix("#").strip() for line in (lines[1] if lines else "").splitlines())
    # To the first stop outside parentheses.
    found = re.match(r"(?:\([^)]*\)|[^(.:;]|[.:;](?=\S))+", text)
    return (found[0] if found else text).replace("|", "/")


def page() -> str:
    known = [profile for profile in shipped() if profile.head.matches]
    return HEAD.format(number=len(known)) + "".join(row(profile) for profile in sorted(known, key=lambda p: p.name))


def main() -> int:
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        print(f"{PAGE} is out of date: run python tests/run.py tests/platforms_page.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
