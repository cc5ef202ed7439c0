//! An array of every type of Arrow, with nulls where the type has them.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, DictionaryArray, FixedSizeBinaryArray,
    FixedSizeListArray, Float16Array, Float32Array, Float64Array, GenericListArray, GenericListViewArray,
    LargeBinaryArray, LargeStringArray, MapArray, NullArray, OffsetSizeTrait, PrimitiveArray, RunArray, StringArray,
    StringViewArray, StructArray, UInt32Array, UnionArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::{cast, take};
use arrow::datatypes::{
    ArrowDictionaryKeyType, ArrowNativeType, ArrowPrimitiveType, DataType, Date32Type, Date64Type, Decimal32Type,
    Decimal64Type, Decimal128Type, Decimal256Type, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Field, Float16Type, Int8Type, Int16Type, Int32Type, Int64Type,
    IntervalDayTime, IntervalDayTimeType, IntervalMonthDayNano, IntervalMonthDayNanoType, IntervalYearMonthType,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type, UnionFields, i256,
};

pub const ROWS: usize = 300;

fn null_at(row: usize) -> bool {
    row % 7 == 3 || row == 0 || row == ROWS - 1
}

fn nulls() -> NullBuffer {
    (0..ROWS).map(|row| !null_at(row)).collect()
}

fn scrambled(row: usize) -> u64 {
    (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn primitive<T: ArrowPrimitiveType>(value: impl Fn(usize) -> T::Native) -> PrimitiveArray<T> {
    (0..ROWS).map(|row| (!null_at(row)).then(|| value(row))).collect()
}

fn text(row: usize) -> String {
    match row % 5 {
        0 => String::new(),
        1 => format!("row {row}"),
        2 => format!("a text of more than twelve bytes, {}", "ä".repeat(row % 40)),
        3 => format!("\u{1f600} {row}"),
        _ => "again and again, the same text".to_owned(),
    }
}

fn texts() -> impl Iterator<Item = Option<String>> {
    (0..ROWS).map(|row| (!null_at(row)).then(|| text(row)))
}

fn keys<K: ArrowDictionaryKeyType>(values: usize) -> PrimitiveArray<K> {
    primitive::<K>(|row| K::Native::from_usize(row % values).unwrap())
}

fn dictionary<K: ArrowDictionaryKeyType>(values: ArrayRef) -> ArrayRef {
    let keys = keys::<K>(values.len());
    Arc::new(DictionaryArray::<K>::try_new(keys, values).unwrap())
}

fn words(count: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..count).map(|word| format!("word {word}"))))
}

fn item(data_type: &DataType) -> Arc<Field> {
    Arc::new(Field::new("item", data_type.clone(), true))
}

/// A struct of one field, which says something about itself, as fields of other programs' files do.
fn labelled(child: ArrayRef) -> ArrayRef {
    let metadata = HashMap::from([("PARQUET:field_id".to_owned(), "7".to_owned())]);
    let field = Field::new("labelled", child.data_type().clone(), true).with_metadata(metadata);
    Arc::new(StructArray::try_new(vec![field].into(), vec![child], Some(nulls())).unwrap())
}

/// Lengths 0 to 3 that go through all of `values` once and a half.
fn list<O: OffsetSizeTrait>(values: &ArrayRef) -> ArrayRef {
    let lengths = (0..ROWS).map(|row| row % 4);
    let total: usize = lengths.clone().sum();
    let indices = UInt32Array::from_iter_values((0..total).map(|index| (index % values.len()) as u32));
    let values = take(values, &indices, None).unwrap();
    let offsets = OffsetBuffer::<O>::from_lengths(lengths);
    Arc::new(GenericListArray::<O>::try_new(item(values.data_type()), offsets, values, Some(nulls())).unwrap())
}

/// Backwards, and overlapping.
fn list_view<O: OffsetSizeTrait>(values: &ArrayRef) -> ArrayRef {
    let native = |value: usize| O::from_usize(value).unwrap();
    let offsets: ScalarBuffer<O> = (0..ROWS).map(|row| native(ROWS - row - 1)).collect();
    let sizes: ScalarBuffer<O> = (0..ROWS).map(|row| native((row % 3).min(row + 1))).collect();
    let field = item(values.data_type());
    Arc::new(GenericListViewArray::<O>::try_new(field, offsets, sizes, Arc::clone(values), Some(nulls())).unwrap())
}

