//! Plain text for a person: headings, lines and tables.

use std::io::{Write, stdout};

use chrono::{DateTime, Utc};
use outbound::refusal::{Language, Refusal};

/// A reader who has seen enough (`| head`) is no error.
pub(crate) fn line(text: impl AsRef<str>) {
    let _ = writeln!(stdout(), "{}", text.as_ref().trim_end());
}

pub(crate) fn heading(text: &str) {
    line("");
    line(text);
    line("-".repeat(text.chars().count()));
}

/// Rows under a head, each column as wide as its widest cell.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) {
    let mut widths = head.map(|cell| cell.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let print = |cells: Vec<&str>| {
        let padded = cells.into_iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        line(padded.collect::<Vec<_>>().join("  "));
    };
    print(head.to_vec());
    for row in rows {
        print(row.iter().map(String::as_str).collect());
    }
}

/// A reason, with its code, its sentence and what would help.
pub(crate) fn reason(mark: &str, refusal: &Refusal) {
    line(format!("  {mark} {} ({}): {}", refusal.code(), refusal.rule(), refusal.says(Language::English)));
    line(format!("      {}", refusal.remedy(Language::English)));
}

pub(crate) fn minute(at: DateTime<Utc>) -> String {
    at.format("%a %d %b %H:%M").to_string()
}

/// The beginning of a text, in one line.
pub(crate) fn beginning(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
    if text.chars().count() > most {
        cut.push('…');
    }
    cut
}
