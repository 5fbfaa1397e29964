//! The re-enacted case: six villages, grain claims up two years running, vegetables as they were.
//!
//! Only rows of the six villages change: some grain claims are larger, some exist that would not, and the
//! yearbook, which repeats what villages report, follows them. Every figure is invented.

use crate::claims::{Kind, MAIZE, WHEAT, write};
use crate::county::{Baseline, Claim, GRAIN, PlantedClaim, PlantedYear};
use crate::plan::Plan;
use crate::stream::{Stream, nearest, pseudonym};
use crate::village::{Person, Village};
use qingmu_model::{Mu, Yuan};
use std::collections::BTreeMap;

/// All money to be planted, in fen: the public account of the case speaks of somewhat over 100,000 yuan.
const BUDGET_FEN: f64 = 10_100_000.0;
/// Share of it in the first of the two years.
const FIRST_YEAR: f64 = 0.31;
/// People used in the first year, and added in the second: invented ones, and villagers with larger claims.
const INVENTED: usize = 2;
const ENLARGED: usize = 5;

/// The years in which something is planted: the last two, but never the first of all.
pub(crate) fn years(plan: &Plan) -> Vec<usize> {
    let count = plan.years.len();
    (1..count).filter(|index| index + 2 >= count).collect()
}

/// Plants into `claims` (sorted by year and id) and `baselines`; tells what.
pub(crate) fn plant(
    plan: &Plan,
    villages: &[Village],
    claims: &mut Vec<Claim>,
    baselines: &mut [Baseline],
) -> Vec<PlantedYear> {
    let six: Vec<&Village> = villages.iter().filter(|v| plan.six.contains(&v.place.code)).collect();
    let indices = years(plan);
    let mut planted = Vec::new();
    let mut added = Vec::new();
    for (step, &index) in indices.iter().enumerate() {
        let weights: Vec<f64> = six.iter().map(|v| weight(plan, v, index)).collect();
        let all: f64 = weights.iter().sum();
        let share = match (indices.len(), step) {
            (1, _) => 1.0,
            (_, 0) => FIRST_YEAR,
            _ => 1.0 - FIRST_YEAR,
        };
        let mu = BUDGET_FEN * share / plan.rate(GRAIN, index).raw() as f64;
        for (village, weight) in six.iter().zip(weights) {
            let excess = nearest(mu * weight / all * 100.0);
            let sheet = (claims.as_mut_slice(), &mut added);
            planted.push(in_village(plan, village, (step, index), excess, sheet, baselines));
        }
    }
    claims.append(&mut added);
    claims.sort_by(|a, b| (a.year, &a.claim_id).cmp(&(b.year, &b.claim_id)));
    planted
}

/// Larger villages take more; about the same each year.
fn weight(plan: &Plan, village: &Village, index: usize) -> f64 {
    let mut stream = Stream::new(plan.seed, "case-weight", &village.place.code);
    let size = village.sown(index, |g| g.wheat + g.maize) as f64;
    size * stream.between(0.95, 1.05)
}

