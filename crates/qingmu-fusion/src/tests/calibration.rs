//! Probabilities, false-discovery rates and intervals against the truth.

use super::simulator::{Plan, World};
use crate::{Fusion, Options, fuse, learn};

fn run(world: &World) -> Fusion {
    let (case, options) = (world.case(), Options::default());
    let parameters = learn(&case, &options).unwrap();
    fuse(&case, &parameters, &options).unwrap()
}

#[test]
fn explore() {
    for (improper, counted) in [(0.0, false), (0.02, false), (0.03, true)] {
        for seed in 1..=3 {
            let plan = Plan { seed, villages: 8400, improper, counted, ..Plan::default() };
            let start = std::time::Instant::now();
            let world = World::new(&plan);
            let made = start.elapsed();
            let case = world.case();
            let options = Options::default();
            let start = std::time::Instant::now();
            let parameters = learn(&case, &options).unwrap();
            let learned = start.elapsed();
            let start = std::time::Instant::now();
            let fusion = fuse(&case, &parameters, &options).unwrap();
            println!("made {made:?} learn {learned:?} fuse {:?}", start.elapsed());
            println!("{parameters:?}");
            println!("health up {} down {}", fusion.health.up, fusion.health.down);
            let total: usize =
                (0..8400 * 6).filter(|i| world.improper((i / 6) as u32, (i % 6) as u32)).count();
            println!("true {total} listed {}", fusion.village_years.len());
            for q in [0.05, 0.1, 0.2] {
                let l: Vec<_> = fusion.village_years.iter().filter(|y| y.q <= q).collect();
                let f = l.iter().filter(|y| !world.improper(y.village, y.year)).count();
                let l2: Vec<_> = fusion.village_years.iter().filter(|y| y.q_ring <= q).collect();
                let f2 = l2.iter().filter(|y| !world.improper(y.village, y.year)).count();
                println!("q {q}: {} false {} | ring {} false {}", l.len(), f, l2.len(), f2);
            }
            for bin in 0..10 {
                let lo = bin as f64 / 10.0;
                let l: Vec<_> = fusion
                    .village_years
                    .iter()
                    .filter(|y| y.p >= lo && y.p < lo + 0.1 + 1e-9)
                    .collect();
                let m = l.iter().map(|y| y.p).sum::<f64>() / l.len() as f64;
                let a = l.iter().filter(|y| world.improper(y.village, y.year)).count() as f64
                    / l.len() as f64;
                let mr = l.iter().map(|y| y.p_ring).sum::<f64>() / l.len() as f64;
                print!("[{} {m:.2} {mr:.2} {a:.2}] ", l.len());
            }
            let c: Vec<_> = fusion
                .village_years
                .iter()
                .filter(|y| y.p > 0.5 && world.improper(y.village, y.year))
                .collect();
            let inside = c
                .iter()
                .filter(|y| {
                    let x = world.truth[(y.village * 6 + y.year) as usize];
                    y.excess_mu.is_some_and(|e| e.lo <= x && x <= e.hi)
                })
                .count();
            println!(
                "\ncoverage {} / {}; rings {:?}",
                inside,
                c.len(),
                fusion.rings.iter().map(|r| (r.p, r.members.len())).collect::<Vec<_>>()
            );
        }
    }
}
