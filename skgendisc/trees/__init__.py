"""Samplers of trees: column after column, each from those before it."""

from skgendisc.trees._tree_sampler import TreeSampler

__all__ = ["TreeSampler"]
