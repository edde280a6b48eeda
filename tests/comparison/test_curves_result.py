import json
import math
import sys

import numpy as np
import pytest

from skgendisc.comparison import LearningCurves, LearningCurvesDisplay

SIZES = [10, 20, 50, 100, 200, 500, 1000, 2000]
KINDS = {"NB": "generative", "LR": "discriminative", "tree": "discriminative"}


def make_curves(scores, *, metric="log_loss", sizes=SIZES, n_splits=6, errors=None):
    """Curves whose scores are a function, of each name, of size and split."""
    kinds = {name: KINDS[name] for name in scores}
    fits = [
        {
            "name": name,
            "train_size": size,
            "split": split,
            "train_rows": size,
            "test_rows": 50,
            "rows_added": 0,
            "fit_seconds": 0.5,
            "scores": {metric: float(score(size, split)), "accuracy": 0.5},
            "confusion_matrix": None,
            "errors": (errors or {}).get(name, {}),
            "warnings": [],
        }
        for name, score in scores.items()
        for size in sizes
        for split in range(n_splits)
    ]
    metrics, losses = [metric, "accuracy"], [metric] * metric.endswith("loss")
    return LearningCurves(
        [0, 1], metrics, losses, kinds, list(sizes), [n_splits] * len(sizes), fits
    )


def noise(size, split, seed):
    """The same noise for the same size, split and seed."""
    return np.random.default_rng([size, split, seed]).standard_normal()


def crossing_curves(at=120, *, level=0.02, **settings):
    """Loss falls with the logarithm of rows, faster for LR; it leads from ``at`` on."""
    return make_curves(
        {
            "NB": lambda n, s: 0.6 - 0.05 * np.log(n / at) + level * noise(n, s, 0),
            "LR": lambda n, s: 0.6 - 0.10 * np.log(n / at) + level * noise(n, s, 1),
        },
        **settings,
    )


def test_values_stand_by_size_and_split():
    curves = make_curves({"NB": lambda n, s: n + s})
    assert curves.values("NB", "log_loss")[2].tolist() == [50, 51, 52, 53, 54, 55]


def test_splits_that_a_size_has_not_are_nan():
    curves = make_curves({"NB": lambda n, s: n + s})
    curves.n_splits[1] = 4
    curves.fits[:] = [
        fit for fit in curves.fits if fit["train_size"] != 20 or fit["split"] < 4
    ]
    assert np.isnan(curves.values("NB", "log_loss")).sum() == 2
    assert curves.rows()[1]["n_fits"] == 4


def test_rows_hold_means_and_standard_errors_over_the_fits_that_succeeded():
    curves = make_curves({"NB": lambda n, s: n + s})
    curves.fits[0] |= {"scores": {}, "fit_seconds": np.nan}
    curves.fits[0]["errors"] = {"fit": "ValueError: no"}
    row = curves.rows()[0]
    values = 10 + np.arange(1, 6)
    assert (row["name"], row["train_size"], row["n_fits"]) == ("NB", 10, 5)
    np.testing.assert_allclose(row["log_loss_mean"], values.mean())
    np.testing.assert_allclose(row["log_loss_se"], values.std(ddof=1) / np.sqrt(5))
    assert curves.failures == [
        {
            "name": "NB",
            "train_size": 10,
            "split": 0,
            "step": "fit",
            "message": "ValueError: no",
        }
    ]


def test_dict_is_plain_json_and_gives_the_curves_back():
    curves = crossing_curves()
    back = LearningCurves(**json.loads(json.dumps(curves.to_dict())))
    assert back == curves


def test_frame_has_a_row_for_each_of_rows():
    pytest.importorskip("pandas")
    curves = crossing_curves()
    frame = curves.to_frame()
    assert frame.to_dict("records") == curves.rows()


def test_frame_without_pandas_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"to_frame needs pandas.*skgendisc\[tables"):
        crossing_curves().to_frame()


# Crossovers


