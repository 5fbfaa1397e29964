//! `village_season_programme`: what was claimed under one programme in one season, beside its reference.

use super::baseline::Base;
use super::build::{Builder, Fixed};
use super::facts::ProgrammeSeason;
use super::village_year::{base_name, crop_set, push};
use qingmu_model::Project;
use std::collections::BTreeSet;

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
        pair(b, &format!("base.{name}"), &format!("base.{name}_se"), |b, row| {
            let village = b.facts.baselines.of(&b.facts.villages[row.village as usize])?;
            village.named(name, Some(row.season), b.project).get(row.year)
        });
    }
    pair(b, "base.competing", "base.competing_se", competing);
    pair(b, "ref_mu", "ref_se_mu", reference);
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

/// A baseline column and that of its standard errors.
fn pair(
    b: &mut Builder<'_>,
    base_column: &str,
    se_column: &str,
    of: impl Fn(&Builder<'_>, &ProgrammeSeason) -> Option<Base>,
) {
    if !b.wants(base_column) && !b.wants(se_column) {
        return;
    }
    let (mut base, mut se) = (Fixed::default(), Fixed::default());
    for row in &b.facts.programme_seasons {
        push(&mut base, &mut se, of(b, row));
    }
    b.fixed(base_column, base);
    b.fixed(se_column, se);
}

/// Crops claimed under the row's programme.
fn claimed_crops<'a>(b: &Builder<'a>, row: &ProgrammeSeason) -> BTreeSet<&'a str> {
    let facts = b.facts;
    facts.panel[row.cells.clone()].iter().map(|c| &*facts.crops[c.crop as usize]).collect()
}

/// Crops that hold land against grain, without those this programme pays for.
fn competing(b: &Builder<'_>, row: &ProgrammeSeason) -> Option<Base> {
    let village = b.facts.baselines.of(&b.facts.villages[row.village as usize])?;
    let claimed = claimed_crops(b, row);
    let project: &Project = b.project;
    let crops: Vec<&str> =
        project.competing.iter().map(String::as_str).filter(|c| !claimed.contains(c)).collect();
    village.series(&crops, None, Some(row.season), project).get(row.year)
}

/// The first reference of the programme that has a value; without references, the crops claimed.
fn reference(b: &Builder<'_>, row: &ProgrammeSeason) -> Option<Base> {
    let village = b.facts.baselines.of(&b.facts.villages[row.village as usize])?;
    let programme = b.project.programme.get(&*b.facts.programmes[row.programme as usize]);
    match programme {
        Some(p) if !p.reference.is_empty() => p
            .reference
            .iter()
            .find_map(|name| village.named(name, Some(row.season), b.project).get(row.year)),
        _ => {
            let crops: Vec<&str> = claimed_crops(b, row).into_iter().collect();
            village.series(&crops, None, Some(row.season), b.project).get(row.year)
        }
    }
}
