//! What else the data show of a lead, in words: the land budget and the tests of invented figures. Reasons only; none
//! of it is in the probability (amendment B7).

use crate::assessments::Told;
use qingmu_deviation::Source;
use qingmu_evidence::RowAt;
use qingmu_fusion::Posterior;
use qingmu_model::{Bilingual, Counted, Family};

/// Crops that hold land against grain.
const COMPETING: &str = "vegetable";
/// Fall of vegetables below which they count as not reduced, as a share.
const STEADY: f64 = 0.02;
/// Rise of grain from which the line is worth reading, as a share.
const RISE: f64 = 0.05;
/// Least share of a scheme whose rows are named.
const LEAST_SHARE: f64 = 0.01;
/// Rows of a scheme that are named; `explain` follows facts of rules to every row.
const MOST_ROWS: usize = 5;
/// Chance below which a test of invented figures is told.
const ODD: f64 = 0.01;

pub(crate) fn notes(told: &Told<'_>, found: &Posterior) -> Vec<Bilingual> {
    let counted = counted(told, found);
    let budget = land_budget(told, found);
    counted.into_iter().chain(budget).chain(fabrication(told, found)).collect()
}

/// Rows that were counted against the village-year, each family with where its first rows lie.
fn counted(told: &Told<'_>, found: &Posterior) -> Vec<Bilingual> {
    let evidence = told.evidence;
    let own = |c: &&(usize, &Counted)| {
        let share = found.families.iter().find(|f| f.family == c.1.family).map_or(0.0, |f| f.share);
        (c.1.village, c.1.year) == (found.village, found.year) && share >= LEAST_SHARE
    };
    let from =
        evidence.counted.partition_point(|c| (c.village, c.year) < (found.village, found.year));
    let rest = evidence.counted.iter().enumerate().skip(from);
    let here = rest.take_while(|(_, c)| (c.village, c.year) == (found.village, found.year));
    here.filter(|c| own(&c)).map(|(at, c)| counted_line(told, at, c)).collect()
}

fn counted_line(told: &Told<'_>, at: usize, counted: &Counted) -> Bilingual {
    let (rows, mu, yuan) = (counted.rows, counted.excess_mu, counted.excess_yuan);
    let evidence = told.evidence;
    let trace = evidence.traces.get(at).map_or(&[][..], |t| t.rows.as_slice());
    let place = |row: &RowAt, zh: bool| {
        let file = evidence.files.get(row.file as usize).map_or("", String::as_str);
        let row = row.row;
        if zh { format!("{file} 第 {row} 行") } else { format!("{file} row {row}") }
    };
    let places = |zh: bool| {
        let shown: Vec<String> = trace.iter().take(MOST_ROWS).map(|r| place(r, zh)).collect();
        shown.join(if zh { "、" } else { ", " })
    };
    let (what_zh, what_en) = match counted.family {
        Family::Identity => (
            "已故或不在册人员领到共用账户上",
            "dead or unregistered people paid onto shared accounts",
        ),
        Family::Duplicate => (
            "同一人同一作物也报在另一村",
            "the same person and crop claimed in another village too",
        ),
        Family::Parcel => (
            "报在不种作物的地块上，而该户另有地块",
            "claimed on parcels that bear no crop by people who also claim others",
        ),
        Family::Sum => {
            ("金额多于面积乘标准，历年未冲回", "paid above area times rate and never taken back")
        }
        Family::TopUp => ("加了同一个面积", "raised by one and the same area"),
        Family::Level | Family::LevelSource => ("高于各来源", "above every source"),
    };
    Bilingual::new(
        format!("{rows} 行{what_zh}，涉及 {mu} 亩、{yuan} 元；如 {}", places(true)),
        format!("{rows} rows {what_en}: {mu} mu, {yuan} yuan; such as {}", places(false)),
    )
}

/// Middle of the values; `None` for none.
pub(crate) fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let (low, high) = (values.get(n.checked_sub(1)? / 2)?, values.get(n / 2)?);
    Some(low + (high - low) / 2.0)
}

/// Vegetables were not reduced and grain rose: in mu, from the years before the excess to this one.
fn land_budget(told: &Told<'_>, found: &Posterior) -> Option<Bilingual> {
    let (village, year) = (found.village as usize, found.year as usize);
    let from = found.span?.from;
    let built = &told.built[found.series? as usize];
    let years = told.frame.years;
    let claimed = &built.panel.claimed[village * years..(village + 1) * years];
    let now = claimed[year]?;
    let before = middle(claimed[..from].iter().flatten().copied().collect())?;
    if from == 0 || now < (1.0 + RISE) * before {
        return None;
    }
    let vegetables = told.baselines.yearly(village, COMPETING);
    let independent = |s: &&(bool, Vec<Option<f64>>)| s.0;
    let change = |values: &Vec<Option<f64>>| {
        let before = middle(values[..from].iter().flatten().copied().collect())?;
        Some((before, values[year]?))
    };
    let seen: Vec<(f64, f64)> =
        vegetables.iter().filter(independent).filter_map(|s| change(&s.1)).collect();
    let first = middle(seen.iter().map(|s| s.0).collect())?;
    let last = middle(seen.iter().map(|s| s.1).collect())?;
    if first <= 0.0 || last < (1.0 - STEADY) * first {
        return None;
    }
    let (y, rise) = (told.frame.year(year), now - before);
    Some(Bilingual::new(
        format!(
            "用地账：菜地 {first:.1} → {last:.1} 亩，没有减少；粮食申报 {before:.1} → {now:.1} 亩，增加 {rise:.1} 亩（{y} 年与此前年份的中位数比）。多出的粮食种在哪里？"
        ),
        format!(
            "Land budget: vegetables {first:.1} to {last:.1} mu, not reduced; grain claimed {before:.1} to {now:.1} mu, {rise:.1} mu more ({y} against the median of the years before). On which land?"
        ),
    ))
}

/// Tests of invented figures that are odd enough to be told.
fn fabrication(told: &Told<'_>, found: &Posterior) -> Vec<Bilingual> {
    let all = &told.evidence.fabrication;
    let place = all.binary_search_by_key(&(found.village, found.year), |f| (f.village, f.year));
    let Some(here) = place.ok().map(|at| &all[at]) else { return Vec::new() };
    let odd = here.tests.iter().filter(|t| t.p <= ODD).map(|t| t.say.clone());
    odd.chain(here.copy_of.map(|of| copied(told, of))).collect()
}

/// Whose list this one repeats.
fn copied(told: &Told<'_>, (village, year): (u32, u32)) -> Bilingual {
    let (code, year) = (&told.frame.villages[village as usize], told.frame.year(year as usize));
    Bilingual::new(
        format!("名单中成段的面积与 {code} 村 {year} 年的名单逐一相同，姓名证件不同"),
        format!(
            "a stretch of the list has the areas of {code}'s list of {year}, one by one, under other names"
        ),
    )
}

/// Independent sources of a panel.
pub(crate) fn independent(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|s| s.independent)
}
