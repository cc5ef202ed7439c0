//! Statistics of a column chunk that its values do not have.

use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::{Statistics, ValueStatistics};

/// The chunk with other statistics; None where it has none, or none that can be changed so.
pub(crate) fn change(
    column: &ColumnChunkMetaData,
    change: fn(&Statistics) -> Option<Statistics>,
) -> Result<Option<ColumnChunkMetaData>> {
    let statistics = column.statistics().and_then(change);
    statistics.map(|statistics| column.clone().into_builder().set_statistics(statistics).build()).transpose()
}

/// Which of the extremes stands for both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Minimum,
    Maximum,
}

/// Statistics whose maximum is their minimum.
pub(crate) fn lower_maximum(statistics: &Statistics) -> Option<Statistics> {
    one_extreme(statistics, Kept::Minimum)
}

/// Statistics whose minimum is their maximum.
pub(crate) fn raise_minimum(statistics: &Statistics) -> Option<Statistics> {
    one_extreme(statistics, Kept::Maximum)
}

/// None where both are equal already, or of a type that TPC-H does not have.
fn one_extreme(statistics: &Statistics, kept: Kept) -> Option<Statistics> {
    macro_rules! extremes {
        ($values:expr) => {{
            let (min, max) = ($values.min_opt()?, $values.max_opt()?);
            let (both, exact) = match kept {
                Kept::Minimum => (min.clone(), $values.min_is_exact()),
                Kept::Maximum => (max.clone(), $values.max_is_exact()),
            };
            (min != max).then(|| {
                ValueStatistics::new(Some(both.clone()), Some(both), None, $values.null_count_opt(), false)
                    .with_min_is_exact(exact)
                    .with_max_is_exact(exact)
                    .into()
            })
        }};
    }
    match statistics {
        Statistics::Int32(values) => extremes!(values),
        Statistics::Int64(values) => extremes!(values),
        Statistics::Double(values) => extremes!(values),
        Statistics::ByteArray(values) => extremes!(values),
        _ => None,
    }
}

/// Statistics with one null more.
pub(crate) fn add_null(statistics: &Statistics) -> Option<Statistics> {
    macro_rules! with_null {
        ($values:expr) => {{
            let nulls = $values.null_count_opt()? + 1;
            Some(
                ValueStatistics::new($values.min_opt().cloned(), $values.max_opt().cloned(), None, Some(nulls), false)
                    .with_min_is_exact($values.min_is_exact())
                    .with_max_is_exact($values.max_is_exact())
                    .into(),
            )
        }};
    }
    match statistics {
        Statistics::Int32(values) => with_null!(values),
        Statistics::Int64(values) => with_null!(values),
        Statistics::Double(values) => with_null!(values),
        Statistics::ByteArray(values) => with_null!(values),
        _ => None,
    }
}
