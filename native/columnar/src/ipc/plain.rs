//! Batches with keys in the place of dictionaries: what a record batch message holds.

use std::fmt;
use std::sync::Arc;

use arrow::array::{Array, ArrayData, ArrayRef, RecordBatch, RecordBatchOptions, make_array};
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use writeproof_abi::Error;

use super::dictionary::Dictionary;
use super::tight::tight;

/// Where a field is: its own name behind those of its parents.
#[derive(Clone, Debug)]
pub struct Path(String);

impl Path {
    fn of(name: &str) -> Self {
        Self(name.to_owned())
    }

    fn child(&self, name: &str) -> Self {
        Self(format!("{}.{name}", self.0))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "column {}", self.0)
    }
}

/// What is done with arrays of one field.
enum Step {
    /// Nothing.
    Keep,
    /// It is made tight, and its children go their own ways.
    Inside { plain: DataType, children: Vec<Step> },
    /// It becomes the keys of a dictionary, by its number.
    Keys(usize),
}

/// What is done with batches of a schema.
pub struct Plain {
    schema: SchemaRef,
    steps: Vec<Step>,
    /// Depth first, as the schema message numbers them.
    dictionaries: Vec<Dictionary>,
    /// Of the values of each dictionary.
    values: Vec<Step>,
}

impl Plain {
    pub fn new(schema: &Schema) -> Result<Self, Error> {
        let mut plain =
            Self { schema: Arc::new(Schema::empty()), steps: Vec::new(), dictionaries: vec![], values: vec![] };
        let mut fields = Vec::new();
        for field in schema.fields() {
            let (field, step) = plain.field(field, Path::of(field.name()))?;
            fields.push(field);
            plain.steps.push(step);
        }
        plain.schema = Arc::new(Schema::new(fields));
        Ok(plain)
    }

    /// The schema of the batches that come out.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn field(&mut self, field: &FieldRef, path: Path) -> Result<(FieldRef, Step), Error> {
        let (data_type, step) = match field.data_type() {
            DataType::Dictionary(keys, values) => {
                let before = self.dictionaries.len();
                let (_, inside) =
                    self.field(&Arc::new(Field::new("values", (**values).clone(), true)), path.clone())?;
                if self.dictionaries.len() > before {
                    return Err(Error::new(format!(
                        "{path}: {} holds a dictionary in its dictionary's values, which Arrow IPC readers do not follow",
                        field.data_type()
                    )));
                }
                let ordered = field.dict_is_ordered().unwrap_or(false);
                self.dictionaries.push(Dictionary::new(path, keys, values, ordered)?);
                self.values.push(inside);
                ((**keys).clone(), Step::Keys(before))
            }
            other => self.inside(other, &path)?,
        };
        // With its metadata, which is part of the types of those around it.
        Ok((Arc::new(Field::clone(field).with_data_type(data_type)), step))
    }

    fn inside(&mut self, of: &DataType, path: &Path) -> Result<(DataType, Step), Error> {
        let mut children = Vec::new();
        let mut child = |field: &FieldRef| -> Result<FieldRef, Error> {
            let (field, step) = self.field(field, path.child(field.name()))?;
            children.push(step);
            Ok(field)
        };
        let plain = match of {
            DataType::List(item) => DataType::List(child(item)?),
            DataType::LargeList(item) => DataType::LargeList(child(item)?),
            DataType::ListView(item) => DataType::ListView(child(item)?),
            DataType::LargeListView(item) => DataType::LargeListView(child(item)?),
            DataType::FixedSizeList(item, size) => DataType::FixedSizeList(child(item)?, *size),
            DataType::Struct(fields) => DataType::Struct(fields.iter().map(child).collect::<Result<_, _>>()?),
            DataType::Map(entries, sorted) => DataType::Map(child(entries)?, *sorted),
            DataType::RunEndEncoded(ends, values) => DataType::RunEndEncoded(child(ends)?, child(values)?),
            DataType::Union(fields, mode) => {
                let fields: Result<_, Error> = fields.iter().map(|(id, field)| Ok((id, child(field)?))).collect();
                DataType::Union(fields?, *mode)
            }
            other => other.clone(),
        };
        // Views and list views may need tightening by themselves.
        let own = matches!(
            of,
            DataType::Utf8View
                | DataType::BinaryView
                | DataType::ListView(_)
                | DataType::LargeListView(_)
                | DataType::Union(..)
        );
        let step = if own || children.iter().any(|step| !matches!(step, Step::Keep)) {
            Step::Inside { plain: plain.clone(), children }
        } else {
            Step::Keep
        };
        Ok((plain, step))
    }

    /// The batch as its message holds it.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        let columns = batch.columns().iter().zip(&self.steps);
        let columns = columns.map(|(column, step)| run(column, step, &mut self.dictionaries));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &rows).map_err(Error::new)
    }

    /// What came to dictionaries since the last call: number, values, and whether they are not its first.
    pub fn news(&mut self) -> Result<Vec<(i64, ArrayRef, bool)>, Error> {
        let mut all = Vec::new();
        for (number, (dictionary, step)) in self.dictionaries.iter_mut().zip(&self.values).enumerate() {
            for (values, is_delta) in dictionary.news() {
                all.push((number as i64, run(&values, step, &mut [])?, is_delta));
            }
        }
        Ok(all)
    }
}

fn run(array: &ArrayRef, step: &Step, dictionaries: &mut [Dictionary]) -> Result<ArrayRef, Error> {
    match step {
        Step::Keep => Ok(Arc::clone(array)),
        Step::Keys(number) => dictionaries[*number].take(array),
        Step::Inside { .. } => Ok(make_array(inside(array.to_data(), step, dictionaries)?)),
    }
}

fn inside(data: ArrayData, step: &Step, dictionaries: &mut [Dictionary]) -> Result<ArrayData, Error> {
    match step {
        Step::Keep => Ok(data),
        Step::Keys(_) => Ok(run(&make_array(data), step, dictionaries)?.to_data()),
        Step::Inside { plain, children } => {
            let data = tight(data).map_err(Error::new)?;
            let inner = data.child_data().iter().zip(children);
            let inner = inner.map(|(child, step)| inside(child.clone(), step, dictionaries));
            let inner = inner.collect::<Result<Vec<_>, _>>()?;
            let builder = data.into_builder().data_type(plain.clone()).child_data(inner);
            // SAFETY: buffers and lengths are those of a valid array; every child has the rows that it had, of the type that
            // `plain` has in its place.
            Ok(unsafe { builder.build_unchecked() })
        }
    }
}
