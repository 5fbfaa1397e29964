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
fn the_eight_rules_load() {
    let pack = pack();
    let ids: Vec<&str> = pack.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["C01", "C06", "N01", "P01", "T01", "V01", "V02", "V03"]);
    for rule in &pack.rules {
        let family = rule.file.split('/').next().unwrap_or_default();
        assert!(rule.file.ends_with(&format!("/{}-{}.toml", rule.id, rule.slug)), "{}", rule.file);
        let letter = match family {
            "claim" => 'C',
            "network" => 'N',
            "payment" => 'P',
            "temporal" => 'T',
            "village" => 'V',
            other => panic!("unknown family {other}"),
        };
        assert_eq!(rule.id.family(), letter);
        assert!(rule.legit.len() >= 2, "{}: name at least two honest explanations", rule.id);
    }
}
