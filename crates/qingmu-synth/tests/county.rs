//! What the generated county promises: the same bytes, honest rows that the case does not touch, a case of the
//! size that is told, and honest events that no first rule may hold against anyone.
#![allow(clippy::unwrap_used, reason = "a failing step is the failure of the test")]

use qingmu_model::{Mu, Yuan};
use qingmu_synth::{Claim, County, CountyOptions, FERTILITY, GRAIN, county, files, write};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn options(seed: u64, case: bool) -> CountyOptions {
    CountyOptions { seed, case, ..CountyOptions::default() }
}

type Cells = BTreeMap<(String, i16), f64>;

/// Claimed grain per village and year, mu.
fn grain(county: &County) -> Cells {
    let mut cells = Cells::new();
    for claim in county.claims.iter().filter(|c| c.programme == GRAIN) {
        *cells.entry((claim.village_code.to_string(), claim.year)).or_default() +=
            claim.area_mu.to_f64();
    }
    cells
}

/// Area of `crops` per village and year in one source, all seasons; only where every expected row is there.
fn seen(county: &County, source: &str, crop: &str, rows: usize) -> Cells {
    let mut parts: BTreeMap<(String, i16), Vec<f64>> = BTreeMap::new();
    for row in county.baselines.iter().filter(|b| b.source == source && b.crop == crop) {
        let key = (row.village_code.to_string(), row.year);
        parts.entry(key).or_default().push(row.area_mu.to_f64());
    }
    parts.into_iter().filter(|(_, p)| p.len() == rows).map(|(k, p)| (k, p.iter().sum())).collect()
}

/// Growth of grain claims against the year before, and the county's median of it, by year.
fn growth(cells: &Cells) -> (Cells, BTreeMap<i16, f64>) {
    let own: Cells = cells
        .iter()
        .filter_map(|((v, y), now)| {
            let before = cells.get(&(v.clone(), y - 1))?;
            Some(((v.clone(), *y), now / before))
        })
        .collect();
    let mut by_year: BTreeMap<i16, Vec<f64>> = BTreeMap::new();
    for ((_, year), ratio) in &own {
        by_year.entry(*year).or_default().push(*ratio);
    }
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    (own, by_year.into_iter().map(|(y, all)| (y, median(all))).collect())
}

/// Village-years with the pattern of rule V02: vegetables within 2 %, grain up by a tenth and by 50 mu beyond
/// the county, and more than vegetables and new arable land set free.
fn steady_vegetables_more_grain(county: &County) -> BTreeSet<(String, i16)> {
    let cells = grain(county);
    let (_, median) = growth(&cells);
    let vegetable = seen(county, "remote_sensing", "vegetable", 2);
    let arable = seen(county, "land_survey", "arable", 1);
    let rose = |key: &(String, i16)| {
        let before = (key.0.clone(), key.1 - 1);
        let (now, prev) = (cells.get(key)?, cells.get(&before)?);
        let (veg, veg0) = (vegetable.get(key)?, vegetable.get(&before)?);
        let land = arable.get(key).zip(arable.get(&before)).map_or(0.0, |(a, b)| (a - b).max(0.0));
        let rise = now - prev * median[&key.1].max(1.0);
        let left = rise - (veg0 - veg).max(0.0) - land;
        Some(*veg >= 0.98 * veg0 && rise >= 0.1 * prev && left >= 50.0)
    };
    cells.keys().filter(|key| rose(key).unwrap_or(false)).cloned().collect()
}

#[test]
fn the_bundled_sample_is_a_fresh_run() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/anwu");
    let fresh = files(&county(&CountyOptions::default())).unwrap();
    let mut names = BTreeSet::new();
    for (name, bytes) in &fresh {
        let stored = std::fs::read(dir.join(name)).unwrap();
        assert!(stored == *bytes, "datasets/anwu/{name} differs from a fresh run");
        names.insert(name.clone());
    }
    for folder in ["", "claims/"] {
        for entry in std::fs::read_dir(dir.join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let name = format!("{folder}{}", entry.file_name().to_string_lossy());
                assert!(names.contains(&name), "datasets/anwu/{name} is not generated");
            }
        }
    }
    let size: usize = fresh.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(size < 3_000_000, "{size} bytes");
}

