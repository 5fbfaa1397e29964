//! Each family is found where it is planted and silent on its honest look-alike. All people are invented.

use crate::testkit::{Tested, World, YEARS, code, counted, due, ln_bf, loudest, person};
use qingmu_model::{Family, Mu, Yuan};

const V: usize = 17;
const T: usize = 2;

/// Evidence that would move anyone.
const LOUD: f64 = 3.0;

#[test]
fn honest_villages_are_quiet() -> Tested {
    let evidence = World::honest().gather()?;
    let families =
        [Family::Identity, Family::Duplicate, Family::Parcel, Family::Sum, Family::TopUp];
    for family in families {
        assert!(loudest(&evidence, family) < 1.0, "{family:?}");
    }
    assert_eq!(evidence.counted.len(), evidence.traces.len());
    Ok(())
}

#[test]
fn unknown_people_on_one_card_are_counted_with_their_money() -> Tested {
    let mut world = World::honest();
    for year in T..YEARS {
        for number in 0..6 {
            world.add(V, year, &format!("x{number}"), "", 500);
        }
    }
    for claim in world.claims.iter_mut().filter(|c| c.person.starts_with('x')) {
        claim.card = "made".to_owned();
    }
    let evidence = world.gather()?;
    assert!(ln_bf(&evidence, Family::Identity, V, T) > LOUD);
    let found = counted(&evidence, Family::Identity, V, T);
    let sums = found.map(|c| (c.rows, c.excess_mu, c.excess_yuan));
    assert_eq!(sums, Some((6, Mu::from_raw(300_000), Yuan::from_raw(6 * due(500)))));
    assert_eq!(counted(&evidence, Family::Identity, V, T - 1), None);
    let at = evidence.counted.iter().position(|c| Some(c) == found).unwrap_or(usize::MAX);
    assert_eq!(evidence.traces[at].rows.len(), 6);
    Ok(())
}

#[test]
fn couples_cooperatives_late_renaming_and_late_heirs_are_no_identities() -> Tested {
    let mut world = World::honest();
    for claim in &mut world.claims {
        let number: usize = claim.person[4..].parse().unwrap_or(0);
        // Couples everywhere on one card; in one village twelve living members of a co-operative on one.
        claim.card = format!("c{}{}", &claim.person[..4], number / 2);
        if claim.village == V && number < 12 {
            claim.card = "co-operative".to_owned();
        }
    }
    for number in 0..PEOPLE_OF_ONE_CARD {
        world.persons.retain(|(id, _)| *id != person(V, number));
        world.persons.push((person(V, number), None));
    }
    // Heads of households who died and are not renamed, heirs who are not registered yet: each on their own card.
    for number in 20..28 {
        let id = person(V, number);
        world.persons.retain(|(known, _)| *known != id);
        if number % 2 == 0 {
            world.persons.push((id.clone(), Some(0)));
        }
        for claim in world.claims.iter_mut().filter(|c| c.person == id) {
            claim.card = format!("own{id}");
        }
    }
    let evidence = world.gather()?;
    assert!(loudest(&evidence, Family::Identity) < 0.0);
    Ok(())
}

const PEOPLE_OF_ONE_CARD: usize = 12;

/// In every village one person also tills land in the next one.
fn with_land_in_two_villages() -> World {
    let mut world = World::honest();
    for village in (0..48).filter(|v| v % 8 != 7) {
        for year in 0..YEARS {
            let area = world.area(village, 3, year);
            world.add(village + 1, year, &person(village, 3), "", area / 2);
        }
    }
    world
}

#[test]
fn a_copied_list_charges_the_village_without_roots() -> Tested {
    let mut world = with_land_in_two_villages();
    let mut money = 0;
    for number in 10..22 {
        let area = world.area(V + 4, number, T) + 13;
        world.add(V, T, &person(V + 4, number), "", area);
        money += due(area);
    }
    let evidence = world.gather()?;
    assert!(ln_bf(&evidence, Family::Duplicate, V, T) > LOUD);
    assert!(ln_bf(&evidence, Family::Duplicate, V + 4, T) <= 0.0, "the other village is witness");
    assert!(ln_bf(&evidence, Family::Duplicate, V, T - 1) <= 0.0, "one person has land in both");
    let found = counted(&evidence, Family::Duplicate, V, T);
    assert_eq!(found.map(|c| (c.rows, c.excess_yuan)), Some((12, Yuan::from_raw(money))));
    let at = evidence.counted.iter().position(|c| Some(c) == found).unwrap_or(usize::MAX);
    let witness = evidence.traces[at].witness.map(|v| evidence.villages[v as usize].to_string());
    assert_eq!(witness, Some(code(V + 4)));
    Ok(())
}

