//! One page on a lead for an inspector who is no statistician: how sure, how much, since when, beside which sources,
//! by which traces, and what honest explanation was tested.

use crate::chart;
use crate::figures::{NOTHING, about_mu, about_yuan, grouped};
use crate::grid::{Align, Grid};
use crate::words as w;
use qingmu_model::{Assessment, Estimate, Expected, Lang, Lead, Member, Mu, Yuan};
use std::collections::{BTreeMap, BTreeSet};

/// Members whose own chart is shown where no sum of members can be.
const MOST_MEMBERS: usize = 12;
/// Least share of a scheme or honest shape that gets a bar.
const LEAST_SHARE: f64 = 0.01;
/// Years shown before the first and after the last of the span.
const AROUND: i16 = 4;

/// The page; empty where the model has not assessed any member.
pub(crate) fn page(lead: &Lead, currency: &str, lang: Lang) -> String {
    let told: Vec<(&Member, &Assessment)> =
        lead.members.iter().filter_map(|m| Some((m, m.assessment.as_ref()?))).collect();
    let Some((_, first)) = told.iter().max_by(|a, b| a.1.p_ring.total_cmp(&b.1.p_ring)) else {
        return String::new();
    };
    let mut blocks =
        vec![certainty(lead, first, lang), size(lead, &told, currency, lang), charts(&told, lang)];
    if told.len() > 1 {
        blocks.push(side_by_side(&told, currency, lang));
    }
    blocks.push(schemes(first, lang));
    blocks.push(reasons(&told, lang));
    blocks.push(honest(first, lang));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

fn percent(share: f64) -> String {
    match 100.0 * share {
        p if p > 99.9 => ">99.9%".to_owned(),
        p if p >= 10.0 => format!("{p:.0}%"),
        p => format!("{p:.1}%"),
    }
}

/// How sure, and what that means.
fn certainty(lead: &Lead, first: &Assessment, lang: Lang) -> String {
    let mut text = String::new();
    let mut line = |said: String| {
        text.push_str(&said);
        text.push('\n');
    };
    line(format!("{}", w::HOW_SURE.get(lang)));
    if let Some(ring) = &lead.ring {
        let years = (ring.span.from.to_string(), ring.span.to.to_string());
        let members = ring.members.len().to_string();
        line(w::RING_P.with(lang, &[&members, &years.0, &years.1, &percent(ring.p)]));
    }
    line(
        w::VILLAGE_P
            .with(lang, &[&lead.year.to_string(), &percent(first.p_ring), &percent(first.p)]),
    );
    line(w::Q_MEANS.with(lang, &[&percent(first.q)]));
    if first.history_only {
        line(w::HISTORY_ONLY.get(lang).to_owned());
    }
    if let Some(by) = first.cleared_by() {
        line(w::CLEARED_BY.with(lang, &[w::of(&by.text, lang)]));
    }
    text
}

fn range_mu(e: Option<Estimate<Mu>>) -> String {
    e.map_or(NOTHING.to_owned(), |e| {
        format!("{} ({}–{})", about_mu(Some(e.median)), about_mu(Some(e.lo)), about_mu(Some(e.hi)))
    })
}

fn range_yuan(e: Option<Estimate<Yuan>>) -> String {
    let about = |v: Yuan| about_yuan(Some(v));
    e.map_or(NOTHING.to_owned(), |e| {
        format!("{} ({}–{})", about(e.median), about(e.lo), about(e.hi))
    })
}

/// How much, since when, and what a day of inspection may bring.
fn size(lead: &Lead, told: &[(&Member, &Assessment)], currency: &str, lang: Lang) -> String {
    let whole = |median: Option<Mu>, lo: Option<Mu>, hi: Option<Mu>| {
        Some(Estimate { median: median?, lo: lo?, hi: hi? })
    };
    let mu = range_mu(whole(lead.excess_mu, lead.excess_mu_lo, lead.excess_mu_hi));
    let money = match (lead.excess_yuan, lead.excess_yuan_lo, lead.excess_yuan_hi) {
        (Some(median), Some(lo), Some(hi)) => range_yuan(Some(Estimate { median, lo, hi })),
        _ => NOTHING.to_owned(),
    };
    let mut text = format!("{}\n", w::HOW_MUCH.get(lang));
    text.push_str(&w::SIZE_LINE.with(lang, &[&mu, &money, w::money(currency, lang)]));
    text.push('\n');
    let spans = told.iter().filter_map(|(_, a)| a.span);
    let spans: BTreeSet<(i16, i16, bool)> = spans.map(|s| (s.from, s.to, s.ramp)).collect();
    for (from, to, ramp) in spans {
        let grows = if ramp { w::GROWS } else { w::STANDS };
        text.push_str(&grows.with(lang, &[&from.to_string(), &to.to_string()]));
        text.push('\n');
    }
    if let Some(priority) = lead.priority {
        let per_day = grouped(&format!("{priority:.0}"));
        text.push_str(&w::PER_DAY.with(lang, &[&per_day, w::money(currency, lang)]));
        text.push('\n');
    }
    text
}

/// One year of one source, summed over members.
#[derive(Default, Clone, Copy)]
struct Sum {
    claimed: f64,
    expected: f64,
    /// Squares of the distances to the upper ends.
    above: f64,
    members: usize,
}

/// What sums are kept by: independent sources first, then by name.
type Key<'a> = (bool, &'a str);

