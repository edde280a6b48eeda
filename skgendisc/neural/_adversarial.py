"""Formulas of adversarial training: tensors in, tensors out.

Scores are what a discriminator says, large where it takes a row for real.
"""

import torch
from torch.nn import functional

# Of real rows, in the standard loss (Salimans et al. 2016, section 3.4).
SMOOTH_LABEL = 0.9


def discriminator_loss(loss, real, drawn, *, smooth_label=SMOOTH_LABEL):
    """What a discriminator makes small.

    Parameters
    ----------
    loss : {"relativistic", "wasserstein", "standard"}
    real, drawn : Tensor of shape (n_rows,)
        Scores.
    smooth_label : float, default=0.9
        What the standard loss has the discriminator say of real rows.

    Returns
    -------
    loss : Tensor
        The mean over rows, or pairs of them.
    """
    if loss == "relativistic":
        return functional.softplus(drawn - real).mean()
    if loss == "wasserstein":
        return (drawn - real).mean()
    of_real = smooth_label * functional.softplus(-real)
    of_real = of_real + (1 - smooth_label) * functional.softplus(real)
    return (of_real + functional.softplus(drawn)).mean()


def generator_loss(loss, real, drawn):
    """What a generator makes small: that the discriminator is right.

    Parameters
    ----------
    loss : {"relativistic", "wasserstein", "standard"}
    real, drawn : Tensor of shape (n_rows,)
        Scores.

    Returns
    -------
    loss : Tensor
    """
    if loss == "relativistic":
        return functional.softplus(real - drawn).mean()
    if loss == "wasserstein":
        return -drawn.mean()
    return functional.softplus(-drawn).mean()


def zero_centred_penalty(*squared_norms):
    """Half the mean squared gradient norm, over each of some sets of rows.

    R1 of real rows and R2 of drawn ones (Mescheder, Geiger & Nowozin 2018).

    Parameters
    ----------
    *squared_norms : Tensor of shape (n_rows,)
        Of the gradients of scores with respect to rows.

    Returns
    -------
    penalty : Tensor
    """
    return 0.5 * sum(norms.mean() for norms in squared_norms)


def one_centred_penalty(squared_norms):
    """Mean squared difference of gradient norms from one (Gulrajani et al. 2017).

    Parameters
    ----------
    squared_norms : Tensor of shape (n_rows,)
        At points between real and drawn rows.

    Returns
    -------
    penalty : Tensor
    """
    # The square root has no slope at zero.
    norms = torch.sqrt(squared_norms + 1e-12)
    return (norms - 1.0).square().mean()


def score_and_squared_gradient(discriminator, seen, y):
    """Scores of rows, and the squared norms of the scores' gradients.

    The gradients are with respect to rows in closed form, to what is seen otherwise.

    Parameters
    ----------
    discriminator : Module
        Where it has ``score_and_squared_gradient`` itself, in closed form, that is
        used.
    seen : Tensor of shape (n_rows, ...)
        What the discriminator is given of rows.
    y : Tensor of shape (n_rows,)

    Returns
    -------
    scores, squared_norms : Tensor of shape (n_rows,)
        Both can be differentiated.
    """
    closed_form = getattr(discriminator, "score_and_squared_gradient", None)
    if closed_form is not None:
        return closed_form(seen, y)
    if not seen.requires_grad:  # otherwise a first layer learns through it
        seen = seen.detach().requires_grad_()
    scores = discriminator(seen, y)
    (gradient,) = torch.autograd.grad(scores.sum(), seen, create_graph=True)
    return scores, gradient.flatten(1).square().sum(dim=1)


def scores_and_squared_gradients(discriminator, real, drawn, y):
    """The same of real and of drawn rows, which have the same classes.

    Parameters
    ----------
    discriminator : Module
    real, drawn : Tensor of shape (n_rows / pack, ...)
        What the discriminator is given of them.
    y : Tensor of shape (n_rows,)

    Returns
    -------
    of_real, of_drawn : tuple of (Tensor, Tensor)
    """
    if getattr(discriminator, "score_and_squared_gradient", None) is None:
        return tuple(
            score_and_squared_gradient(discriminator, seen, y) for seen in (real, drawn)
        )
    # In one go: all that depends on weights alone is computed once.
    of_packs = y.reshape(-1, len(real)).repeat(1, 2).flatten()
    scores, squared = score_and_squared_gradient(
        discriminator, torch.cat([real, drawn]), of_packs
    )
    return tuple(zip(scores.chunk(2), squared.chunk(2), strict=True))


def average_weights(average, module, decay):
    """Move the weights of an average of a module towards its present ones.

    Parameters
    ----------
    average, module : Module
        Of the same kind.
    decay : float
        Part of the average that stays.
    """
    with torch.no_grad():
        torch._foreach_lerp_(
            list(average.parameters()), list(module.parameters()), 1.0 - decay
        )
        for old, new in zip(average.buffers(), module.buffers(), strict=True):
            old.copy_(new)
