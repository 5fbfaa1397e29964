//! All rows of a sheet, in order, each with its end: kept, quarantined, or skipped for a reason.

use super::{
    Context, Control, Interpreted, Warning,
    heading::{self, Block, Stated},
    members,
    merged::Merged,
    plan::{Bound, Plan, Role},
    record::{Cells, Notes, Reader, Refused, same_as_above},
    remarks::{self, masked, remarks},
    row_cells::{add, goes_on, texts, word},
    slips,
    titles::{Opened, Titles, names_table},
};
use crate::{
    header::looks_like_header,
    structure::{Line, Numbers, SkipReason, TotalKind, footer, reconcile, total_label},
};
use qingmu_cells::{IdColumn, read_amount, read_plain};
use qingmu_model::{ColumnKind, Reject, RejectCode};
use qingmu_sheets::{Cell, RawSheet, Row, Value, letters};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that a blank cell takes from above, widest first: a new town ends its villages, a new village its groups.
const FILLED: [&str; 4] = ["town_name", "village_code", "village_name", "group_no"];

/// What a row turned out to be.
enum Kind {
    Skip(SkipReason),
    Total(TotalKind),
    /// The sums of the rows below it.
    Above,
    Heading(Result<Block, RejectCode>),
    OtherHeader,
    Data,
}

/// Reads every row of a planned sheet.
pub(crate) fn read(sheet: &RawSheet, context: &Context<'_>, mut plan: Plan) -> Interpreted {
    let warnings = std::mem::take(&mut plan.warnings);
    let town = plan.town.clone();
    let context = &Context { town: context.town.or(town.as_deref()), ..context.clone() };
    let mut walk = Walk::new(sheet, context, &plan);
    walk.warnings = warnings;
    walk.titles = walk.titles_of_blocks();
    for (row, cells) in &sheet.rows {
        walk.row(*row, cells);
    }
    walk.finish()
}

struct Walk<'a> {
    sheet: &'a RawSheet,
    plan: &'a Plan,
    merged: Merged,
    reader: Reader<'a>,
    header_texts: Vec<Vec<String>>,
    above: BTreeMap<u32, &'a Value>,
    in_footer: bool,
    titles: Titles,
    /// Rows that hold the sums of those below them.
    above_rows: BTreeSet<u32>,
    /// The columns of another table began: nothing below is what its column says.
    foreign: Option<u32>,
    lines: Vec<Line>,
    warnings: Vec<Warning>,
    out: Interpreted,
}

impl<'a> Walk<'a> {
    fn new(sheet: &'a RawSheet, context: &'a Context<'a>, plan: &'a Plan) -> Self {
        let data = || sheet.rows.range(plan.found.last.saturating_add(1)..);
        let persons = plan.bound.iter().filter(|b| b.kind == ColumnKind::Person);
        let ids = persons.map(|b| {
            let values = data().filter_map(|(_, row)| row.get(&b.column)).map(|c| &c.value);
            (b.column, IdColumn::look(values, context.id_rule))
        });
        let reader = Reader {
            context,
            plan,
            ids: ids.collect(),
            common: remarks::common(sheet, plan),
            notes: Notes::default(),
            block: Block::default(),
        };
        let header = sheet.rows.range(plan.found.first..=plan.found.last);
        Self {
            sheet,
            plan,
            merged: Merged::new(sheet),
            reader,
            header_texts: header.map(|(_, cells)| texts(cells)).collect(),
            above: BTreeMap::new(),
            in_footer: false,
            titles: Titles::default(),
            above_rows: members::sums_above(sheet, plan),
            foreign: None,
            lines: Vec::new(),
            warnings: Vec::new(),
            out: Interpreted {
                table: plan.table.name,
                mapping: plan.mapping.clone(),
                header: (
                    u64::from(plan.found.first) + context.first_row,
                    u64::from(plan.found.last) + context.first_row,
                ),
                given: plan.constants.clone(),
                rows: Vec::new(),
                read: Control::default(),
                skipped_sums: Control::default(),
                kept: Control::default(),
                quarantined: Control::default(),
                skipped: BTreeMap::new(),
                totals: Vec::new(),
                warnings: Vec::new(),
                rejects: Vec::new(),
            },
        }
    }

