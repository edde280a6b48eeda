import json
import sys

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import KernelDensity

from skgendisc.comparison import SampleDisplay
from skgendisc.joint import LDASampler
from skgendisc.trees import TreeSampler

pytestmark = pytest.mark.usefixtures("pyplot")


def numbers(n_rows, seed=0, n_columns=3):
    return np.random.default_rng(seed).normal(size=(n_rows, n_columns))


def points(panel):
    """All points of a panel, in ascending order."""
    found = np.concatenate([dots.get_offsets() for dots in panel.collections])
    return found[np.lexsort(found.T)]


def in_order(rows):
    return rows[np.lexsort(rows.T)]


@pytest.mark.parametrize("kind", ["array", "pandas", "polars"])
def test_points_are_the_rows_of_their_table(kind):
    tables = numbers(40), numbers(40, seed=1)
    shown = tables
    if kind != "array":
        module = pytest.importorskip(kind)
        shown = [
            module.DataFrame({c: t[:, j] for j, c in enumerate("abc")}) for t in tables
        ]
    display = SampleDisplay.from_samples(*shown)
    for side, table in zip(("real", "synthetic"), tables, strict=True):
        axes = display.axes_[side]
        for i, j in ((1, 0), (2, 0), (2, 1)):
            np.testing.assert_array_equal(
                points(axes[i, j]), in_order(table[:, [j, i]])
            )
        assert axes[0, 1] is None
    names = [panel.get_xlabel() for panel in display.axes_["real"][-1]]
    assert names == (["0", "1", "2"] if kind == "array" else ["a", "b", "c"])


def test_as_many_points_are_shown_of_either_table():
    display = SampleDisplay.from_samples(numbers(300), numbers(90))
    for side in ("real", "synthetic"):
        assert len(points(display.axes_[side][1, 0])) == 90
    display = SampleDisplay.from_samples(numbers(300), numbers(90), max_rows=20)
    assert len(points(display.axes_["real"][1, 0])) == 20


def test_both_tables_have_the_same_axes():
    display = SampleDisplay.from_samples(numbers(50), 3 + 2 * numbers(50, seed=1))
    for real, synthetic in zip(
        display.axes_["real"][1], display.axes_["synthetic"][1], strict=True
    ):
        if real is not None:
            assert real.get_xlim() == synthetic.get_xlim()
            assert real.get_ylim() == synthetic.get_ylim()
    low, high = display.axes_["real"][1, 0].get_xlim()
    assert low < display.synthetic[:, 0].min() < display.synthetic[:, 0].max() < high


def test_marginals_are_shares_of_all_rows_beside_the_outline_of_the_real():
    real, synthetic = numbers(400), 2 * numbers(600, seed=1)
    display = SampleDisplay.from_samples(real, synthetic, columns=[0], max_rows=10)
    edges = np.array(display.columns[0]["edges"])
    expected = [
        np.histogram(np.clip(t[:, 0], edges[0], edges[-1]), edges)[0] / len(t)
        for t in (real, synthetic)
    ]
    for side, shares in zip(("real", "synthetic"), expected, strict=True):
        bars = display.axes_[side][0, 0].containers[0]
        np.testing.assert_allclose([bar.get_height() for bar in bars], shares)
    outline = display.axes_["synthetic"][0, 0].patches[-1].get_data().values
    np.testing.assert_allclose(outline, expected[0])


@pytest.fixture
def mixed():
    """Two mixed tables, as pandas frames."""
    pandas = pytest.importorskip("pandas")

    def table(n_rows, seed):
        rng = np.random.default_rng(seed)
        town = rng.choice(["Bonn", "Kiel", "Ulm"], n_rows, p=[0.6, 0.3, 0.1])
        age = rng.normal(40, 10, n_rows)
        age[rng.uniform(size=n_rows) < 0.2] = np.nan
        owner = rng.uniform(size=n_rows) < np.where(town == "Bonn", 0.9, 0.2)
        return pandas.DataFrame({"town": town, "age": age, "owner": owner})

    return table(200, 0), table(150, 1)


def test_boxes_have_the_area_of_the_shares_of_two_levels(mixed):
    display = SampleDisplay.from_samples(*mixed)
    areas, shares = [], []
    for side, table in zip(("real", "synthetic"), mixed, strict=True):
        (boxes,) = display.axes_[side][2, 0].collections
        sizes = [np.ptp(path.vertices, axis=0) for path in boxes.get_paths()]
        places = [path.vertices[:4].mean(axis=0) for path in boxes.get_paths()]
        areas += [width * height for width, height in sizes]
        levels = display.columns[0]["levels"]
        for x, y in np.rint(places).astype(int):
            is_here = (table["town"] == levels[x]) & (
                table["owner"].astype(str) == display.columns[2]["levels"][y]
            )
            shares.append(is_here.mean())
    assert len(shares) == 12
    np.testing.assert_allclose(
        np.array(areas) / max(areas), np.array(shares) / max(shares)
    )


