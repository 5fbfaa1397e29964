//! What groups show beside the probabilities: dense blocks of accounts, and counties that stand apart as a whole. All
//! people, accounts and places are invented.
#![allow(clippy::unwrap_used, reason = "a missing piece of the example is a failed test")]

use qingmu_detect::{BlockKind, CentreKind, Detection, Options, run};
use qingmu_input::{discover, load_project};
use std::fmt::Write as _;
use std::path::Path;

const COUNTIES: usize = 6;
const VILLAGES: usize = 12;
const PEOPLE: usize = 12;
const YEARS: std::ops::Range<i16> = 2020..2024;

/// A sequence of numbers that look random and are always the same.
struct Lottery(u64);

impl Lottery {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn code(county: usize, village: usize) -> String {
    format!("9900{:02}{:03}{:03}", county + 1, village / 3 + 1, village % 3 + 1)
}

/// What is changed in the honest example.
#[derive(Default)]
struct Change {
    /// Factor on all claims of the fourth county in the last year.
    county: Option<f64>,
    /// Factor on one source there instead.
    source: Option<f64>,
    /// Six people of the first village on all of four cards in 2022.
    cards: bool,
    /// Ten people of the second village on the card of their co-operative, which changes its bank in 2022.
    co_operative: bool,
}

impl Change {
    /// The card of a person's share of a claim.
    fn card(
        &self,
        (county, village, person): (usize, usize, usize),
        year: i16,
        part: usize,
    ) -> String {
        match (county, village) {
            (0, 0) if self.cards && year == 2022 && person < 6 => format!("made{part}"),
            (0, 1) if self.co_operative && person < 10 => {
                format!("coop{}", i32::from(year >= 2022))
            }
            _ => format!("card{county}-{village}-{}", person / 4),
        }
    }
}

fn write(dir: &Path, change: &Change) {
    let mut lottery = Lottery(11);
    let mut claims = "claim_id,year,season,programme,crop,village_code,claimant_id,household_id,\
                      account,area_mu,rate_yuan_per_mu,amount_yuan,recorder_id,approver_id\n"
        .to_owned();
    let mut sources = "village_code,year,season,crop,area_mu,source,independent\n".to_owned();
    let mut number = 0;
    for county in 0..COUNTIES {
        for village in 0..VILLAGES {
            let code = code(county, village);
            let areas: Vec<f64> =
                (0..PEOPLE).map(|_| 8.0 + lottery.below(400) as f64 / 100.0).collect();
            let bias: Vec<f64> = (0..2).map(|_| 0.97 + lottery.below(60) as f64 / 1000.0).collect();
            for year in YEARS {
                let last = county == 3 && year == 2023;
                let raised = change.county.filter(|_| last).unwrap_or(1.0);
                for (person, area) in areas.iter().enumerate() {
                    // Everybody has four plots of wheat, so that a person may be paid on several cards.
                    for part in 0..4 {
                        let card = change.card((county, village, person), year, part);
                        let mu = (area * raised * 25.0).round() / 100.0;
                        number += 1;
                        writeln!(
                            claims,
                            "k{number},{year},S,GRAIN,wheat,{code},p{county}-{village}-{person},\
                             h{county}-{village}-{},{card},{mu:.2},100,{:.2},r{county}-{},a{county}",
                            person / 2,
                            mu * 100.0,
                            village / 3,
                        )
                        .unwrap();
                    }
                }
                let sown: f64 = areas.iter().sum();
                for (at, source) in ["remote_sensing", "survey"].iter().enumerate() {
                    let noise = 0.98 + lottery.below(40) as f64 / 1000.0;
                    let moved = change.source.filter(|_| last && at == 1).unwrap_or(1.0);
                    let mu = sown * bias[at] * noise * moved;
                    writeln!(sources, "{code},{year},S,wheat,{mu:.2},{source},true").unwrap();
                }
            }
        }
    }
    std::fs::write(dir.join("claims.csv"), claims).unwrap();
    std::fs::write(dir.join("baselines.csv"), sources).unwrap();
}

fn detect(change: &Change, threads: usize) -> Detection {
    let temp = tempfile::tempdir().unwrap();
    write(temp.path(), change);
    let (input, project) = (discover(temp.path()).unwrap(), load_project(temp.path()).unwrap());
    run(&input, &project, &Options { threads, model: None }).unwrap()
}

#[test]
fn honest_cards_and_counties_show_nothing() {
    let found = detect(&Change { co_operative: true, ..Change::default() }, 0);
    assert_eq!((found.clusters.blocks, found.clusters.counties), (Vec::new(), Vec::new()));
}

#[test]
fn people_paid_on_all_of_the_same_cards_are_a_dense_block() {
    let change = Change { cards: true, co_operative: true, ..Change::default() };
    let mut found = detect(&change, 1).clusters.blocks;
    assert!(found.windows(2).all(|pair| pair[0].p <= pair[1].p), "the least probable first");
    let again = detect(&change, 2).clusters.blocks;
    assert_eq!(found, again, "any number of threads");
    found.sort_by_key(|b| b.kind);
    let told: Vec<_> =
        found.iter().map(|b| (b.kind, b.year, b.claimants, b.accounts, b.edges, b.rows)).collect();
    assert_eq!(
        told,
        [(BlockKind::ClaimantAccount, 2022, 6, 4, 24, 24), (BlockKind::Office, 2022, 6, 4, 24, 24)]
    );
    for block in &found {
        assert_eq!(block.villages, [code(0, 0)]);
        assert!(block.p < 0.01 && block.first_rows.len() == 20, "{block:?}");
        assert!(block.amount_yuan.raw() > 0);
    }
}

#[test]
fn a_county_too_high_as_a_whole_is_told_beside_the_leads_and_makes_none() {
    let found = detect(&Change { county: Some(1.3), ..Change::default() }, 0);
    let counties = &found.clusters.counties;
    assert!(counties.iter().all(|c| c.county == "990004" && c.year == 2023), "{counties:?}");
    for kind in [CentreKind::Level, CentreKind::Change] {
        let told: Vec<_> = counties.iter().filter(|c| c.kind == kind).collect();
        assert_eq!(told.len(), 2, "one for each source");
        for centre in told {
            assert!((centre.ratio / centre.others / 1.3 - 1.0).abs() < 0.03, "{centre:?}");
            assert!(centre.agreeing == 2 && centre.say.en.contains("several sources say so"));
        }
    }
    let probable = found.assessments.iter().filter(|a| a.p_ring >= 0.5);
    assert_eq!(probable.count(), 0, "what all villages have in common accuses none of them");
}

#[test]
fn a_source_changed_in_a_whole_county_points_to_the_source() {
    let found = detect(&Change { source: Some(0.75), ..Change::default() }, 0);
    let counties = &found.clusters.counties;
    assert!(!counties.is_empty());
    for centre in counties {
        assert_eq!((centre.source.as_str(), centre.agreeing), ("survey", 1));
        assert!(centre.say.zh.contains("先查该来源"), "{centre:?}");
    }
}
