use super::*;
use proptest::prelude::*;
use qingmu_model::table;

const MU: AreaUnit = AreaUnit::Mu;

fn column(table_name: &str, name: &str) -> Option<&'static ColumnSpec> {
    table(table_name).and_then(|t| t.column(name))
}

#[test]
fn areas_of_every_kind_of_cell() {
    let mu = |raw, moved| Ok(Some((Mu::from_raw(raw), moved)));
    assert_eq!(area(Cell::Text("12.5"), MU), mu(125_000, false));
    assert_eq!(area(Cell::Text("0"), MU), mu(0, false));
    assert_eq!(area(Cell::Real(12.3), MU), mu(123_000, false));
    assert_eq!(area(Cell::Real(-0.0), MU), mu(0, false));
    assert_eq!(area(Cell::Fixed(1_250, 2), MU), mu(125_000, false));
    assert_eq!(area(Cell::Fixed(7, 0), MU), mu(70_000, false));
    assert_eq!(area(Cell::Text("0.00006"), MU), mu(1, true));
    assert_eq!(area(Cell::Text("2"), AreaUnit::Hectare), mu(300_000, false));
    assert_eq!(area(Cell::Fixed(20, 1), AreaUnit::Hectare), mu(300_000, false));
    assert_eq!(area(Cell::Real(2.0), AreaUnit::Hectare), mu(300_000, true));
    assert_eq!(area(Cell::Missing, MU), Ok(None));
}

#[test]
fn damaged_areas_have_their_class() {
    for (cell, code) in [
        (Cell::Text("-0.00001"), RejectCode::NegativeArea),
        (Cell::Real(-0.000_001), RejectCode::NegativeArea),
        (Cell::Fixed(-1, 30), RejectCode::NegativeArea),
        (Cell::Text("NaN"), RejectCode::NotANumber),
        (Cell::Text("-nan"), RejectCode::NotANumber),
        (Cell::Real(f64::NAN), RejectCode::NotANumber),
        (Cell::Text("inf"), RejectCode::Infinite),
        (Cell::Text("-Infinity"), RejectCode::Infinite),
        (Cell::Text("#DIV/0!"), RejectCode::Infinite),
        (Cell::Real(f64::NEG_INFINITY), RejectCode::Infinite),
        (Cell::Text("十二亩"), RejectCode::BadNumber),
        (Cell::Text("1,234"), RejectCode::BadNumber),
        (Cell::Text("1e5"), RejectCode::BadNumber),
        (Cell::Text("１２"), RejectCode::BadNumber),
        (Cell::Flag(true), RejectCode::BadNumber),
        (Cell::Date(0), RejectCode::BadNumber),
        (Cell::Text("99999999999999999999"), RejectCode::OutOfRange),
        (Cell::Text("1234567890123456789012345678901234567"), RejectCode::OutOfRange),
        (Cell::Real(1e300), RejectCode::OutOfRange),
        (Cell::Fixed(i128::MAX, 0), RejectCode::OutOfRange),
        (Cell::Bytes(&[0xff]), RejectCode::BadEncoding),
    ] {
        assert_eq!(area(cell, MU), Err(code), "{cell:?}");
    }
}

#[test]
fn money_may_be_negative_and_rates_follow_the_area_unit() {
    let yuan = |raw, moved| Ok(Some((Yuan::from_raw(raw), moved)));
    assert_eq!(amount(Cell::Text("-5.005")), yuan(-501, true));
    assert_eq!(amount(Cell::Fixed(-500, 2)), yuan(-500, false));
    assert_eq!(amount(Cell::Real(0.1)), yuan(10, false));
    assert_eq!(amount(Cell::Fixed(i64::MIN.into(), 2)), Err(RejectCode::OutOfRange));
    assert_eq!(amount(Cell::Real(f64::NAN)), Err(RejectCode::NotANumber));
    assert_eq!(rate(Cell::Text("119.48"), MU), yuan(11_948, false));
    assert_eq!(rate(Cell::Text("1500"), AreaUnit::Hectare), yuan(10_000, false));
    assert_eq!(rate(Cell::Text("1000"), AreaUnit::Hectare), yuan(6_667, true));
    assert_eq!(rate(Cell::Real(1_500.0), AreaUnit::Hectare), yuan(10_000, true));
    // 1 acre is 6.0702846336 mu
    assert_eq!(rate(Cell::Fixed(607_028, 3), AreaUnit::Acre), yuan(10_000, true));
}

