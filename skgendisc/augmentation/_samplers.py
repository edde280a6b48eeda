"""The samplers that classifiers of this room try."""

from skgendisc.compose import TransformedSampler
from skgendisc.joint import (
    GaussianCopulaSampler,
    LDASampler,
    MixedNBSampler,
    QDASampler,
)
from skgendisc.preprocessing import TableEncoder
from skgendisc.trees import TreeSampler
from skgendisc.utils.random_state import set_random_states


def default_samplers(rng=None):
    """The samplers that are tried where none are given, by name."""

    def encoded(sampler):
        return TransformedSampler(TableEncoder(handle_unknown="ignore"), sampler)

    samplers = {
        "naive_bayes": MixedNBSampler(),
        "lda": encoded(LDASampler(shrinkage="auto")),
        "qda": encoded(QDASampler(shrinkage="auto")),
        "copula": GaussianCopulaSampler(),
        "trees": TreeSampler(),
    }
    if rng is not None:
        for sampler in samplers.values():
            set_random_states(sampler, rng)
    return samplers


def named_samplers(given, rng=None, *, default=None, taken=()):
    """Samplers by name: the default ones, one, some, or some with names.

    Parameters
    ----------
    given : None, sampler, or list of samplers or of (str, sampler)
    rng : numpy.random.Generator, default=None
        Seeds the default ones.
    default : tuple of str, default=None
        Which of the default ones stand for None; None takes all.
    taken : tuple of str, default=()
        Names of others.

    Returns
    -------
    samplers : dict of str to sampler
    """
    if given is None:
        samplers = default_samplers(rng)
        return {name: samplers[name] for name in default or samplers}
    if isinstance(given, list | tuple) and not given:
        raise ValueError("Got no samplers. Name one at least, or None for the default.")
    named = {}
    for entry in given if isinstance(given, list | tuple) else [given]:
        name, sampler = entry if isinstance(entry, tuple) else (None, entry)
        name = name or type(sampler).__name__.lower()
        while name in named or name in taken:
            name += "_"
        named[name] = sampler
    return named
