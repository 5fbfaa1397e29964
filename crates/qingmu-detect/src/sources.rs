//! Baselines as grids: for each series and source, villages by years.

use crate::places::CodeMap;
use crate::series::SeriesPlan;
use qingmu_deviation::{Place, Source};
use qingmu_input::tables::BaselineRow;
use qingmu_model::{Bilingual, DataError, DataErrorKind, Mu};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A crop that held more than this share of a village's own area in the group, in the other years of the source, must
/// be there every year (amendment B2).
const NEEDED: f64 = 0.05;
/// Sources that offices compile from what villages report, where the table does not say.
const COMPILED: [&str; 1] = ["stat_yearbook"];

/// One figure of one source.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Figure {
    area: f64,
    se: Option<f64>,
    /// Two different figures for one key are no fact.
    contradicted: bool,
}

/// Key of a crop's figures in a village: source, crop.
type Years = Vec<Option<Figure>>;

/// All figures of a village: source, then crop, then year.
type OfVillage = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Years>>;

/// The baselines of a run's villages and years.
#[derive(Debug, Default)]
pub(crate) struct Baselines {
    villages: Vec<OfVillage>,
    first_year: i16,
    years: usize,
    /// Source to whether it is independent of what villages report.
    pub(crate) sources: BTreeMap<Arc<str>, bool>,
}

impl Baselines {
    /// Rows in any order; `villages` are the run's, sorted. Rows under old codes are booked on today's.
    pub(crate) fn new(
        rows: &[BaselineRow],
        villages: &[Arc<str>],
        (first_year, years): (i16, usize),
        map: &CodeMap,
    ) -> Self {
        let mut all = Self {
            villages: vec![OfVillage::new(); villages.len()],
            first_year,
            years,
            sources: BTreeMap::new(),
        };
        for row in rows {
            let compiled = COMPILED.contains(&&*row.source);
            let independent = row.independent.unwrap_or(!compiled);
            let known = all.sources.entry(Arc::clone(&row.source)).or_insert(true);
            *known &= independent;
        }
        for (row, figure) in distinct(rows) {
            let Some(year) = all.column(row.year) else { continue };
            for (code, share) in map.today(&row.village, row.year) {
                if let Ok(village) = villages.binary_search(&code) {
                    all.enter(village, year, row, &figure, share);
                }
            }
        }
        all
    }

    fn column(&self, year: i16) -> Option<usize> {
        let column = usize::try_from(i32::from(year) - i32::from(self.first_year)).ok()?;
        (column < self.years).then_some(column)
    }

    fn enter(&mut self, village: usize, year: usize, row: &BaselineRow, add: &Figure, share: f64) {
        let crops = self.villages[village].entry(Arc::clone(&row.source)).or_default();
        let years = crops.entry(Arc::clone(&row.crop)).or_insert_with(|| vec![None; self.years]);
        let part = Figure { area: add.area * share, se: add.se.map(|se| se * share), ..*add };
        years[year] = Some(match years[year] {
            None => part,
            Some(sum) => plus(sum, part),
        });
    }

    /// The sources of a series that have anything to say, by name, and cells that are empty and not 0.
    pub(crate) fn of(
        &self,
        plan: &SeriesPlan,
        villages: &[Arc<str>],
        places: &[Place],
    ) -> (Vec<Source>, Vec<DataError>) {
        let cells = self.villages.len() * self.years;
        let mut sources: Vec<Source> = Vec::new();
        let mut errors = Vec::new();
        for (name, independent) in &self.sources {
            let of_group =
                |v: &OfVillage| v.get(name).is_some_and(|c| c.contains_key(&*plan.group));
            let own_name = self.villages.iter().any(of_group);
            let mut source = Source {
                name: name.to_string(),
                independent: *independent,
                area: vec![None; cells],
                se: vec![None; cells],
            };
            for (v, of_village) in self.villages.iter().enumerate() {
                let Some(crops) = of_village.get(name) else { continue };
                let county = places.get(v).and_then(|p| plan.crops.get(&p.county));
                let times = |crop: &Arc<str>| {
                    if own_name {
                        (**crop == *plan.group).then_some(1)
                    } else {
                        county.and_then(|crops| crops.get(crop).copied())
                    }
                };
                let part = |(crop, years)| Some(Part { years, times: f64::from(times(crop)?) });
                let parts: Vec<Part<'_>> = crops.iter().filter_map(part).collect();
                for year in 0..self.years {
                    match total(&parts, year) {
                        Total::Sum(figure) => {
                            source.area[v * self.years + year] = Some(figure.area);
                            source.se[v * self.years + year] = figure.se;
                        }
                        Total::Empty => {
                            errors.push(self.empty(&villages[v], year, name));
                        }
                        Total::Missing => {}
                    }
                }
            }
            if source.area.iter().any(Option::is_some) {
                sources.push(source);
            }
        }
        (sources, errors)
    }

