"""Every method on the same provinces, measured by the same command:

    python benches/detection/scoreboard.py --qingmu target/release/qingmu --work DIR [--settings NAME ...] [--seeds N]

Writes DIR/scoreboard.csv and DIR/scoreboard.md. A province is made by `qingmu synth`, scanned by `qingmu scan`, and every
list, qingmu's own among them, is measured by `qingmu eval`. Needs what requirements.txt lists.
"""
import argparse
import json
import subprocess
import time
from pathlib import Path

import pandas as pd

import baselines
import features

LARGE = ["--counties", "50"]
SMALL = ["--counties", "3"]
SETTINGS = {
    "classic +10 %": ["--setting", "classic", "--excess", "0.10", *LARGE],
    "classic +15 %": ["--setting", "classic", "--excess", "0.15", *LARGE],
    "classic +20 %": ["--setting", "classic", "--excess", "0.20", *LARGE],
    "classic +30 %": ["--setting", "classic", "--excess", "0.30", *LARGE],
    "classic +50 %": ["--setting", "classic", "--excess", "0.50", *LARGE],
    "large region": [*LARGE, "--fraud-share", "0.02"],
    "wide": ["--setting", "wide", "--counties", "20", "--fraud-share", "0.04"],
    "county": ["--counties", "1", "--villages", "48"],
    "seed county": ["--setting", "ring", "--counties", "1", "--villages", "48"],
    "seed county +8 %": ["--setting", "ring", "--counties", "1", "--villages", "48", "--excess", "0.08"],
    "faint": ["--setting", "faint", *LARGE, "--fraud-share", "0.02"],
    "clean": ["--clean", *LARGE],
    "clean small": ["--clean", *SMALL],
    "small": [*SMALL, "--fraud-share", "0.05"],
}


