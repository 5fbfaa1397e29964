//! A small ledger with every optional table: each rule of claims, households and payments finds what was planted for
//! it. Every person, account and place is invented.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use qingmu_core::{ScanOptions, discover, scan};
use qingmu_model::{Beliefs, Project, RuleHit, SubjectKey};
use qingmu_rules::{EvalOptions, Evaluation, PackSource, evaluate, load_pack};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

const V: [&str; 3] = ["990001001201", "990001001202", "990001001203"];

/// The tables as CSV, by name.
struct Ledger {
    claims: String,
    next: u32,
    tables: BTreeMap<&'static str, String>,
}

/// What a claim adds to the ordinary one.
#[derive(Clone, Copy)]
struct Claim<'a> {
    who: &'a str,
    village: usize,
    programme: &'a str,
    area: f64,
    rate: f64,
    crop: &'a str,
    account: &'a str,
    parcel: &'a str,
    household: &'a str,
    name: &'a str,
    dates: &'a str,
    over: f64,
    year: i32,
}

const GRAIN: Claim<'_> = Claim {
    who: "",
    village: 0,
    programme: "GRAIN",
    area: 10.0,
    rate: 20.0,
    crop: "wheat",
    account: "",
    parcel: "",
    household: "",
    name: "",
    dates: "2022-04-01,2022-04-20",
    over: 0.0,
    year: 2022,
};

impl Ledger {
    /// Three villages of thirty households, alike in two years.
    fn new() -> Self {
        let header = "claim_id,year,season,programme,crop,village_code,claimant_id,claimant_name,household_id,account,parcel_id,area_mu,rate_yuan_per_mu,amount_yuan,recorder_id,approver_id,submitted_on,approved_on\n";
        let mut ledger = Self { claims: header.to_owned(), next: 0, tables: BTreeMap::new() };
        for year in [2021, 2022] {
            for village in 0..3 {
                for i in 0..30 {
                    ledger.household(year, village, i);
                }
            }
        }
        ledger
    }

    fn household(&mut self, year: i32, village: usize, i: usize) {
        let who = format!("p{village}-{i:02}");
        let (account, home) = (format!("k{village}-{i:02}"), format!("h{village}-{i:02}"));
        let dates = format!("{year}-04-{:02},{year}-04-28", i % 20 + 1);
        let own = Claim {
            who: &who,
            village,
            account: &account,
            household: &home,
            dates: &dates,
            year,
            ..GRAIN
        };
        self.claim(Claim { area: 3.0 + (i % 3) as f64, ..own });
        let land = Claim { programme: "FERTILITY", area: 5.0, rate: 70.0, crop: "wheat", ..own };
        let id = self.claim(land);
        let row =
            format!("{id},{year}-07-01,350,{account},{who},成功,个人,false,城关支行,2019-01-01");
        self.row("payments", &row);
        if year == 2022 {
            self.row("households", &format!("{home},{},5,5,0", V[village]));
        }
    }

    fn claim(&mut self, c: Claim<'_>) -> String {
        self.next += 1;
        let id = format!("c{}", self.next);
        let season = if c.programme == "FERTILITY" { "Y" } else { "A" };
        let amount = c.area * c.rate + c.over;
        let Claim { who, village, programme, area, rate, crop, account, .. } = c;
        let Claim { parcel, household, name, dates, year, .. } = c;
        let village = V[village];
        writeln!(
            self.claims,
            "{id},{year},{season},{programme},{crop},{village},{who},{name},{household},{account},{parcel},{area},{rate},{amount:.2},r1,a1,{dates}"
        )
        .unwrap();
        id
    }

