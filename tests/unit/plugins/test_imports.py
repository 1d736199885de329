# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No module of plugins/ does anything when it is imported, but define."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLUGINS = ROOT / "plugins"

#: Python's functions and methods that make a constant of constants.
CONSTANTS = {
    *("dict", "frozenset", "int", "len", "list", "ord", "range", "set", "sorted", "tuple", "type"),
    *("dict.fromkeys", "re.compile", "re.findall"),
    *("encode", "items", "join", "resolve", "rstrip", "split", "values", "keys"),
}
#: Decorators and declarations.
DECLARATIONS = {"TypeVar", "NewType", "cache", "dataclass", "field", "fields", "lru_cache", "namedtuple", "replace"}
#: Functions of ours that make a constant, too.
OURS = {
    *(
        "_at_most",
        "_with",
        "_best",
        "_by_new_name",
        "_letters",
        "_where",
        "_with_lookups",
        "from_environment",
        "old_name",
        "parse_range",
        "roots_of_tables",
    ),
    "written",
}
#: What does happen at import, and must: see before_forks.py.
ALLOWED = {
    *(
        f"action/{name}.py: before_forks.start()"
        for name in (
            *("discovery_report", "inventory_report", "netbox_probe"),
            *("reach_report", "run_record", "say"),
        )
    ),
    "action/netscan.py: before_forks.start_scanning()",
    *(f"action/{name}.py: before_forks.start_reading()" for name in ("snmp_entity_batch", "snmp_entity_facts")),
}

#: Statements that define, or import.
DEFINING = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.Pass,
)


def happens(node: ast.AST) -> Iterator[ast.AST]:
    """The statements and calls that are executed when this is imported."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for inner in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            yield from happens(inner)
        return
    if isinstance(node, ast.Lambda) or (
        isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
    ):
        return
    is_doc = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call) or (isinstance(node, ast.stmt) and not isinstance(node, DEFINING) and not is_doc):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from happens(child)


def is_definition(node: ast.AST) -> bool:
    if isinstance(node, ast.Try):
        # A library that need not be there.
        return all(ast.unparse(handler.type or node) == "ImportError" for handler in node.handlers)
    if isinstance(node, (ast.With, ast.Expr)):
        return True  # judged by the call in it
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func)
    last = name.rpartition(".")[2]
    makes_object = last.lstrip("_")[:1].isupper() or name in ("datetime", "timedelta")
    return makes_object or name in CONSTANTS | DECLARATIONS | OURS or last in CONSTANTS or "lru_cache(" in name


def test_no_module_does_anything_at_import_but_define() -> None:
    found = set()
    for path in PLUGINS.rglob("*.py"):
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            for node in happens(statement):
                if not is_definition(node):
                    found.add(f"{path.relative_to(PLUGINS)}: {ast.unparse(node)}".partition("\n")[0][:120])
    assert found - ALLOWED == set(), (
        "do it where it is needed; or name the function in OURS if it only makes a constant"
    )
    assert ALLOWED - found == set(), "not there any more"


@pytest.mark.parametrize(
    "text",
    [
        "resource.setrlimit(1, (2, 3))",
        "X = time.time()",
        "X = open('x')",
        "for x in y:\n    pass",
        "os.environ['X'] = 'y'",
        "class A:\n    x = load()",
        "def a(x=load()):\n    pass",
        "X = {'a': [load()]}",
        "if x:\n    y = 1",
        "del x",
        "try:\n    import x\nexcept Exception:\n    pass",
        "X = sys.stdout.isatty()",
        "X += 1",
    ],
)
def test_what_happens_at_import_is_found(text: str) -> None:
    tree = ast.parse(text)
    found = [node for statement in tree.body for node in happens(statement) if not is_definition(node)]
    changes_others = any(isinstance(target, ast.Subscript) for node in ast.walk(tree) for target in targets(node))
    assert found or changes_others


def targets(node: ast.AST) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else []


def test_no_module_assigns_into_what_others_own() -> None:
    found = [
        f"{path.relative_to(PLUGINS)}: {ast.unparse(statement)}"
        for path in PLUGINS.rglob("*.py")
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        if any(not isinstance(target, (ast.Name, ast.Tuple)) for target in targets(statement))
    ]
    assert found == []


IMPORT_ALL = """
import gc, importlib, json, os, resource, signal, sys, threading, warnings
import pynetbox, requests, yaml, ansible.plugins.action, ansible.plugins.callback, ansible.inventory.manager
def state():
    numbers = [number for number in signal.valid_signals() if number not in (signal.SIGKILL, signal.SIGSTOP)]
    return {
        "environment": dict(os.environ), "folder": os.getcwd(), "path": sys.path,
        "limits": [resource.getrlimit(number) for number in range(16)],
        "signals": [str(signal.getsignal(number)) for number in numbers], "threads": threading.active_count(),
        "frozen": gc.get_freeze_count(), "collecting": [gc.isenabled(), *gc.get_threshold()],
        "warnings": [str(one) for one in warnings.filters], "recursion": sys.getrecursionlimit(),
        "files": sorted(os.listdir("/proc/self/fd")), "hooks": [str(sys.excepthook), str(sys.displayhook)],
    }
before = state()
for name in sys.argv[1:]:
    importlib.import_module(name)
after = state()
print(json.dumps({key: [before[key], after[key]] for key in before if before[key] != after[key]}))
"""


def run_with_plugins(code: str, names: Iterable[str]) -> str:
    """What a new process prints that runs this code with the modules of plugins/ as its arguments."""
    done = subprocess.run(
        [sys.executable, "-c", code, *(f"ansible_collections.invmon.network.plugins.{name}" for name in names)],
        cwd=ROOT / ".build" / "collections",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


#: What Ansible imports in the nightly job: each filter, and the actions also of tasks that are left out.
NIGHTLY = (
    *("inventory.netbox_devices", "lookup.env"),
    *(f"filter.{path.stem}" for path in (PLUGINS / "filter").glob("*.py")),
    *("action.run_check", "action.snmp_entity_facts", "action.snmp_entity_batch", "action.netbox_probe"),
    *("action.run_record", "action.inventory_report", "action.require_whole"),
)
#: Rooms of which such a run needs nothing, and modules with heavy ones behind them.
NOT_NIGHTLY = (
    "_discovery.",
    "_hygiene.",
    "_notify.",
    "_page.",
    "_mib.",
    "_traps.",
    "_scan.targets",
    "_recordings.recorder",
)


def test_the_nightly_job_imports_nothing_that_it_does_not_use() -> None:
    """Ansible keeps no bytecode of collections: each module of a run is compiled again, a millisecond each."""
    code = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]; print(*sys.modules)"
    imported = run_with_plugins(code, NIGHTLY).split()
    assert [name for name in imported if "invmon" in name and any(one in name for one in NOT_NIGHTLY)] == []


def test_importing_all_of_it_changes_nothing_of_the_process() -> None:
    """As it is in a worker of Ansible, on a poller, and in whoever reads the documentation."""
    names = [
        ".".join(path.relative_to(PLUGINS).with_suffix("").parts)
        for path in sorted(PLUGINS.rglob("*.py"))
        if path.parent.name not in ("action", "doc_fragments")
    ]
    assert json.loads(run_with_plugins(IMPORT_ALL, names)) == {}
