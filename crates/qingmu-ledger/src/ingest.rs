//! From paths to a ledger: the key, the villages that are known, the files, one addition.

use crate::{
    add::{AddOptions, Addition, add},
    error::LedgerError,
    key::{FoundKey, find_key},
    ledger::Ledger,
    sealed,
};
use qingmu_ingest::{
    Pseudonyms,
    intake::{IntakeOptions, read_all},
};
use std::path::PathBuf;

/// What to take in, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// Office files.
    pub files: Vec<PathBuf>,
    /// The ledger.
    pub ledger: PathBuf,
    /// How files are read; villages, changes of codes and the key are filled in.
    pub intake: IntakeOptions,
    /// Key file given.
    pub key: Option<PathBuf>,
    /// Folder of systemd's credentials.
    pub credentials: Option<PathBuf>,
    /// Records of a file that may be unusable, in percent.
    pub max_rejects: f64,
    /// What the files take the place of.
    pub replace: Option<String>,
    /// Where the clear ids go, encrypted; nowhere without it.
    pub sealed: Option<PathBuf>,
}

/// An addition and the key it was made with.
#[derive(Debug)]
pub struct Ingested {
    /// What was done.
    pub addition: Addition,
    /// The key.
    pub key: FoundKey,
}

/// Takes files into a ledger. Villages and changes of codes among the files serve all of them, whatever their order.
///
/// # Errors
/// [`LedgerError`]; the ledger is as it was.
pub fn ingest(request: Request) -> Result<Ingested, LedgerError> {
    let ledger = Ledger::open(&request.ledger)?.without(request.replace.as_deref())?;
    let key = find_key(&request.ledger, request.key.as_deref(), request.credentials.as_deref())?;
    let pseudonyms = Pseudonyms::new(&key.key);
    let pseudonyms = if request.sealed.is_some() { pseudonyms.keeping_clear() } else { pseudonyms };
    let villages = ledger.villages(&request.intake.levels)?;
    let intake = IntakeOptions {
        villages: Some(match request.intake.villages {
            Some(given) => given.with(villages),
            None => villages,
        }),
        code_map: ledger.code_map()?,
        pseudonyms: Some(pseudonyms.clone()),
        ..request.intake
    };
    let mut files = Vec::new();
    let mut refused = Vec::new();
    for file in read_all(&request.files, &intake)? {
        match file {
            Ok(file) => files.push(file),
            Err(error) => refused.push(error),
        }
    }
    if !refused.is_empty() {
        return Err(LedgerError::Files(refused));
    }
    let options = AddOptions {
        levels: intake.levels.clone(),
        max_rejects: request.max_rejects,
        replace: request.replace,
        ..AddOptions::new(&key.key.id())
    };
    // Sealed first: a ledger whose clear ids were asked for and are lost would be worse than some that are not needed.
    if let Some(path) = &request.sealed {
        sealed::add(path, &key.key, &pseudonyms.kept_clear())?;
    }
    let addition = add(&request.ledger, &files, &options)?;
    Ok(Ingested { addition, key })
}
