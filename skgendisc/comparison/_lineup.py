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

from skgendisc.joint import (
    ClassConditionalSampler,
    GaussianNBSampler,
    LDASampler,
    QDASampler,
)

ROWS_PER_TREE = 10_000


def default_lineup(
    *, sampling_strategy="auto", random_state=None, preprocessor=None, n_rows=None
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
        First step of every pipeline, fitted on training rows only. None standardises
        the columns and fills their gaps with medians; `table_preprocessor` makes one
        for a table with categories.
    n_rows : int or None, default=None
        Rows of the table. Beyond 10 000, each tree of the random forest sees a sample
        of the fraction 10 000 / n_rows of its training rows. None sets no limit.

    Returns
    -------
    lineup : dict of str to imblearn.pipeline.Pipeline
        Five discriminative classifiers, each alone and then as ``"<name> + <sampler>"``
        behind each of four samplers; last the four samplers as classifiers: 29 in all.

    Notes
    -----
    Settings are scikit-learn's defaults, except that the support vector machine gets
    probabilities from a sigmoid, LDA and QDA shrink their covariances after Ledoit and
    Wolf, and the mixture has three Gaussians with diagonal covariances in each class.

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
    samplers = _generative(sampling_strategy, random_state)

    def pipeline(**steps):
        # Clones, lest fitting one pipeline leaves its mark on another.
        steps = {"preprocessor": preprocessor, **steps}
        return Pipeline([(name, clone(step)) for name, step in steps.items()])

    lineup = {}
    for name, classifier in _discriminative(random_state, n_rows).items():
        lineup[name] = pipeline(classifier=classifier)
        for short, sampler in samplers.items():
            lineup[f"{name} + {short}"] = pipeline(
                sampler=sampler, classifier=classifier
            )
    for short, sampler in samplers.items():
        lineup[short] = pipeline(classifier=sampler)
    return lineup


def _discriminative(random_state, n_rows):
    # LinearSVC has no probabilities; one sigmoid over cross-validated decision values
    # gives it some, on one model fitted to all rows. The folds are shuffled because
    # synthetic rows come after the real ones.
    calibration_folds = StratifiedKFold(3, shuffle=True, random_state=random_state)
    # Synthetic values are all different, so that a split costs ten times that of real
    # one-hot columns: without a limit forests would take half of all the time.
    is_large = n_rows is not None and n_rows > ROWS_PER_TREE
    rows_per_tree = ROWS_PER_TREE / n_rows if is_large else None
    return {
        "logistic regression": LogisticRegression(max_iter=1000),
        "linear SVM": CalibratedClassifierCV(
            LinearSVC(max_iter=10_000, random_state=random_state),
            cv=calibration_folds,
            ensemble=False,
        ),
        "decision tree": DecisionTreeClassifier(random_state=random_state),
        "random forest": RandomForestClassifier(
            max_samples=rows_per_tree, random_state=random_state
        ),
        "gradient boosting": HistGradientBoostingClassifier(random_state=random_state),
    }


def _generative(sampling_strategy, random_state):
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
    frame = nw.from_native(X, eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        return _preprocessor(numeric=slice(0, None), categorical=[])
    numeric, categorical = [], []
    for name, dtype in frame.schema.items():
        is_number = dtype.is_numeric() or dtype == nw.Boolean
        (numeric if is_number else categorical).append(name)
    return _preprocessor(numeric=numeric, categorical=categorical)


def _preprocessor(*, numeric, categorical):
    scale = make_pipeline(
        FunctionTransformer(_as_floats),  # the imputer refuses booleans
        SimpleImputer(strategy="median", keep_empty_features=True),
        StandardScaler(),
    )
    one_hot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=50, sparse_output=False
    )
    return ColumnTransformer(
        [("numeric", scale, numeric), ("categorical", one_hot, categorical)]
    )


def _as_floats(X):
    return check_array(X, dtype=float, ensure_all_finite="allow-nan")
