//! The county as a whole: what the villages of a county have in common is taken out of each of them, so a county whose
//! claims are all too high, or whose whole source was changed, shows nowhere but here (statistics.md 1.2). Shown to
//! people; never a lead on a village.

use crate::assessments::Told;
use qingmu_model::{Bilingual, RegionLevels};
use qingmu_stats::{mad, median};
use serde::Serialize;
use std::collections::BTreeMap;

/// Counties that a comparison needs.
const LEAST_COUNTIES: usize = 5;
/// Villages of a county with claims and the source in the year.
const LEAST_VILLAGES: usize = 12;
/// Standardised distance from the other counties from which a county is told.
const LEAST_Z: f64 = 4.0;
/// Log distance below which a county is not worth a word, however alike the others are.
const LEAST_LOG: f64 = 0.05;
/// Least spread of counties, on the log scale: two digits of agreement among counties are luck.
const FLOOR: f64 = 0.01;

/// What stands apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CentreKind {
    /// The ratio of claims to the source in one year.
    Level,
    /// Its change from the year before.
    Change,
}

/// A county whose claims stand apart from a source as a whole, against the other counties.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CountyCentre {
    /// County code.
    pub county: String,
    /// Year.
    pub year: i16,
    /// Series, `programme/group`.
    pub series: String,
    /// Source.
    pub source: String,
    /// What stands apart.
    pub kind: CentreKind,
    /// Median ratio of claims to the source in the county, or its change as a ratio.
    pub ratio: f64,
    /// The same for the middle county.
    pub others: f64,
    /// Standardised distance on the log scale.
    pub z: f64,
    /// Counties compared.
    pub counties: usize,
    /// Sources of the same series and year that say the same. One alone points to the source, several to the claims.
    pub agreeing: usize,
    /// In words.
    pub say: Bilingual,
}

/// A median log ratio per county and year; `None` where too few villages speak.
type Centres = BTreeMap<u32, Vec<Option<f64>>>;

/// Counties that stand apart, by county, year, series and source.
pub(crate) fn centres(told: &Told<'_>, levels: &RegionLevels) -> Vec<CountyCentre> {
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    for (place, code) in told.frame.places.iter().zip(told.frame.villages) {
        names.entry(place.county).or_insert_with(|| levels.peer_of(code).to_owned());
    }
    let mut found = Vec::new();
    for built in told.built {
        for source in &built.panel.sources {
            let centres = of_source(told, &built.panel.claimed, &source.area);
            let in_words = |one: (u32, usize, CentreKind, [f64; 3], usize)| {
                let (county, year, kind, [own, others, z], counties) = one;
                CountyCentre {
                    county: names[&county].clone(),
                    year: told.frame.year(year),
                    series: built.plan.name.clone(),
                    source: source.name.clone(),
                    kind,
                    ratio: own.exp(),
                    others: others.exp(),
                    z,
                    counties,
                    agreeing: 0,
                    say: Bilingual::default(),
                }
            };
            found.extend(apart(&centres, told.frame.years).into_iter().map(in_words));
        }
    }
    agree(&mut found);
    found.sort_by(|a, b| {
        let key = |c: &CountyCentre| (c.county.clone(), c.year, c.series.clone(), c.source.clone());
        key(a).cmp(&key(b)).then(a.kind.cmp(&b.kind))
    });
    found
}

fn of_source(told: &Told<'_>, claimed: &[Option<f64>], given: &[Option<f64>]) -> Centres {
    let years = told.frame.years;
    let mut ratios: BTreeMap<u32, Vec<Vec<f64>>> = BTreeMap::new();
    for (village, place) in told.frame.places.iter().enumerate() {
        let county = ratios.entry(place.county).or_insert_with(|| vec![Vec::new(); years]);
        for (year, of_year) in county.iter_mut().enumerate() {
            let at = village * years + year;
            let both = claimed[at].zip(given[at]).filter(|(c, g)| *c > 0.0 && *g > 0.0);
            of_year.extend(both.map(|(c, g)| (c / g).ln()));
        }
    }
    let middle =
        |values: Vec<f64>| (values.len() >= LEAST_VILLAGES).then(|| median(&values)).flatten();
    ratios
        .into_iter()
        .map(|(county, all)| (county, all.into_iter().map(middle).collect()))
        .collect()
}

/// County, year, what, own and middle log value with z, and the number of counties.
type Apart = (u32, usize, CentreKind, [f64; 3], usize);

