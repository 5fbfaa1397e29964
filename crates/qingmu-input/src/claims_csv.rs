//! Claims in CSV: streamed, checked row by row, handed on in slices.

use crate::{
    InputError, InputFile,
    batch::{
        Asked, ClaimBatch, ClaimTexts, MISSING_CODE, MISSING_FIXED, MISSING_GROUP, MISSING_ID,
        TextColumn,
    },
    cells::{Cell, reject},
    claim_row::{CLAIM_COLUMNS, Claim, Fault, ROW_COLUMNS, add_refused, cell},
    columns::Layout,
    hash::id_hash,
    intern::Interner,
    rows::{Row, TableReader, WrongLength},
};
use arrow::array::StringViewBuilder;
use qingmu_model::{Project, Reject, RejectCode, table};

/// Reads a claims file row by row and hands on batches of about `slice_rows` rows read, with the clear
/// identities of the kept rows if asked for texts.
///
/// # Errors
/// [`InputError`] naming the file for one that cannot be read or lacks a required column; whatever `sink`
/// returns.
pub(crate) fn batches(
    file: &InputFile,
    project: &Project,
    slice_rows: usize,
    asked: Asked,
    sink: &mut dyn FnMut(ClaimBatch) -> Result<(), InputError>,
) -> Result<(), InputError> {
    let Some(schema) = table("claims") else { return Ok(()) };
    let rows = asked == Asked::Rows;
    let columns = if rows { &ROW_COLUMNS[..] } else { &CLAIM_COLUMNS[..] };
    let reader = TableReader::open(file, schema, columns)?;
    let layout = reader.layout.clone();
    let mut slice = Slice::new(&layout, asked);
    reader.for_each(&mut |row, cells| {
        match cells {
            Row::Cells(cells) => match check(cells, project, rows) {
                Ok((claim, has_area)) => slice.keep(row, &claim, has_area),
                Err((place, code)) => {
                    let column = layout.wanted[place].0;
                    add_refused(&mut slice.batch.refused, cells, project);
                    slice.refuse(reject(&file.name, row, column, cell(cells, place), code));
                }
            },
            Row::WrongLength(length) => {
                add_refused(&mut slice.batch.refused, &[], project);
                slice.refuse(wrong_length(&file.name, row, &length));
            }
        }
        if slice.rows_read() >= slice_rows.max(1) {
            let full = std::mem::replace(&mut slice, Slice::new(&layout, asked));
            sink(full.finish())?;
        }
        Ok(())
    })?;
    if slice.rows_read() > 0 {
        sink(slice.finish())?;
    }
    Ok(())
}

/// A row as every pass, or as a pass for rows checks it; and whether it has an area.
fn check<'a>(
    cells: &[Cell<'a>],
    project: &Project,
    rows: bool,
) -> Result<(Claim<'a>, bool), Fault> {
    if rows {
        return Claim::check_row(cells, project);
    }
    Claim::check(cells, project).map(|claim| (claim, true))
}

/// The record of a CSV row that does not fit the header; its cells belong to no known column.
pub(crate) fn wrong_length(file: &str, row: u64, length: &WrongLength) -> Reject {
    let WrongLength { found, expected, lines } = length;
    let lines = if *lines > 1 { format!(" ({lines} 行/lines)") } else { String::new() };
    Reject {
        file: file.to_owned(),
        sheet: String::new(),
        row,
        column: String::new(),
        value: format!("{found} ≠ {expected}{lines}"),
        code: RejectCode::BadRow,
    }
}

/// A batch in the making.
struct Slice {
    batch: ClaimBatch,
    village: Interner,
    programme: Interner,
    crop: Interner,
    approver: Interner,
    recorder: Interner,
    texts: Option<Texts>,
}

#[derive(Default)]
struct Texts {
    claim_id: StringViewBuilder,
    claimant: StringViewBuilder,
    account: Option<StringViewBuilder>,
    household: Option<StringViewBuilder>,
}

