//! Numbers as people type them, and cells that are no numbers.

use super::claim::{Claim, TITLE, claims};
use super::file;
use crate::numbers::{double, grouped, mu, wide, yuan};
use crate::page::Page;
use crate::sheet::{Date, Value};
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        typed("数字写法", Format::Csv(Encoding::Gb18030)),
        typed("数字写法", Format::Xls),
        typed("数字写法", Format::Ods),
        doubles("浮点尾数", Format::Xls),
        doubles("浮点尾数", Format::Xlsx),
        formulas(),
        damaged("坏数字", Format::Xlsx),
        damaged("坏数字", Format::Xls5),
        damaged("坏数字", Format::Csv(Encoding::Utf16Be)),
        negative(),
        fine(),
        undecodable(),
    ]
}

const HEADER: [&str; 5] = ["村名", "姓名", "身份证号", "补贴面积（亩）", "补贴金额（元）"];

fn opened() -> Page {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).header(&HEADER);
    page
}

fn row(claim: &Claim, area: impl Into<Value>, money: impl Into<Value>) -> Vec<Value> {
    crate::cells![claim.village(), claim.name(), claim.id(), area.into(), money.into()]
}

/// Text in every dress: full width, Chinese full stop as point, thousands, currency signs, blanks.
fn typed(name: &str, format: Format) -> CorpusFile {
    let mut page = opened();
    for (n, claim) in claims(71, 3, 8).iter().enumerate() {
        let (area, money) = (claim.mu_text(), claim.yuan_text());
        let cells = match n % 8 {
            0 => row(claim, wide(&area), wide(&money)),
            1 => row(claim, area.replace('.', "。"), format!("￥{money}")),
            2 => row(claim, format!("{area}亩"), grouped(claim.fen, 2)),
            3 => {
                row(claim, format!("\u{3000}{area}\u{a0}"), format!("¥{}元", grouped(claim.fen, 2)))
            }
            4 => row(claim, format!("+{area}"), format!("{money} 元")),
            5 => row(claim, area.replace('.', "．"), grouped(claim.fen, 2).replace(',', "，")),
            6 => row(claim, format!("0{area}"), yuan(claim.fen)),
            _ => row(claim, format!("{area} "), money),
        };
        page.keep(cells, claim.bare());
    }
    file(
        name,
        &["areas and money as text", "full width", "thousands", "wrong decimal sign"],
        format,
        vec![page],
    )
}

/// Doubles with the dust of sums: 0.1 + 0.2.
fn doubles(name: &str, format: Format) -> CorpusFile {
    let mut page = opened();
    for claim in claims(72, 2, 12) {
        // A third taken three times is not the number itself; fifteen digits of it are.
        let dusty = |x: f64| (x / 3.0 + x / 3.0 + x / 3.0) * (1.0 + f64::EPSILON);
        let cells = row(&claim, dusty(double(claim.area, 4)), dusty(double(claim.fen, 2)));
        page.keep(cells, claim.bare());
    }
    file(name, &["floating-point dust"], format, vec![page])
}

/// Formulas whose results the file keeps.
fn formulas() -> CorpusFile {
    let mut page = opened();
    for claim in claims(73, 2, 5) {
        let cells = row(&claim, claim.mu(), Value::Formula(double(claim.fen, 2), "D3*70"));
        page.keep(cells, claim.bare());
    }
    file("公式", &["formulas with cached results"], Format::Xlsx, vec![page])
}

/// Cells that are no area, each with its class.
fn damaged(name: &str, format: Format) -> CorpusFile {
    let mut page = opened();
    let words = [
        ("十二亩", "bad_number"),
        ("约3.5", "bad_number"),
        ("3.5左右", "bad_number"),
        ("3..5", "bad_number"),
        ("12,34.5", "bad_number"),
        ("1.234,5", "bad_number"),
        ("3+4", "bad_number"),
        ("3 5", "bad_number"),
        ("1e5", "bad_number"),
        ("3.5斤", "bad_number"),
        ("(12)", "bad_number"),
        ("NaN", "not_a_number"),
        ("inf", "infinite"),
        ("99999999999999999999", "out_of_range"),
        ("待定", "bad_number"),
        ("无", "missing_value"),
        ("—", "missing_value"),
    ];
    for (n, claim) in claims(74, 3, 12).iter().enumerate() {
        match words.get(n / 2).filter(|_| n % 2 == 1) {
            Some((word, code)) if n % 4 == 1 => {
                page.reject(row(claim, *word, claim.yuan()), Some(3), code, (0, claim.fen));
            }
            Some((word, code)) => {
                page.reject(row(claim, claim.mu(), *word), Some(4), code, (claim.area, 0));
            }
            None => page.keep(row(claim, claim.mu(), claim.yuan()), claim.bare()),
        }
    }
    if format.typed() {
        let broken: [(Value, &str); 4] = [
            (Value::Error("#REF!"), "not_a_number"),
            (Value::Error("#DIV/0!"), "infinite"),
            (Value::Date(Date::new(2024, 3, 5)), "bad_number"),
            (Value::Flag(true), "bad_number"),
        ];
        for (claim, (value, code)) in claims(75, 1, 4).iter().zip(broken) {
            page.reject(row(claim, value, claim.yuan()), Some(3), code, (0, claim.fen));
        }
    }
    file(name, &["cells that are no numbers"], format, vec![page])
}

/// Corrections with a minus sign wait: a negative area is nobody's claim.
fn negative() -> CorpusFile {
    let mut page = opened();
    for (n, claim) in claims(76, 2, 5).iter().enumerate() {
        if n % 4 == 3 {
            let cells = row(claim, -double(claim.area, 4), -double(claim.fen, 2));
            page.reject(cells, Some(3), "negative_area", (0, -claim.fen));
        } else {
            page.keep(row(claim, claim.mu(), claim.yuan()), claim.bare());
        }
    }
    file("冲减行", &["negative areas"], Format::Ods, vec![page])
}

/// More decimals than are stored: rounded half away from zero, and told.
fn fine() -> CorpusFile {
    let mut page = opened();
    for claim in claims(77, 2, 4) {
        let (area, money) = (format!("{}00049", mu(claim.area)), format!("{}4", yuan(claim.fen)));
        page.keep(row(&claim, area, money), claim.bare());
    }
    page.warns("rounded");
    file("小数过细", &["more decimals than are stored"], Format::Csv(Encoding::Utf8), vec![page])
}

/// Bytes that are no text in the file's own encoding: the row waits, its neighbours do not.
fn undecodable() -> CorpusFile {
    let mut page = opened();
    let claims = claims(78, 2, 5);
    for (n, claim) in claims.iter().enumerate() {
        let mut cells = row(claim, claim.mu(), claim.yuan());
        if n == 3 {
            cells[1] = "MARK".into();
            page.reject(cells, Some(1), "bad_encoding", (claim.area, claim.fen));
        } else {
            page.keep(cells, claim.bare());
        }
    }
    let mut file =
        file("坏字节", &["bytes of no encoding"], Format::Csv(Encoding::Gb18030), vec![page]);
    if let Some(at) = file.bytes.windows(4).position(|w| w == b"MARK") {
        // 0x80 stands alone in no GB18030 text; neither does 0xFF.
        file.bytes[at..at + 4].copy_from_slice(b"\xff\x80\xff\xff");
    }
    file
}
