//! Columns beside the ones that count: percent, helpers, other years, English, sums and their parts.

use super::claim::{GRAIN_TITLE, TITLE, UNITS, claims};
use super::layout::twos;
use super::{file, refused};
use crate::numbers::{double, plain};
use crate::page::Page;
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        percent(),
        three_rows("三级表头作物", Format::Xls),
        three_rows("三级表头作物", Format::Csv(Encoding::Gb18030)),
        among("其中列", Format::Xlsx, true),
        among("其中列", Format::Csv(Encoding::Utf8Bom), false),
        helpers(),
        english(),
        line_breaks(),
        years("两年并列", Format::Xls, ["2023年补贴面积（亩）", "2024年补贴面积（亩）"]),
        years("两年并列_名称不同", Format::Ods, ["2023年核定面积（亩）", "2024年种植面积（亩）"]),
        year_in_header(),
        years_unstated(),
        due_and_paid(),
        reported_and_approved(),
        before_and_after(),
        semicolons(),
    ]
}

/// Shares, changes and remarks full of numbers.
fn percent() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&[
        "村名",
        "姓名",
        "身份证号",
        "补贴面积",
        "占全村比例(%)",
        "较上年增减（亩）",
        "补贴金额",
        "备注",
    ]);
    for (n, claim) in claims(221, 2, 6).iter().enumerate() {
        let remark = ["2023年面积12.5亩", "100", "", "同上"][n % 4];
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            "12.5%",
            -1.5,
            claim.yuan(),
            remark
        ];
        page.keep(cells, claim.bare());
    }
    file("百分比列", &["percent columns", "numbers in remarks"], Format::Xls, vec![page])
}

/// 补贴情况 over 小麦 and 玉米 over 面积 and 金额.
fn three_rows(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(GRAIN_TITLE);
    let top = page.at();
    // Nothing depends on it: the row above counts as a title.
    page.skip("title", crate::cells!["农户信息", "", "", "补贴情况"]);
    page.skip("header", crate::cells!["村名", "姓名", "身份证号", "小麦", "", "玉米", ""]);
    page.skip(
        "header",
        crate::cells!["", "", "", "面积（亩）", "金额（元）", "面积（亩）", "金额（元）"],
    );
    if format.typed() {
        page.merge((top, 0), (top, 2)).merge((top, 3), (top, 6));
        page.merge((top + 1, 3), (top + 1, 4)).merge((top + 1, 5), (top + 1, 6));
        for column in 0..3 {
            page.merge((top + 1, column), (top + 2, column));
        }
    }
    for two in twos(222, 2, 6) {
        let claim = &two.claim;
        let number = |raw: i64, scale| {
            if raw == 0 { Value::from("") } else { Value::Number(double(raw, scale)) }
        };
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            number(two.parts[0].1, 4),
            number(two.parts[0].2, 2),
            number(two.parts[1].1, 4),
            number(two.parts[1].2, 2)
        ];
        page.keep_all(cells, two.records(&[]));
    }
    file(name, &["three header rows"], format, vec![page])
}

/// 面积: 合计, 其中：小麦, 其中：玉米.
fn among(name: &str, format: Format, merged: bool) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(GRAIN_TITLE).title(UNITS);
    page.two_rows(
        &[
            "村名",
            "姓名",
            "身份证号",
            "补贴面积|合计",
            "补贴面积|其中：小麦",
            "补贴面积|玉米",
            "补贴标准（元/亩）",
            "补贴金额",
        ],
        merged,
    );
    for two in twos(223, 2, 6) {
        let claim = &two.claim;
        let part = |n: usize| {
            let raw = two.parts[n].1;
            if raw == 0 { Value::from("") } else { Value::Number(double(raw, 4)) }
        };
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            double(two.area(), 4),
            part(0),
            part(1),
            100,
            double(two.fen(), 2)
        ];
        page.keep_all(cells, two.records(&[("rate_yuan_per_mu", "100.00")]));
    }
    file(name, &["a sum with its parts"], format, vec![page])
}

/// Hidden helpers: last year's area, a check, a number of rows.
fn helpers() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&[
        "村名",
        "姓名",
        "身份证号",
        "辅助列",
        "上年面积",
        "补贴面积",
        "校验",
        "补贴金额",
    ]);
    page.sheet.hidden_columns.extend([3, 4, 6]);
    for (n, claim) in claims(224, 2, 6).iter().enumerate() {
        let n = u32::try_from(n).unwrap_or_default();
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            n,
            "99.9",
            claim.mu(),
            Value::Flag(true),
            claim.yuan()
        ];
        page.keep(cells, claim.bare());
    }
    file("隐藏辅助列", &["hidden helper columns"], Format::Xlsx, vec![page])
}

/// Names of columns in two languages.
fn english() -> CorpusFile {
    let mut page = Page::new("Sheet1", "claims");
    page.title(TITLE);
    page.header(&[
        "No. 序号",
        "Village 村名",
        "姓名 Name",
        "身份证号/ID No.",
        "补贴面积Area（亩）",
        "Amount 补贴金额（元）",
        "Remarks备注",
    ]);
    for (n, claim) in claims(225, 2, 6).iter().enumerate() {
        let n = u32::try_from(n + 1).unwrap_or_default();
        let cells = crate::cells![
            n,
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.yuan(),
            ""
        ];
        page.keep(cells, claim.bare());
    }
    file("中英表头", &["headers in two languages"], Format::Xlsx, vec![page])
}

