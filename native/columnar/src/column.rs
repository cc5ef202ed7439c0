//! One column of a batch, encoded into the column chunks of one row group after the other.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{FieldRef, Schema};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::errors::Result;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::SerializedFileWriter;

use crate::options::Dictionary;

/// A row group of fewer rows is too small to judge a dictionary by.
const TRIAL_ROWS: usize = 16_384;
/// Row groups after which a choice is put to the test again: data may change along a file. Costs under 1 %.
const TRIAL_INTERVAL: usize = 64;

/// How a leaf is encoded, once known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// Both ways, keeping the smaller.
    Trial,
    Dictionary,
    Plain,
}

/// The open column chunks of one leaf. In a trial there are two of it, so that a file keeps the smaller from its first row
/// group on; which one that is depends on the data alone, never on timing.
enum Leaf {
    One(Box<ArrowColumnWriter>),
    Both { dictionary: Box<ArrowColumnWriter>, plain: Box<ArrowColumnWriter> },
}

/// Encoder of one top-level column, of one leaf or, when it is nested, several.
pub(crate) struct ColumnEncoder {
    field: FieldRef,
    dictionary: ArrowRowGroupWriterFactory,
    plain: ArrowRowGroupWriterFactory,
    setting: Dictionary,
    choices: Vec<Choice>,
    /// Empty between row groups.
    leaves: Vec<Leaf>,
    rows: usize,
    groups_since_trial: usize,
}

impl ColumnEncoder {
    pub fn new(
        field: &FieldRef,
        setting: Dictionary,
        dictionary: &WriterPropertiesPtr,
        plain: &WriterPropertiesPtr,
    ) -> Result<Self> {
        let first = match setting {
            Dictionary::Auto => Choice::Trial,
            Dictionary::On => Choice::Dictionary,
            Dictionary::Off => Choice::Plain,
        };
        let dictionary = factory(field, dictionary)?;
        let leaves = dictionary.create_column_writers(0)?.len();
        Ok(Self {
            field: Arc::clone(field),
            dictionary,
            plain: factory(field, plain)?,
            setting,
            choices: vec![first; leaves],
            leaves: Vec::new(),
            rows: 0,
            groups_since_trial: 0,
        })
    }

    fn open(&mut self) -> Result<()> {
        if self.setting == Dictionary::Auto && self.groups_since_trial == TRIAL_INTERVAL {
            self.choices.fill(Choice::Trial);
        }
        let mut dictionary = self.dictionary.create_column_writers(0)?.into_iter().map(Box::new);
        let mut plain = self.plain.create_column_writers(0)?.into_iter().map(Box::new);
        for choice in &self.choices {
            let (Some(dictionary), Some(plain)) = (dictionary.next(), plain.next()) else { break };
            self.leaves.push(match choice {
                Choice::Trial => Leaf::Both { dictionary, plain },
                Choice::Dictionary => Leaf::One(dictionary),
                Choice::Plain => Leaf::One(plain),
            });
        }
        Ok(())
    }

    /// Encodes the column of one batch.
    pub fn write(&mut self, array: &ArrayRef) -> Result<()> {
        if self.leaves.is_empty() {
            self.open()?;
        }
        self.rows += array.len();
        for (values, leaf) in compute_leaves(&self.field, array)?.iter().zip(&mut self.leaves) {
            match leaf {
                Leaf::One(writer) => writer.write(values)?,
                Leaf::Both { dictionary, plain } => {
                    dictionary.write(values)?;
                    plain.write(values)?;
                }
            }
        }
        Ok(())
    }

    /// Ends the column chunks of this row group; none when nothing was written.
    pub fn end_group(&mut self) -> Result<Vec<ArrowColumnChunk>> {
        let rows = std::mem::take(&mut self.rows);
        self.groups_since_trial += 1;
        let mut chunks = Vec::with_capacity(self.leaves.len());
        for (leaf, choice) in self.leaves.drain(..).zip(&mut self.choices) {
            chunks.push(match leaf {
                Leaf::One(writer) => writer.close()?,
                Leaf::Both { dictionary, plain } => {
                    let (dictionary, plain) = (dictionary.close()?, plain.close()?);
                    let keep_plain = plain.close().bytes_written <= dictionary.close().bytes_written;
                    if rows >= TRIAL_ROWS {
                        *choice = if keep_plain { Choice::Plain } else { Choice::Dictionary };
                        self.groups_since_trial = 0;
                    }
                    if keep_plain { plain } else { dictionary }
                }
            });
        }
        Ok(chunks)
    }

    /// Size that the open column chunks will have, about; bytes.
    pub fn estimated_bytes(&self) -> usize {
        let estimate = |leaf: &Leaf| match leaf {
            Leaf::One(writer) => writer.get_estimated_total_bytes(),
            Leaf::Both { dictionary, .. } => dictionary.get_estimated_total_bytes(),
        };
        self.leaves.iter().map(estimate).sum()
    }

    /// Whether a dictionary was given up for all of it.
    pub fn is_plain(&self) -> bool {
        self.choices.iter().all(|choice| *choice == Choice::Plain)
    }

    pub fn name(&self) -> &str {
        self.field.name()
    }
}

/// A maker of column writers for one field alone. arrow-rs makes them for a whole file writer only, so there is one that
/// writes nowhere.
fn factory(field: &FieldRef, properties: &WriterPropertiesPtr) -> Result<ArrowRowGroupWriterFactory> {
    let schema = Arc::new(Schema::new(vec![Arc::clone(field)]));
    let described = ArrowSchemaConverter::new().convert(&schema)?;
    let nowhere = SerializedFileWriter::new(std::io::sink(), described.root_schema_ptr(), Arc::clone(properties))?;
    Ok(ArrowRowGroupWriterFactory::new(&nowhere, schema))
}
