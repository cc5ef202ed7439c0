//! What a scan is asked for, as data, read once.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use crate::columns::{COLUMNS, Column, ID, Kind, find};
use crate::error::Error;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// =
    Equal,
    /// !=
    Unequal,
    /// <
    Less,
    /// <=
    AtMost,
    /// \>
    Greater,
    /// \>=
    AtLeast,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// For int64, int32, timestamp and date32.
    Integer(i64),
    /// For float64.
    Float(f64),
    /// For bool.
    Boolean(bool),
    /// For utf8.
    Text(String),
}

/// One condition; a null value satisfies none but [`Test::IsNull`].
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Index of the column.
    pub column: usize,
    /// What is asked of its value.
    pub test: Test,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A comparison.
    Compare(Operator, Operand),
    /// isNull.
    IsNull,
    /// isNotNull.
    IsNotNull,
}

/// A query that fits a store's columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Columns of the result, by index, in its order.
    pub columns: Vec<usize>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// What keys begin with; empty for every key.
    pub prefix: String,
    /// Rows after which the result ends.
    pub limit: Option<u64>,
}

impl Query {
    /// Reads a query against a store of so many columns.
    ///
    /// # Errors
    /// Where it is no query, or names what there is not.
    pub fn parse(text: &str, columns: usize) -> Result<Self, Error> {
        let object = object(text, "the query", &["columns", "filter", "prefix", "limit"])?;
        Ok(Self {
            columns: columns_of(object.get("columns"), columns)?,
            conditions: object.get("filter").map_or_else(|| Ok(Vec::new()), |filter| conditions_of(filter, columns))?,
            prefix: match object.get("prefix") {
                None => String::new(),
                Some(Value::String(prefix)) => prefix.clone(),
                Some(other) => return Err(ill("prefix", other, "text that keys begin with, such as \"g07/\"")),
            },
            limit: match object.get("limit") {
                None => None,
                Some(limit) => Some(
                    limit
                        .as_u64()
                        .filter(|limit| *limit > 0)
                        .ok_or_else(|| ill("limit", limit, "a whole number of at least 1"))?,
                ),
            },
        })
    }

    /// The id that a row must have to be in the result, where the conditions give one.
    #[must_use]
    pub fn unique_id(&self) -> Option<i64> {
        self.conditions.iter().find_map(|condition| match condition {
            Condition { column: ID, test: Test::Compare(Operator::Equal, Operand::Integer(id)) } => Some(*id),
            _ => None,
        })
    }
}

/// The object of this text, with members of these names alone.
///
/// # Errors
/// Where it is none.
pub fn object(text: &str, what: &str, known: &[&str]) -> Result<Map<String, Value>, Error> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Error::misuse(format!("{what} is not JSON: {error}; expected an object")))?;
    let Value::Object(object) = value else {
        return Err(ill(what, &value, "an object"));
    };
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => {
            Err(Error::misuse(format!("{what} has a member {unknown:?}; expected only {}", known.join(", "))))
        }
        None => Ok(object),
    }
}

/// A sentence on a value that cannot be.
pub fn ill(name: &str, actual: &Value, expected: &str) -> Error {
    Error::misuse(format!("{name} is {actual}; expected {expected}"))
}

fn column_named(name: &Value, columns: usize, place: &str) -> Result<usize, Error> {
    let Value::String(text) = name else {
        return Err(ill(place, name, "the name of a column"));
    };
    find(text, columns).ok_or_else(|| {
        let names: Vec<&str> = COLUMNS[..columns].iter().map(|column| column.name).collect();
        Error::misuse(format!("{place} names the column {text:?}; expected one of {}", names.join(", ")))
    })
}

fn columns_of(asked: Option<&Value>, columns: usize) -> Result<Vec<usize>, Error> {
    let Some(asked) = asked else { return Ok((0..columns).collect()) };
    let Value::Array(names) = asked else {
        return Err(ill("columns", asked, "an array of names of columns"));
    };
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let column = column_named(name, columns, "columns")?;
        if found.contains(&column) {
            return Err(Error::misuse(format!("columns names {name} twice; expected every column once")));
        }
        found.push(column);
    }
    if found.is_empty() {
        return Err(ill("columns", asked, "at least one column"));
    }
    Ok(found)
}

fn conditions_of(filter: &Value, columns: usize) -> Result<Vec<Condition>, Error> {
    match filter {
        Value::Object(object) if object.contains_key("and") => match &object["and"] {
            Value::Array(parts) if object.len() == 1 && !parts.is_empty() => {
                parts.iter().map(|part| condition_of(part, columns)).collect()
            }
            _ => Err(ill("filter", filter, "{\"and\": [condition, …]} with at least one condition")),
        },
        _ => condition_of(filter, columns).map(|condition| vec![condition]),
    }
}

fn condition_of(condition: &Value, columns: usize) -> Result<Condition, Error> {
    const EXPECTED: &str = "a condition {column, op, value}";
    let Value::Object(object) = condition else {
        return Err(ill("filter", condition, EXPECTED));
    };
    if let Some(unknown) = object.keys().find(|name| !["column", "op", "value"].contains(&name.as_str())) {
        return Err(Error::misuse(format!("filter has a member {unknown:?}; expected {EXPECTED}")));
    }
    let column = column_named(object.get("column").unwrap_or(&Value::Null), columns, "filter")?;
    let op = object.get("op").unwrap_or(&Value::Null);
    let operator = match op.as_str() {
        Some("=") => Operator::Equal,
        Some("!=") => Operator::Unequal,
        Some("<") => Operator::Less,
        Some("<=") => Operator::AtMost,
        Some(">") => Operator::Greater,
        Some(">=") => Operator::AtLeast,
        Some(name @ ("isNull" | "isNotNull")) => {
            if let Some(value) = object.get("value") {
                return Err(ill("the value of a filter", value, &format!("none beside {name}")));
            }
            let test = if name == "isNull" { Test::IsNull } else { Test::IsNotNull };
            return Ok(Condition { column, test });
        }
        _ => return Err(ill("the op of a filter", op, "=, !=, <, <=, >, >=, isNull or isNotNull")),
    };
    let operand = operand_of(&COLUMNS[column], object.get("value").unwrap_or(&Value::Null))?;
    if matches!(operand, Operand::Boolean(_)) && !matches!(operator, Operator::Equal | Operator::Unequal) {
        return Err(ill("the op of a filter", op, &format!("= or != for the column {}", COLUMNS[column].name)));
    }
    Ok(Condition { column, test: Test::Compare(operator, operand) })
}

fn operand_of(column: &Column, value: &Value) -> Result<Operand, Error> {
    let operand = match column.kind {
        Kind::Float64 => value.as_f64().map(Operand::Float),
        Kind::Boolean => value.as_bool().map(Operand::Boolean),
        Kind::Text => value.as_str().map(|text| Operand::Text(text.to_owned())),
        Kind::Int64 | Kind::Int32 | Kind::Timestamp | Kind::Date32 => value.as_i64().map(Operand::Integer),
    };
    operand.ok_or_else(|| {
        let expected = match column.kind {
            Kind::Float64 => "a number",
            Kind::Boolean => "true or false",
            Kind::Text => "text",
            Kind::Int64 | Kind::Int32 => "a whole number",
            Kind::Timestamp => "a whole number of microseconds",
            Kind::Date32 => "a whole number of days",
        };
        ill(&format!("the value of a filter on the column {}", column.name), value, expected)
    })
}
