"""What a study asks for again is not worked out again."""

import hashlib
import pickle
from contextlib import ExitStack, contextmanager
from functools import wraps
from unittest.mock import patch

from sklearn.base import BaseEstimator


@contextmanager
def remembered(*kinds):
    """While this lasts, estimators of some classes take over what equal ones did.

    Equal are those of one class with equal parameters that are fitted to equal rows.
    Draws are taken over where the generator is in the same state, and leave it in the
    same one. All is forgotten at the end.

    Parameters
    ----------
    *kinds : type
        Classes of estimators; their subclasses go their own ways.
    """
    known = {}
    with ExitStack() as stack:
        for kind in kinds:
            for name, remember in METHODS.items():
                if hasattr(kind, name):
                    method = wraps(getattr(kind, name))(
                        remember(known, kind, getattr(kind, name))
                    )
                    stack.enter_context(patch.object(kind, name, method))
        yield


def _fit(known, kind, original):
    def fit(self, X, y=None, **params):
        if type(self) is not kind:
            return original(self, X, y, **params)
        key = digest(original.__name__, describe(self), X, y, params)
        if key not in known:
            out = original(self, X, y, **params)
            known[key] = dict(vars(self)), None if out is self else out
        state, out = known[key]
        vars(self).update(state, _key=key)
        return self if out is None else out.copy()

    return fit


def _tell(known, kind, original):
    def tell(self, X):
        if type(self) is not kind:
            return original(self, X)
        key = digest(original.__name__, self._key, X)
        if key not in known:
            known[key] = original(self, X)
        return known[key].copy()

    return tell


def _sample(known, kind, original):
    def sample(self, n_samples=1, *, random_state=None, **params):
        bits = getattr(random_state, "bit_generator", None)
        if type(self) is not kind or bits is None:
            return original(self, n_samples, random_state=random_state, **params)
        key = digest("sample", self._key, n_samples, bits.state, params)
        if key not in known:
            drawn = original(self, n_samples, random_state=random_state, **params)
            known[key] = drawn, bits.state
        drawn, bits.state = known[key]
        return drawn

    return sample


METHODS = {
    "fit": _fit,
    "fit_transform": _fit,
    "transform": _tell,
    "predict_proba": _tell,
    "sample": _sample,
}


def describe(value):
    """Class and parameters of an estimator, and of its parts; else the value."""
    if isinstance(value, BaseEstimator):
        params = value.get_params(deep=False)
        return type(value).__qualname__, {k: describe(v) for k, v in params.items()}
    if isinstance(value, list | tuple):
        return [describe(part) for part in value]
    return value


def digest(*values):
    """The same for the same values; now and then another, which costs time alone."""
    return hashlib.sha256(pickle.dumps(values)).digest()
