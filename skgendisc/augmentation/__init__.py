"""Putting generative models to use: their rows, and their probabilities."""

from skgendisc.augmentation._augmented import AugmentedClassifier
from skgendisc.augmentation._hybrid import HybridClassifier
from skgendisc.augmentation._prior_corrected import PriorCorrectedClassifier
from skgendisc.augmentation._strategies import balance, enlarge
from skgendisc.augmentation._tradeoff import GenerativeDiscriminativeTradeoff

__all__ = [
    "AugmentedClassifier",
    "GenerativeDiscriminativeTradeoff",
    "HybridClassifier",
    "PriorCorrectedClassifier",
    "balance",
    "enlarge",
]