    fn empty(&self, village: &Arc<str>, year: usize, source: &Arc<str>) -> DataError {
        let year = self.first_year + i16::try_from(year).unwrap_or_default();
        DataError {
            kind: DataErrorKind::EmptySource,
            village_code: village.to_string(),
            year,
            programme: None,
            source: Some(source.to_string()),
            claimant: None,
            at: None,
            rows: 1,
            filed_mu: Some(Mu::ZERO),
            used_mu: None,
            say: Bilingual::new(
                format!("{source} {year} 年有作物填 0，往年却占 5% 以上，按缺失处理"),
                format!(
                    "{source} has 0 in {year} for a crop with more than 5 % in other years; taken as missing"
                ),
            ),
        }
    }

    /// Share of vegetables in each village's land, where one source gives the vegetables and another the land.
    pub(crate) fn vegetable_share(&self) -> Vec<Option<f64>> {
        self.villages.iter().map(vegetable_share).collect()
    }

    /// One crop or land class of a village by year, for each source that has it; whether the source is independent
    /// beside it.
    pub(crate) fn yearly(&self, village: usize, crop: &str) -> Vec<(bool, Vec<Option<f64>>)> {
        let figures = |years: &Years| {
            years.iter().map(|f| f.filter(|f| !f.contradicted).map(|f| f.area)).collect()
        };
        let of_village = self.villages.get(village).into_iter().flatten();
        of_village
            .filter_map(|(source, crops)| {
                let independent = self.sources.get(source).copied().unwrap_or(true);
                Some((independent, figures(crops.get(crop)?)))
            })
            .collect()
    }
}

/// Rows given twice count once; two figures for one key are contradicted.
fn distinct(rows: &[BaselineRow]) -> Vec<(&BaselineRow, Figure)> {
    let mut sorted: Vec<&BaselineRow> = rows.iter().collect();
    let key = |r: &BaselineRow| {
        (Arc::clone(&r.village), Arc::clone(&r.source), Arc::clone(&r.crop), r.year, r.season)
    };
    sorted.sort_by(|a, b| {
        (&a.village, &a.source, &a.crop, a.year, a.season, a.area, a.se)
            .cmp(&(&b.village, &b.source, &b.crop, b.year, b.season, b.area, b.se))
    });
    sorted
        .chunk_by(|a, b| key(a) == key(b))
        .filter_map(|same| {
            let first = same.first()?;
            let contradicted = same.iter().any(|r| r.area != first.area);
            let area = first.area.to_f64();
            Some((*first, Figure { area, se: first.se.map(Mu::to_f64), contradicted }))
        })
        .collect()
}

fn plus(a: Figure, b: Figure) -> Figure {
    let se = a.se.zip(b.se).map(|(a, b)| a.hypot(b));
    Figure { area: a.area + b.area, se, contradicted: a.contradicted || b.contradicted }
}

/// A crop of a group, and how often it counts.
#[derive(Clone, Copy)]
struct Part<'a> {
    years: &'a Years,
    times: f64,
}

/// What a source says of a group in one year.
enum Total {
    Sum(Figure),
    /// A 0 that is an empty cell.
    Empty,
    Missing,
}

