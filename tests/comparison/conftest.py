"""Fixtures that tests of this room share."""

import pytest


@pytest.fixture
def pyplot():
    """matplotlib.pyplot without a display; its figures are closed afterwards."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    pyplot = pytest.importorskip("matplotlib.pyplot")
    yield pyplot
    pyplot.close("all")
