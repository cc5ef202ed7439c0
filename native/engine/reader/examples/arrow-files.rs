//! Writes Arrow IPC files and streams of many types and layouts with arrow-rs into the folder that it is given, and prints for each its
//! name, what makes it special, and the digest of the rows that went into it, one JSON document a line. Tests read them back.

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::*;
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::concat_batches;
use arrow::datatypes::*;
use arrow::ipc::CompressionType;
use arrow::ipc::writer::{DictionaryHandling, FileWriter, IpcWriteOptions, StreamWriter};
use writeproof_digest::Digester;
use writeproof_schema::fields_of;

const ROWS: usize = 300;

fn null_at(row: usize) -> bool {
    row % 7 == 3
}

fn sparse<T>(make: impl Fn(usize) -> T) -> impl Iterator<Item = Option<T>> {
    (0..ROWS).map(move |row| (!null_at(row)).then(|| make(row)))
}

fn text(row: usize) -> String {
    match row % 4 {
        0 => String::new(),
        1 => format!("short {row}"),
        2 => format!("longer than the twelve bytes of a view, {row}"),
        _ => "ä€𝄞".repeat(row % 40),
    }
}

/// Values that doubles and 128 bits do not hold.
fn huge(row: usize) -> i256 {
    let most = i256::from_parts(u128::MAX, i128::MAX / 1_000_000);
    if row.is_multiple_of(2) {
        most.wrapping_sub(i256::from_i128(row as i128))
    } else {
        i256::from_i128(-(row as i128))
    }
}

fn list_of<O: OffsetSizeTrait>(values: ArrayRef, nullable: bool) -> ArrayRef {
    let field = Arc::new(Field::new("item", values.data_type().clone(), nullable));
    let lengths = (0..ROWS / 2).map(|row| {
        if row + 1 == ROWS / 2 {
            values.len() - (row * 3 / 2).min(values.len())
        } else {
            (row + 1) * 3 / 2 - row * 3 / 2
        }
    });
    let offsets = OffsetBuffer::<O>::from_lengths(lengths.chain(std::iter::repeat_n(0, ROWS - ROWS / 2)));
    let nulls = NullBuffer::from_iter((0..ROWS).map(|row| !null_at(row)));
    Arc::new(GenericListArray::<O>::try_new(field, offsets, values, Some(nulls)).expect("a list"))
}

fn words(row: usize) -> Option<&'static str> {
    (!null_at(row)).then(|| ["alpha", "beta", "", "a word of more than twelve bytes"][row % 4])
}

