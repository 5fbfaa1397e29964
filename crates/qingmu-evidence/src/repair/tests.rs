//! Every slip is found, repaired and told, and never counted against anyone; what only looks like one stays.

use crate::Evidence;
use crate::testkit::{Tested, World, code, due, errors, person, used};
use qingmu_model::{DataErrorKind, Family, Mu};

const V: usize = 17;
const T: usize = 2;

/// What is counted in the villages before anything is planted.
fn as_before(world: &World) -> Result<Vec<Key>, Box<dyn std::error::Error>> {
    Ok(keys(&world.gather()?))
}

type Key = (u32, u32, Family);

fn keys(evidence: &Evidence) -> Vec<Key> {
    evidence.counted.iter().map(|c| (c.village, c.year, c.family)).collect()
}

/// Counts that were not there before.
fn beyond(evidence: &Evidence, before: &[Key]) -> Vec<Key> {
    keys(evidence).into_iter().filter(|key| !before.contains(key)).collect()
}

fn grain(world: &mut World, village: usize, year: usize) -> i64 {
    (0..crate::testkit::PEOPLE).map(|n| world.area(village, n, year)).sum()
}

#[test]
fn honest_villages_have_no_slips() -> Tested {
    assert_eq!(World::honest().gather()?.data_errors, []);
    Ok(())
}

#[test]
fn a_missing_area_is_amount_over_rate() -> Tested {
    let mut world = World::honest();
    let (before, sum) = (as_before(&world)?, grain(&mut world, V, T));
    let area = world.area(V, 5, T);
    world.find(V, 5, T, "GRAIN").area = None;
    let evidence = world.gather()?;
    let found = errors(&evidence, DataErrorKind::MissingArea);
    assert_eq!((found.len(), evidence.data_errors.len()), (1, 1));
    assert_eq!((found[0].filed_mu, found[0].used_mu), (None, Some(Mu::from_raw(area * 100))));
    assert_eq!((found[0].village_code.clone(), found[0].year), (code(V), 2021));
    assert_eq!(found[0].claimant.as_ref().map(ToString::to_string), Some("p******".to_owned()));
    let words = format!("{:.2}", Mu::from_raw(area * 100));
    assert!(
        found[0].say.zh.contains(&words) && found[0].say.en.contains(&words),
        "{:?}",
        found[0].say
    );
    assert_eq!(used(&evidence, V, T, "GRAIN"), sum);
    assert_eq!(beyond(&evidence, &before), []);
    Ok(())
}

#[test]
fn a_list_in_hectares_is_one_slip() -> Tested {
    for amounts in [true, false] {
        let mut world = World::honest();
        let (before, sum) = (as_before(&world)?, grain(&mut world, V, T));
        for number in 0..crate::testkit::PEOPLE {
            let claim = world.find(V, number, T, "GRAIN");
            claim.area = claim.area.map(|area| (area + 7) / 15);
            if !amounts {
                claim.amount = due(claim.area.unwrap_or(0));
            }
        }
        let evidence = world.gather()?;
        let found = errors(&evidence, DataErrorKind::HectareList);
        assert_eq!((found.len(), evidence.data_errors.len()), (1, 1));
        assert_eq!((found[0].rows, found[0].year, found[0].at.clone()), (40, 2021, None));
        assert!(found[0].say.zh.contains("公顷") && found[0].say.en.contains("hectares"));
        let off = (used(&evidence, V, T, "GRAIN") - sum).abs();
        assert!(off < sum / 50, "{off} of {sum}");
        assert_eq!(beyond(&evidence, &before), [], "amounts as filed: {amounts}");
    }
    Ok(())
}

#[test]
fn ten_times_is_seen_by_history_or_by_amount() -> Tested {
    let mut world = World::honest();
    let (before, sum) = (as_before(&world)?, grain(&mut world, V, T));
    let area = world.area(V, 5, T);
    world.claim(V, 5, T, area * 10);
    world.find(V, 6, T, "GRAIN").area = Some(world.area(V, 6, T) / 10);
    let evidence = world.gather()?;
    let found = errors(&evidence, DataErrorKind::TenFold);
    assert_eq!((found.len(), evidence.data_errors.len()), (2, 2));
    let filed = Some(Mu::from_raw(area * 1_000));
    let large = found.iter().find(|e| e.filed_mu == filed);
    assert_eq!(large.and_then(|e| e.used_mu), Some(Mu::from_raw(area * 100)));
    assert!(found.iter().all(|e| e.at.is_some() && e.say.zh.contains("小数点")));
    assert!((used(&evidence, V, T, "GRAIN") - sum).abs() < 10);
    assert_eq!(beyond(&evidence, &before), []);
    Ok(())
}

#[test]
fn swapped_digits_are_swapped_back() -> Tested {
    let mut world = World::honest();
    let before = as_before(&world)?;
    for year in 0..crate::testkit::YEARS {
        world.claim(V, 5, year, 1_480);
    }
    let sum = grain(&mut world, V, T);
    world.claim(V, 5, T, 4_180);
    let evidence = world.gather()?;
    let found = errors(&evidence, DataErrorKind::SwappedDigits);
    assert_eq!((found.len(), evidence.data_errors.len()), (1, 1));
    assert_eq!(found[0].used_mu, Some(Mu::from_raw(148_000)));
    assert!(found[0].say.zh.contains("颠倒") && found[0].say.en.contains("swapped"));
    assert_eq!(used(&evidence, V, T, "GRAIN"), sum);
    assert_eq!(beyond(&evidence, &before), []);
    Ok(())
}

#[test]
fn a_row_of_another_village_is_left_out() -> Tested {
    let mut world = World::honest();
    let (before, sum) = (as_before(&world)?, grain(&mut world, V, T));
    for number in [3, 8] {
        let claim = world.find(V + 4, number, T, "GRAIN").clone();
        world.claims.push(crate::testkit::Claim { village: V, ..claim });
    }
    let evidence = world.gather()?;
    let found = errors(&evidence, DataErrorKind::WrongVillage);
    assert_eq!((found.len(), evidence.data_errors.len()), (2, 2));
    assert_eq!((found[0].village_code.clone(), found[0].used_mu), (code(V), None));
    assert!(found[0].say.zh.contains(&code(V + 4)) && found[0].say.en.contains(&code(V + 4)));
    assert_eq!(used(&evidence, V, T, "GRAIN"), sum);
    let filed: i64 = evidence.cells.iter().map(|c| c.filed.raw()).sum();
    let kept: i64 = evidence.cells.iter().map(|c| c.used.raw()).sum();
    assert!(filed > kept, "what is filed keeps the rows");
    assert_eq!(beyond(&evidence, &before), []);
    Ok(())
}

#[test]
fn land_that_changed_for_good_is_no_slip() -> Tested {
    let mut world = World::honest();
    let area = world.area(V, 5, 0);
    for year in 3..crate::testkit::YEARS {
        world.claim(V, 5, year, area * 10);
    }
    for (year, claimed) in [(0, 1_480), (1, 1_480), (2, 1_480), (3, 4_180), (4, 4_180)] {
        world.claim(V, 7, year, claimed);
    }
    assert_eq!(world.gather()?.data_errors, []);
    Ok(())
}

#[test]
fn a_rate_that_slipped_leaves_a_right_area_alone() -> Tested {
    let mut world = World::honest();
    let claim = world.find(V, 5, T, "GRAIN");
    claim.amount *= 10;
    let evidence = world.gather()?;
    assert_eq!(evidence.data_errors, [], "{}", person(V, 5));
    Ok(())
}
