//! Messages: templates to text, identities masked, what is missing said as such.

use crate::interpret::{Interpreter, id_kind};
use crate::value::Value;
use qingmu_lang::{Expr, Format, Node, Piece, Rule, Template};
use qingmu_model::{Bilingual, IdKind, Lang, Season, mask_account, mask_id};

/// The rule's message on a subject, given by one of its rows.
pub(crate) fn say(interpreter: &Interpreter<'_>, row: u32) -> Bilingual {
    let rule = interpreter.rule;
    let text = |template: &Template, lang| {
        template
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Value(node, format) => {
                    show(rule, node, &interpreter.value(node, row), format.as_ref(), lang)
                }
            })
            .collect::<String>()
    };
    Bilingual::new(text(&rule.say_zh, Lang::Zh), text(&rule.say_en, Lang::En))
}

/// A value as text for people.
pub(crate) fn show(
    rule: &Rule,
    node: &Node,
    value: &Value,
    format: Option<&Format>,
    lang: Lang,
) -> String {
    let word = |zh: &str, en: &str| if lang == Lang::Zh { zh } else { en }.to_owned();
    match value {
        Value::Missing => word("无", "n.a."),
        Value::Bool(true) => word("是", "yes"),
        Value::Bool(false) => word("否", "no"),
        Value::Text(text) => match id_kind(rule, node) {
            Some(IdKind::Person) => mask_id(text),
            Some(IdKind::Account) => mask_account(text),
            None => season(node, text).map_or(text.to_string(), |word| word.get(lang).to_owned()),
        },
        Value::Number(number) => match format {
            Some(format) => fixed(number * format.factor, format.decimals),
            None => short(*number),
        },
    }
}

/// The word for a code in the column `season`: nobody reads S, A and Y.
fn season(node: &Node, text: &str) -> Option<Bilingual> {
    match &node.expr {
        Expr::Column { name, .. } if name == "season" => Some(text.parse::<Season>().ok()?.name()),
        _ => None,
    }
}

/// So many decimals, half away from zero, and no `-0`.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let rounded = (value * scale).round() / scale;
    // Beyond 2^53 steps scaling itself would move the value.
    let shown = if rounded.is_finite() && (value * scale).abs() < 9e15 { rounded } else { value };
    format!("{:.decimals$}", shown + 0.0)
}

/// At most four decimals, no trailing zeros: years and counts as whole numbers.
pub(crate) fn short(value: f64) -> String {
    let text = fixed(value, 4);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::{column, num, number, rule, texts, view_column, village_years};
    use qingmu_model::{ColumnType, ViewName};

    #[test]
    fn numbers_round_for_people() {
        assert_eq!(fixed(12.25, 1), "12.3");
        assert_eq!(fixed(-12.25, 1), "-12.3");
        assert_eq!(fixed(-0.04, 1), "0.0");
        assert_eq!(fixed(1e300, 0).len(), 301);
        assert_eq!(short(2022.0), "2022");
        assert_eq!(short(0.300_000_000_000_000_04), "0.3");
        assert_eq!(short(-0.00001), "0");
    }

    #[test]
    fn messages_mask_and_name_the_missing() {
        let id = ColumnType::Id(IdKind::Person);
        let account = ColumnType::Id(IdKind::Account);
        let people = view_column("approver_id", id, texts(&[Some("610423197001011230")]));
        let cards = view_column("account", account, texts(&[Some("6217000012345678")]));
        let view = village_years(&[("v1", 2022)], vec![people, cards]);
        let mut rule = rule(ViewName::VillageYear, None, num(1.0));
        let text = |t: &str| Piece::Text(t.to_owned());
        let wan = Some(Format { decimals: 2, factor: 1e-4 });
        rule.say_en = vec![
            Piece::Value(column("approver_id", id), None),
            text(" "),
            Piece::Value(column("account", account), None),
            text(" "),
            Piece::Value(number("year"), None),
            text(" "),
            Piece::Value(number("area_mu"), Some(Format { decimals: 1, factor: 1.0 })),
            text(" "),
            Piece::Value(num(123_456.0), wan),
        ];
        rule.say_zh = vec![Piece::Value(number("area_mu"), None), text("亩")];
        let said = say(&Interpreter::new(&rule, &view), 0);
        assert_eq!(said.en, "6104**********1230 ************5678 2022 n.a. 12.35");
        assert_eq!(said.zh, "无亩");
    }

    #[test]
    fn seasons_are_said_in_words() {
        let season = |code| view_column("season", ColumnType::Text, texts(&[code]));
        let mut rule = rule(ViewName::VillageYear, None, num(1.0));
        rule.say_zh = vec![Piece::Value(column("season", ColumnType::Text), None)];
        rule.say_en.clone_from(&rule.say_zh);
        for (code, zh, en) in [
            (Some("S"), "夏", "summer"),
            (Some("A"), "秋", "autumn"),
            (Some("Y"), "全年", "whole-year"),
            // Not a season of ours: as it is.
            (Some("winter"), "winter", "winter"),
            (None, "无", "n.a."),
        ] {
            let view = village_years(&[("v1", 2022)], vec![season(code)]);
            assert_eq!(say(&Interpreter::new(&rule, &view), 0), Bilingual::new(zh, en));
        }
        // Only the column of that name: another text may be just "A".
        let view = village_years(
            &[("v1", 2022)],
            vec![view_column("name", ColumnType::Text, texts(&[Some("A")]))],
        );
        rule.say_zh = vec![Piece::Value(column("name", ColumnType::Text), None)];
        assert_eq!(say(&Interpreter::new(&rule, &view), 0).zh, "A");
    }
}
