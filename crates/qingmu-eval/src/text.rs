//! An evaluation as a page for a terminal.

use crate::measure::{Discovery, Estimates, Evaluation};
use qingmu_model::Lang;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

impl Evaluation {
    /// Tables of every measure, in one language, aligned by display width.
    #[must_use]
    pub fn page(&self, lang: Lang) -> String {
        let pick = |zh: &'static str, en: &'static str| match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        let mut page = String::new();
        let _ = match lang {
            Lang::Zh => writeln!(
                page,
                "共 {} 个村；植入 {} 个村年（{} 个村，{:.0} 元）；列出 {} 个村年",
                self.villages, self.planted, self.planted_villages, self.planted_yuan, self.listed
            ),
            Lang::En => writeln!(
                page,
                "{} villages; {} village-years planted ({} villages, {:.0} yuan); {} village-years listed",
                self.villages, self.planted, self.planted_villages, self.planted_yuan, self.listed
            ),
        };
        if let Some(ap) = self.average_precision {
            let _ = writeln!(page, "{} {ap:.3}", pick("平均精度", "average precision"));
        }
        let mut table = Table::new([pick("前 k 个", "first k"), pick("精度", "precision")]);
        for at in &self.precision {
            table.row([at.k.to_string(), share(at.precision)]);
        }
        table.write(&mut page);
        self.visits(&mut page, pick);
        discoveries(&mut page, "q", &self.discoveries, lang);
        discoveries(&mut page, pick("q（含窝案）", "q with rings"), &self.ring_discoveries, lang);
        let rings = &self.rings;
        if rings.planted + rings.listed > 0 {
            let _ = match lang {
                Lang::Zh => writeln!(
                    page,
                    "\n窝案（q ≤ 0.05）：植入 {}，找到 {}；列出 {}，误列 {}",
                    rings.planted, rings.found, rings.listed, rings.wrong
                ),
                Lang::En => writeln!(
                    page,
                    "\nrings (q ≤ 0.05): {} planted, {} found; {} listed, {} wrong",
                    rings.planted, rings.found, rings.listed, rings.wrong
                ),
            };
        }
        if let Some(graded) = &self.graded {
            let (leads, wrong) = (graded.leads, graded.wrong);
            let _ = match lang {
                Lang::Zh => writeln!(page, "\nE0–E2 级线索 {leads} 条，其中误列 {wrong} 条"),
                Lang::En => {
                    writeln!(page, "\n{leads} leads of grade E0 to E2, {wrong} of them wrong")
                }
            };
        }
        self.estimates(&mut page, pick);
        self.schemes(&mut page, pick);
        page
    }

    fn visits(&self, page: &mut String, pick: impl Fn(&'static str, &'static str) -> &'static str) {
        let heads = [
            pick("核查的村", "villages inspected"),
            pick("村数", "villages"),
            pick("查出村年", "recall"),
            pick("查出金额", "yuan recall"),
        ];
        let mut table = Table::new(heads);
        for at in &self.inspected {
            let visited = format!("{:.0} %", at.share * 100.0);
            let villages = at.villages.to_string();
            table.row([visited, villages, share(at.recall), share(at.yuan_recall)]);
        }
        table.write(page);
    }

    fn estimates(
        &self,
        page: &mut String,
        pick: impl Fn(&'static str, &'static str) -> &'static str,
    ) {
        let heads = [
            pick("超额估计", "excess"),
            pick("村年", "village-years"),
            pick("90% 区间命中", "90 % interval holds"),
            pick("中位相对误差", "median error"),
        ];
        let mut table = Table::new(heads);
        let mut estimate = |name: &str, made: Option<&Estimates>| {
            if let Some(made) = made {
                let count = made.count.to_string();
                table.row([name.to_owned(), count, share(made.coverage), share(made.median_error)]);
            }
        };
        estimate(pick("亩", "mu"), self.excess_mu.as_ref());
        estimate(pick("元", "yuan"), self.excess_yuan.as_ref());
        table.write(page);
    }

    fn schemes(
        &self,
        page: &mut String,
        pick: impl Fn(&'static str, &'static str) -> &'static str,
    ) {
        let heads = [
            pick("手法", "scheme"),
            pick("村年", "village-years"),
            pick("元", "yuan"),
            pick("查 1 %", "at 1 %"),
            pick("查 2 %", "at 2 %"),
            pick("金额", "of yuan"),
            "q ≤ 0.05",
            pick("区间命中", "interval holds"),
        ];
        let mut table = Table::new(heads);
        for of in &self.by_type {
            table.row([
                of.kind.clone(),
                of.planted.to_string(),
                format!("{:.0}", of.yuan),
                share(of.recall_1),
                share(of.recall_2),
                share(of.yuan_recall_2),
                share(of.recall_q05),
                of.coverage
                    .map_or_else(String::new, |c| format!("{} / {}", share(c), of.intervals)),
            ]);
        }
        table.write(page);
    }
}

fn discoveries(page: &mut String, name: &str, list: &[Discovery], lang: Lang) {
    let heads = match lang {
        Lang::Zh => [name, "村年", "误列", "误列比例", "查出"],
        Lang::En => [name, "village-years", "wrong", "false share", "recall"],
    };
    let mut table = Table::new(heads);
    for at in list {
        let (leads, wrong) = (at.leads.to_string(), at.wrong.to_string());
        let q = format!("≤ {:.2}", at.q);
        table.row([q, leads, wrong, share(at.proportion), share(at.recall)]);
    }
    table.write(page);
}

fn share(value: f64) -> String {
    format!("{value:.3}")
}

/// A table whose first column is flush left and whose others are flush right.
struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    fn new(heads: [&str; N]) -> Self {
        Self { rows: vec![heads.map(str::to_owned)] }
    }

    fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    /// Nothing for a table without rows.
    fn write(&self, page: &mut String) {
        if self.rows.len() < 2 {
            return;
        }
        page.push('\n');
        let width = |column: usize| self.rows.iter().map(|r| r[column].width()).max().unwrap_or(0);
        let widths: [usize; N] = std::array::from_fn(width);
        for row in &self.rows {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let gap = " ".repeat(widths[column] - cell.width());
                if column == 0 {
                    line.push_str(cell);
                    line.push_str(&gap);
                } else {
                    line.push_str("  ");
                    line.push_str(&gap);
                    line.push_str(cell);
                }
            }
            page.push_str(line.trim_end());
            page.push('\n');
        }
    }
}
