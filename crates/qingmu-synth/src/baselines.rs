//! What four sources say about a village's land.

use crate::county::Baseline;
use crate::plan::{Plan, on_paper};
use crate::stream::{Stream, nearest};
use crate::village::Village;
use qingmu_model::{Mu, Season};

/// One year of a village as its sources see it.
struct Sheet<'a> {
    plan: &'a Plan,
    village: &'a Village,
    index: usize,
    rows: Vec<Baseline>,
}

/// Crop, true area in hundredths of a mu, relative standard error.
type Seen = (&'static str, i64, f64);

/// All sources of a village and year.
pub(crate) fn of_year(plan: &Plan, village: &Village, index: usize) -> Vec<Baseline> {
    let mut sheet = Sheet { plan, village, index, rows: Vec::new() };
    sheet.registers();
    sheet.remote_sensing();
    sheet.yearbook();
    sheet.rows
}

impl Sheet<'_> {
    fn stream(&self, source: &str) -> Stream {
        let place = format!("{}/{}", self.village.place.code, self.plan.years[self.index]);
        Stream::new(self.plan.seed, source, &place)
    }

    fn push(
        &mut self,
        source: &'static str,
        season: Season,
        crop: &'static str,
        area: f64,
        se: Option<f64>,
    ) {
        // Areas to 0.1 mu, standard errors too.
        let tenths = |value: f64| Mu::from_raw(nearest(value * 10.0) * 1_000);
        self.rows.push(Baseline {
            village_code: self.village.place.code.clone(),
            year: self.plan.years[self.index],
            season,
            crop,
            area_mu: tenths(area),
            source,
            se_mu: se.map(tenths),
            independent: source != "stat_yearbook",
        });
    }

    /// Land survey and contract register follow the re-survey; the survey's report of a year is sometimes
    /// not filed.
    fn registers(&mut self) {
        let mut stream = self.stream("land_survey");
        let land = &self.village.land;
        let arable = on_paper(self.index, land.arable) as f64 / 100.0;
        let contracted = on_paper(self.index, land.contracted) as f64 / 100.0;
        let filed = !stream.chance(0.02) || self.plan.six.contains(&self.village.place.code);
        if filed {
            let noise = 1.0 + 0.001 * stream.normal();
            self.push("land_survey", Season::Y, "arable", arable * noise, Some(arable * 0.01));
        }
        self.push("contract_register", Season::Y, "contracted", contracted, None);
    }

    /// Satellite areas per season with their standard errors: grain 2.5 %, vegetables 0.8 % (greenhouses and
    /// film are what satellites see best), orchards 2 %. A season under cloud is missing as a whole; the six
    /// villages are covered, so that the re-enactment shows what complete data show.
    fn remote_sensing(&mut self) {
        let mut stream = self.stream("remote_sensing");
        let (village, index) = (self.village, self.index);
        let land = &village.land;
        let covered = self.plan.six.contains(&village.place.code);
        let [summer, autumn] = land.vegetable[index];
        let scenes: [(Season, Vec<Seen>); 3] = [
            (
                Season::S,
                vec![
                    ("wheat", village.sown(index, |g| g.wheat), 0.025),
                    ("potato", village.sown(index, |g| g.potato), 0.04),
                    ("rapeseed", land.rapeseed[index], 0.04),
                    ("vegetable", summer, 0.008),
                ],
            ),
            (
                Season::A,
                vec![
                    ("maize", village.sown(index, |g| g.maize), 0.025),
                    ("vegetable", autumn, 0.008),
                ],
            ),
            (Season::Y, vec![("orchard", land.orchard[index], 0.02)]),
        ];
        for (season, crops) in scenes {
            let cloud = stream.chance(0.03) && !covered;
            for (crop, area, relative) in crops {
                let area = area as f64 / 100.0;
                let se = area * relative + 0.2;
                let seen = area + se * stream.normal();
                if area >= 1.0 && !cloud {
                    self.push("remote_sensing", season, crop, seen.max(0.0), Some(se));
                }
            }
        }
    }

    /// The statistical yearbook is compiled from village reports, to the mu, and has gaps.
    fn yearbook(&mut self) {
        let mut stream = self.stream("stat_yearbook");
        let (village, index) = (self.village, self.index);
        let land = &village.land;
        let rows = [
            (Season::S, "wheat", village.sown(index, |g| g.wheat)),
            (Season::A, "maize", village.sown(index, |g| g.maize)),
            (Season::S, "vegetable", land.vegetable[index][0]),
            (Season::A, "vegetable", land.vegetable[index][1]),
            (Season::Y, "orchard", land.orchard[index]),
        ];
        for (season, crop, area) in rows {
            let reported = area as f64 / 100.0 * (1.0 + 0.02 * stream.normal());
            if !stream.chance(0.12) {
                self.push("stat_yearbook", season, crop, nearest(reported) as f64, None);
            }
        }
    }
}
