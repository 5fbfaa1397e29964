//! What groups show beside the probabilities: places where counted rows gather, approvers whose villages stand apart,
//! changes of post, dense blocks of accounts, counties that stand apart as a whole. Shown to people; never added to a score, since the same deviations are in it already.

use crate::assessments::Told;
use crate::blocks::{DenseBlock, blocks};
use crate::centres::{CountyCentre, centres};
use crate::expected::of_series;
use qingmu_clusters::{Cluster, Point, ScanOptions, change_of_post, group_effects, poisson_scan};
use qingmu_model::{ClaimantId, RegionLevels};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Significance from which a place is told.
const LEAST_P: f64 = 0.05;
/// Standardised effect from which an approver or a change of post is told.
const LEAST_Z: f64 = 3.0;
/// Share of villages that must have coordinates.
const LEAST_PLACED: f64 = 0.8;
/// Share of a village-year's area by which somebody is its approver.
const MAJORITY: f64 = 0.5;

/// A place in which counted rows gather.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gathering {
    /// Villages, nearest to the centre first.
    pub villages: Vec<String>,
    /// Rows counted there, over all years and families.
    pub rows: u64,
    /// Rows expected there by its share of all claims.
    pub expected: f64,
    /// Logarithm of the likelihood ratio.
    pub llr: f64,
    /// Monte Carlo significance, all places considered.
    pub p: f64,
}

/// An approver whose villages stand apart from their county.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApproverEffect {
    /// Masked.
    pub approver: ClaimantId,
    /// Villages.
    pub villages: usize,
    /// True where all of them lie in one town and nobody else approves there: not to be told from the town.
    pub is_town: bool,
    /// Log deviation of their claims, shrunk by what honest approvers differ.
    pub effect: f64,
    /// Standardised effect.
    pub z: f64,
}

/// A change of approver after which claims of a town moved against the rest of the county.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PostChange {
    /// Town code.
    pub town: String,
    /// First year of the new approver.
    pub year: i16,
    /// Who approved before; masked.
    pub before: ClaimantId,
    /// Who approved after; masked.
    pub after: ClaimantId,
    /// Villages that changed hands.
    pub villages: usize,
    /// Change of log claims beyond that of the county's other villages.
    pub difference: f64,
    /// Its standardised size.
    pub z: f64,
}

/// Everything that groups show.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Clusters {
    /// Places, most likely first.
    pub gatherings: Vec<Gathering>,
    /// Approvers, largest effect first.
    pub approvers: Vec<ApproverEffect>,
    /// Changes of post, by town and year.
    pub changes: Vec<PostChange>,
    /// People, accounts and offices tied together beyond chance, least probable first.
    pub blocks: Vec<DenseBlock>,
    /// Counties whose claims stand apart from a source as a whole, by county and year.
    pub counties: Vec<CountyCentre>,
}

/// Log deviation of a village-year's claims from its sources, with its standard error.
type Deviation = Option<(f64, f64)>;

pub(crate) fn clusters(
    told: &Told<'_>,
    at: &[Option<(f64, f64)>],
    levels: &RegionLevels,
) -> Clusters {
    let years = told.frame.years;
    let deviations: Vec<Deviation> = (0..told.frame.villages.len())
        .into_par_iter()
        .flat_map_iter(|village| village_deviations(told, village))
        .collect();
    let town_code = |village: usize| levels.ring_of(&told.frame.villages[village]).to_owned();
    let by_year = |village: usize| &deviations[village * years..(village + 1) * years];
    Clusters {
        gatherings: gatherings(told, at),
        approvers: approvers(told, &by_year),
        changes: changes(told, &by_year, &town_code),
        blocks: blocks(told),
        counties: centres(told, levels),
    }
}

