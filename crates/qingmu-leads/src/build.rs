//! From hits to leads.

use crate::claims::{self, Group};
use crate::evidence::{Evidence, Scope, Spot, gather};
use crate::excess::Excess;
use crate::id::Identity;
use crate::region::common;
use crate::ring::{Ring, rings};
use crate::score::{joined, pooled, printed};
use qingmu_model::{
    ClaimantId, Lead, LeadKind, LeadStatus, Member, Mu, RegionLevels, RuleHit, Share, Tie,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What leads need to know beside the hits.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadContext {
    /// Region levels of the project.
    pub levels: RegionLevels,
    /// Village code to name, where known.
    pub village_names: BTreeMap<String, String>,
    /// Code of a wider region to name, where known.
    pub region_names: BTreeMap<String, String>,
    /// Area by approver of each village-year.
    pub approvers: BTreeMap<(String, i16), Vec<(ClaimantId, Mu)>>,
    /// Only leads of this year.
    pub year: Option<i16>,
    /// Ids of rules whose status is draft: they add reasons to leads and nothing else.
    pub drafts: BTreeSet<String>,
}

/// Claim-level hits, loose or in a lead, become leads under the same threshold: a fact or strong evidence (E0, E1)
/// suffices, statistical evidence (E2) needs a second rule beside it.
fn enough(evidence: &[&Evidence<'_>]) -> bool {
    let rules: BTreeSet<&str> = evidence.iter().filter(|e| e.counts).map(|e| e.rule()).collect();
    rules.len() >= 2 || evidence.iter().any(|e| e.suffices())
}

/// Joins hits into leads, sorted by score (highest first), excess money (largest first, unknown last) and id.
///
/// The order of `hits` does not matter. Village-level hits of a village and year make one lead, together with the
/// claim-level hits there; three or more such villages tied by an approver or a town make one ring instead, if more than one
/// rule or a fact speaks there;
/// claim-level hits elsewhere, or spanning villages outside that lead, make leads of kind `claims`. A hit that
/// spans such villages is a reason in both leads, so sums over leads are to be taken per village and year.
#[must_use]
pub fn build(mut hits: Vec<RuleHit>, context: &LeadContext) -> Vec<Lead> {
    sort(&mut hits);
    let evidence = gather(&hits, context);
    let mut table: BTreeMap<Spot, Vec<&Evidence<'_>>> = BTreeMap::new();
    for found in &evidence {
        for village in &found.villages {
            table.entry(((*village).to_owned(), found.year)).or_default().push(found);
        }
    }
    let maker = Maker { context, table: &table };
    let mut leads = Vec::new();
    // Which lead a village-year went into.
    let mut home: BTreeMap<(&str, i16), usize> = BTreeMap::new();
    for (year, own) in own_by_year(&table) {
        let rings = rings(&own, &evidence, year, context);
        for (ring, first_here) in mark_first(&rings, context) {
            for village in &ring.villages {
                home.insert((village, year), leads.len());
            }
            leads.push(maker.ring(ring, year, first_here));
        }
    }
    for ((village, year), here) in &table {
        let about_village = here.iter().any(|e| e.counts && e.scope != Scope::Claims);
        let strong = here.iter().any(|e| e.scope != Scope::Claims && e.suffices());
        let free = !home.contains_key(&(village.as_str(), *year));
        if free && about_village && (strong || enough(here)) {
            home.insert((village, *year), leads.len());
            leads.push(maker.village(village, *year));
        }
    }
    let loose: Vec<&Evidence<'_>> = evidence
        .iter()
        .filter(|e| e.scope == Scope::Claims)
        .filter(|e| {
            let homes: BTreeSet<Option<&usize>> =
                e.villages.iter().map(|v| home.get(&(*v, e.year))).collect();
            homes.len() > 1 || homes.contains(&None)
        })
        .collect();
    leads.extend(claims::groups(&loose).iter().filter_map(|group| maker.claims(group)));
    leads.sort_by(|a, b| {
        let money = |l: &Lead| Reverse(l.excess_yuan);
        b.score.total_cmp(&a.score).then(money(a).cmp(&money(b))).then(a.lead_id.cmp(&b.lead_id))
    });
    leads
}

/// Canonical order, whatever order the hits came in. Rule and subject are one of a kind in a run; the rest decides
/// for hits that were joined from several runs.
fn sort(hits: &mut [RuleHit]) {
    let whole = |h: &RuleHit| (h.grade, h.level, h.mu, h.yuan, h.shares.len());
    hits.sort_by(|a, b| {
        (&a.rule, &a.subject, &a.view, whole(a))
            .cmp(&(&b.rule, &b.subject, &b.view, whole(b)))
            .then_with(|| a.shares.iter().map(parts).cmp(b.shares.iter().map(parts)))
            .then_with(|| (&a.say.zh, &a.rule_digest).cmp(&(&b.say.zh, &b.rule_digest)))
    });
}

/// Everything a share holds, in an order.
fn parts(share: &Share) -> impl Ord {
    let place = (&share.village_code, share.year, share.season, &share.programme);
    (place, &share.claimant, &share.approver, share.mu, share.yuan)
}

/// Villages with a counted village-level hit of their own, by year.
fn own_by_year<'a>(
    table: &'a BTreeMap<Spot, Vec<&Evidence<'_>>>,
) -> BTreeMap<i16, BTreeSet<&'a str>> {
    let mut years: BTreeMap<i16, BTreeSet<&str>> = BTreeMap::new();
    for ((village, year), here) in table {
        if here.iter().any(|e| e.counts && e.scope == Scope::Village) {
            years.entry(*year).or_default().insert(village);
        }
    }
    years
}

