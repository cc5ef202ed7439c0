//! Manifests of Lance datasets that do not say the truth: table.proto of lance-table 14.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use writeproof_abi::Error;

use super::file_fault::FileFault;
use super::given::Given;
use super::protobuf::{Field, Value, fields, message_field, number_field, parts, replaced};

/// Numbers of fields: of the manifest, and of what lies in it.
const FIELDS: u64 = 1;
const FRAGMENTS: u64 = 2;
const FRAGMENT_FILES: u64 = 2;
const FRAGMENT_ROWS: u64 = 4;
const FILE_PATH: u64 = 1;
const FIELD_NAME: u64 = 2;
const FIELD_NULLABLE: u64 = 6;

/// Position of the manifest, two numbers of the format, the magic.
const TAIL_BYTES: usize = 16;

/// A field of the manifest that is a message.
struct Part {
    /// With its key.
    whole: Range<usize>,
    content: Range<usize>,
}

pub(crate) struct Manifest {
    path: PathBuf,
    /// What stands before it in its file.
    head: Vec<u8>,
    message: Vec<u8>,
    tail: Vec<u8>,
}

impl Manifest {
    /// The newest manifest of a dataset: names count down.
    pub fn read(dataset: &Path) -> Result<Self, Error> {
        let names = fs::read_dir(dataset.join("_versions"))?.map(|entry| entry.map(|entry| entry.path()));
        let names = names.collect::<Result<Vec<_>, _>>()?;
        let newest = names.into_iter().filter(|path| path.extension().is_some_and(|end| end == "manifest")).min();
        let path = newest.ok_or_else(|| Error::new("the dataset has no manifest"))?;
        let bytes = fs::read(&path)?;
        let unreadable = || Error::new(format!("{} cannot be read: expected a manifest of Lance", path.display()));
        let tail = bytes.len().checked_sub(TAIL_BYTES).ok_or_else(unreadable)?;
        let position = bytes.get(tail..tail + 8).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
        let position = usize::try_from(position.ok_or_else(unreadable)?).map_err(Error::new)?;
        let length = bytes.get(position..position + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
        let start = position + 4;
        let message = bytes.get(start..start + length.ok_or_else(unreadable)? as usize).ok_or_else(unreadable)?;
        let (head, message, tail) = (bytes[..position].to_vec(), message.to_vec(), bytes[tail..].to_vec());
        Ok(Self { path, head, message, tail })
    }

    fn write(&self, message: &[u8]) -> Result<(), Error> {
        let length = u32::try_from(message.len()).map_err(Error::new)?.to_le_bytes();
        Ok(fs::write(&self.path, [&self.head, &length[..], message, &self.tail].concat())?)
    }

    fn parts(&self, number: u64) -> Result<Vec<Part>, Error> {
        let part = |field: Field| match field.value {
            Value::Bytes(content) if field.number == number => Some(Part { whole: field.whole, content }),
            _ => None,
        };
        Ok(fields(&self.message, 0..self.message.len())?.into_iter().filter_map(part).collect())
    }

    /// The data file of each fragment, within `data`.
    pub fn data_files(&self) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        for fragment in self.parts(FRAGMENTS)? {
            for file in parts(&self.message, fragment.content, FRAGMENT_FILES)? {
                let path = parts(&self.message, file, FILE_PATH)?;
                names.extend(path.into_iter().map(|path| String::from_utf8_lossy(&self.message[path]).into_owned()));
            }
        }
        Ok(names)
    }

    /// The manifest with only its first fragments.
    fn with_fragments(&self, count: usize) -> Result<Vec<u8>, Error> {
        let mut message = self.message.clone();
        for fragment in self.parts(FRAGMENTS)?.into_iter().skip(count).rev() {
            message = replaced(&message, &fragment.whole, &[]);
        }
        Ok(message)
    }

    /// With another number of rows of the last fragment.
    fn with_rows(&self, more: i64) -> Result<Option<Vec<u8>>, Error> {
        let Some(Part { whole, content }) = self.parts(FRAGMENTS)?.pop() else { return Ok(None) };
        let fragment = &self.message[content];
        let rows = fields(fragment, 0..fragment.len())?.into_iter().find(|field| field.number == FRAGMENT_ROWS);
        let Some((Value::Number(count), field)) = rows.map(|field| (field.value, field.whole)) else { return Ok(None) };
        let changed = count.checked_add_signed(more).ok_or_else(|| Error::new("the fragment has no row to lose"))?;
        let fragment = replaced(fragment, &field, &number_field(FRAGMENT_ROWS, changed));
        Ok(Some(replaced(&self.message, &whole, &message_field(FRAGMENTS, &fragment))))
    }

