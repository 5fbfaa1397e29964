//! Baselines re-added from rows: the rule of one source per village and name, followed by hand.

use qingmu_input::SourceRow;
use qingmu_model::{Project, Season};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A baseline figure and the rows that make it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BaseSum<'a> {
    /// 0.0001 mu.
    pub(super) area: i64,
    /// Standard error, 0.0001 mu; where every row has one.
    pub(super) se: Option<i64>,
    /// Rows added.
    pub(super) rows: Vec<&'a SourceRow>,
}

/// Which baseline is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    /// Crops to add; `None` for all crops.
    pub(super) crops: Option<&'a [&'a str]>,
    /// A name under which a source may state the sum itself.
    pub(super) own_name: Option<&'a str>,
    /// Season; the whole year takes all rows.
    pub(super) season: Season,
}

/// A crop with more than 1/20 of the group's area in the other years must be there every year.
const NEEDED_SHARE: i128 = 20;

/// Figures of a source by year.
type Years<'a> = BTreeMap<i16, BaseSum<'a>>;
/// Independent first, then most years, then the project's order.
type Rank = (bool, Reverse<usize>, usize);

/// The figure of one village in `year`; `rows` are all baseline rows of that village.
pub(super) fn base<'a>(
    rows: &[&'a SourceRow],
    ask: Ask<'_>,
    year: i16,
    project: &Project,
) -> Option<BaseSum<'a>> {
    let sources: BTreeSet<&str> = rows.iter().filter_map(|r| r.source.as_deref()).collect();
    let mut best: Option<(Rank, Years<'a>)> = None;
    for source in sources {
        let own: Vec<&'a SourceRow> =
            rows.iter().copied().filter(|r| r.source.as_deref() == Some(source)).collect();
        let names = names_of(&own, ask, project);
        // Sources are compared on whole years, so that every season speaks from the same one.
        let whole = years_of(&own, &names, Season::Y);
        if whole.is_empty() {
            continue;
        }
        let dependent = whole.values().flat_map(|s| &s.rows).any(|r| r.independent == Some(false));
        let place = project.source_order.iter().position(|s| s == source).unwrap_or(usize::MAX);
        let rank = (dependent, Reverse(whole.len()), place);
        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
            best = Some((rank, years_of(&own, &names, ask.season)));
        }
    }
    best?.1.remove(&year)
}

/// The names whose rows are added in a source.
fn names_of<'n>(rows: &[&'n SourceRow], ask: Ask<'n>, project: &Project) -> BTreeSet<&'n str> {
    let there: BTreeSet<&str> = rows.iter().map(|r| r.crop.as_str()).collect();
    let is_crop = |name: &&str| {
        *name != "all"
            && !project.crop_group.contains_key(*name)
            && !project.land_class.iter().any(|class| class == name)
    };
    match (ask.own_name.filter(|own| there.contains(own)), ask.crops) {
        (Some(own), _) => BTreeSet::from([own]),
        (None, Some(crops)) => crops.iter().copied().filter(|c| there.contains(c)).collect(),
        (None, None) => there.into_iter().filter(is_crop).collect(),
    }
}

/// One crop in one year.
enum Cell<'a> {
    Absent,
    /// Two different figures for one season.
    Contradicted,
    Rows(Vec<&'a SourceRow>),
}

fn years_of<'a>(rows: &[&'a SourceRow], names: &BTreeSet<&str>, season: Season) -> Years<'a> {
    let counts = |r: &SourceRow| {
        names.contains(r.crop.as_str())
            && (season == Season::Y || r.season == season || r.season == Season::Y)
    };
    let rows: Vec<&'a SourceRow> = rows.iter().copied().filter(|r| counts(r)).collect();
    let years: BTreeSet<i16> = rows.iter().map(|r| r.year).collect();
    let crops: BTreeSet<&str> = rows.iter().map(|r| r.crop.as_str()).collect();
    years.into_iter().filter_map(|year| Some((year, year_of(&rows, &crops, year)?))).collect()
}

fn year_of<'a>(rows: &[&'a SourceRow], crops: &BTreeSet<&str>, year: i16) -> Option<BaseSum<'a>> {
    let mut used = Vec::new();
    for crop in crops {
        match cell(rows, crop, year) {
            Cell::Contradicted => return None,
            Cell::Rows(found) => used.extend(found),
            Cell::Absent => {
                let group: i128 = crops.iter().map(|c| elsewhere(rows, c, year)).sum();
                if elsewhere(rows, crop, year) * NEEDED_SHARE > group {
                    return None;
                }
            }
        }
    }
    if used.is_empty() {
        return None;
    }
    let area = used.iter().map(|r| r.area.raw()).sum();
    Some(BaseSum { area, se: quadrature(&used), rows: used })
}

