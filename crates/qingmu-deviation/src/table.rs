//! All villages on the log scale: what a fit reads again and again.

use crate::config::Config;
use crate::copies::merge_copies;
use crate::model::Model;
use crate::panel::Panel;
use crate::village::{Match, Village, middle, years_used};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Rows of villages; in a row series after series (claims first), in a series year after year; NaN for missing.
pub(crate) struct Table {
    cells: Vec<f64>,
    /// Variances that sources state, laid out as the sources; empty where none states any.
    stated: Vec<f64>,
    /// Sizes in mu.
    pub(crate) size: Vec<f64>,
    /// Years.
    pub(crate) years: usize,
    /// Sources.
    pub(crate) sources: usize,
}

/// One village of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    cells: &'a [f64],
    years: usize,
}

impl<'a> Row<'a> {
    /// Claims (0) or a source by year.
    pub(crate) fn series(self, a: usize) -> &'a [f64] {
        &self.cells[a * self.years..(a + 1) * self.years]
    }
}

impl Table {
    /// Reads a panel, nothing centred.
    pub(crate) fn read(panel: &Panel, config: &Config) -> Self {
        let (years, sources, count) = (panel.years, panel.sources.len(), panel.places.len());
        let any = panel.sources.iter().any(|s| s.se.iter().any(Option::is_some));
        let mut table = Self {
            cells: vec![f64::NAN; count * years * (sources + 1)],
            stated: vec![f64::NAN; if any { count * years * sources } else { 0 }],
            size: vec![0.0; count],
            years,
            sources,
        };
        let until = years_used(panel, config);
        table.fill(panel, |village, v| village.read(panel, v, until, config));
        table
    }

    /// Reads the panel again and takes out what a model says that counties have in common.
    pub(crate) fn centre(&mut self, panel: &Panel, model: &Model, known: &Match, config: &Config) {
        self.fill(panel, |village, v| {
            village.read(panel, v, known.until, config);
            village.centre(panel, v, model, known, config);
            merge_copies(village, panel.places[v].county, model, known);
        });
    }

    fn fill(&mut self, panel: &Panel, read: impl Fn(&mut Village, usize) + Sync) {
        let (years, sources) = (self.years, self.sources);
        let rows = self.cells.par_chunks_mut(years * (sources + 1)).zip(self.size.par_iter_mut());
        rows.enumerate().for_each_init(
            || Village::new(years, sources),
            |village, (v, (row, size))| {
                read(village, v);
                row[..years].copy_from_slice(&village.claims);
                row[years..].copy_from_slice(&village.sources);
                *size = village.size;
            },
        );
        if self.stated.is_empty() {
            return;
        }
        self.stated.par_chunks_mut(years * sources).enumerate().for_each_init(
            || Village::new(years, panel.sources.len()),
            |village, (v, row)| {
                read(village, v);
                row.copy_from_slice(&village.stated);
            },
        );
    }

    pub(crate) fn len(&self) -> usize {
        self.size.len()
    }

    pub(crate) fn row(&self, v: usize) -> Row<'_> {
        let width = self.years * (self.sources + 1);
        Row { cells: &self.cells[v * width..(v + 1) * width], years: self.years }
    }

    /// Relative variances that source `b` states for village `v`; empty where no source states any.
    pub(crate) fn stated(&self, v: usize, b: usize) -> &[f64] {
        let from = (v * self.sources + b) * self.years;
        self.stated.get(from..from + self.years).unwrap_or_default()
    }

    /// A column of villages by years.
    pub(crate) fn column(&self, of: impl Fn(Row<'_>, usize) -> f64) -> Vec<f64> {
        let mut column = Vec::with_capacity(self.len() * self.years);
        for v in 0..self.len() {
            let row = self.row(v);
            column.extend((0..self.years).map(|t| of(row, t)));
        }
        column
    }

    /// Claims beyond the movement of their county and each village's own level, villages by years.
    pub(crate) fn claims_beyond(
        &self,
        panel: &Panel,
        start: &BTreeMap<u32, Vec<Option<f64>>>,
    ) -> Vec<f64> {
        let (mut column, mut room) = (Vec::with_capacity(self.len() * self.years), Vec::new());
        for v in 0..self.len() {
            let from = column.len();
            let moved = start.get(&panel.places[v].county);
            for (t, claims) in self.row(v).series(0).iter().enumerate() {
                let moved = moved.and_then(|m| m.get(t).copied().flatten());
                column.push(claims - moved.unwrap_or(f64::NAN));
            }
            room.clear();
            room.extend(column[from..].iter().filter(|w| !w.is_nan()));
            let level = middle(&mut room);
            column[from..].iter_mut().for_each(|w| *w -= level);
        }
        column
    }
}
