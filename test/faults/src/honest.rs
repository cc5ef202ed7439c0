//! The honest writer of another format, in its own library beside this one, through `writeproof.h`.

use std::ffi::{CStr, CString, OsStr, c_char, c_void};
use std::mem::ManuallyDrop;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::ptr;

use arrow::array::{Array, RecordBatch, StructArray};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use libloading::Library;
use serde_json::{Map, Value};
use writeproof_abi::{ABI_VERSION, ArrowArray, ArrowSchema, CreateArgs, Error, RawCreateArgs};

type Instance = *mut c_void;

/// A loaded library; never unloaded, as the engine does not unload this one.
struct Functions {
    capabilities: unsafe extern "C" fn() -> *const c_char,
    create: unsafe extern "C" fn(*const RawCreateArgs, *mut Instance) -> i32,
    write_batch: unsafe extern "C" fn(Instance, *mut ArrowArray, *mut ArrowSchema) -> i32,
    flush: unsafe extern "C" fn(Instance) -> i32,
    close: unsafe extern "C" fn(Instance, *mut *const c_char) -> i32,
    abort: unsafe extern "C" fn(Instance) -> i32,
    destroy: unsafe extern "C" fn(Instance),
    last_error: unsafe extern "C" fn(Instance) -> *const c_char,
}

/// The file that this code was loaded from, as it was named.
pub(crate) fn own_file() -> Option<PathBuf> {
    let mut found = libc::Dl_info {
        dli_fname: ptr::null(),
        dli_fbase: ptr::null_mut(),
        dli_sname: ptr::null(),
        dli_saddr: ptr::null_mut(),
    };
    let own: fn() -> Option<PathBuf> = own_file;
    // SAFETY: any address may be asked for, and `found` is valid.
    let known = unsafe { libc::dladdr(own as *const c_void, &raw mut found) } != 0;
    // SAFETY: the loader's own text, of the life of the library.
    (known && !found.dli_fname.is_null())
        .then(|| PathBuf::from(OsStr::from_bytes(unsafe { CStr::from_ptr(found.dli_fname) }.to_bytes())))
}

fn load(format: &str) -> Result<Functions, Error> {
    let name = format!("libwriteproof_{format}.so");
    let own = own_file().and_then(|file| file.canonicalize().ok());
    let path = own.map_or_else(|| PathBuf::from(&name), |file| file.with_file_name(&name));
    let failed = |error: libloading::Error| Error::new(format!("{name}, which the fault is over: {error}"));
    // SAFETY: loading runs the initialisers of a library that the same build made.
    let library = ManuallyDrop::new(unsafe { Library::new(&path) }.map_err(failed)?);
    macro_rules! function {
        ($name:literal) => {
            // SAFETY: the type is that of the header; the version is compared before any other call is made.
            *unsafe { library.get($name) }.map_err(failed)?
        };
    }
    let abi_version: unsafe extern "C" fn() -> u32 = function!(b"writeproof_abi_version");
    // SAFETY: takes nothing and has existed in every version of the header.
    let version = unsafe { abi_version() };
    if version != ABI_VERSION {
        return Err(Error::new(format!("{name} is of ABI version {version}; expected {ABI_VERSION}")));
    }
    Ok(Functions {
        capabilities: function!(b"writeproof_capabilities"),
        create: function!(b"writeproof_create"),
        write_batch: function!(b"writeproof_write_batch"),
        flush: function!(b"writeproof_flush"),
        close: function!(b"writeproof_close"),
        abort: function!(b"writeproof_abort"),
        destroy: function!(b"writeproof_destroy"),
        last_error: function!(b"writeproof_last_error"),
    })
}

/// What the library of a format says of itself.
pub(crate) fn capabilities(format: &str) -> Result<Value, Error> {
    let functions = load(format)?;
    // SAFETY: takes nothing and returns text of static life.
    let text = unsafe { text((functions.capabilities)()) };
    serde_json::from_str(&text).map_err(Error::new)
}

