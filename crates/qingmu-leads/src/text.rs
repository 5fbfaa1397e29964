//! CSV as spreadsheets want it: UTF-8 with byte order mark, CRLF, text in quotes, no formulas.

use crate::build::Order;
use crate::error::LeadError;
use crate::flat::{COLUMNS, Row, rows};
use crate::id::check_ids;
use qingmu_model::{Decimal, Lead};
use std::fmt::Display;
use std::io::Write;

/// Without it spreadsheets read the file in the office's old encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// One line of CSV under construction.
#[derive(Default)]
pub(crate) struct Line {
    text: String,
    cells: usize,
}

impl Line {
    fn next(&mut self) {
        if self.cells > 0 {
            self.text.push(',');
        }
        self.cells += 1;
    }

    /// Text from data, always quoted, so that nobody needs to guess where a cell ends.
    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.next();
        self.text.push('"');
        if is_formula(value) {
            self.text.push('\'');
        }
        self.text.push_str(&value.replace('"', "\"\""));
        self.text.push('"');
        self
    }

    /// A number, bare; empty where there is none, never 0.
    pub(crate) fn number(&mut self, value: Option<impl Display>) -> &mut Self {
        self.next();
        if let Some(value) = value {
            self.text.push_str(&value.to_string());
        }
        self
    }

    /// Text, or an empty cell without quotes.
    pub(crate) fn maybe(&mut self, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(value),
            None => self.number(None::<u8>),
        }
    }

    fn end(&mut self) -> String {
        self.cells = 0;
        let mut text = std::mem::take(&mut self.text);
        text.push_str("\r\n");
        text
    }
}

/// Whether a spreadsheet may take a cell for a formula: it starts, behind blanks, with an operator (also in full
/// width) or a control character. A plain signed number stays a number.
fn is_formula(value: &str) -> bool {
    let start = value.trim_start_matches([' ', '\u{3000}', '\u{a0}']).chars().next();
    let risky = start.is_some_and(|c| "=+-@＝＋－＠".contains(c) || c.is_control());
    risky && Decimal::parse(value).is_err()
}

/// Writes lines to `out`, the byte order mark and `header` before them.
pub(crate) fn write_lines(
    output: &'static str,
    header: &[&str],
    lines: impl Iterator<Item = Line>,
    out: &mut impl Write,
) -> Result<(), LeadError> {
    let mut put = |text: &str| {
        out.write_all(text.as_bytes()).map_err(|source| LeadError::Write { output, source })
    };
    put(BYTE_ORDER_MARK)?;
    put(&header.join(","))?;
    put("\r\n")?;
    for mut line in lines {
        put(&line.end())?;
    }
    out.flush().map_err(|source| LeadError::Write { output, source })
}

fn line(row: &Row<'_>) -> Line {
    let (lead, member) = (row.lead, row.member);
    let ((mu_lo, mu_hi), (yuan_lo, yuan_hi)) = (row.mu_range(), row.yuan_range());
    let share = |value: Option<f64>| value.map(|v| format!("{v:.6}"));
    let mut line = Line::default();
    line.text(&lead.lead_id.0)
        .text(&lead.kind.to_string())
        .text(&lead.region_code)
        .text(&member.village_code)
        .text(&member.village_name)
        .number(Some(lead.year))
        .number(Some(row.score()))
        .number(lead.priority)
        .text(&member.grade.to_string())
        .number(share(row.q_value()))
        .number(member.excess_mu)
        .number(mu_lo)
        .number(mu_hi)
        .number(member.excess_yuan)
        .number(yuan_lo)
        .number(yuan_hi)
        .text(&row.rules)
        .maybe(row.members.as_deref())
        .maybe(lead.first_seen.as_deref())
        .text(row.status())
        .number(share(row.ring_q()))
        .number(share(row.ring().map(|r| r.0)))
        .number(share(row.ring().map(|r| r.1)));
    line
}

/// Writes `leads.csv`: one row per village and year, columns as [`COLUMNS`].
///
/// # Errors
/// [`LeadError`] when ids collide or `out` refuses.
pub fn write_csv(leads: &[Lead], order: Order, mut out: impl Write) -> Result<(), LeadError> {
    check_ids(leads)?;
    write_lines("leads.csv", &COLUMNS, rows(leads, order).iter().map(line), &mut out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_lose_their_teeth_and_numbers_stay() {
        for risky in [
            "=1+1",
            "+cmd",
            "-2+3",
            "@SUM(A1)",
            "\tx",
            "\r=x",
            "\n=x",
            "\0=x",
            " =x",
            "\u{3000}=x",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "=cmd|'/C calc'!A0",
            "-",
            "+-1",
            "-1e5",
        ] {
            assert!(is_formula(risky), "{risky:?}");
        }
        for plain in ["", " ", "小堡", "a=b", "610423113215", "-5", "-0.25", "+3", "QM-0A", "1-2"]
        {
            assert!(!is_formula(plain), "{plain:?}");
        }
    }

    #[test]
    fn quotes_are_doubled_and_numbers_bare() {
        let mut line = Line::default();
        line.text("a \"b\"").number(Some(1.5)).number(None::<u8>).maybe(None).text("=x");
        assert_eq!(line.end(), "\"a \"\"b\"\"\",1.5,,,\"'=x\"\r\n");
    }
}
