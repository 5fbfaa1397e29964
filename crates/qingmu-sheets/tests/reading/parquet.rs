//! Parquet files as tables: exact numbers as text, names as the first row, nothing lost in silence.

use crate::make::{sheet, t};
use crate::{direct, isolated, refused};
use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray,
    Float64Array, Int64Array, ListArray, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow::datatypes::{Int32Type, Int64Type};
use parquet::arrow::ArrowWriter;
use qingmu_sheets::{Format, ReadOptions, Value};
use std::sync::Arc;

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn every_plain_type_is_read() {
    let words: DictionaryArray<Int32Type> = [Some("雒仵村"), None].into_iter().collect();
    let area = Decimal128Array::from(vec![Some(123_400), None]).with_precision_and_scale(18, 4);
    let bytes = parquet(vec![
        ("村", Arc::new(words)),
        ("证号", Arc::new(Int64Array::from(vec![610_423_197_001_011_230, 7]))),
        ("面积", Arc::new(area.unwrap())),
        ("单价", Arc::new(Float64Array::from(vec![69.5, f64::INFINITY]))),
        ("干部", Arc::new(BooleanArray::from(vec![true, false]))),
        ("日期", Arc::new(Date32Array::from(vec![Some(19_783), None]))),
        ("时刻", Arc::new(TimestampMillisecondArray::from(vec![Some(1_709_294_400_000), None]))),
        ("字节", Arc::new(BinaryArray::from(vec![Some("甲".as_bytes()), Some(b"")]))),
    ]);
    let book = isolated("台账.parquet", &bytes, &ReadOptions::default()).unwrap();
    assert_eq!((book.format, book.notes.as_slice()), (Format::Parquet, &[][..]));
    let names = ["村", "证号", "面积", "单价", "干部", "日期", "时刻", "字节"];
    let mut cells: Vec<_> =
        (0_u32..).zip(names).map(|(column, name)| (0, column, t(name))).collect();
    cells.extend([
        (1, 0, t("雒仵村")),
        (1, 1, t("610423197001011230")),
        (1, 2, t("12.3400")),
        (1, 3, Value::Number(69.5)),
        (1, 4, Value::Flag(true)),
        (1, 5, Value::Serial(45_352.0)),
        (1, 6, Value::Serial(45_352.0)),
        (1, 7, t("甲")),
        (2, 1, t("7")),
        (2, 3, Value::Number(f64::INFINITY)),
        (2, 4, Value::Flag(false)),
    ]);
    assert_eq!(book.sheets, [sheet("", &cells)]);
}

#[test]
fn what_is_no_table_is_refused() {
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>([Some([Some(1)])]);
    let refusal = refused(direct(
        "a.parquet",
        &parquet(vec![("组", Arc::new(list))]),
        &ReadOptions::default(),
    ));
    assert_eq!(refusal.code.code(), "QM-IN-102");
    assert!(
        refusal.what.zh.starts_with("列 组 的类型 ") && refusal.what.zh.ends_with(" 不是表格数据"),
        "{refusal}"
    );
    assert!(refusal.what.en.ends_with(", which no table holds"), "{refusal}");
    let wrong = BinaryArray::from(vec![Some(&b"\xFF\xFE"[..])]);
    let refusal = refused(direct(
        "a.parquet",
        &parquet(vec![("名", Arc::new(wrong))]),
        &ReadOptions::default(),
    ));
    assert_eq!(refusal.what.zh, "列 名 的类型 Binary 不是表格数据");
}

#[test]
fn truncated_and_changed_files_never_stop_the_parent() {
    let text: StringArray = (0..2000).map(|n| Some(format!("村{n}"))).collect();
    let bytes = parquet(vec![("村", Arc::new(text))]);
    for percent in 0..100 {
        let cut = &bytes[..bytes.len() * percent / 100];
        assert!(isolated("a.parquet", cut, &ReadOptions::default()).is_err(), "{percent} %");
    }
    for n in 0..100 {
        let mut changed = bytes.clone();
        let at = (n * 7919) % changed.len();
        changed[at] ^= 1 << (n % 8);
        // Either another table or a refusal; a wrong checksum is not stored by every writer.
        let _ = isolated("a.parquet", &changed, &ReadOptions::default());
    }
}
