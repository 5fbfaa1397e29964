//! Claims of a year as Parquet: decimals as scaled integers, texts as dictionaries, zstd.

use crate::county::Claim;
use crate::error::SynthError;
use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int16Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::Write;
use std::sync::Arc;

/// Bytes of one file.
pub(crate) fn encode(file: &str, claims: &[&Claim]) -> Result<Vec<u8>, SynthError> {
    let fail = |why: &dyn ToString| SynthError::encode(file, &why.to_string());
    let batch = batch(claims).map_err(|e| fail(&e))?;
    let mut writer = open(file, Vec::new(), &batch, 9)?;
    writer.write(&batch).map_err(|e| fail(&e))?;
    writer.into_inner().map_err(|e| fail(&e))
}

/// A writer for batches like `batch`. No version of any library is written into the file.
pub(crate) fn open<W: Write + Send>(
    file: &str,
    sink: W,
    batch: &RecordBatch,
    level: i32,
) -> Result<ArrowWriter<W>, SynthError> {
    let fail = |why: &dyn ToString| SynthError::encode(file, &why.to_string());
    let level = ZstdLevel::try_new(level).map_err(|e| fail(&e))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by("qingmu-synth".to_owned())
        .build();
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(sink, batch.schema(), options).map_err(|e| fail(&e))
}

fn batch(claims: &[&Claim]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let text = |name: &str, of: fn(&Claim) -> &str| -> (Field, ArrayRef) {
        let values: StringArray = claims.iter().map(|c| Some(of(c))).collect();
        (Field::new(name, DataType::Utf8, false), Arc::new(values))
    };
    let number = |name: &str, of: fn(&Claim) -> i16| -> (Field, ArrayRef) {
        let values: Int16Array = claims.iter().map(|c| Some(of(c))).collect();
        (Field::new(name, DataType::Int16, false), Arc::new(values))
    };
    let date = |name: &str, of: fn(&Claim) -> i32| -> (Field, ArrayRef) {
        let values: Date32Array = claims.iter().map(|c| Some(of(c))).collect();
        (Field::new(name, DataType::Date32, false), Arc::new(values))
    };
    let fixed = |name: &str, scale: i8, of: fn(&Claim) -> i64| {
        let values: Decimal128Array = claims.iter().map(|c| Some(i128::from(of(c)))).collect();
        let array: ArrayRef = Arc::new(values.with_precision_and_scale(18, scale)?);
        Ok::<_, arrow::error::ArrowError>((
            Field::new(name, DataType::Decimal128(18, scale), false),
            array,
        ))
    };
    let columns = vec![
        text("claim_id", |c| &c.claim_id),
        number("year", |c| c.year),
        text("season", |c| c.season.code()),
        text("programme", |c| c.programme),
        text("crop", |c| c.crop),
        text("village_code", |c| &c.village_code),
        number("group_no", |c| c.group_no),
        text("claimant_id", |c| &c.claimant_id),
        text("household_id", |c| &c.household_id),
        text("account", |c| &c.account),
        fixed("area_mu", 4, |c| c.area_mu.raw())?,
        fixed("rate_yuan_per_mu", 2, |c| c.rate_yuan_per_mu.raw())?,
        fixed("amount_yuan", 2, |c| c.amount_yuan.raw())?,
        text("recorder_id", |c| &c.recorder_id),
        text("approver_id", |c| &c.approver_id),
        date("submitted_on", |c| c.submitted_on),
        date("approved_on", |c| c.approved_on),
    ];
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}
