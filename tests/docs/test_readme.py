"""The README leads where it says, and its commands stand where CI finds them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LINKS = re.findall(r"\]\(([^)#]+)", README)


@pytest.mark.parametrize("link", sorted({x for x in LINKS if "://" not in x}))
def test_links_lead_to_files(link):
    assert (ROOT / link).is_file(), link


@pytest.mark.parametrize("ending", ["skgendisc compare", "python -m pytest", "_build"])
def test_each_command_stands_on_a_line_of_its_own(ending):
    lines = [line for line in README.splitlines() if line.endswith(ending)]
    assert len(lines) == 1, lines
    assert lines[0].startswith("    python -m pip install -c constraints.txt ")
