//! What a name can mean inside one rule.

use crate::catalogue::Catalogue;
use crate::diagnostics::nearest;
use crate::ir::{Expr, Type};
use qingmu_model::{ColumnType, Unit, ViewName};
use std::collections::BTreeMap;

/// A checked `let`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LetType {
    pub(crate) ty: Type,
    /// Whether an aggregate stands in it or in a `let` it uses.
    pub(crate) aggregate: bool,
}

/// Names of one rule.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) view: ViewName,
    pub(crate) catalogue: &'a dyn Catalogue,
    /// Columns of a group subject.
    pub(crate) by: Option<Vec<String>>,
    /// Declared parameters; `None` for one whose own declaration is wrong.
    pub(crate) params: BTreeMap<String, Option<Unit>>,
    /// Declared `let`s; `None` for one that is wrong or not yet checked.
    pub(crate) lets: BTreeMap<String, Option<LetType>>,
    /// `mu` and `yuan`, once the flag is checked and where a text may show them.
    pub(crate) amounts: BTreeMap<&'static str, Unit>,
}

/// What a name turned out to be.
pub(crate) enum Meaning {
    /// An expression of a type.
    Known(Expr, Type),
    /// Declared, but wrong where it is declared: said there, so nothing is said here.
    Broken,
    /// Nothing of that name, with the nearest that there is.
    Unknown(Option<String>),
}

impl Scope<'_> {
    /// Resolves a name: parameter, `let`, amount, column, in this order.
    pub(crate) fn resolve(&self, name: &str) -> Meaning {
        if let Some(param) = name.strip_prefix("p.") {
            return match self.params.get(param) {
                Some(Some(unit)) => {
                    Meaning::Known(Expr::Param(param.to_owned()), Type::Number(*unit))
                }
                Some(None) => Meaning::Broken,
                None => Meaning::Unknown(
                    nearest(param, self.params.keys().map(String::as_str))
                        .map(|p| format!("p.{p}")),
                ),
            };
        }
        match self.lets.get(name) {
            Some(Some(found)) => return Meaning::Known(Expr::Let(name.to_owned()), found.ty),
            Some(None) => return Meaning::Broken,
            None => {}
        }
        if let Some(unit) = self.amounts.get(name) {
            return Meaning::Known(Expr::Let(name.to_owned()), Type::Number(*unit));
        }
        match self.column(name) {
            Some(kind) => {
                Meaning::Known(Expr::Column { name: name.to_owned(), kind }, type_of(kind))
            }
            None => Meaning::Unknown(self.suggestion(name)),
        }
    }

    /// Type of a column of the view.
    pub(crate) fn column(&self, name: &str) -> Option<ColumnType> {
        self.catalogue.column_type(self.view, name)
    }

    /// The view's columns in one line, those of one family together.
    pub(crate) fn columns(&self) -> String {
        let mut shown: Vec<String> = Vec::new();
        for name in self.catalogue.column_names(self.view) {
            let short =
                name.split_once('.').map_or(name.clone(), |(family, _)| format!("{family}.…"));
            if !shown.contains(&short) {
                shown.push(short);
            }
        }
        format!("the columns of {} are {}", self.view, shown.join(", "))
    }

    fn suggestion(&self, name: &str) -> Option<String> {
        let columns = self.catalogue.column_names(self.view);
        let lets = self.lets.keys().map(String::as_str);
        let known =
            columns.iter().map(String::as_str).chain(lets).chain(self.amounts.keys().copied());
        if let Some(near) = nearest(name, known) {
            return Some(near.to_owned());
        }
        // `z` for `p.z`, and `claims.area_mu` as SQL would qualify it.
        if self.params.contains_key(name) {
            return Some(format!("p.{name}"));
        }
        let tail = name.rsplit('.').next()?;
        columns.into_iter().find(|column| column == tail)
    }
}

/// A column's type in an expression.
pub(crate) fn type_of(kind: ColumnType) -> Type {
    match kind {
        ColumnType::Number(unit) => Type::Number(unit),
        ColumnType::Text | ColumnType::Id(_) => Type::Text,
        ColumnType::Flag => Type::Bool,
    }
}
