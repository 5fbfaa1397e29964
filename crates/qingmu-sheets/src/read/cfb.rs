//! Streams of a compound file (MS-CFB), the container of .xls and .et.
//!
//! Own and small because a stream must be had whole or not at all: a chain that ends early means rows lost.

use crate::error::Refusal;
use encoding_rs::UTF_16LE;

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const LAST_SECTOR: u32 = 0xFFFF_FFFA;
/// Streams below this lie in the mini stream.
const MINI_CUTOFF: u64 = 4096;
const MINI_SECTOR: usize = 64;

/// A compound file in memory.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    kind: u8,
    start: u32,
    size: u64,
}

fn broken(zh: &str, en: &str) -> Refusal {
    Refusal::damaged(
        format!("复合文档结构损坏：{zh}"),
        format!("the compound file is damaged: {en}"),
    )
}

/// Little-endian number at an offset.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Little-endian number at an offset.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

impl<'a> Compound<'a> {
    /// Reads header, allocation tables and directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let short = || broken("文件头不完整", "its header is cut off");
        let shift = u16_at(bytes, 30).ok_or_else(short)?;
        if !(shift == 9 || shift == 12) || bytes.len() < 512 {
            return Err(short());
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            entries: Vec::new(),
        };
        let word = |at| u32_at(bytes, at).ok_or_else(short);
        let mut tables: Vec<u32> = words(&bytes[76..512]);
        file.more_tables(word(68)?, &mut tables)?;
        for id in tables.into_iter().filter(|id| *id < LAST_SECTOR) {
            let sector = file
                .sector_at(id)
                .ok_or_else(|| broken("分配表不完整", "its allocation table is cut off"))?;
            file.fat.extend(words(sector));
        }
        let directory = file.chain(word(48)?, None)?;
        let version = u16_at(bytes, 26).ok_or_else(short)?;
        file.entries = directory.chunks_exact(128).filter_map(|e| entry(e, version)).collect();
        let root = file.entries.iter().find(|e| e.kind == 5).map(|e| (e.start, e.size));
        let (start, size) = root.ok_or_else(|| broken("没有根目录", "it has no root directory"))?;
        if word(64)? > 0 {
            file.mini_fat = words(&file.chain(word(60)?, None)?);
            file.mini = file.chain(start, Some(size))?;
        }
        Ok(file)
    }

    /// Whether an entry of that name exists.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|e| e.name.eq_ignore_ascii_case(name))
    }

    /// A stream by name, whole; `None` where there is none.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let found = self.entries.iter().find(|e| e.kind == 2 && e.name.eq_ignore_ascii_case(name));
        match found {
            None => Ok(None),
            Some(e) if e.size < MINI_CUTOFF => self.mini_chain(e.start, e.size).map(Some),
            Some(e) => self.chain(e.start, Some(e.size)).map(Some),
        }
    }

    /// Sectors that list further table sectors; each ends with the number of the next.
    fn more_tables(&self, mut id: u32, tables: &mut Vec<u32>) -> Result<(), Refusal> {
        let mut steps = self.bytes.len() / self.sector + 1;
        while id < LAST_SECTOR {
            let sector = self.sector_at(id).filter(|_| steps > 0).ok_or_else(|| {
                broken("扩展分配表不完整", "its extended allocation table is cut off")
            })?;
            steps -= 1;
            tables.extend(words(sector));
            id = tables.pop().unwrap_or(END_OF_CHAIN);
        }
        Ok(())
    }

    /// The sector's bytes, fewer where the file ends inside it.
    fn sector_at(&self, id: u32) -> Option<&'a [u8]> {
        let start = (usize::try_from(id).ok()?.checked_add(1)?).checked_mul(self.sector)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end).filter(|s| !s.is_empty())
    }

    /// A chain of sectors: `size` bytes of it, or all of it.
    fn chain(&self, mut id: u32, size: Option<u64>) -> Result<Vec<u8>, Refusal> {
        let cut = || broken("数据流不完整", "a stream is cut off");
        let wanted = size.map(usize::try_from).transpose().map_err(|_| cut())?;
        if wanted.is_some_and(|w| w > self.bytes.len()) {
            return Err(cut());
        }
        let mut data = Vec::with_capacity(wanted.unwrap_or(0));
        let mut steps = self.bytes.len() / self.sector + 1;
        while id != END_OF_CHAIN && wanted.is_none_or(|w| data.len() < w) {
            let sector = self.sector_at(id).filter(|_| steps > 0).ok_or_else(cut)?;
            steps -= 1;
            data.extend_from_slice(sector);
            id = *self.fat.get(id as usize).ok_or_else(cut)?;
        }
        if let Some(wanted) = wanted {
            if data.len() < wanted {
                return Err(cut());
            }
            data.truncate(wanted);
        }
        Ok(data)
    }

    fn mini_chain(&self, mut id: u32, size: u64) -> Result<Vec<u8>, Refusal> {
        let cut = || broken("小数据流不完整", "a short stream is cut off");
        let wanted = usize::try_from(size).map_err(|_| cut())?;
        let mut data = Vec::with_capacity(wanted);
        while data.len() < wanted {
            let start = (id as usize).checked_mul(MINI_SECTOR).ok_or_else(cut)?;
            let end = (start + MINI_SECTOR).min(self.mini.len());
            let sector = self.mini.get(start..end).filter(|s| !s.is_empty()).ok_or_else(cut)?;
            data.extend_from_slice(sector);
            id = self.mini_fat.get(id as usize).copied().unwrap_or(END_OF_CHAIN);
        }
        data.truncate(wanted);
        Ok(data)
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]])).collect()
}

fn entry(bytes: &[u8], version: u16) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).saturating_sub(2).min(62);
    let (name, _) = UTF_16LE.decode_without_bom_handling(&bytes[..length]);
    let low = u64::from(u32_at(bytes, 120)?);
    // Version 3 leaves the upper half undefined.
    let high = if version >= 4 { u64::from(u32_at(bytes, 124)?) } else { 0 };
    let kind = bytes[66];
    (kind != 0).then(|| Entry {
        name: name.into_owned(),
        kind,
        start: u32_at(bytes, 116).unwrap_or(END_OF_CHAIN),
        size: low | high << 32,
    })
}
