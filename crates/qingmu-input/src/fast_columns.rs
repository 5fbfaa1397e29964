//! One column of many rows at once: texts as codes, identities as hashes, numbers at their fixed scale.

use crate::batch::{MISSING_CODE, MISSING_FIXED, MISSING_GROUP, MISSING_ID, TextColumn};
use crate::cells::{self, YEARS};
use crate::hash::id_hash;
use crate::parquet_columns::CellColumn;
use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Decimal32Type, Decimal64Type, Decimal128Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
};
use hashbrown::HashMap;
use qingmu_model::{AreaUnit, Mu, Season, Yuan};
use std::sync::Arc;

/// Rows that the fast way cannot vouch for.
pub(crate) struct Marks {
    rows: Vec<bool>,
    any: bool,
}

impl Marks {
    pub(crate) fn new(rows: usize) -> Self {
        Self { rows: vec![false; rows], any: false }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn any(&self) -> bool {
        self.any
    }

    pub(crate) fn is_marked(&self, row: usize) -> bool {
        self.rows[row]
    }

    fn mark(&mut self, row: usize) {
        self.rows[row] = true;
        self.any = true;
    }

    fn mark_all(&mut self) {
        self.rows.fill(true);
        self.any = true;
    }
}

/// A text column and the texts added to its dictionary by single rows.
#[derive(Default)]
pub(crate) struct Texts {
    column: TextColumn,
    added: HashMap<Arc<str>, u32>,
}

/// Fixed-point numbers and the rows in which rounding moved them.
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) values: Vec<i64>,
    moved: Vec<bool>,
    any_moved: bool,
}

pub(crate) fn pick<T: Copy>(values: Vec<T>, kept: Option<&[u32]>) -> Vec<T> {
    match kept {
        Some(list) => list.iter().map(|row| values[*row as usize]).collect(),
        None => values,
    }
}

impl Texts {
    pub(crate) fn put(&mut self, row: usize, text: Option<&str>) {
        let Some(text) = text else {
            self.column.code[row] = MISSING_CODE;
            return;
        };
        let code = if let Some(known) = self.added.get(text) {
            *known
        } else {
            let new: Arc<str> = Arc::from(text);
            let code = u32::try_from(self.column.dict.len()).unwrap_or(MISSING_CODE);
            self.column.dict.push(new.clone());
            self.added.insert(new, code);
            code
        };
        self.column.code[row] = code;
    }

    pub(crate) fn finish(self, kept: Option<&[u32]>) -> TextColumn {
        TextColumn { dict: self.column.dict, code: pick(self.column.code, kept) }
    }
}

impl Numbers {
    pub(crate) fn put(&mut self, row: usize, value: i64, moved: bool) {
        self.values[row] = value;
        if moved || self.any_moved {
            self.set_moved(row, moved);
        }
    }

    fn set_moved(&mut self, row: usize, moved: bool) {
        self.moved.resize(self.values.len(), false);
        self.moved[row] = moved;
        self.any_moved = true;
    }

    pub(crate) fn count_moved(&self) -> u64 {
        self.moved.iter().filter(|m| **m).count() as u64
    }
}

/// Whether bytes are a text that trimming leaves as it is: ASCII at both ends, no white space there.
fn is_plain(bytes: &[u8]) -> bool {
    match (bytes.first(), bytes.last()) {
        (Some(a), Some(z)) => a.is_ascii_graphic() && z.is_ascii_graphic(),
        _ => false,
    }
}

fn is_clean(text: &str) -> bool {
    is_plain(text.as_bytes()) || (!text.is_empty() && text.trim().len() == text.len())
}

