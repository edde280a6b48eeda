"""Arguments that commands share."""

import argparse
import difflib


class Parser(argparse.ArgumentParser):
    """Parser that says what is wrong in one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def add_jobs(command, what):
    """Add ``--jobs``: so many of what are done at a time."""
    command.add_argument(
        "--jobs",
        type=checked(int, lambda jobs: jobs != 0, "a whole number, not 0"),
        default=-1,
        metavar="N",
        help=f"{what} at a time; -1, the default, for one on each processor",
    )


def add_seed(command, what):
    """Add ``--seed``, of what."""
    command.add_argument(
        "--seed",
        type=checked(
            int, lambda seed: 0 <= seed < 2**32, "a whole number from 0 to 2**32 - 1"
        ),
        default=0,
        help=f"{what} (default: 0)",
    )


def checked(convert, accept, wanted):
    """Make a reader of one argument, whose error says what was wanted."""

    def read(text):
        try:
            value = convert(text)
        except ValueError:
            value = None
        if value is None or not accept(value):
            raise argparse.ArgumentTypeError(f"must be {wanted}, got {text!r}")
        return value

    return read


def closest(text, names):
    """The name that is most like a text."""
    return difflib.get_close_matches(text, names, n=1, cutoff=0)[0]
