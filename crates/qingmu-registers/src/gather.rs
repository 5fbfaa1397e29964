//! From an input folder to the views of registers.

use crate::entitled::Entitlements;
use crate::ground::Ground;
use crate::people::{Names, People};
use crate::programmes::Schedule;
use crate::tables::Tables;
use crate::views;
use crate::views::village_season::Checked;
use crate::views::village_year::Money;
use qingmu_input::{InputError, InputSet};
use qingmu_model::{Data, InputAccount, Project, Reject, Season, View, ViewName};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Key of a village, year, season and programme.
pub(crate) type Term = (Arc<str>, i16, Season, Arc<str>);

/// What registers say beside the claims.
#[derive(Debug, Default)]
pub struct Registers {
    views: BTreeMap<ViewName, View>,
    checked: BTreeMap<Term, Checked>,
    money: BTreeMap<(Arc<str>, i16), Money>,
    /// Accounts of the optional tables that were read in full.
    pub inputs: Vec<InputAccount>,
    /// Their refused rows.
    pub rejects: Vec<Reject>,
}

/// Everything that the views are made from.
pub(crate) struct Context<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) tables: &'a Tables,
    pub(crate) project: &'a Project,
    pub(crate) schedule: Schedule<'a>,
    pub(crate) people: People<'a>,
    pub(crate) entitlements: Entitlements<'a>,
    pub(crate) names: Names,
}

/// Reads the optional tables and the claims once, and makes every view of [`is_own`](crate::is_own).
///
/// Memory: about 130 bytes a claim, and every distinct identity once.
///
/// # Errors
/// [`InputError`] naming the file that cannot be read or lacks a column. Bad rows are no errors: those of claims are
/// listed by the scan, those of optional tables are in [`Registers::rejects`].
pub fn gather(input: &InputSet, project: &Project) -> Result<Registers, InputError> {
    let mut tables = Tables::read(input, project)?;
    let ground = Ground::read(input, project, tables.payments.is_some())?;
    let inputs = std::mem::take(&mut tables.inputs);
    let rejects = std::mem::take(&mut tables.rejects);
    let context = Context {
        schedule: Schedule::new(tables.programmes.as_ref()),
        people: People::new(&tables),
        entitlements: Entitlements::new(&tables, &ground),
        names: Names::new(&ground),
        ground: &ground,
        tables: &tables,
        project,
    };
    let mut views = BTreeMap::new();
    for name in ViewName::ALL.into_iter().filter(|name| crate::is_own(*name)) {
        if let Some(view) = views::make(name, &context) {
            views.insert(name, view);
        }
    }
    Ok(Registers {
        views,
        checked: views::village_season::check(&context),
        money: views::village_year::money(&context),
        inputs,
        rejects,
    })
}

impl Registers {
    /// A view of [`is_own`](crate::is_own) with all its columns but the place of its villages; without rows before
    /// [`gather`].
    #[must_use]
    pub fn view(&self, name: ViewName) -> View {
        let none = || View { name, rows: 0, columns: Vec::new(), not_listed: 0 };
        self.views.get(&name).cloned().unwrap_or_else(none)
    }

    /// The values that a column of `village_year` has for its rows; `None` for a name that registers do not fill.
    #[must_use]
    pub fn village_year(&self, name: &str, rows: &[(Arc<str>, i16)]) -> Option<Data> {
        crate::column_type(ViewName::VillageYear, name)?;
        let values = rows.iter().map(|key| self.money.get(key).and_then(|m| m.get(name)));
        Some(Data::Fixed { scale: scale(ViewName::VillageYear, name), values: values.collect() })
    }

    /// The values that a column of `village_season_programme` has for its rows.
    #[must_use]
    pub fn village_season_programme(&self, name: &str, rows: &[Term]) -> Option<Data> {
        let view = ViewName::VillageSeasonProgramme;
        crate::column_type(view, name)?;
        let values = rows.iter().map(|key| self.checked.get(key).and_then(|c| c.get(name)));
        Some(Data::Fixed { scale: scale(view, name), values: values.collect() })
    }
}

/// Decimals of a column's exact values.
fn scale(view: ViewName, name: &str) -> u32 {
    match crate::column_type(view, name) {
        Some(crate::catalogue::MU) => 4,
        Some(crate::catalogue::YUAN | crate::catalogue::RATE) => 2,
        _ => 0,
    }
}

#[cfg(test)]
#[path = "gather_tests.rs"]
mod tests;
