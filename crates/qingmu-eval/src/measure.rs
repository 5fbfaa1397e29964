//! The measures.

use crate::read::{EvalError, Listed, Truths};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Precision among the first `k` village-years.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Precision {
    /// How many are looked at; fewer listed ones count as misses.
    pub k: usize,
    /// Planted ones among them, over `k`.
    pub precision: f64,
}

/// What a share of the villages, the most suspicious first, catches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspected {
    /// Share of all villages.
    pub share: f64,
    /// Villages visited.
    pub villages: usize,
    /// Share of the planted village-years that lie in them.
    pub recall: f64,
    /// Share of the planted yuan.
    pub yuan_recall: f64,
}

/// Village-years called at a rate, and how many of them are not planted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Discovery {
    /// Greatest q.
    pub q: f64,
    /// Village-years with at most that q.
    pub leads: usize,
    /// Of those, not planted.
    pub wrong: usize,
    /// `wrong / leads`; 0 without leads.
    pub proportion: f64,
    /// Share of the planted village-years among the leads.
    pub recall: f64,
}

/// Estimates of the excess where there is one to estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimates {
    /// Planted village-years that are listed with a score of at least 50 and an interval.
    pub count: usize,
    /// Share whose interval holds the planted excess.
    pub coverage: f64,
    /// Median of |estimate − planted| / planted.
    pub median_error: f64,
}

/// Rings as wholes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rings {
    /// Planted rings.
    pub planted: usize,
    /// Planted rings that a listed one with a q of at most 0.05 shares three villages with.
    pub found: usize,
    /// Listed rings with a q of at most 0.05.
    pub listed: usize,
    /// Of those, with less than two villages in which anything is planted.
    pub wrong: usize,
}

/// Leads of a grade that calls for an inspection: E0, E1 or E2.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Graded {
    /// Leads.
    pub leads: usize,
    /// Of those, with nothing planted in any of their village-years.
    pub wrong: usize,
}

/// One scheme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ByType {
    /// Scheme.
    #[serde(rename = "type")]
    pub kind: String,
    /// Planted village-years.
    pub planted: usize,
    /// Planted yuan.
    pub yuan: f64,
    /// Recall when 1 % of the villages are visited.
    pub recall_1: f64,
    /// Recall when 2 % are.
    pub recall_2: f64,
    /// Share of its yuan in the 2 % of the villages that are visited.
    pub yuan_recall_2: f64,
    /// Share listed with q ≤ 0.05.
    pub recall_q05: f64,
    /// Those listed with a score of at least 50 and an interval of the excess in yuan.
    pub intervals: usize,
    /// Share of these intervals that hold what is planted; none without an interval.
    pub coverage: Option<f64>,
}

/// How well a list matches a truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Villages in all.
    pub villages: usize,
    /// Planted village-years.
    pub planted: usize,
    /// Planted villages.
    pub planted_villages: usize,
    /// Planted yuan.
    pub planted_yuan: f64,
    /// Listed village-years.
    pub listed: usize,
    /// Average precision over village-years: precision at each planted one, ties taken together, unlisted ones
    /// counting 0. None where nothing is planted.
    pub average_precision: Option<f64>,
    /// Precision among the first k; the last entry is for as many as are planted.
    pub precision: Vec<Precision>,
    /// At 1 % and 2 % of the villages; empty where nothing is planted.
    pub inspected: Vec<Inspected>,
    /// By `q_value`, at 0.05, 0.1 and 0.2.
    pub discoveries: Vec<Discovery>,
    /// By `ring_q`, likewise; empty where the list has none.
    pub ring_discoveries: Vec<Discovery>,
    /// Rings as wholes.
    pub rings: Rings,
    /// Leads above E3; none where the list has no grades.
    pub graded: Option<Graded>,
    /// Excess in mu.
    pub excess_mu: Option<Estimates>,
    /// Excess in yuan.
    pub excess_yuan: Option<Estimates>,
    /// By scheme.
    pub by_type: Vec<ByType>,
}

