//! What stops an addition, word for word; the ledger is as it was.

use super::{VILLAGES, claims, east, south};
use crate::{
    AddOptions, Class, FoundKey, Ledger, LedgerError, MANIFEST, add, find_key, fixture::Office,
};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

fn filled() -> Office {
    let office = Office::new();
    office.add(&[("甲.csv", &east()), ("村.csv", VILLAGES)]);
    office
}

fn text(error: &LedgerError) -> (Class, String) {
    (error.class(), error.to_string())
}

#[test]
fn another_key_would_make_one_person_two() {
    let office = filled();
    let before = office.files();
    let files = office.read(&[("乙.csv", &south())]);
    let options = AddOptions::new("00000000");
    let error = add(&office.ledger, &files, &options).unwrap_err();
    let (shown, own) = (office.ledger.display(), &office.options.key_id);
    assert_eq!(
        text(&error),
        (
            Class::Key,
            format!(
                "{shown}: 账库的密钥编号是 {own}，给出的是 00000000 / the ledger was made with key {own}, not 00000000; two keys would make one person two, give the ledger's own with --key"
            )
        )
    );
    assert_eq!(office.files(), before);
}

#[test]
fn the_key_is_found_made_or_missed() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = dir.path().join("new/ledger");
    let made = find_key(&ledger, None, None).unwrap();
    let beside = dir.path().join("new/ledger.key");
    assert!(made.made && made.path == beside);
    assert_eq!(fs::metadata(&beside).unwrap().permissions().mode() & 0o777, 0o600);
    let again = find_key(&ledger, None, None).unwrap();
    assert!(!again.made && again.key.id() == made.key.id());
    let credentials = dir.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    let other = find_key(Path::new(&credentials.join("x")), None, None).unwrap();
    fs::rename(&other.path, credentials.join(crate::CREDENTIAL)).unwrap();
    let FoundKey { key, made, .. } = find_key(&ledger, None, Some(&credentials)).unwrap();
    assert!(!made && key.id() == other.key.id());
    fs::set_permissions(&beside, fs::Permissions::from_mode(0o644)).unwrap();
    let open = find_key(&ledger, Some(&beside), None).unwrap_err();
    let shown = beside.display();
    assert_eq!(
        text(&open),
        (
            Class::Key,
            format!(
                "{shown}: 密钥文件权限为 0644，请执行 chmod 600 / others can read the key (mode 0644): run chmod 600"
            )
        )
    );
    let office = filled();
    let lost = find_key(&office.ledger, None, None).unwrap_err();
    let (path, id) = (office.ledger.display(), &office.options.key_id);
    assert_eq!(
        text(&lost),
        (
            Class::Key,
            format!(
                "{path}: 找不到账库的密钥（编号 {id}）/ the ledger's key {id} was not found at {path}.key; give it with --key"
            )
        )
    );
}

#[test]
fn one_writer_at_a_time() {
    let office = filled();
    let lock = crate::lock::Lock::take(&office.ledger).unwrap();
    let error = office.try_add(&[("乙.csv", &south())]).unwrap_err();
    let (shown, pid) = (office.ledger.display(), std::process::id());
    assert_eq!(
        text(&error),
        (
            Class::Locked,
            format!(
                "{shown}: 另一个 qingmu（进程号 {pid}）正在写入 / another qingmu (pid {pid}) is writing here; wait for it"
            )
        )
    );
    drop(lock);
    assert!(office.try_add(&[("乙.csv", &south())]).is_ok());
}

#[test]
fn folders_of_others_are_left_alone() {
    let office = Office::new();
    fs::create_dir_all(office.ledger.join("claims")).unwrap();
    fs::write(office.ledger.join("claims/2021.parquet"), "").unwrap();
    let error = office.try_add(&[("村.csv", VILLAGES)]).unwrap_err();
    let shown = office.ledger.display();
    assert_eq!(
        text(&error),
        (
            Class::CannotCreate,
            format!(
                "{shown}: 目录不是账库且不为空（claims）/ the folder is no ledger and holds claims; give an empty or a new one"
            )
        )
    );
    assert!(office.ledger.join("claims/2021.parquet").exists());
}

#[test]
fn damage_is_named() {
    let office = filled();
    let manifest = Ledger::open(&office.ledger).unwrap().manifest().unwrap().clone();
    let part = office.ledger.join(&manifest.tables["claims"][0].file);
    let whole = fs::read(&part).unwrap();
    fs::write(&part, &whole[..whole.len() / 2]).unwrap();
    let files = office.read(&[("乙.csv", &claims(&[(7, "东沟村", "小麦", "1")]))]);
    let error = add(&office.ledger, &files, &office.options).unwrap_err();
    let start = format!("{}: 账库文件损坏 / the ledger's file is damaged: ", part.display());
    assert!(error.to_string().starts_with(&start), "{error}");
    assert_eq!(error.class(), Class::Refused);
    fs::write(&part, whole).unwrap();
    let path = office.ledger.join(MANIFEST);
    let good = fs::read_to_string(&path).unwrap();
    let shown = path.display();
    for (bad, why) in [
        ("{".to_owned(), "EOF while parsing an object at line 1 column 1"),
        (good.replace("\"version\": 1", "\"version\": 9"), "qingmu-ledger 9, not qingmu-ledger 1"),
    ] {
        fs::write(&path, bad).unwrap();
        let error = Ledger::open(&office.ledger).unwrap_err();
        assert_eq!(
            text(&error),
            (
                Class::Refused,
                format!("{shown}: 账库清单无法读取 / the manifest cannot be read: {why}")
            )
        );
    }
}

#[test]
fn a_sheet_that_is_not_understood_stops_everything() {
    let office = filled();
    let before = office.files();
    let odd = "姓名,身份证号,村,面积\n某甲,x,东沟村,3\n";
    let error = office.try_add(&[("乙.csv", &south()), ("怪.csv", odd)]).unwrap_err();
    assert_eq!(error.class(), Class::Refused);
    assert!(error.to_string().starts_with("怪.csv"), "{error}");
    assert_eq!(office.files(), before);
    let map = "原代码,新代码,启用年份,比例\n990101101202,990101101211,2021,0.4\n";
    let files = office.read(&[("村2.csv", VILLAGES)]);
    assert!(add(&office.ledger, &files, &office.options).is_ok());
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("区划.csv"), map).unwrap();
    let error = crate::ingest(crate::Request {
        files: vec![dir.path().join("区划.csv"), dir.path().join("gone.csv")],
        ledger: office.ledger.clone(),
        intake: office.intake.clone(),
        key: Some(office.dir.path().join("office.key")),
        credentials: None,
        max_rejects: 1.0,
        replace: None,
        sealed: None,
    });
    let error = error.unwrap_err().to_string();
    assert_eq!(
        error,
        "code_map: 990101101202 的份额合计为 0.400000，应为 1 / the shares of 990101101202 add up to 0.400000 instead of 1"
    );
}
