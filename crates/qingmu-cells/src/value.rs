//! One cell to one canonical value.

use crate::{
    amounts::read_amount,
    dates::{Date, read_date},
    text::half_width,
    units::SourceUnit,
    words::{programme, word},
};
use qingmu_model::{AccountId, ClaimantId, ColumnKind, Decimal, Mu, RejectCode, Season, Yuan};
use qingmu_sheets::Value;

/// A value of a canonical column.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// Text and codes.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Coordinates and shares.
    Real(f64),
    /// Yes or no.
    Flag(bool),
    /// Civil date.
    Date(Date),
    /// Season.
    Season(Season),
    /// Area.
    Mu(Mu),
    /// Money, also per mu.
    Yuan(Yuan),
    /// Person: a pseudonym, or the clear id where no key was given.
    Person(ClaimantId),
    /// Account: a pseudonym, or the clear number where no key was given.
    Account(AccountId),
}

/// A value with whether rounding to the stored decimals moved it.
pub type Read = Option<(FieldValue, bool)>;

/// Reads every kind of cell but persons, accounts and villages, which need more than the cell.
///
/// # Errors
/// The class of damage.
pub fn read_plain(
    field: &str,
    kind: ColumnKind,
    value: &Value,
    unit: Option<SourceUnit>,
) -> Result<Read, RejectCode> {
    let exact = |value: Option<FieldValue>| value.map(|v| (v, false));
    match kind {
        ColumnKind::Mu | ColumnKind::Yuan | ColumnKind::Rate => quantity(kind, value, unit),
        ColumnKind::Integer if field == "year" => year(value).map(exact),
        ColumnKind::Integer => integer(value).map(exact),
        ColumnKind::Real => real(value).map(exact),
        ColumnKind::Flag => flag(value).map(exact),
        ColumnKind::Date => Ok(exact(read_date(value)?.map(FieldValue::Date))),
        ColumnKind::Season => season(value).map(exact),
        ColumnKind::Region => region(value).map(exact),
        ColumnKind::Text | ColumnKind::Village | ColumnKind::Person | ColumnKind::Account => {
            let Some(text) = text(value)? else { return Ok(None) };
            if strays(field, &text) {
                return Err(RejectCode::OutOfPlace);
            }
            Ok(exact(Some(FieldValue::Text(canonical_word(field, &text)))))
        }
    }
}

/// Text of a cell as people see it; `None` for blanks.
///
/// # Errors
/// The class of damage; a spreadsheet's error is one.
pub fn text(value: &Value) -> Result<Option<String>, RejectCode> {
    let text = match value {
        Value::Text(text) => text.trim().trim_matches('\u{feff}').to_owned(),
        Value::Number(n) | Value::Serial(n) if n.is_finite() => n.to_string(),
        Value::Flag(flag) => (if *flag { "是" } else { "否" }).to_owned(),
        Value::Number(_) | Value::Serial(_) | Value::Error(_) => {
            return Err(RejectCode::NotANumber);
        }
    };
    // U+FFFD means that the reader could not decode the bytes: a wrong text is not kept.
    if text.contains('\u{fffd}') {
        return Err(RejectCode::BadEncoding);
    }
    Ok((!text.is_empty()).then_some(text))
}

/// Whether somebody's id or card stands in a column of texts, which are stored in clear. Names are masked and
/// households keyed; parcels, claims and petitions have long numbers of their own, so there only a whole identity
/// number tells.
fn strays(field: &str, text: &str) -> bool {
    match field {
        "claimant_name" | "account_holder" | "household_id" => false,
        "parcel_id" | "claim_id" | "petition_id" | "lead_id" | "matter_key" | "window" => {
            let tidy: String =
                half_width(text).chars().filter(char::is_ascii_alphanumeric).collect();
            crate::identity::is_citizens(&tidy)
        }
        _ => qingmu_model::holds_id(text),
    }
}

fn canonical_word(field: &str, text: &str) -> String {
    let tidy: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let known = match field {
        "crop" => word("crop", part(&tidy)),
        "programme" => programme(&tidy),
        "source" | "verdict" | "subsidy_follows" => word(field, &tidy),
        _ => None,
    };
    match (known, field) {
        (Some(word), _) => word.to_owned(),
        // 姓 名 of two characters is typed with a blank to fill the column.
        (None, "claimant_name" | "account_holder" | "crop" | "name") => tidy,
        (None, _) => text.to_owned(),
    }
}

