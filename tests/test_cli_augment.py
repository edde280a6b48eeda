import bz2
import csv
import gzip
import io
import lzma
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from skgendisc import _tables, cli
from skgendisc.cli import _augment as command
from skgendisc.joint import GaussianCopulaSampler

pandas = pytest.importorskip("pandas")

HEADER = "size,code,count,ok,colour,kind"
COLOURS = ["red", '"dark, blue"', "", '"a ""b"""']


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def augment(run_cli):
    """Run ``skgendisc augment`` and return its exit code, output and errors."""
    return partial(run_cli, "augment")


def mixed_rows(n_rows=40):
    """Decimals, codes of one width, counts with gaps, truth values, words, classes."""
    rng = np.random.default_rng(0)
    return [
        f"{rng.normal():.2f},{rng.integers(999):05d},{row % 7 or 'NA'},"
        f"{['true', 'false'][row % 2]},"
        f"{COLOURS[row % 4]},{'ab'[row % 4 == 0]}"
        for row in range(n_rows)
    ]


def write_csv(path, *, rows=None, header=HEADER, line_ending="\n", end=True):
    lines = [header, *(mixed_rows() if rows is None else rows)]
    text = line_ending.join(lines) + line_ending * end
    compress = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
    path.write_bytes(compress.get(path.suffix, bytes)(text.encode()))
    return path


def text_of(path):
    return _tables._decompress(path.read_bytes(), path.suffix).decode()


def cells_of(path):
    return list(csv.reader(io.StringIO(text_of(path), newline="")))


def parquet_frame(n_rows=60):
    """A frame of all dtypes that Parquet files bring from pandas."""
    rng = np.random.default_rng(0)
    some = np.arange(n_rows) % 5 == 0
    return pandas.DataFrame(
        {
            "real": rng.normal(size=n_rows),
            "single": rng.normal(size=n_rows).astype("float32"),
            "whole": rng.integers(-5, 5, n_rows).astype("int16"),
            "gappy": pandas.array(np.where(some, None, 3), dtype="Int64"),
            "kind": pandas.Categorical(np.where(some, "b", "a"), ["b", "a", "never"]),
            "truth": some,
            "maybe": pandas.array(np.where(some, None, True), dtype="boolean"),
            "word": np.where(some, None, "red"),
            "level": pandas.Categorical(
                np.where(some, "low", "high"), ["low", "mid", "high"], ordered=True
            ),
            "day": pandas.date_range("2020-01-01", periods=n_rows, tz="UTC"),
        }
    )


# What is written ---------------------------------------------------------------------


def test_real_rows_keep_their_bytes_and_as_many_synthetic_ones_follow(
    augment, tmp_path
):
    table = write_csv(tmp_path / "t.csv")
    code, out, err = augment(table, "--target", "kind", "--out", "new.csv")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == (
        "t.csv: 40 rows, 4 numeric and 1 categorical columns, target 'kind' with 2 "
        "classes: a 75.0%, b 25.0%."
    )
    assert lines[1].startswith("Drew 40 synthetic rows with trees, seed 0 (a ")
    assert lines[1].endswith("; wrote 80 rows to new.csv.")
    assert len(lines) == 2
    text = (tmp_path / "new.csv").read_bytes()
    assert text.startswith(table.read_bytes())
    assert len(cells_of(tmp_path / "new.csv")) == 81
    assert {file.name for file in tmp_path.iterdir()} == {"t.csv", "new.csv"}


