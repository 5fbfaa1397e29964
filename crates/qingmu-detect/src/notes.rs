//! What the fit found out about sources, as data errors in words.

use crate::panels::Built;
use qingmu_deviation::{Note, NoteKind};
use qingmu_model::{Bilingual, DataError, DataErrorKind, Mu};
use std::sync::Arc;

fn mu(value: Option<f64>) -> Option<Mu> {
    value.and_then(Mu::from_f64).map(|(mu, _)| mu)
}

fn about(value: Option<f64>) -> String {
    value.map_or_else(|| "—".to_owned(), |v| format!("{v:.1}"))
}

/// One line per finding; `counties` are codes by number.
pub(crate) fn data_error(
    note: &Note,
    built: &Built,
    villages: &[Arc<str>],
    county: impl Fn(u32) -> String,
) -> DataError {
    let name = |source: usize| {
        built.panel.sources.get(source).map_or_else(String::new, |s| s.name.clone())
    };
    let source = name(note.source);
    let (given, expected) = (about(note.given_mu), about(note.expected_mu));
    let (kind, say) = match note.kind {
        NoteKind::EmptyCell => (
            DataErrorKind::EmptySource,
            Bilingual::new(
                format!("{source} 填 0，其他来源和年份都有面积，按缺失处理"),
                format!(
                    "{source} says 0 where other sources and years have land; taken as missing"
                ),
            ),
        ),
        NoteKind::Glitch => (
            DataErrorKind::SourceGlitch,
            Bilingual::new(
                format!("{source} 为 {given} 亩，其他来源和年份指向 {expected} 亩，已降权"),
                format!(
                    "{source} says {given} mu, the other sources and years {expected}; weighed down"
                ),
            ),
        ),
        NoteKind::Tampered => (
            DataErrorKind::SourceGlitch,
            Bilingual::new(
                format!(
                    "{source} 多年同向偏离：{given} 亩，其他来源指向 {expected} 亩，请核对该来源"
                ),
                format!(
                    "{source} departs the same way for years: {given} mu against {expected}; check the source"
                ),
            ),
        ),
        NoteKind::CopiedSource => {
            let first = note.copy_of.map(name).unwrap_or_default();
            (
                DataErrorKind::CopiedSource,
                Bilingual::new(
                    format!("{source} 与 {first} 在该县相同，按一个来源使用"),
                    format!("{source} repeats {first} in this county; used as one source"),
                ),
            )
        }
        NoteKind::CopiedClaims => (
            DataErrorKind::CopiedSource,
            Bilingual::new(
                format!("{source} 在该县等于申报面积，不作为基线使用"),
                format!("{source} repeats the claims in this county; not used as a baseline"),
            ),
        ),
    };
    let village = note.village.and_then(|v| villages.get(v));
    DataError {
        kind,
        village_code: village.map_or_else(|| county(note.county), ToString::to_string),
        year: note.year.unwrap_or(built.panel.first_year),
        programme: Some(built.plan.programme.clone()),
        source: Some(source),
        claimant: None,
        at: None,
        rows: 1,
        filed_mu: mu(note.given_mu),
        used_mu: mu(note.expected_mu).filter(|_| note.kind == NoteKind::Glitch),
        say,
    }
}
