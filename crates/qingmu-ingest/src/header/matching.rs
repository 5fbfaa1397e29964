//! One label to one meaning, with a score that says how sure it is.

use super::{
    aliases::{self, Alias},
    normalise::{Plain, plain},
};
use qingmu_cells::{SourceUnit, unit_behind, units_in};

/// What a column means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Meaning {
    /// Canonical or known field.
    pub(crate) field: &'static str,
    /// Crop that the column is about: one row per crop is made of such columns.
    pub(crate) crop: Option<&'static str>,
    /// Sum over the crop columns of its field (小计).
    pub(crate) subtotal: bool,
    /// Unit named in the header.
    pub(crate) unit: Option<SourceUnit>,
    /// 1 for a known spelling, less where the context was needed.
    pub(crate) score: f64,
    /// Place among the spellings of its field.
    pub(crate) rank: usize,
}

/// Fields that a crop's name may be joined with.
fn quantity(field: &str) -> Option<&'static str> {
    match field {
        // With a crop's name in front, 面积 is the area that is claimed for it.
        "area_mu" | "land_area" => Some("area_mu"),
        "amount_yuan" => Some("amount_yuan"),
        "rate_yuan_per_mu" => Some("rate_yuan_per_mu"),
        _ => None,
    }
}

/// The meaning of a label in a table; `None` where nothing known fits.
pub(crate) fn meaning(table: &str, levels: &[String]) -> Option<Meaning> {
    let plains: Vec<Plain> = levels.iter().map(|text| plain(text)).collect();
    let unit = plains.iter().rev().find_map(unit_of);
    let (last, upper) = plains.split_last()?;
    let found = match upper {
        [] => single(table, last),
        upper => several(table, upper, last),
    }?;
    Some(Meaning { unit: unit.or(found.unit), ..found })
}

/// The one unit in a label's brackets.
fn unit_of(plain: &Plain) -> Option<SourceUnit> {
    let mut units = plain.notes.iter().flat_map(|note| units_in(note));
    let unit = units.next()?;
    units.next().is_none().then_some(unit)
}

fn simple(alias: Alias, score: f64, unit: Option<SourceUnit>) -> Meaning {
    let Alias { field, rank } = alias;
    Meaning { field, crop: None, subtotal: false, unit, score, rank }
}

fn single(table: &str, plain: &Plain) -> Option<Meaning> {
    let names = [plain.without.as_str(), plain.with.as_str()];
    if let Some(alias) = names.into_iter().find_map(|name| aliases::find(table, name)) {
        return Some(simple(alias, 1.0, None));
    }
    if let Some((name, unit)) = names.into_iter().find_map(unit_behind)
        && let Some(alias) = aliases::find(table, name)
    {
        return Some(simple(alias, 0.98, Some(unit)));
    }
    crop_and(table, &plain.without)
}

/// `小麦补贴面积`, `小麦(亩)`: a crop's own column.
fn crop_and(table: &str, name: &str) -> Option<Meaning> {
    let (crop, rest) = qingmu_cells::word_in_front("crop", name)?;
    let (rest, unit) = match unit_behind(&rest) {
        Some((rest, unit)) => (rest.to_owned(), Some(unit)),
        None => (rest, None),
    };
    let alias = aliases::find(table, &rest)?;
    let field = quantity(alias.field)?;
    Some(Meaning { crop: Some(crop), field, ..simple(alias, 1.0, unit) })
}

/// Whether texts side by side are the names of columns: three or more, and most of them known.
pub(crate) fn looks_like_header(table: &str, texts: &[String]) -> bool {
    let known = |text: &&String| {
        let name = plain(text);
        single(table, &name).is_some() && name.with.chars().count() > 1
    };
    let known = texts.iter().filter(known).count();
    known >= 3 && known * 3 >= texts.len() * 2
}

