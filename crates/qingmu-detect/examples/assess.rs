//! The detection alone on an input folder, every assessed village-year as a list that `qingmu eval` measures.
//! `cargo run -p qingmu-detect --example assess -- FOLDER OUT`: writes OUT/leads.csv, OUT/rings.csv and OUT/model.json.

#![allow(
    clippy::print_stdout,
    missing_docs,
    reason = "a measuring program: its output is the point"
)]

use qingmu_detect::{Options, run};
use qingmu_input::{discover, load_project};
use qingmu_model::{Assessment, Estimate};
use std::error::Error;
use std::fmt::{Display, Write as _};
use std::path::PathBuf;
use std::time::Instant;

const HEADER: &str = "village_code,year,score,q_value,ring_q,excess_mu,excess_mu_lo,excess_mu_hi,\
                      excess_yuan,excess_yuan_lo,excess_yuan_hi,p,p_ring,families,honest,span\n";

fn interval<T: Display>(estimate: Option<&Estimate<T>>) -> String {
    estimate.map_or_else(|| ",,".to_owned(), |e| format!("{},{},{}", e.median, e.lo, e.hi))
}

fn row(a: &Assessment) -> String {
    let families: Vec<String> = a
        .families
        .iter()
        .map(|f| format!("{:?} {:.3} {:.1}", f.family, f.share, f.ln_bf))
        .collect();
    let honest: Vec<String> =
        a.honest.iter().take(3).map(|h| format!("{} {:.3}", h.shape, h.share)).collect();
    let span = a.span.map_or_else(String::new, |s| format!("{}-{} {}", s.from, s.to, s.ramp));
    format!(
        "{},{},{},{},{},{},{},{},{},{},{},{span}\n",
        a.village_code,
        a.year,
        100.0 * a.p_ring,
        a.q,
        a.q_ring,
        interval(a.excess_mu.as_ref()),
        interval(a.excess_yuan.as_ref()),
        a.p,
        a.p_ring,
        families.join(" | "),
        honest.join(" | "),
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let (Some(folder), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("give an input folder and a folder to write to".into());
    };
    let started = Instant::now();
    let found = run(&discover(&folder)?, &load_project(&folder)?, &Options::default())?;
    std::fs::create_dir_all(&out)?;
    let mut leads = HEADER.to_owned();
    leads.extend(found.assessments.iter().map(row));
    std::fs::write(out.join("leads.csv"), leads)?;
    let mut rings = "tie,key,from,to,p,q,members\n".to_owned();
    for ring in &found.rings {
        let members: Vec<&str> = ring.members.iter().map(|m| m.village_code.as_str()).collect();
        let (from, to) = (ring.span.from, ring.span.to);
        writeln!(
            rings,
            "{:?},{},{from},{to},{},{},{}",
            ring.tie,
            ring.key,
            ring.p,
            ring.q,
            members.join(" ")
        )?;
    }
    std::fs::write(out.join("rings.csv"), rings)?;
    std::fs::write(out.join("model.json"), serde_json::to_string_pretty(&found.model)?)?;
    println!("{} village-years, {:.1} s", found.assessments.len(), started.elapsed().as_secs_f64());
    Ok(())
}
