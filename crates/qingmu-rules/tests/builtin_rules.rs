//! The rules that the program is built with: they load, and their files are as the format asks.

use qingmu_model::Project;
use qingmu_rules::{Diagnostic, Pack, PackSource, lint, load_pack, run_tests};
use std::path::Path;

fn shown(mistakes: &[Diagnostic]) -> String {
    mistakes.iter().map(|d| d.render(false)).collect::<Vec<_>>().join("\n")
}

fn pack() -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    match load_pack(&PackSource::Dir(folder), &Project::default()) {
        Ok(pack) => pack,
        Err(mistakes) => panic!("{}", shown(&mistakes.list)),
    }
}

#[test]
fn the_house_rules_find_nothing() {
    let findings = lint(&pack());
    assert!(findings.is_empty(), "{}", shown(&findings));
}

#[test]
fn every_rule_passes_its_own_tests() {
    let project = Project::default();
    for rule in &pack().rules {
        let failures = run_tests(rule, &project);
        assert!(failures.is_empty(), "{}: {failures:#?}", rule.file);
    }
}

#[test]
fn the_program_carries_the_same_rules() {
    let built = load_pack(&PackSource::Builtin, &Project::default());
    assert_eq!(built.as_ref().map(|pack| &pack.rules), Ok(&pack().rules));
}

#[test]
fn the_families_are_whole() {
    let pack = pack();
    for (family, rules) in [('C', 12), ('H', 12), ('P', 10)] {
        let ids: Vec<&str> =
            pack.rules.iter().map(|r| r.id.as_str()).filter(|id| id.starts_with(family)).collect();
        let want: Vec<String> = (1..=rules).map(|n| format!("{family}{n:02}")).collect();
        assert_eq!(ids, want);
    }
    for id in ["N01", "T01", "V01", "V02", "V03"] {
        assert!(pack.rules.iter().any(|r| r.id.as_str() == id), "{id}");
    }
    for rule in &pack.rules {
        assert!(rule.file.ends_with(&format!("/{}-{}.toml", rule.id, rule.slug)), "{}", rule.file);
        assert!(rule.legit.len() >= 2, "{}: name at least two honest explanations", rule.id);
    }
}