#[test]
fn years_are_whole_and_near() {
    for cell in
        [Cell::Text("2023"), Cell::Text("2023.0"), Cell::Fixed(2_023, 0), Cell::Real(2_023.0)]
    {
        assert_eq!(year(cell), Ok(Some(2023)), "{cell:?}");
    }
    assert_eq!(year(Cell::Text("1900")), Ok(Some(1900)));
    assert_eq!(year(Cell::Text("2200")), Ok(Some(2200)));
    assert_eq!(year(Cell::Missing), Ok(None));
    for cell in [
        Cell::Text("1899"),
        Cell::Text("2201"),
        Cell::Text("2023.5"),
        Cell::Text("二〇二三"),
        Cell::Fixed(20_235, 1),
        Cell::Fixed(i128::MAX, 0),
        Cell::Real(f64::NAN),
        Cell::Real(1e300),
        Cell::Flag(true),
        Cell::Date(19_000),
    ] {
        assert_eq!(year(cell), Err(RejectCode::BadYear), "{cell:?}");
    }
    assert_eq!(year(Cell::Bytes(&[0xc4, 0xea])), Err(RejectCode::BadEncoding));
}

#[test]
fn seasons_flags_and_texts() {
    assert_eq!(season(Cell::Missing), Ok(Season::Y));
    assert_eq!(season(Cell::Text("S")), Ok(Season::S));
    assert_eq!(season(Cell::Text("spring")), Err(RejectCode::BadSeason));
    assert_eq!(season(Cell::Fixed(1, 0)), Err(RejectCode::BadSeason));
    assert_eq!(season(Cell::Bytes(&[0xff])), Err(RejectCode::BadEncoding));
    for cell in [Cell::Flag(true), Cell::Text("TRUE"), Cell::Text("是"), Cell::Fixed(1, 0)] {
        assert_eq!(flag(cell), Ok(Some(true)), "{cell:?}");
    }
    for cell in [Cell::Flag(false), Cell::Text("No"), Cell::Text("否"), Cell::Real(0.0)] {
        assert_eq!(flag(cell), Ok(Some(false)), "{cell:?}");
    }
    assert_eq!(flag(Cell::Text("maybe")), Err(RejectCode::BadNumber));
    assert_eq!(flag(Cell::Bytes(&[0xff])), Err(RejectCode::BadEncoding));
    assert_eq!(flag(Cell::Missing), Ok(None));
    let owned = |cell| text(cell).map(|t| t.map(Cow::into_owned));
    assert_eq!(owned(Cell::Fixed(-1_205, 2)), Ok(Some("-12.05".to_owned())));
    assert_eq!(owned(Cell::Fixed(5, 3)), Ok(Some("0.005".to_owned())));
    assert_eq!(owned(Cell::Real(12.0)), Ok(Some("12".to_owned())));
    assert_eq!(owned(Cell::Real(9_007_199_254_740_992.0)), Err(RejectCode::OutOfRange));
    assert_eq!(owned(Cell::Real(f64::NAN)), Err(RejectCode::NotANumber));
    assert_eq!(owned(Cell::Bytes(&[0xff])), Err(RejectCode::BadEncoding));
    assert_eq!(owned(Cell::Missing), Ok(None));
    assert_eq!(Cell::text(" \u{3000}\u{a0} "), Cell::Missing);
    assert_eq!(Cell::text("\u{3000}小麦 "), Cell::Text("小麦"));
}

