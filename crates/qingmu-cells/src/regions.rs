//! Village names to codes, inside the stated town; an unsure name waits, it is never guessed.

use crate::text::half_width;
use qingmu_model::RejectCode;
use std::collections::{BTreeMap, BTreeSet};

/// Endings of village committees, longest first.
const VILLAGE: [&str; 6] = ["村民委员会", "村委员会", "村民委", "村委会", "行政村", "村"];
/// Endings of residents' committees, longest first.
const COMMUNITY: [&str; 7] =
    ["社区居民委员会", "居民委员会", "社区居委会", "社区委员会", "居委会", "社区", "社"];
/// Endings of towns.
const TOWN: [&str; 6] = ["街道办事处", "街道办", "街道", "镇", "民族乡", "乡"];

/// A row of the villages table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VillageRow {
    /// Full code.
    pub code: String,
    /// Name as the table has it.
    pub name: String,
    /// Town's name; may be empty.
    pub town: String,
}

/// The villages that names are resolved against.
#[derive(Debug, Clone, Default)]
pub struct Villages {
    town_digits: usize,
    /// Beginning of the codes that names may mean.
    scope: String,
    codes: BTreeSet<String>,
    towns: BTreeMap<String, BTreeSet<String>>,
    /// By (town prefix, bare name): code, with the kind of committee.
    names: BTreeMap<String, Vec<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    code: String,
    full: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Village,
    Community,
    Unstated,
}

