//! What an agent writes, before it becomes a message's content.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{MessageId, TemplateId};
use super::private::Private;

/// What an agent writes: typed, or taken from a template (R25).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// Plain text.
    Text(Private<String>),
    /// HTML, on e-mail; it shows its images as `<img src="inline:name">`.
    Html {
        /// The HTML.
        html: Private<String>,
        /// The images that it shows (R29).
        #[serde(default)]
        images: Vec<InlineImage>,
    },
    /// A template with values for its variables.
    Template {
        /// The template.
        template: TemplateId,
        /// The values by variable.
        #[serde(default)]
        values: BTreeMap<String, String>,
    },
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::Html { html, images } => f.debug_struct("Html").field("html", html).field("images", images).finish(),
            Self::Template { template, values } => {
                let names: Vec<&String> = values.keys().collect();
                f.debug_struct("Template").field("template", template).field("values_of", &names).finish()
            }
        }
    }
}

impl Wording {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Private::new(text.into()))
    }

    /// HTML without images.
    pub fn html(html: impl Into<String>) -> Self {
        Self::Html { html: Private::new(html.into()), images: Vec::new() }
    }

    /// A template with values.
    pub fn template<K: Into<String>, V: Into<String>>(
        template: TemplateId,
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self::Template { template, values }
    }
}

/// An image to be shown within an e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InlineImage {
    /// The name under which the HTML shows it.
    pub name: String,
    /// Its media type, such as `image/png`.
    pub media_type: String,
    /// Its bytes; in base64 where it is written down as text.
    #[serde(with = "super::base64_bytes")]
    pub bytes: Private<Vec<u8>>,
}

/// What an agent had seen of the customer's messages when writing (B11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Not told, and so not checked.
    #[default]
    NotTold,
    /// There was none to be seen.
    Nothing,
    /// This one, and all before it.
    UpTo(MessageId),
}
