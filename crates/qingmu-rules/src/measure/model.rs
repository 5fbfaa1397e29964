//! What the model believes of each village-year, beside its facts.

use super::{MU, ONE, push, real};
use qingmu_model::{Belief, Beliefs, Bilingual, ColumnType, Unit, View};
use std::collections::BTreeSet;

const YUAN: ColumnType = ColumnType::Number(Unit::YUAN);

/// One column: name, type, what it is, where it comes from.
type Made = (&'static str, ColumnType, (&'static str, &'static str), fn(&Belief) -> Option<f64>);

const MAKES: [Made; 8] = [
    (
        "model.p",
        ONE,
        (
            "该村该年申报多报的概率，不计同镇同审批人的情况",
            "probability that claims are too high, without regard to rings",
        ),
        |b| Some(b.p),
    ),
    (
        "model.p_ring",
        ONE,
        (
            "同上，计入同镇、同审批人各村的情况",
            "the same with what the villages of its town and approver tell",
        ),
        |b| Some(b.p_ring),
    ),
    (
        "model.q",
        ONE,
        (
            "按 model.p 排在它之前（含它）的村年中预计的误报比例",
            "expected false share among the village-years at least as suspicious by model.p",
        ),
        |b| Some(b.q),
    ),
    ("model.q_ring", ONE, ("同上，按 model.p_ring 排", "the same by model.p_ring"), |b| {
        Some(b.q_ring)
    }),
    (
        "model.z",
        ONE,
        (
            "申报与独立来源所示之差的标准化值，各来源取最大；没有来源时与本村历年比",
            "standardised deviation from the independent source that it exceeds most; from its own years where there is none",
        ),
        |b| b.z,
    ),
    (
        "model.excess_mu",
        MU,
        ("若有多报，多报面积的中位数", "median excess area, given that there is one"),
        |b| b.excess_mu,
    ),
    (
        "model.excess_yuan",
        YUAN,
        ("若有多报，多报金额的中位数", "median excess money, given that there is one"),
        |b| b.excess_yuan,
    ),
    (
        "model.expected_yuan",
        YUAN,
        ("预期多报金额：概率乘以均值", "expected excess money: probability times mean"),
        |b| b.expected_yuan,
    ),
];

pub(super) fn column_type(name: &str) -> Option<ColumnType> {
    MAKES.iter().find(|(made, ..)| *made == name).map(|(_, kind, ..)| *kind)
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    MAKES.iter().map(|(name, ..)| *name)
}

/// What a column is.
pub(super) fn about(name: &str) -> Option<Bilingual> {
    let found = MAKES.iter().find(|(made, ..)| *made == name);
    found.map(|(_, _, (zh, en), _)| Bilingual::new(*zh, *en))
}

/// Appends the wanted columns to `village_year`. Missing where the model has not assessed the village-year.
pub(super) fn add(view: &mut View, wanted: &BTreeSet<String>, beliefs: &Beliefs) {
    if !MAKES.iter().any(|(name, ..)| wanted.contains(*name)) {
        return;
    }
    let belief = |row: usize| {
        let village = view.column("village_code")?.text(row)?;
        let year = view.column("year")?.number(row)?;
        #[allow(clippy::cast_possible_truncation, reason = "years are whole and below 2200")]
        beliefs.get(village, year as i16)
    };
    let found: Vec<Option<&Belief>> = (0..view.rows).map(belief).collect();
    for (name, kind, _, get) in MAKES {
        push(view, wanted, name, kind, real(found.iter().map(|b| b.and_then(get))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::{Column, Data, ViewName};
    use std::sync::Arc;

    #[test]
    fn a_village_year_that_was_not_assessed_has_no_probability() {
        let column = |name: &str, kind, data| Column {
            name: name.to_owned(),
            kind,
            data,
            dependent: Vec::new(),
        };
        let codes = ["a", "b"].map(|c| Some(Arc::from(c))).to_vec();
        let years = vec![Some(2021), Some(2021)];
        let mut view = View {
            name: ViewName::VillageYear,
            rows: 2,
            columns: vec![
                column("village_code", ColumnType::Text, Data::Text(codes)),
                column("year", ONE, Data::Fixed { scale: 0, values: years }),
            ],
            not_listed: 0,
        };
        let belief = Belief {
            p: 0.25,
            p_ring: 0.5,
            q: 0.1,
            q_ring: 0.2,
            z: None,
            excess_mu: Some(12.5),
            excess_yuan: None,
            expected_yuan: None,
        };
        let beliefs = Beliefs {
            villages: vec![Arc::from("a")],
            first_year: 2021,
            years: 1,
            cells: vec![Some(belief)],
        };
        let wanted = ["model.p", "model.excess_mu", "model.z"].map(str::to_owned).into();
        add(&mut view, &wanted, &beliefs);
        let told = |name: &str| view.column(name).map(|c| (c.number(0), c.number(1)));
        assert_eq!(told("model.p"), Some((Some(0.25), None)));
        assert_eq!(told("model.excess_mu"), Some((Some(12.5), None)));
        assert_eq!(told("model.z"), Some((None, None)));
        assert_eq!(told("model.q"), None, "not wanted");
        for name in names() {
            assert!(column_type(name).is_some() && about(name).is_some(), "{name}");
        }
    }
}
