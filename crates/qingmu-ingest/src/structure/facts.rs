//! What stands around a table: titles, the unit line, the sheet's name.

use super::groups::group_number;
use crate::{
    header::{half_width, programme, word_within},
    regions::Villages,
    units::{Measure, SourceUnit, units_in},
};
use qingmu_sheets::{RawSheet, Value};

/// Facts that hold for every row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// Texts above the header, in order.
    pub(crate) titles: Vec<String>,
    /// Unit of areas, if exactly one is named.
    pub(crate) area_unit: Option<SourceUnit>,
    /// Unit of money, if exactly one is named.
    pub(crate) money_unit: Option<SourceUnit>,
    /// The one year named.
    pub(crate) year: Option<i16>,
    /// Season code.
    pub(crate) season: Option<&'static str>,
    /// Programme code.
    pub(crate) programme: Option<&'static str>,
    /// Crop.
    pub(crate) crop: Option<&'static str>,
    /// Source of a baseline.
    pub(crate) source: Option<&'static str>,
    /// Code of the one village named.
    pub(crate) village: Option<String>,
    /// Group that the sheet's name states.
    pub(crate) group: Option<i16>,
}

/// Reads the rows above the header and the sheet's name.
pub(crate) fn facts(
    sheet: &RawSheet,
    header: u32,
    villages: &Villages,
    town: Option<&str>,
) -> Facts {
    let titles: Vec<String> = sheet
        .rows
        .range(..header)
        .flat_map(|(_, row)| row.values())
        .filter_map(|cell| match &cell.value {
            Value::Text(text) => Some(half_width(text).trim().to_owned()),
            _ => None,
        })
        .filter(|text| !text.is_empty())
        .collect();
    let (units, prose): (Vec<&String>, Vec<&String>) =
        titles.iter().partition(|text| text.contains("单位:") && !units_in(text).is_empty());
    let units: Vec<SourceUnit> = units.into_iter().flat_map(|text| units_in(text)).collect();
    let one_unit = |measure| one(units.iter().copied().filter(|u| u.measure() == measure));
    let name = half_width(&sheet.name);
    // The sheet's name is nearest to the rows, so it is asked first.
    let mut texts = vec![name.as_str()];
    texts.extend(prose.iter().map(|t| t.as_str()));
    let first = |find: &dyn Fn(&str) -> Option<&'static str>| texts.iter().find_map(|t| find(t));
    let programme = first(&|t| programme(t));
    let village = texts
        .iter()
        .find_map(|t| villages.named_in(t, town))
        .or_else(|| villages.resolve(name.trim(), town).ok().filter(|_| !name.trim().is_empty()));
    Facts {
        area_unit: one_unit(Measure::Area),
        money_unit: one_unit(Measure::Money),
        year: texts.iter().find_map(|t| one(years(t).into_iter())),
        season: first(&|t| word_within("season", t)),
        // 玉米大豆生产者补贴 names a programme, not two crops.
        crop: if programme.is_some() { None } else { first(&|t| word_within("crop", t)) },
        programme,
        source: first(&|t| word_within("source", t)),
        village: village.map(str::to_owned),
        group: group_number(&name).filter(|_| !name.trim().bytes().all(|b| b.is_ascii_digit())),
        titles,
    }
}

/// The one distinct value.
fn one<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|v| v == first).then_some(first)
}

/// Years followed by 年, from 1900 to 2200.
fn years(text: &str) -> Vec<i16> {
    text.match_indices('年')
        .filter_map(|(at, _)| {
            let digits = text.get(at.checked_sub(4)?..at)?;
            let longer = text[..at - 4].ends_with(|c: char| c.is_ascii_digit());
            let good = !longer && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|y| good && (1900..=2200).contains(y))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture::sheet, regions::VillageRow};

    // Invented names and codes.
    fn villages() -> Villages {
        let row = |code: &str, name: &str| VillageRow {
            code: code.into(),
            name: name.into(),
            town: "甲山镇".into(),
        };
        Villages::new([row("990101101201", "东沟村委会"), row("990101101202", "南庄村委会")], 9)
    }

    #[test]
    fn titles_tell_year_programme_units_and_village() {
        let mut sheet = sheet(
            "甲山镇东沟村２０２４年耕地地力保护补贴公示表\n填报单位：甲山镇人民政府,,计量单位：亩、元\n姓名,面积",
        );
        let found = facts(&sheet, 2, &villages(), None);
        assert_eq!(
            (found.year, found.programme, found.season),
            (Some(2024), Some("FERTILITY"), None)
        );
        assert_eq!(
            (found.area_unit, found.money_unit),
            (Some(SourceUnit::Mu), Some(SourceUnit::Yuan))
        );
        assert_eq!((found.village.as_deref(), found.titles.len()), (Some("990101101201"), 3));
        sheet.name = "南庄村".to_owned();
        assert_eq!(facts(&sheet, 2, &villages(), None).village.as_deref(), Some("990101101202"));
        sheet.name = "十二组".to_owned();
        assert_eq!(facts(&sheet, 2, &villages(), None).group, Some(12));
        sheet.name = "2".to_owned();
        assert_eq!(
            facts(&sheet, 2, &villages(), None).group,
            None,
            "a bare number is a sheet's number"
        );
    }

    #[test]
    fn two_answers_are_none() {
        let sheet = sheet("2023年至2024年补贴\n单位：亩、公顷、元\n小春、大春\n姓名,面积");
        let found = facts(&sheet, 3, &villages(), None);
        assert_eq!((found.year, found.area_unit, found.season), (None, None, None));
        assert_eq!(found.money_unit, Some(SourceUnit::Yuan));
        assert_eq!(years("12024年"), []);
        assert_eq!(years("年"), []);
    }

    #[test]
    fn a_yearbook_names_itself() {
        let sheet = sheet("某县统计年鉴2023年 小春小麦\n村名,面积");
        let found = facts(&sheet, 1, &villages(), None);
        assert_eq!(
            (found.source, found.crop, found.season),
            (Some("stat_yearbook"), Some("wheat"), Some("S"))
        );
    }
}
