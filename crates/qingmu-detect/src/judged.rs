//! Verdicts on honest explanations, from figures alone: what the data say, and whether that explains the excess.

use qingmu_model::{Bilingual, Tested};

/// Share of the excess that land of another register must bear to explain it.
pub(crate) const COVERS: f64 = 0.8;
/// How near to a factor of units a village's claims must stand: 12 %, on the logarithmic scale.
const UNIT_SLIP: f64 = 0.12;
/// Factors of a unit slip upwards: hectares counted as mu twice over, and one digit too many.
const UNIT_FACTORS: [f64; 2] = [15.0, 10.0];
/// Slack of a village's step against its county's.
const STEP: f64 = 0.02;

pub(crate) fn told(
    name: &str,
    text: (&str, &str),
    found: Bilingual,
    clears: Option<bool>,
) -> Tested {
    let text = Bilingual::new(text.0, text.1);
    Tested { name: name.to_owned(), text, found, clears }
}

fn covers(holds: bool) -> (&'static str, &'static str) {
    if holds { ("可以解释", "covers it") } else { ("不足以解释", "does not cover it") }
}

/// The lead rests on rows: how much land there is does not matter.
fn rows_only(name: &str, text: (&str, &str)) -> Tested {
    let say = Bilingual::new(
        "线索来自具体的行，与耕地总量无关",
        "the lead rests on rows, not on how much land there is",
    );
    told(name, text, say, Some(false))
}

/// A ratio before and after.
pub(crate) type Ratio = (f64, f64);

/// The county's own step (a re-survey, another basis) is taken out of every village alike; a village that rose no more
/// than its county has nothing left to explain.
pub(crate) fn county_step(
    (from, to): (i16, i16),
    county: Option<Ratio>,
    own: Option<Ratio>,
    by_rows: bool,
) -> Tested {
    let text =
        ("全县重新核定面积或改变口径", "the county re-surveyed its land or changed the basis");
    let Some((first, last)) = county else {
        let none = Bilingual::new("没有可比的年份或来源", "no year or source to compare with");
        return told("county_resurvey", text, none, None);
    };
    let rise = |(before, after): Ratio| if before > 0.0 { after / before } else { f64::INFINITY };
    let holds = !by_rows
        && own.is_some_and(|own| last > first && rise(own) <= rise((first, last)) * (1.0 + STEP));
    let (own_zh, own_en) = own.map_or_else(Default::default, |(a, b)| {
        (format!("，本村 {a:.3}、{b:.3}"), format!(", the village's {a:.3} and {b:.3}"))
    });
    let (zh, en) = if holds {
        ("本村的上升不超过全县", "the village rose no more than its county")
    } else {
        ("各村已同样扣除，扣除后仍超出", "taken out of every village, and the excess remains")
    };
    let say = Bilingual::new(
        format!("全县申报与来源之比的中位数 {from} 年 {first:.3}、{to} 年 {last:.3}{own_zh}；{zh}"),
        format!(
            "median ratio of claims to sources in the county: {first:.3} in {from}, {last:.3} in {to}{own_en}; {en}"
        ),
    );
    told("county_resurvey", text, say, Some(holds))
}

/// Land that a register or survey gained over the same years.
pub(crate) fn reclamation(gain: Option<f64>, excess: Option<f64>, by_rows: bool) -> Tested {
    let text = ("复垦、整治新增耕地", "reclaimed or consolidated land");
    if by_rows {
        return rows_only("reclamation", text);
    }
    let Some((gain, excess)) = gain.zip(excess) else {
        let none = Bilingual::new(
            "没有独立来源的历年耕地面积",
            "no independent source gives the land by year",
        );
        return told("reclamation", text, none, None);
    };
    let holds = gain >= COVERS * excess;
    let (zh, en) = covers(holds);
    let say = Bilingual::new(
        format!("独立来源的耕地同期变化 {gain:+.1} 亩，超出部分 {excess:.1} 亩：{zh}"),
        format!(
            "land by an independent source changed by {gain:+.1} mu, the excess is {excess:.1} mu: {en}"
        ),
    );
    told("reclamation", text, say, Some(holds))
}

