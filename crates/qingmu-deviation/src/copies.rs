//! Sources that are copies of one another, or of the claims. statistics.md 1.3.

use crate::centre::Regions;
use crate::config::Config;
use crate::model::Model;
use crate::note::{Note, NoteKind};
use crate::spread::squared_mad;
use crate::table::Table;
use crate::village::{Match, Village};

/// Leaves out what a county's copies repeat: a copy of the claims says nothing, copies of one another are one source.
pub(crate) fn merge_copies(village: &mut Village, county: u32, model: &Model, known: &Match) {
    let years = village.years;
    for b in 0..known.sources.len() {
        let Some(index) = known.sources[b] else { continue };
        let Some(copy) = model.sources[index].copies.get(&county) else { continue };
        let first = copy.and_then(|of| known.sources.iter().position(|s| *s == Some(of)));
        for t in 0..years {
            let own = b * years + t;
            let value = std::mem::replace(&mut village.sources[own], f64::NAN);
            let Some(first) = first else { continue };
            let kept = first * years + t;
            if village.sources[kept].is_nan() {
                village.sources[kept] = value;
                village.stated[kept] = village.stated[own];
                village.centring[kept] = village.centring[own];
            } else if !value.is_nan() {
                village.sources[kept] = f64::midpoint(village.sources[kept], value);
            }
        }
    }
}

/// Finds copies county by county and writes them into the model.
pub(crate) fn find_copies(
    table: &Table,
    regions: &Regions,
    config: &Config,
    model: &mut Model,
) -> Vec<Note> {
    let mut notes = Vec::new();
    for (county, members) in &regions.county {
        let distances = distances(table, members, config);
        for (a, b, variance) in &distances {
            let other = |(x, y, _): &&(usize, usize, f64)| (x, y) != (a, b);
            let least = distances.iter().filter(other).map(|d| d.2).reduce(f64::min);
            let near = |sd: f64| *variance < sd * sd;
            let alone = least.is_some_and(|least| *variance < config.copy_ratio * least);
            if !(near(config.copy_sd) || (alone && near(config.copy_most_sd))) {
                continue;
            }
            let source = b - 1;
            let copies = &mut model.sources[source].copies;
            let copy_of = a.checked_sub(1);
            if copies.contains_key(county) {
                continue;
            }
            copies.insert(*county, copy_of);
            let kind = if *a == 0 { NoteKind::CopiedClaims } else { NoteKind::CopiedSource };
            notes.push(Note {
                kind,
                source,
                copy_of,
                county: *county,
                village: None,
                year: None,
                given_mu: None,
                expected_mu: None,
                z: None,
            });
        }
    }
    notes
}

/// Variances of the differences of all pairs of series of a county (0 the claims), pairs with enough cells only.
fn distances(table: &Table, members: &[usize], config: &Config) -> Vec<(usize, usize, f64)> {
    let (mut found, mut room) = (Vec::new(), Vec::new());
    for a in 0..=table.sources {
        for b in a + 1..=table.sources {
            room.clear();
            for v in members {
                let row = table.row(*v);
                let differences = row.series(a).iter().zip(row.series(b)).map(|(x, y)| x - y);
                room.extend(differences.filter(|d| !d.is_nan()));
            }
            if room.len() >= config.least_pairs {
                found.push((a, b, squared_mad(&mut room)));
            }
        }
    }
    found
}
