//! Seeded breaches of the house rules.

use super::*;
use crate::pack::load_files;
use crate::source::Files;
use crate::testkit::{County, brief, examples, examples_with, expect, mistakes};
use qingmu_model::Bilingual;

/// Loads files that load and lints them, one line per finding.
fn findings(files: &Files) -> Vec<String> {
    let pack = load_files(files, Vec::new(), &County);
    assert_eq!(pack.as_ref().err().map(ToString::to_string), None);
    let pack = pack.unwrap_or_default();
    lint(&pack).iter().map(|f| format!("{}: {}", f.file, f.message)).collect()
}

#[test]
fn the_examples_are_clean() {
    assert_eq!(lint(&examples()), []);
}

#[test]
fn a_verdict_word_is_refused() {
    assert_eq!(
        mistakes("V02", "未见土地来源", "涉嫌骗补").to_string(),
        "\
error[verdict-word]: `骗` is a verdict; a lead is a question
  --> rules/village/V02-veg-steady-grain-up.toml:30:113
   |
30 | ...}亩;同期蔬菜{veg0:.1f}→{base.vegetable:.1f}亩。约{mu:.1f}亩涉嫌骗补,涉及{yuan:.0f}元,请核查。\"
   |                                                                   ^^
   |
   = help: say what the numbers are and ask for a check (请核查)"
    );
    assert_eq!(
        brief("P01", "Please check holder", "Fraudulent holder"),
        "8:148 `fraud` is a verdict; a lead is a question | say what the numbers are and ask for a check (请核查)"
    );
}

