//! Packs: the five examples whole, files that are none, damaged files.

use super::*;
use crate::ir::{Expr, Type};
use crate::rule::{Cell, Status};
use crate::testkit::{County, EXAMPLES, examples, examples_with};
use qingmu_model::{Level, Outcome, Unit};

#[test]
fn the_five_examples_load() {
    let pack = examples();
    let ids: Vec<&str> = pack.rules.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["C06", "N01", "P01", "V02", "V03"]);
    let v02 = &pack.rules[3];
    let lets: Vec<&str> = v02.lets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(lets, ["noise", "prev", "rise", "veg0", "freed", "unexplained"]);
    assert_eq!(v02.status, Status::Trial);
    assert_eq!(v02.flag.yuan.as_ref().map(|n| n.ty), Some(Type::Number(Unit::YUAN)));
    assert_eq!(v02.params["rise_mu"].unit, Unit::MU);
    assert_eq!(v02.digest.len(), 16);
    let want = &v02.tests[0].want["a/2022"];
    assert_eq!((want.is, want.mu, want.level), (Outcome::Hit, Some(180.0), Some(Level::Medium)));
    // Columns of the test: as listed, then those of `all` by name.
    let columns: Vec<&str> = v02.tests[0].columns.iter().map(String::as_str).collect();
    assert_eq!(columns[5..], ["rotation_mu", "base.arable", "base.vegetable_se", "name"]);
    assert_eq!(v02.tests[0].rows[0][5..7], [Cell::Missing, Cell::Number(1400.0)]);
    assert_eq!(v02.evidence_rows.as_ref().map(|r| (r.years_back, r.limit)), Some((1, 500)));
}

#[test]
fn every_node_points_at_its_own_text() {
    let pack = examples();
    let n01 = &pack.rules[1];
    let text = |node: &crate::ir::Node| n01.source[node.span.clone()].to_owned();
    let expected = &n01.lets.iter().find(|(name, _)| name == "expected").map(|(_, node)| node);
    let Some(Expr::Binary(_, left, right)) = expected.map(|node| &node.expr) else {
        panic!("`expected` is no quotient");
    };
    assert_eq!(text(left), "area * town_rise");
    assert_eq!(text(right), "(sum(area_mu) over (partition by town_code, year))");
    let Some(node) = &n01.flag.yuan else { panic!("no yuan") };
    assert_eq!(text(node), "(rise - expected) * sum(amount_yuan) / area");
}

#[test]
fn files_that_are_no_rules_are_refused_not_passed_over() {
    let mut files = examples_with("", "", "");
    files.push("V09-loose.toml", String::new());
    files.push("typology/ring.toml", String::new());
    files.push("village/deep/V09-a.toml", String::new());
    files.push("retired.toml", "[[retired]]\nid = \"V9\"\nwhy = \"\"\n".to_owned());
    let all = load_files(&files, Vec::new(), &County).err().unwrap_or_default();
    let lines: Vec<String> =
        all.list.iter().map(|d| format!("{}: {}", d.file, d.message)).collect();
    assert_eq!(
        lines,
        [
            "rules/V09-loose.toml: no rule file: rules stand in one folder per family",
            "rules/typology/ring.toml: no rule file: rules stand in one folder per family",
            "rules/village/deep/V09-a.toml: no rule file: rules stand in one folder per family",
            "rules/retired.toml: rule id `V9` is not one capital letter and two digits, such as V02",
            "rules/retired.toml: why was it retired?",
        ]
    );
}

proptest::proptest! {
    /// A damaged file loads or is refused at a place inside it; rendering the refusal never falls over.
    #[test]
    fn a_damaged_file_is_answered(
        rule in 0..EXAMPLES.len(),
        cut in proptest::prelude::any::<proptest::sample::Index>(),
        length in 0_usize..12,
        put in "[a-z0-9{}\\[\\]().:,'\"\\\\=<> 菜\n]{0,6}",
    ) {
        let (path, text) = EXAMPLES[rule];
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let first = cut.index(starts.len());
        let end = starts.get(first + length).copied().unwrap_or(text.len());
        let mut files = Files { root: "rules".to_owned(), ..Files::default() };
        files.push(path, format!("{}{put}{}", &text[..starts[first]], &text[end..]));
        let list = match load_files(&files, Vec::new(), &County) {
            Ok(pack) => crate::lint::lint(&pack),
            Err(all) => all.list,
        };
        for found in list {
            proptest::prop_assert!(found.line <= files.list[0].text.matches('\n').count() + 1);
            let place = format!("{}:{}:", found.file, found.line);
            proptest::prop_assert!(found.to_string().contains(&place), "{}", found);
        }
    }
}
