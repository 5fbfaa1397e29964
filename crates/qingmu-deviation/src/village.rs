//! One village on the log scale, centred on its county: what both fitting and scoring read.

use crate::config::Config;
use crate::model::Model;
use crate::panel::Panel;
use qingmu_stats::asinh_scale;

/// Rows of one village, years within series; NaN marks a missing cell. Reused from village to village.
#[derive(Debug, Clone)]
pub(crate) struct Village {
    /// Years.
    pub(crate) years: usize,
    /// Claims by year.
    pub(crate) claims: Vec<f64>,
    /// Sources by year, source after source.
    pub(crate) sources: Vec<f64>,
    /// Variance of each source cell as the source states it, relative to its area.
    pub(crate) stated: Vec<f64>,
    /// Variance of the centre of each source cell.
    pub(crate) centring: Vec<f64>,
    /// Level that was taken out of the claims, and the county's movement by year.
    pub(crate) taken: Vec<f64>,
    /// Size in mu.
    pub(crate) size: f64,
    room: Vec<f64>,
}

/// Which source of the panel is which of the model, and which years of the panel the model knows.
#[derive(Debug, Clone)]
pub(crate) struct Match {
    /// Per source of the panel its index in the model.
    pub(crate) sources: Vec<Option<usize>>,
    /// Last year in use, as a count of years of the panel.
    pub(crate) until: usize,
    /// Year of the model of the panel's first year.
    offset: i32,
}

impl Match {
    pub(crate) fn of(panel: &Panel, model: &Model, config: &Config) -> Self {
        let find = |name: &str| model.sources.iter().position(|s| s.name == name);
        Self {
            sources: panel.sources.iter().map(|s| find(&s.name)).collect(),
            until: years_used(panel, config),
            offset: i32::from(panel.first_year) - i32::from(model.first_year),
        }
    }

    /// Year of the model.
    fn year(&self, t: usize) -> Option<usize> {
        usize::try_from(i32::try_from(t).ok()? + self.offset).ok()
    }
}

/// Years of the panel up to [`Config::until`].
pub(crate) fn years_used(panel: &Panel, config: &Config) -> usize {
    let last = config.until.map_or(i32::MAX, i32::from);
    let used = last.saturating_sub(i32::from(panel.first_year)).saturating_add(1);
    usize::try_from(used).unwrap_or(0).min(panel.years)
}

impl Village {
    pub(crate) fn new(years: usize, sources: usize) -> Self {
        let cells = vec![f64::NAN; years * sources];
        Self {
            years,
            claims: vec![f64::NAN; years],
            sources: cells.clone(),
            stated: cells.clone(),
            centring: cells,
            taken: vec![f64::NAN; years],
            size: 0.0,
            room: Vec::with_capacity(years * (sources + 1)),
        }
    }

    /// Reads village `v` on the log scale.
    pub(crate) fn read(&mut self, panel: &Panel, v: usize, until: usize, config: &Config) {
        let (years, delta) = (self.years, config.delta_mu);
        let valid = |area: Option<f64>| area.filter(|a| *a >= 0.0 && a.is_finite());
        let cell = |column: &[Option<f64>], t: usize| {
            if t < until { valid(column[v * years + t]) } else { None }
        };
        let log = |area: Option<f64>| area.and_then(|a| asinh_scale(a, delta)).unwrap_or(f64::NAN);
        for t in 0..years {
            self.claims[t] = log(cell(&panel.claimed, t));
        }
        self.room.clear();
        for (b, source) in panel.sources.iter().enumerate() {
            for t in 0..years {
                let (area, at) = (cell(&source.area, t), b * years + t);
                if area == Some(0.0) && is_empty_cell(panel, v, b, t, until, config) {
                    self.sources[at] = f64::NAN;
                    continue;
                }
                self.sources[at] = log(area);
                self.room.extend(area);
                let (area, se) = (area.unwrap_or(f64::NAN), cell(&source.se, t));
                // The slope of the asinh scale, so that it stays finite near zero.
                let slope = 1.0 / (area * area + 4.0 * delta * delta);
                self.stated[at] = se.filter(|se| *se > 0.0).map_or(f64::NAN, |se| se * se * slope);
            }
        }
        // The size comes from the sources: claims must not choose their own yardstick.
        if self.room.is_empty() {
            self.room.extend((0..years).filter_map(|t| cell(&panel.claimed, t)));
        }
        self.size = middle(&mut self.room).max(delta);
    }

