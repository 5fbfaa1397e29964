//! The input: one programme and crop group, villages by years.

/// Where a village lies, as numbers of regions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// County: what it has in common in a year is taken out.
    pub county: u32,
    /// Prefecture: stands in where a county has too few villages.
    pub prefecture: u32,
    /// Town.
    pub town: u32,
}

/// One baseline source, villages by years (`village * years + year`), in mu.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Name.
    pub name: String,
    /// False for a source compiled from what villages report: it may raise, never clear, and may be tampered with.
    pub independent: bool,
    /// Area; `None` for missing.
    pub area: Vec<Option<f64>>,
    /// Standard error of the area, where the source states one.
    pub se: Vec<Option<f64>>,
}

/// Claims of one programme and crop group beside its sources. All areas in mu.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Programme code.
    pub programme: String,
    /// Crop group.
    pub group: String,
    /// First year; years are consecutive.
    pub first_year: i16,
    /// Number of years T.
    pub years: usize,
    /// Village places, V of them.
    pub places: Vec<Place>,
    /// Claimed area, V x T; `None` where the programme did not run or the file is missing.
    pub claimed: Vec<Option<f64>>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Share of vegetables in the village's contracted land, where known (V).
    pub vegetable_share: Vec<Option<f64>>,
}