#[test]
fn the_case_touches_nothing_but_its_rows() {
    let (with, without) = (county(&options(11, true)), county(&options(11, false)));
    let planted: BTreeMap<&str, Mu> = with
        .truth
        .planted
        .iter()
        .flat_map(|year| &year.claims)
        .map(|claim| (claim.claim_id.as_str(), claim.honest_mu))
        .collect();
    let honest: BTreeMap<&str, &Claim> =
        without.claims.iter().map(|c| (c.claim_id.as_str(), c)).collect();
    for claim in &with.claims {
        match (planted.get(claim.claim_id.as_str()), honest.get(claim.claim_id.as_str())) {
            (None, Some(same)) => assert_eq!(&claim, same),
            (Some(mu), Some(was)) => assert_eq!(*mu, was.area_mu),
            (Some(mu), None) => assert_eq!(*mu, Mu::ZERO),
            (None, None) => panic!("{} is neither honest nor planted", claim.claim_id),
        }
    }
    let invented = planted.values().filter(|mu| **mu == Mu::ZERO).count();
    assert_eq!(with.claims.len(), without.claims.len() + invented);
    assert_eq!(with.transfers, without.transfers);
    assert_eq!(with.villages, without.villages);
    assert_eq!(with.truth.honest, without.truth.honest);
    let villages: BTreeSet<&str> =
        with.truth.planted.iter().map(|p| p.village_code.as_str()).collect();
    for (a, b) in with.baselines.iter().zip(&without.baselines) {
        let follows = a.source == "stat_yearbook" && villages.contains(&*a.village_code);
        assert!(a == b || follows, "{a:?} {b:?}");
    }
    assert!(without.truth.planted.is_empty() && without.truth.approver_id.is_none());
}

#[test]
fn the_case_has_the_size_that_is_told() {
    for seed in 0..6 {
        let (with, without) = (county(&options(seed, true)), county(&options(seed, false)));
        let paid = |c: &County| c.claims.iter().map(|c| c.amount_yuan.raw()).sum::<i64>();
        let excess = Yuan::from_raw(paid(&with) - paid(&without));
        assert_eq!(excess, with.truth.excess_yuan);
        assert!((95_000.0..110_000.0).contains(&excess.to_f64()), "{excess}");
        assert!(excess.to_f64() < 0.005 * Yuan::from_raw(paid(&with)).to_f64());
        let area = |c: &County| c.claims.iter().map(|c| c.area_mu.raw()).sum::<i64>();
        assert_eq!(area(&with) - area(&without), with.truth.excess_mu.raw());
        let villages: BTreeSet<&str> =
            with.truth.planted.iter().map(|p| p.village_code.as_str()).collect();
        assert_eq!(villages.len(), 6);
        assert!(villages.contains("610423113215"));
        assert!(villages.iter().all(|v| v.starts_with("610423113")));
        let approvers: BTreeSet<&str> = with
            .claims
            .iter()
            .filter(|c| villages.contains(&*c.village_code))
            .map(|c| &*c.approver_id)
            .collect();
        assert_eq!(
            approvers.into_iter().collect::<Vec<_>>(),
            [with.truth.approver_id.as_deref().unwrap()]
        );
        let of_town = with.claims.iter().filter(|c| c.village_code.starts_with("610423113"));
        assert_eq!(of_town.map(|c| &c.approver_id).collect::<BTreeSet<_>>().len(), 3);
    }
}

#[test]
fn the_case_shows_and_nothing_else_does() {
    for seed in [7, 0, 1, 2, 3, 4, 5] {
        let with = county(&options(seed, true));
        let planted: BTreeSet<(String, i16)> =
            with.truth.planted.iter().map(|p| (p.village_code.clone(), p.year)).collect();
        assert_eq!(planted.len(), 12);
        assert_eq!(steady_vegetables_more_grain(&with), planted, "seed {seed}");
        let clean = county(&options(seed, false));
        assert_eq!(steady_vegetables_more_grain(&clean), BTreeSet::new(), "seed {seed}");
    }
}

#[test]
fn honest_changes_are_small_but_for_the_restoration() {
    let clean = county(&options(7, false));
    let (own, median) = growth(&grain(&clean));
    let restored = clean.truth.honest.iter().find(|e| e.kind == "restoration").unwrap();
    let survey = clean.truth.honest.iter().find(|e| e.kind == "resurvey").unwrap();
    let step = median[&survey.year];
    assert!((1.03..1.05).contains(&step), "re-survey {step}");
    for ((village, year), ratio) in &own {
        let rest = ratio / median[year];
        if (village, *year) == (&restored.region, restored.year) {
            assert!(rest > 1.1, "restored {rest}");
            let vegetable = seen(&clean, "remote_sensing", "vegetable", 2);
            if let (Some(now), Some(before)) = (
                vegetable.get(&(village.clone(), *year)),
                vegetable.get(&(village.clone(), year - 1)),
            ) {
                assert!(now < &(0.9 * before), "{now} {before}");
            }
        } else {
            assert!((rest - 1.0).abs() < 0.1, "{village} {year} {rest}");
        }
    }
    let late = clean.truth.honest.iter().find(|e| e.kind == "late_enrolment").unwrap();
    let claims = |year| {
        let here = |c: &&Claim| c.village_code.starts_with(&late.region) && c.year == year;
        clean.claims.iter().filter(here).count()
    };
    assert_eq!(claims(late.year - 1), 0);
    assert!(claims(late.year) > 100);
}

