#!/usr/bin/env python3
"""Ingest against others reading the same files: rows per second and peak memory, medians of three.

    cargo run --release -p qingmu-corpus --example corpus -- FOLDER large 1000000
    python -m venv VENV && VENV/bin/pip install --only-binary :all: duckdb python-calamine
    VENV/bin/python benches/ingest.py QINGMU FOLDER

Memory is the largest of a process and of the children it waited for.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COUNT = "count(*), sum(cast(\"补贴面积（亩）\" as decimal(18,4))), sum(cast(\"补贴金额（元）\" as decimal(18,2)))"
DUCKDB = {
    "csv, sums": "select {count} from read_csv('{file}', all_varchar=true)",
    "csv, to Parquet": "copy (select * from read_csv('{file}', all_varchar=true)) to '{out}/x.parquet' (compression zstd)",
}
# DuckDB reads xlsx with an extension that it fetches from its own server; python-calamine is one wheel.
CALAMINE = """
import sys
from decimal import Decimal
from python_calamine import CalamineWorkbook
rows = CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
print(len(rows) - 1, sum(Decimal(str(r[5])) for r in rows[1:]), sum(Decimal(str(r[7])) for r in rows[1:]))
"""
SQL = "import duckdb, sys; c = duckdb.connect(); c.execute('set threads=2'); print(c.execute(sys.argv[1]).fetchall())"


def run(args: list[str]) -> tuple[float, float, int, int]:
    start = time.monotonic()
    process = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 3):
        raise SystemExit(f"{args[0]} ended with {code}: {error[-500:]}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, code


def median(name: str, rows: int, make) -> None:
    runs = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as out:
            runs.append(run(make(out)))
    wall, cpu = (statistics.median(r[n] for r in runs) for n in (0, 1))
    peak = statistics.median(r[2] for r in runs) / 1024
    print(f"| {name} | {rows:,} | {wall:.2f} | {cpu:.2f} | {rows / wall:,.0f} | {peak:,.0f} |", flush=True)


def main() -> None:
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    csv, xlsx = os.path.join(folder, "claims.csv"), os.path.join(folder, "claims.xlsx")
    villages = os.path.join(folder, "villages.csv")
    rows = {csv: sum(1 for _ in open(csv, "rb")) - 1, xlsx: 200_000}
    print("| what | rows | wall s | CPU s | rows/s | peak MiB |\n|---|---|---|---|---|---|")
    for file in (csv, xlsx):
        kind = os.path.splitext(file)[1][1:]
        median(f"qingmu inspect, {kind}", rows[file], lambda out: [program, "inspect", file, villages])
        median(
            f"qingmu ingest, {kind}",
            rows[file],
            lambda out: [program, "ingest", file, villages, "--out", f"{out}/ledger"],
        )
    for name, query in DUCKDB.items():
        text = lambda out: query.format(count=COUNT, file=csv, out=out)
        median(f"DuckDB, {name}", rows[csv], lambda out: [sys.executable, "-c", SQL, text(out)])
    median("python-calamine, xlsx, sums", rows[xlsx], lambda out: [sys.executable, "-c", CALAMINE, xlsx])


if __name__ == "__main__":
    if not shutil.which(sys.argv[1]) and not os.path.exists(sys.argv[1]):
        raise SystemExit("QINGMU FOLDER")
    main()
