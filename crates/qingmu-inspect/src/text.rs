//! The account as people read it in a terminal.

use super::{FileView, Inspection, RefusedView, SheetView, sheet::Sums};
use qingmu_ingest::{SkipReason, field_title};
use qingmu_model::Lang;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Lines under one another, in one language.
struct Page {
    lang: Lang,
    text: String,
}

impl Inspection {
    /// The account as text.
    #[must_use]
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page { lang, text: String::new() };
        for (n, file) in self.files.iter().enumerate() {
            if n > 0 {
                page.text.push('\n');
            }
            page.file(file);
        }
        page.text.push('\n');
        page.next(self);
        page.text
    }
}

impl Page {
    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{:indent$}{}", "", text.trim_end());
    }

    /// A field as people of the language call it; its own name is what mappings are written with.
    fn field(&self, table: Option<&str>, field: &str) -> String {
        let title = table.and_then(|table| field_title(table, field));
        match (self.lang, title) {
            (Lang::Zh, Some(title)) => format!("{title} {field}"),
            _ => field.to_owned(),
        }
    }

    /// The same without its own name, for lists of values.
    fn short(&self, table: Option<&str>, field: &str) -> String {
        let title = table.and_then(|table| field_title(table, field));
        match (self.lang, title) {
            (Lang::Zh, Some(title)) => title.to_owned(),
            _ => field.to_owned(),
        }
    }

    /// What to do with the files now.
    fn next(&mut self, all: &Inspection) {
        let names: Vec<&str> = all.files.iter().map(|f| f.name.as_str()).collect();
        let names = names.join(" ");
        let waiting = all.files.iter().flat_map(|f| &f.sheets).map(SheetView::quarantined_rows);
        let waiting: u64 = waiting.sum();
        let text = match (self.lang, all.exit, waiting) {
            (Lang::Zh, 0, _) => format!("可以登账：qingmu ingest {names} --out 账库"),
            (Lang::En, 0, _) => format!("ready: qingmu ingest {names} --out LEDGER"),
            (Lang::Zh, 3, rows) => {
                format!("{rows} 行待核，其余可以登账：qingmu ingest {names} --out 账库")
            }
            (Lang::En, 3, rows) => {
                format!(
                    "{rows} rows wait, the others are ready: qingmu ingest {names} --out LEDGER"
                )
            }
            (Lang::Zh, ..) => "有文件或工作表被拒绝，按上面的处理办法改正后再登账".to_owned(),
            (Lang::En, ..) => {
                "a file or sheet is refused: follow its remedy above, then ingest".to_owned()
            }
        };
        self.line(0, &text);
    }

    fn file(&mut self, file: &FileView) {
        let format = file.format.map(|f| format!("  {f}")).unwrap_or_default();
        self.line(0, &format!("{}{format}", file.name));
        if let Some(sha256) = &file.sha256 {
            self.line(2, &format!("sha256 {sha256}"));
        }
        if let (Some(name), Some(why)) = (&file.encoding, &file.encoding_why) {
            let label = self.pick("编码", "encoding");
            self.line(2, &format!("{label} {name} ({})", why.get(self.lang)));
        }
        for note in &file.notes {
            self.line(2, note.get(self.lang));
        }
        if let Some(refused) = &file.refused {
            self.refused(refused);
        }
        for sheet in &file.sheets {
            self.sheet(sheet);
        }
        if let Some(control) = file.control.as_ref().filter(|_| file.sheets.len() > 1) {
            let name = self.pick("全文件", "whole file").to_owned();
            self.text.push('\n');
            self.control(
                &name,
                [&control.read, &control.kept, &control.quarantined, &control.skipped],
            );
        }
    }

    fn refused(&mut self, refused: &RefusedView) {
        let code = refused.code.map(|c| format!("{c} ")).unwrap_or_default();
        let head = self.pick("拒绝", "refused");
        let dots = self.pick("：", ": ");
        let what = refused.what.get(self.lang);
        self.line(2, &format!("{head} {}{dots}{code}{what}", refused.place));
        let head = self.pick("处理：", "remedy: ");
        self.line(4, &format!("{head}{}", refused.remedy.get(self.lang)));
    }

    fn sheet(&mut self, sheet: &SheetView) {
        self.text.push('\n');
        let hidden = if sheet.hidden { self.pick("（隐藏）", " (hidden)") } else { "" };
        let mut head = match sheet.sheet.as_str() {
            "" => self.pick("表", "sheet").to_owned(),
            name => format!("{} {name}{hidden}", self.pick("工作表", "sheet")),
        };
        let Some(table) = sheet.table else {
            let rows = sheet.rows;
            let none = match (self.lang, rows, sheet.refused.is_some()) {
                (Lang::Zh, 0, _) => "，空".to_owned(),
                (Lang::En, 0, _) => ", empty".to_owned(),
                (Lang::Zh, ..) if sheet.summary => {
                    format!("，{rows} 行，汇总表，明细已在其他工作表，未采用")
                }
                (Lang::En, ..) if sheet.summary => {
                    format!(", {rows} rows, sums of another sheet, not used")
                }
                (Lang::Zh, _, false) => format!("，{rows} 行，没有表格，未采用"),
                (Lang::En, _, false) => format!(", {rows} rows, no table in it, not used"),
                (Lang::Zh, _, true) => format!("，{rows} 行，未采用"),
                (Lang::En, _, true) => format!(", {rows} rows, not used"),
            };
            head.push_str(&none);
            self.line(2, &head);
            if let Some(refused) = &sheet.refused {
                self.refused(refused);
            }
            return;
        };
        let zh = sheet.table_zh.unwrap_or_default();
        let (first, last) = sheet.header.unwrap_or_default();
        let rows = if first == last { format!("{first}") } else { format!("{first}–{last}") };
        let rest = match self.lang {
            Lang::Zh => format!("  → {table} {zh}  表头第 {rows} 行  匹配 {:.2}", sheet.score),
            Lang::En => format!("  → {table}  header in row {rows}  match {:.2}", sheet.score),
        };
        self.line(2, &format!("{head}{rest}"));
        self.mapping(sheet);
        self.account(sheet);
        self.findings(sheet);
    }

    fn mapping(&mut self, sheet: &SheetView) {
        let unused = self.pick("（未用）", "(not used)").to_owned();
        let sum = self.pick("小计", "sum").to_owned();
        let mut rows = vec![[
            self.pick("列", "col").to_owned(),
            self.pick("表头", "header").to_owned(),
            self.pick("字段", "field").to_owned(),
            self.pick("单位", "unit").to_owned(),
            self.pick("匹配", "match").to_owned(),
        ]];
        for column in &sheet.columns {
            let field = match (&column.field, &column.crop) {
                (None, _) if column.nearest.is_empty() => unused.clone(),
                (None, _) => format!("{unused} {}?", column.nearest.join(" ")),
                (Some(field), Some(crop)) => {
                    format!("{} {crop}", self.field(sheet.table, field))
                }
                (Some(field), None) if column.subtotal => {
                    format!("{} {sum}", self.field(sheet.table, field))
                }
                (Some(field), None) => self.field(sheet.table, field),
            };
            let score = column.field.as_ref().map(|_| format!("{:.2}", column.score));
            rows.push([
                column.column.clone(),
                column.header.replace(['\n', '\r'], " "),
                field,
                column.unit.clone().unwrap_or_default(),
                score.unwrap_or_default(),
            ]);
        }
        self.grid(4, &rows, 5);
        if !sheet.given.is_empty() {
            let list: Vec<String> = sheet
                .given
                .iter()
                .map(|(field, value)| format!("{}={value}", self.short(sheet.table, field)))
                .collect();
            let head = self.pick("整表", "all rows");
            self.line(4, &format!("{head} {}", list.join(" ")));
        }
    }

    fn account(&mut self, sheet: &SheetView) {
        let control = &sheet.control;
        let name = self.pick("控制数", "control").to_owned();
        self.control(&name, [&control.read, &control.kept, &control.quarantined, &control.skipped]);
        if !sheet.skipped.is_empty() {
            let list: Vec<String> = sheet
                .skipped
                .iter()
                .map(|(reason, rows)| format!("{} {rows}", self.reason(*reason)))
                .collect();
            let head = self.pick("跳过的行", "skipped rows");
            self.line(4, &format!("{head} {}", list.join("  ")));
        }
        let (figures, differing) = (sheet.totals.figures, &sheet.totals.differing);
        if figures > 0 {
            let agree = figures - differing.len();
            let text = match self.lang {
                Lang::Zh => format!("合计数 {figures} 个，{agree} 个与明细相符（差不超过 0.01）"),
                Lang::En => {
                    format!("{figures} figures in total rows, {agree} agree with the rows to 0.01")
                }
            };
            self.line(4, &text);
        }
        for total in differing.iter().take(5) {
            let cell = format!("{}{}", total.column, total.row);
            let text = match self.lang {
                Lang::Zh => format!("{cell} 写 {}，明细合计 {}", total.stated, total.computed),
                Lang::En => {
                    format!("{cell} says {}, its rows add up to {}", total.stated, total.computed)
                }
            };
            self.line(6, &text);
        }
    }

    fn control(&mut self, name: &str, parts: [&Sums; 4]) {
        let heads = [
            self.pick("读入", "read"),
            self.pick("= 采用", "= kept"),
            self.pick("+ 待核", "+ quarantined"),
            self.pick("+ 跳过", "+ skipped"),
        ];
        let mut rows = vec![[
            name.to_owned(),
            self.pick("行", "rows").to_owned(),
            self.pick("亩", "mu").to_owned(),
            self.pick("元", "yuan").to_owned(),
            self.pick("无法读取的数", "unreadable").to_owned(),
        ]];
        for (head, sums) in heads.into_iter().zip(parts) {
            let unreadable =
                if sums.unreadable > 0 { sums.unreadable.to_string() } else { String::new() };
            rows.push([
                head.to_owned(),
                sums.rows.to_string(),
                sums.mu.clone(),
                sums.yuan.clone(),
                unreadable,
            ]);
        }
        if parts.iter().all(|p| p.unreadable == 0) {
            for row in &mut rows {
                row[4].clear();
            }
        }
        self.grid(4, &rows, 1);
    }

    fn findings(&mut self, sheet: &SheetView) {
        for warning in &sheet.warnings {
            let head = self.pick("注意", "note");
            let count =
                if warning.count > 1 { format!(" ×{}", warning.count) } else { String::new() };
            self.line(4, &format!("{head} {}{count}", warning.text.get(self.lang)));
        }
        for damage in &sheet.damage {
            let text = match self.lang {
                Lang::Zh => format!("待核 {} 行：{}", damage.rows, damage.title.zh),
                Lang::En => format!("{} waiting: {}", damage.rows, damage.title.en),
            };
            self.line(4, &text);
            let head = self.pick("处理：", "remedy: ");
            self.line(6, &format!("{head}{}", damage.remedy.get(self.lang)));
        }
        for reject in &sheet.rejects {
            let value =
                if reject.value.is_empty() { String::new() } else { format!("  {}", reject.value) };
            self.line(6, &format!("{}{value}  {}", reject.place, reject.code));
        }
        for (n, row) in sheet.sample.iter().enumerate() {
            let list: Vec<String> = row
                .iter()
                .map(|(field, value)| format!("{}={value}", self.short(sheet.table, field)))
                .collect();
            let head = self.pick("样例", "sample");
            self.line(4, &format!("{head} {} {}", n + 1, list.join(" ")));
        }
    }

    fn reason(&self, reason: SkipReason) -> &'static str {
        let (zh, en) = match reason {
            SkipReason::Title => ("标题", "title"),
            SkipReason::Header => ("表头", "header"),
            SkipReason::RepeatedHeader => ("重复表头", "header again"),
            SkipReason::Total => ("合计", "total"),
            SkipReason::Footer => ("表尾", "footer"),
            SkipReason::Blank => ("空行", "blank"),
            SkipReason::Heading => ("分段标题", "heading"),
            SkipReason::NoClaim => ("无面积", "no area"),
            SkipReason::Member => ("家庭成员", "member of the household"),
        };
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Columns under one another; from `right` on they end at one place.
    fn grid<const N: usize>(&mut self, indent: usize, rows: &[[String; N]], right: usize) {
        let mut widths = [0; N];
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        for row in rows {
            let mut line = String::new();
            for (n, (cell, width)) in row.iter().zip(widths).enumerate() {
                let gap = " ".repeat(width - cell.width());
                let gapped =
                    if n >= right { format!("{gap}{cell}") } else { format!("{cell}{gap}") };
                line.push_str(&gapped);
                line.push_str("  ");
            }
            self.line(indent, &line);
        }
    }
}
