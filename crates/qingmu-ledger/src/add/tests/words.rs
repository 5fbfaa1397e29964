//! The account of an addition, word for word, and nobody's id in it or in the ledger.

use super::{VILLAGES, claims, id};
use crate::{Ingested, Request, fixture::Office, ingest, open_sealed, text};
use qingmu_ingest::MasterKey;
use qingmu_model::Lang;
use std::{fs, path::PathBuf};

fn run(office: &Office, files: &[(&str, &str)], sealed: Option<PathBuf>) -> Ingested {
    let mut paths = Vec::new();
    for (name, content) in files {
        let path = office.dir.path().join(name);
        fs::write(&path, content).unwrap();
        paths.push(path);
    }
    ingest(Request {
        files: paths,
        ledger: office.ledger.clone(),
        intake: office.intake.clone(),
        key: None,
        credentials: None,
        max_rejects: 50.0,
        replace: None,
        sealed,
    })
    .unwrap()
}

fn list() -> String {
    let mut text = claims(&[(1, "东沟村", "小麦", "3.5"), (2, "南庄村", "小麦", "2")]);
    text.push_str("某某,610423********1230,东沟村,小麦,1,10\n合计,,,,6.5,66\n");
    text
}

#[test]
fn the_account_in_both_languages() {
    let office = Office::new();
    let done = run(&office, &[("台账.csv", &list()), ("村.csv", VILLAGES)], None);
    let (ledger, id) = (office.ledger.display().to_string(), done.addition.key_id.clone());
    let key = format!("{ledger}.key");
    let zh = text(&done, Lang::Zh);
    assert_eq!(
        zh,
        format!(
            "已生成密钥 {key}（仅属主可读）。账库只认这把密钥：请另行备份，不要与账库放在一起\n\
台账.csv (text UTF-8)：新增\n\
\u{20} -：补贴申报发放；读入 6 行 = 采用 2 + 待核 1 + 跳过 3\n\
\u{20}   13.00 = 5.50 + 1.00 + 6.50 亩\n\
\u{20}   131.00 = 55.00 + 10.00 + 66.00 元\n\
\u{20}   文件自带合计 2 处，相符 1 处，不符 1 处\n\
\u{20}     F6：写的是 66.00，明细之和 65.00\n\
\u{20}   注意：合计行与明细之和不符（1）\n\
\u{20} 记录：入账 2 条 5.50 亩 55.00 元\n\
村.csv (text UTF-8)：新增\n\
\u{20} -：村名录；读入 4 行 = 采用 3 + 待核 0 + 跳过 1\n\
\u{20} 记录：入账 3 条\n\
总计：读入 10 行 = 采用 5 + 待核 1 + 跳过 4；13.00 亩 = 5.50 + 1.00 + 6.50；131.00 元 = 55.00 + 10.00 + 66.00\n\
账库 {ledger}（第 1 次登账，密钥 {id}）：补贴申报发放 2, 村名录 3\n\
未计入的行共 1 行，逐行原因和处理办法见 {ledger}/rejects.csv\n"
        )
    );
    let en = text(&done, Lang::En);
    for line in [
        "  -: claims; read 6 rows = kept 2 + quarantined 1 + skipped 3\n",
        "    13.00 = 5.50 + 1.00 + 6.50 mu\n",
        "      F6: says 66.00, its rows add up to 65.00\n",
        "  records: in the ledger 2 (5.50 mu, 55.00 yuan)\n",
        "1 rows are not counted; reason and remedy of each: ",
    ] {
        assert!(en.contains(line), "{line}\n{en}");
    }
}

#[test]
fn clear_ids_are_in_the_sealed_store_alone() {
    let office = Office::new();
    let sealed = office.dir.path().join("clear.sealed");
    let done = run(&office, &[("台账.csv", &list()), ("村.csv", VILLAGES)], Some(sealed.clone()));
    let said = format!("{done:?}{}{}", text(&done, Lang::Zh), text(&done, Lang::En));
    let people = [id(1), id(2)];
    for id in &people {
        assert!(!said.contains(id.as_str()));
        let bytes = fs::read(&sealed).unwrap();
        assert!(!bytes.windows(id.len()).any(|w| w == id.as_bytes()));
    }
    let ledger = crate::Ledger::open(&office.ledger).unwrap();
    let part = office.ledger.join(&ledger.manifest().unwrap().tables["claims"][0].file);
    let stored = crate::part::column_texts(&part, "claimant_id").unwrap();
    let key = MasterKey::load(&crate::own_key(&office.ledger)).unwrap();
    let clear = open_sealed(&sealed, &key).unwrap();
    let mut opened: Vec<&str> =
        stored.iter().filter_map(|p| clear.get(p)).map(String::as_str).collect();
    opened.sort_unstable();
    assert_eq!(opened, people);
    let names = crate::part::column_texts(&part, "claimant_name").unwrap();
    assert_eq!(names, ["某*", "某*"], "names are masked");
}
