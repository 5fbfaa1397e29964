//! Where the key of the pseudonyms comes from: a file, systemd's credentials, or a new one beside the ledger.

use crate::{error::LedgerError, manifest::Manifest};
use qingmu_ingest::MasterKey;
use std::path::{Path, PathBuf};

/// Name of the credential that systemd hands over.
pub const CREDENTIAL: &str = "qingmu-key";

/// A key and where it was found.
#[derive(Debug)]
pub struct FoundKey {
    /// The key.
    pub key: MasterKey,
    /// Its file.
    pub path: PathBuf,
    /// Whether it was made just now.
    pub made: bool,
}

/// Where a ledger's own key is looked for: beside the folder, never inside, so that copying the one does not hand
/// over the other.
#[must_use]
pub fn own_key(ledger: &Path) -> PathBuf {
    let mut name = ledger.components().as_path().as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// Finds the key: the given file, else the credential, else the one beside the ledger, which is made for a new one.
///
/// # Errors
/// [`LedgerError::Key`] for a file that is no key or that others can read, [`LedgerError::NoKey`] where a ledger
/// has a key and none is found, [`LedgerError::OtherKey`] where another one is.
pub fn find_key(
    ledger: &Path,
    given: Option<&Path>,
    credentials: Option<&Path>,
) -> Result<FoundKey, LedgerError> {
    let known = Manifest::load(ledger)?.map(|m| m.key_id);
    let credential = credentials.map(|dir| dir.join(CREDENTIAL)).filter(|path| path.exists());
    let own = own_key(ledger);
    let path = given.map(Path::to_owned).or(credential).unwrap_or_else(|| own.clone());
    let made = path == own && given.is_none() && !path.exists();
    let key = match (&known, made) {
        (Some(id), true) => {
            let path = ledger.to_owned();
            return Err(LedgerError::NoKey { path, id: id.clone(), expected: own });
        }
        (None, true) => {
            if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|e| LedgerError::io(folder, e))?;
            }
            MasterKey::generate(&path)?
        }
        (_, false) => MasterKey::load(&path)?,
    };
    check(ledger, known.as_deref(), &key.id())?;
    Ok(FoundKey { key, path, made })
}

/// Two keys would make one person two.
pub(crate) fn check(ledger: &Path, known: Option<&str>, given: &str) -> Result<(), LedgerError> {
    match known {
        Some(known) if known != given => Err(LedgerError::OtherKey {
            path: ledger.to_owned(),
            ledger: known.to_owned(),
            given: given.to_owned(),
        }),
        _ => Ok(()),
    }
}
