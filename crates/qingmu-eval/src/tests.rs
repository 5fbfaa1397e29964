//! Answers computed by hand, and every refusal with its words.

use super::{Case, EvalError, Listed, Truths, evaluate, only_year, read_leads, read_truth};
use qingmu_model::Lang;
use std::error::Error;
use std::path::Path;

fn listed(code: &str, year: i16, score: f64, q: f64) -> Listed {
    Listed { village_code: code.to_owned(), year, score, q: Some(q), ..Listed::default() }
}

fn case(code: &str, year: i16, kind: &str, mu: f64, yuan: f64) -> Case {
    Case { village_code: code.to_owned(), year, kind: kind.to_owned(), mu, yuan, ring: None }
}

fn truths() -> Truths {
    let planted = vec![
        case("a", 2020, "jump", 11.0, 100.0),
        case("a", 2021, "jump", 10.0, 50.0),
        case("c", 2021, "ring", 5.0, 30.0),
        case("d", 2020, "ring", 4.0, 20.0),
    ];
    Truths { villages: Some(100), planted }
}

/// Planted: a 2020, c 2021 (tied with b, which is not) and a 2021 are listed, d 2020 is not.
fn list() -> Vec<Listed> {
    let mut first = listed("a", 2020, 90.0, 0.01);
    first.mu = Some([10.0, 8.0, 12.0]);
    first.yuan = Some([90.0, 85.0, 95.0]);
    let mut last = listed("a", 2021, 60.0, 0.15);
    last.mu = Some([12.0, 11.0, 13.0]);
    let mut tied = listed("c", 2021, 80.0, 0.04);
    tied.mu = Some([6.0, 4.5, 7.0]);
    vec![listed("b", 2020, 80.0, 0.04), tied, first, last]
}

#[test]
fn every_measure_is_what_the_hand_finds() -> Result<(), EvalError> {
    let found = evaluate(&list(), &truths(), None)?;
    assert_eq!((found.villages, found.planted, found.planted_villages), (100, 4, 3));
    assert_eq!((found.listed, found.planted_yuan), (4, 200.0));
    // Precision 1/1 at a, 2/3 at the tie, 3/4 at the last; over four planted ones.
    let by_hand = (1.0 + 2.0 / 3.0 + 3.0 / 4.0) / 4.0;
    assert!(found.average_precision.is_some_and(|ap| (ap - by_hand).abs() < 1e-15));
    let precision: Vec<(usize, f64)> = found.precision.iter().map(|p| (p.k, p.precision)).collect();
    assert_eq!(precision, [(4, 0.75)]);
    // One village of a hundred is a; the second is b, which ties with c and comes first.
    let inspected: Vec<(usize, f64, f64)> =
        found.inspected.iter().map(|i| (i.villages, i.recall, i.yuan_recall)).collect();
    assert_eq!(inspected, [(1, 0.5, 0.75), (2, 0.5, 0.75)]);
    let called: Vec<(usize, usize, f64, f64)> =
        found.discoveries.iter().map(|d| (d.leads, d.wrong, d.proportion, d.recall)).collect();
    assert_eq!(called, [(3, 1, 1.0 / 3.0, 0.5), (3, 1, 1.0 / 3.0, 0.5), (4, 1, 0.25, 0.75)]);
    assert!(found.ring_discoveries.is_empty());
    // Errors 1/11, 1/5 and 2/10; 11 and 5 lie inside their intervals, 10 does not.
    let mu = found.excess_mu.as_ref().map(|e| (e.count, e.coverage));
    assert_eq!(mu, Some((3, 2.0 / 3.0)));
    assert!(found.excess_mu.is_some_and(|e| (e.median_error - 0.2).abs() < 1e-15));
    let yuan = found.excess_yuan.map(|e| (e.count, e.coverage, e.median_error));
    assert_eq!(yuan, Some((1, 0.0, 0.1)));
    let kinds: Vec<(&str, usize, f64, f64, f64)> = found
        .by_type
        .iter()
        .map(|t| (t.kind.as_str(), t.planted, t.yuan, t.recall_2, t.recall_q05))
        .collect();
    assert_eq!(kinds, [("jump", 2, 150.0, 1.0, 0.5), ("ring", 2, 50.0, 0.0, 0.5)]);
    Ok(())
}