@pytest.mark.parametrize("sampler", command.SAMPLERS)
def test_every_sampler_writes_cells_that_read_as_those_of_the_table(
    sampler, augment, tmp_path
):
    table = write_csv(tmp_path / "t.csv", rows=mixed_rows(200))
    arguments = ["--target", "kind", "--sampler", sampler, "--synthetic-only"]
    code, _, err = augment(table, *arguments, "--out", "new.csv")
    assert (code, err) == (0, "")
    rows = cells_of(tmp_path / "new.csv")
    assert (rows[0], len(rows)) == (HEADER.split(","), 201)
    columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    assert set(columns["colour"]) <= {"red", "dark, blue", "", 'a "b"'}
    assert set(columns["ok"]) <= {"true", "false"}
    assert set(columns["count"]) <= {"NA", *"123456"}
    assert "NA" in columns["count"]
    assert {len(code) for code in columns["code"]} == {5}
    assert set(columns["kind"]) == {"a", "b"}
    assert all(len(size.partition(".")[2]) <= 2 for size in columns["size"])
    real, new = pandas.read_csv(table), pandas.read_csv(tmp_path / "new.csv")
    assert real.dtypes.equals(new.dtypes)


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.csv.bz2", "t.csv.xz"])
def test_compressed_csv_is_read_and_written(name, augment, tmp_path):
    table = write_csv(tmp_path / name)
    assert augment(table, "--target", "kind", "--out", f"new_{name}")[0] == 0
    assert text_of(tmp_path / f"new_{name}").startswith(text_of(table))
    assert len(pandas.read_csv(f"new_{name}")) == 80


def test_zip_archives_are_read(augment, tmp_path):
    table = write_csv(tmp_path / "t.csv")
    with zipfile.ZipFile("t.csv.zip", "w") as archive:
        archive.write(table, "t.csv")
    assert augment("t.csv.zip", "--target", "kind", "--out", "new.csv")[0] == 0
    assert (tmp_path / "new.csv").read_bytes().startswith(table.read_bytes())


def test_all_dtypes_come_back_from_parquet_and_real_rows_are_equal(augment, tmp_path):
    pytest.importorskip("pyarrow")
    frame = parquet_frame()
    frame.to_parquet("t.parquet")
    arguments = ["--target", "kind", "--out", "new.parquet", "--rows", 90]
    code, _, err = augment("t.parquet", *arguments)
    assert (code, err) == (0, "")
    new = pandas.read_parquet("new.parquet")
    assert new.dtypes.equals(pandas.read_parquet("t.parquet").dtypes)
    pandas.testing.assert_frame_equal(
        new.iloc[:60], pandas.read_parquet("t.parquet"), check_index_type=False
    )
    assert len(new) == 150
    assert set(new["kind"]) == {"a", "b"}
    assert list(new["kind"].cat.categories) == ["b", "a", "never"]
    assert new["gappy"].iloc[60:].isna().any()


def test_parquet_of_polars_keeps_its_schema(augment, tmp_path):
    polars = pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    frame = polars.from_pandas(parquet_frame()).with_columns(
        polars.col("gappy").cast(polars.UInt8),
        polars.col("day").dt.date(),
        enum=polars.lit("x").cast(polars.Enum(["x", "y"])),
    )
    frame.write_parquet("t.parquet")
    assert augment("t.parquet", "--target", "kind", "--out", "new.parquet")[0] == 0
    old, new = polars.read_parquet("t.parquet"), polars.read_parquet("new.parquet")
    assert new.schema == old.schema
    assert new.head(60).equals(old)


def test_a_row_index_of_pandas_is_no_column(augment):
    pytest.importorskip("pyarrow")
    parquet_frame().iloc[::2].to_parquet("t.parquet")
    assert augment("t.parquet", "--target", "kind", "--out", "new.parquet")[0] == 0
    new = pandas.read_parquet("new.parquet")
    assert list(new) == list(parquet_frame())
    assert list(new.index) == list(range(60))


