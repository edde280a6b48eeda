"""Samplers around nets, as a user has them."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from imblearn.pipeline import make_pipeline
from sklearn.base import clone, is_classifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.preprocessing import StandardScaler
from torch import nn

from skgendisc.compose import RefinedSampler
from skgendisc.neural import (
    GANNet,
    GANSampler,
    HistoryDisplay,
    RowDecoder,
    VAENet,
    VAESampler,
)

SMALL = {"latent_dim": 2, "hidden_units": (8,), "max_epochs": 6, "batch_size": 50}
BOTH = [VAESampler(**SMALL, random_state=0), GANSampler(**SMALL, random_state=0)]
both = pytest.mark.parametrize("sampler", BOTH, ids=["vae", "gan"])


@pytest.fixture(scope="module")
def blobs():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [200, 50])
    return rng.normal(size=(250, 3)) + 2 * y[:, None], y


@pytest.fixture(scope="module")
def people():
    """Words, gaps, a date, a truth value, whole numbers, and something constant."""
    rng = np.random.default_rng(0)
    age = rng.integers(18, 70, size=400)
    return pd.DataFrame(
        {
            "age": age,
            "town": pd.Categorical(rng.choice(["Bonn", "Ulm", "Kiel"], 400)),
            "job": np.where(rng.random(400) < 0.1, None, rng.choice(["a", "b"], 400)),
            "wage": np.where(rng.random(400) < 0.2, np.nan, age * 100.0),
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta(age, unit="D"),
            "member": age > 40,
            "unit": 1.0,
        }
    ), age > 50


def test_a_net_is_shown_by_its_parameters_and_still_checks_their_names():
    net = clone(VAENet(module__bias=True, optimizer__eps=1e-7, optimizer__fused=False))
    assert net.get_params()["optimizer__eps"] == 1e-7
    assert not [name for name in net.get_params() if name.startswith("_")]
    with pytest.raises(ValueError, match="modul__bias"):
        clone(VAENet(modul__bias=True)).fit(np.ones((9, 1), np.float32))


@both
def test_at_most_eighteen_parameters(sampler):
    assert len(sampler.get_params(deep=False)) <= 18


@both
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_mixed_tables_with_gaps_come_back_as_they_are(sampler, people, library):
    X, y = people
    if library == "polars":
        X = pl.from_pandas(X)
    sampler = clone(sampler).fit(X, y)
    X_new, y_new = sampler.sample(300)
    assert list(X_new.columns) == list(X.columns)
    assert list(X_new.dtypes) == list(X.dtypes)
    assert y_new.dtype == bool
    drawn = X_new if library == "pandas" else X_new.to_pandas()
    assert 0.02 < drawn["wage"].isna().mean() < 0.5
    assert set(drawn["town"]) <= {"Bonn", "Ulm", "Kiel"}
    assert drawn["age"].between(18, 69).all()
    assert (drawn["unit"] == 1.0).all()


@both
def test_without_labels_there_is_one_class(sampler, people):
    X_new, y_new = clone(sampler).fit(people[0]).sample(10)
    assert y_new is None
    assert len(X_new) == 10


@both
def test_a_net_wins_and_nothing_may_stand_beside_it(sampler, blobs):
    net = VAENet(**SMALL) if isinstance(sampler, VAESampler) else GANNet(**SMALL)
    with_net = type(sampler)(net, random_state=0)
    np.testing.assert_array_equal(
        with_net.fit(*blobs).sample(9)[0], clone(sampler).fit(*blobs).sample(9)[0]
    )
    assert net.initialized_ is False  # a clone of it was trained
    beside = type(sampler)(net, lr=0.5, latent_dim=3)
    with pytest.raises(ValueError, match=r"latent_dim, lr set beside.*net__latent_dim"):
        beside.fit(*blobs)


def test_nested_parameters_reach_the_net(blobs):
    grid = GridSearchCV(
        VAESampler(VAENet(**SMALL), random_state=0),
        {
            "net__kl_weight": [0.2, 1.0],
            "net__optimizer__betas": [(0.9, 0.999), (0.5, 0.9)],
            "net__module__activation": [nn.Tanh],
        },
        cv=2,
    ).fit(*blobs)
    assert isinstance(grid.best_estimator_.net_.module_.rest[0], nn.Tanh)
    gan = GANSampler(GANNet(**SMALL, optimizer_discriminator__betas=(0.5, 0.9)))
    gan.fit(*blobs)
    assert gan.net_.optimizer_.param_groups[0]["betas"] == (0.0, 0.99)
    assert gan.net_.optimizer_discriminator_.param_groups[0]["betas"] == (0.5, 0.9)


@pytest.mark.parametrize("loss", ["relativistic", "wasserstein", "standard"])
@pytest.mark.parametrize("numbers", ["cells", "normal"])
@pytest.mark.parametrize(
    "remedy",
    [
        {},
        {"pack": 3},
        {"minibatch_discrimination": (4, 3)},
        {"n_critic": 3},
        {"label_matching": 0.5},
    ],
    ids=lambda remedy: next(iter(remedy), "plain"),
)
def test_all_ways_to_play_train_and_draw(loss, numbers, remedy, blobs):
    net = GANNet(**SMALL, loss=loss, numbers=numbers, **remedy)
    gan = GANSampler(net, random_state=0).fit(*blobs)
    assert np.isfinite(gan.sample(20)[0]).all()
    penalty = gan.history_[-1]["train_penalty"]
    assert penalty > 0 or loss == "standard"


def test_label_matching_moves_from_one_weight_to_another():
    net = GANNet(label_matching=(0.5, 0.1))
    net.progress_ = 0.25
    assert net._matching_weight == pytest.approx(0.4)
    assert net.set_params(label_matching=0.3)._matching_weight == 0.3


def test_label_matching_draws_rows_that_are_clearly_of_their_class():
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=900)
    X = rng.normal(size=(900, 2)) + 2.0 * np.eye(3)[y][:, :2]
    right = []
    for weight in (0.0, 3.0):
        net = GANNet(batch_size=300, max_epochs=100, label_matching=weight)
        X_new, y_new = GANSampler(net, random_state=0).fit(X, y).sample(3000)
        right.append(LogisticRegression().fit(X, y).score(X_new, y_new))
    assert right[1] > right[0] + 0.03


def test_a_rare_category_comes_back_as_often_and_with_what_depends_on_it():
    rng = np.random.default_rng(0)
    kind = rng.permutation(np.repeat([0, 1, 2], [2400, 1580, 20]))  # half a percent
    marks = rng.random((4000, 4)) < np.where(kind == 2, 0.9, 0.1)[:, None]
    X = np.column_stack([kind, marks, rng.normal(size=4000) - (kind == 1)])
    net = GANNet(
        hidden_units=(64, 64), batch_size=200, max_epochs=60, category_balance=1.0
    )
    gan = GANSampler(net, categorical_features=range(5), random_state=0).fit(X)
    drawn = gan.sample(40_000)[0]
    rare = drawn[:, 0] == 2
    assert rare.mean() == pytest.approx(0.005, abs=0.0025)
    assert drawn[rare, 1:5].mean() > 0.6
    assert drawn[~rare, 1:5].mean() == pytest.approx(0.1, abs=0.03)


def test_categories_are_told_with_packs_and_new_classes_too(blobs):
    X, y = blobs
    X = np.column_stack([X, np.arange(250) % 3])
    net = GANNet(**SMALL, category_balance=0.5, label_matching=0.5, pack=2)
    gan = GANSampler(net, categorical_features=[3], random_state=0).fit(X, y)
    few = X[X[:, 3] < 1]
    gan.fine_tune(few, np.full(len(few), 7), freeze=1, max_epochs=2)
    assert (gan.sample(50)[0][:, 3] == 0).all()
    assert len(np.unique(gan.sample_conditional(np.zeros(50, int))[:, 3])) == 3


def test_few_rows_suffice_whatever_the_batch_and_the_pack():
    X = np.arange(10.0).reshape(5, 2)
    for settings in ({"pack": 8}, {"batch_size": 1, "pack": 4}, {"n_critic": 50}):
        gan = GANSampler(GANNet(**SMALL | settings), random_state=0).fit(X)
        assert gan.sample(3)[0].shape == (3, 2)
    for sampler in BOTH:
        assert clone(sampler).set_params(batch_size="auto").fit(X[:1]).sample(2)


def test_more_steps_for_few_rows_and_never_none(blobs):
    for sampler in (VAESampler(hidden_units=(4,)), GANSampler(hidden_units=(4,))):
        sampler.set_params(max_epochs="auto", random_state=0).fit(*blobs)
        history = sampler.history_
        assert sum(entry["train_batch_count"] for entry in history) >= 1500


def test_gan_has_no_density_and_vae_is_a_classifier(blobs):
    gan, vae = clone(BOTH[1]).fit(*blobs), clone(BOTH[0]).fit(*blobs)
    assert not is_classifier(gan)
    assert not hasattr(gan, "predict")
    assert is_classifier(vae)
    assert vae.score(*blobs) > 0.5


def test_rows_are_drawn_from_the_likelihood_not_its_mean(blobs):
    net = VAENet(**SMALL | {"max_epochs": 60, "lr": 1e-2}, numbers="normal")
    vae = VAESampler(net, random_state=0).fit(*blobs)
    z = np.zeros((2000, 2))
    drawn = vae.decode(z, np.zeros(2000, dtype=int))
    assert (drawn.std(axis=0) > 0.1).all()
    np.testing.assert_allclose(
        vae.sample(4000)[0].std(axis=0), blobs[0].std(axis=0), rtol=0.15
    )


def test_encoding_tells_rows_apart_and_decoding_draws_like_them(blobs):
    vae = VAESampler(VAENet(**SMALL | {"max_epochs": 60, "lr": 1e-2}), random_state=0)
    X, y = blobs
    vae.fit(X, y)
    z = vae.encode(X, y)
    assert z.shape == (250, 2)
    again = vae.decode(z, y)
    assert np.corrcoef(again[:, 0], X[:, 0])[0, 1] > 0.3


def test_score_of_a_value_that_was_never_seen_is_finite(people):
    X, y = people
    vae = VAESampler(**SMALL, random_state=0).fit(X, y)
    new = X.head(3).copy()
    new["town"] = pd.Categorical(["Rome", "Bonn", "Ulm"])
    new.loc[1, "age"] = 150
    assert np.isfinite(vae.score_samples(new)).all()
    with pytest.raises(ValueError, match=r"not seen in fit.*'town'"):
        vae.partial_fit(new, y[:3])


@both
def test_partial_fit_goes_on_by_one_pass(sampler, blobs):
    X, y = blobs
    once = clone(sampler).partial_fit(X, y, classes=[0, 1, 2])
    assert len(once.history_) == 1
    once.partial_fit(X[:100], y[:100])
    assert len(once.history_) == 2
    np.testing.assert_allclose(once.class_prior_, [300 / 350, 50 / 350, 0])
    assert once.sample_conditional([2, 2]).shape == (2, 3)
    with pytest.raises(ValueError, match="differs from the classes"):
        once.partial_fit(X, y, classes=[0, 1])


@both
def test_warm_start_goes_on_where_fit_ended(sampler, blobs):
    warm = clone(sampler).set_params(warm_start=True).fit(*blobs).fit(*blobs)
    assert len(warm.history_) == 12
    cold = clone(sampler).fit(*blobs).fit(*blobs)
    assert len(cold.history_) == 6


@both
def test_fine_tuning_moves_to_another_table_and_its_classes(sampler, blobs):
    X, y = blobs
    tuned = clone(sampler).set_params(max_epochs=60, hidden_units=(32, 32)).fit(X, y)
    before = tuned.net_.snapshot()
    frozen = f"{tuned.net_._sees_rows}/embedding"
    shifted = X[y == 0] - 1.5
    tuned.fine_tune(shifted, np.full(200, 7), freeze=1, lr=5e-3, max_epochs=100)
    after = tuned.net_.snapshot()
    assert list(tuned.classes_) == [0, 1, 7]
    np.testing.assert_array_equal(tuned.class_prior_, [0, 0, 1])
    kept = [key for key in before if key.startswith(frozen) and "own" in key]
    assert kept
    assert all(torch.equal(before[key], after[key]) for key in kept)
    seeing = getattr(tuned.net_, f"{tuned.net_._sees_rows}_")
    held = [weight for weight in seeing.parameters() if not weight.requires_grad]
    assert held
    assert all(weight.grad is None for weight in held)
    assert not torch.equal(before["module/bias"], after["module/bias"])
    drawn = tuned.sample(2000)[0]
    assert np.abs(drawn.mean(axis=0) - shifted.mean(axis=0)).max() < 0.4
    assert tuned.sample_conditional([0, 1]).shape == (2, 3)


def test_new_classes_need_modules_that_can_take_them(blobs):
    class Plain(nn.Module):
        def __init__(self, layout, n_inputs):
            super().__init__()
            self.linear = nn.Linear(n_inputs, layout.n_outputs)

        def forward(self, z, y):
            return self.linear(z)

    vae = VAESampler(VAENet(Plain, **SMALL), random_state=0).fit(*blobs)
    with pytest.raises(ValueError, match="LabelEmbedding named label, which Plain"):
        vae.fine_tune(blobs[0], blobs[1] + 5)
    vae.fine_tune(*blobs, max_epochs=2)
    gan = GANSampler(GANNet(Plain, **SMALL, category_balance=0.5))
    with pytest.raises(ValueError, match=r"category_balance needs .* which Plain"):
        gan.set_params(categorical_features=[0]).fit(np.round(blobs[0]))


def test_a_module_of_ones_own_is_trained_in_a_copy(blobs):
    made = RowDecoder(VAESampler(**SMALL).fit(*blobs).net_.layout_, 2, 2, (4,))
    before = made.bias.detach().clone()
    vae = VAESampler(VAENet(made, **SMALL), random_state=0).fit(*blobs)
    assert vae.net_.module_ is not made
    assert torch.equal(made.bias, before)


@both
def test_in_a_pipeline_and_a_grid_search_as_smote(sampler, blobs):
    pipeline = make_pipeline(StandardScaler(), clone(sampler), LogisticRegression())
    name = type(sampler).__name__.lower()
    grid = GridSearchCV(
        pipeline, {f"{name}__latent_dim": [1, 2]}, cv=2, scoring="balanced_accuracy"
    ).fit(*blobs)
    assert grid.best_score_ > 0.8
    scores = cross_validate(pipeline, *blobs, cv=2, scoring="balanced_accuracy")
    assert scores["test_score"].min() > 0.8


def test_a_discriminator_may_refine_a_vae(blobs):
    X, y = np.tile(blobs[0], (3, 1)), np.tile(blobs[1], 3)
    refined = RefinedSampler(VAESampler(**SMALL), random_state=0).fit(X, y)
    assert refined.sample(20)[0].shape == (20, 3)


def test_a_device_that_is_not_there_is_named(blobs):
    device = "mps" if torch.cuda.is_available() else "cuda"
    with pytest.raises(ValueError, match=f"device='{device}' is not there"):
        VAESampler(**SMALL, device=device).fit(*blobs)
    assert VAESampler(**SMALL, device="auto").fit(*blobs).sample(2)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@both
def test_on_a_gpu_the_same_is_learned(sampler, blobs):
    on_gpu = clone(sampler).set_params(device="cuda", max_epochs=100).fit(*blobs)
    drawn = on_gpu.sample_conditional(np.zeros(2000, dtype=int))
    real = blobs[0][blobs[1] == 0]
    assert np.abs(drawn.mean(axis=0) - real.mean(axis=0)).max() < 0.5


def test_without_torch_one_sentence_says_what_to_install():
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(name, path=None, target=None):\n"
        "        if name == 'torch':\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Missing)\n"
        "import skgendisc.joint, skgendisc.trees, skgendisc.cli\n"
        "try:\n    import skgendisc.neural\n"
        "except ImportError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == (
        "skgendisc.neural needs torch, which is not installed: "
        "python -m pip install 'skgendisc[neural]'"
    )


def test_history_is_drawn_with_all_that_was_watched(blobs):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    X, y = np.tile(blobs[0], (2, 1)), np.tile(blobs[1], 2)
    gan = GANSampler(GANNet(**SMALL), early_stopping=True, random_state=0).fit(X, y)
    display = HistoryDisplay.from_sampler(gan)
    assert [axes.get_ylabel().split()[0] for axes in display.axes_] == [
        "loss",
        "penalty",
        "AUC",
        "coverage",
    ]
    assert len(display.axes_[0].lines[0].get_xdata()) == 6
    vae = VAESampler(**SMALL, random_state=0).fit(*blobs)
    assert len(HistoryDisplay.from_sampler(vae).axes_) == 2
    matplotlib.pyplot.close("all")
