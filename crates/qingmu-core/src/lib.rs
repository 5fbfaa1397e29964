//! The columnar scan: claims and baselines to exact views, parallel, in bounded memory.

mod view;

pub use view::{Column, ColumnType, Data, View, ViewName};
