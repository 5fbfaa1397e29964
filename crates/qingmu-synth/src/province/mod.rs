//! A whole province: noise, honest events and schemes that nobody tuned to a detector.
//!
//! The noise is that of a published simulation plan in the classic setting; elsewhere every nuisance parameter is drawn
//! from a wide range per county, town and village. Honest rows do not depend on what is planted.

mod deed;
mod event;
mod filing;
mod misuse;
mod nature;
mod options;
mod plant;
mod row;
mod scheme;
mod slip;
mod source;
mod tables;
mod truth;
mod village;

pub use options::{OptionsError, ProvinceOptions, Setting, SettingError};
pub use truth::{Honest, Planted, ProvinceTruth};

use crate::error::SynthError;
use crate::parquet_file;
use crate::stream::Stream;
use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use plant::Planting;
use qingmu_model::{Mu, Yuan};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use village::Village;

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Files relative to the folder, sorted.
    pub files: Vec<String>,
    /// Rows of claims.
    pub claims: usize,
    /// What is planted.
    pub truth: ProvinceTruth,
}

/// Generates a province into `dir` (made if absent), county by county; memory holds one county.
///
/// # Errors
/// [`SynthError`] for options out of range, and for files that cannot be written.
pub fn write_province(options: &ProvinceOptions, dir: &Path) -> Result<Written, SynthError> {
    options.check()?;
    let mut sink = Sink::new(dir);
    let mut truth = empty(options);
    let mut claims = 0;
    for number in 0..options.counties {
        let (county, made, planting, told) = one_county(options, number);
        let rows = tables::claims(options, &made).map_err(|e| SynthError::encode("claims", &e))?;
        claims += rows.num_rows();
        sink.one(&format!("claims/{}.parquet", county.code), &rows)?;
        let batches = [
            ("baselines", tables::baselines(options, &made)),
            ("villages", tables::villages(&county, &made)),
            ("persons", tables::persons(&made, &planting)),
            ("households", tables::households(&made)),
            ("parcels", tables::parcels(&made, &planting)),
            ("transfers", tables::transfers(&made)),
            ("code_map", tables::code_map(options, &made)),
        ];
        for (name, batch) in batches {
            sink.append(name, &batch.map_err(|e| SynthError::encode(name, &e))?)?;
        }
        truth.villages += made.len();
        truth.honest.extend(told);
        truth.planted.extend(planting.planted);
    }
    truth.excess_mu = Mu::from_raw(truth.planted.iter().map(|p| p.excess_mu.raw()).sum());
    truth.excess_yuan = Yuan::from_raw(truth.planted.iter().map(|p| p.excess_yuan.raw()).sum());
    let mut text =
        serde_json::to_vec_pretty(&truth).map_err(|e| SynthError::encode("truth.json", &e))?;
    text.push(b'\n');
    sink.text("truth.json", &text)?;
    Ok(Written { files: sink.finish()?, claims, truth })
}

fn empty(options: &ProvinceOptions) -> ProvinceTruth {
    ProvinceTruth {
        note_zh: truth::NOTES.0,
        note_en: truth::NOTES.1,
        options: options.clone(),
        villages: 0,
        first_year: options.first_year(),
        years: options.years(),
        excess_mu: Mu::ZERO,
        excess_yuan: Yuan::ZERO,
        planted: Vec::new(),
        honest: Vec::new(),
    }
}

