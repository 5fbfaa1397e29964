//! Villages by name and by code, sure and unsure.

use super::claim::{Claim, TITLE, UNITS, claims};
use super::file;
use crate::page::Page;
use crate::places::PLACES;
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        endings("村名后缀", Format::Xls),
        endings("村名后缀", Format::Csv(Encoding::Gb18030)),
        unsure("村名不确定", Format::Xlsx),
        unsure("村名不确定", Format::Csv(Encoding::Utf8)),
        towns("两镇一表", Format::Xls5),
        towns("两镇一表", Format::Ods),
        codes("村代码", Format::Xls),
        codes("村代码", Format::Csv(Encoding::Utf16Le)),
        with_group(),
        town_in_title(),
    ]
}

const HEADER: [&str; 5] = ["村名", "姓名", "身份证号", "补贴面积", "补贴金额"];

fn row(claim: &Claim, village: impl Into<Value>) -> Vec<Value> {
    crate::cells![village.into(), claim.name(), claim.id(), claim.mu(), claim.yuan()]
}

fn opened(title: &str, names: &[&str]) -> Page {
    let mut page = Page::new("台账", "claims");
    page.title(title).title(UNITS).header(names);
    page
}

/// Every ending of a committee, blanks inside, the town in front.
fn endings(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(TITLE, &HEADER);
    let spellings = [
        (201, "东沟村"),
        (201, "东沟村委会"),
        (201, "东沟村民委员会"),
        (201, "东 沟 村"),
        (201, "甲山镇东沟村"),
        (202, "南庄"),
        (202, "南庄行政村"),
        (203, "西坡村村民委员会"),
        (203, "西坡村\u{3000}"),
        (204, "甘井村"),
        (204, "甘井"),
        (204, "甘井村村委会"),
        (205, "高村"),
        (206, "石桥村"),
        (1, "柳林社区"),
        (1, "柳林社区居民委员会"),
        (1, "柳林居委会"),
        (2, "东沟社区"),
        (2, "东沟社区居委会"),
    ];
    for (claim, (number, spelling)) in claims(101, 1, 19).iter().zip(spellings) {
        let code = format!("990101101{number:03}");
        page.keep(row(claim, spelling), claim.with(&[("village_code", &code)]));
    }
    file(name, &["endings of village names"], format, vec![page])
}

/// Names that fit two villages, none, or one of another town only: never the nearest.
fn unsure(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(TITLE, &HEADER);
    let names = [
        ("东沟", "ambiguous_village"),
        ("东沟材", "unknown_village"),
        ("东沟付", "unknown_village"),
        ("南庄社区", "unknown_village"),
        ("柳林村", "unknown_village"),
        ("河湾村", "unknown_village"),
        ("石桥新村", "unknown_village"),
        ("甲山镇", "unknown_village"),
        ("枣林村", "unknown_village"),
        ("测试", "unknown_village"),
    ];
    for (n, claim) in claims(102, 2, 10).iter().enumerate() {
        match names.get(n / 2).filter(|_| n % 2 == 1) {
            Some((name, code)) => {
                page.reject(row(claim, *name), Some(0), code, (claim.area, claim.fen));
            }
            None => page.keep(row(claim, claim.village()), claim.bare()),
        }
    }
    file(name, &["ambiguous and unknown villages"], format, vec![page])
}

/// A county's file: the town in a column, one name in two towns, one name twice in a town.
fn towns(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(
        "某县2024年耕地地力保护补贴明细表",
        &["乡镇", "村", "姓名", "身份证号", "补贴面积", "补贴金额"],
    );
    let places = [0, 1, 8, 9, 13, 12];
    for (n, claim) in claims(103, 2, 10).into_iter().enumerate() {
        let place = &PLACES[places[n % 6]];
        let claim = Claim { place, ..claim };
        let mut cells = row(&claim, claim.village());
        cells.insert(0, place.town.into());
        match n {
            7 => {
                cells[1] = "北原村".into();
                cells[0] = "乙水乡".into();
                page.reject(cells, Some(1), "ambiguous_village", (claim.area, claim.fen));
            }
            9 => {
                cells[0] = "丙河镇".into();
                page.reject(cells, Some(1), "unknown_village", (claim.area, claim.fen));
            }
            _ => page.keep(cells, claim.bare()),
        }
    }
    let mut file = file(name, &["towns in a column", "one name in two towns"], format, vec![page]);
    file.given.town = None;
    file
}

/// Codes as text, and what spreadsheets make of them.
fn codes(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(
        "2024年耕地地力保护补贴",
        &["行政区划代码", "姓名", "身份证号", "补贴面积", "补贴金额"],
    );
    for (n, claim) in claims(104, 3, 6).iter().enumerate() {
        let readable = (claim.area, claim.fen);
        let mut bad = |value: Value, code| page.reject(row(claim, value), Some(0), code, readable);
        match n {
            2 => bad("9.90101E+11".into(), "bad_region"),
            5 => bad(claim.place.code[..11].into(), "bad_region"),
            7 => bad("990101101999".into(), "unknown_village"),
            9 => bad("9901011012O1".into(), "bad_region"),
            11 => bad(format!("{}0", claim.place.code).into(), "bad_region"),
            13 => bad("990101101".into(), "bad_region"),
            _ => page.keep(row(claim, claim.place.code), claim.bare()),
        }
    }
    file(name, &["village codes", "damaged codes"], format, vec![page])
}

/// 东沟村三组 in one cell.
fn with_group() -> CorpusFile {
    let mut page = opened(TITLE, &HEADER);
    for (n, claim) in claims(105, 2, 8).iter().enumerate() {
        let number = ["1", "二", "十", "十二", "第3", "２", "二十一", "一百零五"][n % 8];
        let group = ["1", "2", "10", "12", "3", "2", "21", "105"][n % 8];
        page.keep(
            row(claim, format!("{}{number}组", claim.village())),
            claim.with(&[("group_no", group)]),
        );
    }
    file("村组一格", &["village and group in one cell"], Format::Xls, vec![page])
}

/// Nothing is stated beside the file: its title names the town, in which 东沟村 is one.
fn town_in_title() -> CorpusFile {
    let mut page = opened(TITLE, &HEADER);
    for claim in claims(106, 2, 6) {
        page.keep(row(&claim, claim.village()), claim.bare());
    }
    let mut file = file("标题写明镇", &["the town in the title"], Format::Xls, vec![page]);
    file.given.town = None;
    file
}
