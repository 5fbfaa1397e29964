//! One record of a sheet to canonical rows, or to the one reject that says why not.

use super::{
    CanonicalRow, Context, Field, FieldValue,
    heading::{Block, Stated},
    melt::{divide, parts},
    plan::{Bound, Plan, Role},
};
use crate::{
    intake::Names,
    structure::{ditto, group_number, village_and_group},
};
use qingmu_cells::{IdColumn, half_width, read_account, read_plain, scientific, text};
use qingmu_model::{AccountId, ClaimantId, ColumnKind, Mu, RejectCode, Yuan};
use qingmu_sheets::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Digits up to which 编号 may be a count of lines.
const LINE_DIGITS: usize = 6;

/// Columns of numbers that are no persons': they are stored in clear.
pub(crate) const NUMBERED: [&str; 5] =
    ["claim_id", "parcel_id", "petition_id", "lead_id", "matter_key"];
/// Stands among the common words of a column most of whose numbers look like cards': those of one province do.
pub(crate) const CARDS: &str = "62";

/// A refused cell: its column, if one is to blame, and the class.
pub(crate) type Refused = (Option<u32>, RejectCode);

/// Counters of what was kept but deserves a look.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) rounded: u64,
    pub(crate) named_groups: u64,
    pub(crate) unread_aside: u64,
    pub(crate) crops: BTreeMap<String, u64>,
    pub(crate) old_codes: u64,
    pub(crate) unresolved: u64,
}

/// Reads records with what the whole sheet says about its ids.
pub(crate) struct Reader<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) plan: &'a Plan,
    pub(crate) ids: BTreeMap<u32, IdColumn>,
    /// Words that stand so often in their column that they are nobody's name although they look like one.
    pub(crate) common: BTreeMap<u32, BTreeSet<String>>,
    pub(crate) notes: Notes,
    /// What the last heading said.
    pub(crate) block: Block,
}

/// Cells of a record by column, after filling in what stands above.
pub(crate) type Cells<'c> = BTreeMap<u32, &'c Value>;

