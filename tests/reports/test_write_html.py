import itertools
import os
import re

import pytest

from skgendisc.reports import write_html
from skgendisc.reports._markup import Markup, as_markup, tag
from skgendisc.reports._pictures import draw_bars, draw_marginal

KINDS = ("evaluation", "study", "curves", "comparison")


@pytest.fixture(scope="module")
def page(pages):
    return pages["evaluation"]


@pytest.fixture(scope="module")
def reader(page, read):
    return read(page)


@pytest.fixture(scope="module", params=KINDS)
def any_html(request, pages):
    return pages[request.param].read_text("utf-8")


@pytest.fixture(scope="module")
def any_reader(any_html, read_text):
    return read_text(any_html)


def test_what_comes_from_data_is_text(any_html, any_reader):
    assert not any_reader.named("script")
    assert "<script>document.title='taken'</script>" in "".join(any_reader.text)
    assert "<script" not in any_html
    attributes = [a for _, a in any_reader.elements]
    assert not [a for a in attributes if any(key[:2] == "on" for key in a)]


def test_nothing_is_fetched(any_html, any_reader):
    links = [a.get("href") or a.get("src") for _, a in any_reader.elements]
    assert [link for link in links if link] == ["data:,"]
    assert "url(" not in any_html
    assert "@import" not in any_html
    policies = [a["content"] for a in any_reader.named("meta") if "http-equiv" in a]
    assert policies[0].startswith("default-src 'none'")


def test_verdicts_come_first_and_numbers_before_pictures(reader, evaluation):
    text = " ".join(reader.text)
    places = [text.index(verdict["text"][:30]) for verdict in evaluation.verdicts()]
    places += [text.index("All numbers"), text.index("Rows in two dimensions")]
    assert places == sorted(places)


def test_headings_go_down_by_one(any_reader):
    levels = [
        int(name[1]) for name, _ in any_reader.elements if re.match(r"h\d$", name)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_pictures_and_tables_can_be_read_aloud(any_html, any_reader):
    html, reader = any_html, any_reader
    assert reader.elements[0] == ("html", {"lang": "en"})
    pictures = reader.named("svg")
    assert len(pictures) >= 2
    assert all(picture["role"] == "img" for picture in pictures)
    assert html.count("<svg") == len(re.findall("<svg[^>]*><title>[^<]", html))
    assert all(header["scope"] in ("col", "row") for header in reader.named("th"))
    assert len(reader.named("caption")) == len(reader.named("table"))


def test_it_is_light_or_dark_and_fits_a_phone(any_html, any_reader):
    html, reader = any_html, any_reader
    assert "prefers-color-scheme: dark" in html
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in (
        reader.named("meta")
    )
    # Pictures have the colours of the page, not their own.
    assert not re.search(r'(fill|stroke)="', html)


def test_every_number_is_explained(reader, evaluation):
    text = " ".join(reader.text)
    for metric in evaluation.metrics:
        assert evaluation.describe(metric).meaning in text


def test_what_failed_is_said(evaluation, tmp_path):
    folds = [{**fold, "warnings": ["Doubt: <i>"]} for fold in evaluation.folds]
    broken = type(evaluation)(
        evaluation.metrics, evaluation.kinds, folds, {}, evaluation.setting
    )
    write_html(broken, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "Doubt: &lt;i&gt;" in text


def test_a_full_disk_leaves_the_old_page(evaluation, tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    path = tmp_path / "page.html"
    path.write_text("old")
    with pytest.raises(OSError, match="No space left"):
        write_html(evaluation, path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("kind", KINDS)
def test_same_result_same_bytes(kind, pages, tmp_path, request):
    write_html(request.getfixturevalue(kind), str(tmp_path / "again.html"))
    assert (tmp_path / "again.html").read_bytes() == pages[kind].read_bytes()


def test_other_results_have_no_page(tmp_path):
    with pytest.raises(TypeError, match=r"SamplerEvaluation, TableStudy.*got dict"):
        write_html({}, tmp_path / "page.html")


@pytest.mark.parametrize(
    ("content", "markup"),
    [
        ("<b>", "&lt;b&gt;"),
        (Markup("<b></b>"), "<b></b>"),
        (["a", None, 1], "a1"),
        (tag("p", '"', title='"&'), '<p title="&quot;&amp;">&quot;</p>'),
    ],
)
def test_text_is_escaped_once_and_markup_not_at_all(content, markup):
    assert as_markup(content) == markup


def test_half_a_surrogate_is_written(evaluation, tmp_path):
    kinds = {**evaluation.kinds}
    setting = {**evaluation.setting, "target": "half \ud800 a pair"}
    broken = type(evaluation)(evaluation.metrics, kinds, evaluation.folds, {}, setting)
    write_html(broken, tmp_path / "page.html")
    assert "half &#55296; a pair" in (tmp_path / "page.html").read_text("utf-8")


def test_bars_of_nothing_are_drawn():
    assert "<svg" in draw_bars([("a", 0.0), ("b", -0.1)], label="none", write=str)
    column = {
        "name": "empty",
        "levels": [],
        "n_others": 0,
        "shares": [[0.0, 0.0], [0.0, 0.0]],
    }
    assert "<svg" in draw_marginal(column)
