use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::count::{rows_of_unit, units};
use crate::pool::Pool;
use crate::raw;
use crate::rows::{Customers, LineItems, Nations, Orders, PartSupps, Parts, Reader, Regions, Suppliers, Table};
use crate::schema::PATTERN_TABLE;
use crate::threads::Threads;
use crate::types;
use crate::{BatchSource, Busy, CORE_TYPES, RAW, Request, SourceError, TYPES, expected_rows_of_part};

/// Most lines that an order has.
const MOST_LINES: u64 = 7;

/// A source that generates a table, or part of it, in this process. Builds the text pool of TPC-H when it is the first that needs it.
///
/// # Errors
/// When the request asks for what there is not.
pub fn generated(request: &Request) -> Result<Box<dyn BatchSource>, SourceError> {
    let schema = request.checked()?;
    match request.table.as_str() {
        "customer" => open::<Customers>(request, schema),
        "lineitem" => open::<LineItems>(request, schema),
        "nation" => open::<Nations>(request, schema),
        "orders" => open::<Orders>(request, schema),
        "part" => open::<Parts>(request, schema),
        "partsupp" => open::<PartSupps>(request, schema),
        "region" => open::<Regions>(request, schema),
        "supplier" => open::<Suppliers>(request, schema),
        TYPES => Ok(Box::new(types::open(request, schema))),
        CORE_TYPES => Ok(Box::new(types::CoreTypes::new(types::open(request, types::schema())))),
        RAW | PATTERN_TABLE => Ok(Box::new(raw::open(request, schema))),
        other => Err(SourceError::new(format!("table \"{other}\" has a schema and no generator"))),
    }
}

fn open<T: Table>(request: &Request, schema: SchemaRef) -> Result<Box<dyn BatchSource>, SourceError> {
    let start = Instant::now();
    let pool = Pool::shared(request.threads)?;
    let units_of_part = request.units();
    let most_rows = (units_of_part.end - units_of_part.start) * rows_of_unit(&request.table).unwrap_or(MOST_LINES);
    // No room is made for rows that cannot come.
    let request = Request { batch_rows: request.batch_rows.min(most_rows.max(1) as usize), ..request.clone() };
    let batches = if request.threads == 1 {
        let total = units(&request.table, request.scale);
        let reader = Reader::new(schema.clone(), pool, request.scale, total, units_of_part, 0);
        Batches::Here(reader, start.elapsed().as_nanos() as u64)
    } else {
        let threads = Threads::spawn::<T>(&request, &schema, pool, start.elapsed());
        Batches::Threads(
            threads.map_err(|error| SourceError::new(format!("cannot start {} threads: {error}", request.threads)))?,
        )
    };
    Ok(Box::new(Generated::<T> { request, schema, batches, rows: 0, ended: false }))
}

enum Batches<T: Table> {
    /// On the caller's thread, with the time spent.
    Here(Reader<T>, u64),
    Threads(Threads),
}

struct Generated<T: Table> {
    request: Request,
    schema: SchemaRef,
    batches: Batches<T>,
    rows: u64,
    ended: bool,
}

impl<T: Table> Generated<T> {
    /// The rows came from the generator, their number from dbgen's stream of line counts.
    fn check_rows(&self) -> Result<(), SourceError> {
        let expected = expected_rows_of_part(&self.request);
        if self.rows == expected {
            return Ok(());
        }
        let Request { table, scale, part: (index, count), .. } = &self.request;
        Err(SourceError::new(format!(
            "the generator made {} rows of {table} at scale {scale}, part {index} of {count}; expected {expected}",
            self.rows
        )))
    }
}

impl<T: Table> BatchSource for Generated<T> {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        if self.ended {
            return Ok(None);
        }
        let batch = match &mut self.batches {
            Batches::Here(reader, busy_ns) => {
                let start = Instant::now();
                let batch = reader.next(self.request.batch_rows)?;
                *busy_ns += start.elapsed().as_nanos() as u64;
                batch
            }
            Batches::Threads(threads) => threads.next()?,
        };
        match &batch {
            Some(batch) => self.rows += batch.num_rows() as u64,
            None => {
                self.ended = true;
                self.check_rows()?;
            }
        }
        Ok(batch)
    }

    fn busy(&self) -> Busy {
        let generate_ns = match &self.batches {
            Batches::Here(_, busy_ns) => *busy_ns,
            Batches::Threads(threads) => threads.busy_ns(),
        };
        Busy { generate_ns, convert_ns: 0 }
    }
}
