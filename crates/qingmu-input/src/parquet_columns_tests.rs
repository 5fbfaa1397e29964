use super::*;
use arrow::{
    array::{
        Date32Array, Decimal128Array, Decimal256Array, DictionaryArray, Float32Array, Float64Array,
        Int64Array, NullArray, TimestampSecondArray, UInt64Array,
    },
    compute::cast,
    datatypes::i256,
    error::ArrowError,
};
use std::sync::Arc;

/// The cells of an array as text, so that the arrays may go.
fn cells(array: &ArrayRef) -> Option<Vec<String>> {
    let column = CellColumn::new(array)?;
    Some((0..array.len()).map(|row| format!("{:?}", column.cell(row))).collect())
}

#[test]
fn texts_in_all_their_types() -> Result<(), ArrowError> {
    let plain: ArrayRef =
        Arc::new(StringArray::from(vec![Some(" 小麦 "), None, Some(""), Some("maize")]));
    let expected = ["Text(\"小麦\")", "Missing", "Missing", "Text(\"maize\")"];
    let expected = Some(expected.map(str::to_owned).to_vec());
    let dictionary =
        |keys: DataType, values: DataType| DataType::Dictionary(Box::new(keys), Box::new(values));
    for kind in [
        DataType::Utf8,
        DataType::LargeUtf8,
        DataType::Utf8View,
        DataType::Binary,
        DataType::LargeBinary,
        DataType::BinaryView,
        dictionary(DataType::Int32, DataType::Utf8),
        dictionary(DataType::UInt8, DataType::LargeUtf8),
        dictionary(DataType::Int64, DataType::Utf8View),
    ] {
        assert!(is_readable(&kind), "{kind}");
        assert_eq!(cells(&cast(&plain, &kind)?), expected, "{kind}");
    }
    Ok(())
}

#[test]
fn numbers_in_all_their_types() -> Result<(), ArrowError> {
    let plain: ArrayRef = Arc::new(Int64Array::from(vec![Some(7), None, Some(100)]));
    let whole = ["Fixed(7, 0)", "Missing", "Fixed(100, 0)"].map(str::to_owned);
    let real = ["Real(7.0)", "Missing", "Real(100.0)"].map(str::to_owned);
    let tenths = ["Fixed(70, 1)", "Missing", "Fixed(1000, 1)"].map(str::to_owned);
    let integers = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
    ];
    let decimals = [
        DataType::Decimal32(9, 1),
        DataType::Decimal64(18, 1),
        DataType::Decimal128(38, 1),
        DataType::Decimal256(76, 1),
    ];
    let cases = integers.into_iter().map(|kind| (kind, &whole));
    let cases = cases.chain([DataType::Float32, DataType::Float64].map(|kind| (kind, &real)));
    for (kind, expected) in cases.chain(decimals.map(|kind| (kind, &tenths))) {
        assert!(is_readable(&kind), "{kind}");
        assert_eq!(cells(&cast(&plain, &kind)?), Some(expected.to_vec()), "{kind}");
    }
    Ok(())
}

#[test]
fn edges_of_numbers_survive() -> Result<(), ArrowError> {
    let hundreds = Decimal128Array::from(vec![12]).with_precision_and_scale(5, -2)?;
    assert_eq!(cells(&(Arc::new(hundreds) as ArrayRef)), Some(vec!["Fixed(1200, 0)".to_owned()]));
    let huge = Decimal256Array::from(vec![i256::MAX, i256::from_i128(5)]);
    let huge = huge.with_precision_and_scale(76, 2)?;
    let expected = vec![format!("Fixed({}, 0)", i128::MAX), "Fixed(5, 2)".to_owned()];
    assert_eq!(cells(&(Arc::new(huge) as ArrayRef)), Some(expected));
    let big: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX]));
    assert_eq!(cells(&big), Some(vec![format!("Fixed({}, 0)", u64::MAX)]));
    let odd: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN, f64::INFINITY]));
    assert_eq!(cells(&odd), Some(vec!["Real(NaN)".to_owned(), "Real(inf)".to_owned()]));
    let single: ArrayRef = Arc::new(Float32Array::from(vec![0.5]));
    assert_eq!(cells(&single), Some(vec!["Real(0.5)".to_owned()]));
    Ok(())
}

#[test]
fn the_other_types() -> Result<(), ArrowError> {
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]));
    let expected = ["Flag(true)", "Missing", "Flag(false)"].map(str::to_owned);
    assert_eq!(cells(&flags), Some(expected.to_vec()));
    let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(-1), None]));
    let expected = Some(vec!["Date(-1)".to_owned(), "Missing".to_owned()]);
    assert_eq!(cells(&days), expected);
    assert_eq!(cells(&cast(&days, &DataType::Date64)?), expected);
    let nothing: ArrayRef = Arc::new(NullArray::new(2));
    assert_eq!(cells(&nothing), Some(vec!["Missing".to_owned(); 2]));
    let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![&[0xff_u8, b'a'][..]]));
    assert_eq!(cells(&bytes), Some(vec!["Bytes([255, 97])".to_owned()]));
    let times: ArrayRef = Arc::new(TimestampSecondArray::from(vec![0]));
    assert!(!is_readable(times.data_type()));
    assert_eq!(cells(&times), None);
    Ok(())
}

#[test]
fn dictionaries_with_nulls_inside_or_without_values() {
    let values: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
    let keys = arrow::array::Int32Array::from(vec![Some(1), Some(0), None]);
    let array: ArrayRef = Arc::new(DictionaryArray::new(keys, values));
    let expected = ["Missing", "Text(\"a\")", "Missing"].map(str::to_owned);
    assert_eq!(cells(&array), Some(expected.to_vec()));
    let none: ArrayRef = Arc::new(StringArray::from(Vec::<Option<&str>>::new()));
    let keys = arrow::array::Int32Array::from(vec![None, None]);
    let array: ArrayRef = Arc::new(DictionaryArray::new(keys, none));
    assert_eq!(cells(&array), Some(vec!["Missing".to_owned(); 2]));
}
