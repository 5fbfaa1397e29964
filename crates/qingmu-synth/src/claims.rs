//! Claims of a village from what its people grow.

use crate::county::{Claim, FERTILITY, GRAIN};
use crate::plan::{Plan, on_paper};
use crate::stream::{Stream, pseudonym};
use crate::village::{Person, Village};
use qingmu_model::{Mu, Season, Yuan};
use std::sync::Arc;

/// A kind of claim: letter in its id, season, programme, crop.
pub(crate) type Kind = (char, Season, &'static str, &'static str);
/// Contracted land.
pub(crate) const LAND: Kind = ('F', Season::Y, FERTILITY, "arable");
/// Wheat.
pub(crate) const WHEAT: Kind = ('W', Season::S, GRAIN, "wheat");
/// Spring potato.
pub(crate) const POTATO: Kind = ('P', Season::S, GRAIN, "potato");
/// Maize.
pub(crate) const MAIZE: Kind = ('M', Season::A, GRAIN, "maize");

/// Claims of one village in one year, in the order of its list.
pub(crate) fn of_year(plan: &Plan, village: &Village, index: usize) -> Vec<Claim> {
    let year = plan.years[index];
    if year < plan.first_year(village.place.town_code()) {
        return Vec::new();
    }
    let mut claims = Vec::with_capacity(village.people.len() * 3);
    let enrolled = |p: &&Person| (p.enrolled.0..=p.enrolled.1).contains(&index);
    for person in village.people.iter().filter(enrolled) {
        let grain = person.grain[index];
        let areas = [
            (LAND, person.contracted),
            (WHEAT, grain.wheat),
            (POTATO, grain.potato),
            (MAIZE, grain.maize),
        ];
        // Below a tenth of a mu nobody fills in a form.
        for (kind, hundredths) in areas.into_iter().filter(|(_, area)| *area >= 10) {
            let area = Mu::from_raw(on_paper(index, hundredths) * 100);
            claims.push(write(plan, village, index, person, kind, area));
        }
    }
    claims
}

/// One claim with its rate, amount, desk and dates.
pub(crate) fn write(
    plan: &Plan,
    village: &Village,
    index: usize,
    person: &Person,
    kind: Kind,
    area_mu: Mu,
) -> Claim {
    let (letter, season, programme, crop) = kind;
    let code = &village.place.code;
    let year = plan.years[index];
    let rate = plan.rate(programme, index);
    let claim_id = format!("{code}-{year}-{:03}{letter}", person.slot);
    let (submitted_on, approved_on) = dates(plan, code, year, season, &claim_id);
    Claim {
        claim_id,
        year,
        season,
        programme,
        crop,
        village_code: code.clone(),
        group_no: person.group,
        claimant_id: person.id.clone(),
        household_id: person.household.clone(),
        account: person.account.clone(),
        area_mu,
        rate_yuan_per_mu: rate,
        amount_yuan: area_mu.times_rate(rate).unwrap_or(Yuan::ZERO),
        recorder_id: pseudonym(plan.seed, "recorder", code, 0).into(),
        approver_id: plan.approver.get(code).cloned().unwrap_or_else(|| Arc::from("")),
        submitted_on,
        approved_on,
    }
}

/// A village hands its list in on three days of one month; the town approves it in one sitting later.
fn dates(plan: &Plan, code: &str, year: i16, season: Season, claim_id: &str) -> (i32, i32) {
    let mut list = Stream::new(plan.seed, "dates", &format!("{code}/{year}/{season}"));
    let opening = match season {
        Season::Y => days(year, 64),
        Season::S => days(year, 161),
        Season::A => days(year, 263),
    };
    let day = opening + i32::try_from(list.below(18)).unwrap_or_default();
    let approved = day + 10 + i32::try_from(list.below(14)).unwrap_or_default();
    let spread = Stream::new(plan.seed, "day", claim_id).below(3);
    (day + i32::try_from(spread).unwrap_or_default(), approved)
}

/// Days from 1970-01-01 to day `of_year` (1 January is 0) of `year`.
pub(crate) fn days(year: i16, of_year: i32) -> i32 {
    let before = i32::from(year) - 1;
    let leaps = |y: i32| y / 4 - y / 100 + y / 400;
    (i32::from(year) - 1970) * 365 + leaps(before) - leaps(1969) + of_year
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(days(1970, 0), 0);
        assert_eq!(days(2000, 59), 11_016); // 29 February 2000
        assert_eq!(days(2021, 0), 18_628);
    }
}
