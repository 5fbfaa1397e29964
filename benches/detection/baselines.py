"""The methods in use today, each as a list of village-years with a score."""
import math

import numpy as np
import pandas as pd
from pyod.models.ecod import ECOD
from pyod.models.hbos import HBOS
from pyod.models.iforest import IForest
from pyod.models.lof import LOF

from features import centred, features, log, ratio, robust_z


def p_to_q(p):
    """Benjamini-Hochberg: the least rate at which each would be called."""
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1.0)
    return q


def listed(frame, score, q=None, least=-math.inf):
    """Village-years whose score is above `least`, as `qingmu eval` reads them."""
    out = pd.DataFrame({"village_code": frame.village_code, "year": frame.year, "score": score})
    out["q_value"] = q if q is not None else np.nan
    out = out[np.isfinite(out.score) & (out.score > least)]
    return out.sort_values(["score", "village_code", "year"], ascending=[False, True, True])


def upper_q(z):
    """q of a one-sided normal test, missing ones at 1."""
    p = z.map(lambda v: 0.5 * math.erfc(v / math.sqrt(2.0)) if np.isfinite(v) else 1.0)
    return pd.Series(p_to_q(p.to_numpy()), index=z.index)


def all_methods(frame, seed):
    """Name of each method and its list."""
    growth = log(frame.area).groupby(frame.village_code).diff()
    yield "year-on-year > 20 %", listed(frame, np.expm1(growth), least=0.2)
    change = robust_z(frame, growth, "county")
    yield "year-on-year robust z", listed(frame, change, upper_q(change))
    against = log(frame.area) - log(frame.stat_yearbook_grain)
    yield "claimed / yearbook", listed(frame, np.exp(against))
    yield "claimed / planted, all sources", listed(frame, np.exp(ratio(frame)))
    in_town = robust_z(frame, ratio(frame), "town")
    yield "robust z in town", listed(frame, in_town, upper_q(in_town))
    in_county = robust_z(frame, ratio(frame), "county")
    yield "robust z in county", listed(frame, in_county, upper_q(in_county))
    made = features(frame).to_numpy()
    detectors = {
        "PyOD IForest": IForest(random_state=seed, n_jobs=1),
        "PyOD ECOD": ECOD(n_jobs=1),
        "PyOD HBOS": HBOS(),
        "PyOD LOF": LOF(n_jobs=1),
    }
    for name, detector in detectors.items():
        detector.fit(made)
        yield name, listed(frame, detector.decision_scores_)
