//! Small provinces for tests: honest villages, into which each test plants what it is about. Every person, account,
//! parcel and village here is invented.

use crate::{Evidence, Options, gather};
use qingmu_input::discover;
use qingmu_model::{Counted, DataError, DataErrorKind, Family, Project};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;

pub(crate) type Tested = Result<(), Box<dyn Error>>;

/// Years of the record: 2019 to 2023.
pub(crate) const YEARS: usize = 5;
pub(crate) const PEOPLE: usize = 40;
const COUNTIES: usize = 6;
const VILLAGES: usize = 8;

/// One claim; areas in 0.01 mu, money in fen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claim {
    pub(crate) village: usize,
    pub(crate) year: usize,
    pub(crate) programme: &'static str,
    pub(crate) person: String,
    pub(crate) card: String,
    pub(crate) parcel: String,
    pub(crate) group: usize,
    /// As text, so that it may be missing.
    pub(crate) area: Option<i64>,
    pub(crate) amount: i64,
}

/// Fen per mu.
pub(crate) const RATE: i64 = 10_000;

/// Tables of a test.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) claims: Vec<Claim>,
    /// Person, year of death.
    pub(crate) persons: Vec<(String, Option<usize>)>,
    pub(crate) cadres: Vec<String>,
    /// Parcel, class.
    pub(crate) parcels: Vec<(String, &'static str)>,
    /// Village, year, contracted area.
    pub(crate) contracted: Vec<(usize, usize, i64)>,
}

/// A sequence of numbers that look random and are always the same.
pub(crate) struct Lottery(pub(crate) u64);

impl Lottery {
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

pub(crate) fn person(village: usize, number: usize) -> String {
    format!("p{village:03}{number:03}")
}

pub(crate) fn code(village: usize) -> String {
    let county = village / VILLAGES + 1;
    let town = village % VILLAGES / 4 + 1;
    format!("9900{county:02}{town:03}{:03}", village % 4 + 1)
}

pub(crate) fn due(area: i64) -> i64 {
    area * RATE / 100
}

impl World {
    /// Honest villages: contracted land that stays, maize on about as much, a tenth of the areas changing each year,
    /// some registers with holes, some stale classes of land.
    pub(crate) fn honest() -> Self {
        let mut world = Self::default();
        let mut lottery = Lottery(7);
        for village in 0..COUNTIES * VILLAGES {
            for number in 0..PEOPLE {
                world.person(village, number, &mut lottery);
            }
            world.contracted.extend((0..YEARS).map(|year| (village, year, 20_000)));
        }
        world
    }

    fn person(&mut self, village: usize, number: usize, lottery: &mut Lottery) {
        let id = person(village, number);
        // One in forty is missing in the register, one in forty died in the record and still stands in the list.
        match lottery.below(40) {
            0 => {}
            1 => self.persons.push((id.clone(), Some(1))),
            _ => self.persons.push((id.clone(), None)),
        }
        let parcel = format!("l{village:03}{number:03}");
        let stale = lottery.below(50) == 0;
        self.parcels.push((parcel.clone(), if stale { "forest" } else { "arable" }));
        let land = 200 + i64::try_from(lottery.below(1_200)).unwrap_or(0);
        let mut area = land - i64::try_from(lottery.below(60)).unwrap_or(0);
        for year in 0..YEARS {
            if lottery.below(10) == 0 {
                area += i64::try_from(lottery.below(81)).unwrap_or(0) - 40;
            }
            let base = Claim {
                village,
                year,
                programme: "FERTILITY",
                person: id.clone(),
                card: format!("c{id}"),
                parcel: parcel.clone(),
                group: number % 4 + 1,
                area: Some(land),
                amount: due(land),
            };
            let maize =
                Claim { programme: "GRAIN", area: Some(area), amount: due(area), ..base.clone() };
            self.claims.extend([base, maize]);
        }
    }

    /// A person's claims of one programme and year in a village.
    pub(crate) fn find(
        &mut self,
        village: usize,
        number: usize,
        year: usize,
        programme: &str,
    ) -> &mut Claim {
        let id = person(village, number);
        let is = |c: &&mut Claim| {
            (c.village, c.year, c.programme) == (village, year, programme) && c.person == id
        };
        #[allow(clippy::expect_used, reason = "every person of the world has such a claim")]
        self.claims.iter_mut().find(is).expect("an honest claim")
    }

    /// Adds a claim of maize.
    pub(crate) fn add(&mut self, village: usize, year: usize, who: &str, parcel: &str, area: i64) {
        self.claims.push(Claim {
            village,
            year,
            programme: "GRAIN",
            person: who.to_owned(),
            card: format!("c{who}"),
            parcel: parcel.to_owned(),
            group: 1,
            area: Some(area),
            amount: due(area),
        });
    }

