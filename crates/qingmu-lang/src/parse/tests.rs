//! What the language is, and that nothing else gets in.

use super::*;
use crate::ast::AstNode;
use crate::diagnostics::SourceFile;
use crate::testkit::expect;
use std::sync::Arc;
use toml::Spanned;

#[derive(serde::Deserialize)]
struct Doc {
    a: Spanned<String>,
}

/// Parses `a = …` of a TOML text.
fn parsed(source: &str) -> (Option<Ast>, Sink) {
    let file = SourceFile { path: "a".into(), shown: "a".into(), text: source.to_owned() };
    let mut sink = Sink::new(Arc::new(file));
    let ast = toml::from_str::<Doc>(source).ok().and_then(|doc| expression(&doc.a, &mut sink));
    (ast, sink)
}

/// The refusal of an expression: the text under the caret, the message and the help.
fn refused(text: &str) -> String {
    let source = format!("a = '''{text}'''");
    let (ast, sink) = parsed(&source);
    assert_eq!(ast, None, "{text}");
    let Some(d) = sink.list.first() else { return "nothing said".to_owned() };
    let help = d.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
    format!("{} {}{help}", d.column - 7, d.message)
}

/// Writes a tree with all its parentheses.
fn show(ast: &Ast) -> String {
    match &ast.node {
        AstNode::Number(n) => n.to_string(),
        AstNode::Bool(b) => b.to_string(),
        AstNode::Text(t) => format!("'{t}'"),
        AstNode::Name(n) => n.clone(),
        AstNode::Not(inner) => format!("not({})", show(inner)),
        AstNode::Neg(inner) => format!("-({})", show(inner)),
        AstNode::Binary(op, left, right) => format!("({} {op:?} {})", show(left), show(right)),
        AstNode::Call { name, args, over, .. } => {
            let args: Vec<String> = args.iter().map(show).collect();
            let over: Vec<&str> = over.iter().flatten().map(|(name, _)| name.as_str()).collect();
            let over =
                if over.is_empty() { String::new() } else { format!(" by {}", over.join("+")) };
            format!("{name}[{}]{over}", args.join(", "))
        }
    }
}

#[test]
fn operators_bind_as_in_sql() {
    for (text, tree) in [
        (
            "a + b * c >= d and not e = f or g",
            "((((a Add (b Mul c)) Ge d) And not((e Eq f))) Or g)",
        ),
        ("a - b - c / d", "((a Sub b) Sub (c Div d))"),
        ("-a * b", "(-(a) Mul b)"),
        ("(a - (b - c))", "(a Sub (b Sub c))"),
        ("a <> 'it''s' and true", "((a Ne 'it's') And true)"),
        ("sum(x) over (partition by a, b.c) / count()", "(sum[x] by a+b.c Div count[])"),
        ("coalesce(any(x), false)", "coalesce[any[x], false]"),
        ("coalesce(distinct(household_id), people)", "coalesce[distinct[household_id], people]"),
        ("claimed.all + paid.any - .5", "((claimed.all Add paid.any) Sub 0.5)"),
        ("claimed.大蒜 > 1e3", "(claimed.大蒜 Gt 1000)"),
        ("A AND B", "(A And B)"),
    ] {
        let (ast, _) = parsed(&format!("a = '''{text}'''"));
        assert_eq!(ast.as_ref().map(show), Some(tree.to_owned()), "{text}");
    }
}

#[test]
fn nothing_but_columns_can_be_read() {
    expect(
        [
            ("(select max(x) from read_csv('/etc/passwd')) > 1", "2 `select` is not part of the rule language | an expression reads the columns of its view and nothing else: no queries"),
            ("a in (select b from information_schema.tables)", "3 `in` is not part of the rule language | write `x = 'a' or x = 'b'`"),
            ("exists (select 1)", "1 `exists` is not part of the rule language | an expression reads the columns of its view and nothing else: no queries"),
            ("with x as (select 1) select x", "1 `with` is not part of the rule language | an expression reads the columns of its view and nothing else: no queries"),
            ("a > $1", "5 `$1` is not part of the rule language | a parameter is written `p.name` and declared under [param]"),
            ("a > ?", "5 `?` is not part of the rule language | a parameter is written `p.name` and declared under [param]"),
            ("a > :b", "5 `:` is not part of the rule language | the operators are + - * / < <= > >= = <> and or not"),
            ("a > @b", "5 `@` is not part of the rule language | the operators are + - * / < <= > >= = <> and or not"),
            ("\"a\" > 1", "1 `\"a\"` is not part of the rule language | names stand without marks; texts stand in single quotes"),
            ("a > 1; drop table b", "6 `;` is not part of the rule language | one expression, not several statements"),
            ("a > 1 -- aside", "7 `-- aside` is not part of the rule language | comments belong into TOML, behind `#`"),
            ("f.g(a) > 1", "1 this form is not part of the rule language | a function is written `name(argument, …)`"),
            ("f(a).b > 1", "1 this form is not part of the rule language | expressions are columns, numbers, operators and functions"),
        ]
        .map(|(text, said)| (refused(text), said)),
    );
}

