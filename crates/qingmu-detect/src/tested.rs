//! Honest explanations of a lead and what the data say of each. One that holds clears the lead; what the data cannot
//! test is said to be so and clears nothing.
//!
//! Late enrolment and a real change that the sources share are already weighed inside the probability: they are told
//! with the probability that is left to them and never clear twice. The others bring what the model has not seen.

use crate::assessments::Told;
use crate::reasons::{independent, middle};
use qingmu_deviation::HonestKind;
use qingmu_fusion::Posterior;
use qingmu_model::{Bilingual, Expected, Family, Season, Tested};
use std::collections::BTreeMap;

/// Share of the excess that land of another register must bear to explain it.
const COVERS: f64 = 0.8;
/// How near to a factor of units a village's claims must stand: 12 %, on the logarithmic scale.
const UNIT_SLIP: f64 = 0.12;
/// Factors of a unit slip upwards: hectares counted as mu twice over, and one digit too many.
const UNIT_FACTORS: [f64; 2] = [15.0, 10.0];

/// Each explanation in a fixed order.
pub(crate) fn tested(told: &Told<'_>, found: &Posterior, expected: &[Expected]) -> Vec<Tested> {
    let by_rows = found.families.first().is_some_and(|f| f.family > Family::LevelSource);
    let all = [
        county_step(told, found),
        late_enrolment(found),
        real_change(found),
        reclamation(told, found, by_rows),
        merger(told, found),
        unit_slip(told, found, expected, by_rows),
        double_cropping(told, found),
        transfers(told),
        equal_allotment(told, found),
    ];
    all.into_iter().flatten().collect()
}

#[allow(clippy::unnecessary_wraps, reason = "beside tests that may not apply, all answer alike")]
fn one(name: &str, text: (&str, &str), found: Bilingual, clears: Option<bool>) -> Option<Tested> {
    let text = Bilingual::new(text.0, text.1);
    Some(Tested { name: name.to_owned(), text, found, clears })
}

/// Median ratio of claims to independent sources over a county, by year.
fn county_ratio(told: &Told<'_>, found: &Posterior, year: usize) -> Option<f64> {
    let built = &told.built[found.series? as usize];
    let county = told.frame.places[found.village as usize].county;
    let mut ratios = Vec::new();
    // Codes are sorted, so a county's villages stand together.
    let places = told.frame.places;
    let own = found.village as usize;
    let first = places[..own].iter().rposition(|p| p.county != county).map_or(0, |v| v + 1);
    let others = places[own..].iter().take_while(|p| p.county == county).count();
    for v in first..own + others {
        let at = v * told.frame.years + year;
        let claimed = built.panel.claimed[at].filter(|a| *a > 0.0);
        let given = independent(&built.panel.sources).filter_map(|s| s.area[at]);
        let given = middle(given.filter(|a| *a > 0.0).collect());
        ratios.extend(claimed.zip(given).map(|(claimed, given)| claimed / given));
    }
    middle(ratios)
}

/// The county's own step (a re-survey, another basis) is taken out of every village alike.
fn county_step(told: &Told<'_>, found: &Posterior) -> Option<Tested> {
    let text =
        ("全县重新核定面积或改变口径", "the county re-surveyed its land or changed the basis");
    let year = found.year as usize;
    let before = found.span?.from.checked_sub(1);
    let ratios =
        before.and_then(|b| county_ratio(told, found, b)).zip(county_ratio(told, found, year));
    let Some((first, last)) = ratios else {
        let none = Bilingual::new("没有可比的年份或来源", "no year or source to compare with");
        return one("county_resurvey", text, none, None);
    };
    let (from, to) = (told.frame.year(before.unwrap_or(0)), told.frame.year(year));
    let say = Bilingual::new(
        format!(
            "全县申报与来源之比的中位数 {from} 年 {first:.3}、{to} 年 {last:.3}，各村已同样扣除，扣除后仍超出"
        ),
        format!(
            "median ratio of claims to sources in the county: {first:.3} in {from}, {last:.3} in {to}; taken out of every village, and the excess remains"
        ),
    );
    one("county_resurvey", text, say, Some(false))
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
    one("late_enrolment", text, weighed(share_of(found, &[HonestKind::LateEnrolment])), Some(false))
}

fn real_change(found: &Posterior) -> Option<Tested> {
    found.series?;
    let text =
        ("种植面积确实增加，独立来源也看得到", "planting really grew, as independent sources see");
    let share = share_of(found, &[HonestKind::RealStep, HonestKind::RealYear]);
    one("real_change", text, weighed(share), Some(false))
}

