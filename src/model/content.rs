//! What a message says.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::TemplateId;
use super::private::Private;
use super::subject::Subject;

/// What a message says: for what we sent, exactly what left, images rewritten to URLs (R32).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// The subject, on e-mail: the message's own, or for what we sent the one that its conversation goes under.
    pub subject: Option<Subject>,
    /// The text.
    pub body: Body,
    /// The template and version that it was made from (R25).
    pub template: Option<TemplateUse>,
    /// The inline images that the body shows, each under its URL (R31).
    pub images: Vec<HostedImage>,
    /// The attachments.
    pub attachments: Vec<Attachment>,
}

/// A text, plain or HTML.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Plain text.
    Text(Private<String>),
    /// HTML, on e-mail.
    Html(Private<String>),
}

impl Body {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Text(text) | Self::Html(text) => text.expose(),
        }
    }

    /// Whether it is HTML.
    #[must_use]
    pub const fn is_html(&self) -> bool {
        matches!(self, Self::Html(_))
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(Private::default())
    }
}

/// The template that a message was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateUse {
    /// The template.
    pub template: TemplateId,
    /// Its version then.
    pub version: u32,
}

/// An inline image that the host keeps under a URL (R31–R33).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostedImage {
    /// Its name in the message.
    pub name: Box<str>,
    /// Its media type, such as `image/png`.
    pub media_type: Box<str>,
    /// Where it is found.
    pub url: Box<str>,
    /// When the host may drop it: six calendar months after it was sent (R33).
    pub expires: DateTime<Utc>,
    /// Its bytes, to be hosted before the message is delivered.
    #[serde(with = "super::base64_bytes")]
    pub bytes: Private<Vec<u8>>,
}

/// A file that goes with a message; its bytes are the host's business.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attachment {
    /// Its file name.
    pub name: Private<String>,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where the host keeps it.
    pub location: Private<String>,
    /// Its Content-ID, where it is part of a multipart body (R34).
    #[serde(default)]
    pub content_id: Option<String>,
}
