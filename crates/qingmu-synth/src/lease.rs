//! People with land in two villages, honestly: registered leases, co-operatives, and small enclaves.

use crate::county::Transfer;
use crate::plan::{Plan, on_paper};
use crate::stream::{Stream, nearest, pseudonym};
use crate::village::{Grain, Person, Village};
use qingmu_model::Mu;
use std::ops::Range;
use std::sync::Arc;

/// Villages are taken town by town (`towns`: ranges of indices); the neighbour is the one before in code.
pub(crate) fn lease(
    plan: &Plan,
    villages: &mut [Village],
    towns: &[Range<usize>],
) -> Vec<Transfer> {
    let mut transfers = Vec::new();
    for (number, town) in towns.iter().enumerate() {
        if town.len() < 3 {
            continue;
        }
        for home in town.clone() {
            let away = if home + 1 < town.end { home + 1 } else { town.start };
            enclave(plan, villages, home, away);
            across_villages(plan, villages, home, away, &mut transfers);
        }
        if number % 2 == 0 {
            co_operative(plan, villages, town.start + 1, town.start + 2, &mut transfers);
        }
    }
    transfers.sort_by(|a, b| (&a.to_id, &a.from_id).cmp(&(&b.to_id, &b.from_id)));
    transfers
}

/// One villager of `home` has a plot of 1 to 3.5 mu in `away`.
fn enclave(plan: &Plan, villages: &mut [Village], home: usize, away: usize) {
    let mut stream = Stream::new(plan.seed, "enclave", &villages[home].place.code);
    let Some(owner) = villages[home].people.get(1).cloned() else { return };
    let plot = nearest(stream.between(100.0, 350.0));
    if !stream.chance(0.5) || owner.leases {
        return;
    }
    let grain = Grain { wheat: plot * 4 / 5, potato: 0, maize: plot * 3 / 4 };
    let village = &mut villages[away];
    village.land.contracted += plot;
    village.land.arable += plot;
    let slot = village.people.len();
    let grain = vec![grain; plan.years.len()];
    village.people.push(Person { slot, contracted: plot, grain, leases: true, ..owner });
}

/// One villager of `home` leases most of somebody's land in `away`; the lessor keeps the contract subsidy,
/// the lessee claims the grain.
fn across_villages(
    plan: &Plan,
    villages: &mut [Village],
    home: usize,
    away: usize,
    transfers: &mut Vec<Transfer>,
) {
    let mut stream = Stream::new(plan.seed, "lease", &villages[home].place.code);
    let share = stream.between(0.6, 1.0);
    if !stream.chance(0.3) {
        return;
    }
    let free = |p: &Person| p.slot % 5 == 2 && p.slot > 5 && !p.leases && p.contracted > 0;
    let Some(lessee) = villages[home].people.iter().position(free) else { return };
    villages[home].people[lessee].leases = true;
    let lessee = villages[home].people[lessee].clone();
    move_land(plan, &mut villages[away], &lessee, 1, share, transfers);
}

/// A co-operative claims in its own name, on its own account, for land leased in two villages.
fn co_operative(
    plan: &Plan,
    villages: &mut [Village],
    home: usize,
    away: usize,
    transfers: &mut Vec<Transfer>,
) {
    let place = villages[home].place.code.clone();
    let firm = Person {
        slot: 0,
        id: pseudonym(plan.seed, "co-operative", &place, 0).into(),
        household: format!("{place}-COOP").into(),
        account: pseudonym(plan.seed, "co-operative-account", &place, 0).into(),
        group: 1,
        contracted: 0,
        grain: Vec::new(),
        enrolled: (0, plan.years.len().saturating_sub(1)),
        leases: true,
    };
    move_land(plan, &mut villages[home], &firm, 4, 0.9, transfers);
    move_land(plan, &mut villages[away], &firm, 2, 0.9, transfers);
}

/// Moves `share` of the grain of `count` villagers to `to` and registers the leases.
fn move_land(
    plan: &Plan,
    village: &mut Village,
    to: &Person,
    count: usize,
    share: f64,
    transfers: &mut Vec<Transfer>,
) {
    let start_year = plan.years.first().copied().unwrap_or_default() - 1;
    let mut grain = vec![Grain::default(); plan.years.len()];
    let free = |p: &&mut Person| p.slot % 5 != 4 && p.slot > 5 && !p.leases && p.contracted >= 700;
    for lessor in village.people.iter_mut().filter(free).take(count) {
        lessor.leases = true;
        let leased = nearest(lessor.contracted as f64 * share / 50.0) * 50;
        let leased = leased.min(lessor.contracted);
        for (all, own) in grain.iter_mut().zip(&mut lessor.grain) {
            let moved = |area: i64| area * leased / lessor.contracted;
            let (wheat, maize) = (moved(own.wheat), moved(own.maize));
            *all = Grain { wheat: all.wheat + wheat, maize: all.maize + maize, ..*all };
            *own = Grain { wheat: own.wheat - wheat, maize: own.maize - maize, ..*own };
        }
        // On paper areas are those of the re-survey: the lease register holds them, too.
        let area_mu = Mu::from_raw(on_paper(1, leased) * 100);
        let (from_id, to_id) = (lessor.id.clone(), Arc::clone(&to.id));
        transfers.push(Transfer { from_id, to_id, area_mu, start_year });
    }
    let slot = village.people.len();
    village.people.push(Person { slot, contracted: 0, grain, leases: true, ..to.clone() });
}
