//! One area added to many, and what only looks like it. All people are invented.

use crate::testkit::{Tested, World, YEARS, counted, due, ln_bf};
use qingmu_model::{Family, Mu, Yuan};

const V: usize = 17;
const T: usize = 2;

/// 0.37 mu more on fifteen people's maize from year T on.
fn raise(world: &mut World, village: usize, programme: &str) {
    for number in 0..15 {
        for year in T..YEARS {
            let claim = world.find(village, number, year, programme);
            let area = claim.area.unwrap_or(0) + 37;
            (claim.area, claim.amount) = (Some(area), due(area));
        }
    }
}

/// The first fifteen people's areas do not change of themselves.
fn steady() -> World {
    let mut world = World::honest();
    for village in 0..48 {
        for number in 0..15 {
            let area = world.area(village, number, 0);
            (1..YEARS).for_each(|year| world.claim(village, number, year, area));
        }
    }
    world
}

#[test]
fn one_area_added_to_many_is_counted_in_the_year_it_starts() -> Tested {
    let mut world = steady();
    raise(&mut world, V, "GRAIN");
    let evidence = world.gather()?;
    assert!(ln_bf(&evidence, Family::TopUp, V, T) > 3.0);
    assert!(ln_bf(&evidence, Family::TopUp, V, T + 1) < 1.0);
    let found = counted(&evidence, Family::TopUp, V, T);
    let exact = (15, Mu::from_raw(15 * 3_700), Yuan::from_raw(15 * due(37)));
    assert_eq!(found.map(|c| (c.rows, c.excess_mu, c.excess_yuan)), Some(exact));
    let at = evidence.counted.iter().position(|c| Some(c) == found).unwrap_or(usize::MAX);
    assert_eq!(evidence.traces[at].step, Some(Mu::from_raw(3_700)));
    Ok(())
}

#[test]
fn land_that_was_allotted_is_no_top_up() -> Tested {
    let mut world = steady();
    raise(&mut world, V, "GRAIN");
    raise(&mut world, V, "FERTILITY");
    assert_eq!(counted(&world.gather()?, Family::TopUp, V, T), None, "contract rows moved too");

    let mut world = steady();
    raise(&mut world, V, "GRAIN");
    for (village, year, area) in &mut world.contracted {
        if *village == V && *year >= T {
            *area += 15 * 37;
        }
    }
    assert_eq!(counted(&world.gather()?, Family::TopUp, V, T), None, "the register moved too");
    Ok(())
}

#[test]
fn what_a_whole_county_does_is_no_top_up() -> Tested {
    let mut world = steady();
    (16..24).for_each(|village| raise(&mut world, village, "GRAIN"));
    let evidence = world.gather()?;
    assert!((16..24).all(|village| ln_bf(&evidence, Family::TopUp, village, T) < 1.0));
    Ok(())
}

#[test]
fn a_common_factor_on_a_coarse_grid_is_no_top_up() -> Tested {
    let mut world = steady();
    let grid = |area: i64| ((area + 5) / 10 * 10).max(10);
    for village in 0..48 {
        for number in 0..15 {
            for year in 0..YEARS {
                let area = grid(world.area(village, number, 0));
                // Measured anew in one village: everybody has four in a hundred more.
                let raised = village == V && year >= T;
                world.claim(
                    village,
                    number,
                    year,
                    if raised { grid(area * 104 / 100) } else { area },
                );
            }
        }
    }
    assert_eq!(counted(&world.gather()?, Family::TopUp, V, T), None);
    Ok(())
}

#[test]
fn a_hundredth_of_a_mu_for_everybody_is_not_worth_counting() -> Tested {
    let mut world = steady();
    for number in 0..15 {
        for year in T..YEARS {
            let area = world.area(V, number, year) + 1;
            world.claim(V, number, year, area);
        }
    }
    assert_eq!(counted(&world.gather()?, Family::TopUp, V, T), None);
    Ok(())
}