/// A crop in a list of parts: `其中:小麦`, `一、粮食作物`, `1.玉米`.
fn part(text: &str) -> &str {
    let text = text.strip_prefix("其中").unwrap_or(text).trim_start_matches(':');
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    match text.trim_start_matches('(').trim_start_matches(number) {
        rest if rest.len() < text.len() => {
            let bare = rest.trim_start_matches(['、', '.', ')']);
            if bare.len() < rest.len() { bare } else { text }
        }
        _ => text,
    }
}

fn quantity(kind: ColumnKind, value: &Value, unit: Option<SourceUnit>) -> Result<Read, RejectCode> {
    let Some(amount) = read_amount(value)? else { return Ok(None) };
    let unit = match (unit, amount.unit) {
        (Some(column), Some(cell)) if column != cell => return Err(RejectCode::BadUnit),
        (column, cell) => column.or(cell).ok_or(RejectCode::BadUnit)?,
    };
    if kind == ColumnKind::Mu {
        let (mu, moved) = unit.mu(amount.value).ok_or(RejectCode::OutOfRange)?;
        if amount.value.mantissa < 0 {
            return Err(RejectCode::NegativeArea);
        }
        return Ok(Some((FieldValue::Mu(mu), moved)));
    }
    let (yuan, moved) = unit.yuan(amount.value).ok_or(RejectCode::OutOfRange)?;
    Ok(Some((FieldValue::Yuan(yuan), moved)))
}

fn whole(value: &Value) -> Result<Option<i64>, RejectCode> {
    let Some(amount) = read_amount(value)? else { return Ok(None) };
    let (number, moved) = amount.value.to_fixed(0, 1, 1).ok_or(RejectCode::OutOfRange)?;
    if moved || amount.unit.is_some() { Err(RejectCode::BadNumber) } else { Ok(Some(number)) }
}

fn integer(value: &Value) -> Result<Option<FieldValue>, RejectCode> {
    Ok(whole(value)?.map(FieldValue::Integer))
}

fn year(value: &Value) -> Result<Option<FieldValue>, RejectCode> {
    let stripped = match value {
        Value::Text(text) => {
            let text = half_width(text);
            let text = text.trim();
            let bare =
                text.strip_suffix("年度").or_else(|| text.strip_suffix('年')).unwrap_or(text);
            Value::Text(bare.trim().to_owned())
        }
        other => other.clone(),
    };
    let year = whole(&stripped).map_err(|_| RejectCode::BadYear)?;
    match year {
        None => Ok(None),
        Some(year) if (1900..=2200).contains(&year) => Ok(Some(FieldValue::Integer(year))),
        Some(_) => Err(RejectCode::BadYear),
    }
}

fn real(value: &Value) -> Result<Option<FieldValue>, RejectCode> {
    let Some(amount) = read_amount(value)? else { return Ok(None) };
    let Decimal { mantissa, scale } = amount.value;
    let number: f64 = format!("{mantissa}e-{scale}").parse().map_err(|_| RejectCode::BadNumber)?;
    if amount.unit.is_some() {
        Err(RejectCode::BadNumber)
    } else {
        Ok(Some(FieldValue::Real(number)))
    }
}

fn flag(value: &Value) -> Result<Option<FieldValue>, RejectCode> {
    let Some(text) = text(value)? else { return Ok(None) };
    match half_width(&text).trim().to_lowercase().as_str() {
        "是" | "有" | "y" | "yes" | "true" | "1" | "√" => Ok(Some(FieldValue::Flag(true))),
        "否" | "无" | "n" | "no" | "false" | "0" | "×" => Ok(Some(FieldValue::Flag(false))),
        _ => Err(RejectCode::BadFlag),
    }
}

fn season(value: &Value) -> Result<Option<FieldValue>, RejectCode> {
    let Some(text) = text(value)? else { return Ok(None) };
    let text: String = half_width(&text).chars().filter(|c| !c.is_whitespace()).collect();
    let code = word("season", &text).ok_or(RejectCode::BadSeason)?;
    code.parse().map(|s| Some(FieldValue::Season(s))).map_err(|_| RejectCode::BadSeason)
}

