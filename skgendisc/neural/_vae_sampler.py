"""Variational autoencoders as samplers, and as classifiers by Bayes' rule."""

import numpy as np

from skgendisc.neural._image_modules import ConvDecoder, ConvEncoder
from skgendisc.neural._neural_sampler import NeuralSampler
from skgendisc.neural._pixel_likelihood import PixelLikelihood
from skgendisc.neural._vae_net import VAENet
from skgendisc.preprocessing import MixedTableJointSampler
from skgendisc.utils._sklearn import StrOptions


class VAESampler(MixedTableJointSampler, NeuralSampler):
    r"""A conditional variational autoencoder of a table, or of images.

    Parameters
    ----------
    net : VAENet, default=None
        The net to train; None makes one of the parameters below. With a net, its own
        parameters count, and are reached as ``net__kl_weight`` or
        ``net__optimizer__betas``.
    latent_dim : int, default=16
        Latent variables.
    hidden_units : sequence of int, default=(256, 256)
        Widths of the hidden layers of encoder and decoder.
    max_epochs : int or "auto", default="auto"
        Passes over the rows. With "auto" as many as make 1500 steps, or 10 for each
        square root of the number of rows.
    batch_size : int or "auto", default="auto"
        Rows of a step. With "auto" a tenth of all, from 32 to 500.
    lr : float, default=2e-3
        Learning rate; it falls to nothing along a cosine.
    prior : {"gaussian_mixture", "gaussian"}, default="gaussian_mixture"
        What latent variables are drawn from: mixtures of normals, fitted to where the
        rows of each class are when training has ended, or the standard normal.
    image_shape : tuple of int, default=None
        (height, width) or (channels, height, width): rows are images.
        The default net is convolutional then, with ``hidden_units`` between
        convolutions and latent variables.
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
    net_ : VAENet
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
    GANSampler : Sharper images; no density.
    skgendisc.trees.TreeSampler : Nearer to most tables, in less time.

    Notes
    -----
    A row comes from latent variables, :math:`p(x \mid y) = \int p(x \mid z, y)
    p(z \mid y) dz` [1]_. Each column is a distribution that the decoder writes: levels
    of a category, of gaps, of spikes, and of up to 64 stretches of a number, in
    which values lie as those of training. Rows are drawn from it, not its mean. The
    mixtures make good that the latent variables of real rows are not spread as the
    standard normal [2]_.

    The pixels of images are numbers, drawn from distributions that are cut off at black
    and at white, :class:`PixelLikelihood`; the networks are :class:`ConvEncoder` and
    :class:`ConvDecoder`.

    Scores are importance-weighted estimates [3]_ of the log-density, from 128 points
    in the space of the latent variables, the same for every row: with independent
    points their mean would be a lower bound, on the lattice that they lie on they are
    nearer. Raise ``net__n_importance_samples`` for closer ones. One row among those of
    training is kept for values that none showed.

    References
    ----------
    .. [1] Kingma & Welling (2014). Auto-encoding variational Bayes. ICLR.
    .. [2] Dai & Wipf (2019). Diagnosing and enhancing VAE models. ICLR.
    .. [3] Burda, Grosse & Salakhutdinov (2016). Importance weighted autoencoders.
       ICLR, equation 8.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.neural import VAESampler
    >>> X, y = load_iris(return_X_y=True, as_frame=True)
    >>> vae = VAESampler(max_epochs=100, random_state=0).fit(X, y)
    >>> X_new, y_new = vae.sample(1000)
    >>> bool(abs(X_new.corr() - X.corr()).max(axis=None) < 0.3)
    True
    >>> bool(vae.score(X, y) > 0.9)
    True
    """

    _of_net = ("prior",)
    _steps_per_root = 10

    _parameter_constraints = {
        **NeuralSampler._parameter_constraints,
        "prior": [StrOptions({"gaussian", "gaussian_mixture"})],
    }

    def __init__(
        self,
        net=None,
        *,
        latent_dim=16,
        hidden_units=(256, 256),
        max_epochs="auto",
        batch_size="auto",
        lr=2e-3,
        prior="gaussian_mixture",
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
        self.prior = prior
        self.image_shape = image_shape
        self.device = device
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.verbose = verbose

    def _default_net(self):
        if self.image_shape is None:
            return VAENet()
        return VAENet(ConvDecoder, PixelLikelihood, encoder=ConvEncoder)

    def encode(self, X, y=None):
        """Means of the latent variables of rows.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Labels, where fitted with labels.

        Returns
        -------
        z : ndarray of shape (n_samples, latent_dim)
        """
        self._check_is_fitted()
        values, labels = self._check_training_data(X, y, reset=False)
        index = self._known_index(labels, len(values))
        return self.net_.encode_moments(self._encode(values), index)[0]

    def decode(self, z, y=None, *, random_state=None):
        """Draw rows from latent variables.

        Parameters
        ----------
        z : array-like of shape (n_samples, latent_dim)
        y : array-like of shape (n_samples,), default=None
            Labels, where fitted with labels.
        random_state : int, RandomState, Generator or None, default=None
            None takes the constructor's.

        Returns
        -------
        X : ndarray or frame of shape (n_samples, n_features)
        """
        self._check_is_fitted()
        index = self._known_index(y, len(z))
        rng = self._generator(random_state)
        rows = self.net_.decode(np.asarray(z, dtype=np.float64), index, rng)
        return self._table_format.restore(self._coder.decode(rows, rng), rng)

    def _class_log_density(self, X):
        rows = self._coder.encode(X)
        beside, counts = self._coder.log_density(X)
        rows = np.where(counts, rows, np.maximum(rows, 0))  # any level for an unknown
        # Equal rows are scored once: the noise is the same for all.
        both, place = np.unique(np.hstack([rows, counts]), axis=0, return_inverse=True)
        rows, counts = np.split(both, 2, axis=1)
        log_prob = np.column_stack(
            [
                self.net_.log_prob(rows, k, counts.astype(bool))
                for k in range(len(self.class_prior_))
            ]
        )
        return log_prob[place.ravel()] + beside[:, None]
