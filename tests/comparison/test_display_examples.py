"""The examples of the displays run where matplotlib is; doctests skip them."""

import doctest

import pytest

from skgendisc import comparison

DISPLAYS = [name for name in comparison.__all__ if name.endswith("Display")]


@pytest.mark.parametrize("name", DISPLAYS)
def test_example_draws(name):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    display = getattr(comparison, name)
    source = display.__doc__.replace("  # doctest: +SKIP", "")
    names = {}
    test = doctest.DocTestParser().get_doctest(source, names, name, None, None)
    assert any("display = " in example.source for example in test.examples)
    messages = []
    runner = doctest.DocTestRunner(verbose=False)
    found = runner.run(test, out=messages.append, clear_globs=False)
    assert not found.failed, "".join(messages)
    assert test.globs["display"].figure_.axes
    pytest.importorskip("matplotlib.pyplot").close("all")
