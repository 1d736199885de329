# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rooms of the stand-in hand to the HTTP front: an answer, or a refusal raised as an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    """One HTTP answer. `body` is JSON data, or text that is sent as it is with `content_type`."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


class Refused(Exception):
    """A request that NetBox answers with an error: the status, and the body as JSON data."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """Keep what is to be answered."""
        super().__init__(f"{status} {body}")
        self.answer = Answer(status, body, headers or {})


class Invalid(Exception):
    """A value that NetBox would not take: `errors` is the body of the 400, or a part of it."""

    def __init__(self, errors: Any) -> None:
        """Keep the body."""
        super().__init__(str(errors))
        self.errors = errors


def html(status: int, title: str) -> Answer:
    """An HTML page, as NetBox (404) or the web server before it (400, 502) sends them."""
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Answer(status, page, content_type="text/html; charset=utf-8")
