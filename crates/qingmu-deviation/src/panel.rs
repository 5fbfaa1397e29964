//! The input: one programme and crop group, villages by years.

use crate::error::DeviationError;

/// Where a village lies, as numbers of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// County: what it has in common in a year is taken out.
    pub county: u32,
    /// Prefecture: stands in where a county has too few villages.
    pub prefecture: u32,
    /// Town.
    pub town: u32,
}

/// One baseline source, villages by years (`village * years + year`), in mu.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Name.
    pub name: String,
    /// False for a source compiled from what villages report: it may raise, never clear, and may be tampered with.
    pub independent: bool,
    /// Area; `None` for missing.
    pub area: Vec<Option<f64>>,
    /// Standard error of the area, where the source states one.
    pub se: Vec<Option<f64>>,
}

/// Claims of one programme and crop group beside its sources. All areas in mu.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Programme code.
    pub programme: String,
    /// Crop group.
    pub group: String,
    /// First year; years are consecutive.
    pub first_year: i16,
    /// Number of years T.
    pub years: usize,
    /// Village places, V of them.
    pub places: Vec<Place>,
    /// Claimed area, V x T; `None` where the programme did not run or the file is missing.
    pub claimed: Vec<Option<f64>>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Share of vegetables in the village's contracted land, where known (V).
    pub vegetable_share: Vec<Option<f64>>,
}

impl Panel {
    /// Refuses a panel without years, columns of a wrong length, areas that are negative or no number, and two sources of one name.
    ///
    /// # Errors
    /// [`DeviationError`] names the column, the village and the year.
    pub fn check(&self) -> Result<(), DeviationError> {
        if self.years == 0 {
            let (programme, group) = (self.programme.clone(), self.group.clone());
            return Err(DeviationError::NoYears { programme, group });
        }
        let cells = self.places.len() * self.years;
        self.column("claims", &self.claimed, cells)?;
        for (i, source) in self.sources.iter().enumerate() {
            self.column(&source.name, &source.area, cells)?;
            self.column(&format!("{} standard error", source.name), &source.se, cells)?;
            if self.sources[..i].iter().any(|other| other.name == source.name) {
                let (programme, group) = (self.programme.clone(), self.group.clone());
                return Err(DeviationError::Name { programme, group, name: source.name.clone() });
            }
        }
        self.column("vegetable share", &self.vegetable_share, self.places.len())
    }

    /// True where every column has its length: enough to read it safely, at no cost.
    pub(crate) fn has_shape(&self) -> bool {
        let cells = self.places.len() * self.years;
        self.years > 0
            && self.claimed.len() == cells
            && self.sources.iter().all(|s| s.area.len() == cells && s.se.len() == cells)
            && self.vegetable_share.len() == self.places.len()
    }

    fn column(
        &self,
        name: &str,
        values: &[Option<f64>],
        expected: usize,
    ) -> Result<(), DeviationError> {
        let (programme, group) = (self.programme.clone(), self.group.clone());
        let (column, found) = (name.to_owned(), values.len());
        if found != expected {
            return Err(DeviationError::Length { programme, group, column, found, expected });
        }
        let bad = |v: &Option<f64>| v.is_some_and(|v| !(v >= 0.0 && v.is_finite()));
        match values.iter().position(bad) {
            None => Ok(()),
            Some(at) => {
                let per_village = (expected / self.places.len().max(1)).max(1);
                let (village, t) = (at / per_village, at % per_village);
                let year = i16::try_from(t).map_or(self.first_year, |t| self.first_year + t);
                Err(DeviationError::Value { programme, group, column, village, year })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> Panel {
        let source = Source {
            name: "remote_sensing".to_owned(),
            independent: true,
            area: vec![Some(100.0); 2],
            se: vec![None; 2],
        };
        Panel {
            programme: "seed".to_owned(),
            group: "grain".to_owned(),
            first_year: 2020,
            years: 2,
            places: vec![Place { county: 0, prefecture: 0, town: 0 }],
            claimed: vec![Some(90.0), None],
            sources: vec![source],
            vegetable_share: vec![None],
        }
    }

    fn refused(change: impl Fn(&mut Panel)) -> Option<String> {
        let mut panel = panel();
        change(&mut panel);
        panel.check().err().map(|e| e.to_string())
    }

    #[test]
    fn every_refusal_says_where() {
        assert_eq!(refused(|_| ()), None);
        let say = |text: &str| Some(text.to_owned());
        assert_eq!(refused(|p| p.years = 0), say("seed/grain: the panel has no years"));
        assert_eq!(
            refused(|p| p.claimed.truncate(1)),
            say("seed/grain: claims has 1 values instead of 2")
        );
        assert_eq!(
            refused(|p| p.vegetable_share.clear()),
            say("seed/grain: vegetable share has 0 values instead of 1")
        );
        assert_eq!(
            refused(|p| p.sources[0].area[1] = Some(f64::NAN)),
            say(
                "seed/grain: remote_sensing, village 0, year 2021: an area is negative or no number; hand over missing values as None"
            )
        );
        assert_eq!(
            refused(|p| p.sources[0].se[0] = Some(-1.0)),
            say(
                "seed/grain: remote_sensing standard error, village 0, year 2020: an area is negative or no number; hand over missing values as None"
            )
        );
        assert_eq!(
            refused(|p| p.sources.push(p.sources[0].clone())),
            say(
                "seed/grain: two sources are named remote_sensing; give each source a name of its own"
            )
        );
    }
}