    /// Changes the area, and the amount with it.
    pub(crate) fn claim(&mut self, village: usize, number: usize, year: usize, area: i64) {
        let claim = self.find(village, number, year, "GRAIN");
        (claim.area, claim.amount) = (Some(area), due(area));
    }

    pub(crate) fn area(&mut self, village: usize, number: usize, year: usize) -> i64 {
        self.find(village, number, year, "GRAIN").area.unwrap_or(0)
    }

    /// Writes the tables and gathers.
    pub(crate) fn gather(&self) -> Result<Evidence, Box<dyn Error>> {
        self.gather_with(1, 1)
    }

    pub(crate) fn gather_with(
        &self,
        threads: usize,
        files: usize,
    ) -> Result<Evidence, Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        fs::create_dir(dir.path().join("claims"))?;
        if self.claims.is_empty() {
            fs::write(dir.path().join("claims/0.csv"), claims_csv(&[]))?;
        }
        for (at, part) in self.claims.chunks(self.claims.len().div_ceil(files).max(1)).enumerate() {
            fs::write(dir.path().join(format!("claims/{at}.csv")), claims_csv(part))?;
        }
        let mut text = "village_code,year,season,crop,area_mu,source\n".to_owned();
        for (village, year, area) in &self.contracted {
            let (code, year) = (code(*village), year + 2019);
            writeln!(text, "{code},{year},Y,contracted,{},contract_register", decimal(*area))?;
        }
        fs::write(dir.path().join("baselines.csv"), text)?;
        if !self.persons.is_empty() {
            let mut text = "claimant_id,deceased_on,is_cadre\n".to_owned();
            for (person, died) in &self.persons {
                let died = died.map(|year| format!("{}-05-01", year + 2019)).unwrap_or_default();
                writeln!(text, "{person},{died},{}", self.cadres.contains(person))?;
            }
            fs::write(dir.path().join("persons.csv"), text)?;
        }
        if !self.parcels.is_empty() {
            let mut text = "parcel_id,village_code,area_mu,land_class\n".to_owned();
            for (parcel, class) in &self.parcels {
                writeln!(text, "{parcel},{},1,{class}", code(0))?;
            }
            fs::write(dir.path().join("parcels.csv"), text)?;
        }
        let options = Options { threads };
        Ok(gather(&discover(dir.path())?, &Project::default(), &options)?)
    }
}

fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

fn claims_csv(claims: &[Claim]) -> String {
    let mut text = "claim_id,year,season,programme,crop,village_code,group_no,claimant_id,account,\
                    parcel_id,area_mu,rate_yuan_per_mu,amount_yuan,recorder_id,approver_id\n"
        .to_owned();
    for (at, c) in claims.iter().enumerate() {
        let (season, crop) = if c.programme == "FERTILITY" { ("Y", "all") } else { ("A", "maize") };
        let (code, year, area) = (code(c.village), c.year + 2019, c.area.map(decimal));
        let _ = writeln!(
            text,
            "k{at},{year},{season},{},{crop},{code},{},{},{},{},{},{},{},r{},a{}",
            c.programme,
            c.group,
            c.person,
            c.card,
            c.parcel,
            area.unwrap_or_default(),
            decimal(RATE),
            decimal(c.amount),
            &code[..9],
            &code[..6],
        );
    }
    text
}

/// The count of a family in a village-year.
pub(crate) fn counted(
    evidence: &Evidence,
    family: Family,
    village: usize,
    year: usize,
) -> Option<&Counted> {
    let place = evidence.villages.binary_search_by(|v| v.as_ref().cmp(&code(village))).ok()?;
    evidence
        .counted
        .iter()
        .find(|c| c.family == family && c.village as usize == place && c.year as usize == year)
}

/// ln Bayes factor of a family in a village-year; −2 where nothing was counted.
pub(crate) fn ln_bf(evidence: &Evidence, family: Family, village: usize, year: usize) -> f64 {
    counted(evidence, family, village, year).map_or(-2.0, |c| c.ln_bf)
}

/// The largest ln Bayes factor of a family anywhere.
pub(crate) fn loudest(evidence: &Evidence, family: Family) -> f64 {
    let of = evidence.counted.iter().filter(|c| c.family == family);
    of.map(|c| c.ln_bf).fold(-2.0, f64::max)
}

/// Data errors of a kind.
pub(crate) fn errors(evidence: &Evidence, kind: DataErrorKind) -> Vec<&DataError> {
    evidence.data_errors.iter().filter(|e| e.kind == kind).collect()
}

/// The used area of a village-year and programme, 0.01 mu.
pub(crate) fn used(evidence: &Evidence, village: usize, year: usize, programme: &str) -> i64 {
    let cells = evidence.cells.iter().filter(|cell| {
        evidence.villages[cell.village as usize].as_ref() == code(village)
            && cell.year as usize == year
            && cell.programme.as_ref() == programme
    });
    cells.map(|cell| cell.used.raw() / 100).sum()
}
