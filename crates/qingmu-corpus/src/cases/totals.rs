//! 合计 and 小计 rows, right and wrong, above, inside and below.

use super::claim::{claims, opened};
use super::file;
use crate::numbers::{mu, plain, yuan};
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    vec![
        villages("村级小计", Format::Xls, None),
        villages("村级小计_有误", Format::Xlsx, Some(3)),
        villages("村级小计", Format::Csv(Encoding::Gb18030), None),
        on_top(),
        in_words(),
        footers(),
    ]
}

/// 小计 per village and 合计 below; `wrong` puts so many mu too much into the second 小计.
fn villages(name: &str, format: Format, wrong: Option<i64>) -> CorpusFile {
    let mut page = opened("花名册");
    let all = claims(31, 3, 6);
    for (n, part) in all.chunks(6).enumerate() {
        for (i, claim) in part.iter().enumerate() {
            page.keep(claim.row(i), claim.record());
        }
        let extra = wrong.filter(|_| n == 1).unwrap_or_default() * 10_000;
        let area: i64 = part.iter().map(|c| c.area).sum::<i64>() + extra;
        let fen: i64 = part.iter().map(|c| c.fen).sum();
        let row = u64::from(page.at()) + 1;
        page.total("小计", (5, &plain(area, 4)), (6, &yuan(fen)));
        if extra != 0 {
            page.truth.differing_totals.push((row, "F".to_owned()));
            page.warns("totals_differ");
        }
    }
    let (area, money) = page.sums();
    page.total("合计", (5, &area), (6, &money));
    file(name, &["subtotals", "totals"], format, vec![page])
}

/// 合计 stands under the header, before the rows.
fn on_top() -> CorpusFile {
    let mut page = opened("花名册");
    let all = claims(32, 2, 7);
    let (area, fen): (i64, i64) =
        (all.iter().map(|c| c.area).sum(), all.iter().map(|c| c.fen).sum());
    page.total("合计", (5, &mu(area)), (6, &yuan(fen)));
    for (n, claim) in all.iter().enumerate() {
        page.keep(claim.row(n), claim.record());
    }
    file("合计在上", &["total above the rows"], Format::Ods, vec![page])
}

/// 总计 with blanks and a label in another column, money in words below.
fn in_words() -> CorpusFile {
    let mut page = opened("花名册");
    for (n, claim) in claims(33, 2, 5).iter().enumerate() {
        page.keep(claim.row(n), claim.record());
    }
    let (area, money) = page.sums();
    page.skip("total", crate::cells!["", "总　计：", "", "", "", area, money]);
    file("总计在村列", &["total label in another column"], Format::Xls5, vec![page])
}

/// Every kind of line at the end, also after the total and over several lines.
fn footers() -> CorpusFile {
    let mut page = opened("公示表");
    for (n, claim) in claims(34, 2, 6).iter().enumerate() {
        page.keep(claim.row(n), claim.record());
    }
    let (area, money) = page.sums();
    page.total("合计", (5, &area), (6, &money));
    for text in [
        "公示时间：2024年5月6日至5月14日（7个工作日）",
        "公示地点：村务公开栏",
        "监督电话：029-00000000，13900000000",
        "村委会（盖章）：",
        "村负责人签字：            镇负责人签字：",
        "注：本表一式三份，村、镇、县各存一份。",
    ] {
        page.skip("footer", crate::cells![text]);
    }
    file("落款", &["footers"], Format::Xls, vec![page])
}
