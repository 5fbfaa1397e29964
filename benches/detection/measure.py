"""The measures of the table at the head of the study's amendments, for lists that the `assess` example or a scan wrote.

    python benches/detection/measure.py LIST TRUTH [LIST TRUTH ...]

One line per pair, then the mean: AP, recall and yuan at 2 % of the villages inspected, false share at q <= .05 / .1 / .2 by
`q_value` and by `ring_q`, leads, coverage of the 90 % interval, median error, and recall at 2 % by scheme.
"""
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np


def load(list_, truth):
    doc = json.loads(Path(truth).read_text())
    planted = defaultdict(lambda: [0.0, 0.0, set(), None])
    for c in doc["planted"]:
        p = planted[(c["village_code"], int(c["year"]))]
        p[0] += float(c["excess_mu"])
        p[1] += float(c["excess_yuan"])
        p[2].add(c["type"])
        p[3] = c.get("ring") if c.get("ring") is not None else p[3]
    path = Path(list_)
    path = path / "leads.csv" if path.is_dir() else path
    best = {}
    for r in csv.DictReader(path.open(encoding="utf-8-sig")):
        k = (r["village_code"], int(r["year"]))
        if k not in best or float(r["score"]) > float(best[k]["score"]):
            best[k] = r
    return doc["villages"], planted, sorted(best.items(), key=lambda e: (-float(e[1]["score"]), e[0]))


def measure(list_, truth):
    villages, planted, listed = load(list_, truth)
    out, hits, ap = {}, 0, 0.0
    for i, (k, _) in enumerate(listed):
        if k in planted:
            hits += 1
            ap += hits / (i + 1)
    out["planted"], out["AP"] = len(planted), ap / len(planted) if planted else float("nan")
    visits, order = int(np.ceil(0.02 * villages)), []
    for (v, _), _ in listed:
        if v not in order:
            order.append(v)
        if len(order) >= visits:
            break
    seen = set(order[:visits])
    total = sum(p[1] for p in planted.values())
    if planted:
        out["recall2"] = sum(v in seen for v, _ in planted) / len(planted)
        out["yuan2"] = sum(p[1] for (v, _), p in planted.items() if v in seen) / total
    for name, prefix in [("q_value", ""), ("ring_q", "r")]:
        for q in (0.05, 0.1, 0.2):
            called = [k for k, r in listed if r.get(name) and float(r[name]) <= q]
            out[f"{prefix}n{q}"] = len(called)
            out[f"{prefix}F{q}"] = sum(k not in planted for k in called) / max(1, len(called))
    cover, error = [], []
    for k, r in listed:
        if k in planted and float(r["score"]) >= 50 and r["excess_yuan"]:
            true = planted[k][1]
            cover.append(float(r["excess_yuan_lo"]) <= true <= float(r["excess_yuan_hi"]))
            error.append(abs(float(r["excess_yuan"]) - true) / true)
    if cover:
        out["cover"], out["error"], out["n50"] = np.mean(cover), np.median(error), len(cover)
    kinds = defaultdict(list)
    for (v, _), p in planted.items():
        for kind in p[2]:
            kinds[kind].append(v in seen)
    return out, kinds


def main():
    pairs = list(zip(sys.argv[1::2], sys.argv[2::2]))
    rows, kinds = [], defaultdict(list)
    for list_, truth in pairs:
        row, of = measure(list_, truth)
        rows.append(row)
        for k, v in of.items():
            kinds[k] += v
    keys = list(dict.fromkeys(k for r in rows for k in r))
    show = lambda name, r: print(f"{name:24.24}", " ".join(f"{k} {r[k]:.3g}" for k in keys if k in r))
    for (list_, _), row in zip(pairs, rows):
        show(list_[-24:], row)
    if len(rows) > 1:
        show("mean", {k: float(np.mean([r[k] for r in rows if k in r])) for k in keys})
    print("recall at 2 %:", " ".join(f"{k} {np.mean(v):.2f}/{len(v)}" for k, v in sorted(kinds.items())))


if __name__ == "__main__":
    main()
