//! What a county, its towns and its sources are like: nuisance parameters, drawn wide where nobody knows them.

use crate::elementary::exp;
use crate::province::options::{ProvinceOptions, Setting};
use crate::stream::Stream;
use qingmu_model::Season;

/// A crop that a programme pays for.
#[derive(Debug, Clone)]
pub(crate) struct Crop {
    /// Crop.
    pub(crate) name: &'static str,
    /// Its harvest.
    pub(crate) season: Season,
    /// Programme that pays for it.
    pub(crate) programme: &'static str,
    /// Fen per mu, year by year.
    pub(crate) rate: Vec<i64>,
    /// Mean share of the village's grain land in its season.
    pub(crate) share: f64,
    /// Share of villages that grow it.
    pub(crate) spread: f64,
}

/// How a source errs. All spreads in natural logarithms.
#[derive(Debug, Clone)]
pub(crate) struct SourceNature {
    /// Name.
    pub(crate) name: &'static str,
    /// Whether it is written without the village's help.
    pub(crate) independent: bool,
    /// Offset in the whole county.
    pub(crate) bias: f64,
    /// Lasting offset of a village.
    pub(crate) persistent: f64,
    /// Error of one year.
    pub(crate) transient: f64,
    /// Share of village-years without it.
    pub(crate) missing: f64,
    /// Share of last year's truth that it repeats.
    pub(crate) lag: f64,
    /// Areas are rounded to a multiple of so many mu.
    pub(crate) rounding: i64,
    /// Stated standard error over the true one; none where it states none.
    pub(crate) stated: Option<f64>,
    /// Offset of each town.
    pub(crate) town_bias: Vec<f64>,
}

/// Spreads of what farmers and clerks do, in natural logarithms.
#[derive(Debug, Clone)]
pub(crate) struct Spreads {
    /// Claims over what is sown: persistent per village, and of one year.
    pub(crate) claim: (f64, f64),
    /// Real change of planting of a village from year to year.
    pub(crate) village: f64,
    /// How much of a year's change is left in the next one.
    pub(crate) memory: f64,
    /// Share of claimants whose area changes in a quiet year.
    pub(crate) restless: f64,
}

/// One county.
#[derive(Debug, Clone)]
pub(crate) struct County {
    /// Number in the province.
    pub(crate) number: u32,
    /// 6-digit code; provinces that begin with 99 do not exist.
    pub(crate) code: String,
    /// Paid crops.
    pub(crate) crops: Vec<Crop>,
    /// Fen per mu of contracted land.
    pub(crate) land_rate: Vec<i64>,
    /// Sources of planted areas.
    pub(crate) sources: Vec<SourceNature>,
    /// Spreads.
    pub(crate) spreads: Spreads,
    /// Share of what is sown that is claimed.
    pub(crate) enrolled: f64,
    /// Logarithmic change of claims in each year, county and towns together: `[town][year]`.
    pub(crate) claim_shift: Vec<Vec<f64>>,
    /// Logarithmic level of real planting: `[town][year]`.
    pub(crate) real_shift: Vec<Vec<f64>>,
    /// Logarithmic shift of each crop with its price, `[crop][year]`.
    pub(crate) price: Vec<Vec<f64>>,
    /// Vegetable towns.
    pub(crate) vegetable: Vec<bool>,
    /// Share of people whom the register of persons lacks, by town.
    pub(crate) unregistered: Vec<f64>,
    /// Grids of areas: shares of people on halves and on tenths of a mu; the rest on hundredths.
    pub(crate) grids: (f64, f64),
    /// Whether claims on planted area name a parcel.
    pub(crate) parcels_on_grain: bool,
}

/// A path that forgets: each year adds a change and keeps `memory` of the level before.
fn path(stream: &mut Stream, years: usize, sd: f64, memory: f64) -> Vec<f64> {
    let mut level = 0.0;
    (0..years)
        .map(|_| {
            level = memory * level + sd * stream.normal();
            level
        })
        .collect()
}

impl County {
    pub(crate) fn draw(options: &ProvinceOptions, number: u32) -> Self {
        let code = format!("99{:02}{:02}", 1 + number / 10, 1 + number % 10);
        let mut stream = Stream::new(options.seed, "province-county", &code);
        let classic = options.classic();
        let years = options.years();
        let towns = options.towns as usize;
        let mut between = |low: f64, high: f64, plain: f64| {
            let drawn = stream.between(low, high);
            if classic { plain } else { drawn }
        };
        let spreads = Spreads {
            claim: (between(0.01, 0.07, 0.04), between(0.01, 0.05, 0.03)),
            village: between(0.02, 0.12, 0.10),
            memory: between(0.3, 1.0, 0.8),
            restless: between(0.1, 0.4, 0.25),
        };
        let claim_sd = (between(0.01, 0.10, 0.08), between(0.005, 0.04, 0.025));
        let real_sd = (between(0.02, 0.15, 0.12), between(0.01, 0.09, 0.08));
        let grids = (between(0.1, 0.5, 0.3), between(0.1, 0.4, 0.3));
        let gaps = between(0.0, 0.12, 0.02);
        let enrolled = stream.between(0.75, 0.98);
        let claim = path(&mut stream, years, claim_sd.0, 0.3);
        let real = path(&mut stream, years, real_sd.0, spreads.memory);
        let together = |stream: &mut Stream, shared: &[f64], sd: f64, memory: f64| {
            let own = path(stream, years, sd, memory);
            own.iter().zip(shared).map(|(own, all)| own + all).collect::<Vec<f64>>()
        };
        let mut claim_shift = Vec::with_capacity(towns);
        let mut real_shift = Vec::with_capacity(towns);
        for _ in 0..towns {
            claim_shift.push(together(&mut stream, &claim, claim_sd.1, 0.3));
            real_shift.push(together(&mut stream, &real, real_sd.1, spreads.memory));
        }
        let ring = options.setting == Setting::Ring;
        let vegetable = (0..towns).map(|t| (ring && t == 0) || stream.chance(0.12)).collect();
        let unregistered = (0..towns).map(|_| (gaps * stream.exponential(1.0)).min(0.4)).collect();
        let crops = crops(options, &mut stream);
        let price_sd = if classic { 0.0 } else { stream.between(0.0, 0.08) };
        let price = crops.iter().map(|_| path(&mut stream, years, price_sd, 0.6)).collect();
        let sources = sources(options, &mut stream);
        let land_rate = rates(&mut stream, years, (5_000, 15_000));
        let parcels_on_grain = !classic && stream.chance(0.4);
        Self {
            number,
            code,
            crops,
            land_rate,
            sources,
            spreads,
            enrolled,
            claim_shift,
            real_shift,
            price,
            vegetable,
            unregistered,
            grids,
            parcels_on_grain,
        }
    }
}

