"""``python -m skgendisc`` is the command ``skgendisc``."""

import sys

from skgendisc.cli import main

if __name__ == "__main__":
    sys.exit(main())
