//! Columns without what a program wrote about them, their fields or the file: a nonce of an earlier run must not reach a writer.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayData, ArrayRef, make_array};
use arrow::datatypes::{DataType, Field, FieldRef, Schema};

/// The columns with names and types only.
pub(crate) fn bare_schema(schema: &Schema) -> Schema {
    Schema::new(schema.fields().iter().map(bare_field).collect::<Vec<_>>())
}

/// The same values, of the type that the bare schema has for them.
pub(crate) fn bare_column(column: &ArrayRef) -> ArrayRef {
    if *column.data_type() == bare_type(column.data_type()) {
        return Arc::clone(column);
    }
    make_array(bare_data(column.to_data()))
}

fn bare_field(field: &FieldRef) -> FieldRef {
    let plain = Field::clone(field).with_data_type(bare_type(field.data_type()));
    Arc::new(plain.with_metadata(HashMap::<String, String>::new()))
}

fn bare_type(of: &DataType) -> DataType {
    use DataType::*;
    match of {
        List(item) => List(bare_field(item)),
        LargeList(item) => LargeList(bare_field(item)),
        ListView(item) => ListView(bare_field(item)),
        LargeListView(item) => LargeListView(bare_field(item)),
        FixedSizeList(item, size) => FixedSizeList(bare_field(item), *size),
        Struct(fields) => Struct(fields.iter().map(bare_field).collect()),
        Map(entries, sorted) => Map(bare_field(entries), *sorted),
        Dictionary(keys, values) => Dictionary(keys.clone(), Box::new(bare_type(values))),
        RunEndEncoded(ends, values) => RunEndEncoded(bare_field(ends), bare_field(values)),
        Union(fields, mode) => Union(fields.iter().map(|(id, field)| (id, bare_field(field))).collect(), *mode),
        other => other.clone(),
    }
}

fn bare_data(data: ArrayData) -> ArrayData {
    let plain = bare_type(data.data_type());
    let children = data.child_data().iter().cloned().map(bare_data).collect();
    // SAFETY: buffers, lengths and children are those of a valid array; the type differs in its fields' metadata only.
    unsafe { data.into_builder().data_type(plain).child_data(children).build_unchecked() }
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, DictionaryArray, Int8Array, Int64Array, ListArray, StructArray};
    use arrow::buffer::OffsetBuffer;
    use arrow::datatypes::Int8Type;

    use super::*;

    #[test]
    fn what_is_said_about_a_field_is_left_out_at_every_depth() {
        let nonce = || HashMap::from([("writeproof.nonce".to_owned(), "of an earlier run".to_owned())]);
        let field = |name: &str, kind: &DataType| Field::new(name, kind.clone(), true).with_metadata(nonce());
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let item = Arc::new(field("item", &DataType::Int64));
        let lists: ArrayRef =
            Arc::new(ListArray::new(item, OffsetBuffer::from_lengths([1, 2]), Arc::clone(&numbers), None));
        let structs = StructArray::new(vec![field("lists", lists.data_type())].into(), vec![lists], None);
        let dictionary = DictionaryArray::new(Int8Array::from(vec![Some(1), None, Some(0)]), Arc::new(structs));
        let column: ArrayRef = Arc::new(dictionary);
        let schema = Schema::new_with_metadata(vec![field("column", column.data_type())], nonce());
        assert_eq!(format!("{schema:?}").matches("writeproof.nonce").count(), 4);

        let (schema, column) = (bare_schema(&schema), bare_column(&column));
        assert_eq!(format!("{schema:?}").matches("writeproof.nonce").count(), 0);
        assert_eq!(column.data_type(), schema.field(0).data_type());
        let dictionary = column.as_dictionary::<Int8Type>();
        assert_eq!(dictionary.keys(), &Int8Array::from(vec![Some(1), None, Some(0)]));
        let lists = Arc::clone(dictionary.values().as_struct().column(0));
        assert_eq!(lists.as_list::<i32>().values(), &numbers);
        assert_eq!(lists.as_list::<i32>().value_offsets(), [0, 1, 3]);
    }
}
