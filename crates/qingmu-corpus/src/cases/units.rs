//! Every unit, from the header, the title line, the cells and the mapping.

use super::claim::{Claim, TITLE, claims};
use super::file;
use crate::numbers::{Area, Fen, double, mu, plain, yuan};
use crate::page::Page;
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

/// How a file writes areas and money: raw values per unit of the last decimal, and decimals.
#[derive(Clone, Copy)]
struct Written {
    /// 0.0001 mu in one unit of the last decimal.
    area: Area,
    /// Decimals of areas.
    area_scale: u32,
    /// Fen in one unit of the last decimal.
    fen: Fen,
    /// Decimals of money.
    fen_scale: u32,
}

const MU: Written = Written { area: 100, area_scale: 2, fen: 1, fen_scale: 2 };

pub(super) fn files() -> Vec<CorpusFile> {
    let hectare = Written { area: 15, area_scale: 4, ..MU };
    let metres = Written { area: 15, area_scale: 0, ..MU };
    let fen = Written { area: 100, area_scale: 1, ..MU };
    let wan = Written { area: 10_000, area_scale: 4, fen: 100, fen_scale: 4 };
    vec![
        unit("单位_表头亩元", Format::Xls, MU, ["补贴面积（亩）", "补贴金额（元）"], None),
        unit(
            "单位_表头无括号",
            Format::Csv(Encoding::Gb18030),
            MU,
            ["补贴面积/亩", "补贴金额元"],
            None,
        ),
        unit("单位_标题亩元", Format::Xlsx, MU, ["补贴面积", "补贴金额"], Some("单位：亩、元")),
        unit(
            "单位_计量单位",
            Format::Csv(Encoding::Utf16Le),
            MU,
            ["补贴面积", "补贴金额"],
            Some("计量单位：亩，元"),
        ),
        unit("单位_公顷", Format::Ods, hectare, ["补贴面积（公顷）", "补贴金额（元）"], None),
        unit(
            "单位_公顷标题",
            Format::Xls,
            hectare,
            ["补贴面积", "补贴金额"],
            Some("单位：公顷、元"),
        ),
        unit("单位_平方米", Format::Xlsx, metres, ["补贴面积（平方米）", "补贴金额（元）"], None),
        unit(
            "单位_平方米符号",
            Format::Csv(Encoding::Utf8),
            metres,
            ["补贴面积（㎡）", "补贴金额（元）"],
            None,
        ),
        unit("单位_分", Format::Xls5, fen, ["补贴面积（分）", "补贴金额（元）"], None),
        unit("单位_万亩万元", Format::Xlsx, wan, ["补贴面积（万亩）", "补贴金额（万元）"], None),
        unit(
            "单位_万元标题",
            Format::Ods,
            Written { fen: 100, fen_scale: 4, ..MU },
            ["补贴面积", "补贴金额"],
            Some("单位：亩、万元"),
        ),
        by_mapping(),
        own_row(),
        in_cells("单位_单元格", Format::Csv(Encoding::Gb18030)),
        in_cells("单位_单元格", Format::Xls),
        against_header(),
        per_hectare(),
        acres(),
    ]
}

/// A claim whose area and money the unit can hold exactly.
fn fitted(claim: &Claim, written: Written) -> Claim {
    let area = (claim.area / written.area).max(1) * written.area;
    let fen = (claim.fen / written.fen).max(1) * written.fen;
    Claim { area, fen, ..claim.clone() }
}

fn number(raw: i64, one: i64, scale: u32) -> Value {
    Value::Number(double(raw / one, scale))
}

fn unit(
    name: &str,
    format: Format,
    written: Written,
    headers: [&str; 2],
    line: Option<&str>,
) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE);
    if let Some(line) = line {
        page.title(line);
    }
    page.header(&["村名", "姓名", "身份证号", headers[0], headers[1]]);
    for claim in claims(61, 3, 5) {
        let claim = fitted(&claim, written);
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            number(claim.area, written.area, written.area_scale),
            number(claim.fen, written.fen, written.fen_scale)
        ];
        page.keep(cells, claim.bare());
    }
    let total = [
        (page.truth.area / written.area, written.area_scale),
        (page.truth.fen / written.fen, written.fen_scale),
    ];
    let [area, money] = total.map(|(raw, scale)| plain(raw, scale));
    page.total("合计", (3, &area), (4, &money));
    file(name, &["units"], format, vec![page])
}

