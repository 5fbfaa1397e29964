//! A small exact world: log areas of claims and two sources are Gaussian, and evidence for every shape is computed
//! in closed form from the very covariance that made them. Places and persons are invented.
#![allow(clippy::needless_range_loop, reason = "years index several slices")]

use crate::{Case, Group, GroupMember, Series};
use qingmu_deviation::{
    Delta, HonestKind, HonestShape, Place, SourceFit, Template, VillageFit, honest_shapes,
    templates,
};
use qingmu_model::{Counted, Family, Mu, RingTie, Yuan};
use qingmu_stats::{invert, ln_phi};
use std::f64::consts::PI;
use std::sync::Arc;

/// Persistent and yearly standard deviations of claims and of sources, and of the yearly change of planting.
const CLAIMS: (f64, f64) = (0.03, 0.02);
const SOURCES: (f64, f64) = (0.06, 0.06);
const WALK: f64 = 0.03;
const MEAN: f64 = 0.25;
const TOWN: usize = 14;
const YUAN: f64 = 100.0;

/// What to make.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) villages: usize,
    pub(crate) years: usize,
    /// Share of villages with an excess of their own.
    pub(crate) improper: f64,
    /// Whether a third of those are counted parcels without a rise of the level.
    pub(crate) counted: bool,
    /// Rings of six, one in each of the first towns: log excess and number of last years.
    pub(crate) rings: usize,
    pub(crate) ring: (f64, usize),
    /// Bias of every source in the second town, constant over the years.
    pub(crate) bias: f64,
    /// Log change of planting that the third town's villages share from the middle year on.
    pub(crate) event: f64,
    /// Standard deviation of what the claims of a town share in a year.
    pub(crate) shock: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 1,
            villages: 840,
            years: 6,
            improper: 0.0,
            counted: false,
            rings: 0,
            ring: (0.08, 3),
            bias: 0.0,
            event: 0.0,
            shock: 0.0,
        }
    }
}

/// What was made.
pub(crate) struct World {
    pub(crate) years: usize,
    pub(crate) places: Vec<Place>,
    pub(crate) codes: Vec<Arc<str>>,
    pub(crate) fits: Vec<Option<VillageFit>>,
    pub(crate) claimed: Vec<Option<f64>>,
    pub(crate) rate: Vec<Option<f64>>,
    pub(crate) counted: Vec<Counted>,
    pub(crate) groups: Vec<Group>,
    /// True excess in mu, villages by years.
    pub(crate) truth: Vec<f64>,
    /// Log areas: claims, first source, second source.
    pub(crate) logs: Vec<Vec<f64>>,
    lens: Lens,
}

/// Numbers from a counter (splitmix64) and normal ones from two of them (Box–Muller).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (2.0 * PI * self.unit()).cos()
    }

    fn exponential(&mut self) -> f64 {
        -MEAN * (1.0 - self.unit()).ln()
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        let at = self.unit() * n as f64;
        (1..n).take_while(|i| *i as f64 <= at).count()
    }
}

/// Inverse covariance and every direction, made once.
struct Lens {
    years: usize,
    precision: Vec<f64>,
}

