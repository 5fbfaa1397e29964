//! Rings against the truth.

use super::simulator::{Plan, World};
use crate::{Fusion, Options, fuse, learn};

fn run(world: &World) -> Fusion {
    let (case, options) = (world.case(), Options::default());
    let parameters = learn(&case, &options).unwrap();
    fuse(&case, &parameters, &options).unwrap()
}

#[test]
fn explore_rings() {
    for (villages, rings, ring) in [
        (840, 1, (0.08, 3)),
        (8400, 10, (0.08, 3)),
        (840, 1, (0.12, 3)),
        (840, 1, (0.2, 3)),
        (8400, 0, (0.08, 3)),
    ] {
        for seed in 1..=4 {
            let plan = Plan { seed, villages, rings, ring, improper: 0.01, ..Plan::default() };
            let world = World::new(&plan);
            let fusion = run(&world);
            println!(
                "{villages} {ring:?} {:?}",
                fusion
                    .rings
                    .iter()
                    .take(14)
                    .map(|r| (
                        (r.p * 1000.).round() / 1000.,
                        r.group,
                        r.members.iter().map(|m| m.village % 14).collect::<Vec<_>>(),
                        r.span.from,
                        (r.ln_evidence * 10.).round() / 10.,
                        (r.ln_honest * 10.).round() / 10.
                    ))
                    .collect::<Vec<_>>()
            );
        }
    }
    for (bias, event) in [(0.15, 0.0), (0.3, 0.0), (0.0, 0.15), (0.0, -0.15), (0.0, 0.3)] {
        for seed in 1..=3 {
            let plan = Plan { seed, villages: 840, bias, event, ..Plan::default() };
            let world = World::new(&plan);
            let fusion = run(&world);
            println!(
                "bias {bias} event {event}: {:?}",
                fusion
                    .rings
                    .iter()
                    .map(|r| (
                        (r.p * 1000.).round() / 1000.,
                        r.group,
                        r.members.len(),
                        r.span,
                        (r.ln_evidence * 10.).round() / 10.,
                        (r.ln_honest * 10.).round() / 10.
                    ))
                    .collect::<Vec<_>>()
            );
        }
    }
}
