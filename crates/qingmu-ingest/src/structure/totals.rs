//! The file's own totals against the file's own rows.

use qingmu_cells::TotalKind;
use qingmu_model::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;

/// Decimals of sums in the file's own unit.
const SCALE: u32 = 6;
/// 0.01 in units of 10^-6.
const TOLERANCE: i128 = 10_000;

/// A row as its numbers matter here: by column, `None` for a cell that is no number.
pub(crate) type Numbers = BTreeMap<u32, Option<Decimal>>;

/// One figure of a total row held against the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Row of the total, 1-based as people count.
    pub row: u64,
    /// Column letter.
    pub column: String,
    /// Kind of total.
    pub kind: TotalKind,
    /// What the file says, in the file's unit.
    pub stated: String,
    /// What the rows add up to.
    pub computed: String,
    /// Whether both agree to 0.01.
    pub agrees: bool,
    /// Rows whose cell in this column is no number, which the sum lacks.
    pub unreadable: u64,
}

/// A column's sum in units of 10^-6 of the file's own unit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sum {
    total: i128,
    unreadable: u64,
}

impl Sum {
    fn add(&mut self, value: Option<Decimal>) {
        match value.and_then(scaled).and_then(|v| self.total.checked_add(v)) {
            Some(total) => self.total = total,
            None => self.unreadable += 1,
        }
    }

    /// Whether a stated figure is this sum to 0.01 and nothing is missing from it.
    fn fits(self, stated: i128) -> bool {
        self.unreadable == 0 && (self.total - stated).abs() <= TOLERANCE
    }

    /// The same of a figure as it was read.
    pub(crate) fn is(self, stated: Decimal) -> bool {
        scaled(stated).is_some_and(|stated| self.fits(stated))
    }
}

/// One figure of a total held against a sum.
fn of(
    row: u32,
    first_row: u64,
    column: String,
    kind: TotalKind,
    stated: i128,
    sum: Sum,
) -> Reconciled {
    Reconciled {
        row: u64::from(row) + first_row,
        column,
        kind,
        stated: show(stated),
        computed: show(sum.total),
        agrees: sum.fits(stated),
        unreadable: sum.unreadable,
    }
}

/// Sums of the rows down to the next sums or total.
pub(crate) fn below(lines: &[Line]) -> BTreeMap<u32, Sum> {
    let mut sums = BTreeMap::new();
    for line in lines {
        let Line::Data(numbers) = line else { break };
        add(&mut sums, numbers);
    }
    sums
}

/// A line of the sheet, in order.
#[derive(Debug)]
pub(crate) enum Line {
    /// A record.
    Data(Numbers),
    /// A total row, its row 0-based.
    Total(u32, TotalKind, Numbers),
    /// Sums of the rows below it, down to the next sums, its row 0-based.
    Above(u32, Numbers),
}

