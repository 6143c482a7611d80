"""Finds the words that Python makes for our pages, for ``make words``: babel calls ``extract`` for each file."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO

SAYS_ONE, SAYS_SOME, WORDS_FOR_CODES = "said", "said_of", "Worded"
WORDS = re.compile(r"[A-Za-z]{2}")
Found = tuple[int, str, str | tuple[str, str], list[str]]


def extract(
    written: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[Found]:
    """Each call of ``said`` and ``said_of``, the values of each ``Worded({...})``, and by the ``names`` of the options
    what is assigned to one, given as an argument of that name, or returned by a function so called, and what a function
    so called is given behind its first argument: line, function, message, comments."""
    names = set(options.get("names", "").split())
    for node in ast.walk(ast.parse(written.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from _called(node, node.func.id)
        for value in _named(node, names):
            yield from ((line, SAYS_ONE, words, []) for line, words in _strings(value))


def _named(node: ast.AST, names: Collection[str]) -> Iterator[ast.expr]:
    if isinstance(node, ast.keyword) and node.arg in names:
        yield node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
        yield from node.args[1:]
    elif isinstance(node, ast.FunctionDef) and node.name in names:
        yield from (each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        called = {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in targets}
        if called & set(names):
            yield node.value


def _called(call: ast.Call, name: str) -> Iterator[Found]:
    if name == SAYS_ONE and call.args:
        yield from ((line, SAYS_ONE, words, []) for line, words in _strings(call.args[0]))
    elif name == SAYS_SOME:
        both = [each.value for each in call.args[:2] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if len(both) == 2:
            yield call.lineno, "ngettext", (both[0], both[1]), []
    elif name == WORDS_FOR_CODES and call.args and isinstance(call.args[0], ast.Dict):
        for value in call.args[0].values:
            yield from ((line, SAYS_ONE, words, []) for line, words in _strings(value))


def _strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    """What is said in it; the keys of a dictionary are codes."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and WORDS.search(node.value):
            yield node.lineno, node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _strings(value)
    elif not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)