def test_csv_and_parquet_turn_into_each_other(augment, tmp_path):
    pytest.importorskip("pyarrow")
    table = write_csv(tmp_path / "t.csv")
    common = ["--target", "kind", "--mark", "new"]
    assert augment(table, *common, "--out", "new.parquet")[0] == 0
    frame = pandas.read_parquet("new.parquet")
    assert [str(dtype) for dtype in frame.dtypes][:4] == [
        "Float64",
        "Int64",
        "Int64",
        "boolean",
    ]
    assert frame["new"].tolist() == [False] * 40 + [True] * 40
    assert augment("new.parquet", "--rows", 5, "--out", "new.csv")[0] == 0
    rows = pandas.read_csv("new.csv", dtype_backend="numpy_nullable")
    assert len(rows) == 85
    pandas.testing.assert_frame_equal(
        rows.iloc[:40, :6], _tables.read_table(table).frame
    )


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_mark_adds_a_last_column_that_tells_synthetic_rows(ending, augment, tmp_path):
    pytest.importorskip("pyarrow")
    table = write_csv(tmp_path / "t.csv", header=HEADER, end=False)
    out = f"new.{ending}"
    code, _, _ = augment(
        table, "--target", "kind", "--mark", "made, up", "--rows", 7, "--out", out
    )
    assert code == 0
    read = pandas.read_csv if ending == "csv" else pandas.read_parquet
    frame = read(out)
    assert list(frame) == [*HEADER.split(","), "made, up"]
    assert frame["made, up"].dtype == bool
    assert frame["made, up"].tolist() == [False] * 40 + [True] * 7


def test_mark_goes_behind_rows_with_too_few_cells(augment, tmp_path):
    rows = [f"{row},{row % 2},x" for row in range(20)] + ["3,1"]
    table = write_csv(tmp_path / "t.csv", header="a,b,c", rows=rows)
    assert augment(table, "--target", "b", "--mark", "m", "--out", "new.csv")[0] == 0
    assert text_of(tmp_path / "new.csv").splitlines()[21] == "3,1,,False"


def test_windows_line_endings_and_a_byte_order_mark_stay(augment, tmp_path):
    table = write_csv(
        tmp_path / "t.csv", header=f"\ufeff{HEADER}", line_ending="\r\n", end=False
    )
    assert augment(table, "--target", "size", "--out", "x.csv")[0] == 2
    assert augment(table, "--target", "kind", "--rows", 3, "--out", "x.csv")[0] == 0
    text = (tmp_path / "x.csv").read_bytes()
    assert text.startswith(table.read_bytes() + b"\r\n")
    assert text.count(b"\n") == text.count(b"\r\n") == 44


def test_cells_with_line_breaks_and_blank_lines_are_told_apart(augment, tmp_path):
    rows = [f'"two\nlines",{row},{row % 2}' for row in range(20)]
    rows[3:3] = ["", "  "]
    table = write_csv(tmp_path / "t.csv", header="a,b,c", rows=rows)
    assert augment(table, "--target", "c", "--mark", "m", "--out", "new.csv")[0] == 0
    frame = pandas.read_csv("new.csv")
    assert set(frame["a"]) == {"two\nlines"}
    assert len(frame) == 40


# Which rows are drawn ----------------------------------------------------------------


def test_balance_makes_all_classes_as_large_as_the_largest(augment, tmp_path):
    table = write_csv(tmp_path / "t.csv")
    code, out, _ = augment(table, "--target", "kind", "--balance", "--out", "new.csv")
    assert code == 0
    assert "Drew 20 synthetic rows with trees, seed 0 (b 20)" in out
    counts = pandas.read_csv("new.csv")["kind"].value_counts()
    assert counts.to_dict() == {"a": 30, "b": 30}
    again = augment("new.csv", "--target", "kind", "--balance", "--out", "2.csv")
    assert "Drew 0 synthetic rows" in again[1]
    assert (tmp_path / "2.csv").read_bytes() == (tmp_path / "new.csv").read_bytes()


def test_without_a_target_all_columns_are_drawn_together(augment, tmp_path):
    table = write_csv(tmp_path / "t.csv")
    code, out, _ = augment(table, "--rows", 9, "--out", "new.csv")
    assert code == 0
    assert "no target. All columns are modelled alike." in out
    assert "Drew 9 synthetic rows with trees, seed 0; wrote 49 rows" in out


def test_with_one_class_the_other_columns_are_drawn_alone(augment, tmp_path):
    rows = [row[:-1] + "a" for row in mixed_rows()]
    table = write_csv(tmp_path / "t.csv", rows=rows)
    code, out, _ = augment(table, "--target", "kind", "--out", "new.csv")
    assert code == 0
    assert "With one class only, the other columns are modelled alone." in out
    assert set(pandas.read_csv("new.csv")["kind"]) == {"a"}


