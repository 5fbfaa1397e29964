//! One writer per ledger. The kernel drops the lock with the process, so a kill leaves nothing to clean up.

use crate::error::LedgerError;
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

/// Name of the lock inside the ledger.
pub(crate) const LOCK: &str = ".qingmu.lock";

/// Held while an addition runs.
#[derive(Debug)]
pub(crate) struct Lock {
    ledger: PathBuf,
    /// The folder was made for this addition.
    made: bool,
    _file: File,
}

impl Lock {
    /// Makes the folder where there is none and takes its lock at once.
    pub(crate) fn take(ledger: &Path) -> Result<Self, LedgerError> {
        let made = !ledger.exists();
        std::fs::create_dir_all(ledger).map_err(|e| LedgerError::io(ledger, e))?;
        let path = ledger.join(LOCK);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| LedgerError::io(&path, e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = file.rewind().and_then(|()| file.read_to_string(&mut pid));
                let pid = if pid.is_empty() { "?".to_owned() } else { pid };
                return Err(LedgerError::Locked { path: ledger.to_owned(), pid });
            }
            Err(TryLockError::Error(e)) => return Err(LedgerError::io(&path, e)),
        }
        file.set_len(0)
            .and_then(|()| write!(file, "{}", std::process::id()))
            .map_err(|e| LedgerError::io(&path, e))?;
        Ok(Self { ledger: ledger.to_owned(), made, _file: file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A refused first addition leaves no folder; a folder with anything in it is not removed.
        if self.made && !self.ledger.join(crate::MANIFEST).exists() {
            let _ = std::fs::remove_file(self.ledger.join(LOCK));
            let _ = std::fs::remove_dir(&self.ledger);
        }
    }
}
