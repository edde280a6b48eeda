"""The examples of the gallery: what can be seen without running them."""

import ast
import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "docs" / "examples"
EXAMPLES = sorted(FOLDER.glob("plot_*.py"))
if not EXAMPLES:
    pytest.skip("the gallery is not part of this copy", allow_module_level=True)


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def example(request):
    """The syntax tree of an example."""
    return ast.parse(request.param.read_text(), filename=str(request.param))


def imported(tree):
    """Module and name of everything that is imported by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)


def test_an_example_begins_with_an_underlined_claim(example):
    claim, line = ast.get_docstring(example).splitlines()[:2]
    assert line == "=" * len(claim)
    assert not claim.endswith(".")


def test_titles_differ():
    titles = [
        ast.get_docstring(ast.parse(path.read_text())).splitlines()[0]
        for path in EXAMPLES
    ]
    assert len(set(titles)) == len(titles)


def test_an_example_needs_nothing_from_a_network(example):
    assert not [name for _, name in imported(example) if name.startswith("fetch_")]


def test_an_example_takes_public_names_of_the_package(example):
    ours = [pair for pair in imported(example) if pair[0].startswith("skgendisc")]
    assert ours
    if any(module == "skgendisc.neural" for module, _ in ours):
        pytest.importorskip("torch")
    for module, name in ours:
        assert name in importlib.import_module(module).__all__, f"{module}.{name}"
