"""Samplers that are trained: networks wrapped by skorch."""

from skgendisc.utils._optional import import_optional

for _module in ("torch", "skorch", "safetensors"):
    import_optional(_module, feature="skgendisc.neural", extra="neural")

from skgendisc.neural._callbacks import SampleQuality  # noqa: E402
from skgendisc.neural._checkpoint import Checkpoint  # noqa: E402
from skgendisc.neural._layout import RowLikelihood  # noqa: E402
from skgendisc.neural._modules import (  # noqa: E402
    MLP,
    ConditionalMLP,
    ResidualBlock,
    RowEmbedding,
    RowEncoder,
)
from skgendisc.neural._vae_net import VAENet  # noqa: E402
from skgendisc.neural._vae_sampler import VAESampler  # noqa: E402

__all__ = [
    "MLP",
    "Checkpoint",
    "ConditionalMLP",
    "ResidualBlock",
    "RowEmbedding",
    "RowEncoder",
    "RowLikelihood",
    "SampleQuality",
    "VAENet",
    "VAESampler",
]