def test_crossover_is_on_the_line_between_the_means():
    found = crossing_curves(level=0.0).crossover("NB", "LR")
    # Scores without noise: both curves are lines over the logarithm of rows.
    np.testing.assert_allclose(found.train_size, 120)
    np.testing.assert_allclose(found.interval, [120, 120])
    assert (found.before["winner"], found.after["winner"]) == ("NB", "LR")
    assert found.n_crossings == 1


@pytest.mark.parametrize("order", [("NB", "LR"), ("LR", "NB")])
@pytest.mark.parametrize("metric", ["log_loss", "score"])
def test_crossover_knows_what_is_better_and_does_not_care_who_comes_first(
    order, metric
):
    sign = -1 if metric == "score" else 1
    curves = make_curves(
        {
            "NB": lambda n, s: sign * (1.0 + noise(0, s, 0) / 1000),
            "LR": lambda n, s: sign * (3.0 - np.log10(n)),
        },
        metric=metric,
    )
    found = curves.crossover(*order, metric)
    np.testing.assert_allclose(found.train_size, 100, rtol=0.01)
    assert (found.before["winner"], found.after["winner"]) == ("NB", "LR")
    np.testing.assert_allclose(found.before["gap"], 1.0, rtol=0.01)
    assert found.before["train_size"] == 10
    lead = found.gaps[0]["gap"]
    assert (lead > 0) == (order[0] == "NB")


def test_interval_of_the_crossover_holds_it_about_as_often_as_it_says():
    hits = 0
    for study in range(60):
        curves = make_curves(
            {
                "NB": lambda n, s, k=study: 0.05 * noise(n, s, 1000 + k),
                "LR": lambda n, s, k=study: (
                    -0.05 * np.log(n / 120) + 0.05 * noise(n, s, 2000 + k)
                ),
            },
            n_splits=12,
        )
        low, high = curves.crossover("NB", "LR", confidence=0.9).interval
        hits += low <= 120 <= high
    assert 0.77 < hits / 60 <= 1.0  # 0.9, within three standard errors


def test_interval_that_leaves_the_data_says_so():
    curves = make_curves(
        {
            "NB": lambda n, s: noise(n, s, 0) + (n < 20) / 10,
            "LR": lambda n, s: noise(n, s, 1),
        },
        n_splits=4,
    )
    found = curves.crossover("NB", "LR")
    if found.interval is not None:
        assert found.interval[0] == 0 or found.interval[1] == np.inf
    assert "may be noise" in str(found)


def test_of_several_crossings_the_one_that_parts_the_sizes_is_told():
    # LR leads from 200 rows on, but for a small dip at 1000 of no weight.
    lead = dict(zip(SIZES, [-4, -3, -3, -1, 2, 3, -0.1, 4], strict=True))
    curves = make_curves(
        {
            "NB": lambda n, s: noise(n, s, 0) / 10,
            "LR": lambda n, s: noise(n, s, 0) / 10 - lead[n] + noise(n, s, 1) / 10,
        }
    )
    found = curves.crossover("NB", "LR")
    assert found.n_crossings == 3
    assert 100 < found.train_size < 200
    assert "cross 3 times" in str(found)


def test_no_crossing_tells_who_leads():
    curves = make_curves({"NB": lambda n, s: 1.0, "LR": lambda n, s: 2.0 + s / 10})
    found = curves.crossover("NB", "LR")
    assert (found.train_size, found.interval, found.n_crossings) == (None, None, 0)
    assert found.before == found.after
    assert found.after["winner"] == "NB"
    assert str(found).startswith("From 10 to 2000 rows NB leads, in log loss by 1.2")
    assert "no crossing within the data" in str(found)


def test_what_an_optimiser_leaves_is_not_the_clearest_lead():
    def lose(size, split):
        return 1.0 + (5e-5 if size == 2000 else 0.05 + split / 1000)

    found = make_curves({"NB": lambda n, s: 1.0, "LR": lose}).crossover("NB", "LR")
    assert found.before["gap"] > 0.05
    assert found.before["train_size"] < 2000


