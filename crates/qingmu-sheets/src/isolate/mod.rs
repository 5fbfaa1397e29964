//! Reads files of unknown origin in a process of their own.
//!
//! A failed allocation aborts a Rust program and a reader may panic or loop: the parent must survive all of that, and
//! whatever is not a complete, checked answer is a refusal.

mod child;
mod wire;

pub use child::child_main;

use crate::error::{IngestError, Refusal, RefusalCode};
use crate::read::{self, ReadOptions};
use crate::workbook::{
    EncodingGuess, Format, Found, Metered, Note, RawWorkbook, SheetBuilder, Sink,
};
use std::ffi::OsString;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use wire::{Fault, Incoming, Stop};

/// Hidden subcommand whose body is [`child_main`].
pub const SUBCOMMAND: &str = "__read-untrusted";

/// How a reading process is started.
#[derive(Debug, Clone)]
pub struct Isolation {
    program: PathBuf,
    leading: Vec<OsString>,
}

/// The end of a child: what it answered, how it went.
struct Outcome {
    answer: Result<Found, Stop>,
    digest: String,
    status: ExitStatus,
    stderr: String,
    late: bool,
}

impl Isolation {
    /// The running binary with [`SUBCOMMAND`].
    ///
    /// # Errors
    /// Where the binary's own path cannot be found.
    pub fn this_binary() -> std::io::Result<Self> {
        Ok(Self::program(std::env::current_exe()?, [SUBCOMMAND.into()]))
    }

    /// A program and what comes before the arguments of [`child_main`].
    pub fn program(program: PathBuf, leading: impl IntoIterator<Item = OsString>) -> Self {
        Self { program, leading: leading.into_iter().collect() }
    }

    /// Reads a file in a child process.
    ///
    /// # Errors
    /// [`IngestError::Io`] where the file cannot be opened, [`IngestError::Start`] where the child cannot be started,
    /// [`IngestError::Refused`] for everything the file or the child's end is to blame for.
    pub fn read(&self, path: &Path, options: &ReadOptions) -> Result<RawWorkbook, IngestError> {
        let mut builder = SheetBuilder::default();
        let (found, digest) = self.read_into(path, options, &mut builder)?;
        Ok(RawWorkbook {
            sheets: builder.finish(),
            format: found.format,
            encoding: found.encoding,
            digest,
            notes: found.notes,
        })
    }

    /// Reads a file in a child process into a sink; after an error nothing that reached the sink may be used.
    ///
    /// # Errors
    /// As [`Isolation::read`].
    pub fn read_into<S: Sink>(
        &self,
        path: &Path,
        options: &ReadOptions,
        sink: &mut S,
    ) -> Result<(Found, String), IngestError> {
        let digest = read::digest(path)
            .map_err(|source| IngestError::Io { path: path.to_path_buf(), source })?;
        let start = |source| IngestError::Start { path: path.to_path_buf(), source };
        let child = self.spawn(path, options).map_err(start)?;
        let outcome = attend(child, options, sink).map_err(start)?;
        let found = outcome.judge(options, &digest).map_err(|r| r.of(path, &digest))?;
        Ok((found, digest))
    }

    fn spawn(&self, path: &Path, options: &ReadOptions) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(&self.leading)
            .arg(options.limits.encode())
            .arg(options.encoding.as_deref().unwrap_or_default())
            .arg(path)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// Reads the child's answer while a second thread watches the clock.
fn attend<S: Sink>(
    mut child: Child,
    options: &ReadOptions,
    sink: &mut S,
) -> std::io::Result<Outcome> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let wall = Duration::from_secs(options.limits.wall_seconds);
    let deadline = Instant::now() + wall;
    let child = Mutex::new(child);
    let kill = || {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself meanwhile: then there is nothing to kill.
        let _ = child.kill();
    };
    let (done, over) = channel::<()>();
    let (result, late) = std::thread::scope(|scope| {
        let end = &kill;
        let watch = scope.spawn(move || {
            let late = over.recv_timeout(wall) == Err(RecvTimeoutError::Timeout);
            if late {
                end();
            }
            late
        });
        let result = answer(stdout, options, sink);
        // A child whose answer just ended may still be on its way out, and how it ends is worth knowing.
        if !matches!(result, Ok(_) | Err(Stop::Fault(Fault::Short))) {
            kill();
        }
        // The watcher may have gone already.
        let _ = done.send(());
        (result, watch.join().unwrap_or(true))
    });
    let (status, overdue) = reap(&child, deadline, kill)?;
    let mut text = Vec::new();
    if let Some(stderr) = stderr {
        stderr.take(4096).read_to_end(&mut text)?;
    }
    let (answer, digest) = match result {
        Ok((found, digest)) => (Ok(found), digest),
        Err(stop) => (Err(stop), String::new()),
    };
    let stderr = String::from_utf8_lossy(&text).into_owned();
    Ok(Outcome { answer, digest, status, stderr, late: late || overdue })
}

