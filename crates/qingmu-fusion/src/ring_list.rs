//! The list of rings: one entry for one set of villages, however many ties it has.

use crate::case::{Case, Group};
use crate::evidence::Frame;
use crate::fdr::running;
use crate::fusion::{Member, RingPosterior};
use crate::options::Options;
use crate::ring::{Summed, Tie, ln_sum, sigmoid};
use crate::table::Table;
use crate::village::index;

/// Groups whose smaller set of members lies in the larger by more than this share are one ring.
const SAME: f64 = 0.5;

/// Lists rings, most probable first.
pub(crate) fn list(
    case: &Case<'_>,
    table: &Table,
    summed: &[Option<Summed>],
    ties: &[Tie],
    frame: &Frame,
    options: &Options,
) -> Vec<RingPosterior> {
    let mut found: Vec<(f64, RingPosterior)> = Vec::new();
    for (at, (group, summed)) in case.groups.iter().zip(summed).enumerate() {
        let Some(summed) = summed else { continue };
        let ln_odds = summed.ln_odds(ties[at].rate, ties[at].event);
        if sigmoid(ln_odds) >= options.listed {
            found
                .push((ln_odds, ring(case, table, (at, group, &ties[at]), summed, ln_odds, frame)));
        }
    }
    found.sort_by(|a, b| {
        let named = |r: &RingPosterior| (r.tie, r.key.clone(), r.group);
        b.0.total_cmp(&a.0).then_with(|| named(&a.1).cmp(&named(&b.1)))
    });
    let mut kept: Vec<RingPosterior> = Vec::new();
    for (_, ring) in found {
        match kept.iter_mut().find(|other| overlap(&other.members, &ring.members) > SAME) {
            Some(other) => other.same.push(ring.group),
            None => kept.push(ring),
        }
    }
    let probabilities: Vec<f64> = kept.iter().map(|ring| ring.p).collect();
    let q = running(&probabilities, options.listed);
    kept.iter_mut().zip(q).for_each(|(ring, q)| ring.q = q);
    kept
}

fn ring(
    case: &Case<'_>,
    table: &Table,
    (at, group, tie): (usize, &Group, &Tie),
    summed: &Summed,
    ln_odds: f64,
    frame: &Frame,
) -> RingPosterior {
    let best = (0..summed.ring.len())
        .rev()
        .max_by(|a, b| summed.ring[*a].total_cmp(&summed.ring[*b]))
        .unwrap_or(0);
    let total = ln_sum(&summed.ring);
    let mut members: Vec<Member> = group
        .members
        .iter()
        .map(|member| {
            let who = (member.village as usize, member.years);
            let likely = (0..summed.ring.len()).filter(|k| summed.ring[*k] > total - 10.0);
            let p: f64 = likely
                .map(|k| (summed.ring[k] - total).exp() * table.part(summed, who, k, tie).0)
                .sum();
            Member {
                village: member.village,
                p: p.min(1.0),
                ln_bf: table.part(summed, who, best, tie).1,
            }
        })
        .collect();
    let code = |member: &Member| &case.codes[member.village as usize];
    members.sort_by(|a, b| b.ln_bf.total_cmp(&a.ln_bf).then_with(|| code(a).cmp(code(b))));
    let mut place = 0;
    members.retain(|member| {
        place += 1;
        place <= 2 || member.p >= 0.5
    });
    RingPosterior {
        group: index(at),
        tie: group.tie,
        key: group.key.clone(),
        span: frame.templates[table.plain[best / table.kinds()]],
        p: sigmoid(ln_odds),
        q: 1.0,
        ln_evidence: summed.ring[best],
        ln_honest: summed.honest(tie.event),
        members,
        same: Vec::new(),
    }
}

fn overlap(a: &[Member], b: &[Member]) -> f64 {
    let both = a.iter().filter(|m| b.iter().any(|o| o.village == m.village)).count();
    both as f64 / a.len().min(b.len()).max(1) as f64
}
