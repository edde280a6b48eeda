"""What these tests are about, the folder benchmarks, is not part of every copy."""

import importlib.util
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
if not BENCHMARKS.exists():
    collect_ignore_glob = ["*.py"]


@pytest.fixture(scope="session")
def load_script():
    """Scripts as modules, by their paths in the folder."""

    def load(path):
        name = "benchmarks_" + Path(path).stem
        spec = importlib.util.spec_from_file_location(name, BENCHMARKS / path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