def test_rows_without_a_class_are_kept_and_not_learnt_from(augment, tmp_path):
    rows = mixed_rows()
    rows[5] = "9999.99" + rows[5][rows[5].index(",") : -1]
    table = write_csv(tmp_path / "t.csv", rows=rows)
    code, out, _ = augment(table, "--target", "kind", "--out", "new.csv")
    assert code == 0
    assert "1 rows without a class are kept, not learnt from." in out
    frame = pandas.read_csv("new.csv")
    assert frame["kind"].iloc[40:].notna().all()
    assert frame["size"].iloc[40:].max() < 100
    assert len(frame) == 80


def test_numbers_are_classes_too(augment, tmp_path):
    rows = [f"{row},{row % 3 if row else ''}" for row in range(30)]
    table = write_csv(tmp_path / "t.csv", header="x,y", rows=rows)
    assert augment(table, "--target", "y", "--out", "new.csv")[0] == 0
    assert {row[1] for row in cells_of(tmp_path / "new.csv")[31:]} <= {"0", "1", "2"}


def test_same_seed_writes_the_same_bytes_and_another_one_others(augment, tmp_path):
    table = write_csv(tmp_path / "t.csv")
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        augment(table, "--target", "kind", "--seed", seed, "--out", f"{name}.csv.gz")
    a, b, c = ((tmp_path / f"{name}.csv.gz").read_bytes() for name in "abc")
    assert a == b != c


def test_a_doubtful_fit_is_noted_on_standard_error(augment, tmp_path, monkeypatch):
    class Doubtful(GaussianCopulaSampler):
        def _fit(self, X, y):
            super()._fit(X, y)
            warnings.warn("not\nconverged", stacklevel=1)

    monkeypatch.setitem(command.SAMPLERS, "trees", Doubtful())
    code, _, err = augment(write_csv(tmp_path / "t.csv"), "--out", "new.csv")
    assert (code, err) == (0, "skgendisc augment: not converged\n")


