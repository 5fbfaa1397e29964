//! `village_year`: what a village claimed, was paid and, by its baselines, could have grown.

use super::build::{Builder, Fixed};
use super::facts::{Facts, PanelCell, VillageYear};
use qingmu_model::{Basis, Project, Season};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn fill(b: &mut Builder<'_>) {
    let facts = b.facts;
    let rows = &facts.village_years;
    b.set_rows(rows.len(), 0);
    b.place(rows, |r| r.village);
    b.number("year", rows, |r| Some(i64::from(r.year)));
    b.count("claims", rows, |r| r.claims);
    b.count("claimants", rows, |r| r.claimants);
    b.missing("rotation_mu");
    if b.wants("approver_id") || b.wants("approver_share") {
        approver(b);
    }
    planting(b);
    baselines(b);
}

/// The approver of the largest area (ties: first id) and that area's share of all approved area.
fn approver(b: &mut Builder<'_>) {
    let facts = b.facts;
    let mut largest: BTreeMap<(u32, i16), (u32, i64, i128)> = BTreeMap::new();
    for row in &facts.approver_villages {
        let entry = largest.entry((row.village, row.year)).or_insert((row.approver, row.area, 0));
        entry.2 += i128::from(row.area);
        if row.area > entry.1 {
            (entry.0, entry.1) = (row.approver, row.area);
        }
    }
    let of = |r: &VillageYear| largest.get(&(r.village, r.year)).copied();
    let rows = &facts.village_years;
    b.text("approver_id", rows, |r| {
        of(r).map(|(approver, ..)| facts.approvers[approver as usize].clone())
    });
    b.real("approver_share", || {
        let share = |(_, area, all): (u32, i64, i128)| (all > 0).then(|| area as f64 / all as f64);
        rows.iter().map(|r| of(r).and_then(share)).collect()
    });
}

/// `claimed.X` and `paid.X` of planting programmes.
fn planting(b: &mut Builder<'_>) {
    let facts = b.facts;
    let groups = planting_groups(facts, b.project);
    let sets = |names: &[&str]| -> Vec<Option<BTreeSet<u32>>> {
        names.iter().map(|name| crop_set(facts, b.project, name)).collect()
    };
    let claimed = b.family("claimed.");
    let paid = b.family("paid.");
    let (claimed_sets, paid_sets) = (sets(&claimed), sets(&paid));
    let mut areas = vec![Fixed::default(); claimed.len()];
    let mut money = vec![Fixed::default(); paid.len()];
    for row in &facts.village_years {
        let cells = &facts.panel[row.cells.clone()];
        let land = land_claimed(cells, &groups);
        for (set, column) in claimed_sets.iter().zip(&mut areas) {
            let inside = |crop: u32| set.as_ref().is_none_or(|s| s.contains(&crop));
            let sum = land.iter().filter(|((_, crop), _)| inside(*crop)).map(|(_, a)| *a).sum();
            column.values.push(Some(sum));
        }
        for (set, column) in paid_sets.iter().zip(&mut money) {
            let inside = |crop: u32| set.as_ref().is_none_or(|s| s.contains(&crop));
            let sum = cells
                .iter()
                .filter(|c| groups[c.programme as usize].is_some() && inside(c.crop))
                .map(|c| c.amount)
                .sum();
            column.values.push(Some(sum));
        }
    }
    for (name, column) in claimed.iter().zip(areas) {
        b.fixed(&format!("claimed.{name}"), column);
    }
    for (name, column) in paid.iter().zip(money) {
        b.fixed(&format!("paid.{name}"), column);
    }
}

/// Group of each programme that pays for planting: programmes of one group never pay twice on the same
/// land. `None` for the others.
fn planting_groups(facts: &Facts, project: &Project) -> Vec<Option<usize>> {
    let mut ids: BTreeMap<(bool, String), usize> = BTreeMap::new();
    let programmes = facts.programmes.iter().map(|code| {
        let programme = project.programme(code);
        if programme.basis != Basis::Planting {
            return None;
        }
        let key = match programme.exclusive {
            Some(group) => (true, group),
            None => (false, code.to_string()),
        };
        let next = ids.len();
        Some(*ids.entry(key).or_insert(next))
    });
    programmes.collect()
}

/// Land under each season and crop: the largest group's area, so that land claimed under two programmes
/// counts once.
fn land_claimed(cells: &[PanelCell], groups: &[Option<usize>]) -> BTreeMap<(Season, u32), i64> {
    let mut by_group: BTreeMap<(Season, u32, usize), i64> = BTreeMap::new();
    for cell in cells {
        if let Some(group) = groups[cell.programme as usize] {
            *by_group.entry((cell.season, cell.crop, group)).or_insert(0) += cell.area;
        }
    }
    let mut land = BTreeMap::new();
    for ((season, crop, _), area) in by_group {
        let most = land.entry((season, crop)).or_insert(area);
        *most = area.max(*most);
    }
    land
}

/// Crops of a name as ids; `None` for all of them.
pub(super) fn crop_set(facts: &Facts, project: &Project, name: &str) -> Option<BTreeSet<u32>> {
    let crops = project.crops_of(name)?;
    let id = |crop: &&str| facts.crops.binary_search_by(|c| (**c).cmp(crop)).ok();
    Some(crops.iter().filter_map(id).filter_map(|i| u32::try_from(i).ok()).collect())
}

/// `base.X` and `base.X_se`.
fn baselines(b: &mut Builder<'_>) {
    let facts = b.facts;
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for name in b.family("base.") {
        names.insert(base_name(name, b.project));
    }
    for name in names {
        let (mut base, mut se) = (Fixed::default(), Fixed::default());
        let mut known = None;
        for row in &facts.village_years {
            if known.as_ref().is_none_or(|(village, _)| *village != row.village) {
                let village = facts.baselines.of(&facts.villages[row.village as usize]);
                let series = village.map(|v| v.named(name, None, b.project)).unwrap_or_default();
                known = Some((row.village, series));
            }
            let value = known.as_ref().and_then(|(_, series)| series.get(row.year));
            push(&mut base, &mut se, value);
        }
        b.fixed(&format!("base.{name}"), base);
        b.fixed(&format!("base.{name}_se"), se);
    }
}

/// `X` of `base.X` and `base.X_se`.
pub(super) fn base_name<'a>(name: &'a str, project: &Project) -> &'a str {
    let is_known = project.known_names().binary_search(&name).is_ok();
    if is_known { name } else { name.strip_suffix("_se").unwrap_or(name) }
}

/// Adds a baseline to a column and to that of its standard errors.
pub(super) fn push(base: &mut Fixed, se: &mut Fixed, value: Option<super::baseline::Base>) {
    let dependent = value.is_some_and(|v| v.dependent);
    base.values.push(value.map(|v| v.area));
    base.dependent.push(dependent);
    se.values.push(value.and_then(|v| v.se));
    se.dependent.push(dependent);
}
