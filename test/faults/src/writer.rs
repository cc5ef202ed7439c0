//! An honest writer with one fault.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use serde_json::{Map, Value, json};
use writeproof_abi::{ArrowArray, ArrowSchema, CreateArgs, Error, Writer};
use writeproof_columnar::{Imported, ParquetWriter, import, import_schema};

use crate::batches::{Change, changed};
use crate::fault::Fault;
use crate::files::wrong_format::{ArrowFile, is_wrong_format};
use crate::files::{FileFault, Given, unsynced};
use crate::handicap::{self, Handicap};
use crate::honest::Honest;
use crate::over::{Over, elsewhere};
use crate::{nulls, rows};

/// A nonce that no run has: those are random text without blanks.
const OLDER_RUN: &str = "older run";

/// Options that every writer takes.
const SENT_ALWAYS: [&str; 4] = ["variant", "batching", "io", "threads"];

/// Writes as the writer does that it is over, except for what its fault changes.
pub(crate) struct FaultyWriter {
    fault: Fault,
    over: Over,
    target: PathBuf,
    /// Schema of the batches that come.
    schema: SchemaRef,
    inner: Inner,
    /// What happens to the stream of batches.
    change: Option<Box<dyn Change>>,
    /// The batch that may turn out to be the last.
    held: Option<Imported>,
    rows: usize,
    damaged: bool,
    given: Given,
    handicap: Option<Handicap>,
}

enum Inner {
    Nothing,
    Arrow(Box<ArrowFile>),
    Parquet(Box<ParquetWriter>),
    Honest(Honest),
}

impl Inner {
    fn take(&mut self, imported: Imported) -> Result<(), Error> {
        match self {
            Self::Nothing => Ok(()),
            Self::Arrow(file) => file.write(&imported.batch).map_err(Error::new),
            Self::Parquet(writer) => writer.take(imported),
            Self::Honest(writer) => writer.write(&imported.batch),
        }
    }
}

/// Options of the faults' own.
struct Own {
    fault: Fault,
    over: Over,
    late_milliseconds: u64,
    handicap: handicap::Own,
}

/// Takes the fault's own options out of `options`; the rest is the honest writer's.
fn own(options: &mut Map<String, Value>) -> Result<Own, Error> {
    let ill = |name: &str, value: &Value, expected: &str| {
        Error::new(format!("option {name} is {value}; expected {expected}"))
    };
    let fault = match options.remove("fault") {
        None => Fault::None,
        Some(Value::String(name)) => Fault::read(&name)?,
        Some(other) => return Err(ill("fault", &other, &Fault::names().join(", "))),
    };
    let over = Over::read(options.remove("over"))?;
    fault.check_over(over)?;
    let late = options.remove("lateMs").unwrap_or(json!(20));
    let late_milliseconds = late.as_u64().ok_or_else(|| ill("lateMs", &late, "milliseconds, a whole number"))?;
    Ok(Own { fault, over, late_milliseconds, handicap: handicap::Own::take(options)? })
}

impl FaultyWriter {
    /// Whether the next batch is looked at, and is not just passed on.
    fn looks(&self) -> bool {
        match self.fault {
            Fault::None
            | Fault::StaleFile
            | Fault::CloseErrorIgnored
            | Fault::FailedButTimed
            | Fault::DirectDowngraded
            | Fault::FsyncSkipped
            | Fault::Finished(_) => false,
            Fault::ValueChanged => !self.damaged,
            Fault::Handicap(_) => self.handicap.as_ref().is_some_and(Handicap::looks),
            _ => true,
        }
    }

    fn take(&mut self, imported: Imported) -> Result<(), Error> {
        if let Some(handicap) = &mut self.handicap {
            handicap.took(&imported.batch)?;
        }
        if let Some(change) = &mut self.change {
            let mut batches = change.take(imported).map_err(Error::new)?.into_iter();
            return batches.try_for_each(|imported| self.inner.take(imported));
        }
        let damaged = match self.fault {
            Fault::DropLastBatch if imported.batch.num_rows() > 0 => {
                return match self.held.replace(imported) {
                    Some(before) => self.inner.take(before),
                    None => Ok(()),
                };
            }
            Fault::NullValue if self.damaged => {
                let columns = imported.batch.columns().to_vec();
                RecordBatch::try_new(rows::first_nullable(&self.schema), columns).map(Some)
            }
            Fault::NullLost => nulls::fill(&imported.batch),
            Fault::ValidityOffset => nulls::from_bit_zero(&imported.batch),
            _ if self.damaged => Ok(None),
            Fault::ValueChanged => rows::change_value(&imported.batch),
            Fault::NullValue => rows::null_value(&imported.batch, &rows::first_nullable(&self.schema)),
            _ => Ok(None),
        };
        match damaged.map_err(Error::new)? {
            Some(batch) => {
                self.damaged = true;
                self.inner.take(changed(batch))
            }
            None => self.inner.take(imported),
        }
    }

