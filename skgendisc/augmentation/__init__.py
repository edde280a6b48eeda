"""Putting synthetic rows to use: strategies beyond balancing."""

from skgendisc.augmentation._strategies import balance, enlarge

__all__ = ["balance", "enlarge"]
