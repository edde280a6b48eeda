"""The README leads where it says, and its commands stand where CI finds them."""

import re
from pathlib import Path

import pytest
import studies

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LINKS = re.findall(r"\]\(([^)#]+)|^\[\w+\]: (\S+)", README, re.MULTILINE)


@pytest.mark.parametrize("link", sorted({a or b for a, b in LINKS if "://" not in a}))
def test_links_lead_to_files(link):
    assert (ROOT / link).is_file(), link


@pytest.mark.parametrize(
    "ending",
    ["skgendisc compare", "python -m pytest -n auto --dist worksteal", "_build"],
)
def test_each_command_stands_on_a_line_of_its_own(ending):
    lines = [line for line in README.splitlines() if line.endswith(ending)]
    assert len(lines) == 1, lines
    assert lines[0].startswith("    python -m pip install -c constraints.txt ")


def gains(arm, digits):
    """Least and largest gain of log loss over the classifiers, as prose has them."""
    found = studies.rows("small_data", rows=studies.all_sizes(), arm=arm)
    gained = sorted(-float(row["log_loss"]) for row in found)
    return f"by {gained[0]:.{digits}f} to {gained[-1]:.{digits}f}"


def sure(arm):
    return studies.sure("small_data", "log_loss", arm, rows=studies.all_sizes())


def stacked():
    """Gains of log loss of stacked hybrids where a class is rare, and the unsure."""
    found = studies.rows("imbalance_summary", arm="hybrid, stack")
    gained = sorted(-float(row["log_loss"]) for row in found)
    unsure = [row["classifier"] for row in found if float(row["log_loss_high"]) > 0]
    sure_but = f"of {' and '.join(unsure)} not beyond chance"
    return f"by {gained[0]:.3f} to {gained[-1]:.3f}, {sure_but}"


def told_apart(method):
    return studies.figure("fidelity", "c2st_hgb", 2, table="adult", method=method)


def on_tables(column, ridge=""):
    """On how many tables naive Bayes and logistic regression came out so, by error."""
    pair = {
        "generative": "naive Bayes",
        "discriminative": f"logistic regression{ridge}",
    }
    return studies.figure("ng_jordan_summary", column, 0, **pair, metric="error")


ALONE = ", C=10000"
FIVE_FOR_EACH = [f"{name} x 5" for name in ("naive Bayes", "LDA", "copula", "trees")]


@pytest.mark.parametrize(
    "figure",
    [
        gains("hybrid, stack", 2),
        f"{gains('augmented', 3)}, {sure('augmented')} beyond chance",
        f"took no rows in {studies.share_of_none()} % of fits",
        f"worsened {studies.worsened(*FIVE_FOR_EACH)} pairs",
        f"bettered the mean log loss of all three {stacked()}",
        f"of adult with an AUC of {told_apart('TreeSampler')}",
        f"those of CTGAN and TVAE {told_apart('ctgan')}",
        f"On {on_tables('tables')} tables, 200 splits each",
        f"with 20 rows on {on_tables('20_generative')}, logistic regression on "
        f"{on_tables('20_discriminative')},",
        f"with all rows on {on_tables('all_generative')} and on "
        f"{on_tables('all_discriminative')}, and on {on_tables('GD')} just these two",
        f"it is {on_tables('20_generative', ALONE)} and "
        f"{on_tables('20_discriminative', ALONE)} with 20 rows, "
        f"{on_tables('all_generative', ALONE)} and "
        f"{on_tables('all_discriminative', ALONE)} with all, and "
        f"{on_tables('GD', ALONE)} show them",
    ],
)
def test_figures_are_those_of_the_saved_studies(figure):
    assert figure in " ".join(README.split())


@pytest.mark.parametrize("arm", ["SMOTE", "LDA", "copula", "trees"])
def test_balancing_raised_no_average_precision_and_all_log_losses(arm):
    said = "raised the average precision of none of three classifiers in the mean"
    assert f"by SMOTE or by our samplers {said}" in " ".join(README.split())
    found = studies.rows("imbalance_summary", arm=arm)
    assert len(found) == 3
    assert all(float(row["average_precision"]) <= 0 for row in found)
    assert all(float(row["log_loss"]) > 0 for row in found)
