//! Counted rows of one village, spread over the segments that they speak for.

use crate::options::Options;
use qingmu_deviation::Template;
use qingmu_model::{Counted, Family};

/// Rows of one scheme in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct YearCount {
    /// Evidence, clipped.
    pub(crate) ln_bf: f64,
    /// Area in mu.
    pub(crate) mu: f64,
    /// Money in yuan.
    pub(crate) yuan: f64,
}

/// Rows of one scheme in one village.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SchemeCounts {
    /// Scheme.
    pub(crate) family: Family,
    /// By year; `None` without such rows.
    pub(crate) years: Vec<Option<YearCount>>,
}

/// Counted rows per village, schemes in order; several entries of a village-year are added.
pub(crate) fn by_village(
    counted: &[Counted],
    villages: usize,
    years: usize,
    options: &Options,
) -> Vec<Vec<SchemeCounts>> {
    let mut order: Vec<&Counted> = counted.iter().filter(|c| c.rows > 0).collect();
    // Fully ordered, so that sums do not depend on the order in which the entries came.
    order.sort_by(|a, b| {
        let key = |c: &Counted| (c.village, c.family, c.year, c.rows, c.excess_yuan, c.excess_mu);
        key(a).cmp(&key(b)).then(a.ln_bf.total_cmp(&b.ln_bf))
    });
    let mut all = vec![Vec::<SchemeCounts>::new(); villages];
    for entry in order {
        let Some(schemes) = all.get_mut(entry.village as usize) else { continue };
        if schemes.last().is_none_or(|s| s.family != entry.family) {
            schemes.push(SchemeCounts { family: entry.family, years: vec![None; years] });
        }
        let cell = schemes.last_mut().and_then(|s| s.years.get_mut(entry.year as usize));
        if let Some(cell) = cell {
            let so_far = cell.unwrap_or(YearCount { ln_bf: 0.0, mu: 0.0, yuan: 0.0 });
            *cell = Some(YearCount {
                ln_bf: so_far.ln_bf + entry.ln_bf,
                mu: so_far.mu + entry.excess_mu.to_f64(),
                yuan: so_far.yuan + entry.excess_yuan.to_f64(),
            });
        }
    }
    let (lo, hi) = options.counted_clip;
    for year in all.iter_mut().flatten().flat_map(|s| &mut s.years).flatten() {
        year.ln_bf = year.ln_bf.clamp(lo, hi);
    }
    all
}

impl SchemeCounts {
    /// True where rows of the scheme also raise the total, so that the level bears witness too.
    pub(crate) const fn raises_level(&self) -> bool {
        matches!(self.family, Family::Identity | Family::Duplicate | Family::TopUp)
    }

    /// Logarithm of the evidence for the scheme at work in the years of a template, `absent` being the evidence of
    /// a year without such rows. Years repeat the same rows, so a segment gets its best year, loses for years that
    /// speak against it, and loses the strongest year that it leaves unexplained.
    pub(crate) fn ln_segment(&self, template: &Template, absent: f64) -> f64 {
        let inside = |year: usize| year >= template.from && year <= template.to;
        let best = if self.family == Family::TopUp {
            Some(template.from)
        } else {
            (template.from..=template.to).max_by(|a, b| self.ln(*a).total_cmp(&self.ln(*b)))
        };
        let Some(best) = best.filter(|year| self.years[*year].is_some()) else {
            return f64::NEG_INFINITY;
        };
        let mut total = self.ln(best);
        let mut left = 0.0_f64;
        for (year, count) in self.years.iter().enumerate() {
            let ln = count.map_or(absent, |c| c.ln_bf);
            // After its first year a top-up leaves no new rows: the added area simply stands.
            let silent = self.family == Family::TopUp && count.is_none();
            if !inside(year) {
                left = left.max(ln);
            } else if year != best && !silent {
                total += ln.min(0.0);
            }
        }
        total - left
    }

    /// Whether the scheme is at work in a year, given a template.
    pub(crate) fn active(&self, template: &Template, year: usize) -> bool {
        if self.family == Family::TopUp {
            return template.height(year) > 0.0 && self.years[template.from].is_some();
        }
        template.height(year) > 0.0 && self.years[year].is_some()
    }

    /// Excess (mu, yuan) of a year. The area of a top-up stands as long as its segment; its money there is
    /// reckoned with the year's rate.
    pub(crate) fn excess(&self, template: &Template, year: usize, rate: Option<f64>) -> (f64, f64) {
        if let Some(count) = self.years[year] {
            return (count.mu, count.yuan);
        }
        let start = self.years[template.from].filter(|_| self.family == Family::TopUp);
        start.map_or((0.0, 0.0), |c| (c.mu, rate.map_or(c.yuan, |rate| c.mu * rate)))
    }

    fn ln(&self, year: usize) -> f64 {
        self.years[year].map_or(f64::NEG_INFINITY, |c| c.ln_bf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::{Mu, Yuan};

    fn entry(family: Family, year: u32, ln_bf: f64) -> Counted {
        let (excess_mu, excess_yuan) = (Mu::from_raw(100_000), Yuan::from_raw(100_000));
        Counted { village: 1, year, family, ln_bf, rows: 3, excess_mu, excess_yuan }
    }

    fn segment(from: usize, to: usize) -> Template {
        Template { from, to, ramp: false }
    }

    #[test]
    fn a_segment_gets_its_best_year_and_pays_for_gaps_and_for_what_it_leaves() {
        let rows = [
            entry(Family::Parcel, 1, 5.0),
            entry(Family::Parcel, 2, 9.0),
            entry(Family::Parcel, 4, 3.0),
        ];
        let all = by_village(&rows, 2, 6, &Options::default());
        assert!(all[0].is_empty());
        let scheme = &all[1][0];
        let ln = |from, to| scheme.ln_segment(&segment(from, to), -2.0);
        assert!((ln(1, 2) - 6.0).abs() < 1e-12, "best 9, year 4 left");
        assert!((ln(1, 4) - 7.0).abs() < 1e-12, "best 9, year 3 silent");
        assert!((ln(0, 4) - 5.0).abs() < 1e-12, "years 0 and 3 silent");
        assert!(ln(3, 3).is_infinite());
        assert!(scheme.active(&segment(1, 4), 2) && !scheme.active(&segment(1, 4), 3));
    }

    #[test]
    fn a_top_up_belongs_to_its_first_year_and_stands_after_it() {
        let all = by_village(&[entry(Family::TopUp, 2, 8.0)], 2, 6, &Options::default());
        let scheme = &all[1][0];
        assert!((scheme.ln_segment(&segment(2, 5), -2.0) - 8.0).abs() < 1e-12);
        assert!(scheme.ln_segment(&segment(1, 5), -2.0).is_infinite());
        assert!(scheme.active(&segment(2, 5), 4));
        assert_eq!(scheme.excess(&segment(2, 5), 4, Some(50.0)), (10.0, 500.0));
        assert_eq!(scheme.excess(&segment(2, 5), 2, Some(50.0)), (10.0, 1000.0));
    }

    #[test]
    fn entries_of_one_village_year_are_added_and_clipped() {
        let rows =
            [entry(Family::Sum, 0, 8.0), entry(Family::Sum, 0, 7.0), entry(Family::Sum, 1, -9.0)];
        let all = by_village(&rows, 2, 2, &Options::default());
        let years = &all[1][0].years;
        assert_eq!(years[0], Some(YearCount { ln_bf: 12.0, mu: 20.0, yuan: 2000.0 }));
        assert_eq!(years[1].map(|y| y.ln_bf), Some(-2.0));
    }
}
