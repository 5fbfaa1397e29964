//! What stands around a table: titles, the unit line, the sheet's name.

use super::group_number;
use crate::{
    intake::Names,
    interpret::{Context, Warning},
};
use qingmu_cells::{Measure, SourceUnit, half_width, programme, units_in, word_within};
use qingmu_sheets::{RawSheet, Value};
use std::collections::BTreeMap;

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
    /// Digits of the one town that a title names, where none is stated.
    pub(crate) town: Option<String>,
    /// Code of the one village named.
    pub(crate) village: Option<String>,
    /// Group that the sheet's name states.
    pub(crate) group: Option<i16>,
    /// Fields that nothing but the file's name states.
    pub(crate) by_file: Vec<&'static str>,
}

impl Facts {
    /// A warning about what was taken from the file's name alone.
    pub(crate) fn file_name_warning(
        &self,
        used: &BTreeMap<&'static str, String>,
        file: &str,
    ) -> Option<Warning> {
        let used: Vec<String> = self
            .by_file
            .iter()
            .filter_map(|field| Some(format!("{field} = {}", used.get(field)?)))
            .collect();
        let list = used.join(" ");
        (!used.is_empty()).then(|| {
            Warning::new(
                "from_file_name",
                1,
                format!("{list} 取自文件名 {file}，请核对"),
                format!("{list} was taken from the file's name {file}: check"),
            )
        })
    }
}

/// Reads the rows above the header, the sheet's name and, where these are silent, the file's name.
pub(crate) fn facts(sheet: &RawSheet, header: u32, context: &Context<'_>) -> Facts {
    let above = sheet.rows.range(..header).flat_map(|(_, row)| row.values());
    let raw: Vec<&String> = above
        .filter_map(|cell| if let Value::Text(text) = &cell.value { Some(text) } else { None })
        .filter(|text| !text.trim().is_empty())
        .collect();
    let titles: Vec<String> = raw.iter().map(|text| half_width(text).trim().to_owned()).collect();
    let (prose, units) = prose_and_units(&titles);
    let name = half_width(&sheet.name);
    let town = context.town.is_none().then(|| {
        let towns: Vec<&str> =
            prose.iter().filter_map(|text| context.villages.town_in(text)).collect();
        one(towns.into_iter()).map(str::to_owned)
    });
    let town = town.flatten();
    let context = &Context { town: context.town.or(town.as_deref()), ..context.clone() };
    // The sheet's name is nearest to the rows, so it is asked first.
    let mut texts = vec![name.as_str()];
    texts.extend(prose);
    let mut found = of_texts(&texts, context);
    let sheet_village = context.villages.resolve(name.trim(), context.town).ok();
    found.village = found
        .village
        .or_else(|| sheet_village.filter(|_| !name.trim().is_empty()).map(str::to_owned))
        .or_else(|| as_written(&name, context));
    found.by_name_of(context);
    found.area_unit = one_unit(&units, Measure::Area);
    found.money_unit = one_unit(&units, Measure::Money);
    found.group = group_number(&name).filter(|_| !name.trim().bytes().all(|b| b.is_ascii_digit()));
    found.town.clone_from(&town);
    found.titles = raw.into_iter().map(|text| text.trim().to_owned()).collect();
    found
}

/// What the titles of one table on a sheet say.
pub(crate) fn stated_by(titles: &[impl AsRef<str>], context: &Context<'_>) -> Facts {
    let titles: Vec<String> =
        titles.iter().map(|t| half_width(t.as_ref()).trim().to_owned()).collect();
    let (prose, units) = prose_and_units(&titles);
    Facts {
        area_unit: one_unit(&units, Measure::Area),
        money_unit: one_unit(&units, Measure::Money),
        ..of_texts(&prose, context)
    }
}

