//! The rules that the program is built with: they load, and their files are as the format asks.

use qingmu_model::Project;
use qingmu_rules::{PackSource, load_pack};
use std::path::Path;

#[test]
fn the_eight_rules_load() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let pack = match load_pack(&PackSource::Dir(folder), &Project::default()) {
        Ok(pack) => pack,
        Err(mistakes) => {
            let shown: Vec<String> = mistakes.list.iter().map(|d| d.render(false)).collect();
            panic!("{}", shown.join("\n"));
        }
    };
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
