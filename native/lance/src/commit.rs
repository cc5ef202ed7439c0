//! A version of a dataset: a transaction file, and the manifest that names every fragment.

use std::fs::{self, File};
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use lance_core::Result;
use lance_core::datatypes::Schema;
use lance_file::version::ConcreteFileVersion;
use lance_io::local::to_local_path;
use lance_io::object_store::ObjectStore;
use lance_table::feature_flags::{apply_feature_flags, ensure_can_write_manifest, validate_paired_feature_flags};
use lance_table::format::{DataStorageFormat, Fragment, Manifest, ManifestBuildConfig, pb};
use lance_table::io::commit::{
    CommitHandler, ConditionalPutCommitHandler, ManifestNamingScheme, write_manifest_file_to_path,
};
use lance_table::transaction::{Operation, Transaction, canonicalize_non_reusable_field_ids, validate_operation};
use object_store::path::Path;
use prost::Message;

/// Not through the object store: that of lance-io 14.0.2 overlooks an error of a local file's last write (`poll_shutdown` of
/// its `LocalWriter`), and gives an empty file its name. Nothing names this one until the manifest does.
fn write_transaction(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = std::path::PathBuf::from(to_local_path(path));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create_new(path)?.write_all(bytes)?;
    Ok(())
}

/// Commits fragments as a new version: the first creates the dataset, later ones append to `current`.
///
/// The steps are those of `do_commit_new_dataset` and `commit_transaction` in `lance` 14.0.2 (`src/io/commit.rs`), for one
/// writer on a local path: nobody else commits in between, so that nothing has to be rebased.
pub async fn commit(
    store: &ObjectStore,
    base: &Path,
    current: Option<&Manifest>,
    fragments: Vec<Fragment>,
    schema: &Schema,
    version: ConcreteFileVersion,
) -> Result<Manifest> {
    let operation = match current {
        None => {
            Operation::Overwrite { fragments, schema: schema.clone(), config_upsert_values: None, initial_bases: None }
        }
        Some(_) => Operation::Append { fragments },
    };
    let mut transaction = Transaction::new(current.map_or(0, |manifest| manifest.version), operation, None);
    canonicalize_non_reusable_field_ids(current, &mut transaction.operation, current.map(|manifest| &manifest.schema))?;
    validate_operation(current, &transaction.operation)?;
    if let Some(current) = current {
        ensure_can_write_manifest(current)?;
    }
    let message = pb::Transaction::try_from(&transaction)?;
    let name = format!("{}-{}.txn", transaction.read_version, transaction.uuid);
    write_transaction(&base.clone().join("_transactions").join(name.as_str()), &message.encode_to_vec())?;

    let timestamp_nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let config = ManifestBuildConfig {
        auto_set_feature_flags: true,
        timestamp_nanos,
        use_stable_row_ids: false,
        use_legacy_format: None,
        storage_format: current.is_none().then(|| DataStorageFormat::new(version)),
        disable_transaction_file: false,
        migration_next_row_id: None,
        activate_non_reusable_field_ids: false,
        spilled_row_lineage: Default::default(),
    };
    let (mut manifest, _) = transaction.build_manifest(current, vec![], &name, &config)?;
    manifest.update_max_field_id();
    validate_paired_feature_flags(&manifest)?;
    manifest.schema.verify_primary_key()?;
    let stable_row_ids = manifest.uses_stable_row_ids();
    apply_feature_flags(&mut manifest, stable_row_ids, false)?;
    manifest.set_timestamp(timestamp_nanos);
    manifest.update_max_fragment_id();
    ConditionalPutCommitHandler
        .commit(
            &mut manifest,
            None,
            base,
            store,
            write_manifest_file_to_path,
            ManifestNamingScheme::V2,
            Some(message.into()),
        )
        .await?;
    Ok(manifest)
}
