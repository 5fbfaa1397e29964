//! Tables: aligned by display width for terminals (a Chinese character takes two columns), and in Markdown.

use unicode_width::UnicodeWidthStr;

/// Where a column's text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table with a header.
pub(crate) struct Grid {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect();
        Self { columns, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Lines of a terminal, indented by two; no blanks at their ends.
    pub(crate) fn terminal(&self) -> String {
        let header: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let rows: Vec<Vec<String>> = std::iter::once(&header)
            .chain(&self.rows)
            .map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect();
        let width = |n: usize| rows.iter().filter_map(|r| r.get(n)).map(|c| c.width()).max();
        let widths: Vec<usize> =
            (0..self.columns.len()).map(|n| width(n).unwrap_or_default()).collect();
        let mut text = String::new();
        for row in &rows {
            let mut line = String::new();
            for ((cell, width), (_, align)) in row.iter().zip(&widths).zip(&self.columns) {
                let blanks = " ".repeat(width.saturating_sub(cell.width()));
                line.push_str("  ");
                match align {
                    Align::Left => line.extend([cell.as_str(), &blanks]),
                    Align::Right => line.extend([blanks.as_str(), cell]),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// A Markdown table; cells are escaped here.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &mut dyn Iterator<Item = String>| {
            format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
        };
        let mut text = line(&mut self.columns.iter().map(|(name, _)| escaped(name)));
        text.push_str(&line(&mut self.columns.iter().map(|(_, align)| match align {
            Align::Left => "---".to_owned(),
            Align::Right => "---:".to_owned(),
        })));
        for row in &self.rows {
            text.push_str(&line(&mut row.iter().map(|cell| escaped(cell))));
        }
        text
    }
}

/// Characters that steer a terminal or turn the direction of a line are no part of a name.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text from data for a terminal: what could steer it is a blank.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if steers(c) { ' ' } else { c }).collect()
}

/// Text from data for Markdown: no mark-up, no HTML, no table cell or line of its own.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.extend(['\\', c]);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if steers(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// At most `width` columns, an ellipsis where something was cut.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        if short.width() + c.to_string().width() >= width {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        let mut grid =
            Grid::new(&[("村", Align::Left), ("面积", Align::Right), ("x", Align::Left)]);
        grid.row(vec!["小堡村".to_owned(), "5".to_owned(), "a".to_owned()]);
        grid.row(vec!["An'wu".to_owned(), "1,000".to_owned(), String::new()]);
        assert_eq!(grid.terminal(), "  村       面积  x\n  小堡村      5  a\n  An'wu   1,000\n");
    }

    #[test]
    fn data_cannot_steer_a_terminal_or_a_page() {
        assert_eq!(plain("a\u{1b}[31mb\nc\u{202e}d"), "a [31mb c d");
        assert_eq!(
            escaped("a|b\nc <script>*x* [l](u) `q` \\ # ! ~ & _ $"),
            "a\\|b c &lt;script&gt;\\*x\\* \\[l\\](u) \\`q\\` \\\\ \\# \\! \\~ &amp; \\_ \\$"
        );
        let mut grid = Grid::new(&[("n", Align::Left), ("v", Align::Right)]);
        grid.row(vec!["a|b".to_owned(), "1".to_owned()]);
        assert_eq!(grid.markdown(), "| n | v |\n| --- | ---: |\n| a\\|b | 1 |\n");
    }

    #[test]
    fn long_names_are_cut_by_width() {
        assert_eq!(cut("小堡村", 6), "小堡村");
        assert_eq!(cut("小堡村民委员会", 7), "小堡村…");
        assert_eq!(cut("小堡村民委员会", 6), "小堡…");
    }
}
