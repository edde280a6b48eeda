"""A result as a page in a file."""

from pathlib import Path

from skgendisc.comparison import (
    ComparisonResult,
    LearningCurves,
    SamplerEvaluation,
    TableStudy,
)
from skgendisc.reports._comparison_page import (
    comparison_page,
    curves_page,
    study_page,
)
from skgendisc.reports._evaluation_page import evaluation_page
from skgendisc.utils.files import replace_file

PAGES = {
    SamplerEvaluation: evaluation_page,
    TableStudy: study_page,
    LearningCurves: curves_page,
    ComparisonResult: comparison_page,
}


def write_html(result, file, *, check=None):
    """Write what a study found as one HTML page that needs nothing else.

    What was found stands first, in plain words, then all numbers and pictures: of an
    evaluation columns, pairs of columns, rows in two dimensions and what the
    discriminator looked at; of classifiers learning curves and confusion matrices. The
    page asks nothing of the network and runs no script; it is light or dark as the
    reader likes.

    Parameters
    ----------
    result : SamplerEvaluation, TableStudy, LearningCurves or ComparisonResult
    file : str or path-like
        Written whole or not at all; one that is there is replaced.
    check : callable, default=None
        Called with the path just before a file that is there is replaced; may raise.

    Raises
    ------
    TypeError
        If there is no page for such a result.

    Notes
    -----
    The page of an evaluation shows summaries, and two coordinates each of some hundred
    rows; frequent levels of categories by name. Who may not see the data should not see
    the page.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.comparison import evaluate_tables
    >>> from skgendisc.reports import write_html
    >>> X, _ = load_iris(return_X_y=True)
    >>> result = evaluate_tables(X[::2], X[1::2], random_state=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "report.html"
    ...     write_html(result, file)
    ...     file.read_text("utf-8")[:15]
    '<!DOCTYPE html>'
    """
    make = next((PAGES[kind] for kind in type(result).__mro__ if kind in PAGES), None)
    if make is None:
        known = ", ".join(kind.__name__ for kind in PAGES)
        raise TypeError(
            f"result must be one that has a page ({known}), got "
            f"{type(result).__name__}. Print its to_text() instead."
        )
    # Half a surrogate, which broken text may hold, has no place in UTF-8.
    data = make(result).to_html().encode("utf-8", "xmlcharrefreplace")
    replace_file(Path(file), data, check=check)
