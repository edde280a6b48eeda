"""Generative samplers that are imbalanced-learn samplers and scikit-learn classifiers.

Import from the rooms: ``from skgendisc.joint import LDASampler``.
"""

__version__ = "0.1.0"
