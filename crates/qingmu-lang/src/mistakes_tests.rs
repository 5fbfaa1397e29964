//! Seeded kinds of mistakes in rule files: each is refused at its place, with the reason and a suggestion, in Chinese
//! and English. What is said of each stands in `src/mistakes.txt`; `QINGMU_BLESS=1` writes it anew, to be read.

use crate::testkit::mistakes;
use std::fmt::Write;

/// Kind, rule, what is replaced, and by what.
const SEEDED: &[(&str, &str, &str, &str)] = &[
    ("broken TOML", "V02", "[param] ", "[param "),
    ("a key that is unknown", "V02", "status = ", "statsu = "),
    ("a key that is missing", "V02", "grade = \"E2\" ", ""),
    (
        "a key that is written twice",
        "V02",
        "scan = \"village_year\"",
        "scan = \"village_year\"\nscan = \"panel\"",
    ),
    ("text where a number belongs", "V02", "is = 50, ", "is = \"50\", "),
    ("a number where text belongs", "V02", "slug = \"veg-steady-grain-up\"", "slug = 7"),
    ("an id of another form", "V02", "id = \"V02\"", "id = \"VV2\""),
    ("a slug with capitals", "V02", "\"veg-steady-grain-up\"", "\"VegSteady\""),
    ("a status that there is not", "V02", "\"trial\"", "\"trail\""),
    ("a grade that there is not", "V02", "\"E2\"", "\"E5\""),
    ("a view that there is not", "V02", "\"village_year\"", "\"village_years\""),
    ("groups by a column that is no key", "C06", "by = [\"claimant_id\",", "by = [\"area_mu\","),
    (
        "groups by a column twice",
        "C06",
        "\"year\", \"season\", \"programme\"], spread",
        "\"year\", \"year\", \"programme\"], spread",
    ),
    (
        "groups by nothing",
        "C06",
        "by = [\"claimant_id\", \"year\", \"season\", \"programme\"]",
        "by = []",
    ),
    ("a group without spread", "C06", "spread = \"area_mu\", ", ""),
    (
        "spread without a group",
        "V03",
        "scan = \"village_season_programme\"",
        "scan = \"village_season_programme\", spread = \"claimed.all\"",
    ),
    ("spread by a text", "C06", "spread = \"area_mu\"", "spread = \"village_code\""),
    (
        "a parameter in a unit that there is not",
        "V02",
        "is = 50,   unit = \"mu\"",
        "is = 50,   unit = \"ha\"",
    ),
    ("a parameter that is no number", "V02", "is = 2.0, ", "is = nan, "),
    ("a parameter that is infinite", "V02", "is = 2.0, ", "is = inf, "),
    ("a parameter's name with capitals", "V02", "rise_mu    =", "riseMu    ="),
    (
        "a parameter without a reason",
        "V02",
        "below this a field visit costs more than it recovers",
        " ",
    ),
    ("a parameter that nobody uses", "V02", "max(p.rise_mu, noise)", "noise"),
    ("a parameter that is misspelt", "V02", "p.rise_share", "p.rise_shore"),
    ("a let that nobody uses", "V02", "prev  =", "spare = \"prev\"\nprev  ="),
    ("a let named like a column", "V02", "noise = ", "claims = "),
    ("a let named like the language", "V02", "noise = ", "mu = "),
    ("a let that needs itself", "V02", "claimed.grain - prev", "claimed.grain - unexplained"),
    ("a column that there is not", "V02", "lag(base.vegetable)\"", "lag(base.vegetables)\""),
    ("a function that there is not", "V02", "lag(claimed.grain)", "previous(claimed.grain)"),
    ("a function of SQL", "C06", "sum(area_mu)\"", "avg(area_mu)\""),
    ("too few arguments", "V02", "\"max(rise - freed, 0)\"", "\"max(rise - freed)\""),
    ("arguments of different types", "V02", "\"max(rise - freed, 0)\"", "\"max(rise, name)\""),
    (
        "arguments of different units",
        "V02",
        "\"max(rise - freed, 0)\"",
        "\"max(rise, paid.grain)\"",
    ),
    (
        "an excess in the wrong unit",
        "V02",
        "\"unexplained * paid.grain / claimed.grain\"",
        "\"unexplained * paid.grain\"",
    ),
    ("mu added to yuan", "V02", "\"claimed.grain - prev\"", "\"claimed.grain + paid.grain\""),
    ("a bare number against mu", "C06", "extra >= p.extra_mu\"", "extra >= 5\""),
    ("a number where a condition belongs", "V02", "rise >= p.rise_share * prev and", "rise and"),
    (
        "a condition where a number belongs",
        "V02",
        "\"unexplained\"\nyuan",
        "\"unexplained > 0\"\nyuan",
    ),
    ("text added to a number", "V02", "\"claimed.grain - prev\"", "\"claimed.grain - name\""),
    ("text compared by size", "V02", "rise >= p.rise_share * prev", "name >= 'a'"),
    (
        "a quotient where a product would do",
        "V02",
        "rise >= p.rise_share * prev",
        "rise / prev >= p.rise_share",
    ),
    ("division by zero", "V02", "\"claimed.grain - prev\"", "\"claimed.grain / 0\""),
    ("lag of a group", "C06", "\"count()\"", "\"lag(count())\""),
    ("a column that differs inside a group", "C06", "\"sum(area_mu)\"", "\"area_mu\""),
    ("an aggregate of one row", "V02", "\"claimed.grain - prev\"", "\"sum(claimed.grain)\""),
    ("an aggregate inside another", "C06", "\"sum(area_mu)\"", "\"sum(largest(area_mu))\""),
    (
        "a window on a function of one row",
        "V02",
        "hypot(base.vegetable_se, lag(base.vegetable_se))",
        "hypot(base.vegetable_se, base.vegetable_se) over (partition by year)",
    ),
    (
        "a window by a column inside the group",
        "N01",
        "over (partition by town_code, year)\"",
        "over (partition by village_code)\"",
    ),
    (
        "a window that is ordered",
        "N01",
        "over (partition by town_code, year)\"",
        "over (order by year)\"",
    ),
    (
        "a power of a unit",
        "V02",
        "\"claimed.grain - prev\"",
        "\"prev * prev * prev * prev * prev\"",
    ),
    ("an operator that is missing", "V02", "\"claimed.grain - prev\"", "\"claimed.grain prev\""),
    ("a parenthesis that is missing", "V02", "\"max(rise - freed, 0)\"", "\"max(rise - freed, 0\""),
    ("an operator of other languages", "V02", "claimed.grain - prev", "claimed.grain == prev"),
    ("a comparison in full width", "V02", "rise >= p.rise_share", "rise ≥ p.rise_share"),
    (
        "a comment in an expression",
        "V02",
        "\"claimed.grain - prev\"",
        "\"claimed.grain - prev -- rise\"",
    ),
    (
        "two statements",
        "V02",
        "\"claimed.grain - prev\"",
        "\"claimed.grain - prev; drop table claims\"",
    ),
    ("a query", "V02", "\"claimed.grain - prev\"", "\"(select max(area_mu) from claims)\""),
    ("a name in double quotes", "V02", "\"claimed.grain - prev\"", "'\"claimed.grain\" - prev'"),
    ("a text that is not closed", "V02", "rise >= p.rise_share * prev", "name = 'a"),
    ("an empty expression", "V02", "\"claimed.grain - prev\"", "\"\""),
    ("a number out of range", "V02", "\"claimed.grain - prev\"", "\"claimed.grain * 1e999\""),
    (
        "bounds that fall",
        "V02",
        "low = 0, medium = 100, high = 300",
        "low = 0, medium = 400, high = 300",
    ),
    ("evidence that is an expression", "V02", "\"freed\", \"noise\"]", "\"freed + 0\", \"noise\"]"),
    ("evidence rows from another table", "V02", "from = \"claims\"", "from = \"persons\""),
    (
        "evidence rows by no key",
        "V02",
        "keys = [\"village_code\", \"year\"]",
        "keys = [\"crop\", \"year\"]",
    ),
    ("evidence from too many years", "V02", "years_back = 1", "years_back = 40"),
    ("no evidence rows", "V02", "limit = 500", "limit = 0"),
    ("a placeholder without a format", "V02", "{rise:.1f}亩", "{rise}亩"),
    ("a placeholder in another unit", "V02", "{mu:.1f}亩", "{mu:.1f wan}亩"),
    ("a placeholder that is not closed", "V02", "{mu:.1f}亩", "{mu:.1f亩"),
    ("a placeholder that is an expression", "V02", "{mu:.1f}亩", "{mu + 1:.1f}亩"),
    ("a placeholder of nothing", "V02", "{mu:.1f}亩", "{area:.1f}亩"),
    ("a format that there is not", "V02", "{mu:.1f}亩", "{mu:%.1f}亩"),
    ("a verdict in Chinese", "V02", "未见土地来源", "涉嫌骗补"),
    ("a verdict in English", "P01", "Please check holder", "Fraudulent holder"),
    ("a title in one language", "V02", "Vegetable area steady, subsidised grain area up", ""),
    (
        "an explanation that explains nothing",
        "V02",
        "zh = \"撂荒地、果园复耕种粮\"",
        "zh = \"未知\"",
    ),
    (
        "a check in one language",
        "V02",
        "check = { zh = \"复耕台账;两年的果园基线\", en = \"reclamation register; orchard baseline of both years\" }",
        "check = \"reclamation register\"",
    ),
    (
        "a test without a hit",
        "C06",
        "\"a/2022/S/grain\" = { is = \"hit\", mu = 8, yuan = 800, level = \"low\" }, ",
        "",
    ),
    (
        "a test without an abstention",
        "P01",
        "\"?/2022\" = { is = \"abstain\" }",
        "\"?/2022\" = { is = \"clear\" }",
    ),
    ("a test without what clears", "C06", "\"c/2022/S/grain\" = { is = \"cleared\" }, ", ""),
    (
        "a test row that is too short",
        "V02",
        "[\"c\", 2022, 300, 30000, 500, \"\"]",
        "[\"c\", 2022, 300, 30000, 500]",
    ),
    (
        "a test with an unknown column",
        "V02",
        "\"base.vegetable\", \"rotation_mu\"]",
        "\"base.vegetables\", \"rotation_mu\"]",
    ),
    ("a test cell of another type", "V02", "[\"c\", 2022, 300,", "[\"c\", \"twenty\", 300,"),
    (
        "a test that wants no outcome",
        "V02",
        "\"d/2022\" = { is = \"clear\" }",
        "\"d/2022\" = { is = \"clean\" }",
    ),
    (
        "a test of no subject",
        "V02",
        "\"d/2022\" = { is = \"clear\" }",
        "\"d\" = { is = \"clear\" }",
    ),
    ("a test without its key", "V02", "cols = [\"village_code\",", "cols = [\"town_code\","),
    ("a stable rule without law", "V02", "\"trial\"", "\"stable\""),
    ("a file of another name", "V02", "\"veg-steady-grain-up\"", "\"veg-steady\""),
];

