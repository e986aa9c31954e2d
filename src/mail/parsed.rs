//! A mail taken apart: what a MIME parser makes of it.

use std::fmt;

use super::headers::MailHeaders;

/// A mail taken apart, by `read_mail` (feature `mime`) or by a host's own parser; it prints without what is personal.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ParsedMail {
    /// Its headers.
    pub headers: MailHeaders,
    /// Its text; where it is in HTML only, the text of that.
    pub text: String,
    /// Its HTML, as it came: not sanitised.
    pub html: Option<String>,
    /// Its files, and what its HTML shows.
    pub attachments: Vec<MailAttachment>,
    /// The parts by which machines report: `message/*` and returned headers.
    pub report_parts: Vec<ReportPart>,
    /// Whether something was left out: too long, nested too deep, or no mail at all.
    pub is_cut: bool,
}

/// A file of a mail.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct MailAttachment {
    /// Its file name, where it has one.
    pub name: Option<String>,
    /// Its media type, in lower case.
    pub media_type: String,
    /// Its Content-ID without angle brackets, by which HTML shows it.
    pub content_id: Option<String>,
    /// Whether it is to be shown in the text rather than beside it.
    pub is_inline: bool,
    /// Its decoded bytes.
    pub bytes: Vec<u8>,
}

/// A part by which a machine reports.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ReportPart {
    /// Its media type, in lower case, such as `message/delivery-status`.
    pub media_type: String,
    /// The first of its decoded text.
    pub text: String,
}

impl fmt::Debug for ParsedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedMail")
            .field("headers", &self.headers)
            .field("attachments", &self.attachments)
            .field("report_parts", &self.report_parts)
            .field("is_cut", &self.is_cut)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MailAttachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailAttachment({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

impl fmt::Debug for ReportPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReportPart({}, {} bytes)", self.media_type, self.text.len())
    }
}
