"""The examples of the displays run where matplotlib is; doctests skip them."""

import doctest
import sys

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


class Untouched:
    """An estimator with which nothing may be done."""

    def __getattribute__(self, name):
        raise AssertionError(f"asked for {name}")


@pytest.mark.parametrize("name", DISPLAYS)
def test_without_matplotlib_nothing_is_computed_in_vain(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    display, model = getattr(comparison, name), Untouched()
    models = {
        "SampleDisplay": [model],
        "DecisionRegionsDisplay": [model, model],
    }.get(name, [{"a": model}])
    make = getattr(display, "from_estimators", None) or display.from_estimator
    with pytest.raises(ImportError, match=f"{name}.plot needs matplotlib"):
        make(*models, [[0.0, 1.0]] * 4, [0, 1] * 2)