    /// Lets a handicap lose its share of the time of a call that has returned.
    fn lose_time(&mut self, began: Instant) {
        if let Some(handicap) = &mut self.handicap {
            handicap.after(began);
        }
    }

    /// Passes a batch on as it came, or takes it to look at.
    ///
    /// # Safety
    /// Both pointers are valid, and are not used again.
    unsafe fn pass_or_take(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error> {
        let looks = self.looks();
        if let Inner::Honest(writer) = &mut self.inner
            && !looks
        {
            // SAFETY: what came is passed on, once.
            return unsafe { writer.pass(array, schema) };
        }
        // SAFETY: the header asks for valid structs and gives them away.
        let imported = unsafe { import(array, schema, &self.schema)? };
        self.take(imported)
    }

    /// Ends the process before all is written, once there was a batch with rows. Nothing is cleaned up, and the exit code is 0.
    fn end_process(&self) {
        if self.fault == Fault::FailedButTimed && self.rows > 0 {
            // SAFETY: may be called at any time, and does not return.
            unsafe { libc::_exit(0) }
        }
    }

    /// Damages the finished file, and says what would have been needed when there was nothing to damage.
    fn damage_file(&mut self) -> Result<(), Error> {
        let target = self.target.as_path();
        let (damaged, needed) = match self.fault {
            Fault::None => return Ok(()),
            Fault::AckOnly => (self.rows > 0, "no batch had rows"),
            Fault::NeverCalled => (self.rows > 0, "no batch had rows"),
            Fault::NullLost => (self.damaged, "no column of numbers, bools or text has nulls"),
            Fault::ValidityOffset => (self.damaged, "no column of numbers has nulls beside values"),
            Fault::DropEverything => (!target.exists() && self.rows > 0, "no batch had rows"),
            Fault::Finished(fault) => (fault.damage(self.over, target, &self.given)?, fault.missing()),
            Fault::WrongFormat => (is_wrong_format(target, self.over)?, "the file is of the right format"),
            // Whether it is in force was looked at when it began.
            Fault::FsyncSkipped => return Ok(()),
            Fault::DropLastBatch => (self.held.take().is_some(), "no batch had rows"),
            Fault::ValueChanged => (self.damaged, "no two neighbouring values of a column differ"),
            Fault::NullValue => (self.damaged, "the first column has no value"),
            Fault::StaleFile => (self.damaged, "this run's nonce is that of the older run"),
            Fault::Handicap(_) => (self.damaged, "it cost nothing"),
            Fault::CloseErrorIgnored => return Err(Error::with_errno(libc::EIO, "close fails after all was written")),
            Fault::FailedButTimed => (false, "no batch had rows"),
            Fault::DirectDowngraded => (self.damaged, "the case does not ask for direct I/O"),
            Fault::OfBatches(_) => {
                let missing = self.change.as_ref().and_then(|change| change.missing());
                (missing.is_none(), missing.unwrap_or_default())
            }
        };
        if damaged { Ok(()) } else { Err(self.fault.changed_nothing(needed)) }
    }
}

impl Writer for FaultyWriter {
    fn capabilities() -> Value {
        let usual = Over::usual();
        let mut capabilities = match usual.capabilities() {
            Ok(capabilities) => capabilities,
            Err(error) => return json!({ "error": error.to_string() }),
        };
        capabilities["name"] = json!("faults");
        let options = &mut capabilities["options"];
        options["fault"] = json!({ "default": "none", "values": Fault::names(), "help": "what goes wrong" });
        options["over"] =
            json!({ "default": usual.name(), "values": Over::names(), "help": "format of the writer that it is over" });
        options["lateMs"] = json!({ "default": 20, "help": "milliseconds from close to the late write" });
        handicap::Own::declare(options);
        capabilities
    }