#[test]
fn honest_claims_pass_the_rules_of_fact() {
    let clean = county(&options(3, false));
    let mut ids = BTreeSet::new();
    let mut accounts: BTreeMap<(&str, i16), BTreeSet<(&str, &str)>> = BTreeMap::new();
    let mut places: BTreeMap<(&str, i16, &str, char), BTreeMap<&str, i64>> = BTreeMap::new();
    for claim in &clean.claims {
        assert!(ids.insert(&claim.claim_id), "{}", claim.claim_id);
        assert_eq!(claim.area_mu.times_rate(claim.rate_yuan_per_mu), Some(claim.amount_yuan));
        assert!(claim.area_mu.raw() > 0 && claim.area_mu.raw() % 100 == 0);
        assert!(claim.claimant_id.len() == 12 && claim.account.len() == 12);
        assert!(claim.submitted_on < claim.approved_on);
        accounts
            .entry((&claim.account, claim.year))
            .or_default()
            .insert((&claim.household_id, &claim.claimant_id));
        let season = claim.season.code().chars().next().unwrap();
        *places
            .entry((&claim.claimant_id, claim.year, claim.programme, season))
            .or_default()
            .entry(&claim.village_code)
            .or_default() += claim.area_mu.raw();
    }
    let shared = accounts.values().filter(|people| people.len() > 1).count();
    assert!(shared > 100, "{shared} shared cards");
    for people in accounts.values() {
        let homes: BTreeSet<&str> = people.iter().map(|p| p.0).collect();
        assert_eq!(homes.len(), 1);
    }
    let mut leased: BTreeMap<&str, i64> = BTreeMap::new();
    for transfer in &clean.transfers {
        *leased.entry(&transfer.to_id).or_default() += transfer.area_mu.raw();
    }
    let mut several = [0, 0];
    for ((claimant, ..), villages) in places.iter().filter(|(_, v)| v.len() > 1) {
        let extra = villages.values().sum::<i64>() - villages.values().max().unwrap();
        let covered = leased.get(claimant).copied().unwrap_or_default();
        assert!(extra < 50_000 || covered >= extra, "{claimant}: {extra} beyond {covered}");
        several[usize::from(extra >= 50_000)] += 1;
    }
    assert!(several[0] > 50 && several[1] > 50, "enclaves, leases: {several:?}");
    assert!(clean.claims.iter().any(|c| c.programme == FERTILITY));
}

#[test]
fn land_is_never_used_twice_in_a_season() {
    let clean = county(&options(5, false));
    let arable = seen(&clean, "land_survey", "arable", 1);
    let orchard = seen(&clean, "remote_sensing", "orchard", 1);
    for season in ["S", "A"] {
        let mut used = Cells::new();
        for row in clean.baselines.iter().filter(|b| b.source == "remote_sensing") {
            if row.season.code() == season {
                *used.entry((row.village_code.to_string(), row.year)).or_default() +=
                    row.area_mu.to_f64();
            }
        }
        for (key, area) in used {
            if let (Some(land), Some(trees)) = (arable.get(&key), orchard.get(&key)) {
                assert!(area + trees < 1.03 * land, "{key:?}: {area} + {trees} on {land}");
            }
        }
    }
}

#[test]
fn short_counties_hold_what_their_years_allow() {
    let one = county(&CountyOptions { years: 2022..=2022, ..CountyOptions::default() });
    assert!(one.truth.planted.is_empty());
    assert!(one.truth.honest.iter().all(|e| e.kind != "resurvey"));
    let two = county(&CountyOptions { years: 2021..=2022, ..CountyOptions::default() });
    assert_eq!(two.truth.planted.len(), 6);
    assert!((95_000.0..110_000.0).contains(&two.truth.excess_yuan.to_f64()));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("taken");
    std::fs::write(&blocked, "a file").unwrap();
    let small = county(&CountyOptions { years: 2022..=2022, ..CountyOptions::default() });
    let error = write(&small, &blocked).unwrap_err().to_string();
    let file = blocked.join("claims/2022.parquet");
    let wanted =
        format!("{}: cannot write; choose a folder that can be written to", file.display());
    assert_eq!(error, wanted);
    let written = write(&small, &dir.path().join("out")).unwrap();
    assert_eq!(written.len(), 6);
    assert!(written.iter().all(|path| path.is_file()));
}
