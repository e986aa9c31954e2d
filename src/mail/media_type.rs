//! Media types: how they are written, and which one the bytes of an image have.

/// The longest media type, in bytes, with its parameters.
const MAX_BYTES: usize = 255;

/// The type itself, in lower case and without its parameters, of a media type as RFC 6838 writes it; none where it is none.
#[must_use]
pub fn essence(media_type: &str) -> Option<String> {
    let printable =
        media_type.len() <= MAX_BYTES && media_type.bytes().all(|b| b.is_ascii_graphic() || b == b' ' || b == b'\t');
    let (essence, _) = media_type.split_once(';').unwrap_or((media_type, ""));
    let (kind, subtype) = essence.trim().split_once('/')?;
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    (printable && is_name(kind) && is_name(subtype)).then(|| format!("{kind}/{subtype}").to_ascii_lowercase())
}

/// The media type of an image of one of the four kinds that every mail program shows, by its first bytes.
#[must_use]
pub fn image_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}
