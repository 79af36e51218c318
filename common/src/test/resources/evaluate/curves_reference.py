"""Reference figures for CurvesTest: python curves_reference.py > curves_reference.json

scikit-learn 1.x: roc_curve, precision_recall_curve, confusion_matrix, and the importances of a
regression tree, whose training rows are the rows judged. Calibration by tenths: pandas.
"""

import json
import sys

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, precision_recall_curve, roc_curve
from sklearn.tree import DecisionTreeRegressor

rng = np.random.default_rng(7)
n = 700
score = np.round(rng.beta(1, 4, n), 2)  # many ties
label = (rng.random(n) < 0.8 * score).astype(int)
number = score * 10 + rng.normal(size=n).round(3)


def tenths(score, label):
    frame = pd.DataFrame({"s": score, "y": label})
    above = np.array([(score > s).sum() for s in score])
    groups = frame.groupby(np.minimum(9, above * 10 // len(score)))
    return [[float(g.s.mean()), float(g.y.mean()), len(g)] for _, g in groups]


fpr, tpr, thresholds = roc_curve(label, score, drop_intermediate=False)
precision, recall, at = precision_recall_curve(label, score)

m = 300
x = rng.normal(size=(m, 4)).astype(np.float32).round(2)
y = 2 * x[:, 0] + np.where(x[:, 1] > 0.3, 1.5, 0) + 0.2 * x[:, 2] + rng.normal(size=m)
tree = DecisionTreeRegressor(max_depth=5, random_state=0).fit(x, y)
t = tree.tree_

json.dump(
    {
        "score": score.tolist(),
        "label": label.tolist(),
        "number": number.tolist(),
        "roc": {repr(float(s)): [float(a), float(b)] for a, b, s in zip(fpr[1:], tpr[1:], thresholds[1:])},
        "precision-recall": {repr(float(s)): [float(a), float(b)] for a, b, s in zip(recall[:-1], precision[:-1], at)},
        "calibration": tenths(score, label),
        "confusion": confusion_matrix(label, score >= 0.3).tolist(),
        "tree": {
            "x": x.astype(float).round(2).tolist(),
            "left": t.children_left.tolist(),
            "right": t.children_right.tolist(),
            "feature": t.feature.tolist(),
            "threshold": t.threshold.tolist(),
            "value": t.value[:, 0, 0].tolist(),
            "importance": tree.feature_importances_.tolist(),
        },
    },
    sys.stdout,
)