/// Inverse-variance mean over the sources of every series; `None` where no source speaks.
fn village_deviations(told: &Told<'_>, village: usize) -> Vec<Deviation> {
    let years = told.frame.years;
    let mut sums = vec![(0.0, 0.0); years];
    for series in (0..told.built.len()).filter(|s| told.fits[*s][village].is_some()) {
        for found in of_series(told, series, village) {
            let claimed = told.built[series].panel.claimed[village * years + found.year];
            let Some(claimed) = claimed.filter(|c| *c > 0.0) else { continue };
            let usable = found.source.is_some() && found.expected > 0.0 && found.hi > found.lo;
            if !usable || found.lo <= 0.0 {
                continue;
            }
            // The 90 % range is 2 x 1.645 standard errors wide on the log scale.
            let se = (found.hi / found.lo).ln() / 3.289_707_253_902_945;
            let sum = &mut sums[found.year];
            sum.0 += (claimed / found.expected).ln() / (se * se);
            sum.1 += 1.0 / (se * se);
        }
    }
    let mean = |(sum, weight): (f64, f64)| (sum / weight, (1.0 / weight).sqrt());
    let kept = |(mean, se): &(f64, f64)| mean.is_finite() && se.is_finite() && *se > 0.0;
    sums.into_iter().map(|s| Some(mean(s)).filter(kept)).collect()
}

/// County by county: what gathers in one is measured against that county's own rate.
fn gatherings(told: &Told<'_>, at: &[Option<(f64, f64)>]) -> Vec<Gathering> {
    let mut rows = vec![0_u64; at.len()];
    for counted in &told.evidence.counted {
        rows[counted.village as usize] += u64::from(counted.rows);
    }
    let mut counties: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (village, place) in told.frame.places.iter().enumerate() {
        counties.entry(place.county).or_default().push(village);
    }
    let counties: Vec<Vec<usize>> = counties.into_values().collect();
    let found: Vec<Vec<Gathering>> =
        counties.into_par_iter().map(|villages| county(told, at, &rows, &villages)).collect();
    found.into_iter().flatten().collect()
}

fn county(
    told: &Told<'_>,
    at: &[Option<(f64, f64)>],
    rows: &[u64],
    villages: &[usize],
) -> Vec<Gathering> {
    let years = told.frame.years;
    let placed: Vec<usize> = villages.iter().copied().filter(|v| at[*v].is_some()).collect();
    if (placed.len() as f64) < LEAST_PLACED * villages.len() as f64 {
        return Vec::new();
    }
    let claims = |v: &usize| -> f64 {
        told.evidence.claims[v * years..(v + 1) * years].iter().map(|c| f64::from(*c)).sum()
    };
    let points: Vec<Point> =
        placed.iter().filter_map(|v| at[*v]).map(|(lat, lon)| Point::globe(lat, lon)).collect();
    let cases: Vec<u64> = placed.iter().map(|v| rows[*v]).collect();
    let expected: Vec<f64> = placed.iter().map(claims).collect();
    let Ok(found) = poisson_scan(&points, &cases, &expected, &ScanOptions::default()) else {
        return Vec::new();
    };
    // One village is no gathering: its own lead says what is counted there.
    let several = |c: &Cluster| c.members.iter().filter(|m| cases[**m as usize] > 0).count() > 1;
    let significant = found.into_iter().filter(|c| c.p.is_some_and(|p| p <= LEAST_P));
    significant
        .filter(several)
        .map(|cluster| Gathering {
            villages: cluster
                .members
                .iter()
                .map(|m| told.frame.villages[placed[*m as usize]].to_string())
                .collect(),
            rows: cluster.cases,
            expected: cluster.expected,
            llr: cluster.llr,
            p: cluster.p.unwrap_or(1.0),
        })
        .collect()
}

/// Who approved most of a village-year.
fn approver(told: &Told<'_>, village: usize, year: usize) -> Option<u32> {
    let dominant = told.evidence.approvers.dominant[village * told.frame.years + year]?;
    (dominant.share > MAJORITY).then_some(dominant.person)
}

