"""Samplers made of other pieces."""

from skgendisc.compose._transformed import TransformedSampler, log_abs_det_jacobian

__all__ = ["TransformedSampler", "log_abs_det_jacobian"]
