//! Baselines as rules see them: one series per village and name, from one source, never a mixture.
//!
//! A change of sources between years would look like a change of planting, and one source's rows can be
//! shown to whoever asks.

use qingmu_input::tables::BaselineRow;
use qingmu_model::{Mu, Project, Season};
use std::sync::Arc;

/// A crop that held more than 1/20 of a village's own area in the group must be there every year.
const NEEDED_SHARE: i128 = 20;

/// Baselines in order of village, source, crop, year and season; names as ranks into sorted lists.
#[derive(Debug, Default)]
pub(crate) struct Baselines {
    villages: Vec<Arc<str>>,
    /// First row of each village, and the number of rows.
    starts: Vec<usize>,
    sources: Vec<Arc<str>>,
    crops: Vec<Arc<str>>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    village: u32,
    source: u32,
    crop: u32,
    year: i16,
    season: Season,
    /// Two different rows for one key are no fact.
    contradicted: bool,
    dependent: bool,
    area: i64,
    se: Option<i64>,
}

impl Row {
    fn key(&self) -> (u32, u32, u32, i16, Season) {
        (self.village, self.source, self.crop, self.year, self.season)
    }
}

/// Baselines of one village.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VillageBaselines<'a> {
    all: &'a Baselines,
    rows: &'a [Row],
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

/// Years with a baseline, ascending.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Series(Vec<(i16, Base)>);

impl Series {
    pub(crate) fn get(&self, year: i16) -> Option<Base> {
        let place = self.0.binary_search_by_key(&year, |(y, _)| *y).ok()?;
        Some(self.0[place].1)
    }
}

impl Baselines {
    /// Rows in any order. A row given twice counts once; two areas for one key count as missing.
    pub(crate) fn new(rows: &[BaselineRow]) -> Self {
        let villages = sorted(rows.iter().map(|r| &r.village));
        let sources = sorted(rows.iter().map(|r| &r.source));
        let crops = sorted(rows.iter().map(|r| &r.crop));
        let ranked = rows.iter().map(|row| Row {
            village: rank(&villages, &row.village),
            source: rank(&sources, &row.source),
            crop: rank(&crops, &row.crop),
            year: row.year,
            season: row.season,
            contradicted: false,
            // A table that does not say speaks of sources that are independent.
            dependent: row.independent == Some(false),
            area: row.area.raw(),
            se: row.se.map(Mu::raw),
        });
        let mut rows: Vec<Row> = ranked.collect();
        rows.sort_unstable();
        rows.dedup();
        rows.dedup_by(|next, first| {
            let same = next.key() == first.key();
            first.contradicted |= same;
            same
        });
        let mut starts = vec![0; villages.len() + 1];
        for (end, row) in rows.iter().enumerate() {
            starts[row.village as usize + 1] = end + 1;
        }
        Self { villages, starts, sources, crops, rows }
    }

    pub(crate) fn of(&self, village: &str) -> Option<VillageBaselines<'_>> {
        let place = self.villages.binary_search_by(|v| (**v).cmp(village)).ok()?;
        let rows = &self.rows[self.starts[place]..self.starts[place + 1]];
        Some(VillageBaselines { all: self, rows })
    }

    /// Whether any row has a standard error.
    pub(crate) fn has_se(&self) -> bool {
        self.rows.iter().any(|row| row.se.is_some())
    }
}

fn sorted<'a>(texts: impl Iterator<Item = &'a Arc<str>>) -> Vec<Arc<str>> {
    let mut distinct: Vec<&Arc<str>> = texts.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.into_iter().cloned().collect()
}

fn rank(sorted: &[Arc<str>], text: &Arc<str>) -> u32 {
    sorted.binary_search(text).ok().and_then(|r| u32::try_from(r).ok()).unwrap_or(u32::MAX)
}

impl<'a> VillageBaselines<'a> {
    /// The series of a crop, group or class by name. `all` is every crop, without classes of land.
    pub(crate) fn named(self, name: &str, season: Option<Season>, project: &Project) -> Series {
        let crops = project.crops_of(name).unwrap_or_else(|| self.all_crops(project));
        self.series(&crops, Some(name), season, project)
    }

