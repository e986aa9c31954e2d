//! Numbers as people read them.

/// A count, in groups of three digits.
pub(crate) fn thousands(count: impl TryInto<i64>) -> String {
    let count: i64 = count.try_into().unwrap_or(i64::MAX);
    let digits = count.unsigned_abs().to_string();
    let mut grouped = String::from(if count < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number as a few digits and a word.
pub(crate) fn roughly(number: f64) -> String {
    match number {
        n if n >= 1e12 => format!("{:.1} trillion", n / 1e12),
        n if n >= 1e9 => format!("{:.2} billion", n / 1e9),
        n if n >= 1e6 => format!("{:.1} million", n / 1e6),
        n if n >= 10.0 => thousands(whole(n)),
        n => format!("{n:.2}"),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only what has a name is larger")]
pub(crate) fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// Nanoseconds.
pub(crate) fn duration(nanos: f64) -> String {
    match nanos {
        n if n >= 1e9 => format!("{:.1} s", n / 1e9),
        n if n >= 1e7 => format!("{:.0} ms", n / 1e6),
        n if n >= 1e6 => format!("{:.1} ms", n / 1e6),
        n if n >= 1e5 => format!("{:.0} µs", n / 1e3),
        n if n >= 1e3 => format!("{:.1} µs", n / 1e3),
        n => format!("{n:.0} ns"),
    }
}

pub(crate) fn bytes(bytes: f64) -> String {
    match bytes {
        b if b >= 1e12 => format!("{:.1} TB", b / 1e12),
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b if b >= 1e6 => format!("{:.0} MB", b / 1e6),
        b if b >= 1e3 => format!("{:.1} kB", b / 1e3),
        b => format!("{b:.0} B"),
    }
}