#[test]
fn other_sql_is_refused_with_what_to_write() {
    expect(
        [
            (
                "case when a then b end",
                "1 `case` is not part of the rule language | write max, min, coalesce, and, or",
            ),
            (
                "cast(a as int) > 1",
                "1 `cast` is not part of the rule language | columns have their type and unit from the view",
            ),
            (
                "a::int > 1",
                "2 `::` is not part of the rule language | the operators are + - * / < <= > >= = <> and or not",
            ),
            (
                "a between 1 and 2",
                "3 `between` is not part of the rule language | write `low <= x and x <= high`",
            ),
            (
                "a like 'x%'",
                "3 `like` is not part of the rule language | text is only compared with = and <>",
            ),
            (
                "a is null",
                "3 `is` is not part of the rule language | write `known(x)` or `not known(x)`",
            ),
            ("a == b", "3 `==` is not part of the rule language | write `=`"),
            ("a != b", "3 `!=` is not part of the rule language | write `<>`"),
            (
                "a % b",
                "3 `%` is not part of the rule language | the operators are + - * / < <= > >= = <> and or not",
            ),
            (
                "a || b",
                "3 `||` is not part of the rule language | the operators are + - * / < <= > >= = <> and or not",
            ),
            (
                "蔬菜 \u{ff1e} 1",
                "4 `\u{ff1e}` is not part of the rule language | operators and parentheses are ASCII: < <= > >= = <> ( ) ,",
            ),
            ("+a > 1", "1 this form is not part of the rule language | a sign is `-`"),
        ]
        .map(|(text, said)| (refused(text), said)),
    );
}

#[test]
fn forms_that_parse_but_mean_nothing_here_are_refused() {
    expect(
        [
            (
                "(a, b) = c",
                "1 this form is not part of the rule language | expressions are columns, numbers, operators and functions",
            ),
            (
                "count(*) > 1",
                "1 this form is not part of the rule language | rows are counted by `count()`, without `*`; arguments have no names",
            ),
            (
                "sum(a) over (order by b) > 1",
                "14 `order` is not part of the rule language | a window is `over (partition by a, b)`, without order",
            ),
            (
                "sum(a) over w > 1",
                "8 this form is not part of the rule language | a window is `over (partition by a, b)`",
            ),
            (
                "sum(a) over () > 1",
                "8 this form is not part of the rule language | a window is `over (partition by a, b)`",
            ),
            (
                "sum(a) over (partition by a + b) > 1",
                "8 this form is not part of the rule language | a window is partitioned by plain columns",
            ),
            ("a > 1e999", "5 this number is out of range | write a number below 1e308"),
        ]
        .map(|(text, said)| (refused(text), said)),
    );
}

#[test]
fn broken_expressions_say_where_they_break() {
    expect(
        [
            ("菜 + ", "5 expected an expression, but it ends | look at the brackets and operators around this place"),
            ("", "1 an expression is missing | write what is to hold or to be counted"),
            ("(a + b", "7 expected ), but it ends | look at the brackets and operators around this place"),
            (
                "a + b)",
                "6 `)` is not expected here | an operator is missing, or a parenthesis too many",
            ),
            (
                "a b",
                "3 `b` is not expected here | an operator is missing, or a parenthesis too many",
            ),
            ("a * / b", "5 expected an expression, found / | look at the brackets and operators around this place"),
            ("a = 'b", "5 Unterminated string literal | close the text with a single quote"),
        ]
        .map(|(text, said)| (refused(text), said)),
    );
}

#[test]
fn size_and_nesting_are_capped_before_parsing() {
    let deep = format!("{}a{}", "(".repeat(33), ")".repeat(33));
    assert_eq!(refused(&deep), "33 nested more than 32 deep | give its parts names under [let]");
    let fits = format!("a = '{}a{}'", "(".repeat(32), ")".repeat(32));
    assert!(parsed(&fits).0.is_some());
    let signs = format!("{}a", "- ".repeat(300));
    assert_eq!(refused(&signs), "1 nested more than 32 deep | give its parts names under [let]");
    let long = "a + ".repeat(600);
    assert_eq!(
        refused(&long),
        "1 an expression of 2400 bytes; at most 2000 | give its parts names under [let]"
    );
    let many = format!("a{}", "+a".repeat(300));
    assert_eq!(
        refused(&many),
        "1 an expression of 601 words; at most 400 | give its parts names under [let]"
    );
}

#[test]
fn the_place_is_right_behind_chinese_and_escapes() {
    let source = "# 说明\na = \"菜地 = '\\u83dc' and rise >= (oops oops)\"\n";
    let (_, sink) = parsed(source);
    assert_eq!(
        sink.list.first().map(ToString::to_string).unwrap_or_default(),
        "\
error[expression]: expected ), found oops
 --> a:2:38
  |
2 | a = \"菜地 = '\\u83dc' and rise >= (oops oops)\"
  |                                        ^^^^
  |
  = help: look at the brackets and operators around this place"
    );
}

proptest::proptest! {
    /// Whatever is written, the parser answers and its ranges lie inside the file.
    #[test]
    fn no_text_makes_the_parser_fall_over(text in "[-a-c0-9.,()+*/<>='; 菜$@:\"\\[\\]{}]{0,40}") {
        let file = SourceFile { path: "a".into(), shown: "a".into(), text: text.clone() };
        let mut sink = Sink::new(Arc::new(file));
        let spanned = Spanned::new(0..text.len(), text.clone());
        let ast = expression(&spanned, &mut sink);
        proptest::prop_assert!(ast.as_ref().is_none_or(|ast| text.get(ast.span.clone()).is_some()));
        proptest::prop_assert_eq!(sink.list.len(), usize::from(ast.is_none()));
    }
}
