//! How a batch crosses to a library: its own memory by pointer, or a deep copy of it.

use arrow::array::{Array, RecordBatch, StructArray};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, Schema};
use arrow::error::ArrowError;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use writeproof_abi::{ArrowArray, address_fold};

use crate::protocol::HandoverKind;
use crate::{addresses, sliced};

/// A batch as the C Data Interface has it, ready to be moved into a writer.
#[derive(Debug)]
pub struct Handed {
    /// The array; moved into the writer.
    pub array: FFI_ArrowArray,
    /// Its schema; moved into the writer.
    pub schema: FFI_ArrowSchema,
    /// [`address_fold`] of the array.
    pub fold: u64,
}

/// Hands batches over, and sees to it that a copy is one and a pointer is one.
pub struct Handover {
    copier: Option<Copier>,
    schema: Schema,
    /// The schema as the type of a struct array.
    kind: DataType,
}

impl Handover {
    /// A hand-over of batches of this schema.
    ///
    /// # Errors
    /// When the schema cannot be encoded.
    pub fn new(kind: HandoverKind, schema: &Schema) -> Result<Self, ArrowError> {
        let copier = match kind {
            HandoverKind::Copy => Some(Copier::new(schema)?),
            HandoverKind::Pointer => None,
        };
        Ok(Self { copier, schema: schema.clone(), kind: DataType::Struct(schema.fields().clone()) })
    }

    /// Exports the batch, whose Arrow bytes the caller has counted, or a copy of it.
    ///
    /// # Errors
    /// When it cannot be copied or exported, when a copy shares memory with the batch, or when an export does not.
    pub fn hand_over(&mut self, batch: RecordBatch, bytes: u64) -> Result<Handed, ArrowError> {
        let source = addresses::of_batch(&batch);
        let copied = self.copier.is_some();
        // The batch itself lives until the comparison, so that its memory cannot become the copy's.
        let crossing = match &mut self.copier {
            Some(copier) => copier.copy(&batch, bytes)?,
            None => batch.clone(),
        };
        let array =
            sliced::export(&crossing).unwrap_or_else(|| FFI_ArrowArray::new(&StructArray::from(crossing).into_data()));
        let schema = FFI_ArrowSchema::try_from(&self.schema)?;
        let exported = (&raw const array).cast::<ArrowArray>();
        // SAFETY: `FFI_ArrowArray` has the layout of the C struct, and this one was just made.
        let (fold, handed) = unsafe { (address_fold(exported), addresses::of_exported(exported, &self.kind)) };
        let shared = addresses::shared(&source, &handed);
        if copied && shared != 0 {
            return Err(ArrowError::CDataInterface(format!(
                "{shared} of {} buffers of a copied batch are the source's own memory; expected none",
                source.len()
            )));
        }
        if !copied && shared != source.len() {
            return Err(ArrowError::CDataInterface(format!(
                "{shared} of {} buffers of a batch handed over by pointer are the source's own memory; expected all",
                source.len()
            )));
        }
        Ok(Handed { array, schema, fold })
    }
}

/// A deep copy as most bridges between languages make it: an Arrow IPC round trip through one block of memory.
pub(crate) struct Copier {
    writer: StreamWriter<Vec<u8>>,
    decoder: StreamDecoder,
}

impl Copier {
    pub(crate) fn new(schema: &Schema) -> Result<Self, ArrowError> {
        let mut writer = StreamWriter::try_new(Vec::new(), schema)?;
        // SAFETY: what is decoded was encoded from a valid batch one call before, in this process; validating UTF-8 again
        // is no part of a copy.
        let mut decoder = unsafe { StreamDecoder::new().with_skip_validation(true) };
        let header = decoder.decode(&mut Buffer::from_vec(std::mem::take(writer.get_mut())))?;
        debug_assert!(header.is_none(), "the first message is the schema");
        Ok(Self { writer, decoder })
    }