#[test]
fn land_in_two_villages_is_usual_where_everyone_has_it() -> Tested {
    let evidence = with_land_in_two_villages().gather()?;
    assert!(evidence.counted.iter().any(|c| c.family == Family::Duplicate));
    assert!(loudest(&evidence, Family::Duplicate) <= 0.0);
    Ok(())
}

#[test]
fn second_parcels_that_bear_no_crop_are_counted() -> Tested {
    let mut world = World::honest();
    // Elsewhere one claimant in a village has such a row: clerical.
    for village in (0..48).filter(|v| v % 3 == 0) {
        world.parcels.push((format!("w{village}"), "forest"));
        world.add(village, 1, &person(village, 9), &format!("w{village}"), 100);
    }
    let own: Vec<String> = (0..12).map(|n| format!("l{V:03}{n:03}")).collect();
    for (_, class) in world.parcels.iter_mut().filter(|(parcel, _)| own.contains(parcel)) {
        *class = "arable";
    }
    for number in 0..12 {
        world.parcels.push((format!("pond{number}"), "facility"));
        world.add(V, T, &person(V, number), &format!("pond{number}"), 250);
    }
    let evidence = world.gather()?;
    assert!(ln_bf(&evidence, Family::Parcel, V, T) > LOUD);
    let found = counted(&evidence, Family::Parcel, V, T);
    let exact = (12, Mu::from_raw(12 * 25_000), Yuan::from_raw(12 * due(250)));
    assert_eq!(found.map(|c| (c.rows, c.excess_mu, c.excess_yuan)), Some(exact));
    assert!(ln_bf(&evidence, Family::Parcel, 0, 1) < LOUD);
    Ok(())
}

#[test]
fn a_stale_class_sits_on_the_only_parcel() -> Tested {
    let mut world = World::honest();
    let stale: Vec<String> = (0..20).map(|n| format!("l{V:03}{n:03}")).collect();
    for (parcel, class) in &mut world.parcels {
        if stale.contains(parcel) {
            *class = "orchard";
        }
    }
    let evidence = world.gather()?;
    assert_eq!(counted(&evidence, Family::Parcel, V, T), None);
    Ok(())
}

#[test]
fn sums_that_are_never_taken_back_are_counted() -> Tested {
    for (year, halves) in [(T, false), (0, true)] {
        let mut world = World::honest();
        for number in 0..12 {
            world.find(V, number, year, "GRAIN").amount += 5_000;
        }
        let evidence = world.gather()?;
        let found = counted(&evidence, Family::Sum, V, year);
        let exact = (12, Mu::ZERO, Yuan::from_raw(60_000));
        assert_eq!(found.map(|c| (c.rows, c.excess_mu, c.excess_yuan)), Some(exact));
        let loud = found.map_or(-2.0, |c| c.ln_bf);
        assert!(if halves { loud > 1.0 && loud <= 6.0 } else { loud > LOUD }, "{year} {loud}");
    }
    Ok(())
}

#[test]
fn back_pay_and_rounding_are_no_sums() -> Tested {
    let mut world = World::honest();
    for number in 0..20 {
        let short = world.find(V, number, T, "GRAIN").amount / 4;
        world.find(V, number, T, "GRAIN").amount -= short;
        if number % 2 == 0 {
            world.find(V, number, T + 1, "GRAIN").amount += short;
        } else {
            // Paid by a row of its own.
            world.add(V, T + 2, &person(V, number), "", 0);
            if let Some(claim) = world.claims.last_mut() {
                claim.amount = short;
            }
        }
    }
    for claim in world.claims.iter_mut().filter(|c| c.village / 8 == 4) {
        claim.amount = (claim.amount + 50) / 100 * 100;
    }
    for claim in world.claims.iter_mut().filter(|c| c.village / 8 == 5) {
        claim.amount = claim.amount / 10 * 10;
    }
    let evidence = world.gather()?;
    assert!(evidence.counted.iter().all(|c| c.family != Family::Sum), "{:?}", evidence.counted);
    Ok(())
}

#[test]
fn what_is_not_there_is_named_and_nothing_is_counted() -> Tested {
    let mut world = World::honest();
    world.persons.clear();
    world.parcels.clear();
    let evidence = world.gather()?;
    let missing: Vec<(Option<Family>, &str, &str)> =
        evidence.not_assessed.iter().map(|n| (n.family, n.table, n.column)).collect();
    assert_eq!(
        missing,
        [(Some(Family::Identity), "persons", ""), (Some(Family::Parcel), "parcels", "")]
    );
    let mut world = World::honest();
    for (_, class) in &mut world.parcels {
        *class = "";
    }
    let evidence = world.gather()?;
    let missing: Vec<(Option<Family>, &str, &str)> =
        evidence.not_assessed.iter().map(|n| (n.family, n.table, n.column)).collect();
    assert_eq!(
        missing,
        [(None, "persons", "is_cadre"), (Some(Family::Parcel), "parcels", "land_class")]
    );
    Ok(())
}