def run(binary, *args):
    """Runs the command and returns its JSON document; what it says on failure is passed on."""
    done = subprocess.run([binary, *args, "--json", "--lang", "en"], capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"qingmu {' '.join(args)} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
    return json.loads(done.stdout)


def measure(binary, leads, truth):
    """The measures of one list as a flat row."""
    found = run(binary, "eval", str(leads), "--truth", str(truth))
    row = {"planted": found["planted"], "listed": found["listed"], "AP": found["average_precision"]}
    if found["precision"]:
        row["P@k"] = found["precision"][-1]["precision"]
    for at in found["inspected"]:
        share = f"{at['share'] * 100:.0f} %"
        row[f"recall at {share}"] = at["recall"]
        row[f"yuan at {share}"] = at["yuan_recall"]
    for prefix, list_name in [("", "discoveries"), ("ring ", "ring_discoveries")]:
        for at in found[list_name]:
            row[f"{prefix}leads q<={at['q']}"] = at["leads"]
            row[f"{prefix}false share q<={at['q']}"] = at["proportion"]
            row[f"{prefix}recall q<={at['q']}"] = at["recall"]
    for name in ["excess_mu", "excess_yuan"]:
        if found[name]:
            row[f"{name} coverage"] = found[name]["coverage"]
            row[f"{name} error"] = found[name]["median_error"]
    for of in found["by_type"]:
        row[f"{of['type']} at 2 %"] = of["recall_2"]
    return row


def one(binary, work, setting, seed, with_baselines, keep):
    """All rows of one province."""
    folder = work / f"{setting.replace(' ', '-').replace('%', 'pct')}-{seed}"
    data, results = folder / "data", folder / "results"
    run(binary, "synth", "--province", "--seed", str(seed), "--out", str(data), "--force", *SETTINGS[setting])
    start = time.monotonic()
    run(binary, "scan", str(data), "--out", str(results), "--force")
    seconds = time.monotonic() - start
    rows = [{"method": "qingmu", **measure(binary, results, data / "truth.json"), "seconds": seconds}]
    if with_baselines:
        start = time.monotonic()
        frame = features.table(data)
        for method, leads in baselines.all_methods(frame, seed):
            path = folder / "baseline.csv"
            leads.to_csv(path, index=False)
            seconds = time.monotonic() - start
            rows.append({"method": method, **measure(binary, path, data / "truth.json"), "seconds": seconds})
            start = time.monotonic()
    if not keep:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        folder.rmdir()
    return [{"setting": setting, "seed": seed, **row} for row in rows]


# Figure, how far a run may fall behind it, and which way is better.
FROZEN = [("/average_precision", 0.03, "up"), ("/inspected/0/recall", 0.04, "up"), ("/inspected/1/recall", 0.04, "up"),
          ("/inspected/1/yuan_recall", 0.05, "up"), ("/discoveries/0/recall", 0.04, "up"),
          ("/ring_discoveries/0/proportion", 0.10, "down")]


def freeze(binary, work, path):
    """Writes the figures that tests/scoreboard.rs holds the command to: province 101 of the small setting."""
    data, results = work / "frozen" / "data", work / "frozen" / "results"
    run(binary, "synth", "--province", "--seed", "101", "--out", str(data), "--force", *SETTINGS["small"])
    run(binary, "scan", str(data), "--out", str(results), "--force")
    found = run(binary, "eval", str(results), "--truth", str(data / "truth.json"))
    lines = ["figure,value,slack,better"]
    for pointer, slack, better in FROZEN:
        value = found
        for key in pointer.strip("/").split("/"):
            value = value[int(key)] if isinstance(value, list) else value[key]
        lines.append(f"{pointer},{value:.4f},{slack:.2f},{better}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def markdown(rows):
    """Means over seeds, one table for each setting."""
    frame = pd.DataFrame(rows)
    shown = ["planted", "AP", "P@k", "recall at 1 %", "recall at 2 %", "yuan at 2 %", "leads q<=0.05",
             "false share q<=0.05", "false share q<=0.1", "false share q<=0.2", "excess_yuan coverage", "excess_yuan error", "seconds"]
    shown = [name for name in shown if name in frame]
    page = []
    for setting in frame.setting.unique():
        own = frame[frame.setting == setting]
        page += [f"## {setting} ({own.seed.nunique()} seeds)", "", "| method | " + " | ".join(shown) + " |",
                 "|---" * (len(shown) + 1) + "|"]
        for method in own.method.unique():
            means = own[own.method == method][shown].mean()
            cells = ["" if pd.isna(v) else f"{v:.0f}" if n in ("planted", "seconds") else f"{v:.2f}" for n, v in means.items()]
            page.append(f"| {method} | " + " | ".join(cells) + " |")
        page.append("")
    return "\n".join(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qingmu", required=True, help="the qingmu command")
    parser.add_argument("--work", required=True, type=Path, help="folder for provinces and results")
    parser.add_argument("--settings", nargs="*", default=[s for s in SETTINGS if s != "clean small"])
    parser.add_argument("--seeds", type=int, default=2, help="provinces of each setting")
    parser.add_argument("--first-seed", type=int, default=101)
    parser.add_argument("--only-qingmu", action="store_true", help="leave the other methods out")
    parser.add_argument("--keep", action="store_true", help="keep the provinces")
    parser.add_argument("--freeze", type=Path, help="write the figures of the small setting for the test, nothing else")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    if args.freeze:
        return freeze(args.qingmu, args.work, args.freeze)
    rows = []
    for setting in args.settings:
        for seed in range(args.first_seed, args.first_seed + args.seeds):
            rows += one(args.qingmu, args.work, setting, seed, not args.only_qingmu, args.keep)
            pd.DataFrame(rows).to_csv(args.work / "scoreboard.csv", index=False)
            (args.work / "scoreboard.md").write_text(markdown(rows), encoding="utf-8")
    print(markdown(rows))


if __name__ == "__main__":
    main()
