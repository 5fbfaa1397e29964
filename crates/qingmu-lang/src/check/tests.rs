//! Seeded mistakes of names, types, units, order and scope.

use crate::testkit::{brief, expect, mistakes};

#[test]
fn a_wrong_unit_is_refused() {
    assert_eq!(
        mistakes(
            "V02",
            "\"unexplained * paid.grain / claimed.grain\"",
            "\"unexplained * paid.grain\""
        )
        .to_string(),
        "\
error[unit]: `yuan` must be in yuan
  --> rules/village/V02-veg-steady-grain-up.toml:28:10
   |
28 | yuan  = \"unexplained * paid.grain\"
   |          ^^^^^^^^^^^^^^^^^^^^^^^^ this is a number in mu^1*yuan^1
   |
   = help: products and quotients multiply and divide units: yuan/mu * mu = yuan"
    );
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest() {
    assert_eq!(
        mistakes("V02", "lag(base.vegetable)\"", "lag(base.vegetables)\"").to_string(),
        "\
error[name]: there is no column or let `base.vegetables`
  --> rules/village/V02-veg-steady-grain-up.toml:18:14
   |
18 | veg0  = \"lag(base.vegetables)\"
   |              ^^^^^^^^^^^^^^^
   |
   = help: did you mean `base.vegetable`?"
    );
}

#[test]
fn a_cycle_is_refused() {
    assert_eq!(
        mistakes("V02", "claimed.grain - prev", "claimed.grain - unexplained").to_string(),
        "\
error[cycle]: `rise` needs itself: rise -> unexplained -> rise
  --> rules/village/V02-veg-steady-grain-up.toml:17:10
   |
17 | rise  = \"claimed.grain - unexplained\"
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: last year's value is lag(…) of a column"
    );
    assert_eq!(
        brief("V02", "lag(claimed.grain)", "prev + 1"),
        "16:10 `prev` needs itself: prev -> prev | last year's value is lag(…) of a column"
    );
}

#[test]
fn a_bare_number_against_mu_is_refused() {
    assert_eq!(
        mistakes("C06", "extra >= p.extra_mu\"", "extra >= 5\"").to_string(),
        "\
error[unit]: mu compared with a bare number
 --> rules/claim/C06-duplicate-claimant.toml:6:50
  |
6 | flag = { when = \"places >= p.places and extra >= 5\", level = { by = \"extra\", low = 0, medium = 20, high = 100 }, mu = \"max(extra - le...
  |                                         -----    ^ unit 1
  |                                         |
  |                                         unit mu
  |
  = help: declare a parameter with unit = \"mu\" and a reason"
    );
}

#[test]
fn a_quotient_for_a_product_is_refused_by_its_unit() {
    assert_eq!(
        mistakes("V03", "beyond * paid.all / claimed.all", "beyond * claimed.all / paid.all")
            .to_string(),
        "\
error[unit]: `yuan` must be in yuan
 --> rules/village/V03-land-budget-broken.toml:6:175
  |
6 | ... = 300 }, mu = \"beyond\", yuan = \"beyond * claimed.all / paid.all\" }
  |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is a number in mu^2*yuan^-1
  |
  = help: products and quotients multiply and divide units: yuan/mu * mu = yuan"
    );
}

#[test]
fn a_misspelt_parameter_is_refused() {
    assert_eq!(
        mistakes("V02", "p.z * hypot", "p.zz * hypot").to_string(),
        "\
error[name]: there is no parameter `p.zz`
  --> rules/village/V02-veg-steady-grain-up.toml:20:10
   |
20 | noise = \"p.zz * hypot(base.vegetable_se, lag(base.vegetable_se))\"
   |          ^^^^
   |
   = help: did you mean `p.z`?"
    );
    assert_eq!(
        brief("V02", "p.z * hypot", "z * hypot"),
        "20:10 there is no column or let `z` | did you mean `p.z`?"
    );
}

#[test]
fn several_mistakes_are_told_together_and_none_twice() {
    // `noise` is broken, so its uses are not called unknown; `yuan` is wrong by itself.
    let said = brief(
        "V02",
        "p.z * hypot(base.vegetable_se, lag(base.vegetable_se))\"",
        "paid.grian * p.zz\"",
    );
    assert_eq!(
        said,
        "20:10 there is no column or let `paid.grian` | did you mean `paid.grain`?\n\
         20:23 there is no parameter `p.zz` | did you mean `p.z`?"
    );
}

#[test]
fn units_of_sums_comparisons_and_functions_agree() {
    let prev = |new: &str| brief("V02", "claimed.grain - prev", new);
    expect(
        [
            (
                "claimed.grain - paid.grain + prev",
                "17:26 mu minus yuan | both sides need one unit; multiply or divide by what is between them",
            ),
            (
                "claimed.grain - max(prev, 3)",
                "17:36 mu in one `max` with a bare number | declare a parameter with unit = \"mu\" and a reason",
            ),
            (
                "claimed.grain - hypot(prev, year)",
                "17:38 mu in one `hypot` with 1 | both sides need one unit; multiply or divide by what is between them",
            ),
            ("claimed.grain - max(prev, 0) - coalesce(prev, -0)", ""),
            ("claimed.grain - max(prev, name)", "17:36 `max` takes numbers | give a number, or a column, parameter or let that is one"),
            ("claimed.grain - coalesce(prev, name)", "17:41 `coalesce` takes arguments of one type | both sides need one unit; multiply or divide by what is between them"),
            (
                "claimed.grain - (prev and prev)",
                "17:27 `and` takes a condition | compare it with something\n17:36 `and` takes a condition | compare it with something",
            ),
            (
                "prev * prev * prev * prev * prev - prev",
                "17:10 no formula of the field needs such a high power of a unit | products and quotients multiply and divide units: yuan/mu * mu = yuan",
            ),
        ]
        .map(|(new, said)| (prev(new), said)),
    );
}

#[test]
fn texts_are_compared_for_equality_only() {
    let when = |new: &str| {
        brief(
            "V02",
            "unexplained >= max(p.rise_mu, noise)",
            &format!("unexplained >= max(p.rise_mu, noise) and {new}"),
        )
    };
    assert_eq!(when("name = '甲村' and village_code <> 'a'"), "");
    assert_eq!(
        when("name < '甲村'"),
        "25:128 `<` takes numbers | give a number, or a column, parameter or let that is one\n25:135 `<` takes numbers | give a number, or a column, parameter or let that is one"
    );
    assert_eq!(
        when("name = year"),
        "25:135 `=` compares numbers, or two texts | text is only compared with = and <>"
    );
    assert_eq!(
        when("known(name) = true"),
        "25:142 `=` compares numbers, or two texts | text is only compared with = and <>"
    );
}

#[test]
fn lag_and_aggregates_stand_where_they_mean_something() {
    expect(
        [
            (
                "C06",
                "total - largest(area_mu)",
                "total - lag(area_mu)",
                "4:70 `lag` stands only in rules without `by` | a group has no last year; use a view of villages, or a measured column",
            ),
            (
                "C06",
                "total - largest(area_mu)",
                "total - area_mu",
                "4:70 `area_mu` differs inside a group of claimant_id, year, season, programme | write sum(area_mu), largest(area_mu) …, or put it into `by`",
            ),
            (
                "C06",
                "total - largest(area_mu)",
                "total - largest(total)",
                "4:78 `total` is a value of the whole subject, not of one row | inside an aggregate stand columns, parameters and functions of one row",
            ),
            (
                "C06",
                "total - largest(area_mu)",
                "total - largest(sum(area_mu))",
                "4:78 an aggregate cannot stand inside another | give the inner one a name under [let], in a rule of whole rows",
            ),
            (
                "V02",
                "claimed.grain - prev",
                "claimed.grain - sum(prev)",
                "17:26 the subject is one row: nothing to add up | write `sum(…) over (partition by …)`, or make groups the subject with rule.by",
            ),
            (
                "V02",
                "claimed.grain - prev",
                "claimed.grain - sum(prev) over (partition by county_code, year)",
                "",
            ),
            (
                "N01",
                "over (partition by town_code, year)\", peers",
                "over (partition by village_code, year)\", peers",
                "4:122 `village_code` differs inside a group | put it into rule.by, or leave it out of the window",
            ),
            (
                "N01",
                "over (partition by town_code, year)\", peers",
                "over (partition by town, year)\", peers",
                "4:122 `town` is no column of approver_village | `qingmu rules columns` lists the columns there are",
            ),
        ]
        .map(|(id, old, new, said)| (brief(id, old, new), said)),
    );
}

#[test]
fn functions_take_their_number_of_arguments() {
    expect(
        [
            ("claimed.grain - abs(prev, prev)", "17:26 `abs` takes one argument, not 2 | a function is written `name(argument, …)`"),
            ("claimed.grain - max(prev)", "17:26 `max` takes two arguments or more, not 1 | a function is written `name(argument, …)`"),
            ("claimed.grain - hypot(prev, prev, prev)", "17:26 `hypot` takes two arguments, not 3 | a function is written `name(argument, …)`"),
            (
                "claimed.grain - count(prev) over (partition by year) * prev",
                "17:26 `count` takes no argument, not 1 | a function is written `name(argument, …)`",
            ),
            ("claimed.grain - avg(prev)", "17:26 there is no function `avg` | write sum(x) / count()"),
            ("claimed.grain - Lag(prev)", "17:26 there is no function `Lag` | did you mean `lag`?"),
            (
                "claimed.grain - frobnicate(prev)",
                "17:26 there is no function `frobnicate` | the functions are lag, max, min, hypot, abs, coalesce, known, sum, count, distinct, largest, smallest, any",
            ),
            (
                "claimed.grain - max(prev, prev) over (partition by year)",
                "17:26 `max` takes no window | `over` stands behind sum, count, distinct, largest, smallest, any",
            ),
        ]
        .map(|(new, said)| (brief("V02", "claimed.grain - prev", new), said)),
    );
}
