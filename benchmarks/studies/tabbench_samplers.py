"""Our samplers as the bench harness of ``fidelity.py`` wants them."""

import numpy as np
from tabbench import SklearnLike

from skgendisc.compose import RefinedSampler
from skgendisc.joint import GaussianCopulaSampler
from skgendisc.neural import GANSampler, VAESampler
from skgendisc.trees import TreeSampler


def _categorical(names):
    return list(names) or None


def _in_harness(make):
    """A factory of the harness from one that takes a seed and categorical names."""

    def factory(seed):
        return SklearnLike(
            make,
            sample=lambda sampler, n: sampler.sample(n),
            sample_class=lambda sampler, k, n: sampler.sample_conditional(
                np.full(n, k)
            ),
            handles_nan=True,
            seed=seed,
        )

    return factory


def _copula(seed, names):
    return GaussianCopulaSampler(
        categorical_features=_categorical(names), random_state=seed
    )


def _trees(seed, names):
    return TreeSampler(categorical_features=_categorical(names), random_state=seed)


def _refined(seed, names):
    trees = TreeSampler(categorical_features=_categorical(names))
    return RefinedSampler(trees, random_state=seed)


def _vae(seed, names):
    return VAESampler(categorical_features=_categorical(names), random_state=seed)


def _refined_vae(seed, names):
    vae = VAESampler(categorical_features=_categorical(names))
    return RefinedSampler(vae, random_state=seed)


def _gan(seed, names):
    return GANSampler(categorical_features=_categorical(names), random_state=seed)


PEERS = {
    "GaussianCopulaSampler": _in_harness(_copula),
    "TreeSampler": _in_harness(_trees),
    "RefinedSampler": _in_harness(_refined),
    "VAESampler": _in_harness(_vae),
    "RefinedVAESampler": _in_harness(_refined_vae),
    "GANSampler": _in_harness(_gan),
}
