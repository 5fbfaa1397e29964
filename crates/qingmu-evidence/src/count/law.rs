//! What honest counties show: the law of a count per village-year, and how far a count speaks against it.

use std::collections::BTreeMap;

/// Counts with a probability of their own.
const OWN: usize = 8;

/// Beyond three a count is at least this often as frequent as the one before.
const FLOOR: f64 = 0.35;

/// Beyond eight it is half as frequent.
const HALF: f64 = 0.5;

/// Fewer regions than this have no median worth the name.
const LEAST_REGIONS: usize = 5;

/// Below this share of the rows a count is clerical.
const CLERICAL: f64 = 0.03;

/// Bounds of the natural logarithm of a Bayes factor.
pub(super) const BOUNDS: (f64, f64) = (-2.0, 12.0);

/// The count of one village-year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) county: u32,
    pub(super) town: u32,
    pub(super) count: u32,
}

/// The honest law. Schemes sit in few counties, so that the median over counties does not see them; a pooled fit would
/// let them say what is honest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Law {
    /// Probability of 1 to 8.
    own: [f64; OWN],
    /// Probability of 9–16, 17–32, … where honest regions usually have such counts; else 0.
    wide: Vec<f64>,
}

impl Law {
    /// Learns the law from every village-year that could have such rows, those with none included.
    ///
    /// `None` without a village-year.
    pub(super) fn learn(seen: &[Seen]) -> Option<Self> {
        if seen.is_empty() {
            return None;
        }
        let all = seen.len() as f64;
        let counties = Regions::new(seen, |s| s.county);
        let towns = Regions::new(seen, |s| s.town);
        let few = counties.number < LEAST_REGIONS;
        let mut own = [0.0; OWN];
        for (at, p) in own.iter_mut().enumerate() {
            let is = |count: u32| count as usize == at + 1;
            let number = match (few, at < 3) {
                (false, true) => counties.typical(is),
                (false, false) => counties.usual(is),
                (true, true) => counties.pooled(is),
                (true, false) => 0.0,
            };
            *p = number.max(0.5) / all;
        }
        for at in 3..OWN {
            own[at] = own[at].max(FLOOR * own[at - 1]);
            if few {
                own[at] = FLOOR * own[at - 1];
            }
        }
        let regions = if few { &towns } else { &counties };
        let mut wide = Vec::new();
        if regions.number >= LEAST_REGIONS {
            let most = seen.iter().map(|s| s.count).max().unwrap_or(0);
            let mut from = 9;
            while from <= most {
                let bin = from..from.saturating_mul(2).saturating_sub(1);
                let number = regions.usual(|count| bin.contains(&count));
                wide.push(number / all);
                from = bin.end;
            }
        }
        Some(Self { own, wide })
    }

    /// Natural logarithm of the probability of a count of at least 1.
    fn ln_p(&self, count: u32) -> f64 {
        let at = count as usize;
        if at <= OWN {
            return self.own[at.max(1) - 1].ln();
        }
        let tail = self.own[OWN - 1].ln() + (at - OWN) as f64 * HALF.ln();
        let (mut from, mut bin) = (OWN + 1, 0);
        while from * 2 - 1 <= at {
            from = from * 2 - 1;
            bin += 1;
        }
        let wide = self.wide.get(bin).copied().unwrap_or(0.0);
        if wide > 0.0 { tail.max((wide / (from - 1) as f64).ln()) } else { tail }
    }

    /// ln Bayes factor of `count` among `of` rows: log-uniform on 3–100 % of the rows against the honest law.
    pub(super) fn ln_bf(&self, count: u32, of: u32) -> f64 {
        let (n, of) = (f64::from(count), f64::from(of.max(count)));
        let least = (CLERICAL * of).max(0.5);
        if count == 0 || n < CLERICAL * of {
            return BOUNDS.0;
        }
        let span = ((of + 0.5) / least).ln();
        let mass = ((n + 0.5) / (n - 0.5).max(least)).ln() / span;
        // One row alone is clerical, however rare it is.
        let most = if count == 1 { 0.0 } else { BOUNDS.1 };
        (mass.ln() - self.ln_p(count)).clamp(BOUNDS.0, most)
    }
}

