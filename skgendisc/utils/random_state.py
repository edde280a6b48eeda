"""Randomness: one generator made at a public method, then handed down."""

import inspect
import numbers

import numpy as np

# Tells our streams from those that a program makes of the same seeds itself.
STREAM = 0x5C6E


def as_generator(random_state):
    """Turn any kind of random state into a numpy Generator.

    Parameters
    ----------
    random_state : None, int, numpy.random.RandomState or numpy.random.Generator
        None gives fresh entropy, an int the same stream at every call. A RandomState
        is advanced, so that a second call gives another stream; a Generator is
        returned as it is.

    Returns
    -------
    rng : numpy.random.Generator

    Examples
    --------
    >>> from skgendisc.utils.random_state import as_generator
    >>> as_generator(0).integers(9) == as_generator(0).integers(9)
    np.True_
    """
    if isinstance(random_state, np.random.RandomState):
        seed = random_state.randint(0, 2**32, size=4, dtype=np.uint32)
        return np.random.default_rng(seed)
    if isinstance(random_state, numbers.Integral):
        # A stream of our own: data made by default_rng(0) would come back from a
        # sampler of the same seed, noise for noise.
        seed = np.random.SeedSequence(int(random_state), spawn_key=(STREAM,))
        return np.random.default_rng(seed)
    if random_state is None or isinstance(random_state, np.random.Generator):
        return np.random.default_rng(random_state)
    raise TypeError(
        "random_state must be None, an int, a numpy RandomState or a numpy "
        f"Generator, got {random_state!r}."
    )


def draw_seed(rng):
    """Draw an int that seeds an estimator of scikit-learn."""
    return int(rng.integers(2**31))


def takes_random_state(method):
    """Whether a method draws by a seed of its call; not all of scikit-learn's do."""
    return "random_state" in inspect.signature(method).parameters


def set_random_states(estimator, rng):
    """Seed an estimator and all it contains, each with a draw of its own.

    Parameters
    ----------
    estimator : estimator object
        Changed in place, wherever it has a parameter ``random_state``.
    rng : numpy.random.Generator
    """
    names = [
        name
        for name in sorted(estimator.get_params(deep=True))
        if name == "random_state" or name.endswith("__random_state")
    ]
    estimator.set_params(**{name: draw_seed(rng) for name in names})
