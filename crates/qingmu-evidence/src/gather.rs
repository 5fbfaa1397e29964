//! From an input folder to its evidence.

use crate::abroad::Abroad;
use crate::count::{Contracted, Found, Ground, duplicates, identities, parcels, sums, top_ups};
use crate::evidence::{Evidence, NotAssessed};
use crate::names::Names;
use crate::registers::{Land, People};
use crate::repair::{data_errors, misplaced, repair};
use crate::rows::{self, Table};
use crate::{cadres, invented, leased, pairs, panel, shared};
use qingmu_input::{ClaimsSource, InputError, InputSet, tables};
use qingmu_model::{Family, InputAccount, Project, Reject};

/// How the gathering may use the machine; no option changes its result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Worker threads; 0 takes one per core.
    pub threads: usize,
}

/// Reads the claims once into rows, repairs slips for the statistics and counts what the rows say.
///
/// Memory is 64 bytes a row, 9 more for its repair, and 16 for every distinct claimant, account and parcel; sorting and
/// the families add about as much again for a moment.
///
/// # Errors
/// [`InputError`] naming the file that cannot be read or lacks a column. Bad rows are no errors: those of claims are
/// listed by the scan, those of optional tables are in [`Evidence::rejects`].
pub fn gather(
    input: &InputSet,
    project: &Project,
    options: &Options,
) -> Result<Evidence, InputError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build();
    let pool = pool.map_err(|error| InputError::Io {
        path: input.root.clone(),
        source: std::io::Error::other(error),
    })?;
    pool.install(|| gather_here(input, project))
}

/// What the optional tables hold, and what is missing of them.
#[derive(Default)]
struct Registers {
    people: Option<People>,
    land: Option<Land>,
    contracted: Contracted,
    code_changes: Vec<(u32, usize)>,
    leased: Option<std::collections::BTreeMap<(u32, u32), qingmu_model::Mu>>,
    inputs: Vec<InputAccount>,
    rejects: Vec<Reject>,
    missing: Vec<NotAssessed>,
}

fn gather_here(input: &InputSet, project: &Project) -> Result<Evidence, InputError> {
    let files = input.tables.get("claims").map_or(&[][..], Vec::as_slice);
    let source = ClaimsSource::open(files)?;
    let table = rows::read(&source, project)?;
    let mut registers = Registers::read(input, project, &table)?;
    let mut repaired = repair(&table);
    let abroad = Abroad::find(&table);
    misplaced(&table, &abroad, &mut repaired);
    let ground = Ground { table: &table, repaired: &repaired };
    let tested = pairs::tested(&table);
    let changes = pairs::changes(&table, &repaired, &tested);
    let counties = pairs::counties(&table, &changes);
    let mut found = duplicates(ground, &abroad);
    found.extend(registers.people.as_ref().map(|p| identities(ground, p)).unwrap_or_default());
    found.extend(registers.land.as_ref().map(|l| parcels(ground, l)).unwrap_or_default());
    found.extend(sums(ground));
    let contract: Vec<bool> = tested.iter().map(|tested| !tested).collect();
    let contract = pairs::changes(&table, &repaired, &contract);
    found.extend(top_ups(ground, &changes, &counties, &contract, &registers.contracted));
    let (counted, traces) = in_order(found);
    let fabrication =
        invented::tests(ground, &changes, &counties, &tested, &registers.code_changes);
    let cadres = match &registers.people {
        Some(people) if people.has_cadres() => cadres::steps(&table, &repaired, people),
        _ => Vec::new(),
    };
    registers.complain(&table);
    let listed = repaired.slips.iter().filter_map(|slip| slip.row);
    let listed = listed.map(|at| table.rows[at].claimant);
    let names = Names::read(&source, project, &table, listed)?;
    let files: Vec<String> = files.iter().map(|f| f.name.clone()).collect();
    Ok(Evidence {
        cells: panel::cells(&table, &repaired),
        claims: panel::claims(&table, &repaired),
        approvers: panel::office(&table, &repaired, |row| row.approver),
        recorders: panel::office(&table, &repaired, |row| row.recorder),
        counted,
        traces,
        data_errors: data_errors(&table, &repaired, &names, &files),
        fabrication,
        shared: shared::shared(&table, &repaired),
        leased: registers.leased,
        cadres,
        not_assessed: registers.missing,
        files,
        inputs: registers.inputs,
        rejects: registers.rejects,
        first_year: table.first_year,
        years: table.years,
        villages: table.villages,
    })
}

