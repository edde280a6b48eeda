"""What the commands print, and how."""

import os
import shutil
import sys
import textwrap
import warnings
from contextlib import contextmanager


def say(text):
    """Print a paragraph now, as `tell` does."""
    width = terminal_width()
    tell(textwrap.fill(text, width) if width else text)


def tell(text):
    """Print lines now; where nobody reads any more, print nothing."""
    try:
        print(text, flush=True)
    except BrokenPipeError:  # the work goes on, and what it writes is written
        print_no_more()


def terminal_width():
    """Characters to a line; None where the output is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def print_no_more():
    """The reader, head or less, has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def one_line(error):
    """The message of an error or a warning, without its line breaks."""
    return " ".join(str(error).split())


@contextmanager
def noting_warnings(prog):
    """Context that writes each warning in one line on standard error."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    for text in dict.fromkeys(one_line(entry.message) for entry in caught):
        print(f"{prog}: {text}", file=sys.stderr)
