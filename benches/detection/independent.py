"""A second generator, by another hand than `qingmu synth` and sharing nothing with it: log-normal villages in numpy.

    python benches/detection/independent.py OUT [--setting region|county|seed|faint|clean] [--counties N] [--seed N]

Writes an input folder (claims, baselines, villages, persons, parcels) and truth.json. All places and persons are invented:
region codes begin with 98 and do not exist. Every village sows its land, three sources see that with lasting and yearly
errors of their own, claims follow with errors of theirs; honest villages dip, change for good, enrol late, lose or gain
rows for a year; schemes leave rows behind, and honest rows of the same look stand beside them.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

YEARS = np.arange(2017, 2023)
T = len(YEARS)
LEVELS = ["jump", "ended", "creep", "chronic"]
ROWS = ["parcel", "duplicate", "identity", "sum", "top_up"]


def noise(rng, shape, tails=False):
    return rng.standard_t(4, shape) / np.sqrt(2) if tails else rng.normal(size=shape)


class Village:
    """One village: its people, and what they claim by year."""

    def __init__(self, code, town, county):
        self.code, self.town, self.county = code, town, county
        self.scheme = self.owed = None


class County:
    def __init__(self, rng, number, towns, villages):
        self.code = f"98{1 + number // 20:02d}{1 + number % 20:02d}"
        self.rng = rng
        self.crops = [("wheat", "S", "GRAIN"), ("maize", "A", "GRAIN")]
        if rng.random() < 0.5:
            self.crops.append(("soybean", "A", "MAIZE_SOY"))
        self.rate = {"GRAIN": rng.uniform(60, 120), "MAIZE_SOY": rng.uniform(150, 350), "FERTILITY": rng.uniform(60, 90)}
        self.rate = {k: round(v, 2) for k, v in self.rate.items()}
        # Sources: bias in the county, lasting and yearly spread, share missing, part of last year's figure.
        self.sources = {
            "stat_yearbook": dict(bias=0.06, last=rng.uniform(0.04, 0.10), year=rng.uniform(0.03, 0.08), gone=0.03,
                                  lag=rng.uniform(0, 0.5), grid=5.0, tails=False),
            "remote_sensing": dict(bias=0.08, last=rng.uniform(0.04, 0.09), year=rng.uniform(0.05, 0.10), gone=0.15,
                                   lag=0.0, grid=0.01, tails=True),
            "land_survey": dict(bias=0.03, last=rng.uniform(0.03, 0.06), year=rng.uniform(0.03, 0.06), gone=0.5,
                                lag=0.0, grid=0.1, tails=False),
        }
        self.claim_shift = rng.normal(0, 0.05, T)
        self.plant_shift = np.cumsum(rng.normal(0, 0.05, T))
        self.villages = []
        for t in range(towns):
            for v in range(villages + rng.integers(-3, 4)):
                self.villages.append(Village(f"{self.code}{101 + t:03d}{201 + v:03d}", t, self))


def honest_shape(rng, v):
    """What this village's claims and planting do beside noise: (claims, planting) by year, log."""
    claims, planted = np.zeros(T), np.zeros(T)
    a, size = rng.integers(1, T), rng.exponential(0.2)
    draw = rng.random()
    if draw < 0.05:
        planted[a:] += rng.normal(0, 0.15)
    elif draw < 0.10:
        planted[rng.integers(T)] += rng.normal(0, 0.15)
    elif draw < 0.13:
        claims[:a] -= size
        v.honest = "late"
    elif draw < 0.155:
        claims[rng.integers(T)] -= size
    elif draw < 0.165:
        claims[rng.integers(T)] += min(size, 0.3)
    elif draw < 0.18:
        claims += rng.choice([-1, 1]) * min(size, 0.3)
    elif draw < 0.19:
        claims[a:] += rng.choice([-1, -1, 1]) * min(size, 0.3)
    return claims, planted


