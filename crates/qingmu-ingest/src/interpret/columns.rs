//! The unit of every column of area or money: named, or proved by every row, or the sheet is refused.

use super::{
    Context, InterpretError, Warning,
    plan::{Bound, Role, implied},
    prove::prove,
};
use crate::{header::Found, structure::Facts};
use qingmu_cells::{Measure, SourceUnit};
use qingmu_model::{ColumnKind, RejectCode};
use qingmu_sheets::{RawSheet, letters};

/// What units are told from.
pub(crate) struct Units<'a> {
    pub(crate) sheet: &'a RawSheet,
    pub(crate) place: &'a str,
    pub(crate) facts: &'a Facts,
    pub(crate) found: &'a Found,
    pub(crate) warnings: Vec<Warning>,
}

impl Units<'_> {
    /// Gives every column of area or money its unit, or refuses.
    pub(crate) fn settle(
        &mut self,
        context: &Context<'_>,
        bound: &mut Vec<Bound>,
    ) -> Result<(), InterpretError> {
        let stated = |name: &str, mapped: Option<&String>| {
            let given = context.constants.get(name).or(mapped);
            given.map(|word| self.stated(name, word)).transpose()
        };
        let mapping = context.mapping;
        let area = stated("area_unit", mapping.and_then(|m| m.area_unit.as_ref()))?;
        let money = stated("money_unit", mapping.and_then(|m| m.money_unit.as_ref()))?;
        let (area, money) = (area.or(self.facts.area_unit), money.or(self.facts.money_unit));
        let is = |field: &str, unit: SourceUnit| {
            bound.iter().any(|b| b.field == field && b.unit == Some(unit))
        };
        let in_mu = area == Some(SourceUnit::Mu) || is("area_mu", SourceUnit::Mu);
        let in_yuan = money == Some(SourceUnit::Yuan) || is("amount_yuan", SourceUnit::Yuan);
        for column in bound.iter_mut() {
            let Some(measure) = measure(column.kind) else { continue };
            // 补贴标准（元） beside areas in mu is yuan per mu.
            let per_mu = measure == Measure::Rate
                && in_mu
                && (in_yuan || column.unit == Some(SourceUnit::Yuan));
            let rate = per_mu.then_some(SourceUnit::YuanPerMu);
            let own = column.unit.filter(|u| !(rate.is_some() && *u == SourceUnit::Yuan));
            let above = match measure {
                Measure::Area => area,
                Measure::Money => money,
                Measure::Rate => rate,
            };
            column.unit = own.or_else(|| implied(&self.header(column.column))).or(above);
            if let Some(unit) = column.unit
                && unit.measure() != measure
            {
                return Err(InterpretError::WrongUnit {
                    place: format!("{}!{}", self.place, letters(column.column)),
                    header: self.header(column.column),
                    unit: unit.word().to_owned(),
                });
            }
        }
        self.prove(bound);
        let open = |b: &Bound| measure(b.kind).is_some() && b.unit.is_none();
        bound.retain(|b| b.role != Role::Aside || !open(b));
        match bound.iter().find(|b| open(b) && !self.in_cells(b.column)) {
            None => Ok(()),
            Some(column) => Err(InterpretError::Unit {
                place: format!("{}!{}", self.place, letters(column.column)),
                header: self.header(column.column),
            }),
        }
    }

    fn stated(&self, name: &str, word: &str) -> Result<SourceUnit, InterpretError> {
        SourceUnit::parse(word).ok_or_else(|| InterpretError::Constant {
            place: self.place.to_owned(),
            field: name.to_owned(),
            value: word.to_owned(),
            reason: RejectCode::BadUnit.title(),
        })
    }

    fn header(&self, column: u32) -> String {
        let label = self.found.labels.get(&column);
        label.map(|l| qingmu_model::mask_quoted(&l.join("/"))).unwrap_or_default()
    }

    /// Fills in what area × rate = amount proves.
    fn prove(&mut self, bound: &mut [Bound]) {
        let fields = ["area_mu", "rate_yuan_per_mu", "amount_yuan"];
        let open = |b: &Bound| fields.contains(&b.field) && b.unit.is_none();
        let in_cells = |b: &Bound| self.in_cells(b.column);
        if !bound.iter().any(|b| open(b) && !in_cells(b)) {
            return;
        }
        let Some(proof) = prove(self.sheet, self.found.last, bound) else { return };
        for column in bound.iter_mut().filter(|b| open(b)) {
            let unit = match measure(column.kind) {
                Some(Measure::Area) => proof.area,
                Some(Measure::Rate) => proof.rate,
                Some(Measure::Money) => proof.amount,
                None => continue,
            };
            column.unit = Some(unit);
            let (letter, header) = (letters(column.column), self.header(column.column));
            let (unit, rows) = (unit.word(), proof.rows);
            self.warnings.push(Warning::new(
                "unit_proved",
                1,
                format!("{letter}列“{header}”未写单位；{rows}行全部符合 面积×标准=金额，按{unit}读取"),
                format!(
                    "column {letter} ({header}) names no unit; in all {rows} rows area × rate = amount, so it was read in {unit}"
                ),
            ));
        }
    }

    /// Whether most cells of a column carry their unit (`3.5亩`); the others become rejects.
    fn in_cells(&self, column: u32) -> bool {
        let (mut with, mut without) = (0_u64, 0_u64);
        for (_, row) in self.sheet.rows.range(self.found.last.saturating_add(1)..) {
            let amount = row.get(&column).and_then(|c| qingmu_cells::read_amount(&c.value).ok()?);
            match amount.map(|a| a.unit.is_some()) {
                Some(true) => with += 1,
                Some(false) => without += 1,
                None => {}
            }
        }
        with > without
    }
}

fn measure(kind: ColumnKind) -> Option<Measure> {
    match kind {
        ColumnKind::Mu => Some(Measure::Area),
        ColumnKind::Yuan => Some(Measure::Money),
        ColumnKind::Rate => Some(Measure::Rate),
        _ => None,
    }
}
