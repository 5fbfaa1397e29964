//! Additions. Every person and figure is invented.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod crash;
mod refusals;
mod sameness;
mod tables;
mod words;

use super::*;
use crate::{
    Sum,
    fixture::{Office, VILLAGES, claims, id},
};
use qingmu_model::{Mu, Yuan};

fn sum(rows: u64, mu: &str, yuan: &str) -> Sum {
    Sum { rows, area_mu: Mu::parse(mu).unwrap(), amount_yuan: Yuan::parse(yuan).unwrap() }
}

fn east() -> String {
    claims(&[(1, "东沟村", "小麦", "3.5"), (2, "东沟村", "小麦", "2"), (2, "东沟村", "玉米", "2")])
}

fn south() -> String {
    claims(&[(3, "南庄村", "小麦", "4"), (4, "南庄村", "玉米", "1.25")])
}

#[test]
fn a_first_addition_makes_the_ledger() {
    let office = Office::new();
    let (east, south) = (east(), south());
    let done = office.add(&[("东沟.csv", &east), ("南庄.csv", &south), ("村.csv", VILLAGES)]);
    assert!(done.changed && !done.has_rejects() && done.contradictions.is_empty());
    assert_eq!(done.tables["claims"], sum(5, "12.75", "127.50"));
    assert_eq!(done.tables["villages"], sum(3, "0", "0"));
    let names: Vec<String> = office.files().into_keys().collect();
    let in_folder = |folder: &str| names.iter().filter(|n| n.starts_with(folder)).count();
    assert_eq!(in_folder("claims/year=2024/county=990101/part-"), 1, "{names:?}");
    assert_eq!(in_folder("villages/county=990101/part-"), 1, "{names:?}");
    assert_eq!((in_folder("_sources/"), in_folder("_held/"), names.len()), (3, 0, 7), "{names:?}");
    let file = &done.files[0];
    assert_eq!((file.account.name.as_str(), &file.status), ("东沟.csv", &Status::New));
    assert_eq!(file.records.in_force, sum(3, "7.5", "75"));
    let sheet = &file.account.sheets[0];
    assert_eq!((sheet.read.rows, sheet.kept.rows, sheet.records), (5, 3, 3));
    assert!(sheet.closes());
}

#[test]
fn the_same_bytes_change_nothing_and_it_is_said() {
    let office = Office::new();
    let east = east();
    office.add(&[("东沟.csv", &east), ("村.csv", VILLAGES)]);
    let before = office.files();
    let again = office.add(&[("东沟（2）.csv", &east)]);
    assert!(!again.changed && again.generation == 1);
    assert_eq!(again.files[0].status, Status::Again { name: "东沟.csv".to_owned() });
    assert_eq!(again.tables["claims"].rows, 3);
    assert_eq!(office.files(), before);
    let twice = Office::new();
    let done = twice.add(&[("甲.csv", &east), ("村.csv", VILLAGES), ("乙.csv", &east)]);
    let states: Vec<&Status> = done.files.iter().map(|f| &f.status).collect();
    let again = Status::Again { name: "甲.csv".to_owned() };
    assert_eq!(states, [&Status::New, &Status::New, &again]);
    assert_eq!(done.tables["claims"].rows, 3);
}

#[test]
fn order_and_steps_do_not_matter() {
    let (east, south) = (east(), south());
    let copy = claims(&[(1, "东沟村", "小麦", "3.5"), (9, "南庄村", "小麦", "1")]);
    let files = [("甲.csv", &*east), ("乙.csv", &*south), ("丙.csv", &*copy)];
    let office = Office::new();
    let all: Vec<(&str, &str)> = files.iter().copied().chain([("村.csv", VILLAGES)]).collect();
    office.add(&all);
    let data = office.data();
    assert!(data.keys().any(|name| name.starts_with("_held/claims/")), "丙 repeats a claim of 甲");
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        // The same key, so that the pseudonyms are the same.
        let other = office.beside(&format!("steps{}{}", order[0], order[1]));
        other.add(&[("村.csv", VILLAGES)]);
        for n in order {
            other.add(&[files[n]]);
        }
        assert_eq!(other.data(), data, "{order:?}");
    }
    let reversed = office.beside("reversed");
    let backwards: Vec<(&str, &str)> = all.iter().rev().copied().collect();
    reversed.add(&backwards);
    assert_eq!(reversed.data(), data);
}
