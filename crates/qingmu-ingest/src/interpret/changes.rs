//! Rows booked on codes that no longer exist, on today's codes: the figures keep their sum.

use super::{CanonicalRow, Field, FieldValue};
use qingmu_cells::CodeMap;
use qingmu_model::{Mu, RejectCode, Yuan};

/// A row on today's codes. Where a village was split, areas and money are divided by the stated shares; a row
/// without figures to divide waits.
pub(crate) fn today(
    row: CanonicalRow,
    table: &str,
    map: &CodeMap,
) -> Result<Vec<CanonicalRow>, RejectCode> {
    let Some(Field { value: FieldValue::Text(old), column }) = row.fields.get("village_code")
    else {
        return Ok(vec![row]);
    };
    let (old, column) = (old.clone(), *column);
    let targets = map.today(&old);
    if matches!(&targets[..], [(code, _)] if *code == old) || table == "villages" {
        return Ok(vec![row]);
    }
    if targets.len() > 1 && !matches!(table, "claims" | "baselines") {
        return Err(RejectCode::AmbiguousVillage);
    }
    let several = targets.len() > 1;
    let mut rows: Vec<CanonicalRow> = targets
        .into_iter()
        .map(|(code, _)| {
            let mut part = row.clone();
            if let Some(Field { value: FieldValue::Text(id), .. }) = part.fields.get_mut("claim_id")
                && several
            {
                *id = format!("{id}-{code}");
            }
            part.fields.insert("village_code", Field { value: FieldValue::Text(code), column });
            part
        })
        .collect();
    let before = Field { value: FieldValue::Text(old.clone()), column };
    for (name, field) in row.fields.iter().filter(|_| several) {
        let raw = match &field.value {
            FieldValue::Mu(mu) => mu.raw(),
            FieldValue::Yuan(yuan) if *name != "rate_yuan_per_mu" => yuan.raw(),
            _ => continue,
        };
        for (part, (_, share)) in rows.iter_mut().zip(map.divide(&old, raw)) {
            let value = match field.value {
                FieldValue::Mu(_) => FieldValue::Mu(Mu::from_raw(share)),
                _ => FieldValue::Yuan(Yuan::from_raw(share)),
            };
            part.fields.insert(name, Field { value, column: field.column });
        }
    }
    for part in &mut rows {
        part.aside.insert("old_village_code", before.clone());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_cells::CodeChange;
    use qingmu_model::Decimal;

    fn map() -> CodeMap {
        let change = |old: &str, new: &str, share: Option<&str>| CodeChange {
            old_code: old.into(),
            new_code: new.into(),
            from_year: 2021,
            share: share.and_then(|s| Decimal::parse(s).ok()),
        };
        let rows = [
            change("a", "c", None),
            change("b", "c", Some("0.25")),
            change("b", "d", Some("0.75")),
        ];
        CodeMap::new(rows).unwrap_or_default()
    }

    fn row(code: &str) -> CanonicalRow {
        let field = |value| Field { value, column: Some(0) };
        let mut row = CanonicalRow { row: 5, ..CanonicalRow::default() };
        row.fields.insert("village_code", field(FieldValue::Text(code.into())));
        row.fields.insert("claim_id", field(FieldValue::Text("n".into())));
        row.fields.insert("area_mu", field(FieldValue::Mu(Mu::from_raw(10_001))));
        row.fields.insert("amount_yuan", field(FieldValue::Yuan(Yuan::from_raw(703))));
        row.fields.insert("rate_yuan_per_mu", field(FieldValue::Yuan(Yuan::from_raw(7030))));
        row
    }

    fn show(rows: &[CanonicalRow]) -> Vec<String> {
        let text = |r: &CanonicalRow, f: &str| match r.fields.get(f).map(|f| &f.value) {
            Some(FieldValue::Text(t)) => t.clone(),
            Some(FieldValue::Mu(m)) => m.to_string(),
            Some(FieldValue::Yuan(y)) => y.to_string(),
            _ => "-".to_owned(),
        };
        let fields = ["village_code", "claim_id", "area_mu", "amount_yuan", "rate_yuan_per_mu"];
        rows.iter().map(|r| fields.map(|f| text(r, f)).join(" ")).collect()
    }

    #[test]
    fn merged_villages_move_and_split_ones_divide_exactly() -> Result<(), RejectCode> {
        assert_eq!(show(&today(row("x"), "claims", &map())?), ["x n 1.0001 7.03 70.30"]);
        assert_eq!(show(&today(row("a"), "claims", &map())?), ["c n 1.0001 7.03 70.30"]);
        let parts = today(row("b"), "claims", &map())?;
        assert_eq!(show(&parts), ["c n-c 0.2500 1.75 70.30", "d n-d 0.7501 5.28 70.30"]);
        let old = parts[0].aside.get("old_village_code").map(|f| f.value.clone());
        assert_eq!(old, Some(FieldValue::Text("b".into())));
        assert_eq!(today(row("b"), "parcels", &map()), Err(RejectCode::AmbiguousVillage));
        Ok(())
    }
}