fn one_county(
    options: &ProvinceOptions,
    number: u32,
) -> (nature::County, Vec<Village>, Planting, Vec<Honest>) {
    let county = nature::County::draw(options, number);
    let mut stream = Stream::new(options.seed, "province-towns", &county.code);
    let usual = options.villages as usize;
    let sizes: Vec<usize> = (0..options.towns)
        .map(|town| {
            let drawn = stream.whole(usual - usual * 2 / 5, usual + usual * 2 / 5);
            let ring = options.setting == Setting::Ring && town == 0;
            if options.classic() { usual } else { drawn.max(if ring { 8 } else { 2 }) }
        })
        .collect();
    let events = event::plan(options, &county.code, &sizes);
    let mut villages = Vec::new();
    for (town, of_town) in events.into_iter().enumerate() {
        for (number, events) in of_town.into_iter().enumerate() {
            let mut village = Village::draw(options, &county, (town, number), events);
            filing::file(options, &county, &mut village);
            source::observe(options, &county, &mut village);
            villages.push(village);
        }
    }
    filing::enclaves(options, &mut villages);
    filing::merge(options, &county, &mut villages);
    let mut slips = slip::wrong_villages(options, &mut villages);
    let schemes = scheme::plan(options, &county.code, &villages);
    let planting = plant::plant(options, &schemes, &mut villages);
    let mut honest = honest(options, &villages);
    slips.extend(slip::slip(options, &mut villages));
    honest.extend(slips.into_iter().map(|mut slip| {
        slip.year += options.first_year();
        slip
    }));
    honest.sort_by(|a, b| (&a.region, a.year, a.kind).cmp(&(&b.region, b.year, b.kind)));
    honest.dedup();
    (county, villages, planting, honest)
}

fn honest(options: &ProvinceOptions, villages: &[Village]) -> Vec<Honest> {
    let mut told = Vec::new();
    let year = |y: usize| options.first_year() + i16::try_from(y).unwrap_or_default();
    for village in villages {
        for event in &village.events {
            let region = if event.town { village.town_code() } else { &village.code };
            let region = region.to_owned();
            told.push(Honest { kind: event.kind.name(), region, year: year(event.year) });
        }
        if let Some((_, from)) = &village.merged {
            let region = village.code.to_string();
            told.push(Honest { kind: "merger", region, year: year(*from) });
        }
    }
    told
}

/// Files being written.
struct Sink<'a> {
    dir: &'a Path,
    open: BTreeMap<&'static str, ArrowWriter<File>>,
    files: Vec<String>,
}

impl<'a> Sink<'a> {
    fn new(dir: &'a Path) -> Self {
        Self { dir, open: BTreeMap::new(), files: Vec::new() }
    }

    fn create(&mut self, name: &str) -> Result<File, SynthError> {
        let path = self.dir.join(name);
        let fail = |source| SynthError::Write { path: path.clone(), source };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(fail)?;
        }
        self.files.push(name.to_owned());
        File::create(&path).map_err(fail)
    }

    fn one(&mut self, name: &str, batch: &RecordBatch) -> Result<(), SynthError> {
        let file = self.create(name)?;
        let mut writer = parquet_file::open(name, file, batch, 3)?;
        writer.write(batch).map_err(|e| SynthError::encode(name, &e))?;
        writer.close().map(|_| ()).map_err(|e| SynthError::encode(name, &e))
    }

    fn append(&mut self, table: &'static str, batch: &RecordBatch) -> Result<(), SynthError> {
        if !self.open.contains_key(table) {
            let name = format!("{table}.parquet");
            let file = self.create(&name)?;
            self.open.insert(table, parquet_file::open(&name, file, batch, 3)?);
        }
        let Some(writer) = self.open.get_mut(table) else { return Ok(()) };
        writer.write(batch).map_err(|e| SynthError::encode(table, &e))?;
        writer.flush().map_err(|e| SynthError::encode(table, &e))
    }

    fn text(&mut self, name: &str, bytes: &[u8]) -> Result<(), SynthError> {
        let mut file = self.create(name)?;
        let path = self.dir.join(name);
        std::io::Write::write_all(&mut file, bytes)
            .map_err(|source| SynthError::Write { path, source })
    }

    fn finish(mut self) -> Result<Vec<String>, SynthError> {
        for (table, writer) in self.open {
            writer.close().map_err(|e| SynthError::encode(table, &e))?;
        }
        self.files.sort();
        Ok(self.files)
    }
}
