//! The detail pass: flagged identities in clear text, with exact sums of what is listed.

use super::cells::Sums;
use super::gaps::{Gaps, MOST};
use super::worker::{Terms, one_claim, words};
use crate::views::{AccountClaimant, ClaimantVillage, Facts, Gap, Listed};
use arrow::array::{Array, StringViewArray};
use hashbrown::{HashMap, HashSet};
use qingmu_input::{ClaimBatch, ClaimTexts, MISSING_CODE, MISSING_FIXED, MISSING_ID, TextColumn};
use qingmu_model::{Mu, Season, Yuan};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the record passes flagged.
pub(super) struct Flagged {
    /// Claimant and term with several villages.
    claimants: HashSet<(u128, u32)>,
    /// First half of the account's hash, and year, with several claimants.
    accounts: HashSet<(u64, i16)>,
    /// Claimants and accounts alone: most rows end here.
    claimant_hashes: HashSet<u128>,
    account_hashes: HashSet<u64>,
    terms: Terms,
    /// Programme numbers by rank, since terms were numbered before ranks were known.
    programme_of_rank: Vec<u32>,
}

impl Flagged {
    #[allow(clippy::iter_over_hash_type, reason = "fills other sets: order cannot show")]
    pub(super) fn new(
        claimants: HashSet<(u128, u32)>,
        accounts: HashSet<(u64, i16)>,
        terms: Terms,
        programme_of_rank: Vec<u32>,
    ) -> Self {
        let claimant_hashes = claimants.iter().map(|(hash, _)| *hash).collect();
        let account_hashes = accounts.iter().map(|(hash, _)| *hash).collect();
        Self { claimants, accounts, claimant_hashes, account_hashes, terms, programme_of_rank }
    }

    pub(super) fn has_claimant(&self, hash: u128) -> bool {
        self.claimant_hashes.contains(&hash)
    }

    pub(super) fn has_account(&self, hash: u128) -> bool {
        hash != MISSING_ID && self.account_hashes.contains(&words(hash)[0])
    }
}

type ClaimantKey = (u128, i16, Season, u32, u32);

/// A claimant on a shared account, while rows come in.
struct OnAccount {
    account: Arc<str>,
    claimant: Arc<str>,
    sums: Sums,
    villages: BTreeMap<u32, i64>,
    households: BTreeMap<Arc<str>, i64>,
}

/// One worker's listed rows.
pub(super) struct Detail<'a> {
    facts: &'a Facts,
    flagged: &'a Flagged,
    claimants: HashMap<ClaimantKey, (Arc<str>, Sums)>,
    accounts: HashMap<(u128, i16, u128), OnAccount>,
    gaps: Gaps,
    /// First file with an area x rate beyond the range.
    pub(super) overflow: Option<usize>,
}

/// Ranks of a batch's dictionaries; `None` is impossible for a second reading of the same file.
struct Ranks {
    village: Vec<u32>,
    programme: Vec<u32>,
    crop: Vec<u32>,
    approver: Vec<u32>,
}

fn ranks(dict: &[Arc<str>], sorted: &[Arc<str>]) -> Vec<u32> {
    let rank =
        |text: &Arc<str>| sorted.binary_search(text).ok().and_then(|r| u32::try_from(r).ok());
    dict.iter().map(|text| rank(text).unwrap_or(MISSING_CODE)).collect()
}

impl<'a> Detail<'a> {
    pub(super) fn new(facts: &'a Facts, flagged: &'a Flagged) -> Self {
        Self {
            facts,
            flagged,
            claimants: HashMap::new(),
            accounts: HashMap::new(),
            gaps: Gaps::new(MOST),
            overflow: None,
        }
    }

