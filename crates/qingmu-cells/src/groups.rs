//! Village groups as offices write them: 1, 1组, 一组, 第十二组, 2大队.

use crate::text::half_width;

/// Words behind a group's number, longest first.
const ENDINGS: [&str; 9] = ["村民小组", "生产队", "小组", "大队", "组", "队", "社", "屯", "号"];

/// The number of a group; `None` for anything that is none.
#[must_use]
pub fn group_number(text: &str) -> Option<i16> {
    let text: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.strip_prefix('第').unwrap_or(&text);
    let text = ENDINGS.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let text = text.strip_suffix(".0").unwrap_or(text);
    let number =
        if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { chinese(text) };
    number.filter(|n| (1..=999).contains(n))
}

/// `雒仵村三组` taken apart: the village and the group's number.
#[must_use]
pub fn village_and_group(text: &str) -> Option<(&str, i16)> {
    let at = text.rfind(['村', '区']).map(|n| n + '村'.len_utf8())?;
    let (village, group) = text.split_at(at);
    Some((village, group_number(group)?))
}

/// 一 to 九百九十九.
fn chinese(text: &str) -> Option<i16> {
    let digit = |c: char| {
        let place = "零一二三四五六七八九".chars().position(|d| d == c);
        if c == '两' { Some(2) } else { place.and_then(|n| i16::try_from(n).ok()) }
    };
    let (mut total, mut current, mut any) = (0_i16, 0_i16, false);
    for c in text.chars() {
        any = true;
        let unit = match c {
            '十' => 10,
            '百' => 100,
            c => {
                let value = digit(c)?;
                if current != 0 {
                    return None;
                }
                current = value;
                continue;
            }
        };
        if total != 0 && unit == 100 {
            return None;
        }
        total = total.checked_add(current.max(1).checked_mul(unit)?)?;
        current = 0;
    }
    any.then_some(total + current)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_groups() {
        for (text, number) in [
            ("1", 1),
            ("１组", 1),
            ("一组", 1),
            ("第三组", 3),
            ("十组", 10),
            ("十二组", 12),
            ("二十组", 20),
            ("二十一村民小组", 21),
            ("2大队", 2),
            ("三队", 3),
            ("一百零五组", 105),
            ("4 社", 4),
            ("7.0", 7),
            ("两组", 2),
        ] {
            assert_eq!(group_number(text), Some(number), "{text}");
        }
        for text in ["", "组", "东头组", "0", "1000", "一二组", "百百", "十百", "-1", "1.5", "第"]
        {
            assert_eq!(group_number(text), None, "{text}");
        }
    }

    #[test]
    fn village_and_group_in_one_cell() {
        assert_eq!(village_and_group("东沟村三组"), Some(("东沟村", 3)));
        assert_eq!(village_and_group("东沟社区第2组"), Some(("东沟社区", 2)));
        assert_eq!(village_and_group("东沟村"), None);
        assert_eq!(village_and_group("三组"), None);
    }
}
