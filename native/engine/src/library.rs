//! A writer in a shared library: loading through `writeproof.h`, and its steps as Rust calls.

use std::error::Error;
use std::ffi::{CStr, CString, c_char, c_void};
use std::mem::ManuallyDrop;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use arrow::ffi::FFI_ArrowSchema;
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use serde_json::Value;
use writeproof_abi::{ABI_VERSION, ArrowArray, ArrowSchema, RawCreateArgs};

use crate::capabilities::Capabilities;
use crate::handover::Handed;
use crate::{Failure, Step, lent};

type Instance = *mut c_void;

/// The functions of the header; the optional reader is not the worker's business.
#[derive(Debug, Clone, Copy)]
struct Functions {
    create: unsafe extern "C" fn(*const RawCreateArgs, *mut Instance) -> i32,
    write_batch: unsafe extern "C" fn(Instance, *mut ArrowArray, *mut ArrowSchema) -> i32,
    flush: unsafe extern "C" fn(Instance) -> i32,
    close: unsafe extern "C" fn(Instance, *mut *const c_char) -> i32,
    abort: unsafe extern "C" fn(Instance) -> i32,
    destroy: unsafe extern "C" fn(Instance),
    last_error: unsafe extern "C" fn(Instance) -> *const c_char,
}

/// A loaded library. It is never unloaded: threads that it left behind would run into nothing.
#[derive(Debug)]
pub struct WriterLibrary {
    functions: Functions,
    capabilities: Capabilities,
}

fn symbol<T: Copy>(library: &Library, name: &str, path: &Path) -> Result<T, Failure> {
    // SAFETY: the type is that of the header, and the library's ABI version is compared before any other call is made.
    unsafe { library.get::<T>(name) }.map(|symbol| *symbol).map_err(|_| {
        Failure::new(
            Step::Load,
            format!(
                "{} does not export `{name}`; a writer exports every function of writeproof.h but writeproof_open_reader",
                path.display()
            ),
        )
    })
}

impl WriterLibrary {
    /// Loads a library and checks its ABI version and capabilities.
    ///
    /// # Errors
    /// When there is no such file, it cannot be loaded, lacks a function, is of another ABI version, or declares nonsense.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        if !path.is_file() {
            return Err(Failure::new(Step::Load, format!("there is no library at {}", path.display())));
        }
        // SAFETY: loading runs the library's initialisers; plug-ins run with the user's rights, in this process made for them.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map_err(|error| {
            // The loader's own sentence, which libloading keeps apart.
            let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            Failure::new(Step::Load, format!("{} cannot be loaded: {why}", path.display()))
        })?;
        let library = ManuallyDrop::new(library);
        let abi_version: unsafe extern "C" fn() -> u32 = symbol(&library, "writeproof_abi_version", path)?;
        // SAFETY: takes nothing and has existed in every version of the header.
        let version = unsafe { abi_version() };
        if version != ABI_VERSION {
            return Err(Failure::new(
                Step::Load,
                format!(
                    "{} was built for ABI version {version} of writeproof.h; this engine speaks version {ABI_VERSION}: \
                     build it with the header of this version",
                    path.display()
                ),
            ));
        }
        let capabilities: unsafe extern "C" fn() -> *const c_char = symbol(&library, "writeproof_capabilities", path)?;
        let functions = Functions {
            create: symbol(&library, "writeproof_create", path)?,
            write_batch: symbol(&library, "writeproof_write_batch", path)?,
            flush: symbol(&library, "writeproof_flush", path)?,
            close: symbol(&library, "writeproof_close", path)?,
            abort: symbol(&library, "writeproof_abort", path)?,
            destroy: symbol(&library, "writeproof_destroy", path)?,
            last_error: symbol(&library, "writeproof_last_error", path)?,
        };
        // SAFETY: takes nothing and returns text of static life.
        let text = unsafe { text(capabilities()) }.unwrap_or_default();
        Ok(Self { functions, capabilities: Capabilities::parse(&text, &path.display().to_string())? })
    }

    /// What the library declares.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// `writeproof_create`.
    ///
    /// # Errors
    /// When the library says so, or says that it succeeded and gives no writer.
    pub fn create(
        &self,
        target: &Path,
        options: &Value,
        nonce: &str,
        schema: &FFI_ArrowSchema,
    ) -> Result<LoadedWriter, Failure> {
        let terminated = |bytes: &[u8], what: &str| {
            CString::new(bytes).map_err(|_| Failure::new(Step::Job, format!("{what} contains a NUL byte")))
        };
        let target = terminated(target.as_os_str().as_bytes(), "the target's path")?;
        let options = terminated(options.to_string().as_bytes(), "the options")?;
        let nonce = terminated(nonce.as_bytes(), "the nonce")?;
        let args = RawCreateArgs {
            struct_size: size_of::<RawCreateArgs>() as u32,
            abi_version: ABI_VERSION,
            target: target.as_ptr(),
            options_json: options.as_ptr(),
            nonce: nonce.as_ptr(),
            schema: ptr::from_ref(schema).cast(),
        };
        let mut instance: Instance = ptr::null_mut();
        // SAFETY: `args` and all that it points to live until the call has returned; `instance` is valid.
        let status = unsafe { (self.functions.create)(&raw const args, &raw mut instance) };
        let writer = LoadedWriter { functions: self.functions, instance };
        if status != 0 {
            // The instance is untouched, so null: last_error then speaks of create.
            let instance = ptr::null_mut();
            return Err(LoadedWriter { instance, ..writer }.failure(Step::Create, "writeproof_create", status));
        }
        if instance.is_null() {
            return Err(Failure::new(Step::Create, "writeproof_create returned success and no writer".to_owned()));
        }
        Ok(writer)
    }
}