def heights(kind, rng):
    h = np.zeros(T)
    a = rng.integers(1, T)
    if kind == "jump":
        h[a:] = 1
    elif kind == "ended":
        a = rng.integers(0, T - 1)
        h[a:min(T - 1, a + rng.integers(1, 4))] = 1
    elif kind == "creep":
        a = min(a, T - 2)
        h[a:] = np.arange(1, T - a + 1) / (T - a)
    elif kind == "chronic":
        h[:] = 1
    elif kind == "ring":
        a = rng.integers(1, T - 2)
        h[a:a + rng.integers(2, 5)] = 1
    else:
        h[a:a + rng.integers(1, 4)] = 1
    return h


class Book:
    """Rows in columns."""

    def __init__(self):
        self.parts = []

    def add(self, **columns):
        n = max(len(x) for x in columns.values() if isinstance(x, (np.ndarray, list)))
        self.parts.append({k: np.asarray(x) if isinstance(x, (np.ndarray, list)) else np.full(n, x, dtype=object)
                           for k, x in columns.items()})

    def table(self):
        return {k: np.concatenate([p[k] for p in self.parts]) for k in self.parts[0]}


def people(rng, v, number):
    """Claimants of a village with areas on its grid."""
    v.n = int(np.clip(rng.lognormal(np.log(60), 0.4), 20, 220))
    v.grid = rng.choice([0.5, 0.1, 0.01], p=[0.25, 0.35, 0.4])
    v.land = np.maximum(np.round(rng.lognormal(np.log(7), 0.6, v.n) / v.grid) * v.grid, v.grid)
    v.ids = [f"{v.code[:6]}19{rng.integers(40, 99):02d}01{number + i:08d}" for i in range(v.n)]
    v.cards = [f"62{number + i:014d}" for i in range(v.n)]
    for i in np.flatnonzero(rng.random(v.n) < 0.08):
        v.cards[i] = v.cards[max(i - 1, 0)]
    v.parcels = [f"P{number + i:010d}" for i in range(v.n)]
    v.stale = rng.random(v.n) < 0.01
    return number + v.n


def season_areas(rng, v, target, base):
    """Areas per person and year whose sums follow `target` (relative to `base`), a part of the people changing each year."""
    areas = np.empty((T, v.n))
    now = base.copy()
    restless = rng.uniform(0.15, 0.9)
    for t in range(T):
        wanted = base.sum() * np.exp(target[t])
        moved = rng.random(v.n) < max(restless, 0.05)
        if t > 0 or True:
            gap = wanted - now[~moved].sum()
            if moved.any():
                own = now[moved] * np.exp(rng.normal(0, 0.05, moved.sum()))
                now = now.copy()
                now[moved] = own * np.clip(gap / own.sum(), 0.4, 2.2)
        areas[t] = np.round(now / v.grid) * v.grid
    return areas


def plant(rng, county, setting):
    """Which villages do what, and how much."""
    all_ = county.villages
    if setting == "clean":
        return
    share = 0.02
    size = (lambda: rng.uniform(0.05, 0.10)) if setting == "faint" else (lambda: float(np.clip(rng.exponential(0.25), 0.05, 0.8)))
    if setting == "seed":
        town = rng.integers(max(v.town for v in all_) + 1)
        members = rng.permutation([v for v in all_ if v.town == town])[:6]
        h = np.zeros(T)
        h[T - 4:T - 1] = 1
        for v in members:
            v.scheme, v.h, v.size, v.matched, v.ring = "ring", h, rng.uniform(0.1, 0.25), False, 0
        county.vegetable = town
        return
    count = rng.poisson(share * len(all_)) if setting != "county" else max(6, int(0.03 * len(all_)))
    pool = list(rng.permutation(all_))
    rings = 0
    while count > 0 and pool:
        kind = rng.choice(LEVELS + ROWS + ["ring"], p=[0.14, 0.10, 0.10, 0.08, 0.10, 0.10, 0.12, 0.08, 0.10, 0.08])
        if kind == "ring":
            town = rng.choice([v.town for v in pool])
            members = [v for v in pool if v.town == town][:int(rng.integers(4, 8))]
            h, each = heights("ring", rng), size()
            for v in members:
                v.scheme, v.h, v.size, v.matched, v.ring = "ring", h, each * rng.uniform(0.7, 1.3), False, rings
                pool.remove(v)
            rings += 1
            count -= len(members)
            continue
        v = pool.pop()
        v.scheme, v.h, v.size, v.ring = kind, heights(kind, rng), size(), None
        v.matched = kind in LEVELS and rng.random() < 0.25
        count -= 1


