//! A county in which nothing is planted, with the honest events that resemble a case: no lead that would send
//! anyone out, and the rules about steady vegetables and the land budget silent.

use crate::running::{json, leads, qingmu};

#[test]
fn honest_counties_give_no_strong_lead() {
    for seed in ["7", "11", "2024"] {
        let temp = tempfile::tempdir().unwrap();
        let made =
            qingmu(temp.path(), &["synth", "--clean", "--seed", seed, "--out", "data", "-q"]);
        assert_eq!((made.code, made.err.as_str()), (0, ""));
        let ran = qingmu(temp.path(), &["scan", "data", "--out", "out", "-q"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        for lead in leads(&temp.path().join("out")) {
            let grade = lead["grade"].as_str().unwrap();
            assert!(!matches!(grade, "E0" | "E1"), "seed {seed}: {} is {grade}", lead["lead_id"]);
        }
        let coverage = json(&temp.path().join("out/coverage.json"));
        for rule in coverage["rules"].as_array().unwrap() {
            if matches!(rule["rule"].as_str(), Some("V02" | "V03")) {
                assert_eq!(rule["hit"], 0, "seed {seed}: {rule}");
                assert!(rule["subjects"].as_u64() > Some(0), "{rule}");
            }
        }
    }
}
