"""What the benchmark of speed and memory makes of its figures."""

from importlib import import_module

import pytest

pytest.importorskip("torch", reason="networks are among the cases")


@pytest.fixture(scope="module")
def run(load_script):
    return load_script("run.py")


def row(ratio=2.0, memory_ratio=3.0, peak_mb=30.0, **changes):
    figures = {
        "sampler": "TreeSampler",
        "method": "fit",
        "n_rows": 1000,
        "n_columns": 10,
        "cpu_s": ratio,
        "floor": "fill",
        "floor_cpu_s": 1.0,
        "ratio": ratio,
        "peak_mb": peak_mb,
        "memory_ratio": memory_ratio,
        "memory_by": "tracemalloc",
    }
    return figures | changes


def never(row):
    raise AssertionError("nothing was to be measured again")


def test_a_ratio_that_doubles_is_told_in_one_line(run):
    lines = run.check([row(ratio=4.1)], [row()], lambda row: row)
    assert lines == [
        "TreeSampler.fit, 1000 x 10: time is 4.1 times that of fill, was 2"
    ]


def test_a_ratio_that_nearly_doubles_passes(run):
    assert run.check([row(ratio=4.0, memory_ratio=6.0)], [row()], never) == []


def test_memory_that_doubles_is_told(run):
    now = row(memory_ratio=7.0, peak_mb=70.0)
    (line,) = run.check([now], [row()], lambda row: row)
    assert line.endswith("memory is 7 times that of the table, was 3")


def test_memory_of_a_few_bytes_may_double(run):
    now, saved = row(memory_ratio=7.0, peak_mb=0.7), row(peak_mb=0.3)
    assert run.check([now], [saved], never) == []


def test_a_ratio_must_double_in_every_measurement(run):
    again = iter([row(ratio=9.0), row(ratio=2.5)])
    assert run.check([row(ratio=5.0)], [row()], lambda row: next(again)) == []


def test_figures_without_saved_ones_are_passed_over(run):
    new = row(ratio=100.0, n_rows=10_000)
    assert run.check([row(), new], [row()], never) == []


def test_a_check_against_other_figures_is_refused(run):
    with pytest.raises(ValueError, match="Run without --check first"):
        run.check([row()], [row(sampler="LDASampler")], never)


def test_what_is_saved_is_read_back(run, tmp_path):
    rows = [row(), row(ratio=0.125, method="sample")]
    run.save(tmp_path / "run.csv", rows)
    assert run.load(tmp_path / "run.csv") == rows


def test_every_sampler_is_measured(run):
    public = {
        name
        for room in ("joint", "trees", "compose", "neural")
        for name in import_module(f"skgendisc.{room}").__all__
        if name.endswith("Sampler")
    }
    assert set(run.make_cases()) == public


def test_the_saved_figures_are_of_every_sampler_and_method(run):
    saved = {run.key_of(row)[:2] for row in run.load(run.SAVED)}
    assert saved == {
        (name, method)
        for name, case in run.make_cases().items()
        for method in run.METHODS
        if hasattr(case.sampler, method)
    }


def test_a_check_that_fails_ends_with_one(run, tmp_path, monkeypatch, capsys):
    saved = [row(sampler="LDASampler", method="sample", ratio=1e-9)]
    run.save(tmp_path / "run.csv", saved)
    monkeypatch.setattr(run, "SAVED", tmp_path / "run.csv")
    monkeypatch.setattr(run, "QUICK_SIZES", ((1000, 10),))
    assert run.main(["--quick", "--check", "--only", "LDASampler"]) == 1
    assert "LDASampler.sample, 1000 x 10: time is" in capsys.readouterr().out


def test_work_beside_itself_costs_the_same(run):
    numbers = list(range(2000))[::-1]
    ours, theirs = run.side_by_side(lambda: sorted(numbers), lambda: sorted(numbers))
    assert 0.5 < ours / theirs < 2.0
