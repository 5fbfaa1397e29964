//! Headers, crops side by side, notes around the table.

use super::claim::{Claim, GRAIN_TITLE, HEADER, UNITS, claims, opened, register};
use super::file;
use crate::numbers::{Area, Chance, Fen, double, mu, plain, yuan};
use crate::page::Page;
use crate::sheet::Value;
use crate::truth::{CorpusFile, Record};
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        two_rows("两行表头_合并", Format::Xls, true),
        two_rows("两行表头_合并", Format::Xlsx, true),
        two_rows("两行表头_合并", Format::Ods, true),
        two_rows("两行表头_未合并", Format::Csv(Encoding::Gb18030), false),
        two_rows("两行表头_未合并", Format::Tsv(Encoding::Utf16Be), false),
        crop_above(),
        crop_in_name(),
        no_split(),
        one_sum_without_rate(),
        starred(),
        far_down(),
        strays(),
        repeated_header(),
        numbered_lines(),
        blanks_inside(),
        bare_header(),
        crop_column(),
    ]
}

/// A claim on two crops.
pub(super) struct Two {
    pub(super) claim: Claim,
    pub(super) parts: [(&'static str, Area, Fen); 2],
}

/// Claims on wheat and maize at 100 yuan per mu; every third has wheat alone.
pub(super) fn twos(seed: u32, villages: usize, each: u32) -> Vec<Two> {
    let mut chance = Chance::new(u64::from(seed) + 7);
    let of = |(n, claim): (usize, Claim)| {
        let (wheat, maize) =
            (chance.within(1, 90) * 1000, if n % 3 == 2 { 0 } else { chance.within(1, 90) * 1000 });
        Two { claim, parts: [("wheat", wheat, wheat), ("maize", maize, maize)] }
    };
    claims(seed, villages, each).into_iter().enumerate().map(of).collect()
}

impl Two {
    pub(super) fn area(&self) -> Area {
        self.parts.iter().map(|p| p.1).sum()
    }

    pub(super) fn fen(&self) -> Fen {
        self.parts.iter().map(|p| p.2).sum()
    }

    /// One record per crop that is there.
    pub(super) fn records(&self, more: &[(&'static str, &str)]) -> Vec<Record> {
        let there = self.parts.iter().filter(|p| p.1 != 0);
        there
            .map(|(crop, area, fen)| {
                let mut record = self.claim.with(&[
                    ("programme", "GRAIN"),
                    ("crop", crop),
                    ("area_mu", &mu(*area)),
                    ("amount_yuan", &yuan(*fen)),
                ]);
                record.extend(more.iter().map(|(k, v)| (*k, (*v).to_owned())));
                record
            })
            .collect()
    }
}

fn area_cell(area: Area) -> Value {
    if area == 0 { Value::from("") } else { Value::Number(double(area, 4)) }
}

/// 面积: 小麦|玉米|小计, one sum of money, the rate in a column.
fn two_rows(name: &str, format: Format, merged: bool) -> CorpusFile {
    let mut page = Page::new("花名册", "claims");
    page.title(GRAIN_TITLE).title(UNITS);
    page.two_rows(
        &[
            "序号",
            "村",
            "户主姓名",
            "身份证号(码)",
            "面积|小麦",
            "面积|玉米",
            "面积|小计",
            "补贴标准(元/亩)",
            "补贴金额",
        ],
        merged,
    );
    for (n, two) in (1_u32..).zip(twos(11, 3, 7)) {
        let claim = &two.claim;
        let cells = crate::cells![
            n,
            claim.village(),
            claim.name(),
            claim.id(),
            area_cell(two.parts[0].1),
            area_cell(two.parts[1].1),
            area_cell(two.area()),
            100,
            double(two.fen(), 2)
        ];
        page.keep_all(cells, two.records(&[("rate_yuan_per_mu", "100.00")]));
    }
    let (area, money) = page.sums();
    page.total("合 计", (6, &area), (8, &money));
    file(name, &["two-row header", "crops side by side", "row sums"], format, vec![page])
}

/// 小麦: 面积|金额, 玉米: 面积|金额 under three header rows.
fn crop_above() -> CorpusFile {
    let mut page = Page::new("Sheet1", "claims");
    page.title(GRAIN_TITLE);
    page.two_rows(
        &[
            "村名",
            "姓名",
            "身份证",
            "小麦|面积（亩）",
            "小麦|金额（元）",
            "玉米|面积（亩）",
            "玉米|金额（元）",
        ],
        true,
    );
    for two in twos(12, 2, 8) {
        let claim = &two.claim;
        let money = |n: usize| {
            if two.parts[n].2 == 0 {
                Value::from("")
            } else {
                Value::Number(double(two.parts[n].2, 2))
            }
        };
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            area_cell(two.parts[0].1),
            money(0),
            area_cell(two.parts[1].1),
            money(1)
        ];
        page.keep_all(cells, two.records(&[]));
    }
    file("作物在上", &["two-row header", "area and money per crop"], Format::Xls5, vec![page])
}

/// 小麦面积, 玉米面积 in one header row.
fn crop_in_name() -> CorpusFile {
    let mut page = Page::new("Sheet1", "claims");
    page.title(GRAIN_TITLE);
    page.header(&[
        "村名",
        "姓名",
        "身份证号码",
        "小麦面积（亩）",
        "玉米种植面积（亩）",
        "合计面积（亩）",
        "小麦补贴金额（元）",
        "玉米补贴金额（元）",
    ]);
    page.truth.warnings.clear();
    for two in twos(13, 2, 8) {
        let claim = &two.claim;
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            plain(two.parts[0].1, 4),
            plain(two.parts[1].1, 4),
            plain(two.area(), 4),
            plain(two.parts[0].2, 2),
            plain(two.parts[1].2, 2)
        ];
        page.keep_all(cells, two.records(&[]));
    }
    file("作物在表头", &["crops side by side"], Format::Ods, vec![page])
}

/// One sum of money and two crops, no rate, and no rate that explains the sum: nobody may divide it.
fn no_split() -> CorpusFile {
    let mut page = Page::new("Sheet1", "claims");
    page.title(GRAIN_TITLE).title(UNITS);
    page.header(&["村名", "姓名", "身份证号", "小麦面积", "玉米面积", "补贴金额"]);
    for (n, two) in twos(14, 2, 6).into_iter().enumerate() {
        let claim = &two.claim;
        // One fen too much is explained by no rate, except on areas that divide 10,000.
        let odd = n % 3 == 0 && 10_000 % two.area() != 0;
        let fen = two.fen() + i64::from(odd);
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            area_cell(two.parts[0].1),
            area_cell(two.parts[1].1),
            double(fen, 2)
        ];
        if odd {
            page.reject(cells, Some(5), "no_split", (two.area(), fen));
        } else {
            page.keep_all(cells, two.records(&[]));
        }
    }
    file(
        "一笔金额两种作物",
        &["crops side by side", "money that cannot be divided"],
        Format::Xlsx,
        vec![page],
    )
}

/// One crop in the title, the money per row.
fn one_sum_without_rate() -> CorpusFile {
    let mut page = Page::new("Sheet1", "claims");
    page.title("甲山镇2024年小麦实际种粮农民一次性补贴");
    page.header(&["村名", "姓名", "身份证号", "作物", "种植面积（亩）", "补贴（元）"]);
    for claim in claims(15, 2, 6) {
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            "冬小麦",
            claim.mu(),
            claim.yuan()
        ];
        page.keep(cells, claim.with(&[("programme", "GRAIN"), ("crop", "wheat")]));
    }
    file("作物列", &["crop in a column"], Format::Xls, vec![page])
}

