//! The published example, and blocks planted in noise.
#![allow(
    clippy::print_stdout,
    clippy::float_cmp,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "published figures are compared as printed; a skipped test says so"
)]

use super::*;
use std::path::PathBuf;

#[test]
fn the_example_of_the_paper_gives_its_block() {
    let root = std::env::var_os("QINGMU_REFERENCE_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(root.join("reference/fraudar/example.txt")) else {
        println!("skipped: reference data not present");
        return;
    };
    let edges: Vec<(u32, u32)> = text
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().filter_map(|x| x.parse().ok());
            Some((numbers.next()?, numbers.next()?))
        })
        .collect();
    assert_eq!(edges.len(), 899);
    let block: Vec<u32> = (0..20).collect();
    for (weight, density) in [
        (ColumnWeight::One, "10.000000000"),
        (ColumnWeight::Root, "1.939368911"),
        (ColumnWeight::Log, "3.049029363"),
    ] {
        let found = densest_block(&edges, &[], weight).ok().flatten();
        let shown = found.map(|b| (b.rows, b.columns, format!("{:.9}", b.density)));
        assert_eq!(shown, Some((block.clone(), block.clone(), density.to_owned())));
    }
    let p = block_significance(&edges, &[], ColumnWeight::Log, 99, 1).ok().flatten();
    assert!(p.is_some_and(|p| p < 1e-6), "{p:?}");
}

/// Thin noise: every row on three columns at random.
fn noise() -> Vec<(u32, u32)> {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let ends = (0..180).map(|i| (i / 3, random.random_range(0..41)));
    ends.collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn chance_alone_is_not_significant_and_suspicion_moves_the_block() {
    let edges = noise();
    let p = block_significance(&edges, &[], ColumnWeight::Log, 99, 1).ok().flatten();
    assert!(p.is_some_and(|p| p > 0.01), "{p:?}");
    let mut suspicion = vec![0.0; 60];
    suspicion[17] = 9.0;
    let block = densest_block(&edges, &suspicion, ColumnWeight::One).ok().flatten();
    assert_eq!(block.map(|b| b.rows), Some(vec![17]), "a row this suspect is a block alone");
}

#[test]
fn rewiring_keeps_every_degree() {
    let edges = noise();
    let degrees = |edges: &[(u32, u32)]| {
        let mut ends: Vec<u32> = edges.iter().flat_map(|(r, c)| [*r, 1000 + *c]).collect();
        ends.sort_unstable();
        ends
    };
    let rewired = rewire(&edges, 1, 5);
    assert_eq!(degrees(&rewired), degrees(&edges));
    assert_ne!(rewired.iter().collect::<BTreeSet<_>>(), edges.iter().collect::<BTreeSet<_>>());
}

#[test]
fn edges_without_a_graph_give_nothing() {
    assert_eq!(densest_block(&[], &[], ColumnWeight::Log), Ok(None));
    let wrong = densest_block(&[(0, 0)], &[f64::NAN], ColumnWeight::Log);
    assert_eq!(
        wrong.map_err(|e| e.to_string()),
        Err("row 0: a suspicion is not a finite number in range".to_owned())
    );
    let one = densest_block(&[(3, 9), (3, 9)], &[], ColumnWeight::One).ok().flatten();
    assert_eq!(one, Some(Block { rows: vec![3], columns: vec![9], density: 0.5, edges: 1 }));
}