    /// With a nullable column required: a flag that is false is left out.
    fn required(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        for Part { whole, content } in self.parts(FIELDS)? {
            let column = &self.message[content];
            let is_named = |part: Range<usize>| &column[part] == name.as_bytes();
            if !parts(column, 0..column.len(), FIELD_NAME)?.into_iter().any(is_named) {
                continue;
            }
            let mut flags = fields(column, 0..column.len())?.into_iter();
            if let Some(flag) = flags.find(|field| field.number == FIELD_NULLABLE) {
                let column = replaced(column, &flag.whole, &[]);
                return Ok(Some(replaced(&self.message, &whole, &message_field(FIELDS, &column))));
            }
        }
        Ok(None)
    }
}

/// Damages the newest manifest; false when it has nothing to damage.
pub(crate) fn damage(fault: FileFault, dataset: &Path, given: &Given) -> Result<bool, Error> {
    let manifest = Manifest::read(dataset)?;
    let count = manifest.parts(FRAGMENTS)?.len();
    let changed = match fault {
        FileFault::NoManifest => return Ok(fs::remove_file(&manifest.path).map(|()| true)?),
        FileFault::EmptyValid => Some(manifest.with_fragments(0)?).filter(|_| count > 0),
        FileFault::PartialCommit => Some(manifest.with_fragments(count.saturating_sub(1))?).filter(|_| count > 1),
        FileFault::CountLie => manifest.with_rows(1)?,
        FileFault::CountLieLess => manifest.with_rows(-1)?,
        FileFault::RequiredWithNulls => match &given.column_with_nulls {
            Some(column) => manifest.required(column)?,
            None => None,
        },
        _ => return Err(Error::new(format!("{fault:?} is none of a Lance manifest"))),
    };
    match changed {
        Some(message) => manifest.write(&message).map(|()| true),
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::tests::Directory;

    fn fragment(rows: u64, name: &str) -> Vec<u8> {
        let file = message_field(FRAGMENT_FILES, &message_field(FILE_PATH, name.as_bytes()));
        message_field(FRAGMENTS, &[number_field(1, 9), file, number_field(FRAGMENT_ROWS, rows)].concat())
    }

    fn column(name: &[u8], nullable: bool) -> Vec<u8> {
        let flag = if nullable { number_field(FIELD_NULLABLE, 1) } else { vec![] };
        message_field(FIELDS, &[message_field(FIELD_NAME, name), flag].concat())
    }

    fn manifest(fragments: &[Vec<u8>], nullable: bool) -> Vec<u8> {
        let message =
            [column(b"key", true), column(b"gaps", nullable), fragments.concat(), number_field(3, 1)].concat();
        let length = u32::try_from(message.len()).unwrap().to_le_bytes();
        // Something stands before it, as a transaction does.
        [b"before", &length[..], &message, &6_u64.to_le_bytes(), &[0, 0, 2, 0], b"LANC"].concat()
    }

    /// The manifest of version 2 after the fault; that of version 1 must be as it was.
    fn damaged(fault: FileFault, fragments: &[Vec<u8>], nullable: bool) -> (Option<Vec<u8>>, bool) {
        let directory = Directory::new();
        let [newest, older] =
            [u64::MAX - 2, u64::MAX - 1].map(|name| directory.path(&format!("_versions/{name}.manifest")));
        fs::create_dir(directory.path("_versions")).unwrap();
        fs::write(&newest, manifest(fragments, nullable)).unwrap();
        fs::write(&older, b"older").unwrap();
        let given = Given { column_with_nulls: Some("gaps".to_owned()), ..Given::default() };
        let said = damage(fault, &directory.path(""), &given).unwrap();
        assert_eq!(fs::read(&older).unwrap(), b"older");
        (fs::read(newest).ok(), said)
    }

    #[test]
    fn manifests_list_fewer_fragments_or_other_counts() {
        let two = [fragment(300, "one"), fragment(127, "two")];
        let with = |fragments: &[Vec<u8>]| (Some(manifest(fragments, true)), true);
        let [first, _] = two.clone();
        assert_eq!(damaged(FileFault::EmptyValid, &two, true), with(&[]));
        assert_eq!(damaged(FileFault::PartialCommit, &two, true), with(&two[..1]));
        // A byte longer than it was.
        assert_eq!(damaged(FileFault::CountLie, &two, true), with(&[first.clone(), fragment(128, "two")]));
        assert_eq!(damaged(FileFault::CountLieLess, &two, true), with(&[first, fragment(126, "two")]));
        assert_eq!(damaged(FileFault::RequiredWithNulls, &two, true), (Some(manifest(&two, false)), true));
        assert_eq!(damaged(FileFault::NoManifest, &two, true), (None, true));
    }

    #[test]
    fn what_a_manifest_has_not_is_not_damaged() {
        let one = [fragment(300, "one")];
        let same = |fragments: &[Vec<u8>]| (Some(manifest(fragments, false)), false);
        assert_eq!(damaged(FileFault::EmptyValid, &[], false), same(&[]));
        assert_eq!(damaged(FileFault::PartialCommit, &one, false), same(&one));
        assert_eq!(damaged(FileFault::CountLie, &[], false), same(&[]));
        assert_eq!(damaged(FileFault::RequiredWithNulls, &one, false), same(&one));
    }
}
