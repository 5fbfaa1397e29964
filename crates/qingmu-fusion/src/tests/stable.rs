//! What must not matter: order, threads, one village's slip; and what is refused.

use super::calibration::run;
use super::simulator::{Dice, Plan, World};
use crate::{Fusion, FusionError, GroupMember, Options, Parameters, fuse, learn};
use std::collections::BTreeMap;

fn small() -> World {
    World::new(&Plan {
        villages: 840,
        improper: 0.05,
        counted: true,
        rings: 1,
        ring: (0.2, 3),
        ..Plan::default()
    })
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let world = small();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let (case, options) = (world.case(), Options::default());
            let parameters = learn(&case, &options).unwrap();
            (format!("{:?}", fuse(&case, &parameters, &options).unwrap()), parameters)
        })
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(5));
}

#[test]
fn frozen_parameters_survive_their_file() {
    let world = small();
    let (case, options) = (world.case(), Options::default());
    let parameters = learn(&case, &options).unwrap();
    let read: Parameters =
        serde_json::from_str(&serde_json::to_string(&parameters).unwrap()).unwrap();
    let (a, b) =
        (fuse(&case, &parameters, &options).unwrap(), fuse(&case, &read, &options).unwrap());
    // The reader of JSON may miss the last bit of a double.
    assert_eq!(a.village_years.len(), b.village_years.len());
    for (x, y) in a.village_years.iter().zip(&b.village_years) {
        assert!((x.p - y.p).abs() < 1e-12 && (x.q_ring - y.q_ring).abs() < 1e-12);
    }
    assert_eq!(fuse(&case, &read, &options).unwrap(), b, "and scoring with it is a pure function");
}

/// With frozen parameters a village depends on itself and its groups alone.
#[test]
fn frozen_parameters_score_each_town_by_itself() {
    let mut world = small();
    let options = Options::default();
    let parameters = learn(&world.case(), &options).unwrap();
    let before = fuse(&world.case(), &parameters, &options).unwrap();
    (0..6).for_each(|t| world.logs[100][t] += 0.4);
    world.refit();
    let after = fuse(&world.case(), &parameters, &options).unwrap();
    let others = |fusion: &Fusion| -> Vec<(u32, u32, f64, f64)> {
        let far = fusion.village_years.iter().filter(|y| y.village / 14 != 100 / 14);
        far.map(|y| (y.village, y.year, y.p, y.p_ring)).collect()
    };
    assert_eq!(others(&before), others(&after));
}

#[test]
fn the_order_of_villages_does_not_matter() {
    let world = small();
    let mut order: Vec<usize> = (0..840).collect();
    let mut dice = Dice(7);
    (1..840).rev().for_each(|i| order.swap(i, dice.below(i + 1)));
    let moved = world.reordered(&order);
    let by_code = |world: &World| -> BTreeMap<String, (f64, f64, f64, f64)> {
        let years = run(world).village_years;
        let key = |y: &crate::Posterior| format!("{} {}", world.codes[y.village as usize], y.year);
        years.iter().map(|y| (key(y), (y.p, y.p_ring, y.q, y.q_ring))).collect()
    };
    let (a, b) = (by_code(&world), by_code(&moved));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (x, y) in a.values().zip(b.values()) {
        let far =
            (x.0 - y.0).abs().max((x.1 - y.1).abs()).max((x.2 - y.2).abs()).max((x.3 - y.3).abs());
        assert!(far < 1e-6, "{x:?} {y:?}");
    }
}

#[test]
fn the_order_of_counted_rows_does_not_matter() {
    let mut world = small();
    let before = run(&world);
    world.counted.reverse();
    assert_eq!(before, run(&world));
}

/// Scaling one honest village down for one year moves nobody else's q by more than 0.01.
#[test]
fn one_village_that_claims_less_changes_nobody_else() {
    for (village, year, by) in [(300, 3, 0.5), (501, 5, 0.2), (702, 0, 0.7)] {
        let mut world = World::new(&Plan { villages: 4200, improper: 0.04, ..Plan::default() });
        let before = run(&world);
        let honest = |v: &usize| {
            let listed = before.village_years.iter().any(|y| y.village as usize == *v);
            !listed && world.truth[v * 6..(v + 1) * 6].iter().all(|x| *x == 0.0)
        };
        let village = (village..4200).find(honest).unwrap();
        world.logs[village][year] += f64::ln(by);
        world.refit();
        let after = run(&world);
        let q = |fusion: &Fusion| -> BTreeMap<(u32, u32), (f64, f64)> {
            let others = fusion.village_years.iter().filter(|y| y.village as usize != village);
            others.map(|y| ((y.village, y.year), (y.q, y.q_ring))).collect()
        };
        let (before, after) = (q(&before), q(&after));
        // Beyond them the list ends, and q with it.
        let likely = before.iter().filter(|(_, q)| q.0.max(q.1) < 0.6);
        for (place, (q, q_ring)) in likely {
            let (now, now_ring) = after[place];
            assert!((q - now).abs() <= 0.01, "{place:?}: {q} {now}");
            assert!((q_ring - now_ring).abs() <= 0.01, "{place:?}: {q_ring} {now_ring}");
        }
    }
}

