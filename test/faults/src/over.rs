//! The writer that a fault is over, by its format.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use writeproof_abi::{Error, Writer};
use writeproof_columnar::ParquetWriter;

use crate::honest;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// Linked in.
    Parquet,
    /// In the library beside this one, as the next.
    Arrow,
    Lance,
    Raw,
}

const NAMES: [(&str, Over); 4] =
    [("parquet", Over::Parquet), ("arrow", Over::Arrow), ("lance", Over::Lance), ("raw", Over::Raw)];

impl Over {
    pub fn names() -> Vec<&'static str> {
        NAMES.iter().map(|(name, _)| *name).collect()
    }

    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, over)| *over == self).map_or("?", |(name, _)| name)
    }

    /// Parquet; of this library under the name `libwriteproof_faults_lance.so`, Lance: capabilities, which know no options, then are those
    /// of Lance too.
    pub fn usual() -> Self {
        let file = honest::own_file().unwrap_or_default();
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let found = NAMES.iter().find(|(format, _)| name.ends_with(&format!("_faults_{format}")));
        found.map_or(Self::Parquet, |(_, over)| *over)
    }

    /// The value of option `over`.
    pub fn read(value: Option<Value>) -> Result<Self, Error> {
        let Some(value) = value else { return Ok(Self::usual()) };
        let found = NAMES.iter().find(|(name, _)| value.as_str() == Some(name));
        found
            .map(|(_, over)| *over)
            .ok_or_else(|| Error::new(format!("option over is {value}; expected one of {}", Self::names().join(", "))))
    }

    pub fn capabilities(self) -> Result<Value, Error> {
        match self {
            Self::Parquet => Ok(ParquetWriter::capabilities()),
            Self::Arrow | Self::Lance | Self::Raw => honest::capabilities(self.name()),
        }
    }
}

/// Where a file of another format passes for that of a writer that was created: at its target, or within its directory.
pub(crate) fn elsewhere(target: &Path, over: Over) -> Result<PathBuf, Error> {
    if over == Over::Lance {
        fs::create_dir_all(target)?;
        return Ok(target.join("rows.parquet"));
    }
    if target.exists() {
        fs::remove_file(target)?;
    }
    Ok(target.to_owned())
}
