//! `leads.parquet`: the flat form with exact decimals.

use crate::build::Order;
use crate::error::LeadError;
use crate::flat::{COLUMNS, Row, rows};
use crate::id::check_ids;
use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int16Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use qingmu_model::{Lead, Mu, Yuan};
use std::io::Write;
use std::sync::Arc;

const OUTPUT: &str = "leads.parquet";

/// Writes `leads.parquet`: one row per village and year, columns as [`COLUMNS`]; areas `DECIMAL(18,4)`, money
/// `DECIMAL(18,2)`, null where not estimated.
///
/// # Errors
/// [`LeadError`] when ids collide or `out` refuses.
pub fn write_parquet(leads: &[Lead], order: Order, mut out: impl Write) -> Result<(), LeadError> {
    check_ids(leads)?;
    let bytes =
        encode(leads, order).map_err(|source| LeadError::Parquet { output: OUTPUT, source })?;
    out.write_all(&bytes)
        .and_then(|()| out.flush())
        .map_err(|source| LeadError::Write { output: OUTPUT, source })
}

fn encode(leads: &[Lead], order: Order) -> Result<Vec<u8>, ParquetError> {
    let rows = rows(leads, order);
    let columns = columns(&rows)?;
    let schema = Arc::new(schema(&columns));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // The default names the version of a library, which would change the bytes with every upgrade.
        .set_created_by("qingmu".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

/// Columns that every row has.
const FULL: [&str; 10] = [
    "lead_id",
    "kind",
    "region_code",
    "village_code",
    "village_name",
    "year",
    "score",
    "grade",
    "rules",
    "status",
];

fn schema(columns: &[ArrayRef]) -> Schema {
    let field = |(name, column): (&&str, &ArrayRef)| {
        let kind: DataType = column.data_type().clone();
        Field::new(*name, kind, !FULL.contains(name))
    };
    Schema::new(COLUMNS.iter().zip(columns).map(field).collect::<Vec<_>>())
}

fn columns(rows: &[Row<'_>]) -> Result<Vec<ArrayRef>, ParquetError> {
    let text = |get: &dyn Fn(&Row<'_>) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    let real = |get: &dyn Fn(&Row<'_>) -> Option<f64>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<Float64Array>())
    };
    let mu = |get: &dyn Fn(&Row<'_>) -> Option<Mu>| -> Result<ArrayRef, ParquetError> {
        let values = rows.iter().map(|r| get(r).map(|v| i128::from(v.raw())));
        Ok(Arc::new(values.collect::<Decimal128Array>().with_precision_and_scale(18, 4)?))
    };
    let yuan = |get: &dyn Fn(&Row<'_>) -> Option<Yuan>| -> Result<ArrayRef, ParquetError> {
        let values = rows.iter().map(|r| get(r).map(|v| i128::from(v.raw())));
        Ok(Arc::new(values.collect::<Decimal128Array>().with_precision_and_scale(18, 2)?))
    };
    Ok(vec![
        text(&|r| Some(r.lead.lead_id.0.clone())),
        text(&|r| Some(r.lead.kind.to_string())),
        text(&|r| Some(r.lead.region_code.clone())),
        text(&|r| Some(r.member.village_code.clone())),
        text(&|r| Some(r.member.village_name.clone())),
        Arc::new(rows.iter().map(|r| Some(r.lead.year)).collect::<Int16Array>()),
        real(&|r| Some(r.member.score)),
        real(&|r| r.lead.priority),
        text(&|r| Some(r.member.grade.to_string())),
        real(&|r| r.q_value()),
        mu(&|r| r.member.excess_mu)?,
        mu(&|r| r.mu_range().0)?,
        mu(&|r| r.mu_range().1)?,
        yuan(&|r| r.member.excess_yuan)?,
        yuan(&|r| r.yuan_range().0)?,
        yuan(&|r| r.yuan_range().1)?,
        text(&|r| Some(r.rules.clone())),
        text(&|r| r.members.clone()),
        text(&|r| r.lead.first_seen.clone()),
        text(&|r| Some(r.status().to_owned())),
        real(&|r| r.ring_q()),
        real(&|r| r.ring().map(|ring| ring.0)),
        real(&|r| r.ring().map(|ring| ring.1)),
    ])
}
