//! Digests of the input, so that a run can say exactly what it read.

use crate::{InputError, InputFile};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, fs::File, io::Read, path::Path};

/// SHA-256 of a file's bytes as `sha256:` and 64 hex digits; the file is streamed.
///
/// # Errors
/// [`InputError::Io`] naming the file.
pub fn sha256_file(path: &Path) -> Result<String, InputError> {
    let io = |source| InputError::Io { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 20];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(io(error)),
        }
    }
    let mut text = String::with_capacity(71);
    text.push_str("sha256:");
    for byte in hasher.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

/// Digests of many files, in their order, read in parallel.
///
/// # Errors
/// [`InputError::Io`] naming the file.
pub fn sha256_all(files: &[InputFile]) -> Result<Vec<String>, InputError> {
    files.par_iter().map(|file| sha256_file(&file.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("abc");
        std::fs::write(&path, "abc")?;
        // FIPS 180-2, appendix B.1
        let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_file(&path)?, abc);
        // A million times `a`, FIPS 180-2, appendix B.3; several reads of the buffer's size.
        std::fs::write(&path, vec![b'a'; 1_000_000])?;
        let million = "sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assert_eq!(sha256_file(&path)?, million);
        let gone = dir.path().join("gone");
        let message = sha256_file(&gone).map_err(|e| e.to_string());
        assert_eq!(
            message,
            Err(format!("{}: No such file or directory (os error 2)", gone.display()))
        );
        Ok(())
    }
}
