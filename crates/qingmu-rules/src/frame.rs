//! A view as a columnar frame: numbers as doubles, texts and identities as codes, flags as booleans.

use crate::partition;
use crate::uses::DEPENDENT;
use polars::prelude::{
    BooleanChunked, Column as Series, DataFrame, DataType, Float64Chunked, IntoColumn,
    NewChunkedArray, PlSmallStr, PolarsResult, UInt32Chunked,
};
use qingmu_model::{Column, Data, View};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Frame column of each row's row a year before.
pub(crate) const PREVIOUS: &str = "previous";
/// Frame column of row numbers.
pub(crate) const ROW: &str = "row";

/// A view ready for the columnar engine. Frame columns have names of their own, so that no crop or rule
/// can name one by chance.
pub(crate) struct Frame {
    pub(crate) data: DataFrame,
    /// View column (or its dependent flags) to frame column.
    names: HashMap<String, String>,
    /// Equal text, equal code, over all columns.
    texts: HashMap<Arc<str>, u32>,
}

impl Frame {
    /// Frame of the wanted columns of a view; those that the view lacks stay out.
    pub(crate) fn new(view: &View, wanted: &BTreeSet<String>) -> PolarsResult<Self> {
        let mut texts = HashMap::new();
        let mut names = HashMap::new();
        let mut columns = vec![
            UInt32Chunked::from_slice_options(name(PREVIOUS), &partition::previous_year(view)),
            UInt32Chunked::from_iter_values(
                name(ROW),
                0..u32::try_from(view.rows).unwrap_or(u32::MAX),
            ),
        ]
        .into_iter()
        .map(IntoColumn::into_column)
        .collect::<Vec<Series>>();
        for column in view.columns.iter().filter(|c| wanted.contains(&c.name)) {
            let own = format!("c{}", columns.len());
            columns.push(values(column, &own, &mut texts, view.rows));
            names.insert(column.name.clone(), own);
            if column.dependent.contains(&true) {
                let own = format!("c{}", columns.len());
                let flag = |row| Some(column.dependent.get(row).copied().unwrap_or(false));
                columns.push(
                    BooleanChunked::from_iter_options(name(&own), (0..view.rows).map(flag))
                        .into_column(),
                );
                names.insert(format!("{DEPENDENT}{}", column.name), own);
            }
        }
        Ok(Self { data: DataFrame::new(view.rows, columns)?, names, texts })
    }

    /// Frame column of a view column, if the view has it.
    pub(crate) fn name(&self, column: &str) -> Option<&str> {
        self.names.get(column).map(String::as_str)
    }

    /// Type of a frame column.
    pub(crate) fn dtype(&self, own: &str) -> Option<DataType> {
        self.data.column(own).ok().map(|c| c.dtype().clone())
    }

    /// Code of a text that some row has.
    pub(crate) fn code(&self, text: &str) -> Option<u32> {
        self.texts.get(text).copied()
    }

    /// How many codes are taken.
    pub(crate) fn codes(&self) -> usize {
        self.texts.len()
    }
}

fn name(own: &str) -> PlSmallStr {
    PlSmallStr::from_str(own)
}

/// The code after `len` codes.
pub(crate) fn next(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn values(column: &Column, own: &str, texts: &mut HashMap<Arc<str>, u32>, rows: usize) -> Series {
    match &column.data {
        Data::Fixed { .. } | Data::Real(_) => {
            // Adding zero: no -0.0 in either engine.
            let numbers = (0..rows).map(|row| column.number(row).map(|v| v + 0.0));
            Float64Chunked::from_iter_options(name(own), numbers).into_column()
        }
        Data::Flag(_) => {
            let flags = (0..rows).map(|row| column.flag(row));
            BooleanChunked::from_iter_options(name(own), flags).into_column()
        }
        Data::Text(_) => {
            let codes = (0..rows).map(|row| {
                let text = column.text(row)?;
                if let Some(code) = texts.get(text) {
                    return Some(*code);
                }
                let code = next(texts.len());
                texts.insert(text.clone(), code);
                Some(code)
            });
            UInt32Chunked::from_iter_options(name(own), codes).into_column()
        }
    }
}
