//! Measures the model by itself on the invented province of statistics.md 7.1: how well a simple score of the last
//! year ranks the planted villages, and the time per village.
//! `cargo run -p qingmu-deviation --example power -- [COUNTIES] [RUNS]`

#![allow(
    clippy::print_stdout,
    missing_docs,
    reason = "a measuring program: its output is the point"
)]

#[path = "../tests/deviation/province.rs"]
mod province;

use province::{Recipe, auc, invent, ln_sum, precision_at_k};
use qingmu_deviation::{
    Config, DeviationError, HonestKind, VillageFit, assess, fit, honest_shapes, templates,
};
use std::time::Instant;

/// Prior rate of a downward honest event, and of a real change, for a score without any fitting.
const RATES: [f64; 2] = [0.005, 0.02];

/// Evidence of the templates that stand in the last year.
fn now(values: &[f64], years: usize) -> Vec<f64> {
    let all = templates(years).into_iter().zip(values);
    all.filter(|(t, _)| t.to + 1 == years).map(|(_, l)| *l).collect()
}

fn best(fit: &VillageFit, years: usize) -> f64 {
    now(&fit.ln_bf, years).into_iter().fold(f64::NEG_INFINITY, f64::max)
}

/// Sum over the templates of the last year, with local sources raised at a third of the weight, against the honest
/// shapes that an excess cannot imitate.
fn weighed(fit: &VillageFit, years: usize) -> f64 {
    let mut guilty = now(&fit.ln_bf, years);
    for source in &fit.with_source {
        guilty.extend(now(&source.ln_bf, years).iter().map(|l| l - 3.0_f64.ln()));
    }
    let rate = |kind: HonestKind| match kind {
        HonestKind::Base => 1.0,
        HonestKind::RealStep | HonestKind::RealYear => RATES[1],
        kind if kind.twin().is_some() => 0.0,
        _ => RATES[0],
    };
    let shapes = honest_shapes(years);
    let honest = shapes.iter().zip(&fit.honest).map(|(s, l)| l + rate(s.kind).ln());
    ln_sum(guilty.iter().copied()) - ln_sum(honest)
}

/// AUC and P@k of the best template, of the sum, and the share of villages with a raised yearbook in the top k.
fn measure(recipe: &Recipe) -> Result<[f64; 5], DeviationError> {
    let (province, config) = (invent(recipe), Config::default());
    let (model, _) = fit(&province.panel, &config)?;
    let fits = assess(&province.panel, &model, &config);
    let truth: Vec<bool> = province.planted.iter().map(Option::is_some).collect();
    let score = |of: &dyn Fn(&VillageFit) -> f64| -> Vec<f64> {
        fits.iter().map(|v| v.as_ref().map_or(f64::NEG_INFINITY, of)).collect()
    };
    let (one, sum) = (score(&|f| best(f, recipe.years)), score(&|f| weighed(f, recipe.years)));
    let mut sorted = sum.clone();
    sorted.sort_by(|x, y| y.total_cmp(x));
    let limit = sorted[truth.iter().filter(|t| **t).count()];
    let raised: Vec<usize> = (0..truth.len()).filter(|v| province.tampered[*v]).collect();
    let found = raised.iter().filter(|v| sum[**v] > limit).count() as f64 / raised.len() as f64;
    let (first, second) = (precision_at_k(&one, &truth), precision_at_k(&sum, &truth));
    Ok([auc(&one, &truth), first, auc(&sum, &truth), second, found])
}

fn main() -> Result<(), DeviationError> {
    let mut arguments = std::env::args().skip(1).filter_map(|a| a.parse::<u32>().ok());
    let (counties, runs) = (arguments.next().unwrap_or(50), arguments.next().unwrap_or(4));
    println!("excess | AUC best | P@k best | AUC sum | P@k sum | found with a raised yearbook");
    for excess in [0.10, 0.15, 0.20, 0.30, 0.50] {
        let mut mean = [0.0; 5];
        for seed in 1..=u64::from(runs) {
            let figures = measure(&Recipe::standard(seed, counties, excess))?;
            mean.iter_mut().zip(figures).for_each(|(sum, own)| *sum += own / f64::from(runs));
        }
        let mean = mean.map(|m| format!("{m:.3}"));
        println!("+{:.0} % | {}", excess * 100.0, mean.join(" | "));
    }
    for years in [6, 10] {
        let recipe = Recipe { years, ..Recipe::standard(7, counties, 0.3) };
        let (province, config) = (invent(&recipe), Config::default());
        let start = Instant::now();
        let (model, _) = fit(&province.panel, &config)?;
        let fitted = start.elapsed();
        let start = Instant::now();
        let count = assess(&province.panel, &model, &config).len();
        let assessed = start.elapsed();
        let each = |time: std::time::Duration| time.as_secs_f64() * 1e6 / count as f64;
        println!(
            "{years} years, {count} villages: fit {:.1} µs, assess {:.1} µs per village, wall, {} threads",
            each(fitted),
            each(assessed),
            rayon::current_num_threads()
        );
    }
    Ok(())
}
