//! Tables of a county as record batches.

use crate::claims::days;
use crate::province::nature::County;
use crate::province::options::ProvinceOptions;
use crate::province::plant::Planting;
use crate::province::row::Row;
use crate::province::village::{Person, Village};
use crate::stream::Stream;
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int16Array, RecordBatch,
    StringArray,
};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use qingmu_model::Season;
use std::collections::BTreeSet;
use std::sync::Arc;

type Columns = Vec<(&'static str, ArrayRef)>;

fn batch(columns: Columns) -> Result<RecordBatch, ArrowError> {
    let field = |(name, array): &(&'static str, ArrayRef)| {
        Field::new(*name, array.data_type().clone(), true)
    };
    let fields: Vec<Field> = columns.iter().map(field).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

fn text<T: AsRef<str>>(values: impl IntoIterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<StringArray>())
}

fn all<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> ArrayRef {
    text(values.into_iter().map(Some))
}

fn number(values: impl IntoIterator<Item = i16>) -> ArrayRef {
    Arc::new(values.into_iter().map(Some).collect::<Int16Array>())
}

fn date(values: impl IntoIterator<Item = Option<i32>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Date32Array>())
}

fn flag(values: impl IntoIterator<Item = bool>) -> ArrayRef {
    Arc::new(values.into_iter().map(Some).collect::<BooleanArray>())
}

fn fixed(scale: i8, values: impl IntoIterator<Item = Option<i64>>) -> Result<ArrayRef, ArrowError> {
    let values: Decimal128Array = values.into_iter().map(|v| v.map(i128::from)).collect();
    Ok(Arc::new(values.with_precision_and_scale(18, scale)?))
}

fn mu(hundredths: impl IntoIterator<Item = i64>) -> Result<ArrayRef, ArrowError> {
    fixed(4, hundredths.into_iter().map(|h| Some(h * 100)))
}

/// When a village hands in its list of a season, and when the town approves it.
fn handed_in(seed: u64, village: &Village, year: i16, season: Season) -> (i32, i32) {
    let place = format!("{}/{year}/{season}", village.code);
    let mut stream = Stream::new(seed, "province-dates", &place);
    let opening = match season {
        Season::Y => days(year, 64),
        Season::S => days(year, 161),
        Season::A => days(year, 263),
    };
    let day = opening + i32::try_from(stream.below(21)).unwrap_or_default();
    (day, day + 10 + i32::try_from(stream.below(20)).unwrap_or_default())
}

pub(crate) fn claims(
    options: &ProvinceOptions,
    villages: &[Village],
) -> Result<RecordBatch, ArrowError> {
    let mut rows: Vec<(&Village, i16, usize, &Row)> = Vec::new();
    for village in villages {
        for (year, filed) in village.rows.iter().enumerate() {
            let year = options.first_year() + i16::try_from(year).unwrap_or_default();
            rows.extend(filed.iter().enumerate().map(|(i, row)| (village, year, i, row)));
        }
    }
    let mut submitted = Vec::with_capacity(rows.len());
    let mut approved = Vec::with_capacity(rows.len());
    let mut last = None;
    for (village, year, i, row) in &rows {
        let key = (&*village.code, *year, row.season);
        let (from, to) = match last {
            Some((known, dates)) if known == key => dates,
            _ => handed_in(options.seed, village, *year, row.season),
        };
        last = Some((key, (from, to)));
        submitted.push(Some(from + i32::try_from(i % 4).unwrap_or_default()));
        approved.push(Some(to));
    }
    let row = || rows.iter().map(|(_, _, _, row)| *row);
    let ids = rows.iter().map(|(v, year, i, _)| format!("{}-{year}-{i:05}", v.code));
    batch(vec![
        ("claim_id", all(ids)),
        ("year", number(rows.iter().map(|r| r.1))),
        ("season", all(row().map(|r| r.season.code()))),
        ("programme", all(row().map(|r| r.programme))),
        ("crop", all(row().map(|r| r.crop))),
        ("village_code", all(rows.iter().map(|r| &*r.0.code))),
        ("group_no", number(row().map(|r| r.group))),
        ("claimant_id", all(row().map(|r| &*r.claimant))),
        ("household_id", all(row().map(|r| &*r.household))),
        ("account", all(row().map(|r| &*r.account))),
        ("parcel_id", text(row().map(|r| r.parcel.as_deref()))),
        ("area_mu", fixed(4, row().map(|r| r.filed))?),
        ("rate_yuan_per_mu", fixed(2, row().map(|r| Some(r.rate)))?),
        ("amount_yuan", fixed(2, row().map(|r| Some(r.amount)))?),
        ("recorder_id", all(rows.iter().map(|r| &*r.0.desk.0))),
        ("approver_id", all(rows.iter().map(|r| &*r.0.desk.1))),
        ("submitted_on", date(submitted)),
        ("approved_on", date(approved)),
    ])
}

pub(crate) fn baselines(
    options: &ProvinceOptions,
    villages: &[Village],
) -> Result<RecordBatch, ArrowError> {
    let cells: Vec<_> = villages.iter().flat_map(|v| v.cells.iter().map(move |c| (v, c))).collect();
    let cell = || cells.iter().map(|(_, c)| *c);
    let year = |y: usize| options.first_year() + i16::try_from(y).unwrap_or_default();
    batch(vec![
        ("village_code", all(cells.iter().map(|(v, _)| &*v.code))),
        ("year", number(cell().map(|c| year(c.year)))),
        ("season", all(cell().map(|c| c.season.code()))),
        ("crop", all(cell().map(|c| c.crop))),
        ("area_mu", fixed(4, cell().map(|c| Some(c.area)))?),
        ("source", all(cell().map(|c| c.source))),
        ("se_mu", fixed(4, cell().map(|c| c.se))?),
        ("independent", flag(cell().map(|c| c.independent))),
    ])
}

