//! Claims as offices keep them.

use super::*;
use crate::structure::SkipReason;
use qingmu_sheets::Merge;
use std::collections::BTreeMap;

/// Title, unit line, two-row header, groups in merged cells, subtotals, a total and a footer.
const LEDGER: &str = "甲山镇2024年实际种粮农民一次性补贴公示表
填报单位：甲山镇人民政府,,,,计量单位：亩、元
序号,村,组,户主姓 名*,身份证号(码),面积,,,补贴标准,补贴金额
,,,,,小麦,玉米,小计,,
1,东沟村,一组,甲某,610423197001011206,3.5亩,１２．５,n:16,n:10,n:160
2,,,乙某,610423197001021279,2,,2,10,20
,,小计,,,5.5,12.5,18,,180
3,东沟村,2组,丙某,610423197001031346,12。5,\u{3000},12.5,10,125.00
4,南庄村,〃,丁某,610423197001041413,,0.5,0.5,10,5
,,小计,,,12.5,0.5,13,,130
合 计,,,,,18,13,31,,310
制表人：戊某,,,审核人：己某
监督电话：000-0000000
二〇二四年五月";

fn ledger() -> RawSheet {
    sheet(LEDGER)
}

#[test]
fn a_real_shaped_ledger_needs_no_configuration() {
    let read = run(&ledger(), &context()).unwrap();
    assert_eq!(read.table, "claims");
    assert_eq!(
        table(
            &read,
            &[
                "village_code",
                "group_no",
                "claimant_name",
                "crop",
                "area_mu",
                "amount_yuan",
                "year",
                "programme",
                "claim_id"
            ]
        ),
        [
            "990101101201 1 甲某 maize 12.50 125.00 2024 GRAIN 台账.xls#5-maize",
            "990101101201 1 甲某 wheat 3.50 35.00 2024 GRAIN 台账.xls#5-wheat",
            "990101101201 1 乙某 wheat 2.00 20.00 2024 GRAIN 台账.xls#6-wheat",
            "990101101201 2 丙某 wheat 12.50 125.00 2024 GRAIN 台账.xls#8-wheat",
        ]
    );
    // The mark 〃 stands under another village: there is no group above it to repeat.
    assert_eq!(rejects(&read), ["C9 〃 missing_value"]);
    let skipped = [
        (SkipReason::Title, 2),
        (SkipReason::Header, 2),
        (SkipReason::Total, 3),
        (SkipReason::Footer, 3),
    ];
    assert_eq!(read.skipped, BTreeMap::from(skipped));
    assert_eq!((read.read.rows, read.kept.rows, read.quarantined.rows), (14, 3, 1));
    assert_eq!(format!("{} {}", read.kept.area, read.kept.amount), "30.5000 305.00");
    assert_eq!(format!("{} {}", read.quarantined.area, read.quarantined.amount), "0.5000 5.00");
    assert_eq!(read.totals.len(), 12);
    assert!(read.totals.iter().all(|t| t.agrees), "{:#?}", read.totals);
    assert_eq!(read.mapping.header, (2, 3));
    assert!(read.mapping.score() > 0.9);
}

#[test]
fn a_wrong_total_is_a_finding_with_both_figures() {
    let mut sheet = ledger();
    let total = sheet.rows.get_mut(&10).and_then(|r| r.get_mut(&9)).unwrap();
    total.value = qingmu_sheets::Value::Text("1,310".into());
    let read = run(&sheet, &context()).unwrap();
    let wrong: Vec<String> = read
        .totals
        .iter()
        .filter(|t| !t.agrees)
        .map(|t| format!("{}{} {} {}", t.column, t.row, t.stated, t.computed))
        .collect();
    assert_eq!(wrong, ["J11 1310.00 310.00"]);
    let texts: Vec<&str> = read.warnings.iter().map(|w| w.text.zh.as_str()).collect();
    assert_eq!(texts, ["合计行与明细之和不符"]);
}

#[test]
fn a_mapping_is_written_and_used_again() {
    let read = run(&ledger(), &context()).unwrap();
    let toml = read.mapping.to_toml().unwrap();
    assert!(
        toml.contains(
            "header = \"面积/小麦\"\nfield = \"area_mu\"\ncrop = \"wheat\"\nunit = \"亩\""
        ),
        "{toml}"
    );
    let mapping = crate::Mapping::from_toml(&toml).unwrap();
    let next = sheet(&LEDGER.replace("2024年", "2025年"));
    let again = run(&next, &Context { mapping: Some(&mapping), ..context() }).unwrap();
    assert_eq!(
        table(&again, &["area_mu", "amount_yuan"]),
        table(&read, &["area_mu", "amount_yuan"])
    );
    assert_eq!(table(&again, &["year"])[0], "2025");
}

#[test]
fn a_stated_mapping_reads_what_nobody_knows() {
    let text = "甲列,乙列,丙列,丁列\n610423197001011206,3,30,x";
    let mapping = "table = \"claims\"\narea_unit = \"公顷\"\nmoney_unit = \"元\"
[constants]
year = \"2024\"
programme = \"FERTILITY\"
village_code = \"990101101201\"
[[column]]
header = \"甲列\"
field = \"claimant_id\"
[[column]]
header = \"乙列\"
field = \"area_mu\"
[[column]]
header = \"丙列\"
field = \"amount_yuan\"";
    let mapping = crate::Mapping::from_toml(mapping).unwrap();
    let read = run(&sheet(text), &Context { mapping: Some(&mapping), ..context() }).unwrap();
    let rows = table(&read, &["claimant_id", "area_mu", "amount_yuan", "crop"]);
    assert_eq!(rows, ["610423197001011206 45.00 30.00 arable"]);
}

