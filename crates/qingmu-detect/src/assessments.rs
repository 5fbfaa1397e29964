//! What the fusion found, in the words of the domain.

use crate::expected::{expected, of_series};
use crate::panels::{Built, Frame};
use crate::places::CodeMap;
use crate::reasons::notes;
use crate::sources::Baselines;
use crate::tested::tested;
use qingmu_deviation::{Config, HonestKind, HonestShape, Model, Template, VillageFit};
use qingmu_evidence::Evidence;
use qingmu_fusion::{Fusion, Posterior};
use qingmu_input::InputSet;
use qingmu_model::{
    AssessedRing, Assessment, Belief, Beliefs, Bilingual, Estimate, Expected, HonestShare, Mu,
    RingMember, Span, Yuan,
};
use rayon::prelude::*;

/// Least probability that the fusion returns a figure for; below, it is 0 to three decimals of a per cent.
pub(crate) const LEAST: f64 = 1e-5;
/// Probability from which a village-year is told in full.
const LISTED: f64 = 0.02;
/// Probability from which honest explanations are tested and all years are shown.
const TESTED: f64 = 0.5;

/// Everything that a run knows, for telling it.
pub(crate) struct Told<'a> {
    pub(crate) frame: &'a Frame<'a>,
    pub(crate) built: &'a [Built],
    pub(crate) models: &'a [Model],
    pub(crate) config: &'a Config,
    pub(crate) fits: &'a [Vec<Option<VillageFit>>],
    pub(crate) fusion: &'a Fusion,
    pub(crate) evidence: &'a Evidence,
    pub(crate) baselines: &'a Baselines,
    pub(crate) map: &'a CodeMap,
    pub(crate) input: &'a InputSet,
}

impl Told<'_> {
    /// Whether anything was claimed and assessed in a village-year.
    fn is_assessed(&self, village: usize, year: usize) -> bool {
        let at = village * self.frame.years + year;
        let mut series = self.built.iter().zip(self.fits);
        series.any(|(built, fits)| fits[village].is_some() && built.panel.claimed[at].is_some())
    }

    fn span(&self, template: Template) -> Span {
        Span {
            from: self.frame.year(template.from),
            to: self.frame.year(template.to),
            ramp: template.ramp,
        }
    }
}

/// The belief about every village-year.
pub(crate) fn beliefs(told: &Told<'_>) -> Beliefs {
    let (villages, years) = (told.frame.villages.len(), told.frame.years);
    let of_village = |village: usize| -> Vec<Option<Belief>> {
        let z = deviations(told, village);
        let none = |year: usize| Belief {
            p: 0.0,
            p_ring: 0.0,
            q: 1.0,
            q_ring: 1.0,
            z: z[year],
            excess_mu: None,
            excess_yuan: None,
            expected_yuan: None,
        };
        (0..years).map(|y| told.is_assessed(village, y).then(|| none(y))).collect()
    };
    let mut cells: Vec<Option<Belief>> =
        (0..villages).into_par_iter().flat_map_iter(of_village).collect();
    for found in &told.fusion.village_years {
        let at = found.village as usize * years + found.year as usize;
        let z = cells[at].and_then(|b| b.z);
        cells[at] = Some(Belief {
            p: found.p,
            p_ring: found.p_ring,
            q: found.q,
            q_ring: found.q_ring,
            z,
            excess_mu: found.excess_mu.map(|e| e.median),
            excess_yuan: found.excess_yuan.map(|e| e.median),
            expected_yuan: found.mean_yuan.map(|mean| mean * found.p_ring),
        });
    }
    Beliefs {
        villages: told.frame.villages.to_vec(),
        first_year: told.frame.first_year,
        years,
        cells,
    }
}

/// Largest deviation from an independent source by year, over all series; from history where there is no source.
fn deviations(told: &Told<'_>, village: usize) -> Vec<Option<f64>> {
    let mut by_source = vec![None; told.frame.years];
    let mut by_history = by_source.clone();
    for series in (0..told.built.len()).filter(|s| told.fits[*s][village].is_some()) {
        for found in of_series(told, series, village) {
            let sources = &told.built[series].panel.sources;
            let column = match found.source.map(|s| sources[s].independent) {
                Some(true) => &mut by_source[found.year],
                Some(false) => continue,
                None => &mut by_history[found.year],
            };
            let z = found.z.filter(|z| z.is_finite());
            if column.is_none_or(|known: f64| z.is_some_and(|z| z > known)) {
                *column = z.or(*column);
            }
        }
    }
    by_source.into_iter().zip(by_history).map(|(source, history)| source.or(history)).collect()
}

/// Village-years above the listed probability, by village and year.
pub(crate) fn assessments(told: &Told<'_>) -> Vec<Assessment> {
    let listed: Vec<&Posterior> =
        told.fusion.village_years.iter().filter(|p| p.p_ring >= LISTED || p.p >= LISTED).collect();
    listed.par_iter().map(|found| assessment(told, found)).collect()
}

