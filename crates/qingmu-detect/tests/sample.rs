//! The bundled sample, whose figures are invented: six villages are planted in it.
#![allow(clippy::unwrap_used, reason = "a missing piece of the sample is a failed test")]

use qingmu_detect::{Detection, ModelFile, Options, run};
use qingmu_input::{discover, load_project};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/anwu")
}

fn detect(options: &Options) -> Detection {
    let (input, project) = (discover(&sample()).unwrap(), load_project(&sample()).unwrap());
    run(&input, &project, options).unwrap()
}

/// Planted village-years.
fn planted() -> BTreeSet<(String, i16)> {
    let truth: Value =
        serde_json::from_slice(&std::fs::read(sample().join("truth.json")).unwrap()).unwrap();
    let list = truth["planted"].as_array().unwrap().iter();
    list.map(|p| {
        let year = i16::try_from(p["year"].as_i64().unwrap()).unwrap();
        (p["village_code"].as_str().unwrap().to_owned(), year)
    })
    .collect()
}

/// Six rises and no fall of the same shape are what chance in one county could also give once in 64: the model alone
/// ranks the six first and does not call them all; their own hits and their approver make them one lead.
#[test]
fn planted_village_years_stand_above_every_other_village() {
    let found = detect(&Options::default());
    let probable: BTreeSet<(String, i16)> = found
        .assessments
        .iter()
        .filter(|a| a.p_ring >= 0.25)
        .map(|a| (a.village_code.clone(), a.year))
        .collect();
    let planted = planted();
    let told: Vec<_> = found
        .assessments
        .iter()
        .filter(|a| planted.contains(&(a.village_code.clone(), a.year)))
        .map(|a| (a.village_code.as_str(), a.year, a.p, a.p_ring, &a.honest))
        .collect();
    assert!(planted.is_subset(&probable), "{told:#?}");
    let villages = |set: &BTreeSet<(String, i16)>| -> BTreeSet<String> {
        set.iter().map(|(village, _)| village.clone()).collect()
    };
    assert_eq!(villages(&probable), villages(&planted));
    assert!(!found.coverage.health.doubtful);
    assert_eq!(found.coverage.by_contract, ["FERTILITY"]);
    // Explanations are tested from one half on.
    for assessment in found.assessments.iter().filter(|a| a.p_ring >= 0.5) {
        let names: Vec<&str> = assessment.tested.iter().map(|t| t.name.as_str()).collect();
        assert!(names.contains(&"county_resurvey") && names.contains(&"merger"), "{names:?}");
        assert!(assessment.expected.iter().any(|e| e.year == 2019), "all years are shown");
    }
}

#[test]
fn a_frozen_model_scores_as_the_run_that_learned_it() {
    let learned = detect(&Options { threads: 1, model: None });
    let text = learned.model.text().unwrap();
    let model = ModelFile::parse(&text).unwrap();
    assert_eq!(model, learned.model);
    let again = detect(&Options { threads: 2, model: Some(model) });
    assert_eq!(again.assessments, learned.assessments);
    assert_eq!((again.rings, again.beliefs), (learned.rings, learned.beliefs));
}