fn apart(centres: &Centres, years: usize) -> Vec<Apart> {
    let mut found = Vec::new();
    for year in 0..years {
        let level = |all: &Vec<Option<f64>>| all[year];
        found.extend(outliers(centres, year, CentreKind::Level, &level));
        if year > 0 {
            let change = |all: &Vec<Option<f64>>| Some(all[year]? - all[year - 1]?);
            found.extend(outliers(centres, year, CentreKind::Change, &change));
        }
    }
    found
}

fn outliers(
    centres: &Centres,
    year: usize,
    kind: CentreKind,
    value: &dyn Fn(&Vec<Option<f64>>) -> Option<f64>,
) -> Vec<Apart> {
    let all: Vec<(u32, f64)> =
        centres.iter().filter_map(|(county, years)| Some((*county, value(years)?))).collect();
    let values: Vec<f64> = all.iter().map(|(_, v)| *v).collect();
    let (Some(middle), Some(spread)) = (median(&values), mad(&values)) else { return Vec::new() };
    if all.len() < LEAST_COUNTIES {
        return Vec::new();
    }
    let spread = spread.max(FLOOR);
    let told = |(county, own): (u32, f64)| {
        let z = (own - middle) / spread;
        (z.abs() >= LEAST_Z && (own - middle).abs() >= LEAST_LOG).then_some((
            county,
            year,
            kind,
            [own, middle, z],
            all.len(),
        ))
    };
    all.iter().copied().filter_map(told).collect()
}

/// Counts the sources that say the same, and puts each into words.
fn agree(found: &mut [CountyCentre]) {
    let mut counts: BTreeMap<(String, i16, String, CentreKind, bool), usize> = BTreeMap::new();
    let key = |c: &CountyCentre| (c.county.clone(), c.year, c.series.clone(), c.kind, c.z > 0.0);
    for centre in found.iter() {
        *counts.entry(key(centre)).or_default() += 1;
    }
    for centre in found {
        centre.agreeing = counts[&key(centre)];
        centre.say = say(centre);
    }
}

fn say(c: &CountyCentre) -> Bilingual {
    let CountyCentre { county, year, source, ratio, others, agreeing, .. } = c;
    let (what_zh, what_en) = match c.kind {
        CentreKind::Level => ("申报与来源之比", "claims over the source"),
        CentreKind::Change => {
            ("申报与来源之比较上年的变动", "the change of claims over the source")
        }
    };
    let (why_zh, why_en) = if *agreeing > 1 {
        (
            "几个来源都这样，先查全县申报口径或普遍多报",
            "several sources say so: look first at the county's basis of claims, or at claims too high everywhere",
        )
    } else {
        (
            "只有这一个来源这样，先查该来源在本县是否改过口径",
            "this source alone says so: look first at whether it was changed in this county",
        )
    };
    Bilingual::new(
        format!(
            "{county} {year} 年：{what_zh}（{source}）全县中位数为 {ratio:.3}，其他县居中者为 {others:.3}；{why_zh}。逐村比较看不出全县一致的偏差"
        ),
        format!(
            "{county}, {year}: {what_en} ({source}) has the median {ratio:.3}, the middle county {others:.3}; {why_en}. What a whole county has in common does not show village by village"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight counties of one year before and one after, their log centres near one another.
    fn counties(raised: f64) -> Centres {
        (0..8_u32)
            .map(|k| {
                let own = 0.01 * f64::from(k % 4);
                let step = if k == 3 { raised } else { 0.004 * f64::from(k % 3) };
                (k, vec![Some(own), Some(own + step)])
            })
            .collect()
    }

    #[test]
    fn a_county_that_rises_as_a_whole_is_told_by_its_change_and_its_level() {
        let found = apart(&counties(0.25), 2);
        let told: Vec<_> = found.iter().map(|(k, y, kind, ..)| (*k, *y, *kind)).collect();
        assert_eq!(told, [(3, 1, CentreKind::Level), (3, 1, CentreKind::Change)]);
        assert!(found.iter().all(|(.., [own, middle, z], n)| own > middle && *z > 4.0 && *n == 8));
    }

    #[test]
    fn small_distances_few_counties_and_missing_years_say_nothing() {
        assert_eq!(apart(&counties(0.03), 2), []);
        let few: Centres = counties(0.25).into_iter().take(4).collect();
        assert_eq!(apart(&few, 2), []);
        let mut missing = counties(0.25);
        missing.entry(3).and_modify(|years| years[0] = None);
        let kinds: Vec<CentreKind> = apart(&missing, 2).into_iter().map(|a| a.2).collect();
        assert_eq!(kinds, [CentreKind::Level], "no change without the year before");
    }
}
