//! Honest explanations of a lead and what the data say of each. One that holds clears the lead; what the data cannot
//! test is said to be so and clears nothing.
//!
//! Late enrolment and a real change that the sources share are already weighed inside the probability: they are told
//! with the probability that is left to them and never clear twice. The others bring what the model has not seen.

use crate::assessments::Told;
use crate::judged::{self, COVERS, Merged, Ratio, Vanished, told as one};
use crate::reasons::{independent, middle};
use qingmu_deviation::HonestKind;
use qingmu_fusion::Posterior;
use qingmu_model::{Bilingual, Expected, Family, Season, Tested};
use std::collections::BTreeMap;

/// Each explanation in a fixed order.
pub(crate) fn tested(told: &Told<'_>, found: &Posterior, expected: &[Expected]) -> Vec<Tested> {
    let by_rows = found.families.first().is_some_and(|f| f.family > Family::LevelSource);
    let excess = found.excess_mu.map(|e| e.median);
    let all = [
        Some(county_step(told, found, by_rows)),
        late_enrolment(found),
        real_change(found),
        Some(judged::reclamation(land_gain(told, found), excess, by_rows)),
        Some(judged::merger(&merged(told, found), vanished(told, found, by_rows).as_ref())),
        Some(judged::unit_slip(ratio(told, found, expected), by_rows)),
        double_cropping(told, found),
        Some(judged::transfers(leased_gain(told, found), excess, by_rows)),
        equal_allotment(told, found),
    ];
    all.into_iter().flatten().collect()
}

/// Median ratio of a village's claims to its independent sources in a year.
fn own_ratio(told: &Told<'_>, found: &Posterior, village: usize, year: usize) -> Option<f64> {
    let built = &told.built[found.series? as usize];
    let at = village * told.frame.years + year;
    let claimed = built.panel.claimed[at].filter(|a| *a > 0.0)?;
    let given = independent(&built.panel.sources).filter_map(|s| s.area[at]);
    Some(claimed / middle(given.filter(|a| *a > 0.0).collect())?)
}

/// Median ratio of claims to independent sources over a county, by year.
fn county_ratio(told: &Told<'_>, found: &Posterior, year: usize) -> Option<f64> {
    let county = told.frame.places[found.village as usize].county;
    // Codes are sorted, so a county's villages stand together.
    let places = told.frame.places;
    let own = found.village as usize;
    let first = places[..own].iter().rposition(|p| p.county != county).map_or(0, |v| v + 1);
    let others = places[own..].iter().take_while(|p| p.county == county).count();
    middle((first..own + others).filter_map(|v| own_ratio(told, found, v, year)).collect())
}

fn county_step(told: &Told<'_>, found: &Posterior, by_rows: bool) -> Tested {
    let (village, year) = (found.village as usize, found.year as usize);
    let before = found.span.and_then(|span| span.from.checked_sub(1));
    let pair = |of: &dyn Fn(usize) -> Option<f64>| -> Option<Ratio> { of(before?).zip(of(year)) };
    let county = pair(&|y| county_ratio(told, found, y));
    let own = pair(&|y| own_ratio(told, found, village, y));
    let years = (told.frame.year(before.unwrap_or(0)), told.frame.year(year));
    judged::county_step(years, county, own, by_rows)
}

fn share_of(found: &Posterior, kinds: &[HonestKind]) -> f64 {
    found.honest.iter().filter(|(s, _)| kinds.contains(&s.kind)).map(|(_, share)| share).sum()
}

fn weighed(share: f64) -> Bilingual {
    // The sum of nothing is a negative zero.
    let percent = 100.0 * share + 0.0;
    Bilingual::new(
        format!("已在概率中权衡，余下的可能性为 {percent:.1}%"),
        format!("weighed inside the probability; what is left of it is {percent:.1} %"),
    )
}

fn late_enrolment(found: &Posterior) -> Option<Tested> {
    found.series?;
    let text = ("以前登记不全，后来补登", "claims were incomplete before and completed later");
    let share = share_of(found, &[HonestKind::LateEnrolment]);
    Some(one("late_enrolment", text, weighed(share), Some(false)))
}

fn real_change(found: &Posterior) -> Option<Tested> {
    found.series?;
    let text =
        ("种植面积确实增加，独立来源也看得到", "planting really grew, as independent sources see");
    let share = share_of(found, &[HonestKind::RealStep, HonestKind::RealYear]);
    Some(one("real_change", text, weighed(share), Some(false)))
}

/// What independent sources say the land gained from before the excess to its year.
fn land_gain(told: &Told<'_>, found: &Posterior) -> Option<f64> {
    let (village, year) = (found.village as usize, found.year as usize);
    let from = found.span?.from;
    let gain = |class: &str| -> Vec<f64> {
        let of = told.baselines.yearly(village, class).into_iter().filter(|s| s.0);
        of.filter_map(|(_, values)| {
            let before = middle(values[..from].iter().flatten().copied().collect())?;
            Some(values[year]? - before)
        })
        .collect()
    };
    middle(gain("arable")).or_else(|| middle(gain("contracted")))
}

