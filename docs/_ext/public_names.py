"""The API reference: a page for each room, from its ``__all__``, and nothing left out.

Pages are written before Sphinx looks for documents, and every public name is looked up
in what Sphinx has documented at the end.
"""

import importlib
import inspect
import pkgutil
import re
from dataclasses import is_dataclass

from sphinx.util import logging

import skgendisc
from skgendisc.base import GenerativeSampler

logger = logging.getLogger(__name__)

# Floors that rooms stand on. Their names may change without notice.
NOT_PUBLIC = {"numerics", "utils", "cli", "__main__"}
# What torch, skorch and the nets of this package call on modules and callbacks.
MACHINERY = {"forward", "state", "set_state", "widened", "score_and_squared_gradient"}
GROUPS = ("Samplers", "Classifiers", "Functions", "Classes", "Exceptions and warnings")
ABOUT = """\
All public names, room by room. Import them from their room:
``from skgendisc.joint import LDASampler``. Samplers, classifiers and transformers
also have what every scikit-learn estimator has, such as ``get_params`` and the
requests of metadata routing; it is not repeated here. Two more packages hold the rooms
up, and may change without notice: ``skgendisc.numerics``, the formulas, arrays in and
arrays out, and ``skgendisc.utils``.
"""


def rooms():
    """Names of the public rooms, sorted."""
    names = {module.name for module in pkgutil.iter_modules(skgendisc.__path__)}
    return sorted(n for n in names - NOT_PUBLIC if not n.startswith("_"))


def public_names(room):
    """Public names of a room, with what they stand for."""
    module = importlib.import_module(f"skgendisc.{room}")
    names = getattr(module, "__all__", None) or [
        name
        for name, thing in vars(module).items()
        if getattr(thing, "__module__", None) == module.__name__
        and not name.startswith("_")
    ]
    return {name: getattr(module, name) for name in names}


def results():
    """Full names of the dataclasses that describe their fields as attributes."""
    return [
        f"skgendisc.{room}.{name}"
        for room in rooms()
        for name, thing in public_names(room).items()
        if is_dataclass(thing) and re.search(r"^ *Attributes$", thing.__doc__, re.M)
    ]


def group_of(thing):
    """Under which heading a public name stands."""
    if not inspect.isclass(thing):
        return "Functions"
    if issubclass(thing, Exception):
        return "Exceptions and warnings"
    if issubclass(thing, GenerativeSampler):
        return "Samplers"
    return "Classifiers" if _is_classifier(thing) else "Classes"


def _is_classifier(thing):
    return hasattr(thing, "predict_log_proba") and hasattr(thing, "fit")


def room_page(room):
    """The page of a room, in reStructuredText."""
    module = importlib.import_module(f"skgendisc.{room}")
    title = f"skgendisc.{room}"
    lines = [title, "=" * len(title), "", f".. module:: {title}", ""]
    lines += [inspect.getdoc(module), ""]
    names = public_names(room)
    grouped = {group: [] for group in GROUPS}
    for name in sorted(names):
        grouped[group_of(names[name])].append(name)
    for group, members in grouped.items():
        if members:
            lines += [group, "-" * len(group), "", ".. autosummary::"]
            lines += ["   :toctree: generated", "   :nosignatures:", ""]
            lines += [f"   {name}" for name in members] + [""]
    return "\n".join(lines)


def index_page():
    """The list of rooms, each with the first line of what it says of itself."""
    title = "API reference"
    lines = [title, "=" * len(title), "", ABOUT, "", ".. list-table::", ""]
    for room in rooms():
        summary = inspect.getdoc(importlib.import_module(f"skgendisc.{room}"))
        first = summary.partition("\n\n")[0].replace("\n", " ")
        lines += [f"   * - :doc:`skgendisc.{room} <{room}>`", f"     - {first}"]
    lines += ["", ".. toctree::", "   :hidden:", ""]
    return "\n".join([*lines, *(f"   {room}" for room in rooms()), ""])


def write_pages(folder):
    """Write the pages of all rooms into a folder; those that stay as they are, stay."""
    folder.mkdir(exist_ok=True)
    pages = {room: room_page(room) for room in rooms()} | {"index": index_page()}
    for name, text in pages.items():
        page = folder / f"{name}.rst"
        if not page.exists() or page.read_text() != text:
            page.write_text(text)


def check_all_are_documented(app, env):
    """Warn of public names that stand on no page."""
    documented = env.domaindata["py"]["objects"]
    for room in rooms():
        for name in public_names(room):
            if f"skgendisc.{room}.{name}" not in documented:
                logger.warning("skgendisc.%s.%s stands on no page", room, name)


def skip_members(app, what, name, thing, skip, options):
    """Leave out machinery, and what other packages document, such as get_params."""
    if what != "class":
        return None
    function = getattr(thing, "fget", thing)
    module = getattr(inspect.unwrap(function), "__module__", None) or "skgendisc"
    is_machinery = name in MACHINERY or name.startswith("on_")
    return True if is_machinery or not module.startswith("skgendisc") else None


def setup(app):
    app.connect("env-check-consistency", check_all_are_documented)
    app.connect("autodoc-skip-member", skip_members)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
