//! Random numbers that stay put: one ChaCha8 stream per purpose and place.
//!
//! Nothing here calls a platform's mathematics library or a distribution whose algorithm may change
//! with a crate version: only integer draws, additions and products, which IEEE 754 fixes to the bit.

use crate::elementary::{exp, ln};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of random numbers that no other purpose or place can disturb.
pub(crate) struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of `purpose` at `place` under `seed`.
    pub(crate) fn new(seed: u64, purpose: &str, place: &str) -> Self {
        let key: [u8; 32] = Sha256::digest(format!("qingmu-synth/{seed}")).into();
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(first_u64(&format!("{purpose}/{place}")));
        Self(rng)
    }

    /// Uniform in [0, 1), 53 bits.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// Uniform in `low..high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform in `0..n` (bias below 2⁻³², of no matter here); 0 for `n == 0`.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(n);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    /// True with probability `p`.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Mean 0, standard deviation 1, never beyond ±2√3: the sum of four uniforms (Irwin–Hall), close to
    /// normal and without a logarithm whose last bit differs between platforms.
    pub(crate) fn normal(&mut self) -> f64 {
        let sum = self.uniform() + self.uniform() + self.uniform() + self.uniform();
        (sum - 2.0) * 1.732_050_807_568_877_2
    }

    /// A factor e^(sd·z).
    pub(crate) fn factor(&mut self, sd: f64) -> f64 {
        exp(sd * self.normal())
    }

    /// Heavy-tailed: Student's t with four degrees of freedom, scaled to standard deviation 1.
    pub(crate) fn heavy(&mut self) -> f64 {
        let own = self.normal();
        let squares: f64 = (0..4).map(|_| self.normal()).map(|z| z * z).sum();
        own / (squares / 2.0).sqrt().max(1e-3)
    }

    /// Exponential with the given mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * ln(1.0 - self.uniform())
    }

    /// Uniform in `low..=high`.
    pub(crate) fn whole(&mut self, low: usize, high: usize) -> usize {
        let span = u32::try_from(high.saturating_sub(low)).unwrap_or(u32::MAX - 1);
        low + self.below(span + 1) as usize
    }

    /// One of a list; `None` for an empty one.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(u32::try_from(from.len()).unwrap_or_default()) as usize)
    }

    /// `count` different indices below `n`, in rising order; all where `count` reaches `n`.
    pub(crate) fn choose(&mut self, n: usize, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        let count = count.min(n);
        for i in 0..count {
            let j = self.whole(i, n - 1);
            all.swap(i, j);
        }
        all.truncate(count);
        all.sort_unstable();
        all
    }
}

fn first_u64(text: &str) -> u64 {
    let digest: [u8; 32] = Sha256::digest(text).into();
    digest.iter().take(8).fold(0, |word, byte| (word << 8) | u64::from(*byte))
}

/// An invented identity: 12 hexadecimal digits that look like what a keyed hash leaves and can be no
/// real id, which has 18 characters.
pub(crate) fn pseudonym(seed: u64, kind: &str, place: &str, number: usize) -> String {
    let word = first_u64(&format!("{seed}/{kind}/{place}/{number}"));
    format!("{:012x}", word >> 16)
}

/// Nearest integer for values that fit; halves go up.
pub(crate) fn nearest(value: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "areas of a county in hundredths of a mu")]
    let whole = (value + 0.5).floor() as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_fixed_and_apart() {
        let draw = |purpose, place| Stream::new(7, purpose, place).0.next_u64();
        assert_eq!(draw("people", "a"), draw("people", "a"));
        assert_ne!(draw("people", "a"), draw("people", "b"));
        assert_ne!(draw("people", "a"), draw("land", "a"));
    }

    #[test]
    fn draws_have_their_moments_and_bounds() {
        let mut stream = Stream::new(1, "moments", "");
        let draws: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|d| d * d).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04, "{mean} {variance}");
        assert!(draws.iter().all(|d| d.abs() <= 3.4642));
        let mut seen = [false; 5];
        for _ in 0..200 {
            seen[stream.below(5) as usize] = true;
        }
        assert_eq!(seen, [true; 5]);
    }

    #[test]
    fn pseudonyms_are_no_ids() {
        let id = pseudonym(7, "claimant", "610423113215", 3);
        assert_eq!(id.len(), 12);
        assert!(id.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!((nearest(2.5), nearest(2.49), nearest(-0.2)), (3, 2, 0));
    }
}
