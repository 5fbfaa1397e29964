//! Every table, registers merged, codes that changed.

use super::{VILLAGES, claims, id, sum};
use crate::{
    Ledger,
    fixture::Office,
    tables::find,
    value::{Cell, Row},
};
use qingmu_model::TABLES;

/// Rows in force of a table.
fn rows(office: &Office, table: &str) -> Vec<Row> {
    let ledger = Ledger::open(&office.ledger).unwrap();
    let parts = ledger.manifest().unwrap().tables.get(table).cloned().unwrap_or_default();
    let spec = find(table).unwrap();
    let read =
        |part: &crate::Part| crate::part::in_force(spec, &office.ledger.join(&part.file)).unwrap();
    parts.iter().flat_map(read).collect()
}

fn column(office: &Office, table: &str, name: &str) -> Vec<String> {
    let spec = find(table).unwrap();
    let kind = spec.columns[spec.place(name).unwrap()].kind;
    let shown = |row: &Row| row.get(spec, name).map_or("-".to_owned(), |c: &Cell| c.shown(kind));
    rows(office, table).iter().map(shown).collect()
}

#[test]
fn every_table_is_taken() {
    let office = Office::new();
    let (a, b) = (id(1), id(2));
    let files = [
        ("人员.csv", format!("身份证号,死亡日期,是否村干部\n{a},2021-03-05,否\n")),
        ("农户.csv", "户编号,村代码,承包面积（亩）\nH1,990101101201,12.5\n".to_owned()),
        ("地块.csv", format!("地块编码,村代码,面积（亩）,承包方身份证号\nP1,990101101201,3,{b}\n")),
        (
            "流转.csv",
            format!(
                "出让方身份证号,受让方身份证号,流转面积（亩）,起始日期\n{a},{b},2,2020-01-01\n"
            ),
        ),
        (
            "发放.csv",
            "编号,打款日期,实发金额（元）,发放状态\n990101-2024-1,2024-07-01,35,成功\n".to_owned(),
        ),
        (
            "项目.csv",
            "补贴项目,年度,补贴标准（元/亩）\n实际种粮农民一次性补贴,2024,10\n".to_owned(),
        ),
        ("任职.csv", format!("身份证号,职务,任职地代码\n{a},村主任,990101101201\n")),
        ("区划.csv", "原代码,新代码,启用年份,比例\n990101101209,990101101201,2020,1\n".to_owned()),
        ("信访.csv", "信访编号,村代码,受理日期\nX1,990101101201,2024-01-02\n".to_owned()),
        (
            "公示.csv",
            format!(
                "村代码,补贴项目,年度,公示开始日期,身份证号,公示面积（亩）\n990101101201,GRAIN,2024,2024-06-01,{a},3\n"
            ),
        ),
        ("核查.csv", "线索编号,村代码,核查结论\nL1,990101101201,confirmed\n".to_owned()),
        (
            "社员.csv",
            format!(
                "统一社会信用代码,法定代表人身份证号,社员身份证号\n91610499MA0000023G,{a},{b}\n"
            ),
        ),
        (
            "流水.csv",
            "付款账号,交易日期,交易金额（元）,交易类型\n6217000000000001234,2024-07-02,35,取现\n"
                .to_owned(),
        ),
        ("资金.csv", "区划代码,补贴项目,年度,下达资金（元）\n990101,GRAIN,2024,1000\n".to_owned()),
        ("检查人员.csv", "工号,姓名,单位\nAUDITOR-01,某甲,某县审计局\n".to_owned()),
        (
            "年鉴.csv",
            "村代码,年度,作物,播种面积（亩）,数据来源\n990101101201,2024,小麦,30,统计年鉴\n"
                .to_owned(),
        ),
        ("台账.csv", claims(&[(1, "东沟村", "小麦", "3")])),
        ("村.csv", VILLAGES.to_owned()),
    ];
    let given: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, t.as_str())).collect();
    // Workers' numbers are no ids of citizens.
    let done = office
        .try_add(&given.iter().filter(|(n, _)| *n != "检查人员.csv").copied().collect::<Vec<_>>());
    let done = done.unwrap();
    let taken: Vec<&str> = done.tables.keys().map(String::as_str).collect();
    let mut all: Vec<&str> = TABLES.iter().map(|t| t.name).filter(|t| *t != "inspectors").collect();
    all.sort_unstable();
    assert_eq!(taken, all);
    assert!(done.tables.values().all(|s| s.rows == 1 || s.rows == 3), "{:?}", done.tables);
    assert_eq!(column(&office, "baselines", "independent"), ["false"], "compiled from reports");
    let mut free = office;
    free.intake.id_rule = qingmu_ingest::IdRule::Free;
    let done = free.add(&[given[14]]);
    assert_eq!(done.tables["inspectors"].rows, 1);
}