#[test]
fn a_missing_abstain_case_is_refused() {
    assert_eq!(
        mistakes("P01", "\"?/2022\" = { is = \"abstain\" }", "\"?/2022\" = { is = \"clear\" }")
            .to_string(),
        "\
error[tests]: no test shows the outcome `abstain`
  --> rules/payment/P01-one-card-many-people.toml:11:1
   |
11 | [[test]]
   | ^^^^^^^^
   |
   = help: add a row with a missing value (\"\") of what `given.known` lists"
    );
    assert_eq!(
        brief("C06", "\"c/2022/S/grain\" = { is = \"cleared\" }, ", ""),
        "11:1 no test shows the outcome `cleared` | add a row that a `clears` covers"
    );
}

#[test]
fn a_quotient_for_a_product_is_refused_in_a_condition() {
    assert_eq!(
        mistakes("V02", "rise >= p.rise_share * prev", "rise / prev >= p.rise_share").to_string(),
        "\
error[quotient]: a quotient is compared where a product would do
  --> rules/village/V02-veg-steady-grain-up.toml:25:55
   |
25 | when  = \"base.vegetable >= (1 - p.veg_tol) * veg0 and rise / prev >= p.rise_share and unexplained >= max(p.rise_mu, noise)\"
   |                                                       ^^^^^^^^^^^
   |
   = help: multiply: write `a >= p.share * b`, not `a / b >= p.share`"
    );
    // A divisor that is a judgement, not data, is never zero by accident.
    assert_eq!(brief("V02", "rise >= p.rise_share * prev", "rise / p.rise_share >= prev"), "");
}

#[test]
fn parameters_are_used_and_justified_and_lets_are_used() {
    assert_eq!(
        brief("V02", "max(p.rise_mu, noise)", "noise"),
        "13:1 parameter `rise_mu` is never used | take it out"
    );
    assert_eq!(
        brief("V02", "below this a field visit costs more than it recovers", " "),
        "13:46 `why` is empty | write the text, or leave the key out where it may be"
    );
    assert_eq!(
        brief("V02", "prev  =", "spare = \"prev\"\nprev  ="),
        "16:1 let `spare` is never used | take it out, or show it under [evidence]"
    );
}

#[test]
fn explanations_explain_and_both_languages_are_there() {
    assert_eq!(
        brief("V02", "zh = \"撂荒地、果园复耕种粮\"", "zh = \"未知\""),
        "41:6 `未知` explains nothing | name a cause that a person can check"
    );
    assert_eq!(
        brief("V02", "en = \"fallow or orchard land returned to grain\"", "en = \"Unknown.\""),
        "42:6 `Unknown.` explains nothing | name a cause that a person can check"
    );
    assert_eq!(
        brief("V02", "Vegetable area steady, subsidised grain area up", ""),
        "8:38 `title.en` is empty | write the text, or leave the key out where it may be"
    );
}

#[test]
fn how_to_check_is_written_in_both_languages() {
    let both = "check = { zh = \"复耕台账;两年的果园基线\", en = \"reclamation register; orchard baseline of both years\" }";
    assert_eq!(
        mistakes("V02", both, "check = \"reclamation register\"").to_string(),
        "\
error[language]: `legit.check` is in one language only
  --> rules/village/V02-veg-steady-grain-up.toml:43:9
   |
43 | check = \"reclamation register\"
   |         ^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: write `check = { zh = \"…\", en = \"…\" }`"
    );
    let mut files = examples_with("V02", both, "check = \"reclamation register\"");
    let own = files.list[3].text.replace("id = \"V02\"", "id = \"U02\"");
    files.list.remove(3);
    files.push("village/U02-veg-steady-grain-up.toml", own);
    assert_eq!(
        findings(&files),
        Vec::<String>::new(),
        "a pack of one's own may speak one language"
    );
    let pack = load_files(&files, Vec::new(), &County).unwrap_or_default();
    let check =
        pack.rules.iter().find(|r| r.id.as_str() == "U02").map(|r| r.legit[1].check.clone());
    let text = "reclamation register";
    assert_eq!(check, Some(Bilingual::new(text, text)));

    let zh = "zh = \"复耕台账;两年的果园基线\", ";
    expect([
        (brief("V02", zh, ""), "43:9 missing field `zh` | add it"),
        (
            brief("V02", zh, "zh = \"\", "),
            "43:16 `legit.check.zh` is empty | write the text, or leave the key out where it may be",
        ),
        (
            brief("V02", zh, "zh = \"查骗补\", "),
            "43:18 `骗` is a verdict; a lead is a question | say what the numbers are and ask for a check (请核查)",
        ),
        (
            brief("V02", zh, "zhh = \"台账\", "),
            "43:11 unknown field `zhh`, expected `zh` or `en` | did you mean `zh`?",
        ),
        (
            brief("V02", both, "check = 3"),
            "43:9 invalid type: integer `3`, expected a text in both languages: { zh = \"…\", en = \"…\" } | write the value in its type: text in quotation marks, numbers without",
        ),
    ]);
}

#[test]
fn a_stable_rule_names_its_law_and_a_citation_says_where() {
    let law = "law = [{ cite = \"财政违法行为处罚处分条例 第六条(一)、第十四条(一)\", gist = \"以虚报、冒领等手段骗取财政资金\" }]\n";
    assert_eq!(brief("V02", law, ""), "");
    let stable = brief("V02", "status = \"trial\" ", "status = \"stable\"");
    assert_eq!(stable, "");
    let mut files = examples_with("V02", law, "");
    let stable = files.list[3].text.replace("\"trial\"", "\"stable\"");
    files.list.remove(3);
    files.push("village/V02-veg-steady-grain-up.toml", stable);
    assert_eq!(
        findings(&files),
        ["rules/village/V02-veg-steady-grain-up.toml: a stable rule names its law"]
    );
    assert_eq!(
        brief("V02", "财政违法行为处罚处分条例 第六条(一)、第十四条(一)", ""),
        "9:17 `law.cite` is empty | write the text, or leave the key out where it may be"
    );
}

#[test]
fn ids_are_given_once_and_files_are_named_by_them() {
    let mut files = examples_with("", "", "");
    let again = files.list[4].text.clone();
    files.push("village/V03-again.toml", again);
    files.push("retired.toml", "[[retired]]\nid = \"P01\"\nwhy = \"superseded\"\n".to_owned());
    assert_eq!(
        findings(&files),
        [
            "rules/payment/P01-one-card-many-people.toml: id P01 is retired and stays so",
            "rules/village/V03-land-budget-broken.toml: id V03 is already that of village/V03-again.toml",
            "rules/village/V03-again.toml: the file's name is not village/V03-land-budget-broken.toml",
        ]
        .iter()
        .map(|s| (*s).to_owned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(
        brief("V03", "id = \"V03\"", "id = \"X03\""),
        "2:15 there is no rule family X | families are C, H, N, P, S, T, V; U for your own"
    );
}
