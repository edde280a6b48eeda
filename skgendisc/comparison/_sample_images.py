"""Images of rows: which of them to show, and all of them in one."""

import numpy as np
from sklearn.utils import check_array

IMAGES_PER_LINE = 10


def as_images(X, shape):
    """Images of this shape, one for each row."""
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] != 3):
        raise ValueError(
            f"image_shape must be height and width, and 3 for colours: got {shape}."
        )
    values = np.asarray(X)
    values = check_array(values.reshape(len(values), -1), dtype=np.float64)
    if values.shape[1] != np.prod(shape):
        raise ValueError(
            f"image_shape must have as many pixels as X has columns: got {shape} for "
            f"{values.shape[1]} columns."
        )
    return values.reshape(-1, *shape)


def choose_images(labels, tables, n_images, rng):
    """Rows to show of either table, at random: so many of each class, or in lines."""
    chosen = []
    for y, table in zip(labels, tables, strict=True):
        if y is None:
            n_shown = min(IMAGES_PER_LINE * n_images, len(table))
            chosen.append(rng.choice(len(table), n_shown, replace=False))
            continue
        rows = [np.flatnonzero(y == label) for label in np.unique(y)]
        chosen.append(
            np.concatenate(
                [rng.choice(r, min(n_images, len(r)), replace=False) for r in rows]
            )
        )
    return chosen


def tile(images, image_shape, places, size):
    """Images in one, with a line of NaN between them.

    Parameters
    ----------
    images : ndarray of shape (n_images, *image_shape)
    image_shape : tuple of int
    places : list of (int, int)
        Line and column of each image.
    size : (int, int)
        How many lines and columns there are.

    Returns
    -------
    grid : ndarray of shape (height, width) or (height, width, 3)
    """
    height, width, *colours = image_shape
    n_lines, n_columns = size
    shape = n_lines * (height + 1) - 1, n_columns * (width + 1) - 1, *colours
    grid = np.full(shape, np.nan)
    for (i, j), image in zip(places, images, strict=True):
        top, left = i * (height + 1), j * (width + 1)
        grid[top : top + height, left : left + width] = image
    return grid


def place_images(n_images, y, classes):
    """Line and column of each image: a column for each class, or lines of ten."""
    if y is None:
        return [divmod(number, IMAGES_PER_LINE) for number in range(n_images)]
    return [(y[:k].count(label), classes.index(label)) for k, label in enumerate(y)]
