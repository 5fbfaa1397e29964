//! Rows before sums: data errors repaired for the statistics, and counted evidence in the rows.