/// What the register of leases gained; all of it where the excess stands from the first year on.
fn leased_gain(told: &Told<'_>, found: &Posterior) -> Option<f64> {
    let leased = told.evidence.leased.as_ref()?;
    let of = |year: usize| {
        let year = u32::try_from(year).unwrap_or(u32::MAX);
        leased.get(&(found.village, year)).map_or(0.0, |mu| mu.to_f64())
    };
    let before = middle((0..found.span?.from).map(of).collect()).unwrap_or(0.0);
    Some(of(found.year as usize) - before)
}

fn merged(told: &Told<'_>, found: &Posterior) -> Merged {
    let village = &told.frame.villages[found.village as usize];
    match told.map.made_in(village) {
        Some(year) => {
            let starts = found.span.is_some_and(|span| told.frame.year(span.from) == year);
            let claimed_before = |code: &std::sync::Arc<str>| {
                let place = told.frame.villages.binary_search(code).ok();
                place.is_some_and(|village| {
                    let years = (0..told.frame.years).filter(|y| told.frame.year(*y) < year);
                    years.into_iter().any(|y| has_claims(told, village, y))
                })
            };
            let torn = starts && !told.map.parts_of(village, year).iter().all(claimed_before);
            Merged::Made { year, torn }
        }
        None if told.input.tables.contains_key("code_map") => Merged::NotNamed,
        None => Merged::NoTable,
    }
}

/// Whether anything was filed under a code in a year.
fn has_claims(told: &Told<'_>, village: usize, year: usize) -> bool {
    told.evidence.claims[village * told.frame.years + year] > 0
}

/// A village of the town whose claims end where the excess begins, and bear most of it.
fn vanished(told: &Told<'_>, found: &Posterior, by_rows: bool) -> Option<Vanished> {
    let from = found.span?.from;
    let excess = found.excess_mu?.median;
    let claimed = &told.built[found.series? as usize].panel.claimed;
    if by_rows || from == 0 {
        return None;
    }
    let own = found.village as usize;
    let town = told.frame.places[own].town;
    let years = told.frame.years;
    let same_town = |v: &usize| *v != own && told.frame.places[*v].town == town;
    let gone = |v: usize| {
        let ended = has_claims(told, v, from - 1) && !(from..years).any(|y| has_claims(told, v, y));
        let before = &claimed[v * years..v * years + from];
        let area = middle(before.iter().flatten().copied().collect())?;
        (ended && area >= COVERS * excess).then_some((v, area))
    };
    let (village, area) = (0..told.frame.villages.len()).filter(same_town).find_map(gone)?;
    Some((told.frame.villages[village].to_string(), told.frame.year(from), area))
}

/// How many times what the independent sources let expect the claims are.
fn ratio(told: &Told<'_>, found: &Posterior, expected: &[Expected]) -> Option<f64> {
    let year = told.frame.year(found.year as usize);
    let ratio = |e: &Expected| {
        let middle = e.expected?.median.to_f64();
        (middle > 0.0).then_some(e.claimed?.to_f64() / middle)
    };
    let here = expected.iter().filter(|e| e.year == year && e.independent && e.source != "history");
    middle(here.filter_map(ratio).collect())
}

/// Wheat in summer and maize in autumn on the same land are both honest.
fn double_cropping(told: &Told<'_>, found: &Posterior) -> Option<Tested> {
    let built = &told.built[found.series? as usize];
    let text = ("一年两季，夏秋各报一次", "two harvests a year on the same land");
    let mut seasons: BTreeMap<Season, f64> = BTreeMap::new();
    let here = |c: &&qingmu_evidence::PanelCell| {
        (c.village, c.year) == (found.village, found.year)
            && built.plan.codes.contains(&c.programme)
    };
    let cells = &told.evidence.cells;
    let from = cells.partition_point(|c| (c.village, c.year) < (found.village, found.year));
    for cell in cells[from..].iter().take_while(|c| here(c) || c.village == found.village) {
        if here(&cell) {
            *seasons.entry(cell.season).or_default() += cell.used.to_f64();
        }
    }
    let parts = |zh: bool| {
        let name = |s: &Season| match (s, zh) {
            (Season::S, true) => "夏收",
            (Season::A, true) => "秋收",
            (Season::Y, true) => "全年",
            (Season::S, false) => "summer",
            (Season::A, false) => "autumn",
            (Season::Y, false) => "whole year",
        };
        let part = |(season, mu): (&Season, &f64)| format!("{} {mu:.1}", name(season));
        seasons.iter().map(part).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let say = Bilingual::new(
        format!("各季申报（亩）：{}；与来源比较的是播种面积，两季同样各计一次", parts(true)),
        format!(
            "claims by season (mu): {}; they are held against sown areas, which count both harvests too",
            parts(false)
        ),
    );
    Some(one("double_cropping", text, say, Some(false)))
}

fn equal_allotment(told: &Told<'_>, found: &Posterior) -> Option<Tested> {
    let is_top_up = found.families.first().is_some_and(|f| f.family == Family::TopUp);
    let all = &told.evidence.fabrication;
    let place = all.binary_search_by_key(&(found.village, found.year), |f| (f.village, f.year));
    is_top_up.then(|| judged::equal_allotment(place.ok().map(|at| all[at].equal_allotment)))
}
