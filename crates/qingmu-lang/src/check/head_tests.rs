//! Seeded mistakes of the header, parameters, bands and evidence.

use crate::testkit::{brief, expect, first};

#[test]
fn the_header_is_made_of_known_words() {
    expect(
        [
            (
                "V02",
                "\"V02\"",
                "\"v2\"",
                "3:6 rule id `v2` is not one capital letter and two digits, such as V02 | take a number that no rule ever had",
            ),
            (
                "V02",
                "\"veg-steady-grain-up\"",
                "\"Veg\"",
                "4:8 slug `Veg` is not lower-case words joined by `-` | write it like `veg-steady-grain-up`",
            ),
            (
                "V02",
                "\"trial\" ",
                "\"ready\" ",
                "5:10 status `ready` is none of draft, trial, stable, retired | take one of the words listed",
            ),
            ("V02", "\"E2\" ", "\"E4\" ", "6:9 `E4` is none of E0, E1, E2, E3 | take one of the words listed"),
            (
                "V02",
                "\"village_year\"",
                "\"villages\"",
                "7:8 view `villages` is none of panel, village_year, village_season_programme, claimant_village, account_claimant, approver_village, claim, programme_rate, parcel_claimant, exclusive_claim, claimant_register, household_programme, lease, claimant_account, payee_claimant, claim_payment, account_change, village_programme_year, publicity_claimant, own_approval, fund | take one of the words listed",
            ),
            (
                "C06",
                "\"claimant_id\", \"year\"",
                "\"claimant\", \"year\"",
                "2:116 `by` takes keys, names and codes of claimant_village; `claimant` is none | did you mean `claimant_id`?",
            ),
            ("C06", "\"programme\"]", "\"year\"]", "2:149 `year` stands in `by` twice | leave one of them out"),
            (
                "C06",
                "spread = \"area_mu\", ",
                "",
                "2:115 the excess of a group is shared over its rows by `spread`, which is missing | write `spread = \"area_mu\"` or another column of the view",
            ),
            (
                "C06",
                "spread = \"area_mu\"",
                "spread = \"season\"",
                "2:172 `season` is no number column of claimant_village | take a column in mu or yuan, such as `area_mu`",
            ),
            (
                "V02",
                "scan = \"village_year\"",
                "spread = \"claims\"\nscan = \"village_year\"",
                "7:10 `spread` shares a group over its rows, but there is no `by` | leave it out",
            ),
        ]
        .map(|(id, old, new, said)| (first(&brief(id, old, new)), said)),
    );
}

#[test]
fn parameters_and_lets_have_plain_names_of_their_own() {
    expect(
        [
            (
                "unit = \"mu\", why",
                "unit = \"acre\", why",
                "13:34 unit `acre` is none of 1, mu, yuan, yuan/mu | take one of the words listed",
            ),
            ("is = 2.0, ", "is = nan, ", "14:21 a parameter is a finite number | write a number; what is not known is no parameter"),
            (
                "prev  =",
                "Prev = \"year\"\nprev  =",
                "16:1 the name of a let is lower-case letters, digits and `_`, not `Prev` | write it like `rise_share`",
            ),
            (
                "prev  =",
                "mu = \"year\"\nprev  =",
                "16:1 `mu` is already taken by the language | give the let another name",
            ),
            (
                "prev  =",
                "claims = \"year\"\nprev  =",
                "16:1 `claims` is already a column of this view | give the let another name",
            ),
        ]
        .map(|(old, new, said)| (first(&brief("V02", old, new)), said)),
    );
}

#[test]
fn bands_rise_and_evidence_lists_names() {
    expect(
        [
            (
                "medium = 100",
                "medium = 400",
                "26:49 the bounds of `level` must rise: low < medium < high | write low < medium < high in the unit of `by`",
            ),
            ("by = \"unexplained\"", "by = \"name\"", "26:17 `level.by` takes numbers | give a number, or a column, parameter or let that is one"),
            (
                "\"freed\", \"noise\"]",
                "\"freed - noise\", \"mu\", \"yuan\"]",
                "33:92 evidence lists names, not expressions | give the expression a name under [let]",
            ),
            (
                "from = \"claims\"",
                "from = \"parcels\"",
                "34:17 evidence rows come from claims or baselines, not `parcels` | write `from = \"claims\"`",
            ),
            (
                "keys = [\"village_code\"",
                "keys = [\"season\"",
                "34:35 `season` must be a key of the subject and a column of claims | the keys of the subject are village_code, year",
            ),
            (
                "years_back = 1",
                "years_back = 11",
                "34:73 `years_back` is 0 to 10 and needs `year` among the keys | add `year` to `keys`, or leave `years_back` out",
            ),
            ("limit = 500", "limit = 0", "34:84 `limit` is at least 1 | write how many rows a report shows, such as 500"),
        ]
        .map(|(old, new, said)| (brief("V02", old, new), said)),
    );
}
