//! The joint normal law of one village: claims and sources over real planting that wanders.
//!
//! Series a in year t is Aθ + η_a + ε_at; θ is a random walk, η persistent, ε new each year. The covariance
//! Σ = A K A' + N has (S + 1)·T rows, but everything wanted of Σ⁻¹ follows from the T + 1 values of θ by Woodbury's
//! identity: Σ⁻¹ = N⁻¹ − N⁻¹A M⁻¹ A'N⁻¹ with M = K⁻¹ + A'N⁻¹A, K⁻¹ tridiagonal and each block of N⁻¹ a diagonal
//! less one outer product. A village of ten years costs a factorisation of 11 × 11 instead of 50 × 50.
//! Amendments B3 and B4 (K_θ(i,j) = 25 + 2q(min(i,j)+1); the year before the first serves lagged sources).

use crate::evidence::Score;
use crate::shape::Template;
use qingmu_stats::invert;

/// One series of a village as the joint law sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Series<'a> {
    /// Values by year, NaN for missing.
    pub(crate) values: &'a [f64],
    /// Transient variances by year.
    pub(crate) yearly: &'a [f64],
    /// Persistent variance.
    pub(crate) lasting: f64,
    /// Part of last year's θ that the series carries.
    pub(crate) lag: f64,
}

/// Working room for villages of one number of years and series.
#[derive(Debug, Clone)]
pub(crate) struct Joint {
    years: usize,
    /// Series in use.
    series: usize,
    /// 1 / transient variance, 0 where missing; series by years.
    precision: Vec<f64>,
    /// ψ² / (1 + ψ² Σ precision) per series.
    shrink: Vec<f64>,
    /// N⁻¹A by series and year, rows of T + 1.
    design: Vec<f64>,
    /// Σ⁻¹u by series and year.
    pulled: Vec<f64>,
    /// M, then M⁻¹.
    inner: Vec<f64>,
    room: Vec<f64>,
    right: Vec<f64>,
    theta: Vec<f64>,
    /// 1 / variance of a step of θ.
    step: f64,
    /// Observed cells.
    pub(crate) cells: usize,
    /// u'Σ⁻¹u.
    pub(crate) squares: f64,
}

impl Joint {
    pub(crate) fn new(years: usize, series: usize) -> Self {
        let m = years + 1;
        Self {
            years,
            series: 0,
            precision: vec![0.0; series * years],
            shrink: vec![0.0; series],
            design: vec![0.0; series * years * m],
            pulled: vec![0.0; series * years],
            inner: vec![0.0; m * m],
            room: vec![0.0; m * m],
            right: vec![0.0; m],
            theta: vec![0.0; m],
            step: 1.0,
            cells: 0,
            squares: 0.0,
        }
    }