#[test]
fn a_village_year_named_twice_counts_once_with_its_best() -> Result<(), EvalError> {
    let mut rows = list();
    let mut again = listed("b", 2020, 95.0, 0.5);
    again.ring_q = Some(0.02);
    rows.push(again);
    let found = evaluate(&rows, &truths(), None)?;
    assert_eq!(found.listed, 4);
    assert_eq!(found.discoveries.first().map(|d| d.leads), Some(3));
    assert_eq!(found.ring_discoveries.first().map(|d| (d.leads, d.wrong)), Some((1, 1)));
    // b now comes first of all: 1/2, 2/3, 3/4.
    let by_hand = (0.5 + 2.0 / 3.0 + 0.75) / 4.0;
    assert!(found.average_precision.is_some_and(|ap| (ap - by_hand).abs() < 1e-15));
    Ok(())
}

#[test]
fn rings_are_counted_as_wholes() -> Result<(), EvalError> {
    let mut truths = truths();
    for code in ["e", "f", "g", "h"] {
        truths
            .planted
            .push(Case { ring: Some("k/0".into()), ..case(code, 2021, "ring", 1.0, 1.0) });
    }
    truths.planted.push(Case { ring: Some("k/1".into()), ..case("i", 2021, "ring", 1.0, 1.0) });
    let ring = |id: &str, q: f64, members: &[&str]| Listed {
        lead_id: id.to_owned(),
        members: members.iter().map(|m| (*m).to_owned()).collect(),
        ring_lead_q: Some(q),
        ..listed(members[0], 2021, 70.0, 0.5)
    };
    let rows = [
        ring("right", 0.01, &["e", "f", "g", "x"]),
        ring("right", 0.01, &["f", "e", "g", "x"]),
        ring("unsure", 0.2, &["i", "e", "f"]),
        ring("wrong", 0.05, &["y", "z", "a"]),
    ];
    let found = evaluate(&rows, &truths, None)?.rings;
    assert_eq!((found.planted, found.found, found.listed, found.wrong), (2, 1, 2, 1));
    Ok(())
}

#[test]
fn one_year_can_stand_alone() -> Result<(), EvalError> {
    let (mut rows, mut truths) = (list(), truths());
    only_year(&mut rows, &mut truths, 2021);
    let found = evaluate(&rows, &truths, None)?;
    assert_eq!((found.planted, found.listed, found.average_precision), (2, 2, Some(1.0)));
    Ok(())
}

#[test]
fn nothing_planted_and_nothing_listed_are_answers() -> Result<(), EvalError> {
    let clean = evaluate(&list(), &Truths { villages: Some(9), ..Truths::default() }, None)?;
    assert_eq!((clean.average_precision, clean.inspected.len()), (None, 0));
    assert_eq!(clean.discoveries.first().map(|d| (d.leads, d.wrong)), Some((3, 3)));
    let silent = evaluate(&[], &truths(), None)?;
    assert_eq!((silent.average_precision, silent.excess_mu), (Some(0.0), None));
    assert_eq!(silent.discoveries.first().map(|d| (d.leads, d.proportion)), Some((0, 0.0)));
    Ok(())
}

#[test]
fn the_number_of_villages_must_be_known_and_fit() {
    let unknown = Truths { villages: None, ..truths() };
    let say = |result: Result<_, EvalError>| result.err().map(|e| e.to_string());
    assert_eq!(
        say(evaluate(&list(), &unknown, None)).as_deref(),
        Some("the truth does not say how many villages there are; give --villages N")
    );
    assert!(evaluate(&list(), &unknown, Some(4)).is_ok());
    assert_eq!(
        say(evaluate(&list(), &truths(), Some(3))).as_deref(),
        Some("4 villages are listed or planted, but there are only 3; give the right --villages N")
    );
}

fn write(dir: &Path, name: &str, text: &str) -> std::io::Result<std::path::PathBuf> {
    let path = dir.join(name);
    std::fs::write(&path, text)?;
    Ok(path)
}

