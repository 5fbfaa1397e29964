//! Output folders: written whole or not at all.
//!
//! Files are written under temporary names in the folder itself, flushed to disk, and only then renamed; the
//! manifest is removed before the first rename and appears last, so a folder with a manifest is a whole run.

use crate::exit::{Exit, Failure, io_zh};
use crate::lock::Lock;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The file that says that a run is whole.
pub(crate) const MANIFEST: &str = "manifest.json";
/// Where a run's input lies, relative to the run's folder; the only output that knows a place.
pub(crate) const RUN: &str = "run.json";
/// Every name that a scan may write.
pub(crate) const NAMES: [&str; 11] = [
    "leads.jsonl",
    "leads.csv",
    "leads.parquet",
    "leads.md",
    "data_errors.csv",
    "clusters.json",
    "model.json",
    "coverage.json",
    "rejects.csv",
    RUN,
    MANIFEST,
];

const PREFIX: &str = ".qingmu-";

/// An output folder while it is being filled.
#[derive(Debug)]
pub(crate) struct RunFolder {
    dir: PathBuf,
    staged: Vec<(&'static str, NamedTempFile)>,
    _lock: Lock,
}

impl RunFolder {
    /// Makes the folder and takes its lock. Refuses (73) files of another run unless `force`.
    pub(crate) fn open(dir: &Path, force: bool) -> Result<Self, Failure> {
        std::fs::create_dir_all(dir).map_err(|e| cannot_create(dir, &e))?;
        let lock = Lock::take(dir)?;
        if !force && let Some(name) = NAMES.iter().find(|name| dir.join(name).exists()) {
            let shown = dir.display();
            return Err(Failure::new(
                Exit::CannotCreate,
                format!("{shown}：已有另一次运行的结果（{name}），未覆盖"),
                format!(
                    "{shown}: holds the results of another run ({name}); nothing was overwritten"
                ),
            )
            .remedy(
                "换一个目录，或加 --force 覆盖",
                "give another folder, or --force to overwrite",
            ));
        }
        let folder = Self { dir: dir.to_owned(), staged: Vec::new(), _lock: lock };
        folder.sweep();
        Ok(folder)
    }

    /// Writes one file under a temporary name.
    pub(crate) fn stage<E: std::fmt::Display>(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&mut BufWriter<&File>) -> Result<(), E>,
    ) -> Result<(), Failure> {
        let path = self.dir.join(name);
        let temp = temporary(&self.dir)?;
        {
            let mut buffer = BufWriter::with_capacity(1 << 18, temp.as_file());
            write(&mut buffer).map_err(|e| {
                let shown = path.display();
                Failure::new(Exit::Io, format!("{shown}：{e}"), format!("{shown}: {e}"))
                    .remedy("检查磁盘空间", "check free disk space")
            })?;
            buffer.flush().map_err(|e| Failure::io(&path, &e))?;
        }
        temp.as_file().sync_all().map_err(|e| Failure::io(&path, &e))?;
        self.staged.push((name, temp));
        Ok(())
    }

    /// The folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Final names of what is staged, and where the bytes lie now.
    pub(crate) fn staged(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        self.staged.iter().map(|(name, temp)| (*name, temp.path()))
    }

    /// Gives every staged file its name and removes what an earlier run left under the other names.
    pub(crate) fn commit(mut self) -> Result<Vec<&'static str>, Failure> {
        let staged = std::mem::take(&mut self.staged);
        let names: Vec<&'static str> = staged.iter().map(|(name, _)| *name).collect();
        remove(&self.dir.join(MANIFEST))?;
        for name in NAMES.iter().filter(|name| !names.contains(name)) {
            remove(&self.dir.join(name))?;
        }
        // The manifest's name sorts the renames: false before true.
        let mut ordered = staged;
        ordered.sort_by_key(|(name, _)| *name == MANIFEST);
        for (name, temp) in ordered {
            let path = self.dir.join(name);
            temp.persist(&path).map_err(|e| Failure::io(&path, &e.error))?;
        }
        sync_folder(&self.dir)?;
        Ok(names)
    }

    /// Removes temporary files of runs that were killed; the lock says that none of them is alive.
    fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.dir) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                // What cannot be removed is only litter.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// Writes one file of the user's own choosing, whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let dir = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(|e| cannot_create(dir, &e))?;
    let temp = temporary(dir)?;
    temp.as_file().write_all(bytes).map_err(|e| Failure::io(path, &e))?;
    temp.as_file().sync_all().map_err(|e| Failure::io(path, &e))?;
    temp.persist(path).map_err(|e| Failure::io(path, &e.error))?;
    Ok(())
}