    fn row(&mut self, table: &'static str, row: &str) {
        let header = match table {
            "persons" => {
                "claimant_id,id_valid,birth_date,deceased_on,is_cadre,on_public_payroll,resident_of,welfare"
            }
            "households" => {
                "household_id,village_code,contract_area_mu,confirmed_area_mu,no_subsidy_area_mu"
            }
            "parcels" => "parcel_id,village_code,area_mu,land_class,holder_kind,holder_id",
            "transfers" => "from_id,to_id,area_mu,start_on,end_on,subsidy_follows",
            "payments" => {
                "claim_id,paid_on,amount_yuan,account,account_holder,status,payee_kind,proxy_on_file,branch,account_since_on"
            }
            "programmes" => {
                "programme,region,year,rate_yuan_per_mu,eligible_crops,window,exclusive_with,payroll_allowed"
            }
            "posts" => "person_id,role,region",
            "publicity" => "village_code,programme,year,posted_from,posted_to",
            "inspections" => "village_code,inspected_on,verdict,proven_yuan,recovered_yuan,due_on",
            "organisations" => "org_id,rep_id,member_id",
            "flows" => "account,flow_on,amount_yuan,kind,outlet,to_account",
            "funds" => "region,programme,year,appropriated_yuan,carried_in_yuan,carried_out_yuan",
            _ => "village_code,year,crop,area_mu,source",
        };
        let text = self.tables.entry(table).or_insert_with(|| format!("{header}\n"));
        writeln!(text, "{row}").unwrap();
    }

    fn write(&self, root: &Path) {
        std::fs::write(root.join("claims.csv"), &self.claims).unwrap();
        for (name, text) in &self.tables {
            std::fs::write(root.join(format!("{name}.csv")), text).unwrap();
        }
    }

    /// The ordinary rows of every optional table, which accuse nobody.
    fn ordinary(&mut self) {
        self.row("baselines", &format!("{},2022,arable,400,land_survey", V[0]));
        for year in [2021, 2022] {
            let grain =
                format!("GRAIN,990001,{year},20,grain,{year}-03-01..{year}-05-31,FOREST,false");
            self.row("programmes", &grain);
            self.row("programmes", &format!("FERTILITY,990001,{year},70,,,,true"));
            self.row("programmes", &format!("FOREST,990001,{year},125,,,,true"));
            for programme in ["GRAIN", "FERTILITY", "FOREST"] {
                for village in &V[usize::from(year == 2022 && programme == "GRAIN")..] {
                    let days = format!("{year}-06-01,{year}-06-10");
                    self.row("publicity", &format!("{village},{programme},{year},{days}"));
                }
            }
        }
        self.row("persons", &format!("p0-00,true,1970-01-01,,false,false,{},无", V[0]));
        self.row("parcels", &format!("l0,{},10,水田,农户,x-holder", V[0]));
        self.row("posts", &format!("x-officer,村会计,{}", V[2]));
        self.row("transfers", "x-1,x-2,3,2020-01-01,2030-01-01,lessee");
        self.row("flows", "k0-00,2022-07-03,100,取现,城关网点,");
    }

    /// One case for each rule.
    fn planted(&mut self) {
        self.planted_claims();
        self.planted_people();
        self.planted_households();
        self.planted_payments();
    }

    fn planted_claims(&mut self) {
        self.claim(Claim { who: "C01", over: 100.0, ..GRAIN });
        self.claim(Claim {
            who: "C02",
            rate: 25.0,
            area: 60.0,
            village: 1,
            crop: "maize",
            ..GRAIN
        });
        self.claim(Claim { who: "C03", crop: "vegetable", village: 2, ..GRAIN });
        self.claim(Claim { who: "C04", area: 8.0, parcel: "L-C04", ..GRAIN });
        self.row("parcels", &format!("L-C04,{},5,水田,农户,x-holder", V[0]));
        for who in ["C05a", "C05b"] {
            self.claim(Claim { who, area: 6.0, parcel: "L-C05", ..GRAIN });
        }
        self.row("parcels", &format!("L-C05,{},6,水田,农户,x-holder", V[0]));
        for village in [0, 1] {
            self.claim(Claim { who: "C06", village, ..GRAIN });
        }
        for (programme, rate) in [("GRAIN", 20.0), ("FOREST", 125.0)] {
            let own = Claim { who: "C07", programme, rate, area: 6.0, parcel: "L-C07", ..GRAIN };
            self.claim(own);
        }
        self.row("parcels", &format!("L-C07,{},20,水田,农户,x-holder", V[0]));
        self.claim(Claim { who: "C08", ..GRAIN });
        self.row("persons", "C08,false,,,,,,");
        self.claim(Claim { who: "C09", ..GRAIN });
        self.row("persons", "C09,true,1925-03-01,,,,,");
        for (name, area) in [("某甲", 4.0), ("某乙", 5.0)] {
            self.claim(Claim { who: "C10", name, area, ..GRAIN });
        }
        self.claim(Claim { who: "C11", area: 90.0, ..GRAIN });
        for i in 0..5 {
            let who = format!("C12-{i}");
            let dates = if i < 3 { "2022-04-20,2022-04-01" } else { "2022-08-01,2022-08-09" };
            self.claim(Claim { who: &who, village: 2, dates, ..GRAIN });
        }
    }