type Key = (String, i16);

/// One village-year after its rows are put together.
struct Entry<'a> {
    key: Key,
    score: f64,
    row: &'a Listed,
    q: Option<f64>,
    ring_q: Option<f64>,
}

/// Measures a list against a truth. `villages` overrides what the truth says.
///
/// # Errors
/// [`EvalError::NoVillages`] where neither says how many villages there are, [`EvalError::TooFewVillages`] where
/// more are named.
pub fn evaluate(
    leads: &[Listed],
    truths: &Truths,
    villages: Option<usize>,
) -> Result<Evaluation, EvalError> {
    let villages = villages.or(truths.villages).ok_or(EvalError::NoVillages)?;
    let named: BTreeSet<&str> = leads
        .iter()
        .map(|l| l.village_code.as_str())
        .chain(truths.planted.iter().map(|c| c.village_code.as_str()))
        .collect();
    if named.len() > villages {
        return Err(EvalError::TooFewVillages { named: named.len(), villages });
    }
    let entries = entries(leads);
    let planted = planted(truths);
    let yuan = planted.values().fold(0.0, |sum, p| sum + p.1);
    let visits = [0.01, 0.02].map(|share| (share, visited(&entries, villages, share)));
    let inspected = visits.iter().map(|(share, visited)| inspect(*share, visited, &planted, yuan));
    let by_q = |of: fn(&Entry<'_>) -> Option<f64>| {
        [0.05, 0.1, 0.2].map(|q| discover(&entries, &planted, q, of)).to_vec()
    };
    let has_ring_q = entries.iter().any(|e| e.ring_q.is_some());
    let ks = [10, 20, 50, 100, 200, 500].into_iter().filter(|k| *k < planted.len());
    let ks: Vec<usize> = ks.chain([planted.len()]).filter(|k| *k > 0).collect();
    Ok(Evaluation {
        villages,
        planted: planted.len(),
        planted_villages: planted.keys().map(|(code, _)| code).collect::<BTreeSet<_>>().len(),
        planted_yuan: yuan,
        listed: entries.len(),
        average_precision: average_precision(&entries, &planted),
        precision: ks.into_iter().map(|k| precision(&entries, &planted, k)).collect(),
        inspected: if planted.is_empty() { Vec::new() } else { inspected.collect() },
        discoveries: by_q(|e| e.q),
        ring_discoveries: if has_ring_q { by_q(|e| e.ring_q) } else { Vec::new() },
        rings: rings(leads, truths),
        graded: graded(leads, &planted),
        excess_mu: estimates(&entries, &planted, |l| l.mu, |p| p.0),
        excess_yuan: estimates(&entries, &planted, |l| l.yuan, |p| p.1),
        by_type: by_type(truths, &visits, &entries, &planted),
    })
}

/// One entry for each village-year, most suspicious first; ties by village and year.
fn entries(leads: &[Listed]) -> Vec<Entry<'_>> {
    let mut found: BTreeMap<Key, Entry<'_>> = BTreeMap::new();
    let least = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    for row in leads {
        let key = (row.village_code.clone(), row.year);
        let fresh =
            || Entry { key: key.clone(), score: row.score, row, q: row.q, ring_q: row.ring_q };
        let entry = found.entry(key.clone()).or_insert_with(fresh);
        if row.score > entry.score {
            (entry.score, entry.row) = (row.score, row);
        }
        entry.q = least(entry.q, row.q);
        entry.ring_q = least(entry.ring_q, row.ring_q);
    }
    let mut list: Vec<Entry<'_>> = found.into_values().collect();
    list.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
    list
}

