//! The files that an office has of a county: lists of claims without codes under merged headers in an old workbook,
//! areas in GB18030, a list of villages. Places are real, every person, account and figure is invented.
#![allow(clippy::similar_names, reason = "a cell and its column")]

mod container;

use qingmu_corpus::{
    Sheet, Value, account, name,
    write::{Encoding, encode, xls},
};
use qingmu_model::{Mu, Season, Yuan};
use qingmu_synth::{Claim, County};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// An id of 18 characters with its check digit; 619999 is no county.
pub(crate) fn id(n: u32) -> String {
    let (year, month, day) = (1950 + n / 9000, 1 + n / 750 % 12, 1 + n / 30 % 25);
    let first = format!("619999{year:04}{month:02}{day:02}{:03}", 101 + n % 30);
    let check = qingmu_corpus::check(&first);
    format!("{first}{check}")
}

/// Numbers for the people of a county, in the order in which they appear.
#[derive(Default)]
struct People(BTreeMap<String, u32>);

impl People {
    fn number(&mut self, who: &str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap();
        *self.0.entry(who.to_owned()).or_insert(next)
    }
}

fn put(sheet: &mut Sheet, row: u32, column: u32, value: impl Into<Value>) {
    sheet.rows.entry(row).or_default().insert(column, value.into());
}

fn crop_word(crop: &str) -> &'static str {
    match crop {
        "wheat" => "小麦",
        "potato" => "马铃薯",
        "maize" => "玉米",
        "vegetable" => "蔬菜",
        "orchard" => "果园",
        "arable" => "耕地",
        "contracted" => "承包地",
        "rapeseed" => "油菜",
        "rice" => "水稻",
        "soybean" => "大豆",
        "forest" => "林地",
        "facility" => "设施农业",
        other => panic!("a crop without a word: {other}"),
    }
}

/// The list of a year, season and programme: two header rows, villages in merged cells, no codes, a total, a footer.
fn list(
    county: &County,
    people: &mut People,
    claims: &[&Claim],
    title: &str,
    crops: &[&str],
) -> Sheet {
    let mut sheet = Sheet { name: title.to_owned(), ..Sheet::default() };
    put(&mut sheet, 0, 0, format!("泾阳县{title}花名册"));
    put(&mut sheet, 1, 0, "单位：亩、元");
    let area = 5_u32;
    let after = area + u32::try_from(crops.len()).unwrap() + u32::from(by_crop(crops));
    let heads = ["乡镇", "村", "组", "户主姓名", "身份证号", "补贴面积（亩）"];
    for (column, head) in (0..).zip(heads) {
        put(&mut sheet, 2, column, head);
    }
    for (column, crop) in (area..).zip(crops).filter(|_| by_crop(crops)) {
        put(&mut sheet, 3, column, crop_word(crop));
    }
    if by_crop(crops) {
        put(&mut sheet, 3, after - 1, "小计");
        sheet.merges.push(((2, area), (2, after - 1)));
    }
    let tail = ["补贴标准（元/亩）", "补贴金额（元）", "一卡通账号", "审核人"];
    for (column, head) in (after..).zip(tail) {
        put(&mut sheet, 2, column, head);
        sheet.merges.push(((2, column), (3, column)));
    }
    let tall = if by_crop(crops) { area } else { after };
    sheet.merges.extend((0..tall).map(|column| ((2, column), (3, column))));
    sheet.merges.push(((0, 0), (0, after + 3)));
    let mut rows: BTreeMap<(&str, &str), Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        // One line of the village's list: the number without the letter of the crop.
        let line = &claim.claim_id[..claim.claim_id.len() - 1];
        rows.entry((&claim.village_code, line)).or_default().push(claim);
    }
    let (mut row, mut village, mut first) = (4, "", 4);
    for ((code, _), parts) in &rows {
        if *code != village {
            if row > first + 1 && !village.is_empty() {
                sheet.merges.extend([0, 1].map(|c| ((first, c), (row - 1, c))));
            }
            let place = county.villages.iter().find(|v| *v.village_code == **code).unwrap();
            put(&mut sheet, row, 0, &place.town_name);
            put(&mut sheet, row, 1, &place.name);
            (village, first) = (*code, row);
        }
        line(&mut sheet, people, row, parts, crops, after);
        row += 1;
    }
    if row > first + 1 {
        sheet.merges.extend([0, 1].map(|c| ((first, c), (row - 1, c))));
    }
    put(&mut sheet, row, 0, "合计");
    let mu = Mu::sum(claims.iter().map(|c| c.area_mu)).unwrap();
    let yuan = Yuan::sum(claims.iter().map(|c| c.amount_yuan)).unwrap();
    put(&mut sheet, row, after - 1, mu.to_f64());
    put(&mut sheet, row, after + 1, yuan.to_f64());
    put(&mut sheet, row + 1, 0, "制表人：某甲");
    sheet
}

