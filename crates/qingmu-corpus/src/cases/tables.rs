//! The optional tables: registers of other offices.

use super::file;
use crate::numbers::{Area, Fen, double, mu, plain, yuan};
use crate::page::Page;
use crate::people::{account, id15, id18, name, rounded, scientific};
use crate::places::PLACES;
use crate::sheet::{Date, Value};
use crate::truth::{CorpusFile, Record};
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    [people(), officials(), land(), contracts(), payments(), control(), inspections()].concat()
}

/// What a cell shows and what is stored of it; nothing where the column has no field.
type Told = (Value, String);

/// Text that is stored as it stands.
fn text(text: impl Into<String>) -> Told {
    let text = text.into();
    (Value::from(text.clone()), text)
}

/// Text that is stored as something else.
fn means(shown: impl Into<Value>, stored: &str) -> Told {
    (shown.into(), stored.to_owned())
}

fn day(year: i32, month: u32, day: u32) -> Told {
    let date = Date::new(year, month, day);
    (Value::Date(date), date.iso())
}

fn area(area: Area) -> Told {
    (Value::Number(double(area, 4)), mu(area))
}

fn money(fen: Fen) -> Told {
    (Value::Number(double(fen, 2)), yuan(fen))
}

fn village(n: u32) -> Told {
    let place = &PLACES[n as usize % 6];
    means(place.name, place.code)
}

