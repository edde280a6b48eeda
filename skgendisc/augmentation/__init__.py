"""Putting synthetic rows to use: strategies beyond balancing."""

from skgendisc.augmentation._hybrid import HybridClassifier
from skgendisc.augmentation._prior_corrected import PriorCorrectedClassifier
from skgendisc.augmentation._strategies import balance, enlarge

__all__ = ["HybridClassifier", "PriorCorrectedClassifier", "balance", "enlarge"]
