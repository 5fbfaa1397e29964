//! Arrow arrays of any type that a table's column may have, read cell by cell.

use crate::cells::Cell;
use arrow::{
    array::{
        Array, ArrayRef, AsArray, BinaryArray, BinaryViewArray, BooleanArray, LargeBinaryArray,
        LargeStringArray, PrimitiveArray, StringArray, StringViewArray,
    },
    buffer::NullBuffer,
    datatypes::{
        DataType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
        Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};

/// One array whose cells can be read.
#[derive(Debug, Clone)]
pub(crate) struct CellColumn {
    values: Values,
    /// Null rows; a dictionary's are those of its keys and of its values.
    nulls: Option<NullBuffer>,
}

#[derive(Debug, Clone)]
enum Values {
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    Binary(BinaryArray),
    LargeBinary(LargeBinaryArray),
    BinaryView(BinaryViewArray),
    Flag(BooleanArray),
    Int8(PrimitiveArray<Int8Type>),
    Int16(PrimitiveArray<Int16Type>),
    Int32(PrimitiveArray<Int32Type>),
    Int64(PrimitiveArray<Int64Type>),
    UInt8(PrimitiveArray<UInt8Type>),
    UInt16(PrimitiveArray<UInt16Type>),
    UInt32(PrimitiveArray<UInt32Type>),
    UInt64(PrimitiveArray<UInt64Type>),
    Float32(PrimitiveArray<Float32Type>),
    Float64(PrimitiveArray<Float64Type>),
    Decimal32(PrimitiveArray<Decimal32Type>, i8),
    Decimal64(PrimitiveArray<Decimal64Type>, i8),
    Decimal128(PrimitiveArray<Decimal128Type>, i8),
    Decimal256(PrimitiveArray<Decimal256Type>, i8),
    Date32(PrimitiveArray<Date32Type>),
    Date64(PrimitiveArray<Date64Type>),
    Null,
    /// Keys into values.
    Dictionary(Vec<usize>, Box<Values>),
}

/// Whether cells of this type can be read.
pub(crate) fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => {
            !matches!(**values, DataType::Dictionary(..)) && is_readable(values)
        }
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Boolean
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..)
        | DataType::Date32
        | DataType::Date64 => true,
        _ => kind.is_integer(),
    }
}

impl CellColumn {
    /// Wraps an array; `None` if its type is not [readable](is_readable).
    pub(crate) fn new(array: &ArrayRef) -> Option<Self> {
        Some(Self { values: Values::new(array)?, nulls: array.logical_nulls() })
    }

    /// The cell in a row of the array.
    pub(crate) fn cell(&self, row: usize) -> Cell<'_> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return Cell::Missing;
        }
        self.values.cell(row)
    }
}

impl Values {
    fn new(array: &ArrayRef) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Self::Utf8(array.as_string::<i32>().clone()),
            DataType::LargeUtf8 => Self::LargeUtf8(array.as_string::<i64>().clone()),
            DataType::Utf8View => Self::Utf8View(array.as_string_view().clone()),
            DataType::Binary => Self::Binary(array.as_binary::<i32>().clone()),
            DataType::LargeBinary => Self::LargeBinary(array.as_binary::<i64>().clone()),
            DataType::BinaryView => Self::BinaryView(array.as_binary_view().clone()),
            DataType::Boolean => Self::Flag(array.as_boolean().clone()),
            DataType::Float32 => Self::Float32(array.as_primitive().clone()),
            DataType::Float64 => Self::Float64(array.as_primitive().clone()),
            DataType::Decimal32(_, s) => Self::Decimal32(array.as_primitive().clone(), *s),
            DataType::Decimal64(_, s) => Self::Decimal64(array.as_primitive().clone(), *s),
            DataType::Decimal128(_, s) => Self::Decimal128(array.as_primitive().clone(), *s),
            DataType::Decimal256(_, s) => Self::Decimal256(array.as_primitive().clone(), *s),
            DataType::Date32 => Self::Date32(array.as_primitive().clone()),
            DataType::Date64 => Self::Date64(array.as_primitive().clone()),
            DataType::Null => Self::Null,
            DataType::Dictionary(..) => return Self::dictionary(array),
            _ => return Self::integers(array),
        })
    }

    fn integers(array: &ArrayRef) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Int8 => Self::Int8(array.as_primitive().clone()),
            DataType::Int16 => Self::Int16(array.as_primitive().clone()),
            DataType::Int32 => Self::Int32(array.as_primitive().clone()),
            DataType::Int64 => Self::Int64(array.as_primitive().clone()),
            DataType::UInt8 => Self::UInt8(array.as_primitive().clone()),
            DataType::UInt16 => Self::UInt16(array.as_primitive().clone()),
            DataType::UInt32 => Self::UInt32(array.as_primitive().clone()),
            DataType::UInt64 => Self::UInt64(array.as_primitive().clone()),
            _ => return None,
        })
    }

    fn dictionary(array: &ArrayRef) -> Option<Self> {
        if !is_readable(array.data_type()) {
            return None;
        }
        let dictionary = array.as_any_dictionary();
        if dictionary.values().is_empty() {
            // Without values every key is null.
            return Some(Self::Null);
        }
        let values = Box::new(Self::new(dictionary.values())?);
        Some(Self::Dictionary(dictionary.normalized_keys(), values))
    }

    fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Self::Utf8(a) => Cell::text(a.value(row)),
            Self::LargeUtf8(a) => Cell::text(a.value(row)),
            Self::Utf8View(a) => Cell::text(a.value(row)),
            Self::Binary(a) => Cell::bytes(a.value(row)),
            Self::LargeBinary(a) => Cell::bytes(a.value(row)),
            Self::BinaryView(a) => Cell::bytes(a.value(row)),
            Self::Flag(a) => Cell::Flag(a.value(row)),
            Self::Int8(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::Int16(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::Int32(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::Int64(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::UInt8(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::UInt16(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::UInt32(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::UInt64(a) => Cell::Fixed(a.value(row).into(), 0),
            Self::Float32(a) => Cell::Real(a.value(row).into()),
            Self::Float64(a) => Cell::Real(a.value(row)),
            Self::Decimal32(a, scale) => fixed(Some(a.value(row).into()), *scale),
            Self::Decimal64(a, scale) => fixed(Some(a.value(row).into()), *scale),
            Self::Decimal128(a, scale) => fixed(Some(a.value(row)), *scale),
            Self::Decimal256(a, scale) => fixed(a.value(row).to_i128(), *scale),
            Self::Date32(a) => Cell::Date(a.value(row).into()),
            Self::Date64(a) => Cell::Date(a.value(row).div_euclid(86_400_000)),
            Self::Null => Cell::Missing,
            Self::Dictionary(keys, values) => values.cell(keys[row]),
        }
    }
}

/// A decimal with Arrow's scale, which may be negative. What leaves the range of 128 bits is out of the
/// range of every quantity too.
fn fixed(value: Option<i128>, scale: i8) -> Cell<'static> {
    let place = u32::from(scale.unsigned_abs());
    let shifted = match value {
        Some(value) if scale >= 0 => return Cell::Fixed(value, place),
        Some(value) => 10_i128.checked_pow(place).and_then(|up| value.checked_mul(up)),
        None => None,
    };
    Cell::Fixed(shifted.unwrap_or(i128::MAX), 0)
}

#[cfg(test)]
#[path = "parquet_columns_tests.rs"]
mod tests;