fn several(table: &str, upper: &[Plain], last: &Plain) -> Option<Meaning> {
    let joined = upper.iter().map(|p| p.without.as_str()).collect::<String>();
    let above = upper.last()?;
    let group = aliases::find(table, &joined).or_else(|| aliases::find(table, &above.without));
    let group_field = group.and_then(|alias| quantity(alias.field).map(|field| (alias, field)));
    if let Some((alias, field)) = group_field {
        if let Some(crop) = qingmu_cells::word("crop", &last.without) {
            return Some(Meaning { crop: Some(crop), field, ..simple(alias, 1.0, None) });
        }
        if matches!(last.without.as_str(), "小计" | "合计" | "计" | "总计" | "共计") {
            return Some(Meaning { subtotal: true, field, ..simple(alias, 1.0, None) });
        }
    }
    if let Some(crop) = qingmu_cells::word("crop", &above.without)
        && let Some(found) = single(table, last)
        && let Some(field) = quantity(found.field)
        && found.crop.is_none()
    {
        return Some(Meaning { crop: Some(crop), field, ..found });
    }
    if let Some(alias) = aliases::find(table, &format!("{joined}{}", last.without)) {
        return Some(simple(alias, 0.95, None));
    }
    let unit = if last.without.is_empty() { &last.with } else { &last.without };
    if let (Some(unit), Some(alias)) = (SourceUnit::parse(unit), group) {
        return Some(simple(alias, 0.98, Some(unit)));
    }
    single(table, last).map(|found| Meaning { score: found.score.min(0.9), ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(table: &str, label: &str) -> String {
        let levels: Vec<String> = label.split('|').map(str::to_owned).collect();
        meaning(table, &levels).map_or_else(
            || "-".to_owned(),
            |m| {
                let crop = m.crop.map(|c| format!(" {c}")).unwrap_or_default();
                let unit = m.unit.map(|u| format!(" [{}]", u.word())).unwrap_or_default();
                let sum = if m.subtotal { " sum" } else { "" };
                format!("{}{crop}{sum}{unit} {:.2}", m.field, m.score)
            },
        )
    }

    #[test]
    fn labels_of_claims() {
        for (label, expected) in [
            ("补贴面积（亩）", "area_mu [亩] 1.00"),
            ("承包(地)面积", "contract_area_mu 1.00"),
            ("身份证号(码)", "claimant_id 1.00"),
            ("一卡通(社保卡)账号", "account 1.00"),
            ("乡镇(街道)", "town_name 1.00"),
            ("补贴标准（元/亩）", "rate_yuan_per_mu [元/亩] 1.00"),
            ("补贴（元）", "amount_yuan [元] 1.00"),
            ("2024年补贴金额（万元）", "amount_yuan [万元] 1.00"),
            ("申报面积亩", "area_mu [亩] 0.98"),
            ("小麦面积(亩)", "area_mu wheat [亩] 1.00"),
            ("玉米补贴金额", "amount_yuan maize 1.00"),
            ("面积（亩）|小麦", "area_mu wheat [亩] 1.00"),
            ("面积|小计", "area_mu sum 1.00"),
            ("小麦|面积（亩）", "area_mu wheat [亩] 1.00"),
            ("小麦|补贴标准", "rate_yuan_per_mu wheat 1.00"),
            ("补贴面积|亩", "area_mu [亩] 0.98"),
            ("补贴面积|（公顷）", "area_mu [公顷] 0.95"),
            ("补贴|金额", "amount_yuan 0.95"),
            ("农户基本情况|身份证号码", "claimant_id 0.90"),
            ("2024年补贴公示表|姓名", "claimant_name 0.90"),
            ("面积", "land_area 1.00"),
            ("area_mu", "area_mu 1.00"),
            ("补帖面机", "-"),
            ("小麦", "-"),
        ] {
            assert_eq!(show("claims", label), expected, "{label}");
        }
        assert_eq!(show("baselines", "小麦播种面积(公顷)"), "area_mu wheat [公顷] 1.00");
        assert_eq!(show("baselines", "耕地面积"), "area_mu arable 1.00");
        assert_eq!(show("villages", "村名"), "name 1.00");
    }

    /// Model field of the reference list → ours.
    fn ours(field: &str) -> &str {
        match field {
            "area_mu (claimed)" => "area_mu",
            "baseline:contracted" => "contract_area_mu",
            "land_area (ambiguous)" => "land_area",
            "trust_area (代耕代种 / transferred in)" => "trust_area_mu",
            "no_subsidy_area (deduction)" => "no_subsidy_area_mu",
            "approved_on/paid_on" => "paid_on",
            "total row" => "total",
            other => other,
        }
    }

    #[test]
    fn all_110_spellings_of_two_subsidy_systems_are_known() {
        let folder = std::env::var_os("QINGMU_REFERENCE_DATA").map_or_else(
            || concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into(),
            std::path::PathBuf::from,
        );
        let Ok(text) = std::fs::read_to_string(folder.join("headers/header_aliases.csv")) else {
            println_skip();
            return;
        };
        let mut seen = 0;
        for line in text.lines().skip(1) {
            let mut parts = line.split(',');
            let (Some(field), Some(header)) = (parts.next(), parts.next()) else { continue };
            let found = meaning("claims", &[header.to_owned()]).map(|m| m.field);
            assert_eq!(found, Some(ours(field)), "{header}");
            seen += 1;
        }
        assert_eq!(seen, 110);
    }

    #[allow(clippy::print_stdout, reason = "tells that the reference data are not there")]
    fn println_skip() {
        println!("skipped: reference data not present");
    }

    #[test]
    fn headers_of_a_working_township_system_are_known() {
        for header in [
            "序号",
            "县",
            "乡镇(街道)",
            "村",
            "组",
            "村民小组",
            "户主姓名",
            "姓名",
            "农户姓名",
            "身份证号(码)",
            "与户主关系",
            "承包(地)面积",
            "确权面积",
            "计税面积",
            "种植面积",
            "实际种植面积",
            "申报面积",
            "代耕代种面积",
            "流入面积",
            "流出面积",
            "不予补贴面积",
            "核定补贴面积",
            "补贴面积(亩)",
            "计入超限面积",
            "不计超限面积",
            "作物",
            "品种",
            "季别",
            "补贴标准(元/亩)",
            "补贴金额",
            "发放金额",
            "应发",
            "实发(元)",
            "一卡通(社保卡)账号",
            "银行卡号",
            "开户行",
            "户名",
            "联系电话",
            "代领人",
            "代领备注",
            "打款日期",
            "备注",
            "签字",
        ] {
            assert!(meaning("claims", &[header.to_owned()]).is_some(), "{header}");
        }
    }
}
