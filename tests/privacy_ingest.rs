//! A thousand planted persons, accounts and names go through inspect, ingest, scan and explain: none is in clear in any
//! output, log, temporary file or in the ledger. All of them are invented.

use crate::ledger_rows::{Key, read};
use crate::running::{command, files, finish, leads};
use qingmu_corpus::write::{Encoding, Format};
use qingmu_corpus::{
    Chance, PLACES, Page, Sheet, Value, account, cells, id15, id18, plain, villages_csv,
};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// Planted persons.
const PERSONS: u32 = 1_000;
const HEADER: [&str; 15] = [
    "申报编号",
    "乡镇",
    "村名",
    "组别",
    "户主姓名",
    "身份证号",
    "银行卡号",
    "补贴项目",
    "作物",
    "补贴面积（亩）",
    "补贴标准（元/亩）",
    "补贴金额（元）",
    "批次",
    "经办人",
    "备注",
];
/// Places in [`HEADER`].
const VILLAGE: usize = 2;
const ID: usize = 5;
const CARD: usize = 6;
const CROP: usize = 8;
const AREA: usize = 9;
const AMOUNT: usize = 11;

/// A name that stands in no other text: a common family name and two characters of a set that nothing else uses.
fn name(n: u32) -> String {
    const FAMILIES: [char; 10] = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴'];
    const SET: [char; 12] =
        ['嬲', '孖', '奀', '冇', '嘅', '佢', '哋', '喺', '嚟', '咗', '嘢', '啲'];
    let given = [n / 10 % 12, n / 120 % 12].map(|i| SET[i as usize]);
    [FAMILIES[n as usize % 10], given[0], given[1]].iter().collect()
}

/// Ids, cards and names in cells where they do not belong.
fn misplaced(n: u32, row: &mut [Value]) {
    let (id, card, name) = (id18(n), account(n), name(n));
    let place = PLACES[n as usize % 6].name;
    let (column, text) = match n % 59 {
        // A bare name, a whole id and a whole card in every column.
        c @ 0..=14 => (c as usize, name),
        c @ 15..=29 => (c as usize - 15, id),
        c @ 30..=44 => (c as usize - 30, card),
        // Damaged ones must not be shown either, nor names beside something else.
        45 => (ID, format!("{id}7")),
        46 => (ID, id15(n)),
        47 => (ID, format!("{name} {id}")),
        48 => (CARD, format!("{card}9")),
        49 => (AREA, format!("{name}亩")),
        50 => (CROP, format!("{name}（{card}）")),
        51 => (VILLAGE, format!("{name}{id}")),
        52 => (VILLAGE, format!("{place}{name}")),
        53 => (VILLAGE, format!("{name}{place}")),
        54 => (VILLAGE, name.chars().flat_map(|c| [c, ' ']).collect()),
        55 => (AMOUNT, format!("{name}代领")),
        _ => return,
    };
    row[column] = Value::from(text);
}

/// Rows in which ids, accounts and names stand where they belong and where they do not, whole and damaged.
fn register(sheet: &str, persons: std::ops::Range<u32>) -> Sheet {
    let mut page = Page::new(sheet, "claims");
    page.title("甲山镇2024年实际种粮农民一次性补贴花名册");
    let titled = persons.start;
    page.title(&format!(
        "联系人：{}，身份证号{}，卡号{}",
        name(titled),
        id18(titled),
        account(titled)
    ));
    page.header(&HEADER);
    let mut chance = Chance::new(u64::from(persons.start));
    for n in persons {
        let area = chance.within(10, 900) * 1000;
        let mut row = cells![
            format!("SB{n:06}"),
            "甲山镇",
            PLACES[n as usize % 6].name,
            "3组",
            name(n),
            id18(n),
            account(n),
            "实际种粮农民一次性补贴",
            "小麦",
            plain(area, 4),
            "100",
            plain(area, 2),
            "第一批",
            name(n + 1),
            format!("由{}代办", name(n))
        ];
        misplaced(n, &mut row);
        page.put(row);
        if n % 50 == 7 {
            // A line with a name alone, and one with a name and a word.
            page.put(cells![name(n)]);
            page.put(cells!["", "", name(n), "外出"]);
        }
    }
    page.put(cells![
        format!("制表人：{} {}", name(titled + 2), id18(titled + 2)),
        "",
        "",
        format!("监督电话：{}", account(titled + 2))
    ]);
    let mut total = cells![format!("{}合计", name(titled + 3)), "", id18(titled + 3)];
    total.resize(HEADER.len(), Value::from(""));
    total[AREA] = Value::from("1");
    page.put(total);
    page.sheet
}

/// What must be found nowhere: ids of 18 and 15 digits, without their last digit too, accounts, names.
fn secrets() -> BTreeSet<String> {
    let of = |n: u32| {
        let (id, card) = (id18(n), account(n));
        [id[..17].to_owned(), id15(n), card[..18].to_owned(), name(n), id]
    };
    (0..PERSONS + 2).flat_map(of).collect()
}

