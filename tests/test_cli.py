import csv
import gzip
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from imblearn.pipeline import make_pipeline
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from skgendisc import __version__, cli
from skgendisc.cli import _compare as command
from skgendisc.cli import _results as results
from skgendisc.comparison import default_lineup, learning_curves
from skgendisc.joint import LDASampler

RESULTS = {
    "comparison.csv",
    "comparison.json",
    "comparison.png",
    "confusion_matrices.png",
    "learning_curves.csv",
    "learning_curves.json",
    "learning_curves.png",
}
DRAW_PICTURES = results._draw_pictures


def small_lineup(*, sampling_strategy, random_state, preprocessor, mixed):
    sampler = LDASampler(
        shrinkage="auto", sampling_strategy=sampling_strategy, random_state=random_state
    )
    tree = DecisionTreeClassifier(random_state=random_state)
    return {
        "tree": make_pipeline(preprocessor, tree),
        "tree + LDA": make_pipeline(preprocessor, sampler, tree),
        "NB": make_pipeline(preprocessor, GaussianNB()),
    }


def few_fits(*arguments, **settings):
    settings |= {"train_sizes": [0.5, 1.0], "n_splits": 2}
    return learning_curves(*arguments, **settings)


def make_quick(monkeypatch, folder):
    monkeypatch.setattr(command, "default_lineup", small_lineup)
    monkeypatch.setattr(command, "learning_curves", few_fits)
    monkeypatch.setattr(results, "_draw_pictures", lambda folder, study: None)
    monkeypatch.chdir(folder)


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """A small line-up, short curves, no pictures, and a working folder of its own."""
    make_quick(monkeypatch, tmp_path)


@pytest.fixture(scope="module")
def breast_cancer(tmp_path_factory):
    """Folder and output of one study with a page, for tests that only look at it."""
    folder, told = tmp_path_factory.mktemp("breast_cancer"), io.StringIO()
    arguments = "--cv", "2", "--jobs", "1", "--out", "o", "--html", "o/page.html"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(told):
        make_quick(patch, folder)
        assert cli.main(["compare", *arguments]) == 0
    return folder / "o", told.getvalue()


@pytest.fixture
def compare(run_cli):
    """Run ``skgendisc compare`` and return its exit code, output and errors."""
    return partial(run_cli, "compare")


@pytest.fixture
def pictures(monkeypatch):
    """Draw in this test; the others leave the pictures out, which take a second."""
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(results, "_draw_pictures", DRAW_PICTURES)


def write_table(path, *, n_rows=40, columns="size,colour,kind", rows=None):
    """A table with a number, a category with gaps, and two classes in the last."""
    if rows is None:
        rng = np.random.default_rng(0)
        rows = [
            f"{rng.normal():.3f},{['red', 'blue', ''][row % 3]},{'ab'[row % 4 == 0]}"
            for row in range(n_rows)
        ]
    text = "\n".join([columns, *rows]) + "\n"
    compress = gzip.compress if path.suffix == ".gz" else bytes
    path.write_bytes(compress(text.encode()))
    return path


def test_without_a_table_it_compares_on_breast_cancer(compare, tmp_path, pictures):
    code, out, err = compare("--jobs", 1)
    assert (code, err) == (0, "")
    assert out.startswith("breast_cancer: 569 rows, 30 numeric and 0 categorical")
    folder = tmp_path / "skgendisc-comparison"
    assert {file.name for file in folder.iterdir()} == RESULTS
    assert out.splitlines()[-2].split()[0] == "Wrote"
    assert all((folder / name).stat().st_size for name in RESULTS)


