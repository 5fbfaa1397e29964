//! One writer per output folder. The kernel drops the lock with the process, so nothing has to be cleaned up
//! after a kill.

use crate::exit::{Exit, Failure, io_zh};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

const NAME: &str = ".qingmu.lock";

/// Held while a run writes into a folder; the file goes with it.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    /// Keeps the lock until dropped.
    _file: File,
}

impl Lock {
    /// Takes the folder's lock at once or says who has it (75).
    pub(crate) fn take(dir: &Path) -> Result<Self, Failure> {
        let path = dir.join(NAME);
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(|e| cannot(dir, &e))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(dir, &mut file)),
                Err(TryLockError::Error(e)) => return Err(cannot(dir, &e)),
            }
            // The holder before us may have removed the file between our open and our lock: try again then.
            if same_file(&file, &path) {
                file.set_len(0)
                    .and_then(|()| write!(file, "{}", std::process::id()))
                    .map_err(|e| Failure::io(&path, &e))?;
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A file that stays behind is locked again by the next run; nothing depends on its removal.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn held(dir: &Path, file: &mut File) -> Failure {
    let mut pid = String::new();
    let _ = file.rewind().and_then(|()| file.read_to_string(&mut pid));
    let (shown, pid) = (dir.display(), if pid.is_empty() { "?" } else { pid.as_str() });
    Failure::new(
        Exit::Locked,
        format!("{shown}：另一个 qingmu（进程号 {pid}）正在写入"),
        format!("{shown}: another qingmu (pid {pid}) is writing here"),
    )
    .remedy("等它结束，或换一个 --out 目录", "wait for it, or give another folder with --out")
}

fn cannot(dir: &Path, error: &std::io::Error) -> Failure {
    let shown = dir.display();
    Failure::new(
        Exit::CannotCreate,
        format!("{shown}：不能在此写文件（{}）", io_zh(error)),
        format!("{shown}: cannot write here ({error})"),
    )
    .remedy("换一个有写权限的目录", "give a folder that you may write to")
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(a), Ok(b)) => a.ino() == b.ino() && a.dev() == b.dev(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_file(_file: &File, _path: &Path) -> bool {
    // An open file cannot be removed there.
    true
}