#[test]
fn the_sheet_may_name_the_village_or_the_group() {
    let text = "2024年耕地地力保护补贴\n单位：亩、元\n姓名,身份证号,补贴面积,补贴金额,打款日期,承包面积\n甲某,610423197001011206,3,210,d:45427,2.9\n乙某,610423197001021279,1,70,2024.5.15,约2";
    let mut sheet = sheet(text);
    sheet.name = "南庄村".into();
    sheet.hidden = true;
    sheet.hidden_rows = vec![4, 99];
    let read = run(&sheet, &context()).unwrap();
    let rows = table(&read, &["village_code", "crop", "paid_on", "contract_area_mu", "birth_date"]);
    assert_eq!(
        rows,
        [
            "990101101202 arable 2024-05-15 2.90 1970-01-01",
            "990101101202 arable 2024-05-15 - 1970-01-02"
        ]
    );
    let codes: Vec<_> = read.warnings.iter().map(|w| (w.code, w.count)).collect();
    assert_eq!(codes, [("hidden_sheet", 1), ("hidden_rows", 1), ("unread_aside", 1)]);
    sheet.name = "三组".into();
    sheet.rows.get_mut(&0).unwrap().get_mut(&0).unwrap().value =
        qingmu_sheets::Value::Text("东沟村2024年耕地地力保护补贴".into());
    let read = run(&sheet, &context()).unwrap();
    assert_eq!(table(&read, &["village_code", "group_no"])[0], "990101101201 3");
}

#[test]
fn merged_village_cells_hold_for_their_rows_and_end_with_them() {
    let mut sheet = sheet(
        "村名,姓名,身份证号,补贴面积(亩),补贴金额(元)\n东沟村,甲某,610423197001011206,3,210\n,乙某,610423197001021279,1,70\n合计,,,4,280\n,丙某,610423197001031346,1,70",
    );
    sheet.merges = vec![Merge { start: (1, 0), end: (2, 0) }];
    let mut context = context();
    context.constants.insert("year".into(), "2024".into());
    context.constants.insert("programme".into(), "FERTILITY".into());
    let read = run(&sheet, &context).unwrap();
    assert_eq!(table(&read, &["village_code"]), ["990101101201", "990101101201"]);
    assert_eq!(rejects(&read), ["A5  missing_value"]);
}

#[test]
fn baselines_from_a_yearbook() {
    let read = read(
        "某县统计年鉴 2023年\n村名,小麦播种面积(公顷),玉米播种面积(公顷),耕地面积（亩）\n东沟村,1.2,2,60\n南庄村,,3,50\n总计,1.2,5,110",
    );
    assert_eq!(read.table, "baselines");
    assert_eq!(
        table(&read, &["village_code", "year", "crop", "area_mu", "source"]),
        [
            "990101101201 2023 arable 60.00 stat_yearbook",
            "990101101201 2023 maize 30.00 stat_yearbook",
            "990101101201 2023 wheat 18.00 stat_yearbook",
            "990101101202 2023 arable 50.00 stat_yearbook",
            "990101101202 2023 maize 45.00 stat_yearbook",
        ]
    );
    assert!(read.totals.iter().all(|t| t.agrees) && read.totals.len() == 3);
}

#[test]
fn a_villages_list() {
    let read = read(
        "村代码,村名称,镇名,户数\n990101101201,东沟村委会,甲山镇,\"1\n990101101299,北坡村委会,甲山镇,12\n99010110120,南庄村,甲山镇,3",
    );
    assert_eq!(read.table, "villages");
    assert_eq!(
        table(&read, &["village_code", "name", "town_name", "households"]),
        ["990101101299 北坡村委会 甲山镇 12"]
    );
    assert_eq!(rejects(&read), ["D2 \"1 bad_number", "A4 99010110120 bad_region"]);
}

#[test]
fn repeated_headers_blank_and_numbered_lines_are_skipped() {
    let header = "序号,村名,姓名,身份证号,补贴面积(亩),补贴金额(元),年度,补贴项目";
    let read = read(&format!(
        "{header}\n1,东沟村,甲某,610423197001011206,3,210,2024,耕地地力保护补贴\n{header}\n2,,,, , ,\n  ,\n合计,,,,3,210"
    ));
    let skipped = [
        (SkipReason::Header, 1),
        (SkipReason::RepeatedHeader, 1),
        (SkipReason::Total, 1),
        (SkipReason::Blank, 2),
    ];
    assert_eq!(read.skipped, BTreeMap::from(skipped));
    assert_eq!(read.kept.rows, 1);
}

#[test]
fn a_number_that_counts_lines_is_no_number_of_a_claim() {
    let ids = |header: &str, id: &str| {
        let text = format!(
            "2024年耕地地力保护补贴\n{header},村,姓名,身份证号,补贴面积(亩),补贴金额（元）\n{id},东沟村,甲某,610423197001011206,1,70"
        );
        table(&read(&text), &["claim_id"]).concat()
    };
    assert_eq!(ids("编号", "1"), "台账.xls#3");
    assert_eq!(ids("编号", "2024000001"), "2024000001");
    assert_eq!(ids("编号", "A1"), "A1");
    assert_eq!(ids("claim_id", "1"), "1", "stated by its canonical name");
}