#[test]
fn lists_are_read_and_refused_with_their_place() -> Result<(), Box<dyn Error>> {
    let temp = tempfile::tempdir()?;
    let dir = temp.path();
    let head = "\u{feff}village_code,year,score,q_value,excess_mu,excess_mu_lo,excess_mu_hi\n";
    let good = write(dir, "good.csv", &format!("{head}v1,2020,97.5,0.01,3,2,4\nv2,2021,3,,,,\n"))?;
    let mut first = listed("v1", 2020, 97.5, 0.01);
    first.mu = Some([3.0, 2.0, 4.0]);
    let second = Listed { q: None, ..listed("v2", 2021, 3.0, 0.0) };
    assert_eq!(read_leads(&good)?, [first, second]);
    let refused = [
        ("", "score", "x", "row 1, column `score`: `x` is not a number; correct the file"),
        (
            "",
            "score",
            "NaN",
            "row 1, column `score`: `NaN` is not a finite number; correct the file",
        ),
        ("", "score", "", "row 1, column `score`: `` is not a number; correct the file"),
        ("", "year", "then", "row 1, column `year`: `then` is not a year; correct the file"),
        (
            "",
            "village",
            "",
            "row 1, column `village_code`: `` is not a village code; correct the file",
        ),
    ];
    for (_, column, value, words) in refused {
        let of =
            |name: &str, usual: &str| if name == column { value.to_owned() } else { usual.into() };
        let row = format!("{},{},{}\n", of("village", "v1"), of("year", "2020"), of("score", "5"));
        let bad = write(dir, "bad.csv", &format!("village_code,year,score\n{row}"))?;
        let said = read_leads(&bad).err().map(|e| e.to_string());
        assert_eq!(said, Some(format!("{}: {words}", bad.display())));
    }
    let bare = write(dir, "bare.csv", "village_code,year\n")?;
    let said = read_leads(&bare).err().map(|e| e.to_string());
    let words = "no column `score`; a list needs village_code, year and score";
    assert_eq!(said, Some(format!("{}: {words}", bare.display())));
    let said = read_leads(dir).err().map(|e| e.to_string());
    let words =
        "holds neither leads.csv nor leads.parquet; give the folder of a scan or the file itself";
    assert_eq!(said, Some(format!("{}: {words}", dir.display())));
    let missing = dir.join("none.csv");
    let said = read_leads(&missing).err().map(|e| e.to_string()).unwrap_or_default();
    assert!(said.starts_with(&format!("{}: cannot be read: ", missing.display())), "{said}");
    assert!(said.ends_with("; check the path and its permissions"), "{said}");
    Ok(())
}

#[test]
fn truths_are_read_and_refused_with_their_entry() -> Result<(), Box<dyn Error>> {
    let temp = tempfile::tempdir()?;
    let entry =
        r#"{"village_code":"v1","year":2020,"type":"jump","excess_mu":"2.5","excess_yuan":40}"#;
    let text = format!(r#"{{"villages":7,"planted":[{entry},{entry}]}}"#);
    let good = write(temp.path(), "truth.json", &text)?;
    let read = read_truth(&good)?;
    assert_eq!(
        read,
        Truths { villages: Some(7), planted: vec![case("v1", 2020, "jump", 5.0, 80.0)] }
    );
    let tail = "give the truth.json that `qingmu synth` wrote";
    for (text, words) in [
        ("{}", "no list `planted`".to_owned()),
        ("{", "no JSON (EOF while parsing an object at line 1 column 1)".to_owned()),
        (r#"{"planted":[{}]}"#, "entry 1 of `planted` has no `village_code`".to_owned()),
        (
            r#"{"planted":[{"village_code":"v","year":2020,"excess_mu":1}]}"#,
            "entry 1 of `planted` has no `excess_yuan`".to_owned(),
        ),
    ] {
        let bad = write(temp.path(), "bad.json", text)?;
        let said = read_truth(&bad).err().map(|e| e.to_string());
        assert_eq!(said, Some(format!("{}: {words}; {tail}", bad.display())));
    }
    Ok(())
}

#[test]
fn the_page_stands_in_both_languages() -> Result<(), EvalError> {
    let found = evaluate(&list(), &truths(), None)?;
    let page = found.page(Lang::En);
    assert!(page.starts_with(
        "100 villages; 4 village-years planted (3 villages, 200 yuan); 4 village-years listed\naverage precision 0.604\n"
    ));
    assert!(page.contains("\n≤ 0.05              3      1        0.333   0.500\n"), "{page}");
    let page = found.page(Lang::Zh);
    assert!(page.contains("平均精度 0.604\n"), "{page}");
    assert!(
        page.contains("\n核查的村  村数  查出村年  查出金额\n1 %          1     0.500     0.750\n"),
        "{page}"
    );
    Ok(())
}
