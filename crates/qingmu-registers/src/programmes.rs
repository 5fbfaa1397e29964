//! What the schedule of programmes says for a place, year and crop.

use qingmu_input::tables::ProgrammeRow;
use qingmu_input::year_start;
use qingmu_model::Project;
use std::collections::BTreeMap;

/// The rows of `programmes` by programme and year.
#[derive(Debug, Default)]
pub(crate) struct Schedule<'a> {
    rows: BTreeMap<(&'a str, i16), Vec<&'a ProgrammeRow>>,
}

/// Parts of a written list.
pub(crate) fn listed(text: &str) -> impl Iterator<Item = &str> {
    let marks = [',', ';', '、', '，', '；', '/', '|', ' '];
    text.split(marks).map(str::trim).filter(|part| !part.is_empty())
}

impl<'a> Schedule<'a> {
    pub(crate) fn new(rows: Option<&'a Vec<ProgrammeRow>>) -> Self {
        let mut all = Self::default();
        for row in rows.into_iter().flatten() {
            all.rows.entry((&row.programme, row.year)).or_default().push(row);
        }
        all
    }

    /// Rows of the narrowest region that holds a village.
    pub(crate) fn at(&self, programme: &str, year: i16, village: &str) -> Vec<&'a ProgrammeRow> {
        let width =
            |row: &ProgrammeRow| row.region.as_ref().map_or(0, |r| r.trim_end_matches('0').len());
        let holds = |row: &&&ProgrammeRow| {
            row.region.as_ref().is_none_or(|r| village.starts_with(r.trim_end_matches('0')))
        };
        let here = self.rows.get(&(programme, year));
        let here: Vec<&ProgrammeRow> = here.into_iter().flatten().filter(holds).copied().collect();
        let widest = here.iter().map(|row| width(row)).max().unwrap_or(0);
        here.into_iter().filter(|row| width(row) == widest).collect()
    }

    /// Rates of a place, year and crop, ascending, without repeats.
    pub(crate) fn rates(
        &self,
        (programme, year): (&str, i16),
        village: &str,
        crop: &str,
        project: &Project,
    ) -> Vec<i64> {
        let rows = self.at(programme, year, village);
        let fits = |row: &&&ProgrammeRow| {
            row.eligible_crops.as_ref().is_none_or(|list| names(list, crop, project))
        };
        let mut rates: Vec<i64> = rows
            .iter()
            .filter(fits)
            .filter_map(|row| row.rate.map(qingmu_model::Yuan::raw))
            .collect();
        rates.sort_unstable();
        rates.dedup();
        rates
    }

    /// Whether the programme pays on a crop; `None` where no row lists crops.
    pub(crate) fn pays_crop(
        &self,
        (programme, year): (&str, i16),
        village: &str,
        crop: &str,
        project: &Project,
    ) -> Option<bool> {
        let lists: Vec<&str> = self
            .at(programme, year, village)
            .into_iter()
            .filter_map(|row| row.eligible_crops.as_deref())
            .collect();
        (!lists.is_empty()).then(|| lists.iter().any(|list| names(list, crop, project)))
    }

    /// The first value that a row of the place and year has.
    pub(crate) fn first<T>(
        &self,
        (programme, year): (&str, i16),
        village: &str,
        value: impl Fn(&ProgrammeRow) -> Option<T>,
    ) -> Option<T> {
        self.at(programme, year, village).into_iter().find_map(value)
    }

    /// Day of eligibility: as the schedule says, else 1 January, so that a death in the year itself says nothing.
    pub(crate) fn eligible_on(&self, key: (&str, i16), village: &str) -> i32 {
        self.first(key, village, |row| row.eligible_on)
            .unwrap_or_else(|| year_start(i32::from(key.1)))
    }
}

/// Whether a written list of crops names a crop, itself or by its group.
fn names(list: &str, crop: &str, project: &Project) -> bool {
    listed(list).any(|name| {
        name == crop || project.crops_of(name).is_none_or(|crops| crops.contains(&crop))
    })
}

/// Classes of land that no programme pays on, as registers write them.
const EXCLUDED: [&str; 22] = [
    "abandoned",
    "construction",
    "facility",
    "fishpond",
    "forest",
    "garden",
    "grassland",
    "livestock",
    "nonfarm",
    "pond",
    "requisitioned",
    "设施农用地",
    "林地",
    "草地",
    "养殖场",
    "养殖坑塘",
    "坑塘水面",
    "建设用地",
    "非农征占",
    "非农占用",
    "长年抛荒",
    "占补不达标",
];

/// Whether a class of land is paid on: by the programme's own list, else by the classes that none pays on.
pub(crate) fn pays_land(own: Option<&str>, class: &str) -> bool {
    let class = class.trim().to_lowercase();
    match own {
        Some(list) => listed(list).any(|name| name.to_lowercase() == class),
        None => !EXCLUDED.contains(&class.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::Yuan;

    fn row(region: Option<&str>, rate: i64, crops: Option<&str>) -> ProgrammeRow {
        ProgrammeRow {
            programme: "GRAIN".into(),
            region: region.map(Into::into),
            year: 2022,
            rate: Some(Yuan::from_raw(rate)),
            eligible_crops: crops.map(Into::into),
            eligible_land: None,
            area_basis: None,
            window: None,
            exclusive_with: None,
            publicity_days: None,
            payroll_allowed: None,
            eligible_on: None,
        }
    }

    #[test]
    fn the_narrowest_region_counts_and_a_group_names_its_crops() {
        let rows = vec![
            row(None, 2_000, None),
            row(Some("990001"), 3_000, Some("grain")),
            row(Some("990001"), 5_000, Some("soybean；rapeseed")),
        ];
        let schedule = Schedule::new(Some(&rows));
        let project = Project::default();
        let key = ("GRAIN", 2022);
        let here = "990001001001";
        assert_eq!(schedule.rates(key, here, "wheat", &project), [3_000]);
        assert_eq!(schedule.rates(key, here, "soybean", &project), [3_000, 5_000]);
        assert_eq!(schedule.rates(key, "990002001001", "wheat", &project), [2_000]);
        assert_eq!(schedule.pays_crop(key, here, "vegetable", &project), Some(false));
        assert_eq!(schedule.pays_crop(key, "990002001001", "vegetable", &project), None);
        assert_eq!(schedule.eligible_on(key, here), 18_993);
        assert!(pays_land(None, "水田") && !pays_land(None, "林地"));
        assert!(pays_land(Some("arable,林地"), "林地") && !pays_land(Some("arable"), "garden"));
    }
}
