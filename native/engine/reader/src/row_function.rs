//! A function of SQL that digests its arguments' rows inside of DuckDB's query, so that no row is copied on its way out.

use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use writeproof_digest::{Digester, HeldValues};

use crate::ReaderError;
use crate::columns::Columns;
use crate::duckdb::{Connection, terminated};
use crate::library::{Functions, Handle, loaded};
use crate::vectors::{ANY, Chunk, Held, UTINYINT};

/// Rows being digested. The first argument of the function is the row's number, the others are the columns that are read.
pub(crate) struct Rows {
    columns: Columns,
    digester: Digester,
    /// Number of the row that comes next.
    next_row: u64,
    /// How each argument is held; `None` where they go through Arrow. Known from the first chunk on.
    layout: Option<Option<Vec<Held>>>,
}

/// What the function of one connection works on.
struct Slot {
    functions: &'static Functions,
    arrow_options: Handle,
    rows: Mutex<Option<Rows>>,
}

// SAFETY: the options are only read; the functions are DuckDB's, which all threads may call.
unsafe impl Send for Slot {}
// SAFETY: as above.
unsafe impl Sync for Slot {}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: made for this slot, destroyed once.
        unsafe { (self.functions.destroy_arrow_options)(&mut self.arrow_options) };
    }
}

/// The function of one connection.
pub(crate) struct RowFunction {
    pub name: String,
    slot: Arc<Slot>,
}

impl RowFunction {
    /// Registers a function of this name, which no other connection of the database may have. The connection's settings say how
    /// it goes through Arrow.
    pub fn register(connection: &Connection, name: String) -> Result<Self, ReaderError> {
        let functions = connection.functions;
        let mut arrow_options = ptr::null_mut();
        // SAFETY: the connection is open, the options go to the place given.
        unsafe { (functions.connection_get_arrow_options)(connection.handle, &mut arrow_options) };
        let slot = Arc::new(Slot { functions, arrow_options, rows: Mutex::new(None) });
        let terminated_name = terminated(&name)?;
        // SAFETY: what is created is destroyed once; the catalog has a copy of the function, and drops the slot with it.
        let state = unsafe {
            let mut function = (functions.create_scalar_function)();
            (functions.scalar_function_set_name)(function, terminated_name.as_ptr());
            let mut any = (functions.create_logical_type)(ANY);
            (functions.scalar_function_set_varargs)(function, any);
            (functions.destroy_logical_type)(&mut any);
            let mut one = (functions.create_logical_type)(UTINYINT);
            (functions.scalar_function_set_return_type)(function, one);
            (functions.destroy_logical_type)(&mut one);
            // Called for every row, whatever its arguments are.
            (functions.scalar_function_set_volatile)(function);
            (functions.scalar_function_set_special_handling)(function);
            let info = Arc::into_raw(Arc::clone(&slot)).cast_mut().cast();
            (functions.scalar_function_set_extra_info)(function, info, drop_slot);
            (functions.scalar_function_set_function)(function, take_chunk);
            let state = (functions.register_scalar_function)(connection.handle, function);
            (functions.destroy_scalar_function)(&mut function);
            state
        };
        if state != 0 {
            return Err(ReaderError::new(format!("registering the function {name} in DuckDB"), "it gave no reason"));
        }
        Ok(Self { name, slot })
    }

    /// The rows to digest from now on; returns those until now.
    pub fn exchange(&self, rows: Option<Rows>) -> Option<Rows> {
        std::mem::replace(&mut *self.slot.lock(), rows)
    }
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Option<Rows>> {
        // After a panic the query has failed, and what is here is not used.
        self.rows.lock().unwrap_or_else(|poison| poison.into_inner())
    }

    fn take(&self, chunk: &Chunk<'_>) -> Result<(), ReaderError> {
        let mut rows = self.lock();
        let rows = rows.as_mut().ok_or_else(|| ReaderError::new("DuckDB", "rows came that nobody asked for"))?;
        rows.add(chunk, self.arrow_options)
    }
}

impl Rows {
    pub fn new(columns: Columns, digester: Digester, first_row: u64) -> Self {
        Self { columns, digester, next_row: first_row, layout: None }
    }

    pub fn finish(self) -> Digester {
        self.digester
    }