    fn planted_people(&mut self) {
        for who in ["H01", "H02", "H07"] {
            self.claim(Claim { who, ..GRAIN });
        }
        self.claim(Claim { who: "H03", area: 40.0, ..GRAIN });
        self.claim(Claim { who: "H10", area: 30.0, ..GRAIN });
        self.row("persons", "H01,true,,2020-01-01,,,,");
        self.row("persons", "H02,true,,,,true,,");
        self.row("persons", "H03,true,,,true,,,");
        self.row("persons", &format!("H07,true,,,,,{},", V[2]));
        self.row("persons", "H10,true,,,,,,低保");
        self.claim(Claim { who: "91350100M000100Y43", area: 40.0, ..GRAIN });
        self.row("organisations", "91350100M000100Y43,x-rep,x-member");
        self.claim(Claim { who: "H12", area: 12.0, parcel: "L-H12", ..GRAIN });
        self.row("parcels", &format!("L-H12,{},12,水田,村集体,x-village", V[0]));
    }

    fn planted_households(&mut self) {
        let land = Claim { programme: "FERTILITY", rate: 70.0, ..GRAIN };
        self.claim(Claim { who: "H04", household: "h-H04", area: 15.0, ..land });
        self.row("households", &format!("h-H04,{},5,5,0", V[0]));
        self.claim(Claim { who: "H05", household: "h-H05", area: 4.0, ..land });
        self.row("households", &format!("h-H05,{},12,12,0", V[0]));
        let of = Claim { household: "h-H06", village: 1, ..land };
        self.claim(Claim { who: "H06a", area: 5.0, year: 2021, dates: ",", ..of });
        self.claim(Claim { who: "H06a", area: 5.0, ..of });
        self.claim(Claim { who: "H06b", area: 6.0, ..of });
        self.row("households", &format!("h-H06,{},5,5,0", V[1]));
        self.claim(Claim { who: "H08a", household: "h-H08", area: 5.0, ..GRAIN });
        self.claim(Claim { who: "H08b", area: 10.0, ..GRAIN });
        self.row("households", &format!("h-H08,{},5,5,0", V[0]));
        self.row("transfers", "H08a,H08b,5,2020-01-01,2030-01-01,lessee");
    }