/// Excess of each planted village-year in mu and yuan, schemes of the same village-year added up.
fn planted(truths: &Truths) -> BTreeMap<Key, (f64, f64)> {
    let mut sums: BTreeMap<Key, (f64, f64)> = BTreeMap::new();
    for case in &truths.planted {
        let sum = sums.entry((case.village_code.clone(), case.year)).or_default();
        *sum = (sum.0 + case.mu, sum.1 + case.yuan);
    }
    sums
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn average_precision(entries: &[Entry<'_>], planted: &BTreeMap<Key, (f64, f64)>) -> Option<f64> {
    if planted.is_empty() {
        return None;
    }
    let (mut seen, mut hits, mut area) = (0, 0, 0.0);
    for tied in entries.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        let new = tied.iter().filter(|e| planted.contains_key(&e.key)).count();
        seen += tied.len();
        hits += new;
        area += new as f64 * ratio(hits, seen);
    }
    Some(area / planted.len() as f64)
}

fn precision(entries: &[Entry<'_>], planted: &BTreeMap<Key, (f64, f64)>, k: usize) -> Precision {
    let hits = entries.iter().take(k).filter(|e| planted.contains_key(&e.key)).count();
    Precision { k, precision: ratio(hits, k) }
}

/// The most suspicious villages, as many as `share` of all, rounded up.
fn visited<'a>(entries: &'a [Entry<'_>], villages: usize, share: f64) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for entry in entries {
        if found.len() as f64 >= (share * villages as f64).ceil() {
            break;
        }
        found.insert(entry.key.0.as_str());
    }
    found
}

fn inspect(
    share: f64,
    visited: &BTreeSet<&str>,
    planted: &BTreeMap<Key, (f64, f64)>,
    yuan: f64,
) -> Inspected {
    let caught = || planted.iter().filter(|((code, _), _)| visited.contains(code.as_str()));
    let money = caught().fold(0.0, |sum, (_, p)| sum + p.1);
    Inspected {
        share,
        villages: visited.len(),
        recall: ratio(caught().count(), planted.len()),
        yuan_recall: if yuan > 0.0 { money / yuan } else { 0.0 },
    }
}

fn discover(
    entries: &[Entry<'_>],
    planted: &BTreeMap<Key, (f64, f64)>,
    q: f64,
    of: fn(&Entry<'_>) -> Option<f64>,
) -> Discovery {
    let called: Vec<&Entry<'_>> =
        entries.iter().filter(|e| of(e).is_some_and(|own| own <= q)).collect();
    let right = called.iter().filter(|e| planted.contains_key(&e.key)).count();
    let wrong = called.len() - right;
    Discovery {
        q,
        leads: called.len(),
        wrong,
        proportion: ratio(wrong, called.len()),
        recall: ratio(right, planted.len()),
    }
}

fn rings(leads: &[Listed], truths: &Truths) -> Rings {
    let called = leads.iter().filter(|l| l.ring_lead_q.is_some_and(|q| q <= 0.05));
    let members = |l: &Listed| l.members.iter().cloned().collect::<BTreeSet<String>>();
    let listed: BTreeMap<&str, BTreeSet<String>> =
        called.map(|l| (l.lead_id.as_str(), members(l))).collect();
    let mut planted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for case in &truths.planted {
        if let Some(ring) = &case.ring {
            planted.entry(ring).or_default().insert(&case.village_code);
        }
    }
    let guilty: BTreeSet<&str> = truths.planted.iter().map(|c| c.village_code.as_str()).collect();
    let shared = |ring: &BTreeSet<String>, with: &BTreeSet<&str>| {
        ring.iter().filter(|code| with.contains(code.as_str())).count()
    };
    Rings {
        planted: planted.len(),
        found: planted.values().filter(|p| listed.values().any(|l| shared(l, p) >= 3)).count(),
        listed: listed.len(),
        wrong: listed.values().filter(|l| shared(l, &guilty) < 2).count(),
    }
}

fn graded(leads: &[Listed], planted: &BTreeMap<Key, (f64, f64)>) -> Option<Graded> {
    if leads.iter().all(|l| l.grade.is_empty()) {
        return None;
    }
    let mut found: BTreeMap<&str, bool> = BTreeMap::new();
    for lead in leads.iter().filter(|l| ["E0", "E1", "E2"].contains(&l.grade.as_str())) {
        let right = planted.contains_key(&(lead.village_code.clone(), lead.year));
        *found.entry(&lead.lead_id).or_default() |= right;
    }
    Some(Graded { leads: found.len(), wrong: found.values().filter(|right| !**right).count() })
}

fn estimates(
    entries: &[Entry<'_>],
    planted: &BTreeMap<Key, (f64, f64)>,
    estimate: fn(&Listed) -> Option<[f64; 3]>,
    truth: fn(&(f64, f64)) -> f64,
) -> Option<Estimates> {
    let mut errors = Vec::new();
    let mut held = 0;
    for entry in entries.iter().filter(|e| e.score >= 50.0) {
        let Some(real) = planted.get(&entry.key).map(truth).filter(|real| *real > 0.0) else {
            continue;
        };
        if let Some([middle, low, high]) = estimate(entry.row) {
            errors.push((middle - real).abs() / real);
            held += usize::from((low..=high).contains(&real));
        }
    }
    errors.sort_by(f64::total_cmp);
    let count = errors.len();
    let middle = errors.get(count / 2).copied()?;
    let below = errors.get((count - 1) / 2).copied()?;
    Some(Estimates {
        count,
        coverage: ratio(held, count),
        median_error: f64::midpoint(below, middle),
    })
}

fn by_type(
    truths: &Truths,
    visits: &[(f64, BTreeSet<&str>); 2],
    entries: &[Entry<'_>],
    planted_all: &BTreeMap<Key, (f64, f64)>,
) -> Vec<ByType> {
    let listed: BTreeMap<&Key, &Entry<'_>> =
        entries.iter().filter(|e| e.score >= 50.0).map(|e| (&e.key, e)).collect();
    let called: BTreeSet<&Key> =
        entries.iter().filter(|e| e.q.is_some_and(|q| q <= 0.05)).map(|e| &e.key).collect();
    let kinds: BTreeSet<&str> = truths.planted.iter().map(|c| c.kind.as_str()).collect();
    kinds
        .into_iter()
        .map(|kind| {
            let cases = || truths.planted.iter().filter(|c| c.kind == kind);
            let planted = cases().count();
            let within = |i: usize| {
                let set = &visits[i].1;
                ratio(cases().filter(|c| set.contains(c.village_code.as_str())).count(), planted)
            };
            let is_called = |code: &str, year| called.contains(&(code.to_owned(), year));
            let found = cases().filter(|c| is_called(&c.village_code, c.year)).count();
            let yuan = cases().fold(0.0, |sum, c| sum + c.yuan);
            let caught = cases().filter(|c| visits[1].1.contains(c.village_code.as_str()));
            let caught = caught.fold(0.0, |sum, c| sum + c.yuan);
            let (mut intervals, mut held) = (0, 0);
            for case in cases() {
                let key = (case.village_code.clone(), case.year);
                let range = listed.get(&key).and_then(|e| e.row.yuan);
                // Schemes of one village-year have one estimate: all of them together.
                let real = planted_all.get(&key).map_or(0.0, |p| p.1);
                if let Some([_, low, high]) = range.filter(|_| real > 0.0) {
                    intervals += 1;
                    held += usize::from((low..=high).contains(&real));
                }
            }
            ByType {
                kind: kind.to_owned(),
                planted,
                yuan,
                recall_1: within(0),
                recall_2: within(1),
                yuan_recall_2: if yuan > 0.0 { caught / yuan } else { 0.0 },
                recall_q05: ratio(found, planted),
                intervals,
                coverage: (intervals > 0).then(|| ratio(held, intervals)),
            }
        })
        .collect()
}
