//! Whose rows these are: headings inside the sheet, blanks, totals, other tables. Never the village before.

use super::*;
use crate::{intake::Names, structure::SkipReason};
use qingmu_cells::CodeChange;

const HEAD: &str = "2024年耕地地力保护补贴\n序号,姓名,身份证号,补贴面积(亩),补贴金额（元）";

/// Villages and groups of the rows kept, then the rejects.
fn places(text: &str) -> (Vec<String>, Vec<String>) {
    let read = read(text);
    (table(&read, &["village_code", "group_no"]), rejects(&read))
}

#[test]
fn a_heading_inside_the_sheet_names_the_village_of_the_rows_below() {
    let text = format!(
        "{HEAD}\n一、东沟村,,,,\n1,甲某,610423197001011206,1,70\n小计,,,1,70\n第二组\n2,乙某,610423197001021279,2,140\n\
         南庄村民委员会（共1户）\n3,丙某,610423197001031346,3,210\n合计,,,6,420"
    );
    let (kept, waiting) = places(&text);
    assert_eq!(kept, ["990101101201 -", "990101101201 2", "990101101202 -"]);
    assert_eq!(waiting, [] as [&str; 0]);
    let read = read(&text);
    assert_eq!(read.skipped.get(&SkipReason::Heading), Some(&3));
}

#[test]
fn an_unknown_heading_takes_its_rows_out_of_the_village_before() {
    let row = "甲某,610423197001011206,1,70";
    let (kept, waiting) =
        places(&format!("{HEAD}\n东沟村\n1,{row}\n西坡村\n2,{row}\n3,{row}\n南庄村\n4,{row}"));
    assert_eq!(kept, ["990101101201 -", "990101101202 -"]);
    assert_eq!(waiting, ["A5 西坡村 unknown_village", "6  unknown_village", "7  unknown_village"]);
    let (kept, waiting) = places(&format!("{HEAD}\n东沟村\n1,{row}\n以下为补报\n2,{row}"));
    assert_eq!(kept, ["990101101201 -"]);
    assert_eq!(waiting, ["A5 [汉字5] out_of_place", "6  missing_value"]);
}

#[test]
fn a_heading_ends_what_blank_village_cells_take_from_above() {
    let head = "2024年耕地地力保护补贴\n村,组,姓名,身份证号,补贴面积(亩),补贴金额（元）";
    let row = "甲某,610423197001011206,1,70";
    let (kept, waiting) = places(&format!(
        "{head}\n东沟村,1,{row}\n,,{row}\n南庄村,,,,,\n,2,{row}\n,西坡村,,,,\n,3,{row}\n东沟村,4,{row}"
    ));
    assert_eq!(kept, ["990101101201 1", "990101101201 1", "990101101202 2", "990101101201 4"]);
    assert_eq!(waiting, ["B7 西坡村 unknown_village", "A8  unknown_village"]);
}

#[test]
fn blanks_take_nothing_across_a_subtotal_or_a_total() {
    let head = "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积(亩),补贴金额（元）";
    let row = "甲某,610423197001011206,1,70";
    for total in ["小计", "合计", "本页合计"] {
        let (kept, waiting) =
            places(&format!("{head}\n东沟村,{row}\n,{row}\n,{total},,2,140\n,{row}"));
        assert_eq!((kept.len(), waiting), (2, vec!["A6  missing_value".to_owned()]), "{total}");
    }
}

#[test]
fn a_total_ends_a_block_that_a_heading_began() {
    let row = "甲某,610423197001011206,1,70";
    let (kept, waiting) = places(&format!("{HEAD}\n东沟村\n1,{row}\n合计,,,1,70\n2,{row}"));
    assert_eq!((kept.len(), waiting), (1, vec!["6  missing_value".to_owned()]));
}

#[test]
fn another_table_below_is_not_read_with_the_columns_above() {
    let row = "东沟村,甲某,610423197001011206,1,70";
    let head = "村,姓名,身份证号,补贴面积(亩),补贴金额（元）";
    let text = format!(
        "2024年耕地地力保护补贴\n{head}\n{row}\n村,姓名,身份证号,补贴金额（元）,补贴面积(亩)\n{row}\n{head}\n{row}"
    );
    let read = read(&text);
    assert_eq!(
        (read.kept.rows, rejects(&read)),
        (2, vec!["4  out_of_place".into(), "5  out_of_place".into()])
    );
    let text = format!("2024年耕地地力保护补贴\n{head}\n{row}\n姓名,身份证号,承包面积,村\n{row}");
    let codes: Vec<_> = super::read(&text).warnings.iter().map(|w| w.text.zh.clone()).collect();
    assert_eq!(codes, ["表内出现列不同的另一张表，其后各行未采用；请拆分文件"]);
}

