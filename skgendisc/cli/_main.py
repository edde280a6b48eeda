"""The command line, and how it ends."""

import sys

from skgendisc import __version__
from skgendisc.cli._arguments import Parser
from skgendisc.cli._augment import add_augment
from skgendisc.cli._compare import add_compare
from skgendisc.cli._console import one_line, print_no_more
from skgendisc.cli._evaluate import add_evaluate
from skgendisc.utils.files import Terminated, stopping_on_sigterm


def main(argv=None):
    """Run the command.

    Parameters
    ----------
    argv : list of str, default=None
        Arguments; None takes those of the process.

    Returns
    -------
    code : int
        0; 2 where the user has something to mend, which is then said in one line on
        standard error; 130 where the user has interrupted, 143 where SIGTERM has.
    """
    arguments = _parser().parse_args(argv)
    prog = f"skgendisc {arguments.command}"
    try:
        with stopping_on_sigterm():
            arguments.run(arguments)
            sys.stdout.flush()
    except BrokenPipeError:
        print_no_more()
    except (ImportError, OSError, ValueError) as error:
        print(f"{prog}: {one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(f"{prog}: interrupted; no file is left half written", file=sys.stderr)
        return 143 if isinstance(stop, Terminated) else 130
    return 0


def _parser():
    parser = Parser(
        prog="skgendisc", description="Generative samplers for tables, judged."
    )
    parser.add_argument(
        "--version", action="version", version=f"skgendisc {__version__}"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add_compare(commands)
    add_augment(commands)
    add_evaluate(commands)
    return parser
