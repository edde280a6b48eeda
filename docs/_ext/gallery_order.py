"""The order of the gallery: first steps first, then by the names of files."""

from sphinx_gallery.sorting import FileNameSortKey


class FirstStepsFirst(FileNameSortKey):
    """Sort ``plot_first_steps.py`` before all others."""

    def __call__(self, filename):
        return (filename != "plot_first_steps.py", filename)
