//! What an addition says to people: every row and every sum accounted for, file by file and sheet by sheet.

use crate::{
    account::{SheetAccount, Sum},
    add::{Added, Addition, Status},
    ingest::Ingested,
};
use qingmu_model::{Lang, table};
use std::fmt::Write;

/// Contradictions listed before the rest is only counted.
const MOST: usize = 10;

/// The account of an addition.
#[must_use]
pub fn text(done: &Ingested, lang: Lang) -> String {
    let mut page = Page { out: String::new(), lang };
    let addition = &done.addition;
    page.key(done);
    for file in &addition.files {
        page.file(file);
    }
    page.whole(addition);
    page.contradictions(addition);
    page.next(addition);
    page.out
}

struct Page {
    out: String,
    lang: Lang,
}

impl Page {
    fn say(&mut self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        let line = match self.lang {
            Lang::Zh => zh.as_ref(),
            Lang::En => en.as_ref(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{line}");
    }

    fn key(&mut self, done: &Ingested) {
        if done.key.made {
            let path = done.key.path.display();
            self.say(
                format!("已生成密钥 {path}（仅属主可读）。账库只认这把密钥：请另行备份，不要与账库放在一起"),
                format!(
                    "made a new key: {path} (readable by its owner alone). The ledger accepts no other: back it up, and not together with the ledger"
                ),
            );
        }
    }

    fn file(&mut self, file: &Added) {
        let account = &file.account;
        let encoding = account.encoding.as_ref().map(|e| format!(" {e}")).unwrap_or_default();
        let head = format!("{} ({}{encoding})", account.name, account.format);
        match &file.status {
            Status::New => self.say(format!("{head}：新增"), format!("{head}: new")),
            Status::Reread => {
                self.say(format!("{head}：重新读取"), format!("{head}: read once more"));
            }
            Status::Again { name } => {
                self.say(
                    format!("{head}：内容与已登账的 {name} 逐字节相同，未作改动（如需重读：--replace {name}）"),
                    format!("{head}: the same bytes as {name}, which is in the ledger; nothing changed (to read it once more: --replace {name})"),
                );
                return;
            }
            Status::Superseded { by } => {
                self.say(
                    format!("{head}：已被 {by} 替换，未作改动"),
                    format!("{head}: {by} took its place; nothing changed"),
                );
                return;
            }
        }
        for sheet in &account.sheets {
            self.sheet(sheet);
        }
        self.ends(file);
    }

    fn sheet(&mut self, sheet: &SheetAccount) {
        let name = if sheet.sheet.is_empty() { "-" } else { &sheet.sheet };
        let Some(table_name) = &sheet.table else {
            let rows = sheet.read.rows;
            if sheet.skipped.contains_key("summary") {
                self.say(
                    format!("  {name}：汇总表，明细已在其他工作表，跳过 {rows} 行"),
                    format!("  {name}: sums of another sheet, {rows} rows skipped"),
                );
                return;
            }
            self.say(
                format!("  {name}：不是数据表，跳过 {rows} 行"),
                format!("  {name}: no table, {rows} rows skipped"),
            );
            return;
        };
        let zh = table(table_name).map_or(table_name.as_str(), |t| t.zh);
        let [read, kept, waiting, skipped] =
            [sheet.read, sheet.kept, sheet.quarantined, sheet.skipped_sum];
        let rows = |s: Sum| s.rows;
        self.say(
            format!(
                "  {name}：{zh}；读入 {} 行 = 采用 {} + 待核 {} + 跳过 {}",
                rows(read),
                rows(kept),
                rows(waiting),
                rows(skipped)
            ),
            format!(
                "  {name}: {table_name}; read {} rows = kept {} + quarantined {} + skipped {}",
                rows(read),
                rows(kept),
                rows(waiting),
                rows(skipped)
            ),
        );
        let figures = [
            ("亩", "mu", [read, kept, waiting, skipped].map(|s| format!("{:.2}", s.area_mu))),
            ("元", "yuan", [read, kept, waiting, skipped].map(|s| s.amount_yuan.to_string())),
        ];
        for (zh, en, [read, kept, waiting, skipped]) in figures {
            if [&read, &kept, &waiting, &skipped].iter().any(|v| *v != "0.00") {
                let line = format!("{read} = {kept} + {waiting} + {skipped}");
                self.say(format!("    {line} {zh}"), format!("    {line} {en}"));
            }
        }
        self.totals(sheet);
        for remark in &sheet.remarks {
            let count = remark.count;
            self.say(
                format!("    注意：{}（{count}）", remark.text.zh),
                format!("    note: {} ({count})", remark.text.en),
            );
        }
    }

    fn totals(&mut self, sheet: &SheetAccount) {
        if sheet.totals.is_empty() {
            return;
        }
        let (all, odd) = (sheet.totals.len(), sheet.differing().count());
        let agree = all - odd;
        self.say(
            format!("    文件自带合计 {all} 处，相符 {agree} 处，不符 {odd} 处"),
            format!("    totals of the file: {all}, {agree} agree, {odd} do not"),
        );
        for total in sheet.differing().take(MOST) {
            let (row, column) = (total.row, &total.column);
            let (stated, computed) = (&total.stated, &total.computed);
            self.say(
                format!("      {column}{row}：写的是 {stated}，明细之和 {computed}"),
                format!("      {column}{row}: says {stated}, its rows add up to {computed}"),
            );
        }
    }

    fn ends(&mut self, file: &Added) {
        let ends = file.records;
        let shown = |sum: Sum, lang: Lang| {
            let (mu, yuan) = (format!("{:.2}", sum.area_mu), sum.amount_yuan.to_string());
            let bare = mu == "0.00" && yuan == "0.00";
            match (lang, bare) {
                (Lang::Zh, true) => format!("{} 条", sum.rows),
                (Lang::Zh, false) => format!("{} 条 {mu} 亩 {yuan} 元", sum.rows),
                (Lang::En, true) => sum.rows.to_string(),
                (Lang::En, false) => format!("{} ({mu} mu, {yuan} yuan)", sum.rows),
            }
        };
        let parts = [
            (ends.in_force, "入账", "in the ledger"),
            (ends.shared, "其中与其他文件相同", "of these also in other files"),
            (ends.copies, "与其他文件相同，已计一次", "copies, counted once elsewhere"),
            (
                ends.conflicting,
                "与其他文件矛盾，未计入",
                "contradicted by other files, not counted",
            ),
            (ends.divided, "所属村已拆分，无法归属，未计入", "of divided villages, not counted"),
            (ends.superseded, "已被替换", "superseded"),
        ];
        let listed = |lang| {
            let some = parts.iter().enumerate().filter(|(n, (sum, ..))| *n == 0 || sum.rows > 0);
            let part = |(_, (sum, zh, en)): (usize, &(Sum, &str, &str))| match lang {
                Lang::Zh => format!("{zh} {}", shown(*sum, lang)),
                Lang::En => format!("{en} {}", shown(*sum, lang)),
            };
            some.map(part).collect::<Vec<_>>()
        };
        let (zh, en) = (listed(Lang::Zh).join("；"), listed(Lang::En).join("; "));
        self.say(format!("  记录：{zh}"), format!("  records: {en}"));
    }

    fn whole(&mut self, addition: &Addition) {
        let fresh =
            addition.files.iter().filter(|f| matches!(f.status, Status::New | Status::Reread));
        let sum = |of: fn(&SheetAccount) -> Sum| {
            fresh.clone().map(|f| f.account.sum(of)).fold(Sum::default(), Sum::plus)
        };
        let (read, kept) = (sum(|s| s.read), sum(|s| s.kept));
        let (waiting, skipped) = (sum(|s| s.quarantined), sum(|s| s.skipped_sum));
        if addition.changed {
            self.say(
                format!(
                    "总计：读入 {} 行 = 采用 {} + 待核 {} + 跳过 {}；{:.2} 亩 = {:.2} + {:.2} + {:.2}；{} 元 = {} + {} + {}",
                    read.rows, kept.rows, waiting.rows, skipped.rows,
                    read.area_mu, kept.area_mu, waiting.area_mu, skipped.area_mu,
                    read.amount_yuan, kept.amount_yuan, waiting.amount_yuan, skipped.amount_yuan
                ),
                format!(
                    "total: read {} rows = kept {} + quarantined {} + skipped {}; {:.2} mu = {:.2} + {:.2} + {:.2}; {} yuan = {} + {} + {}",
                    read.rows, kept.rows, waiting.rows, skipped.rows,
                    read.area_mu, kept.area_mu, waiting.area_mu, skipped.area_mu,
                    read.amount_yuan, kept.amount_yuan, waiting.amount_yuan, skipped.amount_yuan
                ),
            );
        }
        for replaced in &addition.replaced {
            let (what, by, sum) = (&replaced.what, &replaced.by, replaced.rows);
            self.say(
                format!(
                    "替换：{what} 的 {} 条记录（{:.2} 亩 {} 元）由 {by} 取代，旧文件仍记在账库清单中",
                    sum.rows, sum.area_mu, sum.amount_yuan
                ),
                format!(
                    "replaced: {by} took the place of {} records of {what} ({:.2} mu, {} yuan); the old file stays in the manifest",
                    sum.rows, sum.area_mu, sum.amount_yuan
                ),
            );
        }
        let shown = addition.ledger.display();
        let (number, id) = (addition.generation, &addition.key_id);
        let tables: Vec<(&String, &Sum)> = addition.tables.iter().collect();
        let line = |(name, sum): &(&String, &Sum)| match self.lang {
            Lang::Zh => format!("{} {}", table(name).map_or("", |t| t.zh), sum.rows),
            Lang::En => format!("{name} {}", sum.rows),
        };
        let tables: Vec<String> = tables.iter().map(line).collect();
        let tables = tables.join(", ");
        self.say(
            format!("账库 {shown}（第 {number} 次登账，密钥 {id}）：{tables}"),
            format!("ledger {shown} (addition {number}, key {id}): {tables}"),
        );
    }

    fn contradictions(&mut self, addition: &Addition) {
        let all = addition.contradictions.len();
        if all == 0 {
            return;
        }
        self.say(
            format!("相互矛盾的记录 {all} 条，均未计入："),
            format!("records that contradict each other, none of them counted: {all}"),
        );
        for one in addition.contradictions.iter().take(MOST) {
            let line = format!("  {} ≠ {}", one.place, one.others);
            self.say(&line, &line);
        }
        if all > MOST {
            self.say("  …其余见 rejects.csv", "  … the others are in rejects.csv");
        }
    }

    fn next(&mut self, addition: &Addition) {
        let shown = addition.ledger.display();
        let rows = addition.rejects;
        if rows > 0 {
            self.say(
                format!("未计入的行共 {rows} 行，逐行原因和处理办法见 {shown}/rejects.csv"),
                format!(
                    "{rows} rows are not counted; reason and remedy of each: {shown}/rejects.csv"
                ),
            );
        }
        let scan = ["claims", "baselines"].iter().all(|t| addition.tables.contains_key(*t));
        if scan {
            self.say(
                format!("下一步：qingmu scan {shown} --out 结果目录"),
                format!("next: qingmu scan {shown} --out DIR"),
            );
        }
    }
}
