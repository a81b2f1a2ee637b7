"""Estimates survival with other people's program: questions as JSON on stdin, answers on stdout.

A question is {"days", "came"}: how long each waited, and whether what it waited for came. The
answer is lifelines' Kaplan-Meier estimate with its 95 % band, day by day, and the median.
"""

import json
import math
import sys

import lifelines


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


def answer(asked):
    fitter = lifelines.KaplanMeierFitter(alpha=0.05)
    fitter.fit(asked["days"], event_observed=asked["came"])
    survival = fitter.survival_function_.iloc[:, 0]
    band = fitter.confidence_interval_
    seen = set(asked["days"])
    points = [
        {
            "days": float(day),
            "at_risk": float(row["at_risk"]),
            "came": float(row["observed"]),
            "censored": float(row["censored"]),
            "survival": number(survival.loc[day]),
            "lower": number(band.iloc[:, 0].loc[day]),
            "upper": number(band.iloc[:, 1].loc[day]),
        }
        for day, row in fitter.event_table.iterrows()
        if day in seen
    ]
    return {"points": points, "median": number(fitter.median_survival_time_)}


json.dump([answer(asked) for asked in json.load(sys.stdin)], sys.stdout)
