"""Makes the rows and reference figures of EvaluatorReferenceTest with scikit-learn 1.9.1 and SciPy.

Run in this folder: python reference.py
"""

import json
import math

import numpy as np
from scipy import stats
from sklearn import metrics as m

CLASSES = 4
Z = stats.norm.ppf(0.975)


def wilson(successes, n):
    interval = stats.binomtest(int(successes), int(n)).proportion_ci(0.95, "wilson")
    return [interval.low, interval.high]


def normal(x):
    half = Z * np.std(x, ddof=1) / math.sqrt(len(x))
    return [np.mean(x) - half, np.mean(x) + half]


def delong(y, p):
    """DeLong's interval, by the definition: all pairs."""
    pos, neg = p[y == 1], p[y == 0]
    wins = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    v10, v01 = wins.mean(axis=1), wins.mean(axis=0)
    half = Z * math.sqrt(v10.var(ddof=1) / len(pos) + v01.var(ddof=1) / len(neg))
    return [max(0, wins.mean() - half), min(1, wins.mean() + half)]


def ece(y, p):
    bins = np.minimum((p * 10).astype(int), 9)
    return sum(abs(p[bins == b].sum() - y[bins == b].sum()) for b in range(10)) / len(y)


def binary(y, p, threshold=0.4, worth=(60, -10, -100, 0.5)):
    yhat = (p >= threshold).astype(int)
    tn, fp, fn, tp = m.confusion_matrix(y, yhat, labels=[0, 1]).ravel()
    losses = np.array([m.log_loss([a], [b], labels=[0, 1]) for a, b in zip(y, p)])
    values = np.select([y * yhat == 1, (y == 0) & (yhat == 1), (y == 1) & (yhat == 0)], worth[:3], worth[3])
    out = {
        "rows": [len(y)],
        "log-loss": [m.log_loss(y, p, labels=[0, 1])] + normal(losses),
        "brier": [m.brier_score_loss(y, p, pos_label=1)] + normal((y - p) ** 2),
        "ece": [ece(y, p)],
        "accuracy": [m.accuracy_score(y, yhat)] + wilson(tp + tn, len(y)),
        "selection-rate": [yhat.mean()] + wilson(yhat.sum(), len(y)),
        "base-rate": [y.mean()] + wilson(y.sum(), len(y)),
        "value": [values.sum()],
        "value-per-row": [values.mean()] + normal(values),
    }
    if y.any():
        out["average-precision"] = [m.average_precision_score(y, p)]
        out["recall"] = [m.recall_score(y, yhat)] + wilson(tp, tp + fn)
        out["false-negative-rate"] = [fn / (tp + fn)] + wilson(fn, tp + fn)
    if yhat.any():
        out["precision"] = [m.precision_score(y, yhat)] + wilson(tp, tp + fp)
    if y.any() or yhat.any():
        out["f1"] = [m.f1_score(y, yhat)]
    if not y.all():
        out["false-positive-rate"] = [fp / (fp + tn)] + wilson(fp, fp + tn)
        out["true-negative-rate"] = [tn / (fp + tn)] + wilson(tn, fp + tn)
    if y.any() and not y.all():
        out["auc"] = [m.roc_auc_score(y, p)] + delong(y, p)
    return out


