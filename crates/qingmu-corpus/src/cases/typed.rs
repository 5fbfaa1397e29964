//! What people type into cells of figures and places: corrections, mixed units, words, two villages at once.

use super::claim::{TITLE, UNITS, claims, register};
use super::{file, refused};
use crate::numbers::{double, mu, plain, yuan};
use crate::page::Page;
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        corrections(),
        mixed("手写数字", Format::Xls),
        mixed("手写数字", Format::Csv(Encoding::Gb18030)),
        two_villages(),
        village_in_footer(),
        two_villages_in_title(),
        with_summary("附汇总表", Format::Xls),
        with_summary("附汇总表", Format::Ods),
        parts_of_crops(),
        names_elsewhere(),
        cards_elsewhere("卡号错列", false),
        cards_elsewhere("编号形似卡号", true),
    ]
}

/// 冲减: a negative area waits, negative money alone is a correction of money and stays.
fn corrections() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["村名", "姓名", "身份证号", "补贴面积", "补贴金额", "备注"]);
    for (n, claim) in claims(241, 2, 5).iter().enumerate() {
        let row = |area: Value, money: Value, note: &str| {
            crate::cells![claim.village(), claim.name(), claim.id(), area, money, note]
        };
        page.keep(row(claim.mu(), claim.yuan(), ""), claim.bare());
        if n == 3 {
            let cells = row(double(-claim.area, 4).into(), double(-claim.fen, 2).into(), "冲减");
            page.reject(cells, Some(3), "negative_area", (0, -claim.fen));
        }
        if n == 6 {
            let cells = row(0.into(), "-35.50".into(), "冲减多发");
            let less = [("area_mu", mu(0)), ("amount_yuan", yuan(-3_550))];
            let less = less.each_ref().map(|(k, v)| (*k, v.as_str()));
            page.keep(cells, claim.with(&less));
        }
        if n == 8 {
            let cells = row("".into(), "（12.00）".into(), "冲减");
            page.reject(cells, Some(4), "bad_number", (0, 0));
        }
    }
    file("冲减", &["negative corrections"], Format::Xlsx, vec![page])
}

/// Numbers that only a person can read wait; what is plainly a number is one.
fn mixed(name: &str, format: Format) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).header(&["村名", "姓名", "身份证号", "补贴面积（亩）", "补贴金额（元）"]);
    let bad_areas =
        ["3亩5分", "三亩半", "3-4", "3+2", "约3", "12.5亩左右", "1.2.3", "3/4", "见附件", "5％"];
    let bad_money = ["贰佰伍拾元整", "250元整", "二百五", "12月3日", "#REF!", "2,50"];
    for (n, claim) in claims(242, 3, 10).iter().enumerate() {
        let row = |area: Value, money: Value| {
            crate::cells![claim.village(), claim.name(), claim.id(), area, money]
        };
        if let Some(text) = bad_areas.get(n) {
            page.reject(row((*text).into(), claim.yuan()), Some(3), "bad_number", (0, claim.fen));
        } else if let Some(text) = bad_money.get(n - bad_areas.len()) {
            let code =
                if text.starts_with('#') && format.typed() { "not_a_number" } else { "bad_number" };
            let value = if format.typed() && text.starts_with('#') {
                Value::Error("#REF!")
            } else {
                Value::from(*text)
            };
            page.reject(row(claim.mu(), value), Some(4), code, (claim.area, 0));
        } else {
            let area = match n % 3 {
                0 => format!("{}亩", claim.mu_text()),
                1 => format!(" {} ", claim.mu_text()),
                _ => claim.mu_text(),
            };
            page.keep(row(area.into(), format!("¥{}元", claim.yuan_text()).into()), claim.bare());
        }
    }
    file(name, &["numbers as people write them"], format, vec![page])
}

/// Two villages in one cell are none.
fn two_villages() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS).header(&["村名", "姓名", "身份证号", "补贴面积", "补贴金额"]);
    let both = ["东沟村、南庄村", "东沟村/南庄村", "东沟村南庄村", "东沟村或南庄村"];
    for (n, claim) in claims(243, 2, 6).iter().enumerate() {
        let row = |village: &str| {
            crate::cells![village, claim.name(), claim.id(), claim.mu(), claim.yuan()]
        };
        match both.get(n / 3).filter(|_| n % 3 == 1) {
            Some(both) => {
                page.reject(row(both), Some(0), "unknown_village", (claim.area, claim.fen));
            }
            None => page.keep(row(&claim.village()), claim.bare()),
        }
    }
    file("一格两村", &["two villages in one cell"], Format::Xls5, vec![page])
}

/// Nothing but a seal under the table names the village.
fn village_in_footer() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells![TITLE]);
    page.put(crate::cells![UNITS]);
    page.put(crate::cells!["姓名", "身份证号", "补贴面积", "补贴金额"]);
    for claim in claims(244, 1, 4) {
        page.put(crate::cells![claim.name(), claim.id(), claim.mu(), claim.yuan()]);
    }
    page.put(crate::cells!["东沟村村民委员会（盖章）"]);
    refused("拒收_村名在落款", &["the village under the table"], Format::Xls, page, "缺少必需的列")
}

