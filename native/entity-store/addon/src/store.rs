use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Result, Task};
use napi_derive::napi;
use writeproof_entity_store::{Error, FlushJob, OpenOptions, Options, Query, Scan, Store, Strategy, flush};

use crate::prepared::PreparedScan;
use crate::{json, to_js};

/// A store that its scans share, until it is closed.
pub struct Shared(RwLock<Option<Store>>);

impl Shared {
    /// Does something with the open store.
    pub fn with<T>(&self, work: impl FnOnce(&Store) -> std::result::Result<T, Error>) -> Result<T> {
        let guard: RwLockReadGuard<'_, _> = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let store = guard.as_ref().ok_or_else(|| to_js(Error::misuse("the store is closed: open it again")))?;
        work(store).map_err(to_js)
    }
}

/// An open store.
#[napi]
pub struct EntityStore(Arc<Shared>);

#[napi]
impl EntityStore {
    /// Opens the store at a path. Options: `{readOnly?: boolean (true), cacheBytes?: number (64 MiB)}`.
    #[napi(constructor)]
    pub fn new(path: String, options: String) -> Result<Self> {
        let options = OpenOptions::parse(&options).map_err(to_js)?;
        let store = Store::open(Path::new(&path), &options).map_err(to_js)?;
        Ok(Self(Arc::new(Shared(RwLock::new(Some(store))))))
    }

    /// What the store says of itself, as JSON: `{format, rows, columns, encoding, seed, changed}`.
    #[napi]
    pub fn facts(&self) -> Result<String> {
        json(&self.0.with(Store::facts_now)?)
    }

    /// Compiles a query. Options: `{onBadValue?: 'stop' | 'count', batchRows?: number (8192), fault?: string}`.
    #[napi]
    pub fn prepare(&self, query: String, strategy: String, options: String) -> Result<PreparedScan> {
        let scan = self.0.with(|store| {
            let facts = store.facts();
            let query = Query::parse(&query, facts.columns)?;
            Ok(Scan::new(facts, query, Strategy::parse(&strategy)?, Options::parse(&options)?))
        })?;
        Ok(PreparedScan::new(Arc::clone(&self.0), scan))
    }

    /// Writes a snapshot to Parquet while threads write to the store. Job: `{target, copies?: number (1), batchRows?: number (8192),
    /// fault?, load: {threads, seed, seconds?, operations?}}`. Result, as JSON: `{sequence, rows, files: [{path, bytes, rows,
    /// sha256}], digestOfSnapshot, puts, deletes, overwrites, digestAfter}`.
    #[napi]
    pub fn flush(&self, job: String) -> Result<AsyncTask<Flushing>> {
        let job = FlushJob::parse(&job).map_err(to_js)?;
        Ok(AsyncTask::new(Flushing { shared: Arc::clone(&self.0), job }))
    }

    /// Closes the store; its scans cannot run any more.
    #[napi]
    pub fn close(&self) -> Result<()> {
        let busy = || to_js(Error::misuse("the store is being flushed: wait for that before closing it"));
        let mut guard = match self.0.0.try_write() {
            Ok(guard) => guard,
            Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => return Err(busy()),
        };
        *guard = None;
        Ok(())
    }
}

/// A flush beside JavaScript.
pub struct Flushing {
    shared: Arc<Shared>,
    job: FlushJob,
}

impl Task for Flushing {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        json(&self.shared.with(|store| flush(store, &self.job))?)
    }

    fn resolve(&mut self, _: Env, output: String) -> Result<String> {
        Ok(output)
    }
}