impl Villages {
    /// From the rows of a villages table; `town_digits` is the length of a town's prefix (China: 9).
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = VillageRow>, town_digits: usize) -> Self {
        let mut villages = Self { town_digits, ..Self::default() };
        for row in rows {
            let full = tidy(&row.name);
            let (bare, kind) = bare(&full);
            if let (Some(prefix), false) = (row.code.get(..town_digits), row.town.is_empty()) {
                let town = town_name(&row.town);
                villages.towns.entry(town).or_default().insert(prefix.to_owned());
            }
            let known = Known { code: row.code.clone(), full: full.clone(), kind };
            villages.names.entry(bare.to_owned()).or_default().push(known);
            villages.codes.insert(row.code);
        }
        villages
    }

    /// These and others; of a code in both, the others' name is added.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        self.town_digits = self.town_digits.max(others.town_digits);
        self.codes.extend(others.codes);
        for (town, prefixes) in others.towns {
            self.towns.entry(town).or_default().extend(prefixes);
        }
        for (name, known) in others.names {
            let list = self.names.entry(name).or_default();
            for known in known {
                if !list.iter().any(|k| k.code == known.code && k.full == known.full) {
                    list.push(known);
                }
            }
        }
        self
    }

    /// These, where a name means only villages whose code begins so.
    #[must_use]
    pub fn within(self, county: &str) -> Self {
        Self { scope: county.trim().to_owned(), ..self }
    }

    /// Digits of a town's prefix.
    #[must_use]
    pub fn town_digits(&self) -> usize {
        self.town_digits
    }

    /// Number of villages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Whether the table has this code.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.codes.contains(code)
    }

    /// The code of a name inside a town (a name or the digits of its code); without a town, of all towns.
    ///
    /// A name may have its town in front, and a village may be named after its town: 丁镇村 in 丁镇. Every way of
    /// reading it counts; two that mean two villages are no answer.
    ///
    /// # Errors
    /// [`RejectCode::UnknownVillage`] or [`RejectCode::AmbiguousVillage`]; never the nearest name.
    pub fn resolve(&self, name: &str, town: Option<&str>) -> Result<&str, RejectCode> {
        let full = tidy(name);
        let town = town.map(str::trim).filter(|t| !t.is_empty());
        let stated = town.map(|town| self.town_prefixes(town)).transpose()?;
        let mut found: Option<&str> = None;
        let whole = (full.as_str(), stated.clone());
        let behind = self.behind_town(&full, town, stated.as_ref());
        for (name, prefixes) in std::iter::once(whole).chain(behind) {
            match (self.known_as(name, prefixes.as_ref()), found) {
                (Ok(code), Some(other)) if code != other => {
                    return Err(RejectCode::AmbiguousVillage);
                }
                (Ok(code), _) => found = Some(code),
                (Err(RejectCode::UnknownVillage), _) => {}
                (Err(error), _) => return Err(error),
            }
        }
        found.ok_or(RejectCode::UnknownVillage)
    }

    /// What is left of a name behind its town, with the towns that it then lies in.
    fn behind_town<'n>(
        &self,
        full: &'n str,
        town: Option<&str>,
        stated: Option<&BTreeSet<String>>,
    ) -> Vec<(&'n str, Option<BTreeSet<String>>)> {
        let mut found = Vec::new();
        if let Some(rest) = town.and_then(|town| full.strip_prefix(&tidy(town)))
            && is_name(rest)
        {
            found.push((rest, stated.cloned()));
        }
        for word in ["街道", "镇", "乡"] {
            for (at, _) in full.match_indices(word).filter(|(at, _)| *at > 0) {
                let (front, rest) = full.split_at(at + word.len());
                let rest = rest.strip_prefix("办事处").unwrap_or(rest);
                let Some(prefixes) = self.towns.get(&town_name(front)) else { continue };
                let inside: BTreeSet<String> = match stated {
                    Some(stated) => prefixes.intersection(stated).cloned().collect(),
                    None => prefixes.clone(),
                };
                if is_name(rest) && !inside.is_empty() {
                    found.push((rest, Some(inside)));
                }
            }
        }
        found
    }

    /// The one village that has a name, among those whose code begins with one of the prefixes.
    fn known_as(
        &self,
        full: &str,
        prefixes: Option<&BTreeSet<String>>,
    ) -> Result<&str, RejectCode> {
        let (bare, kind) = bare(full);
        let inside = |known: &&Known| {
            known.code.starts_with(&self.scope)
                && prefixes.is_none_or(|p| p.iter().any(|p| known.code.starts_with(p.as_str())))
        };
        let known: Vec<&Known> =
            self.names.get(bare).into_iter().flatten().filter(inside).collect();
        let exact: Vec<&Known> = known.iter().copied().filter(|k| k.full == full).collect();
        let same: Vec<&Known> = known.iter().copied().filter(|k| k.kind == kind).collect();
        let narrowed = [exact, same].into_iter().find(|list| !list.is_empty());
        // A stated kind must fit: 某某社区 is not 某某村.
        let list = match narrowed {
            Some(list) => list,
            None => known
                .into_iter()
                .filter(|k| kind == Kind::Unstated || k.kind == Kind::Unstated)
                .collect(),
        };
        match list[..] {
            [] => Err(RejectCode::UnknownVillage),
            [one, ..] if list.iter().all(|k| k.code == one.code) => Ok(&one.code),
            _ => Err(RejectCode::AmbiguousVillage),
        }
    }

    /// The code of the one village whose full name occurs in a text; for titles and file names. A text that names two
    /// is about neither.
    #[must_use]
    pub fn named_in(&self, text: &str, town: Option<&str>) -> Option<&str> {
        let text = tidy(text);
        let prefixes = town.and_then(|t| self.town_prefixes(t).ok());
        let inside = |known: &&Known| {
            known.code.starts_with(&self.scope)
                && prefixes
                    .as_ref()
                    .is_none_or(|p| p.iter().any(|p| known.code.starts_with(p.as_str())))
        };
        let mut found: Vec<(std::ops::Range<usize>, &str)> = Vec::new();
        for (bare, list) in self.names.iter().filter(|(bare, _)| !bare.is_empty()) {
            for (at, _) in text.match_indices(bare.as_str()) {
                // 李家石桥村 that no list has is not 石桥村.
                if text[..at].chars().next_back().is_some_and(belongs) {
                    continue;
                }
                let behind = &text[at + bare.len()..];
                for known in list.iter().filter(inside) {
                    let ends: &[&str] = match known.kind {
                        Kind::Community => &COMMUNITY,
                        Kind::Village | Kind::Unstated => &["村"],
                    };
                    let end = ends.iter().find(|end| behind.starts_with(**end));
                    found.extend(end.map(|e| (at..at + bare.len() + e.len(), &*known.code)));
                }
            }
        }
        // The longer name wins where it holds the other: 李家庄村 contains 庄村.
        let inner = |span: &std::ops::Range<usize>| {
            let holds = |o: &std::ops::Range<usize>| o.start <= span.start && span.end <= o.end;
            found.iter().any(|(other, _)| other != span && holds(other))
        };
        let mut codes = found.iter().filter(|(span, _)| !inner(span)).map(|(_, code)| *code);
        let code = codes.next()?;
        codes.all(|other| other == code).then_some(code)
    }

    /// Digits of the one town whose full name (甲山镇) stands in a text.
    #[must_use]
    pub fn town_in(&self, text: &str) -> Option<&str> {
        let text = tidy(text);
        let stated = |bare: &str| TOWN.iter().any(|end| text.contains(&format!("{bare}{end}")));
        let mut found = self.towns.iter().filter(|(bare, _)| stated(bare)).collect::<Vec<_>>();
        // The longest name wins: 小甲山镇 contains 甲山镇.
        let longest = found.iter().map(|(bare, _)| bare.chars().count()).max()?;
        found.retain(|(bare, _)| bare.chars().count() == longest);
        let [(_, prefixes)] = found[..] else { return None };
        let mut prefixes = prefixes
            .iter()
            .filter(|p| p.starts_with(&self.scope) || self.scope.starts_with(p.as_str()));
        let prefix = prefixes.next()?;
        prefixes.next().is_none().then_some(prefix.as_str())
    }

    fn town_prefixes(&self, town: &str) -> Result<BTreeSet<String>, RejectCode> {
        let text = tidy(town);
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return match text.get(..self.town_digits) {
                Some(prefix) => Ok(BTreeSet::from([prefix.to_owned()])),
                None => Err(RejectCode::UnknownVillage),
            };
        }
        match self.towns.get(&town_name(&text)) {
            Some(prefixes) if prefixes.len() == 1 => Ok(prefixes.clone()),
            Some(_) => Err(RejectCode::AmbiguousVillage),
            None => Err(RejectCode::UnknownVillage),
        }
    }
}

