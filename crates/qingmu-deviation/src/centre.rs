//! What a region has in common in a year, kept so that every village can be held against the others.
//!
//! Removing one value from a sorted column moves its middle by at most one place: three numbers per column are
//! enough to answer "the median of all others" for every member, also later, with a frozen model. Groups with few
//! others are pooled with the wider region (statistics.md 1.2).

use crate::panel::Place;
use qingmu_stats::MAD_TO_SD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Variance of a median of n normal values is π/2 · σ²/n.
const MEDIAN_COST: f64 = std::f64::consts::FRAC_PI_2;

/// Values closer than this share are the same one.
const SAME: f64 = 1e-12;

/// The middle of one sorted column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Middle {
    /// Values of the column.
    count: usize,
    /// Odd: the middle value and its neighbours. Even: the two middle values, the second twice.
    values: [f64; 3],
    /// Scale of the column: its median absolute deviation as a standard deviation.
    spread: f64,
}

impl Middle {
    /// Middle of a column, which is sorted by the way; `None` when it is empty.
    pub(crate) fn of(column: &mut [f64]) -> Option<Self> {
        column.sort_unstable_by(f64::total_cmp);
        let (n, h) = (column.len(), column.len() / 2);
        let values = match n {
            0 => return None,
            1 => [column[0]; 3],
            _ if n % 2 == 1 => [column[h - 1], column[h], column[h + 1]],
            _ => [column[h - 1], column[h], column[h]],
        };
        let mut middle = Self { count: n, values, spread: 0.0 };
        let centre = middle.all();
        for value in column.iter_mut() {
            *value = (*value - centre).abs();
        }
        column.sort_unstable_by(f64::total_cmp);
        let deviation = if n % 2 == 1 { column[h] } else { half(column[h - 1], column[h]) };
        middle.spread = deviation * MAD_TO_SD;
        Some(middle)
    }

    /// Median of the whole column.
    fn all(&self) -> f64 {
        let [low, middle, _] = self.values;
        if self.count % 2 == 1 { middle } else { half(low, middle) }
    }

    /// Median of the column without one of its values, and how many values are left.
    fn others(&self, own: Option<f64>) -> (Option<f64>, usize) {
        let Some(own) = own else { return (Some(self.all()), self.count) };
        let [low, middle, high] = self.values;
        // A model read back from text may have lost its last digit; the member must still be known again.
        let near = SAME * (1.0 + middle.abs());
        let rest = self.count - 1;
        let value = match self.count {
            1 => return (None, 0),
            n if n % 2 == 0 => {
                if own <= low + near {
                    middle
                } else {
                    low
                }
            }
            _ if own < middle - near => half(middle, high),
            _ if own > middle + near => half(low, middle),
            _ => half(low, high),
        };
        (Some(value), rest)
    }
}

fn half(low: f64, high: f64) -> f64 {
    low + (high - low) / 2.0
}

/// A centre and the variance of its own error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Centre {
    pub(crate) value: f64,
    pub(crate) variance: f64,
}

/// One column per year.
type Years = Vec<Option<Middle>>;

/// Columns of every county and year, and of the wider regions for counties with few villages.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Centres {
    county: BTreeMap<u32, Years>,
    prefecture: BTreeMap<u32, Years>,
    whole: Years,
    /// By year the variance of the counties' own centres: what borrowing from the region costs.
    between: Vec<f64>,
}

impl Centres {
    /// Columns of `values` (villages by years, NaN for missing).
    pub(crate) fn of(values: &[f64], regions: &Regions, years: usize, full: usize) -> Self {
        let columns = |members: &[usize]| -> Years {
            let one = |t: usize| {
                let mut column: Vec<f64> = members.iter().map(|v| values[v * years + t]).collect();
                column.retain(|v| !v.is_nan());
                Middle::of(&mut column)
            };
            (0..years).map(one).collect()
        };
        let of = |groups: &BTreeMap<u32, Vec<usize>>| -> BTreeMap<u32, Years> {
            groups.iter().map(|(key, members)| (*key, columns(members))).collect()
        };
        let county = of(&regions.county);
        let small = |m: &Option<Middle>| m.is_none_or(|m| m.count <= full);
        // Wider regions cost a sort of whole provinces: only where a small county asks for them.
        if county.values().flatten().any(small) {
            let whole = columns(&regions.whole);
            let between = (0..years).map(|t| scatter(county.values().map(|k| k[t])));
            let between = between.collect();
            Self { prefecture: of(&regions.prefecture), whole, between, county }
        } else {
            Self { county, ..Self::default() }
        }
    }