fn structure(children: Vec<(&str, ArrayRef)>) -> ArrayRef {
    let fields = children.iter().map(|(name, child)| Field::new(*name, child.data_type().clone(), true));
    let fields = fields.collect::<Vec<_>>();
    let columns = children.into_iter().map(|(_, child)| child).collect();
    Arc::new(StructArray::try_new(fields.into(), columns, Some(nulls())).unwrap())
}

fn map(values: &ArrayRef) -> ArrayRef {
    let lengths = (0..ROWS).map(|row| row % 3);
    let total: usize = lengths.clone().sum();
    let indices = UInt32Array::from_iter_values((0..total).map(|index| (index % values.len()) as u32));
    let values = take(values, &indices, None).unwrap();
    let keys: ArrayRef = Arc::new(StringArray::from_iter_values((0..total).map(|key| format!("key {key}"))));
    let fields =
        vec![Field::new("keys", DataType::Utf8, false), Field::new("values", values.data_type().clone(), true)];
    let entries = StructArray::try_new(fields.into(), vec![keys, values], None).unwrap();
    let field = Arc::new(Field::new("entries", entries.data_type().clone(), false));
    Arc::new(MapArray::try_new(field, OffsetBuffer::from_lengths(lengths), entries, Some(nulls()), false).unwrap())
}

fn union(dense: bool, first: ArrayRef, second: ArrayRef) -> ArrayRef {
    let fields = UnionFields::try_new(
        [3, 5],
        [Field::new("first", first.data_type().clone(), true), Field::new("second", second.data_type().clone(), true)],
    )
    .unwrap();
    let types: ScalarBuffer<i8> = (0..ROWS).map(|row| if row % 3 == 0 { 3 } else { 5 }).collect();
    let offsets = dense.then(|| (0..ROWS as i32).collect::<ScalarBuffer<i32>>());
    Arc::new(UnionArray::try_new(fields, types, offsets, vec![first, second]).unwrap())
}

fn runs<E: arrow::datatypes::RunEndIndexType>(values: &ArrayRef) -> ArrayRef {
    let ends =
        PrimitiveArray::<E>::from_iter_values((1..=ROWS / 10).map(|run| E::Native::from_usize(run * 10).unwrap()));
    Arc::new(RunArray::<E>::try_new(&ends, values.slice(0, ROWS / 10).as_ref()).unwrap())
}