/// Each ring, and whether it is the first one of its region.
fn mark_first<'r, 'a>(rings: &'r [Ring<'a>], context: &LeadContext) -> Vec<(&'r Ring<'a>, bool)> {
    let mut regions = BTreeSet::new();
    rings
        .iter()
        .map(|ring| {
            let villages: Vec<&str> = ring.villages.iter().copied().collect();
            (ring, regions.insert(common(&villages, &context.levels)))
        })
        .collect()
}

/// Makes leads out of chosen villages and evidence.
struct Maker<'a> {
    context: &'a LeadContext,
    table: &'a BTreeMap<Spot, Vec<&'a Evidence<'a>>>,
}

impl<'a> Maker<'a> {
    fn here(&self, village: &str, year: i16) -> &'a [&'a Evidence<'a>] {
        self.table.get(&(village.to_owned(), year)).map_or(&[], Vec::as_slice)
    }

    fn ring(&self, ring: &Ring<'_>, year: i16, first_here: bool) -> Lead {
        let villages: Vec<&str> = ring.villages.iter().copied().collect();
        let parts: Vec<(&str, &[&Evidence<'_>])> =
            villages.iter().map(|v| (*v, self.here(v, year))).collect();
        let scores: Vec<f64> = parts.iter().map(|(_, here)| joined(here)).collect();
        let apart = if first_here { &[][..] } else { &villages[..1] };
        let about = About { kind: LeadKind::Ring, year, family: "village", apart };
        self.lead(&about, pooled(&scores), &parts, ring.ties.clone())
    }

    fn village(&self, village: &str, year: i16) -> Lead {
        let here = self.here(village, year);
        let about = About { kind: LeadKind::Village, year, family: "village", apart: &[] };
        self.lead(&about, joined(here), &[(village, here)], Vec::new())
    }

    fn claims(&self, group: &Group<'_>) -> Option<Lead> {
        let villages: Vec<&str> = group.villages.iter().copied().collect();
        let beside = match villages.as_slice() {
            [only] => self.here(only, group.year),
            _ => &[],
        };
        let weighty = group.evidence.iter().any(|e| e.counts);
        if !weighty || !(enough(&group.evidence) || enough(beside)) {
            return None;
        }
        let parts: Vec<(&str, &[&Evidence<'_>])> =
            villages.iter().map(|v| (*v, group.evidence.as_slice())).collect();
        let family = group.family.to_string();
        let about =
            About { kind: LeadKind::Claims, year: group.year, family: &family, apart: &villages };
        Some(self.lead(&about, joined(&group.evidence), &parts, group.ties.clone()))
    }

    fn lead(
        &self,
        about: &About<'_>,
        score: f64,
        parts: &[(&str, &[&Evidence<'_>])],
        ties: Vec<Tie>,
    ) -> Lead {
        let About { kind, year, family, apart } = *about;
        let villages: Vec<&str> = parts.iter().map(|(village, _)| *village).collect();
        let region = common(&villages, &self.context.levels);
        let mut members: Vec<Member> =
            parts.iter().map(|(village, here)| self.member(village, year, here)).collect();
        members.sort_by(|a, b| {
            let key = |m: &Member| Reverse((m.excess_yuan, m.excess_mu));
            key(a).cmp(&key(b)).then_with(|| a.village_code.cmp(&b.village_code))
        });
        let excess = members.iter().fold(Excess::default(), |sum, m| {
            sum.plus(Excess { mu: m.excess_mu, yuan: m.excess_yuan })
        });
        let hits = distinct(parts);
        let rules: BTreeSet<&str> = hits.iter().map(|e| e.rule()).collect();
        let counted = hits.iter().filter(|e| e.counts).map(|e| e.hit.grade).min();
        Lead {
            lead_id: Identity { kind, region: &region, year, family, villages: apart }.id(),
            kind,
            region_name: self.name(&region),
            region_code: region,
            year,
            score: printed(score),
            priority: None,
            grade: counted.unwrap_or(qingmu_model::Grade::E3),
            q_value: None,
            excess_mu: excess.mu,
            excess_mu_lo: None,
            excess_mu_hi: None,
            excess_yuan: excess.yuan,
            excess_yuan_lo: None,
            excess_yuan_hi: None,
            rules: rules.into_iter().map(str::to_owned).collect(),
            ties,
            members,
            first_seen: None,
            status: LeadStatus::Found,
            hits: hits.into_iter().map(|e| e.hit.clone()).collect(),
        }
    }

    fn member(&self, village: &str, year: i16, here: &[&Evidence<'_>]) -> Member {
        let excess = Excess::on(village, year, here);
        let rules: BTreeSet<&str> =
            here.iter().filter(|e| e.villages.contains(village)).map(|e| e.rule()).collect();
        Member {
            village_code: village.to_owned(),
            village_name: self.name(village),
            excess_mu: excess.mu,
            excess_yuan: excess.yuan,
            rules: rules.into_iter().map(str::to_owned).collect(),
        }
    }

    fn name(&self, code: &str) -> String {
        let names = (self.context.village_names.get(code), self.context.region_names.get(code));
        names.0.or(names.1).map_or(code, String::as_str).to_owned()
    }
}

/// What makes a lead itself.
struct About<'a> {
    kind: LeadKind,
    year: i16,
    family: &'a str,
    /// Village codes that tell it from another lead of the same region, year and family.
    apart: &'a [&'a str],
}

/// Every piece of evidence once, in canonical order.
fn distinct<'a>(parts: &[(&str, &[&'a Evidence<'a>])]) -> Vec<&'a Evidence<'a>> {
    let mut seen = BTreeSet::new();
    let mut all: Vec<&Evidence<'_>> =
        parts.iter().flat_map(|(_, here)| here.iter().copied()).collect();
    // Hits lie in one sorted vector, so their addresses are their order.
    all.sort_by_key(|e| std::ptr::from_ref(e.hit));
    all.retain(|e| seen.insert(std::ptr::from_ref(e.hit)));
    all
}
