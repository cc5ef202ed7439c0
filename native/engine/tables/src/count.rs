//! How many rows a table has, computed without the row generator.

use crate::lcg::{Lcg, power};
use crate::raw::raw_blocks;
use crate::schema::PATTERN_TABLE;
use crate::{CORE_TYPES, RAW, Request, TYPES};

/// First seed of dbgen's stream of line counts, one draw an order.
const LINE_COUNT_SEED: u64 = 1_434_868_289;

/// Units at a scale: what dbgen numbers, and cuts into parts.
pub(crate) fn units(table: &str, scale: f64) -> u64 {
    let base = match table {
        "customer" => 150_000.0,
        "lineitem" | "orders" => 1_500_000.0,
        "part" | "partsupp" => 200_000.0,
        "supplier" => 10_000.0,
        TYPES | CORE_TYPES => 1_000_000.0,
        RAW | PATTERN_TABLE => return raw_blocks(scale),
        "nation" => return 25,
        "region" => return 5,
        _ => return 0,
    };
    (base * scale) as u64
}

/// Rows of a unit where it is the same for all; `lineitem` has 1 to 7 an order.
pub(crate) fn rows_of_unit(table: &str) -> Option<u64> {
    match table {
        "lineitem" => None,
        "partsupp" => Some(4),
        _ => Some(1),
    }
}

/// Walks over the orders, counting their lines.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    order: u64,
    first_row: u64,
    stream: Lcg,
}

impl Lines {
    /// At `order` (from 0), whose first line gets row number 0.
    pub(crate) fn at(order: u64) -> Self {
        Self { order, first_row: 0, stream: Lcg::new(LINE_COUNT_SEED).multiplied(power(order)).next() }
    }

    fn of_this_order(&self) -> u64 {
        1 + self.stream.below(7)
    }

    fn step(&mut self) {
        self.first_row += self.of_this_order();
        self.order += 1;
        self.stream = self.stream.next();
    }

    /// Walks on to the order that holds `row`; its number and the lines of it before that row, `None` when it is not before `end`.
    pub(crate) fn find(&mut self, row: u64, end: u64) -> Option<(u64, u64)> {
        while self.order < end {
            if row < self.first_row + self.of_this_order() {
                return Some((self.order, row - self.first_row));
            }
            self.step();
        }
        None
    }

    fn rows_until(mut self, end: u64) -> u64 {
        while self.order < end {
            self.step();
        }
        self.first_row
    }
}

/// Rows of a whole table at a scale; 0 when there is no such table.
pub fn expected_rows(table: &str, scale: f64) -> u64 {
    let units = units(table, scale);
    rows_of_unit(table).map_or_else(|| Lines::at(0).rows_until(units), |rows| rows * units)
}

/// Index in the whole table of the first row of the part that is asked for.
pub(crate) fn first_row_of_part(request: &Request) -> u64 {
    let before = request.units().start;
    rows_of_unit(&request.table).map_or_else(|| Lines::at(0).rows_until(before), |rows| rows * before)
}

/// Rows of the part that is asked for.
pub fn expected_rows_of_part(request: &Request) -> u64 {
    let units = request.units();
    rows_of_unit(&request.table)
        .map_or_else(|| Lines::at(units.start).rows_until(units.end), |rows| rows * (units.end - units.start))
}
