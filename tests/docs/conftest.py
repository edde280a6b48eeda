"""What these tests are about, the folder docs, is not part of every copy."""

from pathlib import Path

if not (Path(__file__).parents[2] / "docs").exists():
    collect_ignore_glob = ["*.py"]
