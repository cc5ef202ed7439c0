//! The Parquet writer with one fault.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::datatypes::SchemaRef;
use serde_json::{Map, Value, json};
use writeproof_abi::{ArrowArray, ArrowSchema, CreateArgs, Error, Writer};
use writeproof_columnar::{Imported, ParquetWriter, import, import_schema};

use crate::fault::Fault;
use crate::wrong_format::ArrowFile;
use crate::{footer, late, rows};

/// A nonce that no run has: those are random text without blanks.
const OLDER_RUN: &str = "older run";

/// Writes as [`ParquetWriter`] does, except for what its fault changes.
pub(crate) struct FaultyWriter {
    fault: Fault,
    target: PathBuf,
    /// Schema of the batches that come.
    schema: SchemaRef,
    inner: Inner,
    /// The batch that may turn out to be the last.
    held: Option<Imported>,
    rows: usize,
    damaged: bool,
    late_milliseconds: u64,
    slow_share: f64,
}

enum Inner {
    Nothing,
    Arrow(Box<ArrowFile>),
    Parquet(Box<ParquetWriter>),
}

impl Inner {
    fn take(&mut self, imported: Imported) -> Result<(), Error> {
        match self {
            Self::Nothing => Ok(()),
            Self::Arrow(file) => file.write(&imported.batch).map_err(Error::new),
            Self::Parquet(writer) => writer.take(imported),
        }
    }
}

/// Takes the fault's own options out of `options`; the rest is the Parquet writer's.
fn own(options: &mut Map<String, Value>) -> Result<(Fault, u64, f64), Error> {
    let ill = |name: &str, value: &Value, expected: &str| {
        Error::new(format!("option {name} is {value}; expected {expected}"))
    };
    let fault = match options.remove("fault") {
        None => Fault::None,
        Some(Value::String(name)) => Fault::read(&name)?,
        Some(other) => return Err(ill("fault", &other, &Fault::names().join(", "))),
    };
    let late = options.remove("lateMs").unwrap_or(json!(300));
    let late = late.as_u64().ok_or_else(|| ill("lateMs", &late, "milliseconds, a whole number"))?;
    let slow = options.remove("slowShare").unwrap_or(json!(0.05));
    let slow = slow
        .as_f64()
        .filter(|share| (0.0..=100.0).contains(share))
        .ok_or_else(|| ill("slowShare", &slow, "a number from 0 to 100"))?;
    Ok((fault, late, slow))
}

impl FaultyWriter {
    fn take(&mut self, imported: Imported) -> Result<(), Error> {
        self.rows += imported.batch.num_rows();
        let changed = match self.fault {
            Fault::DropLastBatch if imported.batch.num_rows() > 0 => {
                return match self.held.replace(imported) {
                    Some(before) => self.inner.take(before),
                    None => Ok(()),
                };
            }
            Fault::Slow => return self.take_slowly(imported),
            Fault::NullValue if self.damaged => {
                let columns = imported.batch.columns().to_vec();
                arrow::array::RecordBatch::try_new(rows::first_nullable(&self.schema), columns).map(Some)
            }
            _ if self.damaged => Ok(None),
            Fault::SwapRows => rows::swap_rows(&imported.batch),
            Fault::ValueChanged => rows::change_value(&imported.batch),
            Fault::NullValue => rows::null_value(&imported.batch, &rows::first_nullable(&self.schema)),
            _ => Ok(None),
        };
        match changed.map_err(Error::new)? {
            Some(batch) => {
                self.damaged = true;
                self.inner.take(Imported { batch, ..imported })
            }
            None => self.inner.take(imported),
        }
    }

    fn take_slowly(&mut self, imported: Imported) -> Result<(), Error> {
        let began = Instant::now();
        self.inner.take(imported)?;
        let pause = began.elapsed().mul_f64(self.slow_share);
        std::thread::sleep(pause);
        self.damaged |= pause > Duration::ZERO;
        Ok(())
    }

