//! An invented province by the recipe of statistics.md 7.1: a law for measuring, not a picture of any place.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shared by the tests and the measuring example, each of which uses a part"
)]

use qingmu_deviation::{Panel, Place, Source, Template};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Error of one source: persistent and transient standard deviation, share of missing cells.
#[derive(Debug, Clone, Copy)]
pub struct Quality {
    pub name: &'static str,
    pub independent: bool,
    pub lasting: f64,
    pub yearly: f64,
    pub missing: f64,
    pub lag: f64,
}

/// What to invent.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub seed: u64,
    pub counties: u32,
    pub towns: u32,
    pub villages: u32,
    pub years: usize,
    pub sources: Vec<Quality>,
    /// Persistent and transient standard deviation of honest claims.
    pub claims: (f64, f64),
    /// Standard deviation of a year's real change of a village.
    pub walk: f64,
    /// Share of villages with an excess.
    pub fraud: f64,
    /// Log excess in the last year.
    pub excess: f64,
    /// Share of those that raise the yearbook too.
    pub tampered: f64,
    /// Heavy tails (t with 4 degrees of freedom) instead of normal transient errors.
    pub heavy: bool,
    /// Standard deviation of a transient error of every source in mu, whatever the size of the village.
    pub error_mu: f64,
}

impl Recipe {
    /// The table of statistics.md 7.1 at one strength and size.
    pub fn standard(seed: u64, counties: u32, excess: f64) -> Self {
        let source = |name, independent, lasting, yearly, missing, lag| Quality {
            name,
            independent,
            lasting,
            yearly,
            missing,
            lag,
        };
        Self {
            seed,
            counties,
            towns: 12,
            villages: 14,
            years: 6,
            sources: vec![
                source("remote_sensing", true, 0.10, 0.08, 0.15, 0.0),
                source("stat_yearbook", false, 0.05, 0.05, 0.03, 0.0),
                source("land_survey", true, 0.05, 0.12, 0.60, 0.0),
            ],
            claims: (0.05, 0.04),
            walk: 0.06,
            fraud: 0.03,
            excess: excess.ln_1p(),
            tampered: 0.3,
            heavy: true,
            error_mu: 0.0,
        }
    }
}

/// An invented province and what was planted in it.
#[derive(Debug, Clone)]
pub struct Province {
    pub panel: Panel,
    /// Shape of the excess per village.
    pub planted: Vec<Option<Template>>,
    /// Villages whose yearbook is raised too.
    pub tampered: Vec<bool>,
}

pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub fn uniform(&mut self) -> f64 {
        self.0.random()
    }

    /// Standard normal (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Student's t with four degrees of freedom, scaled to standard deviation 1; or a normal draw.
    pub fn error(&mut self, heavy: bool) -> f64 {
        if !heavy {
            return self.normal();
        }
        let chi: f64 = (0..4).map(|_| self.normal().powi(2)).sum();
        self.normal() / (chi / 4.0).sqrt() / 2.0_f64.sqrt()
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    fn list(&mut self, n: usize, sd: f64) -> Vec<f64> {
        (0..n).map(|_| sd * self.normal()).collect()
    }
}

fn planted(dice: &mut Dice, recipe: &Recipe, count: usize) -> Vec<Option<Template>> {
    let (last, per_town) = (recipe.years - 1, recipe.villages as usize);
    let mut shapes = vec![None; count];
    let mut left = (recipe.fraud * count as f64).round() as usize;
    while left > 0 {
        let v = dice.below(count);
        if shapes[v].is_some() {
            continue;
        }
        let (ramp, from) = match dice.below(4) {
            0 => (false, last),
            1 if last >= 2 => (true, last - 2),
            2 => (false, 0),
            _ => {
                // A ring: up to six villages of one town, from one year on.
                let from = last - dice.below(last.min(2) + 1);
                let town = v / per_town * per_town;
                let members: Vec<usize> = (town..town + per_town)
                    .filter(|m| shapes[*m].is_none())
                    .take(6.min(left))
                    .collect();
                for member in &members {
                    shapes[*member] = Some(Template { from, to: last, ramp: false });
                }
                left -= members.len();
                continue;
            }
        };
        shapes[v] = Some(Template { from, to: last, ramp });
        left -= 1;
    }
    shapes
}

