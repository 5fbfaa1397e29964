//! `village_season_programme`: what was claimed under one programme in one season, beside its reference.

use super::baseline::{Series, VillageBaselines};
use super::build::{Builder, Fixed};
use super::facts::ProgrammeSeason;
use super::village_year::{base_name, crop_set, push};
use qingmu_model::Season;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn fill(b: &mut Builder<'_>) {
    let facts = b.facts;
    let rows = &facts.programme_seasons;
    b.set_rows(rows.len(), 0);
    b.place(rows, |r| r.village);
    b.number("year", rows, |r| Some(i64::from(r.year)));
    b.season(rows, |r| r.season);
    b.text("programme", rows, |r| Some(facts.programmes[r.programme as usize].clone()));
    b.count("claims", rows, |r| r.claims);
    b.count("claimants", rows, |r| r.claimants);
    for name in b.family("claimed.") {
        sum(b, &format!("claimed.{name}"), name, |cell| cell.area);
    }
    for name in b.family("paid.") {
        sum(b, &format!("paid.{name}"), name, |cell| cell.amount);
    }
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for name in b.family("base.") {
        names.insert(base_name(name, b.project));
    }
    for name in names.into_iter().filter(|name| *name != "competing") {
        pair(b, &format!("base.{name}"), &format!("base.{name}_se"), |b, village, row, _| {
            vec![village.named(name, Some(row.season), b.project)]
        });
    }
    pair(b, "base.competing", "base.competing_se", competing);
    pair(b, "ref_mu", "ref_se_mu", references);
}

/// Plain sum over the programme's own cells.
fn sum(b: &mut Builder<'_>, column: &str, name: &str, value: impl Fn(&super::PanelCell) -> i64) {
    let facts = b.facts;
    let set = crop_set(facts, b.project, name);
    let inside = |crop: u32| set.as_ref().is_none_or(|s| s.contains(&crop));
    b.number(column, &facts.programme_seasons, |row| {
        let cells = facts.panel[row.cells.clone()].iter();
        Some(cells.filter(|c| inside(c.crop)).map(&value).sum())
    });
}

/// Season, programme and crops claimed.
type Term = (Season, u32, Vec<u32>);

/// A baseline column and that of its standard errors: the first of the row's series that has its year.
fn pair(
    b: &mut Builder<'_>,
    base_column: &str,
    se_column: &str,
    of: impl Fn(&Builder<'_>, VillageBaselines<'_>, &ProgrammeSeason, &[&str]) -> Vec<Series>,
) {
    if !b.wants(base_column) && !b.wants(se_column) {
        return;
    }
    let facts = b.facts;
    let (mut base, mut se) = (Fixed::default(), Fixed::default());
    // Rows of one village follow each other; the years of one term and crops share their series.
    let mut known: (u32, BTreeMap<Term, Vec<Series>>) = (u32::MAX, BTreeMap::new());
    for row in &facts.programme_seasons {
        if known.0 != row.village {
            known = (row.village, BTreeMap::new());
        }
        let crops: Vec<u32> = facts.panel[row.cells.clone()].iter().map(|c| c.crop).collect();
        let key = (row.season, row.programme, crops);
        let series = known.1.entry(key).or_insert_with_key(|(_, _, crops)| {
            let names: Vec<&str> = crops.iter().map(|c| &*facts.crops[*c as usize]).collect();
            let village = facts.baselines.of(&facts.villages[row.village as usize]);
            village.map(|village| of(b, village, row, &names)).unwrap_or_default()
        });
        push(&mut base, &mut se, series.iter().find_map(|s| s.get(row.year)));
    }
    b.fixed(base_column, base);
    b.fixed(se_column, se);
}

/// Crops that hold land against grain, without those this programme pays for.
fn competing(
    b: &Builder<'_>,
    village: VillageBaselines<'_>,
    row: &ProgrammeSeason,
    claimed: &[&str],
) -> Vec<Series> {
    let all = b.project.competing.iter().map(String::as_str);
    let crops: Vec<&str> = all.filter(|c| !claimed.contains(c)).collect();
    vec![village.series(&crops, None, Some(row.season), b.project)]
}

/// The references of the programme, best first; without references, the crops claimed.
fn references(
    b: &Builder<'_>,
    village: VillageBaselines<'_>,
    row: &ProgrammeSeason,
    claimed: &[&str],
) -> Vec<Series> {
    let programme = b.project.programme.get(&*b.facts.programmes[row.programme as usize]);
    match programme {
        Some(p) if !p.reference.is_empty() => p
            .reference
            .iter()
            .map(|name| village.named(name, Some(row.season), b.project))
            .collect(),
        _ => vec![village.series(claimed, None, Some(row.season), b.project)],
    }
}