/// A title with two villages is about neither.
fn two_villages_in_title() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells!["甲山镇甘井村、李家石桥村、高村2024年耕地地力保护补贴公示表"]);
    page.put(crate::cells![UNITS]);
    page.put(crate::cells!["姓名", "身份证号", "补贴面积", "补贴金额"]);
    for claim in claims(245, 1, 4) {
        page.put(crate::cells![claim.name(), claim.id(), claim.mu(), claim.yuan()]);
    }
    let words = "缺少必需的列";
    let mut file =
        refused("拒收_标题两村", &["a title with two villages"], Format::Ods, page, words);
    file.given.town = None;
    file
}

/// The register and a sheet with its sums per village, which nobody may count once more.
fn with_summary(name: &str, format: Format) -> CorpusFile {
    let all = claims(246, 3, 5);
    let detail = register("明细", &all);
    let mut summary = Page::new("汇总", "");
    summary.put(crate::cells!["甲山镇2024年耕地地力保护补贴汇总表"]);
    summary.put(crate::cells![UNITS]);
    summary.put(crate::cells!["村名", "户数", "补贴面积", "补贴金额"]);
    for part in all.chunks(5) {
        let area: i64 = part.iter().map(|c| c.area).sum();
        let fen: i64 = part.iter().map(|c| c.fen).sum();
        summary.put(crate::cells![part[0].village(), 5, plain(area, 4), plain(fen, 2)]);
    }
    summary.truth.refused = Some("缺少必需的列");
    summary.truth.aside = true;
    file(name, &["a sheet of sums"], format, vec![summary, detail])
}

/// 其中：小麦 as the name of a crop in a row.
fn parts_of_crops() -> CorpusFile {
    let mut page = Page::new("年鉴", "baselines");
    page.title("甲山镇统计年鉴2024年 农作物播种面积");
    page.header(&["村名", "指标名称", "播种面积（亩）"]);
    let rows = [
        ("一、粮食作物", "grain", 90_000),
        ("其中：小麦", "wheat", 50_000),
        ("　　玉米", "maize", 40_000),
        ("二、蔬菜", "vegetable", 20_000),
    ];
    for place in &crate::places::PLACES[..3] {
        for (shown, crop, area) in rows {
            let record = crate::truth::Record::from([
                ("village_code", place.code.to_owned()),
                ("year", "2024".to_owned()),
                ("crop", crop.to_owned()),
                ("area_mu", mu(area)),
                ("source", "stat_yearbook".to_owned()),
            ]);
            page.keep(crate::cells![place.name, shown, double(area, 4)], record);
        }
    }
    file("其中行", &["parts of a sum in rows"], Format::Csv(Encoding::Gb18030), vec![page])
}

/// Names of people where crops and villages belong.
fn names_elsewhere() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title("甲山镇2024年实际种粮农民一次性补贴花名册").title(UNITS);
    page.header(&["村名", "姓名", "身份证号", "作物", "补贴面积", "补贴金额"]);
    for (n, claim) in claims(247, 2, 5).iter().enumerate() {
        let row = |village: String, crop: &str| {
            crate::cells![village, claim.name(), claim.id(), crop, claim.mu(), claim.yuan()]
        };
        let read = (claim.area, claim.fen);
        match n {
            2 => page.reject(row(claim.name(), "小麦"), Some(0), "unknown_village", read),
            4 => page.reject(row(claim.village(), "王测测"), Some(3), "out_of_place", read),
            6 => page.keep(
                row(claim.village(), "烤烟"),
                claim.with(&[("programme", "GRAIN"), ("crop", "烤烟")]),
            ),
            _ => page.keep(
                row(claim.village(), "小麦"),
                claim.with(&[("programme", "GRAIN"), ("crop", "wheat")]),
            ),
        }
    }
    page.warns("unknown_crop");
    file("人名错列", &["names where they do not belong"], Format::Xlsx, vec![page])
}

/// A card's number among the numbers of claims waits; where most numbers look like cards', they are numbers.
fn cards_elsewhere(name: &str, all: bool) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.title(TITLE).title(UNITS);
    page.header(&["申报编号", "村名", "姓名", "身份证号", "补贴面积", "补贴金额"]);
    for (n, claim) in claims(if all { 249 } else { 248 }, 2, 4).iter().enumerate() {
        let own = format!("SB{n:06}");
        let number = if all || n == 5 { claim.account() } else { own };
        let cells = crate::cells![
            number.clone(),
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.yuan()
        ];
        if all || n != 5 {
            page.keep(cells, claim.with(&[("claim_id", &number)]));
        } else {
            page.reject(cells, Some(0), "out_of_place", (claim.area, claim.fen));
        }
    }
    file(name, &["cards among numbers"], Format::Xls, vec![page])
}
