//! Slips of the pen: errors in the files that are nobody's scheme.

use crate::province::options::ProvinceOptions;
use crate::province::row::{Row, fen};
use crate::province::truth::Honest;
use crate::province::village::Village;
use crate::stream::{Stream, nearest};

/// Chance of a row to be ten times too large or small, to have two digits swapped, or to have no area.
const ROW: [f64; 3] = [0.000_3, 0.000_3, 0.000_5];
/// Chance of a village's list of a programme and year to be in hectares.
const HECTARES: f64 = 0.004;
/// Chance of a village and year to hold rows of the next village.
const WRONG_VILLAGE: f64 = 0.008;

/// Writes every row's area as filed, slips included; tells which there were.
pub(crate) fn slip(options: &ProvinceOptions, villages: &mut [Village]) -> Vec<Honest> {
    let mut told = Vec::new();
    for village in villages {
        for (year, rows) in village.rows.iter_mut().enumerate() {
            for row in rows.iter_mut() {
                row.filed = Some(row.area * 100);
            }
            if options.classic() {
                continue;
            }
            // A stream of its own for each year, so that rows planted in one year leave the others as they are.
            let place = format!("{}/{year}", village.code);
            let mut stream = Stream::new(options.seed, "province-slips", &place);
            let mut kinds = of_rows(&mut stream, rows);
            if hectares(&mut stream, rows) {
                kinds.push("hectare_list");
            }
            told.extend(kinds.into_iter().map(|kind| Honest::village(kind, &village.code, year)));
        }
    }
    told
}

fn of_rows(stream: &mut Stream, rows: &mut [Row]) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for row in rows {
        let drawn = stream.uniform();
        if drawn < ROW[0] {
            let up = stream.chance(0.6);
            let area = if up { row.area * 10 } else { row.area / 10 };
            // Mostly the money is right and the area is not; now and then the clerk's sheet computed from it.
            if stream.chance(0.15) {
                row.amount = fen(area, row.rate);
            }
            row.filed = Some(if up { area * 100 } else { row.area * 10 });
            kinds.push("tenfold");
        } else if drawn < ROW[0] + ROW[1] {
            if let Some(area) = swapped(row.area) {
                row.filed = Some(area * 100);
                kinds.push("swapped_digits");
            }
        } else if drawn < ROW[0] + ROW[1] + ROW[2] && row.amount > 0 {
            row.filed = None;
            kinds.push("missing_area");
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The first two digits changed about, where that changes anything.
fn swapped(area: i64) -> Option<i64> {
    let mut digits: Vec<char> = area.to_string().chars().collect();
    if digits.len() < 3 || digits[0] == digits[1] || digits[1] == '0' {
        return None;
    }
    digits.swap(0, 1);
    digits.iter().collect::<String>().parse().ok()
}

fn hectares(stream: &mut Stream, rows: &mut [Row]) -> bool {
    let mut any = false;
    let mut programmes: Vec<&'static str> = rows.iter().map(|r| r.programme).collect();
    programmes.sort_unstable();
    programmes.dedup();
    for programme in programmes {
        if stream.chance(HECTARES) {
            any = true;
            for row in rows.iter_mut().filter(|r| r.programme == programme) {
                row.filed = row.filed.map(|raw| nearest(raw as f64 / 15.0));
            }
        }
    }
    any
}

/// One to three rows of a village are entered in its neighbour as well, once.
pub(crate) fn wrong_villages(options: &ProvinceOptions, villages: &mut [Village]) -> Vec<Honest> {
    let mut told = Vec::new();
    if options.classic() {
        return told;
    }
    for at in 1..villages.len() {
        let (before, after) = villages.split_at_mut(at);
        let (Some(home), Some(away)) = (before.last(), after.first_mut()) else { continue };
        let mut stream = home.stream(options.seed, "province-wrong-village");
        for (year, (there, rows)) in home.rows.iter().zip(&mut away.rows).enumerate() {
            let count = stream.whole(1, 3);
            if !stream.chance(WRONG_VILLAGE) {
                continue;
            }
            let planted: Vec<&Row> = there.iter().filter(|r| r.kind.is_some()).collect();
            for i in stream.choose(planted.len(), count) {
                rows.push(Row { person: None, ..planted[i].clone() });
            }
            told.push(Honest::village("wrong_village", &away.code, year));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_swap_only_where_it_shows() {
        assert_eq!(swapped(1234), Some(2134));
        assert_eq!(swapped(330), None);
        assert_eq!(swapped(305), None);
        assert_eq!(swapped(45), None);
    }
}
