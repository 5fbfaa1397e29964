//! Writes the corpus, hostile files or large files into a folder: `corpus FOLDER [good|hostile|damaged N|large ROWS]`.

mod large;

use qingmu_corpus::{corpus, hostile};
use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let (folder, what) = match words[..] {
        [folder] => (folder, Ok(["good", "0"])),
        [folder, what] => (folder, Ok([what, "0"])),
        [folder, what, number] => (folder, Ok([what, number])),
        _ => (".", Err(())),
    };
    let Ok([what, number]) = what else {
        eprintln!("corpus FOLDER [good|hostile|damaged N|large ROWS]");
        return ExitCode::from(2);
    };
    match make(Path::new(folder), what, number.parse().unwrap_or_default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::from(74)
        }
    }
}

fn make(folder: &Path, what: &str, number: u32) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    match what {
        "hostile" => {
            for file in hostile::bombs() {
                fs::write(folder.join(&file.name), &file.bytes)?;
            }
            for (n, file) in hostile::seeds().iter().enumerate() {
                for per_cent in 0..100 {
                    let cut = hostile::truncated(file, per_cent);
                    fs::write(
                        folder.join(format!("cut{n}_{per_cent:02}_{}", cut.name)),
                        &cut.bytes,
                    )?;
                }
            }
        }
        "damaged" => {
            let seeds = hostile::seeds();
            for n in 0..number {
                let file = hostile::damaged(&seeds[n as usize % seeds.len()], u64::from(n));
                fs::write(folder.join(format!("{n:06}_{}", file.name)), &file.bytes)?;
            }
        }
        "large" => {
            large::large_csv(number, File::create(folder.join("claims.csv"))?)?;
            large::large_xlsx(number.min(200_000), File::create(folder.join("claims.xlsx"))?)?;
            fs::write(folder.join("villages.csv"), qingmu_corpus::villages_csv())?;
        }
        _ => {
            for file in corpus() {
                fs::write(folder.join(&file.name), &file.bytes)?;
            }
        }
    }
    Ok(())
}
