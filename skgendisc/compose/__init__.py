"""Samplers made of other estimators."""

from skgendisc.compose._refined import RefinedSampler
from skgendisc.compose._transformed import TransformedSampler, log_abs_det_jacobian

__all__ = ["RefinedSampler", "TransformedSampler", "log_abs_det_jacobian"]
