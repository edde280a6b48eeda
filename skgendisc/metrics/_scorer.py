"""Scorers of samplers, for searches over their parameters."""

import inspect
from numbers import Integral

import numpy as np

from skgendisc.utils.random_state import as_generator, draw_seed


def make_sampler_scorer(
    metric, *, greater_is_better=True, n_draws=1, random_state=0, **parameters
):
    """Make a scorer of samplers from a function of real and synthetic rows.

    Parameters
    ----------
    metric : callable
        ``metric(X_real, X_synthetic, **parameters)``, as the functions of this room,
        with a float or what ``float`` makes one of. Where it takes ``y_real`` and
        ``y_synthetic`` it gets labels, and a seed where it takes ``random_state``.
    greater_is_better : bool, default=True
        If false, the scorer gives minus the metric.
    n_draws : int, default=1
        Times that rows are drawn and judged; the score is the mean.
    random_state : int, default=0
        Seed of the draws and of the metric, the same at every call: all candidates
        of a search are judged alike.
    **parameters : dict
        Further arguments of the metric.

    Returns
    -------
    scorer : callable
        ``scorer(sampler, X, y=None)``, for ``scoring`` of scikit-learn's searches and
        cross-validation. Draws as many rows as ``X`` has, with its labels where the
        sampler was fitted with labels, and judges them beside ``X``.

    Notes
    -----
    Fidelity alone leans to what stays near the training rows, though it is judged on
    held-out ones: in ``benchmarks/studies/sampler_search.py`` the least leaves have the
    best rows, and give away most of who was a training row. See
    :func:`membership_inference` before such rows are handed on.

    Examples
    --------
    How large the leaves of trees may be, by how their rows look:

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skgendisc.metrics import energy_distance, make_sampler_scorer
    >>> from skgendisc.trees import TreeSampler
    >>> X, y = load_iris(return_X_y=True)
    >>> scorer = make_sampler_scorer(energy_distance, greater_is_better=False)
    >>> grid = {"min_samples_leaf": [5, 60]}
    >>> search = GridSearchCV(TreeSampler(random_state=0), grid, scoring=scorer, cv=3)
    >>> search.fit(X, y).best_params_
    {'min_samples_leaf': 5}
    """
    if not callable(metric):
        raise TypeError(
            f"metric must be a function of real and synthetic rows, got {metric!r}. "
            "Give one of skgendisc.metrics."
        )
    if not isinstance(n_draws, Integral) or n_draws < 1:
        raise ValueError(f"n_draws must be an int of at least 1, got {n_draws!r}.")
    if not isinstance(random_state, Integral):
        raise ValueError(
            f"random_state must be an int, got {random_state!r}: all candidates of a "
            "search are to be judged alike."
        )
    accepted = inspect.signature(metric).parameters
    return _SamplerScorer(
        metric,
        1 if greater_is_better else -1,
        int(n_draws),
        int(random_state),
        parameters,
        "y_real" in accepted and "y_synthetic" in accepted,
        "random_state" in accepted,
    )


class _SamplerScorer:
    """A scorer that can be pickled."""

    def __init__(
        self, metric, sign, n_draws, seed, parameters, takes_labels, takes_seed
    ):
        self._metric, self._sign = metric, sign
        self._n_draws, self._seed = n_draws, seed
        self._parameters = parameters
        self._takes_labels, self._takes_seed = takes_labels, takes_seed

    def __call__(self, sampler, X, y=None):
        rng = as_generator(self._seed)
        scores = [self._score(sampler, X, y, rng) for _ in range(self._n_draws)]
        return self._sign * float(np.mean(scores))

    def _score(self, sampler, X, y, rng):
        n_rows = X.shape[0] if hasattr(X, "shape") else len(X)
        parameters = dict(self._parameters)
        seed = draw_seed(rng)
        if y is None or getattr(sampler, "classes_", None) is None:
            y = None
            X_new, _ = sampler.sample(n_rows, random_state=seed)
        else:
            X_new = sampler.sample_conditional(y, random_state=seed)
        if y is not None and self._takes_labels:
            parameters |= {"y_real": y, "y_synthetic": y}
        if self._takes_seed:
            parameters.setdefault("random_state", draw_seed(rng))
        return float(self._metric(X, X_new, **parameters))

    def __repr__(self):
        name = getattr(self._metric, "__name__", repr(self._metric))
        better = "" if self._sign > 0 else ", greater_is_better=False"
        return f"make_sampler_scorer({name}{better})"