impl Reader<'_> {
    /// The canonical rows of a record. An empty list: a household without area in any crop.
    pub(crate) fn record(
        &mut self,
        row: u32,
        sheet: &str,
        cells: &Cells<'_>,
    ) -> Result<Vec<CanonicalRow>, Refused> {
        let mut base = CanonicalRow {
            row: u64::from(row) + self.context.first_row,
            ..CanonicalRow::default()
        };
        for (field, value) in &self.plan.constants {
            base.fields.insert(field, Field { value: value.clone(), column: None });
        }
        let mut crops: Vec<(Bound, FieldValue)> = Vec::new();
        let mut sums: Vec<(Bound, FieldValue)> = Vec::new();
        for bound in &self.plan.bound {
            let Some(value) = cells.get(&bound.column) else { continue };
            let refused = |code| (Some(bound.column), code);
            match bound.role {
                Role::RowNumber | Role::Region => {}
                Role::Aside => self.aside(&mut base, *bound, value),
                Role::Subtotal => {
                    if let Some((value, _)) =
                        read_plain(bound.field, bound.kind, value, bound.unit).map_err(refused)?
                    {
                        sums.push((*bound, value));
                    }
                }
                Role::Stored => {
                    let read = self.stored(*bound, value, &mut base).map_err(refused)?;
                    match read {
                        Some(value) if bound.crop.is_some() => crops.push((*bound, value)),
                        Some(value) => {
                            let column = Some(bound.column);
                            base.fields.insert(bound.field, Field { value, column });
                        }
                        None => {}
                    }
                }
            }
        }
        self.village(&mut base, cells)?;
        if let (Some(town), Some(_)) = (&self.block.town, self.plan.table.column("town_name")) {
            let value = FieldValue::Text(town.clone());
            base.fields.entry("town_name").or_insert(Field { value, column: None });
        }
        self.claim_id(&mut base, sheet);
        if self.plan.table.column("crop").is_some() {
            land_as_crop(&mut base);
        }
        let melted = self.plan.bound.iter().any(|b| b.crop.is_some());
        let rows = if melted { self.melt(&base, &crops, &sums)? } else { vec![base] };
        for row in &rows {
            self.complete(row)?;
            if let Some(Field { value: FieldValue::Text(crop), .. }) = row.fields.get("crop")
                && !crop.is_ascii()
            {
                *self.notes.crops.entry(crop.clone()).or_default() += 1;
            }
        }
        Ok(rows)
    }

    fn stored(
        &mut self,
        bound: Bound,
        value: &Value,
        base: &mut CanonicalRow,
    ) -> Result<Option<FieldValue>, RejectCode> {
        match (bound.kind, bound.field) {
            (ColumnKind::Person, "recorder_id" | "approver_id") => self.named(bound.column, value),
            (ColumnKind::Person, _) => self.person(bound, value, base),
            (ColumnKind::Account, _) => self.account(value),
            (ColumnKind::Village, _) => Ok(text(value)?.map(FieldValue::Text)),
            (ColumnKind::Integer, "group_no") => self.group(value),
            (_, "household_id") => Ok(text(value)?.map(|clear| {
                FieldValue::Text(match self.context.pseudonyms {
                    Some(keyed) => keyed.household(&clear),
                    None => clear,
                })
            })),
            (kind, field) => {
                let read = read_plain(field, kind, value, bound.unit)?;
                if let Some((FieldValue::Text(text), _)) = &read
                    && (self.may_be_name(bound, text) || self.may_be_card(bound, text))
                {
                    return Err(RejectCode::OutOfPlace);
                }
                self.notes.rounded += u64::from(read.as_ref().is_some_and(|(_, moved)| *moved));
                Ok(read.map(|(value, _)| value))
            }
        }
    }

    /// A person's name under 作物 or 编号 would be stored in clear: the row waits.
    fn may_be_name(&self, bound: Bound, text: &str) -> bool {
        may_hold_no_name(bound.field)
            && qingmu_model::may_be_name(text)
            && !self.common.get(&bound.column).is_some_and(|words| words.contains(text))
    }

    /// A card's number under 编号, where the others of the column are none.
    fn may_be_card(&self, bound: Bound, text: &str) -> bool {
        NUMBERED.contains(&bound.field)
            && card_like(text)
            && read_account(&Value::Text(text.to_owned())).is_ok()
            && !self.common.get(&bound.column).is_some_and(|words| words.contains(CARDS))
    }

    fn person(
        &self,
        bound: Bound,
        value: &Value,
        base: &mut CanonicalRow,
    ) -> Result<Option<FieldValue>, RejectCode> {
        let column = self.ids.get(&bound.column).copied().unwrap_or_default();
        let identity = match column.read(value) {
            Ok(identity) => identity,
            Err(RejectCode::MissingValue) => return Ok(None),
            Err(code) => return Err(code),
        };
        if bound.field == "claimant_id"
            && let Some(days) = identity.birth_date
        {
            let born = Field {
                value: FieldValue::Date(qingmu_cells::Date(days)),
                column: Some(bound.column),
            };
            base.aside.insert("birth_date", born);
        }
        Ok(Some(FieldValue::Person(match self.context.pseudonyms {
            Some(keyed) => keyed.person(&identity),
            None => identity.unkeyed(),
        })))
    }

    /// 经办人 and 审核人 are names more often than ids; what looks like an id is held to the rules of one.
    fn named(&self, column: u32, value: &Value) -> Result<Option<FieldValue>, RejectCode> {
        let Some(name) = text(value)? else { return Ok(None) };
        let name: String = half_width(&name).chars().filter(|c| !c.is_whitespace()).collect();
        let digits = name.chars().filter(char::is_ascii_digit).count();
        let id = if digits >= 8 || scientific(&name) {
            let identity = self.ids.get(&column).copied().unwrap_or_default().read(value)?;
            match self.context.pseudonyms {
                Some(keyed) => keyed.person(&identity),
                None => identity.unkeyed(),
            }
        } else {
            match self.context.pseudonyms {
                Some(keyed) => keyed.named(&name),
                None => ClaimantId::new(name),
            }
        };
        Ok(Some(FieldValue::Person(id)))
    }

    fn account(&self, value: &Value) -> Result<Option<FieldValue>, RejectCode> {
        let clear = match read_account(value) {
            Ok(clear) => clear,
            Err(RejectCode::MissingValue) => return Ok(None),
            Err(code) => return Err(code),
        };
        Ok(Some(FieldValue::Account(match self.context.pseudonyms {
            Some(keyed) => keyed.account(&clear),
            None => AccountId::new(clear),
        })))
    }

    fn group(&mut self, value: &Value) -> Result<Option<FieldValue>, RejectCode> {
        let Some(text) = text(value)? else { return Ok(None) };
        let number = group_number(&text).or_else(|| village_and_group(&text).map(|(_, n)| n));
        // Groups with names (东头组) have no number to store; the record is whole without it.
        self.notes.named_groups += u64::from(number.is_none());
        Ok(number.map(|n| FieldValue::Integer(i64::from(n))))
    }

    /// A value that the table does not store is no reason to refuse a record.
    fn aside(&mut self, base: &mut CanonicalRow, bound: Bound, value: &Value) {
        match read_plain(bound.field, bound.kind, value, bound.unit) {
            Ok(Some((FieldValue::Text(text), _))) if self.may_be_name(bound, &text) => {
                self.notes.unread_aside += 1;
            }
            Ok(Some((value, _))) => {
                drop(base.aside.insert(bound.field, Field { value, column: Some(bound.column) }));
            }
            Ok(None) => {}
            Err(_) => self.notes.unread_aside += 1,
        }
    }

    /// Resolves names to a code: a code column first, then names, then the block's heading, then what the sheet
    /// itself states.
    fn village(&mut self, base: &mut CanonicalRow, cells: &Cells<'_>) -> Result<(), Refused> {
        if self.plan.table.column("village_code").is_none() {
            return Ok(());
        }
        let named = |field: &str| -> Result<Option<(u32, String)>, Refused> {
            let is = |b: &&Bound| b.role == Role::Region && b.field == field;
            let Some(bound) = self.plan.bound.iter().find(is) else { return Ok(None) };
            let Some(value) = cells.get(&bound.column) else { return Ok(None) };
            let name = text(value).map_err(|code| (Some(bound.column), code))?;
            Ok(name.map(|name| (bound.column, name)))
        };
        let coded = base.fields.get("village_code").and_then(|f| match (&f.value, f.column) {
            (FieldValue::Text(code), Some(column)) => Some((column, code.clone())),
            _ => None,
        });
        let town = named("town_name")?.map(|(_, town)| town);
        let town = town.or_else(|| self.block.town.clone());
        let town = town.or_else(|| self.context.town.map(str::to_owned));
        let own = coded.map_or_else(|| named("village_name"), |coded| Ok(Some(coded)))?;
        let Some((column, name)) = own else { return self.of_block(base) };
        let (code, group) =
            self.code(&name, town.as_deref()).map_err(|code| (Some(column), code))?;
        self.notes.old_codes += u64::from(self.context.code_map.has(&code));
        self.notes.unresolved += u64::from(!code.starts_with(|c: char| c.is_ascii_digit()));
        let column = Some(column);
        base.fields.insert("village_code", Field { value: FieldValue::Text(code), column });
        self.group_of(base, group.or(self.block.group), column);
        Ok(())
    }

    /// The village that the last heading named, for a row that names none.
    fn of_block(&self, base: &mut CanonicalRow) -> Result<(), Refused> {
        match &self.block.village {
            Stated::Sheet => {}
            Stated::Village(code) => {
                let value = FieldValue::Text(code.clone());
                base.fields.insert("village_code", Field { value, column: None });
            }
            Stated::Unknown(code) => {
                let is = |b: &&Bound| b.field == "village_name" || b.field == "village_code";
                let column = self.plan.bound.iter().find(is).map(|b| b.column);
                return Err((column, *code));
            }
        }
        self.group_of(base, self.block.group, None);
        Ok(())
    }

    fn group_of(&self, base: &mut CanonicalRow, group: Option<i16>, column: Option<u32>) {
        if let (Some(group), Some(_)) = (group, self.plan.table.column("group_no")) {
            let value = FieldValue::Integer(i64::from(group));
            base.fields.entry("group_no").or_insert(Field { value, column });
        }
    }

    fn code(&self, name: &str, town: Option<&str>) -> Result<(String, Option<i16>), RejectCode> {
        let tidy: String = half_width(name).chars().filter(|c| !c.is_whitespace()).collect();
        let code_like = tidy.starts_with(|c: char| c.is_ascii_digit()) || scientific(&tidy);
        if code_like {
            let code = self.context.levels.check(&tidy).map_err(|_| RejectCode::BadRegion)?;
            let known = self.context.villages.is_empty() || self.context.villages.has(code);
            // The villages table itself brings the codes that the others are held against.
            let known = known || ["villages", "code_map"].contains(&self.plan.table.name);
            let known = known || self.context.code_map.has(code);
            return if known {
                Ok((code.to_owned(), None))
            } else {
                Err(RejectCode::UnknownVillage)
            };
        }
        if self.context.villages.is_empty() && self.context.names == Names::AsWritten {
            return Ok((tidy, None));
        }
        match self.context.villages.resolve(&tidy, town) {
            Ok(code) => Ok((code.to_owned(), None)),
            Err(RejectCode::UnknownVillage) if village_and_group(&tidy).is_some() => {
                let (village, group) =
                    village_and_group(&tidy).ok_or(RejectCode::UnknownVillage)?;
                let code = self.context.villages.resolve(village, town)?;
                Ok((code.to_owned(), Some(group)))
            }
            Err(code) => Err(code),
        }
    }

    /// Claims without a number of their own are named after the place they stand at. 编号 that only counts lines is
    /// no number of a claim: every file has a 1.
    fn claim_id(&self, base: &mut CanonicalRow, sheet: &str) {
        if self.plan.table.name != "claims" {
            return;
        }
        let own = base.fields.get("claim_id").is_some_and(|field| {
            let label = field.column.and_then(|c| self.plan.found.labels.get(&c)?.last());
            let counts = matches!(&field.value, FieldValue::Text(id)
                if id.len() <= LINE_DIGITS && id.bytes().all(|b| b.is_ascii_digit()));
            label.is_some_and(|l| l == "claim_id") || !counts
        });
        if !own {
            let file = self.context.digest.and_then(|d| d.get(..12)).unwrap_or(self.context.file);
            let place = super::error::place(file, sheet);
            let value = FieldValue::Text(format!("{place}#{}", base.row));
            base.fields.insert("claim_id", Field { value, column: None });
        }
    }

    fn melt(
        &self,
        base: &CanonicalRow,
        crops: &[(Bound, FieldValue)],
        sums: &[(Bound, FieldValue)],
    ) -> Result<Vec<CanonicalRow>, Refused> {
        let mut parts = parts(crops);
        agree(crops, sums)?;
        let whole = base.fields.get("amount_yuan").and_then(|f| match f.value {
            FieldValue::Yuan(amount) => Some((amount, f.column.unwrap_or_default())),
            _ => None,
        });
        if let Some(whole) = whole {
            if parts.is_empty() && whole.0 != Yuan::ZERO {
                return Err((Some(whole.1), RejectCode::Disagrees));
            }
            let rate = base.fields.get("rate_yuan_per_mu").and_then(|f| match f.value {
                FieldValue::Yuan(rate) => Some(rate),
                _ => None,
            });
            if !parts.is_empty() {
                divide(&mut parts, whole, rate).map_err(|code| (Some(whole.1), code))?;
            }
        }
        let money = self.plan.table.column("amount_yuan").is_some();
        let mut rows = Vec::new();
        for (crop, part) in parts {
            let mut row = base.clone();
            row.fields.remove("amount_yuan");
            let value = FieldValue::Text(crop.to_owned());
            row.fields.insert("crop", Field { value, column: part.area.map(|(_, c)| c) });
            if let Some(Field { value: FieldValue::Text(id), .. }) = row.fields.get_mut("claim_id")
            {
                *id = format!("{id}-{crop}");
            }
            let lacking = if part.area.is_none() { "area_mu" } else { "amount_yuan" };
            let of_crop = |b: &&Bound| b.field == lacking && b.crop.is_none_or(|c| c == crop);
            let column = || {
                let bound = self.plan.bound.iter().find(of_crop);
                bound.map(|b| b.column)
            };
            row.fields.extend(part.fields(money).map_err(|code| (column(), code))?);
            rows.push(row);
        }
        Ok(rows)
    }

    /// Required columns must be there.
    fn complete(&self, row: &CanonicalRow) -> Result<(), Refused> {
        for column in self.plan.table.columns.iter().filter(|c| c.required) {
            if !row.fields.contains_key(column.name) {
                let named = |b: &&Bound| {
                    b.field == column.name
                        || (column.name == "village_code" && b.field == "village_name")
                };
                let place = self.plan.bound.iter().find(named).map(|b| b.column);
                return Err((place, RejectCode::MissingValue));
            }
        }
        Ok(())
    }
}

