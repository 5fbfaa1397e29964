//! Small charts in plain text: the same width on every terminal and in every editor.

/// Widest bar.
const WIDTH: f64 = 32.0;

/// Columns for `value` where `most` fills the bar.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and WIDTH")]
fn columns(value: f64, most: f64) -> usize {
    if most <= 0.0 { 0 } else { (WIDTH * (value / most).clamp(0.0, 1.0)).round() as usize }
}

/// Claims against what a source lets expect: `=` borne by it, `#` beyond it, `.` short of it, `|` the upper end of its
/// 90 % range.
pub(crate) fn against(claimed: f64, expected: f64, upper: f64, most: f64) -> String {
    let (claimed, expected, upper) =
        (columns(claimed, most), columns(expected, most), columns(upper, most));
    let cell = |at: usize| match () {
        () if at < claimed.min(expected) => '=',
        () if at < claimed => '#',
        () if at < expected => '.',
        () => ' ',
    };
    let length = claimed.max(expected).max(upper + 1);
    let mut bar: Vec<char> = (0..length).map(cell).collect();
    if let Some(place) = bar.get_mut(upper) {
        *place = '|';
    }
    bar.into_iter().collect::<String>().trim_end().to_owned()
}

/// A share of one, as a bar of `#`; what is not nothing has at least one.
pub(crate) fn share(value: f64) -> String {
    let filled = columns(value / 1.6, 1.0);
    "#".repeat(if value > 0.0 { filled.max(1) } else { filled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_shows_what_is_borne_what_is_beyond_and_where_the_range_ends() {
        assert_eq!(against(32.0, 24.0, 28.0, 32.0), "========================####|###");
        assert_eq!(against(16.0, 24.0, 28.0, 32.0), "================........    |");
        assert_eq!(against(0.0, 0.0, 0.0, 0.0), "|");
        assert_eq!(against(64.0, 0.0, 0.0, 32.0).len(), 32, "never wider than the bar");
    }

    #[test]
    fn shares_are_bars_of_twenty_at_most() {
        assert_eq!((share(1.0).len(), share(0.5).len(), share(0.001).len()), (20, 10, 1));
        assert_eq!(share(0.0), "");
    }
}