/// Names broken over two lines inside their cell.
fn line_breaks() -> CorpusFile {
    let mut page = Page::new("Sheet1", "claims");
    page.title(TITLE);
    page.header(&[
        "所在\n村",
        "户主\n姓名",
        "身份证\r\n号码",
        "补贴面积\n（亩）",
        "补贴金额\n（元）",
    ]);
    for claim in claims(226, 2, 6) {
        let cells =
            crate::cells![claim.village(), claim.name(), claim.id(), claim.mu(), claim.yuan()];
        page.keep(cells, claim.bare());
    }
    file("表头换行", &["line breaks in headers"], Format::Xls, vec![page])
}

/// Last year's area beside this year's: the title says which one the rows are of.
fn years(name: &str, format: Format, areas: [&str; 2]) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE);
    page.header(&["村名", "姓名", "身份证号", areas[0], areas[1], "补贴金额（元）"]);
    for claim in claims(227, 2, 6) {
        let last = Value::Number(double(claim.area + 11_100, 4));
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            last,
            claim.mu(),
            claim.yuan()
        ];
        page.keep(cells, claim.bare());
    }
    page.warns("other_year");
    file(name, &["columns of two years"], format, vec![page])
}

/// The year stands in the names of the columns alone.
fn year_in_header() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title("甲山镇耕地地力保护补贴公示表");
    page.header(&["村名", "姓名", "身份证号", "2024年补贴面积（亩）", "2024年补贴金额（元）"]);
    for claim in claims(228, 2, 4) {
        let cells =
            crate::cells![claim.village(), claim.name(), claim.id(), claim.mu(), claim.yuan()];
        page.keep(cells, claim.bare());
    }
    file("年度在表头", &["the year in headers"], Format::Csv(Encoding::Gb18030), vec![page])
}

/// Two years and nothing that says which one is claimed.
fn years_unstated() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells!["甲山镇耕地地力保护补贴公示表"]);
    page.put(crate::cells![
        "村名",
        "姓名",
        "身份证号",
        "2023年补贴面积（亩）",
        "2024年补贴面积（亩）",
        "补贴金额（元）"
    ]);
    for claim in claims(229, 2, 4) {
        page.put(crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.mu(),
            claim.yuan()
        ]);
    }
    refused("拒收_两年未说明", &["columns of two years"], Format::Xls, page, "两列都是")
}

/// 应发, 实发 and what is between them.
fn due_and_paid() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["村名", "姓名", "身份证号", "补贴面积", "应发金额", "扣款", "实发金额"]);
    for (n, claim) in claims(230, 2, 6).iter().enumerate() {
        let less = if n % 3 == 0 { 500 } else { 0 };
        let paid = claim.fen - less;
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.yuan(),
            plain(less, 2),
            double(paid, 2)
        ];
        page.keep(cells, claim.with(&[("amount_yuan", &crate::numbers::yuan(paid))]));
    }
    page.warns("second_column");
    file("应发实发", &["due and paid"], Format::Xlsx, vec![page])
}

/// 上报 and 核定, each with an area: which one is claimed cannot be told.
fn reported_and_approved() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells![TITLE]);
    page.put(crate::cells!["村名", "姓名", "身份证号", "上报情况", "", "核定情况", ""]);
    page.put(crate::cells![
        "",
        "",
        "",
        "补贴面积（亩）",
        "补贴金额（元）",
        "补贴面积（亩）",
        "补贴金额（元）"
    ]);
    page.merge((1, 3), (1, 4)).merge((1, 5), (1, 6));
    for claim in claims(231, 2, 4) {
        page.put(crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.yuan(),
            claim.mu(),
            claim.yuan()
        ]);
    }
    refused("拒收_上报核定", &["reported and approved areas"], Format::Xls, page, "两列都是")
}

/// 调整前 and 调整后 are no words for a claimed area.
fn before_and_after() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells![TITLE]);
    page.put(crate::cells![
        "村名",
        "姓名",
        "身份证号",
        "调整前补贴面积（亩）",
        "调整后补贴面积（亩）",
        "补贴金额（元）"
    ]);
    for claim in claims(232, 2, 4) {
        page.put(crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.mu(),
            claim.yuan()
        ]);
    }
    refused("拒收_调整前后", &["areas before and after"], Format::Ods, page, "缺少必需的列")
}

/// Semicolons between the cells.
fn semicolons() -> CorpusFile {
    let mut page = Page::new("", "claims");
    page.title(TITLE);
    page.header(&["村名", "姓名", "身份证号", "补贴面积（亩）", "补贴金额（元）", "备注"]);
    for claim in claims(233, 2, 6) {
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu_text(),
            claim.yuan_text(),
            "甲乙"
        ];
        page.keep(cells, claim.bare());
    }
    let mut file = file("分号分隔", &["semicolons"], Format::Csv(Encoding::Utf8), vec![page]);
    file.bytes = String::from_utf8_lossy(&file.bytes).replace(',', ";").into_bytes();
    file
}
