//! Corrections: which earlier file, or which earlier rows, a new file takes the place of.

use crate::{
    error::LedgerError,
    manifest::{Manifest, Supersession},
    tables::LedgerTable,
    value::Row,
};
use qingmu_model::RegionLevels;
use std::collections::{BTreeMap, BTreeSet};

/// What `--replace` means for the files at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Replace {
    /// A file of the ledger, by digest.
    File(String),
    /// Earlier rows that are about the same as the new ones in these columns.
    Columns(Vec<String>),
}

/// Words that are easier to type than the columns they stand for.
const SHORT: [(&str, &str); 3] =
    [("village", "village_code"), ("group", "group_no"), ("claimant", "claimant_id")];

/// Regions above the village; their part of the village's code is compared.
const REGIONS: [&str; 2] = ["town", "county"];

impl Replace {
    /// Reads the key: the name or digest of a file of the ledger, or columns joined with `+`.
    pub(crate) fn parse(key: &str, manifest: &Manifest) -> Result<Self, LedgerError> {
        let fits = |sha256: &str, name: &str| {
            name == key || (key.len() >= 8 && sha256.starts_with(&key.to_lowercase()))
        };
        let found: Vec<&str> = manifest
            .active()
            .filter(|s| fits(&s.sha256, &s.name))
            .map(|s| s.sha256.as_str())
            .collect();
        match found[..] {
            [one] => return Ok(Self::File(one.to_owned())),
            [] => {}
            _ => {
                let (key, known) = (key.to_owned(), found.join(" "));
                return Err(LedgerError::ManyToReplace { key, known });
            }
        }
        let columns: Vec<String> = key
            .split('+')
            .map(|word| {
                let word = word.trim();
                let long = SHORT.iter().find(|(short, _)| *short == word);
                long.map_or(word, |(_, long)| long).to_owned()
            })
            .collect();
        let known = |word: &String| {
            REGIONS.contains(&word.as_str())
                || crate::tables::all().iter().any(|t| t.place(word).is_some())
        };
        if columns.iter().all(known) {
            return Ok(Self::Columns(columns));
        }
        let names: Vec<&str> = manifest.active().map(|s| s.name.as_str()).collect();
        Err(LedgerError::NothingToReplace { key: key.to_owned(), known: names.join(", ") })
    }
}

/// The cell of a row as corrections compare it; `None` where the table has no such column.
fn value(table: &LedgerTable, row: &Row, column: &str, levels: &RegionLevels) -> Option<String> {
    if REGIONS.contains(&column) {
        let code = row.text(table, "village_code")?;
        return Some(levels.cut(code, column).to_owned());
    }
    let at = table.place(column)?;
    let cell = row.cells[at].as_ref();
    // Never shown: pseudonyms are compared in full.
    Some(cell.map(|c| c.shown(qingmu_model::ColumnKind::Text)).unwrap_or_default())
}

/// What the new rows replace, one entry per table that has all the columns.
pub(crate) fn supersessions<'a>(
    key: &str,
    columns: &[String],
    rows: impl Iterator<Item = (&'a LedgerTable, &'a Row)>,
    levels: &RegionLevels,
    (generation, by): (u64, &str),
) -> Result<Vec<Supersession>, LedgerError> {
    let mut found: BTreeMap<&str, BTreeSet<Vec<String>>> = BTreeMap::new();
    let mut lacking: Option<(String, String)> = None;
    for (table, row) in rows {
        let mut values = Vec::new();
        for column in columns {
            let Some(value) = value(table, row, column, levels) else {
                lacking.get_or_insert_with(|| (table.name.to_owned(), column.clone()));
                break;
            };
            values.push(value);
        }
        if values.len() == columns.len() {
            found.entry(table.name).or_default().insert(values);
        }
    }
    if found.is_empty() {
        let (table, column) = lacking.unwrap_or_default();
        return Err(LedgerError::ReplaceColumn { key: key.to_owned(), table, column });
    }
    let entry = |(table, values): (&str, BTreeSet<Vec<String>>)| Supersession {
        table: table.to_owned(),
        columns: columns.to_vec(),
        values: values.into_iter().collect(),
        generation,
        by: by.to_owned(),
    };
    Ok(found.into_iter().map(entry).collect())
}

/// Which rows are replaced.
#[derive(Debug)]
pub(crate) struct Superseded<'a> {
    entries: Vec<(&'a Supersession, BTreeSet<&'a [String]>)>,
    added: BTreeMap<&'a str, u64>,
    levels: &'a RegionLevels,
}

impl<'a> Superseded<'a> {
    pub(crate) fn new(manifest: &'a Manifest, levels: &'a RegionLevels) -> Self {
        let values = |s: &'a Supersession| s.values.iter().map(Vec::as_slice).collect();
        Self {
            entries: manifest.supersessions.iter().map(|s| (s, values(s))).collect(),
            added: manifest.sources.iter().map(|s| (s.sha256.as_str(), s.added)).collect(),
            levels,
        }
    }

    /// The file that took the row's place.
    pub(crate) fn by(&self, table: &LedgerTable, row: &Row) -> Option<String> {
        let added = self.added.get(&*row.origin.sha256).copied().unwrap_or_default();
        let of_row = |s: &Supersession| {
            let values = s.columns.iter().map(|c| value(table, row, c, self.levels));
            values.collect::<Option<Vec<String>>>()
        };
        let hit = |(s, values): &&(&Supersession, BTreeSet<&[String]>)| {
            s.table == table.name
                && added < s.generation
                && of_row(s).is_some_and(|v| values.contains(v.as_slice()))
        };
        self.entries.iter().rev().find(hit).map(|(s, _)| s.by.clone())
    }
}
