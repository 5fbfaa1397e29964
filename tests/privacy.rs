//! No identity leaves in clear: not in a file, not on stdout, not on stderr, not in a message about damage.

use crate::running::{files, in_english, json, leads, qingmu};
use std::fmt::Write;
use std::path::Path;

/// Invented: no division has the code 990001.
fn person(n: u32) -> String {
    format!("99000119700101{n:04}")
}

/// Invented.
fn account(n: u32) -> String {
    format!("6299990000{n:06}")
}

/// One claimant in four villages, one account for six claimants, and damaged rows that carry ids too.
fn planted(dir: &Path) -> Vec<String> {
    let mut claims = String::from(
        "claim_id,year,season,programme,crop,village_code,claimant_id,claimant_name,account,area_mu,rate_yuan_per_mu,amount_yuan,approver_id\n",
    );
    let mut add = |n: u32, village: u32, person: &str, account: &str, mu: &str, yuan: &str| {
        let approver = "990001196001010099";
        writeln!(
            claims,
            "c{n},2022,S,GRAIN,wheat,61042311320{village},{person},欧阳试一,{account},{mu},100,{yuan},{approver}"
        )
        .unwrap();
    };
    for village in 1..=4 {
        add(village, village, &person(1), &account(1), "60", "6000");
    }
    for n in 2..=8 {
        add(10 + n, 1, &person(n), &account(2), "20", "2000");
    }
    for n in 100..160 {
        add(n, 1 + n % 4, &person(n), &account(n), "5", "500");
    }
    // Damage: an id where the area should be, an id as village code, an account as amount.
    add(900, 1, &person(900), &account(900), &person(901), "500");
    add(901, 2, &person(902), &account(902), "5", &person(903));
    claims.push_str(&claims.lines().last().unwrap().replace("610423113202", &person(904)));
    claims.push('\n');
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(dir.join("claims.csv"), claims).unwrap();
    let mut baselines = String::from("village_code,year,season,crop,area_mu,source\n");
    for village in 1..=4 {
        writeln!(baselines, "61042311320{village},2022,S,wheat,200,land_survey").unwrap();
    }
    std::fs::write(dir.join("baselines.csv"), baselines).unwrap();
    let people = (1..=8).chain(100..160).chain(900..=904);
    let mut secrets: Vec<String> = people.flat_map(|n| [person(n), account(n)]).collect();
    secrets.extend(["990001196001010099".to_owned(), "欧阳试一".to_owned()]);
    secrets
}

#[test]
fn planted_identities_are_in_no_output() {
    let temp = tempfile::tempdir().unwrap();
    let secrets = planted(&temp.path().join("data"));
    let mut said = String::new();
    let mut run = |args: &[&str], codes: &[i32]| {
        for ran in [qingmu(temp.path(), args), in_english(temp.path(), args)] {
            assert!(codes.contains(&ran.code), "{args:?} ended with {}: {}", ran.code, ran.err);
            said.push_str(&ran.out);
            said.push_str(&ran.err);
        }
    };
    run(&["scan", "data", "--out", "refused", "--force"], &[65]);
    run(&["scan", "data", "--out", "out", "--max-rejects", "50", "--force"], &[3]);
    run(&["scan", "data", "--out", "out", "--max-rejects", "50", "--force", "--json"], &[3]);
    let found = leads(&temp.path().join("out"));
    let hit: Vec<String> = found
        .iter()
        .flat_map(|l| l["rules"].as_array().unwrap())
        .map(ToString::to_string)
        .collect();
    for rule in ["\"C06\"", "\"P01\""] {
        assert!(hit.iter().any(|h| h == rule), "the planted pattern of {rule} is found: {hit:?}");
    }
    for lead in &found {
        let id = lead["lead_id"].as_str().unwrap();
        run(&["explain", id, "--run", "out", "--rows", "1000"], &[0]);
        run(&["explain", id, "--run", "out", "--json"], &[0]);
    }
    assert_eq!(
        json(&temp.path().join("out/manifest.json"))["totals"]["claims"]["rows_rejected"],
        3
    );
    for folder in ["out", "refused"] {
        for name in files(&temp.path().join(folder)) {
            said.push_str(&name.to_string_lossy());
            let bytes = std::fs::read(temp.path().join(folder).join(name)).unwrap();
            said.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    for secret in &secrets {
        assert!(!said.contains(secret.as_str()), "{secret} is printed somewhere");
    }
    assert!(
        said.contains("9900**********0001"),
        "masked ids are printed, so the search would find clear ones"
    );
}
