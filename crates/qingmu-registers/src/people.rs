//! What the register of persons and the list of posts say of a claimant.

use crate::ground::Ground;
use crate::ids::{self, Kind};
use crate::tables::Tables;
use hashbrown::{HashMap, HashSet};
use qingmu_input::tables::PersonRow;
use qingmu_input::year_start;
use std::sync::Arc;

/// A post: region, first and last day.
type Post = (Arc<str>, Option<i32>, Option<i32>);

/// Persons by hash, posts, kin and organisations.
#[derive(Debug, Default)]
pub(crate) struct People<'a> {
    persons: HashMap<u128, &'a PersonRow>,
    /// Person to posts.
    posts: HashMap<u128, Vec<Post>>,
    has_posts: bool,
    /// Whether the register says anything of welfare at all: then silence means none.
    has_welfare: bool,
    has_alone: bool,
    /// Organisation to representatives and members.
    organisations: HashMap<u128, (HashSet<u128>, HashSet<u128>)>,
}

/// Values of the welfare column that mean none.
const NO_WELFARE: [&str; 5] = ["无", "否", "none", "no", "0"];

impl<'a> People<'a> {
    pub(crate) fn new(tables: &'a Tables) -> Self {
        let mut people = Self { has_posts: tables.posts.is_some(), ..Self::default() };
        for row in tables.persons.iter().flatten() {
            people.has_welfare |= row.welfare.is_some();
            people.has_alone |= row.lives_alone.is_some();
            // Of two entries of one person the one without a death counts, else the later death.
            let known = people.persons.entry(row.person).or_insert(row);
            let death = |r: &PersonRow| (r.deceased_on.is_none(), r.deceased_on);
            if death(row) > death(known) {
                *known = row;
            }
        }
        for row in tables.posts.iter().flatten() {
            let posts = people.posts.entry(row.person).or_default();
            posts.push((Arc::clone(&row.region), row.from_on, row.to_on));
        }
        for row in tables.organisations.iter().flatten() {
            let entry = people.organisations.entry(row.organisation).or_default();
            entry.0.extend(row.rep);
            entry.1.extend(row.member);
        }
        people
    }

    /// The register's entry of a person.
    pub(crate) fn get(&self, person: u128) -> Option<&'a PersonRow> {
        self.persons.get(&person).copied()
    }

    /// Holds an office over a village in a year: by the register, or by a post there.
    pub(crate) fn is_cadre(&self, person: u128, village: &str, year: i16) -> Option<bool> {
        let marked = self.get(person).and_then(|p| p.is_cadre);
        let (first, last) = (year_start(i32::from(year)), year_start(i32::from(year) + 1));
        let here = |(region, from, to): &(Arc<str>, Option<i32>, Option<i32>)| {
            village.starts_with(region.trim_end_matches('0'))
                && from.is_none_or(|from| from < last)
                && to.is_none_or(|to| to >= first)
        };
        if self.posts.get(&person).is_some_and(|posts| posts.iter().any(here)) {
            return Some(true);
        }
        marked.or_else(|| self.has_posts.then_some(false))
    }

    /// Whether the register knows two persons as kin, either way.
    pub(crate) fn are_kin(&self, a: u128, b: u128) -> Option<bool> {
        let (one, other) = (self.get(a), self.get(b));
        let names = |p: Option<&PersonRow>, who: u128| p.and_then(|p| p.relative_of) == Some(who);
        (one.is_some() || other.is_some()).then(|| names(one, b) || names(other, a))
    }

    /// Kin of somebody who holds an office over the village.
    pub(crate) fn is_cadre_kin(&self, person: u128, village: &str, year: i16) -> Option<bool> {
        let kin = self.get(person)?.relative_of;
        Some(
            kin.is_some_and(|kin| kin != person && self.is_cadre(kin, village, year) == Some(true)),
        )
    }

    /// On welfare.
    pub(crate) fn welfare(&self, person: u128) -> Option<bool> {
        let row = self.get(person)?;
        let is_some = |kind: &Arc<str>| !NO_WELFARE.contains(&kind.trim());
        row.welfare.as_ref().map(is_some).or_else(|| self.has_welfare.then_some(false))
    }

    /// Lives alone.
    pub(crate) fn lives_alone(&self, person: u128) -> Option<bool> {
        let row = self.get(person)?;
        row.lives_alone.or_else(|| self.has_alone.then_some(false))
    }

    /// Representatives and members of an organisation.
    pub(crate) fn organisation(&self, id: u128) -> Option<&(HashSet<u128>, HashSet<u128>)> {
        self.organisations.get(&id)
    }

    /// Whether a claimant is an organisation: on the list, or by its code.
    pub(crate) fn is_organisation(&self, hash: u128, id: &str) -> bool {
        self.organisations.contains_key(&hash) || matches!(ids::kind(id), Kind::Organisation { .. })
    }

    /// Whether an id is well formed: by the register, which saw it before it became a pseudonym, or by itself.
    pub(crate) fn id_valid(&self, hash: u128, id: &str) -> Option<bool> {
        let marked = self.get(hash).and_then(|p| p.id_valid);
        marked.or(match ids::kind(id) {
            Kind::Citizen { valid, .. } | Kind::Organisation { valid } => Some(valid),
            Kind::Unknown => None,
        })
    }

    /// Completed years on a day, by the register or by the id.
    pub(crate) fn age(&self, hash: u128, id: &str, on: i32) -> Option<i64> {
        let born = self.get(hash).and_then(|p| p.born_on).or_else(|| match ids::kind(id) {
            Kind::Citizen { valid: true, born: Some((year, month, day)) } => {
                let of_year = (i32::from(month) - 1) * 30 + i32::from(day) - 1;
                Some(year_start(year) + of_year)
            }
            _ => None,
        })?;
        // 365.2425 days a year; the day of birth itself does not matter to a rule about decades.
        let days = i64::from(on) - i64::from(born);
        Some((days * 10_000).div_euclid(3_652_425))
    }
}

/// Names of each claimant, and ids of one name on one account.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: HashMap<u32, HashSet<u32>>,
    same: HashMap<(u32, u32), HashSet<u32>>,
}

impl Names {
    pub(crate) fn new(ground: &Ground) -> Self {
        let mut all = Self::default();
        for row in ground.rows.iter().filter(|r| r.name != crate::ground::NONE) {
            all.names.entry(row.claimant).or_default().insert(row.name);
            if row.account != crate::ground::NONE {
                all.same.entry((row.account, row.name)).or_default().insert(row.claimant);
            }
        }
        all
    }

    /// Distinct names under a claimant's id; `None` where no claim has a name.
    pub(crate) fn count(&self, claimant: u32) -> Option<i64> {
        self.names.get(&claimant).and_then(|names| i64::try_from(names.len()).ok())
    }

    /// Distinct ids under a name on an account.
    pub(crate) fn ids(&self, account: u32, name: u32) -> Option<i64> {
        self.same.get(&(account, name)).and_then(|ids| i64::try_from(ids.len()).ok())
    }
}
