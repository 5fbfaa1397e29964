//! Makes leads out of chosen villages, their evidence and what the model says of them.

use crate::belief::{Index, grade, priority, ring_grade};
use crate::build::LeadContext;
use crate::claims::{self, Group};
use crate::evidence::{Evidence, Scope, Spot};
use crate::excess::Excess;
use crate::id::Identity;
use crate::model_ring::{self, YearRing};
use crate::region::common;
use crate::ring::{Ring, rings};
use crate::score::{joined, pooled, printed};
use qingmu_model::{
    AssessedRing, Assessment, Grade, Lead, LeadKind, LeadStatus, Member, Mu, Tie, Yuan,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Claim-level hits, loose or in a lead, become leads under the same threshold: a fact or strong evidence (E0, E1)
/// suffices, statistical evidence (E2) needs a second rule beside it.
fn enough(evidence: &[&Evidence<'_>]) -> bool {
    let rules: BTreeSet<&str> = evidence.iter().filter(|e| e.counts).map(|e| e.rule()).collect();
    rules.len() >= 2 || evidence.iter().any(|e| e.suffices())
}

/// Makes leads, and remembers where every village-year went.
pub(crate) struct Maker<'a> {
    pub(crate) context: &'a LeadContext,
    pub(crate) index: &'a Index<'a>,
    pub(crate) table: &'a BTreeMap<Spot, Vec<&'a Evidence<'a>>>,
    pub(crate) leads: Vec<Lead>,
    /// Village-years that are in a lead on the village.
    pub(crate) home: BTreeMap<(String, i16), usize>,
    /// Regions and years that have a ring already.
    pub(crate) ringed: BTreeSet<(String, i16)>,
}

impl<'a> Maker<'a> {
    fn here(&self, village: &str, year: i16) -> &'a [&'a Evidence<'a>] {
        self.table.get(&(village.to_owned(), year)).map_or(&[], Vec::as_slice)
    }

    fn is_home(&self, village: &str, year: i16) -> bool {
        self.home.contains_key(&(village.to_owned(), year))
    }

    /// Rings that the model sees.
    pub(crate) fn model_rings(&mut self) {
        for found in model_ring::by_year(self.index, self.context.year) {
            let YearRing { year, ring, villages } = found;
            let villages: Vec<&str> = villages.into_iter().collect();
            self.push_ring(&villages, year, vec![model_ring::tie(ring)], Some(ring));
        }
    }

    /// Rings of villages with village-level hits of their own, where the model has not spoken or agrees.
    pub(crate) fn rule_rings(&mut self, evidence: &'a [Evidence<'a>]) {
        for (year, own) in self.own_by_year() {
            for Ring { villages, ties } in rings(&own, evidence, year, self.context) {
                let villages: Vec<&str> = villages.into_iter().collect();
                // A ring is two villages that are leads by themselves; others whose own hits tie them to it may join.
                if villages.iter().filter(|v| self.stands(v, year)).count() < 2 {
                    continue;
                }
                self.push_ring(&villages, year, ties, None);
            }
        }
    }

    fn push_ring(
        &mut self,
        villages: &[&str],
        year: i16,
        ties: Vec<Tie>,
        ring: Option<&AssessedRing>,
    ) {
        let parts: Vec<(&str, &[&Evidence<'_>])> =
            villages.iter().map(|v| (*v, self.here(v, year))).collect();
        let scores: Vec<f64> = parts.iter().map(|(_, here)| joined(here)).collect();
        let first_here = self.ringed.insert((common(villages, &self.context.levels), year));
        let apart = if first_here { &[][..] } else { &villages[..1] };
        let about = About { kind: LeadKind::Ring, year, family: "village", apart, ring };
        let lead = self.lead(&about, pooled(&scores), &parts, ties);
        let place = self.leads.len();
        self.home.extend(villages.iter().map(|v| (((*v).to_owned(), year), place)));
        self.leads.push(lead);
    }

    /// Whether a village-year is a lead by itself: by the model, by a fact, or by rules alone where the model is silent.
    fn stands(&self, village: &str, year: i16) -> bool {
        !self.index.is_assessed(village, year)
            || self.index.is_lead(village, year)
            || self.here(village, year).iter().any(|e| e.suffices())
    }

    /// Villages with a counted village-level hit of their own, by year: those that rules may join into rings.
    fn own_by_year(&self) -> BTreeMap<i16, BTreeSet<&'a str>> {
        let mut years: BTreeMap<i16, BTreeSet<&str>> = BTreeMap::new();
        for ((village, year), here) in self.table {
            let own = |e: &&&Evidence<'_>| e.counts && e.scope == Scope::Village;
            let pooled = self.stands(village, *year) || self.index.may_join(village, *year);
            if here.iter().any(|e| own(&e)) && pooled && !self.is_home(village, *year) {
                years.entry(*year).or_default().insert(village);
            }
        }
        years
    }

    /// Village-years that are in no ring.
    pub(crate) fn villages(&mut self) {
        for ((village, year), here) in self.table {
            let about_village = here.iter().any(|e| e.counts && e.scope != Scope::Claims);
            let strong = here.iter().any(|e| e.scope != Scope::Claims && e.suffices());
            let by_rules = about_village && (strong || enough(here));
            let listed = self.index.get(village, *year).is_some()
                || (self.index.is_assessed(village, *year) && here.iter().any(|e| e.suffices()));
            if (by_rules || listed) && !self.is_home(village, *year) {
                let about = About {
                    kind: LeadKind::Village,
                    year: *year,
                    family: "village",
                    apart: &[],
                    ring: None,
                };
                let lead = self.lead(&about, joined(here), &[(village, here)], Vec::new());
                self.home.insert((village.clone(), *year), self.leads.len());
                self.leads.push(lead);
            }
        }
    }

    /// Claim-level hits that no lead on a village has taken up whole.
    pub(crate) fn claims(&mut self, evidence: &'a [Evidence<'a>]) {
        let is_loose = |e: &&Evidence<'_>| {
            let homes: BTreeSet<Option<&usize>> =
                e.villages.iter().map(|v| self.home.get(&((*v).to_owned(), e.year))).collect();
            e.scope == Scope::Claims && (homes.len() > 1 || homes.contains(&None))
        };
        let loose: Vec<&Evidence<'_>> = evidence.iter().filter(is_loose).collect();
        let groups = claims::groups(&loose);
        let leads: Vec<Lead> = groups.iter().filter_map(|group| self.group(group)).collect();
        self.leads.extend(leads);
    }

    fn group(&self, group: &Group<'_>) -> Option<Lead> {
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
        let about = About {
            kind: LeadKind::Claims,
            year: group.year,
            family: &family,
            apart: &villages,
            ring: None,
        };
        Some(self.lead(&about, joined(&group.evidence), &parts, group.ties.clone()))
    }

    fn lead(
        &self,
        about: &About<'_>,
        score: f64,
        parts: &[(&str, &[&Evidence<'_>])],
        ties: Vec<Tie>,
    ) -> Lead {
        let About { kind, year, family, apart, ring } = *about;
        let villages: Vec<&str> = parts.iter().map(|(village, _)| *village).collect();
        let region = common(&villages, &self.context.levels);
        let hits = distinct(parts);
        let by_rules = hits.iter().filter(|e| e.counts).map(|e| e.hit.grade).min();
        let lead = Judged {
            score: printed(score),
            grade: ring.map(ring_grade).or(by_rules).unwrap_or(Grade::E3),
            alike: kind != LeadKind::Village
                && (ring.is_some() || !self.all_assessed(&villages, year)),
        };
        let mut members: Vec<Member> =
            parts.iter().map(|(village, here)| self.member(village, year, here, &lead)).collect();
        members.sort_by(|a, b| {
            let key = |m: &Member| Reverse((m.excess_yuan, m.excess_mu));
            key(a).cmp(&key(b)).then_with(|| a.village_code.cmp(&b.village_code))
        });
        let excess = members.iter().fold(Excess::default(), |sum, m| {
            sum.plus(Excess { mu: m.excess_mu, yuan: m.excess_yuan })
        });
        let (mu_range, yuan_range) = (mu_range(&members), yuan_range(&members));
        let told: Vec<&Assessment> =
            villages.iter().filter_map(|v| self.index.get(v, year)).collect();
        let rules: BTreeSet<&str> = hits.iter().map(|e| e.rule()).collect();
        Lead {
            lead_id: Identity { kind, region: &region, year, family, villages: apart }.id(),
            kind,
            region_name: self.name(&region),
            region_code: region,
            year,
            score: members.iter().map(|m| m.score).fold(0.0, f64::max),
            priority: priority(&told),
            grade: members.iter().map(|m| m.grade).min().unwrap_or(Grade::E3),
            q_value: villages.iter().filter_map(|v| self.q(v, year)).min_by(f64::total_cmp),
            excess_mu: excess.mu,
            excess_mu_lo: mu_range.map(|r| r.0),
            excess_mu_hi: mu_range.map(|r| r.1),
            excess_yuan: excess.yuan,
            excess_yuan_lo: yuan_range.map(|r| r.0),
            excess_yuan_hi: yuan_range.map(|r| r.1),
            rules: rules.into_iter().map(str::to_owned).collect(),
            ties,
            members,
            first_seen: None,
            status: LeadStatus::Found,
            hits: hits.into_iter().map(|e| e.hit.clone()).collect(),
            ring: ring.cloned(),
        }
    }

    fn all_assessed(&self, villages: &[&str], year: i16) -> bool {
        villages.iter().all(|v| self.index.is_assessed(v, year))
    }

    fn q(&self, village: &str, year: i16) -> Option<f64> {
        let told = self.index.get(village, year).map(|a| a.q);
        told.or_else(|| self.index.belief(village, year).map(|b| b.q))
    }

    fn member(&self, village: &str, year: i16, here: &[&Evidence<'_>], lead: &Judged) -> Member {
        let told = self.index.get(village, year);
        let by_rules = Excess::on(village, year, here);
        let (mu, yuan) = told.map_or((None, None), |a| (a.excess_mu, a.excess_yuan));
        let rules: BTreeSet<&str> =
            here.iter().filter(|e| e.villages.contains(village)).map(|e| e.rule()).collect();
        let facts = here.iter().filter(|e| e.suffices()).map(|e| e.hit.grade).min();
        let own = if self.index.is_assessed(village, year) {
            told.map_or(Grade::E3, grade).min(facts.unwrap_or(Grade::E3))
        } else {
            lead.grade
        };
        Member {
            village_code: village.to_owned(),
            village_name: self.name(village),
            excess_mu: mu.map(|e| e.median).or(by_rules.mu),
            excess_yuan: yuan.map(|e| e.median).or(by_rules.yuan),
            excess_mu_range: mu.map(|e| (e.lo, e.hi)),
            excess_yuan_range: yuan.map(|e| (e.lo, e.hi)),
            score: self.index.score(village, year).unwrap_or(lead.score),
            q_value: self.q(village, year),
            grade: if lead.alike { own.min(lead.grade) } else { own },
            priority: told.and_then(|a| priority(&[a])),
            rules: rules.into_iter().map(str::to_owned).collect(),
            assessment: told.cloned(),
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
    /// The ring that the model sees.
    ring: Option<&'a AssessedRing>,
}

/// What the whole lead hands to members that the model is silent about.
struct Judged {
    score: f64,
    grade: Grade,
    /// Every member has at least the lead's grade.
    alike: bool,
}

/// Interval of a sum of estimates: the members' distances from their medians, added as independent errors.
fn range(parts: &[(f64, f64, f64)], known: usize) -> Option<(f64, f64)> {
    let square = |distance: f64| distance * distance;
    let median: f64 = parts.iter().map(|p| p.0).sum();
    let below: f64 = parts.iter().map(|p| square(p.0 - p.1)).sum();
    let above: f64 = parts.iter().map(|p| square(p.2 - p.0)).sum();
    (known > 0 && parts.len() == known).then(|| (median - below.sqrt(), median + above.sqrt()))
}

fn mu_range(members: &[Member]) -> Option<(Mu, Mu)> {
    if let [only] = members {
        return only.excess_mu_range;
    }
    let part = |m: &Member| {
        let (lo, hi) = m.excess_mu_range?;
        Some((m.excess_mu?.to_f64(), lo.to_f64(), hi.to_f64()))
    };
    let parts: Vec<(f64, f64, f64)> = members.iter().filter_map(part).collect();
    let known = members.iter().filter(|m| m.excess_mu.is_some()).count();
    let (lo, hi) = range(&parts, known)?;
    Some((Mu::from_f64(lo)?.0, Mu::from_f64(hi)?.0))
}

fn yuan_range(members: &[Member]) -> Option<(Yuan, Yuan)> {
    if let [only] = members {
        return only.excess_yuan_range;
    }
    let part = |m: &Member| {
        let (lo, hi) = m.excess_yuan_range?;
        Some((m.excess_yuan?.to_f64(), lo.to_f64(), hi.to_f64()))
    };
    let parts: Vec<(f64, f64, f64)> = members.iter().filter_map(part).collect();
    let known = members.iter().filter(|m| m.excess_yuan.is_some()).count();
    let (lo, hi) = range(&parts, known)?;
    Some((Yuan::from_f64(lo)?.0, Yuan::from_f64(hi)?.0))
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
