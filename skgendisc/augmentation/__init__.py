"""Putting generative models to use: their rows, and their probabilities."""

from skgendisc.augmentation._augmented import AugmentedClassifier
from skgendisc.augmentation._hybrid import HybridClassifier
from skgendisc.augmentation._prior_corrected import PriorCorrectedClassifier
from skgendisc.augmentation._strategies import balance, enlarge

__all__ = [
    "AugmentedClassifier",
    "HybridClassifier",
    "PriorCorrectedClassifier",
    "balance",
    "enlarge",
]