    /// The series of the sum of `crops` from the best source: independent before dependent, then most years
    /// covered, then the project's order of sources, then name. A source with rows under `own_name` speaks by
    /// them. `season` takes that season's rows and those of the whole year; the whole year takes all.
    pub(crate) fn series(
        self,
        crops: &[&str],
        own_name: Option<&str>,
        season: Option<Season>,
        project: &Project,
    ) -> Series {
        let id = |name: &str| {
            let place = self.all.crops.binary_search_by(|c| (**c).cmp(name)).ok();
            place.and_then(|p| u32::try_from(p).ok())
        };
        let wanted: Vec<u32> = crops.iter().filter_map(|name| id(name)).collect();
        let own = own_name.and_then(id);
        let season = season.filter(|s| *s != Season::Y);
        let mut best: Option<((bool, usize, usize), Series)> = None;
        for rows in self.rows.chunk_by(|a, b| a.source == b.source) {
            // Coverage is judged on whole years, so that every season speaks from the same source.
            let whole = sum_of(rows, &wanted, own, None);
            if whole.0.is_empty() {
                continue;
            }
            let source = &*self.all.sources[rows[0].source as usize];
            let order = &project.source_order;
            let place = order.iter().position(|s| s == source).unwrap_or(order.len());
            let dependent = whole.0.iter().any(|(_, b)| b.dependent);
            let key = (dependent, usize::MAX - whole.0.len(), place);
            if best.as_ref().is_none_or(|(known, _)| key < *known) {
                let series = match season {
                    Some(_) => sum_of(rows, &wanted, own, season),
                    None => whole,
                };
                best = Some((key, series));
            }
        }
        best.map(|(_, series)| series).unwrap_or_default()
    }

    fn all_crops(self, project: &Project) -> Vec<&'a str> {
        let mut crops: Vec<u32> = self.rows.iter().map(|r| r.crop).collect();
        crops.sort_unstable();
        crops.dedup();
        let names = crops.into_iter().map(|crop| &*self.all.crops[crop as usize]);
        names
            .filter(|crop| {
                *crop != "all"
                    && !project.crop_group.contains_key(*crop)
                    && !project.land_class.iter().any(|class| class == crop)
            })
            .collect()
    }
}

/// A crop's years in one source; `None` where its rows contradict each other.
type Years = Vec<(i16, Option<Base>)>;

/// Sum of crops in the rows of one source, year by year.
fn sum_of(rows: &[Row], crops: &[u32], own: Option<u32>, season: Option<Season>) -> Series {
    let own = own.filter(|own| rows.iter().any(|r| r.crop == *own));
    let is_wanted = |crop: u32| own.map_or_else(|| crops.contains(&crop), |own| own == crop);
    let parts: Vec<Years> = rows
        .chunk_by(|a, b| a.crop == b.crop)
        .filter(|of_crop| is_wanted(of_crop[0].crop))
        .map(|of_crop| by_year(of_crop, season))
        .collect();
    let mut years: Vec<i16> = parts.iter().flatten().map(|(year, _)| *year).collect();
    years.sort_unstable();
    years.dedup();
    let mut series = Series::default();
    for year in years {
        if parts.iter().any(|part| is_lacking(part, &parts, year)) {
            continue;
        }
        let there: Vec<Base> =
            parts.iter().flatten().filter(|(y, _)| *y == year).filter_map(|(_, b)| *b).collect();
        if let Some(base) = add(&there) {
            series.0.push((year, base));
        }
    }
    series
}

/// Whether a crop has no figure in `year` though it held more than 5 % of the village's area in the
/// group in the other years of this source. A contradicted figure always lacks.
fn is_lacking(part: &Years, all: &[Years], year: i16) -> bool {
    if let Some((_, found)) = part.iter().find(|(y, _)| *y == year) {
        return found.is_none();
    }
    let elsewhere = |years: &Years| -> i128 {
        let others = years.iter().filter(|(y, _)| *y != year).filter_map(|(_, b)| *b);
        others.map(|b| i128::from(b.area)).sum()
    };
    let group: i128 = all.iter().map(elsewhere).sum();
    elsewhere(part) * NEEDED_SHARE > group
}

/// Sums a crop's seasons within each year; a contradicted season spoils its year.
fn by_year(rows: &[Row], season: Option<Season>) -> Years {
    let mut years = Years::new();
    for of_year in rows.chunk_by(|a, b| a.year == b.year) {
        let inside = |row: &&Row| season.is_none_or(|s| s == row.season || row.season == Season::Y);
        let found: Vec<&Row> = of_year.iter().filter(inside).collect();
        if found.is_empty() {
            continue;
        }
        let is_fact = !found.iter().any(|row| row.contradicted);
        let bases: Vec<Base> = found
            .iter()
            .map(|row| Base { area: row.area, se: row.se, dependent: row.dependent })
            .collect();
        years.push((of_year[0].year, add(&bases).filter(|_| is_fact)));
    }
    years
}

/// Adds areas, and standard errors in quadrature; `None` beyond the range.
fn add(parts: &[Base]) -> Option<Base> {
    let area = parts.iter().try_fold(0_i64, |sum, p| sum.checked_add(p.area))?;
    let dependent = parts.iter().any(|p| p.dependent);
    let se = match parts {
        [] => return None,
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