def test_points_stay_at_their_level_and_those_with_gaps_are_left_out(mixed):
    display = SampleDisplay.from_samples(*mixed)
    table = mixed[0]
    panel = display.axes_["real"][1, 0]  # age over town
    offsets = np.ma.getdata(panel.collections[0].get_offsets())
    offsets = offsets[~np.isnan(offsets).any(axis=1)]
    n_shown = (~np.isnan(display.real[:, 1])).sum()
    assert len(offsets) == n_shown < 150
    for place, level in enumerate(display.columns[0]["levels"]):
        here = offsets[np.rint(offsets[:, 0]) == place]
        assert np.abs(here[:, 0] - place).max() < 0.3
        assert np.isin(here[:, 1], table["age"][table["town"] == level]).all()
    (note,) = display.axes_["real"][1, 1].texts
    assert note.get_text() == f"{100 * table['age'].isna().mean():.0f} % missing"


def test_rare_levels_are_shown_as_one():
    towns = [[f"town {k}"] for k in range(9) for _ in range(20 - 2 * k)]
    display = SampleDisplay.from_samples(towns, towns)
    column = display.columns[0]
    assert column["levels"] == [*(f"town {k}" for k in range(6)), "3 others"]
    np.testing.assert_allclose(column["shares"][0][-1], (8 + 6 + 4) / len(towns))
    np.testing.assert_allclose(sum(column["shares"][1]), 1.0)


def test_long_words_are_cut_and_not_left_out():
    towns = [["Llanfairpwllgwyngyll"], ["Ulm"]] * 5
    display = SampleDisplay.from_samples(towns, towns)
    labels = display.axes_["real"][0, 0].get_xticklabels()
    assert {label.get_text() for label in labels} == {"Llanfairpwl…", "Ulm"}


def test_points_have_the_colour_of_their_class():
    X, y = numbers(60), np.repeat(["a", "b"], 30)
    display = SampleDisplay.from_samples(X, X + 1, y, y[::-1])
    of_a, of_b = display.axes_["real"][1, 0].collections
    np.testing.assert_array_equal(in_order(of_a.get_offsets()), in_order(X[:30, :2]))
    assert not np.array_equal(of_a.get_facecolor(), of_b.get_facecolor())
    of_a = display.axes_["synthetic"][1, 0].collections[0]
    np.testing.assert_array_equal(
        in_order(of_a.get_offsets()), in_order(X[30:, :2] + 1)
    )


def blocks(panel, height, width):
    """The images of a grid, line after line; None where there is none."""
    grid = np.ma.filled(panel.images[0].get_array().astype(float), np.nan)
    return [
        [
            grid[top : top + height, left : left + width]
            for left in range(0, grid.shape[1], width + 1)
        ]
        for top in range(0, grid.shape[0], height + 1)
    ]


def test_images_are_the_rows_of_their_class_real_ones_on_top():
    y = np.repeat([3, 5], [4, 2])
    X = np.arange(6 * 12, dtype=float).reshape(6, 12)
    display = SampleDisplay.from_samples(
        X, X[::-1], y, y[::-1], image_shape=(3, 4), n_images=3
    )
    grid = blocks(display.axes_["real"], 3, 4)
    assert (len(grid), len(grid[0])) == (3, 2)
    of_three = {tuple(line[0].ravel()) for line in grid}
    assert len(of_three) == 3
    assert of_three <= {tuple(row) for row in X[:4]}
    assert {tuple(line[1].ravel()) for line in grid[:2]} == {tuple(r) for r in X[4:]}
    assert np.isnan(grid[2][1]).all()  # the class has two
    real, synthetic = (display.axes_[side] for side in ("real", "synthetic"))
    assert real.get_position().y0 > synthetic.get_position().y0
    assert [label.get_text() for label in synthetic.get_xticklabels()] == ["3", "5"]


def test_a_class_that_one_table_lacks_leaves_its_column_empty():
    X = np.arange(12.0).reshape(3, 4)
    display = SampleDisplay.from_samples(
        X, X, ["a", "b", "c"], ["a", "b", "b"], image_shape=(2, 2)
    )
    real, synthetic = (blocks(display.axes_[s], 2, 2) for s in ("real", "synthetic"))
    np.testing.assert_array_equal(real[0][2].ravel(), X[2])
    assert len(real) == len(synthetic) == 2
    assert all(np.isnan(line[2]).all() for line in synthetic)


def test_images_without_classes_come_in_lines_of_ten():
    X = np.random.default_rng(0).uniform(size=(25, 4))
    display = SampleDisplay.from_samples(X, X[:5], image_shape=(2, 2))
    grid = blocks(display.axes_["real"], 2, 2)
    shown = np.array([image.ravel() for line in grid for image in line])
    shown = shown[~np.isnan(shown).any(axis=1)]
    np.testing.assert_array_equal(in_order(shown), in_order(X))
    assert (len(grid), len(grid[0])) == (3, 10)
    assert len(blocks(display.axes_["synthetic"], 2, 2)[0]) == 5


