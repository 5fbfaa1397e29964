//! Merged regions, hidden rows and columns of .xlsx sheets, which calamine's cell reader passes over.

use crate::error::Refusal;
use crate::sheet::Merge;
use crate::workbook::Sink;
use crate::zipcheck::{Archive, attribute, broken, normal, region};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::io::BufReader;

fn xml(part: &str) -> Refusal {
    Refusal::damaged(
        format!("部件 {part} 的 XML 损坏"),
        format!("the XML of part {part} is damaged"),
    )
}

/// Calls back for every start tag of a part.
fn tags(
    archive: &mut Archive<'_>,
    part: &str,
    mut each: impl FnMut(&BytesStart<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    // Part names are compared without case, and both slashes occur.
    let index = (0..archive.len()).find(|i| {
        let name = archive.name_for_index(*i).and_then(Result::ok);
        name.is_some_and(|n| normal(&n).eq_ignore_ascii_case(part))
    });
    let index = index.ok_or_else(|| {
        Refusal::damaged(format!("缺少部件 {part}"), format!("part {part} is missing"))
    })?;
    let file = archive.by_index(index).map_err(|e| broken(&e))?;
    let mut reader = Reader::from_reader(BufReader::new(file));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| xml(part))? {
            Event::Start(tag) | Event::Empty(tag) => each(&tag)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Part of every sheet by its name.
pub(super) fn sheet_parts(archive: &mut Archive<'_>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut book = String::from("xl/workbook.xml");
    tags(archive, "_rels/.rels", |tag| {
        let kind = attribute(tag, "Type").unwrap_or_default();
        if kind.ends_with("/officeDocument") {
            book = normal(&attribute(tag, "Target").unwrap_or_default());
        }
        Ok(())
    })?;
    let (folder, file) = book.rsplit_once('/').map_or(("", book.as_str()), |(d, f)| (d, f));
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut targets = BTreeMap::new();
    tags(archive, &format!("{prefix}_rels/{file}.rels"), |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            let inside = !target.starts_with('/');
            let part = if inside { format!("{prefix}{target}") } else { normal(&target) };
            targets.insert(id, part);
        }
        Ok(())
    })?;
    let mut parts = BTreeMap::new();
    tags(archive, &book, |tag| {
        if tag.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(tag, "name"), attribute(tag, "id"))
            && let Some(part) = targets.get(&id)
        {
            parts.insert(name, part.clone());
        }
        Ok(())
    })?;
    Ok(parts)
}

/// Merged regions, hidden rows and columns of one sheet.
pub(super) fn read<S: Sink>(
    archive: &mut Archive<'_>,
    part: &str,
    sink: &mut S,
) -> Result<(), Refusal> {
    let mut row = 0u32;
    tags(archive, part, |tag| {
        match tag.local_name().as_ref() {
            "row" => {
                // A row without its number follows the one before.
                let number = attribute(tag, "r").and_then(|r| r.parse::<u32>().ok());
                row = number.map_or(row.saturating_add(1), |n| n);
                let hidden = attribute(tag, "hidden");
                if hidden.is_some_and(|h| h == "1" || h == "true") && row > 0 {
                    sink.hidden_row(row - 1)?;
                }
            }
            "col" if attribute(tag, "hidden").is_some_and(|h| h == "1" || h == "true") => {
                let number = |name: &str| {
                    attribute(tag, name).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0)
                };
                let (first, last) = (number("min"), number("max"));
                if first >= 1 && first <= last {
                    sink.hidden_columns(first - 1, last - 1)?;
                }
            }
            "mergeCell" => {
                let found = attribute(tag, "ref").and_then(|r| region(&r));
                let (start, end) = found.ok_or_else(|| {
                    Refusal::damaged(
                        format!("部件 {part} 有无法识别的合并区域"),
                        format!("part {part} has a merged region that cannot be"),
                    )
                })?;
                sink.merge(Merge { start, end })?;
            }
            _ => {}
        }
        Ok(())
    })
}