/// Codes into a dictionary whose entries are checked once.
pub(crate) fn texts(
    array: Option<&ArrayRef>,
    rows: usize,
    required: bool,
    fits: impl Fn(&str) -> bool,
    marks: &mut Marks,
) -> Texts {
    let mut texts = Texts::default();
    texts.column.code = vec![MISSING_CODE; rows];
    let dictionary = array.and_then(|a| a.as_any_dictionary_opt()).and_then(|d| {
        let keys = d.keys().as_primitive_opt::<Int32Type>()?;
        Some((keys, d.values().as_string_opt::<i32>()?))
    });
    let Some((keys, values)) = dictionary else {
        marks.mark_all();
        return texts;
    };
    let clean: Vec<bool> = (0..values.len())
        .map(|i| values.is_valid(i) && is_clean(values.value(i)) && fits(values.value(i)))
        .collect();
    texts.column.dict = (0..values.len()).map(|i| Arc::from(values.value(i))).collect();
    let all_clean = clean.iter().all(|c| *c);
    for (row, (key, code)) in keys.values().iter().zip(&mut texts.column.code).enumerate() {
        if keys.is_null(row) {
            if required {
                marks.mark(row);
            }
            continue;
        }
        let Ok(key) = usize::try_from(*key) else {
            marks.mark(row);
            continue;
        };
        if all_clean || clean.get(key) == Some(&true) {
            *code = u32::try_from(key).unwrap_or(MISSING_CODE);
        } else {
            marks.mark(row);
        }
    }
    texts
}

pub(crate) fn seasons(array: Option<&ArrayRef>, rows: usize, marks: &mut Marks) -> Vec<Season> {
    if array.is_none() {
        return vec![Season::Y; rows];
    }
    let is_season = |text: &str| matches!(text, "S" | "A" | "Y");
    let codes = texts(array, rows, false, is_season, marks).column;
    let of: Vec<Season> = codes.dict.iter().map(|text| text.parse().unwrap_or_default()).collect();
    codes.code.iter().map(|code| of.get(*code as usize).copied().unwrap_or_default()).collect()
}

/// Marks rows without a text.
pub(crate) fn present(array: &ArrayRef, marks: &mut Marks) {
    let Some(values) = array.as_string_view_opt() else { return marks.mark_all() };
    for row in 0..values.len() {
        if values.is_null(row) || !is_plain(values.value(row).as_bytes()) {
            marks.mark(row);
        }
    }
}

pub(crate) fn ids(array: &ArrayRef, required: bool, marks: &mut Marks) -> Vec<u128> {
    let Some(values) = array.as_string_view_opt() else {
        marks.mark_all();
        return vec![MISSING_ID; array.len()];
    };
    let mut hashes = Vec::with_capacity(values.len());
    for row in 0..values.len() {
        if values.is_null(row) {
            if required {
                marks.mark(row);
            }
            hashes.push(MISSING_ID);
            continue;
        }
        let bytes = values.value(row).as_bytes();
        if is_plain(bytes) {
            hashes.push(id_hash(bytes));
        } else {
            marks.mark(row);
            hashes.push(MISSING_ID);
        }
    }
    hashes
}

pub(crate) fn years(array: Option<&ArrayRef>, rows: usize, marks: &mut Marks) -> Vec<i16> {
    let mut years = vec![0; rows];
    let found = array.is_some_and(|array| {
        each_integer(array, |row, value| match value.and_then(|v| i16::try_from(v).ok()) {
            Some(year) if YEARS.contains(&year) => years[row] = year,
            _ => marks.mark(row),
        })
    });
    if !found {
        marks.mark_all();
    }
    years
}

/// Numbers of villagers' groups; a cell that holds none is missing and refuses no row.
pub(crate) fn groups(array: &ArrayRef) -> Vec<i16> {
    let Some(column) = CellColumn::new(array) else { return vec![MISSING_GROUP; array.len()] };
    let number = |row| cells::group(column.cell(row)).unwrap_or(MISSING_GROUP);
    (0..array.len()).map(number).collect()
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Area(AreaUnit),
    Amount,
    Rate(AreaUnit),
}

