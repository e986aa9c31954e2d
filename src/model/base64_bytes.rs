//! Bytes are written down in base64 where the form is a text, so that an image takes a third more than its size, not four times.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serializer};

use super::private::Private;

pub(super) fn serialize<S: Serializer>(bytes: &Private<Vec<u8>>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&STANDARD.encode(bytes.expose()))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Private<Vec<u8>>, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
    let problem = |problem| serde::de::Error::custom(format_args!("bytes in base64: {problem}"));
    STANDARD.decode(text.as_bytes()).map(Private::new).map_err(problem)
}
