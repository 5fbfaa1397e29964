//! The rate that an upward honest shape shares with its downward twin, and what of the upward ones may be improper.

/// Points of the integral over the share of upward ones.
const POINTS: u32 = 400;

/// Honest upward villages to be expected among `up` upward ones, of which some may be improper, beside `down` downward
/// ones, all of which are honest.
///
/// Honest villages of a kind go up as often as down. Two hypotheses are weighed, even at first: nobody is improper,
/// then both counts are of one rate and their mean is its best estimate; or some are, then the share of upward ones
/// lies anywhere above one half and the downward count alone is the honest rate (amendment B5). With n = up + down the
/// Bayes factor of the first is 2⁻ⁿ against 2·∫ θ^up (1−θ)^down dθ over θ above ½. Where `down` is a handful this keeps
/// chance from making improper villages; where many go up and few down the rate is the twin's.
///
/// Where more go down than up the rate is the downward one: letting the upward count bound it finds more where households
/// leave and rows are lost, and made one lead in ten false where both directions are alike (measured on the exact world).
pub(crate) fn shared(down: f64, up: f64) -> f64 {
    if up <= down {
        return down;
    }
    let none = none_improper(down, up);
    none * f64::midpoint(up, down) + (1.0 - none) * down
}

/// Probability that the two counts are of one rate.
fn none_improper(down: f64, up: f64) -> f64 {
    let half = 0.5 / f64::from(POINTS);
    let ln = |theta: f64| up * theta.ln() + down * (-theta).ln_1p();
    let even = ln(0.5);
    // Relative to the even share: no constant of the binomial matters, and nothing overflows before it is added.
    let some: f64 = (0..POINTS).map(|i| (ln(0.5 + half * (f64::from(i) + 0.5)) - even).exp()).sum();
    1.0 / (1.0 + some / f64::from(POINTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_surplus_is_chance_and_a_ring_is_not() {
        // By hand: for 3 up and 1 down 1/16 stands against 2·∫ θ³(1−θ) dθ above ½ = 13/160.
        let none = none_improper(1.0, 3.0);
        assert!((none - 10.0 / 23.0).abs() < 1e-4, "{none}");
        assert!((shared(1.0, 3.0) - (none * 2.0 + (1.0 - none))).abs() < 1e-12);
        assert!(shared(0.0, 8.0) < 0.1, "eight up and none down are no chance");
        assert!((shared(40.0, 100.0) - 40.0).abs() < 0.1);
        assert!((shared(40.0, 41.0) - 40.4).abs() < 0.2);
        assert!(shared(1e4, 2e4).is_finite());
    }

    #[test]
    fn the_rate_is_the_downward_one_or_between_both() {
        for up in [0.0, 3.0, 30.0] {
            for down in [0.0, 0.5, 2.0, 8.0, 32.0_f64] {
                let rate = shared(down, up);
                assert!(rate >= down && rate <= f64::midpoint(down, up).max(down), "{rate}");
            }
        }
    }
}