/// Claims 15 % low in the first two years, then normal.
#[test]
fn late_enrolment_is_not_held_against_a_village() {
    let mut world = World::new(&Plan { villages: 2100, improper: 0.01, ..Plan::default() });
    let quiet: Vec<usize> = {
        let fusion = run(&world);
        let listed = |v: &usize| fusion.village_years.iter().any(|y| y.village as usize == *v);
        let base = |v: &usize| world.fits[*v].as_ref().unwrap().honest.iter().all(|ln| *ln < 1.0);
        (0..2100).step_by(20).filter(|v| !listed(v) && base(v)).collect()
    };
    assert!(quiet.len() > 20);
    for village in &quiet {
        (0..2).for_each(|t| world.logs[*village][t] -= 0.15);
    }
    world.refit();
    let fusion = run(&world);
    // A village may be unlucky in its later years as well; that is its noise and not its enrolment.
    let mut doubted: Vec<u32> = Vec::new();
    for year in fusion.village_years.iter().filter(|y| quiet.contains(&(y.village as usize))) {
        let p = year.p.max(year.p_ring);
        assert!(p < 0.2, "{year:?}");
        doubted.extend((p >= 0.1).then_some(year.village));
    }
    doubted.dedup();
    assert!(10 * doubted.len() <= quiet.len(), "{} of {}", doubted.len(), quiet.len());
}

fn refused(change: impl Fn(&mut World)) -> String {
    let mut world =
        World::new(&Plan { villages: 28, counted: true, improper: 0.5, ..Plan::default() });
    change(&mut world);
    learn(&world.case(), &Options::default()).unwrap_err().to_string()
}

#[test]
fn what_does_not_fit_together_is_refused_by_name() {
    assert_eq!(refused(|w| w.codes.truncate(27)), "`codes` has 27 entries; 28 are needed");
    assert_eq!(refused(|w| w.claimed.truncate(167)), "`claimed` has 167 entries; 168 are needed");
    assert_eq!(refused(|w| w.years = 0), "the case has 0 years; it needs 1 to 60");
    assert_eq!(
        refused(|w| w.fits[3].as_mut().unwrap().honest.truncate(2)),
        "series `planting/grain`, village 000003: the fit is not one of 6 years; fit the panel again"
    );
    assert_eq!(
        refused(|w| w.fits[3].as_mut().unwrap().ln_bf[0] = f64::NAN),
        "planting/grain, village 000003: a logarithm of evidence is not a number"
    );
    assert_eq!(
        refused(|w| (w.counted[0].village, w.counted[0].year) = (99, 2)),
        "a counted row: village 99, year 2 lies outside the case"
    );
    assert_eq!(
        refused(|w| w.groups[0].members.push(GroupMember { village: 28, years: 1 })),
        "town 00000: village 28, year 0 lies outside the case"
    );
    let world = World::new(&Plan { villages: 28, ..Plan::default() });
    let mut case = world.case();
    case.series.push(case.series[0]);
    assert_eq!(
        learn(&case, &Options::default()),
        Err(FusionError::TwoSeries("planting/grain".to_owned()))
    );
}

#[test]
fn parameters_that_do_not_fit_are_refused_by_name() {
    let (world, options) =
        (World::new(&Plan { villages: 28, ..Plan::default() }), Options::default());
    let learned = learn(&world.case(), &options).unwrap();
    let refused = |change: &dyn Fn(&mut Parameters)| {
        let mut parameters = learned.clone();
        change(&mut parameters);
        fuse(&world.case(), &parameters, &options).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&|p| p.improper = f64::NAN),
        "parameter `improper` is NaN; it must be above 0 and not above 1; restore the file or learn again"
    );
    assert_eq!(
        refused(&|p| p.series[0].name = "other".to_owned()),
        "the parameters know no series `planting/grain`; learn them again with it"
    );
    assert_eq!(
        refused(&|p| p.templates.truncate(24)),
        "parameter `templates` is a list of 24; it must be one per template; restore the file or learn again"
    );
    assert_eq!(
        refused(&|p| p.rings[0].shared[0].sd[1] = -1.0),
        "parameter `Town.sd` is -1; it must be within 0 and 10; restore the file or learn again"
    );
    let shorter = World::new(&Plan { villages: 28, years: 5, ..Plan::default() });
    assert_eq!(
        fuse(&shorter.case(), &learned, &options).unwrap_err().to_string(),
        "the parameters were learned on 6 years and the case has 5; learn them again"
    );
}
