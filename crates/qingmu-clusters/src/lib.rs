//! Where counts gather on the map, who shares accounts too densely, and which group of villages stands apart.
//!
//! Slices in, numbers out: no I/O, no words of the domain. What is random follows from a seed and is the same on any
//! number of threads.

mod dense;
mod error;
mod group;
mod neighbours;
mod nested;
mod relation;
mod scan;

pub use dense::{Block, ColumnWeight, block_significance, densest_block};
pub use error::ClusterError;
pub use group::{Change, GroupEffect, change_of_post, group_effects};
pub use neighbours::{Point, nearest};
pub use nested::{NestedError, nested_error, nested_error_robust};
pub use relation::{RelationBlock, relation_blocks, relation_significance};
pub use scan::{Cluster, ScanOptions, kulldorff_llr, poisson_scan};
