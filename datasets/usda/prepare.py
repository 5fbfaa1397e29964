#!/usr/bin/env python3
"""Real payments of two US area programmes, brought into qingmu's input tables.

    python3 prepare.py OUT [SOURCE]

SOURCE (default: $QINGMU_REFERENCE_DATA/usda, else ../../../shared/data/usda from here) holds
payments_2014_2018.csv, county_base_acres.csv, arcco_rates_2014_2018.csv, plc_payment_rates.csv.
OUT receives claims.csv, baselines.csv, villages.csv, a copy of qingmu.toml, and not_joined.csv: what the
register names and no payment does. Standard library only.

A payment row names money, not area. The programmes pay on 85 % of registered base acres, less the
year's sequestration, so a row implies

    base acres = amount / (rate x 0.85 x (1 - sequestration))

with rate = the county's ARC-CO payment rate (by yield type), or the national PLC rate times the
county's average PLC yield of that crop. Every payment row becomes one claim row. Where no rate is
known, or it is 0, the area cannot be known: the cell stays empty and the scan quarantines the row.
"""
import csv
import os
import re
import shutil
import sys
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

YEARS = range(2014, 2019)
SEQUESTRATION = {2014: "0.068", 2015: "0.069", 2016: "0.066", 2017: "0.062", 2018: "0.059"}
# our crop: names in payments | ARC-CO rates | PLC rates | base register ("crop" or "crop/type")
CROPS = {
    "maize": ("CORN", "corn", "corn", "corn"),
    "wheat": ("WHEAT", "wheat", "wheat", "wheat"),
    "soybean": ("SOYBEANS", "soybeans", "soybeans", "soybeans"),
    "sorghum": ("SORGHUM", "grain sorghum", "grain sorghum", "sorghum"),
    "oats": ("OATS", "oats", "oats", "oats"),
    "barley": ("BARLEY", "barley", "barley", "barley"),
    "peanut": ("PEANUTS", "peanuts", "peanuts", "peanuts"),
    "sunflower": ("SUNFLR", "sunflower", "sunflower", "sunflowers"),
    "canola": ("CANOLA", "canola", "canola", "canola"),
    "flaxseed": ("FLAXSEED", "flaxseed", "flaxseed", "flax"),
    "mustard": ("MUSTARD", "mustard", "mustard", "mustard"),
    "safflower": ("SAFFLWR", "safflower", "safflower", "safflower"),
    "sesame": ("SESAME", "sesame", "sesame", "sesame"),
    "rapeseed": ("RAPESEED", "rapeseed", "rapeseed", "rapeseed"),
    "crambe": ("CRAMBE", "crambe", "crambe", "crambe"),
    "lentil": ("LENTILS", "lentils", "lentils", "lentils"),
    "dry_pea": ("PEASDRY PEAS-DRY", "dry peas", "dry peas", "peas"),
    "chickpea_large": ("CKPEASLG CKPEAS-LG", "chickpeas_large", "chickpeas large", "beans/large"),
    "chickpea_small": ("CKPEASSM CKPEAS-SM", "chickpeas_small", "chickpeas small", "beans/small"),
    "rice_long": ("RICELG RICE-LG", "rice_long grain", "rice long grain", "rice/long grain"),
    # Medium, short and temperate japonica grain are one code in the payments. California's is japonica.
    "rice_medium": ("RICEMG", "rice_med/short grain|rice_temperate japonica",
                    "rice short/medium grain|rice /2 short/medium grain",
                    "rice/short/medium grain|rice/temperate japonica"),
    "seed_cotton": ("SEED COTTON", "cotton", "cotton seed", "cotton-/seed"),
    # Not a crop: base acres of former cotton land, paid for whatever covered crop stands there.
    "generic": ("", "", "", "generic"),
}
CODES = {code: ours for ours, names in CROPS.items() for code in re.findall(r"SEED COTTON|\S+", names[0])}
RESPELT = {"SPAULDING": "SPALDING", "OGLALALAKOTA": "SHANNON"}  # misspelt; renamed in 2015


def plain(name):
    """County name without case, blanks, `Saint` and `City`: `St. Clair` = `ST CLAIR`."""
    word = re.sub(r"[^A-Z]", "", re.sub(r"^SAINT ", "ST ", name.upper()).removesuffix(" CITY"))
    return RESPELT.get(word, word)


