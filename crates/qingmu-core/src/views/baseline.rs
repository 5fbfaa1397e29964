//! Baselines as rules see them: one series per village and name, from one source, never a mixture.
//!
//! A change of sources between years would look like a change of planting, and one source's rows can be
//! shown to whoever asks.

use crate::tables::BaselineRow;
use qingmu_model::{Mu, Project, Season};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A crop that held more than 1/20 of a village's own area in the group must be there every year.
const NEEDED_SHARE: i128 = 20;

/// Baselines by village.
#[derive(Debug, Default)]
pub(crate) struct Baselines {
    villages: BTreeMap<Arc<str>, VillageBaselines>,
}

/// Rows of one source and crop, by year and season. Two different areas for one key are no fact: `None`.
type CropRows = BTreeMap<(i16, Season), Option<Part>>;

/// Baselines of one village: source to crop to rows.
#[derive(Debug, Default)]
pub(crate) struct VillageBaselines {
    sources: BTreeMap<Arc<str>, BTreeMap<Arc<str>, CropRows>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    area: i64,
    se: Option<i64>,
    independent: bool,
}

/// A baseline in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Base {
    /// 0.0001 mu.
    pub(crate) area: i64,
    /// Standard error, 0.0001 mu; where every part has one.
    pub(crate) se: Option<i64>,
    /// Rests on a source that is not independent.
    pub(crate) dependent: bool,
}

/// Years with a baseline.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Series(BTreeMap<i16, Base>);

impl Series {
    pub(crate) fn get(&self, year: i16) -> Option<Base> {
        self.0.get(&year).copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Baselines {
    /// Rows in any order. A row given twice counts once; two areas for one key count as missing.
    pub(crate) fn new(rows: impl IntoIterator<Item = BaselineRow>) -> Self {
        let mut all = Self::default();
        for row in rows {
            let village = all.villages.entry(row.village).or_default();
            let crops = village.sources.entry(row.source).or_default();
            let part = Part {
                area: row.area.raw(),
                se: row.se.map(Mu::raw),
                // A table that does not say speaks of sources that are.
                independent: row.independent.unwrap_or(true),
            };
            crops
                .entry(row.crop)
                .or_default()
                .entry((row.year, row.season))
                .and_modify(|known| {
                    if *known != Some(part) {
                        *known = None;
                    }
                })
                .or_insert(Some(part));
        }
        all
    }

    pub(crate) fn of(&self, village: &str) -> Option<&VillageBaselines> {
        self.villages.get(village)
    }
}

impl VillageBaselines {
    /// The series of a crop, group or class by name. `all` is every crop, without classes of land.
    pub(crate) fn named(&self, name: &str, season: Option<Season>, project: &Project) -> Series {
        let crops = project.crops_of(name).unwrap_or_else(|| self.all_crops(project));
        self.series(&crops, Some(name), season, project)
    }

    /// The series of the sum of `crops` from the best source: independent before dependent, then most years
    /// covered, then the project's order of sources, then name. A source with rows under `own_name` speaks by
    /// them. `season` takes that season's rows and those of the whole year; the whole year takes all.
    pub(crate) fn series(
        &self,
        crops: &[&str],
        own_name: Option<&str>,
        season: Option<Season>,
        project: &Project,
    ) -> Series {
        let rank = |source: &str| {
            let order = &project.source_order;
            order.iter().position(|s| s == source).unwrap_or(order.len())
        };
        let mut best: Option<((bool, usize, usize), Series)> = None;
        for (source, rows) in &self.sources {
            // Coverage is judged on whole years, so that every season speaks from the same source.
            let whole = sum_of(rows, crops, own_name, None);
            if whole.is_empty() {
                continue;
            }
            let dependent = whole.0.values().any(|b| b.dependent);
            let key = (dependent, usize::MAX - whole.0.len(), rank(source));
            if best.as_ref().is_none_or(|(known, _)| key < *known) {
                let filter = season.filter(|s| *s != Season::Y);
                let series = match filter {
                    Some(_) => sum_of(rows, crops, own_name, filter),
                    None => whole,
                };
                best = Some((key, series));
            }
        }
        best.map(|(_, series)| series).unwrap_or_default()
    }

    fn all_crops<'a>(&'a self, project: &Project) -> Vec<&'a str> {
        let names: BTreeSet<&str> = self
            .sources
            .values()
            .flat_map(|rows| rows.keys())
            .map(|crop| &**crop)
            .filter(|crop| {
                *crop != "all"
                    && !project.crop_group.contains_key(*crop)
                    && !project.land_class.iter().any(|class| class == crop)
            })
            .collect();
        names.into_iter().collect()
    }
}

