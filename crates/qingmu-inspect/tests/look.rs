//! Files as a person meets them: written to a folder, inspected, with the exact words. Every person, account,
//! village and figure is invented; ids are made to fit their check digit.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use qingmu_ingest::intake::{
    FileIntake, IntakeOptions, Isolation, MappingFile, Names, Outcome, Refusal, read, read_all,
};
use qingmu_inspect::Inspection;
use qingmu_model::Lang;
use std::path::PathBuf;
use tempfile::TempDir;

const CLAIMS: &str = "甲山镇2024年实际种粮农民一次性补贴公示表
单位：亩、元
序号,村,户主姓名,身份证号(码),面积,,,补贴标准,补贴金额,合作社
,,,,小麦,玉米,小计,,,
1,东沟村,甲某,610423197001011206,3.5亩,12.5,16,10,160,无
2,,乙某,610423197001021000,2,,2,10,20,
合计,,,,5.5,12.5,18,,181,
制表人：戊某
";
const VILLAGES: &str =
    "村代码,村名,乡镇\n990101101201,东沟村委会,甲山镇\n990101101202,南庄村委会,甲山镇\n";

fn folder(files: &[(&str, &[u8])]) -> (TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, bytes)| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    });
    let paths = paths.collect();
    (dir, paths)
}

fn options() -> IntakeOptions {
    IntakeOptions::new(Isolation::InProcess)
}

fn all(files: &[(&str, &[u8])], options: &IntakeOptions) -> Vec<Result<FileIntake, Refusal>> {
    let (_dir, paths) = folder(files);
    read_all(&paths, options).unwrap()
}

fn inspect(files: &[(&str, &[u8])], options: &IntakeOptions, lang: Lang) -> (String, u8) {
    let (_dir, paths) = folder(files);
    let read = read_all(&paths, options).unwrap();
    let shown = Inspection::new(paths.iter().map(PathBuf::as_path).zip(&read));
    (shown.to_text(lang), shown.exit)
}

#[test]
fn a_file_is_shown_in_both_languages() {
    let files: [(&str, &[u8]); 2] =
        [("台账.csv", CLAIMS.as_bytes()), ("村名录.csv", VILLAGES.as_bytes())];
    let (zh, exit) = inspect(&files, &options(), Lang::Zh);
    let (en, _) = inspect(&files, &options(), Lang::En);
    let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
    assert_eq!(last(&zh), "1 行待核，其余可以登账：qingmu ingest 台账.csv 村名录.csv --out 账库");
    assert_eq!(
        last(&en),
        "1 rows wait, the others are ready: qingmu ingest 台账.csv 村名录.csv --out LEDGER"
    );
    let (zh, en) = (zh.split("\n\n村名录").next().unwrap(), en.split("\n\n村名录").next().unwrap());
    let sha = zh.lines().nth(1).unwrap().trim().strip_prefix("sha256 ").unwrap();
    assert_eq!((exit, sha.len()), (3, 64));
    assert_eq!(
        zh.replace(sha, "…"),
        include_str!("look_zh.txt").trim_end().replace("{id}", &sha[..12])
    );
    assert_eq!(
        en.replace(sha, "…"),
        include_str!("look_en.txt").trim_end().replace("{id}", &sha[..12])
    );
}

#[test]
fn the_account_is_one_json_document() {
    let files = [("台账.csv", CLAIMS.as_bytes()), ("村名录.csv", VILLAGES.as_bytes())];
    let (_dir, paths) = folder(&files);
    let read = read_all(&paths, &options()).unwrap();
    let shown = Inspection::new(paths.iter().map(PathBuf::as_path).zip(&read));
    let json = serde_json::to_value(&shown).unwrap();
    let sheet = &json["files"][0]["sheets"][0];
    assert_eq!(json["exit"], 3);
    assert_eq!(sheet["table"], "claims");
    assert_eq!(sheet["control"]["read"]["rows"], 8);
    assert_eq!(sheet["control"]["read"]["mu"], "36.0000");
    assert_eq!(sheet["control"]["kept"]["mu"], "16.0000");
    assert_eq!(sheet["control"]["quarantined"]["yuan"], "20.00");
    assert_eq!(sheet["control"]["closes"], true);
    assert_eq!(sheet["rejects"][0]["place"], "台账.csv!D6");
    assert_eq!(sheet["rejects"][0]["value"], "6104**********1000");
    assert_eq!(sheet["totals"]["differing"][0]["stated"], "181.00");
    assert!(!json.to_string().contains("610423197001"), "ids are masked");
}

#[test]
fn a_claims_file_alone_can_be_looked_at_but_not_kept() {
    let files: [(&str, &[u8]); 1] = [("台账.csv", CLAIMS.as_bytes())];
    let (text, exit) = inspect(&files, &options(), Lang::Zh);
    assert_eq!(exit, 65);
    let said = "拒绝 台账.csv!B：村名需要村名录才能对应代码\n    处理：把村名录（村代码、村名、乡镇）与本文件一起交来";
    assert!(text.contains(said), "{text}");
    let looking = IntakeOptions { names: Names::AsWritten, ..options() };
    let (text, exit) = inspect(&files, &looking, Lang::Zh);
    assert_eq!(exit, 3);
    assert!(text.contains("注意 没有村名录，村名未核对代码（入库前须提供）"), "{text}");
    assert!(text.contains("村代码=东沟村"), "{text}");
}