def test_grey_and_colour_are_scaled_by_the_real_images():
    X = np.random.default_rng(0).uniform(0, 200, size=(4, 2, 2, 3))
    display = SampleDisplay.from_samples(X, X + 300, image_shape=(2, 2, 3))
    colours = display.axes_["synthetic"].images[0].get_array()
    assert colours.min() == 1.0  # brighter than all real ones
    display = SampleDisplay.from_samples(X[..., 0], X[..., 1], image_shape=(2, 2))
    expected = X[..., 0].min(), X[..., 0].max()
    assert display.axes_["synthetic"].images[0].get_clim() == expected


@pytest.fixture
def sampler():
    X, y = numbers(200), np.repeat([0, 1], 100)
    return LDASampler(random_state=0).fit(X + 20 * y[:, None], y)


def test_estimator_draws_as_many_rows_by_the_seed(sampler):
    X, y = numbers(70), np.repeat([0, 1], 35)
    first, again, other = (
        SampleDisplay.from_estimator(sampler, X, y, random_state=seed)
        for seed in (0, 0, 1)
    )
    assert len(first.synthetic) == 70
    np.testing.assert_array_equal(first.synthetic, again.synthetic)
    assert not np.array_equal(first.synthetic, other.synthetic)
    # Rows come with the classes they were drawn for.
    is_far = first.synthetic[:, 0] > 10
    np.testing.assert_array_equal(is_far, np.array(first.y_synthetic) == 1)


def test_images_are_drawn_of_each_class_as_often(sampler):
    X, y = numbers(70, n_columns=3), np.repeat([0, 1], [60, 10])
    display = SampleDisplay.from_estimator(
        sampler, X, y, image_shape=(1, 3), n_images=5
    )
    assert display.y_synthetic == [0] * 5 + [1] * 5
    np.testing.assert_array_equal(
        display.synthetic.mean(axis=(1, 2)) > 10, [False] * 5 + [True] * 5
    )


@pytest.mark.parametrize("model", [GaussianMixture(2), KernelDensity()], ids=repr)
def test_samplers_of_scikit_learn_are_shown_too(model):
    X = numbers(50)
    display = SampleDisplay.from_estimator(model.fit(X), X, n_samples=30)
    assert display.synthetic.shape == (30, 3)


def test_mixed_tables_are_drawn_and_shown(mixed):
    sampler = TreeSampler(random_state=0).fit(mixed[0])
    display = SampleDisplay.from_estimator(sampler, mixed[0], columns=["owner", "age"])
    assert [column["name"] for column in display.columns] == ["owner", "age"]


def test_numbers_are_plain_and_give_the_display_back(mixed):
    display = SampleDisplay.from_samples(*mixed, max_rows=10)
    values = display.to_dict()
    json.dumps(values)
    again = SampleDisplay(**values).plot()
    np.testing.assert_array_equal(
        points(again.axes_["real"][1, 0]), points(display.axes_["real"][1, 0])
    )
    images = SampleDisplay.from_samples(numbers(4), numbers(4), image_shape=(1, 3))
    again = SampleDisplay(**json.loads(json.dumps(images.to_dict()))).plot()
    np.testing.assert_array_equal(again.real, images.real)


def test_a_given_figure_is_drawn_into(pyplot):
    left, _ = pyplot.figure(layout="constrained").subfigures(1, 2)
    display = SampleDisplay.from_samples(numbers(9), numbers(9), figure=left)
    assert display.figure_ is left


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"columns": [7]}, r"got \[7\]. Take some of \[0, 1, 2\]"),
        ({"columns": [0, 0]}, r"each once.*got \[0, 0\]"),
        ({"columns": []}, "1 to 8, .*got 0"),
        ({"image_shape": (2, 2)}, r"got \(2, 2\) for 3 columns"),
        ({"image_shape": (3,)}, r"height and width.*got \(3,\)"),
        ({"max_rows": 0}, "1 or more, got 0 and 4"),
        ({"y_real": [0, 1, 0, 1]}, "got y_real alone"),
        ({"y_real": [0.5] * 4, "y_synthetic": [0.5] * 4}, "y_real must hold classes"),
    ],
)
def test_what_cannot_be_shown_is_refused(parameters, message):
    with pytest.raises(ValueError, match=message):
        SampleDisplay.from_samples(numbers(4), numbers(4), **parameters)


def test_samplers_must_be_fitted_and_draw(sampler):
    X, y = numbers(20), np.repeat([0, 1], 10)
    with pytest.raises(NotFittedError):
        SampleDisplay.from_estimator(LDASampler(), X, y)
    with pytest.raises(ValueError, match=r"LogisticRegression has none. Give the rows"):
        SampleDisplay.from_estimator(LogisticRegression().fit(X, y), X, y)
    with pytest.raises(ValueError, match="this KernelDensity draws no classes"):
        SampleDisplay.from_estimator(KernelDensity().fit(X), X, y)


def test_picture_without_matplotlib_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"Display.plot needs matplotlib.*\[plot\]"):
        SampleDisplay.from_samples(numbers(4), numbers(4))
