//! `household_programme`: what each household claims beside what it may claim.

use crate::entitled::Land;
use crate::gather::Context;
use crate::ground::{NONE, Sums, season};
use crate::sheet::Sheet;
use hashbrown::{HashMap, HashSet};
use qingmu_model::{Season, View, ViewName};
use std::collections::{BTreeMap, BTreeSet};

/// Village, household, year, season, programme.
type Key = (u32, u32, i16, Season, u32);

#[derive(Debug, Default)]
struct Own {
    sums: Sums,
    claimants: BTreeSet<u32>,
}

struct Facts<'a, 'c> {
    context: &'a Context<'c>,
    own: BTreeMap<Key, Own>,
    /// Claimant, village, year, programme.
    claims: HashSet<(u32, u32, i16, u32)>,
    /// Village, year, season, programme with claims.
    terms: HashSet<(u32, i16, Season, u32)>,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let facts = Facts::new(context);
    let land: Vec<Land> = facts.own.keys().map(|key| facts.land(key, key.2)).collect();
    let mut villages: HashMap<(u32, i16, Season, u32), (i64, i64)> = HashMap::new();
    for ((key, own), land) in facts.own.iter().zip(&land) {
        if let Some(entitled) = land.entitled {
            let sums = villages.entry((key.0, key.2, key.3, key.4)).or_default();
            sums.0 = sums.0.saturating_add(own.sums.area);
            sums.1 = sums.1.saturating_add(entitled);
        }
    }
    facts.sheet(&land, &villages)
}

impl<'a, 'c> Facts<'a, 'c> {
    fn new(context: &'a Context<'c>) -> Self {
        let ground = context.ground;
        let (mut claims, mut terms) = (HashSet::new(), HashSet::new());
        let mut own: BTreeMap<Key, Own> = BTreeMap::new();
        for row in &ground.rows {
            claims.insert((row.claimant, row.village, row.year, row.programme));
            terms.insert((row.village, row.year, row.season, row.programme));
            if row.household != NONE {
                let key = (row.village, row.household, row.year, row.season, row.programme);
                let entry = own.entry(key).or_default();
                entry.sums.add(row);
                entry.claimants.insert(row.claimant);
            }
        }
        // A household of the register that claims nothing under a programme on contracted land claims zero.
        for row in context.tables.households.iter().flatten() {
            let village = ground.villages.find(&row.village);
            let household = ground.households.of_hash(row.household);
            let (Some(village), Some(household)) = (village, household) else { continue };
            #[allow(clippy::iter_over_hash_type, reason = "fills a sorted map: order cannot show")]
            for (_, year, season, programme) in terms.iter().filter(|t| t.0 == village) {
                if !ground.actual_grower[*programme as usize] {
                    own.entry((village, household, *year, *season, *programme)).or_default();
                }
            }
        }
        Self { context, own, claims, terms }
    }

    fn land(&self, key: &Key, year: i16) -> Land {
        let actual_grower = self.context.ground.actual_grower[key.4 as usize];
        self.context.entitlements.land(self.context.ground, (key.0, key.1), year, actual_grower)
    }

    /// Whether the village had claims under the programme, in this season, the year before.
    fn covered(&self, key: &Key) -> bool {
        self.terms.contains(&(key.0, key.2 - 1, key.3, key.4))
    }

    fn before(&self, key: &Key) -> Option<&Own> {
        self.own.get(&(key.0, key.1, key.2 - 1, key.3, key.4))
    }

    fn sheet(
        &self,
        land: &[Land],
        villages: &HashMap<(u32, i16, Season, u32), (i64, i64)>,
    ) -> View {
        let ground = self.context.ground;
        let size = |n: usize| i64::try_from(n).ok();
        let keys = || self.own.keys();
        let mut sheet = Sheet::new(ViewName::HouseholdProgramme, self.own.len(), 0);
        sheet.text("village_code", keys().map(|k| ground.villages.get(k.0)));
        sheet.text("household_id", keys().map(|k| ground.households.get(k.1)));
        sheet.number("year", keys().map(|k| Some(i64::from(k.2))));
        sheet.text("season", keys().map(|k| Some(season(k.3))));
        sheet.text("programme", keys().map(|k| ground.programmes.get(k.4)));
        sheet.number("area_mu", self.own.values().map(|o| Some(o.sums.area)));
        sheet.number("amount_yuan", self.own.values().map(|o| Some(o.sums.amount)));
        sheet.number("claimants", self.own.values().map(|o| size(o.claimants.len())));
        let new = |(key, own): (&Key, &Own)| {
            let is_new = |who: &&u32| !self.claims.contains(&(**who, key.0, key.2 - 1, key.4));
            let new = size(own.claimants.iter().filter(is_new).count());
            new.filter(|_| self.covered(key))
        };
        sheet.number("new_claimants", self.own.iter().map(new));
        let before = |key: &Key, value: &dyn Fn(&Own) -> Option<i64>| {
            self.covered(key).then(|| self.before(key).map_or(Some(0), value)).flatten()
        };
        sheet.number("prev_claimants", keys().map(|k| before(k, &|o| size(o.claimants.len()))));
        sheet.number("prev_mu", keys().map(|k| before(k, &|o| Some(o.sums.area))));
        sheet.number("contract_mu", land.iter().map(|l| l.contract));
        sheet.number("confirmed_mu", land.iter().map(|l| l.confirmed));
        sheet.number("no_subsidy_mu", land.iter().map(|l| l.no_subsidy));
        sheet.number("in_mu", land.iter().map(|l| l.moved_in));
        sheet.number("out_mu", land.iter().map(|l| l.moved_out));
        sheet.number("entitled_mu", land.iter().map(|l| l.entitled));
        sheet.number("prev_entitled_mu", keys().map(|k| self.land(k, k.2 - 1).entitled));
        let of = |key: &Key| villages.get(&(key.0, key.2, key.3, key.4)).copied();
        sheet.number("village_claimed_mu", keys().map(|k| of(k).map(|sums| sums.0)));
        sheet.number("village_entitled_mu", keys().map(|k| of(k).map(|sums| sums.1)));
        sheet.finish()
    }
}