fn assessment(told: &Told<'_>, found: &Posterior) -> Assessment {
    let (village, year) = (found.village as usize, found.year as usize);
    let at = village * told.frame.years + year;
    let is_lead = found.p_ring >= TESTED;
    let fit = |series: &usize| told.fits[*series][village].as_ref();
    let fitted: Vec<usize> = (0..told.built.len()).filter(|s| fit(s).is_some()).collect();
    let history_only = !fitted.is_empty()
        && fitted.iter().filter_map(fit).all(|f| f.baseline_cells == 0)
        && found.families.first().is_none_or(|f| f.family <= qingmu_model::Family::LevelSource);
    let expected = told_expected(told, found, &fitted, is_lead);
    let tested = if is_lead { tested(told, found, &expected) } else { Vec::new() };
    Assessment {
        village_code: told.frame.villages[village].to_string(),
        year: told.frame.year(year),
        p: found.p,
        p_ring: found.p_ring,
        q: found.q,
        q_ring: found.q_ring,
        excess_mu: found.excess_mu.and_then(|e| estimate(e, |v| Some(Mu::from_f64(v)?.0))),
        excess_yuan: found.excess_yuan.and_then(|e| estimate(e, |v| Some(Yuan::from_f64(v)?.0))),
        expected_yuan: found
            .mean_yuan
            .and_then(|mean| Yuan::from_f64(mean * found.p_ring))
            .map(|(yuan, _)| yuan),
        span: found.span.map(|template| told.span(template)),
        families: found.families.clone(),
        honest: found.honest.iter().map(|(shape, share)| honest(told, *shape, *share)).collect(),
        expected,
        ring: found.ring,
        history_only,
        claims: told.evidence.claims.get(at).copied().unwrap_or(0),
        tested,
        notes: if is_lead { notes(told, found) } else { Vec::new() },
    }
}

/// All years of the series that speaks loudest for a lead, this year of every series otherwise.
fn told_expected(
    told: &Told<'_>,
    found: &Posterior,
    fitted: &[usize],
    is_lead: bool,
) -> Vec<Expected> {
    let (village, year) = (found.village as usize, found.year as usize);
    let loudest = found.series.map(|s| s as usize);
    let mut all = Vec::new();
    for series in fitted {
        let whole = is_lead && loudest.is_none_or(|s| s == *series);
        let here = of_series(told, *series, village);
        let here = here.iter().filter(|e| whole || e.year == year);
        all.extend(here.map(|e| expected(told, *series, village, e)));
    }
    all
}

fn estimate<T>(of: Estimate<f64>, to: impl Fn(f64) -> Option<T>) -> Option<Estimate<T>> {
    Some(Estimate { median: to(of.median)?, lo: to(of.lo)?, hi: to(of.hi)? })
}

/// Stable name and words of an honest shape.
#[allow(clippy::similar_names, reason = "a shape and its share")]
fn honest(told: &Told<'_>, shape: HonestShape, share: f64) -> HonestShare {
    let year = told.frame.year(shape.year);
    let (name, say) = match shape.kind {
        HonestKind::Base => ("base", Bilingual::new("与各来源一致", "in line with the sources")),
        HonestKind::RealStep => (
            "real_step",
            Bilingual::new(
                format!("{year} 年起种植确有变化，各来源同步"),
                format!("planting really changed from {year} on, and the sources with it"),
            ),
        ),
        HonestKind::RealYear => (
            "real_year",
            Bilingual::new(
                format!("{year} 年一年种植确有变化"),
                format!("planting really differed in {year} alone"),
            ),
        ),
        HonestKind::LateEnrolment => (
            "late_enrolment",
            Bilingual::new(
                format!("{year} 年以前登记不全，此后为正常水平"),
                format!("claims were incomplete before {year} and normal after"),
            ),
        ),
        HonestKind::YearLow => ("year_low", one_year(year, "偏低", "low")),
        HonestKind::YearHigh => ("year_high", one_year(year, "偏高", "high")),
        HonestKind::ConstantLow => ("constant_low", always("偏低", "low")),
        HonestKind::ConstantHigh => ("constant_high", always("偏高", "high")),
        HonestKind::StepDown => ("step_down", onwards(year, "偏低", "lower")),
        HonestKind::StepUp => ("step_up", onwards(year, "偏高", "higher")),
        HonestKind::RampDown => ("ramp_down", onwards(year, "逐年走低", "falling")),
        HonestKind::RampUp => ("ramp_up", onwards(year, "逐年走高", "rising")),
    };
    let dated = !matches!(
        shape.kind,
        HonestKind::Base | HonestKind::ConstantLow | HonestKind::ConstantHigh
    );
    let shape = if dated { format!("{name}_{year}") } else { name.to_owned() };
    HonestShare { shape, say, share }
}

fn one_year(year: i16, zh: &str, en: &str) -> Bilingual {
    Bilingual::new(
        format!("{year} 年申报{zh}属登记误差"),
        format!("claims of {year} are {en} by honest error"),
    )
}

fn always(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(
        format!("各年申报一贯{zh}（口径差异）"),
        format!("claims are {en} in all years (another way of counting)"),
    )
}

fn onwards(year: i16, zh: &str, en: &str) -> Bilingual {
    Bilingual::new(
        format!("{year} 年起申报{zh}属登记口径变化"),
        format!("claims are {en} from {year} on by an honest change of registration"),
    )
}

/// Rings, most probable first.
pub(crate) fn rings(told: &Told<'_>) -> Vec<AssessedRing> {
    let code = |village: u32| {
        told.frame.villages.get(village as usize).map_or_else(String::new, ToString::to_string)
    };
    let ring = |ring: &qingmu_fusion::RingPosterior| AssessedRing {
        tie: ring.tie,
        key: ring.key.to_string(),
        span: told.span(ring.span),
        p: ring.p,
        q: ring.q,
        members: ring
            .members
            .iter()
            .map(|m| RingMember { village_code: code(m.village), p: m.p, ln_bf: m.ln_bf })
            .collect(),
    };
    told.fusion.rings.iter().map(ring).collect()
}
