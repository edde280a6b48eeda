"""Imports of packages that only some features need."""

from importlib import import_module


def import_optional(module, *, feature, extra):
    """Import a module, or say which feature needs it and how to get it.

    Parameters
    ----------
    module : str
        Dotted name.
    feature : str
        What asked for it; starts the error message.
    extra : str
        Extra of this package that brings it.

    Returns
    -------
    module : module

    Raises
    ------
    ImportError
        Where it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ImportError(
            f"{feature} needs {module.partition('.')[0]}, which is not installed: "
            f"python -m pip install 'skgendisc[{extra}]'"
        ) from error
