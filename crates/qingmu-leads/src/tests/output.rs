//! Files byte for byte.

use crate::build::build;
use crate::fixture::{context, on_claim, on_village, village};
use crate::{
    COLUMNS, CoverageReport, LeadError, Manifest, Order, TableTotal, write_coverage, write_csv,
    write_jsonl, write_manifest, write_parquet, write_rejects,
};
use arrow::array::{Array, RecordBatch, StringArray};
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use qingmu_model::{
    ColumnCoverage, Grade, InputAccount, InputCoverage, Lead, Mu, Reject, RejectCode, RuleCoverage,
    ViewCoverage, Yuan,
};
use std::error::Error;
use std::io::{self, Write};

type Outcome = Result<(), Box<dyn Error>>;

fn sample() -> Vec<Lead> {
    let mut hits: Vec<_> = ["V02", "T01", "V02"]
        .into_iter()
        .zip(1..)
        .map(|(rule, n)| on_village(rule, Grade::E2, &village(n), 2022, 10 * i64::from(n), 100))
        .collect();
    hits.push(on_claim(&village(5), 2022, "k1", 3));
    let mut context = context();
    context.village_names.insert(village(5), "=HYPERLINK(\"x\"),村".to_owned());
    build(hits, &context)
}

fn read(bytes: &[u8]) -> Result<Vec<RecordBatch>, Box<dyn Error>> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
    Ok(reader.collect::<Result<Vec<_>, _>>()?)
}

/// Every text cell.
pub(super) fn parquet_cells(bytes: &[u8]) -> Result<Vec<String>, Box<dyn Error>> {
    let mut cells = Vec::new();
    for batch in read(bytes)? {
        for column in batch.columns() {
            if let Some(texts) = column.as_any().downcast_ref::<StringArray>() {
                cells.extend(texts.iter().flatten().map(str::to_owned));
            }
        }
    }
    Ok(cells)
}

#[test]
fn csv_is_exact() -> Outcome {
    let mut out = Vec::new();
    write_csv(&sample(), Order::Score, &mut out)?;
    let want = "\u{feff}lead_id,kind,region_code,village_code,village_name,year,score,priority,grade,q_value,excess_mu,excess_mu_lo,excess_mu_hi,excess_yuan,excess_yuan_lo,excess_yuan_hi,rules,members,first_seen,status,ring_q,ring_p,ring_lead_q\r\n\
        \"CLAIMS\",\"claims\",\"990001001005\",\"990001001005\",\"'=HYPERLINK(\"\"x\"\"),村\",2022,55.00,,\"E0\",,,,,3.00,,,\"C01\",,,\"found\",,,\r\n\
        \"RING\",\"ring\",\"990001001\",\"990001001003\",\"虚构3村\",2022,48.80,,\"E2\",,30.0000,,,100.00,,,\"V02\",\"990001001003 990001001002 990001001001\",,\"found\",,,\r\n\
        \"RING\",\"ring\",\"990001001\",\"990001001002\",\"虚构2村\",2022,48.80,,\"E2\",,20.0000,,,100.00,,,\"T01\",\"990001001003 990001001002 990001001001\",,\"found\",,,\r\n\
        \"RING\",\"ring\",\"990001001\",\"990001001001\",\"虚构1村\",2022,48.80,,\"E2\",,10.0000,,,100.00,,,\"V02\",\"990001001003 990001001002 990001001001\",,\"found\",,,\r\n";
    let ids: Vec<String> = sample().iter().map(|l| l.lead_id.0.clone()).collect();
    let want = want.replace("CLAIMS", &ids[0]).replace("RING", &ids[1]);
    assert_eq!(String::from_utf8(out.clone())?, want);
    let mut reader = csv::Reader::from_reader(&out[3..]);
    assert_eq!(reader.headers()?.iter().collect::<Vec<_>>(), COLUMNS);
    assert_eq!(reader.records().collect::<Result<Vec<_>, _>>()?.len(), 4);
    Ok(())
}

#[test]
fn parquet_holds_exact_decimals_and_nulls() -> Outcome {
    let mut out = Vec::new();
    write_parquet(&sample(), Order::Score, &mut out)?;
    let batches = read(&out)?;
    let [batch] = batches.as_slice() else { return Err("one batch".into()) };
    let schema = batch.schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    assert_eq!(names, COLUMNS);
    assert_eq!(schema.field(10).data_type(), &DataType::Decimal128(18, 4));
    assert_eq!(schema.field(13).data_type(), &DataType::Decimal128(18, 2));
    assert_eq!(batch.num_rows(), 4);
    let nulls: Vec<usize> = batch.columns().iter().map(Array::null_count).collect();
    assert_eq!(nulls, [0, 0, 0, 0, 0, 0, 0, 4, 0, 4, 1, 4, 4, 0, 4, 4, 0, 1, 4, 0, 4, 4, 4]);
    let mut empty = Vec::new();
    write_parquet(&[], Order::Score, &mut empty)?;
    assert!(read(&empty)?.is_empty(), "no lead is a file without rows, with the same columns");
    Ok(())
}

