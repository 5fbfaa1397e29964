//! Ids and accounts, whole and in every class of damage.

use super::claim::{Claim, TITLE, UNITS, claims};
use super::file;
use crate::numbers::wide;
use crate::page::Page;
use crate::people::{as_double, check, credit_code, id15, printed_double, rounded, scientific};
use crate::sheet::Value;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        damaged("证件号损坏", Format::Xls),
        damaged("证件号损坏", Format::Xlsx),
        damaged("证件号损坏", Format::Csv(Encoding::Gb18030)),
        written("证件号写法", Format::Xls),
        written("证件号写法", Format::Csv(Encoding::Utf8Bom)),
        as_numbers("证件号存为数字", Format::Xlsx),
        as_numbers("证件号存为数字", Format::Ods),
        printed(),
        accounts("账号损坏", Format::Xls),
        accounts("账号损坏", Format::Csv(Encoding::Utf16Le)),
        persons_behind(),
    ]
}

fn opened(extra: &[&str]) -> Page {
    let mut page = Page::new("台账", "claims");
    let names = [&["村名", "姓名", "身份证号", "补贴面积", "补贴金额"], extra].concat();
    page.title(TITLE).title(UNITS).header(&names);
    page
}

fn row(claim: &Claim, id: impl Into<Value>) -> Vec<Value> {
    crate::cells![claim.village(), claim.name(), id.into(), claim.mu(), claim.yuan()]
}

/// An id with a wrong check character that is neither a multiple of 128 nor ends in 00.
fn wrong(id: &str) -> String {
    let good = check(&id[..17]);
    let other = "13579".chars().find(|c| *c != good).unwrap_or('1');
    format!("{}{other}", &id[..17])
}

/// Every class as text; each waits under its own name.
fn damaged(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(&[]);
    for (n, claim) in claims(91, 3, 12).iter().enumerate() {
        let id = claim.id();
        let (shown, code) = match n {
            1 => (rounded(&id), "id_rounded"),
            3 => (format!("{}.0", rounded(&id)), "id_rounded"),
            5 => (scientific(&id), "id_scientific"),
            7 => (format!("{}.{}E+17", &id[..1], &id[1..15]), "id_scientific"),
            9 => (id[..17].to_owned(), "id_length"),
            11 => (format!("{id}1"), "id_length"),
            13 => (id[..6].to_owned(), "id_length"),
            15 => (format!("{}********{}", &id[..6], &id[14..]), "id_masked"),
            17 => (format!("{}XXXXXXXX{}", &id[..6], &id[14..]), "id_masked"),
            19 => (wrong(&id), "id_check"),
            21 => (format!("{}1332{}", &id[..10], &id[14..]), "id_check"),
            23 => ("无身份证".to_owned(), "id_check"),
            25 => (String::new(), "missing_value"),
            27 => (format!("00{}", &id[2..]), "id_check"),
            29 => ("6.10499E+14".to_owned(), "id_scientific"),
            _ => {
                page.keep(row(claim, id), claim.bare());
                continue;
            }
        };
        page.reject(row(claim, shown), Some(2), code, (claim.area, claim.fen));
    }
    file(name, &["damaged ids"], format, vec![page])
}

/// Whole ids however they are typed.
fn written(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(&[]);
    for (n, claim) in claims(92, 3, 8).iter().enumerate() {
        let id = claim.id();
        let mut record = claim.bare();
        let shown = match n % 8 {
            0 => wide(&id),
            1 => format!("'{id}"),
            2 => format!(" {id}\u{a0}"),
            3 => format!("{} {} {}", &id[..6], &id[6..14], &id[14..]),
            4 => id15(claim.person),
            5 => id.to_lowercase(),
            6 => {
                let code = credit_code(claim.person);
                record.insert("claimant_id", code.clone());
                code
            }
            _ => id,
        };
        page.keep(row(claim, shown), record);
    }
    file(name, &["15 and 18 digits", "credit codes", "full-width ids"], format, vec![page])
}

