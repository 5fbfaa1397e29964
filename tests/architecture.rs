//! `ARCHITECTURE.md` says which crate may know which; the build must agree.

use crate::running::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

type Walls = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_crate_table_is_what_cargo_builds() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let written = table(&page);
    assert!(written.len() >= 8, "the crate table is found: {written:?}");
    assert_eq!(written, built());
}

#[test]
fn polars_is_linked_by_the_rules_crate_alone() {
    for (name, dependencies) in all_dependencies() {
        assert_eq!(dependencies.contains("polars"), name == "qingmu-rules", "{name}");
    }
}

#[test]
fn the_table_reader_sees_what_a_reader_sees() {
    let page = "| crate | what | depends on |\n|---|---|---|\n| qingmu-a | x | |\n| `qingmu-b` | y | qingmu-a, `qingmu-c` |\n";
    let found = table(page);
    assert_eq!(found["qingmu-a"], BTreeSet::new());
    assert_eq!(found["qingmu-b"], BTreeSet::from(["qingmu-a".to_owned(), "qingmu-c".to_owned()]));
}

/// Rows of the table whose first heading is `crate` and whose last is `depends on`.
fn table(page: &str) -> Walls {
    let mut walls = Walls::new();
    let mut inside = false;
    for line in page.lines() {
        let cells: Vec<String> = line
            .trim()
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect();
        if !line.trim_start().starts_with('|') {
            inside = false;
        } else if cells.first().is_some_and(|c| c == "crate") {
            inside = cells.last().is_some_and(|c| c == "depends on");
        } else if inside && cells.first().is_some_and(|c| c.starts_with("qingmu-")) {
            let words = cells[cells.len() - 1].split([',', ' ']).map(str::trim);
            let names = words.filter(|w| w.starts_with("qingmu-")).map(str::to_owned).collect();
            walls.insert(cells[0].clone(), names);
        }
    }
    walls
}

fn metadata() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    value["packages"].as_array().unwrap().clone()
}

fn all_dependencies() -> Walls {
    let normal = |package: &Value| -> BTreeSet<String> {
        let list = package["dependencies"].as_array().unwrap().iter();
        list.filter(|d| d["kind"].is_null())
            .map(|d| d["name"].as_str().unwrap().to_owned())
            .collect()
    };
    metadata().iter().map(|p| (p["name"].as_str().unwrap().to_owned(), normal(p))).collect()
}

fn built() -> Walls {
    let mut walls = all_dependencies();
    for names in walls.values_mut() {
        names.retain(|name| name.starts_with("qingmu-"));
    }
    walls
}