    fn planted_payments(&mut self) {
        let land = Claim { programme: "FERTILITY", rate: 70.0, area: 5.0, ..GRAIN };
        for i in 0..3 {
            let (who, home) = (format!("P01-{i}"), format!("h-P01-{i}"));
            self.claim(Claim { who: &who, household: &home, account: "K-P01", ..land });
            // One payee for three households: rules of payees and of holders see the same money.
            let (who, home) = (format!("H09-{i}"), format!("h-H09-{i}"));
            let id = self.claim(Claim { who: &who, household: &home, ..land });
            self.row("payments", &format!("{id},2022-07-01,350,K-H09,x-payee,成功,个人,false,,"));
            let (who, old) = (format!("P07-{i}"), format!("K-old-{i}"));
            let id = self.claim(Claim { who: &who, village: 1, account: &old, ..land });
            let paid = format!("{id},2022-07-01,350,K-new-{i},{who},成功,个人,false,城关支行");
            self.row("payments", &format!("{paid},2022-06-20"));
        }
        for account in ["K-P02a", "K-P02b"] {
            self.claim(Claim { who: "P02", account, ..GRAIN });
        }
        let id = self.claim(Claim { who: "P04", ..land });
        for day in ["2022-07-01", "2022-07-11"] {
            self.row("payments", &format!("{id},{day},350,K-P04,P04,成功,个人,false,,"));
        }
        for i in 0..12 {
            self.row("flows", &format!("k2-{i:02},2022-07-04,350,转账,,K-P05"));
        }
        for i in 0..4 {
            let who = format!("P06-{i}");
            let id = self.claim(Claim { who: &who, village: 1, ..land });
            self.row("payments", &format!("{id},2022-07-01,350,,,成功,村集体,,,"));
        }
        self.row("funds", "990001,GRAIN,2022,1000,0,0");
        self.row("inspections", &format!("{},2022-10-01,confirmed,5000,1000,2022-10-15", V[0]));
        self.row("flows", "k0-01,2022-12-31,1,取现,城关网点,");
    }
}

fn judge(ledger: &Ledger) -> Evaluation {
    let dir = tempfile::tempdir().unwrap();
    ledger.write(dir.path());
    let project = Project::default();
    let input = discover(dir.path()).unwrap();
    let mut scan = scan(&input, &project, &ScanOptions::default(), &()).unwrap();
    scan.read_registers(&input, &project).unwrap();
    assert!(scan.rejects.is_empty(), "{:?}", scan.rejects);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let pack = load_pack(&PackSource::Dir(folder), &project).unwrap();
    evaluate(&pack, (&scan, &Beliefs::default()), &project, &EvalOptions::default()).unwrap()
}

/// Keys of a hit's subject in clear text.
fn subject(hit: &RuleHit) -> String {
    let clear = |key: &SubjectKey| match key {
        SubjectKey::Person(id) => id.reveal("the invented people of a test").to_owned(),
        SubjectKey::Account(id) => id.reveal("the invented accounts of a test").to_owned(),
        other => other.to_string(),
    };
    hit.subject.keys.iter().map(|(_, key)| clear(key)).collect::<Vec<_>>().join("/")
}

/// Rule, and a part of the subject that was planted for it.
const WANTED: [(&str, &str); 34] = [
    ("C01", "/c"),
    ("C02", "990001001202/2022/GRAIN/maize/25"),
    ("C03", "990001001203/2022/A/GRAIN"),
    ("C04", "L-C04/2022"),
    ("C05", "L-C05/2022"),
    ("C06", "C06/2022"),
    ("C07", "C07/2022/FOREST/GRAIN"),
    ("C08", "C08/2022"),
    ("C09", "C09/2022"),
    ("C10", "C10/2022"),
    ("C11", "C11/2022"),
    ("C12", "990001001203/2022"),
    ("H01", "H01/2022"),
    ("H02", "H02/2022"),
    ("H03", "H03/2022"),
    ("H04", "990001001201/h-H04/2022"),
    ("H05", "990001001201/h-H05/2022"),
    ("H06", "990001001202/h-H06/2022"),
    ("H07", "H07/2022"),
    ("H08", "H08a/H08b/2022"),
    ("H09", "x-payee/2022"),
    ("H10", "H10/2022"),
    ("H11", "91350100M000100Y43/2022"),
    ("H12", "L-H12/2022"),
    ("P01", "K-P01/2022"),
    ("P02", "P02/2022"),
    ("P03", "x-payee/2022/H09-0"),
    ("P04", "990001001201/2022/Y/FERTILITY"),
    ("P05", "990001001203/2022"),
    ("P06", "990001001202/2022/FERTILITY"),
    ("P07", "城关支行/2022/990001001202"),
    ("P08", "990001/2022/GRAIN"),
    ("P09", "990001001201/2022"),
    ("P10", "990001001201/2022/GRAIN"),
];

