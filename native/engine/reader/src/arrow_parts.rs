//! Arrays put together from what an Arrow IPC message says of them: nodes and buffers in the order of the flattened schema.

use std::collections::HashMap;

use arrow::array::{Array, ArrayData, ArrayDataBuilder, ArrayRef, DictionaryArray, PrimitiveArray, new_empty_array};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow::datatypes::{
    ArrowDictionaryKeyType, DataType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type, UnionMode,
};

/// Length and nulls of one array, as the message counts them.
#[derive(Clone, Copy, Debug)]
pub struct ArrowNode {
    /// Values, nulls among them.
    pub length: i64,
    /// Nulls.
    pub null_count: i64,
}

/// What of a message is not taken yet. Errors are sentences without the column's name.
pub(crate) struct Parts<'a> {
    pub nodes: &'a [ArrowNode],
    pub buffers: &'a [Buffer],
    /// Numbers of data buffers of the arrays of views.
    pub variadic: &'a [i64],
    /// Dictionaries of the fields that are left, each before those inside of its values.
    pub dictionary_ids: &'a [i64],
    pub dictionaries: &'a HashMap<i64, ArrayRef>,
}

/// How many dictionaries a type names, those inside of a dictionary's values too.
pub(crate) fn dictionaries_in(of: &DataType) -> usize {
    match of {
        DataType::Dictionary(_, values) => 1 + dictionaries_in(values),
        _ => children_of(of).iter().map(|child| dictionaries_in(child)).sum(),
    }
}

/// Types of the arrays below one of this type, in order. A dictionary's values are none of them.
pub(crate) fn children_of(of: &DataType) -> Vec<&DataType> {
    use DataType::*;
    match of {
        List(child) | LargeList(child) | ListView(child) | LargeListView(child) | FixedSizeList(child, _) => {
            vec![child.data_type()]
        }
        Map(entries, _) => vec![entries.data_type()],
        Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        RunEndEncoded(ends, values) => vec![ends.data_type(), values.data_type()],
        Union(fields, _) => fields.iter().map(|(_, field)| field.data_type()).collect(),
        _ => Vec::new(),
    }
}

/// Buffers behind the validity, but for the data of views.
fn plain_buffers(of: &DataType) -> usize {
    use DataType::*;
    match of {
        Null | Struct(_) | FixedSizeList(_, _) | RunEndEncoded(_, _) => 0,
        Utf8 | LargeUtf8 | Binary | LargeBinary | ListView(_) | LargeListView(_) | Union(_, UnionMode::Dense) => 2,
        _ => 1,
    }
}

fn has_validity(of: &DataType) -> bool {
    !matches!(of, DataType::Null | DataType::Union(_, _) | DataType::RunEndEncoded(_, _))
}

