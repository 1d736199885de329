# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory cache: what NetBox, or another user, puts into it, and what a second run makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.template import is_trusted_as_template, trust_as_template
from ansible_collections.invmon.network.plugins.module_utils._common.private_files import PrivateFileError
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import WrongShape
from ansible_collections.invmon.network.plugins.plugin_utils._inventory.inventory_cache import check_files, unpacked
from ansible_collections.invmon.network.tests.attacks.ansible_commands import ansible
from ansible_collections.invmon.network.tests.attacks.hostile_netbox import hostile_netbox, rows
from ansible_collections.invmon.network.tests.attacks.local_user import foreign
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

TEMPLATE = "{{ 6977 * 7919 }}"
#: What it is, evaluated: nothing that a port or a folder has in it by chance.
EVALUATED = str(6977 * 7919)
#: What Ansible's cache makes a text of that is evaluated wherever it is used.
TRUSTED = {
    "__ansible_type": "_AnsibleTaggedStr",
    "value": TEMPLATE,
    "tags": [{"__ansible_type": "TrustedAsTemplate"}],
}
PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [{"ansible.builtin.debug": {"msg": "site: {{ netbox_site.name }} at {{ ansible_host }}"}}],
    }
]
SEED: dict[str, Any] = {
    "manufacturers": [{"name": "Acme", "slug": "acme"}],
    "device_types": [{"manufacturer": "acme", "model": "Box", "slug": "box"}],
    "roles": [{"name": "Router", "slug": "router"}],
    "sites": [{"name": f"Brno {TEMPLATE}", "slug": "brq"}],
    "devices": [
        {"name": "r1", "device_type": "box", "role": "router", "site": "brq", "primary_ip4": "127.66.6.1/8"},
    ],
}


def play(folder: Path, url: str, token: str) -> tuple[int, str]:
    """A run with the cache, as in the example of the plugin's page; its status and output."""
    options = {"plugin": "invmon.network.netbox_devices", "url": url, "token": token, "cache": True}
    options |= {"cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(folder / "cache")}
    (folder / "my.netbox_devices.yml").write_text(yaml.safe_dump(options))
    (folder / "play.yml").write_text(yaml.safe_dump(PLAY))
    run = ansible(folder, "ansible-playbook", "-i", "my.netbox_devices.yml", "play.yml")
    return run.returncode, " ".join((run.stdout + run.stderr).split())


def kept(folder: Path) -> Path:
    """The file of the cache."""
    (path,) = (folder / "cache").iterdir()
    return path


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, Path]]:
    """A NetBox, and the folder of a run that left a cache."""
    folder = tmp_path_factory.mktemp("once")
    with start_standin(SEED) as standin:
        status, said = play(folder, standin.url, standin.token)
        assert status == 0, said
        yield standin, folder


@pytest.fixture
def after(once: tuple[StandIn, Path]) -> Iterator[tuple[StandIn, Path]]:
    """The same, as the first run left it."""
    standin, folder = once
    path = kept(folder)
    content = path.read_bytes()
    standin.forget()
    yield once
    path.parent.chmod(0o700)
    path.write_bytes(content)


@pytest.mark.attack(
    "Code in the inventory cache, by NetBox",
    tried="a platform whose name is an object that Ansible's cache revives as a trusted template",
    came="NetBox's reply is refused, for a name is a text, and nothing but texts made here gets into the cache",
)
def test_netbox_cannot_put_an_object_of_ansible_into_the_cache(tmp_path: Path) -> None:
    row = dict.fromkeys(
        ("display", "site", "location", "role", "primary_ip6", "oob_ip", "virtual_chassis", "vc_position")
    )
    row |= {"id": 1, "name": "r1", "primary_ip4": {"id": 1, "address": "127.66.6.1/8"}, "serial": "", "tags": []}
    row |= {"status": {"value": "active"}, "platform": {"id": 1, "name": TRUSTED, "slug": "ios"}}
    row |= {"device_type": {"id": 1, "model": "C1", "manufacturer": {"id": 1, "name": "Cisco"}}}
    with hostile_netbox() as netbox:
        netbox.answer(rows(row))
        _status, said = play(tmp_path, netbox.url, netbox.token)
    assert "invalid rows (row 1: platform " in said
    assert EVALUATED not in said
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.attack(
    "Code in the inventory cache, by its file",
    tried="a file of the right owner that holds an object to be revived as a trusted template in place of the text"
    " that was written",
    came="what is not that text is not used, and NetBox is read again; nothing is evaluated",
)
def test_the_file_of_the_cache_is_a_text_that_is_checked(after: tuple[StandIn, Path]) -> None:
    standin, folder = after
    kept(folder).write_text(json.dumps({"__payload__": json.dumps({"text": TRUSTED})}))
    status, said = play(folder, standin.url, standin.token)
    assert status == 0, said
    assert f"site: Brno {TEMPLATE} at 127.66.6.1" in said
    assert EVALUATED not in said
    assert "The inventory cache is not used, NetBox is read again" in said


