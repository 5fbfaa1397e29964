//! Invented villages.

use std::fmt::Write as _;

/// A village of the list that names are resolved against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Code.
    pub code: &'static str,
    /// Name as the list has it.
    pub name: &'static str,
    /// Town.
    pub town: &'static str,
}

/// The town that most files are about.
pub const TOWN: &str = "甲山镇";

const fn place(code: &'static str, name: &'static str, town: &'static str) -> Place {
    Place { code, name, town }
}

/// All villages. 东沟 stands in two towns and twice in one, 北原 is two villages of one name.
pub const PLACES: [Place; 14] = [
    place("990101101201", "东沟村委会", "甲山镇"),
    place("990101101202", "南庄村委会", "甲山镇"),
    place("990101101203", "西坡村民委员会", "甲山镇"),
    place("990101101204", "甘井村村委会", "甲山镇"),
    place("990101101205", "高村委会", "甲山镇"),
    place("990101101206", "石桥村委会", "甲山镇"),
    place("990101101001", "柳林社区居委会", "甲山镇"),
    place("990101101002", "东沟社区居民委员会", "甲山镇"),
    place("990101102201", "东沟村委会", "乙水乡"),
    place("990101102202", "河湾村委会", "乙水乡"),
    place("990101102203", "北原村委会", "乙水乡"),
    place("990101102204", "北原村委会", "乙水乡"),
    place("990101102205", "李家石桥村委会", "乙水乡"),
    place("990101102206", "枣林村委会", "乙水乡"),
];

/// The list as a CSV file in UTF-8.
#[must_use]
pub fn villages_csv() -> String {
    let mut text = String::from("village_code,name,town_name\n");
    for Place { code, name, town } in PLACES {
        let _ = writeln!(text, "{code},{name},{town}");
    }
    text
}