impl Lens {
    fn new(years: usize) -> Self {
        let n = 3 * years;
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                let (t, u) = (i % years, j % years);
                let mut value = 25.0 + WALK * WALK * (t.min(u) + 1) as f64;
                let (lasting, yearly) = if i / years == 0 { CLAIMS } else { SOURCES };
                if i / years == j / years {
                    value += lasting * lasting + if i == j { yearly * yearly } else { 0.0 };
                }
                matrix[i * n + j] = value;
            }
        }
        let mut room = vec![0.0; n * n];
        assert!(invert(&mut matrix, &mut room, n), "the covariance is positive definite");
        Self { years, precision: matrix }
    }

    /// (I, c): information on a direction, and its product with the data.
    fn look(&self, direction: &[f64], data: &[f64]) -> (f64, f64) {
        let n = 3 * self.years;
        let row = |i: usize| -> f64 {
            let row = &self.precision[i * n..(i + 1) * n];
            row.iter().zip(direction).map(|(p, d)| p * d).sum()
        };
        let weighted: Vec<f64> = (0..n).map(row).collect();
        let dot = |x: &[f64]| weighted.iter().zip(x).map(|(a, b)| a * b).sum::<f64>();
        (dot(direction), dot(data))
    }

    fn direction(&self, height: impl Fn(usize) -> f64, rows: [bool; 3]) -> Vec<f64> {
        (0..3 * self.years)
            .map(|i| if rows[i / self.years] { height(i % self.years) } else { 0.0 })
            .collect()
    }

    fn fit(&self, data: &[f64]) -> VillageFit {
        let all = templates(self.years);
        let look = |t: &Template, rows| self.look(&self.direction(|y| t.height(y), rows), data);
        let side = |sign: f64, rows| -> Vec<(f64, Delta)> {
            let one = |t: &Template| {
                let (info, c) = look(t, rows);
                one_sided(info, sign * c)
            };
            all.iter().map(one).collect()
        };
        let alone = side(1.0, [true, false, false]);
        let both = side(1.0, [true, false, true]);
        let source = SourceFit {
            source: 1,
            ln_bf: both.iter().map(|x| x.0).collect(),
            delta: both.iter().map(|x| x.1).collect(),
        };
        VillageFit {
            ln_bf: alone.iter().map(|x| x.0).collect(),
            ln_bf_mirror: side(-1.0, [true, false, false]).iter().map(|x| x.0).collect(),
            delta: alone.iter().map(|x| x.1).collect(),
            with_source: vec![source],
            honest: honest_shapes(self.years).iter().map(|s| self.honest(*s, data)).collect(),
            baseline_cells: 2 * self.years,
        }
    }

    fn honest(&self, shape: HonestShape, data: &[f64]) -> f64 {
        let (direction, sd) = self.shape(shape);
        let (info, c) = self.look(&direction, data);
        match (shape.kind, sd) {
            (HonestKind::Base, _) => 0.0,
            (_, Some(sd)) => {
                let v = 1.0 + sd * sd * info;
                0.5 * c * c * sd * sd / v - 0.5 * v.ln()
            }
            (_, None) => one_sided(info, c).0,
        }
    }

    /// Direction of an honest shape, and its standard deviation where it goes both ways.
    fn shape(&self, shape: HonestShape) -> (Vec<f64>, Option<f64>) {
        use HonestKind as K;
        let (a, last) = (shape.year, self.years);
        let ramp = Template { from: a, to: last - 1, ramp: true };
        let claims = [true, false, false];
        let on = |test: bool| f64::from(u8::from(test));
        match shape.kind {
            K::Base => (vec![0.0; 3 * last], None),
            K::RealStep => (self.direction(|t| on(t >= a), [true; 3]), Some(0.15)),
            K::RealYear => (self.direction(|t| on(t == a), [true; 3]), Some(0.12)),
            K::LateEnrolment => (self.direction(|t| -on(t < a), claims), None),
            K::YearLow => (self.direction(|t| -on(t == a), claims), None),
            K::YearHigh => (self.direction(|t| on(t == a), claims), None),
            K::ConstantLow => (self.direction(|_| -1.0, claims), None),
            K::ConstantHigh => (self.direction(|_| 1.0, claims), None),
            K::StepDown => (self.direction(|t| -on(t >= a), claims), None),
            K::StepUp => (self.direction(|t| on(t >= a), claims), None),
            K::RampDown => (self.direction(|t| -ramp.height(t), claims), None),
            K::RampUp => (self.direction(|t| ramp.height(t), claims), None),
        }
    }
}

/// Bayes factor and posterior of a log excess with an exponential prior.
fn one_sided(info: f64, c: f64) -> (f64, Delta) {
    let (se, rate) = (info.powf(-0.5), 1.0 / MEAN);
    let centre = c / info - rate * se * se;
    let ratio = centre / se;
    let ln = (rate * (2.0 * PI).sqrt() * se).ln() + 0.5 * ratio * ratio + ln_phi(ratio);
    (ln, Delta { centre, se })
}

/// True rates of honest kinds; each is spread over its years.
const KINDS: [(HonestKind, f64); 11] = [
    (HonestKind::RealStep, 0.04),
    (HonestKind::RealYear, 0.04),
    (HonestKind::LateEnrolment, 0.02),
    (HonestKind::YearLow, 0.02),
    (HonestKind::YearHigh, 0.02),
    (HonestKind::ConstantLow, 0.01),
    (HonestKind::ConstantHigh, 0.01),
    (HonestKind::StepDown, 0.003),
    (HonestKind::StepUp, 0.003),
    (HonestKind::RampDown, 0.002),
    (HonestKind::RampUp, 0.002),
];

