"""What pytest reads of the documentation: the doctests of its pages, nothing else."""

from importlib.util import find_spec

import pytest

collect_ignore_glob = ["_build/*", "_ext/*", "api/*", "auto_examples/*", "examples/*"]
collect_ignore = ["conf.py", "conftest.py"]
if find_spec("torch") is None:
    collect_ignore.append("user_guide/neural.md")


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    """Pages write files as their readers do."""
    monkeypatch.chdir(tmp_path)
