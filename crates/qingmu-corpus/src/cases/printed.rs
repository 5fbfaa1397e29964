//! Registers as they come from a printer: pages, print dates, signatures, totals in words.

use super::claim::{Claim, TITLE, UNITS, claims, opened};
use super::file;
use crate::numbers::{plain, yuan};
use crate::page::Page;
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        continued("续表", Format::Xls),
        continued("续表", Format::Csv(Encoding::Gb18030)),
        print_dates(),
        signed_pages(),
        totals_in_words(),
        households_counted(),
        column_numbers("栏次", Format::Xlsx),
        column_numbers("栏次", Format::Ods),
    ]
}

/// Title of one village's register.
const OF_VILLAGE: &str = "甲山镇东沟村2024年耕地地力保护补贴公示表";
/// Columns of a register that says its village in the title.
const NO_VILLAGE: [&str; 6] = ["序号", "组别", "户主姓名", "身份证号码", "补贴面积", "补贴金额"];

fn header(page: &mut Page, reason: &'static str) {
    page.skip(reason, NO_VILLAGE.iter().map(|h| Value::from(*h)).collect());
}

fn row(page: &mut Page, claim: &Claim, n: usize) {
    let mut cells = claim.row(n);
    cells.remove(1);
    page.keep(cells, claim.record());
}

fn sums(page: &mut Page, label: &str, part: &[Claim]) {
    let area: i64 = part.iter().map(|c| c.area).sum();
    let fen: i64 = part.iter().map(|c| c.fen).sum();
    page.total(label, (4, &plain(area, 4)), (5, &yuan(fen)));
}

/// 续表 and the header once more on every further page; the rows are still those of the village in the title.
fn continued(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("公示表", "claims");
    page.title(OF_VILLAGE).title(UNITS);
    header(&mut page, "header");
    for (n, part) in claims(201, 1, 18).chunks(6).enumerate() {
        if n > 0 {
            page.skip("title", crate::cells![["续表1", "（续上表）"][n - 1]]);
            header(&mut page, "repeated_header");
        }
        for (i, claim) in part.iter().enumerate() {
            row(&mut page, claim, n * 6 + i);
        }
        sums(&mut page, "本页小计", part);
    }
    let (area, money) = page.sums();
    page.total("合计", (4, &area), (5, &money));
    file(name, &["pages with 续表"], format, vec![page])
}

/// Print dates and page numbers between the rows.
fn print_dates() -> CorpusFile {
    let mut page = Page::new("公示表", "claims");
    page.title(OF_VILLAGE).title(UNITS);
    header(&mut page, "header");
    for (n, claim) in claims(202, 1, 12).iter().enumerate() {
        if n > 0 && n % 4 == 0 {
            let number = n / 4;
            page.skip("footer", crate::cells!["", "", "", format!("第{number}页 共3页")]);
            page.skip(
                "footer",
                crate::cells![format!("打印日期：2024年6月{number}日 打印人：某甲")],
            );
            header(&mut page, "repeated_header");
        }
        row(&mut page, claim, n);
    }
    page.skip("footer", crate::cells!["导出时间：2024-06-03 08:30:00"]);
    file("打印日期", &["print dates and page numbers"], Format::Xls5, vec![page])
}

/// Title, header, total and signatures on every page.
fn signed_pages() -> CorpusFile {
    let mut page = Page::new("公示表", "claims");
    for (n, part) in claims(203, 1, 10).chunks(5).enumerate() {
        page.skip("title", crate::cells![OF_VILLAGE]);
        page.skip("title", crate::cells![UNITS]);
        header(&mut page, if n == 0 { "header" } else { "repeated_header" });
        for (i, claim) in part.iter().enumerate() {
            row(&mut page, claim, n * 5 + i);
        }
        sums(&mut page, "本页合计", part);
        page.skip("footer", crate::cells!["制表人：某甲", "", "审核人：某乙"]);
        page.skip("footer", crate::cells!["村民委员会（盖章）", "", "", "2024年6月3日"]);
    }
    file("每页签字", &["signatures on every page"], Format::Xlsx, vec![page])
}

/// A total in one cell of words, and the money in words.
fn totals_in_words() -> CorpusFile {
    let mut page = opened("花名册");
    for (n, claim) in claims(204, 2, 5).iter().enumerate() {
        page.keep(claim.row(n), claim.record());
    }
    let (area, money) = page.sums();
    page.skip("footer", crate::cells![format!("合计：10户，面积{area}亩，金额{money}元")]);
    page.skip("footer", crate::cells!["合计金额（大写）：人民币壹仟贰佰叁拾元整"]);
    page.skip("footer", crate::cells!["填报人签字：", "", "负责人签字："]);
    file("合计写成文字", &["totals in words"], Format::Xls, vec![page])
}

/// 合计12户 with figures beside it.
fn households_counted() -> CorpusFile {
    let mut page = opened("花名册");
    for (n, part) in claims(205, 2, 6).chunks(6).enumerate() {
        for (i, claim) in part.iter().enumerate() {
            page.keep(claim.row(n * 6 + i), claim.record());
        }
        let area: i64 = part.iter().map(|c| c.area).sum();
        let fen: i64 = part.iter().map(|c| c.fen).sum();
        page.total("小计：6户", (5, &plain(area, 4)), (6, &yuan(fen)));
    }
    let (area, money) = page.sums();
    page.total("全镇合计12户", (5, &area), (6, &money));
    file("合计户数", &["totals with a count"], Format::Csv(Encoding::Utf8), vec![page])
}

/// A line that numbers the columns stands under their names.
fn column_numbers(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE);
    page.header(&[
        "栏目",
        "村名",
        "姓名",
        "身份证号",
        "补贴面积（亩）",
        "补贴标准（元/亩）",
        "补贴金额（元）",
    ]);
    page.skip("header", crate::cells!["栏次", "甲", "乙", "丙", "1", "2", "3=1×2"]);
    for claim in claims(206, 2, 5) {
        let cells = crate::cells![
            "",
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            70,
            claim.yuan()
        ];
        page.keep(cells, claim.with(&[("rate_yuan_per_mu", "70.00")]));
    }
    file(name, &["numbered columns"], format, vec![page])
}