    /// The lines above every further header of the sheet.
    fn titles_of_blocks(&self) -> Titles {
        let mut titles = Titles::default();
        let below = || self.sheet.rows.range(self.plan.found.last.saturating_add(1)..);
        for (row, _) in below().filter(|(_, cells)| self.is_header(cells)) {
            let line = |(row, cells): (&u32, &Row)| {
                let place = |b: &Bound| b.role == Role::Region || b.kind == ColumnKind::Village;
                let own = |c: &u32| self.plan.bound.iter().any(|b| b.column == *c && place(b));
                if goes_on(cells) {
                    return (*row, Some(Vec::new()));
                }
                // A village under its own column is a record without figures, or a heading.
                let record = cells.keys().all(own) && !texts(cells).iter().any(|t| names_table(t));
                let words = !record && !self.is_header(cells) && !self.has_id(cells);
                let texts = texts(cells);
                (*row, Some(texts).filter(|t| words && t.len() == cells.len()))
            };
            let above = self.sheet.rows.range(self.plan.found.last.saturating_add(1)..*row);
            titles.add(*row, above.rev().map(line), &self.plan.titles);
        }
        titles
    }

    fn is_header(&self, cells: &Row) -> bool {
        let texts = texts(cells);
        texts.len() > 1 && self.header_texts.contains(&texts)
    }

    /// The header once more: a new page, or a table with a title of its own.
    fn repeated_header(&mut self, row: u32) {
        let block = &self.reader.block;
        match self.titles.opened(row, block, self.plan, self.reader.context) {
            Opened::Page => {}
            Opened::Block(block) => {
                self.foreign = None;
                self.above.clear();
                self.reader.block = block;
            }
            Opened::Foreign => self.foreign = Some(row),
        }
    }

    fn row(&mut self, row: u32, cells: &'a Row) {
        let mut sums = self.sums(cells);
        let kind = self.kind(row, cells);
        if matches!(kind, Kind::Skip(_) | Kind::Total(_) | Kind::Above | Kind::Heading(Ok(_))) {
            // Words of a title or header under a figure's column are no figures.
            sums.unreadable = 0;
        }
        self.out.read = self.out.read.plus(sums);
        let skipped = match kind {
            Kind::Skip(reason) => Some(reason),
            Kind::Total(kind) => {
                let numbers = self.numbers(cells);
                self.lines.push(Line::Total(row, kind, numbers));
                // The next row may begin another block: what it leaves blank is not known.
                self.above.clear();
                if kind == TotalKind::Grand && self.reader.block != Block::default() {
                    self.reader.block.village = Stated::Unknown(RejectCode::MissingValue);
                }
                Some(SkipReason::Total)
            }
            Kind::Above => {
                self.lines.push(Line::Above(row, self.numbers(cells)));
                self.above.clear();
                // The village that it names is that of the rows below.
                drop(self.filled(row, cells));
                Some(SkipReason::Total)
            }
            Kind::Heading(block) => self.heading(row, cells, block),
            Kind::OtherHeader => {
                self.foreign = Some(row);
                self.reject(row, cells, (None, RejectCode::OutOfPlace));
                None
            }
            Kind::Data if self.foreign.is_some() => {
                self.reject(row, cells, (None, RejectCode::OutOfPlace));
                None
            }
            Kind::Data => self.data(row, cells),
        };
        if let Some(reason) = skipped {
            self.out.skipped_sums = self.out.skipped_sums.plus(sums);
            *self.out.skipped.entry(reason).or_default() += 1;
        }
    }

    /// Area and money of a row as it stands, whatever the row is.
    fn sums(&self, cells: &Row) -> Control {
        let mut sums = Control { rows: 1, ..Control::default() };
        for bound in self.plan.bound.iter().filter(|b| b.role == Role::Stored) {
            if !matches!(bound.field, "area_mu" | "amount_yuan") {
                continue;
            }
            let Some(cell) = cells.get(&bound.column) else { continue };
            match read_plain(bound.field, bound.kind, &cell.value, bound.unit) {
                Ok(Some((value, _))) => add(&mut sums, &value),
                Ok(None) => {}
                Err(_) => sums.unreadable += 1,
            }
        }
        sums
    }

    /// A new block begins; one that names nothing known ends the old one all the same.
    fn heading(
        &mut self,
        row: u32,
        cells: &Row,
        block: Result<Block, RejectCode>,
    ) -> Option<SkipReason> {
        self.above.clear();
        self.in_footer = false;
        match block {
            Ok(block) => {
                self.reader.block = block;
                Some(SkipReason::Heading)
            }
            Err(code) => {
                let waits = match code {
                    RejectCode::OutOfPlace => RejectCode::MissingValue,
                    code => code,
                };
                self.reader.block = Block { village: Stated::Unknown(waits), ..Block::default() };
                self.reject(row, cells, (cells.keys().next().copied(), code));
                None
            }
        }
    }

