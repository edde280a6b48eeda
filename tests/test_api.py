"""Every public name is documented, and every parameter in its docstring."""

import importlib
import inspect
import pkgutil
import re

import pytest

import skgendisc

# Formulas and helpers for the rooms, the command line, and what it starts.
NOT_PUBLIC = {"numerics", "utils", "cli", "__main__"}
ROOMS = sorted(
    module.name
    for module in pkgutil.iter_modules(skgendisc.__path__)
    if module.name not in NOT_PUBLIC and not module.name.startswith("_")
)


def public():
    for room in ROOMS:
        module = importlib.import_module(f"skgendisc.{room}")
        names = getattr(module, "__all__", None) or [
            name
            for name, thing in vars(module).items()
            if getattr(thing, "__module__", None) == module.__name__
            and not name.startswith("_")
        ]
        yield from (pytest.param(getattr(module, n), id=f"{room}.{n}") for n in names)


def parameters(function):
    return [name for name in inspect.signature(function).parameters if name != "self"]


def is_documented(name, thing):
    """Whether a docstring has a line ``name : type``, perhaps for several names."""
    return re.search(rf"^ *(\w+, )*\**{name}(, \w+)* : ", thing.__doc__, re.MULTILINE)


@pytest.mark.parametrize("thing", list(public()))
def test_docstring_names_all_parameters_and_gives_an_example(thing):
    assert thing.__doc__, thing
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return
    for name in parameters(thing):
        assert is_documented(name, thing), f"{name} is missing"
    assert ">>>" in thing.__doc__, "no example"


def is_a_module_or_callback(thing):
    """Whether a class is one of networks, whose methods take tensors by place."""
    names = {base.__module__.partition(".")[0] for base in thing.__mro__}
    return "torch" in names or any("callbacks" in b.__module__ for b in thing.__mro__)


@pytest.mark.parametrize("thing", list(public()))
def test_public_methods_document_their_parameters(thing):
    if not inspect.isclass(thing):
        return
    for name, method in inspect.getmembers(thing, inspect.isfunction):
        if name.startswith("_") or not method.__module__.startswith("skgendisc"):
            continue
        if is_a_module_or_callback(thing):
            continue  # their methods are torch's and skorch's, described there
        assert method.__doc__, name
        for parameter in parameters(method):
            assert is_documented(parameter, method), f"{name}({parameter})"