/// Sum of crops in one source, year by year.
fn sum_of(
    rows: &BTreeMap<Arc<str>, CropRows>,
    crops: &[&str],
    own_name: Option<&str>,
    season: Option<Season>,
) -> Series {
    let own: [&str; 1];
    let names = match own_name.filter(|name| rows.contains_key(*name)) {
        Some(name) => {
            own = [name];
            &own[..]
        }
        None => crops,
    };
    let parts: Vec<BTreeMap<i16, Option<Base>>> =
        names.iter().filter_map(|crop| rows.get(*crop)).map(|r| by_year(r, season)).collect();
    let years: BTreeSet<i16> = parts.iter().flat_map(|p| p.keys().copied()).collect();
    let areas = |year: i16| parts.iter().map(move |p| p.get(&year).copied().flatten());
    let mut series = Series::default();
    for year in years {
        let there: Vec<Base> = areas(year).flatten().collect();
        if there.is_empty() || parts.iter().any(|p| is_lacking(p, &parts, year)) {
            continue;
        }
        if let Some(base) = add(&there) {
            series.0.insert(year, base);
        }
    }
    series
}

/// Whether a crop has no figure in `year` though it held more than 5 % of the village's area in the
/// group in the other years of this source. A contradicted figure always lacks.
fn is_lacking(
    part: &BTreeMap<i16, Option<Base>>,
    all: &[BTreeMap<i16, Option<Base>>],
    year: i16,
) -> bool {
    match part.get(&year) {
        Some(Some(_)) => return false,
        Some(None) => return true,
        None => {}
    }
    let elsewhere = |p: &BTreeMap<i16, Option<Base>>| -> i128 {
        p.iter()
            .filter(|(y, _)| **y != year)
            .filter_map(|(_, b)| *b)
            .map(|b| i128::from(b.area))
            .sum()
    };
    let group: i128 = all.iter().map(elsewhere).sum();
    elsewhere(part) * NEEDED_SHARE > group
}

/// Sums a crop's seasons within each year; a contradicted season spoils its year.
fn by_year(rows: &CropRows, season: Option<Season>) -> BTreeMap<i16, Option<Base>> {
    let mut years: BTreeMap<i16, Option<Vec<Base>>> = BTreeMap::new();
    for ((year, row_season), part) in rows {
        if season.is_some_and(|s| s != *row_season && *row_season != Season::Y) {
            continue;
        }
        let list = years.entry(*year).or_insert_with(|| Some(Vec::new()));
        match (part, list.as_mut()) {
            (Some(p), Some(known)) => {
                known.push(Base { area: p.area, se: p.se, dependent: !p.independent });
            }
            _ => *list = None,
        }
    }
    years.into_iter().map(|(year, list)| (year, list.and_then(|l| add(&l)))).collect()
}

/// Adds areas, and standard errors in quadrature; `None` beyond the range.
pub(super) fn add(parts: &[Base]) -> Option<Base> {
    let area = parts.iter().try_fold(0_i64, |sum, p| sum.checked_add(p.area))?;
    let dependent = parts.iter().any(|p| p.dependent);
    let se = match parts {
        [one] => one.se,
        _ => quadrature(parts),
    };
    Some(Base { area, se, dependent })
}

/// Root of the sum of squares, rounded to the unit; `None` where one is missing.
fn quadrature(parts: &[Base]) -> Option<i64> {
    let mut squares: u128 = 0;
    for part in parts {
        let se = u128::from(part.se?.unsigned_abs());
        squares = squares.checked_add(se.checked_mul(se)?)?;
    }
    let floor = squares.isqrt();
    // (floor + ½)² = floor² + floor + ¼: above it the next integer is nearer.
    let root = if squares - floor * floor > floor { floor + 1 } else { floor };
    i64::try_from(root).ok()
}

#[cfg(test)]
#[path = "baseline_tests.rs"]
mod tests;
