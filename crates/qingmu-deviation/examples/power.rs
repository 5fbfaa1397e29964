//! Measures the model by itself on the invented province of statistics.md 7.1: how well a simple score of the last
//! year ranks the planted villages, and the time per village. `cargo run --release -p qingmu-deviation --example power`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    missing_docs,
    unreachable_pub,
    reason = "a measuring program"
)]

#[path = "../tests/deviation/province.rs"]
mod province;

use province::{Recipe, auc, invent, ln_sum, precision_at_k};
use qingmu_deviation::{Config, HonestKind, VillageFit, assess, fit, honest_shapes, templates};
use std::time::Instant;

/// Best template that stands in the last year.
fn best(fit: &VillageFit, years: usize) -> f64 {
    let stands = templates(years).into_iter().zip(&fit.ln_bf).filter(|(t, _)| t.to + 1 == years);
    stands.map(|(_, l)| *l).fold(f64::NEG_INFINITY, f64::max)
}

/// Average over the templates of the last year against an average of honest shapes, nothing fitted.
fn weighed(fit: &VillageFit, years: usize, sources: bool) -> f64 {
    let all = templates(years);
    let over = |values: &[f64]| -> Vec<f64> {
        all.iter().zip(values).filter(|(t, _)| t.to + 1 == years).map(|(_, l)| *l).collect()
    };
    let mut guilty = over(&fit.ln_bf);
    if sources {
        guilty
            .extend(fit.with_source.iter().flat_map(|s| over(&s.ln_bf)).map(|l| l - 3.0_f64.ln()));
    }
    let shapes = honest_shapes(years);
    let weight = |kind: HonestKind| match kind {
        HonestKind::Base => 0.0,
        HonestKind::RealStep | HonestKind::RealYear => 0.02_f64.ln(),
        HonestKind::LateEnrolment
        | HonestKind::YearLow
        | HonestKind::StepDown
        | HonestKind::ConstantLow
        | HonestKind::RampDown => 0.005_f64.ln(),
        HonestKind::YearHigh
        | HonestKind::StepUp
        | HonestKind::ConstantHigh
        | HonestKind::RampUp => f64::NEG_INFINITY,
    };
    let honest = shapes.iter().zip(&fit.honest).map(|(s, l)| l + weight(s.kind));
    ln_sum(guilty.iter().copied()) - ln_sum(honest)
}

fn main() {
    let counties = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(50);
    println!("excess  AUC best  P@k best  AUC  P@k  AUC+src  P@k+src  P@k tampered  clean>3");
    for excess in [0.10, 0.15, 0.20, 0.30, 0.50] {
        let mut sums = [0.0; 8];
        let runs = 2_u64;
        for seed in 0..runs {
            let recipe = Recipe::standard(seed + 1, counties, excess);
            let province = invent(&recipe);
            let config = Config::default();
            let (model, _) = fit(&province.panel, &config).unwrap();
            if seed == 0 && excess == 0.10 {
                let s = model.stratum(0);
                println!("claims {:?}", s.claims);
                for (m, s) in model.sources.iter().zip(&s.sources) {
                    println!("{} lag {:.3} {s:?}", m.name, m.lag);
                }
                println!("walk {:?}", s.walk);
            }
            let fits = assess(&province.panel, &model, &config);
            let truth: Vec<bool> = province.planted.iter().map(Option::is_some).collect();
            let score = |f: &dyn Fn(&VillageFit) -> f64| -> Vec<f64> {
                fits.iter().map(|v| v.as_ref().map_or(f64::NEG_INFINITY, f)).collect()
            };
            let (a, b, c) = (
                score(&|f| best(f, recipe.years)),
                score(&|f| weighed(f, recipe.years, false)),
                score(&|f| weighed(f, recipe.years, true)),
            );
            for (k, s) in [&a, &b, &c].into_iter().enumerate() {
                sums[2 * k] += auc(s, &truth);
                sums[2 * k + 1] += precision_at_k(s, &truth);
            }
            let k = truth.iter().filter(|t| **t).count();
            let mut sorted = c.clone();
            sorted.sort_by(|x, y| y.total_cmp(x));
            let limit = sorted[k];
            let of_tampered = |i: &usize| province.tampered[*i];
            let all = (0..truth.len()).filter(of_tampered).count();
            let found = (0..truth.len()).filter(of_tampered).filter(|i| c[*i] > limit).count();
            sums[6] += found as f64 / all as f64;
            sums[7] += (0..truth.len()).filter(|i| !truth[*i] && c[*i] > 3.0).count() as f64;
        }
        let mean: Vec<String> = sums.iter().map(|s| format!("{:.3}", s / runs as f64)).collect();
        println!("+{:.0} %  {}", excess * 100.0, mean.join("  "));
    }
    for years in [6, 10] {
        let recipe = Recipe { years, ..Recipe::standard(7, counties, 0.3) };
        let province = invent(&recipe);
        let config = Config::default();
        let start = Instant::now();
        let (model, notes) = fit(&province.panel, &config).unwrap();
        let fitted = start.elapsed();
        let start = Instant::now();
        let fits = assess(&province.panel, &model, &config);
        let done = start.elapsed();
        let n = fits.len() as f64;
        println!(
            "T={years}: {n} villages, {} notes; fit {:.1} us, assess {:.1} us per village of wall time on {} threads",
            notes.len(),
            fitted.as_secs_f64() * 1e6 / n,
            done.as_secs_f64() * 1e6 / n,
            rayon::current_num_threads()
        );
    }
}
