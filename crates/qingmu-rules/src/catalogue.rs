//! Which columns a rule can name in a view: those of the scan and those measured on it.

use crate::measure;
use qingmu_lang::{Catalogue, Diagnostics, Pack, PackSource};
use qingmu_model::{Bilingual, ColumnType, Project, ViewName};

/// Type of a column of a view as rules see it; `None` for an unknown name.
#[must_use]
pub fn column_type(view: ViewName, name: &str, project: &Project) -> Option<ColumnType> {
    qingmu_core::column_type(view, name, project)
        .or_else(|| measure::column_type(view, name, project))
}

/// Names of all columns that rules may read of a view: keys first, then facts, then measured ones.
#[must_use]
pub fn column_names(view: ViewName, project: &Project) -> Vec<String> {
    let mut names = qingmu_core::column_names(view, project);
    names.extend(measure::column_names(view, project));
    names
}

/// What a measured column or one of registers is, in words; `None` for the facts of claims, whose names say it.
#[must_use]
pub fn column_about(view: ViewName, name: &str) -> Option<Bilingual> {
    measure::about(view, name).or_else(|| qingmu_core::column_about(view, name))
}

/// Loads and checks a pack; its rules may name the columns that `project` has. The built-in rules speak of
/// crops and land classes that another country's project need not know: those columns are missing there, and
/// the rules abstain.
///
/// # Errors
/// [`Diagnostics`] with every mistake of every file: TOML, names, types, units, messages, tests.
pub fn load_pack(source: &PackSource, project: &Project) -> Result<Pack, Diagnostics> {
    match source {
        PackSource::Builtin => {
            let mut wide = project.clone();
            let own = Project::default();
            wide.land_class.extend(own.known_names().into_iter().map(str::to_owned));
            qingmu_lang::load_pack(source, &Columns { project: &wide })
        }
        PackSource::Dir(_) => qingmu_lang::load_pack(source, &Columns { project }),
    }
}

/// The columns of every view under a project's crops and groups.
#[derive(Debug)]
struct Columns<'p> {
    project: &'p Project,
}

impl Catalogue for Columns<'_> {
    fn column_type(&self, view: ViewName, name: &str) -> Option<ColumnType> {
        column_type(view, name, self.project)
    }

    fn column_names(&self, view: ViewName) -> Vec<String> {
        column_names(view, self.project)
    }
}