def test_what_is_read_of_a_trusted_text_is_not_trusted() -> None:
    row = {"id": 1, "name": TEMPLATE, "site": {"name": TEMPLATE}}
    text = json.dumps({"version": 2, "devices": [row], "members": []})
    ((found,), _members) = unpacked({"text": trust_as_template(text)})
    assert (found["name"], found["site"]["name"]) == (TEMPLATE, TEMPLATE)
    assert not is_trusted_as_template(found["name"])
    assert not is_trusted_as_template(found["site"]["name"])


@pytest.mark.attack(
    "Another user's inventory cache",
    tried="a folder of the cache that is open to others, with another address for a device in it",
    came="refused with a sentence; nothing of it is used",
)
def test_a_cache_that_others_may_write_is_refused(after: tuple[StandIn, Path]) -> None:
    standin, folder = after
    path = kept(folder)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.write_text(path.read_text().replace("127.66.6.1", "127.66.6.6"))
    path.parent.chmod(0o777)
    _status, said = play(folder, standin.url, standin.token)
    assert standin.requests() == []
    assert "127.66.6.6" not in said
    assert "others may write it" in said
    assert "Traceback" not in said


def _foreign_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign(path, monkeypatch)


def _foreign_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign(path.parent, monkeypatch)


def _foreign_parent(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign(path.parents[1], monkeypatch)


def _mode(mode: int, above: int) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda path, monkeypatch: (path, *path.parents)[above].chmod(mode)


@pytest.mark.attack(
    "Another user's inventory cache",
    tried="a file of the cache, its folder, and the folder above it, that belong to another user, or that others may"
    " write",
    came="each is refused with a sentence",
)
@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (_foreign_file, "belongs to"),
        (_foreign_folder, "belongs to"),
        (_foreign_parent, "belongs to"),
        (_mode(0o666, 0), "other users can write it"),
        (_mode(0o660, 0), "other users can write it"),
        (_mode(0o775, 1), "others may write it"),
        (_mode(0o757, 2), "others may write it"),
    ],
)
def test_what_others_may_write_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tamper: Callable[[Path, pytest.MonkeyPatch], None], said: str
) -> None:
    path = tmp_path / "mine" / "cache" / "ansible_inventory_s1_key"
    path.parent.mkdir(parents=True, mode=0o755)
    path.touch(0o644)
    check_files(str(path.parent), "key")
    tamper(path, monkeypatch)
    with pytest.raises(PrivateFileError, match=said):
        check_files(str(path.parent), "key")


def test_what_is_no_folder_is_not_looked_at() -> None:
    check_files("redis.example.org:6379:0", "key")
    check_files(None, "key")


@pytest.mark.parametrize(
    "kept_there",
    [
        *(None, 7, "text", {}, {"text": None}, {"text": 7}, {"text": "{}"}, {"text": "[" * 100}),
        {"text": "{}", "more": 1},
        {"text": '{"version": 1, "devices": [], "members": []}'},
        {"text": '{"version": 2, "devices": {}, "members": []}'},
        {"text": '{"version": 2, "devices": [{"id": 1, "site": "brq"}], "members": []}'},
        {"text": json.dumps({"version": 2, "devices": [{"id": 1, "site": {"name": TRUSTED}}], "members": []})},
    ],
)
def test_a_text_of_another_shape_is_not_used(kept_there: Any) -> None:
    with pytest.raises(WrongShape):
        unpacked(kept_there)
