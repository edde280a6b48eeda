"""Generative adversarial networks as samplers."""

from skgendisc.neural._gan_net import GANNet
from skgendisc.neural._image_modules import ConvDiscriminator, ConvGenerator
from skgendisc.neural._neural_sampler import (
    BATCH_SIZES,
    LEAST_STEPS,
    NeuralSampler,
)
from skgendisc.utils._sklearn import StrOptions

# Weight of the gradient penalty of the relativistic loss for images: with less the
# discriminator wins, and the generator draws the same again and again.
IMAGE_PENALTY = 5.0
# Images of one class are seldom those of another: four in a hundred drawn digits of
# MNIST were taken for another than they were drawn for, and with this one in a hundred.
# To the end of training, other than on tables, whose classes overlap.
IMAGE_MATCHING = 0.3


class GANSampler(NeuralSampler):
    r"""A conditional generative adversarial network of a table, or of images.

    Parameters
    ----------
    net : GANNet, default=None
        The net to train; None makes one of the parameters below. With a net, its own
        parameters count, and are reached as ``net__pack`` or
        ``net__optimizer__betas``.
    latent_dim : int, default=64
        Dimension of the generator's noise.
    hidden_units : sequence of int, default=(128, 128)
        Widths of the hidden layers of generator and discriminator.
    max_epochs : int or "auto", default="auto"
        Passes over the rows. With "auto" as many as make 1500 steps, or 20 for each
        square root of the number of rows; of images 2500, or 40.
    batch_size : int or "auto", default="auto"
        Rows of a step. With "auto" a tenth of all, from 32 to 500, or to 128 images.
    lr : float or "auto", default="auto"
        Learning rate; it falls to nothing along a cosine. With "auto" 6e-3, or for
        images 2e-3.
    loss : {"relativistic", "wasserstein", "standard"}, default="relativistic"
        What the two networks play for, as in :class:`GANNet`.
    image_shape : tuple of int, default=None
        (height, width) or (channels, height, width): rows are images.
        The default net is convolutional then, with ``hidden_units`` between
        convolutions and noise, or scores.
    device : str, default="cpu"
        "cpu", "cuda", "cuda:1", "mps", or "auto" for the best there is.
    callbacks : list, default=None
        Callbacks of skorch.
    checkpoint : str, path or Checkpoint, default=None
        Directory for states of the training. Where one is killed, a fit with the same
        data, parameters and int as ``random_state`` goes on from the last of them.
    early_stopping : bool, default=False
        Whether rows are held out, drawn ones compared with them every few epochs, and
        the best state kept; see :class:`SampleQuality`.
    validation_fraction : float, default=0.1
        Part of each class that is held out then.
    warm_start : bool, default=False
        Whether :meth:`fit` goes on from what was learned before.
    verbose : int, default=0
        Shows a bar of the epochs.
    categorical_features : "from_dtype", array-like or None, default="from_dtype"
        Which columns are categorical, as in
        :class:`~skgendisc.preprocessing.TableEncoder`.
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of each class :meth:`fit_resample` adds.
    random_state : int, RandomState instance or None, default=None
        Seed of the fit and of the draws.

    Attributes
    ----------
    net_ : GANNet
        The trained net.
    history_ : list of dict
        Of each epoch.
    classes_ : ndarray of shape (n_classes,) or None
        None when fitted without labels.
    class_prior_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
    sampling_strategy_ : dict
        Rows added per class by the last :meth:`fit_resample`.
    is_synthetic_ : ndarray of bool
        One a row of the last result of :meth:`fit_resample`.

    See Also
    --------
    VAESampler : Has a density; nearer to most tables, in less time.
    skgendisc.trees.TreeSampler : Nearer still.

    Notes
    -----
    A generator makes rows of noise and a class; a discriminator learns to tell them
    from real ones, in pairs of both [1]_, held back by a penalty on its slopes. Each
    column is a distribution that the generator writes: levels of a category, of gaps,
    of spikes, and of stretches of a number, in which values lie as those of training.
    The discriminator sees the levels that were drawn, and gradients follow softened
    ones [2]_. Rows are drawn by an average of the generator's weights over its steps.
    Where there are labels, the discriminator learns at first, and less and less, that
    real rows are of their own class and not of another (``label_matching`` of
    :class:`GANNet`).

    The pixels of images are numbers as the generator writes them, and the networks
    :class:`ConvGenerator` and :class:`ConvDiscriminator`.

    Of as many rows, batches of 125 teach most where the generator has much to learn, at
    twice the time of 500; those of 2000 have too few steps. Two steps of the
    discriminator for one of the generator were better on a table, with batches of all
    sizes, and quicker, five with small ones; on a grid of modes one was best, and five
    too many (``benchmarks/studies/minibatches.py``). Against collapse the relativistic
    loss does most; packing and minibatch discrimination spread rows as well, and blur
    them in short trainings (``benchmarks/studies/modes.py``).

    References
    ----------
    .. [1] Huang, Gokaslan, Kuleshov & Tompkin (2024). The GAN is dead; long live the
       GAN! A modern baseline GAN. NeurIPS.
    .. [2] Jang, Gu & Poole (2017). Categorical reparameterization with
       Gumbel-softmax. ICLR.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.neural import GANSampler
    >>> X, y = load_iris(return_X_y=True, as_frame=True)
    >>> gan = GANSampler(max_epochs=100, random_state=0).fit(X, y)
    >>> X_new, y_new = gan.sample(1000)
    >>> bool(abs(X_new.corr() - X.corr()).max(axis=None) < 0.3)
    True
    """

    _of_net = ("loss",)

    _parameter_constraints = {
        **NeuralSampler._parameter_constraints,
        "lr": [*NeuralSampler._parameter_constraints["lr"], StrOptions({"auto"})],
        "loss": [StrOptions({"relativistic", "wasserstein", "standard"})],
    }

    def __init__(
        self,
        net=None,
        *,
        latent_dim=64,
        hidden_units=(128, 128),
        max_epochs="auto",
        batch_size="auto",
        lr="auto",
        loss="relativistic",
        image_shape=None,
        device="cpu",
        callbacks=None,
        checkpoint=None,
        early_stopping=False,
        validation_fraction=0.1,
        warm_start=False,
        verbose=0,
        categorical_features="from_dtype",
        sampling_strategy="auto",
        random_state=None,
    ):
        super().__init__(
            categorical_features=categorical_features,
            sampling_strategy=sampling_strategy,
            random_state=random_state,
        )
        self.net = net
        self.latent_dim = latent_dim
        self.hidden_units = hidden_units
        self.max_epochs = max_epochs
        self.batch_size = batch_size
        self.lr = lr
        self.loss = loss
        self.image_shape = image_shape
        self.device = device
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.verbose = verbose

    @property
    def _least_steps(self):
        return LEAST_STEPS if self.image_shape is None else 2500

    @property
    def _steps_per_root(self):
        return 20 if self.image_shape is None else 40

    @property
    def _batch_sizes(self):
        return BATCH_SIZES if self.image_shape is None else (BATCH_SIZES[0], 128)

    def _lr(self):
        if self.lr != "auto":
            return self.lr
        return 6e-3 if self.image_shape is None else 2e-3

    def _default_net(self):
        if self.image_shape is None:
            return GANNet()
        penalty = IMAGE_PENALTY if self.loss == "relativistic" else "auto"
        return GANNet(
            ConvGenerator,
            discriminator=ConvDiscriminator,
            gradient_penalty=penalty,
            label_matching=IMAGE_MATCHING,
        )
