//! Lines inside a sheet that say whose rows follow: 东沟村, 二、南庄村, 村名：东沟村 三组, 甲山镇.

use super::Context;
use crate::{
    intake::Names,
    structure::{footer, group_number, village_and_group},
};
use qingmu_cells::half_width;
use qingmu_model::RejectCode;
use qingmu_sheets::{Cell, RawSheet, Row, Value};

/// What the last heading says about the rows below it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Block {
    pub(crate) village: Stated,
    pub(crate) group: Option<i16>,
    pub(crate) town: Option<String>,
}

/// Village of a block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Stated {
    /// No heading so far: what title and sheet name say holds.
    #[default]
    Sheet,
    /// This village.
    Village(String),
    /// A heading that names nothing known: rows without a village of their own wait.
    Unknown(RejectCode),
}

/// What one text of a heading names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    Village(String, Option<i16>),
    Group(i16),
    Town(String),
    /// A place by its word that is not known, or more than one.
    Unknown(RejectCode),
    Nothing,
}

/// Words before the name of a place.
const LABELS: [&str; 16] = [
    "村名:",
    "村组名称:",
    "村组:",
    "村别:",
    "村:",
    "行政村:",
    "所在村:",
    "村委会:",
    "村(社区):",
    "村民小组:",
    "组别:",
    "组:",
    "乡镇:",
    "镇:",
    "社区:",
    "填报单位:",
];
/// Ends of names of villages and groups.
const PLACES: [&str; 9] = ["村", "社区", "村委会", "居委会", "委员会", "组", "队", "屯", "社"];
/// Ends of names of towns.
const TOWNS: [&str; 5] = ["镇", "乡", "街道", "街道办", "办事处"];

/// Reads the texts of a line that holds no figures. `None`: no heading. A single text that names nothing is one all
/// the same: what it means for the rows below is not known.
pub(crate) fn read(
    texts: &[String],
    before: &Block,
    context: &Context<'_>,
) -> Option<Result<Block, RejectCode>> {
    let town = before.town.as_deref().or(context.town);
    let all: Vec<Named> = texts.iter().map(|t| named(t, town, context)).collect();
    let mut block = before.clone();
    let mut any = false;
    for one in &all {
        any |= *one != Named::Nothing;
        match one {
            Named::Village(code, group) => {
                block.village = Stated::Village(code.clone());
                block.group = *group;
            }
            Named::Group(group) => block.group = Some(*group),
            Named::Town(town) => {
                block = Block { town: Some(town.clone()), ..Block::default() };
                block.village = Stated::Unknown(RejectCode::MissingValue);
            }
            Named::Unknown(_) | Named::Nothing => {}
        }
    }
    // A record without figures names its village and more: a heading names places and labels only.
    let labelled = |text: &String| text.contains([':', '：']);
    if all.iter().zip(texts).any(|(one, text)| *one == Named::Nothing && !labelled(text))
        && texts.len() > 1
    {
        return None;
    }
    let village = all.iter().any(|n| matches!(n, Named::Village(..)));
    let unknown = all.iter().find_map(|n| if let Named::Unknown(c) = n { Some(*c) } else { None });
    match (any, unknown.filter(|_| !village)) {
        (true, Some(code)) => Some(Err(code)),
        (true, None) => Some(Ok(block)),
        (false, _) if texts.len() == 1 => Some(Err(RejectCode::OutOfPlace)),
        (false, _) => None,
    }
}

/// Whether some line below the header is a heading that names a village.
pub(crate) fn names_villages(sheet: &RawSheet, header: u32, context: &Context<'_>) -> bool {
    let named_by = |row: &Row| {
        let text = |cell: &Cell| match &cell.value {
            Value::Text(text) => Some(text.trim().to_owned()),
            _ => None,
        };
        let texts: Option<Vec<String>> = row.values().take(5).map(text).collect();
        let below = |t: &String| footer(t) || t.contains("盖章");
        let texts = texts.filter(|t| t.len() <= 4 && !t.iter().any(below))?;
        let block = read(&texts, &Block::default(), context)?.ok()?;
        matches!(block.village, Stated::Village(_)).then_some(())
    };
    sheet.rows.range(header.saturating_add(1)..).any(|(_, row)| named_by(row).is_some())
}