#[test]
fn each_rule_finds_what_was_planted_for_it_and_is_silent_before() {
    let mut ledger = Ledger::new();
    ledger.ordinary();
    let before = judge(&ledger);
    let own = |hit: &&RuleHit| matches!(hit.rule.family(), 'C' | 'H' | 'P');
    let early: Vec<String> =
        before.hits.iter().filter(own).map(|h| format!("{} {}", h.rule, subject(h))).collect();
    // The list of one programme of one village is missing from the ordinary rows on purpose.
    assert_eq!(early, ["P10 990001001201/2022/GRAIN"]);
    ledger.planted();
    let after = judge(&ledger);
    let mut missing = Vec::new();
    for (rule, part) in WANTED {
        let found = after.hits.iter().any(|h| h.rule.as_str() == rule && subject(h).contains(part));
        if !found {
            let rule_hits: Vec<String> =
                after.hits.iter().filter(|h| h.rule.as_str() == rule).map(subject).collect();
            let coverage = after.coverage.iter().find(|c| c.rule == rule);
            missing.push(format!("{rule}: {rule_hits:?} {coverage:?}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let counts = after.coverage.iter().filter(|c| matches!(&c.rule[..1], "C" | "H" | "P"));
    let runnable = counts.filter(|c| c.hit + c.clear + c.cleared > 0).count();
    assert_eq!(runnable, 34, "with every optional table each rule judges somebody");
}

#[test]
fn without_the_tables_the_rules_are_silent_and_say_what_they_want() {
    let mut ledger = Ledger::new();
    ledger.ordinary();
    ledger.planted();
    ledger.tables.retain(|name, _| *name == "baselines");
    let found = judge(&ledger);
    let wanted: BTreeMap<&str, &Vec<String>> =
        found.coverage.iter().map(|c| (c.rule.as_str(), &c.wanted_tables)).collect();
    let expected = [
        ("C04", "parcels"),
        ("C07", "programmes"),
        ("H01", "persons"),
        ("H04", "households"),
        ("H08", "transfers"),
        ("P03", "payments"),
        ("P05", "flows"),
        ("P08", "funds"),
        ("P09", "inspections"),
        ("P10", "publicity"),
    ];
    for (rule, table) in expected {
        assert!(wanted[rule].iter().any(|t| t == table), "{rule}: {:?}", wanted[rule]);
        let hits = found.hits.iter().filter(|h| h.rule.as_str() == rule).count();
        assert_eq!(hits, 0, "{rule} accuses nobody without {table}");
    }
}

/// The bundled sample has claims and leases only: what can be asked of it, and that its honest villages and its
/// planted case, which is one of areas and not of people or payments, get no hit here.
#[test]
fn on_the_bundled_sample_the_rules_without_registers_judge_and_accuse_nobody() {
    let project = Project::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/anwu");
    let input = discover(&folder).unwrap();
    let mut scan = scan(&input, &project, &ScanOptions::default(), &()).unwrap();
    scan.read_registers(&input, &project).unwrap();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let pack = load_pack(&PackSource::Dir(rules), &project).unwrap();
    let found =
        evaluate(&pack, (&scan, &Beliefs::default()), &project, &EvalOptions::default()).unwrap();
    let own = |rule: &str| matches!(&rule[..1], "C" | "H" | "P");
    let judged: Vec<&str> = found
        .coverage
        .iter()
        .filter(|c| own(&c.rule) && c.hit + c.clear + c.cleared > 0)
        .map(|c| c.rule.as_str())
        .collect();
    let hits: Vec<String> = found
        .hits
        .iter()
        .filter(|h| own(h.rule.as_str()))
        .map(|h| format!("{} {}", h.rule, subject(h)))
        .collect();
    assert_eq!(hits, Vec::<String>::new());
    for rule in ["C02", "C06", "C12", "P01"] {
        assert!(judged.contains(&rule), "{rule} judges somebody: {judged:?}");
    }
}
