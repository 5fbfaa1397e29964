//! One register in every format: all must read alike.

use super::claim::{claims, register};
use super::file;
use crate::page::Page;
use crate::truth::CorpusFile;
use crate::write::{Encoding, Format};

pub(super) fn files() -> Vec<CorpusFile> {
    let all = [
        ("同一台账", Format::Xlsx, "xlsx"),
        ("同一台账_97", Format::Xls, "xls of Excel 97"),
        ("同一台账_95", Format::Xls5, "xls of Excel 95 with GBK strings"),
        ("同一台账", Format::Ods, "ods"),
        ("同一台账_utf8", Format::Csv(Encoding::Utf8), "csv in UTF-8"),
        ("同一台账_bom", Format::Csv(Encoding::Utf8Bom), "csv in UTF-8 with its mark"),
        ("同一台账_gb18030", Format::Csv(Encoding::Gb18030), "csv in GB18030"),
        ("同一台账_utf16le", Format::Csv(Encoding::Utf16Le), "csv in UTF-16LE"),
        ("同一台账_utf16be", Format::Csv(Encoding::Utf16Be), "csv in UTF-16BE"),
        ("同一台账_utf16", Format::Tsv(Encoding::Utf16LeBare), "tsv in UTF-16 without a mark"),
    ];
    let mut files: Vec<CorpusFile> = all
        .into_iter()
        .map(|(name, format, shows)| {
            file(name, &[shows], format, vec![register("2024年", &claims(1, 3, 9))])
        })
        .collect();
    files.push(rare_characters("姓名生僻字_gb18030", Format::Csv(Encoding::Gb18030)));
    files.push(rare_characters("姓名生僻字", Format::Xls));
    files.push(quoted());
    files.push(exported());
    files
}

/// Names with characters beyond the basic plane: four bytes in GB18030, two units in UTF-16.
fn rare_characters(name: &str, format: Format) -> CorpusFile {
    let mut page = super::claim::opened("花名册");
    for (n, (claim, rare)) in claims(2, 2, 3)
        .iter()
        .zip(["李𠮷", "赵㐂", "钱𬭎", "孙·买买提", "周䶮", "吴犇"])
        .enumerate()
    {
        let mut cells = claim.row(n);
        cells[3] = rare.into();
        let mut record = claim.record();
        record.insert("claimant_name", rare.to_owned());
        page.keep(cells, record);
    }
    file(name, &["rare characters in names"], format, vec![page])
}

/// Cells with separators, quotes and line breaks inside.
fn quoted() -> CorpusFile {
    let mut page = Page::new("", "claims");
    page.header(&[
        "村名",
        "姓名",
        "身份证号",
        "补贴面积\n（亩）",
        "补贴\"金额\"\n（元）",
        "备注",
        "年度",
        "补贴项目",
    ]);
    let programme = "耕地地力保护补贴";
    for claim in claims(3, 2, 4) {
        let cells = crate::cells![
            claim.village(),
            claim.name(),
            claim.id(),
            claim.mu_text(),
            claim.yuan_text(),
            "他说:\"好\",\n换行",
            2024,
            programme
        ];
        page.keep(cells, claim.bare());
    }
    // Row numbers of text files are those of lines: a record with a break inside takes two.
    for (n, (row, _)) in (0..).zip(&mut page.truth.kept) {
        *row = 4 + 2 * n;
    }
    file("引号换行", &["quotes and line breaks in cells"], Format::Csv(Encoding::Utf8), vec![page])
}

/// A Parquet file of another system, with the names of the data model.
fn exported() -> CorpusFile {
    file("导出", &["parquet"], Format::Parquet, vec![exported_page()])
}

/// The sheet of that file.
pub(super) fn exported_sheet() -> crate::Sheet {
    exported_page().sheet
}

fn exported_page() -> Page {
    let mut page = Page::new("", "claims");
    let names = [
        "claim_id",
        "year",
        "season",
        "programme",
        "crop",
        "village_code",
        "claimant_id",
        "account",
        "area_mu",
        "amount_yuan",
    ];
    page.header(&names);
    for (n, claim) in claims(4, 3, 5).into_iter().enumerate() {
        let number = format!("X{n:04}");
        let cells = crate::cells![
            number.clone(),
            2024,
            "A",
            "GRAIN",
            "maize",
            claim.place.code,
            claim.id(),
            claim.account(),
            claim.mu(),
            claim.yuan()
        ];
        let mut record = claim.with(&[
            ("claim_id", &number),
            ("season", "A"),
            ("programme", "GRAIN"),
            ("crop", "maize"),
            ("account", &claim.account()),
        ]);
        record.remove("claimant_name");
        page.keep(cells, record);
    }
    // The line of column names has no number.
    for (row, _) in &mut page.truth.kept {
        *row -= 1;
    }
    page
}