/// Rows of a crop in a year; the same row given twice counts once.
fn cell<'a>(rows: &[&'a SourceRow], crop: &str, year: i16) -> Cell<'a> {
    let mut by_season: BTreeMap<Season, &'a SourceRow> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.crop == crop && r.year == year) {
        let known = by_season.entry(row.season).or_insert(row);
        let same = known.area == row.area
            && known.se == row.se
            && known.independent.unwrap_or(true) == row.independent.unwrap_or(true);
        if !same {
            return Cell::Contradicted;
        }
    }
    if by_season.is_empty() { Cell::Absent } else { Cell::Rows(by_season.into_values().collect()) }
}

/// Area of a crop in the other years.
fn elsewhere(rows: &[&SourceRow], crop: &str, year: i16) -> i128 {
    let years: BTreeSet<i16> = rows.iter().map(|r| r.year).filter(|y| *y != year).collect();
    let area = |y| match cell(rows, crop, y) {
        Cell::Rows(found) => found.iter().map(|r| i128::from(r.area.raw())).sum(),
        Cell::Absent | Cell::Contradicted => 0,
    };
    years.into_iter().map(area).sum()
}

/// Root of the sum of squares; `None` where a row has no standard error.
fn quadrature(rows: &[&SourceRow]) -> Option<i64> {
    let mut squares = 0.0;
    for row in rows {
        let se = row.se?.raw() as f64;
        squares += se * se;
    }
    #[allow(clippy::cast_possible_truncation, reason = "far below 2^63 for any village's area")]
    let root = f64::sqrt(squares).round() as i64;
    Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::Mu;

    /// Invented rows.
    fn row(year: i16, crop: &str, source: &str, mu: i64, independent: bool) -> SourceRow {
        SourceRow {
            origin: None,
            file: "baselines.csv".to_owned(),
            row: 2,
            village_code: "v".to_owned(),
            year,
            season: Season::Y,
            programme: None,
            crop: crop.to_owned(),
            claim_id: None,
            claimant: None,
            account: None,
            approver: None,
            area: Mu::from_raw(mu * 10_000),
            amount: None,
            rate: None,
            source: Some(source.to_owned()),
            se: None,
            independent: Some(independent),
        }
    }

    fn mu(rows: &[SourceRow], crops: &[&str], year: i16) -> Option<i64> {
        let rows: Vec<&SourceRow> = rows.iter().collect();
        let ask = Ask { crops: Some(crops), own_name: Some("grain"), season: Season::Y };
        base(&rows, ask, year, &Project::default()).map(|b| b.area / 10_000)
    }

    #[test]
    fn an_independent_source_is_taken_before_a_longer_dependent_one() {
        let rows = [
            row(2021, "wheat", "stat_yearbook", 90, false),
            row(2022, "wheat", "stat_yearbook", 95, false),
            row(2022, "wheat", "remote_sensing", 60, true),
        ];
        assert_eq!(mu(&rows, &["wheat"], 2022), Some(60));
        // One source speaks for the village: the other one does not fill its gaps.
        assert_eq!(mu(&rows, &["wheat"], 2021), None);
    }

    #[test]
    fn a_group_lacks_where_a_large_crop_is_absent() {
        let rows = [
            row(2021, "wheat", "land_survey", 50, true),
            row(2021, "maize", "land_survey", 50, true),
            row(2022, "wheat", "land_survey", 50, true),
        ];
        assert_eq!(mu(&rows, &["wheat", "maize"], 2021), Some(100));
        assert_eq!(mu(&rows, &["wheat", "maize"], 2022), None);
    }

    #[test]
    fn a_contradiction_is_no_figure_and_a_repetition_counts_once() {
        let twice = [row(2022, "wheat", "a", 50, true), row(2022, "wheat", "a", 50, true)];
        assert_eq!(mu(&twice, &["wheat"], 2022), Some(50));
        let differ = [row(2022, "wheat", "a", 50, true), row(2022, "wheat", "a", 51, true)];
        assert_eq!(mu(&differ, &["wheat"], 2022), None);
    }

    #[test]
    fn a_source_that_states_the_group_speaks_by_it() {
        let rows = [row(2022, "grain", "a", 70, true), row(2022, "wheat", "a", 50, true)];
        assert_eq!(mu(&rows, &["wheat"], 2022), Some(70));
    }
}
