//! How a village stands over its rows: merged, blank, 〃, as a heading, as a block with its own header.

use super::claim::{Claim, UNITS, claims, opened};
use super::file;
use crate::numbers::{plain, yuan};
use crate::page::Page;
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        merged("合并村名", Format::Xls),
        merged("合并村名", Format::Xlsx),
        merged("合并村名", Format::Ods),
        above("村名留空", Format::Csv(Encoding::Gb18030), ""),
        above("同上符号", Format::Csv(Encoding::Utf16Le), "〃"),
        above("同上文字", Format::Xls5, "同上"),
        above_after_total(),
        ditto_for_persons(),
        headings("分村标题", Format::Xls),
        headings("分村标题", Format::Csv(Encoding::Utf8)),
        blocks("分村分表", Format::Xlsx),
        blocks("分村分表", Format::Xls),
        groups_fall(),
    ]
}

/// Villages and groups in merged cells.
fn merged(name: &str, format: Format) -> CorpusFile {
    let mut page = opened("花名册");
    let all = claims(41, 3, 6);
    for (n, claim) in all.iter().enumerate() {
        let mut cells = claim.row(n);
        if n % 6 > 0 {
            cells[1] = Value::from("");
        }
        if n % 2 > 0 {
            cells[2] = Value::from("");
        }
        let row = page.at();
        if n % 6 == 0 {
            page.merge((row, 1), (row + 5, 1));
        }
        if n % 2 == 0 {
            page.merge((row, 2), (row + 1, 2));
        }
        page.keep(cells, claim.record());
    }
    file(name, &["merged village and group cells"], format, vec![page])
}

/// The village stands once, then blanks or a mark.
fn above(name: &str, format: Format, mark: &str) -> CorpusFile {
    let mut page = opened("花名册");
    for (n, claim) in claims(42, 3, 6).iter().enumerate() {
        let mut cells = claim.row(n);
        if n % 6 > 0 {
            cells[1] = Value::from(mark);
        }
        page.keep(cells, claim.record());
    }
    file(name, &["same as above in village cells"], format, vec![page])
}

/// After 合计 nothing is the same as above: the row below it has no village.
fn above_after_total() -> CorpusFile {
    let mut page = opened("花名册");
    let all = claims(43, 2, 4);
    for (n, claim) in all[..4].iter().enumerate() {
        let mut cells = claim.row(n);
        if n > 0 {
            cells[1] = Value::from("");
        }
        page.keep(cells, claim.record());
    }
    let (area, money) = page.sums();
    page.total("合计", (5, &area), (6, &money));
    let lost = &all[4];
    let mut cells = lost.row(4);
    cells[1] = Value::from("");
    page.reject(cells, Some(1), "missing_value", (lost.area, lost.fen));
    file("合计后留空", &["no village below a total"], Format::Xls, vec![page])
}

/// A mark under a person, an account or an area stands for nothing.
fn ditto_for_persons() -> CorpusFile {
    let mut page = opened("花名册");
    for (n, claim) in claims(44, 2, 6).iter().enumerate() {
        let mut cells = claim.row(n);
        match n {
            2 => {
                cells[4] = Value::from("〃");
                page.reject(cells, Some(4), "missing_value", (claim.area, claim.fen));
            }
            4 => {
                cells[5] = Value::from("同上");
                page.reject(cells, Some(5), "missing_value", (0, claim.fen));
            }
            _ => page.keep(cells, claim.record()),
        }
    }
    file("身份证同上", &["same as above where nothing can be the same"], Format::Ods, vec![page])
}

/// Columns of registers without one for the village.
const NO_VILLAGE: [&str; 6] = ["序号", "组别", "户主姓名", "身份证号码", "补贴面积", "补贴金额"];

fn without_village(claim: &Claim, n: usize) -> Vec<Value> {
    let mut cells = claim.row(n);
    cells.remove(1);
    cells
}

/// A line with the village's name alone stands over its rows, over all columns.
fn headings(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("花名册", "claims");
    page.title(super::claim::TITLE).title(UNITS).header(&NO_VILLAGE);
    for part in claims(45, 3, 5).chunks(5) {
        let row = page.at();
        page.skip("heading", crate::cells![part[0].village()]);
        if format.typed() {
            page.merge((row, 0), (row, 5));
        }
        for (n, claim) in part.iter().enumerate() {
            page.keep(without_village(claim, n), claim.record());
        }
        let area: i64 = part.iter().map(|c| c.area).sum();
        let fen: i64 = part.iter().map(|c| c.fen).sum();
        page.total("小计", (4, &plain(area, 4)), (5, &yuan(fen)));
    }
    file(name, &["village headings between the rows"], format, vec![page])
}

/// Each village's table with title and header of its own, one below the other on one sheet.
fn blocks(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("花名册", "claims");
    for (n, part) in claims(46, 3, 5).chunks(5).enumerate() {
        let title = format!("甲山镇{}2024年耕地地力保护补贴公示表", part[0].village());
        let (titles, headers) =
            if n == 0 { ("title", "header") } else { ("heading", "repeated_header") };
        page.skip(titles, crate::cells![title]);
        page.skip(if n == 0 { "title" } else { "heading" }, crate::cells![UNITS]);
        page.skip(headers, NO_VILLAGE.iter().map(|h| Value::from(*h)).collect());
        for (n, claim) in part.iter().enumerate() {
            page.keep(without_village(claim, n), claim.record());
        }
        let area: i64 = part.iter().map(|c| c.area).sum();
        let fen: i64 = part.iter().map(|c| c.fen).sum();
        page.total("合计", (4, &plain(area, 4)), (5, &yuan(fen)));
        page.skip("footer", crate::cells!["制表人：赵某"]);
        page.gap(2);
    }
    file(name, &["several tables on one sheet"], format, vec![page])
}

/// A new village ends the groups of the one above.
fn groups_fall() -> CorpusFile {
    let mut page = opened("花名册");
    for (n, claim) in claims(47, 3, 6).iter().enumerate() {
        let mut cells = claim.row(n);
        let first = n % 6 == 0;
        if !first {
            cells[1] = Value::from("");
        }
        // The second village states no group before its third row.
        let silent = n >= 6 && n % 6 < 2 && n < 12;
        let record = if silent { claim.bare() } else { claim.record() };
        if silent || (!first && n % 2 == 1) {
            cells[2] = Value::from("");
        }
        page.keep(cells, record);
    }
    file("组别留空", &["same as above in group cells"], Format::Xlsx, vec![page])
}