/// Waits for the end of a child that has closed its output, not longer than the deadline.
fn reap(
    child: &Mutex<Child>,
    deadline: Instant,
    kill: impl Fn(),
) -> std::io::Result<(ExitStatus, bool)> {
    let mut overdue = false;
    loop {
        let ended = child.lock().unwrap_or_else(PoisonError::into_inner).try_wait()?;
        if let Some(status) = ended {
            return Ok((status, overdue));
        }
        if Instant::now() >= deadline && !overdue {
            overdue = true;
            kill();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Frames up to the trailer.
fn answer<S: Sink>(
    stdout: Option<impl Read>,
    options: &ReadOptions,
    sink: &mut S,
) -> Result<(Found, String), Stop> {
    let input = stdout.ok_or(Stop::Fault(Fault::Short))?;
    let mut incoming = Incoming::new(BufReader::new(input), options.limits.output_bytes);
    let mut sink = Metered::new(sink, &options.limits);
    let mut last: Option<Result<(Found, String), Refusal>> = None;
    loop {
        let (tag, payload) = incoming.frame().map_err(Stop::Fault)?;
        match (tag, &last) {
            (wire::END, _) => {
                let last = last.ok_or(Stop::Fault(Fault::Wrong))?;
                return last.map_err(Stop::Refused);
            }
            (wire::SHEET, None) => {
                let pairs = wire::pairs(&payload).map_err(Stop::Fault)?;
                let hidden = value(&pairs, "hidden") == Some("true");
                sink.sheet(value(&pairs, "name").unwrap_or_default(), hidden)?;
            }
            (wire::CELLS, None) => wire::cells(&payload, &mut sink)?,
            (wire::MARKS, None) => wire::marks(&payload, &mut sink)?,
            (wire::FOUND, None) => {
                let pairs = wire::pairs(&payload).map_err(Stop::Fault)?;
                last = Some(Ok(found(&pairs).ok_or(Stop::Fault(Fault::Wrong))?));
            }
            (wire::REFUSED, None) => {
                let pairs = wire::pairs(&payload).map_err(Stop::Fault)?;
                last = Some(Err(refusal(&pairs).ok_or(Stop::Fault(Fault::Wrong))?));
            }
            _ => return Err(Stop::Fault(Fault::Wrong)),
        }
    }
}

fn value<'a>(pairs: &'a [(String, String)], key: &str) -> Option<&'a str> {
    pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
}

fn found(pairs: &[(String, String)]) -> Option<(Found, String)> {
    let format = Format::parse(value(pairs, "format")?)?;
    let digest = value(pairs, "digest")?.to_owned();
    let encoding = value(pairs, "encoding").zip(value(pairs, "why"));
    let encoding =
        encoding.map(|(name, why)| EncodingGuess { name: name.to_owned(), why: why.to_owned() });
    let mut notes = Vec::new();
    for (key, value) in pairs {
        let delimiter =
            |stated| value.chars().next().map(|delimiter| Note::Delimiter { delimiter, stated });
        match key.as_str() {
            "extension" => notes.push(Note::ExtensionMismatch { extension: value.clone() }),
            "undecodable" => notes.push(Note::Undecodable { characters: value.parse().ok()? }),
            "delimiter" => notes.push(delimiter(false)?),
            "sep" => notes.push(delimiter(true)?),
            _ => {}
        }
    }
    Some((Found { format, encoding, notes }, digest))
}

fn refusal(pairs: &[(String, String)]) -> Option<Refusal> {
    let code = RefusalCode::parse(value(pairs, "code")?)?;
    Some(Refusal::new(code, value(pairs, "zh")?, value(pairs, "en")?))
}

impl Outcome {
    /// A complete answer and a clean end, or a refusal.
    fn judge(self, options: &ReadOptions, digest: &str) -> Result<Found, Refusal> {
        if self.late {
            let seconds = options.limits.wall_seconds;
            return Err(limit(
                format!("读取超过 {seconds} 秒"),
                format!("reading took more than {seconds} seconds"),
            ));
        }
        match self.answer {
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Fault(Fault::Long)) => {
                let bytes = options.limits.output_bytes;
                Err(limit(
                    format!("读取结果超过 {bytes} 字节"),
                    format!("the answer has more than {bytes} bytes"),
                ))
            }
            Ok(found) if self.status.success() => {
                if self.digest == digest {
                    return Ok(found);
                }
                Err(Refusal::new(
                    RefusalCode::Changed,
                    "读取过程中文件内容变化",
                    "the file changed while it was being read",
                ))
            }
            Err(Stop::Fault(Fault::Wrong)) => Err(Refusal::new(
                RefusalCode::Crash,
                "读取进程的结果不合规",
                "the answer of the reading process is not valid",
            )),
            Ok(_) | Err(Stop::Fault(Fault::Short)) => {
                Err(ended(self.status, &self.stderr, options))
            }
        }
    }
}

fn limit(zh: String, en: String) -> Refusal {
    Refusal::new(RefusalCode::Limit, zh, en)
}

/// Why a child without a complete answer ended.
fn ended(status: ExitStatus, stderr: &str, options: &ReadOptions) -> Refusal {
    // The allocator's last words; nothing of them is passed on.
    if stderr.contains("memory allocation of") {
        let bytes = options.limits.address_space;
        return limit(
            format!("读取需要的内存超过 {bytes} 字节"),
            format!("reading needs more memory than {bytes} bytes"),
        );
    }
    let signal = signal(status);
    // SIGXCPU, or the SIGKILL that follows it.
    if signal == Some(24) || signal == Some(9) {
        let seconds = options.limits.cpu_seconds;
        return limit(
            format!("读取被系统终止（处理器时间上限 {seconds} 秒）"),
            format!("the system ended the reading (processor limit {seconds} seconds)"),
        );
    }
    let (zh, en) = match (signal, status.code()) {
        (Some(signal), _) => (format!("信号 {signal}"), format!("signal {signal}")),
        (None, Some(code)) => (format!("退出码 {code}"), format!("exit code {code}")),
        (None, None) => ("未知".to_owned(), "unknown".to_owned()),
    };
    Refusal::new(
        RefusalCode::Crash,
        format!("读取进程异常结束（{zh}）"),
        format!("the reading process failed ({en})"),
    )
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