    fn add(&mut self, chunk: &Chunk<'_>, arrow_options: Handle) -> Result<(), ReaderError> {
        let arguments = self.columns.arguments.fields().len();
        if chunk.columns() != arguments as u64 {
            let reason = format!("{} columns came, {arguments} were asked for", chunk.columns());
            return Err(ReaderError::new("DuckDB", reason));
        }
        let layout = self.layout.get_or_insert_with(|| {
            let held = (0..chunk.columns()).map(|position| chunk.held(position));
            self.columns.are_held_as_declared().then(|| held.collect()).flatten()
        });
        let failed = |error| ReaderError::new("digesting what DuckDB read", error);
        match layout {
            Some(layout) => {
                let columns: Vec<_> =
                    layout.iter().zip(0..).map(|(held, position)| chunk.column(position, *held)).collect();
                match &columns[0].values {
                    HeldValues::Fixed { bytes, stored: 8 } => {
                        let numbers = bytes.as_chunks().0.iter().map(|number| i64::from_le_bytes(*number));
                        check_order(numbers, self.next_row)?;
                    }
                    _ => return Err(no_row_numbers()),
                }
                self.digester.update_held(&columns[1..], chunk.rows).map_err(failed)?;
            }
            None => {
                let batch = chunk.to_arrow(arrow_options, &self.columns.arguments)?;
                let numbers = batch.column(0).as_primitive_opt::<Int64Type>().ok_or_else(no_row_numbers)?;
                check_order(numbers.values().iter().copied(), self.next_row)?;
                self.digester.update(&self.columns.as_declared(&batch)?).map_err(failed)?;
            }
        }
        self.next_row += chunk.rows as u64;
        Ok(())
    }
}

fn no_row_numbers() -> ReaderError {
    ReaderError::new("DuckDB", "row numbers are not of type int64")
}

/// Fails unless the numbers are `first` and those after it.
fn check_order(numbers: impl Iterator<Item = i64>, first: u64) -> Result<(), ReaderError> {
    let start = i64::try_from(first).map_err(|error| ReaderError::new("counting rows", error))?;
    if numbers.zip(start..).fold(false, |unlike, (number, expected)| unlike | (number != expected)) {
        return Err(ReaderError::new(
            "DuckDB",
            format!("rows came in another order than the file's: expected row {first} and those after it"),
        ));
    }
    Ok(())
}

/// `duckdb_scalar_function_t`: DuckDB has flattened the chunk. The results are ones.
unsafe extern "C" fn take_chunk(info: Handle, chunk: Handle, results: Handle) {
    let Some(functions) = loaded() else { return };
    // A panic must not go on into DuckDB.
    let outcome = catch_unwind(AssertUnwindSafe(|| -> Result<(), ReaderError> {
        // SAFETY: DuckDB calls the function that `register` made, and keeps its slot alive.
        let slot = unsafe { &*(functions.scalar_function_get_extra_info)(info).cast::<Slot>() };
        // SAFETY: the chunk is DuckDB's for the length of the call, and flat.
        let rows = unsafe { Chunk::new(functions, chunk) }?;
        slot.take(&rows)?;
        // SAFETY: the vector of results has room for a byte for each row.
        unsafe { ptr::write_bytes((functions.vector_get_data)(results).cast::<u8>(), 1, rows.rows) };
        Ok(())
    }));
    let reason = match outcome {
        Ok(Ok(())) => return,
        Ok(Err(error)) => CString::new(error.to_string()).unwrap_or_default(),
        Err(_) => c"digesting rows panicked".to_owned(),
    };
    // SAFETY: the function's own info; DuckDB copies the text.
    unsafe { (functions.scalar_function_set_error)(info, reason.as_ptr()) };
}

/// Drops DuckDB's hold on a slot.
unsafe extern "C" fn drop_slot(slot: Handle) {
    // SAFETY: made by `Arc::into_raw` in `register`, and given back once.
    drop(unsafe { Arc::from_raw(slot.cast::<Slot>()) });
}

#[cfg(test)]
mod tests {
    use super::check_order;

    #[test]
    fn rows_in_another_order_are_an_error() {
        assert!(check_order([5, 6, 7].into_iter(), 5).is_ok());
        for wrong in [[6, 7, 8], [5, 7, 6], [5, 6, 6], [5, 6, 8]] {
            let error = check_order(wrong.into_iter(), 5).expect_err("another order");
            assert!(error.to_string().contains("expected row 5 and those after it"), "{error}");
        }
    }
}
