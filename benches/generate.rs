//! Writes claims and baselines of any size for measuring: `generate DIR [CLAIMS]`.
//!
//! 100 counties x 40 towns x 25 villages, five years, one file per year and county, zstd, dictionaries where
//! they pay. Everything is derived from counters: the same arguments give the same bytes. Persons and accounts
//! are invented.
#![allow(dead_code, reason = "the scan bench takes this file as a module and has its own main")]

use arrow::array::{
    ArrayRef, Decimal128Array, Int16Array, RecordBatch, StringArray, StringDictionaryBuilder,
};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

const COUNTIES: u64 = 100;
const TOWNS: u64 = 40;
const VILLAGES: u64 = 25;
const YEARS: std::ops::Range<u64> = 2019..2024;

/// What one household claims in a year: season, programme, crop, rate in fen per mu.
const CLAIMS: [(&str, &str, &str, i128); 5] = [
    ("Y", "FERTILITY", "arable", 7_130),
    ("S", "GRAIN", "wheat", 1_255),
    ("A", "GRAIN", "maize", 1_255),
    ("A", "MAIZE_SOY", "soybean", 24_000),
    ("A", "MAIZE_SOY", "maize", 3_000),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        return Err("usage: generate DIR [CLAIMS]".into());
    };
    let claims = arguments.next().map_or(Ok(20_000_000), |n| n.parse())?;
    write(Path::new(&folder), claims)
}

/// Writes about `claims` claims and their baselines.
pub(crate) fn write(folder: &Path, claims: u64) -> Result<(), Box<dyn Error>> {
    let files = COUNTIES * (YEARS.end - YEARS.start);
    for year in YEARS {
        std::fs::create_dir_all(folder.join(format!("claims/{year}")))?;
        for county in 0..COUNTIES {
            let file = (year - YEARS.start) * COUNTIES + county;
            let rows = claims * (file + 1) / files - claims * file / files;
            let path = folder.join(format!("claims/{year}/{county:03}.parquet"));
            county_file(&path, year, county, rows)?;
        }
    }
    baselines(&folder.join("baselines.parquet"))
}