# What is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.csv"], "missing.csv does not exist"),
        (["t.csv", "--target", "knid"], "got 'knid'. The closest is 'kind'"),
        (
            ["t.csv", "--sampler", "copla"],
            "must be one of trees, refined-trees, copula, mixed-nb, gaussian-nb, lda, "
            "qda, mixture: got 'copla'. The closest is 'copula'",
        ),
        (
            ["t.csv", "--sampler", "lda"],
            "choose one of trees, refined-trees, copula, mixed-nb, mixture.",
        ),
        (["t.csv", "--balance"], "--balance needs a --target of two classes"),
        (["t.csv", "--rows", "0"], "must be a whole number, 1 or more, got '0'"),
        (["t.csv", "--rows", "3", "--balance"], "not allowed with argument --rows"),
        (["t.csv", "--mark", "ok"], "--mark must be a new column: TABLE has 'ok'"),
        (["t.csv", "--target", "size"], "with 38 values in 40 rows"),
        (["t.csv", "--out", "new.xlsx"], "by its ending how to write: got new.xlsx"),
        (["t.csv", "--out", "new.csv.zip"], "Let it end in one of .csv, .csv.gz"),
        (["t.csv", "--out", "no/new.csv"], "must be in a folder that exists"),
        (["t.csv", "--out", "folder.csv"], "--out must be a file: got folder.csv"),
        (["t.csv", "--out", "t.csv"], "--out exists: t.csv. Choose another name, or"),
        (["t.csv", "--out", "folder.csv", "--force"], "--out must be a file"),
        (["empty.csv"], "TABLE cannot be read"),
        (["header.csv"], "TABLE needs rows: got none in header.csv"),
        (["ragged.csv"], "Expected 2 fields in line 3, saw 3"),
        (["infinite.csv"], "column 'x' has infinite"),
        (["even.csv", "--target", "y", "--balance", "--synthetic-only"], "nothing to"),
        (["even.csv", "--target", "z"], "The closest is"),
        (["narrow.csv", "--target", "y"], "columns beside the target: got 'y' only"),
        (["gaps.csv", "--target", "y"], "TABLE needs rows with a value of 'y'"),
        (["wide.csv"], "--sampler trees cannot model TABLE: Column 'x'"),
    ],
)
def test_a_wrong_argument_is_one_line_and_nothing_written(
    arguments, message, augment, tmp_path
):
    write_csv(tmp_path / "t.csv")
    (tmp_path / "folder.csv").mkdir()
    texts = {
        "empty": "",
        "header": "x,y\n",
        "ragged": "x,y\n1,a\n1,a,3\n",
        "infinite": "x,y\n1,a\ninf,b\n",
        "even": "x,y\n1,a\n2,b\n3,a\n4,b\n",
        "narrow": "y\na\nb\n",
        "gaps": "x,y\n1,\n2,\n",
        "wide": f"x,y\n1,1\n{2**60},2\n3,3\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    if "--out" not in arguments:
        arguments = [*arguments, "--out", "new.csv"]
    code, out, err = augment(*arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert message in err
    assert err.startswith("skgendisc augment: ")
    assert "Drew" not in out
    assert before == {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}


def test_a_target_of_lists_is_refused(augment):
    pytest.importorskip("pyarrow")
    pandas.DataFrame({"x": [1, 2] * 9, "y": [[1], [2]] * 9}).to_parquet("t.parquet")
    code, _, err = augment("t.parquet", "--target", "y", "--out", "new.parquet")
    assert (code, err.count("\n")) == (2, 1)
    assert "--target must be a column of classes: got 'y'" in err


def test_out_is_asked_for(augment, tmp_path):
    code, _, err = augment(write_csv(tmp_path / "t.csv"))
    assert (code, err.count("\n")) == (2, 1)
    assert "the following arguments are required: --out" in err


def test_force_replaces_the_table_itself_through_a_link_and_keeps_its_mode(
    augment, tmp_path
):
    table = write_csv(tmp_path / "t.csv")
    table.chmod(0o640)
    real = table.read_bytes()
    (tmp_path / "link.csv").symlink_to("t.csv")
    code, _, _ = augment("t.csv", "--target", "kind", "--out", "link.csv", "--force")
    assert code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert table.read_bytes().startswith(real)
    assert len(cells_of(table)) == 81
    assert table.stat().st_mode & 0o777 == 0o640


def test_a_file_that_comes_during_the_work_is_not_lost(augment, tmp_path, monkeypatch):
    def draw(*arguments):
        (tmp_path / "new.csv").write_text("mine")
        return draw_rows(*arguments)

    draw_rows = command.TableModel.draw
    monkeypatch.setattr(command.TableModel, "draw", draw)
    code, _, err = augment(write_csv(tmp_path / "t.csv"), "--out", "new.csv")
    assert code == 2
    assert "--out exists" in err
    assert (tmp_path / "new.csv").read_text() == "mine"
    assert {file.name for file in tmp_path.iterdir()} == {"t.csv", "new.csv"}


def test_a_full_disk_leaves_the_old_file_and_no_other(augment, tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    (tmp_path / "new.csv").write_text("old")
    table = write_csv(tmp_path / "t.csv")
    code, out, err = augment(table, "--out", "new.csv", "--force")
    assert code == 2
    assert "No space left" in err
    assert "wrote" not in out
    assert (tmp_path / "new.csv").read_text() == "old"
    assert {file.name for file in tmp_path.iterdir()} == {"t.csv", "new.csv"}


def test_parquet_without_pyarrow_says_how_to_install_it(augment, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    code, _, err = augment(write_csv(tmp_path / "t.csv"), "--out", "new.parquet")
    assert (code, err.count("\n")) == (2, 1)
    assert "needs pyarrow, which is not installed: python -m pip install" in err


# Interrupts --------------------------------------------------------------------------

MOMENTS = [
    (_tables, "_parse"),
    (pandas, "read_csv"),
    (command.TableModel, "draw"),
    (command, "encode_table"),
    (os, "fsync"),
    (shutil, "copymode"),
]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment[1])
def test_an_interrupt_before_the_end_leaves_the_old_file_alone(
    moment, number, augment, tmp_path, monkeypatch
):
    owner, name = moment
    original = getattr(owner, name)

    def interrupted(*arguments, **options):
        signal.raise_signal(number)
        return original(*arguments, **options)

    monkeypatch.setattr(owner, name, interrupted)
    handlers = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)]
    table = write_csv(tmp_path / "t.csv")
    (tmp_path / "new.csv").write_text("old")
    code, _, err = augment(table, "--out", "new.csv", "--force")
    assert code == 128 + number
    assert err == "skgendisc augment: interrupted; no file is left half written\n"
    assert (tmp_path / "new.csv").read_text() == "old"
    assert {file.name for file in tmp_path.iterdir()} == {"t.csv", "new.csv"}
    assert [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)] == handlers


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_after_the_file_is_there_comes_too_late(
    number, augment, tmp_path, monkeypatch
):
    def replace(self, target):
        os.replace(self, target)
        signal.raise_signal(number)

    monkeypatch.setattr(Path, "replace", replace)
    table = write_csv(tmp_path / "t.csv")
    code, out, err = augment(table, "--out", "new.csv")
    assert (code, err) == (0, "")
    assert "wrote 80 rows to new.csv" in out
    assert {file.name for file in tmp_path.iterdir()} == {"t.csv", "new.csv"}


