//! Land that a village's people lease from elsewhere, by the register of leases: an honest reason to claim more than is
//! planted at home.

use crate::rows::Table;
use qingmu_input::tables::TransferRow;
use qingmu_model::Mu;
use std::collections::{BTreeMap, BTreeSet};

/// Per village and year the area leased in from people who do not claim there, less that leased out to such people. A person
/// who claims in several villages is counted in none: the register does not say where the land lies.
pub(crate) fn leased(table: &Table, transfers: &[TransferRow]) -> BTreeMap<(u32, u32), Mu> {
    let number = |person: u128| table.claimants.binary_search(&person).ok();
    let named: BTreeSet<usize> =
        transfers.iter().flat_map(|t| [t.from, t.to]).filter_map(number).collect();
    let mut homes: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    for row in table.rows.iter().filter(|r| named.contains(&(r.claimant as usize))) {
        homes.entry(row.claimant as usize).or_default().insert(row.village);
    }
    let none = BTreeSet::new();
    let places = |person: u128| number(person).and_then(|n| homes.get(&n)).unwrap_or(&none);
    let home = |person: u128| match places(person).iter().collect::<Vec<_>>().as_slice() {
        [only] => Some(**only),
        _ => None,
    };
    let mut sums: BTreeMap<(u32, u32), i64> = BTreeMap::new();
    for lease in transfers {
        for year in (0..table.years).filter(|y| lease.runs_in(table.calendar(*y))) {
            let year = u32::try_from(year).unwrap_or(u32::MAX);
            let mut add = |village: Option<u32>, other: u128, area: i64| {
                if let Some(village) = village.filter(|v| !places(other).contains(v)) {
                    let sum = sums.entry((village, year)).or_default();
                    *sum = sum.saturating_add(area);
                }
            };
            add(home(lease.to), lease.from, lease.area.raw());
            add(home(lease.from), lease.to, -lease.area.raw());
        }
    }
    sums.into_iter().map(|(place, area)| (place, Mu::from_raw(area))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{NONE, Row};

    /// A claim of a person in a village; people 0 and 1 live in village 0, 2 in village 1, 3 claims in both.
    fn claim(village: u32, claimant: u32, year: u16) -> Row {
        Row {
            village,
            claimant,
            line: 0,
            parcel: NONE,
            year,
            group: 1,
            area: 1,
            amount: 1,
            rate: 1,
            account: NONE,
            approver: NONE,
            recorder: NONE,
            file: 0,
            at: 1,
        }
    }

    #[test]
    fn leases_from_elsewhere_count_while_they_run_and_leases_at_home_do_not() {
        let people = [(0, 0), (0, 1), (1, 2), (0, 3), (1, 3)];
        let rows = people.iter().flat_map(|(v, p)| (0..3).map(|y| claim(*v, *p, y))).collect();
        let table = Table {
            rows,
            claimants: vec![10, 11, 12, 13],
            first_year: 2020,
            years: 3,
            ..Table::default()
        };
        // 2021-01-01 is day 18628.
        let lease = |from, to, mu: i64, start_on| TransferRow {
            from,
            to,
            area: Mu::from_raw(mu * 10_000),
            start_on,
            end_on: None,
            subsidy_follows: None,
        };
        let register = [
            lease(12, 10, 40, Some(18_628)),
            lease(99, 11, 5, None),
            lease(11, 10, 70, None),
            lease(12, 13, 80, None),
        ];
        let found = leased(&table, &register);
        let mu = |village, year| found.get(&(village, year)).map_or(0, |mu| mu.raw() / 10_000);
        assert_eq!(
            [mu(0, 0), mu(0, 1), mu(0, 2)],
            [5, 45, 45],
            "from another village and from nobody"
        );
        assert_eq!([mu(1, 0), mu(1, 1)], [0, -40], "let to the other village");
    }
}