/// Invents a province.
pub fn invent(recipe: &Recipe) -> Province {
    let mut dice = Dice::new(recipe.seed);
    let years = recipe.years;
    let per_county = recipe.towns * recipe.villages;
    let count = (recipe.counties * per_county) as usize;
    let shapes = planted(&mut dice, recipe, count);
    let mut province = Province { panel: empty(recipe), planted: shapes, tampered: Vec::new() };
    for county in 0..recipe.counties {
        let real_county = dice.list(years, 0.12);
        let claims_county = dice.list(years, 0.08);
        let bias: Vec<f64> = dice.list(recipe.sources.len(), 0.10);
        for town in 0..recipe.towns {
            let real_town = dice.list(years, 0.08);
            let claims_town = dice.list(years, 0.025);
            for _ in 0..recipe.villages {
                let place =
                    Place { county, prefecture: county / 10, town: county * recipe.towns + town };
                let shared =
                    |t: usize| (real_county[t] + real_town[t], claims_county[t] + claims_town[t]);
                village(&mut dice, recipe, &mut province, place, &bias, &shared);
            }
        }
    }
    province
}

fn village(
    dice: &mut Dice,
    recipe: &Recipe,
    province: &mut Province,
    place: Place,
    bias: &[f64],
    shared: &dyn Fn(usize) -> (f64, f64),
) {
    let (v, years) = (province.panel.places.len(), recipe.years);
    province.panel.places.push(place);
    province.panel.vegetable_share.push(None);
    let size = 1500.0_f64.ln() + 0.5 * dice.normal();
    // θ from the year before the first, for sources that lag.
    let mut theta = vec![size];
    for _ in 0..years {
        theta.push(theta[theta.len() - 1] + recipe.walk * dice.normal());
    }
    let real = |t: usize| theta[t + 1] + shared(t).0;
    let before = |t: usize| theta[t] + if t == 0 { 0.0 } else { shared(t - 1).0 };
    let height = |t: usize| province.planted[v].map_or(0.0, |s| s.height(t)) * recipe.excess;
    let tampered = province.planted[v].is_some() && dice.uniform() < recipe.tampered;
    province.tampered.push(tampered);
    let lasting = recipe.claims.0 * dice.normal();
    for t in 0..years {
        let log = real(t)
            + shared(t).1
            + lasting
            + recipe.claims.1 * dice.error(recipe.heavy)
            + height(t);
        province.panel.claimed.push(Some(log.exp()));
    }
    for (b, quality) in recipe.sources.iter().enumerate() {
        let own = bias[b] + quality.lasting * dice.normal();
        for t in 0..years {
            let follows = (1.0 - quality.lag) * real(t) + quality.lag * before(t);
            let raised = if tampered && quality.name == "stat_yearbook" { height(t) } else { 0.0 };
            let log = follows + own + quality.yearly * dice.error(recipe.heavy) + raised;
            let slip = recipe.error_mu / size.exp() * dice.normal();
            let log = log + slip;
            let missing = dice.uniform() < quality.missing;
            let source = &mut province.panel.sources[b];
            source.area.push((!missing).then(|| log.exp()));
            source.se.push(None);
        }
    }
}

fn empty(recipe: &Recipe) -> Panel {
    let source = |q: &Quality| Source {
        name: q.name.to_owned(),
        independent: q.independent,
        area: Vec::new(),
        se: Vec::new(),
    };
    Panel {
        programme: "seed".to_owned(),
        group: "grain".to_owned(),
        first_year: 2018,
        years: recipe.years,
        places: Vec::new(),
        claimed: Vec::new(),
        sources: recipe.sources.iter().map(source).collect(),
        vegetable_share: Vec::new(),
    }
}

/// Area under the receiver operating curve: how often a planted village scores above another one.
pub fn auc(scores: &[f64], truth: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let (mut below, mut wins, mut positives) = (0.0, 0.0, 0.0);
    for i in order {
        if truth[i] {
            wins += below;
            positives += 1.0;
        } else {
            below += 1.0;
        }
    }
    wins / (below * positives)
}

/// Share of planted villages among the k highest scores, k their number.
pub fn precision_at_k(scores: &[f64], truth: &[bool]) -> f64 {
    let k = truth.iter().filter(|t| **t).count();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    order[..k].iter().filter(|i| truth[**i]).count() as f64 / k as f64
}

/// ln Σ e^x.
pub fn ln_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        top
    } else {
        top + values.map(|v| (v - top).exp()).sum::<f64>().ln()
    }
}