def test_signals_that_are_ignored_stay_ignored(augment, tmp_path, monkeypatch):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as under nohup
    try:
        monkeypatch.setattr(os, "fsync", lambda _: signal.raise_signal(signal.SIGINT))
        code, _, _ = augment(write_csv(tmp_path / "t.csv"), "--out", "new.csv")
        assert code == 0
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_it_runs_in_a_thread(tmp_path):
    write_csv(tmp_path / "t.csv")
    codes = []
    call = ["augment", "t.csv", "--out", "new.csv"]
    thread = threading.Thread(target=lambda: codes.append(cli.main(call)))
    thread.start()
    thread.join()
    assert codes == [0]


def test_a_reader_that_has_gone_does_not_keep_the_file_from_being_written(tmp_path):
    write_csv(tmp_path / "t.csv")
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "skgendisc", "augment", "t.csv", "--out", "new.csv"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(cells_of(tmp_path / "new.csv")) == 81


SLOW_WRITE = """
import os, signal, sys, time
from skgendisc import _tables, cli

signal.signal(signal.SIGINT, signal.default_int_handler)  # even if ignored so far
_tables.CHUNK_BYTES = 200
fsync = os.fsync

def slow_fsync(descriptor):
    time.sleep(0.3)
    fsync(descriptor)

os.fsync = slow_fsync
print("ready", flush=True)
sys.exit(cli.main(["augment", *sys.argv[1:]]))
"""


@pytest.mark.parametrize(
    ("number", "seconds"),
    [(signal.SIGTERM, 0.1), (signal.SIGINT, 0.3), (signal.SIGTERM, 0.5)],
)
def test_a_killed_command_leaves_the_old_file_or_the_whole_new_one(
    number, seconds, augment, tmp_path
):
    table = write_csv(tmp_path / "t.csv", rows=mixed_rows(2000))
    assert augment(table, "--target", "kind", "--out", "whole.csv")[0] == 0
    whole = (tmp_path / "whole.csv").read_bytes()
    (tmp_path / "new.csv").write_text("old")
    arguments = ["t.csv", "--target", "kind", "--out", "new.csv", "--force"]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_WRITE, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    content = (tmp_path / "new.csv").read_bytes()
    if process.returncode == 128 + number:
        assert content == b"old"
        assert err == "skgendisc augment: interrupted; no file is left half written\n"
    else:  # it came too late, perhaps while Python was going down
        assert content == whole
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"t.csv", "whole.csv", "new.csv"}