/// A row that waits: its number among the rows, the column to blame, the cell it has instead, and its class.
type Bad = (usize, u32, Value, &'static str);

/// A register of one table. Columns are `header=field`, a blank between; an empty field is stored nowhere.
struct Register {
    name: &'static str,
    format: Format,
    table: &'static str,
    title: &'static str,
    columns: &'static str,
}

impl Register {
    fn file(&self, rows: Vec<Vec<Told>>, bad: &[Bad]) -> CorpusFile {
        let mut page = Page::new("Sheet1", self.table);
        if !self.title.is_empty() {
            page.title(self.title);
        }
        let columns: Vec<(&str, &'static str)> =
            self.columns.split(' ').filter_map(|c| c.split_once('=')).collect();
        page.header(&columns.iter().map(|c| c.0).collect::<Vec<_>>());
        for (n, row) in rows.into_iter().enumerate() {
            let mut record = Record::new();
            let stored =
                columns.iter().zip(&row).filter(|(c, told)| !c.1.is_empty() && !told.1.is_empty());
            record.extend(stored.map(|(column, told)| (column.1, told.1.clone())));
            let mut cells: Vec<Value> = row.into_iter().map(|told| told.0).collect();
            let Some((_, column, value, code)) = bad.iter().find(|b| b.0 == n) else {
                page.keep(cells, record);
                continue;
            };
            cells[*column as usize] = value.clone();
            let raw = |field: &str| {
                record.get(field).map_or(0, |t| t.replace('.', "").parse().unwrap_or_default())
            };
            page.reject(cells, Some(*column), code, (raw("area_mu"), raw("amount_yuan")));
        }
        let mut file = file(self.name, &["optional tables"], self.format, vec![page]);
        // The columns of some would fit other tables too.
        file.given.table = Some(self.table);
        file
    }
}

fn people() -> Vec<CorpusFile> {
    let persons =
        |name, format, title, columns| Register { name, format, table: "persons", title, columns };
    let funeral = persons(
        "火化登记",
        Format::Xls,
        "2023年殡葬火化登记表",
        "序号= 死者姓名= 身份证号=claimant_id 火化日期=deceased_on",
    );
    let cremated = (1..=12)
        .map(|n| vec![means(n, ""), means(name(n), ""), text(id18(9_000 + n)), day(2023, n, 11)])
        .collect();
    let police = persons(
        "户籍注销",
        Format::Csv(Encoding::Gb18030),
        "户籍死亡注销名单",
        "公民身份号码=claimant_id 姓名= 出生日期=birth_date 死亡日期=deceased_on 死亡注销日期=",
    );
    // The police tell the day of death and the day of the register; every fourth id has 15 digits.
    let struck = (1..=12).map(|n| {
        let id = id18(9_000 + n);
        let born = format!("{}-{}-{}", &id[6..10], &id[10..12], &id[12..14]);
        let shown = if n % 4 == 0 { id15(9_000 + n) } else { id.clone() };
        vec![means(shown, &id), means(name(n), ""), text(born), day(2023, n, 9), day(2023, n, 25)]
    });
    let cadres = persons(
        "村干部",
        Format::Ods,
        "村干部及财政供养人员名单",
        "姓名= 身份证号=claimant_id 是否村干部=is_cadre 是否财政供养=on_public_payroll 亲属身份证号=relative_of",
    );
    let yes = ["是", "Y", "1", "√", "有", "true", "是"];
    let listed = (1..=7).zip(yes).map(|(n, yes)| {
        vec![
            means(name(n), ""),
            text(id18(9_100 + n)),
            means(yes, "true"),
            means("否", "false"),
            text(id18(9_200 + n)),
        ]
    });
    vec![
        funeral.file(cremated, &[(4, 2, rounded(&id18(9_005)).into(), "id_rounded")]),
        police.file(struck.collect(), &[]),
        cadres.file(listed.collect(), &[(6, 2, "也许".into(), "bad_flag")]),
    ]
}

fn officials() -> Vec<CorpusFile> {
    let posts = Register {
        name: "任职",
        format: Format::Ods,
        table: "posts",
        title: "任职情况表",
        columns: "身份证号=person_id 职务=role 任职地代码=region 任职日期=from_on 离任日期=to_on",
    };
    let served = (1..=6_u32).map(|n| {
        vec![
            text(id18(9_700 + n)),
            text("村支书"),
            text(PLACES[n as usize].code),
            day(2018, n, 1),
            day(2024, n, 1),
        ]
    });
    let inspectors = Register {
        name: "核查人员",
        format: Format::Csv(Encoding::Gb18030),
        table: "inspectors",
        title: "核查人员名单",
        columns: "身份证号=inspector_id 姓名=name 工作单位=unit 籍贯代码=region",
    };
    let sent = (1..=4)
        .map(|n| vec![text(id18(9_900 + n)), text(name(n)), text("县农业农村局"), text("990101")]);
    vec![posts.file(served.collect(), &[]), inspectors.file(sent.collect(), &[])]
}

fn land() -> Vec<CorpusFile> {
    let households = Register {
        name: "农户台账",
        format: Format::Xls5,
        table: "households",
        title: "甲山镇农户承包台账 单位：亩",
        columns: "户编号=household_id 所在村=village_code 组=group_no 承包面积=contract_area_mu 确权面积=confirmed_area_mu 不予补贴面积=no_subsidy_area_mu",
    };
    let farms = (1..=8_u32).map(|n| {
        let many = i64::from(n);
        let group = means(format!("{n}组"), &n.to_string());
        vec![
            text(format!("H{n:05}")),
            village(n),
            group,
            area(many * 12_300),
            area(many * 13_400),
            area(many * 100),
        ]
    });
    let parcels = Register {
        name: "确权地块",
        format: Format::Xlsx,
        table: "parcels",
        title: "甲山镇确权地块表",
        columns: "地块编码=parcel_id 村=village_code 地块面积（亩）=area_mu 地类=land_class 承包方身份证号=holder_id",
    };
    let fields = (1..=8_u32).map(|n| {
        let code = format!("{}{n:07}", PLACES[n as usize % 6].code);
        vec![
            text(code),
            village(n),
            area(i64::from(n) * 4_567),
            text("水浇地"),
            text(id18(9_300 + n)),
        ]
    });
    vec![households.file(farms.collect(), &[]), parcels.file(fields.collect(), &[])]
}

fn contracts() -> Vec<CorpusFile> {
    let transfers = Register {
        name: "流转台账",
        format: Format::Xls,
        table: "transfers",
        title: "土地流转台账",
        columns: "出租方身份证号=from_id 承租方身份证号=to_id 流转面积（亩）=area_mu 合同开始日期=start_on 合同结束日期=end_on 流转方式=kind 补贴归属=subsidy_follows",
    };
    let leases = (1..=8_u32).map(|n| {
        let (from, to) = (text(id18(9_400 + n)), text(id18(9_500 + n)));
        vec![
            from,
            to,
            area(i64::from(n) * 23_400),
            day(2022, 10, n),
            day(2027, 9, 30),
            text("出租"),
            means("承租方", "lessee"),
        ]
    });
    let changes = Register {
        name: "区划变更",
        format: Format::Csv(Encoding::Utf8Bom),
        table: "code_map",
        title: "村级区划变更对照表",
        columns: "变更前代码=old_code 变更后代码=new_code 变更年份=from_year 份额=share",
    };
    let merged =
        [("301", "201", 60), ("301", "202", 40), ("302", "202", 100)].map(|(old, new, share)| {
            let code = |end: &str| text(format!("990101101{end}"));
            vec![code(old), code(new), text("2023"), text(plain(share, 2))]
        });
    vec![
        transfers
            .file(leases.collect(), &[(4, 0, scientific(&id18(9_405)).into(), "id_scientific")]),
        changes.file(merged.to_vec(), &[]),
    ]
}

fn payments() -> Vec<CorpusFile> {
    let payments = Register {
        name: "发放明细",
        format: Format::Csv(Encoding::Utf16Le),
        table: "payments",
        title: "一卡通发放明细 单位：元",
        columns: "流水号=claim_id 打款日期=paid_on 交易金额=amount_yuan 收款账号=account 收款人身份证号=account_holder 交易状态=status",
    };
    let paid = (1..=8_u32).map(|n| {
        let number = text(format!("P{n:06}"));
        vec![
            number,
            day(2024, 6, 3),
            money(i64::from(n) * 12_345),
            text(account(9_600 + n)),
            text(id18(9_600 + n)),
            text("成功"),
        ]
    });
    let programmes = Register {
        name: "补贴政策",
        format: Format::Xlsx,
        table: "programmes",
        title: "",
        columns: "补贴项目=programme 区划代码=region 年度=year 补贴标准（元/亩）=rate_yuan_per_mu 补贴作物=eligible_crops 面积依据=area_basis 公示天数=publicity_days 财政供养可领=payroll_allowed",
    };
    let policies =
        [("耕地地力保护补贴", "FERTILITY", 7_000), ("实际种粮农民一次性补贴", "GRAIN", 7_525)];
    let ruled = policies.map(|(words, code, rate)| {
        let fixed = [text("wheat"), text("confirmed"), text("7"), means("否", "false")];
        [vec![means(words, code), text("990101"), text("2024"), money(rate)], fixed.to_vec()]
            .concat()
    });
    vec![payments.file(paid.collect(), &[]), programmes.file(ruled.to_vec(), &[])]
}

fn control() -> Vec<CorpusFile> {
    let petitions = Register {
        name: "信访",
        format: Format::Xls5,
        table: "petitions",
        title: "信访件登记表",
        columns: "信访编号=petition_id 事项编号=matter_key 村=village_code 受理日期=received_on 问题类别=category 信访渠道=channel",
    };
    let heard = (1..=5_u32).map(|n| {
        let received = means(format!("2024年{n}月15日"), &Date::new(2024, n, 15).iso());
        vec![
            text(format!("XF{n:04}")),
            text(format!("S{n}")),
            village(n),
            received,
            text("惠农补贴"),
            text("来访"),
        ]
    });
    let publicity = Register {
        name: "公示",
        format: Format::Xls,
        table: "publicity",
        title: "公示情况 单位：亩、元",
        columns: "村=village_code 补贴项目=programme 年度=year 公示开始日期=posted_from 公示结束日期=posted_to 身份证号=claimant_id 公示面积=area_mu 公示金额=amount_yuan",
    };
    let posted = (1..=6_u32).map(|n| {
        let (claimed, what) = (i64::from(n) * 21_000, means("耕地地力保护补贴", "FERTILITY"));
        let when = [means(2024, "2024"), day(2024, 5, 6), day(2024, 5, 14)];
        let whose = [text(id18(9_800 + n)), area(claimed), money(claimed * 7 / 10)];
        [vec![village(n), what], when.to_vec(), whose.to_vec()].concat()
    });
    let masked = format!("{}********{}", &id18(9_804)[..6], &id18(9_804)[14..]);
    vec![
        petitions.file(heard.collect(), &[]),
        publicity.file(posted.collect(), &[(3, 5, masked.into(), "id_masked")]),
    ]
}

fn inspections() -> Vec<CorpusFile> {
    let inspections = Register {
        name: "核查结果",
        format: Format::Xlsx,
        table: "inspections",
        title: "线索核查反馈 单位：亩、元",
        columns: "线索编号=lead_id 村=village_code 核查日期=inspected_on 核查结论=verdict 核查原因=cause 查实面积=proven_mu 查实金额=proven_yuan 追回金额=recovered_yuan",
    };
    let checked = (1..=4_u32).map(|n| {
        let found = i64::from(n) * 30_000;
        let what =
            [text("confirmed"), text("重复申报"), area(found), money(found), money(found / 2)];
        [vec![text(format!("L{n:08}")), village(n), day(2024, 9, n)], what.to_vec()].concat()
    });
    vec![inspections.file(checked.collect(), &[])]
}
