//! Texts that repeat, kept once.

use hashbrown::HashMap;
use std::sync::Arc;

/// Distinct texts in order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    place: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    /// The place of a text, which is added if it is new.
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.place.get(text) {
            return *code;
        }
        // A batch has far fewer than 2^32 rows, so also fewer texts.
        let code = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let shared: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&shared));
        self.place.insert(shared, code);
        code
    }

    /// The shared text.
    pub(crate) fn share(&mut self, text: &str) -> Arc<str> {
        let code = self.code(text);
        Arc::clone(&self.texts[code as usize])
    }

    /// All texts by place.
    pub(crate) fn into_texts(self) -> Vec<Arc<str>> {
        self.texts
    }
}