#[test]
fn two_registers_of_deaths_are_one() {
    let mut office = Office::new();
    office.options.max_rejects = 100.0;
    let (a, b, c) = (id(1), id(2), id(3));
    let civil = format!("身份证号,死亡日期\n{a},2021-03-05\n{b},2020-01-01\n{c},2019-05-01\n");
    let cremation =
        format!("身份证号,火化日期,是否财政供养\n{a},2021-03-08,是\n{b},2022-06-01,否\n");
    office.add(&[("民政.csv", &civil), ("殡仪馆.csv", &cremation)]);
    assert_eq!(
        column(&office, "persons", "deceased_on").len(),
        2,
        "two dates years apart are none"
    );
    let mut dates = column(&office, "persons", "deceased_on");
    dates.sort();
    assert_eq!(dates, ["2019-05-01", "2021-03-08"], "days apart: the later one");
    let merged = rows(&office, "persons").into_iter().find(|r| !r.also.is_empty()).unwrap();
    assert_eq!(merged.also, ["民政.csv!2"]);
    let again = office.add(&[("民政2.csv", &format!("身份证号,死亡日期\n{c},2019-05-01\n"))]);
    assert_eq!(again.files[0].records.copies.rows, 1);
}

#[test]
fn merged_villages_are_one_in_every_year_and_never_twice() {
    let office = Office::new();
    let old = "村代码,村名,乡镇\n990101101201,东沟村,甲山镇\n990101101202,南庄村,甲山镇\n990101101209,西坡村,甲山镇\n";
    let year = |text: String, y: &str| text.replace("2024", y);
    let early = year(claims(&[(1, "西坡村", "小麦", "3"), (2, "东沟村", "小麦", "2")]), "2019");
    let base = "村代码,年度,作物,播种面积（亩）,数据来源\n990101101209,2019,小麦,10,遥感\n990101101209,2022,小麦,9,遥感\n";
    office.add(&[("村.csv", old), ("2019.csv", &early), ("遥感.csv", base)]);
    let codes = |table: &str| {
        let mut codes = column(&office, table, "village_code");
        codes.sort();
        codes
    };
    assert_eq!(codes("claims"), ["990101101201", "990101101209"]);
    let map = "原代码,新代码,启用年份,比例\n990101101209,990101101201,2021,1\n";
    let done = office.add(&[("区划.csv", map)]);
    assert_eq!(codes("claims"), ["990101101201", "990101101201"], "rows that were there already");
    assert_eq!(codes("baselines"), ["990101101201", "990101101201"]);
    assert_eq!(done.tables["claims"], sum(2, "5", "50"), "not a mu more or less");
    let late = year(claims(&[(1, "西坡村", "小麦", "4")]), "2020");
    let done = office.add(&[("2020.csv", &late)]);
    assert_eq!(codes("claims"), ["990101101201"; 3]);
    assert_eq!(done.tables["claims"], sum(3, "9", "90"));
    let undone = office.replace(
        "区划.csv",
        &[("更正.csv", "原代码,新代码,启用年份,比例\n990101101209,990101101202,2021,1\n")],
    );
    assert_eq!(undone.unwrap().tables["claims"], sum(3, "9", "90"));
    assert_eq!(
        codes("baselines"),
        ["990101101202", "990101101202"],
        "worked out from the rows as filed"
    );
}

#[test]
fn a_divided_village_shares_its_baseline_and_waits_with_its_claims() {
    let mut office = Office::new();
    office.options.max_rejects = 100.0;
    let base = "村代码,年度,作物,播种面积（亩）,数据来源\n990101101202,2019,小麦,10,遥感\n990101101202,2022,小麦,9,遥感\n";
    let late = claims(&[(1, "南庄村", "小麦", "3"), (2, "东沟村", "小麦", "2")]);
    office.add(&[("村.csv", VILLAGES), ("遥感.csv", base), ("2024.csv", &late)]);
    let map = "原代码,新代码,启用年份,比例\n990101101202,990101101211,2021,0.4\n990101101202,990101101212,2021,0.6\n";
    let done = office.add(&[("区划.csv", map)]);
    let mut shares: Vec<(String, String)> = column(&office, "baselines", "village_code")
        .into_iter()
        .zip(column(&office, "baselines", "area_mu"))
        .collect();
    shares.sort();
    let pair = |code: &str, mu: &str| (code.to_owned(), mu.to_owned());
    assert_eq!(
        shares,
        [
            pair("990101101202", "10.0000"),
            pair("990101101211", "3.6000"),
            pair("990101101212", "5.4000")
        ],
        "2019 was before the change"
    );
    assert_eq!(done.tables["claims"], sum(1, "2", "20"), "whose land it is now cannot be told");
    assert_eq!(done.rejects, 1);
}
