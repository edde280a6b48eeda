"""Joint models in closed form, and any density fitted class by class."""

from skgendisc.joint._class_conditional import ClassConditionalSampler
from skgendisc.joint._discriminant import LDASampler, QDASampler
from skgendisc.joint._naive_bayes import GaussianNBSampler

__all__ = [
    "ClassConditionalSampler",
    "GaussianNBSampler",
    "LDASampler",
    "QDASampler",
]
