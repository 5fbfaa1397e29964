//! Several tables one below the other on one sheet: each one's title says whose rows they are.

use super::*;
use crate::structure::SkipReason;

const HEAD: &str = "姓名,身份证号,补贴面积,补贴金额";
const ROW: &str = "甲某,610423197001011206,1,70";

/// A sheet whose second table has this title.
fn second(title: &str) -> Interpreted {
    read(&format!(
        "甲山镇东沟村2024年耕地地力保护补贴公示表\n单位：亩、元\n{HEAD}\n{ROW}\n合计,,1,70\n制表人：乙某\n\
         东沟村村民委员会\n{title}\n{HEAD}\n{ROW}\n合计,,1,70\n审核人：乙某"
    ))
}

fn villages(title: &str) -> (Vec<String>, Vec<String>) {
    let read = second(title);
    (table(&read, &["village_code", "year"]), rejects(&read))
}

const EAST: &str = "990101101201 2024";
const SOUTH: &str = "990101101202 2024";

#[test]
fn each_table_has_the_village_of_its_own_title() {
    let none: Vec<String> = Vec::new();
    for (title, village) in [
        ("甲山镇南庄村2024年耕地地力保护补贴公示表", SOUTH),
        ("甲山镇南庄村2024年耕地地力保护补贴公示表\n单位：亩、元", SOUTH),
        ("南庄村\n2024年耕地地力保护补贴公示表", SOUTH),
        ("南庄村补贴公示表（第2页）", SOUTH),
        // A new page of the same table.
        ("甲山镇东沟村2024年耕地地力保护补贴公示表", EAST),
        ("单位：亩、元", EAST),
    ] {
        assert_eq!(
            villages(title),
            (vec![EAST.to_owned(), village.to_owned()], none.clone()),
            "{title}"
        );
    }
    let read = second("甲山镇南庄村2024年耕地地力保护补贴公示表\n单位：亩、元");
    assert_eq!(
        read.skipped.get(&SkipReason::Heading),
        Some(&2),
        "a line of units names no village"
    );
}

#[test]
fn rows_below_a_title_that_leaves_them_open_wait() {
    for (title, code) in [
        ("甲山镇西坡村2024年耕地地力保护补贴公示表", "unknown_village"),
        ("2024年耕地地力保护补贴公示表", "missing_value"),
        ("甲山镇南庄村2023年耕地地力保护补贴公示表", "out_of_place"),
        ("南庄村2024年实际种粮农民一次性补贴公示表", "out_of_place"),
        ("甲山镇南庄村2024年公示表\n单位：公顷、元", "out_of_place"),
    ] {
        let (kept, waiting) = villages(title);
        let row = 9 + title.lines().count();
        assert_eq!(
            (kept, waiting),
            (vec![EAST.to_owned()], vec![format!("{row}  {code}")]),
            "{title}"
        );
    }
}

#[test]
fn the_first_village_comes_back_with_its_title() {
    let title = "甲山镇东沟村2024年耕地地力保护补贴公示表";
    let other = "甲山镇南庄村2024年耕地地力保护补贴公示表";
    let block = |title: &str| format!("{title}\n{HEAD}\n{ROW}\n制表人：乙某\n\n");
    let heads = HEAD.replace("面积", "面积（亩）").replace("金额", "金额（元）");
    let text = [title, other, title].map(block).concat().replace(HEAD, &heads);
    assert_eq!(table(&read(&text), &["village_code", "year"]), [EAST, SOUTH, EAST]);
}

#[test]
fn a_further_title_without_a_header_ends_the_village_all_the_same() {
    let title = "甲山镇南庄村2024年耕地地力保护补贴公示表";
    let head = "姓名,身份证号,补贴面积（亩）,补贴金额（元）";
    let first = "甲山镇东沟村2024年耕地地力保护补贴公示表";
    let read = read(&format!("{first}\n{head}\n{ROW}\n制表人：乙某\n{title}\n{ROW}"));
    assert_eq!(table(&read, &["village_code", "year"]), [EAST, SOUTH]);
}
