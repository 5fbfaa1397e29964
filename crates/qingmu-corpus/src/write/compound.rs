//! Compound files: the container of workbooks from before 2007.

const END: u32 = 0xFFFF_FFFE;

/// A compound file of sectors of 512 bytes; streams are filled up to 4096 bytes so that none is a mini stream.
#[must_use]
pub fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body: Vec<u8> = Vec::new();
    let mut fat: Vec<u32> = Vec::new();
    let mut directory = entry("Root Entry", 5, END, 0);
    // The streams hang below the root as a list of right-hand neighbours.
    directory[76..80].copy_from_slice(&1_u32.to_le_bytes());
    for (number, (name, stream)) in (2..).zip(streams) {
        let start = count(fat.len());
        let size = stream.len().max(4096);
        body.extend_from_slice(stream);
        body.resize(body.len() + size - stream.len(), 0);
        body.resize(body.len().next_multiple_of(512), 0);
        chain(&mut fat, body.len() / 512);
        let mut own = entry(name, 2, start, count(size));
        if number <= count(streams.len()) {
            own[72..76].copy_from_slice(&number.to_le_bytes());
        }
        directory.extend(own);
    }
    directory.resize(directory.len().next_multiple_of(512), 0);
    let directory_start = count(fat.len());
    body.extend(directory);
    chain(&mut fat, body.len() / 512);
    let fat_start = count(fat.len());
    let tables = (fat.len() * 4).div_ceil(512 - 4);
    assert!(tables <= 109, "the writer has no extended table");
    fat.extend(std::iter::repeat_n(0xFFFF_FFFD, tables));
    fat.resize(tables * 128, 0xFFFF_FFFF);
    body.extend(fat.iter().flat_map(|w| w.to_le_bytes()));
    [header(count(tables), directory_start, fat_start), body].concat()
}

fn header(tables: u32, directory: u32, fat: u32) -> Vec<u8> {
    let mut header = vec![0_u8; 76];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    for (offset, value) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        header[offset..offset + 2].copy_from_slice(&value.to_le_bytes());
    }
    for (offset, value) in
        [(44, tables), (48, directory), (56, 4096), (60, END), (64, 0), (68, END), (72, 0)]
    {
        header[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
    }
    for index in 0..109 {
        let sector = if index < tables { fat + index } else { 0xFFFF_FFFF };
        header.extend(sector.to_le_bytes());
    }
    header
}

fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a file of the corpus is small")
}

/// Links all sectors up to `end` that are not linked yet into one chain.
fn chain(fat: &mut Vec<u32>, end: usize) {
    while fat.len() + 1 < end {
        fat.push(count(fat.len() + 1));
    }
    fat.push(END);
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(entry.len() + 2).expect("a short name");
    entry.resize(128, 0);
    entry[64..66].copy_from_slice(&length.to_le_bytes());
    entry[66] = kind;
    entry[68..80].fill(0xFF);
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
}