fn total(parts: &[Part<'_>], year: usize) -> Total {
    let mut sum: Option<Figure> = None;
    let mut empty = false;
    for part in parts {
        let here = part.years[year].filter(|f| !f.contradicted);
        let counted = |f: Figure| Figure {
            area: f.area * part.times,
            se: f.se.map(|se| se * part.times),
            ..f
        };
        match here {
            // A whole group of 0 is left to those who see the other sources.
            Some(figure) if figure.area > 0.0 || parts.len() == 1 || !needed(part, parts, year) => {
                let figure = counted(figure);
                sum = Some(sum.map_or(figure, |sum| plus(sum, figure)));
            }
            Some(_) => empty = true,
            None if part.years[year].is_some() || needed(part, parts, year) => {
                return Total::Missing;
            }
            None => {}
        }
    }
    match (empty, sum) {
        (true, _) => Total::Empty,
        (false, Some(figure)) => Total::Sum(figure),
        (false, None) => Total::Missing,
    }
}

/// Whether a crop held enough of the village's area in the other years that it cannot be left out.
fn needed(part: &Part<'_>, all: &[Part<'_>], year: usize) -> bool {
    let elsewhere = |part: &Part<'_>| -> f64 {
        let others = part.years.iter().enumerate().filter(|(y, _)| *y != year);
        part.times * others.filter_map(|(_, f)| f.map(|f| f.area)).sum::<f64>()
    };
    let group: f64 = all.iter().map(elsewhere).sum();
    elsewhere(part) > NEEDED * group
}

/// Middle of the positive years.
fn typical(years: &Years) -> Option<f64> {
    let mut all: Vec<f64> =
        years.iter().flatten().filter(|f| !f.contradicted).map(|f| f.area).collect();
    middle(&mut all).filter(|area| *area > 0.0)
}

fn middle(all: &mut [f64]) -> Option<f64> {
    all.sort_unstable_by(f64::total_cmp);
    let n = all.len();
    let (low, high) = (all.get(n.checked_sub(1)? / 2)?, all.get(n / 2)?);
    Some(low + (high - low) / 2.0)
}