    /// Takes out what the county has in common, so that claims and sources lie on one scale.
    ///
    /// Claims lose the county's movement and the village's level; sources gain the county's ratio of claims to
    /// source and lose the same, so that claims minus source stays what statistics.md 1.2 calls u.
    pub(crate) fn centre(
        &mut self,
        panel: &Panel,
        v: usize,
        model: &Model,
        known: &Match,
        config: &Config,
    ) {
        let (years, place, full) = (self.years, panel.places[v], config.full_group);
        let start = model.start.get(&place.county);
        let present = |value: f64| (!value.is_nan()).then_some(value);
        for t in 0..years {
            let start = known.year(t).and_then(|y| start?.get(y).copied().flatten());
            self.taken[t] = start.unwrap_or(f64::NAN);
        }
        self.room.clear();
        let steady = self.claims.iter().zip(&self.taken).map(|(y, a)| y - a);
        self.room.extend(steady.filter(|w| !w.is_nan()));
        let level = middle(&mut self.room);
        for t in 0..years {
            let own = present(self.claims[t] - self.taken[t] - level);
            let centre = known.year(t).and_then(|y| model.history.others(place, y, own, full));
            self.taken[t] += level + centre.map_or(f64::NAN, |c| c.value);
        }
        let typical = model.vegetable_share.get(&place.county);
        let beyond = panel.vegetable_share[v]
            .filter(|s| s.is_finite())
            .zip(typical)
            .map_or(0.0, |(own, all)| own - all);
        for (b, source) in known.sources.iter().enumerate() {
            let source = source.map(|b| &model.sources[b]);
            let share = source.map_or(0.0, |s| s.vegetable_slope * beyond);
            for t in 0..years {
                let at = b * years + t;
                let own = present(self.claims[t] - self.sources[at]);
                let centre = source
                    .zip(known.year(t))
                    .and_then(|(s, y)| s.centres.others(place, y, own, full));
                let (value, variance) =
                    centre.map_or((f64::NAN, f64::NAN), |c| (c.value, c.variance));
                self.sources[at] += value + share - self.taken[t];
                self.centring[at] = variance;
            }
        }
        for t in 0..years {
            self.claims[t] -= self.taken[t];
        }
    }
}

/// A 0 that stands for "nothing in the table": some other figure of the village says that it is planted, and no other
/// source says 0 in the same year (amendment B2).
pub(crate) fn is_empty_cell(
    panel: &Panel,
    v: usize,
    source: usize,
    t: usize,
    until: usize,
    config: &Config,
) -> bool {
    let from = config.empty_from * config.delta_mu;
    let cells = v * panel.years..v * panel.years + until;
    let large = |a: &Option<f64>| a.is_some_and(|a| a > from);
    let at = v * panel.years + t;
    let mut others = panel.sources.iter().enumerate().filter(|(b, _)| *b != source);
    if others.any(|(_, s)| s.area[at].is_some_and(|a| a <= from)) {
        return false;
    }
    panel.claimed[cells.clone()].iter().any(large)
        || panel.sources.iter().any(|s| s.area[cells.clone()].iter().any(large))
}

/// Median of a buffer, 0 when it is empty; the order of the buffer is lost.
pub(crate) fn middle(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => 0.0,
        _ if n % 2 == 1 => values[n / 2],
        _ => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}
