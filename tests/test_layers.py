"""Who may import whom: imports go down the floors, never up."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import skgendisc

ROOT = Path(skgendisc.__file__).parent
FLOORS = {
    "numerics": 0,
    "exceptions": 0,
    "utils": 1,
    "base": 2,
    "estimator_checks": 3,
    "joint": 3,
    "trees": 3,
    "datasets": 3,
    "preprocessing": 2.5,  # floor 3, and below the others there
    "metrics": 3,
    "augmentation": 4.5,  # floor 4, and above compose
    "compose": 4,
    "neural": 4,
    "comparison": 5,
    "reports": 6,
    "_tables": 6,
    "cli": 7,
    "__main__": 8,
}
LIBRARIES = {0: {"numpy", "scipy"}, 1: {"numpy", "scipy", "sklearn", "narwhals"}}
FILES = [path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py"]


def imports(path):
    """Dotted names that a file imports from outside the standard library."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
        yield from (n for n in names if n.split(".")[0] not in sys.stdlib_module_names)


def room(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down(path):
    here, floor = room(path), FLOORS[room(path)]
    for name in imports(path):
        library, *inside = name.split(".")
        if library != "skgendisc":
            assert library in LIBRARIES.get(floor, {library}), name
        elif inside and inside[0] != here:
            assert FLOORS[inside[0]] < floor, f"{here} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_but_utils_imports_what_scikit_learn_keeps_private(path):
    if path == ROOT / "utils" / "_sklearn.py":
        return
    private = [name for name in imports(path) if "._" in name]
    assert not [name for name in private if name.startswith("sklearn")]


def test_heavy_packages_are_not_imported():
    code = (
        "import sys, skgendisc.joint, skgendisc.trees, skgendisc.comparison,"
        " skgendisc.metrics, skgendisc.reports,"
        " skgendisc.augmentation,"
        " skgendisc.cli;"
        "print([m for m in ('torch', 'skorch', 'matplotlib', 'polars')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
