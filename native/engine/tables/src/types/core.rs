//! The table `core-types`: `types` without the columns that some writer cannot hold, which refuses a table as a whole.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

use super::source::Types;
use crate::{BatchSource, Busy, SourceError};

/// Columns of `types` that are left out.
pub(crate) const LEFT_OUT: [&str; 5] =
    ["interval_year_month", "interval_day_time", "dictionary_int8", "dictionary_uint8", "struct_three_deep"];

fn kept(schema: &Schema) -> Vec<usize> {
    let fields = schema.fields().iter().enumerate();
    fields.filter(|(_, field)| !LEFT_OUT.contains(&field.name().as_str())).map(|(index, _)| index).collect()
}

/// Schema of `core-types`, where `whole` is that of `types`.
pub(crate) fn core_schema(whole: &SchemaRef) -> SchemaRef {
    let fields: Vec<_> = kept(whole).into_iter().map(|index| Arc::clone(&whole.fields()[index])).collect();
    Arc::new(Schema::new(fields))
}

/// The rows of `types`, without those columns.
pub(crate) struct CoreTypes {
    whole: Types,
    kept: Vec<usize>,
}

impl CoreTypes {
    pub(crate) fn new(whole: Types) -> Self {
        let kept = kept(&whole.schema());
        Self { whole, kept }
    }
}

impl BatchSource for CoreTypes {
    fn schema(&self) -> SchemaRef {
        core_schema(&self.whole.schema())
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        Ok(self.whole.next()?.map(|batch| batch.project(&self.kept)).transpose()?)
    }

    fn busy(&self) -> Busy {
        self.whole.busy()
    }
}
