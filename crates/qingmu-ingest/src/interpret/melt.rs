//! Crops side by side in one row: one canonical row per crop, money divided only where the row itself says how.

use super::{Field, FieldValue, plan::Bound};
use qingmu_model::{Mu, RejectCode, Yuan};
use std::collections::BTreeMap;

/// What one row says about one crop.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part {
    pub(crate) area: Option<(Mu, u32)>,
    pub(crate) amount: Option<(Yuan, u32)>,
    pub(crate) rate: Option<(Yuan, u32)>,
}

/// The parts of a row, by crop, from the columns that carry a crop.
pub(crate) fn parts(read: &[(Bound, FieldValue)]) -> BTreeMap<&'static str, Part> {
    let mut parts: BTreeMap<&'static str, Part> = BTreeMap::new();
    for (bound, value) in read {
        let Some(crop) = bound.crop else { continue };
        let part = parts.entry(crop).or_default();
        match (bound.field, value) {
            ("area_mu", FieldValue::Mu(area)) => part.area = Some((*area, bound.column)),
            ("amount_yuan", FieldValue::Yuan(amount)) => {
                part.amount = Some((*amount, bound.column));
            }
            (_, FieldValue::Yuan(rate)) => part.rate = Some((*rate, bound.column)),
            _ => {}
        }
    }
    parts.retain(|_, part| {
        part.area.is_some_and(|(a, _)| a != Mu::ZERO)
            || part.amount.is_some_and(|(a, _)| a != Yuan::ZERO)
    });
    parts
}

/// Gives every part its share of one amount: by the rate of the row or of each crop, or by the one rate that the
/// amount itself states to the cent. `Err` with the class where it cannot be told.
pub(crate) fn divide(
    parts: &mut BTreeMap<&'static str, Part>,
    whole: (Yuan, u32),
    rate: Option<Yuan>,
) -> Result<(), RejectCode> {
    let column = whole.1;
    if let [part] = parts.values_mut().collect::<Vec<_>>().as_mut_slice() {
        part.amount = Some((whole.0, column));
        return Ok(());
    }
    let areas: Option<i64> =
        parts.values().try_fold(0_i64, |sum, p| sum.checked_add(p.area?.0.raw()));
    let areas = areas.filter(|a| *a > 0).ok_or(RejectCode::NoSplit)?;
    let stated = rate.is_some() || parts.values().all(|p| p.rate.is_some());
    // Fen per 0.0001 mu times 10^4 is fen per mu: whole only where one rate in yuan and fen explains the amount.
    let implied = {
        let top = i128::from(whole.0.raw()) * 10_000;
        (top % i128::from(areas) == 0).then(|| top / i128::from(areas))
    };
    let mut left = i128::from(whole.0.raw());
    let mut shares = BTreeMap::new();
    for (crop, part) in parts.iter() {
        let own = part.rate.map(|(r, _)| r).or(rate).map(|r| i128::from(r.raw()));
        let per_mu = own.or(implied.filter(|_| !stated)).ok_or(RejectCode::NoSplit)?;
        let area = part.area.map_or(0, |(a, _)| i128::from(a.raw()));
        let share = (area * per_mu + 5_000).div_euclid(10_000);
        left -= share;
        shares.insert(*crop, share);
    }
    // Rounding may leave a fen per crop; it goes to the largest share. More is a contradiction.
    if left.unsigned_abs() > shares.len() as u128 {
        return Err(RejectCode::Disagrees);
    }
    if let Some(largest) = shares.values_mut().max_by_key(|share| **share) {
        *largest += left;
    }
    for (crop, part) in parts.iter_mut() {
        let fen =
            shares.get(crop).and_then(|f| i64::try_from(*f).ok()).ok_or(RejectCode::OutOfRange)?;
        part.amount = Some((Yuan::from_raw(fen), column));
    }
    Ok(())
}

impl Part {
    /// The fields of this part.
    pub(crate) fn fields(self, has_amount: bool) -> Result<Vec<(&'static str, Field)>, RejectCode> {
        let (area, column) = self.area.ok_or(RejectCode::MissingValue)?;
        let field = |value, column| Field { value, column: Some(column) };
        let mut fields = vec![("area_mu", field(FieldValue::Mu(area), column))];
        match self.amount {
            Some((amount, column)) => {
                fields.push(("amount_yuan", field(FieldValue::Yuan(amount), column)));
            }
            None if has_amount => return Err(RejectCode::MissingValue),
            None => {}
        }
        if let Some((rate, column)) = self.rate {
            fields.push(("rate_yuan_per_mu", field(FieldValue::Yuan(rate), column)));
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(areas: &[&str], whole: &str, rate: Option<&str>) -> Result<Vec<String>, RejectCode> {
        let yuan = |t: &str| Yuan::parse(t).unwrap_or_default();
        let mut parts: BTreeMap<&'static str, Part> = ["maize", "rice", "wheat"]
            .into_iter()
            .zip(areas)
            .map(|(crop, a)| {
                (
                    crop,
                    Part { area: Some((Mu::parse(a).unwrap_or_default(), 1)), ..Part::default() },
                )
            })
            .collect();
        divide(&mut parts, (yuan(whole), 9), rate.map(yuan))?;
        Ok(parts.values().map(|p| p.amount.map_or(String::new(), |(a, _)| a.to_string())).collect())
    }

    #[test]
    fn money_is_divided_exactly_or_not_at_all() {
        let own = |list: &[&str]| Ok(list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        assert_eq!(run(&["3.5"], "241.00", None), own(&["241.00"]));
        assert_eq!(
            run(&["1.5", "2"], "241.50", None),
            own(&["103.50", "138.00"]),
            "69 yuan per mu"
        );
        assert_eq!(run(&["1.11", "2.22"], "234.43", Some("70.4")), own(&["78.14", "156.29"]));
        assert_eq!(run(&["1.5", "2"], "241.51", None), Err(RejectCode::NoSplit));
        assert_eq!(run(&["1.5", "2"], "250", Some("69")), Err(RejectCode::Disagrees));
        assert_eq!(run(&["0", "0"], "250", Some("69")), Err(RejectCode::NoSplit));
    }
}
