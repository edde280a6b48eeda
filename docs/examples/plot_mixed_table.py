"""
A mixed table with gaps comes back as it went in
================================================

Numbers, whole numbers, categories, truth values, gaps: a sampler for mixed tables
takes the frame as it is, and draws rows of the same columns and dtypes. What columns
have to do with each other comes along, gaps included.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from skgendisc.trees import TreeSampler

rng = np.random.default_rng(0)
n_people = 3000
age = rng.integers(18, 90, n_people)
works = (age < 66) & (rng.random(n_people) < 0.8)
income = np.where(works, rng.lognormal(10.3, 0.4, n_people), 14_000).round(-2)
income[rng.random(n_people) < np.where(age < 30, 0.4, 0.05)] = np.nan
town = np.where(
    age < 40,
    rng.choice(["Leeds", "York"], n_people, p=[0.7, 0.3]),
    rng.choice(["Leeds", "York", "Whitby"], n_people, p=[0.2, 0.4, 0.4]),
)
people = pd.DataFrame(
    {
        "age": age,
        "works": works,
        "income": income,
        "town": pd.Categorical(town),
    }
)
people.head()

# %%
# The young often do not tell their income, those who do not work all have the same,
# and nobody below forty lives in Whitby. There is nothing to encode, and no gap to
# fill.

drawn, _ = TreeSampler(random_state=0).fit(people).sample(n_people)
print((drawn.dtypes == people.dtypes).all())
drawn.head()

# %%
# Real rows beside drawn ones: where gaps are, who lives where, and what people earn.

tables = {"real": people, "drawn": drawn}
colours = {"real": "#0072B2", "drawn": "#D55E00"}
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
decades = np.arange(20, 90, 10)
for place, (name, table) in enumerate(tables.items()):
    colour = colours[name]
    by_decade = table.groupby(table["age"] // 10 * 10)
    gaps = by_decade["income"].apply(lambda values: values.isna().mean())
    left.plot(gaps.index, gaps, "os"[place], color=colour, label=name)
    in_whitby = by_decade["town"].apply(lambda towns: (towns == "Whitby").mean())
    middle.plot(in_whitby.index, in_whitby, "os"[place], color=colour)
    right.hist(
        table["income"].dropna(),
        bins=np.arange(0, 80_000, 2000),
        histtype="step",
        linewidth=1.5,
        color=colour,
    )
left.set(xlabel="age, by decade", ylabel="share of incomes not told", ylim=(0, 0.5))
middle.set(xlabel="age, by decade", ylabel="share living in Whitby", ylim=(0, 0.6))
right.set(xlabel="income", ylabel="people", yscale="log")
left.legend()
plt.show()

# %%
# Gaps, towns and the spike of equal incomes are where they were. Only the counts of a
# decade differ by chance, as they would in another draw of real people.
