//! The part of bindgen's API that the build script of `librocksdb-sys` calls, with the bindings that bindgen made of RocksDB's C header
//! once: `rocksdb.rs` beside this file. bindgen itself needs libclang.
//!
//! The bindings hold the items of RocksDB alone (`allowlist_item("rocksdb_.*")`), so that none is of one machine's C library. bindgen gives
//! the same text, byte for byte, for x86_64 and for aarch64 Linux: `libc` names C's types, and the one struct that is not opaque
//! has two words.
//!
//! With another RocksDB they are made anew: see the sentence of [`Builder::generate`].

use std::fmt;
use std::io;
use std::path::Path;

/// [`fingerprint`] of the header that the bindings were made of: RocksDB 11.8.1.
const HEADER: u64 = 0xa2df_3530_0ffd_ab44;

const BINDINGS: &str = include_str!("rocksdb.rs");

/// What bindgen is asked, as far as the bindings depend on it.
#[derive(Debug, Default)]
pub struct Builder {
    header: String,
    settings: Vec<String>,
}

/// The settings that the bindings were made with.
const SETTINGS: [&str; 4] =
    ["derive_debug(false)", "blocklist_type(max_align_t)", "ctypes_prefix(libc)", "size_t_is_usize(true)"];

impl Builder {
    fn with(mut self, setting: String) -> Self {
        self.settings.push(setting);
        self
    }

    /// The header to be bound.
    #[must_use]
    pub fn header(mut self, path: impl Into<String>) -> Self {
        self.header = path.into();
        self
    }

    /// As in bindgen.
    #[must_use]
    pub fn derive_debug(self, derives: bool) -> Self {
        self.with(format!("derive_debug({derives})"))
    }

    /// As in bindgen.
    #[must_use]
    pub fn blocklist_type(self, name: impl AsRef<str>) -> Self {
        self.with(format!("blocklist_type({})", name.as_ref()))
    }

    /// As in bindgen.
    #[must_use]
    pub fn ctypes_prefix(self, prefix: impl Into<String>) -> Self {
        self.with(format!("ctypes_prefix({})", prefix.into()))
    }

    /// As in bindgen.
    #[must_use]
    pub fn size_t_is_usize(self, is: bool) -> Self {
        self.with(format!("size_t_is_usize({is})"))
    }

    /// The bindings.
    ///
    /// # Errors
    /// Where the header, the settings or the target are not those that they were made of.
    pub fn generate(self) -> Result<Bindings, BindgenError> {
        let header = std::fs::read(&self.header)
            .map_err(|error| BindgenError(format!("cannot read the header {}: {error}", self.header)))?;
        let found = fingerprint(&header);
        if found != HEADER || self.settings != SETTINGS {
            return Err(BindgenError(format!(
                "the bindings in native/entity-store/patches/bindgen were made of another header: {} has the fingerprint \
                 {found:#018x} and is bound with {:?}; expected {HEADER:#018x} and {SETTINGS:?}. To make them anew, build a program \
                 with the real bindgen 0.72 that makes the calls of librocksdb-sys's build.rs on that header, and \
                 allowlist_item(\"rocksdb_.*\"), with libclang \
                 (`pip install libclang`, its folder in LIBCLANG_PATH, and `-I$(gcc -print-file-name=include)` in \
                 BINDGEN_EXTRA_CLANG_ARGS); put its output into src/rocksdb.rs, and the fingerprint into src/lib.rs",
                self.header, self.settings
            )));
        }
        let variable = |name: &str| std::env::var(name).unwrap_or_default();
        let (system, processor) = (variable("CARGO_CFG_TARGET_OS"), variable("CARGO_CFG_TARGET_ARCH"));
        if system != "linux" || !["x86_64", "aarch64"].contains(&processor.as_str()) {
            return Err(BindgenError(format!(
                "the bindings in native/entity-store/patches/bindgen are of x86_64 and aarch64 Linux, not of {processor} {system}"
            )));
        }
        Ok(Bindings)
    }
}

/// Why there are no bindings.
pub struct BindgenError(String);

impl fmt::Debug for BindgenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for BindgenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for BindgenError {}

/// The bindings.
#[derive(Debug)]
pub struct Bindings;

impl Bindings {
    /// Writes them.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write_to_file(&self, path: impl AsRef<Path>) -> io::Result<()> {
        std::fs::write(path, BINDINGS)
    }
}

/// FNV-1a of 64 bits: enough to know a header again.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
