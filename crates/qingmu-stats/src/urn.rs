//! Shares of a list against those of its peers, where honest lists scatter more than chance: the Dirichlet-multinomial
//! law by drawing from its urn.

/// 2Σ c·ln(c / (n·p)): how far counts stand from expected shares (likelihood ratio). Categories without share are left
/// out; `None` for slices of unequal length or without counts.
#[must_use]
pub fn g_statistic(counts: &[u32], shares: &[f64]) -> Option<f64> {
    let n: f64 = counts.iter().map(|c| f64::from(*c)).sum();
    if counts.len() != shares.len() || n <= 0.0 {
        return None;
    }
    let terms = counts.iter().zip(shares).filter(|(c, p)| **c > 0 && **p > 0.0);
    Some(2.0 * terms.map(|(c, p)| f64::from(*c) * (f64::from(*c) / (n * p)).ln()).sum::<f64>())
}

/// Concentration of the Dirichlet law behind many lists of counts around common shares, by the median of
/// χ²/(categories − 1), which odd lists do not move: E χ² = (k − 1)(n + A)/(1 + A).
///
/// `None` without lists. At most 1e6, where the law is the multinomial one.
#[must_use]
pub fn dirichlet_concentration(lists: &[&[u32]], shares: &[f64]) -> Option<f64> {
    let most = 1e6;
    let mut found: Vec<f64> = Vec::new();
    for counts in lists {
        let n: f64 = counts.iter().map(|c| f64::from(*c)).sum();
        let used = shares.iter().filter(|p| **p > 0.0).count();
        if counts.len() != shares.len() || n < 2.0 || used < 2 {
            continue;
        }
        let free = (used - 1) as f64;
        let chi: f64 = counts
            .iter()
            .zip(shares)
            .filter(|(_, p)| **p > 0.0)
            .map(|(c, p)| (f64::from(*c) - n * p).powi(2) / (n * p))
            .sum();
        // The median of χ² with k degrees is near k(1 − 2/9k)³ (Wilson and Hilferty 1931).
        let ratio = chi / (free * (1.0 - 2.0 / (9.0 * free)).powi(3));
        found.push(if ratio <= 1.0 {
            most
        } else {
            ((n - ratio) / (ratio - 1.0)).clamp(0.5, most)
        });
    }
    crate::median(&found)
}

/// Monte-Carlo test: how many of the lists drawn from the Dirichlet-multinomial law with these shares and this
/// concentration are at least as far from the shares ([`g_statistic`]) as `counts`.
///
/// Draws stop early once 10 are (Besag and Clifford 1991), else after `draws`; the p-value is never 0. Deterministic
/// for a seed. `None` where [`g_statistic`] is, or unless the concentration is positive.
#[must_use]
pub fn dirichlet_multinomial_p(
    counts: &[u32],
    shares: &[f64],
    concentration: f64,
    draws: u32,
    seed: u64,
) -> Option<f64> {
    const ENOUGH: u32 = 10;
    let observed = g_statistic(counts, shares)?;
    if concentration.is_nan() || concentration <= 0.0 {
        return None;
    }
    let n: u32 = counts.iter().sum();
    let mut random = SplitMix(seed);
    let mut list = vec![0_u32; counts.len()];
    let mut past = Vec::with_capacity(n as usize);
    let mut as_far = 0_u32;
    for draw in 1..=draws {
        urn(&mut random, shares, concentration, n, &mut list, &mut past);
        if g_statistic(&list, shares).is_some_and(|g| g >= observed) {
            as_far += 1;
            if as_far == ENOUGH {
                return Some(f64::from(ENOUGH) / f64::from(draw));
            }
        }
    }
    Some(f64::from(as_far + 1) / f64::from(draws + 1))
}

