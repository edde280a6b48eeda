"""A generative adversarial network as a skorch net."""

from contextlib import contextmanager
from copy import deepcopy

import numpy as np
import torch
from torch import nn

from skgendisc.neural._adversarial import (
    average_weights,
    discriminator_loss,
    generator_loss,
    one_centred_penalty,
    score_and_squared_gradient,
    scores_and_squared_gradients,
    zero_centred_penalty,
)
from skgendisc.neural._callbacks import BalanceWatch
from skgendisc.neural._modules import RowDecoder, RowDiscriminator, ToldEmbedding
from skgendisc.neural._net import SamplerNet, check_has_label, in_blocks
from skgendisc.neural._telling import Telling

# Weight of the gradient penalty of each loss with gradient_penalty="auto".
PENALTIES = {"relativistic": 0.2, "wasserstein": 10.0, "standard": 0.0}


class GANNet(SamplerNet):
    r"""A conditional generative adversarial network, as a skorch net.

    Parameters
    ----------
    module : type of Module, default=RowDecoder
        The generator.
    discriminator : type of Module, default=RowDiscriminator
        Says how real rows are, given their class.
    criterion : type of Module, default=Identity
        Not used: the losses are between the two networks.
    loss : {"relativistic", "wasserstein", "standard"}, default="relativistic"
        What the two play for: that real rows score above drawn ones, in pairs
        (Huang et al. 2024, R3GAN); the difference of the mean scores (Gulrajani et al.
        2017); or the cross-entropy, with real labels smoothed to 0.9.
    gradient_penalty : float or "auto", default="auto"
        Weight of the penalty: on squared gradients at real and drawn rows, or with the
        Wasserstein loss on gradient norms other than one between them. With "auto" 0.2,
        10 and, in the standard loss, 0.
    penalty_decay : float, default=0.1
        What is left of that weight at the end of training.
    n_critic : int, default=1
        Steps of the discriminator for each of the generator.
    pack : int, default=1
        Rows that the discriminator judges together (Lin et al. 2018, PacGAN).
    minibatch_discrimination : tuple of (int, int) or None, default=None
        Number and dimension of the kernels by which the discriminator compares the
        rows of a batch (Salimans et al. 2016), such as ``(16, 4)``.
    label_matching : float or tuple of (float, float), default=(0.2, 0.0)
        Weight of a loss by which the discriminator learns that real rows score more
        with their class than with another (Reed et al. 2016, section 4.1); of two, at
        the beginning of training and at its end. Drawn rows are then clearly of their
        class: where classes overlap, more so than real ones, less where it ends with
        none. With two dozen rows of a class it did harm more often than good.
    category_balance : float or None, default=None
        With a number, both networks are told one of a row's categories beside its
        class, all columns of categories in turn (Xu et al. 2019, section 4.3), and
        rows of a category are seen as often as its share of the class, to the power of
        one less this: with 1 all categories alike. Drawn rows have the category that
        was told, and are told each as often as it comes. What is rare, and goes with
        much else, is then learned a little better; other rows are not.
    temperature : float, default=1.0
        Of the softened levels that gradients follow.
    average : float, default=0.999
        Part of the generator's average weights, which draw, that stays at each step.
    numbers : {"cells", "normal"}, default="cells"
        What columns of numbers are to a sampler: up to 64 stretches, with a
        probability each; or numbers that the generator writes itself.
    lr : float, default=6e-3
        Learning rate of the generator, and the discriminator where that has none.
    lr_discriminator : float, default=None
        Learning rate of the discriminator.
    latent_dim : int, default=64
        Dimension of the generator's noise.
    hidden_units : sequence of int, default=(128, 128)
        Of both networks.
    optimizer__betas : tuple of (float, float), default=(0.0, 0.99)
        Of Adam, for both networks; ``optimizer_discriminator__betas`` are the
        discriminator's.
    optimizer__fused : bool, default=True
        Whether Adam takes its steps in one operation; set it aside with ``optimizer``.
    **kwargs : dict
        ``optimizer`` and the like, as in skorch's ``NeuralNet``, and ``class_balance``
        (0.5: how much more often rows of rare classes are seen than they come, up to
        1, all classes as often), ``lr_schedule`` ("cosine" or None), ``n_threads``,
        ``image_shape``, ``layout``, ``n_classes``, ``random_state``.

    Examples
    --------
    >>> from skgendisc.neural import GANNet, GANSampler
    >>> net = GANNet(pack=4, minibatch_discrimination=(16, 4), max_epochs=5)
    >>> sampler = GANSampler(net, random_state=0)
    """

    _sees_rows = "discriminator"
    _counters = ("n_steps_",)

    def __init__(
        self,
        module=RowDecoder,
        *,
        discriminator=RowDiscriminator,
        criterion=nn.Identity,
        loss="relativistic",
        gradient_penalty="auto",
        penalty_decay=0.1,
        n_critic=1,
        pack=1,
        minibatch_discrimination=None,
        label_matching=(0.2, 0.0),
        category_balance=None,
        temperature=1.0,
        average=0.999,
        numbers="cells",
        lr=6e-3,
        lr_discriminator=None,
        latent_dim=64,
        hidden_units=(128, 128),
        optimizer__betas=(0.0, 0.99),
        optimizer__fused=True,
        **kwargs,
    ):
        super().__init__(
            module,
            criterion,
            lr=lr,
            latent_dim=latent_dim,
            hidden_units=hidden_units,
            optimizer__betas=optimizer__betas,
            optimizer__fused=optimizer__fused,
            **kwargs,
        )
        self.discriminator = discriminator
        self.loss = loss
        self.gradient_penalty = gradient_penalty
        self.penalty_decay = penalty_decay
        self.n_critic = n_critic
        self.pack = pack
        self.minibatch_discrimination = minibatch_discrimination
        self.label_matching = label_matching
        self.category_balance = category_balance
        self.temperature = temperature
        self.average = average
        self.numbers = numbers
        self.lr_discriminator = lr_discriminator

    def initialize_module(self):
        """Make generator, discriminator, and the generator's average.

        Returns
        -------
        self : object
        """
        self.module_ = self._build("module", n_inputs=self.latent_dim)
        self.discriminator_ = self._build(
            "discriminator",
            pack=self.pack,
            minibatch_discrimination=self.minibatch_discrimination,
        )
        self.telling_, self.shares_ = self._make_telling(), None
        if self.telling_ is not None:
            for module in (self.module_, self.discriminator_):
                check_has_label(
                    module, "category_balance needs", "leave category_balance=None"
                )
                sizes = self.n_classes_, self.telling_.n_places
                module.label = ToldEmbedding(*sizes, module.label.embedding_dim)
        self.average_ = deepcopy(self.module_).requires_grad_(False)
        self.n_steps_ = 0
        return self

    def _make_telling(self):
        """None without categories to tell of."""
        if self.category_balance is None:
            return None
        telling = Telling(self.layout_, self.category_balance)
        return telling if len(telling.columns) else None

    def initialize_criterion(self):
        """Nothing: the losses are between the two networks.

        Returns
        -------
        self : object
        """
        return self

    def initialize_optimizer(self):
        """Make an optimizer for each network.

        Returns
        -------
        self : object
        """
        for name, module, lr in (
            ("optimizer", self.module_, self.lr),
            ("optimizer_discriminator", self.discriminator_, self.lr_discriminator),
        ):
            weights = [(n, w) for n, w in module.named_parameters() if w.requires_grad]
            _, settings = self.get_params_for_optimizer("optimizer", weights)
            groups, own = self.get_params_for_optimizer(name, weights)
            settings |= own
            settings["lr"] = self.lr if lr is None else lr
            setattr(self, f"{name}_", self.optimizer(*groups, **settings))
        return self

    def start_again(self, seed, *, freeze=0, lr=None):
        """Prepare to go on with other rows: new optimizers, some layers frozen.

        Parameters
        ----------
        seed : int
        freeze : int, default=0
            First layers of the discriminator that keep their weights.
        lr : float, default=None
            Of both networks; None keeps theirs.
        """
        if lr is not None:
            self.lr_discriminator = lr
        super().start_again(seed, freeze=freeze, lr=lr)
        self.average_.requires_grad_(False)
        self.n_steps_ = 0  # the average begins anew

    @property
    def _default_callbacks(self):
        return [*super()._default_callbacks, ("balance_watch", BalanceWatch())]

    # -------------------------------------------------------------------- training

    def get_iterator(self, dataset, training=False):
        """Batches of a dataset, with what is told of each row.

        Parameters
        ----------
        dataset : Dataset
        training : bool, default=False
            Whether in random order, with rare classes and categories more often.

        Returns
        -------
        iterator : RowBatches
        """
        batches = super().get_iterator(dataset, training)
        if self.telling_ is not None:
            batches.telling = self.telling_
        return batches

    def train_step(self, batch, **fit_params):
        """A step of the discriminator and, every ``n_critic`` steps, of the generator.

        Parameters
        ----------
        batch : tuple of Tensor
            Rows and classes.
        **fit_params : dict
            Not used.

        Returns
        -------
        step : dict of str to Tensor
        """
        rows, y = batch
        self.n_steps_ += 1
        is_turn = self.n_steps_ % self.n_critic == 0
        with torch.set_grad_enabled(is_turn):
            drawn, written = self._generate(self.module_, y, self.rng)
        told, of_real = self._step_of_discriminator(rows, drawn, y)
        if is_turn:
            loss = self._step_of_generator(of_real, drawn, written, y)
            told["generator_loss"] = loss
        return told

    def validation_step(self, batch, **fit_params):
        """How the discriminator tells held-out rows from drawn ones.

        Parameters
        ----------
        batch : tuple of Tensor
            Rows and classes.
        **fit_params : dict
            Not used.

        Returns
        -------
        step : dict of str to Tensor
        """
        rows, y = (tensor[: len(tensor) // self.pack * self.pack] for tensor in batch)
        with torch.no_grad():
            drawn, _ = self._generate(self.module_, y, self.rng)
            of_real = self.discriminator_(self._see(rows), y)
            of_drawn = self.discriminator_(self._see(drawn), y)
        loss = discriminator_loss(self.loss, of_real, of_drawn)
        return {"loss": loss, "auc": (of_real > of_drawn).float().mean()}

    def _step_of_discriminator(self, rows, drawn, y):
        real, drawn = self._see(rows), self._see(drawn)
        weight = self._penalty_weight * self.penalty_decay**self.progress_
        discriminator, penalty = self.discriminator_, torch.zeros(())
        if weight and self.loss != "wasserstein":
            (of_real, steep_real), (of_drawn, steep_drawn) = (
                scores_and_squared_gradients(discriminator, real, drawn, y)
            )
            penalty = zero_centred_penalty(steep_real, steep_drawn)
        else:
            of_real, of_drawn = discriminator(real, y), discriminator(drawn, y)
            if weight:
                place = torch.rand(
                    (len(real), *[1] * (real.ndim - 1)),
                    generator=self.rng,
                    device=real.device,
                )
                between = place * real + (1 - place) * drawn
                _, steep = score_and_squared_gradient(discriminator, between, y)
                penalty = one_centred_penalty(steep)
        loss = discriminator_loss(self.loss, of_real, of_drawn)
        # The share of pairs in which the real row scores more is its AUC.
        auc = (of_real > of_drawn).float().mean()
        told = {"loss": loss, "penalty": penalty, "auc": auc}
        loss = loss + weight * penalty
        weight = self._matching_weight
        if weight and self.n_classes_ > 1:
            of_other = discriminator(real, self._other_classes(y))
            matching = discriminator_loss("relativistic", of_real, of_other)
            told["matching_loss"] = matching
            loss = loss + weight * matching
        self._step("optimizer_discriminator", loss)
        return told, of_real.detach()

    def _other_classes(self, y):
        """A class at random for each row, never its own; what is told stays."""
        step = torch.randint(
            1, self.n_classes_, y.shape, generator=self.rng, device=y.device
        )
        n_told = 1 if self.telling_ is None else self.telling_.n_places
        return (y + step * n_told) % (self.n_classes_ * n_told)

    def _step_of_generator(self, of_real, drawn, written, y):
        # Real rows keep the scores of a step ago: to score them again does not pay.
        with _held(self.discriminator_):
            of_drawn = self.discriminator_(self._see(drawn, written), y)
            loss = generator_loss(self.loss, of_real, of_drawn)
            self._step("optimizer", loss)
        # The first weights are soon forgotten.
        decay = min(self.average, self.n_steps_ / (self.n_steps_ + 9))
        average_weights(self.average_, self.module_, decay)
        return loss

    def _generate(self, generator, y, rng):
        """Drawn rows of classes, and the same as gradients can follow them."""
        z = torch.randn(len(y), self.latent_dim, generator=rng, device=y.device)
        outputs = generator(z, y)
        if self.telling_ is not None:
            outputs = self.telling_.obey(outputs, y)
        return self.layout_.choose(outputs, rng, self.temperature)

    def _see(self, rows, written=None):
        """What the discriminator is given of rows.

        It sees the levels that were chosen; gradients follow those softened to the
        generator (straight-through).
        """
        see = getattr(self.discriminator_, "see", None)
        if see is not None:
            return see(rows, written)
        seen = self.layout_.one_hot(rows)
        return seen if written is None else written + (seen - written).detach()

    @property
    def _penalty_weight(self):
        if self.gradient_penalty == "auto":
            return PENALTIES[self.loss]
        return self.gradient_penalty

    @property
    def _matching_weight(self):
        begin, end = np.broadcast_to(self.label_matching, 2)
        return float(begin + self.progress_ * (end - begin))

    # ----------------------------------------------------------------------- using

    def prepare_to_draw(self, rows, y):
        """Learn how often levels are to be told.

        Parameters
        ----------
        rows : ndarray of shape (n_rows, n_columns)
            Those of training.
        y : ndarray of shape (n_rows,), or None
        """
        super().prepare_to_draw(rows, y)
        if self.telling_ is not None:
            y = np.zeros(len(rows), dtype=np.intp) if y is None else np.asarray(y)
            self.shares_ = self.telling_.shares(rows, y, self.n_classes_, self.shares_)

    def widen_classes(self, places, n_classes):
        """Make room for more classes; new ones begin as the mean of the others.

        Parameters
        ----------
        places : ndarray of shape (n_classes_before,)
            New numbers of the classes that there are.
        n_classes : int
        """
        super().widen_classes(places, n_classes)
        if self.shares_ is not None:
            shares = np.tile(self.shares_.mean(axis=0), (n_classes, 1))
            shares[places] = self.shares_
            self.shares_ = shares

    def draw(self, y, rng):
        """Draw a row of each wanted class, p(x | y).

        Parameters
        ----------
        y : ndarray of shape (n_rows,)
        rng : numpy.random.Generator

        Returns
        -------
        rows : ndarray of shape (n_rows, n_columns)
        """
        self._set_training(False)
        noise = self.torch_rng(rng)
        if self.telling_ is not None:
            y = self.telling_.draw(y, self.shares_, rng)

        def rows(y):
            y = torch.as_tensor(y, dtype=torch.long, device=self.device)
            return self._generate(self.average_, y, noise)[0]

        return in_blocks(rows, y)


@contextmanager
def _held(module):
    """Learn nothing for a module's weights; those that are frozen stay so after it."""
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    for weight in weights:
        weight.requires_grad_(False)
    try:
        yield
    finally:
        for weight in weights:
            weight.requires_grad_(True)
