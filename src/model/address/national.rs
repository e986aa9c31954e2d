//! Phones whose number is written in two ways (B9).
//!
//! Only such countries are here in which both ways are met today and neither can be another phone's number:
//!
//! - Brazil put a 9 before its mobiles' eight digits. It did so for those that began with 6, 8 or 9; fixed lines begin
//!   with 2 to 5, and radio phones, which begin with 7, kept eight digits.
//! - Mexico had a 1 before the ten digits of mobiles until 2019, and some networks still send it.
//! - Argentina has a 9 before the ten digits of mobiles that are called from abroad, and none in text messages. Fixed lines
//!   and mobiles draw their ten digits from one plan.
//!
//! A country that gave its phones new numbers (Ivory Coast 2021, Benin 2024) is not: the old ones reach nobody, and may be given
//! out again.

/// The way of writing a number that its two ways are matched by: the one that the country's plan has today.
pub(super) fn matching(number: u64) -> u64 {
    brazil_with_nine(number)
        .or_else(|| mexico_without_one(number))
        .or_else(|| argentina_with_nine(number))
        .unwrap_or(number)
}

/// The other way of writing a number, where there are two.
pub(super) fn other(number: u64) -> Option<u64> {
    let matching = matching(number);
    if matching != number {
        return Some(matching);
    }
    brazil_without_nine(number).or_else(|| mexico_with_one(number)).or_else(|| argentina_without_nine(number))
}

fn brazil_with_nine(number: u64) -> Option<u64> {
    let (area, subscriber) = split(rest(number, 55, 10)?, 8);
    is_brazilian_mobile(area, subscriber).then(|| join(join(55, area * 10 + 9, 3), subscriber, 8))
}

fn brazil_without_nine(number: u64) -> Option<u64> {
    let (area_and_nine, subscriber) = split(rest(number, 55, 11)?, 8);
    let (area, nine) = split(area_and_nine, 1);
    (nine == 9 && is_brazilian_mobile(area, subscriber)).then(|| join(join(55, area, 2), subscriber, 8))
}

/// Whether eight digits were a mobile's in a Brazilian area.
const fn is_brazilian_mobile(area: u64, subscriber: u64) -> bool {
    let is_area = matches!(
        area,
        11..=19 | 21 | 22 | 24 | 27 | 28 | 31..=35 | 37 | 38 | 41..=49 | 51 | 53..=55 | 61..=69 | 71 | 73..=75 | 77 | 79 | 81..=89 | 91..=99
    );
    is_area && matches!(subscriber / 10_000_000, 6 | 8 | 9)
}

fn mexico_without_one(number: u64) -> Option<u64> {
    rest(number, 521, 10).filter(|ten| is_mexican(*ten)).map(|ten| join(52, ten, 10))
}

fn mexico_with_one(number: u64) -> Option<u64> {
    rest(number, 52, 10).filter(|ten| is_mexican(*ten)).map(|ten| join(521, ten, 10))
}

/// Area codes begin with 2 to 9.
const fn is_mexican(ten: u64) -> bool {
    ten / 1_000_000_000 >= 2
}

fn argentina_with_nine(number: u64) -> Option<u64> {
    rest(number, 54, 10).filter(|ten| is_argentine(*ten)).map(|ten| join(549, ten, 10))
}

fn argentina_without_nine(number: u64) -> Option<u64> {
    rest(number, 549, 10).filter(|ten| is_argentine(*ten)).map(|ten| join(54, ten, 10))
}

/// Area codes are 11, or begin with 2 or 3.
const fn is_argentine(ten: u64) -> bool {
    ten / 100_000_000 == 11 || matches!(ten / 1_000_000_000, 2 | 3)
}

/// The last `digits` digits of a number that has nothing but `prefix` before them.
fn rest(number: u64, prefix: u64, digits: u32) -> Option<u64> {
    let (before, rest) = split(number, digits);
    (before == prefix).then_some(rest)
}

/// A number before its last `digits` digits, and those.
const fn split(number: u64, digits: u32) -> (u64, u64) {
    let unit = 10u64.pow(digits);
    (number / unit, number % unit)
}

/// A number with `digits` more digits behind it.
const fn join(number: u64, rest: u64, digits: u32) -> u64 {
    number * 10u64.pow(digits) + rest
}
