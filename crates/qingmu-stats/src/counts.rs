//! Laws of counts: upper tails of the Poisson and the beta-binomial law, and a beta-binomial fitted to many shares.

/// ln Γ(x) for x > 0 (Lanczos' series with g = 7 and nine terms; relative error about 1e-15). NaN for x ≤ 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 7.0;
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x < 0.5 {
        // Euler's reflection.
        let sine = (std::f64::consts::PI * x).sin();
        return (std::f64::consts::PI / sine).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let mut sum = 0.999_999_999_999_809_9;
    let mut at = x;
    for term in TERMS {
        at += 1.0;
        sum += term / at;
    }
    let t = x + G + 0.5;
    0.918_938_533_204_672_8 + (x + 0.5) * t.ln() - t + sum.ln()
}

/// log10 P(Poisson(`mean`) ≥ `k`), without underflow. 0 for `k` = 0; `None` unless `mean` is positive and finite.
#[must_use]
pub fn poisson_log10_tail(k: u32, mean: f64) -> Option<f64> {
    if !mean.is_finite() || mean <= 0.0 {
        return None;
    }
    if k == 0 {
        return Some(0.0);
    }
    let k = f64::from(k);
    let ln_first = k * mean.ln() - mean - ln_gamma(k + 1.0);
    if k > mean {
        // P(X = k) · (1 + λ/(k+1) + …), a falling series.
        let (mut sum, mut term, mut at) = (1.0, 1.0, k);
        while term > sum * 1e-16 {
            at += 1.0;
            term *= mean / at;
            sum += term;
        }
        return Some((ln_first + f64::ln(sum)) / std::f64::consts::LN_10);
    }
    // The lower side is the smaller one: 1 − P(X < k).
    let (mut sum, mut term, mut at) = (0.0, 1.0, k);
    while at > 0.0 {
        term *= at / mean;
        at -= 1.0;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    let below = (ln_first + f64::ln(sum)).exp().min(1.0);
    Some((-below).ln_1p() / std::f64::consts::LN_10)
}

/// A beta-binomial law by the mean and the concentration `a + b` of its beta law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaBinomial {
    /// Mean share, within (0, 1).
    pub mean: f64,
    /// Concentration, positive; the larger, the nearer to the binomial law.
    pub concentration: f64,
}

impl BetaBinomial {
    /// Concentrations beyond this are the binomial law for every practical size.
    const MOST: f64 = 1e6;

    /// Fits the law to counts `(hits, of)` by moments: the mean share with half a hit added on each side, and the
    /// concentration from the excess of the shares' weighted scatter over the binomial one (Kleinman 1973).
    ///
    /// `None` without any trial.
    #[must_use]
    pub fn fit(counts: &[(u32, u32)]) -> Option<Self> {
        let used = || counts.iter().filter(|(_, n)| *n > 0);
        let (mut hits, mut all, mut squares, mut groups) = (0.0, 0.0, 0.0, 0.0);
        for (k, n) in used() {
            let n = f64::from(*n);
            hits += f64::from(*k);
            all += n;
            squares += n * n;
            groups += 1.0;
        }
        if all <= 0.0 {
            return None;
        }
        let mean: f64 = (hits + 0.5) / (all + 1.0);
        let scatter: f64 = used()
            .map(|(k, n)| {
                let n = f64::from(*n);
                n * (f64::from(*k) / n - mean).powi(2)
            })
            .sum();
        // E[scatter] = p(1−p)·{(G−1) + ρ·(N − Σn²/N − (G−1))}.
        let free: f64 = groups - 1.0;
        let weight = all - squares / all - free;
        let rho = if free >= 1.0 && weight > 0.0 {
            (scatter / (mean * (1.0 - mean)) - free) / weight
        } else {
            0.0
        };
        let rho = rho.clamp(1.0 / (Self::MOST + 1.0), 0.95);
        Some(Self { mean, concentration: 1.0 / rho - 1.0 })
    }

