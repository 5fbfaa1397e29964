//! Where a rule pack comes from: a folder, or the rules built into the program.

use crate::diagnostics::{Sink, SourceFile};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../rules");

/// Largest file of a pack, bytes.
const MAX_FILE: u64 = 4 << 20;
/// Deepest folder of a pack.
const MAX_DEPTH: usize = 4;

/// A pack of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackSource {
    /// A folder of rule files.
    Dir(PathBuf),
    /// The rules that the program was built with.
    Builtin,
}

/// The text files of a pack, sorted by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    /// Folder as given, for messages.
    pub(crate) root: String,
    /// `.toml` and `.csv` files.
    pub(crate) list: Vec<Arc<SourceFile>>,
}

impl Files {
    /// Reads a pack; what cannot be read is reported in the sinks returned beside it.
    pub(crate) fn read(source: &PackSource) -> (Self, Vec<Sink>) {
        let mut sinks = Vec::new();
        let mut files = match source {
            PackSource::Builtin => {
                let mut files = Self { root: "rules".to_owned(), list: Vec::new() };
                files.take_builtin(&BUILTIN, &mut sinks);
                files
            }
            PackSource::Dir(dir) => {
                let mut files = Self { root: dir.display().to_string(), list: Vec::new() };
                files.take_folder(dir, "", 0, &mut sinks);
                files
            }
        };
        files.list.sort_by(|a, b| a.path.cmp(&b.path));
        (files, sinks)
    }

    /// A file by its path inside the pack.
    pub(crate) fn find(&self, path: &str) -> Option<&Arc<SourceFile>> {
        self.list.iter().find(|file| file.path == path)
    }

    /// Adds a file.
    pub(crate) fn push(&mut self, path: &str, text: String) {
        let shown = self.shown(path);
        self.list.push(Arc::new(SourceFile { path: path.to_owned(), shown, text }));
    }

    fn shown(&self, path: &str) -> String {
        format!("{}/{path}", self.root.trim_end_matches(['/', '\\']))
    }

    fn take_builtin(&mut self, dir: &Dir<'static>, sinks: &mut Vec<Sink>) {
        for file in dir.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if belongs(&path) {
                match file.contents_utf8() {
                    Some(text) => self.push(&path, text.to_owned()),
                    None => sinks.push(self.failed(&path, "the file is not UTF-8")),
                }
            }
        }
        for inner in dir.dirs() {
            self.take_builtin(inner, sinks);
        }
    }

    fn take_folder(&mut self, dir: &Path, prefix: &str, depth: usize, sinks: &mut Vec<Sink>) {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => {
                sinks.push(self.failed(prefix, &format!("cannot read the folder: {error}")));
                return;
            }
        };
        for entry in entries {
            let (name, kind) = match entry.and_then(|e| Ok((e.file_name(), e.file_type()?))) {
                Ok(found) => found,
                Err(error) => {
                    sinks.push(self.failed(prefix, &format!("cannot read the folder: {error}")));
                    continue;
                }
            };
            let name = name.to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if kind.is_dir() && depth >= MAX_DEPTH {
                sinks.push(self.failed(&path, &format!("folders nest more than {MAX_DEPTH} deep")));
            } else if kind.is_dir() && !name.starts_with('.') {
                self.take_folder(&dir.join(&name), &path, depth + 1, sinks);
            } else if !kind.is_dir() && belongs(&path) {
                match read_text(&dir.join(&name)) {
                    Ok(text) => self.push(&path, text),
                    Err(message) => sinks.push(self.failed(&path, &message)),
                }
            }
        }
    }

    fn failed(&self, path: &str, message: &str) -> Sink {
        let shown = if path.is_empty() { self.root.clone() } else { self.shown(path) };
        let file = SourceFile { path: path.to_owned(), shown, text: String::new() };
        let mut sink = Sink::new(Arc::new(file));
        let help = if message.contains("UTF-8") {
            "save it as UTF-8"
        } else if message.starts_with("folders nest") {
            "put rules one folder deep"
        } else if message.starts_with("a file of") {
            "a rule is a page, not an archive"
        } else {
            "check the path and its permissions"
        };
        sink.report("file", &(0..0), message, "", help);
        sink
    }
}

/// Whether a file of the folder is part of the pack.
fn belongs(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = Path::new(name).extension();
    !name.starts_with('.') && ends.is_some_and(|e| e == "toml" || e == "csv")
}

fn read_text(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|e| format!("cannot read the file: {e}"))?.len();
    if size > MAX_FILE {
        return Err(format!("a file of {size} bytes; at most {MAX_FILE}"));
    }
    let bytes = std::fs::read(path).map_err(|e| format!("cannot read the file: {e}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// SHA-256 of a text, hex, first 16 digits.
pub(crate) fn digest(text: &str) -> String {
    use std::fmt::Write;
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_in_the_order_of_its_paths() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        std::fs::create_dir_all(dir.path().join("village"))?;
        std::fs::write(dir.path().join("village/V02-a.toml"), "\u{feff}x = 1")?;
        std::fs::write(dir.path().join("village/notes.md"), "not a rule")?;
        std::fs::write(dir.path().join("retired.toml"), "")?;
        std::fs::write(dir.path().join("village/V03-b.toml"), [0xff, 0xfe])?;
        let (files, sinks) = Files::read(&PackSource::Dir(dir.path().to_owned()));
        let paths: Vec<&str> = files.list.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["retired.toml", "village/V02-a.toml"]);
        assert_eq!(files.find("village/V02-a.toml").map(|f| f.text.as_str()), Some("x = 1"));
        let messages: Vec<&str> =
            sinks.iter().flat_map(|s| &s.list).map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["the file is not UTF-8"]);
        Ok(())
    }

    #[test]
    fn what_is_too_deep_or_too_large_is_said() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        std::fs::create_dir_all(dir.path().join("a/b/c/d/e"))?;
        std::fs::write(dir.path().join("a/x.csv"), vec![b'1'; (4 << 20) + 1])?;
        let (files, sinks) = Files::read(&PackSource::Dir(dir.path().to_owned()));
        assert!(files.list.is_empty());
        let mut messages: Vec<&str> =
            sinks.iter().flat_map(|s| &s.list).map(|d| d.message.as_str()).collect();
        messages.sort_unstable();
        assert_eq!(
            messages,
            ["a file of 4194305 bytes; at most 4194304", "folders nest more than 4 deep"]
        );
        Ok(())
    }

    #[test]
    fn a_missing_folder_is_said() {
        let (files, sinks) = Files::read(&PackSource::Dir(PathBuf::from("no/such/folder")));
        assert!(files.list.is_empty());
        assert_eq!(sinks[0].list[0].file, "no/such/folder");
        assert!(sinks[0].list[0].message.starts_with("cannot read the folder: "));
    }

    #[test]
    fn the_digest_is_the_start_of_sha256() {
        // `printf abc | sha256sum`
        assert_eq!(digest("abc"), "ba7816bf8f01cfea");
    }
}