/// Titles without their units, and the units. `甲山镇2024年公示表 单位:亩、元` is both in one cell; 填报单位 names
/// no unit.
fn prose_and_units(titles: &[String]) -> (Vec<&str>, Vec<SourceUnit>) {
    let (mut prose, mut units) = (Vec::new(), Vec::new());
    for text in titles {
        let places = [text.rfind("单位:"), text.find("单位:")].into_iter().flatten();
        let found =
            places.map(|at| (at, units_in(&text[at..]))).find(|(_, units)| !units.is_empty());
        match found {
            Some((at, named)) => {
                units.extend(named);
                let front = text[..at].trim_end_matches("计量").trim_end_matches(['(', '[', ',']);
                prose.extend(Some(front.trim()).filter(|t| !t.is_empty()));
            }
            None => prose.push(text.as_str()),
        }
    }
    (prose, units)
}

fn one_unit(units: &[SourceUnit], measure: Measure) -> Option<SourceUnit> {
    one(units.iter().copied().filter(|u| u.measure() == measure))
}

/// What texts say, the first that says it.
fn of_texts(texts: &[&str], context: &Context<'_>) -> Facts {
    let first = |find: &dyn Fn(&str) -> Option<&'static str>| texts.iter().find_map(|t| find(t));
    let programme = first(&|t| programme(t));
    let village = texts.iter().find_map(|t| context.villages.named_in(t, context.town));
    Facts {
        year: texts.iter().find_map(|t| one(years(t).into_iter())),
        // 2024年度 states a year; 全年度 says that the whole of it is meant.
        season: first(&|t| word_within("season", &t.replace("年度", "年"))),
        // 玉米大豆生产者补贴 names a programme, not two crops.
        crop: if programme.is_some() { None } else { first(&|t| word_within("crop", t)) },
        programme,
        source: first(&|t| word_within("source", t)),
        village: village.map(str::to_owned),
        ..Facts::default()
    }
}

/// Where there is no villages table and names may stay as written: a sheet named after a village.
fn as_written(name: &str, context: &Context<'_>) -> Option<String> {
    let looking = context.villages.is_empty() && context.names == Names::AsWritten;
    let name = name.trim();
    let village = ["村", "社区", "村委会", "居委会"].iter().any(|end| name.ends_with(end));
    (looking && village).then(|| name.to_owned())
}

impl Facts {
    /// Fills in what only the file's name says.
    fn by_name_of(&mut self, context: &Context<'_>) {
        let stem = context.file.rsplit_once('.').map_or(context.file, |(stem, _)| stem);
        let stem = half_width(stem);
        let mut file = of_texts(&[&stem], context);
        file.year = file.year.or_else(|| bare_year(&stem));
        let mut told = Vec::new();
        let mut tell = |field, silent: bool, said: bool| {
            if silent && said {
                told.push(field);
            }
            silent
        };
        if tell("year", self.year.is_none(), file.year.is_some()) {
            self.year = file.year;
        }
        if tell("season", self.season.is_none(), file.season.is_some()) {
            self.season = file.season;
        }
        if self.programme.is_none() && self.crop.is_none() {
            tell("crop", true, file.crop.is_some());
            self.crop = file.crop;
        }
        if tell("programme", self.programme.is_none(), file.programme.is_some()) {
            self.programme = file.programme;
        }
        if tell("source", self.source.is_none(), file.source.is_some()) {
            self.source = file.source;
        }
        if tell("village_code", self.village.is_none(), file.village.is_some()) {
            self.village = file.village;
        }
        self.by_file = told;
    }
}

