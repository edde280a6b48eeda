import json
import sys

import numpy as np
import pytest
from scipy.stats import chi2
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KernelDensity
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from skgendisc.comparison import DecisionRegionsDisplay
from skgendisc.compose import RefinedSampler
from skgendisc.joint import ClassConditionalSampler, QDASampler

pytestmark = pytest.mark.usefixtures("pyplot")


def three_classes(n_rows=300):
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=n_rows)
    centres = np.array([[0.0, 0.0], [3.0, 1.0], [1.0, 4.0]])
    X = centres[y] + rng.normal(size=(n_rows, 2)) * [1.0, 0.5]
    return X, np.array(["a", "b", "c"])[y]


def two_classes(n_rows=300):
    X, y = three_classes(n_rows)
    return X[y != "c"], y[y != "c"]


def draw(X, y, *, generative=None, discriminative=None, **parameters):
    generative = generative or QDASampler()
    discriminative = discriminative or LogisticRegression()
    return DecisionRegionsDisplay.from_estimators(
        generative.fit(X, y), discriminative.fit(X, y), X, y, **parameters
    )


def corners(contours):
    """All corners of the lines of one level after another."""
    return [path.vertices for path in contours.get_paths()]


@pytest.mark.parametrize(
    "density", [None, GaussianMixture(2, random_state=0)], ids=["normal", "mixture"]
)
def test_contours_enclose_the_mass_they_say(density):
    sampler = QDASampler() if density is None else ClassConditionalSampler(density)
    display = draw(*three_classes(), generative=sampler, n_draws=10_000)
    cell = np.diff(display.x0)[0] * np.diff(display.x1)[0]
    for prior, part in zip(sampler.class_prior_, display.densities, strict=True):
        mass = np.exp(part["log_density"]) * cell / prior
        for wanted, level in part["levels"]:
            inside = mass[part["log_density"] >= level].sum()
            np.testing.assert_allclose(inside, wanted, atol=0.015)


def test_contours_of_a_normal_density_are_its_ellipses():
    X, y = two_classes()
    sampler = QDASampler()
    display = draw(X, y, generative=sampler, masses=[0.9], n_draws=40_000)
    (contours, _) = display.contours_
    (line,) = corners(contours)
    centred = line - sampler.means_[0]
    covariance = np.cov(X[y == "a"].T)
    distance = np.einsum("ij,ij->i", centred @ np.linalg.inv(covariance), centred)
    np.testing.assert_allclose(distance, chi2.ppf(0.9, 2), rtol=0.05)


def test_contours_of_all_rows_are_of_their_density():
    X, y = two_classes()
    display = draw(X, y, contours="all", masses=[0.8], n_draws=20_000)
    (part,) = display.densities
    assert part["label"] is None
    cell = np.diff(display.x0)[0] * np.diff(display.x1)[0]
    inside = np.exp(part["log_density"][part["log_density"] >= part["levels"][0][1]])
    np.testing.assert_allclose(inside.sum() * cell, 0.8, atol=0.015)


def test_lines_lie_where_the_density_is_that_of_their_level():
    X, y = two_classes()
    sampler = QDASampler()
    display = draw(X, y, generative=sampler)
    for k, (part, contours) in enumerate(
        zip(display.densities, display.contours_, strict=True)
    ):
        levels = sorted(level for _, level in part["levels"])
        for level, line in zip(levels, corners(contours), strict=True):
            found = sampler.predict_joint_log_proba(line)[:, k]
            np.testing.assert_allclose(found, level, atol=0.01)


def test_models_without_seeded_draws_have_the_levels_of_the_rows():
    X, y = two_classes()
    mixture = GaussianMixture(2, random_state=0)
    (part,) = draw(X, y, generative=mixture, masses=[0.7]).densities
    expected = np.quantile(mixture.score_samples(X), 0.3)
    np.testing.assert_allclose(part["levels"], [[0.7, expected]])
    naive = GaussianNB()
    part, _ = draw(X, y, generative=naive, masses=[0.7]).densities
    of_class = naive.predict_joint_log_proba(X[y == "a"])[:, 0]
    np.testing.assert_allclose(part["levels"], [[0.7, np.quantile(of_class, 0.3)]])


def test_kernel_densities_draw_rows_by_a_seed():
    X, y = two_classes()
    parts = [
        draw(X, y, generative=KernelDensity(), random_state=seed).densities[0]
        for seed in (0, 0, 1)
    ]
    assert parts[0]["levels"] == parts[1]["levels"] != parts[2]["levels"]


def test_contours_go_around_where_a_density_ends():
    X, y = two_classes()
    flat = KernelDensity(kernel="tophat", bandwidth=0.7)
    display = draw(X, y, generative=flat, masses=[0.95])
    (contours,) = display.contours_
    (line,) = corners(contours)
    assert np.isneginf(display.densities[0]["log_density"]).any()
    inside = flat.score_samples(X) > display.densities[0]["levels"][0][1]
    assert inside.mean() > 0.9
    for column in range(2):
        assert line[:, column].min() < X[inside, column].min()
        assert line[:, column].max() > X[inside, column].max()


def test_boundary_lies_where_the_probability_is_one_half():
    X, y = two_classes()
    model = LogisticRegression()
    (boundary,) = draw(X, y, discriminative=model).boundaries_
    (line,) = corners(boundary)
    assert len(line) > 50
    np.testing.assert_allclose(model.predict_proba(line), 0.5, atol=1e-3)


def test_boundary_of_a_decision_function_lies_where_it_is_zero():
    X, y = two_classes()
    model = SVC()
    (boundary,) = draw(X, y, discriminative=model).boundaries_
    for line in corners(boundary):
        np.testing.assert_allclose(model.decision_function(line), 0.0, atol=0.01)