/// A live writer. [`Self::destroy`] must be called; there is no drop, so that nothing is called that was not meant.
#[derive(Debug)]
pub struct LoadedWriter {
    functions: Functions,
    instance: Instance,
}

impl LoadedWriter {
    /// `writeproof_write_batch`. The structs are moved into the writer, whatever it returns. `batch` counts from 1.
    ///
    /// # Errors
    /// When the writer says so.
    pub fn write_batch(&mut self, handed: Handed, batch: u64) -> Result<(), Failure> {
        let (mut array, mut schema) = (lent::lend_array(handed.array), lent::lend_schema(handed.schema));
        // SAFETY: the writer is live, both structs are valid, and are not touched again.
        let status = unsafe { (self.functions.write_batch)(self.instance, &raw mut array, &raw mut schema) };
        self.checked(Step::Write, status, || format!("writeproof_write_batch of batch {batch}"))
    }

    /// `writeproof_flush`.
    ///
    /// # Errors
    /// When the writer says so.
    pub fn flush(&mut self, batch: u64) -> Result<(), Failure> {
        // SAFETY: the writer is live.
        let status = unsafe { (self.functions.flush)(self.instance) };
        self.checked(Step::Flush, status, || format!("writeproof_flush after batch {batch}"))
    }

    /// `writeproof_close`; the writer's own report, null when it makes none, text when it is not JSON.
    ///
    /// # Errors
    /// When the writer says so.
    pub fn close(&mut self) -> Result<Value, Failure> {
        let mut report = ptr::null();
        // SAFETY: the writer is live, and `report` is valid.
        let status = unsafe { (self.functions.close)(self.instance, &raw mut report) };
        self.checked(Step::Close, status, || "writeproof_close".to_owned())?;
        // SAFETY: null, or text that lives until destroy.
        let said = unsafe { text(report) };
        Ok(said.map_or(Value::Null, |said| serde_json::from_str(&said).unwrap_or(Value::String(said))))
    }

    /// `writeproof_abort`; the writer's complaint, should it fail.
    pub fn abort(&mut self) -> Option<String> {
        // SAFETY: the writer is live.
        let status = unsafe { (self.functions.abort)(self.instance) };
        (status != 0).then(|| self.failure(Step::Close, "writeproof_abort", status).message)
    }

    /// `writeproof_destroy`.
    pub fn destroy(self) {
        // SAFETY: the writer is live, and consumed here.
        unsafe { (self.functions.destroy)(self.instance) }
    }

    fn checked(&self, step: Step, status: i32, call: impl FnOnce() -> String) -> Result<(), Failure> {
        if status == 0 { Ok(()) } else { Err(self.failure(step, &call(), status)) }
    }

    fn failure(&self, step: Step, call: &str, status: i32) -> Failure {
        // SAFETY: the writer is live, or null, which asks for the error of create.
        let said = unsafe { text((self.functions.last_error)(self.instance)) };
        let said = said.filter(|said| !said.is_empty()).unwrap_or_else(|| "the writer gives no reason".to_owned());
        Failure { step, errno: (status > 0).then_some(status), message: format!("{call} returned {status}: {said}") }
    }
}

/// A copy of the writer's text; `None` for a null pointer.
///
/// # Safety
/// `pointer` is null or NUL-terminated text.
unsafe fn text(pointer: *const c_char) -> Option<String> {
    // SAFETY: not null here, and terminated as the caller promises.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}
