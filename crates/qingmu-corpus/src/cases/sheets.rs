//! Workbooks of several sheets, hidden sheets, rows and columns.

use super::claim::{Claim, TITLE, UNITS, claims, opened, register};
use super::file;
use crate::page::Page;
use crate::truth::CorpusFile;
use crate::write::Format;

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        per_village("一村一表", Format::Xls),
        per_village("一村一表", Format::Ods),
        per_group("一组一表", Format::Xlsx),
        per_group("一组一表", Format::Xls5),
        hidden_sheet("隐藏表", Format::Xls),
        hidden_sheet("隐藏表", Format::Ods),
        hidden_rows("隐藏行", Format::Xlsx),
        hidden_rows("隐藏行", Format::Xls),
        hidden_columns("隐藏列", Format::Xlsx),
        hidden_columns("隐藏列", Format::Xls),
        hidden_columns("隐藏列", Format::Ods),
        with_instructions(),
        two_tables(),
    ]
}

/// Register without columns for village and group.
fn small(sheet: &str, title: &str, claims: &[Claim], group: bool) -> Page {
    let mut page = Page::new(sheet, "claims");
    page.title(title).title(UNITS).header(&["户主姓名", "身份证号", "补贴面积", "补贴金额"]);
    for claim in claims {
        let record = if group { claim.record() } else { claim.bare() };
        page.keep(crate::cells![claim.name(), claim.id(), claim.mu(), claim.yuan()], record);
    }
    let (area, money) = page.sums();
    page.total("合计", (2, &area), (3, &money));
    page
}

/// The sheet's name is the village.
fn per_village(name: &str, format: Format) -> CorpusFile {
    let all = claims(51, 6, 4);
    let pages = all.chunks(4).map(|part| small(&part[0].village(), TITLE, part, false)).collect();
    file(name, &["one sheet per village"], format, pages)
}

/// The title names the village, the sheet's name the group.
fn per_group(name: &str, format: Format) -> CorpusFile {
    let all = claims(52, 2, 9);
    let pages = [("一组", 0..3), ("第二组", 3..6), ("3组", 6..9)].map(|(sheet, range)| {
        small(sheet, "甲山镇东沟村委会2024年耕地地力保护补贴公示表", &all[range], true)
    });
    file(name, &["one sheet per group"], format, pages.to_vec())
}

/// Last year's sheet is hidden behind this year's: its rows are read and said to be hidden.
fn hidden_sheet(name: &str, format: Format) -> CorpusFile {
    let shown = register("2024年", &claims(53, 2, 5));
    let mut hidden = opened("底稿");
    for (n, claim) in claims(54, 2, 4).iter().enumerate() {
        hidden.keep(claim.row(n), claim.record());
    }
    hidden.sheet.hidden = true;
    hidden.warns("hidden_sheet");
    file(name, &["hidden sheets"], format, vec![shown, hidden])
}

/// Rows hidden by a filter that nobody took off.
fn hidden_rows(name: &str, format: Format) -> CorpusFile {
    let mut page = register("2024年", &claims(55, 2, 6));
    page.sheet.hidden_rows.extend([5, 6, 9]);
    page.warns("hidden_rows");
    file(name, &["hidden rows"], format, vec![page])
}

/// The ids are in a hidden column.
fn hidden_columns(name: &str, format: Format) -> CorpusFile {
    let mut page = register("2024年", &claims(56, 2, 6));
    page.sheet.hidden_columns.insert(4);
    page.warns("hidden_columns");
    file(name, &["hidden columns"], format, vec![page])
}

/// A sheet of instructions before the data, an empty one behind.
fn with_instructions() -> CorpusFile {
    let mut page = Page::new("填表说明", "");
    page.put(crate::cells!["填表说明"]);
    page.put(crate::cells!["1", "本表以户为单位填写"]);
    page.put(crate::cells!["2", "补贴面积不得超过确权面积"]);
    page.truth.refused = Some("找不到表头");
    let empty = {
        let mut page = Page::new("Sheet3", "");
        page.truth.refused = Some("找不到表头");
        page
    };
    file(
        "填表说明",
        &["sheets that are no tables"],
        Format::Xlsx,
        vec![page, register("台账", &claims(57, 2, 5)), empty],
    )
}

/// Claims on one sheet, the villages list on another.
fn two_tables() -> CorpusFile {
    let mut list = Page::new("村级代码", "villages");
    list.header(&["村代码", "村名称", "乡镇"]);
    for place in &crate::places::PLACES[..4] {
        list.keep(
            crate::cells![place.code, place.name, place.town],
            crate::truth::Record::from([
                ("village_code", place.code.to_owned()),
                ("name", place.name.to_owned()),
                ("town_name", place.town.to_owned()),
            ]),
        );
    }
    file(
        "台账与代码表",
        &["two tables in one workbook"],
        Format::Xls,
        vec![register("台账", &claims(58, 2, 5)), list],
    )
}