/// Whether a text is 16 to 19 digits that begin as cards do.
pub(crate) fn card_like(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    digits && (16..=19).contains(&text.len()) && text.starts_with(CARDS)
}

/// Columns of texts in which a name has no place. Names of villages, towns and banks begin like those of people; the names
/// of claimants are masked where they are stored.
pub(crate) fn may_hold_no_name(field: &str) -> bool {
    const NAMES: [&str; 11] = [
        "branch",
        "outlet",
        "bank_name",
        "name",
        "claimant_name",
        "account_holder",
        "household_id",
        "town_name",
        "county_name",
        "village_name",
        "unit",
    ];
    !NAMES.contains(&field)
}

/// 耕地地力保护补贴 is paid on contracted land whatever grows there.
fn land_as_crop(base: &mut CanonicalRow) {
    let fertility = base
        .fields
        .get("programme")
        .is_some_and(|f| f.value == FieldValue::Text("FERTILITY".to_owned()));
    if fertility {
        let value = FieldValue::Text("arable".to_owned());
        base.fields.entry("crop").or_insert(Field { value, column: None });
    }
}

/// The row's own 小计 must be the sum of its crops to 0.01.
fn agree(crops: &[(Bound, FieldValue)], sums: &[(Bound, FieldValue)]) -> Result<(), Refused> {
    for (bound, stated) in sums {
        let of_field = crops.iter().filter(|(b, _)| b.field == bound.field);
        let sum = |raw: &dyn Fn(&FieldValue) -> Option<i64>| {
            of_field.clone().filter_map(|(_, v)| raw(v)).map(i128::from).sum::<i128>()
        };
        let (sum, stated, most) = match stated {
            FieldValue::Mu(mu) => (sum(&|v| mu_raw(v)), mu.raw(), 100),
            FieldValue::Yuan(yuan) => (sum(&|v| yuan_raw(v)), yuan.raw(), 1),
            _ => continue,
        };
        if (sum - i128::from(stated)).abs() > most {
            return Err((Some(bound.column), RejectCode::Disagrees));
        }
    }
    Ok(())
}

fn mu_raw(value: &FieldValue) -> Option<i64> {
    if let FieldValue::Mu(mu) = value { Some(Mu::raw(*mu)) } else { None }
}

fn yuan_raw(value: &FieldValue) -> Option<i64> {
    if let FieldValue::Yuan(yuan) = value { Some(Yuan::raw(*yuan)) } else { None }
}

/// Whether a cell says "same as above".
pub(crate) fn same_as_above(value: &Value) -> bool {
    matches!(value, Value::Text(text) if ditto(text))
}
