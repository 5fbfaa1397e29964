//! Whole pages, word by word: the files in `pages/` are what people read, so a change there is a change to review.

use crate::fixture::{ACCOUNT, CLAIMANT, coverage, inputs, leads};
use crate::{RunReport, leads_md, summary};
use qingmu_leads::CoverageReport;
use qingmu_model::{Lang, Lead};

const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

fn run<T>(gaps: usize, currency: &str, see: impl Fn(&RunReport<'_>) -> T) -> T {
    let (leads, inputs, coverage) = (leads(gaps), inputs(), coverage());
    see(&RunReport { leads: &leads, inputs: &inputs, coverage: &coverage, currency })
}

#[test]
fn the_summary_in_chinese() {
    assert_eq!(run(2, "CNY", |r| summary(r, Lang::Zh)), include_str!("pages/summary.zh.txt"));
}

#[test]
fn the_summary_in_english() {
    assert_eq!(run(2, "CNY", |r| summary(r, Lang::En)), include_str!("pages/summary.en.txt"));
}

#[test]
fn the_page_in_chinese() {
    assert_eq!(run(2, "CNY", |r| leads_md(r, Lang::Zh)), include_str!("pages/leads.zh.md"));
}

#[test]
fn the_page_in_english_with_another_currency() {
    assert_eq!(run(22, "USD", |r| leads_md(r, Lang::En)), include_str!("pages/leads.en.md"));
}

#[test]
fn every_page_opens_with_the_caveat_and_masks_ids() {
    for (lang, caveat) in [(Lang::Zh, "疑点,不是结论"), (Lang::En, "A lead, not a finding")] {
        for text in [run(2, "CNY", |r| summary(r, lang)), run(2, "CNY", |r| leads_md(r, lang))] {
            let first = text.lines().next().unwrap_or_default();
            assert!(first.trim_start_matches('*').starts_with(caveat), "{first}");
            assert!(!text.contains(&CLAIMANT[4..14]) && !text.contains(&ACCOUNT[..8]), "{text}");
            assert!(!text.contains('\u{1b}'), "a name must not steer the terminal");
        }
        let sections =
            run(2, "CNY", |r| leads_md(r, lang)).matches(&format!("\n*{caveat}")).count();
        assert_eq!(sections, 3, "a section may be printed alone");
    }
}

#[test]
fn a_usual_run_fits_forty_lines() {
    let many: Vec<Lead> = leads(2).into_iter().cycle().take(1_012).collect();
    let (inputs, mut coverage) = (inputs(), coverage());
    let rule = coverage.rules[1].clone();
    coverage.rules.extend((1..=7).map(|n| {
        let mut rule = rule.clone();
        rule.rule = format!("Z{n:02}");
        rule.hit = n;
        rule
    }));
    let report = RunReport { leads: &many, inputs: &inputs, coverage: &coverage, currency: "CNY" };
    for (lang, leads, rules) in [
        (Lang::Zh, "  另有 1,002 条,见 leads.csv。", "  另有 1 条规则命中较少,见 coverage.json。"),
        (
            Lang::En,
            "  1,002 more in leads.csv.",
            "  1 more rules with fewer hits: see coverage.json.",
        ),
    ] {
        let text = summary(&report, lang);
        assert!(text.lines().count() <= 40, "{} lines\n{text}", text.lines().count());
        assert!(text.contains(leads) && text.contains(rules), "{text}");
        assert!(
            text.contains("  C06 ") && !text.contains("  Z01 "),
            "the fewest hits are left out"
        );
    }
}

#[test]
fn an_empty_run_says_what_it_does_not_prove() {
    let empty = CoverageReport::default();
    let report = RunReport { leads: &[], inputs: &[], coverage: &empty, currency: "CNY" };
    let zh = "  没有线索。没有线索不等于没有问题:弃权处数据不足。\n";
    let en = "  No lead. That does not mean that all is well: where rules abstained, data are missing.\n";
    for (lang, text, rules) in
        [(Lang::Zh, zh, "没有运行任何规则。"), (Lang::En, en, "No rule ran.")]
    {
        let page = leads_md(&report, lang);
        let summary = summary(&report, lang);
        assert!(summary.contains(text) && page.contains(text.trim()), "{summary}{page}");
        assert!(summary.contains(rules) && page.contains(rules), "{summary}{page}");
        assert!(summary.contains("\n  qingmu rules list    # "), "{summary}");
    }
    for (lang, none) in [(Lang::Zh, "没有拒收的行。"), (Lang::En, "No row was rejected.")] {
        assert!(leads_md(&report, lang).ends_with(&format!("{none}\n")));
    }
}

#[test]
fn rows_that_disappeared_are_told_not_summed() {
    let (mut inputs, coverage) = (inputs(), coverage());
    inputs[0].rows_kept -= 1;
    let report = RunReport { leads: &[], inputs: &inputs, coverage: &coverage, currency: "CNY" };
    for lang in BOTH {
        let text = summary(&report, lang);
        let line = "  manifest.json: claims/2021.parquet: 1000 rows read, but 999 kept + 0 rejected; a row disappeared, nothing is written\n";
        assert!(text.contains(line), "{text}");
        assert!(!text.contains("2,200"), "{text}");
    }
}

#[test]
fn many_claimants_are_counted_not_listed() {
    use qingmu_model::{ClaimantId, Tie};
    let mut leads = leads(2);
    let tie = |n: u32| Tie::Claimant { claimant: ClaimantId::new(format!("p{n}")) };
    leads[0].ties = (1..=5).map(tie).collect();
    let (inputs, coverage) = (inputs(), coverage());
    let report = RunReport { leads: &leads, inputs: &inputs, coverage: &coverage, currency: "CNY" };
    let zh = "由同一申领人 p\\*、同一申领人 p\\*、同一申领人 p\\*、另 2 人 相联系";
    let en = "tied by one claimant p\\* and one claimant p\\* and one claimant p\\* and 2 more claimants";
    assert!(leads_md(&report, Lang::Zh).contains(zh), "{}", leads_md(&report, Lang::Zh));
    assert!(leads_md(&report, Lang::En).contains(en), "{}", leads_md(&report, Lang::En));
}

#[test]
fn a_lead_across_the_widest_level_has_a_dash_for_a_region() {
    let mut leads = leads(0);
    leads.retain(|l| l.members.len() == 2);
    leads[0].region_code.clear();
    leads[0].region_name.clear();
    let (inputs, coverage) = (inputs(), coverage());
    let report = RunReport { leads: &leads, inputs: &inputs, coverage: &coverage, currency: "CNY" };
    assert!(summary(&report, Lang::En).contains("  claims  — (2 villages)  2022  "));
}