pub(crate) fn villages(county: &County, villages: &[Village]) -> Result<RecordBatch, ArrowError> {
    let number_of = |v: &Village| v.code.get(9..).unwrap_or_default().to_owned();
    let name = format!("虚构{}县", county.code.get(2..).unwrap_or_default());
    batch(vec![
        ("village_code", all(villages.iter().map(|v| &*v.code))),
        ("name", all(villages.iter().map(|v| format!("第{}村", number_of(v))))),
        ("town_name", all(villages.iter().map(|v| format!("第{}镇", v.town + 1)))),
        ("county_name", all(villages.iter().map(|_| &*name))),
        ("lat", Arc::new(villages.iter().map(|v| Some(v.position.0)).collect::<Float64Array>())),
        ("lon", Arc::new(villages.iter().map(|v| Some(v.position.1)).collect::<Float64Array>())),
        (
            "households",
            number(villages.iter().map(|v| i16::try_from(v.households).unwrap_or(i16::MAX))),
        ),
    ])
}

/// Id, birth, death, cadre, relative.
type Registered<'a> = (&'a str, i32, Option<i32>, bool, Option<&'a str>);

pub(crate) fn persons(
    villages: &[Village],
    planting: &Planting,
) -> Result<RecordBatch, ArrowError> {
    let mut list: Vec<Registered<'_>> = Vec::new();
    for village in villages {
        let listed = |p: &&Person| p.registered || p.died.is_some() || p.cadre;
        for person in village.people.iter().filter(listed) {
            let kin = person.kin.map(|i| &*village.people[i].id);
            let born = days(person.born, 180);
            list.push((&person.id, born, person.died, person.cadre, kin));
        }
    }
    let dead = planting.dead.iter();
    list.extend(dead.map(|d| (&*d.id, d.died - 26_000, Some(d.died), false, None)));
    batch(vec![
        ("claimant_id", all(list.iter().map(|p| p.0))),
        ("id_valid", flag(list.iter().map(|_| true))),
        ("birth_date", date(list.iter().map(|p| Some(p.1)))),
        ("deceased_on", date(list.iter().map(|p| p.2))),
        ("is_cadre", flag(list.iter().map(|p| p.3))),
        ("relative_of", text(list.iter().map(|p| p.4))),
    ])
}

pub(crate) fn households(villages: &[Village]) -> Result<RecordBatch, ArrowError> {
    let mut list: Vec<(&str, &str, i16, i64)> = Vec::new();
    for village in villages {
        for person in &village.people {
            let area = person.contract(usize::MAX);
            match list.last_mut() {
                Some(same) if same.0 == &*person.household => same.3 += area,
                _ => list.push((&person.household, &village.code, person.group, area)),
            }
        }
    }
    batch(vec![
        ("household_id", all(list.iter().map(|h| h.0))),
        ("village_code", all(list.iter().map(|h| h.1))),
        ("group_no", number(list.iter().map(|h| h.2))),
        ("contract_area_mu", mu(list.iter().map(|h| h.3))?),
        ("confirmed_area_mu", mu(list.iter().map(|h| h.3))?),
    ])
}

pub(crate) fn parcels(
    villages: &[Village],
    planting: &Planting,
) -> Result<RecordBatch, ArrowError> {
    let mut list: Vec<(&str, &str, i64, &str, &str)> = Vec::new();
    for village in villages {
        for person in &village.people {
            let own = person.parcels.iter();
            list.extend(own.map(|p| (&*p.id, &*village.code, p.area, p.class, &*person.id)));
        }
    }
    let barren = planting.barren.iter();
    list.extend(barren.map(|b| (&*b.id, &*b.village, b.area, b.class, &*b.holder)));
    batch(vec![
        ("parcel_id", all(list.iter().map(|p| p.0))),
        ("village_code", all(list.iter().map(|p| p.1))),
        ("area_mu", mu(list.iter().map(|p| p.2))?),
        ("land_class", all(list.iter().map(|p| p.3))),
        ("holder_id", all(list.iter().map(|p| p.4))),
    ])
}

pub(crate) fn transfers(villages: &[Village]) -> Result<RecordBatch, ArrowError> {
    let leases: Vec<_> = villages.iter().flat_map(|v| &v.leases).collect();
    batch(vec![
        ("from_id", all(leases.iter().map(|l| &*l.from))),
        ("to_id", all(leases.iter().map(|l| &*l.to))),
        ("area_mu", mu(leases.iter().map(|l| l.area))?),
        ("start_on", date(leases.iter().map(|l| Some(days(l.since, 273))))),
        ("end_on", date(leases.iter().map(|l| Some(days(l.since + 10, 272))))),
        ("kind", all(leases.iter().map(|_| "lease"))),
        ("subsidy_follows", all(leases.iter().map(|_| "lessee"))),
    ])
}

pub(crate) fn code_map(
    options: &ProvinceOptions,
    villages: &[Village],
) -> Result<RecordBatch, ArrowError> {
    let merged: BTreeSet<(&str, &str, usize)> = villages
        .iter()
        .filter_map(|v| v.merged.as_ref().map(|(to, from)| (&*v.code, &**to, *from)))
        .collect();
    let year = |y: usize| options.first_year() + i16::try_from(y).unwrap_or_default();
    batch(vec![
        ("old_code", all(merged.iter().map(|m| m.0))),
        ("new_code", all(merged.iter().map(|m| m.1))),
        ("from_year", number(merged.iter().map(|m| year(m.2)))),
        ("share", Arc::new(merged.iter().map(|_| Some(1.0)).collect::<Float64Array>())),
    ])
}
