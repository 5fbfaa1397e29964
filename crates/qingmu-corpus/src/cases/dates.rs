//! Dates as serial numbers, as text in every form, as numbers, and none.

use super::claim::{TITLE, UNITS, claims};
use super::file;
use crate::numbers::wide;
use crate::page::Page;
use crate::sheet::{Date, Value};
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        written("日期", Format::Xls),
        written("日期", Format::Ods),
        written("日期", Format::Xlsx),
        written("日期", Format::Csv(Encoding::Gb18030)),
    ]
}

fn written(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["村名", "姓名", "身份证号", "补贴面积", "补贴金额", "申报日期", "审核日期"]);
    for (n, claim) in claims(81, 3, 8).iter().enumerate() {
        let day = Date::new(2024, 1 + u32::try_from(n).unwrap_or_default() % 12, 28);
        let Date { year, month, day: d } = day;
        let forms: [Value; 8] = [
            Value::Date(day),
            Value::from(day.iso()),
            Value::from(format!("{year}年{month}月{d}日")),
            Value::from(format!("{year}.{month}.{d}")),
            Value::from(format!("{year}{month:02}{d:02}")),
            Value::Number(f64::from(day.serial())),
            Value::from(wide(&format!("{year}-{month:02}-{d:02}"))),
            Value::from(format!("{} 08:30:00", day.iso())),
        ];
        let shown = forms[n % 8].clone();
        // A bare serial number in a text file is no certain day.
        let certain = format.typed() || n % 8 != 5;
        let approved = Date::new(2024, 12, 30);
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.yuan(),
            shown,
            approved
        ];
        if !certain {
            page.reject(cells, Some(5), "bad_date", (claim.area, claim.fen));
        } else if n == 10 {
            let mut cells = cells;
            cells[5] = Value::from("2024年3月");
            page.reject(cells, Some(5), "bad_date", (claim.area, claim.fen));
        } else if n == 11 {
            let mut cells = cells;
            cells[5] = Value::from("2023-02-29");
            page.reject(cells, Some(5), "bad_date", (claim.area, claim.fen));
        } else {
            page.keep(
                cells,
                claim.with(&[("submitted_on", &day.iso()), ("approved_on", "2024-12-30")]),
            );
        }
    }
    file(name, &["dates as serial numbers and text"], format, vec![page])
}
