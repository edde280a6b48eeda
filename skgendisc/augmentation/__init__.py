"""Putting synthetic rows to use: strategies beyond balancing."""

from skgendisc.augmentation._augmented import AugmentedClassifier
from skgendisc.augmentation._hybrid import HybridClassifier
from skgendisc.augmentation._strategies import balance, enlarge

__all__ = ["AugmentedClassifier", "HybridClassifier", "balance", "enlarge"]