/// Areas and money at their fixed scale; what is missing stays so only for rates.
pub(crate) fn numbers(
    array: Option<&ArrayRef>,
    rows: usize,
    kind: Kind,
    marks: &mut Marks,
) -> Numbers {
    let mut taken = Numbers { values: vec![MISSING_FIXED; rows], ..Numbers::default() };
    let Some(array) = array else {
        marks.mark_all();
        return taken;
    };
    if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        floats(values, kind, &mut taken, marks);
        return taken;
    }
    let scale = match array.data_type() {
        DataType::Decimal32(_, s) | DataType::Decimal64(_, s) | DataType::Decimal128(_, s) => *s,
        _ => 0,
    };
    let (target, in_mu) = match kind {
        Kind::Area(unit) => (Mu::SCALE, unit == AreaUnit::Mu),
        Kind::Amount => (Yuan::SCALE, true),
        Kind::Rate(unit) => (Yuan::SCALE, unit == AreaUnit::Mu),
    };
    let up = u32::try_from(scale).ok().and_then(|scale| target.checked_sub(scale));
    let factor = up.filter(|_| in_mu).and_then(|up| 10_i64.checked_pow(up));
    let lowest = if matches!(kind, Kind::Area(_)) { 0 } else { MISSING_FIXED + 1 };
    let optional = matches!(kind, Kind::Rate(_));
    let values = &mut taken.values;
    let found = each_integer(array, |row, value| match (value, factor) {
        (None, _) if optional => {}
        (Some(value), Some(factor)) => match value.checked_mul(factor) {
            Some(fixed) if fixed >= lowest => values[row] = fixed,
            _ => marks.mark(row),
        },
        _ => marks.mark(row),
    });
    if !found {
        marks.mark_all();
    }
    taken
}

fn floats(
    values: &PrimitiveArray<Float64Type>,
    kind: Kind,
    taken: &mut Numbers,
    marks: &mut Marks,
) {
    for row in 0..values.len() {
        if values.is_null(row) {
            if !matches!(kind, Kind::Rate(_)) {
                marks.mark(row);
            }
            continue;
        }
        let value = values.value(row);
        let fixed = match kind {
            Kind::Area(unit) if value >= 0.0 => {
                Mu::from_f64_in(value, unit).map(|(mu, moved)| (mu.raw(), moved))
            }
            Kind::Amount | Kind::Rate(AreaUnit::Mu) => {
                Yuan::from_f64(value).map(|(yuan, moved)| (yuan.raw(), moved))
            }
            _ => None,
        };
        match fixed {
            Some((fixed, moved)) => taken.put(row, fixed, moved),
            None => marks.mark(row),
        }
    }
}

/// Calls `take` with every row's integer (the mantissa of a decimal), `None` for null; `false` for other types.
fn each_integer(array: &ArrayRef, take: impl FnMut(usize, Option<i64>)) -> bool {
    match array.data_type() {
        DataType::Int8 => integers(array.as_primitive::<Int8Type>(), |v| Some(v.into()), take),
        DataType::Int16 => integers(array.as_primitive::<Int16Type>(), |v| Some(v.into()), take),
        DataType::Int32 => integers(array.as_primitive::<Int32Type>(), |v| Some(v.into()), take),
        DataType::Int64 => integers(array.as_primitive::<Int64Type>(), Some, take),
        DataType::UInt8 => integers(array.as_primitive::<UInt8Type>(), |v| Some(v.into()), take),
        DataType::UInt16 => integers(array.as_primitive::<UInt16Type>(), |v| Some(v.into()), take),
        DataType::UInt32 => integers(array.as_primitive::<UInt32Type>(), |v| Some(v.into()), take),
        DataType::Decimal32(..) => {
            integers(array.as_primitive::<Decimal32Type>(), |v| Some(v.into()), take);
        }
        DataType::Decimal64(..) => integers(array.as_primitive::<Decimal64Type>(), Some, take),
        DataType::Decimal128(..) => {
            integers(array.as_primitive::<Decimal128Type>(), |v| i64::try_from(v).ok(), take);
        }
        _ => return false,
    }
    true
}

/// A value that does not fit goes out as `i64::MIN`, which no checked number is.
fn integers<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    narrow: impl Fn(T::Native) -> Option<i64>,
    mut take: impl FnMut(usize, Option<i64>),
) {
    let fit = |value| Some(narrow(value).unwrap_or(MISSING_FIXED));
    match array.nulls() {
        None => array.values().iter().enumerate().for_each(|(row, v)| take(row, fit(*v))),
        Some(nulls) => {
            for (row, value) in array.values().iter().enumerate() {
                take(row, if nulls.is_valid(row) { fit(*value) } else { None });
            }
        }
    }
}
