"""Fixtures that test modules share."""

import pytest

from skgendisc import cli


@pytest.fixture
def run_cli(capsys):
    """Run ``skgendisc`` and return its exit code, output and errors."""

    def run(*arguments):
        try:
            code = cli.main(list(map(str, arguments)))
        except SystemExit as exit_:  # argparse's way to end
            code = exit_.code
        return code, *capsys.readouterr()

    return run
