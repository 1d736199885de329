# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a regular expression can cost: known ones, and all of ours, which meet texts that devices and NetBox send."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import ProfileFileError, shipped
from ansible_collections.invmon.network.plugins.module_utils._parts.serials import SerialRules
from ansible_collections.invmon.network.plugins.module_utils._patterns.cost import why_costly
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._patterns.our_expressions import expressions

#: What tp-link.yml had: 187 octets of hwVersion took it for ever.
TP_LINK = r"^(\S+(?: \S*[A-Za-z]\S*)*)(?: v?\d+\.\d+)?$"
FOR_EVER = [
    *(r"(a+)+$", r"(a|a)*b", r"(a*)*b", r"(?:a?b?)*c", r"(x+x+)+y", r"(\S+ ?)*x", r"^(a{1,3}){16}$", r"(?:a?){300}b"),
    *(r"(?:a|aa)+$", r"(?:.|\n)*(?:.|\s)*x", r"^(?=(a+)+b)", r"(.*,)*x", TP_LINK),
]
CUBIC = [r"a*a*b", r"\s*([^,;]+?)\s*;", r"^a*a*a*$", r"(?:x|\s*\s*)\s*:", r".*-.*-.*!", r"\d+\.?\d+\.?\d+$"]
FINE = [
    *(r"abc", r"^a*b", r"(a|b)*c", r"^\d+(\.\d+)*$", r"\w+", r"a+b+", r"(?:[0-9a-f]{2}[: ]?){6}", r"(?<!\d)\d+(?!\d)"),
    *(r"SN: *(\S+)", r"^(.+?) v[\d.]+ ?\(SN", r"\s*+\s*+x", r"^(?!.*-sd$)(.+)$", r"([-/.])\d\1\d", r"(?i)serial *: *"),
]


@pytest.mark.parametrize("expression", [*FOR_EVER, *CUBIC])
def test_an_expression_that_some_texts_take_for_ever_is_known(expression: str) -> None:
    problem = why_costly(re.compile(expression, re.I))
    assert problem is not None
    assert ("exponential" in problem) is (expression in FOR_EVER)


@pytest.mark.parametrize("expression", FINE)
def test_an_expression_that_costs_little_is_let_be(expression: str) -> None:
    assert why_costly(re.compile(expression, re.I)) is None


@pytest.mark.parametrize("expression", ["(?:" * 12 + "x?" + "){7}" * 12, "a" * 500, "(?:" + "[ab]" * 300 + ")*c"])
def test_looking_at_an_expression_takes_bounded_time_itself(expression: str) -> None:
    assert "too large to check" in str(why_costly(re.compile(expression)))


@pytest.mark.slow
def test_every_expression_of_ours_is_bounded() -> None:
    found = expressions()
    assert len(found) > 300  # it finds them
    assert {(one.where, one.method, why) for one in found if (why := why_costly(one.pattern, one.method))} == set()


def test_a_profile_with_such_an_expression_is_refused_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "acme.yml"
    file.write_text(
        "match:\n  - object_id: 1.3.6.1.4.1.99999\nscalars:\n  acme:\n    oids:\n      serial:\n"
        f"        {{id: 1.3.6.1.4.1.99999.1.0, match: '{TP_LINK}'}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ProfileFileError, match=r"acme.yml:7: scalars > acme > oids > serial > match: .* exponential"):
        shipped().with_own(file)
    file.write_text("match:\n  - description: '(Acme|Ac.e)*!'\n", encoding="utf-8")
    with pytest.raises(ProfileFileError, match=r"acme.yml:2: match > 0 > description: .* exponential"):
        shipped().with_own(file)
    file.write_text(f"match:\n  - description: '{'x' * 600}'\n", encoding="utf-8")
    with pytest.raises(ProfileFileError, match="an expression of 600 characters; it may have 500"):
        shipped().with_own(file)


@pytest.mark.parametrize("rules", [lambda rule: SerialRules(accept=[rule]), lambda rule: SerialRules(reject=[rule])])
def test_a_rule_of_serials_with_such_an_expression_is_refused(rules: Callable[[str], SerialRules]) -> None:
    with pytest.raises(ValueError, match="exponential"):
        rules("/^(A+)+$/")


#: Seconds of processor time for all expressions with all texts below; in proportion to their squares they take three.
_CPU_SECONDS = 40
_LENGTH = 1024


@pytest.mark.slow
def test_no_text_made_for_it_keeps_an_expression_of_ours_busy() -> None:
    """The other way round: texts that repeat what each repetition takes, and then do not go on."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))

    done = subprocess.run(
        [sys.executable, __file__], preexec_fn=limited, env={"PYTHONPATH": ":".join(sys.path)}, check=False
    )
    assert done.returncode == 0, "it was ended: see which expression was the last one printed"


def _texts(tree: Any) -> Iterator[str]:
    """For each repetition: what leads to it, then characters that it takes, again and again, then one that does not
    belong there."""
    before = ""
    for operator, argument in tree:
        if str(operator).endswith("REPEAT") and argument[1] > 8:
            for unit in (*_samples(argument[2]), *"a0 -.:"):
                yield before + (unit or "a") * (_LENGTH // max(1, len(unit)))
                yield before + (unit or "a") * (_LENGTH // max(1, len(unit))) + "\0!"
        for inner in _inside(operator, argument):
            yield from (before + text for text in _texts(inner))
        before += next(iter(_samples([(operator, argument)])), "")


def _inside(operator: Any, argument: Any) -> list[Any]:
    name = str(operator)
    if name == "BRANCH":
        return list(argument[1])
    if name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT"):
        return [argument[-1]]
    return [argument[2]] if name.endswith("REPEAT") else []


def _samples(tree: Any) -> list[str]:
    """Some texts that a part of an expression matches."""
    texts = [""]
    for operator, argument in tree:
        texts = [text + more for text in texts for more in _sample(str(operator), argument)][:6]
    return texts


def _sample(name: str, argument: Any) -> list[str]:
    if name in ("BRANCH", "SUBPATTERN"):
        return [text for inner in _inside(name, argument) for text in _samples(inner)][:6]
    if name.endswith("REPEAT"):
        return [text * max(1, argument[0]) for text in _samples(argument[2])] if argument[1] else [""]
    if name == "LITERAL":
        return [chr(argument)]
    if name == "IN":
        ranges = [
            chr(value if str(kind) == "LITERAL" else value[0])
            for kind, value in argument
            if type(value) in (int, tuple)
        ]
        words = {"CATEGORY_DIGIT": "7", "CATEGORY_WORD": "w", "CATEGORY_SPACE": " ", "CATEGORY_NOT_SPACE": "x"}
        negated = str(argument[0][0]) == "NEGATE"
        return (
            ["q"] if negated else [*ranges, *(words.get(str(v), "y") for k, v in argument if str(k) == "CATEGORY")][:3]
        )
    return ["z"] if name in ("ANY", "NOT_LITERAL") else [""]


def _try_all() -> None:
    for where, pattern, method in dict.fromkeys(expressions()):
        print(where, ascii(pattern.pattern), flush=True)
        for text in dict.fromkeys(_texts(_parser.parse(pattern.pattern, pattern.flags))):
            subject = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
            getattr(pattern, "search" if method in ("sub", "subn") else method)(subject)


if __name__ == "__main__":
    _try_all()