    pub(super) fn take(&mut self, file: usize, batch: &ClaimBatch) {
        let Some(texts) = &batch.texts else { return };
        let approver = batch.approver.as_ref().map_or(&[][..], |a| &a.dict);
        let ranks = Ranks {
            village: ranks(&batch.village.dict, &self.facts.villages),
            programme: ranks(&batch.programme.dict, &self.facts.programmes),
            crop: ranks(&batch.crop.dict, &self.facts.crops),
            approver: ranks(approver, &self.facts.approvers),
        };
        for row in 0..batch.rows {
            if self.flagged.has_claimant(batch.claimant[row]) {
                self.claimant(batch, row, texts, &ranks);
            }
        }
        if let Some(accounts) = &batch.account {
            for (row, account) in accounts.iter().enumerate() {
                let key = (words(*account)[0], batch.year[row]);
                if *account != MISSING_ID && self.flagged.accounts.contains(&key) {
                    self.account(batch, row, *account, texts, &ranks);
                }
            }
        }
        if let Some(rates) = &batch.rate {
            for (row, rate) in rates.iter().enumerate() {
                if *rate != MISSING_FIXED {
                    self.gap(file, batch, row, *rate, texts, &ranks);
                }
            }
        }
    }

    fn claimant(&mut self, batch: &ClaimBatch, row: usize, texts: &ClaimTexts, ranks: &Ranks) {
        let (hash, year, season) = (batch.claimant[row], batch.year[row], batch.season[row]);
        let programme = at(&ranks.programme, &batch.programme, row);
        let number = self.flagged.programme_of_rank.get(programme as usize).copied();
        let term = number.and_then(|n| self.flagged.terms.get(year, season, n));
        if !term.is_some_and(|term| self.flagged.claimants.contains(&(hash, term))) {
            return;
        }
        let village = at(&ranks.village, &batch.village, row);
        let (_, sums) = self
            .claimants
            .entry((hash, year, season, programme, village))
            .or_insert_with(|| (clear(texts.claimant.as_ref(), texts, row), Sums::default()));
        let _in_range = sums.add(one_claim(batch, row));
    }

    fn account(
        &mut self,
        batch: &ClaimBatch,
        row: usize,
        account: u128,
        texts: &ClaimTexts,
        ranks: &Ranks,
    ) {
        let key = (account, batch.year[row], batch.claimant[row]);
        let on = self.accounts.entry(key).or_insert_with(|| OnAccount {
            account: clear(texts.account.as_ref(), texts, row),
            claimant: clear(texts.claimant.as_ref(), texts, row),
            sums: Sums::default(),
            villages: BTreeMap::new(),
            households: BTreeMap::new(),
        });
        let _in_range = on.sums.add(one_claim(batch, row));
        let village = at(&ranks.village, &batch.village, row);
        *on.villages.entry(village).or_insert(0) += batch.area[row];
        let household = clear(texts.household.as_ref(), texts, row);
        if !household.is_empty() {
            *on.households.entry(household).or_insert(0) += batch.area[row];
        }
    }

    fn gap(
        &mut self,
        file: usize,
        batch: &ClaimBatch,
        row: usize,
        rate: i64,
        texts: &ClaimTexts,
        ranks: &Ranks,
    ) {
        let (area, amount) = (batch.area[row], batch.amount[row]);
        let Some(product) = Mu::from_raw(area).times_rate(Yuan::from_raw(rate)) else {
            self.overflow = Some(self.overflow.map_or(file, |known| known.min(file)));
            return;
        };
        if product.raw() == amount {
            return;
        }
        let approver = batch.approver.as_ref().map(|column| at(&ranks.approver, column, row));
        self.gaps.push(Gap {
            village: at(&ranks.village, &batch.village, row),
            year: batch.year[row],
            season: batch.season[row],
            programme: at(&ranks.programme, &batch.programme, row),
            claim_id: clear(texts.claim_id.as_ref(), texts, row),
            crop: at(&ranks.crop, &batch.crop, row),
            claimant: clear(texts.claimant.as_ref(), texts, row),
            approver: approver.filter(|a| *a != MISSING_CODE),
            area,
            rate,
            amount,
            product: product.raw(),
        });
    }

