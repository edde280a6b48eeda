"""Settings of the documentation: ``sphinx-build -W docs docs/_build``."""

import os
import sys
import zlib
from pathlib import Path

# The examples' tables are small: threads would only wait for each other.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

import public_names  # noqa: E402

import skgendisc  # noqa: E402

public_names.write_pages(HERE / "api")

project = "skgendisc"
author = "The skgendisc developers"
copyright = author
version = release = skgendisc.__version__
html_title = f"skgendisc {version}"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
    "numpydoc",
    "myst_parser",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "mathml",
    "own_host",
    "public_names",
    "studies",
]
exclude_patterns = ["_build", "examples"]
templates_path = ["_templates"]
pygments_style = "default"

# Names of this package must lead somewhere. Those of others do where their inventories
# can be fetched, and a build without a network says nothing of them.
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(numpy|scipy|sklearn|imblearn|skorch|torch|pandas|matplotlib)\b.*"),
    (r"py:mod", r"skgendisc\.(numerics|utils)"),
]

html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["skgendisc.css"]
html_math_renderer = "mathml"
html_show_sourcelink = False
html_theme_options = {
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "show_nav_level": 2,
    "show_toc_level": 2,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
_alone = ("index", "changelog", "versions", "citation", "contributing")
html_sidebars = {page: [] for page in _alone}
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
# MyST's own way to load MathJax, from a network.
myst_update_mathjax = False

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "none"
toc_object_entries_show_parents = "hide"
numpydoc_show_class_members = False
# Everything but: an extended summary, "See Also" and an example in every method; words
# about parameters and results that name and type have told already (an X, a self, a
# shape); and verbs that begin summaries, taken for plurals ("Rows of ...").
numpydoc_validation_checks = {"all"} | {
    *("ES01", "SA01", "EX01"),
    *("PR07", "RT02", "RT03"),
    "SS05",
}
# Results, which functions of the room make and users only read: fields are attributes.
numpydoc_validation_exclude = {rf"{name}$" for name in public_names.results()}


def empty_inventory():
    """Write an inventory without entries; answers where no network does."""
    path = HERE / "api" / "nothing.inv"
    header = "# Sphinx inventory version 2\n# Project: none\n# Version: 0\n"
    header += "# The remainder of this file is compressed using zlib.\n"
    path.write_bytes(header.encode() + zlib.compress(b""))
    return str(path.relative_to(HERE))


_nothing = empty_inventory()
intersphinx_timeout = 10
intersphinx_mapping = {
    name: (address, (None, _nothing))
    for name, address in {
        "python": "https://docs.python.org/3/",
        "numpy": "https://numpy.org/doc/stable/",
        "scipy": "https://docs.scipy.org/doc/scipy/",
        "pandas": "https://pandas.pydata.org/docs/",
        "sklearn": "https://scikit-learn.org/stable/",
        "imblearn": "https://imbalanced-learn.org/stable/",
        "skorch": "https://skorch.readthedocs.io/en/stable/",
        "torch": "https://docs.pytorch.org/docs/stable/",
    }.items()
}

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "auto_examples",
    "backreferences_dir": "api/backreferences",
    "doc_module": ("skgendisc",),
    "reference_url": {"skgendisc": None},
    "within_subsection_order": "gallery_order.FirstStepsFirst",
    "remove_config_comments": True,
    "download_all_examples": False,
    "show_memory": False,
    "min_reported_time": 2,
    # Its page of times asks other hosts for scripts.
    "write_computation_times": False,
}
