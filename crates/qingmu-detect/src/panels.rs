//! Panels: the claims of each series beside its sources.

use crate::places::CodeMap;
use crate::series::SeriesPlan;
use crate::sources::Baselines;
use qingmu_deviation::{Panel, Place};
use qingmu_evidence::{Evidence, PanelCell};
use qingmu_model::{DataError, Yuan};
use std::sync::Arc;

/// One series with everything that is known of it.
pub(crate) struct Built {
    pub(crate) plan: SeriesPlan,
    pub(crate) panel: Panel,
    /// Yuan per mu, villages by years.
    pub(crate) rate: Vec<Option<f64>>,
}

/// Villages and years of a run.
pub(crate) struct Frame<'a> {
    pub(crate) villages: &'a [Arc<str>],
    pub(crate) places: &'a [Place],
    pub(crate) first_year: i16,
    pub(crate) years: usize,
}

impl Frame<'_> {
    /// The calendar year of a column.
    pub(crate) fn year(&self, column: usize) -> i16 {
        self.first_year + i16::try_from(column).unwrap_or_default()
    }
}

/// Builds the panel of each plan, and lists what was empty in the sources.
pub(crate) fn build(
    plans: Vec<SeriesPlan>,
    evidence: &Evidence,
    baselines: &Baselines,
    frame: &Frame<'_>,
    map: &CodeMap,
) -> (Vec<Built>, Vec<DataError>) {
    let shares = baselines.vegetable_share();
    let mut errors = Vec::new();
    let mut panels = Vec::new();
    for plan in plans {
        let (sources, mut empty) = baselines.of(&plan, frame.villages, frame.places);
        errors.append(&mut empty);
        let cells = evidence.cells.iter().filter(|c| plan.codes.contains(&c.programme));
        let (mut claimed, rate) = claims(cells, frame, map);
        if plan.is_part {
            // The series of all together stands first and speaks for villages with one programme alone.
            let whole = panels.first().map(|b: &Built| b.panel.claimed.as_slice());
            only_beside_others(&mut claimed, whole.unwrap_or_default(), frame.years);
            if claimed.iter().all(Option::is_none) {
                continue;
            }
        }
        let panel = Panel {
            programme: plan.programme.clone(),
            group: plan.group.clone(),
            first_year: frame.first_year,
            years: frame.years,
            places: frame.places.to_vec(),
            claimed,
            sources,
            vegetable_share: shares.clone(),
        };
        panels.push(Built { plan, panel, rate });
    }
    // Two programmes of one group read the same sources: a cell is empty once.
    errors.sort_by(|a, b| {
        let key = |e: &DataError| (e.village_code.clone(), e.year, e.source.clone());
        key(a).cmp(&key(b))
    });
    errors.dedup();
    (panels, errors)
}

type Grid = Vec<Option<f64>>;

/// Share of a village's claims from which one programme is as good as all of them.
const ALONE: f64 = 0.95;

/// Leaves out villages where a programme is as good as all planting claims.
fn only_beside_others(part: &mut [Option<f64>], whole: &[Option<f64>], years: usize) {
    for (own, all) in part.chunks_mut(years.max(1)).zip(whole.chunks(years.max(1))) {
        let sum = |values: &[Option<f64>]| values.iter().flatten().sum::<f64>();
        if sum(own) >= ALONE * sum(all) {
            own.fill(None);
        }
    }
}

/// Claimed area and yuan per mu. A village-year without claims is missing, not 0: a file that was not handed over
/// must not look like a fall.
fn claims<'a>(
    cells: impl Iterator<Item = &'a PanelCell>,
    frame: &Frame<'_>,
    map: &CodeMap,
) -> (Grid, Grid) {
    let size = frame.villages.len() * frame.years;
    let mut area: Vec<Option<f64>> = vec![None; size];
    let mut paid: Vec<f64> = vec![0.0; size];
    for cell in cells {
        let (village, year) = (cell.village as usize, cell.year as usize);
        let Some(code) = frame.villages.get(village) else { continue };
        let parts = if map.is_empty() {
            vec![(village, 1.0)]
        } else {
            let codes = map.today(code, frame.year(year));
            let place = |(code, share): (Arc<str>, f64)| {
                Some((frame.villages.binary_search(&code).ok()?, share))
            };
            codes.into_iter().filter_map(place).collect()
        };
        for (village, share) in parts {
            let at = village * frame.years + year;
            *area[at].get_or_insert(0.0) += cell.used.to_f64() * share;
            paid[at] += Yuan::to_f64(cell.amount) * share;
        }
    }
    let rate = area
        .iter()
        .zip(&paid)
        .map(|(area, paid)| area.filter(|a| *a > 0.0).map(|a| paid / a).filter(|r| *r > 0.0))
        .collect();
    (area, rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_input::places::CodeMapRow;
    use qingmu_model::{Mu, Season};

    fn cell(village: u32, year: u32, mu: i64, yuan: i64) -> PanelCell {
        PanelCell {
            village,
            year,
            programme: Arc::from("GRAIN"),
            season: Season::Y,
            crop: Arc::from("wheat"),
            filed: Mu::from_raw(mu * 20_000),
            used: Mu::from_raw(mu * 10_000),
            amount: Yuan::from_raw(yuan * 100),
            claims: 1,
            claimants: 1,
        }
    }

    #[test]
    fn claims_move_to_todays_codes_and_missing_stays_missing() {
        let villages: Vec<Arc<str>> = ["a", "b", "c"].map(Arc::from).to_vec();
        let place = Place { county: 1, prefecture: 1, town: 1 };
        let frame = Frame { villages: &villages, places: &[place; 3], first_year: 2020, years: 2 };
        let cells =
            [cell(0, 0, 10, 100), cell(1, 0, 30, 300), cell(1, 1, 44, 880), cell(2, 1, 5, 0)];
        let (area, rate) = claims(cells.iter(), &frame, &CodeMap::default());
        assert_eq!(area, [Some(10.0), None, Some(30.0), Some(44.0), None, Some(5.0)]);
        assert_eq!(rate, [Some(10.0), None, Some(10.0), Some(20.0), None, None]);
        let change =
            CodeMapRow { old: Arc::from("a"), new: Arc::from("b"), from_year: 2021, share: 1.0 };
        let map = CodeMap::new(vec![change]);
        let (area, _) = claims(cells.iter(), &frame, &map);
        assert_eq!(area, [None, None, Some(40.0), Some(44.0), None, Some(5.0)]);
    }
}