/// Numbers in the id column: digits beyond the fifteenth are gone.
fn as_numbers(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(&[]);
    for (n, claim) in claims(93, 2, 8).iter().enumerate() {
        match n % 4 {
            1 => page.reject(
                row(claim, as_double(&claim.id())),
                Some(2),
                "id_rounded",
                (claim.area, claim.fen),
            ),
            3 => page.reject(
                row(claim, as_double(&id15(claim.person))),
                Some(2),
                "id_number",
                (claim.area, claim.fen),
            ),
            _ => page.keep(row(claim, claim.id()), claim.bare()),
        }
    }
    file(name, &["ids stored as numbers"], format, vec![page])
}

/// A whole column that went through doubles and was printed in full.
fn printed() -> CorpusFile {
    let mut page = opened(&[]);
    for claim in claims(94, 3, 40) {
        let id = claim.id();
        let through = printed_double(&id);
        page.reject(row(&claim, through), Some(2), "id_rounded", (claim.area, claim.fen));
    }
    file(
        "整列失真",
        &["a column of ids printed from doubles"],
        Format::Csv(Encoding::Utf8),
        vec![page],
    )
}

/// Cards and passbooks.
fn accounts(name: &str, format: Format) -> CorpusFile {
    let mut page = opened(&["一卡通(社保卡)账号"]);
    for (n, claim) in claims(95, 3, 10).iter().enumerate() {
        let card = claim.account();
        let with = |value: Value| {
            let mut cells = row(claim, claim.id());
            cells.push(value);
            cells
        };
        let readable = (claim.area, claim.fen);
        match n {
            1 => page.reject(
                with(format!("{}0000", &card[..15]).into()),
                Some(5),
                "account_damaged",
                readable,
            ),
            3 => page.reject(with("6.29999E+18".into()), Some(5), "account_damaged", readable),
            5 if format.typed() => {
                page.reject(with(as_double(&card).into()), Some(5), "account_damaged", readable);
            }
            7 => page.reject(with(card[..15].into()), Some(5), "account_length", readable),
            9 => page.reject(
                with(format!("{}******{}", &card[..6], &card[12..]).into()),
                Some(5),
                "account_masked",
                readable,
            ),
            11 => {
                let last = if card.ends_with('7') { '8' } else { '7' };
                page.reject(
                    with(format!("{}{last}", &card[..18]).into()),
                    Some(5),
                    "account_check",
                    readable,
                );
            }
            13 => {
                // A passbook of the co-operative bank: no check digit to hold it against.
                let book = format!("27110{:08}", claim.person);
                page.keep(with(book.clone().into()), claim.with(&[("account", &book)]));
            }
            15 => page.keep(with("".into()), claim.bare()),
            17 => {
                let spaced: Vec<String> = card
                    .as_bytes()
                    .chunks(4)
                    .map(|c| String::from_utf8_lossy(c).into_owned())
                    .collect();
                page.keep(with(spaced.join(" ").into()), claim.with(&[("account", &card)]));
            }
            _ => page.keep(with(card.clone().into()), claim.with(&[("account", &card)])),
        }
    }
    file(name, &["damaged accounts", "passbooks"], format, vec![page])
}

/// 经办人 and 审核人 are names, ids, or damaged ids.
fn persons_behind() -> CorpusFile {
    let mut page = opened(&["经办人", "审核人"]);
    for (n, claim) in claims(96, 2, 4).iter().enumerate() {
        let mut cells = row(claim, claim.id());
        if n == 5 {
            cells.extend(crate::cells!["赵 测", "6.10499E+17"]);
            page.reject(cells, Some(6), "id_scientific", (claim.area, claim.fen));
        } else {
            let approver = crate::people::id18(900);
            cells.extend(crate::cells!["赵 测", approver.clone()]);
            page.keep(cells, claim.with(&[("recorder_id", "赵测"), ("approver_id", &approver)]));
        }
    }
    file("经办审核", &["persons by name and by id"], Format::Xls, vec![page])
}
