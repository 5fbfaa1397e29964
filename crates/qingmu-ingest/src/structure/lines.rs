//! What kind of line a row is: a record, a total, a footer, a heading once more, nothing.

use serde::Serialize;

/// Why a row is no record. Every such row is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Above the header.
    Title,
    /// The header.
    Header,
    /// The header once more, on a later page.
    RepeatedHeader,
    /// 合计, 小计, 总计.
    Total,
    /// 制表人, 审核人, 公示时间, 监督电话 and what follows them.
    Footer,
    /// Cells with nothing but blanks.
    Blank,
    /// A line that names the village, group or town of the rows below it.
    Heading,
    /// A household without area in any of the crops.
    NoClaim,
    /// A member of the household above, listed without figures.
    Member,
}
