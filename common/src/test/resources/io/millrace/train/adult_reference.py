"""Reference figures on UCI Adult: XGBoost and scikit-learn in Python, published test file.

Usage: python adult_reference.py FOLDER_OF_ADULT > adult_reference.json
"""

import json
import sys

import numpy as np
import pandas as pd
import sklearn
import xgboost
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
CATEGORIES = ["workclass", "education", "marital-status", "occupation", "relationship", "race",
              "sex", "native-country"]
NAMES = ["age", "workclass", "fnlwgt", "education", "education-num", "marital-status",
         "occupation", "relationship", "race", "sex", "capital-gain", "capital-loss",
         "hours-per-week", "native-country", "income"]


def read(folder, name):
    rows = pd.read_csv(f"{folder}/{name}", names=NAMES, skipinitialspace=True, na_values="?")
    label = rows["income"].str.startswith(">50K").astype(int)
    return rows, label


def figures(label, p):
    return {"auc": roc_auc_score(label, p), "log-loss": log_loss(label, p), "mean": float(p.mean())}


def boosted(train, y, test, y_test):
    def typed(rows):
        frame = rows[NUMBERS + CATEGORIES].copy()
        for c in CATEGORIES:
            levels = train[c].value_counts().index
            frame[c] = pd.Categorical(frame[c], categories=levels)
        return frame

    model = xgboost.XGBClassifier(
        n_estimators=400, max_depth=4, learning_rate=0.05, tree_method="hist", max_bin=256,
        enable_categorical=True, max_cat_to_onehot=4, max_cat_threshold=64, n_jobs=1,
        base_score=float(y.mean()))
    model.fit(typed(train), y)
    return figures(y_test, model.predict_proba(typed(test))[:, 1])


def logistic(train, y, test, y_test, weights):
    encode = make_column_transformer(
        (StandardScaler(), NUMBERS), (OneHotEncoder(handle_unknown="ignore"), CATEGORIES))
    weight = np.where(y == 1, weights[1], weights[0])
    fit = LogisticRegression(C=1 / (1e-4 * weight.sum()), max_iter=5000, tol=1e-8)
    model = make_pipeline(encode, fit)
    model.fit(train, y, logisticregression__sample_weight=weight)
    return figures(y_test, model.predict_proba(test)[:, 1])


def main(folder):
    train, y = read(folder, "adult-train.csv")
    test, y_test = read(folder, "adult-test.csv")
    print(json.dumps({
        "scikit-learn": sklearn.__version__,
        "xgboost-version": xgboost.__version__,
        "xgboost": boosted(train, y, test, y_test),
        "logistic": logistic(train, y, test, y_test, (1, 1)),
        "logistic-weighted": logistic(train, y, test, y_test, (1, 3)),
    }, indent=2))


main(sys.argv[1])