/// Whether a character in front of a name is part of a longer one: not where a place, a date or a small word ends.
fn belongs(c: char) -> bool {
    const ENDS: &str = "镇乡道处县市区省州旗年度月日号村会组队于在对由从为和与及或关报位至";
    ('\u{3400}'..='\u{9fff}').contains(&c) && !ENDS.contains(c)
}

/// Whether a name is left where the town's was cut off: 口镇村 in 口镇 is named after its town.
fn is_name(rest: &str) -> bool {
    let (name, _) = bare(rest);
    !name.is_empty() && !VILLAGE.contains(&name) && !COMMUNITY.contains(&name)
}

fn tidy(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace()).collect()
}

fn town_name(text: &str) -> String {
    let text = tidy(text);
    let bare = TOWN.iter().find_map(|end| text.strip_suffix(end)).filter(|b| !b.is_empty());
    bare.map_or_else(|| text.clone(), str::to_owned)
}

/// The name without its committee's ending: 甘泽村村委会 and 甘泽村 are both 甘泽.
fn bare(full: &str) -> (&str, Kind) {
    let strip = |text: &'_ str, ends: &[&str]| -> Option<usize> {
        ends.iter().find_map(|e| text.strip_suffix(e)).map(str::len).filter(|n| *n > 0)
    };
    if let Some(n) = strip(full, &COMMUNITY) {
        let inner = strip(&full[..n], &["村"]).unwrap_or(n);
        return (&full[..inner], Kind::Community);
    }
    if let Some(n) = strip(full, &VILLAGE) {
        let inner = strip(&full[..n], &["村"]).unwrap_or(n);
        return (&full[..inner], Kind::Village);
    }
    (full, Kind::Unstated)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Invented names and codes.
    fn villages() -> Villages {
        let row = |code: &str, name: &str, town: &str| VillageRow {
            code: code.into(),
            name: name.into(),
            town: town.into(),
        };
        Villages::new(
            [
                row("990101101201", "东沟村委会", "甲山镇"),
                row("990101101202", "甘井村村委会", "甲山镇"),
                row("990101101001", "东沟社区居委会", "甲山镇"),
                row("990101101203", "高村委会", "甲山镇"),
                row("990101101204", "南庄", "甲山镇"),
                row("990101102201", "东沟村民委员会", "乙水街道"),
                row("990101102202", "李家东沟村委会", "乙水街道"),
                row("990101102203", "北原村", "乙水街道"),
                row("990101102204", "北原村", "乙水街道"),
            ],
            9,
        )
    }

    #[test]
    fn endings_do_not_matter_but_kinds_do() {
        let villages = villages();
        for (name, code) in [
            ("东沟村", "990101101201"),
            ("东沟村委会", "990101101201"),
            ("东 沟 村民委员会", "990101101201"),
            ("东沟社区", "990101101001"),
            ("东沟社区居民委员会", "990101101001"),
            ("甘井", "990101101202"),
            ("甘井村", "990101101202"),
            ("高村", "990101101203"),
            ("南庄村", "990101101204"),
            ("甲山镇东沟村", "990101101201"),
        ] {
            assert_eq!(villages.resolve(name, Some("甲山镇")), Ok(code), "{name}");
        }
        assert_eq!(villages.resolve("东沟村", Some("990101102")), Ok("990101102201"));
        assert_eq!(villages.resolve("乙水街道东沟村", None), Ok("990101102201"));
        assert_eq!(villages.resolve("东沟村", Some("乙水街道办事处")), Ok("990101102201"));
        assert!(villages.has("990101101201") && !villages.is_empty() && villages.len() == 9);
    }

    #[test]
    fn a_village_may_be_named_after_its_town() {
        let row = |code: &str, name: &str| VillageRow {
            code: code.into(),
            name: name.into(),
            town: "丁镇".into(),
        };
        let villages =
            Villages::new([row("990101103201", "丁镇村"), row("990101103202", "下丁村")], 9);
        for name in ["丁镇村", "丁镇丁镇村", "丁镇村村委会", "丁镇村民委员会", "丁镇丁镇村村委会"]
        {
            for town in [Some("丁镇"), Some("990101103"), None] {
                assert_eq!(villages.resolve(name, town), Ok("990101103201"), "{name} {town:?}");
            }
        }
        assert_eq!(villages.resolve("丁镇下丁村", Some("丁镇")), Ok("990101103202"));
        // 丁 is the town too, so 丁镇村 may be 镇村 of 丁: two readings, two villages, no answer.
        let both = Villages::new([row("990101103201", "丁镇村"), row("990101103203", "镇村")], 9);
        assert_eq!(both.resolve("丁镇村", Some("丁")), Err(RejectCode::AmbiguousVillage));
        assert_eq!(both.resolve("丁镇村", Some("丁镇")), Ok("990101103201"));
        // A village of another town has the same name: without a town nobody can tell.
        let row = |code: &str, town: &str| VillageRow {
            code: code.into(),
            name: "丁镇村".into(),
            town: town.into(),
        };
        let two = Villages::new([row("990101103201", "丁镇"), row("990101104201", "戊乡")], 9);
        assert_eq!(two.resolve("丁镇村", None), Err(RejectCode::AmbiguousVillage));
        assert_eq!(two.resolve("丁镇丁镇村村委会", None), Ok("990101103201"));
    }

    #[test]
    fn unsure_names_wait() {
        let villages = villages();
        for (name, town, code) in [
            ("东沟", Some("甲山镇"), RejectCode::AmbiguousVillage),
            ("东沟村", None, RejectCode::AmbiguousVillage),
            ("北原村", Some("乙水"), RejectCode::AmbiguousVillage),
            ("甘井社区", Some("甲山镇"), RejectCode::UnknownVillage),
            ("东沟材", Some("甲山镇"), RejectCode::UnknownVillage),
            ("东沟村", Some("丙河镇"), RejectCode::UnknownVillage),
            ("东沟村", Some("9901"), RejectCode::UnknownVillage),
            ("", Some("甲山镇"), RejectCode::UnknownVillage),
        ] {
            assert_eq!(villages.resolve(name, town), Err(code), "{name} {town:?}");
        }
    }

    #[test]
    fn titles_name_one_village_or_none() {
        let villages = villages();
        let title = |text| villages.named_in(text, None);
        assert_eq!(title("甘井村2024年补贴公示表"), Some("990101101202"));
        assert_eq!(title("李家东沟村花名册"), Some("990101102202"));
        assert_eq!(title("东沟村花名册"), None);
        assert_eq!(villages.named_in("东沟村花名册", Some("甲山镇")), Some("990101101201"));
        assert_eq!(title("补贴花名册"), None);
        assert_eq!(villages.named_in("赵家东沟村花名册", Some("甲山镇")), None, "another village");
        for both in ["甘井村、李家东沟村花名册", "北原村甘井村", "甘井村和高村2024年"]
        {
            assert_eq!(title(both), None, "{both} is about neither");
        }
        assert_eq!(villages.town_in("甲山镇2024年补贴公示表"), Some("990101101"));
        assert_eq!(villages.town_in("2024年补贴公示表"), None);
        assert_eq!(villages.town_in("甲山2024年补贴公示表"), None, "a full name alone");
    }
}