/// Counts by region.
struct Regions {
    number: usize,
    counts: Vec<Vec<u32>>,
}

impl Regions {
    fn new(seen: &[Seen], region: impl Fn(&Seen) -> u32) -> Self {
        let mut counts: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for s in seen {
            counts.entry(region(s)).or_default().push(s.count);
        }
        Self { number: counts.len(), counts: counts.into_values().collect() }
    }

    fn hits(&self, is: &impl Fn(u32) -> bool) -> Vec<f64> {
        let hits = |list: &Vec<u32>| list.iter().filter(|count| is(**count)).count() as f64;
        self.counts.iter().map(hits).collect()
    }

    fn pooled(&self, is: impl Fn(u32) -> bool) -> f64 {
        self.hits(&is).iter().sum()
    }

    /// The median region's number, times the number of regions.
    fn usual(&self, is: impl Fn(u32) -> bool) -> f64 {
        qingmu_stats::median(&self.hits(&is)).unwrap_or(0.0) * self.number as f64
    }

    /// The same; where the median region has none, the honest rate is below ln 2 per region, and what is seen at all
    /// bounds it too.
    fn typical(&self, is: impl Fn(u32) -> bool) -> f64 {
        let usual = self.usual(&is);
        if usual > 0.0 {
            return usual;
        }
        self.pooled(&is).min(std::f64::consts::LN_2 * self.number as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten counties of four towns with ten village-years each; `count` says how many rows each has.
    fn seen(count: impl Fn(u32, u32) -> u32) -> Vec<Seen> {
        let all = (0..400).map(|n| (n / 40, n / 10, n % 40));
        all.map(|(county, town, at)| Seen { county, town, count: count(county, at) }).collect()
    }

    #[test]
    fn a_scheme_in_one_county_does_not_say_what_is_honest() {
        let honest = Law::learn(&seen(|_, at| u32::from(at < 4)));
        let schemed = |county, at: u32| if county == 3 { 6 } else { u32::from(at < 4) };
        let law = Law::learn(&seen(schemed));
        let speaks = |law: &Option<Law>| law.as_ref().map_or(0.0, |law| law.ln_bf(6, 40));
        assert!((speaks(&honest) - speaks(&law)).abs() < 0.2 && speaks(&law) > 2.5);
        assert_eq!(Law::learn(&[]), None);
    }

    #[test]
    fn what_honest_counties_usually_have_is_quiet() {
        let many = Law::learn(&seen(|_, at| if at < 4 { 20 } else { 0 }));
        assert!(many.is_some_and(|law| law.ln_bf(20, 40) < 1.0));
        let never = Law::learn(&seen(|_, _| 0));
        assert!(never.as_ref().is_some_and(|law| law.ln_bf(20, 40) > 10.0));
        let bounds = never
            .map(|law| [law.ln_bf(0, 40), law.ln_bf(1, 40), law.ln_bf(1, 20), law.ln_bf(2, 90)]);
        assert_eq!(bounds, Some([-2.0, -2.0, 0.0, -2.0]), "below 3 % and single rows are clerical");
    }

    #[test]
    fn few_counties_are_pooled_up_to_three() {
        let two =
            |n: u32| Seen { county: n / 20, town: n / 10, count: [0, 1, 2, 3, 9][n as usize % 5] };
        let law = Law::learn(&(0..40).map(two).collect::<Vec<_>>());
        let own = law.map(|law| law.own.map(|p| (p * 1e4).round()));
        // 8 of 40 each, then 0.35 times the one before.
        assert_eq!(own, Some([2000.0, 2000.0, 2000.0, 700.0, 245.0, 86.0, 30.0, 11.0]));
    }
}
