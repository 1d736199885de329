# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks, and may they: tokens v1 and v2, and the 403 that NetBox gives for everything that is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .answers import Refused
from .models import Model
from .releases import Release
from .store import Store

V2_PREFIX = "nbt_"

_ACTIONS = {"GET": "view", "HEAD": "view", "POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}

_NOT_PROVIDED = "Authentication credentials were not provided."
_NOT_PERMITTED = "You do not have permission to perform this action."


@dataclass(frozen=True)
class Caller:
    """The user behind a token."""

    user: str
    superuser: bool
    write_enabled: bool
    permissions: frozenset[str]

    def may(self, action: str, model: Model) -> bool:
        """Has the user the permission for `action` (view, add, change, delete)?"""
        app, name = model.permission.split(".")
        return self.superuser or f"{app}.{action}_{name}" in self.permissions

    def require(self, method: str, model: Model) -> None:
        """Raise Refused unless this method is allowed: the reply does not reveal whether token or permission."""
        if method in ("GET", "HEAD", "OPTIONS"):
            allowed = method == "OPTIONS" or self.may("view", model)
        else:
            allowed = self.write_enabled and self.may(_ACTIONS[method], model)
        if not allowed:
            raise Refused(403, {"detail": _NOT_PERMITTED})

    def require_superuser(self) -> None:
        """Raise Refused unless the user is one."""
        if not self.superuser:
            raise Refused(403, {"detail": _NOT_PERMITTED})


def authenticate(header: str | None, store: Store, release: Release) -> Caller:
    """The caller that an Authorization header names. Raises Refused (always 403, never 401)."""
    words = (header or "").split()
    if not words or words[0].lower() not in (("token", "bearer") if release.v2_tokens else ("token",)):
        raise Refused(403, {"detail": _NOT_PROVIDED})
    if len(words) != 2:
        raise Refused(403, {"detail": _malformed(len(words), release)})
    secret = words[1]
    known = store.tokens().get(secret)
    if release.v2_tokens:
        _check_form(secret)
        if known is None:
            raise Refused(403, {"detail": f"Invalid v{2 if secret.startswith(V2_PREFIX) else 1} token"})
    elif known is None or secret.startswith(V2_PREFIX):
        raise Refused(403, {"detail": "Invalid token"})
    _check_state(known, release)
    return Caller(
        known.get("user", "sandbox"),
        bool(known.get("superuser", False)),
        bool(known.get("write_enabled", True)),
        frozenset(known.get("permissions", ())),
    )


def _malformed(words: int, release: Release) -> str:
    if release.v2_tokens:
        return 'Invalid authorization header: Must be in the form "Bearer <key>.<token>" or "Token <token>"'
    if words == 1:
        return "Invalid token header. No credentials provided."
    return "Invalid token header. Token string should not contain spaces."


def _check_form(secret: str) -> None:
    if secret.startswith(V2_PREFIX) and "." not in secret:
        raise Refused(
            403,
            {
                "detail": "Invalid authorization header: Could not parse key from v2 token. "
                "Did you mean to use 'Token' instead of 'Bearer'?"
            },
        )


def _check_state(token: Mapping[str, Any], release: Release) -> None:
    if release.v2_tokens and not token.get("enabled", True):
        raise Refused(403, {"detail": "Token disabled"})
    expires = token.get("expires")
    if expires and datetime.fromisoformat(expires).astimezone(UTC) <= datetime.now(UTC):
        raise Refused(403, {"detail": "Token expired"})