fn approvers<'d>(
    told: &Told<'_>,
    by_year: &dyn Fn(usize) -> &'d [Deviation],
) -> Vec<ApproverEffect> {
    // One value per approver and village: the mean over the years. Years of one village are no witnesses of one another,
    // so its standard error is that of one year.
    let mut groups: BTreeMap<(u32, usize), (f64, f64, f64)> = BTreeMap::new();
    let mut towns: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut of_town: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for village in 0..told.frame.villages.len() {
        let town = told.frame.places[village].town;
        for year in 0..told.frame.years {
            let Some(person) = approver(told, village, year) else { continue };
            towns.entry(person).or_default().insert(town);
            of_town.entry(town).or_default().insert(person);
            if let Some((mean, se)) = by_year(village)[year] {
                let sum = groups.entry((person, village)).or_default();
                *sum = (sum.0 + mean, sum.1 + se, sum.2 + 1.0);
            }
        }
    }
    let values: Vec<f64> = groups.values().map(|(mean, _, n)| mean / n).collect();
    let errors: Vec<f64> = groups.values().map(|(_, se, n)| se / n).collect();
    let people: Vec<u32> = groups.keys().map(|(person, _)| *person).collect();
    let Ok(effects) = group_effects(&values, &errors, &people, 0.0) else { return Vec::new() };
    let mut told_of: Vec<ApproverEffect> = effects
        .into_iter()
        .filter(|e| e.z >= LEAST_Z)
        .map(|e| {
            let own = &towns[&e.group];
            let alone = own.iter().all(|town| of_town[town].len() == 1);
            ApproverEffect {
                approver: told.evidence.approvers.people[e.group as usize].clone(),
                villages: e.members,
                is_town: own.len() == 1 && alone,
                effect: e.shrunk,
                z: e.z,
            }
        })
        .collect();
    told_of.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.approver.cmp(&b.approver)));
    told_of
}

fn changes<'d>(
    told: &Told<'_>,
    by_year: &dyn Fn(usize) -> &'d [Deviation],
    town_code: &dyn Fn(usize) -> String,
) -> Vec<PostChange> {
    // Villages by who came after whom, where the change is the only one of the record.
    let mut hands: BTreeMap<(u32, u32, usize, u32, u32), Vec<usize>> = BTreeMap::new();
    for village in 0..told.frame.villages.len() {
        let held: Vec<Option<u32>> =
            (0..told.frame.years).map(|y| approver(told, village, y)).collect();
        let turns: Vec<usize> = (1..held.len())
            .filter(|y| matches!((held[y - 1], held[*y]), (Some(a), Some(b)) if a != b))
            .collect();
        if let ([year], false) = (turns.as_slice(), held.contains(&None))
            && let (Some(before), Some(after)) = (held[year - 1], held[*year])
        {
            let place = told.frame.places[village];
            hands
                .entry((place.county, place.town, *year, before, after))
                .or_default()
                .push(village);
        }
    }
    let moved = |village: usize, year: usize| -> Option<f64> {
        let mean = |part: &[Deviation]| {
            let known: Vec<f64> = part.iter().flatten().map(|(d, _)| *d).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        let all = by_year(village);
        Some(mean(&all[year..])? - mean(&all[..year])?)
    };
    let mut found = Vec::new();
    for ((county, town, year, before, after), villages) in &hands {
        let own: Vec<f64> = villages.iter().filter_map(|v| moved(*v, *year)).collect();
        let others: Vec<f64> = (0..told.frame.villages.len())
            .filter(|v| {
                let place = told.frame.places[*v];
                place.county == *county && place.town != *town
            })
            .filter_map(|v| moved(v, *year))
            .collect();
        let Ok(change) = change_of_post(&own, &others) else { continue };
        if change.z >= LEAST_Z {
            let people = &told.evidence.approvers.people;
            found.push(PostChange {
                town: town_code(villages[0]),
                year: told.frame.year(*year),
                before: people[*before as usize].clone(),
                after: people[*after as usize].clone(),
                villages: villages.len(),
                difference: change.difference,
                z: change.z,
            });
        }
    }
    found.sort_by(|a, b| (&a.town, a.year).cmp(&(&b.town, b.year)));
    found
}
