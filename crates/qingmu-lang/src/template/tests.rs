//! Messages and their placeholders.

use crate::ir::Expr;
use crate::rule::{Format, Piece};
use crate::testkit::{brief, examples, expect, first, mistakes};

/// Error of V02's English message after replacing a placeholder.
fn said(new: &str) -> String {
    brief("V02", "{claimed.grain:.1f} mu of grain", &format!("{new} mu of grain"))
}

#[test]
fn placeholders_become_checked_expressions() {
    let pack = examples();
    let zh = &pack.rules[3].say_zh;
    let Piece::Value(name, None) = &zh[0] else { panic!("{:?}", zh[0]) };
    assert!(matches!(&name.expr, Expr::Column { name, .. } if name == "name"));
    assert_eq!(zh[2], Piece::Text("年申报种粮补贴".to_owned()));
    let Piece::Value(mu, format) = &zh[11] else { panic!("{:?}", zh[11]) };
    assert_eq!(mu.expr, Expr::Let("mu".to_owned()));
    assert_eq!(*format, Some(Format { decimals: 1, factor: 1.0 }));
}

#[test]
fn units_for_show_are_exact() {
    let factor =
        |format: &str, unit| super::read_format(format, unit).map(|f| (f.decimals, f.factor));
    assert_eq!(factor(".2f ha", qingmu_model::Unit::MU), Ok((2, 1.0 / 15.0)));
    assert_eq!(factor(".1f wan", qingmu_model::Unit::YUAN), Ok((1, 1e-4)));
    // One mu is 2,000/3 square metres, one acre 4,046.8564224.
    let acre = factor(".3f acre", qingmu_model::Unit::MU).map(|(_, f)| (f * 1e12).round());
    assert_eq!(acre, Ok((2000.0 / 3.0 / 4_046.856_422_4 * 1e12_f64).round()));
}

#[test]
fn an_unknown_placeholder_is_shown_behind_chinese() {
    assert_eq!(
        mistakes("P01", "{paid:.2f}元,除", "{payed:.2f}元,除").to_string(),
        "\
error[name]: there is no column or let `payed`
 --> rules/payment/P01-one-card-many-people.toml:7:59
  |
7 | say.zh = \"同一账户{year}年收到{people:.0f}名申领人(分属{homes:.0f}户)补贴{payed:.2f}元,除最大一人外{yuan:.2f}元,请核对户名与代领手续。\"
  |                                                                           ^^^^^
  |
  = help: did you mean `paid`?"
    );
}

#[test]
fn each_wrong_placeholder_is_explained() {
    expect(
        [
            (
                "{claimed.grain}",
                "31:24 how many decimals of `claimed.grain`? | write `{claimed.grain:.1f}`",
            ),
            (
                "{claimed.grain:.1g}",
                "31:38 `.1g` is no format | a format is `.0f` to `.6f`, then perhaps ` acre`, ` ha` or ` wan`",
            ),
            (
                "{claimed.grain:.9f}",
                "31:38 `.9f` is no format | a format is `.0f` to `.6f`, then perhaps ` acre`, ` ha` or ` wan`",
            ),
            (
                "{claimed.grain:.1f mile}",
                "31:38 there is no unit `mile` | acre and ha show mu, wan shows yuan",
            ),
            (
                "{claimed.grain:.1f wan}",
                "31:38 `wan` shows yuan, this is in mu | acre and ha show mu, wan shows yuan",
            ),
            (
                "{name:.1f}",
                "31:24 `name` is a text: only numbers take a format, and conditions are not shown | give the number a name under [let], or leave the format out",
            ),
            (
                "{rise + prev:.1f}",
                "31:24 a placeholder is a name, not an expression | give the expression a name under [let]",
            ),
            ("{rise", "31:23 `{` is never closed | a brace itself is written `{{`"),
            ("rise}", "31:27 `}` closes nothing | a brace itself is written `}}`"),
            ("{claimed.grain:.1f acre}, {{braces}}", ""),
        ]
        // An open brace swallows the next placeholder; only the first mistake is this one.
        .map(|(new, message)| (first(&said(new)), message)),
    );
}
