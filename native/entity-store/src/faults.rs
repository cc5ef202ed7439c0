//! Lies of a scan, one hook each. ENTITIES.md says for which queries each changes anything.

use serde::{Deserialize, Serialize};

use crate::columns::COLUMNS;
use crate::error::Error;

/// A scan that is wrong in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// One row more than the limit.
    LimitOffByOne,
    /// Deleted rows count as live.
    DeletedReturned,
    /// The limit counts rows before the filter has tested them.
    FilterAfterLimit,
    /// Values of another column of the same type.
    ProjectionByWrongIndex,
    /// A null becomes 0, false or the empty text.
    NullsLost,
    /// The row that fills a batch is lost.
    BatchEdgeDropped,
    /// A flush reads what is there when it reads, instead of its snapshot.
    SnapshotNotHeld,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 7] = [
        Self::LimitOffByOne,
        Self::DeletedReturned,
        Self::FilterAfterLimit,
        Self::ProjectionByWrongIndex,
        Self::NullsLost,
        Self::BatchEdgeDropped,
        Self::SnapshotNotHeld,
    ];

    /// The fault of this name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn named(name: &str) -> Result<Self, Error> {
        serde_json::from_value(name.into())
            .map_err(|error| Error::misuse(format!("there is no fault {name:?}: {error}")))
    }
}

/// Rows after which a result ends.
pub(crate) fn limit(fault: Option<Fault>, limit: Option<u64>) -> Option<u64> {
    limit.map(|rows| if fault == Some(Fault::LimitOffByOne) { rows.saturating_add(1) } else { rows })
}

/// Whether a row counts as deleted.
#[inline]
pub(crate) fn deleted(fault: Option<Fault>, deleted: bool) -> bool {
    deleted && fault != Some(Fault::DeletedReturned)
}

/// Whether the limit counts a row before it is tested.
#[inline]
pub(crate) fn counts_before_filter(fault: Option<Fault>) -> bool {
    fault == Some(Fault::FilterAfterLimit)
}

/// The column, of a store of `count`, whose values stand in the place of this one's.
pub(crate) fn source(fault: Option<Fault>, column: usize, count: usize) -> usize {
    if fault != Some(Fault::ProjectionByWrongIndex) {
        return column;
    }
    let alike = |other: &usize| {
        let (left, right) = (&COLUMNS[column], &COLUMNS[*other]);
        left.kind == right.kind && left.nullable() == right.nullable()
    };
    (1..count).map(|step| (column + step) % count).find(alike).unwrap_or(column)
}

/// Whether a null becomes a value.
pub(crate) fn loses_nulls(fault: Option<Fault>) -> bool {
    fault == Some(Fault::NullsLost)
}

/// Whether the row is lost that is the last of `batch_rows`.
#[inline]
pub(crate) fn drops_edge(fault: Option<Fault>, rows: usize, batch_rows: usize) -> bool {
    fault == Some(Fault::BatchEdgeDropped) && rows == batch_rows
}

/// Whether a flush reads its snapshot.
pub(crate) fn holds_snapshot(fault: Option<Fault>) -> bool {
    fault != Some(Fault::SnapshotNotHeld)
}

#[cfg(test)]
mod tests {
    use super::{Fault, source};

    #[test]
    fn names_are_those_of_the_catalogue() {
        let names = Fault::ALL.map(|fault| serde_json::to_value(fault).expect("a name"));
        let expected = [
            "limit-off-by-one",
            "deleted-returned",
            "filter-after-limit",
            "projection-by-wrong-index",
            "nulls-lost",
            "batch-edge-dropped",
            "snapshot-not-held",
        ];
        assert_eq!(names, expected);
        assert_eq!(Fault::named("nulls-lost"), Ok(Fault::NullsLost));
        assert!(Fault::named("none").is_err_and(|error| error.to_string().contains("there is no fault \"none\"")));
    }

    #[test]
    fn a_wrong_index_is_of_the_same_type_and_nullability() {
        let wrong = Some(Fault::ProjectionByWrongIndex);
        assert_eq!([1, 8, 0, 2].map(|column| source(wrong, column, 10)), [8, 1, 0, 2]);
        assert_eq!([0, 1, 8, 19, 2, 3].map(|column| source(wrong, column, 20)), [14, 8, 19, 1, 10, 12]);
        assert_eq!(source(None, 1, 10), 1);
    }
}