/// Refuses (73) a folder that holds anything, unless `force`.
pub(crate) fn require_empty(dir: &Path, force: bool) -> Result<(), Failure> {
    let occupied = std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !force {
        let shown = dir.display();
        return Err(Failure::new(
            Exit::CannotCreate,
            format!("{shown}：目录不是空的，未覆盖"),
            format!("{shown}: the folder is not empty; nothing was overwritten"),
        )
        .remedy("换一个目录，或加 --force 覆盖", "give another folder, or --force to overwrite"));
    }
    Ok(())
}

fn temporary(dir: &Path) -> Result<NamedTempFile, Failure> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any program would ask for; the user's umask decides.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(dir).map_err(|e| cannot_create(dir, &e))
}

fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Failure::io(path, &e)),
        _ => Ok(()),
    }
}

fn sync_folder(dir: &Path) -> Result<(), Failure> {
    if cfg!(unix) {
        File::open(dir).and_then(|f| f.sync_all()).map_err(|e| Failure::io(dir, &e))?;
    }
    Ok(())
}

fn cannot_create(dir: &Path, error: &std::io::Error) -> Failure {
    let shown = dir.display();
    Failure::new(
        Exit::CannotCreate,
        format!("{shown}：不能创建（{}）", io_zh(error)),
        format!("{shown}: cannot be created ({error})"),
    )
    .remedy("检查路径和权限", "check the path and its permissions")
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    fn fill(dir: &Path, names: &[&'static str], text: &str) -> Result<Vec<&'static str>, Failure> {
        let mut folder = RunFolder::open(dir, true)?;
        for name in names {
            folder.stage(name, |out| out.write_all(text.as_bytes()))?;
        }
        folder.commit()
    }

    fn names_in(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_run_leaves_nothing_of_the_first() -> Outcome {
        let temp = tempfile::tempdir()?;
        assert!(fill(temp.path(), &["leads.jsonl", "rejects.csv", MANIFEST], "one").is_ok());
        assert!(fill(temp.path(), &["rejects.csv"], "two").is_ok());
        assert_eq!(names_in(temp.path()), ["rejects.csv"]);
        assert_eq!(std::fs::read_to_string(temp.path().join("rejects.csv"))?, "two");
        Ok(())
    }

    #[test]
    fn a_failed_write_leaves_the_old_run_whole() -> Outcome {
        let temp = tempfile::tempdir()?;
        assert!(fill(temp.path(), &["leads.csv", MANIFEST], "one").is_ok());
        let mut folder = RunFolder::open(temp.path(), true).map_err(|f| f.what.en)?;
        let failed = folder.stage("leads.csv", |out| {
            out.write_all(b"half")?;
            Err(std::io::Error::other("no space"))
        });
        assert_eq!(failed.err().map(|f| f.exit), Some(Exit::Io));
        drop(folder);
        assert_eq!(names_in(temp.path()), ["leads.csv", MANIFEST]);
        assert_eq!(std::fs::read_to_string(temp.path().join("leads.csv"))?, "one");
        Ok(())
    }

    #[test]
    fn a_killed_run_is_swept_and_a_living_one_keeps_others_out() -> Outcome {
        let temp = tempfile::tempdir()?;
        std::fs::write(temp.path().join(".qingmu-dead.tmp"), "half")?;
        let folder = RunFolder::open(temp.path(), false).map_err(|f| f.what.en)?;
        assert_eq!(names_in(temp.path()), [".qingmu.lock"]);
        let second = RunFolder::open(temp.path(), false).err();
        assert_eq!(second.as_ref().map(|f| f.exit), Some(Exit::Locked));
        let said = second.map(|f| f.what.en).unwrap_or_default();
        let pid = std::process::id();
        assert!(said.ends_with(&format!("another qingmu (pid {pid}) is writing here")), "{said}");
        drop(folder);
        assert_eq!(names_in(temp.path()), Vec::<String>::new());
        Ok(())
    }
}
