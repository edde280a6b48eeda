"""A picture of how training went; matplotlib is imported at the last moment."""

import numpy as np

from skgendisc.utils._optional import import_optional

# What is drawn together, from the top down; the names in the history, and the label.
PANELS = {
    "loss": (
        "train_loss",
        "valid_loss",
        "train_generator_loss",
        "train_matching_loss",
        "train_reconstruction",
        "valid_reconstruction",
    ),
    "penalty": ("train_penalty", "train_kl", "valid_kl"),
    "AUC of real\nagainst drawn": ("train_auc", "discriminator_auc"),
    "coverage": ("coverage",),
}
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")  # Okabe and Ito's


class HistoryDisplay:
    """How the losses, and the quality of rows, went with the epochs.

    Make one by :meth:`from_sampler`.

    Parameters
    ----------
    history : list of dict
        ``history_`` of a sampler.

    Attributes
    ----------
    figure_ : matplotlib Figure
        After :meth:`plot`.
    axes_ : ndarray of matplotlib Axes

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgendisc.neural import HistoryDisplay, VAESampler
    >>> vae = VAESampler(max_epochs=3, random_state=0).fit(*load_iris(return_X_y=True))
    >>> display = HistoryDisplay.from_sampler(vae)  # doctest: +SKIP
    """

    def __init__(self, history):
        self.history = history

    @classmethod
    def from_sampler(cls, sampler):
        """Draw the history of a fitted sampler.

        Parameters
        ----------
        sampler : GANSampler or VAESampler
            Fitted.

        Returns
        -------
        display : HistoryDisplay
        """
        return cls(sampler.history_).plot()

    def plot(self):
        """Draw a panel for each kind of figure that there is.

        Returns
        -------
        display : HistoryDisplay
            Itself, with ``figure_`` and ``axes_``.

        Raises
        ------
        ImportError
            Without matplotlib.
        """
        pyplot = import_optional(
            "matplotlib.pyplot", feature="HistoryDisplay.plot", extra="plot"
        )
        known = set().union(*self.history)
        panels = {
            label: [name for name in names if name in known]
            for label, names in PANELS.items()
            if known.intersection(names)
        }
        self.figure_, axes = pyplot.subplots(
            len(panels),
            sharex=True,
            squeeze=False,
            figsize=(6.4, 1.8 * len(panels) + 0.6),
            layout="constrained",
        )
        self.axes_ = axes[:, 0]
        for panel, (label, names) in zip(self.axes_, panels.items(), strict=True):
            for name, colour in zip(names, COLOURS, strict=False):
                self._draw(panel, name, colour)
            panel.set_ylabel(label)
            panel.spines[["top", "right"]].set_visible(False)
            panel.legend(frameon=False, fontsize="small")
        self.axes_[-1].set_xlabel("epoch")
        return self

    def _draw(self, panel, name, colour):
        """A line over the epochs; with marks, where only some of them have a value."""
        epochs = np.array([epoch["epoch"] for epoch in self.history if name in epoch])
        values = [epoch[name] for epoch in self.history if name in epoch]
        is_rare = len(epochs) < len(self.history)
        label = name.removeprefix("train_").replace("_", " ")
        panel.plot(
            epochs,
            values,
            color=colour,
            marker="o" if is_rare else None,
            markersize=3,
            linewidth=1.2,
            label=label,
        )
        if name.endswith("auc"):
            panel.axhline(0.5, color="0.7", linewidth=0.8, zorder=0)
