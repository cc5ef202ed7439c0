use arrow::datatypes::{Field as ArrowField, Schema};
use serde::{Deserialize, Serialize};

use crate::{UnknownType, parse_type, type_name};

/// A column as a file's own metadata must describe it: `Field` of harness/types.ts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Name.
    pub name: String,
    /// Arrow's name of the type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether nulls are allowed.
    pub nullable: bool,
}

/// The columns of a schema, in order.
pub fn fields_of(schema: &Schema) -> Vec<Field> {
    let describe = |field: &ArrowField| Field {
        name: field.name().clone(),
        kind: type_name(field.data_type()),
        nullable: field.is_nullable(),
    };
    schema.fields().iter().map(|field| describe(field)).collect()
}

/// The schema that the fields describe.
///
/// # Errors
/// When a type's name cannot be read.
pub fn schema_of(fields: &[Field]) -> Result<Schema, UnknownType> {
    let read = |field: &Field| Ok(ArrowField::new(&field.name, parse_type(&field.kind)?, field.nullable));
    fields.iter().map(read).collect::<Result<Vec<_>, _>>().map(Schema::new)
}