/// What the table of code changes and the other villages say of a merger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Merged {
    /// Its code came out of others in a year; whether part of what those claimed before is missing, and the excess
    /// starts then.
    Made {
        /// Year.
        year: i16,
        /// Earlier claims are missing.
        torn: bool,
    },
    /// The table does not name it.
    NotNamed,
    /// There is no table.
    NoTable,
}

/// A village of the same town whose claims end where the excess begins: code, year, and its area.
pub(crate) type Vanished = (String, i16, f64);

pub(crate) fn merger(merged: &Merged, vanished: Option<&Vanished>) -> Tested {
    let text = ("村组合并、拆分或代码变更", "villages merged, split or were given new codes");
    if let (Some((code, year, mu)), Merged::NotNamed | Merged::NoTable) = (vanished, merged) {
        let say = Bilingual::new(
            format!(
                "同镇 {code} 村从 {year} 年起不再申报，此前约 {mu:.1} 亩，足以解释；疑为并村而区划变更表未载"
            ),
            format!(
                "{code} of the same town claims nothing from {year} on and claimed about {mu:.1} mu before, which covers it; it seems to be merged without an entry in the table of code changes"
            ),
        );
        return told("merger", text, say, Some(true));
    }
    let (zh, en, clears) = match merged {
        Merged::Made { year, torn: true } => (
            format!("{year} 年代码变更，并入的村此前的申报不在数据里，增加只是表面的"),
            format!(
                "the code changed in {year} and earlier claims of a merged village are not in the data: it only seems to have grown"
            ),
            Some(true),
        ),
        Merged::Made { year, torn: false } => (
            format!("{year} 年代码变更，此前的申报和基线已按区划变更表并入，仍超出"),
            format!(
                "the code changed in {year}; earlier claims and baselines were booked on the new one, and the excess remains"
            ),
            Some(false),
        ),
        Merged::NotNamed => (
            "区划变更表中没有该村，同镇也没有同时消失的村".to_owned(),
            "the table of code changes does not name the village, and no village of the town vanished then".to_owned(),
            Some(false),
        ),
        Merged::NoTable => (
            "没有区划变更表，同镇没有同时消失的村，无法进一步检验".to_owned(),
            "there is no table of code changes to test it with, and no village of the town vanished then".to_owned(),
            None,
        ),
    };
    told("merger", text, Bilingual::new(zh, en), clears)
}

/// A whole village off by the factor between two units.
pub(crate) fn unit_slip(ratio: Option<f64>, by_rows: bool) -> Tested {
    let text = ("单位或位数填错", "a slip of units or digits");
    let Some(ratio) = ratio else {
        let none = Bilingual::new("没有可比的来源", "no source to compare with");
        return told("unit_slip", text, none, None);
    };
    let near = |factor: &f64| (ratio / factor).ln().abs() < UNIT_SLIP;
    let holds = !by_rows && UNIT_FACTORS.iter().any(near);
    let (zh, en) = if holds {
        (
            "接近单位或位数之差，先按数据差错核对",
            "near the factor of a unit or a digit: check it as a data error first",
        )
    } else {
        ("不是单位或位数之差", "no factor of a unit or a digit")
    };
    let say = Bilingual::new(
        format!("申报为来源所示的 {ratio:.2} 倍：{zh}"),
        format!("claims are {ratio:.2} times what the sources let expect: {en}"),
    );
    told("unit_slip", text, say, Some(holds))
}

/// Land leased in from other villages; `leased` is what the register gained over the same years, `None` without one.
pub(crate) fn transfers(leased: Option<f64>, excess: Option<f64>, by_rows: bool) -> Tested {
    let text = ("流转进来的外村土地", "land leased in from other villages");
    if by_rows {
        return rows_only("transfers", text);
    }
    let Some((leased, excess)) = leased.zip(excess) else {
        let none =
            Bilingual::new("没有流转表，无法检验", "there is no table of leases to test it with");
        return told("transfers", text, none, None);
    };
    let holds = leased >= COVERS * excess;
    let (zh, en) = covers(holds);
    let say = Bilingual::new(
        format!("登记从外村人流入的土地同期变化 {leased:+.1} 亩，超出部分 {excess:.1} 亩：{zh}"),
        format!(
            "land leased in from people of other villages changed by {leased:+.1} mu, the excess is {excess:.1} mu: {en}"
        ),
    );
    told("transfers", text, say, Some(holds))
}