/// Stars, blanks, full-width brackets and a colon in header texts; blanks around every cell.
fn starred() -> CorpusFile {
    let mut page = Page::new("导入模板", "claims");
    page.title(super::claim::TITLE);
    page.header(&[
        "＊所 在 村",
        "姓　名*",
        "身份证号码*：",
        "补贴面积【亩】*",
        "补贴金额 （ 元 ）*",
        "银行卡号*",
        "联系方式",
    ]);
    for claim in claims(16, 2, 6) {
        let name: String = claim.name().chars().flat_map(|c| [c, '\u{3000}']).collect();
        let cells = crate::cells![
            format!(" {} ", claim.village()),
            name,
            format!("\u{a0}{} ", claim.id()),
            format!(" {}\u{a0}", claim.mu_text()),
            format!("{} ", claim.yuan_text()),
            format!(" {}", claim.account()),
            "13900000000"
        ];
        page.keep(cells, claim.with(&[("account", &claim.account())]));
    }
    file(
        "星号空格",
        &["stars, blanks and brackets in headers", "blanks around values"],
        Format::Xls,
        vec![page],
    )
}

/// The header stands below explanations and empty rows.
fn far_down() -> CorpusFile {
    let mut page = Page::new("附件2", "claims");
    page.title("附件2");
    page.gap(3);
    page.title("填报说明：一、本表由村民委员会填写，以户为单位；二、补贴面积按确权面积核定，不得超过确权面积；三、姓名、身份证号必须与一卡通一致。");
    page.gap(2)
        .title("甲山镇2024年耕地地力保护补贴发放清册")
        .title("填报单位：甲山镇人民政府        单位：亩、元")
        .gap(1);
    page.header(&HEADER);
    for (n, claim) in claims(17, 3, 5).iter().enumerate() {
        page.keep(claim.row(n), claim.record());
    }
    page.gap(2)
        .skip("footer", crate::cells!["填表人：赵某        审核人：钱某        负责人：孙某"]);
    file("表头在下", &["title rows", "empty rows"], Format::Ods, vec![page])
}

