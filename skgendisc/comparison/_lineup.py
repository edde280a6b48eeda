"""The classifiers that ``skgendisc compare`` sets side by side."""

import narwhals.stable.v2 as nw
from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import check_array

from skgendisc.compose import TransformedSampler
from skgendisc.joint import (
    ClassConditionalSampler,
    GaussianCopulaSampler,
    GaussianNBSampler,
    LDASampler,
    MixedNBSampler,
    MultinomialNBSampler,
    QDASampler,
)
from skgendisc.preprocessing import TableEncoder
from skgendisc.utils.frames import densify


def default_lineup(
    *,
    sampling_strategy="auto",
    random_state=None,
    preprocessor=None,
    mixed=False,
    counts=False,
):
    """Classifiers of both kinds, the discriminative ones behind each sampler too.

    Parameters
    ----------
    sampling_strategy : str, dict or callable, default="auto"
        Which rows the samplers add, as in imbalanced-learn; for instance
        ``skgendisc.augmentation.enlarge(2)``.
    random_state : int or None, default=None
        Seed of every random step.
    preprocessor : transformer, default=None
        Makes floats of the table, fitted on training rows only. None standardises the
        columns and fills their gaps with medians; `table_preprocessor` makes one for
        a table with categories.
    mixed : bool, default=False
        Whether the table has categories or gaps. Then samplers draw rows of the table
        itself, ahead of the preprocessor; mixed naive Bayes and the Gaussian copula
        take the places of naive Bayes and the mixture.
    counts : bool, default=False
        Whether the preprocessor makes counts, such as those of words in text. Then
        multinomial naive Bayes is the one sampler, and gradient boosting, which takes
        no sparse matrix, is left out: nine classifiers in all.

    Returns
    -------
    lineup : dict of str to imblearn.pipeline.Pipeline
        Five discriminative classifiers, each alone and then as ``"<name> + <sampler>"``
        behind each of four samplers; last the four samplers as classifiers: 29 in all.

    Notes
    -----
    Settings are scikit-learn's defaults, except that the support vector machine gets
    probabilities from a sigmoid, LDA and QDA shrink their covariances after Ledoit and
    Wolf, the mixture has three Gaussians with diagonal covariances in each class, and
    mixed naive Bayes sees numbers as normal scores.

    On mixed tables LDA and QDA draw behind a
    :class:`~skgendisc.preprocessing.TableEncoder` and classify behind the
    preprocessor, which unlike the encoder takes whatever a fold holds that is new:
    categories, gaps, and values in a column that had none.

    Examples
    --------
    >>> from skgendisc.comparison import default_lineup
    >>> lineup = default_lineup(random_state=0)
    >>> list(lineup)[:5]
    ['logistic regression', 'logistic regression + NB', 'logistic regression + LDA',
    'logistic regression + QDA', 'logistic regression + mixture']
    """
    if preprocessor is None:
        preprocessor = _preprocessor(numeric=slice(0, None), categorical=[])
    shared = {"sampling_strategy": sampling_strategy, "random_state": random_state}
    of_numbers = _samplers_of_numbers(**shared)
    classifiers = _discriminative(random_state)
    if counts:
        samplers = {"multinomial NB": MultinomialNBSampler(**shared)}
        of_numbers = samplers
        order = ["preprocessor", "sampler", "classifier"]
        del classifiers["gradient boosting"]
    elif mixed:
        samplers = _samplers_of_tables(of_numbers, **shared)
        order = ["sampler", "preprocessor", "classifier"]
    else:
        samplers = of_numbers
        order = ["preprocessor", "sampler", "classifier"]

    def pipeline(**steps):
        # Clones, lest fitting one pipeline leaves its mark on another.
        return Pipeline([(n, clone(steps[n])) for n in order if n in steps])

    lineup = {}
    for name, classifier in classifiers.items():
        steps = {"preprocessor": preprocessor, "classifier": classifier}
        lineup[name] = pipeline(**steps)
        for short, sampler in samplers.items():
            lineup[f"{name} + {short}"] = pipeline(sampler=sampler, **steps)
    for short, sampler in samplers.items():
        if short in of_numbers:
            classifier = of_numbers[short]
            lineup[short] = pipeline(preprocessor=preprocessor, classifier=classifier)
        else:
            lineup[short] = pipeline(classifier=sampler)
    return lineup