#[test]
fn dates_are_shown_as_dates() {
    for (days, text) in
        [(0, "1970-01-01"), (19_782, "2024-02-29"), (-1, "1969-12-31"), (-25_567, "1900-01-01")]
    {
        assert_eq!(Cell::Date(days).plain(), text);
    }
}

#[test]
fn region_codes_are_never_repaired() {
    let levels = RegionLevels::china();
    let owned = |cell| region(cell, &levels).map(|code| code.map(Cow::into_owned));
    let good = Ok(Some("610423101201".to_owned()));
    assert_eq!(owned(Cell::Text("610423101201")), good);
    assert_eq!(owned(Cell::Fixed(610_423_101_201, 0)), good);
    assert_eq!(owned(Cell::Missing), Ok(None));
    for cell in [
        Cell::Text("61042310120"),
        Cell::Text("6104231012011"),
        Cell::Text("6.10423E+11"),
        Cell::Text("610423101201.0"),
        Cell::Text("61042310120X"),
        Cell::Fixed(61_042_310_120, 0),
        Cell::Fixed(-610_423_101_201, 0),
        Cell::Fixed(610_423_101_201, 1),
        Cell::Real(610_423_101_201.0),
        Cell::Flag(true),
        Cell::Date(1),
    ] {
        assert_eq!(owned(cell), Err(RejectCode::BadRegion), "{cell:?}");
    }
    assert_eq!(owned(Cell::Bytes(&[0xff])), Err(RejectCode::BadEncoding));
}

#[test]
fn refused_values_are_masked_and_cut() {
    // The ids and accounts here are made up and belong to nobody known.
    let show = |table: &str, name: &str, cell| column(table, name).map(|c| shown(cell, c));
    let is = |text: &str| Some(text.to_owned());
    let id = Cell::Text("990001197001011230");
    assert_eq!(show("claims", "claimant_id", id), is("9900**********1230"));
    assert_eq!(show("claims", "account", Cell::Text("6217000012345678")), is("************5678"));
    assert_eq!(show("claims", "household_id", Cell::Text("h12")), is("h**"));
    assert_eq!(show("claims", "area_mu", Cell::Text("十二亩")), is("十二亩"));
    assert_eq!(show("claims", "village_code", Cell::Text("6.10423E+11")), is("6.10423E+11"));
    // A shifted row puts an id into a column of areas.
    assert_eq!(show("claims", "area_mu", id), is("9900**********1230"));
    assert_eq!(show("claims", "crop", Cell::Text("99000119700101123X")), is("9900**********123X"));
    let long = "亩".repeat(100);
    assert_eq!(show("claims", "area_mu", Cell::Text(&long)), is(&"亩".repeat(40)));
    assert_eq!(show("claims", "crop", Cell::Bytes(&[b'a', 0xff])), is("a\u{fffd}"));
    assert_eq!(show("claims", "area_mu", Cell::Real(f64::NAN)), is("NaN"));
    assert_eq!(show("claims", "area_mu", Cell::Real(f64::INFINITY)), is("inf"));
}

proptest! {
    /// The same area written as text, decimal and double is the same area.
    #[test]
    fn forms_of_one_number_agree(raw in 0_i64..1_000_000_000_000) {
        let exact = Mu::from_raw(raw);
        let written = exact.to_string();
        let expected = Ok(Some((exact, false)));
        prop_assert_eq!(area(Cell::Text(&written), MU), expected);
        prop_assert_eq!(area(Cell::Fixed(raw.into(), 4), MU), expected);
        prop_assert_eq!(area(Cell::Real(exact.to_f64()), MU), expected);
    }

    /// No text makes a check panic, and none of them takes a negative area.
    #[test]
    fn any_text_is_taken_or_refused(text in "\\PC{0,40}") {
        let cell = Cell::text(&text);
        if let Ok(Some((mu, _))) = area(cell, AreaUnit::Acre) {
            prop_assert!(mu >= Mu::ZERO);
        }
        let _ = (amount(cell), rate(cell, AreaUnit::Acre), year(cell), season(cell), flag(cell));
        let _ = region(cell, &RegionLevels::china());
    }
}