    /// Centre of the others of a village whose own value is `own`.
    pub(crate) fn others(
        &self,
        place: Place,
        year: usize,
        own: Option<f64>,
        full: usize,
    ) -> Option<Centre> {
        let ask = |years: Option<&Years>| {
            let middle = years?.get(year).copied().flatten()?;
            let (value, count) = middle.others(own);
            let variance = MEDIAN_COST * middle.spread * middle.spread / count.max(1) as f64;
            Some((Centre { value: value?, variance }, count))
        };
        // Nothing of the county in this year: the programme did not run there, and the region does not speak for it.
        self.county.get(&place.county)?.get(year).copied().flatten()?;
        let narrow = ask(self.county.get(&place.county));
        if let Some((centre, count)) = narrow
            && count >= full
        {
            return Some(centre);
        }
        let prefecture = ask(self.prefecture.get(&place.prefecture));
        let whole = ask(Some(&self.whole));
        let enough = |c: &Option<(Centre, usize)>| c.is_some_and(|(_, n)| n >= full);
        let wide = if enough(&prefecture) { prefecture } else { whole.or(prefecture) };
        match (narrow, wide) {
            (Some((narrow, count)), Some((wide, _))) => {
                let share = count as f64 / (count + full) as f64;
                let other = 1.0 - share;
                let between = self.between.get(year).copied().unwrap_or(0.0);
                let borrowed = other * other * (wide.variance + between);
                Some(Centre {
                    value: share * narrow.value + other * wide.value,
                    variance: share * share * narrow.variance + borrowed,
                })
            }
            (one, other) => one.or(other).map(|(centre, _)| centre),
        }
    }
}

/// Robust variance of the medians of counties; 0 below three of them.
fn scatter(counties: impl Iterator<Item = Option<Middle>>) -> f64 {
    let mut medians: Vec<f64> = counties.flatten().map(|m| m.all()).collect();
    let enough = medians.len() >= 3;
    Middle::of(&mut medians).filter(|_| enough).map_or(0.0, |m| m.spread * m.spread)
}

/// Villages of each region, as indices.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Regions {
    pub(crate) county: BTreeMap<u32, Vec<usize>>,
    pub(crate) prefecture: BTreeMap<u32, Vec<usize>>,
    pub(crate) whole: Vec<usize>,
}

impl Regions {
    pub(crate) fn of(places: &[Place]) -> Self {
        let mut county: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut prefecture: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (v, place) in places.iter().enumerate() {
            county.entry(place.county).or_default().push(v);
            prefecture.entry(place.prefecture).or_default().push(v);
        }
        Self { county, prefecture, whole: (0..places.len()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use qingmu_stats::{leave_one_out_median, mad, median, peer_location};

    #[test]
    fn borrowing_from_the_region_costs_the_scatter_of_its_counties() {
        // Four counties of five villages at 0, 1, 2 and 3: their medians scatter by 1.4826.
        let county = |v: u32| v / 5;
        let places: Vec<Place> =
            (0..20).map(|v| Place { county: county(v), prefecture: 0, town: 0 }).collect();
        let values: Vec<f64> = (0..20).map(|v| f64::from(county(v))).collect();
        let centres = Centres::of(&values, &Regions::of(&places), 1, 12);
        let Some(centre) = centres.others(places[0], 0, Some(0.0), 12) else { panic!("a centre") };
        // Four others at 0 against a region at 2 (the median of the 19 others).
        let other = 12.0 / 16.0;
        assert!((centre.value - other * 2.0).abs() < 1e-12, "{centre:?}");
        assert!(centre.variance > other * other * 1.4826_f64.powi(2), "{centre:?}");
        // A county that stands alone borrows nothing.
        let alone = Centres::of(&values, &Regions::of(&places), 1, 3);
        let centre = alone.others(places[0], 0, Some(0.0), 3);
        assert_eq!(centre, Some(Centre { value: 0.0, variance: 0.0 }));
    }

    proptest! {
        #[test]
        fn three_numbers_answer_for_every_member(
            values in prop::collection::vec(
                prop_oneof![(-4_i32..4).prop_map(f64::from), -1e3_f64..1e3], 1..40),
        ) {
            let others = leave_one_out_median(&values).unwrap_or_default();
            let middle = Middle::of(&mut values.clone());
            prop_assert_eq!(middle.map(|m| m.all()), median(&values));
            let spread = middle.map_or(f64::NAN, |m| m.spread);
            prop_assert!((spread - mad(&values).unwrap_or(f64::NAN)).abs() < 1e-9);
            for (v, other) in values.iter().zip(others) {
                let got = middle.map(|m| m.others(Some(*v)));
                prop_assert_eq!(got, Some((other, values.len() - 1)));
            }
        }

        #[test]
        fn small_counties_are_pooled_as_peers_are(
            rows in prop::collection::vec((prop::option::weighted(0.8, -9.0_f64..9.0), 0_u32..5), 1..70),
        ) {
            let places: Vec<Place> = rows.iter()
                .map(|(_, k)| Place { county: *k, prefecture: k / 2, town: 0 }).collect();
            let values: Vec<f64> = rows.iter().map(|(v, _)| v.unwrap_or(f64::NAN)).collect();
            let centres = Centres::of(&values, &Regions::of(&places), 1, 12);
            let county: Vec<usize> = rows.iter().map(|(_, k)| *k as usize).collect();
            let prefecture: Vec<usize> = county.iter().map(|k| k / 2).collect();
            let optional: Vec<Option<f64>> = rows.iter().map(|(v, _)| *v).collect();
            let whole = vec![0; rows.len()];
            let expected = peer_location(&optional, &[&county, &prefecture, &whole]).unwrap_or_default();
            for (v, expected) in expected.iter().enumerate() {
                let got = centres.others(places[v], 0, optional[v], 12);
                let runs = (0..rows.len()).any(|o| county[o] == county[v] && optional[o].is_some());
                prop_assert_eq!(got.is_some(), runs && expected.is_some());
                if let (Some(got), Some(expected)) = (got, expected) {
                    prop_assert!((got.value - expected.value).abs() < 1e-9);
                }
            }
        }
    }
}
