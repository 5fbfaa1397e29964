//! Scoring with frozen parameters.

use crate::case::Case;
use crate::evidence::{Frame, Terms, Weights, gather};
use crate::fdr::running;
use crate::fusion::{Fusion, Posterior};
use crate::options::Options;
use crate::parameters::Parameters;
use crate::ring::{Summed, Tie, Told, tie};
use crate::table::Table;
use crate::village::{Scene, index};
use crate::{FusionError, health, ring_list};
use rayon::prelude::*;

/// Fuses a case with frozen parameters: a pure function, the same for any number of threads.
///
/// # Errors
/// [`FusionError`] where arrays do not fit together, or the parameters are not of these years and series.
pub fn fuse(
    case: &Case<'_>,
    parameters: &Parameters,
    options: &Options,
) -> Result<Fusion, FusionError> {
    case.check()?;
    parameters.check()?;
    if parameters.years != case.years {
        return Err(FusionError::OtherYears { learned: parameters.years, years: case.years });
    }
    let frame = Frame::new(case.years);
    let weights = Weights::new(case, parameters, &frame, options)?;
    let evidence = gather(case, &frame, options);
    let table = Table::new(case, &evidence, &weights, &frame, options);
    let ties: Vec<Tie> =
        (0..case.groups.len()).map(|at| tie(&table, case, parameters, at)).collect();
    let summed: Vec<Option<Summed>> = (0..case.groups.len())
        .into_par_iter()
        .map(|at| {
            let quick = table.sum(&case.groups[at], None)?;
            let loud = !table.quiet(&quick, ties[at].rate, ties[at].event);
            loud.then(|| table.sum(&case.groups[at], Some((&ties[at].spread, &quick)))).flatten()
        })
        .collect();
    let listening = listening(case, &summed);
    let odds = weights.prior_odds();
    let scene = Scene {
        case,
        frame: &frame,
        weights: &weights,
        options,
        odds: &odds,
        ring_templates: &table.plain,
    };
    let village = |terms: &mut Terms, village: usize| {
        if !evidence[village].any() {
            return Vec::new();
        }
        evidence[village].terms(&weights, terms);
        let mut best: Option<(f64, Told)> = None;
        for (group, years) in &listening[village] {
            let Some(summed) = &summed[*group] else { continue };
            let told = table.tell(summed, (village, *years), &ties[*group], weights.improper);
            let strength: f64 = told.odds.iter().sum();
            if best.as_ref().is_none_or(|(most, _)| strength > *most) {
                best = Some((strength, told));
            }
        }
        scene.village(village, &evidence[village], terms, best.as_ref().map(|(_, told)| told))
    };
    let years: Vec<Vec<Posterior>> =
        (0..case.villages()).into_par_iter().map_init(Terms::default, village).collect();
    let mut fusion = Fusion {
        village_years: years.into_iter().flatten().collect(),
        rings: ring_list::list(case, &table, &summed, &ties, &frame, options),
        health: health::check(case, &evidence, &weights, &frame),
        assessed: evidence.iter().map(crate::evidence::VillageEvidence::any).collect(),
    };
    join_rings(&mut fusion);
    rank_years(&mut fusion.village_years, options);
    Ok(fusion)
}

/// Puts parts of one run (such as counties fused one after another) together: village, group and ring numbers move
/// up by the sizes of the parts before, and q is reckoned over all. Each part comes with its number of groups.
#[must_use]
pub fn merge(parts: Vec<(Fusion, usize)>, options: &Options) -> Fusion {
    let mut all = Fusion::default();
    let (mut villages, mut groups) = (0, 0);
    for (part, group_count) in parts {
        let rings = index(all.rings.len());
        for mut year in part.village_years {
            year.village += villages;
            year.ring = year.ring.map(|ring| ring + rings);
            all.village_years.push(year);
        }
        for mut ring in part.rings {
            ring.group += groups;
            ring.same.iter_mut().for_each(|group| *group += groups);
            ring.members.iter_mut().for_each(|member| member.village += villages);
            all.rings.push(ring);
        }
        health::merge(&mut all.health, &part.health);
        villages += index(part.assessed.len());
        all.assessed.extend(part.assessed);
        groups += index(group_count);
    }
    sort_rings(&mut all);
    rank_years(&mut all.village_years, options);
    let p: Vec<f64> = all.rings.iter().map(|ring| ring.p).collect();
    let q = running(&p, options.listed);
    all.rings.iter_mut().zip(q).for_each(|(ring, q)| ring.q = q);
    all
}

/// Groups that have something to say, per village.
fn listening(case: &Case<'_>, summed: &[Option<Summed>]) -> Vec<Vec<(usize, u64)>> {
    let mut listening = vec![Vec::new(); case.villages()];
    let loud = summed.iter().zip(&case.groups).enumerate().filter(|(_, (s, _))| s.is_some());
    for (at, (_, group)) in loud {
        for member in &group.members {
            listening[member.village as usize].push((at, member.years));
        }
    }
    listening
}

/// Rings of several parts in one order; the village-years follow.
fn sort_rings(all: &mut Fusion) {
    let mut order: Vec<usize> = (0..all.rings.len()).collect();
    order.sort_by(|a, b| {
        let (x, y) = (&all.rings[*a], &all.rings[*b]);
        y.p.total_cmp(&x.p)
            .then((y.ln_evidence - y.ln_honest).total_cmp(&(x.ln_evidence - x.ln_honest)))
            .then_with(|| (x.tie, &x.key, x.group).cmp(&(y.tie, &y.key, y.group)))
    });
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(new, old)| place[*old] = index(new));
    all.rings = order.into_iter().map(|at| all.rings[at].clone()).collect();
    for year in &mut all.village_years {
        year.ring = year.ring.and_then(|ring| place.get(ring as usize).copied());
    }
}

/// Tells each village-year of the most probable ring whose member it is and whose span holds it.
fn join_rings(fusion: &mut Fusion) {
    let mut of: std::collections::BTreeMap<u32, Vec<usize>> = std::collections::BTreeMap::new();
    for (at, ring) in fusion.rings.iter().enumerate() {
        for member in &ring.members {
            of.entry(member.village).or_default().push(at);
        }
    }
    for year in &mut fusion.village_years {
        let rings = of.get(&year.village);
        let holds = |at: &&usize| fusion.rings[**at].span.height(year.year as usize) > 0.0;
        year.ring = rings.and_then(|rings| rings.iter().find(holds)).map(|at| index(*at));
    }
}

/// False-discovery rates from the probabilities.
pub(crate) fn rank_years(years: &mut [Posterior], options: &Options) {
    let column = |p: fn(&Posterior) -> f64| years.iter().map(p).collect::<Vec<f64>>();
    let (q, q_ring) = (
        running(&column(|year| year.p), options.listed),
        running(&column(|year| year.p_ring), options.listed),
    );
    for ((year, q), q_ring) in years.iter_mut().zip(q).zip(q_ring) {
        year.q = q;
        year.q_ring = q_ring;
    }
}