#[test]
fn headings_of_towns_in_a_list_of_villages() {
    let list = read(
        "村代码,村名称\n甲山镇\n990101101201,东沟村委会\n990101101202,南庄村委会\n乙水乡\n990101102201,东沟村委会",
    );
    assert_eq!(
        table(&list, &["village_code", "town_name"]),
        ["990101101201 甲山镇", "990101101202 甲山镇", "990101102201 乙水乡"]
    );
}

#[test]
fn cells_with_spreadsheet_errors_wait_wherever_they_stand() {
    let head =
        "2024年耕地地力保护补贴\n村,组,姓名,身份证号,银行卡号,补贴面积(亩),补贴金额（元）,申报日期";
    let good = "东沟村,1,甲某,610423197001011206,6217000000000001234,1,70,2024-05-01";
    for (column, error, code) in [
        (0, qingmu_sheets::NO_VALUE, "not_a_number"),
        (1, "#REF!", "not_a_number"),
        (2, "#N/A", "not_a_number"),
        (3, "#VALUE!", "id_check"),
        (4, "#NAME?", "account_damaged"),
        (5, qingmu_sheets::NO_VALUE, "not_a_number"),
        (6, "#DIV/0!", "infinite"),
        (7, qingmu_sheets::NO_VALUE, "bad_date"),
    ] {
        let mut sheet = sheet(&format!("{head}\n{good}\n{good}"));
        let cell = sheet.rows.get_mut(&3).and_then(|r| r.get_mut(&column)).unwrap();
        cell.value = qingmu_sheets::Value::Error(error.to_owned());
        let read = run(&sheet, &context()).unwrap();
        let rejects: Vec<_> = read.rejects.iter().map(|r| (r.row, r.code.to_string())).collect();
        assert_eq!(
            (read.rows.len(), rejects),
            (1, vec![(4, code.to_owned())]),
            "{error} in {column}"
        );
    }
}

#[test]
fn a_unit_that_every_row_proves_is_taken_with_a_warning() {
    let head = "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积（亩）,补贴标准,补贴金额";
    let row = |figures: &str| format!("东沟村,甲某,610423197001011206,{figures}");
    let text =
        format!("{head}\n{}\n{}\n合计,,,3.5,,241.5", row("1.5,69,103.5"), row("2,69,138.00"));
    let proved = read(&text);
    assert_eq!(table(&proved, &["area_mu", "amount_yuan"]), ["1.50 103.50", "2.00 138.00"]);
    let texts: Vec<&str> = proved.warnings.iter().map(|w| w.text.zh.as_str()).collect();
    assert_eq!(
        texts,
        [
            "E列“补贴标准”未写单位；2行全部符合 面积×标准=金额，按元/亩读取",
            "F列“补贴金额”未写单位；2行全部符合 面积×标准=金额，按元读取"
        ]
    );
    assert_eq!(
        proved.warnings[1].text.en,
        "column F (补贴金额) names no unit; in all 2 rows area × rate = amount, so it was read in 元"
    );
    let refused = |text: &str| run(&sheet(text), &context()).map(|_| ()).map_err(|e| e.to_string());
    let unit = |column: &str, header: &str| {
        Err(format!(
            "台账.xls!{column}: {header} 没有单位；写进表头（亩、公顷、元…）或表上方（单位：亩、元），或用 --set area_unit=亩、--set money_unit=元 / the unit of {header} is not stated; write it into the header (亩, 公顷, 元 …) or above the table (单位：亩、元), or use --set area_unit=亩, --set money_unit=元"
        ))
    };
    assert_eq!(
        refused(&text.replace("138.00", "138.02")),
        unit("E", "补贴标准"),
        "one row contradicts"
    );
    assert_eq!(
        refused(&text.replace("（亩）", "")),
        unit("D", "补贴面积"),
        "mu and hectares both fit"
    );
    assert_eq!(refused(&text.replace(",69,", ",,")), unit("E", "补贴标准"), "nothing is proved");
}

