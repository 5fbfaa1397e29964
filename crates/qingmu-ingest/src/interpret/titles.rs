//! Several tables one below the other on one sheet: what each one's own title says holds for its rows alone.

use super::{
    Context,
    heading::{self, Block, Stated},
    plan::Plan,
};
use crate::structure::{Facts, footer, stated_by, total_label};
use qingmu_cells::half_width;
use qingmu_model::RejectCode;
use std::collections::BTreeMap;

/// Lines above a repeated header that are looked through.
const LINES: usize = 8;
/// Ends of names of tables.
const TABLES: [&str; 8] = ["表", "册", "台账", "台帐", "清单", "名单", "公示", "汇总"];
/// Ends of the names that bodies sign with under a table.
const SIGNED: [&str; 6] = ["委员会", "村委会", "居委会", "政府", "农业站", "财政所"];
/// Words in which 村 is no village's name.
const NO_NAME: [&str; 8] = ["农村", "全村", "各村", "本村", "村级", "村组", "村民", "行政村"];

/// Title lines by the row of the repeated header that they stand above.
#[derive(Debug, Default)]
pub(crate) struct Titles {
    above: BTreeMap<u32, Vec<(u32, Vec<String>)>>,
}

/// What a block's own title makes of its rows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// The same title once more: a new page.
    Page,
    /// A block of its own.
    Block(Block),
    /// Another year, programme, crop or unit than the sheet was planned for.
    Foreign,
}

impl Titles {
    /// Remembers the lines above the header at `row`, the nearest first; `None` ends them.
    pub(crate) fn add(
        &mut self,
        row: u32,
        above: impl Iterator<Item = (u32, Option<Vec<String>>)>,
        known: &[String],
    ) {
        let mut lines: Vec<(u32, Vec<String>)> = above
            .take(LINES)
            .map_while(|(row, texts)| Some((row, texts.filter(|t| may_be_title(t, known))?)))
            .collect();
        lines.reverse();
        // Seal and date above them are the end of the table before.
        let over = lines.iter().take_while(|(_, texts)| texts.iter().all(|t| sealed(t))).count();
        lines.drain(..over);
        let sure = |t: &String| names_table(t) || unit_line(t) || known.contains(t);
        if lines.iter().any(|(_, texts)| texts.iter().any(sure)) {
            self.above.insert(row, lines);
        }
    }

    /// Whether a row is such a line: `Some(true)` where the sheet's own titles stand there once more.
    pub(crate) fn again(&self, row: u32, plan: &Plan) -> Option<bool> {
        let (_, lines) = self.above.range(row..).next()?;
        let inside = lines.iter().any(|(line, _)| *line == row);
        let known = || lines.iter().flat_map(|(_, texts)| texts).all(|t| plan.titles.contains(t));
        inside.then(known)
    }

    /// What stands above the header at `row` says.
    pub(crate) fn opened(
        &self,
        row: u32,
        before: &Block,
        plan: &Plan,
        context: &Context<'_>,
    ) -> Opened {
        let Some(lines) = self.above.get(&row) else { return Opened::Page };
        let texts: Vec<&String> = lines.iter().flat_map(|(_, texts)| texts).collect();
        let texts: Vec<&String> = texts.into_iter().filter(|t| !signed(t)).collect();
        let own = matches!(before.village, Stated::Sheet);
        if texts.iter().all(|t| plan.titles.contains(t)) && own {
            return Opened::Page;
        }
        if differs(plan, &stated_by(&plan.titles, context), &stated_by(&texts, context)) {
            return Opened::Foreign;
        }
        let titled = texts.iter().any(|t| names_table(t));
        let mut block = if titled { untold(before, &texts, plan, context) } else { before.clone() };
        for text in &texts {
            match heading::read(&[(*text).clone()], &block, context) {
                Some(Ok(read)) => block = read,
                Some(Err(RejectCode::OutOfPlace)) | None => {}
                Some(Err(code)) => {
                    block = Block { village: Stated::Unknown(code), ..Block::default() };
                }
            }
        }
        Opened::Block(block)
    }
}

/// A block whose title names no village: what the sheet's first title said is not about it.
fn untold(before: &Block, texts: &[&String], plan: &Plan, context: &Context<'_>) -> Block {
    let named = |text: &String| context.villages.named_in(text, context.town).is_some();
    let village = if texts.iter().any(|t| names_village(t)) {
        Stated::Unknown(RejectCode::UnknownVillage)
    } else if before.village != Stated::Sheet || plan.titles.iter().any(named) {
        Stated::Unknown(RejectCode::MissingValue)
    } else {
        Stated::Sheet
    };
    Block { village, ..Block::default() }
}

fn differs(plan: &Plan, first: &Facts, own: &Facts) -> bool {
    let column = |field: &str| {
        plan.bound.iter().any(|b| b.field == field || (field == "crop" && b.crop.is_some()))
    };
    let other = |field: &str, differs: bool| differs && !column(field);
    other("year", own.year.is_some() && own.year != first.year)
        || other("season", own.season.is_some() && own.season != first.season)
        || other("programme", own.programme.is_some() && own.programme != first.programme)
        || other("crop", own.crop.is_some() && own.crop != first.crop)
        || other("source", own.source.is_some() && own.source != first.source)
        || (first.area_unit.is_some()
            && own.area_unit.is_some()
            && own.area_unit != first.area_unit)
        || (first.money_unit.is_some()
            && own.money_unit.is_some()
            && own.money_unit != first.money_unit)
}

/// Whether every text of a line is one that stands above tables: a record is never taken for a title.
fn may_be_title(texts: &[String], known: &[String]) -> bool {
    let dated = |t: &String| t.contains('年');
    let place = |t: &String| names_village(t) || t.ends_with(['镇', '乡']) || t.ends_with("街道");
    let above = |t: &String| {
        let ends = total_label(t).is_some() || (footer(t) && !t.contains("填报单位"));
        let fits = names_table(t) || unit_line(t) || signed(t) || dated(t) || place(t);
        known.contains(t) || (fits && !ends)
    };
    texts.iter().all(above) && (texts.len() <= 2 || texts.iter().all(|t| known.contains(t)))
}

fn unit_line(text: &str) -> bool {
    squeezed(text).contains("单位:")
}

fn squeezed(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a text is a table's title.
pub(crate) fn names_table(text: &str) -> bool {
    let text = squeezed(text);
    let name = text.split(['(', ':']).next().unwrap_or(&text);
    let name = name.strip_suffix("单位").unwrap_or(name);
    TABLES.iter().any(|end| name.ends_with(end))
}

fn signed(text: &str) -> bool {
    let text = squeezed(text);
    SIGNED.iter().any(|end| text.trim_end_matches("(盖章)").ends_with(end))
}

/// Whether a text is a body's signature or a bare date.
fn sealed(text: &str) -> bool {
    let text = squeezed(text);
    let date = |c: char| c.is_ascii_digit() || "年月日-/.".contains(c);
    signed(&text) || text.chars().all(date)
}

fn names_village(text: &str) -> bool {
    let text = NO_NAME.iter().fold(squeezed(text), |text, word| text.replace(word, ""));
    text.contains('村') || text.contains("社区")
}
