//! Units that nobody wrote but every row proves: area × rate = amount in one combination of units only.

use super::plan::{Bound, Role};
use crate::structure::total_label;
use qingmu_cells::{SourceUnit, read_amount};
use qingmu_model::{ColumnKind, Decimal};
use qingmu_sheets::{RawSheet, Row, Value};

/// Units tried for a column that names none.
const AREAS: [SourceUnit; 5] = [
    SourceUnit::Mu,
    SourceUnit::Hectare,
    SourceUnit::SquareMetre,
    SourceUnit::Fen,
    SourceUnit::WanMu,
];
const RATES: [SourceUnit; 2] = [SourceUnit::YuanPerMu, SourceUnit::YuanPerHectare];
const AMOUNTS: [SourceUnit; 2] = [SourceUnit::Yuan, SourceUnit::WanYuan];

/// One combination of units, with the rows that prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) area: SourceUnit,
    pub(crate) rate: SourceUnit,
    pub(crate) amount: SourceUnit,
    pub(crate) rows: u64,
}

/// Columns whose product is looked at, each with the unit it names.
struct Columns {
    areas: Vec<u32>,
    area: Option<SourceUnit>,
    rate: (u32, Option<SourceUnit>),
    amount: (u32, Option<SourceUnit>),
}

/// The one combination that every row proves to 0.01 yuan; `None` where rows contradict, where nothing is proved or
/// where two combinations fit.
pub(crate) fn prove(sheet: &RawSheet, header: u32, bound: &[Bound]) -> Option<Proof> {
    let columns = columns(bound)?;
    let some = |unit: Option<SourceUnit>, all: &[SourceUnit]| {
        unit.map_or_else(|| all.to_vec(), |unit| vec![unit])
    };
    let rows: Vec<[Decimal; 3]> = sheet
        .rows
        .range(header.saturating_add(1)..)
        .filter(|(_, row)| !total(row))
        .filter_map(|(_, row)| figures(row, &columns))
        .collect();
    let mut found = None;
    for area in some(columns.area, &AREAS) {
        for rate in some(columns.rate.1, &RATES) {
            for amount in some(columns.amount.1, &AMOUNTS) {
                let proof = Proof { area, rate, amount, rows: rows.len() as u64 };
                let nonzero = rows.iter().any(|[.., money]| money.mantissa != 0);
                if nonzero && rows.iter().all(|row| fits(row, proof)) {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(proof);
                }
            }
        }
    }
    found
}

fn columns(bound: &[Bound]) -> Option<Columns> {
    let stored = |field: &'static str| {
        bound.iter().filter(move |b| b.role == Role::Stored && b.field == field)
    };
    let one = |field: &'static str| {
        let mut all = stored(field);
        let first = all.next()?;
        (all.next().is_none() && first.crop.is_none()).then_some((first.column, first.unit))
    };
    let areas: Vec<u32> = stored("area_mu").map(|b| b.column).collect();
    let mut units = stored("area_mu").map(|b| b.unit);
    let area = units.next()?;
    let same = units.all(|unit| unit == area);
    same.then_some(())?;
    let rate =
        one("rate_yuan_per_mu").filter(|_| bound.iter().any(|b| b.kind == ColumnKind::Rate))?;
    Some(Columns { areas, area, rate, amount: one("amount_yuan")? })
}

/// Area (over all crops), rate and amount of a row; `None` for a row that lacks one.
fn figures(row: &Row, columns: &Columns) -> Option<[Decimal; 3]> {
    let number = |column: u32| {
        let amount = read_amount(&row.get(&column)?.value).ok()??;
        amount.unit.is_none().then_some(amount.value)
    };
    let mut area: Option<Decimal> = None;
    for value in columns.areas.iter().filter_map(|c| number(*c)) {
        area = Some(match area {
            None => value,
            Some(sum) => plus(sum, value)?,
        });
    }
    Some([area?, number(columns.rate.0)?, number(columns.amount.0)?])
}

fn plus(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale.max(b.scale);
    let raised = |d: Decimal| d.mantissa.checked_mul(10_i128.checked_pow(scale - d.scale)?);
    Some(Decimal { mantissa: raised(a)?.checked_add(raised(b)?)?, scale })
}

fn fits([area, rate, amount]: &[Decimal; 3], proof: Proof) -> bool {
    let read = || {
        let (mu, _) = proof.area.mu(*area)?;
        let (rate, _) = proof.rate.yuan(*rate)?;
        let (yuan, _) = proof.amount.yuan(*amount)?;
        Some((i128::from(mu.raw()) * i128::from(rate.raw()), i128::from(yuan.raw())))
    };
    // 0.0001 mu times fen is 10^-4 fen; a fen of rounding is allowed.
    read().is_some_and(|(product, fen)| (product - fen * 10_000).abs() <= 10_000)
}

fn total(row: &Row) -> bool {
    row.values().take(3).any(|cell| match &cell.value {
        Value::Text(text) => total_label(text).is_some(),
        _ => false,
    })
}
