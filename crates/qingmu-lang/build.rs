//! The rules are built into the program: build again when one is added, changed or taken away.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=../../rules");
}