    fn kind(&mut self, row: u32, cells: &Row) -> Kind {
        if row < self.plan.found.first {
            return Kind::Skip(SkipReason::Title);
        }
        if row <= self.plan.found.last {
            return Kind::Skip(SkipReason::Header);
        }
        let filled = |c: &Cell| !matches!(&c.value, Value::Text(t) if t.trim().is_empty());
        // Templates number their lines in advance.
        let numbered = |(column, cell): &(&u32, &Cell)| {
            let row_number = |b: &Bound| b.column == **column && b.role == Role::RowNumber;
            self.plan.bound.iter().any(row_number) && read_amount(&cell.value).is_ok()
        };
        if !cells.iter().any(|cell| filled(cell.1) && !numbered(&cell)) {
            return Kind::Skip(SkipReason::Blank);
        }
        let texts = texts(cells);
        if self.is_header(cells) {
            self.foreign = None;
            self.repeated_header(row);
            return Kind::Skip(SkipReason::RepeatedHeader);
        }
        if goes_on(cells) {
            return Kind::Skip(SkipReason::Title);
        }
        if let Some(again) = self.titles.again(row, self.plan) {
            let said = if again { SkipReason::Title } else { SkipReason::Heading };
            return Kind::Skip(said);
        }
        if self.has_id(cells) {
            self.in_footer = false;
            return Kind::Data;
        }
        if let Some(kind) = texts.iter().take(3).find_map(|t| total_label(t)) {
            return Kind::Total(kind);
        }
        if self.above_rows.contains(&row) {
            return Kind::Above;
        }
        let numbers = self.numbers(cells).values().any(Option::is_some);
        if !numbers && (self.in_footer || texts.first().is_some_and(|t| footer(t))) {
            let again = |t: &String| self.plan.titles.contains(t) || footer(t);
            if self.in_footer && texts.iter().any(|t| names_table(t) && !again(t)) {
                // A further table without a header of its own.
                let block = heading::read(&texts, &Block::default(), self.reader.context);
                return Kind::Heading(block.unwrap_or(Err(RejectCode::OutOfPlace)));
            }
            self.in_footer = true;
            return Kind::Skip(SkipReason::Footer);
        }
        if numbers || texts.len() < cells.len() {
            return Kind::Data;
        }
        if texts.iter().all(|t| self.plan.titles.contains(t)) {
            return Kind::Skip(SkipReason::Title);
        }
        if looks_like_header(self.plan.table.name, &texts) {
            return Kind::OtherHeader;
        }
        let heading = self
            .may_be_heading(cells, &texts)
            .then(|| heading::read(&texts, &self.reader.block, self.reader.context));
        heading.flatten().map_or(Kind::Data, Kind::Heading)
    }

    /// Whether a line of texts alone can be a heading: where rows belong to villages and hold figures. A village's
    /// name under its own column, with nothing beside it, is a record without figures.
    fn may_be_heading(&self, cells: &Row, texts: &[String]) -> bool {
        let table = self.plan.table;
        if table.name == "villages" {
            let towns = ["镇", "乡", "街道", "办事处"];
            return texts.len() == 1 && texts.iter().any(|t| towns.iter().any(|e| t.ends_with(e)));
        }
        let figures = table.column("area_mu").is_some_and(|c| c.required);
        let persons =
            self.plan.bound.iter().any(|b| b.kind == ColumnKind::Person && b.role == Role::Stored);
        let place = |column: &u32| {
            self.plan.bound.iter().any(|b| {
                b.column == *column && (b.role == Role::Region || b.kind == ColumnKind::Village)
            })
        };
        // A card or a number on a line of its own names nothing.
        let words = texts.iter().any(|t| !t.is_ascii());
        table.column("village_code").is_some()
            && figures
            && words
            && texts.len() <= 4
            && (persons || !cells.keys().all(place))
    }

    /// Whether a person's column holds something as long as an id, whatever its damage.
    fn has_id(&self, cells: &Row) -> bool {
        let required = |b: &&Bound| b.kind == ColumnKind::Person && b.role == Role::Stored;
        self.plan.bound.iter().filter(required).any(|b| {
            match cells.get(&b.column).map(|c| &c.value) {
                Some(Value::Text(text)) => {
                    text.chars().filter(char::is_ascii_alphanumeric).count() >= 8
                }
                Some(Value::Number(n)) => n.abs() >= 1e7,
                _ => false,
            }
        })
    }

    /// Areas and amounts of a row as the file writes them.
    fn numbers(&self, cells: &Row) -> Numbers {
        let measured = |b: &&Bound| matches!(b.kind, ColumnKind::Mu | ColumnKind::Yuan);
        let mut numbers = Numbers::new();
        for bound in self.plan.bound.iter().filter(measured) {
            if let Some(cell) = cells.get(&bound.column) {
                match read_amount(&cell.value) {
                    Ok(None) => {}
                    Ok(Some(amount)) => drop(numbers.insert(bound.column, Some(amount.value))),
                    Err(_) => drop(numbers.insert(bound.column, None)),
                }
            }
        }
        numbers
    }

