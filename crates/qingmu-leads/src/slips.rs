//! Hits that a slip in the data explains. The fact stays as filed and is listed in `data_errors.csv`; it adds a reason to
//! a lead and never makes one.

use qingmu_model::{Bilingual, DataError, DataErrorKind, LegitCheck, Mu, RuleHit, Share};
use std::collections::{BTreeMap, BTreeSet};

/// What rounding leaves between an amount and the repaired area times the rate: yuan, and a share (lists in hectares
/// are written with few decimals).
const ROUNDING: (f64, f64) = (1.0, 0.02);

/// Share of a rule's excess that the repair must take away.
const COVERS: f64 = 0.98;

/// Slips of claim rows by village and year.
type Slips<'a> = BTreeMap<(&'a str, i16), Vec<&'a DataError>>;

/// Marks each hit that a slip explains with an honest explanation that holds.
pub(crate) fn mark(hits: &mut [RuleHit], errors: &[DataError]) {
    let mut slips: Slips<'_> = BTreeMap::new();
    for error in errors.iter().filter(|e| is_row(e.kind)) {
        slips.entry((&error.village_code, error.year)).or_default().push(error);
    }
    if slips.is_empty() {
        return;
    }
    for hit in hits {
        if let Some(error) = explains(hit, &slips) {
            let text = Bilingual::new(
                format!("数据差错：{}", error.say.zh),
                format!("a slip in the data: {}", error.say.en),
            );
            let check = Bilingual::new(
                "与原始申报表核对；差错清单见 data_errors.csv",
                "compare with the form as filed; data_errors.csv lists the slips",
            );
            hit.legit.insert(0, LegitCheck { text, check, clears: Some(true) });
        }
    }
}

const fn is_row(kind: DataErrorKind) -> bool {
    matches!(
        kind,
        DataErrorKind::HectareList
            | DataErrorKind::TenFold
            | DataErrorKind::SwappedDigits
            | DataErrorKind::WrongVillage
    )
}

fn explains<'a>(hit: &RuleHit, slips: &Slips<'a>) -> Option<&'a DataError> {
    wrong_village(hit, slips).or_else(|| arithmetic(hit, slips)).or_else(|| area(hit, slips))
}

/// Slips on the land of a share: its own claimant's rows, or the whole list.
fn here<'a>(share: &Share, slips: &Slips<'a>) -> Vec<&'a DataError> {
    let all = slips.get(&(share.village_code.as_str(), share.year)).map_or(&[][..], Vec::as_slice);
    let programme = |e: &&&DataError| share.programme.is_none() || e.programme == share.programme;
    // A row's slip concerns its claimant alone, a list's every claimant on it.
    let whose = |e: &&&DataError| {
        if e.claimant.is_some() { e.claimant == share.claimant } else { e.at.is_none() }
    };
    all.iter().filter(programme).filter(whose).copied().collect()
}

/// A person in several villages, in all but one of them by rows entered there by mistake.
fn wrong_village<'a>(hit: &RuleHit, slips: &Slips<'a>) -> Option<&'a DataError> {
    let slip = |share: &Share| {
        here(share, slips).into_iter().find(|e| e.kind == DataErrorKind::WrongVillage)
    };
    let found = hit.shares.iter().find_map(slip)?;
    let other = hit.shares.iter().filter(|share| slip(share).is_none());
    let other: BTreeSet<&str> = other.map(|share| share.village_code.as_str()).collect();
    (other.len() <= 1).then_some(found)
}

/// One row whose amount is the repaired area times the rate.
fn arithmetic<'a>(hit: &RuleHit, slips: &Slips<'a>) -> Option<&'a DataError> {
    let [share] = hit.shares.as_slice() else { return None };
    let number = |name: &str| hit.numbers.iter().find(|m| m.name == name)?.value;
    let (area, rate) = (number("area_mu")?, number("rate_yuan_per_mu")?);
    let amount = number("amount_yuan")?;
    let fits = |used: f64| (amount - used * rate).abs() <= ROUNDING.0.max(ROUNDING.1 * amount);
    here(share, slips).into_iter().find(|error| {
        let (Some(filed), Some(used)) = (error.filed_mu, error.used_mu) else { return false };
        let same_row = Mu::from_f64(area).is_some_and(|(area, _)| area == filed);
        if error.at.is_some() {
            same_row && fits(used.to_f64())
        } else {
            filed.raw() > 0 && fits(area * used.to_f64() / filed.to_f64())
        }
    })
}

/// An excess area that is not there once the slips are repaired.
fn area<'a>(hit: &RuleHit, slips: &Slips<'a>) -> Option<&'a DataError> {
    let excess = hit.mu.map(Mu::to_f64).filter(|mu| *mu > 0.0)?;
    let found: Vec<&DataError> = hit.shares.iter().flat_map(|share| here(share, slips)).collect();
    let mut seen = BTreeSet::new();
    let over = |error: &&&DataError| {
        // Two shares of one person (two seasons) see one slip.
        let new = seen.insert(std::ptr::from_ref::<DataError>(error));
        new && error.filed_mu > error.used_mu && error.used_mu.is_some()
    };
    let over: Vec<&&DataError> = found.iter().filter(over).collect();
    let mu = |value: Option<Mu>| value.map_or(0.0, Mu::to_f64);
    let away: f64 = over.iter().map(|e| mu(e.filed_mu) - mu(e.used_mu)).sum();
    (away >= COVERS * excess).then(|| over.first().map(|e| **e)).flatten()
}
