//! The evidence as a whole. All people are invented.

use crate::testkit::{Lottery, Tested, World, YEARS, code, person};
use crate::{Evidence, Trace};

const V: usize = 17;
const T: usize = 2;

/// A bit of everything.
fn mixed() -> World {
    let mut world = World::honest();
    for number in 0..12 {
        let area = world.area(V + 4, number, T) + 13;
        world.add(V, T, &person(V + 4, number), "", area);
        world.find(V + 1, number, T, "GRAIN").amount += 5_000;
        world.parcels.push((format!("pond{number}"), "facility"));
        world.add(V + 2, T, &person(V + 2, number), &format!("pond{number}"), 250);
        world.find(V + 3, number, T, "GRAIN").area = None;
        let area = world.area(5, number, 3);
        world.claim(5, number, 3, area * 10);
        let area = world.area(6, number + 20, 3);
        world.claim(6, number + 20, 3, area + 33);
        world.cadres.push(person(V, number));
    }
    world.claims.push(world.claims[40].clone());
    world
}

/// Without what names files and rows.
fn bare(mut evidence: Evidence) -> Evidence {
    evidence.files.clear();
    evidence.inputs.clear();
    for trace in &mut evidence.traces {
        let rows = trace.rows.len();
        *trace = Trace { rows: Vec::new(), step: trace.step, witness: trace.witness };
        assert!(rows > 0);
    }
    for error in &mut evidence.data_errors {
        error.at = None;
    }
    evidence
}

#[test]
fn nothing_depends_on_threads() -> Tested {
    let world = mixed();
    let one = world.gather_with(1, 4)?;
    assert!(!one.counted.is_empty() && !one.data_errors.is_empty() && !one.cadres.is_empty());
    let two = world.gather_with(3, 4)?;
    // The folders differ, so do digests of nothing: only accounts name them.
    assert_eq!((&one.counted, &one.traces), (&two.counted, &two.traces));
    assert_eq!((&one.data_errors, &one.fabrication), (&two.data_errors, &two.fabrication));
    assert_eq!(one, two);
    Ok(())
}

#[test]
fn nothing_depends_on_the_order_of_rows_or_files() -> Tested {
    let world = mixed();
    let plain = bare(world.gather_with(1, 1)?);
    let mut shuffled = world.clone();
    let mut lottery = Lottery(99);
    for at in (1..shuffled.claims.len()).rev() {
        let other = lottery.below(at as u64 + 1);
        shuffled.claims.swap(at, usize::try_from(other).unwrap_or(0));
    }
    shuffled.persons.reverse();
    shuffled.parcels.reverse();
    assert_eq!(plain, bare(shuffled.gather_with(2, 5)?));
    Ok(())
}

#[test]
fn cells_close_and_offices_are_masked() -> Tested {
    let world = World::honest();
    let evidence = world.gather()?;
    assert_eq!((evidence.first_year, evidence.years, evidence.villages.len()), (2019, YEARS, 48));
    let filed: i64 = evidence.cells.iter().map(|c| c.filed.raw()).sum();
    let all: i64 = world.claims.iter().filter_map(|c| c.area).sum();
    assert_eq!(filed, all * 100);
    assert!(
        evidence.cells.iter().all(|c| c.filed == c.used && c.claims == 40 && c.claimants == 40)
    );
    assert_eq!(evidence.claims, vec![80; 48 * YEARS]);
    assert_eq!(evidence.cells.len(), 48 * YEARS * 2);
    let office = &evidence.approvers;
    let who =
        office.dominant[V * YEARS].map(|d| (office.people[d.person as usize].clone(), d.share));
    let town = code(V);
    assert_eq!(
        who.as_ref().map(|w| (w.0.reveal("test"), w.1)),
        Some((&*format!("a{}", &town[..6]), 1.0))
    );
    assert_eq!(evidence.recorders.people.len(), 12);
    assert!(!format!("{:?}", evidence.recorders).contains(&town[..9]));
    Ok(())
}

#[test]
fn cadres_are_shown_and_never_counted() -> Tested {
    let mut world = World::honest();
    for village in 0..48 {
        world.cadres.extend((0..4).map(|number| person(village, number)));
        world.persons.retain(|(id, _)| !(0..4).any(|n| *id == person(village, n)));
        world.persons.extend((0..4).map(|number| (person(village, number), None)));
    }
    let before = world.gather()?;
    for number in 0..4 {
        for year in T..YEARS {
            let area = world.area(V, number, year);
            world.claim(V, number, year, area * 3 / 2);
        }
    }
    let evidence = world.gather()?;
    let step = evidence.cadres.iter().find(|c| (c.village as usize, c.year as usize) == (V, T));
    assert!(step.is_some_and(|s| s.step > 0.3 && s.p < 0.05 && s.cadre_mu > s.before_mu));
    assert_eq!(evidence.counted.len(), before.counted.len());
    Ok(())
}

#[test]
fn an_empty_table_has_no_evidence() -> Tested {
    let evidence = World::default().gather()?;
    assert_eq!((evidence.years, evidence.villages.len(), evidence.cells.len()), (0, 0, 0));
    Ok(())
}