def _discriminative(random_state):
    # LinearSVC has no probabilities; one sigmoid over cross-validated decision values
    # gives it some, on one model fitted to all rows. The folds are shuffled because
    # synthetic rows come after the real ones.
    calibration_folds = StratifiedKFold(3, shuffle=True, random_state=random_state)
    return {
        "logistic regression": LogisticRegression(max_iter=1000),
        "linear SVM": CalibratedClassifierCV(
            LinearSVC(max_iter=10_000, random_state=random_state),
            cv=calibration_folds,
            ensemble=False,
        ),
        "decision tree": DecisionTreeClassifier(random_state=random_state),
        "random forest": RandomForestClassifier(random_state=random_state),
        "gradient boosting": HistGradientBoostingClassifier(random_state=random_state),
    }


def _samplers_of_numbers(*, sampling_strategy, random_state):
    # Shrinkage lets LDA and QDA fit fewer rows than columns, and one-hot columns; the
    # mixture's floor under the variances, which are one over all classes, lets it fit
    # a class of four rows.
    shared = {"sampling_strategy": sampling_strategy, "random_state": random_state}
    density = GaussianMixture(
        n_components=3,
        covariance_type="diag",
        reg_covar=0.05,
        max_iter=1000,
        random_state=random_state,
    )
    return {
        "NB": GaussianNBSampler(**shared),
        "LDA": LDASampler(shrinkage="auto", **shared),
        "QDA": QDASampler(shrinkage="auto", **shared),
        "mixture": ClassConditionalSampler(density, **shared),
    }


def _samplers_of_tables(of_numbers, **shared):
    def encoded(sampler):
        return TransformedSampler(TableEncoder(), sampler, **shared)

    return {
        "mixed NB": MixedNBSampler(numeric="quantile-normal", **shared),
        "LDA": encoded(of_numbers["LDA"]),
        "QDA": encoded(of_numbers["QDA"]),
        "copula": GaussianCopulaSampler(**shared),
    }


def table_preprocessor(X):
    """Make a transformer from the columns of X to a matrix of floats without gaps.

    The gaps of numbers and booleans are filled with medians, then they are
    standardised. All other
    columns are one-hot encoded, a gap being a category of its own and rare categories
    beyond the fiftieth sharing a column.

    Parameters
    ----------
    X : DataFrame (pandas, polars, ...) or array-like of shape (n_samples, n_features)
        Only the columns' names and types are read; arrays are taken as numeric.

    Returns
    -------
    preprocessor : transformer
        Not fitted.

    Examples
    --------
    >>> import numpy as np
    >>> from skgendisc.comparison import table_preprocessor
    >>> X = np.array([[1.0], [3.0], [np.nan], [2.0]])
    >>> table_preprocessor(X).fit_transform(X).ravel().round(2)
    array([-1.41,  1.41,  0.  ,  0.  ])
    """
    numeric, categorical = split_columns(X)
    return _preprocessor(numeric=numeric, categorical=categorical)


def split_columns(X):
    """Columns of numbers and truth values, and all others; arrays have numbers only."""
    frame = nw.from_native(densify(X), eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        return slice(0, None), []
    numeric, categorical = [], []
    for name, dtype in frame.schema.items():
        is_number = dtype.is_numeric() or dtype == nw.Boolean
        (numeric if is_number else categorical).append(name)
    return numeric, categorical


def _preprocessor(*, numeric, categorical):
    scale = make_pipeline(
        FunctionTransformer(as_floats),  # the imputer refuses booleans
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
    )
    one_hot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=50, sparse_output=False
    )
    return ColumnTransformer(
        [("numeric", scale, numeric), ("categorical", one_hot, categorical)]
    )


def as_floats(X):
    """A table of numbers and truth values as a matrix of floats, gaps being NaN."""
    return check_array(densify(X), dtype=float, ensure_all_finite="allow-nan")
