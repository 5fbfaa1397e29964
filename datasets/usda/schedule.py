#!/usr/bin/env python3
"""The official schedule against its own arithmetic: what does not fit, and by how much.

    python3 schedule.py [SOURCE]

SOURCE as for prepare.py. Of every ARC-CO row: guarantee = 86 % of the benchmark revenue, most = 10 % of it, the
formula's rate = guarantee - actual revenue (never below 0), the rate paid = the smaller of formula and most; actual
revenue = yield x price. Of every PLC row: rate = effective reference price - the larger of price and loan rate.
Tolerances are a cent, and for products half of the last digit shown of each factor. Standard library only.
"""
import csv
import sys
from collections import Counter
from pathlib import Path

CENT = 0.0101


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def arc(path):
    kinds, shown = Counter(), {}
    rows = 0
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows += 1
            names = ["benchmark_revenue", "guarantee_revenue", "actual_yield", "national_price", "actual_revenue",
                     "formula_payment_rate", "maximum_payment_rate", "payment_rate"]
            values = [number(row[name]) for name in names]
            if any(value is None for value in values):
                kinds["a value is missing"] += 1
                continue
            bench, guarantee, crop_yield, price, revenue, formula, most, paid = values
            slack = 0.5 * 10 ** -len(row["actual_yield"].partition(".")[2] or "") * price
            slack += 0.5 * 10 ** -len(row["national_price"].partition(".")[2] or "") * crop_yield + CENT
            tests = {
                "guarantee is not 86 % of the benchmark": abs(guarantee - 0.86 * bench) > CENT,
                "most is not 10 % of the benchmark": abs(most - 0.10 * bench) > CENT,
                "formula is not guarantee - revenue": abs(formula - max(guarantee - revenue, 0)) > CENT,
                "paid is not the smaller of formula and most": abs(paid - min(formula, most)) > CENT,
                "revenue is not yield x price": abs(revenue - crop_yield * price) > slack,
            }
            for kind, wrong in tests.items():
                if wrong:
                    kinds[kind] += 1
                    shown.setdefault(kind, []).append(row)
    return rows, kinds, shown


def plc(path):
    kinds, shown = Counter(), {}
    rows = 0
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            reference = number(row["effective_reference_price"]) or number(row["statutory_reference_price"])
            price, loan, paid = (number(row[n]) for n in ("plc_price", "current_national_loan_rate", "plc_payment_rate"))
            mya = number(row["current_mya_price"])
            rows += 1
            if None in (reference, price, loan, paid):
                kinds["a value is missing"] += 1
                continue
            tests = {"rate is not reference - price": abs(paid - max(reference - price, 0)) > 0.00011}
            if mya is not None:
                tests["price is not the larger of market price and loan rate"] = abs(price - max(mya, loan)) > 0.00011
            for kind, wrong in tests.items():
                if wrong:
                    kinds[kind] += 1
                    shown.setdefault(kind, []).append(row)
    return rows, kinds, shown


def tell(name, found, columns):
    rows, kinds, shown = found
    print(f"{name}: {rows} rows")
    for kind, count in sorted(kinds.items()):
        print(f"  {count:6} {kind}")
        for row in shown.get(kind, [])[:3]:
            print("         " + " ".join(f"{c}={row[c]}" for c in columns))


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "../../../shared/data/usda"
    tell("ARC-CO", arc(source / "arcco_rates_2014_2018.csv"),
         ["program_year", "fips", "crop", "yield_type", "benchmark_revenue", "guarantee_revenue", "actual_yield",
          "national_price", "actual_revenue", "formula_payment_rate", "maximum_payment_rate", "payment_rate"])
    tell("PLC", plc(source / "plc_payment_rates.csv"),
         ["crop", "program_year", "effective_reference_price", "current_mya_price", "current_national_loan_rate",
          "plc_price", "plc_payment_rate"])
