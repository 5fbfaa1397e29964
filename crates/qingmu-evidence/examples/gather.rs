//! Gathers the evidence of an input folder and says what it found, how long it took and how much memory it held:
//! `cargo run -p qingmu-evidence --example gather -- FOLDER [THREADS [LIST.csv]]`, the list with every count and slip.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use qingmu_evidence::{Evidence, Options, gather};
use qingmu_input::{discover, load_project};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let threads = arguments.next().map_or(Ok(0), |text| text.parse())?;
    let folder = Path::new(&folder);
    let (input, project) = (discover(folder)?, load_project(folder)?);
    let start = Instant::now();
    let evidence = gather(&input, &project, &Options { threads })?;
    let taken = start.elapsed();
    let rows: u64 = evidence.claims.iter().map(|n| u64::from(*n)).sum();
    println!("{rows} rows, {} villages, {} years", evidence.villages.len(), evidence.years);
    println!(
        "{:.2} s, {:.2} s per million rows",
        taken.as_secs_f64(),
        taken.as_secs_f64() * 1e6 / rows.max(1) as f64
    );
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    }
    let mut families: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for counted in &evidence.counted {
        let entry = families.entry(format!("{:?}", counted.family)).or_default();
        entry.0 += 1;
        entry.1 += usize::from(counted.ln_bf > 3.0);
    }
    for (family, (all, loud)) in &families {
        println!("{family}: {all} village-years, {loud} with ln BF above 3");
    }
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for error in &evidence.data_errors {
        *kinds.entry(format!("{:?}", error.kind)).or_default() += 1;
    }
    println!("data errors: {kinds:?}");
    println!("fabrication: {} village-years listed", evidence.fabrication.len());
    println!("not assessed: {:?}", evidence.not_assessed);
    if let Some(path) = arguments.next() {
        std::fs::write(path, list(&evidence)?)?;
    }
    Ok(())
}

/// Every count and slip, one a line.
fn list(evidence: &Evidence) -> Result<String, std::fmt::Error> {
    let mut text = "what,kind,village,year,ln_bf,rows,mu,yuan\n".to_owned();
    for c in &evidence.counted {
        let (village, year) = (&evidence.villages[c.village as usize], i64::from(c.year));
        let year = year + i64::from(evidence.first_year);
        let (mu, yuan) = (c.excess_mu, c.excess_yuan);
        writeln!(
            text,
            "counted,{:?},{village},{year},{:.3},{},{mu},{yuan}",
            c.family, c.ln_bf, c.rows
        )?;
    }
    for e in &evidence.data_errors {
        let used = e.used_mu.map(|mu| mu.to_string()).unwrap_or_default();
        writeln!(text, "slip,{:?},{},{},,{},{used},", e.kind, e.village_code, e.year, e.rows)?;
    }
    for f in &evidence.fabrication {
        let (village, year) = (&evidence.villages[f.village as usize], i64::from(f.year));
        let year = year + i64::from(evidence.first_year);
        for t in &f.tests {
            writeln!(text, "test,{:?},{village},{year},{:.5},{},,", t.test, t.p, f.rows)?;
        }
        if f.copy_of.is_some() {
            writeln!(text, "test,Copy,{village},{year},,{},,", f.rows)?;
        }
    }
    Ok(text)
}
