import re

import numpy as np
import pytest

from skgendisc.comparison import LearningCurves, TableStudy
from skgendisc.reports import write_html
from skgendisc.reports._curve_pictures import draw_confusion, draw_curves


@pytest.fixture(scope="module")
def text(pages, read):
    return " ".join("".join(read(pages["study"]).text).split())


def test_plain_words_come_first_then_curves_then_all_classifiers(pages, read, study):
    reader = read(pages["study"])
    words = "".join(reader.text).partition("In plain words")[2]
    assert words.lstrip().startswith(study.summary()[0].replace(" ± ", "\u00a0±\u00a0"))
    assert re.findall("<h2>([^<]*)", pages["study"].read_text("utf-8")) == [
        "In plain words",
        "Learning curves",
        "Who leads with how many rows, in log loss",
        "All classifiers",
        "What synthetic rows did",
        "How this was done",
    ]


def test_every_classifier_and_every_metric_is_in_the_table(pages, read, comparison):
    reader = read(pages["study"])
    whole = "".join(reader.text)
    for name in comparison.kinds:
        assert name in whole
    assert "0.510 ± 0.006" in text_of(pages["study"])  # tree's log loss, folds .50-.52
    titles = {a.get("title") for a in reader.named("th")}
    assert any("nats" in title for title in titles if title)


def text_of(path):
    return path.read_text("utf-8").replace("\u00a0", " ")


def test_synthetic_rows_that_harmed_are_listed_beside_those_that_helped(pages):
    body = text_of(pages["study"]).split("What synthetic rows did")[1]
    cells = re.findall(r"<td>([+-]0\.\d+) ± [\d.]+</td><td>(\w+)", body)
    assert cells == [("+0.100", "better"), ("-0.100", "worse")]


def test_who_leads_is_told_for_each_size(pages, study):
    body = text_of(pages["study"]).split("Who leads with how many rows")[1]
    rows = re.findall(r'<th scope="row">(\d+)</th><td>(<b>)?(NB|LR)?', body)
    assert [(size, name) for size, _, name in rows[:3]] == [
        ("10", "NB"),
        ("100", ""),
        ("1000", "LR"),
    ]


def test_what_failed_and_warned_is_told(text):
    assert "failed in 3 of 15 fits, first with ValueError" in text
    assert "Doubt: <script>" in text


def test_crossing_and_its_interval_are_marked_where_they_are_clear(pages, study):
    html = pages["study"].read_text("utf-8")
    assert html.count('class="crossing"') == 2  # of both metrics
    assert html.count('class="interval"') == 2
    assert re.search(r"<text[^>]*>1\d\d rows</text>|<text[^>]*>9\d rows</text>", html)


def test_a_tie_has_no_crossing_marked(curves, study, tmp_path):
    rng = np.random.default_rng(1)
    fits = [
        fit | {"scores": {m: rng.normal(0.5, 0.1) for m in curves.metrics}}
        for fit in curves.fits
    ]
    even = LearningCurves(**{**vars(curves), "fits": fits})
    write_html(TableStudy(**{**vars(study), "curves": even}), tmp_path / "p.html")
    html = (tmp_path / "p.html").read_text("utf-8")
    assert "clearly larger than its error" in html
    assert 'class="crossing"' not in html


def test_without_curves_the_page_has_the_rest(study, tmp_path):
    write_html(TableStudy(**{**vars(study), "curves": None}), tmp_path / "p.html")
    html = (tmp_path / "p.html").read_text("utf-8")
    assert "Learning curves" not in html
    assert "All classifiers" in html


def test_lines_rise_to_the_right_scale(curves):
    names = list(curves.kinds)
    picture = draw_curves(curves, names, "accuracy")
    lines = re.findall(r'<polyline points="([^"]+)" class="line', picture)
    assert len(lines) == len(names)
    for line in lines:
        x, y = np.array([point.split(",") for point in line.split()], dtype=float).T
        assert len(x) == 3
        np.testing.assert_allclose(np.diff(x)[0], np.diff(x)[1], atol=0.05)  # tens
        assert np.all(np.diff(y) < 0)  # pixels count downwards


def test_an_estimator_without_scores_leaves_the_other_line(curves):
    fits = [
        fit | ({"scores": {}} if fit["name"].startswith("NB") else {})
        for fit in curves.fits
    ]
    half = LearningCurves(**{**vars(curves), "fits": fits})
    picture = draw_curves(half, list(curves.kinds), "log_loss")
    assert picture.count("<polyline") == 1


def test_confusion_shows_shares_of_the_true_class():
    picture = draw_confusion(np.array([[3, 1], [0, 0]]), ["a", "b"], "matrix")
    assert re.findall(r">(\d+%)<", picture) == ["75%", "25%", "0%", "0%"]
    assert 'fill-opacity="0.75"' in picture