/// Holds every total against the rows since the last total of its kind, and failing that against all rows above,
/// and, where it stands above them, below. `first_row` is the number of
/// the first line, `letters` names columns.
pub(crate) fn reconcile(
    lines: &[Line],
    first_row: u64,
    letters: impl Fn(u32) -> String,
) -> Vec<Reconciled> {
    let mut all: BTreeMap<u32, Sum> = BTreeMap::new();
    for line in lines {
        if let Line::Data(numbers) = line {
            add(&mut all, numbers);
        }
    }
    let mut found = Vec::new();
    let (mut above, mut since_sub, mut since_grand): (BTreeMap<u32, Sum>, _, _) =
        (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (n, line) in lines.iter().enumerate() {
        match line {
            Line::Above(row, numbers) => {
                let sums = below(&lines[n + 1..]);
                for (column, stated) in numbers {
                    let Some(stated) = stated.and_then(scaled) else { continue };
                    let sum = sums.get(column).copied().unwrap_or_default();
                    let kind = TotalKind::Sub;
                    found.push(of(*row, first_row, letters(*column), kind, stated, sum));
                }
            }
            Line::Data(numbers) => {
                for sums in [&mut above, &mut since_sub, &mut since_grand] {
                    add(sums, numbers);
                }
            }
            Line::Total(row, kind, numbers) => {
                let since = if *kind == TotalKind::Sub { &since_sub } else { &since_grand };
                for (column, stated) in numbers {
                    let Some(stated) = stated.and_then(scaled) else { continue };
                    let sums =
                        [since, &above, &all].map(|s| s.get(column).copied().unwrap_or_default());
                    // A 小计 is of its own block only: any other sum that happens to fit proves nothing.
                    let allowed = if *kind == TotalKind::Sub { &sums[..1] } else { &sums[..] };
                    let agreeing = allowed.iter().find(|sum| sum.fits(stated));
                    let sum = agreeing.copied().unwrap_or(if above.is_empty() {
                        sums[2]
                    } else {
                        sums[0]
                    });
                    found.push(of(*row, first_row, letters(*column), *kind, stated, sum));
                }
                since_sub.clear();
                if *kind == TotalKind::Grand {
                    since_grand.clear();
                }
            }
        }
    }
    found
}

fn add(sums: &mut BTreeMap<u32, Sum>, numbers: &Numbers) {
    for (column, value) in numbers {
        sums.entry(*column).or_default().add(*value);
    }
}

fn scaled(value: Decimal) -> Option<i128> {
    value.to_fixed(SCALE, 1, 1).map(|(raw, _)| i128::from(raw))
}

/// Two decimals at least, no further zeros.
fn show(raw: i128) -> String {
    let sign = if raw < 0 { "-" } else { "" };
    let (whole, part) = (raw.unsigned_abs() / 1_000_000, raw.unsigned_abs() % 1_000_000);
    let part = format!("{part:06}");
    let tail = part.trim_end_matches('0');
    format!("{sign}{whole}.{}", if tail.len() < 2 { &part[..2] } else { tail })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Numbers {
        BTreeMap::from([(0, Decimal::parse(text).ok())])
    }

    fn data(text: &str) -> Line {
        Line::Data(numbers(text))
    }

    fn run(lines: &[Line]) -> Vec<(String, String, bool, u64)> {
        let found = reconcile(lines, 1, |c| c.to_string());
        found.into_iter().map(|r| (r.stated, r.computed, r.agrees, r.unreadable)).collect()
    }

    fn total(kind: TotalKind, text: &str) -> Line {
        Line::Total(9, kind, numbers(text))
    }

    #[test]
    fn blocks_wholes_and_totals_on_top() {
        use TotalKind::{Grand, Sub};
        let agree = |t: &str| (t.to_owned(), t.to_owned(), true, 0);
        let lines = [
            data("1.1"),
            data("2.2"),
            total(Sub, "3.3"),
            data("4"),
            total(Sub, "4"),
            total(Grand, "7.3"),
        ];
        assert_eq!(run(&lines), ["3.30", "4.00", "7.30"].map(agree));
        let blocks =
            [data("1"), total(Grand, "1"), data("2"), total(Grand, "2"), total(Grand, "3")];
        assert_eq!(run(&blocks), ["1.00", "2.00", "3.00"].map(agree));
        assert_eq!(run(&[total(Grand, "3"), data("1"), data("2")]), [agree("3.00")]);
    }

    #[test]
    fn a_difference_over_a_cent_is_a_finding_with_both_figures() {
        use TotalKind::{Grand, Sub};
        let fits = run(&[data("1.005"), total(Sub, "1.01")]);
        assert_eq!(fits, [("1.01".to_owned(), "1.005".to_owned(), true, 0)]);
        let differs = run(&[data("1"), data("2"), total(Grand, "3.02")]);
        assert_eq!(differs, [("3.02".to_owned(), "3.00".to_owned(), false, 0)]);
        let second = run(&[data("1"), total(Sub, "1"), data("2"), total(Sub, "3")]);
        assert_eq!(second[1], ("3.00".to_owned(), "2.00".to_owned(), false, 0));
        let unreadable = run(&[data("1"), data("十"), total(Grand, "1")]);
        assert_eq!(unreadable, [("1.00".to_owned(), "1.00".to_owned(), false, 1)]);
        assert_eq!(show(-1_234_567), "-1.234567");
    }
}
