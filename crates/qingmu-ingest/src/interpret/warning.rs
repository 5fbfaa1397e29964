//! What a person should look at, although the rows were read.

use qingmu_model::Bilingual;
use serde::Serialize;

/// A warning about a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// Text.
    pub text: Bilingual,
    /// How often.
    pub count: u64,
}

impl Warning {
    pub(crate) fn new(
        code: &'static str,
        count: u64,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { code, text: Bilingual::new(zh, en), count }
    }
}
