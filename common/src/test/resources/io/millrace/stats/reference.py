"""Figures of NumPy, SciPy and xxHash that the tests of distances and chance compare with.

    pip install numpy scipy pandas xxhash
    python reference.py FOLDER_OF_PUBLIC_DATA > reference.json

The folder holds bank-marketing/bank-additional-full.csv.gz (Moro, Cortez, Rita 2014; UCI Machine
Learning Repository): its first 70% of rows are compared with the rest, which came later.
"""

import json
import sys

import numpy as np
import pandas as pd
import scipy
import xxhash
from scipy import stats
from scipy.spatial.distance import jensenshannon

rng = np.random.default_rng(20)


def psi(a, b):
    a, b = np.asarray(a), np.asarray(b)
    seen = a + b > 0
    a, b = a[seen] + 0.5, b[seen] + 0.5
    p, q = a / a.sum(), b / b.sum()
    return float(np.sum((p - q) * np.log(p / q)))


def of_counts(a, b):
    a, b = np.asarray(a), np.asarray(b)
    seen = a + b > 0
    table = np.array([a[seen], b[seen]])
    chi = stats.chi2_contingency(table, correction=False)
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    return {
        "reference": a.tolist(),
        "current": b.tolist(),
        "psi": psi(a, b),
        "js_distance": float(jensenshannon(a, b, base=2)),
        "total_variation": float(np.abs(a / a.sum() - b / b.sum()).sum() / 2),
        "chi2": float(chi.statistic),
        "chi2_p": float(chi.pvalue),
        "g": float(g.statistic),
        "g_p": float(g.pvalue),
        "degrees": int(chi.dof),
    }


def of_samples(a, b):
    ks = stats.ks_2samp(a, b, method="asymp")
    return {
        "ks": float(ks.statistic),
        "ks_p": float(ks.pvalue),
        "wasserstein": float(stats.wasserstein_distance(a, b)),
    }


def samples():
    shapes = [
        lambda n, shift: rng.normal(shift, 1, n).round(3),
        lambda n, shift: np.exp(rng.normal(shift, 2, n)).round(4),
        lambda n, shift: rng.integers(0, 8, n) + round(shift),
        lambda n, shift: rng.normal(shift, 1, n).round(0),
    ]
    found = []
    for shape in shapes:
        for n, m, shift in ((40, 40, 0), (70, 31, 0.5), (1, 5, 0), (30, 90, 2)):
            a, b = shape(n, 0), shape(m, shift)
            found.append({"a": a.tolist(), "b": b.tolist(), **of_samples(a, b)})
    return found


def counts():
    found = []
    for bins in (2, 3, 10, 40):
        weights = rng.dirichlet(np.ones(bins))
        other = rng.dirichlet(np.ones(bins))
        for share in (0, 0.02, 0.5, 1):
            for n, m in ((200, 90), (50_000, 4_000_000)):
                current = (1 - share) * weights + share * other
                found.append(of_counts(rng.multinomial(n, weights), rng.multinomial(m, current)))
    found.append(of_counts([10, 0, 5, 0], [0, 8, 6, 0]))
    return found


def chi_square():
    found = []
    for degrees in (1, 2, 3, 4, 7, 9, 10, 25, 39, 40, 41, 42, 99, 255, 1000, 4095):
        for p in (0.999, 0.9, 0.5, 0.3, 0.05, 1e-3, 1e-9, 1e-50, 1e-200):
            x = float(stats.chi2.isf(p, degrees))
            found.append({"x": x, "degrees": degrees, "p": float(stats.chi2.sf(x, degrees))})
        for x in (1e-9, 0.1, 1.0, 5.0, 30.0, 200.0, 1300.0):
            found.append({"x": x, "degrees": degrees, "p": float(stats.chi2.sf(x, degrees))})
    return [one for one in found if one["p"] > 1e-290]


def kolmogorov():
    limit = [{"z": z, "p": float(stats.kstwobign.sf(z))} for z in np.arange(0.05, 5, 0.11).round(2)]
    finite = []
    for n, m in ((40, 40), (60, 30), (150, 300), (10_000, 10_000), (10**6, 250_000)):
        size = n * m // (n + m)
        for p in (0.99, 0.7, 0.3, 0.1, 0.05, 0.01, 1e-4, 1e-8):
            d = float(stats.kstwo.isf(p, size))
            finite.append({"d": d, "n": n, "m": m, "p": float(stats.kstwo.sf(d, size))})
    return {"limit": limit, "finite": finite}


def false_discovery():
    found = []
    for p in ([0.01], [0.5, 0.01, 0.03, 0.03, 1.0], rng.beta(0.5, 2, 30).tolist(), [0.0, 0.2]):
        found.append({"p": p, "adjusted": stats.false_discovery_control(p).tolist()})
    return found


def hashes():
    def signed(n):
        return n - 2**64 if n >= 2**63 else n

    data = bytes((7 * i + 1) % 251 for i in range(120))
    longs = [0, 1, -1, 42, -(2**63), 2**63 - 1, 1234567890123]
    return {
        "prefixes": [signed(xxhash.xxh64_intdigest(data[:n])) for n in range(len(data) + 1)],
        "longs": [
            {"value": n, "hash": signed(xxhash.xxh64_intdigest(n.to_bytes(8, "little", signed=True)))}
            for n in longs
        ],
    }


def pooled(a, b):
    n, m = sum(a), sum(b)
    frequent = [(x, y) for x, y in zip(a, b) if (x + y) * min(n, m) / (n + m) >= 5]
    rare = [(x, y) for x, y in zip(a, b) if (x + y) * min(n, m) / (n + m) < 5]
    if rare:
        frequent.append((sum(x for x, _ in rare), sum(y for _, y in rare)))
    return [x for x, _ in frequent], [y for _, y in frequent]


def bank(folder):
    table = pd.read_csv(folder + "/bank-marketing/bank-additional-full.csv.gz", sep=";")
    cut = len(table) * 7 // 10
    columns = []
    for name in table.columns:
        first, last = table[name].iloc[:cut], table[name].iloc[cut:]
        if table[name].dtype.kind in "if":
            edges = np.unique(np.quantile(first, np.arange(1, 10) / 10))
            in_bins = [
                np.bincount(np.searchsorted(edges, part, side="right"), minlength=len(edges) + 1)
                for part in (first, last)
            ]
            quantiles = [
                float(np.quantile(first, q, method="inverted_cdf")) for q in (0.01, 0.25, 0.5, 0.99)
            ]
            columns.append(
                {
                    "name": name,
                    "edges": edges.tolist(),
                    "quantiles": quantiles,
                    **of_samples(first, last),
                    **of_counts(*in_bins),
                }
            )
        else:
            values = sorted(set(table[name]), key=lambda text: text.encode())
            ofs = [[int((part == value).sum()) for value in values] for part in (first, last)]
            columns.append({"name": name, "values": values, **of_counts(*pooled(*ofs))})
    return {"rows": len(table), "cut": cut, "columns": columns}


print(
    json.dumps(
        {
            "made_with": {"numpy": np.__version__, "scipy": scipy.__version__},
            "hashes": hashes(),
            "chi_square": chi_square(),
            "kolmogorov": kolmogorov(),
            "false_discovery": false_discovery(),
            "counts": counts(),
            "samples": samples(),
            "bank": bank(sys.argv[1]),
        },
        indent=1,
    )
)
