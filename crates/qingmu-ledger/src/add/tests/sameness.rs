//! The same claim in two files, and corrections.

use super::{VILLAGES, claims, east, id, sum};
use crate::{LedgerError, Status, fixture::Office};

fn rejects(office: &Office) -> Vec<String> {
    let text = std::fs::read_to_string(office.ledger.join("rejects.csv")).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn loose() -> Office {
    let mut office = Office::new();
    office.options.max_rejects = 100.0;
    office
}

#[test]
fn equal_copies_count_once() {
    let office = Office::new();
    let copy = claims(&[(1, "东沟村", "小麦", "3.50"), (5, "南庄村", "小麦", "1")]);
    office.add(&[("甲.csv", &east()), ("村.csv", VILLAGES)]);
    let done = office.add(&[("乙.csv", &copy)]);
    let records = done.files[0].records;
    assert_eq!((records.in_force, records.shared), (sum(2, "4.5", "45"), sum(1, "3.5", "35")));
    assert_eq!(done.tables["claims"], sum(4, "8.5", "85"));
    assert!(!done.has_rejects() && rejects(&office).is_empty());
    let done = office.add(&[("甲2.csv", &claims(&[(1, "东沟村", "小麦", "3.5")]))]);
    assert_eq!(done.files[0].records.copies, sum(1, "3.5", "35"));
    assert_eq!(done.tables["claims"], sum(4, "8.5", "85"));
}

#[test]
fn contradicting_rows_are_in_no_sum_and_both_places_are_named() {
    let office = loose();
    let other = claims(&[(1, "东沟村", "小麦", "4"), (5, "南庄村", "小麦", "1")]);
    office.add(&[("甲.csv", &east()), ("村.csv", VILLAGES)]);
    let done = office.add(&[("乙.csv", &other)]);
    assert!(done.has_rejects());
    assert_eq!(done.files[0].records.conflicting, sum(1, "4", "40"));
    assert_eq!(done.tables["claims"], sum(3, "5", "50"), "neither 3.5 nor 4 is counted");
    let list: Vec<(&str, &str)> =
        done.contradictions.iter().map(|c| (c.place.as_str(), c.others.as_str())).collect();
    assert_eq!(
        list,
        [
            ("乙.csv!3", "甲.csv!3 (area_mu=3.5000, amount_yuan=35.00)"),
            ("甲.csv!3", "乙.csv!3 (area_mu=4.0000, amount_yuan=40.00)"),
        ]
    );
    assert_eq!(
        rejects(&office),
        [
            "\"乙.csv\",\"\",3,\"\",\"甲.csv!3 (area_mu=3.5000, amount_yuan=35.00)\",\"conflict\",\"另一份文件对同一事项说法不同\",\"another file says otherwise of the same thing\",\"两处核对；更正件用 --replace 重新提交\",\"compare both places; hand in a correction with --replace\"",
            "\"甲.csv\",\"\",3,\"\",\"乙.csv!3 (area_mu=4.0000, amount_yuan=40.00)\",\"conflict\",\"另一份文件对同一事项说法不同\",\"another file says otherwise of the same thing\",\"两处核对；更正件用 --replace 重新提交\",\"compare both places; hand in a correction with --replace\"",
        ]
    );
}

#[test]
fn rows_of_one_file_stand_beside_each_other() {
    let office = Office::new();
    let two_parcels = claims(&[(1, "东沟村", "小麦", "3.5"), (1, "东沟村", "小麦", "3.5")]);
    let done = office.add(&[("甲.csv", &two_parcels), ("村.csv", VILLAGES)]);
    assert_eq!(done.tables["claims"], sum(2, "7", "70"), "whether that is right is for the rules");
    let third = claims(&[(1, "东沟村", "小麦", "3.5")]);
    let strict = office.try_add(&[("乙.csv", &third)]).unwrap_err();
    assert!(
        matches!(strict, LedgerError::OverCap { conflicts: 1, .. }),
        "two rows here and one there are no copies: {strict}"
    );
}

#[test]
fn a_correction_replaces_a_file_by_name() {
    let office = loose();
    let wrong = claims(&[(1, "东沟村", "小麦", "30"), (2, "东沟村", "小麦", "2")]);
    office.add(&[("东沟.csv", &wrong), ("村.csv", VILLAGES)]);
    let right = claims(&[(1, "东沟村", "小麦", "3")]);
    let done = office.replace("东沟.csv", &[("东沟更正.csv", &right)]).unwrap();
    assert_eq!(done.tables["claims"], sum(1, "3", "30"));
    let replaced = &done.replaced[0];
    assert_eq!((replaced.what.as_str(), replaced.by.as_str()), ("东沟.csv", "东沟更正.csv"));
    assert_eq!(replaced.rows, sum(2, "32", "320"));
    let manifest = crate::Ledger::open(&office.ledger).unwrap();
    let sources = &manifest.manifest().unwrap().sources;
    let old = sources.iter().find(|s| s.name == "东沟.csv").unwrap();
    let new = sources.iter().find(|s| s.name == "东沟更正.csv").unwrap();
    assert_eq!(old.superseded_by.as_ref(), Some(&new.sha256), "kept in the manifest");
    let back = office.add(&[("东沟.csv", &wrong)]);
    assert_eq!(back.files[0].status, Status::Superseded { by: "东沟更正.csv".to_owned() });
    assert!(!back.changed);
}

#[test]
fn without_replace_a_correction_is_refused_and_with_it_the_other_file_speaks_again() {
    let office = Office::new();
    let other = claims(&[(1, "东沟村", "小麦", "4"), (6, "东沟村", "小麦", "1")]);
    office.add(&[("甲.csv", &east()), ("村.csv", VILLAGES)]);
    let before = office.files();
    let refused = office.try_add(&[("乙.csv", &other)]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "乙.csv: 50.00% 的行不能用，超过上限 1% / 50.00% of the rows cannot be used, more than 1%; nothing was added"
    );
    assert_eq!(office.files(), before, "nothing was written");
    let office = loose();
    office.add(&[("甲.csv", &east()), ("村.csv", VILLAGES)]);
    office.add(&[("乙.csv", &other)]);
    let right = claims(&[(6, "东沟村", "小麦", "1")]);
    let done = office.replace("乙.csv", &[("乙2.csv", &right)]).unwrap();
    assert_eq!(done.tables["claims"], sum(4, "8.5", "85"), "claim 1 of 甲 is back");
    assert!(done.contradictions.is_empty());
}

#[test]
fn a_correction_replaces_what_is_about_the_same() {
    let office = Office::new();
    let county = claims(&[
        (1, "东沟村", "小麦", "30"),
        (2, "东沟村", "小麦", "2"),
        (3, "南庄村", "小麦", "4"),
    ]);
    office.add(&[("全县.csv", &county), ("村.csv", VILLAGES)]);
    let right = claims(&[(1, "东沟村", "小麦", "3"), (7, "东沟村", "小麦", "1")]);
    let key = "year+programme+village";
    let done = office.replace(key, &[("东沟更正.csv", &right)]).unwrap();
    assert_eq!(done.tables["claims"], sum(3, "8", "80"), "南庄村 stays");
    assert_eq!(done.replaced[0].what, "全县.csv");
    assert_eq!(done.replaced[0].rows, sum(2, "32", "320"));
    let county_again = office.add(&[("全县.csv", &county)]);
    assert!(!county_again.changed);
    let later = claims(&[(8, "东沟村", "小麦", "5")]);
    let done = office.add(&[("东沟补.csv", &later)]);
    assert_eq!(done.tables["claims"], sum(4, "13", "130"), "later files are not replaced");
}

#[test]
fn a_file_is_read_once_more_on_demand() {
    let office = loose();
    let unknown = claims(&[(1, "西坡村", "小麦", "3"), (2, "东沟村", "小麦", "2")]);
    let done = office.add(&[("甲.csv", &unknown), ("村.csv", VILLAGES)]);
    assert_eq!((done.tables["claims"].rows, done.rejects), (1, 1));
    let more = "村代码,村名,乡镇\n990101101203,西坡村,甲山镇\n";
    office.add(&[("新村.csv", more)]);
    assert!(!office.add(&[("甲.csv", &unknown)]).changed);
    let done = office.replace("甲.csv", &[("甲.csv", &unknown)]).unwrap();
    assert_eq!(done.files[0].status, Status::Reread);
    assert_eq!((done.tables["claims"], done.rejects), (sum(2, "5", "50"), 0));
}

#[test]
fn a_key_that_fits_nothing_says_so() {
    let office = Office::new();
    let (east, other) = (east(), claims(&[(9, "南庄村", "小麦", "1")]));
    office.add(&[("甲.csv", &east), ("村.csv", VILLAGES)]);
    let refuse = |key: &str, name: &str, text: &str| {
        office.replace(key, &[(name, text)]).unwrap_err().to_string()
    };
    assert_eq!(
        refuse("丙.csv", "乙.csv", &other),
        "--replace 丙.csv: 账库中没有这份文件，也不是列名 / no file of the ledger has this name or digest, and it is no list of columns such as year+programme+village; files: 村.csv, 甲.csv"
    );
    assert_eq!(
        refuse("role+village", "乙.csv", &other),
        "--replace role+village: claims 表没有列 role / table claims has no column role"
    );
    office.add(&[("甲.csv", &other)]);
    let many = refuse("甲.csv", "乙.csv", "村代码,村名\n990101101209,新庄村\n");
    assert!(
        many.starts_with(
            "--replace 甲.csv: 有多份文件同名 / several files have this name, give the digest of one: "
        ),
        "{many}"
    );
}

#[test]
fn claims_have_the_same_number_in_every_copy() {
    let office = Office::new();
    office.add(&[("甲.csv", &east()), ("村.csv", VILLAGES)]);
    let copy = office.beside("copy");
    copy.add(&[("另名.csv", &format!("{}\n", east())), ("村.csv", VILLAGES)]);
    let ids = |office: &Office| {
        let manifest = crate::Ledger::open(&office.ledger).unwrap().manifest().unwrap().clone();
        let part = &manifest.tables["claims"][0];
        crate::part::column_texts(&office.ledger.join(&part.file), "claim_id").unwrap()
    };
    assert_eq!(ids(&office), ids(&copy));
    assert!(ids(&office).iter().all(|id| id.starts_with("qm-") && id.len() == 27));
    assert!(!ids(&office).concat().contains(&id(1)));
}
