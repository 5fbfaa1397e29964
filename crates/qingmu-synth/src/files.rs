//! A county as files: Parquet claims by year, CSV tables, the truth, and a page that says what it is.

use crate::county::{Claim, County};
use crate::error::SynthError;
use crate::gazetteer::COUNTY;
use crate::parquet_file;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// All files of a county: name relative to the folder with `/`, and bytes.
///
/// # Errors
/// [`SynthError::Encode`] naming the file.
pub fn files(county: &County) -> Result<Vec<(String, Vec<u8>)>, SynthError> {
    let mut files = Vec::new();
    for year in county.years.clone() {
        let claims: Vec<&Claim> = county.claims.iter().filter(|c| c.year == year).collect();
        if !claims.is_empty() {
            let name = format!("claims/{year}.parquet");
            let bytes = parquet_file::encode(&name, &claims)?;
            files.push((name, bytes));
        }
    }
    files.push(("baselines.csv".to_owned(), baselines(county)?));
    files.push(("villages.csv".to_owned(), villages(county)?));
    files.push(("transfers.csv".to_owned(), transfers(county)?));
    let mut truth = serde_json::to_vec_pretty(&county.truth)
        .map_err(|e| SynthError::encode("truth.json", &e))?;
    truth.push(b'\n');
    files.push(("truth.json".to_owned(), truth));
    files.push(("README.md".to_owned(), readme(county).into_bytes()));
    Ok(files)
}

/// Writes a county into `dir` (made if absent); returns the files written.
///
/// # Errors
/// [`SynthError`] naming the file.
pub fn write(county: &County, dir: &Path) -> Result<Vec<PathBuf>, SynthError> {
    let mut written = Vec::new();
    for (name, bytes) in files(county)? {
        let path = dir.join(name);
        let fail = |source| SynthError::Write { path: path.clone(), source };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(fail)?;
        }
        std::fs::write(&path, bytes).map_err(fail)?;
        written.push(path);
    }
    Ok(written)
}

fn table(
    file: &str,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, SynthError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(|e| SynthError::encode(file, &e))?;
    for row in rows {
        writer.write_record(row).map_err(|e| SynthError::encode(file, &e))?;
    }
    writer.into_inner().map_err(|e| SynthError::encode(file, &e.error()))
}

fn baselines(county: &County) -> Result<Vec<u8>, SynthError> {
    let header =
        ["village_code", "year", "season", "crop", "area_mu", "source", "se_mu", "independent"];
    let rows = county.baselines.iter().map(|b| {
        vec![
            b.village_code.to_string(),
            b.year.to_string(),
            b.season.to_string(),
            b.crop.to_owned(),
            format!("{:.1}", b.area_mu),
            b.source.to_owned(),
            b.se_mu.map(|se| format!("{se:.1}")).unwrap_or_default(),
            b.independent.to_string(),
        ]
    });
    table("baselines.csv", &header, rows)
}

fn villages(county: &County) -> Result<Vec<u8>, SynthError> {
    let header = ["village_code", "name", "town_name", "county_name", "households"];
    let rows = county.villages.iter().map(|v| {
        vec![
            v.village_code.to_string(),
            v.name.clone(),
            v.town_name.clone(),
            COUNTY.to_owned(),
            v.households.to_string(),
        ]
    });
    table("villages.csv", &header, rows)
}

fn transfers(county: &County) -> Result<Vec<u8>, SynthError> {
    let header = ["from_id", "to_id", "area_mu", "start_on", "end_on", "kind", "subsidy_follows"];
    let rows = county.transfers.iter().map(|t| {
        vec![
            t.from_id.to_string(),
            t.to_id.to_string(),
            format!("{:.2}", t.area_mu),
            format!("{}-10-01", t.start_year),
            format!("{}-09-30", t.start_year + 10),
            "lease".to_owned(),
            "lessee".to_owned(),
        ]
    });
    table("transfers.csv", &header, rows)
}

fn readme(county: &County) -> String {
    let truth = &county.truth;
    let (first, last) = (county.years.start(), county.years.end());
    let villages = county.villages.iter().filter(|v| v.households > 0).count();
    let mut page = String::new();
    let case = if truth.case { "" } else { " --clean" };
    let _ = writeln!(
        page,
        "# 虚构样本:{COUNTY} {first}–{last} / Invented sample: Jingyang county {first}–{last}\n\n\
         **数字均为虚构。** {}\n\n**All figures are invented.** {}\n",
        truth.note_zh, truth.note_en
    );
    let _ = writeln!(
        page,
        "- {villages} 个村,{} 条申报,{} 条基线;每村只有 27–55 名申领人,真实的村有数百名,这里缩小以便随代码分发。标准、面积、金额均为虚构。\n\
         - {villages} villages, {} claims, {} baseline rows; 27 to 55 claimants a village where a real one has hundreds, so that the \
         sample stays small. Rates, areas and money are invented.",
        county.claims.len(),
        county.baselines.len(),
        county.claims.len(),
        county.baselines.len()
    );
    if truth.case {
        let _ = writeln!(
            page,
            "- `truth.json`:植入的六个村、逐年面积和金额(共 {:.1} 亩、{} 元),以及看似异常、实为正常的情形。扫描不读取它。\n\
             - `truth.json`: the six planted villages, area and money by year ({:.1} mu, {} yuan in all), and the honest events that \
             resemble them. A scan does not read it.",
            truth.excess_mu, truth.excess_yuan, truth.excess_mu, truth.excess_yuan
        );
    } else {
        let _ = writeln!(
            page,
            "- 未植入任何异常;`truth.json` 列出看似异常、实为正常的情形。\n\
             - Nothing is planted; `truth.json` lists the honest events that resemble a case."
        );
    }
    let _ = writeln!(
        page,
        "- 重新生成,逐字节相同 / made again, byte for byte: `qingmu synth{case} --seed {} --out DIR`",
        truth.seed
    );
    page
}