/// SplitMix64 (Steele, Lea and Flood 2014): a number that looks random for each counter.
fn mix(counter: u64) -> u64 {
    let mut z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn village_code(county: u64, village: u64) -> String {
    format!("99{:04}{:03}{:03}", county + 1, village / VILLAGES + 1, village % VILLAGES + 201)
}

/// Columns of one file while its rows are made.
#[derive(Default)]
struct Rows {
    claim_id: Vec<String>,
    season: StringDictionaryBuilder<Int32Type>,
    programme: StringDictionaryBuilder<Int32Type>,
    crop: StringDictionaryBuilder<Int32Type>,
    village: StringDictionaryBuilder<Int32Type>,
    claimant: Vec<String>,
    household: Vec<String>,
    account: Vec<String>,
    area: Vec<i128>,
    rate: Vec<i128>,
    amount: Vec<i128>,
    approver: StringDictionaryBuilder<Int32Type>,
}

fn county_file(path: &Path, year: u64, county: u64, rows: u64) -> Result<(), Box<dyn Error>> {
    let mut table = Rows::default();
    let villages = TOWNS * VILLAGES;
    for row in 0..rows {
        let village = row * villages / rows;
        let nth = row - (village * rows).div_ceil(villages);
        table.push(year, county, village, nth, row)?;
    }
    write_parquet(path, &table.finish(year)?)
}

impl Rows {
    /// The `nth` claim of a village: households claim in turn.
    fn push(
        &mut self,
        year: u64,
        county: u64,
        village: u64,
        nth: u64,
        row: u64,
    ) -> Result<(), Box<dyn Error>> {
        let place = county * TOWNS * VILLAGES + village;
        let chance = mix((year * 1_000_000 + place) * 4_096 + nth);
        // Three claims per household and year on average; one person in 2,000 is of another village.
        let (turn, kind) = (nth / 3, nth % 3 + (chance >> 8) % 3);
        let stranger = chance.is_multiple_of(2_000);
        let home =
            if stranger { (place + 1 + chance % 7) % (COUNTIES * TOWNS * VILLAGES) } else { place };
        let person = home * 64 + turn % 64;
        // One claim in 4,000 is paid to a card that others use too.
        let card = if (chance >> 20).is_multiple_of(4_000) { place * 64 } else { person };
        let (season, programme, crop, rate) = CLAIMS[usize::try_from(kind)?];
        let area = i128::from(chance >> 40) % 1_450 * 100 + 5_000;
        let product = (area * rate + 5_000) / 10_000;
        let wrong = (chance >> 30).is_multiple_of(5_000);
        self.claim_id.push(format!("{year}{county:03}{row:09}"));
        self.season.append(season)?;
        self.programme.append(programme)?;
        self.crop.append(crop)?;
        self.village.append(village_code(county, village))?;
        self.claimant.push(format!("99{:016}", mix(person) % 10_000_000_000_000_000));
        self.household.push(format!("H{:010}", person / 2));
        self.account.push(format!("6217{:015}", mix(card ^ 0x5555_5555) % 1_000_000_000_000_000));
        self.area.push(area);
        self.rate.push(rate);
        self.amount.push(if wrong { product + 10_000 } else { product });
        self.approver.append(format!("A{:06}", place / VILLAGES * 2 + (place + year) % 2))?;
        Ok(())
    }

    fn finish(mut self, year: u64) -> Result<RecordBatch, Box<dyn Error>> {
        let years = Int16Array::from(vec![i16::try_from(year)?; self.area.len()]);
        let text = |values: Vec<String>| Arc::new(StringArray::from(values)) as ArrayRef;
        Ok(RecordBatch::try_from_iter([
            ("claim_id", text(self.claim_id)),
            ("year", Arc::new(years) as ArrayRef),
            ("season", Arc::new(self.season.finish())),
            ("programme", Arc::new(self.programme.finish())),
            ("crop", Arc::new(self.crop.finish())),
            ("village_code", Arc::new(self.village.finish())),
            ("claimant_id", text(self.claimant)),
            ("household_id", text(self.household)),
            ("account", text(self.account)),
            ("area_mu", decimal(self.area, 4)?),
            ("rate_yuan_per_mu", decimal(self.rate, 2)?),
            ("amount_yuan", decimal(self.amount, 2)?),
            ("approver_id", Arc::new(self.approver.finish())),
        ])?)
    }
}

fn decimal(values: Vec<i128>, scale: i8) -> Result<ArrayRef, Box<dyn Error>> {
    Ok(Arc::new(Decimal128Array::from(values).with_precision_and_scale(18, scale)?))
}

fn baselines(path: &Path) -> Result<(), Box<dyn Error>> {
    let (mut village, mut years, mut areas) = (Vec::new(), Vec::new(), Vec::new());
    for place in 0..COUNTIES * TOWNS * VILLAGES {
        for year in YEARS {
            village.push(village_code(place / (TOWNS * VILLAGES), place % (TOWNS * VILLAGES)));
            years.push(i16::try_from(year)?);
            areas.push(i128::from(mix(place) % 3_000_000 + 1_000_000));
        }
    }
    let rows = areas.len();
    write_parquet(
        path,
        &RecordBatch::try_from_iter([
            ("village_code", Arc::new(StringArray::from(village)) as ArrayRef),
            ("year", Arc::new(Int16Array::from(years))),
            ("crop", Arc::new(StringArray::from(vec!["maize"; rows]))),
            ("area_mu", decimal(areas, 4)?),
            ("source", Arc::new(StringArray::from(vec!["remote_sensing"; rows]))),
        ])?,
    )
}

fn write_parquet(path: &Path, batch: &RecordBatch) -> Result<(), Box<dyn Error>> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(1_000_000))
        .build();
    let file = std::fs::File::create(path)?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties))?;
    writer.write(batch)?;
    writer.close()?;
    Ok(())
}
