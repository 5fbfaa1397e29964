"""The scan's work in DuckDB, in the way its users would write it: python benches/compare_duckdb.py DIR [THREADS]

Distinct claimants in two steps (faster there than count(distinct)). Prints the same summary line as
`cargo bench -p qingmu-core --bench scan -- scan DIR`, so equal lines prove equal work.
"""
import json
import resource
import sys
import time

import duckdb

KEYS = "village_code, year, season, programme, crop"


def main(folder: str, threads: int) -> None:
    start = time.monotonic()
    db = duckdb.connect()
    db.execute(f"set threads = {threads}")
    db.execute(f"create view claims as select * from read_parquet('{folder}/claims/*/*.parquet')")
    one = lambda query: db.execute(query).fetchone()
    out = {}

    db.execute(f"""create table people as
        select {KEYS}, claimant_id, sum(area_mu) area, sum(amount_yuan) amount, count(*) claims
        from claims group by {KEYS}, claimant_id""")
    for view, keys in [("panel", KEYS), ("village_year", "village_code, year"),
                       ("village_season_programme", "village_code, year, season, programme")]:
        db.execute(f"""create table {view} as
            select {keys}, sum(area) area, sum(amount) amount, sum(claims) claims, count(*) claimants
            from (select {keys}, claimant_id, sum(area) area, sum(amount) amount, sum(claims) claims
                  from people group by {keys}, claimant_id) group by {keys} order by {keys}""")
        rows, area, amount, claims, claimants = one(
            f"select count(*), sum(area), sum(amount), sum(claims), sum(claimants) from {view}")
        out[view] = {"rows": rows, "claims": int(claims), "claimants": int(claimants), "not_listed": 0}
        if view == "panel":
            out[view] = {"rows": rows, "area_mu": int(area * 10000), "amount_yuan": int(amount * 100),
                         "claims": int(claims), "claimants": int(claimants), "not_listed": 0}

    db.execute("""create table places as
        select claimant_id, year, season, programme, village_code, sum(area) area, sum(amount) amount,
               sum(claims) claims from people group by all""")
    db.execute("""create table claimant_village as select * from places
        semi join (select claimant_id, year, season, programme from places group by all
                   having count(*) > 1) using (claimant_id, year, season, programme)
        order by claimant_id, year, season, programme, village_code""")
    single = one("""select count(*) from (select 1 from places
        group by claimant_id, year, season, programme having count(*) = 1)""")[0]
    out["claimant_village"] = listed(one, "claimant_village", single)

    db.execute("""create table cards as
        select account, year, claimant_id, any_value(household_id) household, any_value(village_code) village,
               count(distinct village_code) villages, sum(area_mu) area, sum(amount_yuan) amount, count(*) claims
        from claims where account is not null group by account, year, claimant_id""")
    db.execute("""create table account_claimant as select * from cards
        semi join (select account, year from cards group by all having count(*) > 1) using (account, year)
        order by account, year, claimant_id""")
    single = one("select count(*) from (select 1 from cards group by account, year having count(*) = 1)")[0]
    out["account_claimant"] = listed(one, "account_claimant", single)

    db.execute("""create table approver_village as
        select approver_id, year, village_code, sum(area_mu) area, sum(amount_yuan) amount, count(*) claims
        from claims where approver_id is not null group by all order by all""")
    out["approver_village"] = listed(one, "approver_village", 0)

    db.execute("""create table claim as
        select *, amount_yuan - round(area_mu * rate_yuan_per_mu, 2) gap from claims
        where amount_yuan <> round(area_mu * rate_yuan_per_mu, 2)
        order by village_code, year, season, programme, claim_id""")
    rows, area, amount, gap = one("select count(*), sum(area_mu), sum(amount_yuan), sum(gap) from claim")
    out["claim"] = {"rows": rows, "area_mu": int((area or 0) * 10000), "amount_yuan": int((amount or 0) * 100),
                    "gap_yuan": int((gap or 0) * 100), "not_listed": 0}
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"duckdb {duckdb.__version__}: wall {time.monotonic() - start:.2f} s, "
          f"cpu {used.ru_utime + used.ru_stime:.2f} s, peak {used.ru_maxrss} kB", file=sys.stderr)
    print(json.dumps(out))


def listed(one, table: str, not_listed: int) -> dict:
    rows, area, amount, claims = one(f"select count(*), sum(area), sum(amount), sum(claims) from {table}")
    return {"rows": rows, "area_mu": int((area or 0) * 10000), "amount_yuan": int((amount or 0) * 100),
            "claims": int(claims or 0), "not_listed": not_listed}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2)
