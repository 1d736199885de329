# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mistakes that tests/mutants.py makes: one place of a source file changed, as a person might get it wrong."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import NamedTuple

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **{
        ast.Eq: ast.NotEq,
        ast.NotEq: ast.Eq,
        ast.Is: ast.IsNot,
        ast.IsNot: ast.Is,
        ast.In: ast.NotIn,
        ast.NotIn: ast.In,
    },
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult},
    **{ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Mod: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift},
}


class Mutation(NamedTuple):
    """A stretch of a source file and what is put in its place; offsets count octets of UTF-8."""

    line: int
    kind: str
    start: int
    end: int
    text: str

    def apply(self, source: str) -> str:
        data = source.encode()
        return (data[: self.start] + self.text.encode() + data[self.end :]).decode()


def mutations(source: str) -> list[Mutation]:
    """All that can be made of a source file, in the order of their places."""
    tree = ast.parse(source)
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = [_mutation(node, kind, new, starts) for node in _changeable(tree) for kind, new in _changes(node)]
    return sorted({one for one in found if one.apply(source) != source})


def _mutation(node: ast.expr | ast.stmt, kind: str, new: ast.AST, starts: list[int]) -> Mutation:
    text = ast.unparse(new)
    if isinstance(node, ast.expr) and not isinstance(new, ast.Constant | ast.Name | ast.Call):
        text = f"({text})"
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    return Mutation(node.lineno, kind, starts[node.lineno - 1] + node.col_offset, end, text)


def _changeable(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The statements and expressions that are carried out: no annotations, decorators, docstrings, texts with holes."""
    if isinstance(node, ast.expr | ast.stmt):
        yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "exc") or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_text(child) and not _is_declaration(child):
                yield from _changeable(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_declaration(node: ast.AST) -> bool:
    """A name for a type (`Oid = tuple[int, ...]`), `__all__`, or what only type checkers read."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript) and ast.unparse(node)[0].isupper()


def _changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    """What the node can be changed to, and what kind of mistake that is."""
    for maker in (_compare, _boolean, _arithmetic, _constant, _condition, _statement, _call, _comprehension):
        yield from maker(node)


def _changed(node: ast.AST, change: Callable[[ast.AST], None]) -> ast.AST:
    new = copy.deepcopy(node)
    change(new)
    return new


def _compare(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            new = copy.deepcopy(node)
            new.ops[place] = _COMPARISONS[type(operator)]()
            yield "comparison", new


def _boolean(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.BoolOp):
        yield "and/or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            yield "dropped operand", ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "dropped not", node.operand


def _arithmetic(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield "arithmetic", ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right)


def _constant(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Numbers and truth values, and words that are names (keys, codes) rather than text for people."""
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield "constant", ast.Constant(node.value + 1)
    elif isinstance(node.value, str) and node.value.isidentifier() and node.value.islower():
        yield "constant", ast.Constant(f"{node.value}X")


def _condition(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.If | ast.IfExp | ast.While) and isinstance(node.test, ast.Name | ast.Call | ast.Attribute):
        new = copy.deepcopy(node)
        new.test = ast.UnaryOp(ast.Not(), new.test)
        yield "negated condition", new


def _statement(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A result that is not returned, a statement that was forgotten."""
    match node:
        case ast.Return(value=value) if value is not None and not (isinstance(value, ast.Constant) and not value.value):
            yield "return None", ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign() | ast.Delete() | ast.Expr():
            yield "dropped statement", ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield "dropped statement", ast.Pass()


def _call(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if not isinstance(node, ast.Call):
        return
    first = node.args[:2]
    if len(first) == 2 and not any(isinstance(one, ast.Starred) for one in first):
        yield "swapped arguments", ast.Call(node.func, [first[1], first[0], *node.args[2:]], node.keywords)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg:
            yield "dropped argument", ast.Call(node.func, node.args, node.keywords[:place] + node.keywords[place + 1 :])


def _comprehension(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        for place, generator in enumerate(node.generators):
            for number in range(len(generator.ifs)):
                new = copy.deepcopy(node)
                del new.generators[place].ifs[number]
                yield "dropped filter", new
