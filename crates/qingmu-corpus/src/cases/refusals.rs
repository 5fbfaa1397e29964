//! Files that must be refused as a whole: nothing of them is guessed.

use super::claim::{TITLE, claims};
use super::refused;
use crate::page::Page;
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    let standard = ["村名", "姓名", "身份证号", "补贴面积", "补贴金额"];
    let with = |replace: &[(usize, &'static str)]| {
        let mut names = standard;
        for (n, name) in replace {
            names[*n] = name;
        }
        names
    };
    vec![
        sheet("无面积单位", Format::Xls, TITLE, &with(&[(4, "补贴金额（元）")]), "没有单位"),
        sheet(
            "无面积单位",
            Format::Csv(Encoding::Gb18030),
            TITLE,
            &with(&[(4, "补贴金额（元）")]),
            "没有单位",
        ),
        sheet("无金额单位", Format::Ods, TITLE, &with(&[(3, "补贴面积（亩）")]), "没有单位"),
        sheet(
            "单位矛盾",
            Format::Xlsx,
            "甲山镇2024年耕地地力保护补贴 单位：亩、公顷、元",
            &standard,
            "没有单位",
        ),
        sheet(
            "单位不对",
            Format::Xls,
            TITLE,
            &with(&[(3, "补贴面积（元）"), (4, "补贴金额（元）")]),
            "单位不能是",
        ),
        sheet(
            "无证件列",
            Format::Xls,
            "2024年耕地地力保护补贴 单位：亩、元",
            &with(&[(2, "身份号吗")]),
            "缺少必需的列",
        ),
        sheet(
            "错别字表头",
            Format::Csv(Encoding::Utf16Le),
            TITLE,
            &with(&[(3, "播种面机（亩）"), (4, "补贴金额（元）")]),
            "缺少必需的列",
        ),
        sheet(
            "无年度",
            Format::Xlsx,
            "耕地地力保护补贴公示表",
            &with(&[(3, "补贴面积（亩）"), (4, "补贴金额（元）")]),
            "缺少必需的列 year",
        ),
        sheet(
            "无项目",
            Format::Xls5,
            "2024年公示表",
            &with(&[(3, "补贴面积（亩）"), (4, "补贴金额（元）")]),
            "缺少必需的列 programme",
        ),
        two_areas(),
        doubled(),
        letter(),
    ]
}

fn sheet(
    name: &str,
    format: Format,
    title: &str,
    names: &[&str],
    words: &'static str,
) -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells![title]);
    page.put(names.iter().map(|n| Value::from(*n)).collect());
    for claim in claims(141, 2, 4) {
        page.put(crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.yuan()
        ]);
    }
    refused(&format!("拒收_{name}"), &["refused as a whole"], format, page, words)
}

/// 面积 beside 承包面积 may be three things.
fn two_areas() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells![TITLE]);
    page.put(
        ["村名", "姓名", "身份证号", "承包面积（亩）", "面积（亩）", "补贴金额（元）"]
            .map(Value::from)
            .to_vec(),
    );
    for claim in claims(142, 2, 4) {
        page.put(crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu(),
            claim.mu(),
            claim.yuan()
        ]);
    }
    refused(
        "拒收_面积不明",
        &["refused as a whole", "面积 of unclear meaning"],
        Format::Xls,
        page,
        "无法判断",
    )
}

/// Two registers side by side on one sheet.
fn doubled() -> CorpusFile {
    let mut page = Page::new("台账", "claims");
    page.put(crate::cells![TITLE]);
    let half = ["村名", "姓名", "身份证号", "补贴面积（亩）", "补贴金额（元）"];
    page.put([half, half].concat().into_iter().map(Value::from).collect());
    for pair in claims(143, 2, 4).chunks(2) {
        let half = |n: usize| {
            let claim = &pair[n];
            crate::cells![claim.village(), claim.name(), claim.id(), claim.mu(), claim.yuan()]
        };
        page.put([half(0), half(1)].concat());
    }
    refused(
        "拒收_左右两栏",
        &["refused as a whole", "two registers side by side"],
        Format::Xlsx,
        page,
        "两列都是",
    )
}

/// A letter, not a table.
fn letter() -> CorpusFile {
    let mut page = Page::new("", "");
    for line in [
        "关于报送2024年补贴资料的函",
        "县农业农村局：",
        "现将我镇资料报上，请查收。",
        "甲山镇人民政府",
        "2024年6月3日",
    ] {
        page.put(crate::cells![line]);
    }
    refused(
        "拒收_函",
        &["refused as a whole", "no table"],
        Format::Csv(Encoding::Gb18030),
        page,
        "找不到表头",
    )
}
