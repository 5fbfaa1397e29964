//! Records of identities in partitions by hash, in chunks so that growing copies nothing.

use std::ops::Range;

/// Partitions; a record's is the first byte of its hash.
pub(super) const PARTITIONS: usize = 256;

/// Records of one chunk: 48 KiB.
const CHUNK: usize = 2_048;

/// Three words, compared left to right; the first leads with the hash.
pub(super) type Record = [u64; 3];

/// One worker's records of some partitions.
pub(super) struct Records {
    kept: Range<usize>,
    /// Per kept partition: full chunks and one that is filling.
    chunks: Vec<Vec<Vec<Record>>>,
}

impl Records {
    /// Keeps only records of the partitions in `kept`.
    pub(super) fn new(kept: Range<usize>) -> Self {
        Self { chunks: kept.clone().map(|_| Vec::new()).collect(), kept }
    }

    pub(super) fn push(&mut self, record: Record) {
        let partition = usize::try_from(record[0] >> 56).unwrap_or_default();
        if !self.kept.contains(&partition) {
            return;
        }
        let chunks = &mut self.chunks[partition - self.kept.start];
        match chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(record),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(record);
                chunks.push(chunk);
            }
        }
    }

    /// Moves one partition's records into `all`, freeing the chunks.
    pub(super) fn drain_into(&mut self, partition: usize, all: &mut Vec<Record>) {
        if self.kept.contains(&partition) {
            for chunk in std::mem::take(&mut self.chunks[partition - self.kept.start]) {
                all.extend_from_slice(&chunk);
            }
        }
    }
}

/// Ranges of partitions, one per pass, so that the records of one pass stay within `limit` bytes.
pub(super) fn passes(rows: u64, records_per_row: u64, limit: u64) -> Vec<Range<usize>> {
    let bytes = rows.saturating_mul(records_per_row).saturating_mul(size_of::<Record>() as u64);
    let wanted = bytes.div_ceil(limit.max(1)).clamp(1, PARTITIONS as u64);
    let count = usize::try_from(wanted).unwrap_or(PARTITIONS);
    (0..count).map(|i| i * PARTITIONS / count..(i + 1) * PARTITIONS / count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_cover_every_partition_once() {
        for (rows, limit) in [(0, 0), (1_000_000, 1 << 20), (1_000_000, 1 << 40), (u64::MAX, 1)] {
            let ranges = passes(rows, 2, limit);
            let all: Vec<usize> = ranges.into_iter().flatten().collect();
            assert_eq!(all, (0..PARTITIONS).collect::<Vec<_>>(), "{rows} {limit}");
        }
        assert_eq!(passes(1_000_000, 1, 12_000_000).len(), 2);
    }
}