/// A writer that does what it is told.
pub(crate) struct Honest {
    functions: Functions,
    instance: Instance,
}

impl Honest {
    /// Creates the writer of `format` with the arguments that came, but for options and nonce.
    pub fn create(
        format: &str,
        args: &CreateArgs,
        options: &Map<String, Value>,
        nonce: &str,
        schema: &FFI_ArrowSchema,
    ) -> Result<Self, Error> {
        let mut honest = Self { functions: load(format)?, instance: ptr::null_mut() };
        let target = CString::new(args.target.as_os_str().as_bytes()).map_err(Error::new)?;
        let options = CString::new(Value::Object(options.clone()).to_string()).map_err(Error::new)?;
        let nonce = CString::new(nonce).map_err(Error::new)?;
        let args = RawCreateArgs {
            struct_size: size_of::<RawCreateArgs>() as u32,
            abi_version: ABI_VERSION,
            target: target.as_ptr(),
            options_json: options.as_ptr(),
            nonce: nonce.as_ptr(),
            schema: ptr::from_ref(schema).cast(),
        };
        let mut instance = ptr::null_mut();
        // SAFETY: all that `args` points to lives until the call has returned; `instance` is valid.
        let status = unsafe { (honest.functions.create)(&raw const args, &raw mut instance) };
        honest.checked(status)?;
        honest.instance = instance;
        Ok(honest)
    }

    /// Passes a batch on, as it came.
    ///
    /// # Safety
    /// Both pointers are valid, and are not used again.
    pub unsafe fn pass(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error> {
        // SAFETY: the writer is live; the rest is the caller's promise.
        self.checked(unsafe { (self.functions.write_batch)(self.instance, array, schema) })
    }

    /// Passes a changed batch on.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let mut schema = ManuallyDrop::new(FFI_ArrowSchema::try_from(batch.schema().as_ref()).map_err(Error::new)?);
        let mut array = ManuallyDrop::new(FFI_ArrowArray::new(&StructArray::from(batch.clone()).into_data()));
        // SAFETY: both have the layout of the C structs, were just made, and are moved in.
        unsafe { self.pass((&raw mut *array).cast(), (&raw mut *schema).cast()) }
    }

    pub fn flush(&mut self) -> Result<(), Error> {
        // SAFETY: the writer is live.
        self.checked(unsafe { (self.functions.flush)(self.instance) })
    }

    pub fn close(&mut self) -> Result<Value, Error> {
        let mut report = ptr::null();
        // SAFETY: the writer is live, and `report` is valid.
        self.checked(unsafe { (self.functions.close)(self.instance, &raw mut report) })?;
        // SAFETY: null, or text that lives until destroy.
        Ok(serde_json::from_str(&unsafe { text(report) }).unwrap_or_default())
    }

    pub fn abort(&mut self) -> Result<(), Error> {
        // SAFETY: the writer is live.
        self.checked(unsafe { (self.functions.abort)(self.instance) })
    }

    fn checked(&self, status: i32) -> Result<(), Error> {
        if status == 0 {
            return Ok(());
        }
        // SAFETY: the writer is live, or null, which asks for the error of create.
        Err(Error::with_errno(status, unsafe { text((self.functions.last_error)(self.instance)) }))
    }
}

impl Drop for Honest {
    fn drop(&mut self) {
        if !self.instance.is_null() {
            // SAFETY: the writer is live, and not used again.
            unsafe { (self.functions.destroy)(self.instance) }
        }
    }
}

/// A copy of a library's text; nothing for a null pointer.
///
/// # Safety
/// `pointer` is null or NUL-terminated text.
unsafe fn text(pointer: *const c_char) -> String {
    // SAFETY: not null here, and terminated as the caller promises.
    if pointer.is_null() { String::new() } else { unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned() }
}
