//! Values of fixed width: an edge of the type half of the time, else any.

use arrow::datatypes::{DataType, TimeUnit, i256};

use super::draws::Draws;

const DAYS: [i128; 7] = [-719_162, 2_932_896, 0, -1, -141_428, -141_427, 11_016];
const DAYS_OF_YEARS_1_TO_9999: u64 = 3_652_059;
const FIRST_SECOND: i128 = -62_135_596_800;
const LAST_SECOND: i128 = 253_402_300_799;
const SECONDS_OF_YEARS_1_TO_9999: u64 = 315_537_897_600;
/// 2023-10-29 01:00 UTC, when clocks of Berlin go back.
const CLOCKS_GO_BACK: i128 = 1_698_541_200;

const HALVES: [u64; 16] = [
    0x0000, 0x8000, 0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x7e00, 0x7e01, 0xfe55, 0x7c01, 0x0001, 0x8001, 0x03ff, 0x0400,
    0x7bff, 0xfbff,
];
const SINGLES: [u64; 16] = [
    0x0000_0000,
    0x8000_0000,
    0x3f80_0000,
    0xbf80_0000,
    0x7f80_0000,
    0xff80_0000,
    0x7fc0_0000,
    0x7fc0_0001,
    0xffd5_5555,
    0x7f80_0001,
    0x0000_0001,
    0x8000_0001,
    0x007f_ffff,
    0x0080_0000,
    0x7f7f_ffff,
    0xff7f_ffff,
];
const DOUBLES: [u64; 16] = [
    0x0000_0000_0000_0000,
    0x8000_0000_0000_0000,
    0x3ff0_0000_0000_0000,
    0xbff0_0000_0000_0000,
    0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000,
    0x7ff8_0000_0000_0000,
    0x7ff8_0000_0000_0001,
    0xfffd_5555_5555_5555,
    0x7ff0_0000_0000_0001,
    0x0000_0000_0000_0001,
    0x8000_0000_0000_0001,
    0x000f_ffff_ffff_ffff,
    0x0010_0000_0000_0000,
    0x7fef_ffff_ffff_ffff,
    0xffef_ffff_ffff_ffff,
];

fn units_a_second(unit: &TimeUnit) -> u64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

fn signed(draws: &mut Draws, bits: u32) -> i128 {
    let (least, most) = (-1_i128 << (bits - 1), (1_i128 << (bits - 1)) - 1);
    draws.choice(&[least, most, 0, -1, 1]).unwrap_or_else(|| i128::from(draws.next()))
}

fn unsigned(draws: &mut Draws, bits: u32) -> i128 {
    let most = (1_i128 << bits) - 1;
    draws.choice(&[0, most, 1, most / 2, most / 2 + 1]).unwrap_or_else(|| i128::from(draws.next()))
}

fn float(draws: &mut Draws, edges: &[u64]) -> i128 {
    i128::from(draws.choice(edges).unwrap_or_else(|| draws.next()))
}

fn date(draws: &mut Draws) -> i128 {
    draws.choice(&DAYS).unwrap_or_else(|| i128::from(draws.below(DAYS_OF_YEARS_1_TO_9999)) + DAYS[0])
}

fn time(draws: &mut Draws, unit: &TimeUnit) -> i128 {
    let day = 86_400 * units_a_second(unit);
    i128::from(draws.choice(&[0, day - 1, day / 2, 1]).unwrap_or_else(|| draws.below(day)))
}

fn timestamp(draws: &mut Draws, unit: &TimeUnit) -> i128 {
    if *unit == TimeUnit::Nanosecond {
        // 64 bits of nanoseconds hold no year 1.
        const MOST: i128 = 9_000_000_000_000_000_000;
        return draws
            .choice(&[-MOST, MOST, 0, -1, 1, CLOCKS_GO_BACK * 1_000_000_000])
            .unwrap_or_else(|| i128::from(draws.below(2 * MOST as u64)) - MOST);
    }
    let units = units_a_second(unit);
    let scale = i128::from(units);
    draws
        .choice(&[FIRST_SECOND * scale, (LAST_SECOND + 1) * scale - 1, 0, -1, 1, CLOCKS_GO_BACK * scale])
        .unwrap_or_else(|| i128::from(draws.below(SECONDS_OF_YEARS_1_TO_9999 * units)) + FIRST_SECOND * scale)
}

fn months_days_or_milliseconds(draws: &mut Draws) -> i128 {
    draws.choice(&[0, 1, -1, i128::from(i32::MAX), i128::from(i32::MIN)]).unwrap_or_else(|| i128::from(draws.next()))
}

fn decimal128(draws: &mut Draws, precision: u8, scale: i8) -> i128 {
    let most = 10_i128.pow(u32::from(precision)) - 1;
    draws.choice(&[most, -most, 0, 1, -1, 10_i128.pow(scale as u32)]).unwrap_or_else(|| {
        let (digits, zeros) = (i128::from(draws.next()), draws.next());
        let magnitude = if precision <= 19 {
            digits % 10_i128.pow(u32::from(precision) - 1)
        } else {
            digits * 10_i128.pow((zeros % (u64::from(precision) - 20)) as u32)
        };
        if zeros >> 63 == 1 { -magnitude } else { magnitude }
    })
}

fn decimal256(draws: &mut Draws, precision: u8, scale: i8) -> i256 {
    let ten = |power: u32| i256::from_i128(10).wrapping_pow(power);
    let most = ten(u32::from(precision)).wrapping_sub(i256::ONE);
    let edges = [most, most.wrapping_neg(), i256::ZERO, i256::ONE, i256::MINUS_ONE, ten(scale as u32)];
    draws.choice(&edges).unwrap_or_else(|| {
        let [first, second] = [0; 2].map(|_| i256::from_i128(i128::from(draws.next())));
        let zeros = draws.next();
        let magnitude = first.wrapping_mul(second).wrapping_mul(ten((zeros % (u64::from(precision) - 39)) as u32));
        if zeros >> 63 == 1 { magnitude.wrapping_neg() } else { magnitude }
    })
}

/// Draws a value of a type of fixed width, and appends its `width` little-endian bytes.
pub(super) fn append(draws: &mut Draws, kind: &DataType, width: usize, bytes: &mut Vec<u8>) {
    let value = match kind {
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 | DataType::Duration(_) => {
            signed(draws, 8 * width as u32)
        }
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => unsigned(draws, 8 * width as u32),
        DataType::Float16 => float(draws, &HALVES),
        DataType::Float32 => float(draws, &SINGLES),
        DataType::Float64 => float(draws, &DOUBLES),
        DataType::Date32 => date(draws),
        DataType::Date64 => date(draws) * 86_400_000,
        DataType::Time32(unit) | DataType::Time64(unit) => time(draws, unit),
        DataType::Timestamp(unit, _) => timestamp(draws, unit),
        DataType::Decimal128(precision, scale) => decimal128(draws, *precision, *scale),
        DataType::Decimal256(precision, scale) => {
            bytes.extend_from_slice(&decimal256(draws, *precision, *scale).to_le_bytes());
            return;
        }
        DataType::Interval(_) => {
            for _ in 0..width / 4 {
                bytes.extend_from_slice(&months_days_or_milliseconds(draws).to_le_bytes()[..4]);
            }
            return;
        }
        other => unreachable!("{other} is not of fixed width"),
    };
    bytes.extend_from_slice(&value.to_le_bytes()[..width]);
}
