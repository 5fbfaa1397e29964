//! The rate that an upward honest shape shares with its downward twin, and what of the upward ones may be improper.

/// Points of each of the two integrals.
const POINTS: u32 = 48;

/// Honest villages of one kind to be expected in each direction, where `down` downward ones, all honest, stand beside
/// `up` upward ones, some of which may be improper; `improper` is how many of those shapes like these would have if
/// improper villages took every shape alike.
///
/// Honest villages go up as often as down: down ~ Poisson(λ), up ~ Poisson(λ + f), with Jeffreys' prior on λ and an
/// exponential one with mean `improper` on f. The result is the posterior mean of λ. Where the run shows few improper
/// villages elsewhere, or the counts are a handful, both counts tell of λ and chance makes no improper village; where
/// many go up and the run is full of them, the downward count alone is the rate (amendment B5).
pub(crate) fn shared(down: f64, up: f64, improper: f64) -> f64 {
    let improper = improper.max(1e-6);
    let most = down.max(up) + 6.0 * (down.max(up) + 1.0).sqrt() + 3.0;
    // Both integrals over square roots: the mass of a handful lies near 0.
    let grid = |most: f64| {
        let step = most.sqrt() / f64::from(POINTS);
        (0..POINTS).map(move |i| (step * (f64::from(i) + 0.5)).powi(2))
    };
    let ends = (40.0 * improper).min(most);
    let ln = |rate: f64, more: f64| {
        // Jeffreys' λ^(−½) and the root's own 2√λ cancel.
        down * rate.ln() + up * (rate + more).ln() - 2.0 * rate - more * (1.0 + 1.0 / improper)
            + 0.5 * more.ln()
    };
    let all: Vec<(f64, f64)> =
        grid(most).flat_map(|rate| grid(ends).map(move |more| (rate, ln(rate, more)))).collect();
    let top = all.iter().map(|x| x.1).fold(f64::NEG_INFINITY, f64::max);
    let (mut sum, mut mean) = (0.0, 0.0);
    for (rate, ln) in all {
        let weight = (ln - top).exp();
        sum += weight;
        mean += weight * rate;
    }
    mean / sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_improper_villages_elsewhere_leave_a_surplus_to_chance() {
        // Five up and one down where nothing else is improper: three each way.
        let honest = shared(1.0, 5.0, 0.05);
        assert!((2.6..3.4).contains(&honest), "{honest}");
        // The same where four of this shape are to be expected: less.
        let mixed = shared(1.0, 5.0, 4.0);
        assert!((1.2..2.2).contains(&mixed), "{mixed}");
        // Many up and few down in a run full of them: the twin's rate.
        let guilty = shared(40.0, 100.0, 50.0);
        assert!((39.0..43.0).contains(&guilty), "{guilty}");
        // Nothing at all: half a village is not excluded.
        assert!((0.1..0.5).contains(&shared(0.0, 0.0, 0.5)));
    }

    #[test]
    fn equal_counts_stay_what_they_are_and_more_downward_ones_raise_the_rate() {
        let even = shared(40.0, 40.0, 0.2);
        assert!((even - 40.25).abs() < 0.6, "{even}");
        for up in [0.0, 3.0, 30.0, 300.0] {
            let rates = [0.5, 2.0, 8.0, 32.0].map(|down| shared(down, up, 3.0));
            assert!(rates.windows(2).all(|pair| pair[0] < pair[1]), "{rates:?}");
        }
        assert!(shared(1e4, 2e4, 1e4).is_finite());
    }
}