def test_crossover_pairs_the_splits():
    # What is common to both on a split is a hundred times what tells them apart.
    curves = make_curves(
        {
            "NB": lambda n, s: 10 * noise(0, s, 0),
            "LR": lambda n, s: (
                10 * noise(0, s, 0) - 0.1 * np.log(n / 120) + 0.01 * noise(n, s, 1)
            ),
        }
    )
    low, high = curves.crossover("NB", "LR").interval
    assert 100 < low < 120 < high < 145


def test_crossover_leaves_out_splits_and_sizes_where_one_failed():
    curves = crossing_curves(level=0.0)
    for fit in curves.fits:
        if fit["name"] == "NB" and (fit["train_size"] < 50 or fit["split"] == 3):
            fit["scores"] = {}
    found = curves.crossover("NB", "LR")
    np.testing.assert_allclose(found.train_size, 120)
    assert found.gaps[0]["train_size"] == 50


def test_crossover_without_enough_scores_says_what_is_there():
    curves = crossing_curves()
    for fit in curves.fits:
        if fit["name"] == "NB" and fit["train_size"] != 50:
            fit["scores"] = {}
    with pytest.raises(ValueError, match=r"'NB' and 'LR' have so at \[50.0\] rows"):
        curves.crossover("NB", "LR")
    assert curves.crossovers() == []


def test_crossovers_are_of_generative_with_discriminative_estimators():
    curves = make_curves({name: lambda n, s: n + s for name in KINDS})
    pairs = [(found.a, found.b) for found in curves.crossovers()]
    assert pairs == [("NB", "LR"), ("NB", "tree")]
    alike = make_curves({name: lambda n, s: n + s for name in ("LR", "tree")})
    assert [(found.a, found.b) for found in alike.crossovers()] == [("LR", "tree")]


def test_words_of_a_crossover_name_sizes_leads_and_interval():
    text = str(crossing_curves(level=0.002).crossover("NB", "LR"))
    assert text.startswith("With fewer than about 124 rows NB leads, in log loss by ")
    assert "; with more LR leads, in log loss by " in text
    assert text.endswith(" 95 % interval 118 to 130 rows.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("NB", "forest"), "got 'forest'. Take one of"),
        (("NB", "LR", "f1"), "got 'f1'"),
    ],
)
def test_unknown_names_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        crossing_curves().crossover(*arguments)


def test_confidence_must_be_a_share():
    with pytest.raises(ValueError, match=r"got 95\. 0\.95 is usual"):
        crossing_curves().crossover("NB", "LR", confidence=95)


def test_crossovers_of_a_name_or_a_metric_that_is_not_there_are_refused():
    curves = make_curves({"NB": lambda n, s: n + s, "LR": lambda n, s: n - s})
    with pytest.raises(ValueError, match="got 'LDA'"):
        curves.crossovers(pairs=[("NB", "LDA")])
    with pytest.raises(ValueError, match="got 'acuracy'"):
        curves.crossovers("acuracy")


# Power laws


def test_power_law_is_found_back_from_noisy_scores_within_its_intervals():
    curves = make_curves(
        {"LR": lambda n, s: 0.2 + 2 * n**-0.7 * (1 + 0.1 * noise(n, s, 0))},
        n_splits=20,
    )
    law = curves.fit_power_law("LR")
    truth = {"asymptote": 0.2, "scale": 2.0, "rate": 0.7}
    for parameter, value in truth.items():
        low, high = law.intervals[parameter]
        assert low < value < high, parameter
        assert high - low < 0.3 * value, parameter
    np.testing.assert_allclose(law.predict([100]), 0.2 + 2 * 100**-0.7, rtol=0.02)


def test_power_law_takes_scores_as_they_are():
    curves = make_curves({"LR": lambda n, s: 0.9 - n**-0.5}, metric="score")
    law = curves.fit_power_law("LR")
    np.testing.assert_allclose(
        [law.asymptote, law.scale, law.rate], [0.9, -1.0, 0.5], rtol=1e-5
    )


