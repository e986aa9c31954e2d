//! File names as strangers write them: what an operating system would run, and what deceives a reader.

/// The longest file name, in bytes, that file systems take.
pub const MAX_FILE_NAME_BYTES: usize = 255;

/// Why a file name is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FileNameError {
    /// Nothing but white space and dots.
    #[error("it is blank")]
    Blank,
    /// Longer than [`MAX_FILE_NAME_BYTES`].
    #[error("it is longer than {MAX_FILE_NAME_BYTES} bytes")]
    TooLong,
    /// A line break or another control character.
    #[error("it holds a control character")]
    Control,
    /// A character that turns the direction of writing, or one that is not seen: `fdp.exe` can be shown as `exe.pdf`.
    #[error("it holds a character that hides or turns others")]
    Deceptive,
    /// A separator of paths, or another character that no file name has.
    #[error("it holds a character that no file name has")]
    Separator,
    /// White space before it, or a dot or white space behind it, which some systems drop.
    #[error("it begins with white space, or ends with a dot or white space")]
    Edge,
    /// The name of a device, such as `CON`.
    #[error("it is the name of a device")]
    Device,
}

/// Whether a file name means the same to every reader and every system.
///
/// # Errors
/// [`FileNameError`] says what it is that deceives.
pub fn check_file_name(name: &str) -> Result<(), FileNameError> {
    let blank = |c: char| c.is_whitespace() || c == '.';
    let problem = if name.chars().all(blank) {
        FileNameError::Blank
    } else if name.len() > MAX_FILE_NAME_BYTES {
        FileNameError::TooLong
    } else if name.contains(char::is_control) {
        FileNameError::Control
    } else if name.contains(is_deceptive) {
        FileNameError::Deceptive
    } else if name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) {
        FileNameError::Separator
    } else if name.starts_with(char::is_whitespace) || name.ends_with(blank) {
        FileNameError::Edge
    } else if is_device(name) {
        FileNameError::Device
    } else {
        return Ok(());
    };
    Err(problem)
}

/// The extension by which a system would choose what opens a file: the last one, in lower case, without the dot.
///
/// What systems drop from a name, or readers do not see, is passed over: `invoice.pdf.EXE .` has `exe`.
#[must_use]
pub fn extension(name: &str) -> Option<String> {
    let stream = name.find("::").or_else(|| name.rfind(':').filter(|at| *at > 1));
    let name = name.get(..stream.unwrap_or(name.len())).unwrap_or(name);
    let seen = name.chars().filter(|c| !c.is_control() && !is_deceptive(*c));
    let seen: String =
        seen.map(|c| if matches!(c, '\u{2024}' | '\u{fe52}' | '\u{ff0e}' | '\u{3002}') { '.' } else { c }).collect();
    let (_, extension) = seen.trim_end_matches(|c: char| c.is_whitespace() || c == '.').rsplit_once('.')?;
    (!extension.is_empty()).then(|| extension.trim().to_lowercase())
}

/// Whether a character changes how others are read: marks of direction, and what takes no room.
///
/// The joiners stay out: names in Persian or Hindi need them. Fillers are letters that show nothing.
const fn is_deceptive(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{3164}'
            | '\u{ffa0}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is_number = |rest: &str| matches!(rest.as_bytes(), [b'1'..=b'9']) || ["¹", "²", "³"].contains(&rest);
    let numbered = |prefix: &str| {
        stem.split_at_checked(prefix.len())
            .is_some_and(|(begin, rest)| begin.eq_ignore_ascii_case(prefix) && is_number(rest))
    };
    ["con", "prn", "aux", "nul"].iter().any(|device| stem.eq_ignore_ascii_case(device))
        || numbered("com")
        || numbered("lpt")
}
