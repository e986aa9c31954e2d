//! Mails out of files: an mbox of any make, or one mail a file.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

/// The file itself, or every file below a folder, in the order of their names.
pub(crate) fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut below: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    below.sort();
    // A link to a folder above would never end.
    below.retain(|path| !(path.is_symlink() && path.is_dir()));
    below.iter().flat_map(|path| files(path)).collect()
}

/// The mails of a file: it is an mbox where it begins by `From `, unless its name says that it is one mail.
pub(crate) fn mails<'a>(path: &Path, bytes: &'a [u8]) -> Vec<Cow<'a, [u8]>> {
    let is_one = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
    if is_one || !bytes.starts_with(b"From ") {
        return if bytes.is_empty() { Vec::new() } else { vec![Cow::Borrowed(bytes)] };
    }
    let mut mails = Vec::new();
    let (mut begin, mut at, mut after_blank) = (None, 0, true);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        let rest = bytes.get(next..).unwrap_or_default();
        if at == 0 || is_separator(line, after_blank, rest) {
            mails.extend(begin.and_then(|begin| bytes.get(begin..at)).map(unescaped));
            begin = Some(next);
        }
        after_blank = line.trim_ascii().is_empty();
        at = next;
    }
    mails.extend(begin.and_then(|begin| bytes.get(begin..)).map(unescaped));
    mails
}

/// Whether a line begins the next mail: `From someone <time>`, with a blank line before it or a header behind it.
fn is_separator(line: &[u8], after_blank: bool, rest: &[u8]) -> bool {
    let is_time =
        |window: &[u8]| matches!(window, [a, b, b':', c, d] if [a, b, c, d].into_iter().all(u8::is_ascii_digit));
    if !line.starts_with(b"From ") || !line.windows(5).any(is_time) {
        return false;
    }
    let next = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = next.split(|byte| *byte == b':').next().unwrap_or_default();
    let is_header = name.len() < next.len() && !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic());
    after_blank || is_header
}

/// A mail without the `>` that an mbox puts before its lines that begin by `From `.
fn unescaped(mail: &[u8]) -> Cow<'_, [u8]> {
    let is_escaped = |line: &[u8]| {
        let bare = line.iter().position(|byte| *byte != b'>').and_then(|at| line.get(at..)).unwrap_or_default();
        bare.len() < line.len() && bare.starts_with(b"From ")
    };
    let lines = || mail.split_inclusive(|byte| *byte == b'\n');
    if !lines().any(is_escaped) {
        return Cow::Borrowed(mail);
    }
    lines().flat_map(|line| if is_escaped(line) { line.get(1..).unwrap_or(line) } else { line }).copied().collect()
}