fn flat() -> Vec<(&'static str, ArrayRef)> {
    let whole = |row: usize| scrambled(row) as i64;
    let half = |row: usize| <Float16Type as ArrowPrimitiveType>::Native::from_f32(row as f32 / 3.0);
    let floats = [f64::NAN, -0.0, 0.0, f64::INFINITY, f64::from_bits(0x7ff8_0000_0000_1234), f64::MIN_POSITIVE];
    let bytes = |row: usize| text(row).into_bytes();
    vec![
        ("null", Arc::new(NullArray::new(ROWS))),
        ("bool", Arc::new((0..ROWS).map(|row| (!null_at(row)).then_some(row % 3 == 0)).collect::<BooleanArray>())),
        ("int8", Arc::new(primitive::<Int8Type>(|row| whole(row) as i8))),
        ("int16", Arc::new(primitive::<Int16Type>(|row| whole(row) as i16))),
        ("int32", Arc::new(primitive::<Int32Type>(|row| whole(row) as i32))),
        ("int64", Arc::new(primitive::<Int64Type>(whole))),
        ("uint8", Arc::new(primitive::<UInt8Type>(|row| whole(row) as u8))),
        ("uint16", Arc::new(primitive::<UInt16Type>(|row| whole(row) as u16))),
        ("uint32", Arc::new(primitive::<UInt32Type>(|row| whole(row) as u32))),
        ("uint64", Arc::new(primitive::<UInt64Type>(scrambled))),
        ("float16", Arc::new((0..ROWS).map(|row| (!null_at(row)).then(|| half(row))).collect::<Float16Array>())),
        (
            "float32",
            Arc::new((0..ROWS).map(|row| (!null_at(row)).then(|| floats[row % 6] as f32)).collect::<Float32Array>()),
        ),
        ("float64", Arc::new((0..ROWS).map(|row| (!null_at(row)).then(|| floats[row % 6])).collect::<Float64Array>())),
        (
            "decimal32",
            Arc::new(primitive::<Decimal32Type>(|row| row as i32 * 31).with_precision_and_scale(9, 2).unwrap()),
        ),
        (
            "decimal64",
            Arc::new(primitive::<Decimal64Type>(|row| -(row as i64)).with_precision_and_scale(18, 3).unwrap()),
        ),
        (
            "decimal128",
            Arc::new(
                primitive::<Decimal128Type>(|row| i128::from(whole(row)) * 1_000_000_007)
                    .with_precision_and_scale(38, 10)
                    .unwrap(),
            ),
        ),
        (
            "decimal256",
            Arc::new(
                primitive::<Decimal256Type>(|row| {
                    i256::from_i128(i128::MAX).wrapping_mul(i256::from_i128(row as i128))
                })
                .with_precision_and_scale(76, 20)
                .unwrap(),
            ),
        ),
        ("date32", Arc::new(primitive::<Date32Type>(|row| row as i32 - 100))),
        ("date64", Arc::new(primitive::<Date64Type>(|row| row as i64 * 86_400_000))),
        ("time32[s]", Arc::new(primitive::<Time32SecondType>(|row| row as i32))),
        ("time32[ms]", Arc::new(primitive::<Time32MillisecondType>(|row| row as i32))),
        ("time64[us]", Arc::new(primitive::<Time64MicrosecondType>(|row| row as i64))),
        ("time64[ns]", Arc::new(primitive::<Time64NanosecondType>(|row| row as i64))),
        ("timestamp[s]", Arc::new(primitive::<TimestampSecondType>(|row| row as i64))),
        ("timestamp[ms]", Arc::new(primitive::<TimestampMillisecondType>(whole))),
        ("timestamp[us, zone]", Arc::new(primitive::<TimestampMicrosecondType>(whole).with_timezone("Europe/Berlin"))),
        ("timestamp[ns, offset]", Arc::new(primitive::<TimestampNanosecondType>(whole).with_timezone("+05:30"))),
        ("duration[s]", Arc::new(primitive::<DurationSecondType>(whole))),
        ("duration[ms]", Arc::new(primitive::<DurationMillisecondType>(whole))),
        ("duration[us]", Arc::new(primitive::<DurationMicrosecondType>(whole))),
        ("duration[ns]", Arc::new(primitive::<DurationNanosecondType>(whole))),
        ("interval[year_month]", Arc::new(primitive::<IntervalYearMonthType>(|row| row as i32))),
        ("interval[day_time]", Arc::new(primitive::<IntervalDayTimeType>(|row| IntervalDayTime::new(row as i32, -1)))),
        (
            "interval[month_day_nano]",
            Arc::new(primitive::<IntervalMonthDayNanoType>(|row| IntervalMonthDayNano::new(1, row as i32, whole(row)))),
        ),
        ("utf8", Arc::new(texts().collect::<StringArray>())),
        ("large_utf8", Arc::new(texts().collect::<LargeStringArray>())),
        ("utf8_view", Arc::new(texts().collect::<StringViewArray>())),
        ("binary", Arc::new(texts().map(|text| text.map(String::into_bytes)).collect::<BinaryArray>())),
        ("large_binary", Arc::new(texts().map(|text| text.map(String::into_bytes)).collect::<LargeBinaryArray>())),
        (
            "binary_view",
            Arc::new((0..ROWS).map(|row| (!null_at(row)).then(|| bytes(row))).collect::<BinaryViewArray>()),
        ),
        (
            "fixed_size_binary",
            Arc::new(
                FixedSizeBinaryArray::try_from_sparse_iter_with_size(
                    (0..ROWS).map(|row| (!null_at(row)).then(|| scrambled(row).to_le_bytes()[..5].to_vec())),
                    5,
                )
                .unwrap(),
            ),
        ),
    ]
}

