//! Slips in words.

use super::{Repaired, Shows, Slip};
use crate::names::Names;
use crate::rows::Table;
use qingmu_model::{Bilingual, DataError, DataErrorKind, Mu};

/// The slips as data errors, by village, year, kind and row.
pub(crate) fn data_errors(
    table: &Table,
    repaired: &Repaired,
    names: &Names,
    files: &[String],
) -> Vec<DataError> {
    let mut slips: Vec<&Slip> = repaired.slips.iter().collect();
    slips.sort_unstable_by_key(|s| (s.village, s.year, s.kind, s.programme, s.row));
    let error = |slip: &&Slip| {
        let row = slip.row.map(|at| &table.rows[at]);
        let file = |row: &crate::rows::Row| files.get(row.file as usize).cloned();
        DataError {
            kind: slip.kind,
            village_code: table.villages[slip.village as usize].to_string(),
            year: table.calendar(usize::from(slip.year)),
            programme: Some(table.programmes[slip.programme as usize].to_string()),
            source: None,
            claimant: row.and_then(|row| names.claimant(row.claimant)),
            at: row.and_then(|row| Some((file(row)?, u64::from(row.at)))),
            rows: slip.rows,
            filed_mu: slip.filed.map(Mu::from_raw),
            used_mu: slip.used.map(Mu::from_raw),
            say: say(table, slip),
        }
    };
    slips.iter().map(error).collect()
}

fn say(table: &Table, slip: &Slip) -> Bilingual {
    let mu = |area: Option<i64>| Mu::from_raw(area.unwrap_or_default());
    let (filed, used, rows) = (mu(slip.filed), mu(slip.used), slip.rows);
    let (zh, en) = match slip.shows {
        Shows::Twin(twin) => return wrong_village(&table.villages[twin as usize]),
        Shows::History => ("对照本户历年面积", "by the claimants' own other years"),
        Shows::Amount => ("对照金额与补贴标准", "by amount and rate"),
    };
    let (what_zh, what_en) = match (slip.kind, slip.row) {
        (DataErrorKind::HectareList, _) => {
            ("整村名册疑以公顷计", "the village's whole list seems to be in hectares")
        }
        (DataErrorKind::TenFold, None) => (
            "整村名册小数点疑错位",
            "the decimal point of the village's whole list seems to have slipped",
        ),
        (DataErrorKind::TenFold, Some(_)) => {
            ("小数点疑错一位", "the decimal point seems to have slipped")
        }
        (DataErrorKind::SwappedDigits, _) => {
            ("相邻两位数字疑颠倒", "two neighbouring digits seem to be swapped")
        }
        _ => {
            return Bilingual::new(
                format!("面积空缺，按金额除以补贴标准补为 {used:.2} 亩，仅用于统计"),
                format!("no area; amount over rate gives {used:.2} mu, for the statistics only"),
            );
        }
    };
    // A row is in mu whatever it should have been; a list says how many rows it has.
    let (unit_zh, unit_en, many_zh, many_en) = match slip.row {
        Some(_) => (" 亩", " mu", String::new(), String::new()),
        None => ("", "", format!("，共 {rows} 行"), format!(", {rows} rows")),
    };
    Bilingual::new(
        format!("{what_zh}（{zh}）：申报 {filed:.2}{unit_zh}，统计按 {used:.2} 亩计{many_zh}"),
        format!("{what_en} ({en}): filed {filed:.2}{unit_en}, counted as {used:.2} mu{many_en}"),
    )
}

fn wrong_village(twin: &str) -> Bilingual {
    Bilingual::new(
        format!("疑为录错村：与 {twin} 村的一行完全相同，且只在这一年出现，不计入本村"),
        format!(
            "seems to be entered under the wrong village: the same row stands in {twin}, and in this year \
             only; left out here"
        ),
    )
}