/// Land divided per head inside groups; `equal` as the rows show, `None` where they name no groups.
pub(crate) fn equal_allotment(equal: Option<bool>) -> Tested {
    let text = ("组内按人均分地", "land allotted equally per head inside a group");
    let say = match equal {
        Some(true) => Bilingual::new(
            "相同的面积按组重复，是均分的样子",
            "equal areas repeat group by group, as equal allotment does",
        ),
        Some(false) => Bilingual::new(
            "相同的增加跨组出现，承包面积没有同步变化",
            "the same addition runs across groups, and the contracts did not change with it",
        ),
        None => Bilingual::new("没有分组信息", "the rows name no groups"),
    };
    told("equal_allotment", text, say, equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict, after checking that both languages speak.
    fn clears(tested: &Tested) -> Option<bool> {
        assert!(!tested.found.zh.is_empty() && !tested.found.en.is_empty(), "{tested:?}");
        tested.clears
    }

    #[test]
    fn a_county_step_clears_what_rose_no_more_than_the_county() {
        let years = (2020, 2023);
        let judge = |county, own, rows| clears(&county_step(years, county, own, rows));
        let county = Some((1.0, 1.10));
        assert_eq!(judge(county, Some((0.98, 1.08)), false), Some(true));
        assert_eq!(judge(county, Some((0.98, 1.25)), false), Some(false));
        assert_eq!(judge(county, Some((0.98, 1.08)), true), Some(false), "rows are no total");
        assert_eq!(judge(Some((1.1, 1.0)), Some((1.0, 0.9)), false), Some(false), "no rise");
        assert_eq!(judge(county, None, false), Some(false));
        assert_eq!(judge(None, Some((1.0, 1.3)), false), None);
    }

    #[test]
    fn land_that_an_independent_source_gained_clears_what_it_covers() {
        let judge = |gain, excess| clears(&reclamation(gain, excess, false));
        assert_eq!(judge(Some(85.0), Some(100.0)), Some(true));
        assert_eq!(judge(Some(75.0), Some(100.0)), Some(false));
        assert_eq!(judge(None, Some(100.0)), None);
        assert_eq!(clears(&reclamation(Some(500.0), Some(100.0), true)), Some(false));
    }

    #[test]
    fn a_merger_clears_where_the_record_is_torn_and_not_where_it_was_joined() {
        let made = |torn| Merged::Made { year: 2022, torn };
        assert_eq!(clears(&merger(&made(true), None)), Some(true));
        assert_eq!(clears(&merger(&made(false), None)), Some(false));
        assert_eq!(clears(&merger(&Merged::NotNamed, None)), Some(false));
        assert_eq!(clears(&merger(&Merged::NoTable, None)), None);
        let gone = ("990001001002".to_owned(), 2022, 310.0);
        assert_eq!(clears(&merger(&Merged::NoTable, Some(&gone))), Some(true));
        assert_eq!(clears(&merger(&Merged::NotNamed, Some(&gone))), Some(true));
        assert_eq!(clears(&merger(&made(false), Some(&gone))), Some(false), "booked already");
    }

    #[test]
    fn a_factor_of_units_clears_and_another_factor_does_not() {
        for (ratio, verdict) in [(14.6, true), (10.3, true), (1.3, false), (12.2, false)] {
            assert_eq!(clears(&unit_slip(Some(ratio), false)), Some(verdict), "{ratio}");
        }
        assert_eq!(clears(&unit_slip(Some(15.0), true)), Some(false));
        assert_eq!(clears(&unit_slip(None, false)), None);
    }

    #[test]
    fn leases_clear_what_they_cover() {
        assert_eq!(clears(&transfers(Some(90.0), Some(100.0), false)), Some(true));
        assert_eq!(clears(&transfers(Some(-20.0), Some(100.0), false)), Some(false));
        assert_eq!(clears(&transfers(None, Some(100.0), false)), None);
        assert_eq!(clears(&transfers(Some(90.0), Some(100.0), true)), Some(false));
    }

    #[test]
    fn equal_allotment_clears_inside_groups_alone() {
        assert_eq!(clears(&equal_allotment(Some(true))), Some(true));
        assert_eq!(clears(&equal_allotment(Some(false))), Some(false));
        assert_eq!(clears(&equal_allotment(None)), None);
    }
}