impl<'a> Parts<'a> {
    /// The first of the rest of a list.
    fn next<T>(rest: &mut &'a [T], what: &str) -> Result<&'a T, String> {
        let (first, others) = rest.split_first().ok_or_else(|| format!("the message has too few {what}"))?;
        *rest = others;
        Ok(first)
    }

    /// Fails where something was left over.
    pub fn end(&self) -> Result<(), String> {
        for (what, left) in [
            ("arrays", self.nodes.len()),
            ("buffers", self.buffers.len()),
            ("counts of view buffers", self.variadic.len()),
        ] {
            if left > 0 {
                return Err(format!("the message has {left} {what} more than the schema"));
            }
        }
        Ok(())
    }

    /// The next array, of this type, checked in full.
    pub fn array(&mut self, of: &DataType) -> Result<ArrayData, String> {
        let node = *Self::next(&mut self.nodes, "arrays")?;
        let length = usize::try_from(node.length).map_err(|_| format!("an array of {} values", node.length))?;
        let nulls = if has_validity(of) { self.validity(node, length)? } else { None };
        let mut buffers = Vec::new();
        for _ in 0..plain_buffers(of) {
            buffers.push(Self::next(&mut self.buffers, "buffers")?.clone());
        }
        if matches!(of, DataType::Utf8View | DataType::BinaryView) {
            for _ in 0..*Self::next(&mut self.variadic, "counts of view buffers")? {
                buffers.push(Self::next(&mut self.buffers, "buffers")?.clone());
            }
        }
        if let DataType::Dictionary(keys, values) = of {
            let values = self.values_of_dictionary(values, length, nulls.as_ref())?;
            return in_dictionary(checked(keys, length, nulls, buffers, Vec::new())?, values);
        }
        let children = children_of(of).into_iter().map(|child| self.array(child)).collect::<Result<_, _>>()?;
        checked(of, length, nulls, buffers, children)
    }

    fn validity(&mut self, node: ArrowNode, length: usize) -> Result<Option<NullBuffer>, String> {
        let bitmap = Self::next(&mut self.buffers, "buffers")?;
        if bitmap.is_empty() && node.null_count == 0 {
            return Ok(None);
        }
        if bitmap.len() < length.div_ceil(8) {
            return Err(format!("{} bytes of validity for {length} values", bitmap.len()));
        }
        let nulls = NullBuffer::new(BooleanBuffer::new(bitmap.clone(), 0, length));
        if i64::try_from(nulls.null_count()) != Ok(node.null_count) {
            return Err(format!(
                "{} nulls by the message's count, {} by the bitmap",
                node.null_count,
                nulls.null_count()
            ));
        }
        Ok(Some(nulls))
    }

    fn values_of_dictionary(
        &mut self,
        values: &DataType,
        length: usize,
        nulls: Option<&NullBuffer>,
    ) -> Result<ArrayRef, String> {
        let id = *Self::next(&mut self.dictionary_ids, "dictionaries in its schema")?;
        self.dictionary_ids =
            self.dictionary_ids.get(dictionaries_in(values)..).ok_or("the schema names too few dictionaries")?;
        if let Some(found) = self.dictionaries.get(&id) {
            return Ok(found.clone());
        }
        // Keys that are all null need no dictionary.
        if nulls.map_or(0, NullBuffer::null_count) == length {
            return Ok(new_empty_array(values));
        }
        Err(format!("its dictionary {id} did not come"))
    }
}

fn checked(
    of: &DataType,
    length: usize,
    nulls: Option<NullBuffer>,
    buffers: Vec<Buffer>,
    children: Vec<ArrayData>,
) -> Result<ArrayData, String> {
    ArrayDataBuilder::new(of.clone())
        .len(length)
        .nulls(nulls)
        .buffers(buffers)
        .child_data(children)
        .align_buffers(true)
        .build()
        .map_err(|error| error.to_string())
}

/// Keys with the values that they stand for, of which only the keys are checked: the values were, when they came.
fn in_dictionary(keys: ArrayData, values: ArrayRef) -> Result<ArrayData, String> {
    fn of_keys<K: ArrowDictionaryKeyType>(keys: ArrayData, values: ArrayRef) -> Result<ArrayData, String> {
        let array = DictionaryArray::<K>::try_new(PrimitiveArray::from(keys), values);
        array.map(|array| array.to_data()).map_err(|error| error.to_string())
    }
    match keys.data_type() {
        DataType::Int8 => of_keys::<Int8Type>(keys, values),
        DataType::Int16 => of_keys::<Int16Type>(keys, values),
        DataType::Int32 => of_keys::<Int32Type>(keys, values),
        DataType::Int64 => of_keys::<Int64Type>(keys, values),
        DataType::UInt8 => of_keys::<UInt8Type>(keys, values),
        DataType::UInt16 => of_keys::<UInt16Type>(keys, values),
        DataType::UInt32 => of_keys::<UInt32Type>(keys, values),
        DataType::UInt64 => of_keys::<UInt64Type>(keys, values),
        other => Err(format!("keys of a dictionary are of type {other}: expected integers")),
    }
}
