//! Fitting: what counties have in common, how far each source errs, which sources lag or are copies.

use crate::assess::Scorer;
use crate::centre::{Centres, Regions};
use crate::config::Config;
use crate::copies::find_copies;
use crate::error::DeviationError;
use crate::lag::lags;
use crate::model::{Model, SourceModel, Stratum};
use crate::note::{Note, NoteKind};
use crate::panel::{Panel, Source};
use crate::spread::strata;
use crate::table::Table;
use crate::vegetables::{slopes, typical_shares};
use crate::village::{Match, is_empty_cell, years_used};
use crate::weights::Odd;
use qingmu_stats::asinh_scale;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Rounds of alternating medians before the last, leave-one-out one. Two settle what missing years unsettle.
const SWEEPS: usize = 2;

/// Learns the model of a panel and what is odd about its sources. Notes come in the order of village, source, year
/// after those about whole counties.
///
/// # Errors
/// [`DeviationError`] for a panel or a configuration that makes no sense.
pub fn fit(panel: &Panel, config: &Config) -> Result<(Model, Vec<Note>), DeviationError> {
    panel.check()?;
    config.check()?;
    let mut model = empty_model(panel);
    let mut notes = empty_cells(panel, config);
    let regions = Regions::of(&panel.places);
    let mut table = Table::read(panel, config);
    model.start = movements(&table, panel, &regions, config);
    let history = table.claims_beyond(panel, &model.start);
    model.history = Centres::of(&history, &regions, panel.years, config.full_group);
    for (b, source) in model.sources.iter_mut().enumerate() {
        let ratio = table.column(|row, t| row.series(0)[t] - row.series(b + 1)[t]);
        source.centres = Centres::of(&ratio, &regions, panel.years, config.full_group);
    }
    model.vegetable_share = typical_shares(panel, &regions);
    let known = Match::of(panel, &model, config);
    table.centre(panel, &model, &known, config);
    for (source, slope) in slopes(&table, panel, &model).into_iter().enumerate() {
        model.sources[source].vegetable_slope = slope;
    }
    table.centre(panel, &model, &known, config);
    notes.extend(find_copies(&table, &regions, config, &mut model));
    table.centre(panel, &model, &known, config);
    (model.strata, model.rest) = strata(&table, &regions, config);
    for (source, lag) in lags(&table, panel, config).into_iter().enumerate() {
        model.sources[source].lag = lag;
    }
    notes.extend(odd_cells(panel, &model, &known, config));
    Ok((model, notes))
}

fn empty_model(panel: &Panel) -> Model {
    let source = |s: &Source| SourceModel {
        name: s.name.clone(),
        centres: Centres::default(),
        lag: 0.0,
        vegetable_slope: 0.0,
        copies: BTreeMap::new(),
    };
    Model {
        first_year: panel.first_year,
        years: panel.years,
        start: BTreeMap::new(),
        history: Centres::default(),
        vegetable_share: BTreeMap::new(),
        sources: panel.sources.iter().map(source).collect(),
        strata: BTreeMap::new(),
        rest: Stratum::default(),
    }
}

/// Movement of all claims of each county by year: medians over villages and over years in turn, villages first, so
/// that what a whole county shares in a year is taken out exactly.
fn movements(
    table: &Table,
    panel: &Panel,
    regions: &Regions,
    config: &Config,
) -> BTreeMap<u32, Vec<Option<f64>>> {
    let mut start: BTreeMap<u32, Vec<Option<f64>>> = BTreeMap::new();
    let mut beyond = table.column(|row, t| row.series(0)[t]);
    for _ in 0..=SWEEPS {
        let centres = Centres::of(&beyond, regions, panel.years, config.full_group);
        for (county, members) in &regions.county {
            let place = panel.places[members[0]];
            let years = start.entry(*county).or_insert_with(|| vec![None; panel.years]);
            for (t, moved) in years.iter_mut().enumerate() {
                let centre = centres.others(place, t, None, config.full_group);
                *moved = centre.map(|c| c.value + moved.unwrap_or(0.0));
            }
        }
        beyond = table.claims_beyond(panel, &start);
    }
    start
}

/// Cells of the sources that say 0 and mean nothing.
fn empty_cells(panel: &Panel, config: &Config) -> Vec<Note> {
    let until = years_used(panel, config);
    let find = |v: usize| {
        let cells = panel.sources.iter().enumerate();
        let zeros = cells.flat_map(move |(b, source)| {
            let zero = move |t: &usize| source.area[v * panel.years + t] == Some(0.0);
            (0..until).filter(zero).map(move |t| (b, t))
        });
        let empty = zeros.filter(move |(b, t)| is_empty_cell(panel, v, *b, *t, until, config));
        empty.map(move |(b, t)| cell_note(panel, NoteKind::EmptyCell, v, b, t))
    };
    (0..panel.places.len()).into_par_iter().flat_map_iter(find).collect()
}

/// Cells of the sources that stand alone against all other cells of the village.
fn odd_cells(panel: &Panel, model: &Model, known: &Match, config: &Config) -> Vec<Note> {
    let find = |scorer: &mut Scorer<'_>, v: usize| {
        let mut found = Vec::new();
        scorer.prepare(v, |odd| found.push(odd));
        found.iter().map(|odd| odd_note(panel, config, v, odd, &found)).collect::<Vec<_>>()
    };
    (0..panel.places.len())
        .into_par_iter()
        .map_init(|| Scorer::new(panel, model, config, known), find)
        .flatten_iter()
        .collect()
}

fn odd_note(panel: &Panel, config: &Config, v: usize, odd: &Odd, all: &[Odd]) -> Note {
    let alike = |o: &&Odd| o.source == odd.source && (o.z > 0.0) == (odd.z > 0.0);
    let local = !panel.sources[odd.source].independent && odd.z > 0.0;
    let tampered = local || all.iter().filter(alike).count() >= config.tampered_years;
    let kind = if tampered { NoteKind::Tampered } else { NoteKind::Glitch };
    let mut note = cell_note(panel, kind, v, odd.source, odd.year);
    let delta = config.delta_mu;
    let expected = note.given_mu.and_then(|given| asinh_scale(given, delta));
    note.expected_mu = expected.map(|log| ((log - odd.residual).sinh() * 2.0 * delta).max(0.0));
    note.z = Some(odd.z);
    note
}

fn cell_note(panel: &Panel, kind: NoteKind, v: usize, source: usize, t: usize) -> Note {
    Note {
        kind,
        source,
        copy_of: None,
        county: panel.places[v].county,
        village: Some(v),
        year: i16::try_from(t).ok().map(|t| panel.first_year + t),
        given_mu: panel.sources[source].area[v * panel.years + t],
        expected_mu: None,
        z: None,
    }
}