    /// Solves the law for these series; `walk` is the variance of a step of θ, `level` that of its start.
    ///
    /// False where the matrix is not positive definite, which finite positive variances exclude.
    #[must_use]
    pub(crate) fn solve<'a>(
        &mut self,
        series: impl Iterator<Item = Series<'a>> + Clone,
        walk: f64,
        level: f64,
    ) -> bool {
        let m = self.years + 1;
        self.start(walk, level);
        for (a, one) in series.clone().enumerate() {
            self.add(a, one);
            self.series = a + 1;
        }
        if !invert(&mut self.inner, &mut self.room, m) {
            return false;
        }
        for i in 0..m {
            self.theta[i] = dot(&self.inner[i * m..(i + 1) * m], &self.right);
        }
        for (a, one) in series.enumerate() {
            self.pull(a, one);
        }
        self.squares.is_finite()
    }

    /// Prior precision of θ: a walk from a wide start.
    fn start(&mut self, walk: f64, level: f64) {
        let m = self.years + 1;
        self.step = 1.0 / walk;
        self.inner.fill(0.0);
        self.right.fill(0.0);
        (self.cells, self.squares, self.series) = (0, 0.0, 0);
        self.inner[0] = 1.0 / level;
        for i in 0..self.years {
            self.inner[i * m + i] += self.step;
            self.inner[(i + 1) * m + i + 1] += self.step;
            self.inner[(i + 1) * m + i] -= self.step;
            self.inner[i * m + i + 1] -= self.step;
        }
    }

    /// Adds A'N⁻¹A and A'N⁻¹u of one series.
    fn add(&mut self, a: usize, one: Series<'_>) {
        let (years, m) = (self.years, self.years + 1);
        let precision = &mut self.precision[a * years..(a + 1) * years];
        for ((p, value), variance) in precision.iter_mut().zip(one.values).zip(one.yearly) {
            let known = !(value.is_nan() || variance.is_nan());
            *p = if known { 1.0 / variance } else { 0.0 };
            self.cells += usize::from(known);
        }
        let total: f64 = precision.iter().sum();
        let shrink = one.lasting / (1.0 + one.lasting * total);
        self.shrink[a] = shrink;
        let (now, before) = (1.0 - one.lag, one.lag);
        // A' times the diagonal of precisions: what the persistent error takes away.
        let common = &mut self.room[..m];
        common.fill(0.0);
        for (t, p) in precision.iter().enumerate() {
            common[t + 1] += p * now;
            common[t] += p * before;
            self.inner[(t + 1) * m + t + 1] += p * now * now;
            self.inner[t * m + t] += p * before * before;
            self.inner[(t + 1) * m + t] += p * now * before;
            self.inner[t * m + t + 1] += p * now * before;
        }
        for (row, i) in self.inner.chunks_exact_mut(m).zip(common.iter()) {
            for (cell, j) in row.iter_mut().zip(common.iter()) {
                *cell -= shrink * i * j;
            }
        }
        let design = &mut self.design[a * years * m..(a + 1) * years * m];
        for ((t, p), row) in precision.iter().enumerate().zip(design.chunks_exact_mut(m)) {
            for (cell, common) in row.iter_mut().zip(common.iter()) {
                *cell = -shrink * p * common;
            }
            row[t + 1] += p * now;
            row[t] += p * before;
            if *p > 0.0 {
                for (right, cell) in self.right.iter_mut().zip(row.iter()) {
                    *right += cell * one.values[t];
                }
            }
        }
    }

    /// Σ⁻¹u of one series: N⁻¹ times what θ leaves unexplained.
    fn pull(&mut self, a: usize, one: Series<'_>) {
        let years = self.years;
        let precision = &self.precision[a * years..(a + 1) * years];
        let pulled = &mut self.pulled[a * years..(a + 1) * years];
        let mut sum = 0.0;
        for (t, p) in precision.iter().enumerate() {
            let fitted = (1.0 - one.lag) * self.theta[t + 1] + one.lag * self.theta[t];
            pulled[t] = if *p > 0.0 { p * (one.values[t] - fitted) } else { 0.0 };
            sum += pulled[t];
        }
        for (t, p) in precision.iter().enumerate() {
            pulled[t] -= self.shrink[a] * p * sum;
            if *p > 0.0 {
                self.squares += one.values[t] * pulled[t];
            }
        }
    }

    /// True where series `a` has a value in year `t`.
    pub(crate) fn observed(&self, a: usize, t: usize) -> bool {
        self.precision[a * self.years + t] > 0.0
    }

    /// Per year whether series `a` has a value.
    pub(crate) fn observed_years(&self, a: usize) -> Vec<bool> {
        (0..self.years).map(|t| self.observed(a, t)).collect()
    }

    /// Residual of a cell from what all other cells let expect, and 1 / its variance; `None` for a missing cell.
    pub(crate) fn left_out(&self, a: usize, t: usize) -> Option<(f64, f64)> {
        let (at, m) = (a * self.years + t, self.years + 1);
        let p = self.precision[at];
        let row = &self.design[at * m..(at + 1) * m];
        let through: f64 =
            self.inner.chunks_exact(m).zip(row).map(|(inner, x)| x * dot(inner, row)).sum();
        let precision = p - self.shrink[a] * p * p - through;
        (p > 0.0 && precision > 0.0).then(|| (self.pulled[at] / precision, precision))
    }

    /// Σ⁻¹u and Σ⁻¹ between years where the same shift stands on every series of `raised`.
    pub(crate) fn shift(&self, raised: &[usize], out: &mut Shift) {
        let (years, m) = (self.years, self.years + 1);
        out.slope.fill(0.0);
        out.information.fill(0.0);
        out.design.fill(0.0);
        for &a in raised {
            let precision = &self.precision[a * years..(a + 1) * years];
            for (t, p) in precision.iter().enumerate() {
                out.slope[t] += self.pulled[a * years + t];
                let row = &mut out.information[t * years..(t + 1) * years];
                for (cell, other) in row.iter_mut().zip(precision) {
                    *cell -= self.shrink[a] * p * other;
                }
                row[t] += p;
            }
            let design = &self.design[a * years * m..(a + 1) * years * m];
            out.design.iter_mut().zip(design).for_each(|(sum, cell)| *sum += cell);
        }
        for (i, row) in out.design.chunks_exact(m).enumerate() {
            for (cell, inner) in out.room.iter_mut().zip(self.inner.chunks_exact(m)) {
                *cell = dot(inner, row);
            }
            for (j, other) in out.design.chunks_exact(m).enumerate() {
                out.information[i * years + j] -= dot(&out.room, other);
            }
        }
    }

    /// A lasting change of θ from year `t` on.
    pub(crate) fn real_step(&self, t: usize) -> Score {
        self.real(&[(t, -self.step), (t + 1, self.step)], self.step)
    }

    /// A change of θ in year `t` alone.
    pub(crate) fn real_year(&self, t: usize) -> Score {
        if t + 1 == self.years {
            return self.real_step(t);
        }
        let twice = 2.0 * self.step;
        self.real(&[(t, -self.step), (t + 1, twice), (t + 2, -self.step)], twice)
    }

    /// A change g of θ, handed over as K⁻¹g with g'K⁻¹g: slope g'K⁻¹θ̂, information g'K⁻¹g − g'K⁻¹M⁻¹K⁻¹g.
    fn real(&self, change: &[(usize, f64)], own: f64) -> Score {
        let m = self.years + 1;
        let mut score = Score { slope: 0.0, information: own };
        for (i, x) in change {
            score.slope += x * self.theta[*i];
            for (j, y) in change {
                score.information -= x * y * self.inner[i * m + j];
            }
        }
        score.information = score.information.max(0.0);
        score
    }
}

