//! What a message says.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::TemplateId;
use super::private::Private;
use super::subject::Subject;
use crate::mail::html::to_text;

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
    /// For what came in, what is to be known about it beside what it says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<ContentFlag>,
}

/// What is to be known about a message that came in; the host has the raw message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "flag")]
#[non_exhaustive]
pub enum ContentFlag {
    /// Its HTML went through the cleaner, so that a desk can show it.
    HtmlCleaned {
        /// The names of the tags, attributes and style properties that were taken out; sixteen at most.
        removed: Vec<String>,
    },
    /// It shows images from elsewhere, which are kept back: loading one tells the sender that the mail was opened.
    RemoteImages {
        /// How many.
        count: u64,
    },
    /// It has parts with a Content-ID, kept among its attachments (R34).
    ContentIdParts {
        /// How many.
        count: u64,
    },
    /// Its body was longer than the set-up keeps, and is cut.
    BodyCut {
        /// How many bytes it had.
        bytes: u64,
    },
    /// It had more attachments than the set-up keeps, and the last ones are left out.
    AttachmentsLeftOut {
        /// How many.
        count: u64,
    },
    /// One of its attachments is not what the set-up allows; it is kept.
    Attachment {
        /// Which one, from 1.
        number: u64,
        /// What is wrong with it.
        problem: AttachmentProblem,
    },
}

/// What is wrong with an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AttachmentProblem {
    /// It is larger than the set-up allows.
    TooLarge,
    /// Its media type or its extension is forbidden, or its media type is none.
    TypeForbidden,
    /// Its name deceives or cannot be one; kept as far as a name goes.
    NameNotAcceptable,
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

    /// The text in plain words: for the text part of an e-mail, for a preview, for search.
    #[must_use]
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.expose()),
            Self::Html(html) => Cow::Owned(to_text(html.expose())),
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