fn named(text: &str, town: Option<&str>, context: &Context<'_>) -> Named {
    let tidy: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let text = bare(&tidy);
    if text.is_empty() {
        return Named::Nothing;
    }
    let villages = context.villages;
    let as_written = villages.is_empty() && context.names == Names::AsWritten;
    match villages.resolve(text, town) {
        Ok(code) => return Named::Village(code.to_owned(), None),
        Err(RejectCode::AmbiguousVillage) => return Named::Unknown(RejectCode::AmbiguousVillage),
        Err(_) => {}
    }
    if let Some((village, group)) = village_and_group(text) {
        return match villages.resolve(village, town) {
            Ok(code) => Named::Village(code.to_owned(), Some(group)),
            Err(_) if as_written => Named::Village(village.to_owned(), Some(group)),
            Err(code) => Named::Unknown(code),
        };
    }
    let numbered = !text.bytes().all(|b| b.is_ascii_digit());
    if let Some(group) = group_number(text).filter(|_| numbered) {
        return Named::Group(group);
    }
    if TOWNS.iter().any(|end| text.ends_with(end)) && text.chars().count() <= 12 {
        return Named::Town(text.to_owned());
    }
    if let Some(code) = villages.named_in(text, town) {
        return Named::Village(code.to_owned(), None);
    }
    if PLACES.iter().any(|end| text.ends_with(end)) && text.chars().count() <= 16 {
        return if as_written && !text.ends_with(['组', '队', '屯']) {
            Named::Village(text.to_owned(), None)
        } else {
            Named::Unknown(RejectCode::UnknownVillage)
        };
    }
    Named::Nothing
}

/// Without the number in front (`二、`, `(3)`, `1.`), the label (`村名:`) and a note behind (`(共35户)`).
fn bare(text: &str) -> &str {
    let digit = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let inside = text.trim_start_matches('(');
    let rest = inside.trim_start_matches(digit);
    let numbered = rest.len() < inside.len() && rest.starts_with(['、', '.', ')']);
    let mut text = if numbered { rest.trim_start_matches(['、', '.', ')']) } else { text };
    if let Some(rest) = LABELS.iter().find_map(|label| text.strip_prefix(label)) {
        text = rest;
    }
    if let Some((name, note)) = text.split_once('(')
        && note.ends_with(')')
        && !name.is_empty()
        && note.contains(['户', '人', '亩', '份'])
    {
        text = name;
    }
    text.trim_end_matches([':', ',', '。'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_cells::{VillageRow, Villages};
    use qingmu_model::RegionLevels;

    // Invented places.
    fn villages() -> Villages {
        let row = |code: &str, name: &str, town: &str| VillageRow {
            code: code.into(),
            name: name.into(),
            town: town.into(),
        };
        Villages::new(
            [
                row("990101101201", "东沟村委会", "甲山镇"),
                row("990101101202", "南庄村委会", "甲山镇"),
                row("990101102201", "东沟村委会", "乙水乡"),
            ],
            9,
        )
    }

    fn show(texts: &[&str], town: Option<&str>) -> String {
        let (villages, levels) = (villages(), RegionLevels::china());
        let context = Context { town, ..Context::new("台账.xls", &villages, &levels) };
        let texts: Vec<String> = texts.iter().map(|t| (*t).to_owned()).collect();
        match read(&texts, &Block::default(), &context) {
            None => "no heading".to_owned(),
            Some(Err(code)) => code.to_string(),
            Some(Ok(block)) => format!("{:?} {:?} {:?}", block.village, block.group, block.town),
        }
    }

    #[test]
    fn headings_of_blocks() {
        let town = Some("甲山镇");
        let east = "Village(\"990101101201\") None None";
        for (text, expected) in [
            ("东沟村", east),
            ("东 沟 村", east),
            ("一、东沟村", east),
            ("(1)东沟村民委员会", east),
            ("村名：东沟村", east),
            ("东沟村（共35户）", east),
            ("甲山镇东沟村2024年补贴发放表", east),
            ("东沟村三组", "Village(\"990101101201\") Some(3) None"),
            ("第二组", "Sheet Some(2) None"),
            ("乙水乡", "Unknown(MissingValue) None Some(\"乙水乡\")"),
            ("西坡村", "unknown_village"),
            ("西坡村二组", "unknown_village"),
            ("以下为补报", "out_of_place"),
        ] {
            assert_eq!(show(&[text], town), expected, "{text}");
        }
        assert_eq!(show(&["东沟村"], None), "ambiguous_village");
        assert_eq!(
            show(&["村：南庄村", "组：四组", "单位：亩"], town),
            "Village(\"990101101202\") Some(4) None"
        );
        assert_eq!(show(&["甲某", "见附件"], town), "no heading");
        assert_eq!(show(&["东沟村", "甲某"], town), "no heading", "a record without figures");
        assert_eq!(show(&["东沟村", "小麦", "2023"], town), "no heading");
    }

    #[test]
    fn without_a_villages_table_names_may_stay_as_written() {
        let (villages, levels) = (Villages::default(), RegionLevels::china());
        let base = Context::new("台账.xls", &villages, &levels);
        let texts = ["东沟村".to_owned()];
        let strict = read(&texts, &Block::default(), &base);
        assert_eq!(strict, Some(Err(RejectCode::UnknownVillage)));
        let looking = Context { names: Names::AsWritten, ..base };
        let named = read(&texts, &Block::default(), &looking).and_then(Result::ok);
        assert_eq!(named.map(|b| b.village), Some(Stated::Village("东沟村".to_owned())));
    }
}
