//! Puts a county together.

use crate::county::{County, CountyOptions, HonestEvent, PlantedYear, Truth, VillageRow};
use crate::gazetteer::{Place, places};
use crate::plan::Plan;
use crate::village::Village;
use crate::{baselines, case, claims, lease};
use qingmu_model::{Mu, Yuan};
use std::collections::BTreeMap;
use std::ops::Range;

const NOTE_ZH: &str = "地名和区划代码是真实的,其余数字、人员、账户、审批人全部虚构。案件重演取材于公开报道的一起案件:涉及安吴镇六个村,\
除雒仵村外,另外五个村的名称未公开,这里由随机种子指定;这里的任何数字都不表示哪个村、哪个人真有问题。";
const NOTE_EN: &str = "Place names and division codes are real; every figure, person, account and approver is invented. \
The re-enactment follows a publicly reported case in six villages of An'wu town: apart from Luowu, which other five were involved is \
not public, and here the seed chose them. Nothing here says that any village or person did anything wrong.";

/// A county on the gazetteer of Jingyang: invented people and figures, honest noise, honest look-alikes and,
/// if asked, the planted case. Same options, same county, on every platform; honest rows do not depend on
/// whether the case is planted.
#[must_use]
pub fn county(options: &CountyOptions) -> County {
    let places = places();
    let rural: Vec<Place> = places.iter().filter(|p| p.rural).cloned().collect();
    let plan = Plan::new(options, &rural);
    let mut villages: Vec<Village> = rural.iter().map(|p| Village::draw(&plan, p)).collect();
    let transfers = lease::lease(&plan, &mut villages, &towns(&rural));
    let mut all_claims = Vec::new();
    let mut all_baselines = Vec::new();
    for index in 0..plan.years.len() {
        for village in &villages {
            all_claims.extend(claims::of_year(&plan, village, index));
            all_baselines.extend(baselines::of_year(&plan, village, index));
        }
    }
    all_claims.sort_by(|a, b| (a.year, &a.claim_id).cmp(&(b.year, &b.claim_id)));
    let planted = if options.case {
        case::plant(&plan, &villages, &mut all_claims, &mut all_baselines)
    } else {
        Vec::new()
    };
    let households: BTreeMap<&str, u32> =
        villages.iter().map(|v| (&*v.place.code, v.households)).collect();
    let village_rows = places
        .iter()
        .map(|p| VillageRow {
            village_code: p.code.clone(),
            name: p.name.clone(),
            town_name: p.town.clone(),
            households: households.get(&*p.code).copied().unwrap_or_default(),
        })
        .collect();
    let truth = truth(options, &plan, planted);
    County {
        years: options.years.clone(),
        claims: all_claims,
        baselines: all_baselines,
        villages: village_rows,
        transfers,
        truth,
    }
}

/// Ranges of the villages of each town in a list sorted by code.
fn towns(rural: &[Place]) -> Vec<Range<usize>> {
    let mut towns: Vec<Range<usize>> = Vec::new();
    for (index, place) in rural.iter().enumerate() {
        match towns.last_mut() {
            Some(range) if rural[range.start].town_code() == place.town_code() => {
                range.end = index + 1;
            }
            _ => towns.push(index..index + 1),
        }
    }
    towns
}

fn truth(options: &CountyOptions, plan: &Plan, planted: Vec<PlantedYear>) -> Truth {
    let approver =
        plan.six.first().and_then(|code| plan.approver.get(code)).map(ToString::to_string);
    Truth {
        note_zh: NOTE_ZH,
        note_en: NOTE_EN,
        seed: options.seed,
        case: options.case,
        approver_id: approver.filter(|_| options.case),
        excess_mu: Mu::from_raw(planted.iter().map(|p| p.excess_mu.raw()).sum()),
        excess_yuan: Yuan::from_raw(planted.iter().map(|p| p.excess_yuan.raw()).sum()),
        planted,
        honest: honest_events(plan),
    }
}

fn honest_events(plan: &Plan) -> Vec<HonestEvent> {
    let first = plan.years.first().copied().unwrap_or_default();
    let last = plan.years.last().copied().unwrap_or_default();
    let event = |kind, region: &str, year, zh, en| HonestEvent {
        kind,
        region: region.to_owned(),
        year,
        zh,
        en,
    };
    let mut events = vec![
        event(
            "enclave",
            "610423",
            first,
            "部分村民在邻村有1–3.5亩插花地",
            "some villagers have 1 to 3.5 mu in the next village",
        ),
        event(
            "lease",
            "610423",
            first,
            "跨村流转和合作社流转均已登记",
            "leases across villages and to co-operatives are registered",
        ),
        event(
            "shared_card",
            "610423",
            first,
            "部分同户两三人共用一卡",
            "two or three members of some households share a card",
        ),
    ];
    if last > first {
        events.extend([
            event(
                "resurvey",
                "610423",
                first + 1,
                "全县复测,面积统一增加4%",
                "county re-survey: every area 4 % larger on paper",
            ),
            event(
                "late_enrolment",
                &plan.late_town,
                first + 1,
                "该镇晚一年纳入台账",
                "this town entered the ledger a year late",
            ),
            event(
                "restoration",
                &plan.restored,
                last,
                "该村退菜还粮:菜地减少,粮食相应增加",
                "this village turned vegetables back into grain",
            ),
        ]);
    }
    events
}
