//! One pass over the files into the table.

use super::words::{Met, agree};
use super::{Has, Line, NONE, Row, Table};
use hashbrown::DefaultHashBuilder;
use qingmu_input::{
    ClaimBatch, ClaimsSource, InputError, MISSING_CODE, MISSING_FIXED, MISSING_GROUP, MISSING_ID,
    TextColumn, Want,
};
use qingmu_model::{Project, Season};
use rayon::prelude::*;
use std::sync::Arc;

type Texts = Met<Arc<str>, DefaultHashBuilder>;

/// What one worker met; numbers are its own.
#[derive(Default)]
struct Worker {
    rows: Vec<Row>,
    villages: Texts,
    programmes: Texts,
    crops: Texts,
    officers: Texts,
    lines: Met<(u32, u32, Season), DefaultHashBuilder>,
    claimants: Met<u128>,
    /// Per claimant; the smallest where several are named.
    households: Vec<u128>,
    accounts: Met<u128>,
    parcels: Met<u128>,
    has: Has,
}

/// Reads all claims on the current rayon pool.
///
/// # Errors
/// [`InputError`] naming the file that cannot be read.
pub(crate) fn read(source: &ClaimsSource<'_>, project: &Project) -> Result<Table, InputError> {
    let workers = source.pass(project, Want::Rows, Worker::default, |worker, file, batch| {
        worker.take(u32::try_from(file).unwrap_or(NONE), &batch);
    })?;
    Ok(merge(workers, project))
}

impl Worker {
    fn take(&mut self, file: u32, batch: &ClaimBatch) {
        let villages = translate(&mut self.villages, &batch.village);
        let programmes = translate(&mut self.programmes, &batch.programme);
        let crops = translate(&mut self.crops, &batch.crop);
        let approvers = batch.approver.as_ref().map(|c| translate(&mut self.officers, c));
        let recorders = batch.recorder.as_ref().map(|c| translate(&mut self.officers, c));
        self.has.account |= batch.account.is_some();
        self.has.parcel |= batch.parcel.is_some();
        self.has.rate |= batch.rate.is_some();
        self.has.group |= batch.group_no.is_some();
        let officer = |map: &Option<Vec<u32>>, column: &Option<TextColumn>, at: usize| {
            let code = column.as_ref().map_or(MISSING_CODE, |c| c.code[at]);
            map.as_ref().and_then(|map| map.get(code as usize)).copied().unwrap_or(NONE)
        };
        let id = |met: &mut Met<u128>, column: &Option<Vec<u128>>, at: usize| match column {
            Some(column) if column[at] != MISSING_ID => met.number(column[at]),
            _ => NONE,
        };
        let mut last = ((NONE, NONE, Season::Y), NONE);
        self.rows.reserve(batch.rows);
        for at in 0..batch.rows {
            let key = (
                programmes[batch.programme.code[at] as usize],
                crops[batch.crop.code[at] as usize],
                batch.season[at],
            );
            if key != last.0 {
                last = (key, self.lines.number(key));
            }
            let claimant = self.claimants.number(batch.claimant[at]);
            if let Some(households) = &batch.household {
                belongs(&mut self.households, claimant, households[at]);
            }
            self.rows.push(Row {
                village: villages[batch.village.code[at] as usize],
                claimant,
                line: last.1,
                parcel: id(&mut self.parcels, &batch.parcel, at),
                // Years are 1900 to 2200: the first is taken off when all are known.
                year: batch.year[at].cast_unsigned(),
                group: batch.group_no.as_ref().map_or(MISSING_GROUP, |c| c[at]),
                area: batch.area[at],
                amount: batch.amount[at],
                rate: batch.rate.as_ref().map_or(MISSING_FIXED, |c| c[at]),
                account: id(&mut self.accounts, &batch.account, at),
                approver: officer(&approvers, &batch.approver, at),
                recorder: officer(&recorders, &batch.recorder, at),
                file,
                at: u32::try_from(batch.row_number[at]).unwrap_or(u32::MAX),
            });
        }
    }
}

/// Notes a claimant's household; the smallest of several, whatever the order of rows.
fn belongs(households: &mut Vec<u128>, claimant: u32, household: u128) {
    let at = claimant as usize;
    if household == MISSING_ID {
        return;
    }
    if households.len() <= at {
        households.resize(at + 1, MISSING_ID);
    }
    if households[at] == MISSING_ID || household < households[at] {
        households[at] = household;
    }
}

/// The worker's numbers of a batch's texts.
fn translate(met: &mut Texts, column: &TextColumn) -> Vec<u32> {
    // A dictionary may hold texts that no row of the batch has; they must not become villages without claims.
    let mut numbers = vec![NONE; column.dict.len()];
    for code in &column.code {
        if let Some(number) = numbers.get_mut(*code as usize).filter(|n| **n == NONE) {
            *number = met.number(column.dict[*code as usize].clone());
        }
    }
    numbers
}