fn region(value: &Value) -> Result<Option<FieldValue>, RejectCode> {
    let Some(text) = text(value)? else { return Ok(None) };
    let code: String = half_width(&text).chars().filter(|c| !c.is_whitespace()).collect();
    // China's levels end after 2, 4, 6, 9 and 12 digits; any even-handed reading needs at least two.
    if code.len() >= 2 && code.bytes().all(|b| b.is_ascii_digit()) {
        Ok(Some(FieldValue::Text(code)))
    } else {
        Err(RejectCode::BadRegion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str, kind: ColumnKind, text: &str) -> Result<Option<FieldValue>, RejectCode> {
        let unit = match kind {
            ColumnKind::Mu => Some(SourceUnit::Mu),
            ColumnKind::Yuan => Some(SourceUnit::Yuan),
            _ => None,
        };
        let read = read_plain(field, kind, &Value::Text(text.to_owned()), unit)?;
        Ok(read.map(|(value, _)| value))
    }

    // Invented numbers.
    #[test]
    fn ids_and_cards_in_columns_of_texts_are_out_of_place() {
        let read = |field: &str, text: &str| {
            let value = Value::Text(text.to_owned());
            read_plain(field, ColumnKind::Text, &value, None).map(|_| ())
        };
        for (field, text) in [
            ("crop", "610423197001011230"),
            ("crop", "某甲（6299990000000070874）"),
            ("town_name", "６１０４２３ ７００１０１ １２３"),
        ] {
            assert_eq!(read(field, text), Err(RejectCode::OutOfPlace), "{field} {text}");
        }
        let ids = "0123456789X".chars().map(|check| format!("61042319700101123{check}"));
        let refused = ids.filter(|id| read("parcel_id", id).is_err()).count();
        assert_eq!(refused, 1, "the one with the right check character");
        for (field, text) in [
            ("parcel_id", "6104231012010100123"),
            ("claim_id", "202406104231012010001"),
            ("window", "20240401-20240930"),
            ("crop", "小麦2024"),
        ] {
            assert_eq!(read(field, text), Ok(()), "{field} {text}");
        }
    }

    #[test]
    fn every_kind_is_read() {
        use ColumnKind::{Flag, Integer, Mu, Real, Region, Season as S, Text};
        let some = |v| Ok(Some(v));
        assert_eq!(read("year", Integer, "２０２４年度"), some(FieldValue::Integer(2024)));
        assert_eq!(read("households", Integer, "1,234"), some(FieldValue::Integer(1234)));
        assert_eq!(read("share", Real, "0.25"), some(FieldValue::Real(0.25)));
        assert_eq!(read("is_cadre", Flag, "是"), some(FieldValue::Flag(true)));
        assert_eq!(read("season", S, "大春"), some(FieldValue::Season(Season::A)));
        assert_eq!(read("crop", Text, "小 麦"), some(FieldValue::Text("wheat".into())));
        assert_eq!(read("verdict", Text, "不属实"), some(FieldValue::Text("cleared".into())));
        assert_eq!(
            read("subsidy_follows", Text, "承租方"),
            some(FieldValue::Text("lessee".into()))
        );
        for written in ["其中：小麦", "一、小麦", "（二）小麦", "1.小麦"] {
            assert_eq!(read("crop", Text, written), some(FieldValue::Text("wheat".into())));
        }
        assert_eq!(read("crop", Text, "烤烟"), some(FieldValue::Text("烤烟".into())));
        assert_eq!(read("claimant_name", Text, "甲　乙"), some(FieldValue::Text("甲乙".into())));
        assert_eq!(read("region", Region, "610423"), some(FieldValue::Text("610423".into())));
        assert_eq!(
            read("area_mu", Mu, "3.5亩"),
            some(FieldValue::Mu(qingmu_model::Mu::from_raw(35_000)))
        );
        assert_eq!(read("area_mu", Mu, " "), Ok(None));
    }

    #[test]
    fn every_kind_refuses() {
        use ColumnKind::{Date, Flag, Integer, Mu, Region, Season as S, Text, Yuan};
        for (field, kind, text, code) in [
            ("year", Integer, "24", RejectCode::BadYear),
            ("year", Integer, "去年", RejectCode::BadYear),
            ("households", Integer, "1.5", RejectCode::BadNumber),
            ("is_cadre", Flag, "也许", RejectCode::BadFlag),
            ("season", S, "春", RejectCode::BadSeason),
            ("paid_on", Date, "上月", RejectCode::BadDate),
            ("region", Region, "6.1E+05", RejectCode::BadRegion),
            ("area_mu", Mu, "3公顷", RejectCode::BadUnit),
            ("area_mu", Mu, "-3", RejectCode::NegativeArea),
            ("area_mu", Mu, "99999999999999999999", RejectCode::OutOfRange),
            ("amount_yuan", Yuan, "壹佰元", RejectCode::BadNumber),
            ("crop", Text, "小\u{fffd}", RejectCode::BadEncoding),
        ] {
            assert_eq!(read(field, kind, text), Err(code), "{field} {text}");
        }
        let unstated = read_plain("area_mu", Mu, &Value::Number(3.0), None);
        assert_eq!(unstated, Err(RejectCode::BadUnit));
    }
}
