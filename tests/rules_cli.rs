//! `qingmu rules`, on the built-in pack and on wrong ones.

use crate::running::{in_english, qingmu, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

#[test]
fn the_built_in_rules_are_listed_shown_linted_and_tested() {
    let temp = tempfile::tempdir().unwrap();
    let catalogue = qingmu(temp.path(), &["rules", "list", "--json"]);
    let rules: Value = serde_json::from_str(&catalogue.out).unwrap();
    let ids: Vec<&str> =
        rules.as_array().unwrap().iter().filter_map(|r| r["id"].as_str()).collect();
    assert!(ids.len() >= 39, "{ids:?}");
    for id in &ids {
        let (zh, en) = (
            qingmu(temp.path(), &["rules", "show", id]),
            in_english(temp.path(), &["rules", "show", id]),
        );
        assert_eq!((zh.code, en.code, zh.err.as_str(), en.err.as_str()), (0, 0, "", ""));
        for heading in ["参数及理由", "正当解释及核查办法", "依据", "自带测试"]
        {
            assert!(zh.out.contains(heading), "{id}: {heading} is missing:\n{}", zh.out);
        }
        assert!(en.out.contains("Honest explanations and how to check them"), "{}", en.out);
    }
    for (out, line) in [
        (
            qingmu(temp.path(), &["rules", "show", "V02"]).out,
            "  - 撂荒地、果园复耕种粮 (复耕台账;两年的果园基线)\n",
        ),
        (
            in_english(temp.path(), &["rules", "show", "V02"]).out,
            "  - fallow or orchard land returned to grain (reclamation register; orchard baseline of both years)\n",
        ),
    ] {
        assert!(out.contains(line), "{out}");
    }
    let lint = in_english(temp.path(), &["rules", "lint"]);
    assert_eq!((lint.code, lint.out), (0, format!("{} rules, 0 findings\n", ids.len())));
    let run = qingmu(temp.path(), &["rules", "test"]);
    assert_eq!(run.code, 0, "{}", run.out);
    let end = run.out.lines().last().unwrap();
    assert!(end.ends_with(" passed, 0 failed") && !end.starts_with('0'), "{end}");
}

#[test]
fn the_rules_folder_and_the_built_in_rules_are_the_same() {
    let temp = tempfile::tempdir().unwrap();
    let folder = root().join("rules");
    let given = qingmu(temp.path(), &["rules", "list", "--json", folder.to_str().unwrap()]);
    assert_eq!(given.out, qingmu(temp.path(), &["rules", "list", "--json"]).out);
}

#[test]
fn an_unknown_rule_is_a_usage_error() {
    let temp = tempfile::tempdir().unwrap();
    let ran = in_english(temp.path(), &["rules", "show", "Z99"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            2,
            "error: there is no rule `Z99`\nremedy: `qingmu rules list` shows the rules there are\n"
        )
    );
}

/// A copy of the built-in pack with one text replaced in V02.
fn pack_with(dir: &Path, from: &str, to: &str) {
    crate::running::copy(&root().join("rules"), dir);
    let path = dir.join("village/V02-veg-steady-grain-up.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "V02 has `{from}`");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_wrong_rule_file_stops_every_command_with_its_place() {
    let temp = tempfile::tempdir().unwrap();
    pack_with(&temp.path().join("bad"), "claimed.grain", "claimed.grian");
    crate::running::copy(&root().join("datasets/anwu"), &temp.path().join("data"));
    for args in [
        vec!["rules", "list", "bad"],
        vec!["rules", "lint", "bad"],
        vec!["rules", "test", "bad"],
        vec!["scan", "data", "--out", "out", "--rules", "bad"],
    ] {
        let ran = in_english(temp.path(), &args);
        assert_eq!((ran.code, ran.out.as_str()), (78, ""), "{args:?}");
        assert!(ran.err.contains("bad/village/V02-veg-steady-grain-up.toml:"), "{}", ran.err);
        assert!(
            ran.err.contains("claimed.grian") && ran.err.contains("claimed.grain"),
            "{}",
            ran.err
        );
    }
    assert!(!temp.path().join("out").exists());
}

#[test]
fn a_rule_that_breaks_a_house_rule_is_found_by_lint() {
    let temp = tempfile::tempdir().unwrap();
    pack_with(&temp.path().join("bad"), "请核查", "涉嫌骗取，请核查");
    let ran = in_english(temp.path(), &["rules", "lint", "bad"]);
    assert_eq!(ran.code, 78, "{}", ran.out);
    assert!(
        ran.out.contains("V02-veg-steady-grain-up.toml") && ran.out.contains("骗"),
        "{}",
        ran.out
    );
    let ran = in_english(temp.path(), &["rules", "lint", "bad", "--json"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(document["findings"][0]["line"].as_u64() > Some(0), "{document}");
}

#[test]
fn a_rule_whose_own_test_fails_is_found() {
    let temp = tempfile::tempdir().unwrap();
    pack_with(&temp.path().join("bad"), "is = \"hit\"", "is = \"clear\"");
    let ran = qingmu(temp.path(), &["rules", "test", "bad"]);
    assert_eq!(ran.code, 78, "{}", ran.out);
    let last = ran.out.lines().last().unwrap();
    assert!(last.ends_with(" passed, 1 failed"), "{last}");
    assert!(ran.out.starts_with("village/V02-veg-steady-grain-up.toml test `"), "{}", ran.out);
}

#[test]
fn the_columns_of_a_view_are_listed_with_units_and_words() {
    let temp = tempfile::tempdir().unwrap();
    let en = in_english(temp.path(), &["rules", "columns", "village_year"]);
    assert_eq!((en.code, en.err.as_str()), (0, ""));
    let line =
        |name: &str| en.out.lines().find(|l| l.contains(&format!("  {name} "))).unwrap().to_owned();
    assert!(
        line("model.p").ends_with("probability that claims are too high, without regard to rings")
    );
    assert!(line("model.excess_mu").contains(" mu "), "{}", line("model.excess_mu"));
    assert!(line("claimed.grain").trim_end().ends_with("mu"));
    let json = qingmu(temp.path(), &["rules", "columns", "--json"]);
    let all: Value = serde_json::from_str(&json.out).unwrap();
    let views: std::collections::BTreeSet<&str> =
        all.as_array().unwrap().iter().filter_map(|c| c["view"].as_str()).collect();
    assert_eq!(views.len(), 21);
    let ran = in_english(temp.path(), &["rules", "columns", "nowhere"]);
    assert_eq!(ran.code, 2);
}