/// Claims against each source by year. Members are added where each of them has the figure.
fn charts(told: &[(&Member, &Assessment)], lang: Lang) -> String {
    let mut sums: BTreeMap<Key<'_>, BTreeMap<i16, Sum>> = BTreeMap::new();
    let shown: Vec<&Assessment> = told.iter().take(MOST_MEMBERS).map(|(_, a)| *a).collect();
    for part in shown.iter().flat_map(|a| &a.expected) {
        let (Some(claimed), Some(expected)) = (part.claimed, part.expected) else { continue };
        let key = (!part.independent || part.source == "history", part.source.as_str());
        let sum = sums.entry(key).or_default().entry(part.year).or_default();
        sum.claimed += claimed.to_f64();
        sum.expected += expected.median.to_f64();
        sum.above += (expected.hi.to_f64() - expected.median.to_f64()).powi(2);
        sum.members += 1;
    }
    let spans = || shown.iter().filter_map(|a| a.span);
    let first = spans().map(|s| s.from).min().unwrap_or(i16::MIN).saturating_sub(AROUND);
    let last = spans().map(|s| s.to).max().unwrap_or(i16::MAX).saturating_add(AROUND);
    for years in sums.values_mut() {
        years.retain(|year, sum| sum.members == shown.len() && (first..=last).contains(year));
    }
    sums.retain(|_, years| !years.is_empty());
    let tops = sums.values().flat_map(BTreeMap::values).map(|s| s.claimed.max(s.expected));
    let most = tops.fold(0.0, f64::max);
    if sums.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", w::CHART.get(lang));
    for ((_, source), years) in &sums {
        let independent =
            shown.iter().flat_map(|a| &a.expected).any(|e| e.source == *source && e.independent);
        text.push_str(&format!("  {}\n", source_name(source, independent, lang)));
        for (year, sum) in years {
            let upper = sum.expected + sum.above.sqrt();
            let bar = chart::against(sum.claimed, sum.expected, upper, most);
            let (claimed, expected) = (figure(sum.claimed), figure(sum.expected));
            text.push_str(&format!("    {year}  {claimed:>11} / {expected:>11}  {bar}\n"));
        }
    }
    text
}

fn figure(value: f64) -> String {
    grouped(&format!("{value:.1}"))
}

/// Sources by their names in the data; the usual ones in words too.
fn source_name(source: &str, independent: bool, lang: Lang) -> String {
    let known = match source {
        "remote_sensing" => Some(w::REMOTE_SENSING),
        "land_survey" => Some(w::LAND_SURVEY),
        "contract_register" => Some(w::CONTRACT_REGISTER),
        "insurance" => Some(w::INSURANCE),
        "stat_yearbook" => Some(w::YEARBOOK),
        "history" => Some(w::HISTORY),
        _ => None,
    };
    let name = known.map_or_else(|| source.to_owned(), |words| words.get(lang).to_owned());
    if independent { name } else { w::REPORTED.with(lang, &[&name]) }
}

