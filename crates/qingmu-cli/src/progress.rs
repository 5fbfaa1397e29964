//! A bar of rows read, drawn on a terminal only.

use crate::ui::Ui;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use qingmu_core::Progress;

/// Counts rows; hidden when stderr is no terminal or `--quiet` is given.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar of unknown length.
    pub(crate) fn new(ui: Ui) -> Self {
        let target =
            if ui.draws() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let template = ui.pick(
            "{wide_bar} {human_pos}/{human_len} 行 剩 {eta}",
            "{wide_bar} {human_pos}/{human_len} rows, {eta} left",
        );
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn advance(&self, rows: u64) {
        self.0.inc(rows);
    }

    fn total(&self, rows: u64) {
        self.0.set_length(rows);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