/// By village, year and family.
fn in_order(mut found: Found) -> (Vec<qingmu_model::Counted>, Vec<crate::evidence::Trace>) {
    found.sort_by_key(|(counted, _)| (counted.village, counted.year, counted.family));
    found.into_iter().unzip()
}

impl Registers {
    fn read(input: &InputSet, project: &Project, table: &Table) -> Result<Self, InputError> {
        let mut registers = Self::default();
        let has = |name: &str| input.tables.contains_key(name);
        if has("persons") {
            let (rows, accounts, rejects) = tables::read_persons(input, project)?;
            registers.people = Some(People::new(table, &rows));
            registers.inputs.extend(accounts);
            registers.rejects.extend(rejects);
        }
        if has("parcels") {
            let (rows, accounts, rejects) = tables::read_parcels(input, project)?;
            registers.land = Some(Land::new(table, &rows));
            registers.inputs.extend(accounts);
            registers.rejects.extend(rejects);
        }
        if has("transfers") {
            // The account of this table is the scan's, which reads it in full.
            let rows = tables::read_transfers(input, project)?.0;
            registers.leased = Some(leased::leased(table, &rows));
        }
        let village = |code: &str| table.villages.binary_search_by(|v| v.as_ref().cmp(code)).ok();
        let year = |year: i16| {
            let at = usize::try_from(i32::from(year) - i32::from(table.first_year)).ok();
            at.filter(|at| *at < table.years)
        };
        // The account and the refused rows of these two are the scan's and the panel's, which read them in full.
        for row in qingmu_input::places::read_code_map(input, project)?.0 {
            if let Some((village, year)) = village(&row.new).zip(year(row.from_year)) {
                registers.code_changes.push((u32::try_from(village).unwrap_or(u32::MAX), year));
            }
        }
        registers.code_changes.sort_unstable();
        for row in tables::read_baselines(input, project)?.0 {
            let place = village(&row.village).zip(year(row.year));
            if let Some((village, year)) = place.filter(|_| row.crop.as_ref() == "contracted") {
                let key = (u32::try_from(village).unwrap_or(u32::MAX), row.source.to_string());
                let areas =
                    registers.contracted.entry(key).or_insert_with(|| vec![None; table.years]);
                areas[year] = Some(areas[year].unwrap_or(0).saturating_add(row.area.raw()));
            }
        }
        Ok(registers)
    }

    /// What could not be looked at.
    fn complain(&mut self, table: &Table) {
        let mut miss = |family, table, column| {
            self.missing.push(NotAssessed { family, table, column });
        };
        let has = table.has;
        match &self.people {
            None => miss(Some(Family::Identity), "persons", ""),
            Some(people) if !people.has_cadres() => miss(None, "persons", "is_cadre"),
            Some(_) => {}
        }
        if !has.account {
            miss(Some(Family::Identity), "claims", "account");
        }
        match &self.land {
            None => miss(Some(Family::Parcel), "parcels", ""),
            Some(land) if !land.has_classes() => {
                miss(Some(Family::Parcel), "parcels", "land_class");
            }
            Some(_) => {}
        }
        if !has.parcel {
            miss(Some(Family::Parcel), "claims", "parcel_id");
        }
        if !has.rate {
            miss(Some(Family::Sum), "claims", "rate_yuan_per_mu");
        }
        if !has.group {
            miss(None, "claims", "group_no");
        }
        self.missing.sort_unstable();
    }
}

#[cfg(test)]
#[path = "gather_tests.rs"]
mod tests;
