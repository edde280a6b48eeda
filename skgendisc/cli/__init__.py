"""The command ``skgendisc``: reads a table, calls a study, prints and writes.

A command is a file: ``add_<command>`` names its arguments, ``<command>`` runs it.
"""

from skgendisc.cli._main import main

__all__ = ["main"]