/// Claims over the middle of what independent sources let expect, by year.
fn ratios(assessment: &Assessment) -> BTreeMap<i16, f64> {
    let mut of_year: BTreeMap<i16, Vec<f64>> = BTreeMap::new();
    let usable = |e: &&Expected| e.independent && e.source != "history";
    for part in assessment.expected.iter().filter(usable) {
        if let (Some(claimed), Some(expected)) = (part.claimed, part.expected)
            && expected.median > Mu::ZERO
        {
            let ratio = claimed.to_f64() / expected.median.to_f64();
            of_year.entry(part.year).or_default().push(ratio);
        }
    }
    let middle = |mut all: Vec<f64>| {
        all.sort_unstable_by(f64::total_cmp);
        let n = all.len();
        f64::midpoint(all[(n - 1) / 2], all[n / 2])
    };
    of_year.into_iter().map(|(year, all)| (year, middle(all))).collect()
}

fn side_by_side(told: &[(&Member, &Assessment)], currency: &str, lang: Lang) -> String {
    let all: Vec<BTreeMap<i16, f64>> = told.iter().map(|(_, a)| ratios(a)).collect();
    let years: BTreeSet<i16> = all.iter().flat_map(BTreeMap::keys).copied().collect();
    let money = w::EXCESS_MONEY.with(lang, &[w::money(currency, lang)]);
    let heads: Vec<String> = years.iter().map(ToString::to_string).collect();
    let mut columns = vec![
        (w::CODE.get(lang), Align::Left),
        (w::NAME.get(lang), Align::Left),
        (w::PROBABILITY.get(lang), Align::Right),
        (w::EXCESS_MU.get(lang), Align::Right),
        (&money, Align::Right),
    ];
    columns.extend(heads.iter().map(|head| (head.as_str(), Align::Right)));
    let mut grid = Grid::new(&columns);
    for ((member, assessment), ratios) in told.iter().zip(&all) {
        let mut cells = vec![
            member.village_code.clone(),
            member.village_name.clone(),
            percent(assessment.p_ring),
            range_mu(assessment.excess_mu),
            about_yuan(member.excess_yuan),
        ];
        let ratio = |year: &i16| ratios.get(year).map_or(NOTHING.to_owned(), |r| format!("{r:.2}"));
        cells.extend(years.iter().map(ratio));
        grid.row(cells);
    }
    format!("{}\n{}", w::SIDE_BY_SIDE.get(lang), grid.terminal())
}

/// One bar per scheme.
fn schemes(first: &Assessment, lang: Lang) -> String {
    let shown: Vec<_> = first.families.iter().filter(|f| f.share >= LEAST_SHARE).collect();
    if shown.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(&[
        (w::SCHEME.get(lang), Align::Left),
        (w::SHARE.get(lang), Align::Right),
        ("", Align::Left),
    ]);
    for family in shown {
        grid.row(vec![
            w::family(family.family).get(lang).to_owned(),
            percent(family.share),
            chart::share(family.share),
        ]);
    }
    format!("{}\n{}", w::TRACES.get(lang), grid.terminal())
}

fn reasons(told: &[(&Member, &Assessment)], lang: Lang) -> String {
    let mut text = String::new();
    for (member, assessment) in told {
        for note in &assessment.notes {
            let name =
                if told.len() > 1 { format!("{}: ", member.village_name) } else { String::new() };
            text.push_str(&format!("  - {name}{}\n", w::of(note, lang)));
        }
    }
    if text.is_empty() { text } else { format!("{}\n{text}", w::ALSO.get(lang)) }
}

/// Honest shapes with their bars, then what was tested.
fn honest(first: &Assessment, lang: Lang) -> String {
    let mut text = String::new();
    let shown: Vec<_> = first.honest.iter().filter(|h| h.share >= LEAST_SHARE).collect();
    if !shown.is_empty() {
        let mut grid = Grid::new(&[
            (w::EXPLANATION.get(lang), Align::Left),
            (w::SHARE.get(lang), Align::Right),
            ("", Align::Left),
        ]);
        for shape in shown {
            grid.row(vec![
                w::of(&shape.say, lang).to_owned(),
                percent(shape.share),
                chart::share(shape.share),
            ]);
        }
        text.push_str(&format!("{}\n{}", w::HONEST_LEFT.get(lang), grid.terminal()));
    }
    if !first.tested.is_empty() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("{}\n", w::HONEST_TESTED.get(lang)));
        for tested in &first.tested {
            let state = w::tested(tested.clears).get(lang);
            let (what, found) = (w::of(&tested.text, lang), w::of(&tested.found, lang));
            text.push_str(&format!("  - {what} [{state}]\n      {found}\n"));
        }
    }
    text
}

#[cfg(test)]
#[path = "inspector_tests.rs"]
mod tests;