fn merge(workers: Vec<Worker>, project: &Project) -> Table {
    let mut table = Table::default();
    let mut parts = Vec::new();
    let (mut villages, mut programmes, mut crops) = (Vec::new(), Vec::new(), Vec::new());
    let (mut officers, mut lines) = (Vec::new(), Vec::new());
    let (mut claimants, mut accounts, mut parcels) = (Vec::new(), Vec::new(), Vec::new());
    let mut households = Vec::new();
    for worker in workers {
        table.has.account |= worker.has.account;
        table.has.parcel |= worker.has.parcel;
        table.has.rate |= worker.has.rate;
        table.has.group |= worker.has.group;
        parts.push(worker.rows);
        villages.push(worker.villages);
        programmes.push(worker.programmes);
        crops.push(worker.crops);
        officers.push(worker.officers);
        lines.push(worker.lines);
        claimants.push(worker.claimants);
        households.push(worker.households);
        accounts.push(worker.accounts);
        parcels.push(worker.parcels);
    }
    let first = parts.iter().flatten().map(|row| row.year).min().unwrap_or(0);
    let last = parts.iter().flatten().map(|row| row.year).max().unwrap_or(0);
    let village_of;
    let (programme_of, crop_of, officer_of, claimant_of, account_of, parcel_of);
    (table.villages, village_of) = agree(villages);
    (table.programmes, programme_of) = agree(programmes);
    (table.crops, crop_of) = agree(crops);
    (table.officers, officer_of) = agree(officers);
    (table.claimants, claimant_of) = agree(claimants);
    (_, account_of) = agree(accounts);
    (table.parcels, parcel_of) = agree(parcels);
    table.households = vec![MISSING_ID; table.claimants.len()];
    for (map, of) in claimant_of.iter().zip(&households) {
        for (number, household) in map.iter().zip(of) {
            belongs(&mut table.households, *number, *household);
        }
    }
    let (all_lines, line_of) = agree_lines(lines, &programme_of, &crop_of);
    table.lines = all_lines;
    for (at, part) in parts.iter_mut().enumerate() {
        let of =
            |map: &[Vec<u32>], number: u32| map[at].get(number as usize).copied().unwrap_or(NONE);
        part.par_iter_mut().for_each(|row| {
            row.village = of(&village_of, row.village);
            row.claimant = of(&claimant_of, row.claimant);
            row.line = of(&line_of, row.line);
            row.parcel = of(&parcel_of, row.parcel);
            row.account = of(&account_of, row.account);
            row.approver = of(&officer_of, row.approver);
            row.recorder = of(&officer_of, row.recorder);
            row.year -= first;
        });
    }
    table.rows = join(parts);
    table.rows.par_sort_unstable();
    table.first_year = first.cast_signed();
    table.years = if table.rows.is_empty() { 0 } else { usize::from(last - first) + 1 };
    table.settle(project);
    table
}

/// Lines hold numbers of texts, which differ between workers: they agree by what the numbers become.
fn agree_lines(
    workers: Vec<Met<(u32, u32, Season), DefaultHashBuilder>>,
    programme_of: &[Vec<u32>],
    crop_of: &[Vec<u32>],
) -> (Vec<Line>, Vec<Vec<u32>>) {
    let mut lists = Vec::new();
    for (at, worker) in workers.into_iter().enumerate() {
        let (values, maps) = agree(vec![worker]);
        let line = |(programme, crop, season): &(u32, u32, Season)| Line {
            programme: programme_of[at][*programme as usize],
            crop: crop_of[at][*crop as usize],
            season: *season,
        };
        let lines: Vec<Line> = values.iter().map(line).collect();
        lists.push((lines, maps.into_iter().next().unwrap_or_default()));
    }
    let mut all: Vec<Line> = lists.iter().flat_map(|(lines, _)| lines.clone()).collect();
    all.sort_unstable();
    all.dedup();
    let place = |line: &Line| {
        let at = all.binary_search(line).unwrap_or(usize::MAX);
        u32::try_from(at).unwrap_or(NONE)
    };
    let of = lists
        .iter()
        .map(|(lines, map)| map.iter().map(|at| place(&lines[*at as usize])).collect())
        .collect();
    (all, of)
}

/// All rows in one; the largest part takes in the others, so that no second copy of it is made.
fn join(mut parts: Vec<Vec<Row>>) -> Vec<Row> {
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    for mut part in parts {
        all.append(&mut part);
    }
    all
}
