//! Columns of `village_season_programme`: eligibility of crops and land, dates of claims.

use crate::gather::{Context, Term};
use crate::ground::{NONE, Row};
use crate::programmes::pays_land;
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is counted in one village, year, season and programme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Checked(BTreeMap<&'static str, i64>);

impl Checked {
    pub(crate) fn get(&self, name: &str) -> Option<i64> {
        self.0.get(name).copied()
    }

    fn add(&mut self, name: &'static str, value: i64) {
        let sum = self.0.entry(name).or_default();
        *sum = sum.saturating_add(value);
    }
}

/// Last days of a window that are counted apart.
const LAST_DAYS: i32 = 3;

pub(crate) fn check(context: &Context<'_>) -> BTreeMap<Term, Checked> {
    let ground = context.ground;
    let classes = classes(context);
    let mut all: BTreeMap<Term, Checked> = BTreeMap::new();
    let same = |a: &Row, b: &Row| {
        (a.village, a.year, a.season, a.programme) == (b.village, b.year, b.season, b.programme)
    };
    for rows in ground.rows.chunk_by(same) {
        let Some(first) = rows.first() else { continue };
        let village = &ground.villages.list[first.village as usize];
        let programme = &ground.programmes.list[first.programme as usize];
        let mut checked = Checked::default();
        let here = Here { context, classes: &classes, village, programme };
        here.eligible(rows, &mut checked);
        here.dates(rows, &mut checked);
        batches(rows, &mut checked);
        let key = (Arc::clone(village), first.year, first.season, Arc::clone(programme));
        all.insert(key, checked);
    }
    all
}

/// Class of each parcel by number; of two entries the one that sorts first.
fn classes<'a>(context: &'a Context<'_>) -> HashMap<u32, &'a str> {
    let mut classes: HashMap<u32, &str> = HashMap::new();
    for row in context.tables.parcels.iter().flatten() {
        if let (Some(parcel), Some(class)) =
            (context.ground.parcels.of_hash(row.parcel), row.land_class.as_deref())
        {
            let known = classes.entry(parcel).or_insert(class);
            *known = (*known).min(class);
        }
    }
    classes
}

/// One village and programme.
struct Here<'a, 'c> {
    context: &'a Context<'c>,
    classes: &'a HashMap<u32, &'a str>,
    village: &'a Arc<str>,
    programme: &'a Arc<str>,
}

impl Here<'_, '_> {
    fn eligible(&self, rows: &[Row], checked: &mut Checked) {
        let Some(year) = rows.first().map(|r| r.year) else { return };
        let schedule = &self.context.schedule;
        let key = (&**self.programme, year);
        let land = schedule.first(key, self.village, |r| r.eligible_land.clone());
        let mut crops: HashMap<u32, Option<bool>> = HashMap::new();
        for row in rows {
            let crop = *crops.entry(row.crop).or_insert_with(|| {
                let crop = &self.context.ground.crops.list[row.crop as usize];
                schedule.pays_crop(key, self.village, crop, self.context.project)
            });
            let class =
                self.classes.get(&row.parcel).map(|class| pays_land(land.as_deref(), class));
            let off = |pays: Option<bool>| if pays == Some(false) { row.area } else { 0 };
            if crop.is_some() {
                checked.add("ineligible_crop_mu", off(crop));
            }
            if class.is_some() {
                checked.add("ineligible_land_mu", off(class));
            }
            if crop.is_some() || class.is_some() {
                let out = crop == Some(false) || class == Some(false);
                checked.add("ineligible_mu", if out { row.area } else { 0 });
                checked.add("ineligible_yuan", if out { row.amount } else { 0 });
            }
        }
    }

    fn dates(&self, rows: &[Row], checked: &mut Checked) {
        let Some(year) = rows.first().map(|r| r.year) else { return };
        let key = (&**self.programme, year);
        let window = self.context.schedule.first(key, self.village, |r| r.window);
        for row in rows {
            if let (Some(submitted), Some(approved)) = (row.submitted_on, row.approved_on) {
                checked.add("dated_claims", 1);
                checked.add("inverted_claims", i64::from(approved < submitted));
            }
            if let (Some(submitted), Some((from, to))) = (row.submitted_on, window) {
                checked.add("windowed_claims", 1);
                checked.add("outside_claims", i64::from(submitted < from || submitted > to));
                let last = (to - LAST_DAYS + 1..=to).contains(&submitted);
                checked.add("last_days_mu", if last { row.area } else { 0 });
            }
        }
    }
}

/// The recorder with most dated claims, and the most of one day.
fn batches(rows: &[Row], checked: &mut Checked) {
    let mut recorders: BTreeMap<u32, BTreeMap<i32, i64>> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.recorder != NONE) {
        if let Some(day) = row.submitted_on {
            *recorders.entry(row.recorder).or_default().entry(day).or_default() += 1;
        }
    }
    let days = recorders.values().max_by_key(|days| days.values().sum::<i64>());
    if let Some(days) = days {
        checked.add("recorded_claims", days.values().sum());
        checked.add("batch_claims", days.values().copied().max().unwrap_or_default());
    }
}
