//! Whom to visit first: expected recoverable money per inspection day.
//!
//! Days are shared: the way to a town is paid once. Villages are taken greedily by what they add per day that they
//! add (statistics.md 5.5); cutting the list at any number of days leaves the greedy choice for that number.

use crate::case::Case;
use crate::fusion::Fusion;
use crate::options::Options;
use crate::village::index;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// One village on the list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Village.
    pub village: u32,
    /// Expected recoverable yuan over its listed years: Σ probability · mean · share recovered.
    pub expected_yuan: f64,
    /// Days that it adds: its own, and its town's where it is the first there.
    pub days: f64,
    /// Priority index: yuan per day added.
    pub index: f64,
    /// Days of the list so far.
    pub days_so_far: f64,
}

/// Every village with expected money, in the order of visits.
#[must_use]
pub fn visits(case: &Case<'_>, fusion: &Fusion, options: &Options) -> Vec<Visit> {
    let (town_days, village_days, claims_per_day) = options.days;
    let mut yuan: BTreeMap<usize, (f64, u32)> = BTreeMap::new();
    for year in &fusion.village_years {
        let (village, worth) = (year.village as usize, year.p_ring * year.mean_yuan.unwrap_or(0.0));
        let claims = case.claims.get(village * case.years + year.year as usize).copied();
        let entry = yuan.entry(village).or_insert((0.0, 0));
        *entry = (entry.0 + worth * options.recovery, entry.1.max(claims.unwrap_or(0)));
    }
    yuan.retain(|_, (worth, _)| *worth > 0.0);
    let own = |claims: u32| village_days + f64::from(claims) / claims_per_day;
    let mut towns: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut heap = BinaryHeap::new();
    // Ratios are positive, and the bits of positive doubles are in their order.
    let entry = |village: usize, worth: f64, days: f64, open: bool| {
        ((worth / days).to_bits(), Reverse(&case.codes[village]), village, open)
    };
    for (village, (worth, claims)) in &yuan {
        towns.entry(case.places[*village].town).or_default().push(*village);
        heap.push(entry(*village, *worth, town_days + own(*claims), false));
    }
    let (mut list, mut days_so_far) = (Vec::with_capacity(yuan.len()), 0.0);
    while let Some((_, _, village, open)) = heap.pop() {
        let town = case.places[village].town;
        // Entries made before the town was reached stay behind and are stale.
        let reached = !towns.contains_key(&town);
        if reached != open {
            continue;
        }
        let (worth, claims) = yuan[&village];
        let days = own(claims) + if open { 0.0 } else { town_days };
        days_so_far += days;
        let index_of = worth / days;
        let village_at = index(village);
        list.push(Visit {
            village: village_at,
            expected_yuan: worth,
            days,
            index: index_of,
            days_so_far,
        });
        for other in towns.remove(&town).unwrap_or_default() {
            if other != village {
                let (worth, claims) = yuan[&other];
                heap.push(entry(other, worth, own(claims), true));
            }
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Posterior;
    use qingmu_deviation::Place;
    use std::sync::Arc;

    fn year(village: u32, p: f64, mean: f64) -> Posterior {
        Posterior {
            village,
            year: 0,
            p,
            p_ring: p,
            q: 1.0,
            q_ring: 1.0,
            excess_mu: None,
            excess_yuan: None,
            mean_yuan: Some(mean),
            span: None,
            series: None,
            families: Vec::new(),
            honest: Vec::new(),
            ring: None,
        }
    }

    /// Towns: {0, 1}, {2}. Village 2 alone is worth more than each of the others, and less than both per day once
    /// the way to their town is paid.
    #[test]
    fn the_way_to_a_town_is_paid_once() {
        let places = [0, 0, 1, 1].map(|town| Place { county: 0, prefecture: 0, town });
        let codes: Vec<Arc<str>> = ["a", "b", "c", "d"].map(Arc::from).to_vec();
        let case = Case {
            first_year: 2020,
            years: 1,
            places: &places,
            codes: &codes,
            series: Vec::new(),
            counted: &[],
            groups: Vec::new(),
            claims: &[0, 0, 200, 0],
        };
        let village_years = vec![
            year(0, 0.5, 3000.0),
            year(1, 0.5, 2500.0),
            year(2, 1.0, 2400.0),
            year(3, 0.0, 9.0),
        ];
        let fusion = Fusion { village_years, ..Fusion::default() };
        let list = visits(&case, &fusion, &Options::default());
        let order: Vec<u32> = list.iter().map(|visit| visit.village).collect();
        assert_eq!(order, [0, 1, 2], "and nothing is expected of the fourth");
        assert!((list[0].expected_yuan - 1200.0).abs() < 1e-9);
        assert!((list[0].days - 1.5).abs() < 1e-12 && (list[1].days - 1.0).abs() < 1e-12);
        assert!((list[2].days - 2.5).abs() < 1e-12, "200 claims take a day");
        assert!((list[2].days_so_far - 5.0).abs() < 1e-12);
        assert!((list[1].index - 1000.0).abs() < 1e-9);
    }
}