#[test]
fn the_same_leads_give_the_same_bytes() -> Outcome {
    let all = || -> Result<Vec<u8>, LeadError> {
        let mut out = Vec::new();
        write_csv(&sample(), Order::Score, &mut out)?;
        write_jsonl(&sample(), &mut out)?;
        write_parquet(&sample(), Order::Score, &mut out)?;
        Ok(out)
    };
    assert_eq!(all()?, all()?);
    Ok(())
}

#[test]
fn jsonl_is_one_full_record_a_line() -> Outcome {
    let mut out = Vec::new();
    write_jsonl(&sample(), &mut out)?;
    let text = String::from_utf8(out)?;
    assert_eq!(text.lines().count(), 2);
    let ring: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap_or_default())?;
    assert_eq!(ring["members"].as_array().map(Vec::len), Some(3));
    assert_eq!(ring["hits"].as_array().map(Vec::len), Some(3));
    assert_eq!(ring["excess_mu"], 60.0);
    assert!(
        ring["priority"].is_null() && ring["q_value"].is_null() && ring["first_seen"].is_null()
    );
    assert_eq!(ring["ties"][0]["by"], "town");
    Ok(())
}

#[test]
fn rejects_tell_reason_and_remedy() -> Outcome {
    let reject = |row, value: &str, code| Reject {
        file: "claims.csv".to_owned(),
        sheet: String::new(),
        row,
        column: "area_mu".to_owned(),
        value: value.to_owned(),
        code,
    };
    let rejects =
        [reject(9, "=1+1", RejectCode::BadNumber), reject(3, "-5", RejectCode::NegativeArea)];
    let mut out = Vec::new();
    write_rejects(&rejects, &mut out)?;
    let want = "\u{feff}file,sheet,row,column,value,code,reason_zh,reason_en,remedy_zh,remedy_en\r\n\
        \"claims.csv\",\"\",3,\"area_mu\",\"-5\",\"negative_area\",\"面积为负\",\"area is negative\",\"核对是否为冲减行；冲减请另列\",\"if it is a correction, list corrections apart\"\r\n\
        \"claims.csv\",\"\",9,\"area_mu\",\"'=1+1\",\"bad_number\",\"不是数字\",\"not a number\",\"改为阿拉伯数字，单位写在表头\",\"write digits only; the unit belongs in the header\"\r\n";
    assert_eq!(String::from_utf8(out)?, want);
    Ok(())
}

fn account() -> InputAccount {
    InputAccount {
        file: "claims/2022.parquet".to_owned(),
        table: "claims".to_owned(),
        digest: "sha256:00".to_owned(),
        bytes: 10,
        rows_read: 5,
        rows_kept: 4,
        rows_rejected: 1,
        area_mu: Some(Mu::from_raw(15_000)),
        amount_yuan: Some(Yuan::from_raw(250)),
        area_rejected_mu: Some(Mu::from_raw(20_000)),
        amount_rejected_yuan: Some(Yuan::from_raw(0)),
        area_unreadable: 0,
        amount_unreadable: 1,
        area_rounded: 0,
        amount_rounded: 0,
    }
}