@pytest.mark.parametrize("name", ["table.csv", "table.csv.gz", "TABLE.CSV"])
def test_csv_tables_are_compared_and_reported(name, compare, tmp_path):
    pytest.importorskip("pandas")
    table = write_table(tmp_path / name)
    code, out, err = compare(table, "--cv", 3, "--jobs", 1, "--seed", 7, "--out", "o")
    assert (code, err) == (0, "")
    assert "1 numeric and 1 categorical columns, target 'kind' with 2 classes" in out
    report = json.loads((tmp_path / "o" / "comparison.json").read_text())
    assert report["versions"]["skgendisc"] == __version__
    assert set(report["versions"]) >= {"python", "numpy", "scipy", "scikit-learn"}
    assert report["table"] == {
        "name": name,
        "rows": 40,
        "columns": 2,
        "categorical_columns": 1,
        "text_columns": 0,
        "target": "kind",
        "classes": [{"label": "a", "rows": 30}, {"label": "b", "rows": 10}],
    }
    assert (report["seed"], report["cv"], report["enlarge"]) == (7, 3, 2.0)
    assert len(report["folds"]) == 9
    fold = next(fold for fold in report["folds"] if fold["name"] == "tree + LDA")
    assert fold["rows_added"] == fold["train_rows"]
    assert np.sum(fold["confusion_matrix"]) == fold["test_rows"]
    with (tmp_path / "o" / "comparison.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == [row["name"] for row in report["means"]]
    losses = [float(row["log_loss_mean"]) for row in rows]
    assert losses == sorted(losses)


def test_parquet_tables_are_compared(compare, tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    table = pandas.DataFrame(
        {
            "whole": pandas.array([1, 2, None, 4] * 10, dtype="Int64"),
            "truth": pandas.array([True, None] * 20, dtype="boolean"),
            "bits": [True, False] * 20,
            "day": pandas.date_range("2020-01-01", periods=40),
            "hue": pandas.Categorical(["red", None, "blue", "red"] * 10),
            "kind": [True, False, False, False] * 10,
        }
    )
    table.to_parquet(tmp_path / "table.parquet")
    code, out, err = compare(tmp_path / "table.parquet", "--cv", 2, "--jobs", 1)
    assert (code, err) == (0, "")
    assert "3 numeric and 2 categorical columns" in out
    assert "False 75.0%, True 25.0%" in out
    assert "failed" not in out


@pytest.mark.parametrize(
    ("rows", "mixed"),
    [
        ([f"{row},{row}.5,{row % 2}" for row in range(20)], False),
        ([f"{row},{row or ''},{row % 2}" for row in range(20)], True),
        ([f"{row},{'xy'[row % 3 == 0]},{row % 2}" for row in range(20)], True),
    ],
)
def test_categories_or_gaps_bring_the_samplers_of_mixed_tables(
    rows, mixed, compare, tmp_path, monkeypatch
):
    pytest.importorskip("pandas")
    seen = []

    def lineup(**options):
        seen.append(options["mixed"])
        return small_lineup(**options)

    monkeypatch.setattr(command, "default_lineup", lineup)
    table = write_table(tmp_path / "t.csv", columns="a,b,c", rows=rows)
    assert compare(table, "--cv", 2, "--jobs", 1)[0] == 0
    assert seen == [mixed]


def test_a_column_named_target_is_taken_before_the_last(compare, tmp_path):
    pytest.importorskip("pandas")
    table = write_table(tmp_path / "t.csv", columns="size,target,kind")
    _, out, _ = compare(table, "--cv", 2, "--jobs", 1)
    assert "target 'target'" in out
    _, out, _ = compare(table, "--target", "kind", "--cv", 2, "--jobs", 1)
    assert "target 'kind'" in out


def test_rows_without_a_target_are_left_out_with_a_note(compare, tmp_path):
    pytest.importorskip("pandas")
    rows = [f"{row},{row % 2 if row > 2 else ''}" for row in range(20)]
    table = write_table(tmp_path / "t.csv", columns="x,y", rows=rows)
    code, out, _ = compare(table, "--cv", 2, "--jobs", 1)
    assert code == 0
    assert out.startswith(
        "Left out 3 rows of t.csv without a value of 'y'.\nt.csv: 17 rows"
    )
    # Whole numbers stay such, although the gaps made them floats.
    assert "0 47.1%" in out


def test_balance_adds_rows_to_the_smaller_class_only(compare, tmp_path):
    pytest.importorskip("pandas")
    table = write_table(tmp_path / "t.csv")
    code, _, _ = compare(table, "--balance", "--cv", 2, "--jobs", 1, "--out", "o")
    report = json.loads((tmp_path / "o" / "comparison.json").read_text())
    assert (code, report["balance"], report["enlarge"]) == (0, True, None)
    added = [fold["rows_added"] for fold in report["folds"]]
    assert added == [0, 0, 10, 10, 0, 0]


def test_same_seed_gives_the_same_report_whatever_the_jobs(compare, tmp_path):
    def report(jobs):
        compare("--cv", 2, "--jobs", jobs, "--out", f"o{jobs}")
        text = (tmp_path / f"o{jobs}" / "comparison.json").read_text()
        return [fold["scores"] for fold in json.loads(text)["folds"]]

    assert report(1) == report(2)


def test_what_failed_is_null_in_the_json_and_empty_in_the_csv(
    compare, tmp_path, monkeypatch
):
    def failing(**options):
        return small_lineup(**options) | {"failing": GaussianNB(priors=[1, 2, 3])}

    monkeypatch.setattr(command, "default_lineup", failing)
    code, out, _ = compare("--cv", 2, "--jobs", 1, "--out", "o")
    assert code == 0
    said = "failing failed in 2 of 2 fits, first with ValueError: Number of priors"
    assert " ".join(out.split()).count(said) == 1
    text = (tmp_path / "o" / "comparison.json").read_text()
    assert "NaN" not in text
    assert json.loads(text)["means"][-1]["log_loss_mean"] is None
    last = (tmp_path / "o" / "comparison.csv").read_text().splitlines()[-1]
    assert last.startswith("failing,generative,,,")


def test_without_matplotlib_a_note_says_what_is_left_out(
    compare, tmp_path, pictures, monkeypatch
):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    code, _, err = compare("--cv", 2, "--jobs", 1, "--out", "o")
    assert code == 0
    assert err.count("\n") == 1
    assert "no pictures" in err
    assert "pip install 'skgendisc[plot]'" in err
    files = {file.name for file in (tmp_path / "o").iterdir()}
    assert files == {name for name in RESULTS if not name.endswith(".png")}


BARE_RUN = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("matplotlib", "pandas", "pyarrow", "torch"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from skgendisc import cli
from skgendisc.cli import _compare as command

whole = command.default_lineup
command.default_lineup = lambda **options: {
    name: model for name, model in whole(**options).items() if "logistic" in name
}
sys.exit(cli.main(["compare", "--cv", "2", "--jobs", "1", "--out", "o"]))
"""


def test_it_runs_where_only_the_core_is_installed(tmp_path):
    package = str(Path(cli.__file__).parents[2])
    ended = subprocess.run(
        [sys.executable, "-c", BARE_RUN],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": package},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    assert "logistic regression + mixture" in ended.stdout
    assert (tmp_path / "o" / "comparison.csv").exists()


def test_it_ends_with_a_summary_in_plain_words(compare, tmp_path):
    pytest.importorskip("pandas")
    table = write_table(tmp_path / "t.csv")
    code, out, _ = compare(table, "--cv", 3, "--jobs", 1, "--out", "o")
    assert code == 0
    assert "learning curves of mixed NB and one-hot logistic regression" in out
    report = json.loads((tmp_path / "o" / "comparison.json").read_text())
    words = out.partition("In plain words:")[2].partition("Wrote to")[0]
    said = [" ".join(text.split()) for text in words.split("\n- ")[1:]]
    assert said == report["summary"]
    starts = [text.partition(":")[0] for text in said[:2]]
    assert starts == ["By log loss", "By accuracy"]


def test_curves_are_reported_with_their_crossings(breast_cancer):
    folder, _ = breast_cancer
    text = (folder / "learning_curves.json").read_text()
    report = json.loads(text, parse_constant=lambda word: pytest.fail(word))
    assert [pair["name"] for pair in report["pairs"]] == ["naive Bayes", "LDA", "QDA"]
    assert len(report["crossovers"]) == 2 * 3  # metrics by pairs
    assert report["versions"]["skgendisc"] == __version__
    with (folder / "learning_curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5 * len(report["train_sizes"])  # names by sizes


def test_curves_that_cannot_be_are_noted_and_the_rest_is_written(
    compare, tmp_path, monkeypatch
):
    def fail(*arguments, **settings):
        raise ValueError("no fit\nsucceeds")

    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "learning_curves.csv").write_text("of another table")
    monkeypatch.setattr(command, "learning_curves", fail)
    code, out, _ = compare("--cv", 2, "--jobs", 1, "--out", "o", "--html", "p.html")
    assert code == 0
    assert "No learning curves: no fit succeeds" in out
    files = {file.name for file in (tmp_path / "o").iterdir()}
    assert files == {"comparison.csv", "comparison.json"}
    assert "No learning curves" in (tmp_path / "p.html").read_text("utf-8")


def test_quick_takes_some_of_the_rows_and_fewer_folds(compare, tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.setattr(command, "QUICK_ROWS", 50)
    rows = [f"{row},{'abc'[row % 2] if row > 2 else 'c'}" for row in range(203)]
    table = write_table(tmp_path / "t.csv", columns="x,y", rows=rows)
    code, out, _ = compare(table, "--quick", "--jobs", 1, "--out", "o")
    assert code == 0
    assert out.startswith("t.csv: 203 rows")
    assert "Compared on 53 of the 203 rows" in out
    assert "Quick: fewer folds, splits and sizes." in out
    report = json.loads((tmp_path / "o" / "comparison.json").read_text())
    assert (report["quick"], report["cv"], report["table"]["rows"]) == (True, 3, 203)
    folds = [fold for fold in report["folds"] if fold["name"] == "tree"]
    assert [len(folds), sum(fold["test_rows"] for fold in folds)] == [3, 53]


@pytest.mark.parametrize(
    ("arguments", "n_rows"),
    [
        ([], 100),
        (["--rows", 150], 150),
        (["--rows", 150, "--quick"], 150),
        (["--rows", "all"], 200),
    ],
)
def test_of_a_large_table_the_rows_wanted_are_compared(
    arguments, n_rows, compare, tmp_path, monkeypatch
):
    pytest.importorskip("pandas")
    seen = []

    def look(arguments, table, used):
        seen.append((len(used.X), len(used.y), used is table))
        raise KeyboardInterrupt  # before the work

    monkeypatch.setattr(command, "MOST_ROWS", 100)
    monkeypatch.setattr(command, "_study", look)
    table = write_table(tmp_path / "t.csv", n_rows=200)
    assert compare(table, "--cv", 2, *arguments)[0] == 130
    assert seen == [(n_rows, n_rows, n_rows == 200)]


def test_a_large_table_is_cut_and_so_says_the_page(compare, tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.setattr(command, "MOST_ROWS", 100)
    table = write_table(tmp_path / "t.csv", n_rows=200)
    options = "--cv", 2, "--jobs", 1, "--out", "o", "--html", "p.html"
    assert compare(table, *options)[0] == 0
    report = json.loads((tmp_path / "o" / "comparison.json").read_text())
    folds = [fold for fold in report["folds"] if fold["name"] == "tree"]
    assert sum(fold["test_rows"] for fold in folds) == 100
    header = (tmp_path / "p.html").read_text("utf-8").partition("</header>")[0]
    assert "Compared on 100 of the 200 rows" in header


def test_quick_leaves_a_small_table_whole(compare, tmp_path):
    pytest.importorskip("pandas")
    table = write_table(tmp_path / "t.csv")
    code, out, _ = compare(table, "--quick", "--jobs", 1, "--out", "o")
    assert code == 0
    assert "Quick: fewer folds, splits and sizes." in out


def test_quick_curves_begin_with_two_rows_of_each_class(compare, tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    seen = []

    def look(*arguments, **settings):
        seen.append(settings["train_sizes"])
        return few_fits(*arguments, **settings)

    monkeypatch.setattr(command, "learning_curves", look)
    rows = [f"{row},{'abcdefgh'[row % 8]}" for row in range(200)]
    table = write_table(tmp_path / "t.csv", columns="x,y", rows=rows)
    assert compare(table, "--quick", "--jobs", 1)[0] == 0
    assert (seen[0][0], seen[0][-1]) == (16, 150)


def test_text_is_compared_by_its_words(compare, tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.setattr(command, "default_lineup", default_lineup)
    words = ["call now to win", "see you at home"]
    rows = [f"{words[row % 2]} no{row},{'hs'[row % 2]}" for row in range(60)]
    rows[7] = f",{'hs'[1]}"
    table = write_table(tmp_path / "t.csv", columns="mail,kind", rows=rows)
    code, out, _ = compare(table, "--cv", 3, "--jobs", 1)
    assert code == 0
    assert "60 rows, 1 column of text, target" in out
    assert "9 classifiers" in out
    assert "curves of multinomial NB and logistic regression" in out
    assert "failed" not in out


def test_text_beside_other_columns_is_left_out(compare, tmp_path):
    pytest.importorskip("pandas")
    rows = [f"the mail no {row},{row},{'hs'[row % 2]}" for row in range(60)]
    table = write_table(tmp_path / "t.csv", columns="mail,size,kind", rows=rows)
    code, out, _ = compare(table, "--cv", 3, "--jobs", 1)
    assert code == 0
    assert "Left out text, not modelled beside other columns: mail." in out
    assert "1 numeric and 0 categorical columns" in out


def test_html_writes_a_page_with_the_summary(breast_cancer):
    folder, out = breast_cancer
    assert f"Wrote {Path('o', 'page.html')}." in out
    page = (folder / "page.html").read_text("utf-8")
    assert "In plain words" in page
    assert "<svg" in page
    assert "Compared on" not in page, "it was on all rows"


def test_a_page_in_the_folder_of_results_needs_no_folder_before(breast_cancer):
    folder, _ = breast_cancer
    assert {"page.html", "comparison.json"} <= {file.name for file in folder.iterdir()}


def test_a_page_that_is_there_is_kept_without_force(compare, tmp_path):
    (tmp_path / "page.html").write_text("mine")
    ended = compare("--html", "page.html")
    check_refusal(ended, "--html exists: page.html", tmp_path, {"page.html"})
    code, _, _ = compare("--cv", 2, "--jobs", 1, "--html", "page.html", "--force")
    assert code == 0
    assert "In plain words" in (tmp_path / "page.html").read_text("utf-8")


def test_a_page_that_comes_during_the_work_is_kept_and_the_rest_is_written(
    compare, tmp_path, monkeypatch
):
    def come(*arguments):
        (tmp_path / "page.html").write_text("mine")
        return write_results(*arguments)

    write_results = command.write_results
    monkeypatch.setattr(command, "write_results", come)
    arguments = "--cv", 2, "--jobs", 1, "--out", "o", "--html", "page.html"
    code, out, err = compare(*arguments)
    assert code == 2
    assert "--html exists" in err
    assert "In plain words" in out
    assert (tmp_path / "page.html").read_text() == "mine"
    assert (tmp_path / "o" / "comparison.csv").exists()


def test_a_page_is_written_though_nobody_reads_the_text(compare, tmp_path, monkeypatch):
    def leave(*arguments):
        reader, writer = os.pipe()
        os.close(reader)
        monkeypatch.setattr(sys, "stdout", os.fdopen(writer, "w", buffering=1))
        return write_results(*arguments)

    write_results = command.write_results
    monkeypatch.setattr(command, "write_results", leave)
    arguments = "--cv", 2, "--jobs", 1, "--out", "o", "--html", "page.html"
    assert compare(*arguments)[0] == 0
    assert (tmp_path / "page.html").exists()


def test_a_second_run_replaces_the_files_and_leaves_others(compare, tmp_path):
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "mine.txt").write_text("kept")
    for seed in (1, 2):
        compare("--cv", 2, "--jobs", 1, "--out", "o", "--seed", seed)
    assert (tmp_path / "o" / "mine.txt").read_text() == "kept"
    report = json.loads((tmp_path / "o" / "comparison.json").read_text())
    assert report["seed"] == 2


def files_below(folder):
    return {
        os.path.join(where, name)
        for where, _, names in os.walk(folder)
        for name in names
    }


ROWS = [f"{row},{'ab'[row % 2]}" for row in range(20)]

WRONG_TABLES = {
    "empty.csv": ("", "TABLE cannot be read"),
    "header.csv": ("x,y\n", "needs rows with a value of 'y': got none."),
    "one_column.csv": ("y\na\nb\n", "needs columns beside the target: got 'y' only"),
    "ragged.csv": ("x,y\n1,a\n1,a,3\n", "Expected 2 fields in line 3, saw 3"),
    "wide_rows.csv": ("x,y\n1,a,3\n1,a,3\n", "Length of header"),
    "one_class.csv": ("x,y\n1,a\n2,a\n", "got one, a, in column 'y'"),
    "no_labels.csv": ("x,y\n1,\n2,\n", "needs rows with a value of 'y': got none."),
    "infinite.csv": ("x,z,y\n1,1,a\n2,inf,b\n", "column 'z' has infinite"),
    "rare.csv": (
        "\n".join(["x,y", *ROWS, "1,c", "2,c"]),
        "--cv 5 needs 5 rows of every class or more: got fewer for 1 of the 3 classes "
        "in column 'y', 2 for c. You can lower --cv to 2,",
    ),
    "single.csv": ("\n".join(["x,y", *ROWS, "1,c"]), "You can leave these rows out"),
    "continuous.csv": (
        "\n".join(["x,y", *(f"{row},{row + 0.5}" for row in range(30))]),
        "got fewer for 30 of the 30 classes",
    ),
}


@pytest.mark.parametrize("name", WRONG_TABLES)
def test_a_wrong_table_is_one_line_and_nothing_written(name, compare, tmp_path):
    pytest.importorskip("pandas")
    text, message = WRONG_TABLES[name]
    (tmp_path / name).write_text(text)
    check_refusal(compare(tmp_path / name), message, tmp_path, {name})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("latin.csv", "x,y\n1,é\n2,b\n".encode("latin-1")),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe"),
        ("cut.csv.gz", gzip.compress(b"x,y\n1,a\n" * 1000, mtime=0)[:30]),
        ("not_zipped.csv.gz", b"x,y\n1,a\n"),
        ("not.zip.csv.zip", b"x,y\n1,a\n"),
        ("broken.parquet", b"PAR1 and then nothing"),
    ],
)
def test_an_unreadable_file_is_one_line_and_nothing_written(
    name, content, compare, tmp_path
):
    pytest.importorskip("pyarrow")
    (tmp_path / name).write_bytes(content)
    check_refusal(compare(tmp_path / name), "TABLE cannot be read", tmp_path, {name})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.csv"], "missing.csv does not exist"),
        (["."], "TABLE must be a file: . is a folder"),
        (["table.xlsx"], "must be a CSV or Parquet file: got table.xlsx"),
        (["table.csv", "--target", "knid"], "got 'knid'. The closest is 'kind'"),
        (["--target", "kind"], "got 'kind' and no TABLE"),
        (["table.csv", "--cv", "1"], "must be a whole number, 2 or more, got '1'"),
        (["--cv", "many"], "must be a whole number, 2 or more, got 'many'"),
        (["--enlarge", "1"], "must be a number above 1, got '1'"),
        (["--enlarge", "nan"], "must be a number above 1, got 'nan'"),
        (["--enlarge", "2", "--balance"], "not allowed with argument --enlarge"),
        (["--jobs", "0"], "must be a whole number, not 0, got '0'"),
        (["--rows", "0"], "must be a whole number above 0, or all, got '0'"),
        (["--rows", "most"], "must be a whole number above 0, or all, got 'most'"),
        (["--seed", "-1"], "must be a whole number from 0 to 2**32 - 1, got '-1'"),
        (["--out", "table.csv"], "--out must be a folder"),
        (["--out", "table.csv/deeper"], "--out must be a folder"),
        (["--html", "no/page.html"], "Make the folder first"),
        (["--html", "."], "--html must be a file"),
        (["--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_a_wrong_argument_is_one_line_and_nothing_written(
    arguments, message, compare, tmp_path
):
    pytest.importorskip("pandas")
    write_table(tmp_path / "table.csv")
    (tmp_path / "table.xlsx").write_text("")
    there = {"table.csv", "table.xlsx"}
    check_refusal(compare(*arguments), message, tmp_path, there)


def test_a_folder_in_the_place_of_a_result_is_found_before_the_work(compare, tmp_path):
    (tmp_path / "o" / "comparison.csv").mkdir(parents=True)
    check_refusal(compare("--out", "o"), "room for the file comparison.csv", tmp_path)


def test_a_table_without_pandas_says_how_to_install_it(compare, tmp_path, monkeypatch):
    write_table(tmp_path / "table.csv")
    monkeypatch.setitem(sys.modules, "pandas", None)
    message = "needs pandas, which is not installed: python -m pip install"
    check_refusal(compare("table.csv"), message, tmp_path, {"table.csv"})


def test_failing_while_writing_leaves_nothing_behind(compare, tmp_path, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results, "_write_json", fail)
    ended = compare("--cv", 2, "--jobs", 1, "--out", "new/folder")
    assert ended[0] == 2
    assert "No space left" in ended[2]
    assert "log loss" in ended[1], "what was found is told before it is written"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_ends_quietly_with_130(compare, tmp_path, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "compare_classifiers", interrupt)
    code, _, err = compare()
    assert code == 130
    assert err == "skgendisc compare: interrupted; no file is left half written\n"
    assert list(tmp_path.iterdir()) == []


def check_refusal(ended, message, folder, there=frozenset()):
    """Exit code 2, one line on standard error, and no file but those there before."""
    code, _, err = ended
    assert code == 2
    assert err.startswith("skgendisc")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert message in err
    assert files_below(folder) == {str(folder / name) for name in there}
    assert not (folder / "skgendisc-comparison").exists()


def test_without_a_command_it_says_so_in_one_line(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"skgendisc {__version__}\n"