    /// `bytes` are the batch's Arrow bytes.
    pub(crate) fn copy(&mut self, batch: &RecordBatch, bytes: u64) -> Result<RecordBatch, ArrowError> {
        // Nothing to copy; and the decoder gives a message without a body only when more bytes come.
        if batch.num_rows() == 0 {
            return Ok(RecordBatch::new_empty(batch.schema()));
        }
        if addresses::of_batch(batch).is_empty() {
            return Ok(batch.clone());
        }
        // Room for every buffer padded to 64 bytes and for the message's metadata, so that the block is not moved as it grows.
        let room = bytes as usize + batch.num_columns() * 320 + 4096;
        *self.writer.get_mut() = Vec::with_capacity(room);
        self.writer.write(batch)?;
        let mut encoded = std::mem::take(self.writer.get_mut());
        encoded.shrink_to_fit();
        let mut buffer = Buffer::from_vec(encoded);
        loop {
            if let Some(copy) = self.decoder.decode(&mut buffer)? {
                return Ok(copy);
            }
            if buffer.is_empty() {
                return Err(ArrowError::IpcError("a batch was encoded, and none came back".to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, Decimal128Array, FixedSizeListArray, Int32Array, Int64Array, ListViewArray, NullArray, RunArray,
        StringArray,
    };
    use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
    use arrow::datatypes::Field;
    use writeproof_digest::{Digester, TableDigest};
    use writeproof_tables::{Request, generated};

    use super::*;
    use crate::arrow_bytes;

    fn batch() -> RecordBatch {
        let columns: [(&str, ArrayRef); 3] = [
            ("number", Arc::new(Int64Array::from_iter_values(0..1000))),
            ("money", Arc::new(Decimal128Array::from_iter((0..1000).map(|i| (i % 7 != 0).then_some(i))))),
            ("text", Arc::new(StringArray::from_iter_values((0..1000).map(|i| format!("row {i}"))))),
        ];
        RecordBatch::try_from_iter(columns).expect("columns of a thousand rows each")
    }

    fn hand_over(handover: &mut Handover, batch: &RecordBatch) -> Result<Handed, ArrowError> {
        handover.hand_over(batch.clone(), arrow_bytes::of_batch(batch))
    }

    fn import(handed: Handed) -> RecordBatch {
        // SAFETY: exported just now, and moved in once.
        let data = unsafe { arrow::ffi::from_ffi(handed.array, &handed.schema) }.expect("our own export");
        RecordBatch::from(StructArray::from(data))
    }

    #[test]
    fn a_pointer_is_the_same_memory() {
        let batch = batch();
        let mut handover = Handover::new(HandoverKind::Pointer, &batch.schema()).expect("a plain schema");
        let received = import(hand_over(&mut handover, &batch).expect("handed over"));
        assert_eq!(received, batch);
        assert_eq!(addresses::of_batch(&received), addresses::of_batch(&batch));
    }

    #[test]
    fn a_copy_is_equal_and_other_memory_batch_after_batch() {
        let batch = batch();
        let mut handover = Handover::new(HandoverKind::Copy, &batch.schema()).expect("a plain schema");
        for rows in [1000, 1, 0, 333] {
            let slice = batch.slice(0, rows);
            let received = import(hand_over(&mut handover, &slice).expect("handed over"));
            assert_eq!(received, slice);
            assert_eq!(addresses::shared(&addresses::of_batch(&batch), &addresses::of_batch(&received)), 0);
        }
    }

    #[test]
    fn a_copy_of_no_rows_comes_where_a_message_has_no_body() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let batch = RecordBatch::try_from_iter([("number", numbers)]).expect("batch");
        let mut handover = Handover::new(HandoverKind::Copy, &batch.schema()).expect("a plain schema");
        for rows in [0, 3, 0, 0, 2] {
            let slice = batch.slice(0, rows);
            assert_eq!(import(hand_over(&mut handover, &slice).expect("handed over")), slice);
        }
        let nulls: ArrayRef = Arc::new(NullArray::new(3));
        let field = Arc::new(Field::new("nothing", DataType::Null, true));
        let within: ArrayRef = Arc::new(StructArray::from(vec![(field, Arc::clone(&nulls))]));
        for nothing in [nulls, within] {
            let batch = RecordBatch::try_from_iter_with_nullable([("nothing", nothing, true)]).expect("batch");
            let mut handover = Handover::new(HandoverKind::Copy, &batch.schema()).expect("a plain schema");
            for _ in 0..2 {
                assert_eq!(import(hand_over(&mut handover, &batch).expect("handed over")), batch);
            }
        }
    }

    #[test]
    fn the_fold_is_that_of_the_handed_array() {
        let batch = batch();
        let fold_of = |kind| {
            let mut handover = Handover::new(kind, &batch.schema()).expect("a plain schema");
            hand_over(&mut handover, &batch).expect("handed over").fold
        };
        assert_eq!(fold_of(HandoverKind::Pointer), fold_of(HandoverKind::Pointer));
        assert_ne!(fold_of(HandoverKind::Pointer), fold_of(HandoverKind::Copy));
    }

    #[test]
    fn a_slice_is_the_same_memory_and_says_its_offset() {
        for offset in [1, 7, 8, 63, 64, 65] {
            let sliced = batch().slice(offset, 100);
            let mut handover = Handover::new(HandoverKind::Pointer, &sliced.schema()).expect("a plain schema");
            let handed = hand_over(&mut handover, &sliced).expect("handed over");
            // SAFETY: the layout of the C struct.
            let array = unsafe { &*(&raw const handed.array).cast::<ArrowArray>() };
            // SAFETY: a batch of three columns.
            let offsets = [0, 1, 2].map(|column| unsafe { (**array.children.add(column)).offset });
            assert_eq!((array.offset, offsets), (0, [offset as i64; 3]));
            let received = import(handed);
            assert_eq!(received, sliced);
            assert_eq!(addresses::of_batch(&received), addresses::of_batch(&sliced));
        }
    }

    /// Rows whose bitmaps are those of items, and of columns beside list views and run ends.
    fn nested() -> RecordBatch {
        let numbers = || Int64Array::from_iter((0..400).map(|number| (number % 3 != 0).then_some(number)));
        let item = Arc::new(Field::new("item", DataType::Int64, true));
        let pairs = FixedSizeListArray::new(Arc::clone(&item), 2, Arc::new(numbers()), None);
        let (offsets, sizes) = (ScalarBuffer::from_iter(0..200), ScalarBuffer::from(vec![1; 200]));
        let views = ListViewArray::new(item, offsets, sizes, Arc::new(numbers()), None);
        let ends = Int32Array::from_iter_values((0..40).map(|run| 5 * (run + 1)));
        let runs = RunArray::try_new(&ends, &numbers().slice(0, 40)).expect("runs of five rows");
        let columns: [(&str, ArrayRef); 4] = [
            ("pairs", Arc::new(pairs)),
            ("views", Arc::new(views)),
            ("runs", Arc::new(runs)),
            ("number", Arc::new(numbers().slice(0, 200))),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).expect("columns")
    }

    #[test]
    fn slices_of_nested_columns_are_the_same_memory() {
        for columns in [vec![0], vec![1, 3], vec![2, 3], vec![0, 1, 2, 3]] {
            let batch = nested().project(&columns).expect("columns that are there");
            let mut handover = Handover::new(HandoverKind::Pointer, &batch.schema()).expect("a schema");
            for offset in [1, 7, 8, 63, 64, 65] {
                let sliced = batch.slice(offset, 100);
                let received = import(hand_over(&mut handover, &sliced).expect("handed over"));
                assert_eq!(received, sliced);
                assert_eq!(addresses::of_batch(&received), addresses::of_batch(&sliced));
            }
        }
    }

    fn types() -> Vec<RecordBatch> {
        let request = Request { table: "types".to_owned(), scale: 0.002, part: (1, 1), batch_rows: 300, threads: 1 };
        let mut source = generated(&request).expect("the table");
        std::iter::from_fn(|| source.next().expect("a batch")).collect()
    }

    fn digest(batches: &[RecordBatch]) -> TableDigest {
        let mut digester = Digester::new(&batches[0].schema(), 0).expect("types that are digested");
        batches.iter().for_each(|batch| digester.update(batch).expect("a batch of the schema"));
        digester.finish()
    }

    #[test]
    fn every_type_crosses_whole_in_slices_of_every_offset() {
        let sent = types();
        let expected = digest(&sent);
        assert_eq!((sent.len(), expected.rows), (19, 2_000));
        for kind in [HandoverKind::Pointer, HandoverKind::Copy] {
            let mut handover = Handover::new(kind, &sent[0].schema()).expect("a plain schema");
            let pass = |batch: &RecordBatch| import(hand_over(&mut handover, batch).expect("handed over"));
            let received: Vec<RecordBatch> = sent.iter().map(pass).collect();
            assert_eq!(digest(&received), expected, "{kind:?}");
            for (sent, received) in sent.iter().zip(&received) {
                received.columns().iter().for_each(|column| column.to_data().validate_full().expect("valid"));
                let [there, here] = [sent, received].map(addresses::of_batch);
                let same = if kind == HandoverKind::Pointer { here.len() } else { 0 };
                assert_eq!(addresses::shared(&here, &there), same, "{kind:?}");
                assert_eq!(arrow_bytes::of_batch(sent), arrow_bytes::of_batch(received));
            }
        }
    }

    #[test]
    fn an_export_that_had_to_copy_is_not_called_a_pointer() {
        // A bitmap that begins within a byte beside values that have nothing before them: no offset says both.
        let bits = BooleanBuffer::new(Buffer::from(vec![0b1010_1010; 2]), 3, 8);
        let column = Int64Array::new(vec![1; 8].into(), Some(NullBuffer::new(bits)));
        let batch = RecordBatch::try_from_iter([("number", Arc::new(column) as ArrayRef)]).expect("one column");
        let mut handover = Handover::new(HandoverKind::Pointer, &batch.schema()).expect("a plain schema");
        let refusal = hand_over(&mut handover, &batch).expect_err("the bitmap was copied").to_string();
        assert!(refusal.contains("handed over by pointer are the source's own memory; expected all"), "{refusal}");
    }
}