    /// P(X ≥ `k`) among `n`, summed exactly. 1 for `k` = 0, 0 for `k` > `n`.
    #[must_use]
    pub fn tail(&self, k: u32, n: u32) -> f64 {
        if k == 0 {
            return 1.0;
        }
        if k > n {
            return 0.0;
        }
        let (a, b) = (self.mean * self.concentration, (1.0 - self.mean) * self.concentration);
        let (kf, nf) = (f64::from(k), f64::from(n));
        let ln_choose = ln_gamma(nf + 1.0) - ln_gamma(kf + 1.0) - ln_gamma(nf - kf + 1.0);
        let ln_beta = |x: f64, y: f64| ln_gamma(x) + ln_gamma(y) - ln_gamma(x + y);
        let ln_first = ln_choose + ln_beta(kf + a, nf - kf + b) - ln_beta(a, b);
        let (mut sum, mut term, mut at) = (1.0, 1.0, kf);
        while at < nf {
            term *= (nf - at) / (at + 1.0) * (at + a) / (nf - at - 1.0 + b);
            sum += term;
            at += 1.0;
        }
        (ln_first + f64::ln(sum)).exp().clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn gamma_at_known_places() {
        let near = |x: f64, exact: f64| {
            assert!((ln_gamma(x) - exact).abs() < 1e-12 * exact.abs().max(1.0), "{x}");
        };
        near(1.0, 0.0);
        near(0.5, std::f64::consts::PI.sqrt().ln());
        near(11.0, 3_628_800_f64.ln());
        near(0.1, 2.252_712_651_734_206);
        near(1_000.0, 5_905.220_423_209_181);
        assert!(ln_gamma(0.0).is_nan() && ln_gamma(-1.5).is_nan() && ln_gamma(f64::NAN).is_nan());
    }

    #[test]
    fn poisson_tails() {
        let near = |found: Option<f64>, exact: f64| {
            assert!((found.unwrap_or(f64::NAN) - exact).abs() < 1e-10, "{found:?} {exact}");
        };
        near(poisson_log10_tail(0, 3.0), 0.0);
        near(poisson_log10_tail(1, 1.0), (1.0 - (-1.0_f64).exp()).log10());
        near(poisson_log10_tail(3, 2.0), (1.0 - 5.0 * (-2.0_f64).exp()).log10());
        // P(X ≥ 30) for mean 0.01 is 10^-60 / 30! · e^-0.01 · (1 + 0.01/31 · (1 + 0.01/32)) to ten digits.
        let first = -60.0 - (ln_gamma(31.0) + 0.01) / std::f64::consts::LN_10;
        near(
            poisson_log10_tail(30, 0.01),
            first + (1.0 + 0.01_f64 / 31.0 * (1.0 + 0.01 / 32.0)).log10(),
        );
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(poisson_log10_tail(2, bad), None);
        }
    }

    #[test]
    fn beta_binomial_tails() {
        // a = b = 1 is uniform on 0..=n.
        let flat = BetaBinomial { mean: 0.5, concentration: 2.0 };
        assert!((flat.tail(8, 9) - 0.2).abs() < 1e-12);
        assert!((flat.tail(0, 9) - 1.0).abs() < 1e-15 && flat.tail(10, 9) == 0.0);
        // A large concentration is the binomial law: 1 − 0.5^10 − 10·0.5^10.
        let coin = BetaBinomial { mean: 0.5, concentration: 1e6 };
        assert!((coin.tail(2, 10) - (1.0 - 11.0 / 1024.0)).abs() < 1e-5);
    }

    #[test]
    fn fits_find_scatter_and_its_absence() {
        assert_eq!(BetaBinomial::fit(&[]), None);
        assert_eq!(BetaBinomial::fit(&[(0, 0)]), None);
        let even = BetaBinomial::fit(&[(20, 100); 50]);
        assert!(even.is_some_and(|f| (f.mean - 0.2).abs() < 1e-3 && f.concentration > 1e5));
        // Half of the groups at 10 %, half at 30 %: Var(p) = 0.01 = p(1−p)/(c+1), c = 15.
        let split: Vec<(u32, u32)> =
            (0..50).map(|i| (if i % 2 == 0 { 100 } else { 300 }, 1_000)).collect();
        let found = BetaBinomial::fit(&split).map_or(f64::NAN, |f| f.concentration);
        assert!((found - 15.0).abs() < 1.0, "{found}");
    }

    proptest! {
        #[test]
        fn tails_fall_from_one(mean in 0.01_f64..0.99, c in 0.5_f64..1e4, n in 1_u32..400) {
            let law = BetaBinomial { mean, concentration: c };
            let mut last = 1.0;
            for k in 0..=n {
                let tail = law.tail(k, n);
                prop_assert!(tail <= last + 1e-9 && tail >= 0.0);
                last = tail;
            }
            prop_assert!((law.tail(1, n) - (1.0 - zero(&law, n))).abs() < 1e-8);
        }

        #[test]
        fn poisson_tails_fall(mean in 0.01_f64..50.0, k in 1_u32..200) {
            let (a, b) = (poisson_log10_tail(k, mean), poisson_log10_tail(k + 1, mean));
            prop_assert!(b < a && a <= Some(0.0));
        }
    }

    /// P(X = 0), by its product.
    fn zero(law: &BetaBinomial, n: u32) -> f64 {
        let b = (1.0 - law.mean) * law.concentration;
        (0..n).map(|i| (b + f64::from(i)) / (law.concentration + f64::from(i))).product()
    }
}
