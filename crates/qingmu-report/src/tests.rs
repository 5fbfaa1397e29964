//! Whole pages, word by word: the files in `pages/` are what people read, so a change there is a change to review.

use crate::fixture::{ACCOUNT, CLAIMANT, coverage, inputs, leads, village};
use crate::{RunReport, leads_md, summary};
use qingmu_leads::CoverageReport;
use qingmu_model::{Bilingual, InputAccount, Lang, Lead, SubjectKey};

const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

fn run<T>(gaps: usize, currency: &str, see: impl Fn(&RunReport<'_>) -> T) -> T {
    let (leads, inputs, coverage) = (leads(gaps), inputs(), coverage());
    see(&RunReport {
        leads: &leads,
        inputs: &inputs,
        coverage: &coverage,
        currency,
        lowest: &village(),
    })
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
    let report = RunReport {
        leads: &many,
        inputs: &inputs,
        coverage: &coverage,
        currency: "CNY",
        lowest: &village(),
    };
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
    let report = RunReport {
        leads: &[],
        inputs: &[],
        coverage: &empty,
        currency: "CNY",
        lowest: &village(),
    };
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
    let report = RunReport {
        leads: &[],
        inputs: &inputs,
        coverage: &coverage,
        currency: "CNY",
        lowest: &village(),
    };
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
    let report = RunReport {
        leads: &leads,
        inputs: &inputs,
        coverage: &coverage,
        currency: "CNY",
        lowest: &village(),
    };
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
    let report = RunReport {
        leads: &leads,
        inputs: &inputs,
        coverage: &coverage,
        currency: "CNY",
        lowest: &village(),
    };
    assert!(summary(&report, Lang::En).contains("  claims  — (2 villages)  2022  "));
}
#[test]
fn places_are_called_by_the_name_of_their_level() {
    let county = Bilingual::new("县", "county");
    let (leads, inputs, coverage) = (leads(2), inputs(), coverage());
    let report = RunReport {
        leads: &leads,
        inputs: &inputs,
        coverage: &coverage,
        currency: "USD",
        lowest: &county,
    };
    for (lang, parts) in [
        (
            Lang::Zh,
            [
                "多县关联",
                "2022 年有 3 个县各自命中规则",
                "### 涉及的县",
                "在同一县内",
                "4 个县没有任何基线",
            ],
        ),
        (
            Lang::En,
            [
                "ring of counties",
                "2022: 3 counties with hits of their own",
                "### The counties",
                "inside one county",
                "4 counties without any baseline",
            ],
        ),
    ] {
        let page = leads_md(&report, lang);
        for part in parts {
            assert!(page.contains(part), "{part} is missing:\n{page}");
        }
        let foreign =
            ["个村", "关联村", "涉及的村", "同一村", "villages with", "one village", "of villages"];
        assert!(!foreign.iter().any(|word| page.contains(word)), "{page}");
    }
    assert!(summary(&report, Lang::Zh).contains("  多县关联  虚构镇(3 县)  "));
    assert!(summary(&report, Lang::En).contains("  ring of counties  虚构镇 (3 counties)  "));
}

#[test]
fn a_draft_is_named_as_one_beside_its_hits() {
    let (leads, inputs, mut coverage) = (leads(2), inputs(), coverage());
    coverage.rules[1].status = "E2 draft".to_owned();
    let report = RunReport {
        leads: &leads,
        inputs: &inputs,
        coverage: &coverage,
        currency: "CNY",
        lowest: &village(),
    };
    let zh = leads_md(&report, Lang::Zh);
    assert!(zh.contains("**V02 菜地未减粮补增** (E2, 草案,不计分)\n\n- 9"), "{zh}");
    assert!(zh.contains("**T01 菜地未减粮补增** (E2)\n\n- 9"), "{zh}");
    let en = leads_md(&report, Lang::En);
    assert!(
        en.contains("**V02 Vegetables steady \\| grain up** (E2, draft, adds no weight)\n\n- 9"),
        "{en}"
    );
}

#[test]
fn subjects_of_numbers_are_named_in_words() {
    let (mut leads, inputs, coverage) = (leads(2), inputs(), coverage());
    let ring = &mut leads[1];
    let text = |name: &str, value: &str| (name.to_owned(), SubjectKey::Text(value.to_owned()));
    let code = ring.members[2].village_code.clone();
    for (n, season) in ["S", "A", "Y"].into_iter().enumerate() {
        ring.hits[n].subject.keys = vec![
            text("village_code", &code),
            text("year", "2022"),
            text("season", season),
            text("programme", "GRAIN"),
        ];
    }
    let report = RunReport {
        leads: &leads,
        inputs: &inputs,
        coverage: &coverage,
        currency: "CNY",
        lowest: &village(),
    };
    for (lang, seasons) in
        [(Lang::Zh, ["夏", "秋", "全年"]), (Lang::En, ["summer", "autumn", "whole-year"])]
    {
        let page = leads_md(&report, lang);
        for season in seasons {
            let line = format!("\n| 小堡村 · {season} · GRAIN | 1,234.5 | — |\n");
            assert!(page.contains(&line), "{line} is missing:\n{page}");
        }
    }
}

#[test]
fn the_page_ends_with_what_a_score_is_not() {
    for (lang, last) in [
        (Lang::Zh, "\n*评分为暂定值,校准之前只用于排序:概率、q 值、区间均尚未估计。*\n"),
        (
            Lang::En,
            "\n*Scores are provisional until calibrated and only order the leads: probability, q-value and interval are not estimated yet.*\n",
        ),
    ] {
        assert!(run(2, "CNY", |r| leads_md(r, lang)).ends_with(last));
    }
}

#[test]
fn rejected_money_is_shown_where_rows_were_rejected() {
    let (mut inputs, coverage) = (inputs(), coverage());
    for lang in BOTH {
        let see = |inputs: &[InputAccount]| {
            let report = RunReport {
                leads: &[],
                inputs,
                coverage: &coverage,
                currency: "CNY",
                lowest: &village(),
            };
            [summary(&report, lang), leads_md(&report, lang)]
        };
        let heads = ["拒收金额(元)", "amount rejected (yuan)"];
        for text in see(&inputs) {
            assert!(heads.iter().any(|head| text.contains(head)), "{text}");
            assert!(text.contains("2,469.00"), "{text}");
        }
        let whole = std::mem::take(&mut inputs);
        inputs = whole.clone();
        for input in &mut inputs {
            input.rows_read = input.rows_kept;
            input.rows_rejected = 0;
            input.area_unreadable = 0;
        }
        for text in see(&inputs) {
            assert!(!heads.iter().any(|head| text.contains(head)), "{text}");
            assert!(!text.contains("无法读出") && !text.contains("no readable"), "{text}");
        }
        inputs = whole;
    }
}