fn nested() -> Vec<(&'static str, ArrayRef)> {
    let texts: ArrayRef = Arc::new(texts().collect::<StringArray>());
    let views = cast(&texts, &DataType::Utf8View).unwrap();
    let bools: ArrayRef =
        Arc::new((0..ROWS).map(|row| (!null_at(row)).then_some(row % 2 == 0)).collect::<BooleanArray>());
    let numbers: ArrayRef = Arc::new(primitive::<Int32Type>(|row| row as i32));
    let dictionaries = dictionary::<Int16Type>(words(40));
    let pairs = structure(vec![("a", Arc::clone(&bools)), ("b", Arc::clone(&texts))]);
    let triples = FixedSizeListArray::try_new(
        item(&DataType::Boolean),
        3,
        take(&bools, &UInt32Array::from_iter_values((0..ROWS as u32 * 3).map(|row| row / 3)), None).unwrap(),
        Some(nulls()),
    );
    vec![
        ("list<utf8>", list::<i32>(&texts)),
        ("large_list<bool>", list::<i64>(&bools)),
        ("list<utf8_view>", list::<i32>(&views)),
        ("list<list<struct>>", list::<i32>(&list::<i32>(&pairs))),
        ("list_view<utf8>", list_view::<i32>(&texts)),
        ("large_list_view<list<int32>>", list_view::<i64>(&list::<i32>(&numbers))),
        ("fixed_size_list<bool>", Arc::new(triples.unwrap())),
        ("struct<bool, utf8>", Arc::clone(&pairs)),
        ("struct<struct<list>>", structure(vec![("inner", structure(vec![("list", list::<i32>(&views))]))])),
        ("struct<labelled bool>", labelled(Arc::clone(&bools))),
        ("list<struct<labelled dictionary>>", list::<i32>(&labelled(Arc::clone(&dictionaries)))),
        (
            "dictionary<int16, list<struct<labelled bool>>>",
            dictionary::<Int16Type>(list::<i32>(&labelled(Arc::clone(&bools)))),
        ),
        ("map<utf8, int32>", map(&numbers)),
        ("map<utf8, list<map>>", map(&list::<i32>(&map(&texts)))),
        ("sparse union", union(false, Arc::clone(&numbers), Arc::clone(&texts))),
        ("dense union", union(true, Arc::clone(&texts), Arc::clone(&numbers))),
        ("run_end_encoded<int16, utf8>", runs::<Int16Type>(&texts)),
        ("run_end_encoded<int64, int32>", runs::<Int64Type>(&numbers)),
        ("list<dictionary>", list::<i32>(&dictionaries)),
        ("large_list<struct<dictionary>>", list::<i64>(&structure(vec![("d", Arc::clone(&dictionaries))]))),
        ("list_view<dictionary>", list_view::<i32>(&dictionaries)),
        ("map<utf8, dictionary>", map(&dictionaries)),
        ("sparse union<dictionary, utf8>", union(false, Arc::clone(&dictionaries), texts)),
        ("dense union<dictionary, dictionary>", union(true, dictionary::<UInt8Type>(words(256)), dictionaries)),
        ("run_end_encoded<int32, dictionary>", runs::<Int32Type>(&dictionary::<Int8Type>(words(20)))),
    ]
}

fn dictionaries() -> Vec<(&'static str, ArrayRef)> {
    let floats: ArrayRef =
        Arc::new(Float64Array::from(vec![0.0, -0.0, f64::NAN, f64::from_bits(0x7ff8_0000_0000_1234)]));
    let some_null: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("b"), Some("a")]));
    let views: ArrayRef = Arc::new((0..50).map(|row| Some(text(row))).collect::<StringViewArray>());
    let lists = list::<i32>(&words(9)).slice(0, 100);
    vec![
        ("dictionary<int8, utf8> of 128", dictionary::<Int8Type>(words(128))),
        ("dictionary<int16, utf8>", dictionary::<Int16Type>(words(200))),
        ("dictionary<int32, utf8_view>", dictionary::<Int32Type>(views)),
        ("dictionary<int64, float64>", dictionary::<Int64Type>(floats)),
        ("dictionary<uint8, utf8> of 256", dictionary::<UInt8Type>(words(256))),
        ("dictionary<uint16, utf8> with nulls and repeats", dictionary::<UInt16Type>(some_null)),
        (
            "dictionary<uint32, decimal128>",
            dictionary::<UInt32Type>(Arc::new(primitive::<Decimal128Type>(|row| row as i128))),
        ),
        ("dictionary<uint64, list<utf8>>", dictionary::<UInt64Type>(lists)),
    ]
}

/// Names and arrays of [`ROWS`] rows.
pub fn types() -> Vec<(&'static str, ArrayRef)> {
    [flat(), nested(), dictionaries()].concat()
}
