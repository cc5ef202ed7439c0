//! Names of Arrow types, as facts, findings and records spell them: `int64`, `decimal128(15, 2)`, `timestamp[us, Europe/Berlin]`,
//! `dictionary<int8, utf8>`, `list<item: int32 not null>`. A name says all that a schema must agree on, and can be read back.

mod field;
mod name;
mod parse;

pub use field::{Field, fields_of, schema_of};
pub use name::type_name;
pub use parse::{UnknownType, parse_type};