/// Land that a register or survey gained over the same years.
fn reclamation(told: &Told<'_>, found: &Posterior, by_rows: bool) -> Option<Tested> {
    let text = ("复垦、整治新增耕地", "reclaimed or consolidated land");
    let nothing =
        |zh: &str, en: &str, clears| one("reclamation", text, Bilingual::new(zh, en), clears);
    if by_rows {
        return nothing(
            "线索来自具体的行，与耕地总量无关",
            "the lead rests on rows, not on how much land there is",
            Some(false),
        );
    }
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
    let gain = middle(gain("arable")).or_else(|| middle(gain("contracted")));
    let (Some(gain), Some(excess)) = (gain, found.excess_mu) else {
        return nothing(
            "没有独立来源的历年耕地面积",
            "no independent source gives the land by year",
            None,
        );
    };
    let holds = gain >= COVERS * excess.median;
    let (zh, en) = if holds {
        ("可以解释", "covers it")
    } else {
        ("不足以解释", "does not cover it")
    };
    let excess = excess.median;
    let say = Bilingual::new(
        format!("独立来源的耕地同期变化 {gain:+.1} 亩，超出部分 {excess:.1} 亩：{zh}"),
        format!(
            "land by an independent source changed by {gain:+.1} mu, the excess is {excess:.1} mu: {en}"
        ),
    );
    one("reclamation", text, say, Some(holds))
}

fn merger(told: &Told<'_>, found: &Posterior) -> Option<Tested> {
    let text = ("村组合并、拆分或代码变更", "villages merged, split or were given new codes");
    let village = &told.frame.villages[found.village as usize];
    let made = told.map.made_in(village);
    let (say, clears) = match made {
        Some(year) => (
            Bilingual::new(
                format!("{year} 年代码变更，此前的申报和基线已按区划变更表并入，仍超出"),
                format!(
                    "the code changed in {year}; earlier claims and baselines were booked on the new one, and the excess remains"
                ),
            ),
            Some(false),
        ),
        None if told.input.tables.contains_key("code_map") => (
            Bilingual::new(
                "区划变更表中没有该村",
                "the table of code changes does not name the village",
            ),
            Some(false),
        ),
        None => (
            Bilingual::new(
                "没有区划变更表，无法检验",
                "there is no table of code changes to test it with",
            ),
            None,
        ),
    };
    one("merger", text, say, clears)
}

/// A whole village off by the factor between two units.
fn unit_slip(
    told: &Told<'_>,
    found: &Posterior,
    expected: &[Expected],
    by_rows: bool,
) -> Option<Tested> {
    let text = ("单位或位数填错", "a slip of units or digits");
    let year = told.frame.year(found.year as usize);
    let ratio = |e: &Expected| {
        let middle = e.expected?.median.to_f64();
        (middle > 0.0).then_some(e.claimed?.to_f64() / middle)
    };
    let here = expected.iter().filter(|e| e.year == year && e.independent && e.source != "history");
    let Some(ratio) = middle(here.filter_map(ratio).collect()) else {
        let none = Bilingual::new("没有可比的来源", "no source to compare with");
        return one("unit_slip", text, none, None);
    };
    let near = |factor: &f64| (ratio / factor).ln().abs() < UNIT_SLIP;
    let holds = !by_rows && UNIT_FACTORS.iter().any(near);
    let (zh, en) = if holds {
        (
            "接近单位或位数之差，先按数据差错核对",
            "near the factor of a unit or a digit: check it as a data error first",
        )
    } else {
        ("不是单位或位数之差", "no factor of a unit or a digit")
    };
    let say = Bilingual::new(
        format!("申报为来源所示的 {ratio:.2} 倍：{zh}"),
        format!("claims are {ratio:.2} times what the sources let expect: {en}"),
    );
    one("unit_slip", text, say, Some(holds))
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
    one("double_cropping", text, say, Some(false))
}

fn transfers(told: &Told<'_>) -> Option<Tested> {
    let text = ("流转进来的外村土地", "land leased in from other villages");
    let say = if told.input.tables.contains_key("transfers") {
        Bilingual::new(
            "流转表没有地块所在的村，只能逐户核对合同",
            "the table of leases does not say in which village the land lies; compare the contracts one by one",
        )
    } else {
        Bilingual::new("没有流转表，无法检验", "there is no table of leases to test it with")
    };
    one("transfers", text, say, None)
}

fn equal_allotment(told: &Told<'_>, found: &Posterior) -> Option<Tested> {
    let is_top_up = found.families.first().is_some_and(|f| f.family == Family::TopUp);
    if !is_top_up {
        return None;
    }
    let text = ("组内按人均分地", "land allotted equally per head inside a group");
    let all = &told.evidence.fabrication;
    let place = all.binary_search_by_key(&(found.village, found.year), |f| (f.village, f.year));
    let (say, clears) = match place.ok().map(|at| all[at].equal_allotment) {
        Some(true) => (
            Bilingual::new(
                "相同的面积按组重复，可能是均分",
                "equal areas repeat group by group: it may be equal allotment",
            ),
            None,
        ),
        Some(false) => (
            Bilingual::new(
                "相同的增加跨组出现，承包面积没有同步变化",
                "the same addition runs across groups, and the contracts did not change with it",
            ),
            Some(false),
        ),
        None => (Bilingual::new("没有分组信息", "the rows name no groups"), None),
    };
    one("equal_allotment", text, say, clears)
}