/// Notes far to the right and below, which belong to no column.
fn strays() -> CorpusFile {
    let mut page = register("2024年", &claims(18, 2, 6));
    page.sheet.put(0, 30, "打印于2024年6月");
    page.sheet.put(4, 40, "核对过");
    page.sheet.put(6, 255, 7);
    page.gap(40);
    page.skip("footer", crate::cells!["", "", "", "", "", "", "", "", "", "", "", "", "见附件"]);
    file("远处批注", &["cells beside the table"], Format::Xls, vec![page])
}

/// The header once more at the top of every page, 本页小计 at its foot.
fn repeated_header() -> CorpusFile {
    let mut page = opened("2024年");
    for (sheet, part) in claims(19, 3, 8).chunks(8).enumerate() {
        if sheet > 0 {
            page.skip("repeated_header", HEADER.iter().map(|h| Value::from(*h)).collect());
        }
        let (mut area, mut fen) = (0, 0);
        for (n, claim) in part.iter().enumerate() {
            area += claim.area;
            fen += claim.fen;
            page.keep(claim.row(n), claim.record());
        }
        page.total("本页小计", (5, &plain(area, 4)), (6, &plain(fen, 2)));
    }
    let (area, money) = page.sums();
    page.total("总计", (5, &area), (6, &money));
    file("每页表头", &["repeated headers", "page totals"], Format::Xlsx, vec![page])
}

/// A template whose lines are numbered in advance and not all used.
fn numbered_lines() -> CorpusFile {
    let mut page = opened("模板");
    let claims = claims(20, 2, 4);
    for (n, claim) in claims.iter().enumerate() {
        page.keep(claim.row(n), claim.record());
    }
    for n in claims.len()..claims.len() + 12 {
        page.skip("blank", crate::cells![u32::try_from(n + 1).unwrap_or_default()]);
    }
    file("预编序号", &["numbered empty lines"], Format::Xls5, vec![page])
}

/// Cells of blanks between the rows.
fn blanks_inside() -> CorpusFile {
    let mut page = opened("花名册");
    for (n, claim) in claims(21, 2, 6).iter().enumerate() {
        page.keep(claim.row(n), claim.record());
        if n % 4 == 1 {
            page.skip("blank", crate::cells!["", " ", "\u{3000}", "", " "]);
            page.gap(2);
        }
    }
    file("空行", &["blank rows"], Format::Csv(Encoding::Utf8Bom), vec![page])
}

/// No title at all: year, programme and village code in columns.
fn bare_header() -> CorpusFile {
    let mut page = Page::new("", "claims");
    page.header(&[
        "年度",
        "补贴项目名称",
        "村委会代码",
        "公民身份号码",
        "农户姓名",
        "核定补贴面积（亩）",
        "实发（元）",
        "季别",
    ]);
    for (n, claim) in claims(22, 3, 5).into_iter().enumerate() {
        let (season, code) = [("小春", "S"), ("大春", "A"), ("全年", "Y")][n % 3];
        let cells = crate::cells![
            "2024年度",
            "耕地地力保护补贴资金",
            claim.place.code,
            claim.id(),
            claim.name(),
            claim.mu_text(),
            claim.yuan_text(),
            season
        ];
        page.keep(cells, claim.with(&[("season", code)]));
    }
    file("无标题", &["no title", "seasons"], Format::Tsv(Encoding::Gb18030), vec![page])
}

/// Three levels of header.
fn crop_column() -> CorpusFile {
    let mut page = Page::new("三级表头", "claims");
    page.title(GRAIN_TITLE).title(UNITS);
    let row = page.at();
    // Nothing depends on it: the row above counts as a title.
    page.skip("title", crate::cells!["农户基本情况", "", "", "补贴情况"]);
    page.skip("header", crate::cells!["村", "姓名", "身份证号", "补贴面积", "", "补贴金额"]);
    page.skip("header", crate::cells!["", "", "", "小麦", "玉米"]);
    page.merge((row, 0), (row, 2)).merge((row, 3), (row, 5)).merge((row + 1, 3), (row + 1, 4));
    for column in [0, 1, 2, 5] {
        page.merge((row + 1, column), (row + 2, column));
    }
    for two in twos(23, 2, 5) {
        let claim = &two.claim;
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            area_cell(two.parts[0].1),
            area_cell(two.parts[1].1),
            double(two.fen(), 2)
        ];
        page.keep_all(cells, two.records(&[]));
    }
    file("三级表头", &["three header rows", "merged headers"], Format::Xlsx, vec![page])
}
