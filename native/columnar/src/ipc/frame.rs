//! Messages as bytes: their header, framed; dictionary batches; the footer.

use std::io::{self, Write};

use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use arrow::ipc::convert::IpcSchemaEncoder;
use arrow::ipc::writer::{DictionaryTracker, EncodedData};
use arrow::ipc::{
    Block, BodyCompressionBuilder, DictionaryBatchBuilder, FooterBuilder, MessageBuilder, MessageHeader,
    MetadataVersion, RecordBatchBuilder, root_as_message,
};
use flatbuffers::FlatBufferBuilder;

/// First and last bytes of a file; a file begins with them and two zeros.
pub const MAGIC: [u8; 6] = *b"ARROW1";
/// Stands before the length of every message's header.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Every message begins and ends at a multiple of this, so that a reader may map the file and use its buffers in place.
pub const ALIGNMENT: usize = 64;
/// Bytes before a message's header.
pub const PREFIX_BYTES: usize = 8;

/// Writes a message whose body is padded already, so that it ends at a multiple of [`ALIGNMENT`] from `position`.
pub fn write(output: &mut impl Write, position: u64, message: &EncodedData) -> io::Result<Block> {
    let end = (position as usize + PREFIX_BYTES + message.ipc_message.len()).next_multiple_of(ALIGNMENT);
    let header = end - position as usize;
    let mut bytes = Vec::with_capacity(header);
    bytes.extend(CONTINUATION);
    bytes.extend(((header - PREFIX_BYTES) as i32).to_le_bytes());
    bytes.extend(&message.ipc_message);
    bytes.resize(header, 0);
    output.write_all(&bytes)?;
    output.write_all(&message.arrow_data)?;
    Ok(Block::new(position as i64, header as i32, message.arrow_data.len() as i64))
}

/// Makes a message of dictionary values of the message of a record batch that has them as its one column.
pub fn dictionary(values: EncodedData, id: i64, is_delta: bool) -> Result<EncodedData, ArrowError> {
    let unlike = |what: &str| ArrowError::IpcError(format!("arrow-rs encoded a record batch without {what}"));
    let message = root_as_message(&values.ipc_message).map_err(|error| unlike(&error.to_string()))?;
    let batch = message.header_as_record_batch().ok_or_else(|| unlike("a header"))?;
    let mut builder = FlatBufferBuilder::new();
    let nodes: Vec<_> = batch.nodes().ok_or_else(|| unlike("nodes"))?.iter().copied().collect();
    let buffers: Vec<_> = batch.buffers().ok_or_else(|| unlike("buffers"))?.iter().copied().collect();
    let nodes = builder.create_vector(&nodes);
    let buffers = builder.create_vector(&buffers);
    let variadic = batch.variadicBufferCounts().map(|counts| counts.iter().collect::<Vec<_>>());
    let variadic = variadic.map(|counts| builder.create_vector(&counts));
    let compression = batch.compression().map(|given| {
        let mut compression = BodyCompressionBuilder::new(&mut builder);
        compression.add_method(given.method());
        compression.add_codec(given.codec());
        compression.finish()
    });
    let mut data = RecordBatchBuilder::new(&mut builder);
    data.add_length(batch.length());
    data.add_nodes(nodes);
    data.add_buffers(buffers);
    if let Some(compression) = compression {
        data.add_compression(compression);
    }
    if let Some(variadic) = variadic {
        data.add_variadicBufferCounts(variadic);
    }
    let data = data.finish();
    let mut dictionary = DictionaryBatchBuilder::new(&mut builder);
    dictionary.add_id(id);
    dictionary.add_data(data);
    dictionary.add_isDelta(is_delta);
    let dictionary = dictionary.finish().as_union_value();
    let mut framed = MessageBuilder::new(&mut builder);
    framed.add_version(MetadataVersion::V5);
    framed.add_header_type(MessageHeader::DictionaryBatch);
    framed.add_bodyLength(values.arrow_data.len() as i64);
    framed.add_header(dictionary);
    let framed = framed.finish();
    builder.finish(framed, None);
    Ok(EncodedData { ipc_message: builder.finished_data().to_vec(), arrow_data: values.arrow_data })
}

/// What ends every stream, and stands before a file's footer.
pub fn end_of_stream() -> [u8; PREFIX_BYTES] {
    let mut bytes = [0; PREFIX_BYTES];
    bytes[..4].copy_from_slice(&CONTINUATION);
    bytes
}

/// Footer, its length and the magic.
pub fn footer(schema: &Schema, dictionaries: &[Block], batches: &[Block]) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let dictionaries = builder.create_vector(dictionaries);
    let batches = builder.create_vector(batches);
    let mut tracker = DictionaryTracker::new(true);
    let schema =
        IpcSchemaEncoder::new().with_dictionary_tracker(&mut tracker).schema_to_fb_offset(&mut builder, schema);
    let mut footer = FooterBuilder::new(&mut builder);
    footer.add_version(MetadataVersion::V5);
    footer.add_schema(schema);
    footer.add_dictionaries(dictionaries);
    footer.add_recordBatches(batches);
    let footer = footer.finish();
    builder.finish(footer, None);
    let mut bytes = builder.finished_data().to_vec();
    bytes.extend((bytes.len() as i32).to_le_bytes());
    bytes.extend(MAGIC);
    bytes
}
