//! Each test finds what someone made up and lets honest lists be. All people are invented.

use crate::testkit::{PEOPLE, Tested, World, YEARS, code, due};
use crate::{Evidence, Fabrication, Test};

const V: usize = 17;
const T: usize = 2;

fn of(evidence: &Evidence, village: usize, year: usize) -> Option<&Fabrication> {
    let place = |f: &&Fabrication| {
        evidence.villages[f.village as usize].as_ref() == code(village) && f.year as usize == year
    };
    evidence.fabrication.iter().find(place)
}

fn p(evidence: &Evidence, test: Test) -> f64 {
    let tests = of(evidence, V, T).map(|f| f.tests.as_slice()).unwrap_or_default();
    tests.iter().find(|t| t.test == test).map_or(1.0, |t| t.p)
}

/// Changes a share of the village's maize in year T.
fn change(people: usize, new: impl Fn(usize, i64) -> i64) -> World {
    let mut world = World::honest();
    for number in 0..people {
        let area = world.area(V, number, T - 1);
        world.claim(V, number, T, new(number, area));
    }
    world
}

#[test]
fn honest_lists_are_seldom_listed() -> Tested {
    let evidence = World::honest().gather()?;
    let listed = evidence.fabrication.len();
    // Five in a hundred by construction; twice as many would be a broken law.
    assert!(listed <= 48 * YEARS / 10, "{listed}");
    assert!(evidence.fabrication.iter().all(|f| f.copy_of.is_none()));
    for f in &evidence.fabrication {
        assert!(f.p <= 0.05 && f.tests.iter().all(|t| t.p > 0.0 && t.p <= 1.0));
        assert!(f.tests.iter().all(|t| !t.say.zh.is_empty() && !t.say.en.is_empty()));
    }
    Ok(())
}

#[test]
fn one_step_one_factor_and_the_direction() -> Tested {
    let evidence = change(15, |_, area| area + 41).gather()?;
    assert!(p(&evidence, Test::ChangeMode) < 0.01);
    assert!(p(&evidence, Test::Sign) < 0.01);
    let tests = of(&evidence, V, T).map(|f| f.tests.clone()).unwrap_or_default();
    let said = tests.iter().find(|t| t.test == Test::ChangeMode).map(|t| t.say.en.clone());
    assert_eq!(said, Some("15 of 40 claims are exactly 0.41 mu above the year before".to_owned()));

    let evidence = change(15, |_, area| (area * 120 + 50) / 100).gather()?;
    assert!(p(&evidence, Test::RatioMode) < 0.01);
    Ok(())
}

#[test]
fn repeats_heaps_and_digits() -> Tested {
    let evidence = change(25, |_, _| 777).gather()?;
    assert!(p(&evidence, Test::Repeats) < 0.01);
    let evidence = change(30, |_, area| (area + 25) / 50 * 50).gather()?;
    assert!(p(&evidence, Test::Heaping) < 0.01);
    let evidence =
        change(PEOPLE, |number, area| area / 10 * 10 + 3 + i64::from(number % 8 == 0)).gather()?;
    assert!(p(&evidence, Test::Digits) < 0.01);
    Ok(())
}

#[test]
fn equal_allotment_inside_groups_explains_repeats() -> Tested {
    // Each of the four groups divided its land anew: so much per head, two to four heads.
    let heads = |number: usize| 2 + i64::try_from(number / 4 % 3).unwrap_or(0);
    let unit = |number: usize| 113 + 17 * i64::try_from(number % 4).unwrap_or(0);
    let evidence = change(PEOPLE, |number, _| heads(number) * unit(number)).gather()?;
    let found = of(&evidence, V, T);
    let repeats = |f: &Fabrication| f.tests.iter().any(|t| t.test == Test::Repeats);
    assert!(found.is_none_or(|f| f.equal_allotment && !repeats(f)), "{found:?}");
    Ok(())
}

#[test]
fn a_list_under_new_names_is_a_copy() -> Tested {
    let mut world = World::honest();
    for number in 0..PEOPLE {
        let area = world.area(V + 6, number, T);
        world.claim(V, number, T, if number % 10 == 0 { area + 7 } else { area });
    }
    let evidence = world.gather()?;
    let source = of(&evidence, V, T).and_then(|f| f.copy_of);
    let named = source.map(|(v, y)| (evidence.villages[v as usize].to_string(), y as usize));
    assert_eq!(named, Some((code(V + 6), T)));
    // The same people with the same areas a year later are no copy.
    assert!(of(&evidence, 3, T).is_none_or(|f| f.copy_of.is_none()));
    Ok(())
}

#[test]
fn a_stretch_of_another_list_under_new_names_is_a_copy() -> Tested {
    let mut world = World::honest();
    for number in 0..14 {
        for year in T..YEARS {
            let area = world.area(V + 6, number + 9, year);
            world.add(V, year, &format!("new{number}"), "", area);
        }
    }
    let evidence = world.gather()?;
    for year in T..YEARS {
        let source = of(&evidence, V, year).and_then(|f| f.copy_of);
        let named = source.map(|(v, y)| (evidence.villages[v as usize].to_string(), y as usize));
        assert_eq!(named, Some((code(V + 6), year)), "{year}");
    }
    assert!(of(&evidence, V + 6, T).is_none_or(|f| f.copy_of.is_none()), "the source is no copy");
    // Newcomers with areas of their own, or the neighbours' own people with land here, copy nobody.
    let mut world = World::honest();
    for number in 0..14 {
        for year in T..YEARS {
            let area = 301 + 53 * i64::try_from(number).unwrap_or(0);
            world.add(V, year, &format!("new{number}"), "", area);
            let theirs = world.area(V + 6, number, year);
            world.add(V + 3, year, &crate::testkit::person(V + 6, number), "", theirs);
        }
    }
    let evidence = world.gather()?;
    assert!(evidence.fabrication.iter().all(|f| f.copy_of.is_none()));
    Ok(())
}

#[test]
fn many_new_claimants_are_seen() -> Tested {
    let mut world = World::honest();
    for number in 0..15 {
        for year in T..YEARS {
            world.add(V, year, &format!("new{number}"), "", 300 + 7 * number);
        }
    }
    assert_eq!(world.claims.last().map(|c| c.amount), Some(due(398)));
    let evidence = world.gather()?;
    assert!(p(&evidence, Test::NewClaimants) < 0.01);
    Ok(())
}
