//! The table `types`: values at the edges of every type, in batches at the edges of every shape. TYPES.md specifies it.

mod arrays;
mod columns;
mod core;
mod draws;
mod node;
mod nulls;
mod numbers;
mod shape;
mod source;
mod text;

pub(crate) use columns::schema;
pub(crate) use core::{CoreTypes, core_schema};
pub(crate) use source::open;
