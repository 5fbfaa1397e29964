//! One label to one meaning, with a score that says how sure it is.

use super::aliases::{self, Alias};
use qingmu_cells::{Plain, SourceUnit, chinese, plain, unit_behind, units_in};

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
    /// Year that the header names.
    pub(crate) year: Option<i16>,
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
    let year = plains.iter().rev().find_map(|p| p.year);
    let (last, upper) = plains.split_last()?;
    let found = match upper {
        [] => single(table, last),
        upper => several(table, upper, last),
    }?;
    if quantity(found.field).is_some() && upper.iter().any(of_another_time) {
        return None;
    }
    Some(Meaning { unit: unit.or(found.unit), year, ..found })
}

/// Whether a title over columns says that their figures are not those of the rows: 上年, 累计, 调整前.
fn of_another_time(upper: &Plain) -> bool {
    const OTHER: [&str; 10] =
        ["上年", "去年", "上一年", "上期", "往年", "历年", "累计", "调整前", "变更前", "核减"];
    OTHER.iter().any(|word| upper.without.contains(word))
}

/// The one unit in a label's brackets.
fn unit_of(plain: &Plain) -> Option<SourceUnit> {
    let mut units = plain.notes.iter().flat_map(|note| units_in(note));
    let unit = units.next()?;
    units.next().is_none().then_some(unit)
}

fn simple(alias: Alias, score: f64, unit: Option<SourceUnit>) -> Meaning {
    let Alias { field, rank } = alias;
    Meaning { field, crop: None, subtotal: false, unit, score, rank, year: None }
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
    let chinese = names.into_iter().filter_map(chinese).find_map(|name| {
        let alias = aliases::find(table, &name)?;
        Some(simple(alias, 0.9, None))
    });
    chinese.or_else(|| crop_and(table, &plain.without))
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
            ("姓名 Name", "claimant_name 0.90"),
            ("ID No./身份证号", "claimant_id 0.90"),
            ("面积|其中：小麦", "area_mu wheat 1.00"),
            ("上年|补贴面积", "-"),
            ("累计|补贴金额", "-"),
            ("调整前|补贴面积（亩）", "-"),
            ("补贴面积占比（%）", "-"),
        ] {
            assert_eq!(show("claims", label), expected, "{label}");
        }
        assert_eq!(show("baselines", "小麦播种面积(公顷)"), "area_mu wheat [公顷] 1.00");
        assert_eq!(show("baselines", "耕地面积"), "area_mu arable 1.00");
        assert_eq!(show("villages", "村名"), "name 1.00");
    }

    #[test]
    fn all_110_spellings_of_two_subsidy_systems_are_known() {
        let mut seen = 0;
        for line in include_str!("spellings.csv").lines().skip(1) {
            let Some((field, header)) = line.split_once(',') else { continue };
            let found = meaning("claims", &[header.to_owned()]);
            assert_eq!(found.as_ref().map(|m| m.field), Some(field), "{header}");
            assert!(found.is_some_and(|m| m.score >= 0.9), "{header}");
            seen += 1;
        }
        assert_eq!(seen, 110);
    }

    #[test]
    fn headers_of_a_working_township_system_are_known() {
        for (header, field) in [
            ("序号", "row_no"),
            ("县", "county_name"),
            ("乡镇(街道)", "town_name"),
            ("村", "village_name"),
            ("组", "group_no"),
            ("村民小组", "group_no"),
            ("户主姓名", "claimant_name"),
            ("姓名", "claimant_name"),
            ("农户姓名", "claimant_name"),
            ("身份证号(码)", "claimant_id"),
            ("与户主关系", "relation"),
            ("承包(地)面积", "contract_area_mu"),
            ("确权面积", "confirmed_area_mu"),
            ("计税面积", "tax_area_mu"),
            ("种植面积", "area_mu"),
            ("实际种植面积", "land_area"),
            ("申报面积", "area_mu"),
            ("代耕代种面积", "trust_area_mu"),
            ("流入面积", "trust_area_mu"),
            ("流出面积", "leased_out_mu"),
            ("不予补贴面积", "no_subsidy_area_mu"),
            ("核定补贴面积", "area_mu"),
            ("补贴面积(亩)", "area_mu"),
            ("计入超限面积", "over_limit_mu"),
            ("不计超限面积", "no_subsidy_area_mu"),
            ("作物", "crop"),
            ("品种", "crop"),
            ("季别", "season"),
            ("补贴标准(元/亩)", "rate_yuan_per_mu"),
            ("补贴金额", "amount_yuan"),
            ("发放金额", "amount_yuan"),
            ("应发", "amount_yuan"),
            ("实发(元)", "amount_yuan"),
            ("一卡通(社保卡)账号", "account"),
            ("银行卡号", "account"),
            ("开户行", "bank_name"),
            ("户名", "account_holder"),
            ("联系电话", "phone"),
            ("代领人", "proxy"),
            ("代领备注", "proxy"),
            ("打款日期", "paid_on"),
            ("备注", "remark"),
            ("签字", "signature"),
            ("面积|小麦", "area_mu"),
            ("面积|玉米", "area_mu"),
            ("面积|小计", "area_mu"),
        ] {
            let levels: Vec<String> = header.split('|').map(str::to_owned).collect();
            assert_eq!(meaning("claims", &levels).map(|m| m.field), Some(field), "{header}");
        }
    }
}
