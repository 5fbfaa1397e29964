//! Groups, families and villages between the rows of a register.

use super::claim::{Claim, TITLE, UNITS, claims};
use super::file;
use crate::numbers::{double, plain, yuan};
use crate::page::Page;
use crate::people::{id18, name};
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        group_headings("分组标题", Format::Xls),
        group_headings("分组标题", Format::Csv(Encoding::Utf16Le)),
        members("共有人", Format::Xlsx),
        members("共有人", Format::Csv(Encoding::Gb18030)),
        sums_above("村汇总行在上", Format::Xls),
        sums_above("村汇总行在上", Format::Ods),
        two_villages_heading(),
        account_on_a_line_of_its_own(),
    ]
}

fn figures(part: &[Claim]) -> (String, String) {
    let area: i64 = part.iter().map(|c| c.area).sum();
    let fen: i64 = part.iter().map(|c| c.fen).sum();
    (plain(area, 4), yuan(fen))
}

/// The title names the village, lines between the rows its groups; a 小计 below each.
fn group_headings(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("公示表", "claims");
    page.title("甲山镇甘井村2024年耕地地力保护补贴公示表").title(UNITS);
    page.header(&["序号", "户主姓名", "身份证号", "补贴面积", "补贴金额"]);
    let place = &crate::places::PLACES[3];
    let labels = ["第一组", "二组", "3组"];
    for (n, part) in claims(211, 1, 12).chunks(4).enumerate() {
        page.skip("heading", crate::cells![labels[n]]);
        for (i, claim) in part.iter().enumerate() {
            let claim =
                Claim { place, group: u32::try_from(n + 1).unwrap_or_default(), ..claim.clone() };
            let number = u32::try_from(i + 1).unwrap_or_default();
            let cells = crate::cells![number, claim.name(), claim.id(), claim.mu(), claim.yuan()];
            page.keep(cells, claim.record());
        }
        let (area, money) = figures(part);
        page.total(&format!("{}小计", labels[n]), (3, &area), (4, &money));
    }
    let (area, money) = page.sums();
    page.total("合计", (3, &area), (4, &money));
    file(name, &["group headings between the rows"], format, vec![page])
}

/// 户主 with the land, 共有人 below without: the family claims once.
fn members(title: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["村名", "组别", "姓名", "身份证号", "与户主关系", "补贴面积", "补贴金额"]);
    for (n, claim) in claims(212, 2, 6).iter().enumerate() {
        let group = format!("{}组", claim.group);
        let cells = crate::cells![
            claim.village(),
            group.clone(),
            claim.name(),
            claim.id(),
            "户主",
            claim.mu(),
            claim.yuan()
        ];
        page.keep(cells, claim.record());
        for (m, relation) in (0_u32..).zip(["配偶", "长子", "母亲"]).take(n % 4) {
            let who = 5_000 + u32::try_from(n).unwrap_or_default() * 10 + m;
            let cells = crate::cells!["", "", name(who), id18(who), relation];
            page.skip("member", cells);
        }
        if n == 5 {
            // The head of a household without figures is no member: the row lacks its area.
            let cells = crate::cells![claim.village(), group, name(6_000), id18(6_000), "户主"];
            page.reject(cells, Some(5), "missing_value", (0, 0));
        }
    }
    let (area, money) = page.sums();
    page.total("合计", (5, &area), (6, &money));
    file(title, &["members of households"], format, vec![page])
}

/// A line with the village and its sums stands above the village's rows.
fn sums_above(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["村名", "姓名", "身份证号", "补贴面积", "补贴金额"]);
    for part in claims(213, 3, 5).chunks(5) {
        let (area, money) = figures(part);
        page.skip("total", crate::cells![part[0].village(), "", "", area, money]);
        for claim in part {
            let cells = crate::cells!["", claim.name(), claim.id(), claim.mu(), claim.yuan()];
            page.keep(cells, claim.bare());
        }
    }
    file(name, &["sums of a village above its rows"], format, vec![page])
}

/// A heading that names two villages is about neither.
fn two_villages_heading() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["序号", "姓名", "身份证号", "补贴面积", "补贴金额"]);
    let all = claims(214, 2, 4);
    let cells = |claim: &Claim, n: usize| {
        let number = u32::try_from(n + 1).unwrap_or_default();
        crate::cells![number, claim.name(), claim.id(), claim.mu(), claim.yuan()]
    };
    page.skip("heading", crate::cells!["东沟村"]);
    for (n, claim) in all[..4].iter().enumerate() {
        page.keep(cells(claim, n), claim.bare());
    }
    page.reject(crate::cells!["南庄村、石桥村"], Some(0), "unknown_village", (0, 0));
    for (n, claim) in all[4..].iter().enumerate() {
        page.reject(cells(claim, n), None, "unknown_village", (claim.area, claim.fen));
    }
    file("两村一个标题", &["a heading with two villages"], Format::Xls, vec![page])
}

/// Every record takes two lines: the second holds nothing but the card and waits, the first stays whole.
fn account_on_a_line_of_its_own() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["村名", "姓名", "身份证号", "补贴面积", "补贴金额", "银行卡号"]);
    for claim in claims(215, 2, 4) {
        let area = Value::Number(double(claim.area, 4));
        let cells = crate::cells![claim.village(), claim.name(), claim.id(), area, claim.yuan()];
        page.keep(cells, claim.bare());
        let below = crate::cells!["", "", "", "", "", claim.account()];
        page.reject(below, Some(2), "missing_value", (0, 0));
    }
    file("卡号另起一行", &["records of two lines"], Format::Xlsx, vec![page])
}