impl Slice {
    fn new(layout: &Layout, asked: Asked) -> Self {
        let optional = |name: &str| layout.has(name);
        let batch = ClaimBatch {
            approver: optional("approver_id").then(TextColumn::default),
            rate: optional("rate_yuan_per_mu").then(Vec::new),
            account: optional("account").then(Vec::new),
            household: optional("household_id").then(Vec::new),
            parcel: optional("parcel_id").then(Vec::new),
            recorder: optional("recorder_id").then(TextColumn::default),
            group_no: optional("group_no").then(Vec::new),
            ..ClaimBatch::default()
        };
        let texts = (asked == Asked::Texts).then(|| Texts {
            account: optional("account").then(StringViewBuilder::new),
            household: optional("household_id").then(StringViewBuilder::new),
            ..Texts::default()
        });
        Self {
            batch,
            village: Interner::default(),
            programme: Interner::default(),
            crop: Interner::default(),
            approver: Interner::default(),
            recorder: Interner::default(),
            texts,
        }
    }

    fn rows_read(&self) -> usize {
        self.batch.rows + self.batch.rejects.len()
    }

    fn refuse(&mut self, reject: Reject) {
        self.batch.rejects.push(reject);
    }

    fn keep(&mut self, row: u64, claim: &Claim<'_>, has_area: bool) {
        let batch = &mut self.batch;
        batch.rows += 1;
        batch.row_number.push(row);
        batch.village.code.push(self.village.code(&claim.village));
        batch.year.push(claim.year);
        batch.season.push(claim.season);
        batch.programme.code.push(self.programme.code(&claim.programme));
        batch.crop.code.push(self.crop.code(&claim.crop));
        if let Some(column) = &mut batch.approver {
            let code = claim.approver.as_ref().map_or(MISSING_CODE, |a| self.approver.code(a));
            column.code.push(code);
        }
        batch.area.push(if has_area { claim.area.0.raw() } else { MISSING_FIXED });
        batch.area_rounded += u64::from(claim.area.1);
        batch.amount.push(claim.amount.0.raw());
        batch.amount_rounded += u64::from(claim.amount.1);
        if let Some(column) = &mut batch.rate {
            column.push(claim.rate.map_or(MISSING_FIXED, qingmu_model::Yuan::raw));
        }
        batch.claimant.push(id_hash(claim.claimant.as_bytes()));
        let hash = |id: Option<&str>| id.map_or(MISSING_ID, |id| id_hash(id.as_bytes()));
        if let Some(column) = &mut batch.account {
            column.push(hash(claim.account.as_deref()));
        }
        if let Some(column) = &mut batch.household {
            column.push(hash(claim.household.as_deref()));
        }
        if let Some(column) = &mut batch.parcel {
            column.push(hash(claim.parcel.as_deref()));
        }
        if let Some(column) = &mut batch.recorder {
            let code = claim.recorder.as_ref().map_or(MISSING_CODE, |r| self.recorder.code(r));
            column.code.push(code);
        }
        if let Some(column) = &mut batch.group_no {
            column.push(claim.group.unwrap_or(MISSING_GROUP));
        }
        if let Some(texts) = &mut self.texts {
            texts.keep(claim);
        }
    }

    fn finish(self) -> ClaimBatch {
        let mut batch = self.batch;
        batch.village.dict = self.village.into_texts();
        batch.programme.dict = self.programme.into_texts();
        batch.crop.dict = self.crop.into_texts();
        if let Some(column) = &mut batch.approver {
            column.dict = self.approver.into_texts();
        }
        if let Some(column) = &mut batch.recorder {
            column.dict = self.recorder.into_texts();
        }
        batch.texts = self.texts.map(Texts::finish);
        batch
    }
}

impl Texts {
    fn keep(&mut self, claim: &Claim<'_>) {
        self.claim_id.append_value(&claim.id);
        self.claimant.append_value(&claim.claimant);
        if let Some(column) = &mut self.account {
            column.append_option(claim.account.as_deref());
        }
        if let Some(column) = &mut self.household {
            column.append_option(claim.household.as_deref());
        }
    }

    fn finish(mut self) -> ClaimTexts {
        ClaimTexts {
            row: Vec::new(),
            claim_id: Some(self.claim_id.finish()),
            claimant: Some(self.claimant.finish()),
            account: self.account.map(|mut column| column.finish()),
            household: self.household.map(|mut column| column.finish()),
        }
    }
}

#[cfg(test)]
#[path = "claims_csv_tests.rs"]
mod tests;
