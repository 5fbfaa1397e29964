"""What a careful analyst would compute for every village-year before handing it to a generic outlier detector.

One row per village and year. Logarithms of ratios are centred on the median of the county and year, so that a drought, a
re-survey or a source's bias in the whole county is not held against a village. Nothing here looks at a truth.
"""
import duckdb
import numpy as np
import pandas as pd

SOURCES = ["stat_yearbook", "remote_sensing", "land_survey"]

QUERY = """
with filed as (
    select village_code, year, programme, crop, claimant_id, account, parcel_id,
           coalesce(area_mu::double, amount_yuan::double / nullif(rate_yuan_per_mu::double, 0)) area,
           amount_yuan::double amount, rate_yuan_per_mu::double rate
    from read_parquet('{folder}/claims/*.parquet')),
grown as (select * from filed where programme <> 'FERTILITY'),
people as (select village_code, year, claimant_id, any_value(account) account, sum(area) area
           from filed group by all),
elsewhere as (select claimant_id, year from grown group by all having count(distinct village_code) > 1),
cards as (select village_code, year, account, count(*) n from people group by all),
planted as (select village_code, year, sum(area) area, count(distinct claimant_id) claimants from grown group by all),
land as (select village_code, year, sum(area) area from filed where programme = 'FERTILITY' group by all),
paid as (select village_code, year, sum(amount) / nullif(sum(area * rate), 0) - 1 over_rate, count(*) n from filed group by all),
strange as (
    select p.village_code, p.year,
           avg((r.claimant_id is null or r.deceased_on < make_date(p.year, 1, 1))::int) unknown,
           avg((c.n > 2)::int) shared, avg((e.claimant_id is not null)::int) twice
    from people p
    left join read_parquet('{folder}/persons.parquet') r using (claimant_id)
    left join cards c using (village_code, year, account)
    left join elsewhere e on e.claimant_id = p.claimant_id and e.year = p.year
    group by all),
barren as (
    select f.village_code, f.year, avg((q.land_class <> 'arable')::int) barren
    from filed f join read_parquet('{folder}/parcels.parquet') q using (parcel_id) group by all)
select planted.*, land.area contracted, over_rate, unknown, shared, twice, barren
from planted left join land using (village_code, year) left join paid using (village_code, year)
left join strange using (village_code, year) left join barren using (village_code, year)
order by village_code, year
"""

BASELINES = """
select village_code, year, source,
       sum(area_mu::double) filter (crop not in ('vegetable', 'orchard', 'arable', 'contracted')) grain,
       sum(area_mu::double) filter (crop = 'vegetable') vegetable
from read_parquet('{folder}/baselines.parquet') group by all
"""


def table(folder):
    """Claims of a folder by village and year, beside its sources."""
    db = duckdb.connect()
    frame = db.execute(QUERY.format(folder=folder)).df()
    base = db.execute(BASELINES.format(folder=folder)).df()
    for source in SOURCES:
        own = base[base.source == source].set_index(["village_code", "year"])
        for name in ["grain", "vegetable"]:
            values = own[name].rename(f"{source}_{name}")
            frame = frame.join(values.where(values > 0), on=["village_code", "year"])
    frame["county"] = frame.village_code.str[:6]
    frame["town"] = frame.village_code.str[:9]
    return frame.sort_values(["village_code", "year"]).reset_index(drop=True)


def centred(frame, values, region="county"):
    """Values minus the median of the region and year."""
    return values - values.groupby([frame[region], frame.year]).transform("median")


def robust_z(frame, values, region):
    """Deviation from the region's median of the year in units of its MAD, spreads below 2 % taken as 2 %."""
    off = centred(frame, values, region)
    spread = 1.4826 * off.abs().groupby([frame[region], frame.year]).transform("median")
    return off / spread.clip(lower=0.02)


def log(values):
    return np.log(values.where(values > 0))


def ratio(frame):
    """Log of claimed over planted: the mean of the sources there are, each centred on its county-year."""
    parts = [centred(frame, log(frame.area) - log(frame[f"{s}_grain"])) for s in SOURCES]
    return pd.concat(parts, axis=1).mean(axis=1)


def features(frame):
    """The table for the generic detectors: 14 columns, missing ones at the median, each scaled by its quartiles."""
    claimed = log(frame.area)
    by_village = frame.village_code
    columns = {}
    for source in SOURCES:
        planted = log(frame[f"{source}_grain"])
        columns[f"level_{source}"] = centred(frame, claimed - planted)
        change = claimed.groupby(by_village).diff() - planted.groupby(by_village).diff()
        columns[f"change_{source}"] = centred(frame, change)
    columns["growth"] = centred(frame, claimed.groupby(by_village).diff())
    columns["history"] = centred(frame, claimed - claimed.groupby(by_village).transform("median"))
    columns["people"] = centred(frame, log(frame.claimants).groupby(by_village).diff())
    columns["to_contract"] = centred(frame, claimed - log(frame.contracted))
    for name in ["over_rate", "unknown", "shared", "twice", "barren"]:
        columns[name] = centred(frame, frame[name].fillna(0.0))
    made = pd.DataFrame(columns)
    made = made.fillna(made.median()).fillna(0.0)
    spread = made.quantile(0.75) - made.quantile(0.25)
    return (made / spread.where(spread > 1e-6, made.std().clip(lower=1e-6))).clip(-50, 50)