def test_asymptote_of_a_loss_is_not_negative():
    curves = make_curves({"LR": lambda n, s: 3 - np.log10(n) / 2})
    law = curves.fit_power_law("LR")
    assert law.asymptote == 0.0


def test_power_law_needs_four_sizes():
    curves = make_curves({"LR": lambda n, s: 1 / n}, sizes=[10, 20, 30])
    with pytest.raises(ValueError, match=r"'LR' has so at \[10.0, 20.0, 30.0\] rows"):
        curves.fit_power_law("LR")


# Text


def test_text_has_a_line_for_each_size_and_a_column_for_each_estimator():
    text = crossing_curves(level=0.0).to_text()
    lines = text.splitlines()
    assert lines[1].split() == ["rows", "NB", "LR"]
    assert lines[2].split() == ["10", "0.724±0.000", "0.848±0.000"]
    assert "Mean log loss ± standard error over 6 splits; less is better." in text
    assert "NB and LR: With fewer than about 120 rows NB leads" in text


@pytest.mark.parametrize("width", [24, 40, 80])
def test_text_is_no_wider_than_asked(width):
    text = crossing_curves().to_text(width=width)
    assert max(map(len, text.splitlines())) <= width


def test_text_tells_what_failed():
    curves = crossing_curves()
    curves.fits[3]["errors"] = {"fit": "ValueError: no"}
    assert "NB, 1 of 48 fits: fit failed: ValueError: no" in curves.to_text()


# Pictures


def test_picture_has_a_line_and_a_band_for_each_estimator(pyplot):
    display = crossing_curves().plot()
    assert list(display.lines_) == list(display.bands_) == ["NB", "LR"]
    np.testing.assert_array_equal(display.lines_["NB"].get_xdata(), SIZES)
    assert display.ax_.get_xscale() == "log"
    assert display.ax_.get_ylabel() == "log loss (less is better)"


def test_picture_marks_the_crossing_of_two_with_its_interval(pyplot):
    display = crossing_curves(level=0.002).plot()
    (label,) = display.ax_.texts
    assert label.get_text() == "crossing at 124 rows\n95 % interval 118 to 130 rows"
    np.testing.assert_allclose(display.crossover_.train_size, 120, rtol=0.05)


def test_picture_marks_no_crossing_where_there_is_none(pyplot):
    curves = make_curves({"NB": lambda n, s: 1.0, "LR": lambda n, s: 2.0})
    display = curves.plot()
    assert display.crossover_ is None
    assert not display.ax_.texts


def test_picture_of_three_marks_the_crossing_that_is_asked_for(pyplot):
    curves = make_curves(
        {
            "NB": lambda n, s: 1.0,
            "LR": lambda n, s: 3.0 - np.log10(n),
            "tree": lambda n, s: 9.0,
        }
    )
    assert curves.plot().crossover_ is None
    display = LearningCurvesDisplay.from_result(curves, crossing=("NB", "LR"))
    np.testing.assert_allclose(display.crossover_.train_size, 100)
    assert display.ax_.texts[0].get_text().startswith("NB and LR cross at 100 rows")
    assert curves.plot(names=["NB", "LR"]).crossover_ is not None
    assert curves.plot(names=["NB", "LR"], crossing=False).crossover_ is None


def test_picture_is_drawn_into_the_axes_that_are_given(pyplot):
    _, (left, right) = pyplot.subplots(1, 2)
    display = crossing_curves().plot("accuracy", ax=right)
    assert display.ax_ is right
    assert right.get_ylabel() == "accuracy (more is better)"
    assert not left.lines


def test_picture_takes_sizes_without_scores(pyplot, tmp_path):
    curves = crossing_curves()
    for fit in curves.fits:
        if fit["name"] == "NB" and fit["train_size"] < 50:
            fit["scores"] = {}
    curves.plot().figure_.savefig(tmp_path / "curves.png")


