import os
import signal
from functools import partial

import numpy as np
import pytest

from skgendisc.cli import _evaluate as command

pandas = pytest.importorskip("pandas")


@pytest.fixture
def evaluate(run_cli, monkeypatch, tmp_path):
    """Run ``skgendisc evaluate`` and return its exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    return partial(run_cli, "evaluate", "--jobs", 1)


def make_frame(seed, n_rows=400):
    rng = np.random.default_rng(seed)
    answer = rng.choice(["no", "yes"], size=n_rows)
    size = rng.normal(size=n_rows) + 3 * (answer == "yes")
    town = np.where(size + rng.normal(size=n_rows) > 1.5, "Bonn", "Ulm").astype(object)
    town[::9] = None
    return pandas.DataFrame(
        {
            "size": size.round(3),
            "town": town,
            "count": size.round() + rng.integers(3, size=n_rows),
        }
    ).assign(answer=answer)


@pytest.fixture
def files(tmp_path):
    """Three tables of one distribution, and one of independent columns."""
    frames = {"real": 0, "fresh": 1, "holdout": 2}
    frames = {name: make_frame(seed) for name, seed in frames.items()}
    rng = np.random.default_rng(3)
    frames["apart"] = frames["real"].apply(lambda column: rng.permutation(column))
    for name, frame in frames.items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    return frames


def answers(out):
    """The answer to each question."""
    text = " ".join(out.split())
    parts = [part.split(".")[0] for part in text.split("? ")[1:5]]
    return [part.strip() for part in parts]


def test_fresh_real_rows_pass(files, evaluate):
    code, out, err = evaluate(
        "real.csv", "fresh.csv", "--holdout", "holdout.csv", "--target", "answer"
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == (
        "400 synthetic rows of fresh.csv beside 400 real ones of real.csv, 400 held "
        "out; seed 0."
    )
    assert answers(out) == ["Yes", "Yes", "Yes, as real rows are", "No sign of it"]
    for name in ("held-out real rows", "independent columns", "copy of training rows"):
        assert f"\n{name}  " in out


def test_copies_are_too_near(files, evaluate):
    _, out, _ = evaluate("real.csv", "real.csv", "--holdout", "holdout.csv")
    assert answers(out) == ["Yes", "Yes", "Not judged", "Yes, as near as copies"]


def test_independent_columns_do_not_look_real(files, evaluate):
    _, out, _ = evaluate(
        "real.csv", "apart.csv", "--holdout", "holdout.csv", "--target", "answer"
    )
    real, _, useful, near = answers(out)
    assert (real, near) == ("No", "No sign of it")
    assert useful in ("No", "Hardly")  # by chance they may teach something


def test_without_holdout_it_says_so(files, evaluate):
    code, out, _ = evaluate("real.csv", "fresh.csv")
    assert code == 0
    assert "none held out (--holdout)" in out
    assert answers(out)[2:] == ["Not judged", "Not judged"]
    assert "hold some out" in " ".join(out.split())


def test_same_seed_same_words(files, evaluate):
    once, again, other = (
        evaluate("real.csv", "fresh.csv", "--seed", seed)[1] for seed in (1, 1, 2)
    )
    assert once == again
    assert once.splitlines()[1:] != other.splitlines()[1:]


def test_the_page_is_written(files, evaluate, tmp_path):
    code, out, _ = evaluate("real.csv", "fresh.csv", "--html", "page.html")
    assert code == 0
    assert out.endswith("Wrote page.html.\n")
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_page_that_exists_is_kept_without_force(files, evaluate, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("mine")
    code, out, err = evaluate("real.csv", "fresh.csv", "--html", "page.html")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--html exists: page.html" in err
    assert page.read_text() == "mine"
    code, _, _ = evaluate("real.csv", "fresh.csv", "--html", "page.html", "--force")
    assert code == 0
    assert page.read_text("utf-8") != "mine"


def test_columns_may_stand_in_another_order_and_in_parquet(files, evaluate):
    pytest.importorskip("pyarrow")
    files["fresh"].iloc[:, ::-1].to_parquet("fresh.parquet")
    code, out, _ = evaluate("real.csv", "fresh.parquet", "--holdout", "holdout.csv")
    assert code == 0
    assert answers(out)[:2] == ["Yes", "Yes"]


def test_rows_without_a_target_are_left_out(files, evaluate):
    frame = files["fresh"]
    frame.loc[:9, "answer"] = None
    frame.to_csv("fresh.csv", index=False)
    code, out, _ = evaluate("real.csv", "fresh.csv", "--target", "answer")
    assert code == 0
    assert "Left out 10 rows of SYNTHETIC without a value of 'answer'." in out


def test_an_interrupt_ends_quietly(files, evaluate, tmp_path, monkeypatch):
    monkeypatch.setattr(
        command, "evaluate_tables", lambda *_, **__: signal.raise_signal(signal.SIGINT)
    )
    code, _, err = evaluate("real.csv", "fresh.csv", "--html", "page.html")
    assert code == 130
    assert err == "skgendisc evaluate: interrupted; no file is left half written\n"
    assert not (tmp_path / "page.html").exists()


def test_a_page_that_comes_during_the_work_is_not_lost(
    files, evaluate, tmp_path, monkeypatch
):
    page = tmp_path / "page.html"
    fsync = os.fsync

    def come(descriptor):
        page.write_text("mine")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", come)
    code, _, err = evaluate("real.csv", "fresh.csv", "--html", "page.html")
    assert code == 2
    assert "--html exists" in err
    assert page.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["real.csv", "none.csv"], "SYNTHETIC must be a file: none.csv does not exist"),
        (["real.csv", "fresh.csv", "--holdout", "x.txt"], "--holdout must be a file"),
        (
            ["real.csv", "other.csv"],
            "SYNTHETIC must have the columns of REAL: it lacks 'town'",
        ),
        (["real.csv", "words.csv"], "Column 'size' holds"),
        (["real.csv", "empty.csv"], "SYNTHETIC needs rows: got none"),
        (["real.csv", "fresh.csv", "--target", "anser"], "The closest is 'answer'"),
        (["real.csv", "fresh.csv", "--jobs", "0"], "must be a whole number, not 0"),
        (["real.csv", "fresh.csv", "--html", "no/page.html"], "Make the folder first"),
        (["real.csv"], "the following arguments are required: SYNTHETIC"),
    ],
)
def test_what_is_to_be_mended_is_said_in_one_line(files, evaluate, arguments, message):
    files["real"].drop(columns="town").to_csv("other.csv", index=False)
    files["real"].assign(size="large").to_csv("words.csv", index=False)
    files["real"].head(0).to_csv("empty.csv", index=False)
    code, _, err = evaluate(*arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert message in err