    /// Reads a record; a reason if it turns out to be none.
    fn data(&mut self, row: u32, own: &'a Row) -> Option<SkipReason> {
        let numbers = self.numbers(own);
        let member = members::is_member(self.plan, own, &numbers);
        self.lines.push(Line::Data(numbers));
        if member {
            return Some(SkipReason::Member);
        }
        let cells = match self.filled(row, own) {
            Ok(cells) => cells,
            Err(refused) => {
                self.reject(row, own, refused);
                return None;
            }
        };
        let rows = self.reader.record(row, &self.sheet.name, &cells);
        match rows {
            Ok(rows) if rows.is_empty() => Some(SkipReason::NoClaim),
            Ok(rows) => {
                self.out.kept.rows += 1;
                for row in &rows {
                    for value in ["area_mu", "amount_yuan"].iter().filter_map(|f| row.fields.get(f))
                    {
                        add(&mut self.out.kept, &value.value);
                    }
                }
                self.out.rows.extend(rows);
                None
            }
            Err(refused) => {
                self.reject(row, own, refused);
                None
            }
        }
    }

    /// The record's cells with what merged regions, blanks and 〃 take from above.
    fn filled(&mut self, row: u32, own: &'a Row) -> Result<Cells<'a>, Refused> {
        let used = self.plan.bound.iter().filter(|b| b.role != Role::RowNumber);
        if !used.clone().any(|b| own.get(&b.column).is_some_and(|c| word(&c.value).is_some())) {
            return Err((None, RejectCode::OutOfPlace));
        }
        let mut cells = Cells::new();
        let mut order: Vec<&Bound> = used.collect();
        let level = |field: &str| FILLED.iter().position(|f| *f == field);
        order.sort_by_key(|b| (level(b.field).unwrap_or(FILLED.len()), b.column));
        for (n, bound) in order.iter().enumerate() {
            let measured = matches!(bound.kind, ColumnKind::Mu | ColumnKind::Yuan);
            let value = if measured {
                own.get(&bound.column).map(|c| &c.value)
            } else {
                self.merged.value(self.sheet, row, bound.column)
            };
            let value = value.filter(|v| !matches!(v, Value::Text(t) if t.trim().is_empty()));
            let inherits = level(bound.field).is_some();
            let above = self.above.get(&bound.column).copied();
            let value = match value {
                // Nobody is the same person or has the same land as the line above because of a mark.
                Some(v) if same_as_above(v) => {
                    let never =
                        measured || matches!(bound.kind, ColumnKind::Person | ColumnKind::Account);
                    let above = above.filter(|_| !never);
                    Some(above.ok_or((Some(bound.column), RejectCode::MissingValue))?)
                }
                None if inherits => above,
                value => value,
            };
            let Some(value) = value else { continue };
            cells.insert(bound.column, value);
            if inherits && above != Some(value) {
                for narrower in order[n + 1..]
                    .iter()
                    .filter(|b| level(b.field) > level(bound.field) && level(b.field).is_some())
                {
                    self.above.remove(&narrower.column);
                }
            }
            self.above.insert(bound.column, value);
        }
        Ok(cells)
    }

    fn reject(&mut self, row: u32, cells: &Row, (column, code): Refused) {
        let value = column.and_then(|c| Some((c, &cells.get(&c)?.value)));
        let kind = |column| self.plan.bound.iter().find(|b| b.column == column);
        let value = value.map(|(column, value)| masked(value, kind(column))).unwrap_or_default();
        self.out.quarantined = self.out.quarantined.plus(self.sums(cells));
        self.out.rejects.push(Reject {
            file: self.reader.context.file.to_owned(),
            sheet: self.sheet.name.clone(),
            row: u64::from(row) + self.reader.context.first_row,
            column: column.map(|c| self.column_name(c)).unwrap_or_default(),
            value,
            code,
        });
    }

    /// Letters, or the name where the first line of names is no line of the file.
    fn column_name(&self, column: u32) -> String {
        let named = self.reader.context.first_row == 0;
        let name = self.plan.found.labels.get(&column).filter(|_| named);
        name.map_or_else(|| letters(column), |l| qingmu_model::mask_quoted(&l.join("/")))
    }

    fn finish(mut self) -> Interpreted {
        self.warnings.extend(slips::warnings(self.plan.table.name, &self.out.rows));
        self.out.totals = reconcile(&self.lines, self.reader.context.first_row, letters);
        let foreign = self.foreign.is_some();
        let notes = std::mem::take(&mut self.reader.notes);
        self.warnings.extend(remarks(self.sheet, self.plan, &self.out.totals, notes, foreign));
        self.out.warnings = self.warnings;
        self.out
    }
}
