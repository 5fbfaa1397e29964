//! Inline tests and CSV cases, and what is wrong with them.

use crate::pack::load_files;
use crate::rule::Cell;
use crate::testkit::{County, brief, examples_with, expect, first};

#[test]
fn each_wrong_test_is_explained() {
    expect(
        [
            (
                "V03",
                "\"claimed.all\", \"paid.all\"",
                "\"claimed.al\", \"paid.all\"",
                "14:25 `claimed.al` is no column of village_season_programme | did you mean `claimed.all`?",
            ),
            (
                "V03",
                "all = { name",
                "all = { nam",
                "13:9 `nam` is no column of village_season_programme | did you mean `name`?",
            ),
            (
                "V03",
                "[\"b\", 1020, 102000, 1000, \"\"]",
                "[\"b\", 1020]",
                "15:40 2 cells for 5 columns | a missing value is \"\"",
            ),
            (
                "V03",
                "[\"b\", 1020",
                "[7, 1020",
                "15:41 `village_code` holds a text in quotation marks | a missing value is \"\"",
            ),
            (
                "V03",
                "[\"b\", 1020",
                "[\"b\", \"1020\"",
                "15:46 `claimed.all` holds a number in mu | a missing value is \"\"",
            ),
            (
                "P01",
                "1000, false]",
                "1000, 0]",
                "15:33 `collective` holds true or false | a missing value is \"\"",
            ),
        ]
        .map(|(id, old, new, said)| (first(&brief(id, old, new)), said)),
    );
}

#[test]
fn each_test_that_does_not_fit_its_rule_is_explained() {
    expect(
        [
            (
                "V03",
                "season = \"A\", ",
                "",
                "11:1 the subject's key `season` is not given | add it to `cols` or `all`",
            ),
            (
                "V03",
                "all = { name",
                "all = { village_code = \"a\", name",
                "11:1 column `village_code` is given twice | leave one of them out",
            ),
            (
                "V03",
                "\"a/2022/A/grain\" =",
                "\"a/2022\" =",
                "16:10 `a/2022` does not name a subject | a subject is village_code/year/season/programme; `?` for a missing key",
            ),
            (
                "V03",
                "is = \"hit\"",
                "is = \"miss\"",
                "16:36 `miss` is none of hit, clear, cleared, abstain | take one of the words listed",
            ),
            (
                "V03",
                "level = \"medium\"",
                "level = \"middle\"",
                "16:75 `middle` is none of low, medium, high | take one of the words listed",
            ),
            (
                "V03",
                "name = \"beyond; within slack; contracted area is larger; arable unknown\"\n",
                "",
                "11:1 a test without a name | say what it shows",
            ),
            (
                "V03",
                "cols = [",
                "cases = \"x.csv\"\ncols = [",
                "11:1 a test has rows here or in a CSV file | write `cols` and `rows`, or `cases = \"name.csv\"`",
            ),
            ("V03", "mu = \"beyond\", ", "", "7:88 there is no column or let `mu` | only messages and evidence know `mu`, and only if [flag] sets it"),
        ]
        .map(|(id, old, new, said)| (first(&brief(id, old, new)), said)),
    );
}

#[test]
fn an_expectation_needs_something_to_compare_with() {
    let level = ", level = { by = \"extra\", low = 0, medium = 20, high = 100 }";
    assert_eq!(
        brief("C06", level, ""),
        "16:71 the rule's flag has no `level` | add it to [flag], or leave it out of the test"
    );
    let all = brief("P01", "mu = \"sum(area_mu) - largest(area_mu)\", ", "");
    assert_eq!(
        all,
        "16:41 the rule's flag has no `mu` to compare with | add it to [flag], or leave it out of the test"
    );
}

/// V03 with its rows in a file of their own.
fn with_csv(csv: &str) -> Result<crate::Pack, String> {
    let rows = "cols = [\"village_code\", \"claimed.all\", \"paid.all\", \"base.arable\", \"base.contracted\"]\n\
        rows = [[\"a\", 1200, 120000, 1000, \"\"], [\"b\", 1020, 102000, 1000, \"\"], [\"c\", 1200, 120000, 1000, 1190], [\"d\", 1200, 120000, \"\", \"\"]]";
    let mut files = examples_with("V03", rows, "cases = \"villages.csv\"");
    files.push("village/V03-land-budget-broken.cases/villages.csv", csv.to_owned());
    load_files(&files, Vec::new(), &County)
        .map_err(|all| all.list.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; "))
}

#[test]
fn rows_come_from_a_csv_file_beside_the_rule() {
    let header = "village_code,claimed.all,paid.all,base.arable,base.contracted\n";
    let pack = with_csv(&format!("{header}007,1200,120000,1000,\n"));
    let row = pack.as_ref().map(|pack| pack.rules[4].tests[0].rows[0][..5].to_vec());
    assert_eq!(
        row,
        Ok(vec![
            Cell::Text("007".to_owned()),
            Cell::Number(1200.0),
            Cell::Number(120_000.0),
            Cell::Number(1000.0),
            Cell::Missing,
        ])
    );
    let path = "village/V03-land-budget-broken.cases/villages.csv";
    for (csv, said) in [
        (
            format!("{header}a,12OO,1,1,1\n"),
            format!("{path}, row 2: `12OO` is no value of `claimed.all`"),
        ),
        (
            "village_code,claimd.all\na,1\n".to_owned(),
            "`claimd.all` is no column of village_season_programme".to_owned(),
        ),
        (
            format!("{header}a,1\n"),
            format!(
                "{path}: CSV error: record 1 (line: 2, byte: 62): found record with 2 fields, but the previous record has 5 fields"
            ),
        ),
    ] {
        assert_eq!(with_csv(&csv).err(), Some(said));
    }
}

#[test]
fn a_missing_csv_file_is_named_and_the_test_may_take_its_name() {
    let rows = "name = \"beyond; within slack; contracted area is larger; arable unknown\"\n";
    let files = examples_with("V03", rows, "cases = \"none.csv\"\n");
    let all = load_files(&files, Vec::new(), &County).err().unwrap_or_default();
    assert_eq!(all.list[0].message, "a test has rows here or in a CSV file");
    let rows = "cols = [\"village_code\", \"claimed.all\", \"paid.all\", \"base.arable\", \"base.contracted\"]\n\
        rows = [[\"a\", 1200, 120000, 1000, \"\"], [\"b\", 1020, 102000, 1000, \"\"], [\"c\", 1200, 120000, 1000, 1190], [\"d\", 1200, 120000, \"\", \"\"]]";
    assert_eq!(
        brief("V03", rows, "cases = \"none.csv\""),
        "14:9 there is no file village/V03-land-budget-broken.cases/none.csv | put it beside the rule, in its `.cases` folder"
    );
}