/// Room for what a shift of some series means by year.
#[derive(Debug, Clone)]
pub(crate) struct Shift {
    /// h'Σ⁻¹u of a shift in one year.
    pub(crate) slope: Vec<f64>,
    /// h'Σ⁻¹g of shifts in two years, years by years.
    pub(crate) information: Vec<f64>,
    design: Vec<f64>,
    room: Vec<f64>,
}

impl Shift {
    pub(crate) fn new(years: usize) -> Self {
        Self {
            slope: vec![0.0; years],
            information: vec![0.0; years * years],
            design: vec![0.0; years * (years + 1)],
            room: vec![0.0; years + 1],
        }
    }

    /// What a template says: h'Σ⁻¹u and h'Σ⁻¹h.
    pub(crate) fn score(&self, template: &Template) -> Score {
        let years = self.slope.len();
        let mut score = Score { slope: 0.0, information: 0.0 };
        for s in template.from..=template.to {
            let row = &self.information[s * years..(s + 1) * years];
            let mut sum = 0.0;
            for (t, cell) in row.iter().enumerate().take(template.to + 1).skip(template.from) {
                sum += template.height(t) * cell;
            }
            score.slope += template.height(s) * self.slope[s];
            score.information += template.height(s) * sum;
        }
        score.information = score.information.max(0.0);
        score
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
