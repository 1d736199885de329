# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of the vendor's MIBs for a draft, where a user gave a folder with these.

They are read by the tolerant reader (mib_reader.py): a vendor's MIBs often lack what they import, and a compiler
refuses them then. Only names and the borders of tables are taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .._mib.errors import MibError
from .._mib.user_mibs import MOST_FILES, MOST_OCTETS_OF_ALL
from .._outgoing.text import printable
from .._snmp.transport import Oid
from .mib_reader import Module, read_folders
from .mib_tree import MibTree

#: Letters of a name that is shown.
_LONGEST = 64


@dataclass(frozen=True)
class MibNames:
    """What some MIBs call OIDs; without any, nothing has a name."""

    tree: MibTree = field(default_factory=lambda: MibTree({}))

    def __bool__(self) -> bool:
        return bool(self.tree.modules)

    def name(self, oid: Oid) -> str:
        """The name of exactly this OID; empty where no MIB has it."""
        found = self.tree.objects.get(oid)
        return found[0].definition.name[:_LONGEST] if found else ""

    def labels(self, oid: Oid) -> Mapping[int, str]:
        """The words of an enumeration; empty for any other object."""
        found = self.tree.objects.get(oid)
        return self.tree.labels(found[0]) if found else {}

    def index_names(self, entry: Oid) -> tuple[str, ...]:
        """The objects that make the index of an entry, one for each number of it; empty where that is not known."""
        found = self.tree.entry_at(entry)
        if found is None or found.definition.augments:
            return ()
        names = found.definition.indexes
        return names if self.tree.index_length(found) == len(names) else ()

    def object_of(self, oid: Oid) -> tuple[Oid, bool] | None:
        """The column or scalar that a variable is an instance of, and whether it is a column."""
        for length in range(len(oid) - 1, 0, -1):
            found = self.tree.objects.get(oid[:length])
            if found:
                leaf = any(one.definition.is_leaf for one in found)
                return (oid[:length], self.tree.entry_of(oid[:length]) is not None) if leaf else None
        return None


def mib_names(folder: Path) -> MibNames:
    """The names of all MIBs below a folder. Raises MibError: it cannot be read, has no MIB, or too much."""
    try:
        if not folder.is_dir():
            raise MibError(f"mibs: {printable(folder)} is not a folder", "name the folder that has the MIBs")
        sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
        if len(sizes) > MOST_FILES or sum(sizes) > MOST_OCTETS_OF_ALL:
            raise MibError(
                f"mibs: {printable(folder)} has more than {MOST_FILES:,} files or {MOST_OCTETS_OF_ALL:,} octets",
                "copy the MIBs of the vendor to a folder of their own",
            )
        modules: dict[str, Module] = read_folders([folder])
    except OSError as error:
        raise MibError(
            f"mibs: {printable(error.filename or folder)} cannot be read: {error.strerror}", "correct its permissions"
        ) from None
    if not modules:
        raise MibError(f"mibs: no file below {printable(folder)} is a MIB", "name the folder that has the MIBs as text")
    return MibNames(MibTree(modules))
