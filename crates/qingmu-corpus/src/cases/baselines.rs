//! Baselines and the villages list, as other offices hand them over.

use super::file;
use crate::numbers::{Area, double, fixed, mu, plain};
use crate::page::Page;
use crate::places::PLACES;
use crate::sheet::{Date, Value};
use crate::truth::{CorpusFile, Record};
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        yearbook("统计年鉴", Format::Csv(Encoding::Gb18030)),
        yearbook("统计年鉴", Format::Xls),
        remote(),
        villages("村名录", Format::Csv(Encoding::Gb18030)),
        villages("村名录", Format::Ods),
    ]
}

fn record(fields: &[(&'static str, &str)]) -> Record {
    fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect()
}

fn page(table: &'static str, titles: &[&str], header: &[&str]) -> Page {
    let mut page = Page::new("Sheet1", table);
    for title in titles {
        page.title(title);
    }
    page.header(header);
    page
}

/// Sown areas per village, crops side by side in two header rows, in hectares.
fn yearbook(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("农业", "baselines");
    page.title("甲山镇统计年鉴2024年 农作物播种面积").title("单位：公顷");
    page.two_rows(&["村名", "播种面积|小麦", "播种面积|玉米", "播种面积|合计"], format.typed());
    for (n, place) in (1_i64..).zip(&PLACES[..6]) {
        // 0.01 hectares are 0.15 mu.
        let (wheat, maize) = (n * 317, if n == 4 { 0 } else { n * 211 });
        let number =
            |raw: i64| if raw == 0 { Value::from("-") } else { Value::Number(double(raw, 2)) };
        let cells = crate::cells![place.name, number(wheat), number(maize), number(wheat + maize)];
        let of = |crop: &str, raw: i64| {
            record(&[
                ("village_code", place.code),
                ("year", "2024"),
                ("crop", crop),
                ("area_mu", &mu(raw * 1_500)),
                ("source", "stat_yearbook"),
            ])
        };
        let parts = [("wheat", wheat), ("maize", maize)].into_iter().filter(|p| p.1 != 0);
        page.keep_all(cells, parts.map(|(crop, raw)| of(crop, raw)).collect());
    }
    let sum: Area = (1..=6_i64).map(|n| n * 317 + if n == 4 { 0 } else { n * 211 }).sum();
    page.skip("total", crate::cells!["全镇合计", "", "", plain(sum, 2)]);
    file(name, &["yearbook", "hectares", "two-row header"], format, vec![page])
}

/// Areas from pictures, in square metres, with their standard error and day.
fn remote() -> CorpusFile {
    let mut page = page(
        "baselines",
        &["甲山镇2024年遥感监测成果 单位：平方米"],
        &["村代码", "作物", "监测面积", "标准误", "季别", "影像日期", "是否独立"],
    );
    for (n, place) in (1_i64..).zip(&PLACES[..6]) {
        let metres = n * 40_010;
        let cells = crate::cells![
            place.code,
            "玉米",
            double(metres, 0),
            double(n * 200, 0),
            "秋粮",
            Date::new(2024, 8, 19),
            "是"
        ];
        page.keep(
            cells,
            record(&[
                ("village_code", place.code),
                ("year", "2024"),
                ("crop", "maize"),
                ("area_mu", &mu(metres * 15)),
                ("se_mu", &mu(n * 3_000)),
                ("season", "A"),
                ("observed_on", "2024-08-19"),
                ("independent", "true"),
                ("source", "remote_sensing"),
            ]),
        );
    }
    file("遥感监测", &["square metres", "standard errors"], Format::Xlsx, vec![page])
}

fn villages(name: &str, format: Format) -> CorpusFile {
    let mut page = page(
        "villages",
        &["村级区划代码表"],
        &["行政区划代码", "名称", "镇名称", "户数", "北纬", "东经"],
    );
    for (n, place) in (1_u32..).zip(&PLACES) {
        let (lat, lon) = (
            fixed(34_500_000 + i64::from(n) * 1_250, 6),
            fixed(108_800_000 + i64::from(n) * 2_500, 6),
        );
        let cells =
            crate::cells![place.code, place.name, place.town, 200 + n, lat.clone(), lon.clone()];
        if n == 9 {
            let mut cells = cells;
            cells[0] = Value::from("9.90101E+11");
            page.reject(cells, Some(0), "bad_region", (0, 0));
            continue;
        }
        page.keep(
            cells,
            record(&[
                ("village_code", place.code),
                ("name", place.name),
                ("town_name", place.town),
                ("households", &(200 + n).to_string()),
                ("lat", lat.trim_end_matches('0')),
                ("lon", lon.trim_end_matches('0')),
            ]),
        );
    }
    file(name, &["villages list", "damaged codes"], format, vec![page])
}
