//! Keyed pseudonyms: without the key nobody can try out the 37 million ids of a county.

use super::{
    key::{MasterKey, Purpose, hex},
    person::Identity,
};
use hmac::{Hmac, KeyInit, Mac};
use qingmu_model::{AccountId, ClaimantId};
use sha2::Sha256;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Bytes of a pseudonym: 2^64 ids would be needed for two to meet by chance.
const LENGTH: usize = 16;

/// Makes pseudonyms with one office's key.
#[derive(Clone)]
pub struct Pseudonyms {
    key_id: String,
    person: Hmac<Sha256>,
    account: Hmac<Sha256>,
    household: Hmac<Sha256>,
    clear: Option<Arc<Mutex<BTreeMap<String, String>>>>,
}

impl Pseudonyms {
    /// Derives one key per purpose.
    #[must_use]
    pub fn new(key: &MasterKey) -> Self {
        let mac = |purpose| {
            Hmac::<Sha256>::new_from_slice(&key.derive(purpose))
                .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length (RFC 2104)"))
        };
        Self {
            key_id: key.id(),
            person: mac(Purpose::Person),
            account: mac(Purpose::Account),
            household: mac(Purpose::Household),
            clear: None,
        }
    }

    /// As these, remembering what each pseudonym stands for: only for a sealed store that was asked for.
    #[must_use]
    pub fn keeping_clear(mut self) -> Self {
        self.clear = Some(Arc::default());
        self
    }

    /// Clear texts by pseudonym, as far as they were remembered.
    #[must_use]
    pub fn kept_clear(&self) -> BTreeMap<String, String> {
        let kept =
            self.clear.as_ref().map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner));
        kept.map(|kept| kept.clone()).unwrap_or_default()
    }

    /// Which key these belong to; stored beside them.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Of a checked id.
    #[must_use]
    pub fn person(&self, identity: &Identity) -> ClaimantId {
        ClaimantId::new(self.of(&self.person, identity.clear()))
    }

    /// Of a person whom the file names without an id (经办人, 审核人).
    #[must_use]
    pub fn named(&self, name: &str) -> ClaimantId {
        // The prefix keeps a name that looks like an id from meeting that id.
        ClaimantId::new(self.of(&self.person, &format!("name:{name}")))
    }

    /// Of a checked account.
    #[must_use]
    pub fn account(&self, clear: &str) -> AccountId {
        AccountId::new(self.of(&self.account, clear))
    }

    /// Of a household number; several systems use the householder's id for it.
    #[must_use]
    pub fn household(&self, clear: &str) -> String {
        self.of(&self.household, clear)
    }

    fn of(&self, mac: &Hmac<Sha256>, clear: &str) -> String {
        let tag = mac.clone().chain_update(clear.as_bytes()).finalize().into_bytes();
        let pseudonym = format!("{}-{}", self.key_id, hex(&tag[..LENGTH]));
        if let Some(kept) = &self.clear {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.entry(pseudonym.clone()).or_insert_with(|| clear.to_owned());
        }
        pseudonym
    }
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pseudonyms({})", self.key_id)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;
    use crate::identity::{IdRule, read_id};
    use qingmu_sheets::Value;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn with_key(byte: &str) -> Pseudonyms {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        fs::write(&path, byte.repeat(32)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        Pseudonyms::new(&MasterKey::load(&path).unwrap())
    }

    // A made-up id with a valid check digit; it belongs to nobody known here.
    #[test]
    fn one_person_one_pseudonym_and_nothing_across_keys_or_purposes() {
        let id = |t: &str| read_id(&Value::Text(t.into()), IdRule::China).unwrap();
        let office = with_key("0f");
        let clear = |p: ClaimantId| p.reveal("test").to_owned();
        let long = clear(office.person(&id("610423197001011230")));
        assert_eq!(long, clear(office.person(&id("610423700101123"))), "15 and 18 digits join");
        assert_ne!(long, clear(with_key("1f").person(&id("610423197001011230"))));
        let account = office.account("610423197001011230").reveal("test").to_owned();
        assert!(account != long && office.household("610423197001011230") != long);
        assert_ne!(clear(office.named("610423197001011230")), long);
        assert!(long.starts_with(&format!("{}-", office.key_id())) && long.len() == 41, "{long}");
        assert!(!long.contains("19700101"));
    }

    #[test]
    fn clear_texts_are_remembered_on_demand_alone() {
        let id = read_id(&Value::Text("610423197001011230".into()), IdRule::China).unwrap();
        let office = with_key("0f");
        let _ = office.person(&id);
        assert!(office.kept_clear().is_empty());
        let keeping = office.keeping_clear();
        let name = keeping.person(&id).reveal("test").to_owned();
        let kept = keeping.clone().kept_clear();
        assert_eq!(kept.get(&name).map(String::as_str), Some("610423197001011230"));
        assert_eq!(kept.len(), 1);
    }

    #[test]
    fn equals_a_computation_of_its_own() {
        // Python: hmac + hkdf by RFC 5869 with salt `qingmu`, key 0f…0f.
        let office = with_key("0f");
        assert_eq!(office.key_id(), "e3022c79");
        assert_eq!(
            office.account("6217000000000001234").reveal("test"),
            "e3022c79-c3566aa107b3ddd5aefebade7af34e09"
        );
    }
}
