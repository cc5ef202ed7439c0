//! Turns a Rust [`Writer`] into the functions of the header.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::{fmt, ptr};

use crate::{ABI_VERSION, ArrowArray, ArrowArrayStream, ArrowSchema, RawCreateArgs};

/// What a writer is created with, checked and borrowed from the caller.
#[derive(Debug)]
pub struct CreateArgs {
    /// Path at which nothing exists yet.
    pub target: PathBuf,
    /// Options, as the caller sent them.
    pub options: serde_json::Map<String, serde_json::Value>,
    /// To be stored under [`crate::NONCE_KEY`].
    pub nonce: String,
    /// Schema of every batch; borrowed for the duration of create.
    pub schema: *const ArrowSchema,
}

/// A failure: an errno where there is one, and a sentence.
#[derive(Debug)]
pub struct Error {
    errno: i32,
    message: String,
}

impl Error {
    /// A failure without errno.
    pub fn new(message: impl fmt::Display) -> Self {
        Self { errno: -1, message: message.to_string() }
    }

    /// A failure with the errno of the call that failed.
    pub fn with_errno(errno: i32, message: impl fmt::Display) -> Self {
        Self { errno, message: message.to_string() }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self { errno: error.raw_os_error().unwrap_or(-1), message: error.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// The steps of the header. Calls come from one thread at a time.
pub trait Writer: Sized {
    /// Value of `writeproof_capabilities`.
    fn capabilities() -> serde_json::Value;

    /// Opens the target.
    ///
    /// # Errors
    /// When an option is unknown or the target cannot be made.
    fn create(args: &CreateArgs) -> Result<Self, Error>;

    /// Takes one batch. Both structs are owned by the callee, which imports or releases them.
    ///
    /// # Errors
    /// When the batch cannot be imported, encoded or written.
    ///
    /// # Safety
    /// Both pointers are valid, and are read (moved) exactly once.
    unsafe fn write_batch(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error>;

    /// Ends a row group, fragment or message.
    ///
    /// # Errors
    /// When what is buffered cannot be written.
    fn flush(&mut self) -> Result<(), Error>;

    /// Ends the target and reports on it.
    ///
    /// # Errors
    /// When what is buffered cannot be written; the target is then not readable.
    fn close(&mut self) -> Result<serde_json::Value, Error>;

    /// Removes what was written.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn abort(&mut self) -> Result<(), Error>;
}

/// A writer with the texts that it lent to its caller.
#[derive(Debug)]
pub struct Exported<W> {
    writer: W,
    error: CString,
    report: CString,
}

thread_local! {
    static CREATE_ERROR: RefCell<CString> = RefCell::default();
}

fn text(value: String) -> CString {
    CString::new(value.replace('\0', " ")).unwrap_or_default()
}

/// What a panic said.
#[must_use]
pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    format!("panic in the writer: {reason}")
}

/// Runs one step; a panic becomes an error.
fn guarded<T>(step: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|panic| Err(Error::new(panic_message(&*panic))))
}

impl<W: Writer> Exported<W> {
    /// `writeproof_create`.
    ///
    /// # Safety
    /// As the header says of its arguments.
    pub unsafe fn create(args: *const RawCreateArgs, out: *mut *mut Self) -> i32 {
        let created = guarded(|| {
            // SAFETY: the header asks for a valid `args`.
            let args = unsafe { checked(args)? };
            W::create(&args)
        });
        match created {
            Ok(writer) => {
                let exported = Self { writer, error: CString::default(), report: CString::default() };
                // SAFETY: the header asks for a valid `out`.
                unsafe { out.write(Box::into_raw(Box::new(exported))) };
                0
            }
            Err(error) => {
                CREATE_ERROR.with_borrow_mut(|slot| *slot = text(error.message));
                error.errno
            }
        }
    }

    fn step(&mut self, step: impl FnOnce(&mut W) -> Result<(), Error>) -> i32 {
        match guarded(|| step(&mut self.writer)) {
            Ok(()) => 0,
            Err(error) => {
                self.error = text(error.message);
                error.errno
            }
        }
    }

    /// `writeproof_write_batch`.
    ///
    /// # Safety
    /// As the header says of its arguments.
    pub unsafe fn write_batch(this: *mut Self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> i32 {
        // SAFETY: the header asks for a live writer and valid structs.
        unsafe { &mut *this }.step(|writer| unsafe { writer.write_batch(array, schema) })
    }

    /// `writeproof_flush`.
    ///
    /// # Safety
    /// `this` is a live writer.
    pub unsafe fn flush(this: *mut Self) -> i32 {
        // SAFETY: the header asks for a live writer.
        unsafe { &mut *this }.step(W::flush)
    }

    /// `writeproof_close`.
    ///
    /// # Safety
    /// `this` is a live writer; `report` is null or valid.
    pub unsafe fn close(this: *mut Self, report: *mut *const c_char) -> i32 {
        // SAFETY: the header asks for a live writer.
        let this = unsafe { &mut *this };
        let mut said = serde_json::Value::Null;
        let status = this.step(|writer| {
            said = writer.close()?;
            Ok(())
        });
        if status == 0 && !report.is_null() {
            this.report = text(said.to_string());
            // SAFETY: not null, and the header asks for a valid pointer.
            unsafe { report.write(this.report.as_ptr()) };
        }
        status
    }

    /// `writeproof_abort`.
    ///
    /// # Safety
    /// `this` is a live writer.
    pub unsafe fn abort(this: *mut Self) -> i32 {
        // SAFETY: the header asks for a live writer.
        unsafe { &mut *this }.step(W::abort)
    }

    /// `writeproof_destroy`.
    ///
    /// # Safety
    /// `this` is a live writer, not used again.
    pub unsafe fn destroy(this: *mut Self) {
        // SAFETY: made by `create` with `Box::into_raw`. A panic in drop must not cross the interface, and nobody is left
        // to hear of it.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(unsafe { Box::from_raw(this) })));
    }

    /// `writeproof_last_error`.
    ///
    /// # Safety
    /// `this` is null or a live writer.
    pub unsafe fn last_error(this: *const Self) -> *const c_char {
        // SAFETY: null or live, as the header asks.
        unsafe { this.as_ref() }
            .map_or_else(|| CREATE_ERROR.with_borrow(|error| error.as_ptr()), |this| this.error.as_ptr())
    }
}

/// Opens the rows at a path: options as the caller sent them, and where the stream goes.
pub type OpenReader =
    unsafe fn(&Path, &serde_json::Map<String, serde_json::Value>, *mut ArrowArrayStream) -> Result<(), Error>;

/// `writeproof_open_reader`.
///
/// # Safety
/// As the header says of its arguments.
pub unsafe fn open_reader(
    target: *const c_char,
    options_json: *const c_char,
    out: *mut ArrowArrayStream,
    open: OpenReader,
) -> i32 {
    let opened = guarded(|| {
        // SAFETY: the header asks for NUL-terminated texts and a valid `out`.
        unsafe {
            let target = PathBuf::from(read(target, "target")?);
            open(&target, &json_object(&read(options_json, "options_json")?)?, out)
        }
    });
    match opened {
        Ok(()) => 0,
        Err(error) => {
            CREATE_ERROR.with_borrow_mut(|slot| *slot = text(error.message));
            error.errno
        }
    }
}

/// Copies a text of the caller's.
///
/// # Safety
/// `pointer` is null or points to NUL-terminated text.
unsafe fn read(pointer: *const c_char, name: &str) -> Result<String, Error> {
    if pointer.is_null() {
        return Err(Error::new(format!("{name} is null")));
    }
    // SAFETY: the header asks for NUL-terminated text.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map(str::to_owned).map_err(|_| Error::new(format!("{name} is not UTF-8")))
}

fn json_object(text: &str) -> Result<serde_json::Map<String, serde_json::Value>, Error> {
    serde_json::from_str(text).map_err(|error| Error::new(format!("options_json is not a JSON object: {error}")))
}

unsafe fn checked(args: *const RawCreateArgs) -> Result<CreateArgs, Error> {
    // SAFETY: the header asks for a valid `args`; its first two fields exist in every version.
    let (size, version) = unsafe { ((*args).struct_size, (*args).abi_version) };
    if version != ABI_VERSION || (size as usize) < size_of::<RawCreateArgs>() {
        return Err(Error::new(format!(
            "the caller speaks ABI version {version} with arguments of {size} bytes; this writer expects version \
             {ABI_VERSION} and at least {} bytes",
            size_of::<RawCreateArgs>()
        )));
    }
    // SAFETY: of this version, so all fields are there.
    let args = unsafe { ptr::read(args) };
    // SAFETY: the header asks for NUL-terminated texts.
    let (target, options, nonce) =
        unsafe { (read(args.target, "target")?, read(args.options_json, "options_json")?, read(args.nonce, "nonce")?) };
    Ok(CreateArgs { target: target.into(), options: json_object(&options)?, nonce, schema: args.schema })
}

/// Exports `writeproof_open_reader`, beside [`export_writer!`].
#[macro_export]
macro_rules! export_reader {
    ($open:path) => {
        #[unsafe(no_mangle)]
        unsafe extern "C" fn writeproof_open_reader(
            target: *const std::ffi::c_char,
            options_json: *const std::ffi::c_char,
            out: *mut $crate::ArrowArrayStream,
        ) -> i32 {
            // SAFETY: the header's promises are passed on.
            unsafe { $crate::open_reader(target, options_json, out, $open) }
        }
    };
}

/// Exports the functions of the header for one [`Writer`].
#[macro_export]
macro_rules! export_writer {
    ($writer:ty) => {
        mod writeproof_exports {
            use super::*;
            use std::ffi::{CString, c_char};
            use std::sync::OnceLock;
            use $crate::{ArrowArray, ArrowSchema, Exported, RawCreateArgs, Writer};

            #[unsafe(no_mangle)]
            extern "C" fn writeproof_abi_version() -> u32 {
                $crate::ABI_VERSION
            }

            #[unsafe(no_mangle)]
            extern "C" fn writeproof_capabilities() -> *const c_char {
                static TEXT: OnceLock<CString> = OnceLock::new();
                TEXT.get_or_init(|| CString::new(<$writer as Writer>::capabilities().to_string()).unwrap_or_default())
                    .as_ptr()
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn writeproof_create(
                args: *const RawCreateArgs,
                out: *mut *mut Exported<$writer>,
            ) -> i32 {
                // SAFETY: the header's promises are passed on.
                unsafe { Exported::create(args, out) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn writeproof_write_batch(
                writer: *mut Exported<$writer>,
                array: *mut ArrowArray,
                schema: *mut ArrowSchema,
            ) -> i32 {
                // SAFETY: the header's promises are passed on.
                unsafe { Exported::write_batch(writer, array, schema) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn writeproof_flush(writer: *mut Exported<$writer>) -> i32 {
                // SAFETY: the header's promises are passed on.
                unsafe { Exported::flush(writer) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn writeproof_close(writer: *mut Exported<$writer>, report: *mut *const c_char) -> i32 {
                // SAFETY: the header's promises are passed on.
                unsafe { Exported::close(writer, report) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn writeproof_abort(writer: *mut Exported<$writer>) -> i32 {
                // SAFETY: the header's promises are passed on.
                unsafe { Exported::abort(writer) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn writeproof_destroy(writer: *mut Exported<$writer>) {
                // SAFETY: the header's promises are passed on.
                unsafe { Exported::destroy(writer) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn writeproof_last_error(writer: *const Exported<$writer>) -> *const c_char {
                // SAFETY: the header's promises are passed on.
                unsafe { Exported::last_error(writer) }
            }
        }
    };
}