def village_claims(rng, v, county, book, truth, registers, number, setting):
    shape, planted_shape = honest_shape(rng, v) if v.scheme is None else (np.zeros(T), np.zeros(T))
    walk = np.cumsum(rng.normal(0, v.county.walk, T))
    planted = county.plant_shift + county.town_plant[v.town] + walk + planted_shape
    claims = (planted + county.claim_shift + county.town_claim[v.town] + rng.normal(0, county.claim_last)
              + rng.normal(0, county.claim_year, T) + shape)
    dead = rng.integers(0, max(2, v.n // 25))
    v.dead = set(rng.choice(v.n, dead, replace=False).tolist())
    v.true_crop, v.raise_ = {}, np.ones(T)
    veg = np.clip(rng.beta(1, 12) + (0.35 if county.vegetable == v.town else 0), 0, 0.7)
    v.veg = veg
    crop_rows = []
    for crop, season, programme in county.crops:
        share = {"wheat": 0.8, "maize": 0.7, "soybean": 0.15}[crop] * (1 - veg) * np.exp(rng.normal(0, 0.1))
        if crop == "soybean" and rng.random() < 0.3:
            continue
        base = np.maximum(np.round(v.land * share * np.exp(rng.normal(0, 0.2, v.n)) / v.grid) * v.grid, 0.0)
        if base.sum() < 20:
            continue
        target = claims + rng.normal(0, 0.015, T) - county.enrol
        v.true_crop[crop] = base.sum() * np.exp(planted)
        areas = season_areas(rng, v, target, base)
        crop_rows.append((crop, season, programme, areas))
    if not crop_rows:
        v.scheme = None
        return number
    level = v.scheme in LEVELS + ["ring"]
    invented = level and rng.random() < 0.35
    part = rng.uniform(0.15, 1.0)
    chosen = rng.random(v.n) < part if level else np.zeros(v.n, bool)
    if level and not chosen.any():
        chosen[:] = True
    for t, year in enumerate(YEARS):
        mu, yuan = 0.0, 0.0
        v.raise_[t] = 1 + v.size * v.h[t] if v.scheme and v.matched else 1.0
        for crop, season, programme, areas in crop_rows:
            rate = county.rate[programme]
            a = areas[t].copy()
            ids, cards, parcels, names = list(v.ids), list(v.cards), list(v.parcels), np.arange(v.n)
            over = np.zeros(v.n)
            if level and v.h[t] > 0:
                want = v.size * v.h[t] * a.sum()
                if invented:
                    extra = max(1, int(round(want / max(a.mean(), 1))))
                    new = np.maximum(np.round(np.full(extra, want / extra) * np.exp(rng.normal(0, 0.3, extra)) / v.grid) * v.grid, v.grid)
                    ids += [f"{v.code[:6]}19{50 + i % 40}02{int(v.code[6:]) % 100000:05d}{i:03d}" for i in range(extra)]
                    registers["persons"].update((i, None) for i in ids[v.n:])
                    cards += [f"63{v.code}{i:04d}" for i in range(extra)]
                    parcels += [""] * extra
                    a = np.concatenate([a, new])
                    over = np.zeros(len(a))
                    mu += new.sum()
                    yuan += new.sum() * rate
                else:
                    k = 1 + want / max(a[chosen].sum(), 1)
                    new = np.where(chosen, np.round(a * min(k, 3) / v.grid) * v.grid, a)
                    mu += (new - a).sum()
                    yuan += (new - a).sum() * rate
                    a = new
            if v.scheme == "top_up" and v.h[t] > 0 and crop == crop_rows[0][0]:
                start = int(np.argmax(v.h > 0))
                lucky = (np.arange(v.n) * 7919 % 100) < 45 + 50 * (v.size > 0.2)
                x = max(v.grid, round(v.size * a.sum() / lucky.sum() / v.grid) * v.grid)
                if t == start:
                    areas[t] = areas[t - 1]
                    a = areas[t].copy()
                for later in range(t + 1, T):
                    if v.h[later] > 0:
                        areas[later] = areas[t]
                new = a + np.where(lucky & (a > 0), x, 0)
                mu += (new - a).sum()
                yuan += (new - a).sum() * rate
                a = new
            if v.scheme == "sum" and v.h[t] > 0:
                some = rng.random(len(a)) < 0.4
                over[some] = np.round(a[some] * rate * min(0.8, v.size / 0.4), 2)
                yuan += over.sum()
            if v.owed is not None and v.owed[0] == (t - 1, crop):
                over += v.owed[1]
                v.owed = None
            elif v.scheme is None and v.owed is None and rng.random() < 0.01 and 0 < t < T - 1:
                v.owed = (t, crop), np.where(rng.random(len(a)) < 0.15, np.round(a * rate * 0.3, 2), 0)
                over -= v.owed[1]
            if v.scheme == "parcel" and v.h[t] > 0 and crop == crop_rows[0][0]:
                k = max(4, int(v.n * min(0.6, v.size)))
                who = np.arange(v.n)[:k]
                extra = np.maximum(np.round(v.size * a.sum() / k / v.grid) * v.grid, v.grid) * np.ones(k)
                ids += [v.ids[i] for i in who]
                cards += [v.cards[i] for i in who]
                parcels += [f"B{v.code}{i:04d}" for i in who]
                registers["parcels"].update((f"B{v.code}{i:04d}", (v.code, "facility", v.ids[i])) for i in who)
                a, over = np.concatenate([a, extra]), np.concatenate([over, np.zeros(k)])
                mu += extra.sum()
                yuan += extra.sum() * rate
            if v.scheme == "duplicate" and v.h[t] > 0 and crop == crop_rows[0][0] and v.other is not None:
                k = max(4, int(v.other.n * min(0.6, v.size)))
                extra = np.maximum(np.round(v.other.land[:k] * 0.6 * np.exp(rng.normal(0, 0.1, k)) / v.grid) * v.grid, v.grid)
                ids += v.other.ids[:k]
                cards += v.other.cards[:k]
                parcels += [""] * k
                a, over = np.concatenate([a, extra]), np.concatenate([over, np.zeros(k)])
                mu += extra.sum()
                yuan += extra.sum() * rate
            if v.scheme == "identity" and v.h[t] > 0 and crop == crop_rows[0][0]:
                k = max(4, int(v.n * min(0.6, v.size)))
                extra = np.maximum(np.round(rng.lognormal(np.log(5), 0.4, k) / v.grid) * v.grid, v.grid)
                ids += [f"{v.code[:6]}193{i % 10}03{int(v.code[6:]) % 100000:05d}{i:03d}" for i in range(k)]
                cards += [f"64{v.code}{i // 6:04d}" for i in range(k)]
                parcels += [""] * k
                a, over = np.concatenate([a, extra]), np.concatenate([over, np.zeros(k)])
                mu += extra.sum()
                yuan += extra.sum() * rate
            for i in range(v.n):
                if i in v.dead and t > 2 + i % 3:
                    a[i] = 0
            keep = a > 0
            filed = a.copy()
            amount = np.round(a * rate + over, 2)
            slip(rng, filed, keep, amount, rate, v)
            n = keep.sum()
            if n == 0:
                continue
            pick = lambda xs: np.asarray(xs, dtype=object)[keep]
            book.add(year=np.full(n, year), season=season, programme=programme, crop=crop, village_code=v.code,
                     claimant_id=pick(ids), account=pick(cards), parcel_id=pick(parcels), area_mu=filed[keep],
                     rate_yuan_per_mu=np.full(n, rate), amount_yuan=amount[keep], approver_id=f"A{v.code[:9]}{v.town % 2}")
        land = v.land
        book.add(year=np.full(v.n, year), season="Y", programme="FERTILITY", crop="arable", village_code=v.code,
                 claimant_id=np.asarray(v.ids, dtype=object), account=np.asarray(v.cards, dtype=object),
                 parcel_id=np.asarray(v.parcels, dtype=object), area_mu=land, rate_yuan_per_mu=np.full(v.n, county.rate["FERTILITY"]),
                 amount_yuan=np.round(land * county.rate["FERTILITY"], 2), approver_id=f"A{v.code[:9]}{v.town % 2}")
        if v.scheme and v.h[t] > 0 and yuan > 0:
            truth.append(dict(village_code=v.code, year=int(year), type=v.scheme, excess_mu=round(mu, 4),
                              excess_yuan=round(yuan, 2), ring=v.ring, yearbook_matched=bool(v.matched)))
    for i in range(v.n):
        if rng.random() > county.unregistered[v.town]:
            registers["persons"][v.ids[i]] = int(YEARS[min(T - 1, 2 + i % 3)]) if i in v.dead else None
        registers["parcels"][v.parcels[i]] = (v.code, "forest" if v.stale[i] else "arable", v.ids[i])
    return number


def slip(rng, filed, keep, amount, rate, v):
    """Slips of the pen on the rows of one list; what was paid stays."""
    if rng.random() < 0.002:
        filed /= 15
        np.round(filed, 2, out=filed)
        keep &= filed > 0
        return
    n = len(filed)
    for i in np.flatnonzero(rng.random(n) < 0.0003):
        filed[i] *= rng.choice([0.1, 10.0])
    for i in np.flatnonzero(rng.random(n) < 0.0003):
        digits = list(f"{filed[i]:.2f}")
        if digits[0] != digits[1] and digits[1] != ".":
            digits[0], digits[1] = digits[1], digits[0]
            filed[i] = float("".join(digits))
    filed[:] = np.round(filed, 2)
    keep &= filed > 0


def source_rows(rng, county, v, rows):
    for name, s in county.sources.items():
        lasting = rng.normal(0, s["last"]) + county.source_bias[name] + county.town_bias[name][v.town]
        if name == "remote_sensing":
            lasting += 0.3 * v.veg
        seen = rng.random(T) >= s["gone"]
        err = lasting + s["year"] * noise(rng, T, s["tails"])
        err[rng.random(T) < 0.01] += rng.normal(0, 0.3)
        for crop, true in v.true_crop.items():
            before = np.concatenate([true[:1], true[:-1]])
            carried = np.exp((1 - s["lag"]) * np.log(true) + s["lag"] * np.log(before))
            value = carried * np.exp(err + rng.normal(0, 0.02, T))
            if name == "stat_yearbook":
                value = value * v.raise_
            value = np.round(value / s["grid"]) * s["grid"]
            season = dict((c, q) for c, q, _ in county.crops)[crop]
            for t in np.flatnonzero(seen):
                if rng.random() < 0.002:
                    continue
                se = value[t] * s["year"] * 0.7 if name == "remote_sensing" else None
                zero = rng.random() < 0.001
                rows.append((v.code, int(YEARS[t]), season, crop, 0.0 if zero else float(value[t]), name, se,
                             name != "stat_yearbook"))
        for t in np.flatnonzero(seen):
            land = v.land.sum()
            rows.append((v.code, int(YEARS[t]), "Y", "vegetable", round(land * v.veg * float(np.exp(0.1 * rng.normal())), 1), name,
                         None, name != "stat_yearbook"))
    for year in YEARS:
        rows.append((v.code, int(year), "Y", "contracted", round(float(v.land.sum()), 2), "contract_register", None, True))


def decimal(values, scale):
    ints = np.round(np.asarray(values, dtype=float) * 10 ** scale).astype(np.int64)
    import decimal as d
    q = d.Decimal(1).scaleb(-scale)
    return pa.array([d.Decimal(int(i)).scaleb(-scale).quantize(q) for i in ints], pa.decimal128(18, scale))


def write(out, book, base, registers, villages, truth, options):
    out.mkdir(parents=True, exist_ok=True)
    (out / "claims").mkdir(exist_ok=True)
    c = book.table()
    for year in YEARS:
        at = np.flatnonzero(c["year"] == year)
        text = lambda k: pa.array([x or None for x in c[k][at]], pa.string())
        table = pa.table({
            "claim_id": pa.array([f"{year}-{i}" for i in range(len(at))]), "year": pa.array(c["year"][at].astype(np.int16)),
            **{k: text(k) for k in ["season", "programme", "crop", "village_code", "claimant_id", "account", "parcel_id", "approver_id"]},
            "area_mu": decimal(c["area_mu"][at], 4), "rate_yuan_per_mu": decimal(c["rate_yuan_per_mu"][at], 2),
            "amount_yuan": decimal(c["amount_yuan"][at], 2)})
        pq.write_table(table, out / "claims" / f"{year}.parquet", store_decimal_as_integer=True)
    lines = ["village_code,year,season,crop,area_mu,source,se_mu,independent"]
    lines += [f"{v},{y},{s},{c},{a:.2f},{n},{'' if se is None else f'{se:.2f}'},{str(i).lower()}" for v, y, s, c, a, n, se, i in base]
    (out / "baselines.csv").write_text("\n".join(lines) + "\n")
    lines = ["village_code,name,town_name,county_name"]
    lines += [f"{v.code},村{v.code[6:]},镇{v.code[6:9]},县{v.code[:6]}" for v in villages]
    (out / "villages.csv").write_text("\n".join(lines) + "\n")
    lines = ["claimant_id,deceased_on"] + [f"{k},{'' if d is None else f'{d}-03-01'}" for k, d in sorted(registers["persons"].items())]
    (out / "persons.csv").write_text("\n".join(lines) + "\n")
    lines = ["parcel_id,village_code,area_mu,land_class,holder_id"]
    lines += [f"{k},{v},1,{c},{h}" for k, (v, c, h) in sorted(registers["parcels"].items())]
    (out / "parcels.csv").write_text("\n".join(lines) + "\n")
    doc = dict(note_en="All invented; region codes begin with 98 and do not exist.", options=options, villages=len(villages),
               first_year=int(YEARS[0]), years=T, planted=truth)
    (out / "truth.json").write_text(json.dumps(doc, indent=1))


def main():
    ask = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ask.add_argument("out", type=Path)
    ask.add_argument("--setting", default="region", choices=["region", "county", "seed", "faint", "clean"])
    ask.add_argument("--counties", type=int, default=12)
    ask.add_argument("--seed", type=int, default=1)
    o = ask.parse_args()
    rng = np.random.default_rng([o.seed, ["region", "county", "seed", "faint", "clean"].index(o.setting)])
    single = o.setting in ("county", "seed")
    book, base, truth, number = Book(), [], [], 1
    registers, villages = {"persons": {}, "parcels": {}}, []
    for k in range(1 if single else o.counties):
        county = County(rng, k, 12, 48 if single else 14)
        towns = 12
        county.walk, county.enrol = rng.uniform(0.02, 0.08), rng.uniform(0.02, 0.25)
        county.claim_last, county.claim_year = rng.uniform(0.02, 0.06), rng.uniform(0.015, 0.04)
        county.town_plant = np.cumsum(rng.normal(0, 0.03, (towns, T)), axis=1)
        county.town_claim = rng.normal(0, 0.015, (towns, T))
        county.source_bias = {n: rng.normal(0, s["bias"]) for n, s in county.sources.items()}
        county.town_bias = {n: rng.normal(0, 0.02, towns) for n in county.sources}
        county.unregistered = rng.beta(1, 15, towns)
        county.vegetable = rng.integers(towns)
        plant(rng, county, o.setting)
        for v in county.villages:
            number = people(rng, v, number)
            v.other = None
        for v in county.villages:
            if v.scheme == "duplicate":
                v.other = county.villages[rng.integers(len(county.villages))]
                v.other = None if v.other is v else v.other
                v.scheme = v.scheme if v.other else None
        for v in county.villages:
            number = village_claims(rng, v, county, book, truth, registers, number, o.setting)
            source_rows(rng, county, v, base)
        villages += county.villages
    write(o.out, book, base, registers, villages, truth, dict(setting=o.setting, seed=o.seed, counties=o.counties))
    print(f"{o.out}: {len(villages)} villages, {len(truth)} planted village-years, {sum(len(p['year']) for p in book.parts)} claims")


if __name__ == "__main__":
    main()
