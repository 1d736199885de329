# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of each module is what its documentation says, as ansible-test's sanity compares them too."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

PACKAGE = "ansible_collections.invmon.network.plugins"
PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py") if path.stem != "__init__")
ACTIONS = sorted(path.stem for path in (PLUGINS / "action").glob("*.py") if path.stem != "__init__")

Options = Mapping[str, Mapping[str, Any]]


def documented(module: str) -> Options:
    """The options of a module's DOCUMENTATION, with those of our fragments that it names."""
    page = yaml.safe_load(import_module(f"{PACKAGE}.modules.{module}").DOCUMENTATION)
    found: dict[str, Any] = {}
    for name in page.get("extends_documentation_fragment", []):
        fragment, _dot, part = name.removeprefix("invmon.network.").partition(".")
        texts = import_module(f"{PACKAGE}.doc_fragments.{fragment}").ModuleDocFragment
        found |= yaml.safe_load(getattr(texts, part.upper() or "DOCUMENTATION")).get("options") or {}
    # As Ansible merges them: what the module says about an option of a fragment is added to it.
    return found | {name: {**found.get(name, {}), **option} for name, option in (page.get("options") or {}).items()}


def specified(module: str, monkeypatch: pytest.MonkeyPatch) -> Options:
    """The argument spec with which a module is run."""
    code = import_module(f"{PACKAGE}.modules.{module}")
    specs: list[Options] = []
    monkeypatch.setattr(code, "run_module", lambda spec, *_more: specs.append(spec))
    code.main()
    (spec,) = specs
    return spec


def flat(options: Options, above: str = "") -> dict[str, dict[str, Any]]:
    """What the two have in common, of each option and suboption."""
    found: dict[str, dict[str, Any]] = {}
    for name, option in options.items():
        found[above + name] = {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "required": option.get("required", False),
            "choices": list(option["choices"]) if option.get("choices") else None,
            "default": option.get("default"),
            "aliases": sorted(option.get("aliases", [])),
        }
        for inner in ("options", "suboptions"):
            found |= flat(option.get(inner) or {}, f"{above}{name} > ")
    return found


@pytest.mark.parametrize("module", MODULES)
def test_the_argument_spec_is_what_the_documentation_says(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, page = flat(specified(module, monkeypatch)), flat(documented(module))
    assert sorted(page.keys() - spec.keys()) == [], "documented, but in no argument spec"
    assert sorted(spec.keys() - page.keys()) == [], "in the argument spec, but not documented"
    for name, option in spec.items():
        assert option == page[name], name


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_takes_the_options_of_its_module(action: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = import_module(f"{PACKAGE}.action.{action}").ActionModule.argument_spec
    assert not spec or flat(spec) == flat(specified(action, monkeypatch))


#: Options of netscan that the role discover does not have as a variable of its own: the action fills them.
FILLED = {
    *("networks", "known_addresses", "snmp", "profiles", "profile_data", "save_to"),
    *("url", "token", "validate_certs", "ca_path", "timeout", "env_file"),
}


def test_the_role_discover_has_the_options_of_netscan_with_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    page = yaml.safe_load((PLUGINS.parent / "roles" / "discover" / "meta" / "argument_specs.yml").read_text("utf-8"))
    variables = flat(page["argument_specs"]["main"]["options"])
    options = flat(specified("netscan", monkeypatch))
    # The role compares with NetBox, and names the file to resume.
    differing = {"netbox": {"default": True}, "resume": {}}
    for name in options.keys() - FILLED:
        assert variables[f"discover_{name}"] == options[name] | differing.get(name, {}), name
