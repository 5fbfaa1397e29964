//! Sheets that are refused as a whole, and rows that are not kept.

use super::*;

fn refusal(text: &str) -> String {
    let mut sheet = sheet(text);
    sheet.name = "表1".into();
    run(&sheet, &context()).map_or_else(|e| e.to_string(), |_| String::new())
}

#[test]
fn refused_sheets_say_what_where_and_what_to_do() {
    let claims = "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积,补贴金额（元）\n东沟村,甲某,610423197001011206,3,210";
    for (text, message) in [
        (
            claims.to_owned(),
            "台账.xls!表1!D: 补贴面积 没有单位；写进表头（亩、公顷、元…）或表上方（单位：亩、元），或用 --set area_unit=亩、--set money_unit=元 / the unit of 补贴面积 is not stated; write it into the header (亩, 公顷, 元 …) or above the table (单位：亩、元), or use --set area_unit=亩, --set money_unit=元",
        ),
        (
            claims.replace("补贴面积", "补贴面积（元）"),
            "台账.xls!表1!D: 补贴面积（元） 的单位不能是 元；改正表头的单位 / 元 is no unit for 补贴面积（元）; correct the unit in the header",
        ),
        (
            "村民名子,身份证好,补帖面机\n1,2,3".to_owned(),
            "台账.xls!表1: 前30行中找不到表头：“村民名子”（村名 村名称 村民小组?） “身份证好”（身份证 身份证号 身份证号码?） “补帖面机”（补贴面积?）；用 --map 指明各列 / no header among the first 30 rows: “村民名子”（村名 村名称 村民小组?） “身份证好”（身份证 身份证号 身份证号码?） “补帖面机”（补贴面积?）; name the columns with --map",
        ),
        (
            "无关,内容\n1,2".to_owned(),
            "台账.xls!表1: 前30行中找不到表头；用 --map 指明各列 / no header among the first 30 rows; name the columns with --map",
        ),
        (
            "公示\n姓名,内容\n甲某,2".to_owned(),
            "台账.xls!表1: 前30行中找不到表头，第2行最接近；用 --map 指明各列 / no header among the first 30 rows; row 2 is nearest; name the columns with --map",
        ),
    ] {
        assert_eq!(refusal(&text), message);
    }
    let missing = refusal(&claims.replace("身份证号", "身份号吗"));
    assert!(
        missing.starts_with(
            "台账.xls!表1: 缺少必需的列 claimant_id（身份证号）；未识别的列 C“身份号吗”"
        ),
        "{missing}"
    );
}

#[test]
fn stated_values_that_fit_nothing_are_refused() {
    let text = "村,姓名,身份证号,补贴面积(亩),补贴金额（元）,补贴项目\n东沟村,甲某,610423197001011206,3,210,耕地地力保护补贴";
    let mut context = context();
    context.table = Some("claims");
    context.constants.insert("year".into(), "去年".into());
    context.constants.insert("crop".into(), "小麦".into());
    assert_eq!(
        run(&sheet(text), &context).map(|_| ()).map_err(|e| e.to_string()),
        Err("台账.xls: 给定的 year = 去年 无法使用（年份无法识别）；改正 --set 或映射文件中的值 / the given year = 去年 cannot be used (year is not usable); correct the value of --set or of the mapping".to_owned())
    );
    context.table = Some("claim");
    assert_eq!(
        run(&sheet(text), &context).map(|_| ()).map_err(|e| e.to_string()),
        Err("台账.xls: 没有 claim 表；改为 claims、baselines、villages 等表名 / there is no table claim; write the name of a table, such as claims, baselines or villages".to_owned())
    );
}

#[test]
fn two_years_are_told() {
    let text = "2023年耕地地力保护补贴\n村,身份证号,补贴面积(亩),补贴金额（元）\n东沟村,610423197001011206,3,210";
    let mut context = context();
    context.constants.insert("year".into(), "2024".into());
    let read = run(&sheet(text), &context).unwrap();
    assert_eq!(read.warnings[0].text.zh, "指定年度为2024，标题写的是2023年");
    assert_eq!(read.warnings[0].text.en, "the stated year is 2024, the title says 2023");
    assert_eq!(table(&read, &["year"]), ["2024"]);
}

#[test]
fn every_damaged_row_waits_with_its_cell_and_class() {
    let header = "2024年实际种粮补贴\n村,组,姓名,身份证号,银行卡号,面积,,,补贴标准(元/亩),补贴金额（元）,申报日期\n,,,,,小麦（亩）,玉米（亩）,小计（亩）,,,";
    let rows = [
        ("西坡村,1,甲某,610423197001011206,,1,,1,10,10", "A4 西坡村 unknown_village"),
        ("99010110120,1,甲某,610423197001011206,,1,,1,10,10", "A4 99010110120 bad_region"),
        ("990101101999,1,甲某,610423197001011206,,1,,1,10,10", "A4 990101101999 unknown_village"),
        ("610423197001011206,1,甲某,610423197001011206,,1,,1,10,10", "A4 61*** bad_region"),
        ("东沟村,1,甲某,610423197001011000,,1,,1,10,10", "D4 6104**********1000 id_rounded"),
        ("东沟村,1,甲某,〃,,1,,1,10,10", "D4 〃 missing_value"),
        (
            "东沟村,1,甲某,610423197001011206,621700000000000123,1,,1,10,10",
            "E4 **************0123 account_check",
        ),
        ("东沟村,1,甲某,610423197001011206,,十,,10,10,100", "F4 十 bad_number"),
        ("东沟村,1,甲某,610423197001011206,,-1,,-1,10,-10", "F4 -1 negative_area"),
        ("东沟村,1,甲某,610423197001011206,,1公顷,,1,10,10", "F4 1公顷 bad_unit"),
        ("东沟村,1,甲某,610423197001011206,,1,2,4,10,30", "H4 4 disagrees"),
        ("东沟村,1,甲某,610423197001011206,,1,2,3,10,300", "J4 300 disagrees"),
        ("东沟村,1,甲某,610423197001011206,,1,2,3,,31.01", "J4 31.01 no_split"),
        ("东沟村,1,甲某,610423197001011206,,1,,1,10,", "J4  missing_value"),
        ("东沟村,1,甲某,610423197001011206,,1,,1,10,10,上月", "K4 上月 bad_date"),
        ("东沟村,1,甲某,610423197001011206,,,,,10,10", "J4 10 disagrees"),
        ("东沟村,1,甲\u{fffd},610423197001011206,,1,,1,10,10", "C4 甲* bad_encoding"),
    ];
    for (row, expected) in rows {
        let read = read(&format!("{header}\n{row}"));
        assert_eq!(rejects(&read), [expected], "{row}");
        assert_eq!(read.rows, [], "{row}");
    }
    let stray =
        read(&format!("{header}\n东沟村,1,甲某,610423197001011206,,1,,1,10,10\n,,,,,,,,,,,见附件"));
    assert_eq!(rejects(&stray), ["L5 见附件 out_of_place"]);
}