    /// Damages the finished file, and says what would have been needed when there was nothing to damage.
    fn damage_file(&mut self) -> Result<(), Error> {
        let target = self.target.as_path();
        let (damaged, needed) = match self.fault {
            Fault::None => return Ok(()),
            Fault::DropEverything => (!target.exists() && self.rows > 0, "no batch had rows"),
            Fault::EmptyValid => (footer::hide_rows(target).map_err(Error::new)?, "the file has no row group"),
            Fault::CountLie => (footer::claim_a_row(target).map_err(Error::new)?, "the file has no row group"),
            Fault::StatsLie => {
                (footer::lower_maximum(target).map_err(Error::new)?, "no column chunk has statistics with two values")
            }
            Fault::LateWrite => {
                late::append_later(target, self.late_milliseconds)?;
                (true, "")
            }
            Fault::WrongFormat => {
                let bytes = std::fs::read(target)?;
                (!bytes.starts_with(b"PAR1") && !bytes.ends_with(b"PAR1"), "the file is Parquet")
            }
            Fault::DropLastBatch => (self.held.take().is_some(), "no batch had rows"),
            Fault::SwapRows => (self.damaged, "no two neighbouring rows of a batch differ"),
            Fault::ValueChanged => (self.damaged, "no two neighbouring values of a column differ"),
            Fault::NullValue => (self.damaged, "the first column has no value"),
            Fault::StaleFile => (self.damaged, "this run's nonce is that of the older run"),
            Fault::Slow => (self.damaged, "no time was lost"),
        };
        if damaged { Ok(()) } else { Err(self.fault.changed_nothing(needed)) }
    }
}

impl Writer for FaultyWriter {
    fn capabilities() -> Value {
        let mut capabilities = ParquetWriter::capabilities();
        capabilities["name"] = json!("faults");
        let options = &mut capabilities["options"];
        options["fault"] = json!({ "default": "none", "values": Fault::names(), "help": "what goes wrong" });
        options["lateMs"] = json!({ "default": 300, "help": "milliseconds from close to the late write" });
        options["slowShare"] = json!({ "default": 0.05, "help": "share of its time by which a slow write is longer" });
        capabilities
    }

    fn create(args: &CreateArgs) -> Result<Self, Error> {
        // SAFETY: the header asks for a valid schema during create.
        let schema = unsafe { import_schema(args.schema)? };
        let mut options = args.options.clone();
        let (fault, late_milliseconds, slow_share) = own(&mut options)?;
        let nonce = if fault == Fault::StaleFile { OLDER_RUN } else { &args.nonce };
        let written = if fault == Fault::NullValue { rows::first_nullable(&schema) } else { Arc::clone(&schema) };
        let inner = match fault {
            Fault::DropEverything => Inner::Nothing,
            Fault::WrongFormat => {
                Inner::Arrow(Box::new(ArrowFile::create(&args.target, nonce, &schema).map_err(Error::new)?))
            }
            _ => Inner::Parquet(Box::new(ParquetWriter::open(&args.target, &options, nonce, written)?)),
        };
        Ok(Self {
            fault,
            target: args.target.clone(),
            schema,
            inner,
            held: None,
            rows: 0,
            damaged: fault == Fault::StaleFile && args.nonce != OLDER_RUN,
            late_milliseconds,
            slow_share,
        })
    }

    unsafe fn write_batch(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error> {
        // SAFETY: the header asks for valid structs and gives them away.
        let imported = unsafe { import(array, schema, &self.schema)? };
        self.take(imported)
    }

    fn flush(&mut self) -> Result<(), Error> {
        match &mut self.inner {
            Inner::Parquet(writer) => writer.flush(),
            Inner::Nothing | Inner::Arrow(_) => Ok(()),
        }
    }

    fn close(&mut self) -> Result<Value, Error> {
        let mut report = match &mut self.inner {
            Inner::Nothing => json!({}),
            Inner::Arrow(file) => {
                file.finish().map_err(Error::new)?;
                json!({})
            }
            Inner::Parquet(writer) => writer.close()?,
        };
        self.damage_file()?;
        // A liar says that all is well.
        report["rows"] = json!(self.rows);
        Ok(report)
    }

    fn abort(&mut self) -> Result<(), Error> {
        self.held = None;
        match &mut self.inner {
            Inner::Nothing => Ok(()),
            Inner::Arrow(_) => Ok(std::fs::remove_file(&self.target)?),
            Inner::Parquet(writer) => writer.abort(),
        }
    }
}