#[test]
fn a_misspelt_header_is_refused_with_the_nearest_spelling() {
    let text = CLAIMS.replace("面积,,,", "面机,,,").replace("小麦,玉米,小计", ",,");
    let files: [(&str, &[u8]); 2] =
        [("台账.csv", text.as_bytes()), ("村名录.csv", VILLAGES.as_bytes())];
    let (text, exit) = inspect(&files, &options(), Lang::En);
    assert_eq!(exit, 65);
    let said = "required columns are missing: crop（作物） area_mu（核定补贴面积）; columns not known: E“面机”（手机 面积?）";
    assert!(text.contains(said), "{text}");
}

#[test]
fn gb18030_is_told_and_another_encoding_can_be_stated() {
    // 村代码,村名 / 990101101201,东沟 in GB18030.
    let bytes = b"\xB4\xE5\xB4\xFA\xC2\xEB,\xB4\xE5\xC3\xFB\n990101101201,\xB6\xAB\xB9\xB5\n";
    let (text, exit) = inspect(&[("村.csv", bytes)], &options(), Lang::Zh);
    assert_eq!(exit, 0);
    assert!(
        text.contains("编码 GB18030 (不是 UTF-8，按国标读)") && text.contains("村名=东沟"),
        "{text}"
    );
    let wrong = IntakeOptions { encoding: Some("klingon".to_owned()), ..options() };
    let (text, exit) = inspect(&[("村.csv", bytes)], &wrong, Lang::En);
    assert_eq!(exit, 65);
    assert!(text.contains("refused 村.csv: QM-IN-108"), "{text}");
}

#[test]
fn what_is_no_file_or_no_table_says_so() {
    let (text, exit) = inspect(&[("扫描.pdf", b"%PDF-1.7")], &options(), Lang::Zh);
    assert_eq!(exit, 65);
    assert!(text.contains("拒绝 扫描.pdf：QM-IN-101 这是 PDF，不是表格"), "{text}");
    assert!(text.contains("sha256 "), "{text}");
    let missing = [PathBuf::from("没有.csv")];
    let read = read_all(&missing, &options()).unwrap();
    let shown = Inspection::new(missing.iter().map(PathBuf::as_path).zip(&read));
    assert_eq!(shown.exit, 74);
    assert_eq!(shown.files[0].refused.as_ref().map(|r| r.what.zh.as_str()), Some("无法读取"));
}

#[test]
fn a_list_of_villages_serves_the_others_whatever_the_order() {
    let claims = ("台账.csv", CLAIMS.as_bytes());
    let villages = ("村名录.csv", VILLAGES.as_bytes());
    for files in [[claims, villages], [villages, claims]] {
        let read = all(&files, &options());
        let file = read.iter().flatten().find(|f| f.name == "台账.csv").unwrap();
        let kept = file.sheets[0].interpreted().unwrap();
        assert_eq!((kept.kept.rows, kept.rows.len(), file.closes()), (1, 2, true));
        let ids: Vec<String> =
            kept.rows.iter().map(|r| format!("{:?}", r.fields["claim_id"].value)).collect();
        assert!(ids.iter().all(|id| id.contains(&file.sha256[..12])), "{ids:?}");
    }
    let only = IntakeOptions { county: Some("990102".to_owned()), ..options() };
    let read = all(&[claims, villages], &only);
    let file = read[0].as_ref().unwrap();
    assert_eq!(file.sum(|i| i.kept).rows, 0, "no village of another county");
}

#[test]
fn a_written_mapping_is_used_next_month_though_columns_moved() {
    let files: [(&str, &[u8]); 2] =
        [("一月.csv", CLAIMS.as_bytes()), ("村名录.csv", VILLAGES.as_bytes())];
    let read = all(&files, &options());
    let sheets = read.iter().flatten().flat_map(|f| &f.sheets);
    let written = MappingFile::new(sheets.filter_map(|s| s.mapping())).to_toml().unwrap();
    assert!(written.starts_with("[[mapping]]\ntable = \"claims\""), "{written}");
    // The user says what 合作社 is, and next month it stands in front.
    let map = MappingFile::from_toml(
        &written.replace("header = \"合作社\"", "header = \"合作社\"\nfield = \"account_holder\""),
    );
    let moved = "2025年实际种粮补贴\n单位：亩、元\n合作社,村,身份证号(码),面积,,,补贴金额\n,,,小麦,玉米,小计,\n丰收,南庄村,610423197001011206,1,,1,10";
    let options = IntakeOptions { map: Some(map.unwrap()), ..options() };
    let read =
        all(&[("二月.csv", moved.as_bytes()), ("村名录.csv", VILLAGES.as_bytes())], &options);
    let sheet = &read[0].as_ref().unwrap().sheets[0];
    let row = &sheet.interpreted().unwrap().rows[0];
    assert_eq!(format!("{:?}", row.aside["account_holder"].value), "Text(\"丰收\")");
    assert_eq!(sheet.interpreted().unwrap().kept.rows, 1);
}

#[test]
fn sheets_without_a_table_beside_one_are_counted_and_not_used() {
    let good = "村代码,村名\n990101101201,东沟村委会";
    let (_dir, paths) = folder(&[
        ("村.csv", good.as_bytes()),
        ("说明.csv", "本表由各村填报\n如有疑问请来电".as_bytes()),
    ]);
    let file = read(&paths[0], &options()).unwrap();
    assert!(file.sheets.iter().all(|s| matches!(s.outcome, Outcome::Read(_))));
    // Alone it is refused: nothing may disappear without a word.
    let alone = read(&paths[1], &options()).unwrap();
    let error = alone.sheets[0].error().map(ToString::to_string);
    assert_eq!(
        error.as_deref(),
        Some(
            "说明.csv: 前30行中找不到表头；用 --map 指明各列 / no header among the first 30 rows; name the columns with --map"
        )
    );
    assert!(!alone.closes());
}
