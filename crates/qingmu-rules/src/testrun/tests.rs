use super::*;
use crate::load_pack;
use crate::testkit::{examples, examples_with};
use qingmu_lang::{Pack, PackSource};

fn failures(pack: &Pack) -> Vec<String> {
    let project = Project::default();
    let all = pack.rules.iter().flat_map(|rule| run_tests(rule, &project));
    all.map(|failure| format!("{} {failure}", failure.file)).collect()
}

/// Failures of the examples after one text of one of them was replaced.
fn changed(id: &str, old: &str, new: &str) -> Vec<String> {
    failures(&examples_with(id, old, new))
}

/// The five rules of the format's description and their expectations, in both engines.
#[test]
fn the_examples_hold_in_both_engines() {
    let pack = examples();
    assert_eq!(pack.rules.len(), 5);
    let wants: usize = pack.rules.iter().flat_map(|r| &r.tests).map(|t| t.want.len()).sum();
    assert_eq!(wants, 21);
    assert_eq!(failures(&pack), Vec::<String>::new());
}

#[test]
fn the_rules_that_come_with_qingmu_hold() {
    let loaded = load_pack(&PackSource::Builtin, &Project::default());
    assert_eq!(loaded.as_ref().err().map(ToString::to_string), None);
    let pack = loaded.unwrap_or_default();
    assert!(pack.rules.len() >= 8, "{}", pack.rules.len());
    assert_eq!(failures(&pack), Vec::<String>::new());
}

#[test]
fn a_wrong_expectation_says_what_came() {
    let test = "village/V02-veg-steady-grain-up.toml test `six-village pattern; zero last year; no last \
                year; vegetables fell; rotation explains`";
    assert_eq!(
        changed("V02", "is = \"hit\", mu = 180,", "is = \"hit\", mu = 181,"),
        [format!(
            "{test}, a/2022: wanted hit, 181 mu, 18000 yuan, level medium; got hit, 180.0000 mu, \
             18000.00 yuan, level medium"
        )]
    );
    assert_eq!(
        changed("V02", "\"c/2022\" = { is = \"abstain\" }", "\"c/2022\" = { is = \"clear\" }"),
        [format!(
            "{test}, c/2022: wanted clear; got abstain for want of lag(base.vegetable), \
             lag(claimed.grain)"
        )]
    );
    assert_eq!(
        changed("V02", "\"b/2022\" = { is = \"hit\", level = \"high\" }, ", ""),
        [format!("{test}, b/2022: wanted no hit, got hit, 320.0000 mu, 32000.00 yuan, level high")]
    );
    assert_eq!(
        changed("V02", "\"c/2022\" = { is", "\"x/2022\" = { is"),
        [format!(
            "{test}, x/2022: the test's rows have no such subject, only a/2021, a/2022, b/2021, b/2022, \
             c/2022, d/2021, d/2022, e/2021, e/2022"
        )]
    );
    assert_eq!(
        changed("V02", "[\"c\", 2022, 300,", "[\"d\", 2021, 300,"),
        [
            format!("{test}, d/2021: the test has two rows with this key"),
            format!(
                "{test}, c/2022: the test's rows have no such subject, only a/2021, a/2022, b/2021, b/2022, \
                 d/2021, d/2022, e/2021, e/2022"
            ),
            format!(
                "{test}, d/2022: wanted clear; got abstain for want of lag(base.vegetable), \
                 lag(claimed.grain)"
            ),
        ]
    );
}