/// Whether the areas stand crop by crop, with their sum beside them.
fn by_crop(crops: &[&str]) -> bool {
    crops != ["arable"]
}

fn line(
    sheet: &mut Sheet,
    people: &mut People,
    row: u32,
    parts: &[&Claim],
    crops: &[&str],
    after: u32,
) {
    let n = people.number(&parts[0].claimant_id);
    put(sheet, row, 2, format!("{}组", parts[0].group_no));
    put(sheet, row, 3, name(n));
    put(sheet, row, 4, id(n));
    for part in parts {
        let at = crops.iter().position(|c| *c == part.crop).unwrap();
        put(sheet, row, 5 + u32::try_from(at).unwrap(), part.area_mu.to_f64());
    }
    if by_crop(crops) {
        let sum = Mu::sum(parts.iter().map(|p| p.area_mu)).unwrap();
        put(sheet, row, after - 1, sum.to_f64());
    }
    let sum = Yuan::sum(parts.iter().map(|p| p.amount_yuan)).unwrap();
    put(sheet, row, after, parts[0].rate_yuan_per_mu.to_f64());
    put(sheet, row, after + 1, sum.to_f64());
    put(sheet, row, after + 2, account(people.number(&parts[0].account)));
    put(sheet, row, after + 3, name(people.number(&parts[0].approver_id)));
}

/// Writes 台账.xls, 年鉴.csv in GB18030 and 村名录.csv.
pub(crate) fn raw_files(county: &County, dir: &Path) {
    let mut people = People::default();
    let mut sheets = Vec::new();
    for year in county.years.clone() {
        let of = |programme: &str, season: Season| -> Vec<&Claim> {
            let fits =
                |c: &&Claim| c.year == year && c.programme == programme && c.season == season;
            county.claims.iter().filter(fits).collect()
        };
        for (programme, season, title, crops) in [
            ("FERTILITY", Season::Y, "年耕地地力保护补贴", &["arable"][..]),
            ("GRAIN", Season::S, "年夏季实际种粮农民一次性补贴", &["wheat", "potato"]),
            ("GRAIN", Season::A, "年秋季实际种粮农民一次性补贴", &["maize"]),
        ] {
            let claims = of(programme, season);
            let title = format!("{year}{title}");
            sheets.push(list(county, &mut people, &claims, &title, crops));
        }
    }
    std::fs::write(dir.join("台账.xls"), container::workbook(&xls::book8(&sheets))).unwrap();
    let mut text =
        String::from("泾阳县种植面积资料汇编\n乡镇,村名,年份,季别,作物,播种面积（亩）,数据来源\n");
    for base in &county.baselines {
        let place = county.villages.iter().find(|v| v.village_code == base.village_code).unwrap();
        let source = match base.source {
            "stat_yearbook" => "统计年鉴",
            "remote_sensing" => "卫星遥感",
            "land_survey" => "国土调查",
            _ => "承包登记",
        };
        let season = ["夏", "秋", "全年"][base.season as usize];
        let (town, village, crop) = (&place.town_name, &place.name, crop_word(base.crop));
        let (year, area) = (base.year, base.area_mu);
        writeln!(text, "{town},{village},{year},{season},{crop},{area:.1},{source}").unwrap();
    }
    std::fs::write(dir.join("年鉴.csv"), encode(&text, Encoding::Gb18030)).unwrap();
    let mut text = String::from("村代码,村名,乡镇,户数\n");
    for v in &county.villages {
        writeln!(text, "{},{},{},{}", v.village_code, v.name, v.town_name, v.households).unwrap();
    }
    std::fs::write(dir.join("村名录.csv"), text).unwrap();
}

/// What a spreadsheet does to an id.
pub(crate) fn damaged(id: &str, n: u32) -> String {
    match n % 5 {
        0 => format!("{}000", &id[..15]),
        1 => format!("{}.{}E+17", &id[..1], &id[1..6]),
        2 => format!("{:.0}", id.replace('X', "0").parse::<f64>().unwrap()),
        3 => id[..17].to_owned(),
        _ => format!("{}000.0", &id[..15]),
    }
}
