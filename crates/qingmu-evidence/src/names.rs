//! Clear ids of the claimants whose rows are listed; read again, since the table holds none.

use crate::rows::{NONE, Table};
use hashbrown::{HashMap, HashSet};
use qingmu_input::{ClaimBatch, ClaimsSource, InputError, Want};
use qingmu_model::{ClaimantId, Project};

/// Ids of listed claimants, by their number in the table.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<u32, ClaimantId>);

impl Names {
    /// Reads the ids of some claimants.
    ///
    /// # Errors
    /// [`InputError`] naming the file that cannot be read.
    pub(crate) fn read(
        source: &ClaimsSource<'_>,
        project: &Project,
        table: &Table,
        wanted: impl Iterator<Item = u32>,
    ) -> Result<Self, InputError> {
        let wanted: HashSet<u128> = wanted.map(|number| table.claimants[number as usize]).collect();
        if wanted.is_empty() {
            return Ok(Self::default());
        }
        let interest = |claimant: u128, _: u128, _: bool| wanted.contains(&claimant);
        let workers = source.pass(
            project,
            Want::Texts(&interest),
            HashMap::new,
            |found: &mut HashMap<u128, String>, _, batch| collect(&batch, &wanted, found),
        )?;
        let mut names = Self::default();
        for (hash, text) in workers.into_iter().flatten() {
            let at = table.claimants.binary_search(&hash).unwrap_or(usize::MAX);
            names.0.insert(u32::try_from(at).unwrap_or(NONE), ClaimantId::new(text));
        }
        Ok(names)
    }

    /// The id of a claimant; `None` for one whose only rows have no area, which no other pass keeps.
    pub(crate) fn claimant(&self, number: u32) -> Option<ClaimantId> {
        self.0.get(&number).cloned()
    }
}

fn collect(batch: &ClaimBatch, wanted: &HashSet<u128>, found: &mut HashMap<u128, String>) {
    let Some(texts) = &batch.texts else { return };
    let Some(ids) = &texts.claimant else { return };
    for (at, hash) in batch.claimant.iter().enumerate() {
        if wanted.contains(hash) && !found.contains_key(hash) {
            let row = texts.row.get(at).map_or(at, |row| *row as usize);
            // The texts are as read; checked ids are trimmed.
            found.insert(*hash, ids.value(row).trim().to_owned());
        }
    }
}