/// One list: each item is new from the shares with chance A/(A + i), else a copy of an earlier one (Blackwell and
/// MacQueen 1973).
fn urn(
    random: &mut SplitMix,
    shares: &[f64],
    concentration: f64,
    n: u32,
    drawn: &mut [u32],
    past: &mut Vec<usize>,
) {
    drawn.fill(0);
    past.clear();
    for i in 0..n {
        let fresh = random.uniform() * (concentration + f64::from(i)) < concentration;
        let item = if fresh || past.is_empty() {
            category(shares, random.uniform())
        } else {
            past[random.below(past.len())]
        };
        past.push(item);
        drawn[item] += 1;
    }
}

fn category(shares: &[f64], uniform: f64) -> usize {
    let mut left = uniform * shares.iter().sum::<f64>();
    let mut last = 0;
    for (at, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        last = at;
        left -= share;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// SplitMix64 (Steele, Lea and Flood 2014): one word of state, enough for p-values that are advisory.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Within [0, 1), 53 bits.
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn below(&mut self, most: usize) -> usize {
        let wide = u128::from(self.next()) * most as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_published_sequence() {
        // Reference output of SplitMix64 for seed 1234567.
        let mut random = SplitMix(1_234_567);
        let found: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            found,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn counts_at_their_shares_are_no_distance_away() {
        assert_eq!(g_statistic(&[10, 20, 70], &[0.1, 0.2, 0.7]), Some(0.0));
        // 2·(6·ln(6/5) + 4·ln(4/5)).
        let exact = 2.0 * (6.0 * 1.2_f64.ln() + 4.0 * 0.8_f64.ln());
        assert!((g_statistic(&[6, 4], &[0.5, 0.5]).unwrap_or(f64::NAN) - exact).abs() < 1e-12);
        assert_eq!(
            (g_statistic(&[1], &[0.5, 0.5]), g_statistic(&[0, 0], &[0.5, 0.5])),
            (None, None)
        );
    }

    #[test]
    fn p_values_of_two_sides_of_a_coin_are_the_binomial_ones() {
        // 9 or more heads, or tails, of 10 fair coins: 2·11/1024.
        let p = dirichlet_multinomial_p(&[9, 1], &[0.5, 0.5], 1e9, 200_000, 7).unwrap_or(f64::NAN);
        assert!((p / (22.0 / 1024.0) - 1.0).abs() < 0.7, "{p}");
        // Concentration 2 makes every count of 0..=10 equally likely: 4 of 11.
        let p = dirichlet_multinomial_p(&[9, 1], &[0.5, 0.5], 2.0, 10_000, 7).unwrap_or(f64::NAN);
        assert!((p / (4.0 / 11.0) - 1.0).abs() < 0.7, "{p}");
        assert_eq!(
            dirichlet_multinomial_p(&[9, 1], &[0.5, 0.5], 2.0, 100, 7),
            dirichlet_multinomial_p(&[9, 1], &[0.5, 0.5], 2.0, 100, 7)
        );
        assert_eq!(dirichlet_multinomial_p(&[9, 1], &[0.5, 0.5], 0.0, 100, 7), None);
        // 400 of one kind never happen by chance: the smallest p-value that 999 draws can give.
        let p = dirichlet_multinomial_p(&[400, 0], &[0.5, 0.5], 1e6, 999, 7);
        assert_eq!(p, Some(0.001));
    }

    #[test]
    fn the_concentration_is_found_and_odd_lists_do_not_move_it() {
        let shares = [0.1; 10];
        let mut random = SplitMix(11);
        let mut lists = Vec::new();
        for _ in 0..400 {
            let (mut drawn, mut past) = (vec![0; 10], Vec::new());
            urn(&mut random, &shares, 60.0, 200, &mut drawn, &mut past);
            lists.push(drawn);
        }
        lists.extend(vec![vec![200, 0, 0, 0, 0, 0, 0, 0, 0, 0]; 20]);
        let lists: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
        let found = dirichlet_concentration(&lists, &shares).unwrap_or(f64::NAN);
        assert!((found / 60.0).ln().abs() < 0.25, "{found}");
        assert_eq!(dirichlet_concentration(&[], &shares), None);
    }
}