#[test]
fn coverage_and_manifest_are_sorted_and_end_with_a_line() -> Outcome {
    let rule = RuleCoverage { rule: "V02".to_owned(), ..RuleCoverage::default() };
    let mut input = InputCoverage { years: vec![2022], ..InputCoverage::default() };
    input.rejects.entry("claims".to_owned()).or_default().insert(RejectCode::BadRow, 2);
    let mut out = Vec::new();
    let column = ColumnCoverage { known: 1, missing: 2, in_input: false };
    let columns = [("name".to_owned(), column)].into();
    let view = ViewCoverage { rows: 3, not_listed: 4, columns };
    let views = [("claim".to_owned(), view)].into();
    write_coverage(&CoverageReport { input, rules: vec![rule], views, detection: None }, &mut out)?;
    let text = String::from_utf8(out)?;
    let want = "{\n  \"input\": {\n    \"absent\": [],\n    \"absent_claim_columns\": [],\n    \"passed_over\": [],\n    \"rejects\": {\n      \"claims\": {\n        \"bad_row\": 2\n      }\n    },\n    \"tables\": {},\n    \"villages\": 0,\n    \"villages_without_baseline\": 0,\n    \"villages_without_name\": 0,\n    \"years\": [\n      2022\n    ]\n  },\n  \"rules\": [\n    {\n      \"abstain\": 0,\n      \"clear\": 0,\n      \"cleared\": 0,\n      \"hit\": 0,\n      \"missing\": {},\n      \"not_listed\": 0,\n      \"rule\": \"V02\",\n      \"status\": \"\",\n      \"subjects\": 0,\n      \"view\": \"\",\n      \"wanted_tables\": []\n    }\n  ],\n  \"views\": {\n    \"claim\": {\n      \"columns\": {\n        \"name\": {\n          \"in_input\": false,\n          \"known\": 1,\n          \"missing\": 2\n        }\n      },\n      \"not_listed\": 4,\n      \"rows\": 3\n    }\n  }\n}\n";
    assert_eq!(text, want);
    let inputs = vec![account(), account()];
    let totals = TableTotal::of(&inputs)?;
    assert_eq!(totals["claims"].rows_read, 10);
    assert_eq!(totals["claims"].amount_yuan, Some(Yuan::from_raw(500)));
    assert_eq!(totals["claims"].area_rejected_mu, Some(Mu::from_raw(40_000)));
    assert_eq!(totals["claims"].amount_rejected_yuan, Some(Yuan::from_raw(0)));
    assert_eq!((totals["claims"].area_unreadable, totals["claims"].amount_unreadable), (0, 2));
    let mut out = Vec::new();
    write_manifest(&Manifest { inputs, totals, ..Manifest::default() }, &mut out)?;
    let text = String::from_utf8(out)?;
    assert!(
        text.starts_with(
            "{\n  \"currency\": \"\",\n  \"inputs\": [\n    {\n      \"amount_rejected_yuan\": 0.0,"
        ),
        "{text}"
    );
    assert!(text.ends_with("  \"version\": \"\"\n}\n"), "{text}");
    let total = "    \"claims\": {\n      \"amount_rejected_yuan\": 0.0,\n      \"amount_unreadable\": 2,\n      \"amount_yuan\": 5.0,\n      \"area_mu\": 3.0,\n      \"area_rejected_mu\": 4.0,\n      \"area_unreadable\": 0,\n      \"files\": 2,\n";
    assert!(text.contains(total), "{text}");
    Ok(())
}

#[test]
fn rejected_sums_that_are_not_known_make_no_total() -> Outcome {
    let mut unknown = account();
    unknown.area_rejected_mu = None;
    unknown.amount_rejected_yuan = Some(Yuan::from_raw(i64::MAX));
    for inputs in [[account(), unknown.clone()], [unknown, account()]] {
        let mut inputs = inputs.to_vec();
        assert_eq!(TableTotal::of(&inputs)?["claims"].area_rejected_mu, None);
        inputs[0].amount_rejected_yuan = Some(Yuan::from_raw(i64::MAX));
        inputs[1].amount_rejected_yuan = Some(Yuan::from_raw(1));
        let total = &TableTotal::of(&inputs)?["claims"];
        assert_eq!(total.amount_rejected_yuan, None, "beyond the range, and no reason to stop");
        assert_eq!(total.amount_yuan, Some(Yuan::from_raw(500)));
    }
    Ok(())
}

#[test]
fn a_manifest_that_would_mislead_is_refused() {
    let refuse = |manifest: &Manifest| {
        let mut out = Vec::new();
        let result = write_manifest(manifest, &mut out).map_err(|e| e.to_string());
        assert!(out.is_empty());
        result
    };
    let mut lost = account();
    lost.rows_kept = 3;
    let message = "manifest.json: claims/2022.parquet: 5 rows read, but 3 kept + 1 rejected; a row disappeared, nothing is written";
    assert_eq!(
        TableTotal::of(std::slice::from_ref(&lost)).map_err(|e| e.to_string()),
        Err(message.to_owned())
    );
    let manifest = Manifest { inputs: vec![lost], ..Manifest::default() };
    assert_eq!(refuse(&manifest), Err(message.to_owned()));
    for path in ["/data/claims", "\\\\server\\x", "C:\\x", "D:/x"] {
        let mut manifest = Manifest::default();
        manifest.options.insert("rules".to_owned(), path.to_owned());
        let message = format!(
            "manifest.json: options.rules is the absolute path `{path}`; give it relative to the input"
        );
        assert_eq!(refuse(&manifest), Err(message));
    }
    let mut huge = account();
    huge.area_mu = Some(Mu::from_raw(i64::MAX));
    assert_eq!(
        TableTotal::of(&[huge, account()]).map_err(|e| e.to_string()),
        Err("manifest.json: table claims: a sum of mu is out of range; check the input for a wrong unit".to_owned())
    );
}

/// A disk that is full.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::StorageFull, "no space left"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_names_the_output() {
    let leads = sample();
    let results = [
        ("leads.csv", write_csv(&leads, Order::Score, Full)),
        ("leads.jsonl", write_jsonl(&leads, Full)),
        ("leads.parquet", write_parquet(&leads, Order::Score, Full)),
        ("rejects.csv", write_rejects(&[], Full)),
        ("coverage.json", write_coverage(&CoverageReport::default(), Full)),
        ("manifest.json", write_manifest(&Manifest::default(), Full)),
    ];
    for (name, result) in results {
        let want = format!(
            "{name}: cannot write: no space left; check free space and rights of the output folder"
        );
        assert_eq!(result.map_err(|e| e.to_string()), Err(want));
    }
}