fn vegetable_share(of_village: &OfVillage) -> Option<f64> {
    let mut shares: Vec<f64> = Vec::new();
    for (name, crops) in of_village {
        let Some(vegetables) = crops.get("vegetable").and_then(typical) else { continue };
        let mut land: Vec<f64> = of_village
            .iter()
            .filter(|(other, _)| *other != name)
            .filter_map(|(_, crops)| typical(crops.get("contracted").or(crops.get("arable"))?))
            .collect();
        // The same source in both would bring its own errors into the share.
        if let Some(land) = middle(&mut land) {
            shares.push((vegetables / land).min(1.0));
        }
    }
    middle(&mut shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_input::places::CodeMapRow;
    use qingmu_model::Season;
    use std::collections::BTreeSet;

    fn row(village: &str, year: i16, crop: &str, mu: i64, source: &str) -> BaselineRow {
        BaselineRow {
            village: Arc::from(village),
            year,
            season: Season::Y,
            crop: Arc::from(crop),
            area: Mu::from_raw(mu * 10_000),
            source: Arc::from(source),
            se: None,
            independent: None,
        }
    }

    fn plan() -> SeriesPlan {
        SeriesPlan {
            name: "GRAIN/grain".to_owned(),
            programme: "GRAIN".to_owned(),
            codes: BTreeSet::new(),
            group: "grain".to_owned(),
            crops: [(1, ["wheat", "maize"].map(|c| (Arc::from(c), 1)).into())].into(),
            is_part: false,
        }
    }

    fn grids(
        rows: &[BaselineRow],
        villages: &[&str],
        map: &CodeMap,
    ) -> (Vec<Source>, Vec<DataError>) {
        let villages: Vec<Arc<str>> = villages.iter().map(|v| Arc::from(*v)).collect();
        let places = vec![Place { county: 1, prefecture: 1, town: 1 }; villages.len()];
        Baselines::new(rows, &villages, (2019, 3), map).of(&plan(), &villages, &places)
    }

    #[test]
    fn a_missing_crop_is_missing_where_the_village_grows_it_and_nothing_where_it_does_not() {
        let mut rows = Vec::new();
        for year in 2019..2022 {
            rows.push(row("a", year, "wheat", 100, "survey"));
            rows.push(row("b", year, "wheat", 100, "survey"));
            rows.push(row("a", year, "orchard", 7, "survey"));
        }
        rows.extend([row("a", 2019, "maize", 50, "survey"), row("a", 2020, "maize", 50, "survey")]);
        rows.extend([row("b", 2019, "maize", 2, "survey"), row("b", 2020, "maize", 2, "survey")]);
        rows.push(row("b", 2020, "maize", 2, "survey"));
        let (sources, errors) = grids(&rows, &["a", "b"], &CodeMap::default());
        let area: Vec<Option<f64>> = sources[0].area.clone();
        let given = |v: f64| Some(v);
        assert_eq!(
            area,
            [given(150.0), given(150.0), None, given(102.0), given(102.0), given(100.0)]
        );
        assert_eq!(errors, []);
    }

    #[test]
    fn a_zero_that_is_an_empty_cell_is_missing_and_listed() {
        let mut rows = Vec::new();
        for year in 2019..2022 {
            rows.push(row("a", year, "wheat", 100, "survey"));
            rows.push(row("a", year, "maize", if year == 2021 { 0 } else { 50 }, "survey"));
        }
        let (sources, errors) = grids(&rows, &["a"], &CodeMap::default());
        assert_eq!(sources[0].area, [Some(150.0), Some(150.0), None]);
        let told: Vec<_> = errors.iter().map(|e| (e.kind, e.year, e.source.as_deref())).collect();
        assert_eq!(told, [(DataErrorKind::EmptySource, 2021, Some("survey"))]);
    }

    #[test]
    fn two_figures_for_one_key_are_none_and_a_row_named_as_the_group_stands_for_its_crops() {
        let rows = [
            row("a", 2019, "wheat", 100, "survey"),
            row("a", 2019, "wheat", 101, "survey"),
            row("a", 2020, "wheat", 100, "survey"),
            row("a", 2020, "grain", 300, "stat_yearbook"),
            row("a", 2020, "wheat", 1, "stat_yearbook"),
        ];
        let (sources, _) = grids(&rows, &["a"], &CodeMap::default());
        let told: Vec<_> =
            sources.iter().map(|s| (s.name.as_str(), s.independent, s.area.clone())).collect();
        assert_eq!(
            told,
            [
                ("stat_yearbook", false, vec![None, Some(300.0), None]),
                ("survey", true, vec![None, Some(100.0), None]),
            ]
        );
    }

    #[test]
    fn history_under_old_codes_moves_to_todays() {
        let change = |old: &str, new: &str, share| CodeMapRow {
            old: Arc::from(old),
            new: Arc::from(new),
            from_year: 2021,
            share,
        };
        let map = CodeMap::new(vec![change("a", "m", 1.0), change("b", "m", 1.0)]);
        let rows = [
            row("a", 2020, "wheat", 100, "survey"),
            row("b", 2020, "wheat", 20, "survey"),
            row("m", 2021, "wheat", 120, "survey"),
        ];
        let (sources, _) = grids(&rows, &["a", "m"], &map);
        assert_eq!(sources[0].area, [None, None, None, None, Some(120.0), Some(120.0)]);
    }

    #[test]
    fn the_share_of_vegetables_takes_the_land_from_another_source() {
        let rows = [
            row("a", 2020, "vegetable", 30, "remote_sensing"),
            row("a", 2020, "arable", 60, "remote_sensing"),
            row("a", 2020, "contracted", 100, "contract_register"),
            row("b", 2020, "vegetable", 30, "remote_sensing"),
            row("b", 2020, "arable", 60, "remote_sensing"),
        ];
        let villages: Vec<Arc<str>> = ["a", "b"].map(Arc::from).to_vec();
        let all = Baselines::new(&rows, &villages, (2020, 1), &CodeMap::default());
        assert_eq!(all.vegetable_share(), [Some(0.3), None]);
        assert_eq!(all.yearly(0, "contracted"), [(true, vec![Some(100.0)])]);
        assert_eq!(all.yearly(1, "contracted"), []);
    }
}
