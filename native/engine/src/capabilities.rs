//! What a library declares about itself, as far as the engine needs it.

use serde::Deserialize;
use serde_json::Value;

use crate::{Failure, Step};

/// `writeproof_capabilities`, read.
#[derive(Debug, Clone)]
pub struct Capabilities {
    /// Its name.
    pub name: String,
    /// Variants that it writes.
    pub variants: Vec<String>,
    /// Batching that it does itself.
    pub batching: Vec<String>,
    /// The document as the library gave it.
    pub document: Value,
}

#[derive(Deserialize)]
struct Declared {
    name: String,
    variants: Vec<String>,
    batching: Vec<String>,
}

/// Where Lance keeps what is no data: a few kilobytes a version, which its own object store writes.
const LANCE_METADATA: &[&str] = &["_transactions", "_versions"];

impl Capabilities {
    /// Folders of the format in which no batches lie, so that direct I/O is not asked of their files.
    #[must_use]
    pub fn metadata_folders(&self) -> &'static [&'static str] {
        if self.document["format"] == "lance" { LANCE_METADATA } else { &[] }
    }

    /// Reads the document of the library that `library` names.
    ///
    /// # Errors
    /// When it is not JSON, or lacks what the header asks for.
    pub fn parse(text: &str, library: &str) -> Result<Self, Failure> {
        let refused = |error: serde_json::Error| {
            Failure::new(
                Step::Capabilities,
                format!(
                    "writeproof_capabilities of {library} is not the JSON object that writeproof.h describes (name, variants, \
                     batching, …): {error}"
                ),
            )
        };
        let document: Value = serde_json::from_str(text).map_err(refused)?;
        let declared = Declared::deserialize(&document).map_err(refused)?;
        Ok(Self { name: declared.name, variants: declared.variants, batching: declared.batching, document })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_engine_needs_and_keeps_the_rest() {
        let text = r#"{"name":"x","variants":["stream"],"batching":["per_batch"],"more":1}"#;
        let capabilities = Capabilities::parse(text, "x.so").expect("complete");
        assert_eq!((capabilities.name.as_str(), capabilities.variants.len()), ("x", 1));
        assert_eq!(capabilities.document["more"], 1);
    }

    #[test]
    fn names_what_is_missing() {
        let failure = Capabilities::parse(r#"{"name":"x","batching":[]}"#, "x.so").expect_err("no variants");
        assert_eq!(failure.step, Step::Capabilities);
        assert!(failure.message.contains("x.so"), "{failure}");
        assert!(failure.message.contains("missing field `variants`"), "{failure}");
        assert!(Capabilities::parse("nonsense", "x.so").is_err());
    }
}