fn prepared(dir: &Path) {
    std::fs::write(dir.join("villages.csv"), villages_csv()).unwrap();
    let formats = [
        ("a", Format::Xls),
        ("b", Format::Xlsx),
        ("c", Format::Ods),
        ("d", Format::Csv(Encoding::Gb18030)),
        ("e", Format::Csv(Encoding::Utf16Le)),
    ];
    for (n, (name, format)) in (0_u32..).zip(formats) {
        let sheet = register("花名册", n * 200..(n + 1) * 200);
        std::fs::write(dir.join(format!("{name}.{}", format.ending())), format.file(&[sheet]))
            .unwrap();
    }
    // Headers with names and ids in them, and a file that is refused.
    let mut odd = register("花名册", 0..20);
    if let Some(header) = odd.rows.get_mut(&2) {
        header.insert(14, Value::from(format!("备注{}", id18(8))));
        header.insert(15, Value::from(id18(9)));
        header.insert(16, Value::from(name(10)));
    }
    std::fs::write(dir.join("f.xlsx"), Format::Xlsx.file(&[odd])).unwrap();
    let mut refused = register("表", 0..20);
    if let Some(header) = refused.rows.get_mut(&2) {
        header.insert(9, Value::from(id18(11)));
        header.insert(11, Value::from(format!("{}{}", name(12), account(12))));
    }
    std::fs::write(dir.join("refused.xls"), Format::Xls.file(&[refused])).unwrap();
    let bytes = std::fs::read(dir.join("b.xlsx")).unwrap();
    std::fs::write(dir.join("cut.xlsx"), &bytes[..bytes.len() / 2]).unwrap();
    let mut baselines = String::from("village_code,year,season,crop,area_mu,source\n");
    for place in PLACES {
        writeln!(baselines, "{},2024,S,wheat,200,land_survey", place.code).unwrap();
    }
    std::fs::write(dir.join("baselines.csv"), baselines).unwrap();
}

/// Runs a command in both languages with a folder of its own for temporary files; everything it said.
fn said(dir: &Path, args: &[&str], codes: &[i32]) -> String {
    let mut said = String::new();
    for lang in ["zh", "en"] {
        let all = [args, &["--lang", lang]].concat();
        let ran = finish(command(dir, &all).env("TMPDIR", dir.join("tmp")));
        assert!(
            codes.contains(&ran.code),
            "{all:?} ended with {}: {}{}",
            ran.code,
            ran.out,
            ran.err
        );
        said.push_str(&ran.out);
        said.push_str(&ran.err);
    }
    said
}

/// Planted words in a text.
fn found(place: &str, text: &str, secrets: &BTreeSet<String>) -> Vec<String> {
    let hit = |secret: &&String| text.contains(secret.as_str());
    secrets.iter().filter(hit).take(3).map(|secret| format!("{place}: {secret}")).collect()
}

/// Planted words in the files of a folder: in their names, their bytes, and in the cells of Parquet.
fn in_files(dir: &Path, secrets: &BTreeSet<String>) -> Vec<String> {
    let mut all = Vec::new();
    for name in files(dir) {
        let place = name.display().to_string();
        let path = dir.join(&name);
        let mut text =
            format!("{place}\n{}", String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
        if place.ends_with(".parquet") {
            for row in read(&path) {
                text.extend(row.into_values().map(|v| v + "\n"));
            }
        }
        all.extend(found(&place, &text, secrets));
    }
    all
}

#[test]
fn planted_persons_are_in_no_output_of_ingest_and_in_no_ledger() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    std::fs::create_dir(dir.join("tmp")).unwrap();
    prepared(dir);
    Key::new(dir);
    let offices = ["a.xls", "b.xlsx", "c.ods", "d.csv", "e.csv"];
    let stated = ["--set", "town=甲山镇", "--set", "season=S"];
    let all = [&offices[..], &["f.xlsx", "refused.xls", "cut.xlsx", "villages.csv"]].concat();
    let key = ["--out", "ledger", "--key", "test.key"];
    let mut heard = Vec::new();
    let mut run = |args: Vec<&str>, codes: &[i32]| {
        let text = said(dir, &args, codes);
        heard.push((args.join(" "), text));
    };
    run([&["inspect"], &all[..], &stated].concat(), &[65]);
    run([&["inspect"], &all[..], &stated, &["--json"]].concat(), &[65]);
    run([&["inspect"], &all[..], &stated, &["--write-mapping", "map.toml"]].concat(), &[65]);
    run([&["ingest"], &all[..], &stated, &key].concat(), &[65]);
    run([&["ingest"], &offices[..], &stated, &key].concat(), &[65]);
    let cap = ["--max-rejects", "100", "villages.csv", "f.xlsx"];
    run([&["ingest"], &offices[..], &stated, &key, &cap].concat(), &[0, 3]);
    run([&["ingest"], &offices[..], &stated, &key, &cap, &["--json"]].concat(), &[0, 3]);
    run([&["ingest", "baselines.csv"], &key[..]].concat(), &[0, 3]);
    run(vec!["scan", "ledger", "--out", "out", "--force"], &[0, 3]);
    run(vec!["scan", "ledger", "--out", "out", "--force", "--json"], &[0, 3]);
    for lead in leads(&dir.join("out")).iter().take(5) {
        let id = lead["lead_id"].as_str().unwrap();
        run(vec!["explain", id, "--run", "out", "--rows", "1000"], &[0]);
        run(vec!["explain", id, "--run", "out", "--json"], &[0]);
    }
    let secrets = secrets();
    let mut leaks: Vec<String> =
        heard.iter().flat_map(|(args, text)| found(args, text, &secrets)).collect();
    for folder in ["ledger", "out", "tmp"] {
        leaks.extend(in_files(&dir.join(folder), &secrets));
    }
    for file in ["map.toml", "ledger.rejects.csv"] {
        let text = std::fs::read_to_string(dir.join(file)).unwrap_or_default();
        leaks.extend(found(file, &text, &secrets));
    }
    assert_eq!(files(&dir.join("tmp")).len(), 0, "nothing is left among the temporary files");
    assert!(leaks.is_empty(), "{} places, {:?}", leaks.len(), &leaks[..leaks.len().min(40)]);
    let rejects = std::fs::read_to_string(dir.join("ledger/rejects.csv")).unwrap();
    assert!(
        rejects.contains("6104**********"),
        "masked ids are printed, so the search would find clear ones"
    );
    assert!(!crate::ledger_rows::rows(&dir.join("ledger"), "claims").is_empty());
}