    fn create(args: &CreateArgs) -> Result<Self, Error> {
        let began = Instant::now();
        // SAFETY: the header asks for a valid schema during create.
        let schema = unsafe { import_schema(args.schema)? };
        let mut options = args.options.clone();
        let Own { fault, over, late_milliseconds, handicap } = own(&mut options)?;
        let accumulates = options.get("batching") == Some(&json!("at_close"));
        let handicap = match fault {
            Fault::Handicap(cost) => Some(Handicap::new(cost, &handicap, accumulates)),
            _ => None,
        };
        let nonce = if fault == Fault::StaleFile { OLDER_RUN } else { &args.nonce };
        let downgraded = fault == Fault::DirectDowngraded && options.get("io") == Some(&json!("direct"));
        if downgraded {
            options.insert("io".to_owned(), json!("buffered"));
        }
        let change = fault.change(&schema);
        let written = match &change {
            None if fault == Fault::NullValue => rows::first_nullable(&schema),
            None => Arc::clone(&schema),
            Some(change) => change.schema().unwrap_or_else(|| Arc::clone(&schema)),
        };
        let honest = || {
            let written = FFI_ArrowSchema::try_from(written.as_ref()).map_err(Error::new)?;
            Honest::create(over.name(), args, &options, nonce, &written)
        };
        let arrow = |target: &Path| ArrowFile::create(target, nonce, &schema).map(Box::new).map_err(Error::new);
        let parquet = |target: &Path, options: &Map<String, Value>| {
            ParquetWriter::open(target, options, nonce, Arc::clone(&written)).map(Box::new).map(Inner::Parquet)
        };
        let mut target = args.target.clone();
        let inner = match fault {
            Fault::DropEverything => Inner::Nothing,
            Fault::AckOnly => Inner::Honest(honest()?),
            Fault::NeverCalled | Fault::WrongFormat => {
                if fault == Fault::NeverCalled {
                    // Destroyed already: a writer that was not closed takes away what lies at its target.
                    drop(honest()?);
                }
                target = elsewhere(&target, over)?;
                match over {
                    Over::Parquet => Inner::Arrow(arrow(&target)?),
                    Over::Arrow | Over::Lance | Over::Raw => {
                        let known = |name: &String| SENT_ALWAYS.contains(&name.as_str());
                        parquet(&target, &options.clone().into_iter().filter(|(name, _)| known(name)).collect())?
                    }
                }
            }
            _ if over == Over::Parquet => parquet(&target, &options)?,
            _ => Inner::Honest(honest()?),
        };
        if fault == Fault::FsyncSkipped {
            unsynced::skip_syncs()?;
        }
        let mut created = Self {
            fault,
            over,
            target,
            schema,
            inner,
            change,
            held: None,
            rows: 0,
            damaged: downgraded || (fault == Fault::StaleFile && args.nonce != OLDER_RUN),
            given: Given { late_milliseconds, ..Given::default() },
            handicap,
        };
        created.lose_time(began);
        Ok(created)
    }

    unsafe fn write_batch(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error> {
        self.end_process();
        // SAFETY: the header asks for valid structs.
        self.rows += usize::try_from(unsafe { (*array).length }).unwrap_or(0);
        if self.fault == Fault::Finished(FileFault::RequiredWithNulls) {
            // SAFETY: as above.
            unsafe { self.given.look_for_nulls(array, &self.schema) };
        }
        if self.fault == Fault::AckOnly {
            // SAFETY: both have the layout of the C structs, and are given away: they are released, and that is all.
            drop(unsafe { (FFI_ArrowArray::from_raw(array.cast()), FFI_ArrowSchema::from_raw(schema.cast())) });
            return Ok(());
        }
        let began = Instant::now();
        // SAFETY: as above; neither is used again.
        unsafe { self.pass_or_take(array, schema)? };
        self.lose_time(began);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        if let Some(change) = &mut self.change {
            change.flushed();
        }
        let began = Instant::now();
        match &mut self.inner {
            Inner::Parquet(writer) => writer.flush()?,
            Inner::Honest(writer) => writer.flush()?,
            Inner::Nothing | Inner::Arrow(_) => {}
        }
        self.lose_time(began);
        Ok(())
    }

    fn close(&mut self) -> Result<Value, Error> {
        self.end_process();
        let held = self.change.as_mut().map(|change| change.end());
        held.into_iter().flatten().try_for_each(|imported| self.inner.take(imported))?;
        let began = Instant::now();
        let mut report = match &mut self.inner {
            Inner::Nothing => json!({}),
            Inner::Arrow(file) => {
                file.finish().map_err(Error::new)?;
                json!({})
            }
            Inner::Parquet(writer) => writer.close()?,
            Inner::Honest(writer) => writer.close()?,
        };
        self.lose_time(began);
        self.damaged |= self.handicap.as_mut().is_some_and(Handicap::end);
        self.damage_file()?;
        // A liar says that all is well.
        if !report.is_object() {
            report = json!({});
        }
        report["rows"] = json!(self.rows);
        Ok(report)
    }

    fn abort(&mut self) -> Result<(), Error> {
        self.held = None;
        match &mut self.inner {
            Inner::Nothing => Ok(()),
            Inner::Arrow(_) => Ok(std::fs::remove_file(&self.target)?),
            Inner::Parquet(writer) => writer.abort(),
            Inner::Honest(writer) => writer.abort(),
        }
    }
}