def test_boundaries_of_three_classes_lie_where_two_share_the_lead():
    X, y = three_classes()
    model = LinearDiscriminantAnalysis()
    display = draw(X, y, discriminative=model)
    assert len(display.boundaries_) == 3
    for boundary in display.boundaries_:
        (line,) = corners(boundary)
        best = np.sort(model.predict_proba(line), axis=1)[:, 1:]
        np.testing.assert_allclose(best[:, 0], best[:, 1], atol=0.03)


def test_margins_are_positive_where_their_class_is_predicted():
    X, y = three_classes()
    model = DecisionTreeClassifier(max_depth=4, random_state=0)
    display = draw(X, y, discriminative=model, n_grid=40)
    x0, x1 = np.meshgrid(display.x0, display.x1)
    predicted = model.predict(np.column_stack([x0.ravel(), x1.ravel()]))
    leads = display.margins.reshape(3, -1) > 0
    for k, label in enumerate("abc"):
        assert (predicted[leads[k]] == label).all()
    assert leads.any(axis=0).mean() > 0.9  # the others are ties


@pytest.mark.parametrize("kind", ["array", "pandas", "polars"])
@pytest.mark.filterwarnings("error:X does not have valid feature names")
@pytest.mark.filterwarnings("error:X has feature names")
def test_points_are_the_rows_of_each_class(kind):
    X, y = two_classes(80)
    table, labels = X, y
    if kind != "array":
        module = pytest.importorskip(kind)
        table = module.DataFrame({"left": X[:, 0], "right": X[:, 1]})
        labels = module.Series(y.tolist())
    display = draw(table, labels)
    for label in "ab":
        np.testing.assert_array_equal(
            display.points_[label].get_offsets(), X[y == label]
        )
    expected = ("", "") if kind == "array" else ("left", "right")
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == expected


def test_whole_numbers_do_not_make_the_grid_coarse():
    pandas = pytest.importorskip("pandas")
    X, y = two_classes()
    frame = pandas.DataFrame(np.round(3 * X).astype(int), columns=["left", "right"])
    display = draw(frame, y)
    (contours, _) = display.contours_
    assert min(map(len, corners(contours))) > 50
    assert len(np.unique(display.densities[0]["log_density"])) > 10_000


def test_numbers_are_plain_and_give_the_display_back():
    X, y = two_classes(60)
    display = draw(X, y, n_grid=20)
    values = display.to_dict()
    assert json.loads(json.dumps(values))["classes"] == ["a", "b"]
    again = DecisionRegionsDisplay(**values).plot()
    np.testing.assert_array_equal(
        corners(again.boundaries_[0])[0], corners(display.boundaries_[0])[0]
    )


def test_rows_without_classes_are_drawn_into_given_axes(pyplot):
    X, y = two_classes(60)
    _, (left, right) = pyplot.subplots(1, 2)
    display = DecisionRegionsDisplay.from_estimators(
        QDASampler().fit(X, y), LogisticRegression().fit(X, y), X, ax=right
    )
    assert display.ax_ is right
    assert not left.collections
    np.testing.assert_array_equal(display.points_[None].get_offsets(), X)


@pytest.mark.parametrize(
    ("columns", "parameters", "message"),
    [
        (3, {}, "two columns, got 3. Choose two.*SampleDisplay shows more"),
        (2, {"masses": [50]}, r"between 0 and 1, got \[50.0\]"),
        (2, {"contours": "both"}, "contours must be one of .*'both'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(columns, parameters, message):
    X, y = two_classes(60)
    wide = np.column_stack([X, X])[:, :columns]
    with pytest.raises(ValueError, match=message):
        draw(wide, y, **parameters)


def test_words_are_refused():
    pandas = pytest.importorskip("pandas")
    X, y = two_classes(60)
    models = QDASampler().fit(X, y), LogisticRegression().fit(X, y)
    table = pandas.DataFrame({"left": X[:, 0], "town": "Bonn"})
    with pytest.raises(ValueError, match="X must hold two columns of finite numbers"):
        DecisionRegionsDisplay.from_estimators(*models, table, y)


def test_labels_that_the_classifier_does_not_know_are_refused():
    X, y = two_classes(60)
    models = QDASampler().fit(X, y), LogisticRegression().fit(X, y)
    with pytest.raises(ValueError, match=r"got \['z'\]. It was fitted to \['a', 'b'\]"):
        DecisionRegionsDisplay.from_estimators(*models, X, np.full(len(X), "z"))


def test_models_must_be_fitted():
    X, y = two_classes(60)
    with pytest.raises(NotFittedError):
        DecisionRegionsDisplay.from_estimators(
            QDASampler(), LogisticRegression().fit(X, y), X, y
        )
    with pytest.raises(NotFittedError):
        DecisionRegionsDisplay.from_estimators(
            QDASampler().fit(X, y), LogisticRegression(), X, y
        )


def test_samplers_without_a_density_are_refused():
    X, y = two_classes()
    with pytest.raises(
        ValueError, match=r"density \(score_samples\): this RefinedSampler has none"
    ):
        draw(X, y, generative=RefinedSampler(QDASampler(), random_state=0))
    with pytest.raises(ValueError, match=r"KernelDensity has no classes_. Fit one"):
        DecisionRegionsDisplay.from_estimators(
            QDASampler().fit(X, y), KernelDensity().fit(X), X
        )
    with pytest.raises(ValueError, match="density of classes: this KernelDensity"):
        draw(X, y, generative=KernelDensity(), contours="classes")


def test_picture_without_matplotlib_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"Display.plot needs matplotlib.*\[plot\]"):
        draw(*two_classes(60))
