import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

torch = pytest.importorskip("torch")

from skgendisc.neural import (  # noqa: E402
    ConvDecoder,
    ConvDiscriminator,
    ConvEncoder,
    ConvGenerator,
    GANSampler,
    LabelEmbedding,
    PixelLikelihood,
    RowLayout,
    VAESampler,
)

SHAPES = [(1, 8, 8), (1, 28, 28), (3, 9, 12)]
SAMPLERS = [VAESampler, GANSampler]


def modules(image_shape):
    """One of each, with what it is given and the shape it should make of four rows."""
    n_pixels = int(np.prod(image_shape))
    images, noise = torch.randn(4, n_pixels), torch.randn(4, 5)
    return [
        (ConvEncoder(image_shape, n_classes=2, n_outputs=6), images, (4, 6)),
        (ConvDecoder(image_shape, n_inputs=5, n_classes=2), noise, (4, n_pixels)),
        (ConvGenerator(image_shape, n_inputs=5, n_classes=2), noise, (4, n_pixels)),
        (ConvDiscriminator(image_shape, n_classes=2), images, (4,)),
    ]


@pytest.fixture(scope="module")
def two_digits():
    X, y = load_digits(n_class=2, return_X_y=True)
    return X, np.array(["zero", "one"])[y]


@pytest.mark.parametrize("image_shape", SHAPES, ids=str)
def test_modules_take_images_of_any_shape(image_shape):
    y = torch.tensor([0, 1, 1, 0])
    for module, given, shape in modules(image_shape):
        assert module(given, y).shape == shape, type(module).__name__


def test_modules_know_the_class():
    zeros, ones = torch.zeros(4, dtype=int), torch.ones(4, dtype=int)
    for module, given, _ in modules((1, 8, 8)):
        assert not torch.allclose(module(given, zeros), module(given, ones))


def test_modules_take_more_classes():
    y = torch.tensor([0, 1, 1, 0])
    for module, given, _ in modules((1, 8, 8)):
        assert isinstance(module.label, LabelEmbedding)
        before = module(given, y)
        module.label = module.label.widened([0, 2], 3)
        torch.testing.assert_close(module(given, 2 * y), before)


def test_generated_pixels_are_within_their_range():
    generator = ConvGenerator((3, 9, 12), n_inputs=5, n_classes=2)
    assert generator(100 * torch.randn(4, 5), torch.ones(4, dtype=int)).abs().max() <= 1


def test_a_packed_discriminator_judges_images_together():
    torch.manual_seed(0)
    discriminator = ConvDiscriminator(
        (3, 9, 12), n_classes=2, pack=2, minibatch_discrimination=(4, 3)
    )
    images, y = torch.randn(6, 324), torch.tensor([0, 0, 0, 1, 1, 1])
    scores = discriminator(discriminator.see(images), y)
    assert scores.shape == (3,)
    # Row 0 is judged with row 3: to change that changes the first score.
    images[3] += 1.0
    assert not torch.isclose(discriminator(discriminator.see(images), y)[0], scores[0])


def test_pixel_probabilities_add_up_to_one():
    likelihood = PixelLikelihood(RowLayout([0])).double()
    mean = torch.tensor([[0.3]], dtype=torch.float64)
    inside = torch.linspace(-1, 1, 20_003, dtype=torch.float64)[1:-1, None]
    with torch.no_grad():
        density = likelihood(mean.expand(len(inside), 1), inside).exp()
        ends = likelihood(mean.expand(2, 1), torch.tensor([[-1.0], [1.0]])).exp()
    within = density.mean() * 2.0
    assert float(within + ends.sum()) == pytest.approx(1.0, abs=1e-3)


def test_pixels_are_drawn_as_often_as_they_are_likely():
    likelihood = PixelLikelihood(RowLayout([0]))
    mean = torch.full((40_000, 1), -0.8)
    with torch.no_grad():
        pixels = likelihood.draw(mean, torch.Generator().manual_seed(0))
        black = likelihood(mean[:1], torch.tensor([[-1.0]])).exp()
    # Four standard errors.
    assert float((pixels == -1).float().mean()) == pytest.approx(float(black), abs=0.01)
    assert pixels.max() <= 1


@pytest.mark.parametrize("kind", SAMPLERS)
def test_drawn_digits_are_of_their_class(kind, two_digits):
    X, y = two_digits
    sampler = kind(image_shape=(8, 8), max_epochs=20, random_state=0).fit(X, y)
    X_new, y_new = sampler.sample(200)
    assert X_new.min() >= X.min()
    assert X_new.max() <= X.max()
    assert LogisticRegression(max_iter=1000).fit(X, y).score(X_new, y_new) > 0.9


@pytest.mark.parametrize("kind", SAMPLERS)
def test_images_of_a_new_class_can_be_added(kind, two_digits):
    X, y = two_digits
    sampler = kind(image_shape=(8, 8), max_epochs=1, random_state=0).fit(X, y)
    sampler.fine_tune(16 - X, np.full(len(X), "inverse"), max_epochs=1)
    assert list(sampler.classes_) == ["inverse", "one", "zero"]
    assert sampler.sample_conditional(["inverse", "one"]).shape == (2, 64)


def test_rows_are_likelier_as_their_own_digit(two_digits):
    X, y = two_digits
    vae = VAESampler(image_shape=(8, 8), max_epochs=20, random_state=0).fit(X, y)
    assert vae.score(X[:40], y[:40]) > 0.9