/// The one number of four digits in a file's name that can be a year: `claims_2024_v2`.
fn bare_year(text: &str) -> Option<i16> {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    one(runs.filter_map(|run| run.parse().ok()).filter(|y| (1980..=2100).contains(y)))
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
    use crate::fixture::sheet;
    use qingmu_cells::{VillageRow, Villages};
    use qingmu_model::RegionLevels;

    fn read(sheet: &RawSheet, header: u32, town: Option<&str>) -> Facts {
        named("台账.xls", sheet, header, town)
    }

    fn named(file: &str, sheet: &RawSheet, header: u32, town: Option<&str>) -> Facts {
        let (villages, levels) = (villages(), RegionLevels::china());
        facts(sheet, header, &Context { town, ..Context::new(file, &villages, &levels) })
    }

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
        let found = read(&sheet, 2, None);
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
        assert_eq!(read(&sheet, 2, None).village.as_deref(), Some("990101101202"));
        sheet.name = "十二组".to_owned();
        assert_eq!(read(&sheet, 2, None).group, Some(12));
        sheet.name = "2".to_owned();
        assert_eq!(read(&sheet, 2, None).group, None, "a bare number is a sheet's number");
    }

    #[test]
    fn a_title_with_its_unit_in_one_cell_is_both() {
        for text in [
            "甲山镇东沟村2024年耕地地力保护补贴公示表 单位：亩、元",
            "甲山镇东沟村2024年耕地地力保护补贴公示表（计量单位：亩、元）",
            "填报单位：甲山镇东沟村 2024年耕地地力保护补贴 计量单位：亩、元",
        ] {
            let found = read(&sheet(&format!("{text}\n姓名,面积")), 1, None);
            let facts = (found.year, found.programme, found.village.as_deref());
            assert_eq!(facts, (Some(2024), Some("FERTILITY"), Some("990101101201")), "{text}");
            let units = (found.area_unit, found.money_unit);
            assert_eq!(units, (Some(SourceUnit::Mu), Some(SourceUnit::Yuan)), "{text}");
        }
    }

    #[test]
    fn a_title_names_the_town_where_none_is_stated() {
        let sheet = sheet("甲山镇2024年补贴公示表\n姓名,面积");
        assert_eq!(read(&sheet, 1, None).town.as_deref(), Some("990101101"));
        assert_eq!(read(&sheet, 1, Some("甲山镇")).town, None);
    }

    #[test]
    fn two_answers_are_none() {
        let sheet = sheet("2023年至2024年补贴\n单位：亩、公顷、元\n小春、大春\n姓名,面积");
        let found = read(&sheet, 3, None);
        assert_eq!((found.year, found.area_unit, found.season), (None, None, None));
        assert_eq!(found.money_unit, Some(SourceUnit::Yuan));
        assert_eq!(years("12024年"), []);
        assert_eq!(years("年"), []);
    }

    #[test]
    fn a_yearbook_names_itself() {
        let sheet = sheet("某县统计年鉴2023年 小春小麦\n村名,面积");
        let found = read(&sheet, 1, None);
        assert_eq!(
            (found.source, found.crop, found.season),
            (Some("stat_yearbook"), Some("wheat"), Some("S"))
        );
    }

    #[test]
    fn the_file_s_name_speaks_where_the_sheet_is_silent() {
        let sheet = sheet("村名,面积");
        let found = named("东沟村_2023统计年鉴.csv", &sheet, 0, Some("甲山镇"));
        assert_eq!((found.year, found.source), (Some(2023), Some("stat_yearbook")));
        assert_eq!(found.village.as_deref(), Some("990101101201"));
        assert_eq!(found.by_file, ["year", "source", "village_code"]);
        let used = BTreeMap::from([("year", "2023".to_owned())]);
        let warning = found.file_name_warning(&used, "东沟村_2023统计年鉴.csv");
        assert_eq!(
            warning.map(|w| (w.text.zh, w.text.en)),
            Some((
                "year = 2023 取自文件名 东沟村_2023统计年鉴.csv，请核对".to_owned(),
                "year = 2023 was taken from the file's name 东沟村_2023统计年鉴.csv: check"
                    .to_owned()
            ))
        );
        assert_eq!(found.file_name_warning(&BTreeMap::new(), "x"), None);
        assert_eq!(bare_year("20240501"), None);
        assert_eq!(bare_year("2023_2024"), None);
    }
}
