//! A compound file for workbooks of many megabytes: the list of its tables goes on behind the header.

const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const TABLE: u32 = 0xFFFF_FFFD;
const EXTENDED: u32 = 0xFFFF_FFFC;
/// Tables that the header lists itself.
const LISTED: usize = 109;
/// Entries of a table; an extended list has one less, and the place of the next.
const ENTRIES: usize = 128;

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap()
}

/// One stream, `Workbook`, in sectors of 512 bytes.
pub(crate) fn workbook(stream: &[u8]) -> Vec<u8> {
    let mut body = stream.to_vec();
    body.resize(body.len().next_multiple_of(512).max(4096), 0);
    let (size, first) = (body.len(), body.len() / 512);
    let mut directory = entry("Root Entry", 5, END, 0);
    directory[76..80].copy_from_slice(&1_u32.to_le_bytes());
    directory.extend(entry("Workbook", 2, 0, count(size)));
    directory.resize(512, 0);
    body.extend(directory);
    let used = first + 1;
    let (mut tables, mut lists) = (0, 0);
    // Tables and lists take sectors too: their number settles after a few rounds.
    for _ in 0..8 {
        tables = (used + tables + lists).div_ceil(ENTRIES);
        lists = tables.saturating_sub(LISTED).div_ceil(ENTRIES - 1);
    }
    let mut fat: Vec<u32> = (1..count(first)).collect();
    fat.extend([END, END]);
    fat.extend(std::iter::repeat_n(TABLE, tables));
    fat.extend(std::iter::repeat_n(EXTENDED, lists));
    fat.resize(tables * ENTRIES, FREE);
    body.extend(fat.iter().flat_map(|entry| entry.to_le_bytes()));
    let place = |table: usize| if table < tables { count(used + table) } else { FREE };
    for list in 0..lists {
        let from = LISTED + list * (ENTRIES - 1);
        let mut sector: Vec<u32> = (from..from + ENTRIES - 1).map(place).collect();
        sector.push(if list + 1 < lists { count(used + tables + list + 1) } else { END });
        body.extend(sector.iter().flat_map(|entry| entry.to_le_bytes()));
    }
    let mut header = vec![0_u8; 76];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    for (at, value) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        header[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    let extended = if lists > 0 { count(used + tables) } else { END };
    for (at, value) in [
        (44, count(tables)),
        (48, count(first)),
        (56, 4096),
        (60, END),
        (68, extended),
        (72, count(lists)),
    ] {
        header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    header.extend((0..LISTED).flat_map(|table| place(table).to_le_bytes()));
    [header, body].concat()
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(entry.len() + 2).unwrap();
    entry.resize(128, 0);
    entry[64..66].copy_from_slice(&length.to_le_bytes());
    entry[66] = kind;
    entry[68..80].fill(0xFF);
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
}