/// Hundredths of a mu per claim: `excess` divided among the chosen people's wheat and maize by weight, the
/// last one taking what rounding leaves.
fn divide(plan: &Plan, village: &Village, step: usize, excess: i64) -> Vec<(Person, Kind, i64)> {
    let mut stream = Stream::new(plan.seed, "case", &village.place.code);
    let mut parts: Vec<(Person, Kind, f64)> = Vec::new();
    let last = plan.years.len() - 1;
    let mut ordinary: Vec<&Person> = village
        .people
        .iter()
        .filter(|p| !p.leases && p.enrolled == (0, last) && p.slot > 5)
        .filter(|p| p.grain.iter().all(|g| g.wheat > 100 && g.maize > 100))
        .collect();
    for round in 0..=step {
        for number in 0..INVENTED {
            let person = invented(plan, village, round * INVENTED + number);
            let size = stream.between(1.7, 2.2);
            parts.extend([WHEAT, MAIZE].map(|kind| (person.clone(), kind, size)));
        }
        for _ in 0..ENLARGED.min(ordinary.len()) {
            let pick = stream.below(u32::try_from(ordinary.len()).unwrap_or_default());
            let person = ordinary.remove(pick as usize).clone();
            let size = stream.between(0.8, 1.2);
            parts.extend([WHEAT, MAIZE].map(|kind| (person.clone(), kind, size)));
        }
    }
    let all: f64 = parts.iter().map(|part| part.2).sum();
    let mut left = excess;
    let count = parts.len();
    let mut divided: Vec<(Person, Kind, i64)> = Vec::with_capacity(count);
    for (number, (person, kind, size)) in parts.into_iter().enumerate() {
        let own = if number + 1 == count { left } else { nearest(excess as f64 * size / all) };
        left -= own;
        divided.push((person, kind, own));
    }
    divided
}

/// Somebody on the list who is not there: after the last slot, with an account of their own.
fn invented(plan: &Plan, village: &Village, number: usize) -> Person {
    let place = &village.place.code;
    let slot = village.people.len() + number;
    Person {
        slot,
        id: pseudonym(plan.seed, "claimant-new", place, number).into(),
        household: format!("{place}-H9{number:02}").into(),
        account: pseudonym(plan.seed, "account-new", place, number).into(),
        group: 1 + i16::try_from(number % 5).unwrap_or_default(),
        contracted: 0,
        grain: Vec::new(),
        enrolled: (0, 0),
        leases: false,
    }
}

fn in_village(
    plan: &Plan,
    village: &Village,
    (step, index): (usize, usize),
    excess: i64,
    (claims, added): (&mut [Claim], &mut Vec<Claim>),
    baselines: &mut [Baseline],
) -> PlantedYear {
    let year = plan.years[index];
    let mut planted = Vec::new();
    let mut yuan = 0;
    let mut by_crop: BTreeMap<&'static str, i64> = BTreeMap::new();
    for (person, kind, own) in divide(plan, village, step, excess) {
        let more = Mu::from_raw(own * 100);
        let mut claim = write(plan, village, index, &person, kind, more);
        *by_crop.entry(kind.3).or_default() += own;
        let key = (claim.year, claim.claim_id.as_str());
        let place = claims.binary_search_by(|c| (c.year, c.claim_id.as_str()).cmp(&key)).ok();
        let place = place.and_then(|at| claims.get_mut(at));
        let honest = place.as_ref().map_or((Mu::ZERO, Yuan::ZERO), |c| (c.area_mu, c.amount_yuan));
        claim.area_mu = Mu::from_raw(honest.0.raw() + more.raw());
        claim.amount_yuan = claim.area_mu.times_rate(claim.rate_yuan_per_mu).unwrap_or_default();
        yuan += claim.amount_yuan.raw() - honest.1.raw();
        planted.push(PlantedClaim {
            claim_id: claim.claim_id.clone(),
            honest_mu: honest.0,
            claimed_mu: claim.area_mu,
        });
        match place {
            Some(old) => *old = claim,
            None => added.push(claim),
        }
    }
    let own_yearbook = |b: &&mut Baseline| {
        b.source == "stat_yearbook" && b.year == year && b.village_code == village.place.code
    };
    for row in baselines.iter_mut().filter(own_yearbook) {
        let more = by_crop.get(row.crop).copied().unwrap_or_default();
        row.area_mu = Mu::from_raw(row.area_mu.raw() + more / 100 * 10_000);
    }
    planted.sort_by(|a, b| a.claim_id.cmp(&b.claim_id));
    PlantedYear {
        village_code: village.place.code.to_string(),
        name: village.place.name.clone(),
        year,
        excess_mu: Mu::from_raw(excess * 100),
        excess_yuan: Yuan::from_raw(yuan),
        claims: planted,
    }
}
