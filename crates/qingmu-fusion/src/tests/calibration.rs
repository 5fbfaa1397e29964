//! Probabilities, false-discovery rates, shares and intervals against the truth.

use super::simulator::{Plan, World};
use crate::{Fusion, Health, Options, Posterior, fuse, learn, merge};
use qingmu_model::Family;

pub(crate) fn run(world: &World) -> Fusion {
    let (case, options) = (world.case(), Options::default());
    let parameters = learn(&case, &options).unwrap();
    fuse(&case, &parameters, &options).unwrap()
}

fn province(seed: u64, improper: f64) -> World {
    World::new(&Plan { seed, villages: 4200, improper, ..Plan::default() })
}

/// Twenty prefectures without a single improper village, and as many in which one village of a hundred is.
///
/// A clean one has no lead. Probabilities are probabilities over prefectures of both kinds, since nobody knows which
/// kind one is: what chance makes probable in clean ones (six of a rare shape up and none down happens in one clean
/// prefecture of sixteen, and is what a ring looks like) must be outnumbered by what is improper in the others.
#[test]
fn clean_prefectures_have_no_leads() {
    let (mut leads, mut rings, mut likely, mut right, mut sum) = (0, 0, 0.0, 0.0, 0.0);
    for (seed, improper) in (1..=20).flat_map(|seed| [(seed, 0.0), (seed, 0.01)]) {
        let world = World::new(&Plan { seed, villages: 2100, improper, ..Plan::default() });
        let fusion = run(&world);
        if improper <= 0.0 {
            leads += fusion.village_years.iter().filter(|y| y.q.min(y.q_ring) <= 0.05).count();
            rings += fusion.rings.iter().filter(|ring| ring.q <= 0.05).count();
            assert!(!fusion.health.doubtful(), "seed {seed}: {:?}", fusion.health.up);
        }
        for year in fusion.village_years.iter().filter(|y| y.p >= 0.5) {
            likely += 1.0;
            sum += year.p;
            right += f64::from(u8::from(world.improper(year.village, year.year)));
        }
    }
    assert_eq!((leads, rings), (0, 0));
    let (expected, actual) = (sum / likely, right / likely);
    assert!(
        actual >= 0.5,
        "more probable than not: {actual} of {likely} improper, {expected} expected"
    );
}

/// Village-years of six provinces with 3 % improper villages, false ones marked.
fn listed(options: &Options) -> Vec<(Vec<Posterior>, World)> {
    let one = |world: World| {
        let parameters = learn(&world.case(), options).unwrap();
        (fuse(&world.case(), &parameters, options).unwrap().village_years, world)
    };
    (1..=6).map(|seed| one(province(seed, 0.03))).collect()
}

#[test]
fn probabilities_rates_and_intervals_hold() {
    // The world's standard errors are exact: nothing is to be widened.
    let runs = listed(&Options { se_factor: 1.0, ..Options::default() });
    // Predicted against actual, in five classes of probability.
    for class in 0..5_u8 {
        let (low, high) = (f64::from(class) * 0.2, f64::from(class + 1) * 0.2 + 1e-12);
        let (mut predicted, mut actual, mut count) = (0.0, 0.0, 0.0);
        for (years, world) in &runs {
            for year in years.iter().filter(|y| y.p >= low && y.p < high) {
                predicted += year.p;
                actual += f64::from(u8::from(world.improper(year.village, year.year)));
                count += 1.0;
            }
        }
        assert!(count > 100.0, "class {class}: {count}");
        let (predicted, actual) = (predicted / count, actual / count);
        assert!(
            (-0.1..0.12).contains(&(actual - predicted)),
            "{class}: {predicted} {actual} of {count}"
        );
    }
    for q in [0.05, 0.1, 0.2] {
        let of = |(years, world): &(Vec<Posterior>, World)| {
            let chosen: Vec<&Posterior> = years.iter().filter(|y| y.q <= q).collect();
            let wrong = chosen.iter().filter(|y| !world.improper(y.village, y.year)).count();
            wrong as f64 / chosen.len().max(1) as f64
        };
        let shares: Vec<f64> = runs.iter().map(of).collect();
        let n = shares.len() as f64;
        let mean = shares.iter().sum::<f64>() / n;
        let se =
            (shares.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (n - 1.0) / n).sqrt();
        assert!(mean <= q + 2.0 * se, "false share {mean} at q {q}, se {se}");
    }
    let (mut inside, mut money, mut cases) = (0, 0, 0);
    for (years, world) in &runs {
        for year in years.iter().filter(|y| y.p >= 0.5 && world.improper(y.village, y.year)) {
            let truth = world.truth[year.village as usize * world.years + year.year as usize];
            let (mu, yuan) = (year.excess_mu.unwrap(), year.excess_yuan.unwrap());
            cases += 1;
            inside += usize::from(mu.lo <= truth && truth <= mu.hi);
            money += usize::from(yuan.lo <= 100.0 * truth && 100.0 * truth <= yuan.hi);
        }
    }
    let coverage = f64::from(u32::try_from(inside).unwrap()) / f64::from(cases);
    assert!((0.86..=0.94).contains(&coverage), "{coverage} of {cases}");
    assert_eq!(inside, money);
}

