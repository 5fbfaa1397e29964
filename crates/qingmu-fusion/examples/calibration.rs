//! Null calibration, false-discovery proportions and rings in the exact world of the tests: fusion alone, no rows.
//! `cargo run -p qingmu-fusion --example calibration -- [RUNS] [VILLAGES]`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    dead_code,
    missing_docs,
    reason = "a measuring program on the world of the tests: its output is the point"
)]

#[path = "../src/tests/simulator.rs"]
mod simulator;

use qingmu_fusion::{Case, Fusion, Group, GroupMember, Options, Series, fuse, learn};
use simulator::{Plan, World};

fn run(plan: &Plan, options: &Options) -> Option<(World, Fusion)> {
    let world = World::new(plan);
    let fusion = {
        let case = world.case();
        let parameters = learn(&case, options).ok()?;
        fuse(&case, &parameters, options).ok()?
    };
    Some((world, fusion))
}

/// Mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    (mean, (square / (n - 1.0).max(1.0) / n).sqrt())
}

/// Clean runs: leads by either q, probable village-years, and the sum of all probabilities.
fn clean(runs: u64, villages: usize, shock: f64, options: &Options) {
    let (mut leads, mut rings, mut likely, mut sums) = (Vec::new(), 0, 0, Vec::new());
    for seed in 1..=runs {
        let plan = Plan { seed, villages, shock, ..Plan::default() };
        let Some((_, fusion)) = run(&plan, options) else { continue };
        let years = &fusion.village_years;
        leads.push(years.iter().filter(|y| y.q.min(y.q_ring) <= 0.05).count() as f64);
        rings += fusion.rings.iter().filter(|ring| ring.q <= 0.05).count();
        likely += years.iter().filter(|y| y.p.max(y.p_ring) >= 0.5).count();
        sums.push(years.iter().map(|y| y.p).sum::<f64>());
    }
    println!(
        "clean, shared {shock}: {:.2} leads a run, {rings} rings, {likely} village-years at p >= .5, sum of p {:.2} a run (se {:.2}) of {}",
        mean(&leads).0,
        mean(&sums).0,
        mean(&sums).1,
        villages * 6,
    );
}

/// Planted runs: false share by q, average precision and recall.
fn planted(runs: u64, villages: usize, improper: f64, options: &Options) {
    let (mut shares, mut recalls, mut precision) =
        ([(); 3].map(|()| Vec::new()), Vec::new(), Vec::new());
    let (mut likely, mut right, mut sum) = (0.0, 0.0, 0.0);
    for seed in 1..=runs {
        let plan = Plan { seed: 1000 + seed, villages, improper, counted: true, ..Plan::default() };
        let Some((world, fusion)) = run(&plan, options) else { continue };
        let mut years: Vec<_> = fusion.village_years.iter().collect();
        years.sort_by(|a, b| b.p.total_cmp(&a.p));
        let all = (0..villages * 6)
            .filter(|at| world.improper((at / 6) as u32, (at % 6) as u32))
            .count()
            .max(1) as f64;
        for (share, q) in shares.iter_mut().zip([0.05, 0.1, 0.2]) {
            let called: Vec<_> = years.iter().filter(|y| y.q <= q).collect();
            let wrong = called.iter().filter(|y| !world.improper(y.village, y.year)).count();
            share.push(wrong as f64 / called.len().max(1) as f64);
            if q < 0.06 {
                recalls.push((called.len() - wrong) as f64 / all);
            }
        }
        let (mut hits, mut area) = (0.0, 0.0);
        for (at, year) in years.iter().enumerate() {
            if world.improper(year.village, year.year) {
                hits += 1.0;
                area += hits / (at + 1) as f64;
            }
            if year.p >= 0.5 {
                likely += 1.0;
                sum += year.p;
                right += f64::from(u8::from(world.improper(year.village, year.year)));
            }
        }
        precision.push(area / all);
    }
    let show = |x: &[f64]| format!("{:.3} ± {:.3}", mean(x).0, mean(x).1);
    println!(
        "{improper} planted: AP {}, recall at q .05 {}, false share {} | {} | {}, p >= .5: {likely} of which {:.3} expected, {:.3} true",
        show(&precision),
        show(&recalls),
        show(&shares[0]),
        show(&shares[1]),
        show(&shares[2]),
        sum / likely,
        right / likely,
    );
}

/// Rings of six at +8 % for three years: found at one false ring in a thousand towns.
fn rings(runs: u64, shock: f64, options: &Options) {
    let (mut found, mut wrong, mut towns) = (Vec::new(), Vec::new(), 0.0);
    for seed in 1..=runs {
        let plan = Plan { seed, villages: 2016, rings: 4, shock, ..Plan::default() };
        let Some((_, fusion)) = run(&plan, options) else { continue };
        towns += 140.0;
        for ring in fusion.rings {
            let list = if ring.group < 4 { &mut found } else { &mut wrong };
            list.push(ring.p);
        }
    }
    wrong.sort_by(|a, b| b.total_cmp(a));
    let cut = wrong.get((towns / 1000.0) as usize).copied().unwrap_or(0.0);
    let above = found.iter().filter(|p| **p > cut).count();
    println!(
        "rings, shared {shock}: {above} of {} above {cut:.3}, one in a thousand of {towns} honest towns",
        4 * runs,
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|x| x.parse::<f64>().unwrap_or(0.0));
    let runs = arguments.next().unwrap_or(20.0) as u64;
    let villages = arguments.next().unwrap_or(2100.0) as usize;
    let options = Options::default();
    clean(runs, villages, 0.0, &options);
    clean(runs, villages, 0.02, &options);
    planted(runs, villages, 0.01, &options);
    planted(runs, villages, 0.03, &options);
    rings(runs, 0.0, &options);
    rings(runs, 0.02, &options);
}
