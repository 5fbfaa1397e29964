//! Writing so that a crash at any step leaves the ledger as it was or as it was to become.
//!
//! New files get names of their own and are on disk before the manifest names them; the manifest is replaced by one
//! rename. Whatever no manifest names is litter, and swept by the next addition.

use crate::error::LedgerError;
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

/// Asked before every step that touches the disk.
type Before<'a> = dyn Fn(&str, &Path) -> std::io::Result<()> + Sync + 'a;

/// The disk, with a place where tests let a step fail.
#[derive(Clone, Copy)]
pub(crate) struct Disk<'a> {
    before: &'a Before<'a>,
}

/// Names of files that are being written.
pub(crate) const TEMPORARY: &str = ".qingmu-tmp-";

impl Disk<'static> {
    /// The disk as it is.
    pub(crate) fn real() -> Self {
        Self { before: &|_, _| Ok(()) }
    }
}

#[cfg(test)]
impl<'a> Disk<'a> {
    /// The disk with something asked before every step.
    pub(crate) fn watched(before: &'a Before<'a>) -> Self {
        Self { before }
    }
}

impl Disk<'_> {
    fn step<T>(
        self,
        what: &str,
        path: &Path,
        run: impl FnOnce() -> std::io::Result<T>,
    ) -> Result<T, LedgerError> {
        (self.before)(what, path).and_then(|()| run()).map_err(|e| LedgerError::io(path, e))
    }

    /// Makes a folder and those above it.
    pub(crate) fn folder(self, path: &Path) -> Result<(), LedgerError> {
        if path.is_dir() {
            return Ok(());
        }
        self.step("mkdir", path, || fs::create_dir_all(path))
    }

    /// Writes a whole file under its name: temporary name, flush, rename, flush of the folder.
    pub(crate) fn whole(self, path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
        let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = folder.join(format!("{TEMPORARY}{name}"));
        self.folder(folder)?;
        let mut file = self.step("create", &temporary, || File::create(&temporary))?;
        self.step("write", &temporary, || file.write_all(bytes))?;
        self.step("fsync", &temporary, || file.sync_all())?;
        drop(file);
        self.step("rename", path, || fs::rename(&temporary, path))?;
        self.flush(folder)
    }

    /// Makes the names in a folder last.
    pub(crate) fn flush(self, folder: &Path) -> Result<(), LedgerError> {
        self.step("fsync folder", folder, || File::open(folder)?.sync_all())
    }

    /// Removes a file that may be gone already.
    pub(crate) fn remove(self, path: &Path) -> Result<(), LedgerError> {
        self.step("remove", path, || match fs::remove_file(path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        })
    }
}