def multi_class(y, p):
    k = range(CLASSES)
    yhat = p.argmax(axis=1)
    losses = np.array([m.log_loss([a], [b], labels=list(k)) for a, b in zip(y, p)])
    out = {
        "rows": [len(y)],
        "accuracy": [m.accuracy_score(y, yhat)] + wilson((y == yhat).sum(), len(y)),
        "macro-f1": [m.f1_score(y, yhat, average="macro")],
        "weighted-f1": [m.f1_score(y, yhat, average="weighted")],
        "log-loss": [m.log_loss(y, p, labels=list(k))] + normal(losses),
    }
    weights, areas = [], []
    for c in k:
        hits, labelled, predicted = ((y == c) & (yhat == c)).sum(), (y == c).sum(), (yhat == c).sum()
        if predicted:
            out[f"precision:c{c}"] = [hits / predicted] + wilson(hits, predicted)
        if labelled:
            out[f"recall:c{c}"] = [hits / labelled] + wilson(hits, labelled)
            areas.append(m.roc_auc_score(y == c, p[:, c]))
            weights.append(labelled)
            out[f"auc:c{c}"] = [areas[-1]] + delong((y == c).astype(int), p[:, c])
        if labelled or predicted:
            out[f"f1:c{c}"] = [m.f1_score(y == c, yhat == c)]
    if len(areas) == CLASSES:
        out["macro-auc"] = [m.roc_auc_score(y, p, multi_class="ovr", average="macro")]
        out["weighted-auc"] = [m.roc_auc_score(y, p, multi_class="ovr", average="weighted")]
    else:
        out["weighted-auc"] = [np.average(areas, weights=weights)]
    return out


def regression(y, p, quantile=0.9):
    mse = normal((y - p) ** 2)
    pinball = np.where(y >= p, quantile * (y - p), (1 - quantile) * (p - y))
    out = {
        "rows": [len(y)],
        "rmse": [m.root_mean_squared_error(y, p), math.sqrt(max(0, mse[0])), math.sqrt(mse[1])],
        "mae": [m.mean_absolute_error(y, p)] + normal(abs(y - p)),
        "wape": [abs(y - p).sum() / abs(y).sum()],
        "mean-error": [np.mean(p - y)] + normal(p - y),
        "pinball": [m.mean_pinball_loss(y, p, alpha=quantile)] + normal(pinball),
        "coverage": [np.mean(y <= p)] + wilson((y <= p).sum(), len(y)),
    }
    if y.var() > 0:
        out["r2"] = [m.r2_score(y, p)]
    return out


def slices(rng, n):
    return rng.choice(["north", "south", "east", "west"], n), rng.choice(["", "7", "-1"], n)


def write(name, header, columns):
    with open(name, "w", newline="") as f:
        f.write(header + "\n")
        for row in zip(*columns):
            f.write(",".join(repr(float(x)) if isinstance(x, float) else str(x) for x in row) + "\n")


def by_slice(f, y, p, region, code):
    out = {"|": f(y, p)}
    for name, values in (("region", region), ("code", code)):
        for v in np.unique(values):
            out[f"{name}|{v if v else '(null)'}"] = f(y[values == v], p[values == v])
    return out


def main():
    rng = np.random.default_rng(7)
    reference = {}

    n = 1500
    region, code = slices(rng, n)
    x = rng.normal(size=n)
    y = (x + rng.normal(size=n) > 0.8).astype(int)
    p = 1 / (1 + np.exp(-2 * x + 1))
    p = np.where(rng.random(n) < 0.5, np.round(p, 2), p)  # ties
    y[region == "west"] = 0  # one class only
    p[:2], y[:2], region[:2] = [0.0, 1.0], [1, 0], "east"  # clipped
    write("binary.csv", "label,score,region,code", (y.astype(float), p, region, code))
    reference["binary"] = by_slice(binary, y, p, region, code)

    n = 700
    region, code = slices(rng, n)
    logits = np.round(rng.normal(size=(n, CLASSES)), 1)  # ties
    y = (logits + rng.gumbel(size=(n, CLASSES))).argmax(axis=1)
    y[(region == "west") & (y == 3)] = 2  # a class that is missing
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    columns = (y.astype(float), *p.T, region, code)
    write("multi-class.csv", "label,p0,p1,p2,p3,region,code", columns)
    reference["multi-class"] = by_slice(multi_class, y, p, region, code)

    n = 800
    region, code = slices(rng, n)
    x = rng.normal(size=n)
    y = 1000 + 5 * x + rng.normal(size=n)
    p = 1001 + 5 * x
    y[region == "west"] = 1000.0  # constant
    write("regression.csv", "label,score,region,code", (y, p, region, code))
    reference["regression"] = by_slice(regression, y, p, region, code)

    with open("reference.json", "w") as f:
        json.dump(reference, f, indent=1, sort_keys=True, default=float)
        f.write("\n")


main()