/// The unit is stated in the mapping alone.
fn by_mapping() -> CorpusFile {
    let mut page = Page::new("", "claims");
    page.header(&["村名", "姓名", "身份证号", "补贴面积", "补贴金额"]);
    let hectare = Written { area: 15, area_scale: 4, ..MU };
    for claim in claims(62, 2, 5) {
        let claim = fitted(&claim, hectare);
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            plain(claim.area / 15, 4),
            plain(claim.fen, 2)
        ];
        page.keep(cells, claim.bare());
    }
    let mut file = file(
        "单位_映射",
        &["units from the mapping", "constants"],
        Format::Csv(Encoding::Gb18030),
        vec![page],
    );
    file.given.mapping = Some(
        "table = \"claims\"\narea_unit = \"公顷\"\nmoney_unit = \"元\"\n[constants]\nyear = \"2024\"\nprogramme = \"FERTILITY\"\n"
            .to_owned(),
    );
    file
}

/// The units stand in a row of their own under the names.
fn own_row() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE);
    page.two_rows(&["村名", "姓名", "身份证号", "补贴面积|公顷", "补贴金额|元"], false);
    for claim in claims(63, 2, 5) {
        let claim = fitted(&claim, Written { area: 15, area_scale: 4, ..MU });
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            number(claim.area, 15, 4),
            claim.yuan()
        ];
        page.keep(cells, claim.bare());
    }
    file("单位_单独一行", &["units in a row of the header"], Format::Xls, vec![page])
}

/// `3.5亩` and `245元` in every cell.
fn in_cells(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).header(&["村名", "姓名", "身份证号", "补贴面积", "补贴金额"]);
    for (n, claim) in claims(64, 2, 8).iter().enumerate() {
        let mut claim = claim.clone();
        let area = match n % 4 {
            0 => format!("{}亩", claim.mu_text()),
            1 => format!("{} 亩", claim.mu_text()),
            2 => format!("{}分", plain(claim.area / 10, 2)),
            _ => {
                claim.area = claim.area / 15 * 15;
                format!("{}公顷", plain(claim.area / 15, 4))
            }
        };
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            area,
            format!("{}元", claim.yuan_text())
        ];
        page.keep(cells, claim.bare());
    }
    file(name, &["units in cells"], format, vec![page])
}

/// A cell whose own unit is not that of its column waits.
fn against_header() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).header(&["村名", "姓名", "身份证号", "补贴面积（亩）", "补贴金额（元）"]);
    for (n, claim) in claims(65, 2, 6).iter().enumerate() {
        let row = |area: String, money: String| {
            crate::cells![claim.village(), claim.name(), claim.id(), area, money]
        };
        match n {
            1 => page.reject(
                row("1.2公顷".to_owned(), claim.yuan_text()),
                Some(3),
                "bad_unit",
                (0, claim.fen),
            ),
            4 => page.reject(
                row(claim.mu_text(), "0.03万元".to_owned()),
                Some(4),
                "bad_unit",
                (claim.area, 0),
            ),
            6 => page.reject(
                row("800元".to_owned(), claim.yuan_text()),
                Some(3),
                "bad_unit",
                (0, claim.fen),
            ),
            _ => page.keep(
                row(format!("{}亩", claim.mu_text()), format!("￥{}", claim.yuan_text())),
                claim.bare(),
            ),
        }
    }
    file("单位_与表头不符", &["units in cells against the header"], Format::Xls, vec![page])
}

/// A rate in yuan per hectare.
fn per_hectare() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).header(&[
        "村名",
        "姓名",
        "身份证号",
        "补贴面积（公顷）",
        "补贴标准（元/公顷）",
        "补贴金额（元）",
    ]);
    for claim in claims(66, 2, 5) {
        let area = claim.area / 15_000 * 15_000 + 15_000;
        let claim = Claim { area, fen: area * 7 / 10, ..claim };
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            number(claim.area, 15, 4),
            1050,
            claim.yuan()
        ];
        page.keep(cells, claim.with(&[("rate_yuan_per_mu", "70.00")]));
    }
    file("单位_元每公顷", &["units of rates"], Format::Ods, vec![page])
}

/// Acres of 4,046.8564224 m²: 10,000 acres are 60,702.846336 mu.
fn acres() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).header(&["村名", "姓名", "身份证号", "补贴面积（英亩）", "补贴金额（元）"]);
    for (n, claim) in (1_i64..).zip(claims(67, 2, 4)) {
        // n/2 acres in 0.0001 mu, rounded half up as the tool promises.
        let area = (n * 60_702_846_336 / 2 + 500_000) / 1_000_000;
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            double(n * 5, 1),
            claim.yuan()
        ];
        page.keep(cells, claim.with(&[("area_mu", &mu(area)), ("amount_yuan", &yuan(claim.fen))]));
    }
    page.warns("rounded");
    file("单位_英亩", &["acres"], Format::Xlsx, vec![page])
}