#[test]
fn shares_sum_to_the_probability_and_nothing_is_not_a_number() {
    let plan = Plan { villages: 2100, improper: 0.05, counted: true, rings: 2, ..Plan::default() };
    let fusion = run(&World::new(&plan));
    assert!(fusion.village_years.len() > 100);
    for year in &fusion.village_years {
        let shares: f64 = year.families.iter().map(|family| family.share).sum();
        assert!((shares - year.p).abs() < 1e-9 || year.p == 0.0, "{shares} {}", year.p);
        let honest: f64 = year.honest.iter().map(|shape| shape.1).sum();
        assert!(
            honest <= 1.0 - year.p + 1e-9 && honest >= 0.8 * (1.0 - year.p),
            "{honest} {}",
            year.p
        );
        let mut numbers = vec![year.p, year.p_ring, year.q, year.q_ring];
        numbers.extend(year.mean_yuan);
        for estimate in [year.excess_mu, year.excess_yuan].into_iter().flatten() {
            assert!(estimate.lo <= estimate.median && estimate.median <= estimate.hi);
            assert!(estimate.lo > 0.0, "an excess is material");
            numbers.extend([estimate.lo, estimate.median, estimate.hi]);
        }
        numbers.extend(year.families.iter().flat_map(|f| [f.share, f.ln_bf]));
        assert!(numbers.iter().all(|x| x.is_finite()), "{year:?}");
        assert!(numbers[..4].iter().all(|x| (0.0..=1.0).contains(x)), "{year:?}");
        assert!(year.span.is_some_and(|span| span.height(year.year as usize) > 0.0));
    }
}

#[test]
fn counted_rows_are_found_and_their_money_is_theirs() {
    let plan = Plan { villages: 4200, improper: 0.03, counted: true, ..Plan::default() };
    let (world, mut right, mut wrong) = (World::new(&plan), 0, 0);
    let fusion = run(&world);
    let is_parcel = |y: &&Posterior| y.p >= 0.8 && y.families[0].family == Family::Parcel;
    for year in fusion.village_years.iter().filter(is_parcel) {
        if !world.improper(year.village, year.year) {
            wrong += 1;
            continue;
        }
        right += 1;
        let yuan = year.excess_yuan.unwrap();
        assert!(yuan.lo < 12_000.0 && yuan.hi > 12_000.0, "{yuan:?}");
        assert!((yuan.median / 12_000.0 - 1.0).abs() < 0.05);
    }
    assert!(right >= 40 && wrong <= 2, "{right} {wrong}");
}

#[test]
fn counted_rows_alone_make_an_assessment_and_no_evidence_makes_none() {
    let plan = Plan { villages: 840, counted: true, improper: 0.05, ..Plan::default() };
    let mut world = World::new(&plan);
    let strong = world.counted.iter().max_by(|a, b| a.ln_bf.total_cmp(&b.ln_bf)).unwrap().village;
    let silent = (0..840).find(|v| world.counted.iter().all(|c| c.village != *v)).unwrap();
    world.fits[strong as usize] = None;
    world.fits[silent as usize] = None;
    let fusion = run(&world);
    assert!(fusion.assessed[strong as usize] && !fusion.assessed[silent as usize]);
    let year = fusion.village_years.iter().find(|y| y.village == strong).unwrap();
    assert!(year.p > 0.5 && year.series.is_none() && year.honest.is_empty(), "{year:?}");
    assert!(fusion.village_years.iter().all(|y| y.village != silent));
}

/// The founding size: one county, thirty villages, one year. Nothing may be said with confidence, nothing may break.
#[test]
fn a_small_county_with_one_year_is_ranked_and_not_accused() {
    for villages in [1, 2, 30] {
        for seed in 1..=10 {
            let world = World::new(&Plan { seed, villages, years: 1, ..Plan::default() });
            let fusion = run(&world);
            assert!(fusion.village_years.iter().all(|y| y.q > 0.05), "{villages} {seed}");
            assert!(fusion.rings.is_empty(), "one year is constant: no ring");
        }
    }
    let empty = World::new(&Plan { villages: 0, ..Plan::default() });
    assert_eq!(run(&empty).village_years, []);
}

#[test]
fn the_mirror_tells_noise_from_excess() {
    let guilty = run(&province(1, 0.03)).health;
    assert!(guilty.up > guilty.down && guilty.fits == 4200 && !guilty.doubtful(), "{guilty:?}");
    assert!(
        guilty.strong_up > guilty.strong_down + 40,
        "{} {}",
        guilty.strong_up,
        guilty.strong_down
    );
    let clean = run(&province(1, 0.0)).health;
    let (up, down) = (clean.strong_up, clean.strong_down);
    assert!(
        up < 3 * down + 10 && down < 3 * up + 10 && clean.up < 40.0,
        "{up} {down} {}",
        clean.up
    );
    let wild = Health { up: 40.0, strong_up: 60, strong_down: 55, ..Health::default() };
    assert!(wild.doubtful());
}

/// A county at a time with frozen parameters, put together, is the whole run.
#[test]
fn parts_make_the_whole() {
    let plan = Plan {
        villages: 1680,
        improper: 0.04,
        counted: true,
        rings: 2,
        ring: (0.3, 3),
        ..Plan::default()
    };
    let (world, options) = (World::new(&plan), Options::default());
    let case = world.case();
    let parameters = learn(&case, &options).unwrap();
    let whole = fuse(&case, &parameters, &options).unwrap();
    assert!(whole.rings.len() >= 2);
    let half = |from: usize| {
        let world = world.part(from, from + 840);
        let fusion = fuse(&world.case(), &parameters, &options).unwrap();
        (fusion, world.groups.len())
    };
    let merged = merge(vec![half(0), half(840)], &options);
    assert_eq!(merged.village_years, whole.village_years);
    assert_eq!(merged.rings, whole.rings);
    assert_eq!(merged.assessed, whole.assessed);
    assert!((merged.health.up - whole.health.up).abs() < 1e-9);
}