impl World {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut dice = Dice(plan.seed);
        let (towns, years) = (plan.villages.div_ceil(TOWN), plan.years);
        let place = |v: usize| Place {
            county: u32::try_from(v / (12 * TOWN)).unwrap(),
            prefecture: 0,
            town: u32::try_from(v / TOWN).unwrap(),
        };
        let always = |v: usize| GroupMember {
            village: u32::try_from(v).unwrap(),
            years: GroupMember::ALWAYS,
        };
        let town = |t: usize| Group {
            tie: RingTie::Town,
            key: Arc::from(format!("town {t:05}")),
            members: (t * TOWN..((t + 1) * TOWN).min(plan.villages)).map(always).collect(),
        };
        let mut world = Self {
            years,
            places: (0..plan.villages).map(place).collect(),
            codes: (0..plan.villages).map(|v| Arc::from(format!("{v:06}"))).collect(),
            fits: Vec::new(),
            claimed: Vec::new(),
            rate: vec![Some(YUAN); plan.villages * years],
            counted: Vec::new(),
            groups: (0..towns).map(town).collect(),
            truth: vec![0.0; plan.villages * years],
            logs: Vec::new(),
            lens: Lens::new(years),
        };
        let mut shared = vec![0.0; years];
        for village in 0..plan.villages {
            if village % TOWN == 0 {
                for x in &mut shared {
                    *x = plan.shock * dice.normal();
                }
            }
            world.village(plan, village, &shared, &mut dice);
        }
        world.refit();
        world
    }

    /// Evidence anew from the log areas.
    pub(crate) fn refit(&mut self) {
        self.fits = self.logs.iter().map(|logs| Some(self.lens.fit(logs))).collect();
        let claims = self.logs.iter().flat_map(|logs| &logs[..self.years]);
        self.claimed = claims.map(|x| Some(2000.0 * x.exp())).collect();
    }

    fn village(&mut self, plan: &Plan, village: usize, shared: &[f64], dice: &mut Dice) {
        let years = self.years;
        let (town, place) = (village / TOWN, village % TOWN);
        let mut logs = noise(years, dice);
        logs.iter_mut().zip(shared).for_each(|(x, shock)| *x += shock);
        if town == 1 {
            logs[years..].iter_mut().for_each(|x| *x -= plan.bias);
        }
        if town == 2 {
            (0..3 * years).filter(|i| i % years >= years / 2).for_each(|i| logs[i] += plan.event);
        }
        let (mut delta, mut template) = (0.0, Template { from: 0, to: 0, ramp: false });
        if town < plan.rings && place < 6 {
            delta = plan.ring.0;
            template = Template { from: years - plan.ring.1, to: years - 1, ramp: false };
            (0..years).for_each(|t| logs[t] += delta * template.height(t));
        } else if dice.unit() < plan.improper {
            let all = templates(years);
            template = all[dice.below(all.len())];
            let kind = dice.unit();
            if plan.counted && kind < 1.0 / 3.0 {
                self.counted(village, template, dice);
            } else {
                delta = dice.exponential();
                let source = kind > 0.85;
                for t in 0..years {
                    logs[t] += delta * template.height(t);
                    logs[2 * years + t] += if source { delta * template.height(t) } else { 0.0 };
                }
            }
        } else {
            self.honest(&mut logs, dice);
            if plan.counted && dice.unit() < 0.1 {
                // Drawn from the law against which the evidence is a Bayes factor: normal about −4, and rows at
                // all in one of sixty village-years.
                let ln = 8.0_f64.sqrt().mul_add(dice.normal(), -4.0) + 60.0_f64.ln();
                let year = dice.below(years);
                self.rows(village, year, ln, 0.01);
            }
        }
        for t in 0..years {
            let height = delta * template.height(t);
            self.truth[village * years + t] += 2000.0 * logs[t].exp() * (1.0 - (-height).exp());
        }
        self.logs.push(logs);
    }

    fn honest(&self, logs: &mut [f64], dice: &mut Dice) {
        let mut at = dice.unit();
        for (kind, rate) in KINDS {
            if at >= rate {
                at -= rate;
                continue;
            }
            let shapes = honest_shapes(self.years);
            let shapes: Vec<&HonestShape> = shapes.iter().filter(|s| s.kind == kind).collect();
            if shapes.is_empty() {
                return;
            }
            let (direction, sd) = self.lens.shape(*shapes[dice.below(shapes.len())]);
            let size = if let Some(sd) = sd { sd * dice.normal() } else { dice.exponential() };
            logs.iter_mut().zip(direction).for_each(|(x, d)| *x += size * d);
            return;
        }
    }

    /// The same parcels year after year: one draw of evidence for the whole segment.
    fn counted(&mut self, village: usize, template: Template, dice: &mut Dice) {
        let ln = 8.0_f64.sqrt().mul_add(dice.normal(), 4.0) + 60.0_f64.ln();
        for year in (0..self.years).filter(|t| template.height(*t) > 0.0) {
            self.rows(village, year, ln, 0.06);
            self.truth[village * self.years + year] = 2000.0 * 0.06;
        }
    }

    fn rows(&mut self, village: usize, year: usize, ln_bf: f64, share: f64) {
        self.counted.push(Counted {
            village: u32::try_from(village).unwrap(),
            year: u32::try_from(year).unwrap(),
            family: Family::Parcel,
            ln_bf,
            rows: 5,
            excess_mu: Mu::from_f64(2000.0 * share).unwrap().0,
            excess_yuan: Yuan::from_f64(2000.0 * share * YUAN).unwrap().0,
        });
    }

    pub(crate) fn case(&self) -> Case<'_> {
        Case {
            first_year: 2018,
            years: self.years,
            places: &self.places,
            codes: &self.codes,
            series: vec![Series {
                name: "planting/grain",
                fits: &self.fits,
                claimed: &self.claimed,
                rate: &self.rate,
            }],
            counted: &self.counted,
            groups: self.groups.clone(),
            claims: &[],
        }
    }

    /// The villages of whole towns from one to before another, as a run of their own.
    pub(crate) fn part(&self, from: usize, to: usize) -> Self {
        let base = u32::try_from(from).unwrap();
        let mut part = self.reordered(&(from..to).collect::<Vec<_>>());
        part.groups = self.groups[from / TOWN..to / TOWN].to_vec();
        let members = part.groups.iter_mut().flat_map(|group| &mut group.members);
        members.for_each(|member| member.village -= base);
        part
    }

    /// The same villages (those named) in another order.
    pub(crate) fn reordered(&self, order: &[usize]) -> Self {
        let mut place = vec![u32::MAX; self.places.len()];
        order.iter().enumerate().for_each(|(new, old)| place[*old] = u32::try_from(new).unwrap());
        let years = self.years;
        let cells = |of: &[Option<f64>]| -> Vec<Option<f64>> {
            order.iter().flat_map(|v| of[v * years..(v + 1) * years].to_vec()).collect()
        };
        let moved = |counted: &Counted| {
            let village = place[counted.village as usize];
            (village != u32::MAX).then(|| Counted { village, ..counted.clone() })
        };
        let mut groups = self.groups.clone();
        for member in groups.iter_mut().flat_map(|group| &mut group.members) {
            member.village = place[member.village as usize];
        }
        Self {
            years,
            places: order.iter().map(|v| self.places[*v]).collect(),
            codes: order.iter().map(|v| self.codes[*v].clone()).collect(),
            fits: order.iter().map(|v| self.fits[*v].clone()).collect(),
            claimed: cells(&self.claimed),
            rate: cells(&self.rate),
            counted: self.counted.iter().filter_map(moved).collect(),
            groups,
            truth: order
                .iter()
                .flat_map(|v| self.truth[v * years..(v + 1) * years].to_vec())
                .collect(),
            logs: order.iter().map(|v| self.logs[*v].clone()).collect(),
            lens: Lens::new(years),
        }
    }

    /// Whether a village-year holds an excess that the options call material.
    pub(crate) fn improper(&self, village: u32, year: u32) -> bool {
        let at = village as usize * self.years + year as usize;
        self.truth[at] >= 0.03 * self.claimed[at].unwrap_or(f64::INFINITY)
    }
}

/// An honest village that does nothing.
fn noise(years: usize, dice: &mut Dice) -> Vec<f64> {
    let mut planted = 0.0;
    let planted: Vec<f64> = (0..years)
        .map(|_| {
            planted += WALK * dice.normal();
            planted
        })
        .collect();
    let mut logs = Vec::with_capacity(3 * years);
    for source in 0..3 {
        let (lasting, yearly) = if source == 0 { CLAIMS } else { SOURCES };
        let bias = lasting * dice.normal();
        logs.extend(planted.iter().map(|x| x + bias + yearly * dice.normal()));
    }
    logs
}
