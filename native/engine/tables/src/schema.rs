use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::types;

/// The tables of TPC-H.
pub const TPCH: [&str; 8] = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"];
/// The table of edge values.
pub const TYPES: &str = "types";

/// The table of those of them that every format holds.
pub const CORE_TYPES: &str = "core-types";

/// The table of raw bytes.
pub const RAW: &str = "raw";
/// The table of one pattern.
pub(crate) const PATTERN_TABLE: &str = "pattern";

/// Names of all tables.
pub fn tables() -> impl Iterator<Item = &'static str> {
    TPCH.into_iter().chain([TYPES, CORE_TYPES, RAW, PATTERN_TABLE])
}

const INT64: DataType = DataType::Int64;
const INT32: DataType = DataType::Int32;
const MONEY: DataType = DataType::Decimal128(15, 2);
const DATE: DataType = DataType::Date32;
const TEXT: DataType = DataType::Utf8;

/// Schema of a table; `None` when there is no such table. In those of TPC-H, names and widths are those of the crate `tpchgen-arrow`, text is utf8.
pub fn schema(table: &str) -> Option<SchemaRef> {
    let columns: &[(&str, DataType)] = match table {
        "customer" => &[
            ("c_custkey", INT64),
            ("c_name", TEXT),
            ("c_address", TEXT),
            ("c_nationkey", INT64),
            ("c_phone", TEXT),
            ("c_acctbal", MONEY),
            ("c_mktsegment", TEXT),
            ("c_comment", TEXT),
        ],
        "lineitem" => &[
            ("l_orderkey", INT64),
            ("l_partkey", INT64),
            ("l_suppkey", INT64),
            ("l_linenumber", INT32),
            ("l_quantity", MONEY),
            ("l_extendedprice", MONEY),
            ("l_discount", MONEY),
            ("l_tax", MONEY),
            ("l_returnflag", TEXT),
            ("l_linestatus", TEXT),
            ("l_shipdate", DATE),
            ("l_commitdate", DATE),
            ("l_receiptdate", DATE),
            ("l_shipinstruct", TEXT),
            ("l_shipmode", TEXT),
            ("l_comment", TEXT),
        ],
        "nation" => &[("n_nationkey", INT64), ("n_name", TEXT), ("n_regionkey", INT64), ("n_comment", TEXT)],
        "orders" => &[
            ("o_orderkey", INT64),
            ("o_custkey", INT64),
            ("o_orderstatus", TEXT),
            ("o_totalprice", MONEY),
            ("o_orderdate", DATE),
            ("o_orderpriority", TEXT),
            ("o_clerk", TEXT),
            ("o_shippriority", INT32),
            ("o_comment", TEXT),
        ],
        "part" => &[
            ("p_partkey", INT64),
            ("p_name", TEXT),
            ("p_mfgr", TEXT),
            ("p_brand", TEXT),
            ("p_type", TEXT),
            ("p_size", INT32),
            ("p_container", TEXT),
            ("p_retailprice", MONEY),
            ("p_comment", TEXT),
        ],
        "partsupp" => &[
            ("ps_partkey", INT64),
            ("ps_suppkey", INT64),
            ("ps_availqty", INT32),
            ("ps_supplycost", MONEY),
            ("ps_comment", TEXT),
        ],
        "region" => &[("r_regionkey", INT64), ("r_name", TEXT), ("r_comment", TEXT)],
        "supplier" => &[
            ("s_suppkey", INT64),
            ("s_name", TEXT),
            ("s_address", TEXT),
            ("s_nationkey", INT64),
            ("s_phone", TEXT),
            ("s_acctbal", MONEY),
            ("s_comment", TEXT),
        ],
        RAW | PATTERN_TABLE => &[("block", DataType::Binary)],
        TYPES => return Some(types::schema()),
        CORE_TYPES => return Some(types::core_schema(&types::schema())),
        _ => return None,
    };
    let fields: Vec<Field> = columns.iter().map(|(name, kind)| Field::new(*name, kind.clone(), false)).collect();
    Some(Arc::new(Schema::new(fields)))
}
