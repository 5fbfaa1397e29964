//! The real names and codes that the invented figures stand on (`datasets/jingyang`).

use std::sync::Arc;

const TOWNS: &str = include_str!("../../../datasets/jingyang/towns.csv");
const VILLAGES: &str = include_str!("../../../datasets/jingyang/villages.csv");

/// County name.
pub(crate) const COUNTY: &str = "泾阳县";
/// An'wu town.
pub(crate) const ANWU: &str = "610423113";
/// Luowu village committee of An'wu town.
pub(crate) const LUOWU: &str = "610423113215";

/// A village committee or residents' committee.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// 12-digit code.
    pub(crate) code: Arc<str>,
    /// Name as people say it: `雒仵村` for `雒仵村委会`.
    pub(crate) name: String,
    /// Town name.
    pub(crate) town: String,
    /// Whether it has farm land: village committees do, residents' committees (codes below 200) do not.
    pub(crate) rural: bool,
}

impl Place {
    /// 9-digit code of the town.
    pub(crate) fn town_code(&self) -> &str {
        self.code.get(..9).unwrap_or(&self.code)
    }
}

/// All places of the county, by code.
pub(crate) fn places() -> Vec<Place> {
    let towns: Vec<Vec<&str>> = rows(TOWNS);
    let mut places: Vec<Place> = rows(VILLAGES)
        .into_iter()
        .filter_map(|row| {
            let [code, full, town_code, ..] = row.as_slice() else { return None };
            let town = towns.iter().find(|t| t.first() == Some(town_code))?.get(1)?;
            let rural = code.get(9..).is_some_and(|unit| unit >= "200");
            let name = short_name(full, town);
            Some(Place { code: Arc::from(*code), name, town: (*town).to_owned(), rural })
        })
        .collect();
    places.sort_by(|a, b| a.code.cmp(&b.code));
    places
}

/// Rows of a small comma-separated text without commas inside fields, header left out.
fn rows(text: &'static str) -> Vec<Vec<&'static str>> {
    let cells = |line: &'static str| line.split(',').map(|c| c.trim().trim_matches('"')).collect();
    text.lines().skip(1).filter(|line| !line.trim().is_empty()).map(cells).collect()
}

fn short_name(full: &str, town: &str) -> String {
    let name = full.strip_prefix(town).filter(|rest| rest.chars().count() > 3).unwrap_or(full);
    for ending in ["村村民委员会", "村村委会", "村委会"] {
        if let Some(stem) = name.strip_suffix(ending) {
            return format!("{stem}村");
        }
    }
    for ending in ["居民委员会", "居委会"] {
        if let Some(stem) = name.strip_suffix(ending) {
            return stem.to_owned();
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_county_is_whole() {
        let places = places();
        assert_eq!(places.len(), 226);
        assert_eq!(places.iter().filter(|p| p.town_code() == ANWU).count(), 22);
        let luowu = places.iter().find(|p| &*p.code == LUOWU);
        assert_eq!(luowu.map(|p| (p.name.as_str(), p.rural)), Some(("雒仵村", true)));
        assert!(places.iter().all(|p| p.code.len() == 12 && p.town_code().starts_with("610423")));
        assert_eq!(places.iter().filter(|p| p.rural).count(), 209);
    }

    #[test]
    fn names_are_shortened() {
        for (full, short) in [
            ("永乐镇南流村村民委员会", "南流村"),
            ("新强村村委会", "新强村"),
            ("李家庄村", "李家庄村"),
            ("东街社区居委会", "东街社区"),
            ("永乐村委会", "永乐村"),
        ] {
            assert_eq!(short_name(full, "永乐镇"), short);
        }
    }
}