/// A rate in whole tenths of a yuan that moves a little from year to year.
fn rates(stream: &mut Stream, years: usize, (low, high): (usize, usize)) -> Vec<i64> {
    let mut rate = stream.whole(low, high) as f64;
    (0..years)
        .map(|_| {
            rate *= exp(0.06 * stream.normal());
            crate::stream::nearest(rate / 10.0) * 10
        })
        .collect()
}

fn crops(options: &ProvinceOptions, stream: &mut Stream) -> Vec<Crop> {
    let years = options.years();
    let system = if options.classic() { 0 } else { stream.below(10) };
    let mut crop = |name, season, programme, pay: (usize, usize), share: (f64, f64), spread| {
        let rate = rates(stream, years, pay);
        Crop { name, season, programme, rate, share: stream.between(share.0, share.1), spread }
    };
    let grain = (1_000, 9_000);
    let mut list = match system {
        0..=4 => vec![
            crop("wheat", Season::S, "GRAIN", grain, (0.85, 1.0), 1.0),
            crop("maize", Season::A, "GRAIN", grain, (0.75, 1.0), 1.0),
            crop("potato", Season::S, "GRAIN", grain, (0.02, 0.1), 0.3),
        ],
        5..=7 => vec![
            crop("maize", Season::A, "MAIZE_SOY", (1_500, 7_000), (0.4, 0.7), 1.0),
            crop("soybean", Season::A, "MAIZE_SOY", (20_000, 36_000), (0.2, 0.4), 0.95),
            crop("millet", Season::A, "GRAIN", grain, (0.1, 0.2), 0.8),
        ],
        _ => vec![
            crop("rice", Season::A, "RICE", (4_000, 14_000), (0.6, 0.95), 1.0),
            crop("wheat", Season::S, "GRAIN", grain, (0.3, 0.6), 0.95),
        ],
    };
    // One rate for all crops of the general grain programme: it pays for grain, not for a crop.
    let general = list.iter().find(|c| c.programme == "GRAIN").map(|c| c.rate.clone());
    for crop in list.iter_mut().filter(|c| c.programme == "GRAIN") {
        crop.rate = general.clone().unwrap_or_default();
    }
    if options.classic() {
        list.truncate(2);
    }
    list
}

fn sources(options: &ProvinceOptions, stream: &mut Stream) -> Vec<SourceNature> {
    let classic = options.classic();
    let towns = options.towns as usize;
    let kinds = [
        ("stat_yearbook", false, (0.0, 0.10, 0.03)),
        ("remote_sensing", true, (0.03, 0.35, 0.15)),
        ("land_survey", true, (0.3, 0.8, 0.60)),
    ];
    let mut list = Vec::new();
    for (name, independent, missing) in kinds {
        let local = !independent;
        // A whole town whose source is off by a constant: where its land was mapped once and badly.
        let town_sd = if classic { 0.0 } else { stream.between(0.0, 0.03) };
        let odd = if classic { 0.0 } else { 0.06 };
        let town_bias = (0..towns)
            .map(|_| {
                let common = town_sd * stream.normal();
                let off = if stream.chance(odd) { stream.between(-0.25, 0.25) } else { 0.0 };
                common + off
            })
            .collect();
        let spread = |stream: &mut Stream, plain: (f64, f64), wide: (f64, f64)| {
            let (low, high) = if classic { plain } else { wide };
            stream.between(low, high)
        };
        let bias = 0.08 * stream.normal();
        let persistent = spread(stream, (0.05, 0.10), (0.03, 0.13));
        let transient = spread(stream, (0.05, 0.12), (0.03, 0.14));
        let drawn = stream.between(missing.0, missing.1);
        let lag = stream.between(0.1, 0.6);
        let lagged = !classic && local && stream.chance(0.4);
        let coarse = *stream.pick(&[1, 5, 10, 20]).unwrap_or(&1);
        let states = stream.chance(0.6);
        // Stated errors are usually too small: they know sampling, not mapping.
        let optimism = stream.between(0.4, 1.1);
        list.push(SourceNature {
            name,
            independent,
            bias,
            persistent,
            transient,
            missing: if classic { missing.2 } else { drawn },
            lag: if lagged { lag } else { 0.0 },
            rounding: if local && !classic { coarse } else { 1 },
            stated: (!classic && independent && states).then_some(optimism),
            town_bias,
        });
    }
    list
}