    /// Adds what another worker found.
    pub(super) fn merge(&mut self, other: Self) {
        for (key, (text, sums)) in sorted(other.claimants) {
            let (_, total) = self.claimants.entry(key).or_insert((text, Sums::default()));
            let _in_range = total.add(sums);
        }
        for (key, on) in sorted(other.accounts) {
            if let Some(total) = self.accounts.get_mut(&key) {
                let _in_range = total.sums.add(on.sums);
                for (village, area) in on.villages {
                    *total.villages.entry(village).or_insert(0) += area;
                }
                for (household, area) in on.households {
                    *total.households.entry(household).or_insert(0) += area;
                }
            } else {
                self.accounts.insert(key, on);
            }
        }
        self.gaps.append(other.gaps);
        self.overflow = self.overflow.into_iter().chain(other.overflow).min();
    }

    /// The listed rows, sorted by key; singles are groups that the record passes counted.
    pub(super) fn finish(self, [single_villages, single_claimants]: [u64; 2]) -> Lists {
        let claimants = sorted(self.claimants).map(|(key, (claimant, sums))| ClaimantVillage {
            claimant,
            year: key.1,
            season: key.2,
            programme: key.3,
            village: key.4,
            area: sums.area,
            amount: sums.amount,
            claims: sums.claims,
        });
        let mut rows: Vec<ClaimantVillage> = claimants.collect();
        rows.sort_unstable();
        let claimants = Listed { rows, not_listed: single_villages };
        let accounts = account_rows(&sorted(self.accounts).collect::<Vec<_>>(), single_claimants);
        Lists { claimants, accounts, gaps: self.gaps.finish() }
    }
}

/// The three lists of people and claims.
pub(super) struct Lists {
    pub(super) claimants: Listed<ClaimantVillage>,
    pub(super) accounts: Listed<AccountClaimant>,
    pub(super) gaps: Listed<Gap>,
}

fn account_rows(
    all: &[((u128, i16, u128), OnAccount)],
    single_claimants: u64,
) -> Listed<AccountClaimant> {
    let mut listed = Listed { rows: Vec::new(), not_listed: single_claimants };
    for of_account in all.chunk_by(|a, b| (a.0.0, a.0.1) == (b.0.0, b.0.1)) {
        if of_account.len() < 2 {
            // Flagged because another account shares half of its hash.
            listed.not_listed += 1;
            continue;
        }
        for ((_, year, _), on) in of_account {
            listed.rows.push(AccountClaimant {
                account: on.account.clone(),
                year: *year,
                claimant: on.claimant.clone(),
                household: largest(&on.households).cloned(),
                village: largest(&on.villages).copied().unwrap_or_default(),
                villages: on.villages.len() as u64,
                area: on.sums.area,
                amount: on.sums.amount,
                claims: on.sums.claims,
            });
        }
    }
    listed.rows.sort_unstable();
    listed
}

/// The key of the largest area; the first of equals.
fn largest<K>(areas: &BTreeMap<K, i64>) -> Option<&K> {
    let most = areas.values().max()?;
    areas.iter().find(|(_, area)| *area == most).map(|(key, _)| key)
}

/// A map's entries in the order of their keys.
fn sorted<K: Ord, V>(map: HashMap<K, V>) -> impl Iterator<Item = (K, V)> {
    let mut all: Vec<(K, V)> = map.into_iter().collect();
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    all.into_iter()
}

fn at(ranks: &[u32], column: &TextColumn, row: usize) -> u32 {
    ranks.get(column.code[row] as usize).copied().unwrap_or(MISSING_CODE)
}

/// The clear text of a kept row, trimmed as it was before hashing; empty for missing.
fn clear(column: Option<&StringViewArray>, texts: &ClaimTexts, row: usize) -> Arc<str> {
    let index = texts.row.get(row).map_or(row, |index| *index as usize);
    match column {
        Some(array) if array.is_valid(index) => Arc::from(array.value(index).trim()),
        _ => Arc::from(""),
    }
}
