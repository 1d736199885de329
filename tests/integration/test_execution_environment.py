# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images for AWX: what ansible-builder makes of the documented definitions and of the collection as it is built.

The image itself is not built: that needs a container engine and the registries. Its stages that read the collection
are run here instead, with the very files that ansible-builder puts into the context.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from ansible_collections.invmon.network.tests.integration.runner import AWX, ROOT

PLAIN, COMPILED = "execution-environment.yml", "execution-environment-easysnmp.yml"
#: What ansible-core and requests bring along, and what the collection does without.
GIVEN, OPTIONAL = (
    {"ansible", "ansible_collections", "jinja2", "markupsafe", "packaging", "urllib3", "yaml"},
    {"easysnmp", "rich"},
)
#: Import -> package, where the two differ.
PACKAGES = {"dns": "dnspython", "dotenv": "python-dotenv"}


def tool(name: str, *arguments: str, folder: Path) -> str:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    command = [str(Path(sys.executable).with_name(name)), *arguments]
    clean["HOME"] = str(folder)
    result = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    tool("ansible-galaxy", "collection", "build", str(ROOT), folder=folder)
    (found,) = folder.glob("*.tar.gz")
    return found


@dataclass
class Image:
    """What the stages of a build would install."""

    containerfile: str
    python: set[str]
    system: list[str]


def image(definition: str, archive: Path, folder: Path) -> Image:
    """Create the context, then do what its Containerfile does with the collection."""
    shutil.copy(AWX / definition, folder)
    shutil.copy(archive, folder)
    created = tool("ansible-builder", "create", "-f", definition, "--output-filename", "Containerfile", folder=folder)
    assert "No matches" not in created, "the definition names another version than galaxy.yml"
    build = folder / "context" / "_build"
    installed = folder / "share"
    tool(
        "ansible-galaxy",
        "collection",
        "install",
        "-r",
        "requirements.yml",
        "--collections-path",
        str(installed),
        folder=build,
    )
    user = [f"--user-{kind}={build / name}" for kind, name in (("pip", "requirements.txt"), ("bindep", "bindep.txt"))]
    user = [option for option in user if Path(option.partition("=")[2]).exists()]
    wanted = {kind: folder / f"{kind}.txt" for kind in ("pip", "bindep")}
    written = [f"--write-{kind}={path}" for kind, path in wanted.items()]
    tool(
        "python", str(build / "scripts" / "introspect.py"), "introspect", str(installed), *user, *written, folder=build
    )
    return Image(
        (folder / "context" / "Containerfile").read_text(),
        packages(wanted["pip"]),
        [line.partition("#")[0].strip() for line in wanted["bindep"].read_text().splitlines()],
    )


def packages(requirements: Path) -> set[str]:
    """The names in a file of pip's."""
    lines = [line.partition("#")[0].strip() for line in requirements.read_text().splitlines()]
    return {re.split(r"[<>=!~ ]", line)[0] for line in lines if line}


def imported() -> set[str]:
    """What our plugins import of others."""
    names: set[str] = set()
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.add(node.module.partition(".")[0])
    return {PACKAGES.get(name, name) for name in names - set(sys.stdlib_module_names) - GIVEN - OPTIONAL}


def test_an_image_is_built_without_compiler_and_has_all_that_the_plugins_import(archive: Path, tmp_path: Path) -> None:
    found = image(PLAIN, archive, tmp_path)
    assert found.python >= imported() >= {"pynetbox", "requests", "snmp"}
    assert "easysnmp" not in found.python
    assert found.system == ["openssh-clients [platform:rpm]"]
    assert 'ANSIBLE_INSTALL_REFS="ansible-core>=2.19' in found.containerfile


def test_an_image_with_the_compiled_library_has_its_headers_to_build_and_its_library_to_run(
    archive: Path, tmp_path: Path
) -> None:
    found = image(COMPILED, archive, tmp_path)
    assert "easysnmp" in found.python
    to_build = [line.split()[0] for line in found.system if "compile" in line]
    to_run = [line.split()[0] for line in found.system if "compile" not in line]
    python = yaml.safe_load((AWX / COMPILED).read_text())["dependencies"]["python_interpreter"]["package_system"]
    assert to_build == ["gcc", "net-snmp-devel", f"{python}-devel"]
    assert to_run == ["openssh-clients", "net-snmp-libs"]


def test_the_images_list_is_that_of_everybody_but_for_what_is_compiled() -> None:
    def lines(path: Path) -> list[str]:
        return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]

    everybody = [line for line in lines(ROOT / "requirements.txt") if not line.startswith("easysnmp")]
    assert lines(ROOT / "meta" / "ee-requirements.txt") == everybody
