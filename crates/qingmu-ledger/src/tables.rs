//! What the ledger knows of each table beside its columns: what makes two rows one, and how it is partitioned.

use qingmu_model::{ColumnKind, ColumnSpec, TABLES};
use std::sync::LazyLock;

/// How rows that speak of the same thing stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sameness {
    /// Rows of one file stand beside each other; of two files they are copies or a conflict, never a sum.
    Copies,
    /// One row per key: several add up to one where they do not contradict each other.
    Merge,
}

/// A table as the ledger stores it.
#[derive(Debug)]
pub(crate) struct LedgerTable {
    /// Name.
    pub(crate) name: &'static str,
    /// Columns of the data model, then those that only the ledger keeps.
    pub(crate) columns: Vec<ColumnSpec>,
    /// Places of the columns that say what a row is about.
    pub(crate) key: Vec<usize>,
    /// What becomes of rows with one key.
    pub(crate) sameness: Sameness,
    /// Places of the figures that copies must share, as far as both have them.
    pub(crate) figures: Vec<usize>,
    /// Places of the numbers that set rows of one key apart where every row of two files has one.
    pub(crate) labels: Vec<usize>,
    /// Place of the year, where the table is partitioned by it.
    pub(crate) year: Option<usize>,
    /// Place of the village, where the table is partitioned by its county.
    pub(crate) village: Option<usize>,
}

/// Of claims: 补贴期号 of payments in instalments, and the number that the file itself gives a claim.
const OWN: [ColumnSpec; 2] = [
    ColumnSpec { name: "batch_no", kind: ColumnKind::Text, required: false },
    ColumnSpec { name: "stated_id", kind: ColumnKind::Text, required: false },
];

static ALL: LazyLock<Vec<LedgerTable>> = LazyLock::new(|| TABLES.iter().map(build).collect());

/// All tables, in the order of the data model.
pub(crate) fn all() -> &'static [LedgerTable] {
    &ALL
}

/// A table by name.
pub(crate) fn find(name: &str) -> Option<&'static LedgerTable> {
    ALL.iter().find(|t| t.name == name)
}

fn key(table: &str) -> (&'static [&'static str], Sameness) {
    use Sameness::{Copies, Merge};
    match table {
        "claims" => (
            &["year", "season", "programme", "crop", "village_code", "claimant_id", "batch_no"],
            Copies,
        ),
        "baselines" => (&["village_code", "year", "season", "crop", "source"], Copies),
        "villages" => (&["village_code"], Merge),
        "persons" => (&["claimant_id"], Merge),
        "households" => (&["village_code", "household_id"], Merge),
        "parcels" => (&["parcel_id"], Merge),
        "transfers" => (&["from_id", "to_id", "start_on"], Copies),
        "payments" => (&["claim_id", "paid_on", "account", "status"], Copies),
        "programmes" => (&["programme", "region", "year"], Merge),
        "posts" => (&["person_id", "role", "region", "from_on"], Merge),
        "code_map" => (&["old_code", "new_code"], Merge),
        "petitions" => (&["petition_id"], Merge),
        "publicity" => {
            (&["village_code", "programme", "year", "claimant_id", "posted_from"], Copies)
        }
        "inspections" => (&["lead_id", "village_code", "inspected_on"], Copies),
        "organisations" => (&["org_id", "member_id"], Merge),
        "flows" => (&["account", "flow_on", "kind", "outlet", "to_account"], Copies),
        "funds" => (&["region", "programme", "year"], Merge),
        _ => (&["inspector_id"], Merge),
    }
}

fn build(schema: &'static qingmu_model::TableSchema) -> LedgerTable {
    let mut columns = schema.columns.to_vec();
    if schema.name == "claims" {
        columns.extend(OWN);
    }
    let (names, sameness) = key(schema.name);
    let place = |name: &str| columns.iter().position(|c| c.name == name);
    let key: Vec<usize> = names.iter().filter_map(|name| place(name)).collect();
    let figure = |c: &ColumnSpec| {
        matches!(c.kind, ColumnKind::Mu | ColumnKind::Yuan | ColumnKind::Rate | ColumnKind::Account)
            || c.name == "verdict"
    };
    let figures = (0..columns.len()).filter(|i| figure(&columns[*i]) && !key.contains(i));
    let labels: &[&str] = if schema.name == "claims" { &["stated_id", "parcel_id"] } else { &[] };
    LedgerTable {
        name: schema.name,
        figures: figures.collect(),
        labels: labels.iter().filter_map(|name| place(name)).collect(),
        year: place("year"),
        village: place("village_code"),
        key,
        sameness,
        columns,
    }
}

impl LedgerTable {
    /// Place of a column.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// Places of the columns that hold codes of villages and follow their changes. The lists that say what codes
    /// there are do not.
    pub(crate) fn codes(&self) -> impl Iterator<Item = usize> + '_ {
        let fixed = ["villages", "code_map"].contains(&self.name);
        let follows = move |c: &ColumnSpec| c.kind == ColumnKind::Village && !fixed;
        (0..self.columns.len()).filter(move |i| follows(&self.columns[*i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_key_of_its_own_columns() {
        assert_eq!(all().len(), TABLES.len());
        for table in all() {
            let (names, _) = key(table.name);
            assert_eq!(table.key.len(), names.len(), "{}", table.name);
            let required = table.columns.iter().filter(|c| c.required).count();
            assert!(required > 0 || table.name == "inspections", "{}", table.name);
        }
        assert_eq!(find("claims").and_then(|t| t.place("batch_no")), Some(19));
        assert!(find("claims").is_some_and(|t| t.year == Some(1) && t.village == Some(5)));
        assert!(find("nothing").is_none());
    }
}