/// Many types, most with nulls.
fn columns() -> Vec<(&'static str, ArrayRef, bool)> {
    let mut columns: Vec<(&'static str, ArrayRef, bool)> = Vec::new();
    let mut add = |name, array: ArrayRef| columns.push((name, array, true));
    add("nothing", Arc::new(NullArray::new(ROWS)));
    add("flag", Arc::new(sparse(|row| row % 3 == 0).collect::<BooleanArray>()));
    add("int8", Arc::new(sparse(|row| row as i8).collect::<Int8Array>()));
    add("uint16", Arc::new(sparse(|row| row as u16 * 217).collect::<UInt16Array>()));
    add("int32", Arc::new(sparse(|row| row as i32 - 150).collect::<Int32Array>()));
    add("uint64", Arc::new(sparse(|row| u64::MAX - row as u64).collect::<UInt64Array>()));
    add("float32", Arc::new(sparse(|row| row as f32 / 3.0).collect::<Float32Array>()));
    let payload = |row| f64::from_bits(0x7ff8_0000_0000_0000 + row as u64);
    add("nan", Arc::new(sparse(|row| if row % 2 == 0 { payload(row) } else { -0.0 }).collect::<Float64Array>()));
    let decimals = sparse(|row| i128::MAX / 10 - row as i128).collect::<Decimal128Array>();
    add("decimal128", Arc::new(decimals.with_precision_and_scale(38, 7).expect("38 digits")));
    let decimals = sparse(huge).collect::<Decimal256Array>();
    add("decimal256", Arc::new(decimals.with_precision_and_scale(76, 10).expect("76 digits")));
    add(
        "decimal32",
        Arc::new(
            sparse(|row| row as i32 * -31)
                .collect::<Decimal32Array>()
                .with_precision_and_scale(9, 2)
                .expect("9 digits"),
        ),
    );
    add(
        "decimal64",
        Arc::new(
            sparse(|row| row as i64 * 31)
                .collect::<Decimal64Array>()
                .with_precision_and_scale(18, 0)
                .expect("18 digits"),
        ),
    );
    add("date32", Arc::new(sparse(|row| row as i32 * 100).collect::<Date32Array>()));
    add("date64", Arc::new(sparse(|row| row as i64 * 86_400_000).collect::<Date64Array>()));
    add("time32", Arc::new(sparse(|row| row as i32).collect::<Time32MillisecondArray>()));
    add("time64", Arc::new(sparse(|row| row as i64).collect::<Time64NanosecondArray>()));
    let stamps = sparse(|row| i64::MAX - row as i64).collect::<TimestampNanosecondArray>();
    add("timestamp", Arc::new(stamps.clone()));
    add("zoned", Arc::new(stamps.with_timezone("Europe/Berlin")));
    add("duration", Arc::new(sparse(|row| row as i64).collect::<DurationMicrosecondArray>()));
    add("months", Arc::new(sparse(|row| row as i32).collect::<IntervalYearMonthArray>()));
    add("days", Arc::new(sparse(|row| IntervalDayTime::new(row as i32, -1)).collect::<IntervalDayTimeArray>()));
    add(
        "nanos",
        Arc::new(sparse(|row| IntervalMonthDayNano::new(1, row as i32, 2)).collect::<IntervalMonthDayNanoArray>()),
    );
    add("utf8", Arc::new(sparse(text).collect::<StringArray>()));
    add("large", Arc::new(sparse(text).collect::<LargeStringArray>()));
    add("view", Arc::new(sparse(text).collect::<StringViewArray>()));
    add("binary", Arc::new(sparse(|row| text(row).into_bytes()).collect::<BinaryArray>()));
    add("binary_view", Arc::new(sparse(|row| text(row).into_bytes()).collect::<BinaryViewArray>()));
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(sparse(|row| [row as u8; 5]), 5);
    add("fixed", Arc::new(fixed.expect("five bytes each")));
    let numbers: ArrayRef = Arc::new((0..ROWS).map(|row| (row % 5 != 0).then_some(row as i64)).collect::<Int64Array>());
    let list = list_of::<i32>(numbers.clone(), true);
    add("list", list.clone());
    add(
        "large_list",
        list_of::<i64>(Arc::new((0..ROWS).map(|row| Some(text(row))).collect::<StringViewArray>()), false),
    );
    let item = Arc::new(Field::new("item", DataType::Int64, true));
    let offsets = ScalarBuffer::from((0..ROWS as i32).map(|row| (row * 7) % 200).collect::<Vec<_>>());
    let sizes = ScalarBuffer::from((0..ROWS as i32).map(|row| row % 5).collect::<Vec<_>>());
    add("list_view", Arc::new(ListViewArray::new(item.clone(), offsets, sizes, numbers.clone(), None)));
    let pairs: ArrayRef = Arc::new(Int64Array::from_iter_values(0..2 * ROWS as i64));
    let nulls = NullBuffer::from_iter((0..ROWS).map(|row| !null_at(row)));
    add("pairs", Arc::new(FixedSizeListArray::new(item, 2, pairs, Some(nulls.clone()))));
    let said = HashMap::from([("PARQUET:field_id".to_owned(), "7".to_owned())]);
    let inner = vec![
        (Arc::new(Field::new("list", list.data_type().clone(), true)), list.clone()),
        (Arc::new(Field::new("an \"odd\" name", DataType::Int64, true).with_metadata(said)), numbers),
    ];
    let (fields, arrays): (Vec<_>, Vec<_>) = inner.into_iter().unzip();
    let structs: ArrayRef = Arc::new(StructArray::new(fields.into(), arrays, Some(nulls)));
    add("struct", structs.clone());
    add("deep", list_of::<i32>(structs, true));
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for row in 0..ROWS {
        for entry in 0..row % 3 {
            map.keys().append_value(format!("key {entry}"));
            map.values().append_option((entry == 0).then_some(row as i32));
        }
        map.append(!null_at(row)).expect("as many keys as values");
    }
    add("map", Arc::new(map.finish()));
    let runs = Int32Array::from_iter_values((1..=ROWS as i32 / 10).map(|run| run * 10));
    let values = StringArray::from_iter((0..ROWS / 10).map(|run| (run % 4 != 0).then(|| text(run))));
    add("runs", Arc::new(RunArray::try_new(&runs, &values).expect("runs")));
    let members = [("a", DataType::Int32), ("b", DataType::Utf8)];
    let fields =
        UnionFields::try_new([0, 5], members.map(|(name, kind)| Field::new(name, kind, true))).expect("two members");
    let ids = ScalarBuffer::from((0..ROWS).map(|row| if row % 2 == 0 { 0i8 } else { 5 }).collect::<Vec<_>>());
    let children: Vec<ArrayRef> = vec![
        Arc::new(sparse(|row| row as i32).collect::<Int32Array>()),
        Arc::new(sparse(text).collect::<StringArray>()),
    ];
    add(
        "sparse_union",
        Arc::new(UnionArray::try_new(fields.clone(), ids.clone(), None, children.clone()).expect("a union")),
    );
    let offsets = ScalarBuffer::from((0..ROWS as i32).collect::<Vec<_>>());
    add("dense_union", Arc::new(UnionArray::try_new(fields, ids, Some(offsets), children).expect("a union")));
    columns.push(("key", Arc::new(Int64Array::from_iter_values(0..ROWS as i64)), false));
    columns
}

/// Dictionaries: of small keys with nulls, below a list, and of lists.
fn dictionaries() -> Vec<(&'static str, ArrayRef, bool)> {
    let small: ArrayRef = Arc::new((0..ROWS).map(words).collect::<DictionaryArray<Int8Type>>());
    let unsigned: ArrayRef = Arc::new((0..ROWS).map(words).collect::<DictionaryArray<UInt16Type>>());
    vec![("small", small.clone(), true), ("below", list_of::<i32>(small, true), true), ("unsigned", unsigned, true)]
}

fn batch_of(columns: Vec<(&'static str, ArrayRef, bool)>) -> Result<RecordBatch, Box<dyn Error>> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array, nullable)| Field::new(*name, array.data_type().clone(), *nullable)).collect();
    let metadata = HashMap::from([("writeproof.nonce".to_owned(), "nonce of the example".to_owned())]);
    let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
    Ok(RecordBatch::try_new(schema, columns.into_iter().map(|(_, array, _)| array).collect())?)
}

/// Batches whose dictionary grows, or is another, from batch to batch.
fn changing(grows: bool) -> Result<Vec<RecordBatch>, Box<dyn Error>> {
    let values = ["one", "two", "three", "four", "five", "six"];
    (1..=3)
        .map(|part| {
            let known = if grows { &values[..2 * part] } else { &values[2 * part - 2..2 * part] };
            let keys = Int8Array::from_iter((0..50).map(|row| (row % 9 != 0).then_some((row % known.len()) as i8)));
            let words = DictionaryArray::try_new(keys, Arc::new(StringArray::from(known.to_vec())) as ArrayRef)?;
            batch_of(vec![("word", Arc::new(words), true)])
        })
        .collect()
}

fn write(
    folder: &Path,
    name: &str,
    is_stream: bool,
    options: IpcWriteOptions,
    batches: &[RecordBatch],
) -> Result<(), Box<dyn Error>> {
    let schema = batches[0].schema();
    let file = File::create(folder.join(name))?;
    if is_stream {
        let mut writer = StreamWriter::try_new_with_options(file, &schema, options)?;
        batches.iter().try_for_each(|batch| writer.write(batch))?;
        writer.finish()?;
    } else {
        let mut writer = FileWriter::try_new_with_options(file, &schema, options)?;
        batches.iter().try_for_each(|batch| writer.write(batch))?;
        writer.finish()?;
    }
    let mut digester = Digester::new(&schema, 0)?;
    batches.iter().try_for_each(|batch| digester.update(batch))?;
    let document = serde_json::json!({ "name": name, "fields": fields_of(&schema), "digest": digester.finish() });
    println!("{document}");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("expected a folder")?;
    let folder = Path::new(&folder);
    let types = batch_of(columns())?;
    let coded = batch_of(dictionaries())?;
    // Slices at offsets that are no multiple of eight, a batch of one row and one of none.
    let slices = |batch: &RecordBatch| -> Vec<RecordBatch> {
        [(0, 7), (7, 65), (72, 0), (72, 1), (73, ROWS - 73)].map(|(start, rows)| batch.slice(start, rows)).to_vec()
    };
    let whole = concat_batches(&types.schema(), &slices(&types))?;
    for (codec, compression) in
        [("none", None), ("lz4", Some(CompressionType::LZ4_FRAME)), ("zstd", Some(CompressionType::ZSTD))]
    {
        for (kind, is_stream) in [("file", false), ("stream", true)] {
            let options = || IpcWriteOptions::default().try_with_compression(compression);
            write(folder, &format!("types-{kind}-{codec}.arrow"), is_stream, options()?, &slices(&types))?;
            write(folder, &format!("dictionaries-{kind}-{codec}.arrow"), is_stream, options()?, &slices(&coded))?;
        }
    }
    let eight = IpcWriteOptions::try_new(8, false, arrow::ipc::MetadataVersion::V5)?;
    write(folder, "types-file-aligned-to-8.arrow", false, eight, &[whole])?;
    let deltas = || IpcWriteOptions::default().with_dictionary_handling(DictionaryHandling::Delta);
    write(folder, "deltas-file.arrow", false, deltas(), &changing(true)?)?;
    write(folder, "deltas-stream.arrow", true, deltas(), &changing(true)?)?;
    write(folder, "replaced-stream.arrow", true, IpcWriteOptions::default(), &changing(false)?)?;
    Ok(())
}