#[test]
fn every_kind_is_refused_with_place_reason_and_suggestion_in_both_languages() {
    let mut all = String::new();
    for (kind, rule, old, new) in SEEDED {
        // `law` must go for the stable rule to lack it.
        let found = if *kind == "a stable rule without law" {
            let law = "law = [{ cite = \"财政违法行为处罚处分条例 第六条(一)、第十四条(一)\", gist = \"以虚报、冒领等手段骗取财政资金\" }]\n";
            crate::testkit::mistakes_of(rule, &[(old, new), (law, "")])
        } else {
            mistakes(rule, old, new)
        };
        let Some(first) = found.list.first() else { panic!("`{kind}` is not refused") };
        assert!(first.help.is_some(), "{kind}: no suggestion for `{}`", first.message);
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let help_zh = first.help_zh.as_deref().unwrap_or_default();
        assert!(chinese(&first.message_zh), "{kind}: `{}` is not Chinese", first.message_zh);
        assert!(chinese(help_zh), "{kind}: `{help_zh}` is not Chinese");
        let (line, column) = (first.line, first.column);
        let help = first.help.as_deref().unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(
            all,
            "{kind}\n  {rule} {line}:{column} [{}]\n  {}\n  {help_zh}\n  {}\n  {help}",
            first.code, first.message_zh, first.message
        );
    }
    assert!(SEEDED.len() >= 40, "{} kinds", SEEDED.len());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mistakes.txt");
    if std::env::var_os("QINGMU_BLESS").is_some() {
        assert!(std::fs::write(&path, &all).is_ok());
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    let differing: Vec<(&str, &str)> =
        all.lines().zip(wanted.lines()).filter(|(got, want)| got != want).collect();
    assert_eq!(differing, []);
    assert_eq!(all.lines().count(), wanted.lines().count());
}

/// Expressions that try to read, to exhaust or to confuse.
fn hostile() -> Vec<(&'static str, String)> {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    vec![
        ("a subquery", "(select max(x) from read_csv('/etc/passwd')) > 1".to_owned()),
        ("a file function", "claims > read_text('/etc/passwd')".to_owned()),
        ("a file by its name", "claims in '/etc/passwd'".to_owned()),
        ("the environment", "claims > getenv('HOME')".to_owned()),
        ("ten thousand parentheses", deep("(", ")")),
        ("ten thousand that stay open", "(".repeat(10_000)),
        ("ten thousand signs", deep("-", "")),
        ("ten thousand signs with blanks", deep("- ", "")),
        ("ten thousand negations", format!("{}true", "not ".repeat(10_000))),
        ("ten thousand calls", deep("abs(", ")")),
        ("ten thousand brackets", deep("[", "]")),
        ("a text of a megabyte", format!("name = '{}'", "a".repeat(1 << 20))),
        ("a name of a megabyte", "a".repeat(1 << 20)),
        ("a sum of a megabyte", format!("1{}", "+1".repeat(1 << 19))),
        ("Chinese of a megabyte", "菜".repeat(1 << 19)),
        ("a line comment", "claims > 1 -- all".to_owned()),
        ("a block comment", "claims /* all */ > 1".to_owned()),
        ("a nested comment", format!("{}claims > 1", "/*".repeat(10_000))),
        ("division by zero", "claims / 0 > 1".to_owned()),
        ("division by minus zero", "claims / -0.0 > 1".to_owned()),
        ("NaN", "claims > NaN".to_owned()),
        ("NaN by cast", "claims > 'NaN'::float".to_owned()),
        ("NaN as text", "claims > 'NaN'".to_owned()),
        ("infinity", "claims > 1e999".to_owned()),
        ("a null", "claims = null".to_owned()),
        ("a zero byte", "claims > \u{1}1".to_owned()),
        ("text that runs backwards", "claims > \u{202e}1".to_owned()),
        ("an escape", "claims > E'\\x41'".to_owned()),
        ("a dollar quotation", "name = $$a$$".to_owned()),
    ]
}

#[test]
fn hostile_expressions_are_refused_whatever_their_size() {
    for (kind, text) in hostile() {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\u{1}', "\\u0001");
        let found = mistakes("V02", "claimed.grain - prev", &quoted);
        let first = found.list.first();
        assert!(first.is_some(), "{kind} passes");
        // The refusal shows the place, not the megabyte.
        let shown: usize = first.map_or(0, |d| d.message.len() + d.message_zh.len());
        assert!(shown < 1_000, "{kind}: a message of {shown} bytes");
        let _ = first.map(|d| d.render(false));
    }
}

#[test]
fn hostile_toml_is_refused_whatever_its_depth() {
    for (open, close) in [("[", "]"), ("{ a = ", "}")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let found = mistakes("V02", "is = 50, ", &format!("is = {deep}, "));
        assert!(!found.list.is_empty());
    }
}
