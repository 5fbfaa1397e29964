//! The reading process: limits first, then the file, then nothing but the answer.

use super::wire::{FOUND, REFUSED, Sender};
use crate::Limits;
use crate::error::{IngestError, Refusal, RefusalCode};
use crate::read::{ReadOptions, read_into};
use crate::workbook::{Found, Note};
use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit codes: 0 read, 65 refused with an answer, 64 wrong arguments, 71 limits cannot be set, 74 pipe broke.
const REFUSED_EXIT: u8 = 65;

/// Body of the hidden subcommand. `args` are those after it: limits, encoding (empty for none), path.
///
/// Sets address space, processor time, core and file-size limits on itself before it opens the file, writes frames to
/// standard output and nothing else anywhere.
pub fn child_main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    // A panic's message may quote a cell; the exit code says enough.
    std::panic::set_hook(Box::new(|_| {}));
    let mut args = args.into_iter();
    let limits = args.next().and_then(|a| Limits::decode(a.to_str()?));
    let encoding = args.next().and_then(|a| a.into_string().ok());
    let (Some(limits), Some(encoding), Some(path)) = (limits, encoding, args.next()) else {
        return ExitCode::from(64);
    };
    if confine(&limits).is_err() {
        return ExitCode::from(71);
    }
    let encoding = (!encoding.is_empty()).then_some(encoding);
    let options = ReadOptions { encoding, limits };
    let mut sender = Sender::new(BufWriter::new(std::io::stdout().lock()));
    let read = read_into(&PathBuf::from(path), &options, &mut sender);
    if sender.broken {
        return ExitCode::from(74);
    }
    match answer(sender, read) {
        Ok(code) => ExitCode::from(code),
        Err(_) => ExitCode::from(74),
    }
}

fn answer<W: Write>(
    mut sender: Sender<W>,
    read: Result<(Found, String), IngestError>,
) -> std::io::Result<u8> {
    let refusal = match read {
        Ok((found, digest)) => {
            sender.flush().map_err(|_| std::io::Error::from(std::io::ErrorKind::BrokenPipe))?;
            sender.out.pairs(FOUND, &described(&found, digest))?;
            return sender.out.end().map(|()| 0);
        }
        Err(IngestError::Refused { refusal, .. }) => refusal,
        // The parent has just read the file: what is gone now was taken away meanwhile.
        Err(_) => Refusal::new(
            RefusalCode::Changed,
            "读取时文件已不可用",
            "the file went away while it was being read",
        ),
    };
    let code = refusal.code.code().to_owned();
    sender
        .out
        .pairs(REFUSED, &[("code", code), ("zh", refusal.what.zh), ("en", refusal.what.en)])?;
    sender.out.end().map(|()| REFUSED_EXIT)
}

fn described(found: &Found, digest: String) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("format", found.format.name().to_owned()), ("digest", digest)];
    if let Some(guess) = &found.encoding {
        pairs.push(("encoding", guess.name.clone()));
        pairs.push(("why", guess.why.clone()));
    }
    for note in &found.notes {
        pairs.push(match note {
            Note::ExtensionMismatch { extension } => ("extension", extension.clone()),
            Note::Undecodable { characters } => ("undecodable", characters.to_string()),
            Note::Delimiter { delimiter, stated: false } => ("delimiter", delimiter.to_string()),
            Note::Delimiter { delimiter, stated: true } => ("sep", delimiter.to_string()),
        });
    }
    pairs
}

/// Limits of this process; they cannot be raised again.
#[cfg(unix)]
fn confine(limits: &Limits) -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let hard = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::As, hard(limits.address_space))?;
    setrlimit(Resource::Core, hard(0))?;
    // Pipes are not files: the answer still goes out, but nothing can be written to a disk.
    setrlimit(Resource::Fsize, hard(0))?;
    setrlimit(Resource::Nofile, hard(16))?;
    let cpu = limits.cpu_seconds;
    setrlimit(Resource::Cpu, Rlimit { current: Some(cpu), maximum: Some(cpu.saturating_add(2)) })?;
    #[cfg(target_os = "linux")]
    {
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        rustix::thread::set_no_new_privs(true)?;
    }
    Ok(())
}

/// Without limits no file of unknown origin is read.
#[cfg(not(unix))]
fn confine(_: &Limits) -> std::io::Result<()> {
    Err(std::io::Error::from(std::io::ErrorKind::Unsupported))
}
