//! The `qingmu` command.
fn main() {}
