//! What a file may ask for.

use std::fmt::Write as _;

/// Limits on one file; generous for real tables of a county, small for this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Bytes of all parts of a container once unpacked.
    pub unpacked_bytes: u64,
    /// Unpacked to packed, for containers that unpack to more than [`Limits::ratio_free_bytes`].
    pub ratio: u64,
    /// Below this the ratio is not looked at.
    pub ratio_free_bytes: u64,
    /// Parts of a container.
    pub parts: u64,
    /// Sheets.
    pub sheets: u64,
    /// Cells that hold something.
    pub cells: u64,
    /// UTF-8 bytes of one cell.
    pub cell_bytes: u64,
    /// Merged regions and hidden rows.
    pub marks: u64,
    /// Address space of the reading process, bytes.
    pub address_space: u64,
    /// Processor time of the reading process, seconds.
    pub cpu_seconds: u64,
    /// Time by the clock, seconds.
    pub wall_seconds: u64,
    /// Bytes the reading process may send back.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 512 << 20,
            unpacked_bytes: 1 << 30,
            ratio: 200,
            ratio_free_bytes: 10 << 20,
            parts: 10_000,
            sheets: 5_000,
            cells: 40_000_000,
            cell_bytes: 1 << 20,
            marks: 1_000_000,
            address_space: 2 << 30,
            cpu_seconds: 300,
            wall_seconds: 600,
            output_bytes: 4 << 30,
        }
    }
}

impl Limits {
    /// All values in declaration order, `,` between: what the reading process is started with.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = String::new();
        for value in self.values() {
            let comma = if text.is_empty() { "" } else { "," };
            let _ = write!(text, "{comma}{value}");
        }
        text
    }

    /// The limits of [`Limits::encode`]; `None` for anything else.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let values: Vec<u64> = text.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [
            file_bytes,
            unpacked_bytes,
            ratio,
            ratio_free_bytes,
            parts,
            sheets,
            cells,
            cell_bytes,
            marks,
            address_space,
            cpu_seconds,
            wall_seconds,
            output_bytes,
        ] = values.try_into().ok()?;
        Some(Self {
            file_bytes,
            unpacked_bytes,
            ratio,
            ratio_free_bytes,
            parts,
            sheets,
            cells,
            cell_bytes,
            marks,
            address_space,
            cpu_seconds,
            wall_seconds,
            output_bytes,
        })
    }

    fn values(&self) -> [u64; 13] {
        [
            self.file_bytes,
            self.unpacked_bytes,
            self.ratio,
            self.ratio_free_bytes,
            self.parts,
            self.sheets,
            self.cells,
            self.cell_bytes,
            self.marks,
            self.address_space,
            self.cpu_seconds,
            self.wall_seconds,
            self.output_bytes,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn limits_survive_the_way_to_the_child() {
        let odd = Limits { cells: 7, output_bytes: 9, ..Limits::default() };
        assert_eq!(Limits::decode(&odd.encode()), Some(odd));
        assert_eq!(Limits::decode("1,2,3"), None);
        assert_eq!(Limits::decode("x"), None);
    }
}
