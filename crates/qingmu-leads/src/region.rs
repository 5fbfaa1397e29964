//! The smallest region that holds a set of villages.

use qingmu_model::RegionLevels;

/// Code of the smallest region, at a level of `levels`, that holds all `villages`; empty where even the widest
/// level parts them.
pub(crate) fn common(villages: &[&str], levels: &RegionLevels) -> String {
    let Some((first, rest)) = villages.split_first() else { return String::new() };
    if rest.iter().all(|code| code == first) {
        return (*first).to_owned();
    }
    let shared = rest.iter().map(|code| same_bytes(first, code)).min().unwrap_or(0);
    let width = levels
        .levels
        .iter()
        .scan(0, |width, level| {
            *width += level.digits;
            Some(*width)
        })
        .take_while(|width| *width <= shared)
        .last();
    width.and_then(|w| first.get(..w)).unwrap_or_default().to_owned()
}

fn same_bytes(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_end_at_levels_not_inside_them() {
        let china = RegionLevels::china();
        for (villages, region) in [
            (&["610423113215"][..], "610423113215"),
            (&["610423113215", "610423113215"], "610423113215"),
            // The codes agree in 11 digits, but a village is no region of another.
            (&["610423113215", "610423113216"], "610423113"),
            (&["610423113215", "610423114215"], "610423"),
            (&["610423113215", "610499114215"], "6104"),
            (&["610423113215", "620499114215"], ""),
            (&[], ""),
        ] {
            assert_eq!(common(villages, &china), region, "{villages:?}");
        }
        assert_eq!(common(&["01001", "01003"], &RegionLevels::us_fips()), "01");
    }
}
