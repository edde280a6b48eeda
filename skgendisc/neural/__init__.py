"""Samplers that are trained: networks wrapped by skorch."""

from skgendisc.utils._optional import import_optional

for _module in ("torch", "skorch", "safetensors"):
    import_optional(_module, feature="skgendisc.neural", extra="neural")

from skgendisc.neural._callbacks import SampleQuality  # noqa: E402
from skgendisc.neural._checkpoint import Checkpoint  # noqa: E402
from skgendisc.neural._gan_net import GANNet  # noqa: E402
from skgendisc.neural._gan_sampler import GANSampler  # noqa: E402
from skgendisc.neural._history_display import HistoryDisplay  # noqa: E402
from skgendisc.neural._image_modules import (  # noqa: E402
    ConvDecoder,
    ConvDiscriminator,
    ConvEncoder,
    ConvGenerator,
)
from skgendisc.neural._layout import RowLayout, RowLikelihood  # noqa: E402
from skgendisc.neural._modules import (  # noqa: E402
    MLP,
    LabelEmbedding,
    LevelWeight,
    MinibatchDiscrimination,
    ResidualBlock,
    RowDecoder,
    RowDiscriminator,
    RowEmbedding,
    RowEncoder,
)
from skgendisc.neural._pixel_likelihood import PixelLikelihood  # noqa: E402
from skgendisc.neural._vae_net import VAENet  # noqa: E402
from skgendisc.neural._vae_sampler import VAESampler  # noqa: E402

__all__ = [
    "MLP",
    "Checkpoint",
    "ConvDecoder",
    "ConvDiscriminator",
    "ConvEncoder",
    "ConvGenerator",
    "GANNet",
    "GANSampler",
    "HistoryDisplay",
    "LabelEmbedding",
    "LevelWeight",
    "MinibatchDiscrimination",
    "PixelLikelihood",
    "ResidualBlock",
    "RowDecoder",
    "RowDiscriminator",
    "RowEmbedding",
    "RowEncoder",
    "RowLayout",
    "RowLikelihood",
    "SampleQuality",
    "VAENet",
    "VAESampler",
]