def rows(folder, name):
    with open(folder / name, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def aliases(column):
    return {alias: ours for ours, names in CROPS.items() for alias in names[column].split("|") if alias}


def base_register(source, fips_of):
    """(fips, year, crop) -> acres, and (fips, crop) -> average PLC yield.

    The register is published for 2014, 2015 and from 2021 on: 2015 stands for 2016 and 2017 too. In 2018
    generic base was turned into seed cotton and other base, so for 2018 the larger of 2015 and 2021 counts.
    """
    names, published, yields, lost = aliases(3), defaultdict(Decimal), {}, Counter()
    for row in rows(source, "county_base_acres.csv"):
        label = row["crop"] + ("/" + row["crop_type"] if row["crop_type"] else "")
        crop, year = names.get(label), int(row["program_year"])
        if year > 2021:
            continue
        fips = row["fips"] or fips_of.get((plain(row["state"]), plain(row["county"])))
        if not crop or not fips:
            lost["no payment crop", label, ""] += not crop
            lost["no payment county", row["state"].upper(), row["county"].upper()] += bool(crop)
            continue
        published[fips, year, crop] += Decimal(row["base_acres"] or 0)
        if row["avg_plc_yield"]:
            yields[fips, crop] = Decimal(row["avg_plc_yield"])
    acres = {}
    for (fips, year, crop), value in published.items():
        for target in {2014: [2014], 2015: [2015, 2016, 2017, 2018], 2021: [2018]}[year]:
            acres[fips, target, crop] = max(acres.get((fips, target, crop), value), value)
    return acres, yields, lost


def rates(source):
    """ARC-CO: (year, fips, crop, yield type) -> USD per acre; PLC: (year, crop) -> USD per unit."""
    names, arc = aliases(1), {}
    for row in rows(source, "arcco_rates_2014_2018.csv"):
        key = int(row["program_year"]), row["fips"], names.get(row["crop"]), row["yield_type"]
        if row["payment_rate"] and not (row["crop"].endswith("japonica") and key in arc):
            arc[key] = Decimal(row["payment_rate"])
    names, plc = aliases(2), {}
    for row in rows(source, "plc_payment_rates.csv"):
        label = " ".join([row["crop"].strip(), row["crop_type"].strip()]).strip()
        year = int(float(row["program_year"])) if row["program_year"] else 0
        if year in YEARS and row["plc_payment_rate"]:
            value = Decimal(row["plc_payment_rate"]).quantize(Decimal("0.000001"))
            plc[year, names.get(label, label)] = value
    return arc, plc


def payment_rate(row, crop, arc, plc, yields):
    """USD per base acre before the 85 % and sequestration, or None with the reason."""
    year, fips = int(row["year"]), row["fips"]
    if row["program"] == "ARC-CO":
        rate = arc.get((year, fips, crop, row["yield_type"]))
        return (rate, "") if rate else (None, "no ARC-CO rate" if rate is None else "ARC-CO rate is 0")
    name = "rice temperate japonica" if crop == "rice_medium" and fips.startswith("06") else crop
    rate, crop_yield = plc.get((year, name)), yields.get((fips, crop))
    if not rate:
        return None, "no PLC rate" if rate is None else "PLC rate is 0"
    return (rate * crop_yield, "") if crop_yield else (None, "no PLC yield")


def main(out, source):
    out.mkdir(parents=True, exist_ok=True)
    payments = list(rows(source, "payments_2014_2018.csv"))
    counties = {row["fips"]: (row["county"], row["state"]) for row in payments}
    fips_of = {(plain(state), plain(county)): fips for fips, (county, state) in counties.items()}
    acres, yields, lost = base_register(source, fips_of)
    arc, plc = rates(source)
    unknown, money, total = Counter(), Counter(), Decimal(0)

    def write(name, header, lines):
        with open(out / name, "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(header)
            table.writerows(lines)

    claims = []
    for row in payments:
        year, amount, crop = int(row["year"]), Decimal(row["amount"]), CODES[row["crop"]]
        rate, why = payment_rate(row, crop, arc, plc, yields)
        area = ""
        if rate:
            area = amount / (rate * Decimal("0.85") * (1 - Decimal(SEQUESTRATION[year])))
            area = area.quantize(Decimal("0.0001"), ROUND_HALF_UP)
        else:
            unknown[why] += 1
            money[why] += amount
        total += amount
        kind = [row["program"], row["crop"].replace(" ", ""), row["yield_type"] or "All", row["base_kind"]]
        claim_id = "/".join([str(year), row["fips"], *kind])
        paid_on = "generic" if row["base_kind"] == "GENERIC" else crop
        claims.append([claim_id, year, row["program"], paid_on, row["fips"],
                       "county-" + row["fips"], area, amount.quantize(Decimal("0.01"))])
    claims.sort()
    write("claims.csv", ["claim_id", "year", "programme", "crop", "village_code", "claimant_id",
                         "area_mu", "amount_yuan"], claims)
    write("baselines.csv", ["village_code", "year", "crop", "area_mu", "source", "independent"],
          [[fips, year, crop, value, "contract_register", "true"]
           for (fips, year, crop), value in sorted(acres.items()) if fips in counties])
    write("villages.csv", ["village_code", "name", "town_name", "county_name"],
          [[fips, county, state, state] for fips, (county, state) in sorted(counties.items())])
    shutil.copyfile(Path(__file__).with_name("qingmu.toml"), out / "qingmu.toml")
    print(f"{len(claims)} payments, {total:,.2f} USD, {len(counties)} counties")
    for why, count in sorted(unknown.items()):
        print(f"area unknown, {why}: {count} rows, {money[why]:,.2f} USD")
    lost += Counter()  # drops the zeros
    write("not_joined.csv", ["reason", "state_or_crop", "county", "base_rows"],
          [[*key, count] for key, count in sorted(lost.items())])
    print(f"{sum(lost.values())} base rows without a payment crop or county: not_joined.csv")
    cells = {(claim[4], claim[1], claim[3]) for claim in claims}
    print(f"{len(cells - set(acres))} of {len(cells)} county-year-crops without base acres")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    DEFAULT = os.environ.get("QINGMU_REFERENCE_DATA", Path(__file__).parents[3] / "shared/data")
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path(DEFAULT) / "usda")
