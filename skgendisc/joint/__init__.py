"""Joint models in closed form, and any density fitted class by class."""

from skgendisc.joint._class_conditional import ClassConditionalSampler
from skgendisc.joint._copula import GaussianCopulaSampler
from skgendisc.joint._discrete import (
    BernoulliNBSampler,
    CategoricalNBSampler,
    MultinomialNBSampler,
)
from skgendisc.joint._discriminant import LDASampler, QDASampler
from skgendisc.joint._mixed import MixedNBSampler
from skgendisc.joint._naive_bayes import GaussianNBSampler

__all__ = [
    "BernoulliNBSampler",
    "CategoricalNBSampler",
    "ClassConditionalSampler",
    "GaussianCopulaSampler",
    "GaussianNBSampler",
    "LDASampler",
    "MixedNBSampler",
    "MultinomialNBSampler",
    "QDASampler",
]
