//! A dataset opened afresh, and its rows in the order of fragments.

use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use futures::stream::{BoxStream, StreamExt, iter, once};
use lance_core::cache::LanceCache;
use lance_core::{Error, Result};
use lance_encoding::decoder::{DecoderPlugins, FilterExpression};
use lance_file::reader::{FileReader, FileReaderOptions};
use lance_file::versions;
use lance_io::ReadBatchParams;
use lance_io::object_store::ObjectStore;
use lance_io::scheduler::{ScanScheduler, SchedulerConfig};
use lance_io::utils::CachedFileSize;
use lance_table::feature_flags::ensure_can_read_manifest;
use lance_table::format::{Fragment, Manifest};
use lance_table::io::commit::{CommitHandler, ConditionalPutCommitHandler};
use lance_table::io::manifest::read_manifest;
use object_store::path::Path as StorePath;

const ROWS_PER_BATCH: u32 = 8192;

/// Bytes that may be read ahead of the decoder.
const READ_AHEAD_BYTES: u64 = 32 << 20;

/// A dataset at its newest version.
pub struct Scan {
    manifest: Manifest,
    store: Arc<ObjectStore>,
    base: StorePath,
}

impl Scan {
    /// Reads the manifest, and no data.
    pub async fn open(target: &Path) -> Result<Self> {
        let folder = target.canonicalize().map_err(|error| Error::io(format!("{}: {error}", target.display())))?;
        let base = StorePath::from_absolute_path(folder).map_err(|error| Error::io(error.to_string()))?;
        let store = Arc::new(ObjectStore::local());
        let location = ConditionalPutCommitHandler.resolve_latest_location(&base, &store).await?;
        let manifest = read_manifest(&store, &location.path, location.size).await?;
        ensure_can_read_manifest(&manifest)?;
        Ok(Self { manifest, store, base })
    }

    /// As the manifest has it, metadata included.
    pub fn schema(&self) -> Schema {
        Schema::from(&self.manifest.schema)
    }

    /// Every row. What a fragment says and its file holds must agree.
    pub fn batches(self) -> BoxStream<'static, Result<RecordBatch>> {
        let scheduler = ScanScheduler::new(Arc::clone(&self.store), SchedulerConfig::new(READ_AHEAD_BYTES));
        let scan = Arc::new(self);
        iter(0..scan.manifest.fragments.len())
            .then(move |index| {
                let (scan, scheduler) = (Arc::clone(&scan), Arc::clone(&scheduler));
                async move { scan.fragment(&scan.manifest.fragments[index], &scheduler).await }
            })
            .flat_map(|opened| opened.unwrap_or_else(|error| once(async { Err(error) }).boxed()))
            .boxed()
    }

    async fn fragment(
        &self,
        fragment: &Fragment,
        scheduler: &Arc<ScanScheduler>,
    ) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let [file] = fragment.files.as_slice() else {
            return Err(Error::not_supported(format!(
                "fragment {} has {} data files; one is expected",
                fragment.id,
                fragment.files.len()
            )));
        };
        if fragment.deletion_file.is_some() {
            return Err(Error::not_supported(format!("fragment {} has deleted rows; none are expected", fragment.id)));
        }
        let path = self.base.clone().join("data").join(file.path.as_str());
        let opened = scheduler.open_file(&path, &CachedFileSize::unknown()).await?;
        let version = file.file_version()?;
        let projection = versions::reader_projection_from_whole_schema(&self.manifest.schema, version);
        let reader = FileReader::try_open(
            opened,
            Some(projection),
            Arc::<DecoderPlugins>::default(),
            &LanceCache::no_cache(),
            FileReaderOptions::default(),
        )
        .await?;
        if Some(reader.num_rows() as usize) != fragment.physical_rows {
            let said = fragment.physical_rows.map_or("nothing".to_owned(), |rows| format!("{rows} rows"));
            let what = format!("it holds {} rows, and the manifest says {said}", reader.num_rows());
            return Err(Error::corrupt_file(path, what));
        }
        let stream =
            reader.read_stream(ReadBatchParams::RangeFull, ROWS_PER_BATCH, 1, FilterExpression::no_filter()).await?;
        Ok(StreamExt::boxed(stream))
    }
}
