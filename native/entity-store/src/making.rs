//! Making a store: sorted tables, taken in by RocksDB as they are.

use std::fs;
use std::path::{Path, PathBuf};

use rocksdb::{DB, IngestExternalFileOptions, Options, SstFileWriter};
use serde::{Deserialize, Serialize};

use crate::definition::Definition;
use crate::encoding::{Encoding, encode};
use crate::error::Error;
use crate::facts::{Facts, KEY};
use crate::store::{CACHE_BYTES, record, rocksdb_options};

/// Bytes after which a table ends.
const TABLE_BYTES: u64 = 64 << 20;

/// What store is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeOptions {
    /// Rows, the deleted ones among them.
    pub rows: u64,
    /// Columns: 10 or 20.
    pub columns: usize,
    /// Form of the values.
    pub encoding: Encoding,
    /// Seed of the rows.
    pub seed: u64,
}

impl MakeOptions {
    /// Reads an object of options, all of which must be there.
    ///
    /// # Errors
    /// Where one is missing, unknown, or none of its values.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let options: Self = serde_json::from_str(text).map_err(|error| {
            Error::misuse(format!(
                "the options {text} cannot be read: {error}; expected {{rows, columns: 10 or 20, encoding: \"json\" or \"compact\", seed}}"
            ))
        })?;
        options.definition().checked()?;
        Ok(options)
    }

    fn definition(&self) -> Definition {
        Definition { rows: self.rows, columns: self.columns, seed: self.seed }
    }
}

/// A store that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Rows, the deleted ones among them.
    pub rows: u64,
    /// Deleted rows.
    pub deleted: u64,
    /// Bytes of its files.
    pub bytes: u64,
}

/// A folder that goes with its value, also where something fails.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // It may have been moved away, and nobody is left to hear of an error.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn io(what: &str, path: &Path) -> impl Fn(std::io::Error) -> Error {
    move |error| Error::io(format!("{what} {}: {error}", path.display()))
}

fn failed(error: rocksdb::Error) -> Error {
    Error::io(format!("the store cannot be made: {error}"))
}

/// Makes a store where nothing is yet. Under its path it is whole, or not there.
///
/// # Errors
/// Where something lies there, or a file cannot be written.
pub fn make(path: &Path, options: &MakeOptions) -> Result<Made, Error> {
    let definition = options.definition().checked()?;
    if fs::symlink_metadata(path).is_ok() {
        return Err(Error::misuse(format!("there is something at {} already; expected nothing", path.display())));
    }
    let mut name = path.file_name().map(ToOwned::to_owned).unwrap_or_default();
    name.push(format!(".making-{}", std::process::id()));
    let folder = Folder(path.with_file_name(name));
    let tables = folder.0.join("tables");
    fs::create_dir(&folder.0).map_err(io("cannot make the folder", &folder.0))?;
    fs::create_dir(&tables).map_err(io("cannot make the folder", &tables))?;

    let settings = rocksdb_options(CACHE_BYTES);
    let (files, deleted) = write_tables(&tables, &settings, &definition, options.encoding)?;
    let store = folder.0.join("store");
    take_in(&store, settings, files)?;
    let bytes = size(&store)?;
    fs::rename(&store, path).map_err(io("cannot move the store to", path))?;
    Ok(Made { rows: definition.rows, deleted, bytes })
}

/// Writes the sorted tables, and counts deleted rows.
fn write_tables(
    folder: &Path,
    settings: &Options,
    definition: &Definition,
    encoding: Encoding,
) -> Result<(Vec<PathBuf>, u64), Error> {
    let mut files = Vec::new();
    let mut deleted = 0;
    let mut value = Vec::new();
    let mut row = 0;
    while row < definition.rows {
        let path = folder.join(format!("{}.sst", files.len()));
        let mut table = SstFileWriter::create(settings);
        table.open(&path).map_err(failed)?;
        if row == 0 {
            table.put(KEY, record(&Facts::of(*definition, encoding))).map_err(failed)?;
        }
        while row < definition.rows && table.file_size() < TABLE_BYTES {
            let content = definition.row(row);
            deleted += u64::from(content.deleted);
            value.clear();
            encode(encoding, &content, &mut value);
            // Rows are few enough for their ids to fit a key.
            let key = definition.key_of(definition.id(row)).unwrap_or_default();
            table.put(key, &value).map_err(failed)?;
            row += 1;
        }
        table.finish().map_err(failed)?;
        files.push(path);
    }
    Ok((files, deleted))
}

fn take_in(store: &Path, mut settings: Options, files: Vec<PathBuf>) -> Result<(), Error> {
    settings.create_if_missing(true);
    settings.set_error_if_exists(true);
    let db = DB::open(&settings, store).map_err(failed)?;
    let mut ingestion = IngestExternalFileOptions::default();
    ingestion.set_move_files(true);
    db.ingest_external_file_opts(&ingestion, files).map_err(failed)
}

fn size(folder: &Path) -> Result<u64, Error> {
    let ill = io("cannot read", folder);
    let mut bytes = 0;
    for entry in fs::read_dir(folder).map_err(&ill)? {
        bytes += entry.and_then(|entry| entry.metadata()).map_err(&ill)?.len();
    }
    Ok(bytes)
}
