//! A dataset being written: where its fragments and versions end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use arrow_array::RecordBatch;
use arrow_schema::Schema as ArrowSchema;
use lance_core::datatypes::Schema;
use lance_io::object_store::ObjectStore;
use lance_table::format::{Fragment, Manifest};
use object_store::path::Path as StorePath;
use writeproof_abi::Error;
use writeproof_sink::Report;

use crate::commit::commit;
use crate::data_file::DataFile;
use crate::failure;
use crate::options::{Commit, Options};

/// `ENOTSUP`, with which the header asks for a refusal of flush.
const NOT_SUPPORTED: i32 = 95;

fn make_folder(path: &Path) -> Result<(), Error> {
    std::fs::create_dir(path).map_err(|error| {
        let errno = error.raw_os_error().unwrap_or(-1);
        Error::with_errno(errno, format!("the folder {} cannot be made: {error}", path.display()))
    })
}

/// A dataset being written.
pub struct Dataset {
    folder: PathBuf,
    store: ObjectStore,
    base: StorePath,
    schema: Schema,
    options: Options,
    /// The version that stands; none before the first commit.
    current: Option<Manifest>,
    /// Fragments that await their commit.
    pending: Vec<Fragment>,
    open: Option<DataFile>,
    /// Of the data files that ended.
    reports: Vec<Report>,
    commits: Vec<Duration>,
}

impl Dataset {
    /// Makes the folder; nothing stands in it until the first data file.
    pub fn create(target: &Path, schema: &ArrowSchema, options: Options) -> Result<Self, Error> {
        let schema = Schema::try_from(schema).map_err(failure::of)?;
        schema.validate().map_err(failure::of)?;
        make_folder(target)?;
        make_folder(&target.join("data"))?;
        let folder = target.canonicalize()?;
        let base = StorePath::from_absolute_path(&folder).map_err(Error::new)?;
        Ok(Self {
            folder,
            store: ObjectStore::local(),
            base,
            schema,
            options,
            current: None,
            pending: Vec::new(),
            open: None,
            reports: Vec::new(),
            commits: Vec::new(),
        })
    }

    /// Takes one batch, cut where a data file is full.
    pub async fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let mut from = 0;
        while from < batch.num_rows() {
            let file = match &mut self.open {
                Some(file) => file,
                none => none.insert(DataFile::create(&self.folder.join("data"), &self.schema, &self.options)?),
            };
            let rows = (batch.num_rows() - from).min(self.options.rows_per_file - file.rows);
            file.write(&batch.slice(from, rows)).await?;
            from += rows;
            if file.rows == self.options.rows_per_file {
                self.end_fragment().await?;
            }
        }
        Ok(())
    }

    /// Ends a fragment or a version, as the kind of commit has it.
    pub async fn flush(&mut self) -> Result<(), Error> {
        match self.options.commit {
            Commit::Insert => Err(Error::with_errno(
                NOT_SUPPORTED,
                "commit=insert is one stream and has no flush; choose commit=fragments or commit=append",
            )),
            Commit::Fragments => self.end_fragment().await,
            Commit::Append => self.commit().await,
        }
    }

    /// Commits what no flush has committed; a dataset without rows is a version too.
    pub async fn finish(&mut self) -> Result<(), Error> {
        self.end_fragment().await?;
        if self.current.is_none() || !self.pending.is_empty() { self.commit().await } else { Ok(()) }
    }

    async fn end_fragment(&mut self) -> Result<(), Error> {
        if let Some(file) = self.open.take() {
            let (fragment, report) = file.finish(&self.schema, self.options.version).await?;
            self.pending.push(fragment);
            self.reports.push(report);
        }
        Ok(())
    }

    async fn commit(&mut self) -> Result<(), Error> {
        self.end_fragment().await?;
        let began = Instant::now();
        let fragments = std::mem::take(&mut self.pending);
        let current = self.current.as_ref();
        let version = self.options.version;
        let made = commit(&self.store, &self.base, current, fragments, &self.schema, version).await;
        self.current = Some(made.map_err(failure::of)?);
        self.commits.push(began.elapsed());
        Ok(())
    }

    /// Of the data files that ended.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// How long each commit took, in their order.
    pub fn commits(&self) -> &[Duration] {
        &self.commits
    }

    /// Removes the whole folder, committed versions too.
    pub fn abort(mut self) -> Result<(), Error> {
        let ended = self.open.take().map_or(Ok(()), DataFile::abort);
        std::fs::remove_dir_all(&self.folder)?;
        ended
    }
}
