//! The claims as a compact table of rows in canonical order.

mod read;
mod words;

pub(crate) use read::read;

use qingmu_model::{Basis, Project, Season};
use std::ops::Range;
use std::sync::Arc;

/// Number of a missing identity or text.
pub(crate) const NONE: u32 = u32::MAX;

/// One claim. Identities and texts are numbers; the order of the fields is the canonical order of the rows, so that
/// a person's claims of one kind in one village stand together, year by year. 64 bytes: one line of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    /// Village.
    pub(crate) village: u32,
    /// Claimant.
    pub(crate) claimant: u32,
    /// Programme, crop and season.
    pub(crate) line: u32,
    /// Parcel; [`NONE`] for none.
    pub(crate) parcel: u32,
    /// Year, counted from the first.
    pub(crate) year: u16,
    /// Villagers' group; [`qingmu_input::MISSING_GROUP`] for none.
    pub(crate) group: i16,
    /// Area as filed, 0.0001 mu; [`qingmu_input::MISSING_FIXED`] for none.
    pub(crate) area: i64,
    /// Amount, fen.
    pub(crate) amount: i64,
    /// Rate, fen per mu; [`qingmu_input::MISSING_FIXED`] for none.
    pub(crate) rate: i64,
    /// Account; [`NONE`] for none.
    pub(crate) account: u32,
    /// Approver; [`NONE`] for none.
    pub(crate) approver: u32,
    /// Recorder; [`NONE`] for none.
    pub(crate) recorder: u32,
    /// File, in the order of the input.
    pub(crate) file: u32,
    /// Row in the file; rows of one file are fewer than 2^32.
    pub(crate) at: u32,
}

/// What a claim is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    /// Place in [`Table::programmes`].
    pub(crate) programme: u32,
    /// Place in [`Table::crops`].
    pub(crate) crop: u32,
    /// Season.
    pub(crate) season: Season,
}

/// Which optional columns any file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools, reason = "one per optional column")]
pub(crate) struct Has {
    pub(crate) account: bool,
    pub(crate) parcel: bool,
    pub(crate) rate: bool,
    pub(crate) group: bool,
}

/// All claims.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Rows in canonical order.
    pub(crate) rows: Vec<Row>,
    /// Village codes, ascending.
    pub(crate) villages: Vec<Arc<str>>,
    /// Programmes, ascending.
    pub(crate) programmes: Vec<Arc<str>>,
    /// Crops, ascending.
    pub(crate) crops: Vec<Arc<str>>,
    /// Lines by programme, crop and season.
    pub(crate) lines: Vec<Line>,
    /// Per line: paid on contracted land.
    pub(crate) contract: Vec<bool>,
    /// Hashes of the claimants, ascending.
    pub(crate) claimants: Vec<u128>,
    /// Per claimant: hash of the household; [`qingmu_input::MISSING_ID`] for none.
    pub(crate) households: Vec<u128>,
    /// Hashes of the parcels, ascending.
    pub(crate) parcels: Vec<u128>,
    /// Approvers and recorders in clear text, ascending.
    pub(crate) officers: Vec<Arc<str>>,
    /// First year.
    pub(crate) first_year: i16,
    /// Years from the first to the last.
    pub(crate) years: usize,
    /// Per village: its county, numbered in the order of codes.
    pub(crate) county: Vec<u32>,
    /// Per village: its town, numbered in the order of codes.
    pub(crate) town: Vec<u32>,
    /// Per village: its rows.
    pub(crate) blocks: Vec<Range<usize>>,
    /// Optional columns there.
    pub(crate) has: Has,
}

impl Table {
    /// Counties, towns, blocks and bases, once rows and texts stand.
    fn settle(&mut self, project: &Project) {
        let levels = &project.region;
        self.county = numbered(&self.villages, |code| levels.peer_of(code));
        self.town = numbered(&self.villages, |code| levels.ring_of(code));
        let basis = |programme: &Arc<str>| project.programme(programme).basis == Basis::Contract;
        let contract: Vec<bool> = self.programmes.iter().map(basis).collect();
        self.contract = self.lines.iter().map(|l| contract[l.programme as usize]).collect();
        let mut from = 0;
        self.blocks = (0..self.villages.len())
            .map(|village| {
                let rest = &self.rows[from..];
                let length = rest.partition_point(|row| (row.village as usize) <= village);
                from += length;
                from - length..from
            })
            .collect();
    }

    /// Number of a village-year.
    pub(crate) fn cell(&self, row: &Row) -> usize {
        row.village as usize * self.years + usize::from(row.year)
    }

    /// Village-years.
    pub(crate) fn cells(&self) -> usize {
        self.villages.len() * self.years
    }

    /// The programme of a row.
    pub(crate) fn programme(&self, row: &Row) -> u32 {
        self.lines[row.line as usize].programme
    }

    /// Whether a row is paid on contracted land.
    pub(crate) fn is_contract(&self, row: &Row) -> bool {
        self.contract[row.line as usize]
    }

    /// The calendar year of a counted one.
    pub(crate) fn calendar(&self, year: usize) -> i16 {
        i16::try_from(year).map_or(i16::MAX, |year| self.first_year.saturating_add(year))
    }
}

/// Numbers for the parts of ascending codes; equal neighbours share one.
fn numbered(codes: &[Arc<str>], part: impl Fn(&str) -> &str) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(codes.len());
    let mut last: Option<&str> = None;
    let mut number = 0;
    for code in codes {
        let here = part(code);
        number += u32::from(last.is_some_and(|last| last != here));
        last = Some(here);
        numbers.push(number);
    }
    numbers
}

/// Ranges of equal neighbours.
pub(crate) fn runs<T>(items: &[T], same: impl Fn(&T, &T) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    for at in 1..=items.len() {
        if at == items.len() || !same(&items[from], &items[at]) {
            found.push(from..at);
            from = at;
        }
    }
    found
}