#[test]
fn wan_yuan_is_proved_as_well() {
    let text = "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积（亩）,补贴标准（元/亩）,补贴金额\n东沟村,甲某,610423197001011206,100,69,0.69";
    assert_eq!(table(&read(text), &["amount_yuan"]), ["6900.00"]);
}

#[test]
fn codes_that_changed_are_known_and_told() {
    let change = CodeChange {
        old_code: "990101101208".into(),
        new_code: "990101101201".into(),
        from_year: 2021,
        share: None,
    };
    let map = crate::CodeMap::new([change]).unwrap();
    let text = "2024年耕地地力保护补贴\n村代码,姓名,身份证号,补贴面积(亩),补贴金额（元）\n990101101208,甲某,610423197001011206,1,70\n990101101209,乙某,610423197001021279,3,210.01";
    let read = run(&sheet(text), &Context { code_map: &map, ..context() }).unwrap();
    assert_eq!(table(&read, &["village_code"]), ["990101101208"], "as filed: the ledger moves it");
    assert_eq!(rejects(&read), ["A4 990101101209 unknown_village"]);
    let warnings: Vec<_> = read.warnings.iter().map(|w| (w.code, w.count)).collect();
    assert_eq!(warnings, [("old_codes", 1)]);
}

#[test]
fn a_village_in_another_unit_is_a_warning() {
    let mut text =
        "2024年耕地地力保护补贴\n村代码,姓名,身份证号,补贴面积(亩),补贴金额（元）".to_owned();
    for (village, area) in [(1, "3"), (2, "3.1"), (3, "45.6"), (4, "2.9"), (5, "3"), (6, "0.2")] {
        let line = format!("\n99010110120{village},甲某,610423197001011206,{area},70");
        text.push_str(&line);
    }
    let villages = Villages::default();
    let read =
        run(&sheet(&text), &Context { villages: &villages, town: None, ..context() }).unwrap();
    assert_eq!(read.kept.rows, 6);
    assert_eq!(
        read.warnings.iter().map(|w| (w.count, w.text.zh.as_str())).collect::<Vec<_>>(),
        [(
            2,
            "与同类数字之比接近15、10或其倒数，像是单位写错，请核对：990101101203 15.200、990101101206 0.067"
        )]
    );
}

#[test]
fn names_without_a_villages_table_are_one_refusal_or_stay_as_written() {
    let text = "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积(亩),补贴金额（元）\n东沟村,甲某,610423197001011206,1,70";
    let villages = Villages::default();
    let none = Context { villages: &villages, town: None, ..context() };
    assert_eq!(
        run(&sheet(text), &none).map(|_| ()).map_err(|e| e.to_string()),
        Err("台账.xls!A: 村名需要村名录才能对应代码；把村名录（村代码、村名、乡镇）与本文件一起交来 / names of villages need the list of villages with their codes; hand over the list of villages (code, name, town) together with this file".to_owned())
    );
    let looking = run(&sheet(text), &Context { names: Names::AsWritten, ..none }).unwrap();
    assert_eq!(table(&looking, &["village_code"]), ["东沟村"]);
    let codes: Vec<_> = looking.warnings.iter().map(|w| (w.code, w.count)).collect();
    assert_eq!(codes, [("unresolved", 1)]);
}

#[test]
fn hidden_columns_are_told_where_they_are_used() {
    let mut sheet = sheet(
        "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积(亩),补贴金额（元）,杂项\n东沟村,甲某,610423197001011206,1,70,x",
    );
    sheet.hidden_columns = vec![(3, 3), (5, 9)];
    let read = run(&sheet, &context()).unwrap();
    let texts: Vec<_> =
        read.warnings.iter().map(|w| (w.text.zh.as_str(), w.text.en.as_str())).collect();
    assert_eq!(texts, [("有隐藏列 D，内容已读取", "hidden columns D were read")]);
}

#[test]
fn a_record_that_lacks_its_figures_waits_and_is_no_heading() {
    let head = "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积(亩),补贴金额（元）";
    let read = read(&format!("{head}\n东沟村,甲某,,,\n东沟村,甲某,610423197001011206,1,70"));
    assert_eq!((read.rows.len(), rejects(&read)), (1, vec!["C3  missing_value".to_owned()]));
    let list = "2024年公示\n村,补贴项目,公示开始日期\n东沟村,耕地地力保护补贴,2024-4-1";
    assert_eq!(super::read(list).kept.rows, 1, "a table without figures has no headings");
}