def test_losses_that_span_much_are_drawn_on_a_log_scale(pyplot):
    wide = make_curves({"LR": lambda n, s: 20 / n})
    assert wide.plot().ax_.get_yscale() == "log"
    assert crossing_curves().plot().ax_.get_yscale() == "linear"


def test_picture_from_estimators_passes_the_study_on(pyplot):
    from sklearn.datasets import load_iris
    from sklearn.naive_bayes import GaussianNB

    display = LearningCurvesDisplay.from_estimators(
        {"NB": GaussianNB()},
        *load_iris(return_X_y=True),
        train_sizes=[12, 60],
        n_splits=2,
        scoring=["accuracy", "neg_log_loss"],
        metric="accuracy",
    )
    assert display.curves.train_sizes == [12, 60]
    assert display.ax_.get_ylabel() == "accuracy (more is better)"


def test_picture_without_matplotlib_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"Display.plot needs matplotlib.*\[plot\]"):
        crossing_curves().plot()


def test_two_curves_of_one_size_are_drawn(pyplot):
    curves = make_curves(
        {"NB": lambda n, s: 1.0 + s, "LR": lambda n, s: 2.0 + s}, sizes=[50]
    )
    assert curves.plot().crossover_ is None
    with pytest.raises(ValueError, match="two sizes"):
        curves.plot(crossing=("NB", "LR"))


def test_a_crossing_that_chance_explains_is_not_marked(pyplot):
    curves = make_curves(
        {"NB": lambda n, s: noise(n, s, 0), "LR": lambda n, s: noise(n, s, 1)}
    )
    found = curves.crossover("NB", "LR")
    assert found.is_tie
    assert found.train_size is not None
    assert curves.plot().crossover_ is None
    assert curves.plot(crossing=("NB", "LR")).crossover_ == found


# What is said of them


def slope(rate):
    return lambda size, split: 1 - rate * math.log(size / 120) + 0.001 * (split % 2)


def test_curves_tell_of_each_pair_in_turn():
    curves = make_curves({"NB": slope(0.05), "LR": slope(0.1), "tree": slope(0.01)})
    sentences = curves.summary()
    assert len(sentences) == 2
    assert sentences[0].startswith("With fewer than about 120 rows, NB; with more, LR.")
    assert sentences[1].startswith(
        "With fewer than about 120 rows, tree; with more, NB."
    )


def test_curves_tell_of_the_pairs_that_are_asked_for():
    curves = make_curves({"NB": slope(0.05), "LR": slope(0.1), "tree": slope(0.01)})
    (sentence,) = curves.summary(pairs=[("tree", "LR")])
    assert sentence.startswith("With fewer than about 120 rows, tree; with more, LR.")


def test_a_name_that_is_not_there_is_refused():
    curves = make_curves({"NB": slope(0.05), "LR": slope(0.1)})
    with pytest.raises(ValueError, match="got 'LDA'"):
        curves.summary(pairs=[("NB", "LDA")])


def test_an_estimator_that_failed_is_reported_beside_the_others():
    curves = make_curves(
        {"NB": slope(0.05), "LR": slope(0.1), "tree": lambda *_: math.nan},
        errors={"tree": {"fit": "ValueError: too\nfew rows"}},
    )
    assert curves.summary()[1:] == [
        "NB and tree cannot be compared in log loss: they have scores at fewer than "
        "two sizes.",
        "tree failed in 48 of 48 fits, first with ValueError: too few rows",
    ]


def test_mean_curves_are_those_of_rows():
    curves = make_curves(
        {"NB": lambda n, s: noise(n, s, 0), "LR": lambda n, s: np.nan if s else 1.0}
    )
    for name in curves.kinds:
        own = [row for row in curves.rows() if row["name"] == name]
        columns = "train_rows", "log_loss_mean", "log_loss_se"
        expected = [[row[column] for row in own] for column in columns]
        np.testing.assert_array_equal(curves.mean_curve(name), expected)
