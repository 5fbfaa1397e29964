//! The store of clear ids: a file apart from the ledger, encrypted with a key derived from the office's own.
//!
//! Layout: a line with the format, a line with the key's id, 24 bytes of nonce, then XChaCha20-Poly1305 over a JSON
//! object of pseudonym → clear text; both lines are authenticated with it.

use crate::error::LedgerError;
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use qingmu_ingest::{MasterKey, Purpose};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

const FORMAT: &str = "qingmu sealed 1";
const NONCE: usize = 24;

/// Adds clear ids to a sealed store, which is made where there is none, readable by its owner alone.
pub(crate) fn add(
    path: &Path,
    key: &MasterKey,
    new: &BTreeMap<String, String>,
) -> Result<(), LedgerError> {
    let mut all = if path.exists() { open_sealed(path, key)? } else { BTreeMap::new() };
    all.extend(new.iter().map(|(pseudonym, clear)| (pseudonym.clone(), clear.clone())));
    let io = |source| LedgerError::io(path, source);
    let wrong = |why: &str| LedgerError::Sealed { path: path.to_owned(), why: why.to_owned() };
    let text = serde_json::to_vec(&all).map_err(|e| wrong(&e.to_string()))?;
    let header = header(key);
    let mut nonce = [0_u8; NONCE];
    File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut nonce)).map_err(io)?;
    let payload = Payload { msg: &text, aad: header.as_bytes() };
    let sealed = cipher(key)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| wrong("内容过大 / too large to be sealed"))?;
    let mut name = path.as_os_str().to_owned();
    name.push(".qingmu-tmp");
    let temporary = Path::new(&name);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(temporary)
        .map_err(io)?;
    file.write_all(header.as_bytes())
        .and_then(|()| file.write_all(&nonce))
        .and_then(|()| file.write_all(&sealed))
        .and_then(|()| file.sync_all())
        .map_err(io)?;
    fs::rename(temporary, path).map_err(io)
}

/// Clear ids by pseudonym.
///
/// # Errors
/// [`LedgerError::Sealed`] for a file that is no sealed store, was sealed with another key, or was changed.
pub fn open_sealed(path: &Path, key: &MasterKey) -> Result<BTreeMap<String, String>, LedgerError> {
    let wrong = |why: &str| LedgerError::Sealed { path: path.to_owned(), why: why.to_owned() };
    let bytes = fs::read(path).map_err(|e| LedgerError::io(path, e))?;
    let header = header(key);
    let rest = match bytes.strip_prefix(header.as_bytes()) {
        Some(rest) if rest.len() > NONCE => rest,
        _ if bytes.starts_with(FORMAT.as_bytes()) => {
            return Err(wrong("密钥不符 / it was sealed with another key"));
        }
        _ => return Err(wrong("不是密封文件 / it is no sealed store")),
    };
    let (nonce, sealed) = rest.split_at(NONCE);
    let nonce: [u8; NONCE] = nonce.try_into().unwrap_or([0; NONCE]);
    let payload = Payload { msg: sealed, aad: header.as_bytes() };
    let text = cipher(key)
        .decrypt(&XNonce::from(nonce), payload)
        .map_err(|_| wrong("内容被改动 / it was changed since it was sealed"))?;
    serde_json::from_slice(&text).map_err(|e| wrong(&e.to_string()))
}

fn header(key: &MasterKey) -> String {
    format!("{FORMAT}\n{}\n", key.id())
}

fn cipher(key: &MasterKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.derive(Purpose::Sealed).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_sealed_store_opens_with_its_key_alone_and_not_after_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store");
        let key = MasterKey::generate(&dir.path().join("a.key")).unwrap();
        let other = MasterKey::generate(&dir.path().join("b.key")).unwrap();
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        add(&path, &key, &map(&[("p1", "619999197001011019")])).unwrap();
        let first = fs::read(&path).unwrap();
        add(&path, &key, &map(&[("p2", "x")])).unwrap();
        assert_eq!(open_sealed(&path, &key).unwrap().len(), 2);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let mut bytes = fs::read(&path).unwrap();
        assert_ne!(first[30..54], bytes[30..54], "never the same nonce twice");
        assert!(!bytes.windows(8).any(|w| w == b"61999919"));
        let message = |key: &MasterKey| open_sealed(&path, key).unwrap_err().to_string();
        let start =
            format!("{}: 密封文件无法打开 / the sealed file cannot be opened: ", path.display());
        assert_eq!(message(&other), format!("{start}密钥不符 / it was sealed with another key"));
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(
            message(&key),
            format!("{start}内容被改动 / it was changed since it was sealed")
        );
        fs::write(&path, "x").unwrap();
        assert_eq!(message(&key), format!("{start}不是密封文件 / it is no sealed store"));
    }
}
