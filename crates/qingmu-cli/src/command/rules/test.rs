//! `qingmu rules test`: each rule's own tests, in both engines.

use super::load;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use qingmu_model::Project;
use qingmu_rules::run_tests;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Serialize)]
struct Document {
    passed: usize,
    failed: usize,
    failures: Vec<String>,
}

pub(super) fn run(dir: Option<&Path>, ui: Ui) -> Result<Exit, Failure> {
    let pack = load(dir)?;
    let project = Project::default();
    let mut document = Document { passed: 0, failed: 0, failures: Vec::new() };
    for rule in &pack.rules {
        let failures = run_tests(rule, &project);
        let broken: BTreeSet<&str> = failures.iter().map(|f| f.test.as_str()).collect();
        document.failed += broken.len();
        document.passed += rule.tests.len() - broken.len().min(rule.tests.len());
        document.failures.extend(failures.iter().map(|f| format!("{} {f}", rule.file)));
    }
    if ui.json {
        Ui::document(&document)?;
    } else {
        for failure in &document.failures {
            Ui::raw(format!("{failure}\n").as_bytes())?;
        }
        // The closing line of a test runner, in English whatever the language: scripts read it.
        ui.text(&format!("{} passed, {} failed\n", document.passed, document.failed))?;
    }
    Ok(if document.failed == 0 { Exit::Done } else { Exit::Config })
}
