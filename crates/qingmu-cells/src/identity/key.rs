//! The secret behind the pseudonyms: read from a file that only its owner can read, never from an argument.

use hkdf::Hkdf;
use sha2::Sha256;
use std::{
    fmt::Write as _,
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// Bytes of a master key.
const LENGTH: usize = 32;

/// What a derived key is for; keys of different purposes say nothing about each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Claimants, recorders, approvers and everybody else with an id.
    Person,
    /// Bank accounts.
    Account,
    /// Households.
    Household,
    /// The store of clear ids, which is encrypted.
    Sealed,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::Person => "qingmu pseudonym person v1",
            Self::Account => "qingmu pseudonym account v1",
            Self::Household => "qingmu pseudonym household v1",
            Self::Sealed => "qingmu sealed store v1",
        }
    }
}

/// The master key of an office.
#[derive(Clone)]
pub struct MasterKey {
    bytes: [u8; LENGTH],
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file system refused something.
    #[error("{}: {source}", path.display())]
    Io {
        /// Key file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Others may read the key.
    #[error(
        "{}: 密钥文件权限为 {mode:04o}，请执行 chmod 600 / others can read the key (mode {mode:04o}): run chmod 600",
        path.display()
    )]
    Open {
        /// Key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not 64 hexadecimal digits.
    #[error(
        "{}: 密钥应为64位十六进制字符 / the key must be 64 hexadecimal digits (32 random bytes)",
        path.display()
    )]
    Form {
        /// Key file.
        path: PathBuf,
    },
}

impl MasterKey {
    /// Reads a key file: 64 hexadecimal digits, readable by its owner alone (also systemd's credential files).
    ///
    /// # Errors
    /// [`KeyError`] naming the file; the key itself is in no message.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        let mode = file.metadata().map_err(io)?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Open { path: path.to_owned(), mode });
        }
        let mut text = String::new();
        // A longer file is no key: 64 digits and an end of line are 66 bytes at most.
        file.take(67).read_to_string(&mut text).map_err(io)?;
        Self::from_hex(text.trim_end()).ok_or_else(|| KeyError::Form { path: path.to_owned() })
    }

    /// Makes a new key file with 32 bytes of the system's randomness; an existing file is never replaced.
    ///
    /// # Errors
    /// [`KeyError::Io`] naming the file.
    pub fn generate(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::Io { path: path.to_owned(), source };
        let mut bytes = [0; LENGTH];
        File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes)).map_err(io)?;
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
        writeln!(file, "{}", hex(&bytes)).and_then(|()| file.sync_all()).map_err(io)?;
        Ok(Self { bytes })
    }

    /// Short public name of the key: eight hexadecimal digits that betray nothing of it.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&self.expand("qingmu key id v1")[..4])
    }

    /// The key for one purpose (HKDF-SHA256, RFC 5869).
    #[must_use]
    pub fn derive(&self, purpose: Purpose) -> [u8; LENGTH] {
        self.expand(purpose.label())
    }

    fn expand(&self, label: &str) -> [u8; LENGTH] {
        let mut out = [0; LENGTH];
        let hkdf = Hkdf::<Sha256>::new(Some(b"qingmu"), &self.bytes);
        let expanded = hkdf.expand(label.as_bytes(), &mut out);
        debug_assert!(expanded.is_ok(), "32 bytes are far below the limit of 255 blocks");
        out
    }

    fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 2 * LENGTH || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; LENGTH];
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
        }
        Some(Self { bytes })
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;
    use std::fs;

    fn write(dir: &Path, text: &str, mode: u32) -> PathBuf {
        let path = dir.join("key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn a_new_key_is_private_and_loads_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new.key");
        let made = MasterKey::generate(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(MasterKey::load(&path).unwrap().id(), made.id());
        let again = MasterKey::generate(&path).unwrap_err().to_string();
        assert!(again.starts_with(&path.display().to_string()), "{again}");
        assert!(!format!("{made:?}").contains(&hex(&made.bytes)));
        let other = MasterKey::generate(&dir.path().join("other.key")).unwrap();
        assert_ne!(other.id(), made.id());
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = write(dir.path(), &"0f".repeat(32), 0o640);
        assert_eq!(
            MasterKey::load(&path).unwrap_err().to_string(),
            format!(
                "{}: 密钥文件权限为 0640，请执行 chmod 600 / others can read the key (mode 0640): run chmod 600",
                path.display()
            )
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(MasterKey::load(&path).is_ok(), "systemd hands credentials over as 0400");
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        let dir = tempfile::tempdir().unwrap();
        for text in ["secret", &"0g".repeat(32), &"00".repeat(40)] {
            let path = write(dir.path(), text, 0o600);
            assert_eq!(
                MasterKey::load(&path).unwrap_err().to_string(),
                format!(
                    "{}: 密钥应为64位十六进制字符 / the key must be 64 hexadecimal digits (32 random bytes)",
                    path.display()
                )
            );
        }
    }
}
